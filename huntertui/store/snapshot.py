"""The state at one sequence number: a base, and over it what has changed since."""

from __future__ import annotations

from dataclasses import replace
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from huntertui.errors import Damaged
from huntertui.records import dataclass
from huntertui.store.base import LINKS, Base
from huntertui.store.record import dumps
from huntertui.store.store import Op
from huntertui.store.values import clone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.store.store import Doc, Record, Where


@dataclass(slots=True)
class _Patch:
    """Fields set and removed, in a document of the base that nobody has looked at yet."""

    new: Doc
    gone: set[str]

    def on(self, doc: Doc) -> Doc:
        return {field: value for field, value in (doc | self.new).items() if field not in self.gone}


def own(record: Record) -> Record:
    """The record with values of its own, as the other is handed out."""
    return replace(record, ops=tuple(replace(op, new=clone(op.new), old=clone(op.old)) for op in record.ops))


class Snapshot:
    """Reads documents (each one a copy) and takes records in; what it costs does not depend on the size."""

    def __init__(self, base: Base) -> None:
        """Begin with a base alone."""
        self.base = base
        self.seq = base.seq
        self.next_ids: dict[str, int] = dict(base.meta.get("next", {}))
        self._changed: dict[str, dict[int, Doc | _Patch | None]] = {}
        self._linked: dict[str, dict[Any, set[int]]] = {}
        """Of what has changed in a table of LINKS: ids by what the link says; made when first asked for."""

    def get(self, table: str, id: int) -> Doc | None:
        """A document, or None; Damaged."""
        changed = self._changed.get(table)
        if changed is None or id not in changed:
            return self.base.get(table, id)
        doc: Doc | None = clone(self._whole(table, id))
        return doc

    def items(self, table: str, where: Where = ()) -> Iterator[tuple[int, Doc]]:
        """All documents of a table, or at least those that fulfil the conditions; Damaged."""
        changed = self._changed.get(table, {})
        found, holding, late = None, _written(where), list(changed)
        for name, op, value in where:
            if op == "=" and type(value) is int and name == LINKS.get(table):
                found = self.base.linked(table, value, holding)
                late = list(self._links(table, name).get(value, ()))
        for id, doc in self.base.items(table, holding) if found is None else found:
            if id not in changed:
                yield id, doc
        for id in late:
            if (now := self._whole(table, id)) is not None:
                yield id, clone(now)

    def latest(self, table: str, limit: int, before: int | None = None) -> list[tuple[int, Doc]]:
        """The documents with the highest ids (below `before`), the highest first; Damaged."""
        changed = [id for id in self._changed.get(table, {}) if before is None or id < before]
        known = self.base.backwards(table, before)
        own: Iterator[tuple[int, Doc | None]] = ((id, None) for id in sorted(changed, reverse=True))
        found: list[tuple[int, Doc]] = []
        gone, last = set(changed), None
        for id, doc in merge(known, own, key=itemgetter(0), reverse=True):
            if len(found) == limit:
                break
            if id != last and (now := self.get(table, id) if id in gone else doc) is not None:
                found.append((id, now))
            last = id
        return found

    def next_id(self, table: str) -> int:
        """The first id of a table that no document has or had."""
        return self.next_ids.get(table, 1)

    def tables(self) -> list[str]:
        """The names of all tables that hold, or held, documents."""
        return [
            *self.base.index.tables,
            *(name for name in self._changed if name not in self.base.index.tables),
        ]

    def apply(self, record: Record) -> None:
        """Take in the next record; not a bulk one."""
        for op in record.ops:
            self.take(op)
        self.seq = record.seq

    def take(self, op: Op) -> None:
        """Take in one op."""
        changed = self._changed.setdefault(op.table, {})
        if op.kind == "i":
            changed[op.id] = op.new
            self.next_ids[op.table] = max(self.next_ids.get(op.table, 1), op.id + 1)
        elif op.kind == "d":
            changed[op.id] = None
        else:
            gone = op.old.keys() - op.new.keys()
            there = changed.get(op.id)
            if there is None:
                changed[op.id] = _Patch(op.new, gone)
            elif isinstance(there, _Patch):
                changed[op.id] = _Patch(there.new | op.new, (there.gone - op.new.keys()) | gone)
            else:
                changed[op.id] = _Patch(op.new, gone).on(there)
        if op.table in self._linked and op.kind != "d":
            self._link(op.table, op.id, LINKS[op.table])

    def put(self, table: str, id: int, doc: Doc | None) -> None:
        """Take in a document as it is now, None: deleted."""
        self.take(Op("d", table, id, {}, {}) if doc is None else Op("i", table, id, doc, {}))

    def fork(self) -> Snapshot:
        """Another one with the same state, that goes on for itself."""
        other = Snapshot(self.base)
        other.seq, other.next_ids = self.seq, dict(self.next_ids)
        other._changed = {table: dict(docs) for table, docs in self._changed.items()}
        return other

    def changed(self) -> dict[str, dict[int, Doc | None]]:
        """All that differs from the base."""
        return {table: {id: self._whole(table, id) for id in docs} for table, docs in self._changed.items()}

    def _links(self, table: str, name: str) -> dict[Any, set[int]]:
        if table not in self._linked:
            self._linked[table] = {}
            for id in self._changed.get(table, {}):
                self._link(table, id, name)
        return self._linked[table]

    def _link(self, table: str, id: int, name: str) -> None:
        """Remember a changed document by what its link says; it stays found by what that said before."""
        value = (self._whole(table, id) or {}).get(name)
        if type(value) is int:
            self._linked[table].setdefault(value, set()).add(id)

    def _whole(self, table: str, id: int) -> Doc | None:
        doc = self._changed[table][id]
        if isinstance(doc, _Patch):
            there = self.base.get(table, id)
            if there is None:
                raise Damaged(f"{table} #{id} was changed, but is in no base: run huntertui store verify")
            doc = self._changed[table][id] = doc.on(there)
        return doc


def _written(where: Where) -> list[bytes]:
    """What stands in the line of every document that has one of the texts asked for; [] where none is.

    A base is written in one way only, so that equal values are equal bytes.
    """
    for name, op, value in where:
        texts = value if op == "in" and isinstance(value, list) else [value] if op == "=" else []
        if texts and all(isinstance(one, str) for one in texts):
            return [f"{dumps(name)}:{dumps(one)}".encode() for one in texts]
    return []
