"""What the program goes by: the keys, and the places of its files."""

from __future__ import annotations

from argparse import ArgumentParser

from huntertui.cli.options import add_forms
from huntertui.cli.output import put_json, put_plain, say
from huntertui.cli.people import HEAD, tell
from huntertui.cli.session import Session
from huntertui.commands import GROUPS, check, listed, text_table
from huntertui.tomlfile import read


def arguments(parser: ArgumentParser) -> None:
    """The arguments of both."""
    add_forms(parser)


def keys(session: Session) -> int:
    """The keys of the workday, the person's own included, and what is wrong with those."""
    bound = session.config.keys
    if problems := check(bound):
        document = read(session.paths.config)
        for name, _, message in (problem.partition(": ") for problem in problems):
            say(str(document.problem(message, "keys", name)))
    rows = [(group, command, keys) for group in GROUPS for command, keys in listed(group, bound)]
    if session.args.json:
        put_json(
            {
                "commands": [
                    {"name": one.name, "group": group, "keys": keys, "help": one.help, "changes": one.changes}
                    for group, one, keys in rows
                ]
            }
        )
    elif session.args.plain:
        put_plain([[one.name, group, ", ".join(keys), one.help] for group, one, keys in rows])
    else:
        for line in text_table(bound).splitlines():
            tell(session, line, "" if line.startswith(" ") else HEAD)
    return 0


def paths(session: Session) -> int:
    """Where everything is."""
    found = session.places()
    if session.args.json:
        put_json({"paths": found | ({"team": None} if session.team.path is None else {})})
    elif session.args.plain:
        put_plain([*map(list, found.items())])
    else:
        for name, place in found.items():
            tell(session, f"{name:<7} {place}")
    return 0
