"""The state of a store at a moment gone by: the newest base before it, and the records until it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from huntertui.errors import Damaged, NotFound
from huntertui.records import dataclass
from huntertui.store.base import Base
from huntertui.store.record import record_of
from huntertui.store.segment import Segment, numbers
from huntertui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.store.journal import Journal


@dataclass(frozen=True, slots=True)
class Past:
    """A state gone by. `at`: when its last record was written, None: before all; `lost`: the missing ones."""

    state: Snapshot
    at: datetime | None
    lost: tuple[int, ...]


def state_at(journal: Journal, at: datetime) -> Past:
    """The state after the last record that is not younger than `at`.

    NotFound: that is before all that is kept (14 days, see checkpoint.py). Damaged.
    """
    moment = at.timestamp()
    last, written, bulk, first = None, None, set[int](), None
    for parts in _records(journal):
        first = first or parts
        if parts["t"] <= moment:
            last, written = parts["s"], parts["t"]
        if "bulk" in parts:
            bulk.add(parts["s"])
    if last is None:
        last = first["s"] - 1 if first else journal.snapshot.seq
    state = _newest(journal, last, bulk)
    if state is None or (written is None and _made(state) > moment):
        raise NotFound(_too_far(journal, first))
    lost = []
    for parts in _records(journal):
        if state.seq < parts["s"] <= last:
            if parts["s"] != state.seq + 1 or "bulk" in parts:
                raise Damaged(
                    f"{journal.folder}: record {state.seq + 1} is missing: run huntertui store verify"
                )
            if parts.get("lost"):
                lost.append(parts["s"])
            state.apply(record_of(parts))
    if state.seq != last:
        raise NotFound(_too_far(journal, first))
    return Past(state, None if written is None else datetime.fromtimestamp(written, UTC), tuple(lost))


def _records(journal: Journal) -> Iterator[dict[str, Any]]:
    """All records that are kept, the oldest first."""
    for first in numbers(journal.folder, "journal-", ".jsonl"):
        try:
            segment = Segment(journal.folder / f"journal-{first}.jsonl", journal.store)
        except FileNotFoundError:
            continue  # a checkpoint has just removed it
        while found := segment.read():
            yield from found


def _newest(journal: Journal, last: int, bulk: set[int]) -> Snapshot | None:
    """The newest base at `last` or before; a rebase is one if its record is there."""
    bases = [(seq, f"base-{seq}.json") for seq in numbers(journal.folder, "base-", ".json")]
    bases += [
        (seq, f"rebase-{seq}.json") for seq in numbers(journal.folder, "rebase-", ".json") if seq in bulk
    ]
    for seq, name in sorted(bases, reverse=True):
        if seq <= last:
            return Snapshot(Base.open(journal.folder / name))
    return None


def _made(state: Snapshot) -> float:
    assert state.base.path
    return state.base.path.stat().st_mtime


def _too_far(journal: Journal, first: dict[str, Any] | None) -> str:
    if first is None:
        return f"{journal.path}: nothing is kept of the time before"
    since = datetime.fromtimestamp(first["t"], UTC)
    return f"{journal.path}: what is kept goes back to {since:%Y-%m-%d %H:%M:%S} UTC only"
