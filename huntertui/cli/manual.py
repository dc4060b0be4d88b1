"""The manual page, made of the same tables as the help: `huntertui man | man -l -`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import starmap

from huntertui import __version__
from huntertui.cli.doing import listed
from huntertui.cli.examples import example
from huntertui.cli.help import EXAMPLES, EXIT_CODES, WHO_MEANS, options
from huntertui.cli.session import Session
from huntertui.cli.verbs import VERBS

_TEXT = """\
huntertui is the full-screen, keyboard-driven workday of a sales team: who to prospect, whom to follow up,
what to close. What is owed to a customer and has not been done is red, says why, and is one or two keys
from being done. Without a verb it opens the workday; with one it does what a key does, or tells how things
stand, and ends."""

_FILES = (
    ("$XDG_CONFIG_HOME/huntertui/config.toml", "your settings; themes of your own are in themes/ beside it"),
    ("$XDG_DATA_HOME/huntertui/store.json", "the store, where no other is set"),
    ("$XDG_STATE_HOME/huntertui/", "drafts and crash reports"),
    ("/etc/huntertui/config.toml", "what the administrator has fixed for everybody, and defaults"),
    ("/etc/huntertui/team.toml", "the team's rules, members and targets"),
)
_VARIABLES = (
    ("HUNTERTUI_CONFIG", "another file of settings"),
    ("HUNTERTUI_STORE, HUNTERTUI_THEME, HUNTERTUI_ZONE", "settings; options come before them, files behind"),
    ("NO_COLOR, CLICOLOR=0", "no colours"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "colours also where there is no terminal"),
    ("ESCDELAY", "milliseconds in which the parts of a key come; 250 over SSH by default"),
)  # fmt: skip


def arguments(_: ArgumentParser) -> None:
    """None of its own."""


def manual(_: Session) -> int:
    """Print it as roff."""
    print("\n".join(page()))
    return 0


def page() -> Iterator[str]:
    """The lines of the page, in the man macros."""
    yield f'.TH HUNTERTUI 1 "" "huntertui {__version__}" "User Commands"'
    yield from (".SH NAME", r"huntertui \- the workday of a sales team in the terminal")
    yield from (".SH SYNOPSIS", ".B huntertui", r"[\fIOPTION\fR ...] [\fIVERB\fR [\fIARGUMENT\fR ...]]")
    yield from (".SH DESCRIPTION", *map(_plain, _TEXT.splitlines()))
    yield from _list("VERBS", map(_shown, VERBS, (verb.help for verb in VERBS.values())))
    yield from (".P", "Each has its own", ".BR \\-h .")
    yield from _list("VERBS THAT CHANGE RECORDS", starmap(_shown, listed()))
    yield from _list("WHO IS MEANT", WHO_MEANS)
    yield from _list("OPTIONS", options())
    yield from _list("EXIT STATUS", EXIT_CODES)
    yield from _list("FILES", _FILES)
    yield from _list("ENVIRONMENT", _VARIABLES)
    yield from (".SH EXAMPLES", ".EX", *map(_plain, EXAMPLES.splitlines()), ".EE")


def _shown(names: str, says: str) -> tuple[str, ...]:
    """A verb, its shorter name behind it, with what it does and an example."""
    return names, says, example(names.partition(",")[0])


def _list(title: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f".SH {title}"
    for term, says, *examples in rows:
        yield from (".TP", f".B {_plain(term)}", _plain(says))
        for line in examples:
            yield from (".br", f".I {_plain(line)}")


def _plain(text: str) -> str:
    """A line in which roff sees no command of its own."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
