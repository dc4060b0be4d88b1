"""Writing a base out of an older one and what has changed since, without reading what has not.

Runs of unchanged documents are copied byte for byte, so the cost of a million documents is that of copying
the file; only the changed ones are put into JSON.
"""

from __future__ import annotations

import os
import zlib
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from huntertui.store.base import LINKS, META, NONE, Base, Index, Numbers, Table, links_of, write_index
from huntertui.store.disk import chunks, replace, replacement, write_all
from huntertui.store.record import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from huntertui.store.store import Doc

_BUFFER = 1 << 20
_SYNC = 16 << 20  # bytes after which what is written is synced: so that colleagues' small syncs need not wait


def compose(
    path: Path,
    base: Base,
    changed: Mapping[str, Mapping[int, Doc | None]],
    meta: Doc,
    progress: Callable[[float], None] = lambda _: None,
) -> Index:
    """Write `base` with `changed` as a new base at `path`, with its index; both durable, the base last.

    `changed`: table -> id -> the document as it is now, None when it is deleted. `progress` gets what part is
    done. Full, NotAllowed: nothing was written.
    """
    with replacement(path) as fd:
        index = write_base(fd, base, changed, meta, progress)
        os.fsync(fd)  # before the index, which must not stand for what a power cut may take back
        replace(path.with_suffix(".idx"), write_index(index))
    return index


def write_base(
    fd: int,
    base: Base,
    changed: Mapping[str, Mapping[int, Doc | None]],
    meta: Doc,
    progress: Callable[[float], None] = lambda _: None,
) -> Index:
    """Write `base` with `changed` to `fd`, and return its index; see `compose`."""
    composer = _Composer(fd, base, progress)
    composer.put(f'{{"{META}":{{"1":{dumps(meta)}}}'.encode())
    tables = {}
    for name in [*base.index.tables, *(name for name in changed if name not in base.index.tables)]:
        if table := composer.table(name, changed.get(name, {})):
            tables[name] = table
    composer.put(b"}\n")
    composer.flush()
    return Index(composer.at, composer.crc, tables)


class _Composer:
    """Writes on, and counts. `at`: bytes so far; `crc`: their checksum."""

    def __init__(self, fd: int, base: Base, progress: Callable[[float], None]) -> None:
        self.at = self.crc = 0
        self._fd, self._base, self._progress = fd, base, progress
        self._buffer = bytearray()
        self._written = 0

    def put(self, data: bytes) -> None:
        self.at += len(data)
        self.crc = zlib.crc32(data, self.crc)
        self._buffer += data
        if len(self._buffer) >= _BUFFER:
            self.flush()

    def flush(self) -> None:
        write_all(self._fd, bytes(self._buffer))
        if (self._written + len(self._buffer)) // _SYNC > self._written // _SYNC:
            os.fdatasync(self._fd)
            self._progress(min(1.0, self.at / max(1, self._base.index.size)))
        self._written += len(self._buffer)
        self._buffer.clear()

    def table(self, name: str, changed: Mapping[int, Doc | None]) -> Table | None:
        """Write a table; None when there is nothing in it."""
        old = self._base.index.tables.get(name) or Table(NONE, NONE, 0, NONE)
        ids, starts = array("Q"), array("Q")

        def lead() -> None:
            self.put(b",\n" if ids else f",\n{dumps(name)}:{{\n".encode())

        def copy(first: int, last: int) -> None:
            """Copy the documents at the places from `first` until before `last`."""
            if first == last:
                return
            lead()
            start = old.starts[first]
            end = old.starts[last] - 2 if last < len(old.starts) else old.end
            shift = self.at - start
            ids.frombytes(bytes(old.ids[first:last]))
            starts.extend(at + shift for at in old.starts[first:last])
            for piece in chunks(self._base.fd, start, end):
                self.put(piece)

        place = 0
        for id in sorted(changed):
            found = bisect_left(old.ids, id, place)
            copy(place, found)
            place = found + (found < len(old.ids) and old.ids[found] == id)
            if (doc := changed[id]) is not None:
                lead()
                ids.append(id)
                starts.append(self.at)
                self.put(f'"{id}":{dumps(doc)}'.encode())
        copy(place, len(old.ids))
        if not ids:
            return None
        end = self.at
        self.put(b"}")
        return Table(ids, starts, end, self._links(name, old, changed))

    def _links(self, name: str, old: Table, changed: Mapping[int, Doc | None]) -> Numbers | None:
        if name not in LINKS or old.links is None:
            return None
        try:
            gone = (links_of(name, id, self._base.get(name, id)) for id in changed)
            come = (links_of(name, id, doc) for id, doc in changed.items())
            return _merged(old.links, gone, come)
        except OverflowError:
            return None


def _merged(old: Numbers, gone: Iterable[int | None], come: Iterable[int | None]) -> Numbers:
    steps = sorted(
        [
            *((link, False) for link in gone if link is not None),
            *((link, True) for link in come if link is not None),
        ]
    )
    links, place = array("Q"), 0
    for link, new in steps:
        found = bisect_left(old, link, place)
        links.frombytes(bytes(old[place:found]))
        place = found
        if new:
            links.append(link)
        else:
            place += 1
    links.frombytes(bytes(old[place:]))
    return links
