"""store copy: a store to an empty place, of whatever kind the two are, and the proof that they are equal."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import TYPE_CHECKING

from huntertui.cli.output import put_data
from huntertui.cli.people import inform
from huntertui.cli.session import Session
from huntertui.errors import Damaged, NotAllowed
from huntertui.store import open_store

if TYPE_CHECKING:
    from huntertui.cli.progress import Progress
    from huntertui.store.copying import Tally
    from huntertui.store.store import Store


def arguments(parser: ArgumentParser) -> None:
    """From where to where."""
    parser.add_argument("source", metavar="FROM", help="the store: a path, or postgresql://...")
    parser.add_argument("target", metavar="TO", help="where none is yet: a path, or postgresql://...")


def copy(session: Session) -> int:
    """Copy, then read both and compare. Damaged: they differ."""
    from huntertui.store.copying import Place, check_empty, contents_of, fill

    args, clock, anywhere = session.args, session.world.clock, session.config.any_filesystem
    if session.site.confined:
        raise NotAllowed("store copy is for the administrator: here no place can be named")
    place = Place(args.target, session.me, clock, anywhere)
    check_empty(place)
    with open_store(args.source, session.me, clock=clock, any_filesystem=anywhere) as source:
        contents = contents_of(source)
        tables = {op.table for record in contents.records() for op in record.ops}.union(contents.tables())
        with session.progress("count") as progress:
            before = _tallies(source, sorted(tables), progress)
        if not args.dry_run:
            with session.progress("copy") as progress:
                fill(place, contents, progress)
            with (
                open_store(args.target, session.me, clock=clock, any_filesystem=anywhere) as target,
                session.progress("compare") as progress,
            ):
                _compare(before, _tallies(target, sorted(tables), progress))
        _tell(session, before, source.seq, contents.count)
    return 0


def _tallies(store: Store, tables: list[str], progress: Progress) -> dict[str, Tally]:
    from huntertui.store.copying import tally

    found = {}
    for done, table in enumerate(tables):
        progress(done / len(tables))
        if (counted := tally(store, table)).count:
            found[table] = counted
    return found


def _compare(before: dict[str, Tally], after: dict[str, Tally]) -> None:
    wrong = [table for table in {**before, **after} if before.get(table) != after.get(table)]
    if wrong:
        raise Damaged(f"the copy differs in {', '.join(sorted(wrong))}: do not use what is there now")


def _tell(session: Session, tallies: dict[str, Tally], seq: int, changes: int) -> None:
    args = session.args
    tables = {table: asdict(found) for table, found in tallies.items()}
    if put_data(args, {"dry_run": args.dry_run, "seq": seq, "changes": changes, "tables": tables}):
        return
    for table, found in tallies.items():
        inform(session, f"{table}: {found.count:,}")
    done = "would be copied" if args.dry_run else "copied, and compared document by document"
    inform(session, f"record {seq}, and {changes:,} changes that can be undone: {done}")
