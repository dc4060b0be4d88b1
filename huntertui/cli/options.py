"""The options that stand before the verb or behind it."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser

from huntertui.cli.people import WHEN
from huntertui.errors import Usage

Option = tuple[tuple[str, ...], str, str]
"""(its flags, what follows it: "" when nothing does, its help)."""

COMMON: tuple[Option, ...] = (
    (("--store",), "PATH", "the team's store: a file, or postgresql://..."),
    (("--any-filesystem",), "", "even a store on NFS and the like"),
    (("--config",), "FILE", "your settings"),
    (("--theme",), "NAME", "see huntertui themes"),
    (("--no-mouse",), "", "leave the mouse alone"),
    (("-y", "--yes"), "", "do not ask: go on, and take what suggests itself"),
    (("--no-input",), "", "ask for nothing: fail"),
    (("-q", "--quiet"), "", "say nothing but what goes wrong"),
    (("-v", "--verbose"), "", "say also as whom, on which store, and by which files"),
    (("--color",), "WHEN", "auto (at a terminal), always or never"),
    (("--as",), "NAME", "who you are, where that is for sshd to say"),
)

_PLACES = {"--as": "member"}
"""Where an option is kept whose own name Python does not take."""

_CHOICES = {"--color": WHEN}
"""What alone may follow an option."""


def add_common(parser: ArgumentParser) -> None:
    """Let a parser take them; what is not given is left as it stands."""
    options = parser.add_argument_group("everywhere")
    for flags, metavar, says in COMMON:
        name = flags[-1]
        dest = _PLACES.get(name) or name.removeprefix("--").replace("-", "_")
        if metavar:
            choices = _CHOICES.get(name)
            options.add_argument(
                *flags, dest=dest, metavar=metavar, choices=choices, default=SUPPRESS, help=says
            )
        else:
            options.add_argument(*flags, dest=dest, action="store_true", default=SUPPRESS, help=says)


def add_forms(parser: ArgumentParser) -> None:
    """The two forms for scripts."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--plain", action="store_true", help="lines of words parted by tabs")


def pair(
    text: str, option: str = "--owner", form: str = "THEIRS=ours", *, bare: bool = False
) -> tuple[str, str]:
    """The two sides of what an option says; `bare`: nothing may stand behind the sign. Usage."""
    theirs, equals, ours = text.rpartition("=")
    if not equals or not theirs.strip() or not (ours.strip() or bare):
        raise Usage(f"{option} {text!r}: write it as {form}")
    return theirs.strip(), ours.strip()
