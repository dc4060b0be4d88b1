"""The verb that tells what changes, as it happens: watch."""

from __future__ import annotations

import errno
import json
import select
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from huntertui.cli.options import add_forms
from huntertui.cli.output import SCHEMA, put, put_plain
from huntertui.desk.tables import QUEUES, VIEWS, newsworthy
from huntertui.errors import Usage
from huntertui.model.codec import instant, instant_text

if TYPE_CHECKING:
    from huntertui.cli.session import Session
    from huntertui.store import Record, Store

_LOOK = 1.0  # seconds between two looks at whether anybody still reads
_KINDS = {"i": "insert", "u": "update", "d": "delete"}


def arguments(parser: ArgumentParser) -> None:
    """The arguments of watch."""
    parser.add_argument(
        "--since",
        metavar="CHANGE",
        type=int,
        help="begin with what came after that change, the last one that was told; else with what comes now",
    )
    add_forms(parser)


def watch(session: Session) -> int:
    """A line for each change, until nobody reads them any more or the program is ended."""
    args = session.args
    with session.store() as store:
        store.refresh()
        at = store.seq if args.since is None else args.since
        if at < 0:
            raise Usage(f"--since {at}: changes are counted from 1")
        _put(session, {"kind": "begin", "change": at, "at": instant_text(session.world.clock())})
        while True:
            until = store.seq
            for line in told(store, at, until):
                _put(session, line)
            sys.stdout.flush()
            at = until
            while store.seq == at and not store.wait(_LOOK):
                _check_read()


def told(store: Store, since: int, until: int) -> Iterator[dict[str, Any]]:
    """What to say of each change after one, to another, as far as it is known: a gap stands for what is not
    any more."""
    gap = since > until  # an older state was restored
    for seq in range(since + 1, until + 1):
        record = store.record(seq)
        gap |= record is None
        if record is None or not newsworthy(record):
            continue
        if gap:
            yield {"kind": "gap", "change": seq - 1, "at": instant_text(record.at)}
            gap = False
        yield _line(record)
    if gap:
        yield {"kind": "gap", "change": until, "at": None}


def _line(record: Record) -> dict[str, Any]:
    said = {"kind": "change", "change": record.seq, "at": instant_text(record.at), "by": record.by}
    said |= {"what": record.label, "undoes": record.undoes}
    if record.bulk:
        added = [{"table": table, "first": first, "last": last} for table, first, last in record.added]
        return said | {"kind": "bulk", "added": added}
    return said | {
        "documents": [
            {"table": op.table, "id": op.id, "kind": _KINDS[op.kind], "new": op.new, "old": op.old}
            for op in record.ops
            if op.table not in (QUEUES, VIEWS)
        ]
    }


def _put(session: Session, line: dict[str, Any]) -> None:
    if session.args.json:
        print(json.dumps({"schema": SCHEMA} | line, allow_nan=False))
    elif session.args.plain:
        put_plain([[str(line["change"]), line["at"] or "", line.get("by", ""), _words(line)]])
    elif line["kind"] != "begin":
        calendar = session.policy.calendar
        when = f"{calendar.local(instant(line['at'])):%H:%M:%S} " if line["at"] else ""
        put(f"{when}{line['by']}: {_words(line)}" if "by" in line else f"{when}{_words(line)}")


def _words(line: dict[str, Any]) -> str:
    if line["kind"] == "gap":
        return "changes before this one are not known any more: read everything anew"
    return str(line.get("what", "watching"))


def _check_read() -> None:
    """End as soon as nobody reads, not only at the next change."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    if poll.poll(0):
        raise BrokenPipeError(errno.EPIPE, "nobody reads")
