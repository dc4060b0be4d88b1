"""A transaction in the making, over any snapshot: what `fn` writes is kept apart until it is committed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from huntertui.errors import BadValue, Conflict, NotFound
from huntertui.store.encoded import Run, Texts, decoded
from huntertui.store.store import Doc, Op, Where
from huntertui.store.values import clone, plain_doc, same, select

if TYPE_CHECKING:
    from datetime import datetime


class State(Protocol):
    """The state at one sequence number, whatever keeps it."""

    @property
    def seq(self) -> int: ...
    def get(self, table: str, id: int) -> Doc | None: ...
    def items(self, table: str, where: Where = ()) -> Iterator[tuple[int, Doc]]: ...
    def latest(self, table: str, limit: int, before: int | None = None) -> list[tuple[int, Doc]]: ...
    def next_id(self, table: str) -> int: ...


Writer = Callable[[str, int, str], tuple[str, "datetime | None"]]
"""(table, id, field) -> who wrote it last, and when; ("", None) if that is not known."""
WrittenSince = Callable[[int], set[tuple[str, int]]]

_TABLE = re.compile(r"(?!_meta\Z)[^\0\ud800-\udfff]*")  # any text, as in TinyDB; `_meta` is the store's own
_IDS = 10**15  # 15 digits, see edits.py: a longer one would count as deleted by any edit outside
_SEEN = 10_000  # documents that are kept as they were; of others that is read anew


class Draft:
    """The `Tx` of a store that has its state at hand; it changes nothing there.

    `next_ids`: the first free id of each table that was written to.
    """

    def __init__(self, state: State, writer: Writer, written_since: WrittenSince) -> None:
        """Start with nothing written."""
        self.label = ""
        self.undoes: int | None = None
        self.telling = False
        self.next_ids: dict[str, int] = {}
        self._state = state
        self._writer = writer
        self._written_since = written_since
        self._written: dict[str, dict[int, Doc | None]] = {}
        self._runs: dict[str, list[Run]] = {}  # but for those of which the ids are in `_written`
        self._before: dict[tuple[str, int], Doc | None] = {}  # what was written over

    def get(self, table: str, id: int) -> Doc | None:
        """See `Reader.get`."""
        return self._now(table, id)

    def find(
        self, table: str, where: Where = (), order: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[int, Doc]]:
        """See `Reader.find`."""
        return select(self._items(table, where), where, order, limit)

    def insert(self, table: str, doc: Doc, id: int | None = None) -> int:
        """See `Tx.insert`."""
        free = self.next_ids.get(table) or self._state.next_id(table)
        if id is None:
            id = free
        elif type(id) is int and (there := self._now(table, id)) is not None:
            raise Conflict(table, id, "", doc, there, *self._writer(table, id, ""))
        _check(table, id)
        self._write(table, id, plain_doc(doc, f"{table} #{id}"), None)
        self.next_ids[table] = max(free, id + 1)
        return id

    def insert_encoded(self, table: str, texts: Texts) -> range:
        """See `Tx.insert_encoded`."""
        first = self.next_ids.get(table) or self._state.next_id(table)
        ids = range(first, first + len(texts))
        if ids:
            _check(table, ids[-1])
            self._runs.setdefault(table, []).append(Run(ids, texts, first))
            self.next_ids[table] = ids.stop
        return ids

    def update(
        self, table: str, id: int, changes: Doc, expect: Doc | None = None, unset: Sequence[str] = ()
    ) -> None:
        """See `Tx.update`."""
        changes = plain_doc(changes, f"{table} #{id}")
        now = self._expected(table, id, expect, changes)
        self._write(table, id, {f: v for f, v in (now | changes).items() if f not in unset}, now)

    def delete(self, table: str, id: int, expect: Doc | None = None) -> None:
        """See `Tx.delete`."""
        self._write(table, id, None, self._expected(table, id, expect, {}))

    def written_since(self, seq: int) -> set[tuple[str, int]]:
        """See `Tx.written_since`."""
        return self._written_since(seq)

    def tell(self, label: str) -> None:
        """Let there be a record also if nothing is written, as everybody should read its label."""
        self.label, self.telling = label, True

    def ops(self, most: int) -> tuple[Op, ...] | None:
        """Return the net difference from the state, empty when all was written back as it had been.

        None when it is of more than `most` documents.
        """
        if sum(len(run.ids) for _, run in self.runs()) > most:
            return None
        ops = tuple(islice(self._differences(), most + 1))
        return ops if len(ops) <= most else None

    def added(self) -> Iterator[tuple[str, int, int]]:
        """Go through what was inserted: (table, first id, last id), of some or of each."""
        for table, docs in self._written.items():
            for id, doc in docs.items():
                if doc is not None and self._was(table, id) is None:
                    yield table, id, id
        for table, run in self.runs():
            yield table, run.ids[0], run.ids[-1]

    def written(self) -> Iterator[tuple[str, int, Doc | None]]:
        """Go through what was written but for `runs`: (table, id, the document, or None: deleted)."""
        for table, docs in self._written.items():
            for id, doc in docs.items():
                if doc is not None or id < self._state.next_id(table):  # else it was never there
                    yield table, id, doc

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Go through what was inserted as it is encoded and has not been written since: (table, run)."""
        for table, runs in self._runs.items():
            ids = sorted(self._written.get(table, ()))
            for run in runs:
                yield from ((table, rest) for rest in run.without(ids))

    def _differences(self) -> Iterator[Op]:
        for table, id, doc in self.written():
            if op := difference(table, id, self._was(table, id), doc):
                yield op
        for table, run in self.runs():
            yield from (Op("i", table, id, decoded(text), {}) for id, text in run.items())

    def _items(self, table: str, where: Where) -> Iterator[tuple[int, Doc]]:
        written = self._written.get(table, {})
        for id, doc in self._state.items(table, where):
            if id not in written:
                yield id, doc
        for id, now in written.items():
            if now is not None:
                yield id, clone(now)
        for name, run in self.runs():
            if name == table:
                yield from ((id, decoded(text)) for id, text in run.items())

    def _now(self, table: str, id: int) -> Doc | None:
        written = self._written.get(table, {})
        if id in written:
            doc: Doc | None = clone(written[id])
            return doc
        run = self._run(table, id)
        return run.get(id) if run else self._state.get(table, id)

    def _run(self, table: str, id: int) -> Run | None:
        return next((run for run in self._runs.get(table, ()) if id in run.ids), None)

    def _was(self, table: str, id: int) -> Doc | None:
        if (table, id) in self._before:
            return self._before[table, id]
        return self._state.get(table, id) if id < self._state.next_id(table) else None

    def _write(self, table: str, id: int, doc: Doc | None, now: Doc | None) -> None:
        docs = self._written.setdefault(table, {})
        if id not in docs and len(self._before) < _SEEN:
            self._before[table, id] = None if self._run(table, id) else now
        docs[id] = doc

    def _expected(self, table: str, id: int, expect: Doc | None, changes: Doc) -> Doc:
        now = self._now(table, id)
        if now is None:
            raise NotFound(f"{table} #{id} is not there (any more)")
        for field, seen in plain_doc(expect or {}, f"{table} #{id}").items():
            if not same(now.get(field), seen):
                raise Conflict(
                    table, id, field, changes.get(field), now.get(field), *self._writer(table, id, field)
                )
        return now


def _check(table: str, id: int) -> None:
    """BadValue when a document cannot be there."""
    if not _TABLE.fullmatch(table):
        raise BadValue(f"{table!r} is no name for a table")
    if type(id) is not int or not 0 < id < _IDS:
        raise BadValue(f"{table}: {id!r} is no id")


def difference(table: str, id: int, old: Doc | None, new: Doc | None) -> Op | None:
    """What happened to a document, None when nothing did; `old` or `new` is None when it was not there."""
    if old is None:
        return None if new is None else Op("i", table, id, new, {})
    if new is None:
        return Op("d", table, id, {}, old)
    fields = [f for f in old | new if f not in old or f not in new or not same(old[f], new[f])]
    if not fields:
        return None
    return Op("u", table, id, _only(fields, new), _only(fields, old))


def _only(fields: list[str], doc: Doc) -> Doc:
    return {f: doc[f] for f in fields if f in doc}
