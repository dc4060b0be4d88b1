"""TinyDB on a store of ours, for scripts: `HunterDB(path)`, or `TinyDB(path, storage=HunterStorage)`.

A `HunterDB` makes each change one transaction on the fresh state; see `HunterStorage` for what it does alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, TypeVar

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from huntertui.store.mappings import Changing, Rows, id_of
from huntertui.store.storage import HunterStorage, NotJson
from huntertui.store.store import Doc, Tx
from huntertui.store.values import clone

__all__ = ["HunterDB", "HunterStorage", "HunterTable", "NotJson"]

T = TypeVar("T")
Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class HunterTable(Table):
    """A table of a `HunterDB`; see tinydb.table.Table for what is not said here. Ids may also be texts."""

    def __init__(
        self,
        storage: HunterStorage,
        name: str,
        cache_size: int = Table.default_query_cache_capacity,
        persist_empty: bool = False,
    ) -> None:
        """`persist_empty`: it is among the tables also without documents, until the database is closed."""
        super().__init__(storage, name, cache_size)
        self._hunter = storage
        self._seen = -1
        if persist_empty:
            storage.empty.add(name)

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert with an id that no document had before, or with that of a `Document`, if it is free."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Insert all or none; those that name their ids get them, whatever the order."""
        new = list(documents)
        if not all(isinstance(document, Mapping) for document in new):
            raise ValueError("Document is not a Mapping")
        order = sorted(range(len(new)), key=lambda n: not isinstance(new[n], self.document_class))

        def insert(tx: Tx) -> list[int]:
            ids = {n: self._insert(tx, new[n]) for n in order}
            return [ids[n] for n in range(len(new))]

        return self._transact(insert)

    def search(self, cond: QueryLike) -> list[Document]:
        """Return copies of what matches, from the cache only if nobody has changed anything since."""
        self._look()
        return [self.document_class(clone(dict(doc)), doc.doc_id) for doc in super().search(cond)]

    def update(
        self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[Any] | None = None
    ) -> list[int]:
        """Update in one transaction, on the fresh state."""
        return super().update(fields, cond, doc_ids if doc_ids is None else map(id_of, doc_ids))

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update or else insert, in one transaction."""
        wanted = id_of(document.doc_id) if isinstance(document, self.document_class) else None
        if wanted is None and cond is None:
            raise ValueError("without a query, the document must be a Document with a doc_id")

        def upsert(tx: Tx) -> list[int]:
            rows = Changing(tx, self.name)
            ids = [id for id in rows if cond and cond(rows[id])] if wanted is None else [wanted]
            found = [id for id in ids if id in rows]
            for id in found:
                rows[id].update(document)
            rows.save()
            return found or [self._insert(tx, document)]

        return self._transact(upsert)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[Any] | None = None) -> list[int]:
        """Remove in one transaction, on the fresh state."""
        return super().remove(cond, doc_ids if doc_ids is None else map(id_of, doc_ids))

    def _insert(self, tx: Tx, document: Mapping[str, Any]) -> int:
        id = id_of(document.doc_id) if isinstance(document, self.document_class) else None
        if id and tx.get(self.name, id) is not None:
            raise ValueError(f"Document with ID {id} already exists")
        return tx.insert(self.name, dict(document), id)

    def _get_next_id(self) -> int:
        self._look()
        return self._hunter.next_ids().get(self.name, 1)

    def _read_table(self) -> Mapping[str, Doc]:  # type: ignore[override]
        self._look()
        return Rows(self._hunter.store, self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        def change(tx: Tx) -> None:
            rows = Changing(tx, self.name)
            updater(rows)
            rows.save()

        self._transact(change)

    def _transact(self, fn: Callable[[Tx], T]) -> T:
        result = self._hunter.transact(fn)
        self.clear_cache()
        return result

    def _look(self) -> None:
        """Take in what others did, and forget what was found before it."""
        store = self._hunter.store
        store.refresh()
        if store.seq != self._seen:
            self.clear_cache()
            self._seen = store.seq


class HunterDB(TinyDB):
    """TinyDB on a store of ours: `HunterDB(path, by="ana")`; the options are those of `HunterStorage`."""

    table_class = HunterTable  # type: ignore[assignment]
    default_storage_class = HunterStorage  # type: ignore[assignment]

    def tables(self) -> set[str]:
        """The names of the tables that have documents."""
        self._hunter.store.refresh()
        return self._hunter.tables()

    def drop_tables(self) -> None:
        """Remove all documents of all tables, in one transaction."""
        self._drop(self._hunter.tables)
        self._tables.clear()

    def drop_table(self, name: str) -> None:
        """Remove all documents of a table, in one transaction."""
        self._drop(lambda: {name})
        self._tables.pop(name, None)

    @property
    def _hunter(self) -> HunterStorage:
        storage: Any = self.storage  # or a middleware around it
        return storage  # type: ignore[no-any-return]

    def _drop(self, tables: Callable[[], set[str]]) -> None:
        def drop(tx: Tx) -> None:
            for table in tables():
                for id, _ in tx.find(table):
                    tx.delete(table, id)

        self._hunter.transact(drop)
        self._hunter.empty.difference_update(tables())
