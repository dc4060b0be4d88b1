"""The verb that takes in files: import."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

from huntertui.cli.background import tended
from huntertui.cli.columns import ask_for_columns
from huntertui.cli.foretelling import as_data, foretold, summed_up, told
from huntertui.cli.options import add_forms, pair
from huntertui.cli.output import put, put_data, say
from huntertui.cli.people import inform
from huntertui.cli.session import Session
from huntertui.cli.staging import add, said_of_stages, settle, stage_arguments
from huntertui.cli.streams import STREAM, as_file, ask
from huntertui.errors import HunterError, Usage

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.exchange import Imported, Mappings, Order, Plan, Reading, Staging
    from huntertui.store import Store

MAPPINGS = "columns.json"
"""The file, in the folder of one's settings, that keeps what columns carry."""

_TOLD = 20  # faulty rows that are named one by one


def arguments(parser: ArgumentParser) -> None:
    """The arguments of import."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="a table with a line of headers; companies, people, deals, activities in any order; - is stdin",
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
        "--map",
        metavar="THEIRS=field",
        action="append",
        default=[],
        help="what a column carries, as in 'Klant=company' ('Klant=': nothing); kept for the same headers",
    )
    stage_arguments(parser)
    parser.add_argument(
        "--encoding", metavar="NAME", default="", help="of a text that is no UTF-8: cp1250, gb18030"
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
    add_forms(parser)


def take_in(session: Session) -> int:
    """Take in files in one step; rows that cannot be read are named, put into a file, and left out."""
    with ExitStack() as held:
        paths = [held.enter_context(as_file(session, file, "imports")) for file in session.args.file]
        store = held.enter_context(session.store())
        held.enter_context(tended(session, store))
        return _take_in(session.known_to(store), store, paths)


def _take_in(session: Session, store: Store, paths: Sequence[Path]) -> int:
    from huntertui.exchange import check_encoding, plan, staged, write

    args, me, now = session.args, session.me, session.world.clock()
    if args.encoding:
        check_encoding(args.encoding)
    mappings = _mappings(session)
    readings = [reading for path in paths for reading in _read(session, path, now, mappings)]
    mappings.check([header for reading in readings for header, _ in reading.mapping])
    if args.rejects and len(readings) > 1:
        raise Usage("--rejects names one file: import the files that have faults one by one, or leave it out")
    staging = settle(session, readings)
    readings = [*staged(readings, staging)]
    load: list[str] = []
    with session.progress("reading") as progress:
        planned = plan(store, readings, me, now, progress)
    done = planned.done
    rejects = _rejects(session, readings, done)
    _say(session, planned)
    if not args.dry_run and _agreed(session, readings, planned, staging):
        if not planned.empty:
            add(session, staging)
        with session.progress("writing") as progress:
            done = write(store, planned, readings, me, now, progress)
        _remember(session, mappings, readings)
        load = _too_much(session, store, done) if done.import_id and done.open > done.triage else []
    _report(session, readings, planned, staging, done)
    if not args.dry_run:
        _put_aside(rejects, readings, done)
    for words in () if session.quiet else load:
        say(words)
    if done.import_id and done.triage and not session.quiet:
        say("huntertui, then g i decides on what is to triage, many at a time")
    return 1 if done.rows and done.rejected == done.rows else 0


def _mappings(session: Session) -> Mappings:
    """What is said of columns and stages, now, and of columns earlier for the same headers."""
    from huntertui.exchange import Mappings, kept_mappings

    given = dict(pair(text, "--map", "THEIRS=field", bare=True) for text in session.args.map)
    return Mappings(given, kept_mappings(session.paths.config.parent / MAPPINGS), said_of_stages(session))


def _remember(session: Session, mappings: Mappings, readings: Sequence[Reading]) -> None:
    """Keep what was said of columns for files with the same headers."""
    if not mappings.given:
        return
    for reading in readings:
        mappings.keep(reading.table.header)
    try:
        mappings.save(session.paths.config.parent / MAPPINGS)
    except OSError as error:
        say(f"what --map says is not kept: {(error.strerror or 'error').lower()}")


def _read(session: Session, file: Path, now: datetime, mappings: Mappings) -> tuple[Reading, ...]:
    """Read a file; the one who runs it is asked for what only he can know: what its columns carry, and which
    number of its dates is the day."""
    from huntertui.exchange import OpenDates, Order, UnknownHeader, read

    args, order = session.args, Order(session.args.dates) if session.args.dates else None
    owners, asked = dict(map(pair, args.owner)), False
    while True:
        try:
            return read(file, session.policy, session.me, now, owners, order, mappings, args.encoding)
        except OpenDates as unclear:
            if order or not session.interactive:
                raise
            say(str(unclear))
            order = _order()
        except UnknownHeader as unknown:
            if asked or not session.interactive:
                raise
            ask_for_columns(unknown, mappings)
            asked = True


def _order() -> Order:
    from huntertui.exchange import Order

    answer = ask("Day first or month first? [d/m] ").lower()[:1]
    if answer not in ("d", "m"):
        raise Usage("nothing was imported: it takes the order of the dates")
    return Order.DAY_FIRST if answer == "d" else Order.MONTH_FIRST


def _agreed(session: Session, readings: Sequence[Reading], planned: Plan, staging: Staging) -> bool:
    """Show what would come, and ask; True where nobody is there to be asked. Usage: it is not wanted."""
    if session.yes or not session.interactive:
        return True
    room = get_terminal_size().columns - 1
    for line in (
        *foretold(readings, planned, staging, session.me),
        summed_up(planned.done, readings, dry=True),
    ):
        for piece in wrap(line, room, drop_whitespace=False, subsequent_indent="    "):
            put(piece)
    if ask("Import this? [Y/n] ").lower()[:1] in ("", "y"):
        return True
    raise Usage("nothing was imported")


def _rejects(session: Session, readings: Sequence[Reading], done: Imported) -> list[Path | None]:
    """Where the rows of each table go that are rejected, None without any. NotAllowed, ExportFault: something
    else is there; nothing is written then."""
    from huntertui.exchange import check_place, place_of

    given = session.args.rejects
    places: list[Path | None] = []
    for reading, (_, errors) in zip(readings, done.errors, strict=True):
        path = Path(reading.path.name) if STREAM in session.args.file else reading.path
        place = session.file(given, "imports") if given else place_of(path, reading.table.sheet.table)
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


def _say(session: Session, planned: Plan) -> None:
    """What is wrong, row by row, and what was assumed."""
    faults = [f"{file}, {error}" for file, errors in planned.done.errors for error in errors[:_TOLD]]
    for words in faults[:_TOLD]:
        say(words)
    if planned.done.rejected > _TOLD:
        say(f"and {planned.done.rejected - _TOLD} more rows like these")
    for _, notice in () if session.quiet else planned.notices:
        say(notice)


def _report(
    session: Session, readings: Sequence[Reading], planned: Plan, staging: Staging, done: Imported
) -> None:
    args = session.args
    if put_data(args, as_data(readings, planned, staging, done) | {"dry_run": args.dry_run}):
        return
    if args.dry_run:
        for line in foretold(readings, planned, staging, session.me):
            inform(session, line)
    elif not session.interactive:
        for line in told(planned, session.me):
            inform(session, line)
    inform(session, summed_up(done, readings, dry=args.dry_run))
