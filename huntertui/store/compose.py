"""Writing a base out of an older one and what has changed since, without reading what has not.

Runs of unchanged documents are copied byte for byte, so the cost of a million documents is that of copying
the file; only the changed ones are put into JSON.
"""

from __future__ import annotations

import os
import zlib
from array import array
from bisect import bisect_left
from heapq import merge
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from huntertui.store.base import (
    LINKS,
    META,
    NONE,
    Base,
    Index,
    Numbers,
    Table,
    link_in,
    links_of,
    write_index,
)
from huntertui.store.disk import chunks, replace, replacement, write_all
from huntertui.store.record import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from huntertui.store.encoded import Run
    from huntertui.store.store import Doc

_BUFFER = 1 << 20
_MANY = 1000  # encoded documents that are put together at once
_SYNC = 16 << 20  # bytes after which what is written is synced: so that colleagues' small syncs need not wait


def compose(
    path: Path,
    base: Base,
    changed: Mapping[str, Mapping[int, Doc | None]],
    meta: Doc,
    progress: Callable[[float], None] = lambda _: None,
    runs: Iterable[tuple[str, Run]] = (),
) -> Index:
    """Write `base` with `changed` as a new base at `path`, with its index; both durable, the base last.

    `changed`: table -> id -> the document as it is now, None when it is deleted. `runs`: (table, documents
    that are in neither). `progress` gets what part is done. Full, NotAllowed: nothing was written.
    """
    with replacement(path) as fd:
        index = write_base(fd, base, changed, meta, progress, runs)
        os.fsync(fd)  # before the index, which must not stand for what a power cut may take back
        replace(path.with_suffix(".idx"), write_index(index))
    return index


def write_base(
    fd: int,
    base: Base,
    changed: Mapping[str, Mapping[int, Doc | None]],
    meta: Doc,
    progress: Callable[[float], None] = lambda _: None,
    runs: Iterable[tuple[str, Run]] = (),
) -> Index:
    """Write `base` with `changed` to `fd`, and return its index; see `compose`."""
    of: dict[str, dict[int, Run]] = {}
    for name, run in runs:
        of.setdefault(name, {})[run.ids.start] = run
    out = _Out(fd, lambda at: progress(min(1.0, at / max(1, base.index.size))))
    out.put(f'{{"{META}":{{"1":{dumps(meta)}}}'.encode())
    tables = {}
    for name in dict.fromkeys((*base.index.tables, *changed, *of)):
        section = _Section(out, base, name)
        if table := section.write(changed.get(name, {}), of.get(name, {})):
            tables[name] = table
    out.put(b"}\n")
    out.flush()
    return Index(out.at, out.crc, tables)


class _Out:
    """Writes on, and counts. `at`: bytes so far; `crc`: their checksum. `told` hears of them now and then."""

    def __init__(self, fd: int, told: Callable[[int], None]) -> None:
        self.at = self.crc = 0
        self._fd, self._told = fd, told
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
            self._told(self.at)
        self._written += len(self._buffer)
        self._buffer.clear()


class _Section:
    """A table, while it is written."""

    def __init__(self, out: _Out, base: Base, name: str) -> None:
        self._out, self._base, self._name = out, base, name
        self._old = base.index.tables.get(name) or Table(NONE, NONE, 0, NONE)
        self._place = 0  # in the old one, up to which it is written
        self._ids, self._starts = array("Q"), array("Q")
        self._links = array("Q") if name in LINKS and self._old.links is not None else None

    def write(self, changed: Mapping[int, Doc | None], runs: Mapping[int, Run]) -> Table | None:
        """Write it; None when there is nothing in it. `runs`: by their first ids; all are new."""
        old = self._old.ids
        for id in merge(sorted(changed), sorted(runs)):
            found = bisect_left(old, id, self._place)
            self._copy(found)
            if id in runs:
                self._put_run(runs[id])
                continue
            self._place += found < len(old) and old[found] == id
            if (doc := changed[id]) is not None:
                self._put([(id, dumps(doc).encode())])
        self._copy(len(old))
        if not self._ids:
            return None
        end = self._out.at
        self._out.put(b"}")
        return Table(self._ids, self._starts, end, self._all_links(changed))

    def _copy(self, place: int) -> None:
        """Copy the documents up to a place."""
        first, self._place = self._place, place
        if first == place:
            return
        self._lead()
        old, start = self._old, self._old.starts[first]
        end = old.starts[place] - 2 if place < len(old.starts) else old.end
        shift = self._out.at - start
        self._ids.frombytes(bytes(old.ids[first:place]))
        self._starts.extend(at + shift for at in old.starts[first:place])
        for piece in chunks(self._base.fd, start, end):
            self._out.put(piece)

    def _put_run(self, run: Run) -> None:
        items = run.items()
        while some := list(islice(items, _MANY)):
            self._put(some)
            try:
                if self._links is not None:
                    found = (link_in(self._name, id, text) for id, text in some)
                    self._links.extend(link for link in found if link is not None)
            except OverflowError:
                self._links = None

    def _put(self, items: Sequence[tuple[int, bytes]]) -> None:
        self._lead()
        lines = [b'"%d":%b' % item for item in items]
        self._ids.extend(id for id, _ in items)
        self._starts.extend(accumulate((len(line) + 2 for line in lines[:-1]), initial=self._out.at))
        self._out.put(b",\n".join(lines))

    def _lead(self) -> None:
        self._out.put(b",\n" if self._ids else f",\n{dumps(self._name)}:{{\n".encode())

    def _all_links(self, changed: Mapping[int, Doc | None]) -> Numbers | None:
        if self._links is None or self._old.links is None:
            return None
        name = self._name
        try:
            gone = [links_of(name, id, self._base.get(name, id)) for id in changed]
            come = [links_of(name, id, doc) for id, doc in changed.items()]
        except OverflowError:
            return None
        self._links.extend(link for link in come if link is not None)
        return _merged(self._old.links, (link for link in gone if link is not None), self._links)


def _merged(old: Numbers, gone: Iterable[int], come: Iterable[int]) -> Numbers:
    links, place = array("Q"), 0
    for link, new in merge(((link, False) for link in sorted(gone)), ((link, True) for link in sorted(come))):
        found = bisect_left(old, link, place)
        links.frombytes(bytes(old[place:found]))
        place = found
        if new:
            links.append(link)
        else:
            place += 1
    links.frombytes(bytes(old[place:]))
    return links
