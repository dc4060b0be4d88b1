"""The verb of the team's policy: who is in it, a file to begin with, and what is wrong with the file."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from huntertui.cli.output import put, put_data, put_json, say
from huntertui.cli.people import LATE, inform, tell
from huntertui.cli.reporting import put_table, report, report_arguments
from huntertui.cli.session import Session
from huntertui.cli.streams import STREAM, as_file
from huntertui.errors import NotAllowed, NotFound, Usage
from huntertui.model.team import Member
from huntertui.teamfile import TeamFile


def arguments(parser: ArgumentParser) -> None:
    """The arguments of team."""
    parser.add_argument("what", choices=(*_DO,), nargs="?", default="show", help="show by default")
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="another file of the policy")
    report_arguments(parser)


def team(session: Session) -> int:
    """Do what is asked for."""
    return _DO[session.args.what](session)


def _show(session: Session) -> int:
    """The members: role, abilities, who covers."""
    found, today = session.policy.team, session.policy.calendar.day(session.world.clock())
    if session.args.json:
        put_json({"file": _shown(session.team), "members": [_plain(member) for member in found.members]})
        return 0
    if session.args.csv or session.args.plain:
        heads = ["name", "role", "abilities", "cover", "left"]
        rows = [
            [
                m.name,
                m.role.value,
                " ".join(sorted(m.abilities)),
                m.cover,
                m.left.isoformat() if m.left else "",
            ]
            for m in found.members
        ]
        put_table(session, heads, rows)
        return 0
    if not found.members:
        named = "the team file names no members" if session.team.there else "there is no team file"
        hint = "" if session.team.there else "; huntertui team init makes one"
        tell(session, f"{named}: all are members, and decide like leads{hint}")
    for member in found.members:
        parts = [member.role.value, ", ".join(sorted(member.abilities))]
        parts.append(f"covered by {member.cover}" if member.cover else "")
        parts.append("" if found.has(member.name, today) else f"left on {member.left}")
        tell(session, f"{member.name:<12} {' · '.join(filter(None, parts))}")
    return 0


def _init(session: Session) -> int:
    """Write a file to begin with; what is there already stays."""
    from huntertui.teamtemplate import template

    streamed = session.args.file == STREAM
    path = None if streamed else _named(session) or session.site.team_file(session.config.store)
    if path is None and not streamed:
        raise Usage("name the file: huntertui team init FILE")
    owners = set[str]()
    if Path(session.config.store).exists():
        with session.desk() as desk:
            owners = desk.book.owners()
    text = template(session.policy, session.me, sorted(owners - {session.me}))
    if path is None:
        for line in text.splitlines():
            put(line)
        return 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    except FileExistsError:
        raise NotAllowed(f"{path} is there already: edit it, then huntertui team check") from None
    except FileNotFoundError:
        raise NotFound(f"{path}: there is no such folder") from None
    except OSError as error:
        raise NotAllowed(f"{path}: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    inform(session, f"wrote {path}: edit it, then huntertui team check")
    return 0


def _check(session: Session) -> int:
    """Name what is wrong, 1 when something is."""
    given = session.args.file
    with ExitStack() as held:
        path = None if given is None else held.enter_context(as_file(session, given, "imports"))
        file = session.team if path is None else TeamFile(path, session.policy)
    if not file.there:
        raise NotFound(f"there is no {file.path}: huntertui team init makes one")
    name = "-" if given == STREAM else str(file.path)
    problems = [replace(problem, file="-") if given == STREAM else problem for problem in file.problems]
    wrong = [{"file": p.file, "line": p.line, "key": p.key, "message": p.message} for p in problems]
    if not put_data(session.args, {"file": name, "problems": wrong}):
        for problem in problems:
            tell(session, str(problem), LATE)
        if not problems:
            policy = file.policy
            members, stages = len(policy.team.members), len(policy.pipeline.stages)
            inform(session, f"{name}: {members} members, {stages} stages, all right")
            if given is None and file.trouble:
                say(f"roles are advisory: {file.trouble}")
    return 1 if problems else 0


def _named(session: Session) -> Path | None:
    given: Path | None = session.args.file
    return None if given is None else session.file(given, "imports")


def _shown(file: TeamFile) -> str:
    return str(file.path) if file.there else ""


def _plain(member: Member) -> dict[str, object]:
    left = member.left.isoformat() if member.left else None
    abilities = sorted(member.abilities)
    return {
        "name": member.name, "role": member.role.value, "abilities": abilities, "cover": member.cover,
        "left": left,
    }  # fmt: skip


_DO: Mapping[str, Callable[[Session], int]] = {
    "show": _show,
    "init": _init,
    "check": _check,
    "report": report,
}
