"""What others did to the published file, such as an editor or a script, brought into the store.

It is merged three ways, by field, against the file as it was when the edit started: what the edit changed is
taken over; where we changed the same since, ours stays and theirs is told.
"""

from __future__ import annotations

import json
import re
import reprlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from huntertui.errors import BadValue
from huntertui.records import dataclass
from huntertui.store.values import plain_doc, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from huntertui.store.store import Doc, Tx

BY = "external edit"
"""Whom the record of a merge names."""

_ABSENT = object()
_TWICE = type("value given twice", (), {})()  # what stood under one key twice; the name is for messages


@dataclass(frozen=True, slots=True)
class Lost:
    """A change of theirs that ours overruled. `field` is "" when they deleted what we changed since.

    `theirs` and `ours` are the two values, None for none; `ours` is also None when we deleted the document.
    """

    table: str
    id: int
    field: str
    theirs: Any
    ours: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of an edit.

    `changed`: documents written. `renumbered`: (table, id in the edit, id here). `refused`: a line for each
    thing that the store does not take; what stands in its place here is left as it is.
    """

    changed: int
    lost: tuple[Lost, ...]
    renumbered: tuple[tuple[str, int, int], ...]
    refused: tuple[str, ...]

    @property
    def label(self) -> str:
        """The edit in a line, for its record."""
        kept = (
            "1 value kept as it was" if len(self.lost) == 1 else f"{len(self.lost)} values kept as they were"
        )
        parts = [f"edited outside: {self.changed} changed"]
        if self.lost:
            parts.append(f"{kept} here")
        if self.renumbered:
            parts.append(f"{len(self.renumbered)} renumbered")
        if self.refused:
            parts.append(f"{len(self.refused)} left out")
        return ", ".join(parts)


def read_edited(raw: bytes) -> tuple[Doc | None, dict[str, Any]]:
    """Return the head of a published file (None: it has none) and its tables; ValueError says what is wrong.

    The tables are JSON as it stands there, table -> id -> document, nothing of it checked: see `merge`. They
    may have NaN and infinities, and what is given under one key twice is a value that no store takes.
    """
    try:
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8 text") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"no readable JSON ({error})" if raw.strip() else "empty, not even {}") from error
    if not isinstance(data, dict):
        raise ValueError("no JSON object with tables")
    meta = data.pop("_meta", None)
    head = meta.get("1") if isinstance(meta, dict) else None
    return head if isinstance(head, dict) else None, data


def merge(
    tx: Tx,
    before: Callable[[str], Iterable[tuple[int, Doc]]],
    edited: Mapping[str, Any],
    tables: Iterable[str],
    next_ids: Mapping[str, int] = MappingProxyType({}),
) -> Merged:
    """Write into `tx` what `edited` (see `read_edited`) changed, and label it; doing it again writes nothing.

    `before` gives the documents of a table of which the edit started, none for an unknown one; `tables` names
    those that had any. A table that is no longer in `edited` was emptied, as by TinyDB's `drop_table`.

    An added document whose id another one has here gets a new id. `next_ids` has the first id of each table
    that was never given: those below it are not given again either, as there may be history under them.
    TinyDB does give the id of a deleted document again if it was the highest: when that happens within one
    edit, it cannot be told from a change of the document.
    """
    merging = _Merging(tx, before, next_ids)
    for table in sorted({*tables, *edited}):
        merging.take(table, edited.get(table, {}))
    merged = merging.merged()
    if merged.changed:
        tx.label = merged.label
    return merged


class _Merging:
    def __init__(
        self, tx: Tx, before: Callable[[str], Iterable[tuple[int, Doc]]], next_ids: Mapping[str, int]
    ) -> None:
        self._tx = tx
        self._before = before
        self._next_ids = next_ids
        self._changed = 0
        self._lost: list[Lost] = []
        self._renumbered: list[tuple[str, int, int]] = []
        self._refused: dict[str, None] = {}  # in order, each once

    def merged(self) -> Merged:
        return Merged(self._changed, tuple(self._lost), tuple(self._renumbered), tuple(self._refused))

    def take(self, table: str, edited: Any) -> None:
        """Merge one table."""
        if not isinstance(edited, dict):
            self._refuse(f"{_named(table)}: a table is an object, not a {type(edited).__name__}")
            return
        rows = self._rows(table, edited)
        try:
            for id, base in self._before(table):
                if id not in rows:
                    self._delete(table, id, base)
                elif not same(row := rows.pop(id), base):
                    self._change(table, id, base, row)
            self._add(table, dict(sorted(rows.items())))
        except BadValue as error:  # the table's name: a file from elsewhere may have had more than we take
            self._refuse(str(error))

    def _rows(self, table: str, edited: Mapping[str, Any]) -> dict[int, Any]:
        rows = {}
        for text, row in edited.items():
            if id := _id(text):
                rows[id] = row
            else:
                self._refuse(f"{_named(table)}: {reprlib.repr(text)} is no id")
        return rows

    def _delete(self, table: str, id: int, base: Doc) -> None:
        ours = self._tx.get(table, id)
        if ours is None:
            return
        if same(ours, base):
            self._tx.delete(table, id)
            self._changed += 1
        else:
            self._lost.append(Lost(table, id, "", None, ours))

    def _change(self, table: str, id: int, base: Doc, row: Any) -> None:
        theirs = self._plain(table, id, row)
        if theirs is None:
            return
        ours = self._tx.get(table, id)
        changes, unset = {}, []
        for field in base | theirs:
            was, wanted = base.get(field, _ABSENT), theirs.get(field, _ABSENT)
            here = _ABSENT if ours is None else ours.get(field, _ABSENT)
            if same(wanted, was) or same(wanted, here):
                continue
            if ours is None or not same(here, was):
                self._lost.append(Lost(table, id, field, theirs.get(field), (ours or {}).get(field)))
            elif wanted is _ABSENT:
                unset.append(field)
            else:
                changes[field] = wanted
        if changes or unset:
            self._tx.update(table, id, changes, unset=unset)
            self._changed += 1

    def _add(self, table: str, rows: Mapping[int, Any]) -> None:
        taken = {}
        for id, row in rows.items():
            if (doc := self._plain(table, id, row)) is None:
                continue
            ours = self._tx.get(table, id)
            if ours is None and id >= self._next_ids.get(table, 1):
                self._insert(table, doc, id)
            elif ours is None or not same(ours, doc):
                taken[id] = doc
        # now that the others have their ids, no new one is one of theirs
        here = self._added_here(table, rows) if taken else []
        for id, doc in taken.items():
            if (at := next((i for i, ours in enumerate(here) if same(ours, doc)), None)) is not None:
                del here[at]
            else:
                self._renumbered.append((table, id, self._insert(table, doc, None)))

    def _added_here(self, table: str, rows: Mapping[int, Any]) -> list[Doc]:
        """Return what only we have: an edit that was merged before a crash may be found again after it."""
        known = {id for id, _ in self._before(table)}
        return [doc for id, doc in self._tx.find(table) if id not in known and id not in rows]

    def _insert(self, table: str, doc: Doc, id: int | None) -> int:
        new = self._tx.insert(table, doc, id)
        self._changed += 1
        return new

    def _plain(self, table: str, id: int, row: Any) -> Doc | None:
        try:
            return plain_doc(row, f"{_named(table)} #{id}")
        except BadValue as error:
            self._refuse(str(error))
            return None

    def _refuse(self, why: str) -> None:
        self._refused[why] = None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object: of what stands under one key twice, nobody can tell which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                found[key] = _TWICE
            seen.add(key)
    return found


def _id(text: str) -> int:
    """Return a document's id, 0 for what is none: it has up to 15 digits, which every JSON reader keeps."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,14}", text) else 0


def _named(table: str) -> str:
    """Return a table as messages may name it."""
    return table if table.isidentifier() else reprlib.repr(table)
