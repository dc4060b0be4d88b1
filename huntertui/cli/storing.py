"""The verb that cares for the store: store status, verify, checkpoint, backup, restore, repair, copy."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli import copying, restoring
from huntertui.cli.options import add_common, add_forms
from huntertui.cli.output import put, put_data, say
from huntertui.cli.people import LATE, inform, tell
from huntertui.cli.session import Session
from huntertui.desk import Desk
from huntertui.errors import Damaged, NotFound
from huntertui.model.codec import instant_text
from huntertui.store import POSTGRES, described

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huntertui.store.status import Status
    from huntertui.store.store import Record

_NICE = 19


def arguments(parser: ArgumentParser) -> None:
    """What can be done, each with arguments of its own."""
    parts = parser.add_subparsers(metavar="WHAT", required=True)

    def part(name: str, does: str, run: Callable[[Session], int], *, changes: bool = False) -> ArgumentParser:
        one = parts.add_parser(name, help=does, description=does, allow_abbrev=False)
        one.set_defaults(run=run)
        add_forms(one)
        if changes:
            one.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")
        add_common(one)
        return one

    part("status", "how the store is, and who is at work on it", _status)
    part("verify", "read all of it, and name each fault: file, place, cure", _verify)
    one = part("checkpoint", "publish the present state, drop what is too old", _checkpoint, changes=True)
    one = part("backup", "write the present state to a file of its own", restoring.backup, changes=True)
    one.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a new file, or a folder")
    one = part(
        "restore", "bring a backup or a past state back, as one change", restoring.restore, changes=True
    )
    one.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a backup: any TinyDB JSON file")
    one.add_argument(
        "--at", metavar="TIME", help="as it was then: 2026-11-23T14:30, 14:30, yesterday 9:00, 2h ago"
    )
    one = part("copy", "copy a store, its history and its undo to where none is", copying.copy, changes=True)
    copying.arguments(one)
    part("repair", "make a damaged store whole; nothing is deleted", restoring.repair, changes=True)


def care(session: Session) -> int:
    """Do it."""
    code: int = session.args.run(session)
    return code


def _checkpoint(session: Session) -> int:
    from huntertui.store.checkpoint import checkpoint
    from huntertui.store.status import status

    args, path, clock = session.args, restoring.path_of(session), session.world.clock
    if args.dry_run:
        return _checkpoint_said(session, status(path))
    if not _in_foreground():
        os.nice(_NICE)
    anywhere = session.config.any_filesystem
    with session.progress("checkpoint") as progress:
        done = checkpoint(path, session.me, clock, any_filesystem=anywhere, progress=progress)
    if done and done.fresh:
        with session.store() as store:
            desk = Desk(store, session.policy, session.me, clock)
            desk.load()
            desk.keep_rows()
            desk.twins.keep()
    fresh = bool(done and done.fresh)
    if put_data(args, {"dry_run": False, "seq": done.seq if done else None, "published": fresh}):
        pass
    elif done is None:
        other = status(path).checkpointing
        inform(
            session, f"another checkpoint is at work: {other}" if other else f"{path}: nothing to publish yet"
        )
    elif fresh:
        inform(session, f"record {done.seq} published in {path}")
    else:
        inform(session, f"nothing to do: {path} shows record {done.seq} already")
    return 0


def _checkpoint_said(session: Session, found: Status) -> int:
    if found.problem:
        raise Damaged(found.problem)
    wanted = found.seq is not None and found.shows != found.seq
    if not put_data(session.args, {"dry_run": True, "seq": found.seq, "published": wanted}):
        said = f"record {found.seq} would be published in {found.path}" if wanted else "nothing to do"
        inform(session, said)
    return 0


def _verify(session: Session) -> int:
    from huntertui.store.status import status
    from huntertui.store.verify import stock_faults, verify

    path = restoring.path_of(session)
    if not status(path).begun and not path.exists():
        raise NotFound(f"{path}: there is no store yet")
    with session.progress("verify") as progress:
        found = verify(path, progress)
    faults = [*found.faults]
    if not any(fault.file == path for fault in faults):
        faults += stock_faults(path)
    keys = ("where", "what", "cure")
    told = [{"file": str(f.file)} | {key: getattr(f, key) for key in keys} for f in faults]
    if not put_data(session.args, {"path": str(path), "faults": told, "notes": list(found.notes)}):
        for fault in faults:
            tell(session, str(fault), LATE)
        for note in found.notes:
            inform(session, f"note: {note}")
        if not faults:
            inform(session, f"{path}: all of it can be read and agrees")
    return Damaged.exit_code if faults else 0


def _status(session: Session) -> int:
    from huntertui.store.status import status

    if session.config.store.startswith(POSTGRES):
        return _status_of_database(session)
    found = status(restoring.path_of(session))
    if not put_data(session.args, _as_data(found)):
        _put_status(found, session)
    return Damaged.exit_code if found.problem else 0


def _status_of_database(session: Session) -> int:
    """What the seam tells; the database's own programs tell the rest."""
    place, today = described(session.config.store), session.policy.calendar.day(session.world.clock())
    with session.store() as store:
        last, login = store.record(store.seq), store.login
        told = {"path": place, "seq": store.seq, "last": _record(last), "login": login or None}
        if put_data(session.args, told):
            return 0
        put(f"store       {place}")
        put(f"state       record {store.seq}" if store.seq else "state       there is no store yet")
        if last:
            when = session.policy.calendar.describe_instant(last.at, today)
            put(f"last        {when}, {last.by}: {last.label}")
        put(f"you         {f'{login}, by your login' if login else f'{session.me}, on your word'}")
    return 0


