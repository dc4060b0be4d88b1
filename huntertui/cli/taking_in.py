"""The verb that takes in a file: import."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.background import tended
from huntertui.cli.output import put, put_json, say
from huntertui.cli.session import Session
from huntertui.errors import Usage

if TYPE_CHECKING:
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
    parser.add_argument("--json", action="store_true", help="one JSON object")


def take_in(session: Session) -> int:
    """Take in a file in one step; rows that cannot be read are named and left out."""
    from huntertui.exchange import import_into, read

    args, now = session.args, session.world.clock()
    file, owners = session.file(args.file, "imports"), dict(map(_pair, args.owner))
    with session.store() as store, tended(session, store):
        me = session.member(store)
        reading = read(file, session.policy, me, now, owners)
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
