"""A close look at the files of a store, one by one, that goes on where others stop: for verify and repair."""

from __future__ import annotations

import json
import os
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from huntertui.errors import BadValue, Damaged, Upgraded
from huntertui.records import dataclass
from huntertui.store.base import ENTRY, TABLE, Index, build_index, read_index, read_meta
from huntertui.store.disk import explained, open_plain
from huntertui.store.record import record_of, unseal
from huntertui.store.segment import NEWER, SCHEMA, numbered, numbers
from huntertui.store.values import plain_doc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huntertui.store.store import Doc

REPAIR = "run huntertui store repair"
_DECODER = json.JSONDecoder()
_MORE, _ENDS = b",\n", (b"},\n", b"}}\n")  # what stands behind a document: another one, or the table's end


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong. `where`: the place in the file ("line 3, byte 120"), "" when it is all of it."""

    file: Path
    where: str
    what: str
    cure: str = REPAIR

    def __str__(self) -> str:
        """In a line."""
        return f"{self.file}{', ' if self.where else ''}{self.where}: {self.what}: {self.cure}"


@dataclass(slots=True)
class CheckedBase:
    """A base, or a rebase, and what is wrong with it; `index_faults`: only with its index.

    `meta` and `index`, made of its lines, are there when they can be read; `seq` is that of its name.
    """

    path: Path
    seq: int
    meta: Doc = field(default_factory=dict)
    index: Index | None = None
    faults: list[Fault] = field(default_factory=list)
    index_faults: list[Fault] = field(default_factory=list)


class Line(NamedTuple):
    """A document of a base as it lies there. `why`: what is wrong with it, or ""; `table`: or "", unknown."""

    number: int
    at: int
    table: str
    id: int
    doc: Doc | None
    why: str


def check_base(path: Path, seq: int, progress: Callable[[float], None] = lambda _: None) -> CheckedBase:
    """Read a base whole. FileNotFoundError; NotAllowed; Upgraded."""
    found = CheckedBase(path, seq)
    try:
        fd = open_plain(path, os.O_RDONLY)
    except Damaged as error:
        found.faults.append(Fault(path, "", bare(error, path)))
        return found
    try:
        size = os.fstat(fd).st_size
        head = os.pread(fd, 1 << 16, 0).partition(b"\n")[0]
        found.meta = read_meta(head)
        if found.meta.get("schema", 0) > SCHEMA:
            raise Upgraded(NEWER)
        if found.meta.get("seq") != seq:
            found.meta = {}
            found.faults.append(Fault(path, "line 1, byte 0", "it does not begin as a base of its number"))
        free = found.meta.get("next", {})
        for line in documents(fd, path):
            if line.at % 64 == 0:
                progress(line.at / max(1, size))
            if line.why:
                found.faults.append(Fault(path, f"line {line.number}, byte {line.at}", line.why))
            elif found.meta and line.id >= free.get(line.table, 1):
                what = f"{line.table} #{line.id} is beyond the ids that were given"
                found.faults.append(Fault(path, f"line {line.number}, byte {line.at}", what))
        try:
            found.index = build_index(fd, size, path)
        except Damaged as error:
            if not found.faults:
                found.faults.append(Fault(path, "", bare(error, path)))
    finally:
        os.close(fd)
    _check_index(found, size)
    return found


def documents(fd: int, path: Path) -> Iterator[Line]:
    """All documents of a base, and the lines that should be one and are none."""
    table, at = "", 0
    with explained(path), os.fdopen(os.dup(fd), "rb") as file:
        file.seek(0)
        for number, line in enumerate(file, 1):
            if number > 1:
                if name := TABLE.fullmatch(line):
                    table = json.loads(name[1])
                elif entry := ENTRY.match(line):
                    found, goes_on = _document(number, at, table, int(entry[1]), line[entry.end() - 1 :])
                    yield found
                    table = table if goes_on else ""
                else:
                    yield Line(number, at, "", 0, None, "this is no line of a base")
            at += len(line)


def _document(number: int, at: int, table: str, id: int, text: bytes) -> tuple[Line, bool]:
    """A line's document, and whether the next line is of the same table."""
    goes_on, why, doc = not text.endswith(b"{\n"), "", None
    try:
        doc, end = _DECODER.raw_decode(text.decode("ascii"))
        plain_doc(doc, f"{table} #{id}")
        goes_on = text[end:] == _MORE
        if not goes_on and text[end:] not in _ENDS:
            why = "cannot be read"
        elif not table:
            why = "is of a table whose name cannot be read"
    except BadValue as error:
        why = f"is nothing that a store takes ({error})"
    except ValueError:
        why = "cannot be read"
    why = why and f"{table or 'document'} #{id} {why}"
    return Line(number, at, table, id, None if why and table else doc, why), goes_on


def _check_index(found: CheckedBase, size: int) -> None:
    path = found.path.with_suffix(".idx")
    try:
        stored, there = read_index(path, size), path.is_symlink() or path.exists()
    except (ValueError, KeyError, TypeError):
        stored, there = None, True
    if stored is None and not os.path.lexists(found.path):
        pass  # a checkpoint has just removed both
    elif stored is None:
        what = "it cannot be read, or is not of this base" if there else "it is not there"
        found.index_faults.append(Fault(path, "", what))
    elif found.index is None:
        pass
    elif stored.crc != found.index.crc:
        if not found.faults:
            found.faults.append(Fault(found.path, "", "its bytes are not those that were written"))
    elif not _same(stored, found.index):
        found.index_faults.append(Fault(path, "", "it leads to other places than where the documents are"))


