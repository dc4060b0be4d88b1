"""The verbs of the command line, in one table. What is also a command of the workday has its name."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huntertui.cli import items, reporting, storing, taking_in, teaming, theming
from huntertui.cli.background import tended
from huntertui.cli.output import put, say
from huntertui.cli.session import Session
from huntertui.cli.theming import theme_of
from huntertui.store import described
from huntertui.tomlfile import read


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, a line of help, its own arguments, and what it does (returns the exit code).

    `mixed`: options may stand among its words, and words that only begin with a dash are none.
    """

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Session], int]
    mixed: bool = False


def workday(session: Session) -> int:
    """The full screen on the team's store."""
    theme = theme_of(session)
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
    return session.world.screen(desk, session.config, theme_of(session), True)


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


def examine(session: Session) -> int:
    """All that the program stands on."""
    from huntertui.cli.doctor import doctor  # late: no other verb pays for it

    return doctor(session)


def paths(session: Session) -> int:
    """Where everything is."""
    places = session.paths
    for name, place in (
        ("store", described(session.config.store)),
        ("team", session.team.path or "none"),
        ("config", places.config),
        ("themes", places.themes),
        ("state", places.state),
    ):
        put(f"{name:<7} {place}")
    return 0


def _of_doctor(parser: ArgumentParser) -> None:
    """The arguments of doctor."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--keys", action="store_true", help="have keys pressed, and say what arrives")


def _none(_: ArgumentParser) -> None:
    """No arguments of its own."""


VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("demo", "a made-up day to look around in; nothing is saved", _none, demo),
        Verb("import", "take in a file of leads or deals", taking_in.arguments, taking_in.take_in),
        Verb("list", "what is to do, in the order of the lanes", items.list_arguments, items.list_items),
        Verb("brief", "one line for the login message", reporting.brief_arguments, reporting.brief),
        Verb(
            "stats",
            "what is to come in, by month and owner, and what the past says of it",
            reporting.report_arguments,
            reporting.stats,
        ),
        Verb("explain", "why one is red, or when it will be", items.explain_arguments, items.explain),
        Verb(
            "store",
            "look after the store: status, verify, checkpoint, backup, restore, repair",
            storing.arguments,
            storing.care,
        ),
        Verb(
            "team",
            "who is in the team; report: its scorecard; init: a file of its rules, check: its faults",
            teaming.arguments,
            teaming.team,
        ),
        Verb("doctor", "whether all is well, on one page for a report", _of_doctor, examine),
        Verb("keys", "the keys of the workday", _none, keys),
        Verb(
            "themes",
            "the themes, and what is wrong with any; check: whether they can be read",
            theming.arguments,
            theming.themes,
        ),
        Verb("paths", "where store, settings, themes and state are", _none, paths),
    )
}