def _record(record: Record | None) -> dict[str, object] | None:
    if record is None:
        return None
    return {"seq": record.seq, "at": instant_text(record.at), "by": record.by, "label": record.label}


def _put_status(found: Status, session: Session) -> None:
    calendar, today = session.policy.calendar, session.policy.calendar.day(session.world.clock())

    def when(at: datetime) -> str:
        return calendar.describe_instant(at, today)

    put(f"store       {found.path}")
    if found.seq is not None and found.base is not None:
        put(f"state       record {found.seq}, {found.seq - found.base} of them after the newest base")
    elif not found.problem:
        put("state       there is no store yet" if not found.published else "state       a plain TinyDB file")
    if last := found.last:
        put(f"last        {when(last.at)}, {last.by}: {last.label}")
    if found.oldest:
        put(f"kept        from record {found.oldest.seq} on, {when(found.oldest.at)}: for undo and --at")
    put(f"published   {_published(found, when)}")
    put("size        " + ", ".join(f"{name} {_size(count)}" for name, count in found.sizes.items()))
    unknown = "(the system does not tell)"
    put(f"writing     {unknown if found.writing is None else found.writing or 'nobody'}")
    put(f"checkpoint  {unknown if found.checkpointing is None else found.checkpointing or 'none is running'}")
    put(f"at work     {unknown if found.at_work is None else found.at_work or 'nobody'}")
    for name in found.aside:
        put(f"put aside   {name}")
    if found.problem:
        say(found.problem)


def _published(found: Status, when: Callable[[datetime], str]) -> str:
    if found.published is None:
        return "not yet"
    if found.shows is None:
        what = "edited outside, not taken in" if found.begun else "not by huntertui"
    elif found.seq is None:
        what = f"shows record {found.shows}"
    elif behind := found.seq - found.shows:
        what = f"{behind} record{'s' * (behind > 1)} behind"
    else:
        what = "up to date"
    return f"{when(found.published)}, {what}"


def _as_data(found: Status) -> dict[str, object]:
    """The status as scripts read it."""
    return {
        "path": str(found.path),
        "problem": found.problem or None,
        "store_schema": found.schema,
        "seq": found.seq,
        "base": found.base,
        "since_base": None if found.seq is None or found.base is None else found.seq - found.base,
        "last": _record(found.last),
        "oldest": _record(found.oldest),
        "published": instant_text(found.published) if found.published else None,
        "shows": found.shows,
        "put_aside": list(found.aside),
        "bytes": found.sizes,
        "writing": found.writing,
        "checkpointing": found.checkpointing,
        "at_work": found.at_work,
    }


def _size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"


def _in_foreground() -> bool:
    """Whether somebody sits before it and waits."""
    try:
        return sys.stderr.isatty() and os.tcgetpgrp(sys.stderr.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
