"""The TinyDB store: one plain TinyDB JSON file that every transaction replaces whole.

Beside the tables of the program the file has two of its own: `_meta` (schema, seq, next ids) and `_journal`,
the last 1,000 records by their seq. Every change makes every process read the file anew, so it is for some
thousand documents.

The file may be edited by others, such as a script with stock TinyDB: what it added, changed or deleted is
simply the state then. Such an edit has no record, so `changes` raises Resync to followers, once, and again to
those who stand before it when the next transaction is written on top. A document that the store would not
take (see `values.plain`) counts as damage. Scripts are for when nobody works: TinyDB writes into the file
that it opened, unlocked, and once a transaction has replaced that file, what it writes is lost.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from tinydb import TinyDB

from huntertui.errors import Busy, Resync, Upgraded
from huntertui.store.draft import Draft, Tables
from huntertui.store.files import JsonFile, Memory
from huntertui.store.store import Committed, Doc, Op, Record, Tx, Where
from huntertui.store.values import DEEPEST, clone, plain, plain_doc, same, select

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

T = TypeVar("T")

SCHEMA = 1
KEPT = 1000  # records
_POLL = 0.1  # seconds between two looks at the file


def open_file(path: str, by: str, clock: Callable[[], datetime]) -> TinyStore:
    """Open the file at `path`; see `open_store`."""
    return TinyStore(TinyDB(path, storage=JsonFile), by, clock)


def open_memory(by: str, clock: Callable[[], datetime]) -> TinyStore:
    """Open an empty store of this process alone that saves nothing."""
    return TinyStore(TinyDB(storage=Memory), by, clock)


@dataclass(frozen=True, slots=True)
class _State:
    """One snapshot. `floor`: the oldest seq since which all changes can be told; `edited`: see above."""

    tables: Tables
    journal: Mapping[int, Doc]
    next_ids: Mapping[str, int]
    seq: int
    floor: int
    edited: bool


class TinyStore:
    """A `Store` in the storage of a TinyDB (`JsonFile` or `Memory`), see there for every method."""

    def __init__(self, db: TinyDB, by: str, clock: Callable[[], datetime], patience: float = 10.0) -> None:
        """Read what is there. `by` is named to those who wait for us; `patience` is in seconds."""
        self._db = db
        self._file = cast("JsonFile | Memory", db.storage)
        self._by = plain(by, "the name of a member")
        self._clock = clock
        self._patience = patience
        self._writing = threading.Lock()
        self._looking = threading.Lock()
        self._closed = threading.Event()
        self._news = self._resync = False
        self._kept: dict[str, tuple[int, bytes]] = {}
        self._state = self._read()
        self._file.accept()

    @property
    def seq(self) -> int:
        """See `Store.seq`."""
        return self._state.seq

    def get(self, table: str, id: int) -> Doc | None:
        """See `Reader.get`."""
        doc: Doc | None = clone(self._state.tables.get(table, {}).get(id))
        return doc

    def find(
        self, table: str, where: Where = (), order: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[int, Doc]]:
        """See `Reader.find`."""
        return select(self._state.tables.get(table, {}).items(), where, order, limit)

    def transact(self, fn: Callable[[Tx], T], by: str) -> Committed[T]:
        """See `Store.transact`."""
        by = plain(by, "the name of a member")
        if not self._writing.acquire(timeout=self._patience):
            raise Busy("another change of this same program is still under way: try again")
        try:
            line = f"{os.getpid()} ({self._by}) since {self._clock().astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            with self._file.locked(line, self._patience):
                self.refresh()
                draft = Draft(self._state.tables, self._state.next_ids, self._writer, self._written_since)
                result = fn(draft)
                return Committed(result, self._commit(draft, by))
        finally:
            self._writing.release()

    def changes(self, since: int) -> list[Record]:
        """See `Store.changes`."""
        self.refresh()
        with self._looking:
            state, resync = self._state, self._resync
            self._news = self._resync = False
        if resync or not state.floor <= since <= state.seq:
            raise Resync(f"the changes since {since} cannot be told any more: read everything anew")
        return [_record(seq, state.journal[seq]) for seq in range(since + 1, state.seq + 1)]

    def record(self, seq: int) -> Record | None:
        """See `Store.record`."""
        row = self._state.journal.get(seq)
        return _record(seq, row) if row else None

    def refresh(self) -> bool:
        """See `Store.refresh`."""
        with self._looking:
            if self._closed.is_set() or not self._file.changed():
                return False
            self._state = self._read()
            self._file.accept()
            self._news = True
            self._resync |= self._state.edited
            return True

    def wait(self, timeout: float) -> bool:
        """See `Store.wait`; looks at the file ten times a second."""
        deadline = time.monotonic() + timeout
        while not self._closed.is_set():
            self.refresh()
            with self._looking:
                news, self._news = self._news, False
            if news:
                return True
            if (left := deadline - time.monotonic()) <= 0:
                return False
            self._closed.wait(min(left, _POLL))
        return False

    @property
    def read_only(self) -> str:
        """See `Store.read_only`."""
        return ""

    def kept(self, name: str) -> tuple[int, bytes] | None:
        """See `Store.kept`."""
        return self._kept.get(name)

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """See `Store.keep`."""
        self._kept[name] = seq, data

    def close(self) -> None:
        """See `Store.close`."""
        self._closed.set()
        with self._looking:
            self._db.close()

    def __enter__(self) -> Self:
        """Nothing to do: it is open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _read(self) -> _State:
        tables = self._file.read()
        try:
            return _decode(tables or {}, edited=self._file.edited)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._file.damaged(f"not what a store looks like ({error})") from error

    def _commit(self, draft: Draft, by: str) -> Record | None:
        if not (ops := draft.ops()):
            return None
        old, seq = self._state, self._state.seq + 1
        label = plain(draft.label, "the label of a change")
        row = _row(Record(seq, self._clock().astimezone(UTC), by, label, draft.undoes, ops))
        tables = {name: dict(docs) for name, docs in old.tables.items()}
        for table, id, doc in draft.written():
            if doc is None:
                tables.get(table, {}).pop(id, None)
            else:
                tables.setdefault(table, {})[id] = doc
        journal = {n: r for n, r in old.journal.items() if n > seq - KEPT} | {seq: row}
        floor = seq if old.edited else max(old.floor, seq - KEPT)
        new = _State(tables, journal, draft.next_ids, seq, floor, edited=False)
        with self._looking:
            self._file.write(_encode(new))
            self._state = new
            self._file.accept()
        return _record(seq, row)

    def _written_since(self, seq: int) -> set[tuple[str, int]]:
        return {(op.table, op.id) for record in self.changes(seq) for op in record.ops}

    def _writer(self, table: str, id: int, field: str) -> tuple[str, datetime | None]:
        now = self._state.tables.get(table, {}).get(id, {})
        for seq in sorted(self._state.journal, reverse=True):
            record = _record(seq, self._state.journal[seq])
            for op in record.ops:
                if (op.table, op.id) == (table, id) and (not field or field in op.new or field in op.old):
                    edited_since = field and not same(op.new.get(field), now.get(field))
                    return ("", None) if edited_since else (record.by, record.at)
        return "", None


