"""Completion in the shell: a script made of the verbs and of all that they take."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePath

from huntertui.cli.doing import find_verb, names
from huntertui.cli.options import add_common
from huntertui.cli.output import put
from huntertui.cli.session import Session
from huntertui.cli.verbs import VERBS
from huntertui.commands.words import FAMILIES, SHORT, members
from huntertui.config import SETTINGS
from huntertui.desk.edits import FIELDS
from huntertui.errors import HunterError, Usage
from huntertui.exchange.exporting import FORMS
from huntertui.model.pipeline import Policy
from huntertui.themes import available, folders

SHELLS = ("bash", "zsh", "fish")

_FILES = ("file", "store", "config")
"""What takes a path, by the name of the argument."""

_OF_MEMBERS = ("assign", "away", "hand-over", "coach-rep")
"""The verbs whose words begin with a member."""

_PLAIN = re.compile(r"[\w.-]+").fullmatch
"""Words that mean nothing else to a shell: bash evaluates what it offers."""


def arguments(parser: ArgumentParser) -> None:
    """The arguments of completion."""
    parser.add_argument("shell", choices=SHELLS, nargs="?", help="by default the one that $SHELL names")


def completion(session: Session) -> int:
    """The script for a shell, with the team's stages and, as they are now, owners, views and themes."""
    shell = session.args.shell or PurePath(session.world.env.get("SHELL", "")).name
    if shell not in SHELLS:
        raise Usage(f"for which shell? huntertui completion {'|'.join(SHELLS)}")
    themes, _ = available(folders(session.paths.themes))
    owners, views = _in_store(session)
    values = {"theme": tuple(themes), "owner": ("me", "all", *owners), "view": views, "who": owners}
    for line in script(shell, session.policy, values).splitlines():
        put(line)
    return 0


def _in_store(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The owners and the views there are; none where there is no store, or one that is far away, as somebody
    may have a shell make the script with each start."""
    store, team = session.config.store, session.policy.team.names()
    if "://" in store or not Path(store).exists():
        return team, ()
    with suppress(HunterError), session.store() as opened:
        desk = session.desk_on(opened)
        names = dict.fromkeys((*team, *sorted(desk.book.owners())))
        return tuple(names), tuple(view.name for view in desk.views())
    return team, ()


def script(shell: str, policy: Policy, values: Mapping[str, tuple[str, ...]]) -> str:
    """The script. What it offers is known when it is made: it asks no store, and runs no program.

    `values`: what may stand for an argument of this name, of any verb; "who": for a member.
    """
    import shtab  # late: no other verb pays for it

    top = ArgumentParser("huntertui", description="The workday of a sales team in the terminal.")
    top.add_argument("--version", action="store_true", help="say which version this is")
    add_common(top)
    verbs = top.add_subparsers(metavar="VERB")
    parsers = {"": top}
    for name in (*VERBS, *FAMILIES, *SHORT, *names()):
        verb = VERBS.get(name) or find_verb(name)
        parsers[name] = verbs.add_parser(name, help=verb.help, description=verb.help)
        verb.arguments(parsers[name])
        add_common(parsers[name])
    for name, parser in parsers.items():
        offered = _offered(name, policy, values)
        for action in parser._actions:
            action.choices = action.choices or offered.get(action.dest)
            if action.dest in _FILES:
                vars(action)["complete"] = shtab.FILE
    text: str = shtab.complete(top, shell, root_prefix="huntertui")
    return text


def _offered(verb: str, policy: Policy, values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What may stand for an argument of a verb, where anything else is taken as well."""
    found = {"field": FIELDS, "key": SETTINGS, "format": tuple(FORMS)}
    found |= {name: words for name, words in values.items() if name != "who" and verb != "import"}
    named = {"views": "view", "themes": "theme"}
    if verb in named:
        found["name"] = values.get(named[verb], ())
    if verb in FAMILIES:
        found["kind"] = tuple(members(verb))
    if verb == "stage":
        found["words"] = tuple(stage.name for stage in policy.pipeline.stages)
    if verb in _OF_MEMBERS:
        found["words"] = values.get("who", ())
    return {dest: tuple(filter(_PLAIN, words)) for dest, words in found.items()}
