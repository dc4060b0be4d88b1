"""The options that stand before the verb or behind it."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser


def add_common(parser: ArgumentParser) -> None:
    """Let a parser take them; what is not given is left as it stands."""
    options = parser.add_argument_group("everywhere")
    options.add_argument(
        "--store", metavar="PATH", default=SUPPRESS, help="the team's store: a file, or postgresql://..."
    )
    options.add_argument(
        "--any-filesystem", action="store_true", default=SUPPRESS, help="even a store on NFS and the like"
    )
    options.add_argument("--config", metavar="FILE", default=SUPPRESS, help="your settings")
    options.add_argument("--theme", metavar="NAME", default=SUPPRESS, help="see huntertui themes")
    options.add_argument("--no-mouse", action="store_true", default=SUPPRESS, help="leave the mouse alone")
    options.add_argument("-y", "--yes", action="store_true", default=SUPPRESS, help="do not ask: go on")
    options.add_argument("--no-input", action="store_true", default=SUPPRESS, help="ask for nothing: fail")
    options.add_argument(
        "-q", "--quiet", action="store_true", default=SUPPRESS, help="say nothing but what goes wrong"
    )
    options.add_argument(
        "--as",
        dest="member",
        metavar="NAME",
        default=SUPPRESS,
        help="who you are, where that is for sshd to say",
    )


def add_forms(parser: ArgumentParser) -> None:
    """The two forms for scripts."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--plain", action="store_true", help="lines of words parted by tabs")