def _encode(state: _State) -> dict[str, Any]:
    meta = {"schema": SCHEMA, "seq": state.seq, "floor": state.floor, "next": state.next_ids}
    return {"_meta": {1: meta}, "_journal": state.journal, **state.tables}


def _decode(data: Mapping[str, Mapping[str, Doc]], *, edited: bool) -> _State:
    meta = data.get("_meta", {}).get("1", {})
    if meta.get("schema", SCHEMA) > SCHEMA:
        raise Upgraded("a newer version of huntertui keeps this store: restart huntertui, or upgrade it")
    tables = {name: {_id(id): doc for id, doc in docs.items()} for name, docs in data.items()}
    if edited:
        _check(tables)
    journal = tables.pop("_journal", {})
    tables.pop("_meta", None)
    known = meta.get("next", {})
    next_ids = {name: max(known.get(name, 1), max(docs, default=0) + 1) for name, docs in tables.items()}
    seq = max(meta.get("seq", 0), max(journal, default=0))
    return _State(tables, journal, known | next_ids, seq, seq if edited else meta.get("floor", 0), edited)


def _id(text: str) -> int:
    if not text.isdecimal() or str(id := int(text)) != text or not id:
        raise ValueError(f"{text!r} is no id")
    return id


def _check(tables: Tables) -> None:
    """Raise ValueError, TypeError or AttributeError at what this program would not have written."""
    for name, docs in tables.items():
        for id, doc in docs.items():
            plain_doc(doc, f"{name} #{id}", DEEPEST + 3)  # in the journal documents stand three levels down
    for seq, row in tables.get("_journal", {}).items():
        _record(seq, row)


def _row(record: Record) -> Doc:
    return {
        "at": record.at.isoformat().replace("+00:00", "Z"),
        "by": record.by,
        "label": record.label,
        "undoes": record.undoes,
        "ops": [[op.kind, op.table, op.id, op.new, op.old] for op in record.ops],
    }


def _record(seq: int, row: Doc) -> Record:
    ops = tuple(Op(kind, table, id, clone(new), clone(old)) for kind, table, id, new, old in row["ops"])
    return Record(seq, datetime.fromisoformat(row["at"]), row["by"], row["label"], row["undoes"], ops)
