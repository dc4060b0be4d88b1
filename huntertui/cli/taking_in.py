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
from huntertui.cli.options import add_forms, pair
from huntertui.cli.output import put, put_data, say
from huntertui.cli.people import inform
from huntertui.cli.session import Session
from huntertui.cli.staging import said_of_stages, settle, stage_arguments
from huntertui.cli.streams import STREAM, as_file, ask
from huntertui.errors import Usage

if TYPE_CHECKING:
    from huntertui.exchange import Imported, Mappings, Order, Plan, TakingIn
    from huntertui.store import Store


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
        "-n",
        "--dry-run",
        action="store_true",
        help="say how it is read and what would come, and write nothing",
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
        help="what a column carries, as in 'Client=company' ('Client=': nothing); kept for the same headers",
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
    from huntertui.exchange import TakingIn, check_encoding
    from huntertui.exchange.foretelling import faults, grown, noticed

    args = session.args
    if args.encoding:
        check_encoding(args.encoding)
    run = TakingIn(
        store,
        session.policy,
        session.me,
        session.world.clock(),
        _mappings(session),
        dict(map(pair, args.owner)),
        args.encoding,
        rejects=session.file(args.rejects, "imports") if args.rejects else None,
        folder=_folder(session) if STREAM in args.file else None,
        columns=session.paths.columns,
        add_stages=session.team.add,
    )
    load: list[str] = []
    for path in paths:
        _read(session, run, path)
    run.mappings.check([header for reading in run.readings for header, _ in reading.mapping])
    if args.rejects == STREAM:
        raise Usage("--rejects takes the name of a file, not -")
    settle(session, run)
    with session.progress("reading") as progress:
        planned = run.plan(progress)
    done = planned.done
    if args.rejects and sum(bool(errors) for _, errors in done.errors) > 1:
        raise Usage("--rejects names one file: import the files that have faults one by one, or leave it out")
    if not args.dry_run:
        run.check_places(planned)
    for words in faults(planned):
        say(words)
    for _, notice in () if session.quiet else noticed(planned):
        say(notice)
    if not args.dry_run and _agreed(session, run, planned):
        with session.progress("writing") as progress:
            done = run.write(planned, progress)
        new = grown(planned, run.staging, f", in {session.team.path}")
        said = new, run.keep_columns(), *_too_much(session, store, done)
        load = [words for words in said if words]
    _report(session, run, planned, done)
    for words in () if args.dry_run else run.put_aside(done):
        say(words)
    for words in () if session.quiet else load:
        say(words)
    if done.import_id and done.triage and not session.quiet:
        say("huntertui, then g i decides on what is to triage, many at a time")
    return 1 if done.rows and done.rejected == done.rows else 0


def _folder(session: Session) -> Path:
    """Where the rejected rows of what is piped in go: the folder one is in, or may write to."""
    own = session.paths.own
    return Path() if own is None else own / "imports"


def _mappings(session: Session) -> Mappings:
    """What is said of columns and stages, now, and of columns earlier for the same headers."""
    from huntertui.exchange import Mappings, kept_mappings

    given = dict(pair(text, "--map", "THEIRS=field", bare=True) for text in session.args.map)
    return Mappings(given, kept_mappings(session.paths.columns), said_of_stages(session))


def _read(session: Session, run: TakingIn, file: Path) -> None:
    """Read a file; the one who runs it is asked for what only he can know: what its columns carry, and which
    number of its dates is the day."""
    from huntertui.exchange import OpenDates, Order, UnknownHeader

    if session.args.dates:
        run.orders[file] = Order(session.args.dates)
    asked = False
    while True:
        try:
            run.read(file)
        except OpenDates as unclear:
            if file in run.orders or not session.interactive:
                raise
            say(str(unclear))
            run.orders[file] = _order()
        except UnknownHeader as unknown:
            if asked or not session.interactive:
                raise
            ask_for_columns(unknown, run.mappings)
            asked = True
        else:
            return


def _order() -> Order:
    from huntertui.exchange import Order

    answer = ask("Day first or month first? [d/m] ").lower()[:1]
    if answer not in ("d", "m"):
        raise Usage("nothing was imported: it takes the order of the dates")
    return Order.DAY_FIRST if answer == "d" else Order.MONTH_FIRST


def _agreed(session: Session, run: TakingIn, planned: Plan) -> bool:
    """Show what would come, and ask; True where nobody is there to be asked. Usage: it is not wanted."""
    from huntertui.exchange.foretelling import foretold, summed_up

    if session.yes or not session.interactive:
        return True
    room = get_terminal_size().columns - 1
    readings = run.readings
    told = foretold(readings, planned, run.staging, session.me)
    for line in (*told, summed_up(planned.done, readings, dry=True)):
        for piece in wrap(line, room, drop_whitespace=False, subsequent_indent="    "):
            put(piece)
    if ask("Import this? [Y/n] ").lower()[:1] in ("", "y"):
        return True
    raise Usage("nothing was imported")


def _too_much(session: Session, store: Store, done: Imported) -> list[str]:
    """Who has more prospects by it than he can carry, with the numbers."""
    if not done.import_id or done.open <= done.triage:
        return []
    desk = session.desk_on(store)
    return [words for owner in sorted(done.owners) if (words := desk.too_much(owner))]


def _report(session: Session, run: TakingIn, planned: Plan, done: Imported) -> None:
    from huntertui.exchange.foretelling import as_data, foretold, summed_up, told

    args, readings = session.args, run.readings
    if put_data(args, as_data(readings, planned, run.staging, done) | {"dry_run": args.dry_run}):
        return
    if args.dry_run:
        for line in foretold(readings, planned, run.staging, session.me):
            inform(session, line)
    elif not session.interactive:
        for line in told(planned, session.me):
            inform(session, line)
    inform(session, summed_up(done, readings, dry=args.dry_run))
