"""The verb that takes in a file: import."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.background import tended
from huntertui.cli.output import put, put_json, say
from huntertui.cli.session import Session
from huntertui.errors import Usage

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.exchange import Imported, Reading
    from huntertui.store import Store

_TOLD = 20  # faulty rows that are named one by one


def arguments(parser: ArgumentParser) -> None:
    """The arguments of import."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a CSV file with a line of headers")
    parser.add_argument("--dry-run", action="store_true", help="say what would come, and write nothing")
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
    parser.add_argument("--json", action="store_true", help="one JSON object")


def take_in(session: Session) -> int:
    """Take in a file in one step; rows that cannot be read are named and left out."""
    from huntertui.exchange import import_into

    args, now = session.args, session.world.clock()
    with session.store() as store, tended(session, store):
        me = session.member(store)
        reading = _read(session, me, now)
        done = import_into(store, reading, me, now, dry_run=args.dry_run)
        load = _too_much(session, store, reading) if done.import_id and done.open > done.triage else []
    for error in reading.errors[:_TOLD]:
        say(f"{reading.file}, {error}")
    if len(reading.errors) > _TOLD:
        say(f"and {len(reading.errors) - _TOLD} more rows like these")
    for notice in reading.notices:
        say(notice)
    _report(session, reading, done)
    for words in load:
        say(words)
    if done.import_id and done.triage:
        say("huntertui, then g i decides on what is to triage, many at a time")
    return 1 if reading.errors and not reading.drafts else 0


def _read(session: Session, me: str, now: datetime) -> Reading:
    """Read the file; the one who runs it is asked for the order of its dates where only he can know it."""
    from huntertui.exchange import OpenDates, Order, read

    args, order = session.args, Order(session.args.dates) if session.args.dates else None
    file, owners = session.file(args.file, "imports"), dict(map(_pair, args.owner))
    try:
        return read(file, session.policy, me, now, owners, order)
    except OpenDates as open_dates:
        silent = args.json or getattr(args, "no_input", False)
        if silent or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        say(str(open_dates))
    print("Day first or month first? [d/m] ", end="", file=sys.stderr, flush=True)
    answer = {"d": Order.DAY_FIRST, "m": Order.MONTH_FIRST}.get(sys.stdin.readline().strip().lower()[:1])
    if answer is None:
        raise Usage("nothing was imported: it takes the order of the dates")
    return read(file, session.policy, me, now, owners, answer)


def _too_much(session: Session, store: Store, reading: Reading) -> list[str]:
    """Who has more prospects by it than he can carry, with the numbers."""
    desk = session.desk_on(store)
    owners = {draft.opportunity.owner for draft in reading.drafts}
    return [words for owner in sorted(owners) if (words := desk.too_much(owner))]


def _report(session: Session, reading: Reading, done: Imported) -> None:
    args = session.args
    if args.json:
        counts = ("added", "updated", "skipped", "triage", "open", "won", "lost", "blocked", "import_id")
        errors = [
            {"line": error.line, "column": error.column, "value": error.value, "message": error.message}
            for error in reading.errors
        ]
        report = {"file": reading.file, "kind": reading.kind, "dry_run": args.dry_run, "errors": errors}
        put_json(report | {name: getattr(done, name) for name in counts})
        return
    parts = [f"{done.added} {'would be ' if args.dry_run else ''}added from {reading.file}"]
    others = (
        (done.skipped, "here already"),
        (done.blocked, "not to be contacted"),
        (len(reading.errors), "left out, as they cannot be read"),
    )
    parts += [f"{n} {word}" for n, word in others if n]
    kinds = ((done.open, "open"), (done.won, "won"), (done.lost, "lost"), (done.triage, "to triage"))
    kept = ", ".join(f"{n} {word}" for n, word in kinds if n)
    put(", ".join(parts) + (f" ({kept})" if kept else ""))


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.rpartition("=")
    if not equals or not theirs.strip() or not ours.strip():
        raise Usage(f"--owner {text!r}: write it as THEIRS=ours")
    return theirs.strip(), ours.strip()
