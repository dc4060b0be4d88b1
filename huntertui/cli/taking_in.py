"""The verb that takes in files: import."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.background import tended
from huntertui.cli.foretelling import as_data, foretold, summed_up, told
from huntertui.cli.output import put, put_json, say
from huntertui.cli.progress import Progress
from huntertui.cli.session import Session
from huntertui.errors import HunterError, Usage

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.exchange import Imported, Plan, Reading
    from huntertui.store import Store

_TOLD = 20  # faulty rows that are named one by one


def arguments(parser: ArgumentParser) -> None:
    """The arguments of import."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="a table with a line of headers; companies, people, deals and activities in any order",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say how it is read and what would come, and write nothing"
    )
    parser.add_argument(
        "--owner",
        metavar="THEIRS=ours",
        action="append",
        default=[],
        help="whose an owner in the file is here; may be given several times",
    )
    parser.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="which number is the day in dates such as 3/4/2026, where the file leaves it open",
    )
    parser.add_argument(
        "--rejects",
        metavar="PATH",
        type=Path,
        help="where the rows go that cannot be read (beside the file: FILE.rejects.csv)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def take_in(session: Session) -> int:
    """Take in files in one step; rows that cannot be read are named, put into a file, and left out."""
    paths = [session.file(file, "imports") for file in session.args.file]
    with session.store() as store, tended(session, store):
        return _take_in(session.known_to(store), store, paths)


def _take_in(session: Session, store: Store, paths: Sequence[Path]) -> int:
    from huntertui.exchange import plan, write

    args, me, now = session.args, session.me, session.world.clock()
    readings = [reading for path in paths for reading in _read(session, path, now)]
    if args.rejects and len(readings) > 1:
        raise Usage("--rejects names one file: import the files that have faults one by one, or leave it out")
    load: list[str] = []
    with Progress("reading") as progress:
        planned = plan(store, readings, me, now, progress)
    done = planned.done
    rejects = _rejects(session, readings, done)
    _say(planned)
    if not args.dry_run and _agreed(session, readings, planned):
        with Progress("writing") as progress:
            done = write(store, planned, readings, me, now, progress)
        load = _too_much(session, store, done) if done.import_id and done.open > done.triage else []
    _report(session, readings, planned, done)
    if not args.dry_run:
        _put_aside(rejects, readings, done)
    for words in load:
        say(words)
    if done.import_id and done.triage:
        say("huntertui, then g i decides on what is to triage, many at a time")
    return 1 if done.rejected == done.rows else 0


def _read(session: Session, file: Path, now: datetime) -> tuple[Reading, ...]:
    """Read a file; the one who runs it is asked for the order of its dates where only he can know it."""
    from huntertui.exchange import OpenDates, Order, read

    args, order = session.args, Order(session.args.dates) if session.args.dates else None
    owners = dict(map(_pair, args.owner))
    try:
        return read(file, session.policy, session.me, now, owners, order)
    except OpenDates as open_dates:
        if not session.interactive:
            raise
        say(str(open_dates))
    answer = {"d": Order.DAY_FIRST, "m": Order.MONTH_FIRST}.get(_asked("Day first or month first? [d/m] "))
    if answer is None:
        raise Usage("nothing was imported: it takes the order of the dates")
    return read(file, session.policy, session.me, now, owners, answer)


def _asked(question: str) -> str:
    """The first letter of an answer."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower()[:1]


def _agreed(session: Session, readings: Sequence[Reading], planned: Plan) -> bool:
    """Show what would come, and ask; True where nobody is there to be asked. Usage: it is not wanted."""
    if session.yes or not session.interactive:
        return True
    for line in foretold(readings, planned, session.me):
        put(line)
    put(summed_up(planned.done, readings, dry=True))
    if _asked("Import this? [Y/n] ") in ("", "y"):
        return True
    raise Usage("nothing was imported")


def _rejects(session: Session, readings: Sequence[Reading], done: Imported) -> list[Path | None]:
    """Where the rows of each table go that are rejected, None without any. NotAllowed, ExportFault: something
    else is there; nothing is written then."""
    from huntertui.exchange import check_place, place_of

    given = session.args.rejects
    places: list[Path | None] = []
    for reading, (_, errors) in zip(readings, done.errors, strict=True):
        place = session.file(given, "imports") if given else place_of(reading.path, reading.table.sheet.table)
        if errors and not session.args.dry_run:
            check_place(place)
        places.append(place if errors else None)
    return places


def _put_aside(places: Sequence[Path | None], readings: Sequence[Reading], done: Imported) -> None:
    """Write the rejected rows to their places."""
    from huntertui.exchange import write_rejects

    for place, reading, (_, errors) in zip(places, readings, done.errors, strict=True):
        if place is None:
            continue
        try:
            write_rejects(place, reading.table, errors)
        except HunterError as fault:  # the import is done: this must not look as if it were not
            say(str(fault))
        else:
            say(f"the rejected rows, with the reasons, are in {place}: put them right and import that")


def _too_much(session: Session, store: Store, done: Imported) -> list[str]:
    """Who has more prospects by it than he can carry, with the numbers."""
    desk = session.desk_on(store)
    return [words for owner in sorted(done.owners) if (words := desk.too_much(owner))]


def _say(planned: Plan) -> None:
    """What is wrong, row by row, and what was assumed."""
    faults = [f"{file}, {error}" for file, errors in planned.done.errors for error in errors[:_TOLD]]
    for words in faults[:_TOLD]:
        say(words)
    if planned.done.rejected > _TOLD:
        say(f"and {planned.done.rejected - _TOLD} more rows like these")
    for _, notice in planned.notices:
        say(notice)


def _report(session: Session, readings: Sequence[Reading], planned: Plan, done: Imported) -> None:
    args = session.args
    if args.json:
        put_json(as_data(readings, planned, done) | {"dry_run": args.dry_run})
        return
    if args.dry_run:
        for line in foretold(readings, planned, session.me):
            put(line)
    elif not session.interactive:
        for line in told(planned, session.me):
            put(line)
    put(summed_up(done, readings, dry=args.dry_run))


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.rpartition("=")
    if not equals or not theirs.strip() or not ours.strip():
        raise Usage(f"--owner {text!r}: write it as THEIRS=ours")
    return theirs.strip(), ours.strip()
