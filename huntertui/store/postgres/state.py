"""The state after one change, read from the database as it was then, whatever is written meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from huntertui.store.base import LINKS
from huntertui.store.postgres import statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from huntertui.store.postgres.link import Link
    from huntertui.store.store import Doc, Where

IDS = 10**15  # see draft.py
ROOM = 64 << 20
"""Characters of documents kept at hand: 100,000 open items of the usual size."""

FULL = 60.0  # seconds that the reading of a whole table may take

Written = tuple[str, int, str | None]
"""Table, id, and the document as JSON; None: deleted."""


class State:
    """Reads documents, each one a copy, and takes in what was written.

    What was read stays at hand as far as there is room, so that a look at an open item asks nobody; what is
    found by a link (`LINKS`) does not, as it is only looked at.
    """

    def __init__(self, link: Link) -> None:
        """Begin before the first change."""
        self.seq = 0
        self._link = link
        self._texts: dict[tuple[str, int], str | None] = {}
        self._held: dict[tuple[str, int], str | None] | None = None  # in a transaction: all that it read
        self._next_ids: dict[str, int] = {}
        self._size = 0

    def get(self, table: str, id: int) -> Doc | None:
        """A document, or None. Lost, and what else `Link.read` raises."""
        text = self._text(table, id)
        return None if text is None else _doc(text)

    def items(self, table: str, where: Where = ()) -> Iterator[tuple[int, Doc]]:
        """All documents of a table, or at least those that fulfil the conditions. Errors as in `get`."""
        if not self.seq or not storable(table):
            return
        query, values = statements.find(table, where, self.seq)
        for id, text in self._link.read(query, values, FULL):
            self._keep(table, id, text)
            yield id, _doc(text)

    def latest(self, table: str, limit: int, before: int | None = None) -> list[tuple[int, Doc]]:
        """The documents with the highest ids (below `before`), the highest first. Errors as in `get`."""
        if not self.seq or not storable(table):
            return []
        below = IDS if before is None else max(min(before, IDS), 0)
        rows = self._link.read(statements.LATEST, (table, self.seq, below, limit))
        return [(id, _doc(text)) for id, text in rows]

    def next_id(self, table: str) -> int:
        """The first id of a table that no document has or had. Errors as in `get`."""
        if table not in self._next_ids:
            rows = self._link.read(statements.HIGHEST, (table,)) if self.seq and storable(table) else []
            self._next_ids[table] = rows[0][0] + 1 if rows else 1
        return self._next_ids[table]

    def take(self, seq: int, written: Iterable[Written]) -> None:
        """Take in the next change."""
        for table, id, text in written:
            self._keep(table, id, text, new=True)
            if table in self._next_ids:
                self._next_ids[table] = max(self._next_ids[table], id + 1)
        self.seq = seq

    def jump(self, seq: int) -> None:
        """Go to a state of which it is not known what differs."""
        self._texts, self._next_ids, self._size = {}, {}, 0
        self.seq = seq

    def hold(self) -> None:
        """From now on all that is read stays at hand."""
        self._held = {}

    def let_go(self) -> None:
        """No more than there is room for."""
        self._held = None

    def whole(self, table: str, id: int, new: Doc, old: Doc) -> Doc:
        """What an update makes of a document: see `Op`."""
        now = self.get(table, id) or {}
        return {field: value for field, value in (now | new).items() if field in new or field not in old}

    def _text(self, table: str, id: int) -> str | None:
        if not self.seq or type(id) is not int or not 0 < id < IDS:
            return None
        key = table, id
        for known in (self._texts, self._held or {}):
            if key in known:
                return known[key]
        if not storable(table):
            return None
        rows = self._link.read(statements.GET, (table, id, self.seq))
        text: str | None = rows[0][0] if rows else None
        self._keep(table, id, text)
        return text

    def _keep(self, table: str, id: int, text: str | None, *, new: bool = False) -> None:
        """Have a document at hand, if there is room; what is `new` gets room."""
        key = table, id
        if self._held is not None:
            self._held[key] = text
        if table in LINKS:
            return
        before = self._texts.pop(key, None)
        self._size -= len(before or "")
        while new and self._texts and self._size + len(text or "") > ROOM:
            self._size -= len(self._texts.pop(next(iter(self._texts))) or "")
        if self._size + len(text or "") <= ROOM:
            self._texts[key] = text
            self._size += len(text or "")


def storable(text: str) -> bool:
    """Whether the database knows such a text at all: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _doc(text: str) -> Doc:
    doc: dict[str, Any] = json.loads(text)
    return doc
