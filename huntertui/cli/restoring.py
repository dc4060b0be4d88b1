"""Parts of the verb store that write data: backup, restore, repair."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from huntertui.cli.background import checkpoint_if_due
from huntertui.cli.output import put_data, say
from huntertui.cli.people import LATE, inform, tell
from huntertui.cli.session import Session
from huntertui.cli.streams import STREAM, as_file, ask, tidied
from huntertui.errors import NotFound, Usage
from huntertui.store import described
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from huntertui.store.restore import Count, Target

_AGO = {"min": "minutes", "minutes": "minutes", "m": "minutes", "h": "hours", "hours": "hours"}
_AGO |= {"d": "days", "days": "days"}


def backup(session: Session) -> int:
    """Write the present state to a new file."""
    from huntertui.store.restore import backup

    args = session.args
    with _opened(session) as store:
        day = session.policy.calendar.day(session.world.clock())
        name = f"huntertui-backup-{day:%Y%m%d}-{store.seq}.json"
        if args.file == STREAM:
            return _give_out(session, store, name)
        file = session.file(args.file or Path(name), "exports")
        file = file / name if file.is_dir() else file
        if args.dry_run:
            seq = store.seq
        else:
            with session.progress("backup") as progress:
                seq = backup(store, file, progress=progress)
    if not put_data(args, {"dry_run": args.dry_run, "seq": seq, "file": str(file)}):
        inform(session, f"record {seq} {'would be' if args.dry_run else 'is'} in {file}")
    return 0


def _give_out(session: Session, store: SharedStore, name: str) -> int:
    """Write the present state to stdout, once all of it is there."""
    from shutil import copyfileobj  # late, as they cost every verb that writes data
    from tempfile import TemporaryDirectory

    from huntertui.store.restore import backup

    args = session.args
    if args.json or args.plain or args.dry_run or sys.stdout.isatty():
        raise Usage("backup - gives out the backup alone, into a pipe or a file")
    with tidied(), TemporaryDirectory(prefix="huntertui-") as folder:
        file = Path(folder) / name
        with session.progress("backup") as progress:
            backup(store, file, progress=progress)
        with file.open("rb") as made:
            copyfileobj(made, sys.stdout.buffer)
    return 0


def restore(session: Session) -> int:
    """Bring a state back, after it was said what that means."""
    from huntertui.store.restore import differences
    from huntertui.store.restore import restore as bring_back

    args = session.args
    if (args.file is None) == (args.at is None):
        raise Usage("restore takes either the FILE of a backup or --at TIME; see huntertui store restore -h")
    with _opened(session, new=args.at is None) as store:
        target = _target(session, store)
        for_people = not (args.json or args.plain)
        tables = store.journal.snapshot.tables
        with session.progress("compare") as progress:
            counts = differences(store, tables(), target, progress)
        if for_people:
            for table, count in counts.items():
                inform(session, f"{table}: {_words(count)}")
        if counts and not args.dry_run:
            _ask(session, target)
            kept = _keep(session, store)
            with session.progress("restore") as progress:
                done = store.transact(lambda tx: bring_back(tx, tables(), target, progress), session.me)
            checkpoint_if_due(session, store)
            counts = done.result
            bulk = done.record is not None and done.record.bulk
            if for_people:
                undo = "" if bulk else "; it can be undone"
                before = f"; the state before is in {kept}" if kept else ""
                inform(session, f"restored: {target.name}{undo}{before}")
        elif not counts and for_people:
            inform(session, f"nothing to restore: the store is the same as {target.name}")
        told = {table: asdict(count) for table, count in counts.items()}
        put_data(args, {"dry_run": args.dry_run, "from": target.name, "seq": store.seq, "tables": told})
    return 0


def repair(session: Session) -> int:
    """Make a damaged store whole."""
    from huntertui.store.repair import repair
    from huntertui.store.status import status

    args, path = session.args, path_of(session)
    with session.progress("repair") as progress:
        done = repair(path, session.me, session.world.clock, dry_run=args.dry_run, progress=progress)
    told = {"dry_run": args.dry_run, "path": str(path), "done": list(done.done), "lost": list(done.lost)}
    if put_data(args, told):
        return 0
    for line in done.done:
        inform(session, f"{'would be ' if args.dry_run else ''}done: {line}")
    for line in done.lost:
        tell(session, f"lost: {line}", LATE)
    if not done.done:
        inform(session, "nothing to repair")
    elif not args.dry_run and (others := status(path).at_work):
        tell(session, f"{others} at work meanwhile: let them start huntertui anew")
    return 0


def path_of(session: Session) -> Path:
    """The published file of the store; Usage when it is in no file."""
    store = session.config.store
    if not store or "\0" in store or "://" in store or store == "memory:":
        raise Usage(f"{described(store)!r} is no store in a file: give its path with --store")
    return Path(store)


def _opened(session: Session, *, new: bool = False) -> SharedStore:
    """The store, to be closed; `new`: also where there is none yet, else NotFound."""
    path = path_of(session)
    store = SharedStore(path, session.me, session.world.clock, any_filesystem=session.config.any_filesystem)
    if not store.journal.begun and not new:
        store.close()
        raise NotFound(f"{path}: there is no store yet")
    return store


def _target(session: Session, store: SharedStore) -> Target:
    from huntertui.store.past import state_at
    from huntertui.store.restore import as_target, read_backup

    if session.args.file is not None:
        with as_file(session, session.args.file, "imports") as file:
            return read_backup(file)
    at = moment(session.args.at, session.world.clock(), session.config.zone)
    past = state_at(store.journal, at)
    for seq in past.lost:
        say(f"record {seq} is lost, and so not in that state")
    return as_target(
        f"the state of {at.astimezone(ZoneInfo(session.config.zone)):%Y-%m-%d %H:%M:%S}", past.state
    )


def _keep(session: Session, store: SharedStore) -> Path | None:
    """A backup of the state before, in the store's folder; None when there was no store."""
    from huntertui.store.restore import backup

    if not store.journal.begun:
        return None
    file = store.journal.folder / f"pre-restore-{store.seq}.json"
    if not file.exists():
        with session.progress("backup") as progress:
            backup(store, file, private=False, progress=progress)
    return file