def _same(one: Index, other: Index) -> bool:
    if one.tables.keys() != other.tables.keys():
        return False
    for name, a in one.tables.items():
        b = other.tables[name]
        if (bytes(a.ids), bytes(a.starts), a.end) != (bytes(b.ids), bytes(b.starts), b.end):
            return False
        if a.links is not None and b.links is not None and bytes(a.links) != bytes(b.links):
            return False
    return True


@dataclass(slots=True)
class Strand:
    """A segment as it lies there. `lines`: the number of each whole record -> its bytes without the newline.

    `store`: by its head, "" when that cannot be read. `last`: the last of its records. `tail`: lines behind
    it that are ended but broken; `torn`: whether one was begun behind that, which is harmless.
    """

    path: Path
    first: int
    store: str = ""
    lines: dict[int, bytes] = field(default_factory=dict)
    last: int = 0
    tail: int = 0
    torn: bool = False
    faults: list[Fault] = field(default_factory=list)


def check_segment(path: Path, first: int) -> Strand:
    """Read a segment whole. FileNotFoundError; NotAllowed; Upgraded."""
    found = Strand(path, first, last=first - 1)
    try:
        fd = open_plain(path, os.O_RDONLY)
    except Damaged as error:
        found.faults.append(Fault(path, "", bare(error, path)))
        return found
    at, broken = 0, -1
    with explained(path), os.fdopen(fd, "rb") as file:
        for number, line in enumerate(file, 1):
            parts = unseal(line[:-1]) if line.endswith(b"\n") else None
            if number == 1:
                _take_head(found, parts)
            elif parts is None or not _readable(parts):
                broken = at if broken < 0 else broken
                found.tail += line.endswith(b"\n")
                found.torn = not line.endswith(b"\n")
            else:
                _take_line(found, parts, line[:-1], at, number, broken)
                broken, found.tail = -1, 0
            at += len(line)
    if at == 0:
        _take_head(found, None)
    if found.tail:
        what = f"record {found.last + 1} cannot be read, or was never finished"
        found.faults.append(Fault(path, f"byte {broken}", what))
    return found


def _take_head(found: Strand, parts: dict[str, Any] | None) -> None:
    head = parts or {}
    if head.get("h", 0) > SCHEMA:
        raise Upgraded(NEWER)
    if head.get("first") == found.first and isinstance(head.get("store"), str):
        found.store = head["store"]
    else:
        found.faults.append(Fault(found.path, "line 1, byte 0", "it does not begin as a journal"))


def _take_line(found: Strand, parts: dict[str, Any], line: bytes, at: int, number: int, broken: int) -> None:
    if parts.get("v", SCHEMA) > SCHEMA:
        raise Upgraded(NEWER)
    seq = parts["s"]
    if seq <= found.last:
        what = f"record {seq} stands there after record {found.last}"
        found.faults.append(Fault(found.path, f"line {number}, byte {at}", what))
        return
    place = broken if broken >= 0 else at
    if seq > found.last + 1:
        what = f"{named(found.last + 1, seq - 1)} cannot be read"
        found.faults.append(Fault(found.path, f"byte {place}", what))
    elif broken >= 0:
        found.faults.append(Fault(found.path, f"byte {place}", "what stands there is no record"))
    found.lines[seq], found.last = line, seq


def _readable(parts: dict[str, Any]) -> bool:
    try:
        record = record_of(parts)
        for op in record.ops:
            plain_doc(op.new, op.table)
            plain_doc(op.old, op.table)
    except (KeyError, TypeError, ValueError, OSError):
        return False
    return type(record.seq) is int


def bulk_records(strand: Strand) -> Iterator[int]:
    """The records of a segment that are kept as a whole new state."""
    for seq, line in strand.lines.items():
        if b'"bulk":' in line and "bulk" in (unseal(line) or {}):
            yield seq


def named(first: int, last: int) -> str:
    """So many records in words."""
    return f"record {first}" if first == last else f"records {first} to {last}"


def strands(folder: Path, progress: Callable[[float], None] = lambda _: None) -> list[Strand]:
    """All segments, the oldest first, with the gaps between them as faults."""
    found: list[Strand] = []
    firsts = numbers(folder, "journal-", ".jsonl")
    for n, first in enumerate(firsts):
        progress(n / len(firsts))
        try:
            strand = check_segment(folder / f"journal-{first}.jsonl", first)
        except FileNotFoundError:
            continue  # a checkpoint has just removed it
        if found and (before := found[-1]).last < first - 1:
            if not before.tail:
                what = f"{named(before.last + 1, first - 1)} are missing behind it"
                before.faults.append(
                    Fault(before.path, "", what.replace("are", "is", before.last == first - 2))
                )
        elif found and before.last >= first:
            before.faults.append(Fault(before.path, "", f"it goes on beyond {strand.path.name}"))
        found.append(strand)
    return found


def bases(folder: Path) -> list[tuple[int, Path]]:
    """All bases and rebases: number and file, ascending."""
    found = []
    for name in os.listdir(folder) if folder.is_dir() else ():  # noqa: PTH208
        for kind in ("base-", "rebase-"):
            if (seq := numbered(name, kind, ".json")) is not None:
                found.append((seq, folder / name))
    return sorted(found)


def part_of(progress: Callable[[float], None], start: float, share: float) -> Callable[[float], None]:
    """The progress of a part that begins at `start` and is that share of the whole."""
    return lambda part: progress(start + share * part)


def bare(error: Exception, path: Path) -> str:
    """What an error says, without the file and the cure."""
    return str(error).removeprefix(f"{path}: ").partition(": run huntertui")[0].partition(". It was left")[0]
