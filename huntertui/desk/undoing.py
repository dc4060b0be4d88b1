"""What a member can take back, what stands in its way, and how an import is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from huntertui.desk.history import FILLED
from huntertui.desk.listed import OFF_LIMITS, ways_to
from huntertui.desk.tables import EVENTS, IMPORTS, OPPORTUNITIES, QUEUES, private
from huntertui.errors import Conflict, Resync
from huntertui.model.codec import from_doc
from huntertui.store.store import Doc, Record, Store, Tx

UNDO_DEPTH, UNDO_DAYS = 200, 14


class Turns:
    """What a member can take back and do again. The journal is read once; then only what has come since."""

    def __init__(self, store: Store, me: str) -> None:
        self._store, self._me = store, me
        self._steps: list[_Step] = []
        self._upto = 0  # the record up to which it is read

    def of(self, oldest: datetime) -> tuple[list[int], list[int]]:
        """The records of mine that can be undone, and the undoings that can be redone; the last is next."""
        self._read(oldest)
        done: list[int] = []
        undone: list[int] = []
        for step in self._steps:
            if step.undoes is None:
                done, undone = [*done, step.seq], []
            elif done and step.undoes == done[-1]:
                done.pop()
                undone.append(step.seq)
            elif undone and step.undoes == undone[-1]:
                undone.pop()
                done.append(step.seq)
        return done, undone

    def _read(self, oldest: datetime) -> None:
        if self._store.seq < self._upto:
            self._steps, self._upto = [], 0
        found = list[_Step]()
        for record in self._store.made_by(self._me, oldest):
            if record.seq <= self._upto or len(found) == UNDO_DEPTH:
                break
            if not private(record):
                found.append(_Step(record.seq, record.at, record.undoes))
        steps = [*self._steps, *reversed(found)][-UNDO_DEPTH:]
        self._steps = [step for step in steps if step.at >= oldest]
        self._upto = self._store.seq


class _Step(NamedTuple):
    seq: int
    at: datetime
    undoes: int | None


def without_queues(record: Record) -> Record:
    """The record but for where its author stood in his queue: that goes on when his act is taken back."""
    return replace(record, ops=tuple(op for op in record.ops if op.table != QUEUES))


def items(record: Record) -> set[int]:
    """The items that a record is about: those it changed, and those whose history it did."""
    changed = {op.id for op in record.ops if op.table == OPPORTUNITIES}
    return changed | set(_told_of(op.new or op.old for op in record.ops if op.table == EVENTS))


def in_the_way(store: Store, record: Record, conflict: Conflict) -> Record | None:
    """The last record that changed what the undoing of `record` met with, None when it is not known."""
    place, field = (conflict.table, conflict.id), conflict.field
    for seq in range(store.seq, record.seq, -1):
        later = store.record(seq)
        for op in later.ops if later else ():
            if (op.table, op.id) == place and (op.kind != "u" or not field or field in {*op.new, *op.old}):
                return later
    return None


def brought_in(record: Record) -> dict[str, list[int]]:
    """The ids, by table, of what an import brought in, or brought back; empty for any other record."""
    ids: dict[str, list[int]] = {}
    if record.bulk:
        for table, first, last in record.added:
            ids.setdefault(table, []).extend(range(first, last + 1))
        return ids if IMPORTS in ids else {}
    for op in record.ops:
        if op.kind == "i":
            ids.setdefault(op.table, []).append(op.id)
    from_file = any(op.kind == "i" and (op.table == IMPORTS or "import_id" in op.new) for op in record.ops)
    return ids if from_file else {}


def changed_after(store: Store, seq: int) -> set[int]:
    """The items that somebody changed or wrote history of after a record, unless that was undone since.

    Resync when it cannot be told any more.
    """
    changed, undone = set[int](), set[int]()
    for at in range(store.seq, seq, -1):
        record = store.record(at)
        if at in undone:
            continue
        if record is None or (record.bulk and record.undoes is None and not brought_in(record)):
            raise Resync(f"what changed after {seq} cannot be told any more")
        if record.undoes is not None and record.undoes > seq:
            undone.add(record.undoes)
        elif record.bulk:  # an import: what it came to is told by the history that it wrote
            events = (store.get(EVENTS, id) or {} for id in brought_in(record).get(EVENTS, ()))
            changed |= set(_told_of(events))
        else:
            changed |= items(record)
    return changed


def take_out(
    tx: Tx, brought: Mapping[str, Sequence[int]], changed: set[int], since: int
) -> tuple[int, list[tuple[int, Doc]]]:
    """Remove what an import brought in, and put back what it filled in, but not where an item is in `changed`
    or was written after record `since`.

    Returns how many items are gone or as they were, and those that are kept; their history stays, and with
    them the word that there was an import. Whom the import put on the list of those who want no contact goes
    off it, but for those whom somebody has blocked since: without the import he would have listed them.
    """
    later = tx.written_since(since)
    told = (tx.get(EVENTS, id) or {} for table, id in later if table == EVENTS)
    changed = changed | {id for table, id in later if table == OPPORTUNITIES} | set(_told_of(told))
    ids = brought.get(OPPORTUNITIES, ())
    kept = {id: doc for id in ids if id in changed and (doc := tx.get(OPPORTUNITIES, id)) is not None}
    gone = [id for id in ids if id not in changed]
    for id in gone:
        tx.delete(OPPORTUNITIES, id)
    emptied = 0
    for id in brought.get(EVENTS, ()):
        event = tx.get(EVENTS, id)
        if event is None:
            continue
        for item in _told_of([event]):
            there = tx.get(OPPORTUNITIES, item)
            if item not in changed:
                if event.get("kind") == FILLED and there is not None:
                    emptied += _put_back(tx, item, there, event)
                tx.delete(EVENTS, id)
            elif there is not None:
                kept.setdefault(item, there)
    if listed := brought.get(OFF_LIMITS, ()):
        blocked = set(_blocked(tx, changed))
        for id in listed:
            entry = tx.get(OFF_LIMITS, id)
            if entry is not None and (entry.get("kind"), entry.get("value")) not in blocked:
                tx.delete(OFF_LIMITS, id)
    for id in () if kept else brought.get(IMPORTS, ()):
        tx.delete(IMPORTS, id)
    return len(gone) + emptied, list(kept.items())


def _blocked(tx: Tx, ids: Iterable[int]) -> Iterator[tuple[str, str]]:
    """How those can be reached whom these items say to want no contact."""
    for id in ids:
        with suppress(ValueError):  # others have edited the store's file
            if (doc := tx.get(OPPORTUNITIES, id)) is not None:
                yield from (way for c in from_doc(id, doc).contacts if c.blocked for way in ways_to(c))


def _put_back(tx: Tx, id: int, doc: Doc, event: Doc) -> bool:
    """Let the fields of an item be as they were before an import filled them in; whether they are."""
    old, new = event.get("old"), event.get("new")
    if not isinstance(old, dict) or not isinstance(new, dict):  # others may have edited the store's file
        return False
    if any(doc.get(field) != new.get(field) for field in old | new):
        return False
    tx.update(OPPORTUNITIES, id, old, unset=[field for field in new if field not in old])
    return True


def _told_of(events: Iterable[Doc]) -> Iterator[int]:
    return (id for event in events if isinstance(id := event.get("opportunity"), int))
