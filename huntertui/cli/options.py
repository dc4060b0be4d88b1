"""The options that stand before the verb or behind it."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from typing import NamedTuple


class Option(NamedTuple):
    """`metavar`: what follows it, "" when nothing does; `dest`: where it is kept, None for its own name."""

    flags: tuple[str, ...]
    metavar: str
    help: str
    dest: str | None = None


COMMON = (
    Option(("--store",), "PATH", "the team's store: a file, or postgresql://..."),
    Option(("--any-filesystem",), "", "even a store on NFS and the like"),
    Option(("--config",), "FILE", "your settings"),
    Option(("--theme",), "NAME", "see huntertui themes"),
    Option(("--no-mouse",), "", "leave the mouse alone"),
    Option(("-y", "--yes"), "", "do not ask: go on, and take what suggests itself"),
    Option(("--no-input",), "", "ask for nothing: fail"),
    Option(("-q", "--quiet"), "", "say nothing but what goes wrong"),
    Option(("--as",), "NAME", "who you are, where that is for sshd to say", "member"),
)


def add_common(parser: ArgumentParser) -> None:
    """Let a parser take them; what is not given is left as it stands."""
    options = parser.add_argument_group("everywhere")
    for one in COMMON:
        dest = one.dest or one.flags[-1].removeprefix("--").replace("-", "_")
        if one.metavar:
            options.add_argument(*one.flags, dest=dest, metavar=one.metavar, default=SUPPRESS, help=one.help)
        else:
            options.add_argument(*one.flags, dest=dest, action="store_true", default=SUPPRESS, help=one.help)


def add_forms(parser: ArgumentParser) -> None:
    """The two forms for scripts."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--plain", action="store_true", help="lines of words parted by tabs")
