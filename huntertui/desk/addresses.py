"""Which items have a person of an e-mail or a phone, open and closed: found without reading them all.

What every process is spared is kept in the store as two arrays: the marks of all addresses, 32 bits each, in
order, and beside each the item that it stands in. A mark may be that of two addresses: what is found is read.
"""

from __future__ import annotations

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from zlib import crc32

from huntertui import __version__
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import Resync
from huntertui.garbage import uncollected
from huntertui.model.text import normalise_email, normalise_phone
from huntertui.store.store import Doc, Store

Sign = tuple[str, str]
"""An address for comparing: "email", "phone" or "tail", and the text."""

TAIL = 9
"""Digits at the end of a phone number that are the same however it is written: national ones have as many."""

MANY = 500  # items read at the first look, from which on it pays to keep what was found
PAGE = 10_000  # documents held at a time where all are read


class Addresses:
    """All items by the addresses in them, kept up with the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._name = f"addresses-{crc32(json.dumps([__version__, sys.byteorder, TAIL]).encode()):08x}"
        self._seen: int | None = None
        self._marks: Sequence[int] = ()
        self._ids: Sequence[int] = ()
        self._since: dict[int, frozenset[int]] = {}  # items changed since that was kept: their marks now

    def of(self, sign: Sign) -> list[int]:
        """The items with this address, by their numbers."""
        self.catch_up()
        mark, found = _mark(sign), set[int]()
        at = bisect_left(self._marks, mark)
        while at < len(self._marks) and self._marks[at] == mark:
            found.add(self._ids[at])
            at += 1
        found.update(id for id, marks in self._since.items() if mark in marks)
        return [id for id in sorted(found) if sign in signs(self._store.get(OPPORTUNITIES, id) or {})]

    def catch_up(self) -> None:
        """Take in what has changed; at first what some process has kept, else all that there is."""
        if self._seen == self._store.seq:
            return
        begun = self._seen is not None
        if not begun:
            self._take_kept()
        try:
            records = None if self._seen is None else self._store.changes(self._seen)
        except (ValueError, Resync):
            records = None
        if records is None:
            self._read_all()
            return
        ids = {op.id for record in records for op in record.ops if op.table == OPPORTUNITIES}
        for id in ids:
            self._since[id] = frozenset(map(_mark, signs(self._store.get(OPPORTUNITIES, id) or {})))
        self._seen = self._store.seq
        if not begun and len(ids) > MANY:
            here = zip(self._marks, self._ids, strict=True)
            now = ((mark, id) for id, marks in self._since.items() for mark in marks)
            self._keep([*(one for one in here if one[1] not in self._since), *now])

    def _take_kept(self) -> None:
        kept = self._store.kept(self._name)
        if kept is None or not kept[1] or len(kept[1]) % _WIDTH:
            return
        seq, data = kept
        count = len(data) // _WIDTH
        self._ids = memoryview(data)[: count * 8].cast("q")
        self._marks = memoryview(data)[count * 8 :].cast("I")
        self._seen = seq

    def _read_all(self) -> None:
        self._store.refresh()
        with uncollected():
            self._keep(list(self._all()))

    def _keep(self, found: list[tuple[int, int]]) -> None:
        """Go by these marks of items from now on; where it pays every process does."""
        self._seen, self._since = self._store.seq, {}
        found.sort()
        marks, ids = array("I", (mark for mark, _ in found)), array("q", (id for _, id in found))
        self._marks, self._ids = marks, ids
        if len(ids) > MANY:
            self._store.keep(self._name, self._seen, ids.tobytes() + marks.tobytes())

    def _all(self) -> Iterator[tuple[int, int]]:
        page = self._store.latest(OPPORTUNITIES, PAGE)
        while page:
            for id, doc in page:
                for sign in signs(doc):
                    yield _mark(sign), id
            page = self._store.latest(OPPORTUNITIES, PAGE, before=page[-1][0])


_WIDTH = array("q").itemsize + array("I").itemsize


def _mark(sign: Sign) -> int:
    return crc32("\t".join(sign).encode("utf-8", "replace"))


def signs(doc: Doc) -> list[Sign]:
    """The addresses in a document, and the ends of its phones; what has another shape is left out."""
    return list(dict.fromkeys(_signs(doc)))


def _signs(doc: Doc) -> Iterator[Sign]:
    with suppress(TypeError, AttributeError):
        for contact in doc.get("contacts") or ():
            for email in contact.get("emails") or ():
                if sign := normalise_email(email):
                    yield "email", sign
            for phone in contact.get("phones") or ():
                if sign := normalise_phone(phone):
                    yield "phone", sign
                    if tail := tail_of(sign):
                        yield "tail", tail


def tail_of(phone: str) -> str:
    """The end of a normalised phone that is the same with and without its country code; "" of a short one."""
    tail = phone.partition("x")[0][-TAIL:]
    return tail if len(tail) == TAIL else ""
