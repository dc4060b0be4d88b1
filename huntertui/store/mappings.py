"""Tables as the mappings that TinyDB works on: to read, to change in a transaction, or handed out whole."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from huntertui.errors import BadValue, Conflict, NotFound
from huntertui.store.values import clone, same

if TYPE_CHECKING:
    from huntertui.store.store import Doc, Reader, Tx


class Rows(Mapping[str, "Doc"]):
    """A table to read, by id as text; a document is fetched when it is asked for."""

    def __init__(self, reader: Reader, table: str) -> None:
        """Nothing is read yet."""
        self._reader, self._table = reader, table

    def __getitem__(self, key: object) -> Doc:
        doc = self._reader.get(self._table, id_of(key))
        if doc is None:
            raise KeyError(key)
        return doc

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def items(self) -> ItemsView[str, Doc]:
        """All of them, read at once."""
        return self._all().items()

    def _all(self) -> dict[str, Doc]:
        return {str(id): doc for id, doc in self._reader.find(self._table)}


class Changing(MutableMapping[int, "Doc"]):
    """A table to change, by id: what is fetched may be changed in place; `save` writes what differs."""

    def __init__(self, tx: Tx, table: str) -> None:
        """Nothing is read yet."""
        self._tx, self._table = tx, table
        self._before: dict[int, Doc] = {}
        self._docs: dict[int, Doc | None] = {}  # None: deleted

    def __getitem__(self, id: int) -> Doc:
        if id not in self._docs and (here := self._tx.get(self._table, id)) is not None:
            self._fetched(id, here)
        doc = self._docs.get(id)
        if doc is None:
            raise KeyError(id)
        return doc

    def __setitem__(self, id: int, doc: Doc) -> None:
        self.get(id)
        self._docs[id] = doc

    def __delitem__(self, id: int) -> None:
        self[id]
        self._docs[id] = None

    def __iter__(self) -> Iterator[int]:
        for id, doc in self._tx.find(self._table):
            if id not in self._docs:
                self._fetched(id, doc)
        return iter([id for id, doc in self._docs.items() if doc is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def clear(self) -> None:
        """Delete all."""
        for id in self:
            del self[id]

    def save(self) -> None:
        """Write into the transaction what differs. BadValue."""
        for id, doc in self._docs.items():
            before = self._before.get(id)
            if doc is None:
                if before is not None:
                    self._tx.delete(self._table, id)
            elif before is None:
                self._tx.insert(self._table, doc, id)
            elif not same(before, doc):
                self._tx.update(self._table, id, doc, unset=[field for field in before if field not in doc])

    def _fetched(self, id: int, doc: Doc) -> None:
        self._before[id], self._docs[id] = clone(doc), doc


class Given(dict[str, Any]):
    """A document that was handed out: one that TinyDB inserts is none, even if it takes the place of one."""


class GivenTable(dict[str, Given]):
    """A table that was handed out.

    TinyDB takes the highest of the `keys()` plus one for the next id. So that no id is given twice, `last`,
    the highest that any document of the table ever had, is always among them.
    """

    last = 0

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        return (dict(self) | ({str(self.last): Given()} if self.last else {})).keys()

    def __bool__(self) -> bool:
        return self.last > 0


class GivenTables(dict[str, GivenTable]):
    """The tables that were handed out; a table without documents is found, but is not among them."""

    def __init__(self, tables: Mapping[str, Mapping[int, Doc]], next_ids: Mapping[str, int]) -> None:
        """Copy the documents."""
        self._next_ids = dict(next_ids)
        for name, docs in tables.items():
            table = self[name] = GivenTable((str(id), Given(clone(doc))) for id, doc in docs.items())
            table.last = self._next_ids.get(name, 1) - 1

    def __missing__(self, name: str) -> GivenTable:
        if name not in self._next_ids:
            raise KeyError(name)
        table = GivenTable()
        table.last = self._next_ids[name] - 1
        return table


def id_of(key: object) -> int:
    """The id that a number or a text stands for; 0, which no document has, for anything else."""
    try:
        id = int(key)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return 0
    return id if id > 0 and (key == id or key == str(id)) else 0


def by_id(table: str, docs: object) -> dict[int, Any]:
    """What stands in a table that is handed back, by id; BadValue when it is none."""
    if not isinstance(docs, Mapping):
        raise BadValue(f"{table}: a table maps ids to documents, a {type(docs).__name__} does not")
    rows = {id_of(key): doc for key, doc in docs.items()}
    if 0 in rows or len(rows) < len(docs):
        raise BadValue(f"{table}: an id is a positive number, and stands once")
    return rows


def update_seen(tx: Tx, table: str, id: int, seen: Doc, new: Doc) -> None:
    """Update what differs from what was seen; Conflict when the same was changed since, or all deleted."""
    fields = [f for f in seen | new if f not in seen or f not in new or not same(seen[f], new[f])]
    changes = {field: new[field] for field in fields if field in new}
    unset = [field for field in fields if field not in new]
    try:
        tx.update(table, id, changes, {field: seen.get(field) for field in fields}, unset)
    except NotFound as error:
        raise Conflict(table, id, "", new) from error


def delete_seen(tx: Tx, table: str, id: int, seen: Doc) -> None:
    """Delete what was seen, unless somebody has; Conflict when it was changed since."""
    if (here := tx.get(table, id)) is not None:
        tx.delete(table, id, dict.fromkeys(here) | seen)
