"""The verbs of the command line, in one table. What is also a command of the workday has its name."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huntertui.cli import items, storing, taking_in
from huntertui.cli.background import tended
from huntertui.cli.output import put, say
from huntertui.cli.session import Session
from huntertui.errors import Usage
from huntertui.themes import Theme, ThemeError, available, folders
from huntertui.themes import load as load_theme
from huntertui.tomlfile import read


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, a line of help, its own arguments, and what it does (returns the exit code)."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Session], int]


def workday(session: Session) -> int:
    """The full screen on the team's store."""
    theme = _theme(session)
    with session.desk() as desk, tended(session, desk.store):
        code = session.world.screen(desk, session.config, theme, False)
        left = sum(row.promise for row in desk.to_review()) if code == 0 else 0
        if left:
            say(f"promised for today and left: {left}; huntertui, then g e goes through them")
        return code


def demo(session: Session) -> int:
    """The full screen on a made-up day."""
    from huntertui.demo import desk as demo_desk

    desk = demo_desk(session.world.clock, session.policy)
    return session.world.screen(desk, session.config, _theme(session), True)


def keys(session: Session) -> int:
    """The keys of the workday, the person's own included, and what is wrong with those."""
    from huntertui.commands import check, text_table

    if problems := check(session.config.keys):
        document = read(session.paths.config)
        for name, _, message in (problem.partition(": ") for problem in problems):
            say(str(document.problem(message, "keys", name)))
    for line in text_table(session.config.keys).splitlines():
        put(line)
    return 0


def themes(session: Session) -> int:
    """The themes there are, the one in use marked, and what is wrong with others."""
    found, errors = available(folders(session.paths.themes))
    longest = max(map(len, found), default=0)
    for name, theme in found.items():
        put(f"{'*' if name == session.config.theme else ' '} {name:<{longest}}  {theme.source}")
    for error in errors:
        say(str(error))
    return 0


def paths(session: Session) -> int:
    """Where everything is."""
    places = session.paths
    for name, place in (
        ("store", session.config.store),
        ("config", places.config),
        ("themes", places.themes),
        ("state", places.state),
    ):
        put(f"{name:<7} {place}")
    return 0


def _theme(session: Session) -> Theme:
    """The theme asked for. A wrong one in a file is said and the default taken; a wrong flag is Usage."""
    places = folders(session.paths.themes)
    try:
        return load_theme(session.config.theme, places)
    except ThemeError as error:
        if getattr(session.args, "theme", None) is not None:
            raise Usage(f"--theme: {error}") from None
        say(f"{error}; going on with dark")
        return load_theme("dark", places[1:])


def _none(_: ArgumentParser) -> None:
    """No arguments of its own."""


VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("demo", "a made-up day to look around in; nothing is saved", _none, demo),
        Verb("import", "take in a file of leads or deals", taking_in.arguments, taking_in.take_in),
        Verb("list", "what is to do, in the order of the lanes", items.list_arguments, items.list_items),
        Verb("explain", "why one is red, or when it will be", items.explain_arguments, items.explain),
        Verb(
            "store",
            "look after the store: status, verify, checkpoint, backup, restore, repair",
            storing.arguments,
            storing.care,
        ),
        Verb("keys", "the keys of the workday", _none, keys),
        Verb("themes", "the themes, and what is wrong with any", _none, themes),
        Verb("paths", "where store, settings, themes and state are", _none, paths),
    )
}
