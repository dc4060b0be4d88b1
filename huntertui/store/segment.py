"""One file of the journal, journal-<first>.jsonl: a head, then one line for each record, without a gap."""

from __future__ import annotations

import os
import re
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from huntertui.errors import Damaged, Uncertain, Upgraded
from huntertui.store.disk import explained, open_plain, replace, sync_folder, write_all
from huntertui.store.record import seal, unseal

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 2
"""1 was the whole-file store without a journal."""


class Segment:
    """A segment as far as it has been read. `seq`: the last record read, `end`: where it ends in the file."""

    def __init__(self, path: Path, store: str) -> None:
        """Open it and read its head. FileNotFoundError; Damaged; Upgraded."""
        self._path = path
        self._fd = open_plain(path, os.O_RDONLY)
        self._writer = -1
        line = os.pread(self._fd, 4096, 0).partition(b"\n")[0]
        head = unseal(line) or {}
        if head.get("h", 0) > SCHEMA:
            raise Upgraded(NEWER)
        if head.get("store") != store or numbered(path.name, "journal-", ".jsonl") != head.get("first"):
            raise Damaged(f"{path}: it does not begin as a journal of this store: run huntertui store repair")
        self.first: int = head["first"]
        self.seq = self.first - 1
        self.end = len(line) + 1
        self._starts = array("Q")

    def __del__(self) -> None:
        for fd in (getattr(self, "_fd", -1), getattr(self, "_writer", -1)):
            if fd >= 0:
                os.close(fd)

    def read(self) -> list[dict[str, Any]]:
        """What the lines hold that have been written since the last look. Damaged; FileNotFoundError.

        What is behind the last whole record may be a line that a colleague is writing, or that a dead one has
        begun: nobody has been told that it lasts. But nothing whole may stand behind what is broken.
        """
        info = os.fstat(self._fd)
        if not info.st_nlink:
            raise FileNotFoundError(self._path)  # we have slept for so long that it is not kept any more
        size = info.st_size
        if size < self.end:
            raise self._damaged(f"cut short to {size} bytes, {self.end} were read already")
        if size == self.end:
            return []
        with explained(self._path):
            data = os.pread(self._fd, size - self.end, self.end)
        found: list[dict[str, Any]] = []
        *lines, _ = data.split(b"\n")
        for at, line in enumerate(lines):
            parts = unseal(line)
            if not parts or parts.get("s") != self.seq + 1:
                if not found and any(map(unseal, lines[at:])):
                    raise self._damaged(
                        f"broken at byte {self.end}, where record {self.seq + 1} should stand"
                    )
                break
            found.append(parts)
            self._took(line)
        return found

    def parts(self, seq: int) -> dict[str, Any] | None:
        """What the line of a record that has been read holds."""
        at = seq - self.first
        if not 0 <= at < len(self._starts):
            return None
        start = self._starts[at]
        end = self._starts[at + 1] if at + 1 < len(self._starts) else self.end
        with explained(self._path):
            parts = unseal(os.pread(self._fd, end - start - 1, start))
        if parts is None:
            raise self._damaged(f"record {seq} has become unreadable")
        return parts

    def append(self, line: bytes) -> None:
        """Write the next record, durably, under the lock and after `read`.

        Full, NotAllowed: nothing changed. Uncertain: written, but the system could not say that it lasts. It
        must not be tried again, as the system may have forgotten what it could not write.
        """
        if self._writer < 0:
            self._writer = open_plain(self._path, os.O_WRONLY | os.O_APPEND)
            for folder in self._path.parents[:3]:  # who made the file or a folder may have died over that
                with suppress(PermissionError):
                    sync_folder(folder)
        with explained(self._path):
            if os.fstat(self._writer).st_size > self.end:
                os.ftruncate(self._writer, self.end)  # begun by someone who died
            try:
                write_all(self._writer, line)
            except OSError:
                os.ftruncate(self._writer, self.end)
                raise
        try:
            os.fdatasync(self._writer)
        except OSError as error:
            raise Uncertain(f"{self._path}: written, but perhaps not durably ({error.strerror})") from error
        self._took(line[:-1])

    def sync(self) -> None:
        """Make all that is in it durable."""
        with explained(self._path):
            os.fsync(self._fd)

    def _took(self, line: bytes) -> None:
        self._starts.append(self.end)
        self.end += len(line) + 1
        self.seq += 1

    def _damaged(self, why: str) -> Damaged:
        return Damaged(f"{self._path}: {why}. It was left untouched: run huntertui store repair")


NEWER = "a newer version of huntertui keeps this store: restart huntertui, or upgrade it"


def begin_segment(folder: Path, first: int, store: str) -> Path:
    """Make an empty segment, durably, and return its path."""
    path = folder / f"journal-{first}.jsonl"
    replace(path, [seal({"h": SCHEMA, "store": store, "first": first})])
    return path


def numbered(name: str, before: str, after: str) -> int | None:
    """The number in a file's name; None when it is another file."""
    found = re.fullmatch(rf"{re.escape(before)}(0|[1-9][0-9]*){re.escape(after)}", name)
    return int(found[1]) if found else None


def numbers(folder: Path, before: str, after: str) -> list[int]:
    """The numbers of the files of a kind, ascending; NotAllowed."""
    try:
        with explained(folder):
            names = os.listdir(folder)  # noqa: PTH208
    except FileNotFoundError:
        return []
    return sorted(number for name in names if (number := numbered(name, before, after)) is not None)
