"""A transaction in the making, over any snapshot: what `fn` writes is kept apart until it is committed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from huntertui.errors import BadValue, Conflict, NotFound
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
        if type(id) is not int or not 0 < id < _IDS:
            raise BadValue(f"{table}: {id!r} is no id")
        self._write(table, id, plain_doc(doc, f"{table} #{id}"), None)
        self.next_ids[table] = max(free, id + 1)
        return id

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

    def ops(self) -> tuple[Op, ...]:
        """Return the net difference from the state; empty when all was written back as it had been."""
        written = ((table, id, new) for table, docs in self._written.items() for id, new in docs.items())
        ops = (difference(table, id, self._before[table, id], new) for table, id, new in written)
        return tuple(op for op in ops if op)

    def _items(self, table: str, where: Where) -> Iterator[tuple[int, Doc]]:
        written = self._written.get(table, {})
        for id, doc in self._state.items(table, where):
            if id not in written:
                yield id, doc
        for id, now in written.items():
            if now is not None:
                yield id, clone(now)

    def _now(self, table: str, id: int) -> Doc | None:
        written = self._written.get(table, {})
        doc: Doc | None = clone(written[id]) if id in written else self._state.get(table, id)
        return doc

    def _write(self, table: str, id: int, doc: Doc | None, now: Doc | None) -> None:
        if not _TABLE.fullmatch(table):
            raise BadValue(f"{table!r} is no name for a table")
        self._before.setdefault((table, id), now)
        self._written.setdefault(table, {})[id] = doc

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
