"""A base: the whole state at one sequence number, as plain TinyDB JSON with one document a line.

    {"_meta":{"1":{"schema":2,"store":"<uuid>","seq":2,"next":{"opportunities":3}}},
    "opportunities":{
    "1":{...},
    "2":{...}},
    "events":{
    ...}}

It is never changed once it has its name, so it is read where it lies: each process holds no more than the
mapped index beside it, and what it reads comes from the memory that the system shares between all. The index
can be made anew from the base; whoever finds none does so, in his own memory.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import zlib
from array import array
from bisect import bisect_left
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from huntertui.errors import Damaged
from huntertui.records import dataclass
from huntertui.store.disk import explained, open_plain
from huntertui.store.record import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from huntertui.store.store import Doc

META = "_meta"
LINKS = {"events": "opportunity"}
"""Table -> the field that holds an id, by which its documents are found without reading them all."""

TABLE = re.compile(rb'("(?:[^"\\]|\\.)*"):\{\n')
ENTRY = re.compile(rb'"([1-9][0-9]*)":\{(?!\n)')  # not a table whose name is a number
# Within no other value: that would end before the bracket.
_LAST = re.compile(rb'[,{]"([a-z]+)":([0-9]+)\}\Z')
_LONGEST = 50  # bytes of it
_CHUNK = 1 << 20
_SOME = 500  # documents read in one go, backwards
_HALF = 1 << 32  # a link is a number of 64 bits: the value that is linked to, then the id


Numbers: TypeAlias = "array[int] | memoryview[int]"  # of 64 bits


@dataclass(frozen=True, slots=True)
class Table:
    """Where the documents of a table stand: their ids, ascending, where each begins, where the last ends.

    `links`: value and id in one number, sorted; None when the table has no such index.
    """

    ids: Numbers
    starts: Numbers
    end: int
    links: Numbers | None


@dataclass(frozen=True, slots=True)
class Index:
    """What an index file holds. `size` and `crc` are of the base."""

    size: int
    crc: int
    tables: Mapping[str, Table]


NONE = array("Q")
NOTHING = Index(0, 0, {})


@dataclass(slots=True)
class Base:
    """One base, open for reading. `meta`: its first line; `index`: where its documents are."""

    path: Path | None
    fd: int = -1
    meta: Doc = field(default_factory=dict)
    index: Index = NOTHING

    @classmethod
    def open(cls, path: Path) -> Base:
        """Open the base at `path`; FileNotFoundError, Damaged."""
        fd = open_plain(path, os.O_RDONLY)
        base = cls(path, fd)
        base.meta = read_meta(base._head())
        if not base.meta:
            raise base.damaged("it does not begin as a base")
        size = os.fstat(fd).st_size
        base.index = read_index(path.with_suffix(".idx"), size) or build_index(fd, size, path)
        return base

    @property
    def seq(self) -> int:
        """The last record that is in it."""
        seq: int = self.meta.get("seq", 0)
        return seq

    def get(self, table: str, id: int) -> Doc | None:
        """A document; Damaged."""
        at = self.find(table, id)
        return None if at is None else self._read(table, at)

    def find(self, table: str, id: int) -> int | None:
        """The place of an id in its table."""
        there = self.index.tables.get(table)
        if there is None:
            return None
        at = bisect_left(there.ids, id)
        return at if at < len(there.ids) and there.ids[at] == id else None

    def items(self, table: str, holding: Collection[bytes] = ()) -> Iterator[tuple[int, Doc]]:
        """All documents of a table, by id; Damaged. `holding`: only those in whose line one of these stands,
        which spares the rest from being read."""
        there = self.index.tables.get(table)
        if there is None:
            return
        rest, at = b"", there.starts[0]
        while at < there.end:
            piece = self._bytes(at, min(at + _CHUNK, there.end))
            at += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if not holding or any(one in line for one in holding):
                    yield self._parse(line[:-1])
        if not holding or any(one in rest for one in holding):
            yield self._parse(rest)

    def linked(self, table: str, value: int, holding: Collection[bytes] = ()) -> list[tuple[int, Doc]] | None:
        """The documents whose field in LINKS has that value; None when that must be searched for.

        `holding`: as for `items`.
        """
        there = self.index.tables.get(table)
        if there is None:
            return []
        links = there.links
        if links is None or not 0 < value < _HALF:
            return None
        at = bisect_left(links, value * _HALF)
        found: list[tuple[int, Doc]] = []
        while at < len(links) and links[at] // _HALF == value:
            id = links[at] % _HALF
            if (place := self.find(table, id)) is not None:
                line = self._line(table, place)
                if not holding or any(one in line for one in holding):
                    found.append((id, self._checked(table, place, line)))
            at += 1
        return found

    def backwards(self, table: str, before: int | None = None) -> Iterator[tuple[int, Doc]]:
        """The documents of a table from the highest id on down, or from below `before`; Damaged.

        They are read some at a time, as they are asked for.
        """
        there = self.index.tables.get(table)
        if there is None:
            return
        end = len(there.ids) if before is None else bisect_left(there.ids, before)
        while end:
            start = max(end - _SOME, 0)
            stop = there.starts[end] - 2 if end < len(there.starts) else there.end
            lines = self._bytes(there.starts[start], stop).split(b",\n")
            if len(lines) != end - start:
                raise self.damaged("its index takes other places for documents than where they are")
            for at, line in zip(range(end - 1, start - 1, -1), reversed(lines), strict=True):
                yield there.ids[at], self._checked(table, at, line)
            end = start

    def damaged(self, why: str) -> Damaged:
        """The error that says what is wrong and what to do."""
        return Damaged(f"{self.path}: {why}: run huntertui store repair")

    def __del__(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)

    def _head(self) -> bytes:
        head = b""
        while b"\n" not in head:
            piece = self._bytes(len(head), len(head) + (1 << 14))
            head += piece
        return head.partition(b"\n")[0]

    def _bytes(self, start: int, end: int) -> bytes:
        """Some bytes from `start` on, all of them to `end` unless these are many."""
        try:
            found = os.pread(self.fd, end - start, start)
        except OSError as error:
            raise self.damaged(f"it cannot be read ({error.strerror})") from error
        if not found:
            raise self.damaged("it is shorter than it was")
        return found

    def _read(self, table: str, at: int) -> Doc:
        return self._checked(table, at, self._line(table, at))

    def _line(self, table: str, at: int) -> bytes:
        there = self.index.tables[table]
        start = there.starts[at]
        return self._bytes(start, there.starts[at + 1] - 2 if at + 1 < len(there.starts) else there.end)

    def _checked(self, table: str, at: int, line: bytes) -> Doc:
        there = self.index.tables[table]
        id, doc = self._parse(line)
        if id != there.ids[at]:
            raise self.damaged(f"its index takes {table} #{id} for #{there.ids[at]}")
        return doc

    def _parse(self, line: bytes) -> tuple[int, Doc]:
        entry = ENTRY.match(line)
        try:
            if entry:
                return int(entry[1]), json.loads(line[entry.end() - 1 :])
        except ValueError:
            pass
        raise self.damaged("a document cannot be read")


def read_meta(line: bytes) -> Doc:
    """What the first line of a base, without its newline, says of it; {} when it is none."""
    try:
        meta = json.loads(line[:-1] + b"}" if line.endswith(b",") else line)[META]["1"]
    except (ValueError, KeyError, TypeError):
        return {}
    return meta if isinstance(meta, dict) and isinstance(meta.get("seq"), int) else {}


def links_of(table: str, id: int, doc: Doc | None) -> int | None:
    """The link of a document; None when it points to no id. OverflowError when its own id is too large."""
    return _link(doc.get(LINKS[table]) if doc and table in LINKS else None, id)


def link_in(table: str, id: int, text: bytes) -> int | None:
    """The same of one that is encoded, which is not read where it ends with its link."""
    last = _LAST.search(text, max(len(text) - _LONGEST, 0))
    if last and last[1].decode() == LINKS.get(table):
        return _link(int(last[2]), id)
    return links_of(table, id, json.loads(text))


def _link(value: object, id: int) -> int | None:
    if type(value) is not int or not 0 < value < _HALF:
        return None
    if id >= _HALF:
        raise OverflowError
    return value * _HALF + id


# The index file: a sealed line, filled up to a multiple of eight, then the numbers of each table.


def write_index(index: Index) -> Iterator[bytes]:
    """The bytes of an index file."""
    places: dict[str, Any] = {}
    at = 0
    for name, table in index.tables.items():
        links = None if table.links is None else len(table.links)
        places[name] = [at, len(table.ids), table.end, links]
        at += 2 * len(table.ids) + (links or 0)
    head = seal({"size": index.size, "base": index.crc, "numbers": at, "tables": places})
    yield head.rstrip(b"\n").ljust(-(-len(head) // 8) * 8 - 1) + b"\n"
    for table in index.tables.values():
        for numbers in (table.ids, table.starts, table.links or NONE):
            yield bytes(numbers)


def read_index(path: Path, size: int | None) -> Index | None:
    """The index at `path`, mapped; None when there is none that fits a base of `size` bytes (None: any)."""
    try:
        fd = open_plain(path, os.O_RDONLY)
    except (FileNotFoundError, Damaged):
        return None
    try:
        with explained(path):
            length = os.fstat(fd).st_size
            if not length or length % 8:
                return None
            numbers = memoryview(mmap.mmap(fd, length, access=mmap.ACCESS_READ))
    finally:
        os.close(fd)
    mapped: mmap.mmap = numbers.obj  # type: ignore[assignment]
    newline = mapped.find(b"\n")
    head = unseal(mapped[:newline].rstrip(b" "))
    if (
        not head
        or size not in (None, head.get("size"))
        or "base" not in head
        or length != newline + 1 + 8 * head["numbers"]
    ):
        return None
    numbers = numbers[newline + 1 :].cast("Q")
    tables = {}
    for name, (at, count, end, links) in head["tables"].items():
        ids, starts = numbers[at : at + count], numbers[at + count : at + 2 * count]
        rest = None if links is None else numbers[at + 2 * count : at + 2 * count + links]
        tables[name] = Table(ids, starts, end, rest)
    return Index(head["size"], head["base"], tables)


def build_index(fd: int, size: int, path: Path) -> Index:
    """The index of a base, from its lines alone; Damaged when they are not those of one."""
    decoder = json.JSONDecoder()
    tables: dict[str, Table] = {}
    ids, starts, links = array("Q"), array("Q"), array("Q")
    crc = at = 0
    name: str | None = None
    whole = True

    def close(end: int) -> None:
        if name is not None and ids:
            found = array("Q", sorted(links)) if name in LINKS and whole else None
            tables[name] = Table(ids, starts, end, found)

    with os.fdopen(os.dup(fd), "rb") as file:
        file.seek(0)
        for line in file:
            crc = zlib.crc32(line, crc)
            if entry := ENTRY.match(line):
                id = int(entry[1])
                if name is None or (ids and id <= ids[-1]):
                    raise Damaged(f"{path}: #{id} stands where it should not: run huntertui store repair")
                ids.append(id)
                starts.append(at)
                if name in LINKS:
                    try:
                        doc, _ = decoder.raw_decode(line[entry.end() - 1 :].decode())
                        link = links_of(name, id, doc)
                        links.extend(() if link is None else (link,))
                    except (OverflowError, ValueError):
                        whole = False
            elif table := TABLE.fullmatch(line):
                close(at - 3)  # "},\n"
                name, whole = json.loads(table[1]), True
                ids, starts, links = array("Q"), array("Q"), array("Q")
            elif at:
                raise Damaged(f"{path}: a line at byte {at} is none of a base: run huntertui store repair")
            at += len(line)
    if at != size or (name is not None and not line.endswith(b"}}}\n")):
        raise Damaged(f"{path}: cut short: run huntertui store repair")
    close(at - 3)  # "}}\n"
    return Index(size, crc, tables)