def _ask(session: Session, target: Target) -> None:
    """Ask for a yes; Usage without one."""
    if session.yes:
        return
    if not session.interactive:
        raise Usage("nobody is there to be asked: look at it with --dry-run, then give --yes")
    if ask(f"Restore {target.name} for everybody? [y/N] ").lower() not in ("y", "yes"):
        raise Usage("nothing was restored")


def _words(count: Count) -> str:
    parts = ((count.inserted, "come back"), (count.changed, "changed"), (count.deleted, "deleted"))
    return ", ".join(f"{n} {word}" for n, word in parts if n)


def moment(text: str, now: datetime, zone: str) -> datetime:
    """A moment gone by: ISO 8601 (without an offset: in `zone`; a day: its end), 14:30, yesterday 9:00,
    2h ago. Usage otherwise."""
    here, words = now.astimezone(ZoneInfo(zone)), " ".join(text.lower().split())
    found: datetime | None = None
    if ago := re.fullmatch(r"(\d{1,6}) ?(min|minutes|m|h|hours|d|days) ago", words):
        with suppress(OverflowError):
            found = now - timedelta(**{_AGO[ago[2]]: int(ago[1])})
    elif clock := re.fullmatch(r"(yesterday|today)? ?(\d{1,2}):(\d\d)", words):
        day = here.date() - timedelta(days=clock[1] == "yesterday")
        with suppress(ValueError):
            found = datetime.combine(day, time(int(clock[2]), int(clock[3])), here.tzinfo)
    else:
        with suppress(ValueError):
            found = _iso(text.strip(), here)
    if found is None:
        raise Usage(f"--at {text!r} is no time: try 2026-11-23T14:30, 14:30, yesterday 9:00, 2h ago")
    if found > now:
        raise Usage(f"--at {text!r} is still to come")
    return found.astimezone(UTC)


def _iso(text: str, here: datetime) -> datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        end = datetime.combine(date.fromisoformat(text), time.max, here.tzinfo)
        return here if end.date() == here.date() else end
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=here.tzinfo)
