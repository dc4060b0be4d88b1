"""The bytes of a file, opened once and read as often as it takes; what gzip has packed comes unpacked.

Only plain files are read, and only so much of them: a pipe would wait for somebody to write into it, a device
never ends, and a few kilobytes of gzip may hold a thousand times as much.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import finalize

from huntertui.exchange.faults import ImportFault
from huntertui.model.text import shown
from huntertui.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

MAX_BYTES = 1024**3
CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Blob:
    """A plain file as it was when it was opened: `size` bytes of it. `where`: its path as it may be shown."""

    where: str
    fd: int
    size: int
    packed: bool

    def open(self) -> BinaryIO:
        """Its bytes from their beginning, whoever else reads them. ImportFault when there are too many."""
        raw = io.BufferedReader(_Part(self.fd, self.size), CHUNK)
        if not self.packed:
            return raw
        return io.BufferedReader(_Unpacked(gzip.GzipFile(fileobj=raw), self.where), CHUNK)

    def chunks(self) -> Iterator[bytes]:
        """The same in pieces."""
        with self.open() as file:
            while data := file.read(CHUNK):
                yield data

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as file:
            return file.read(size)


def open_blob(path: Path) -> Blob:
    """Open a plain file; it is closed when nobody holds it any more. ImportFault when it cannot be read."""
    where = shown(str(path))
    try:
        # Not blocking, for the opening of a pipe; reading a plain file does not care.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise ImportFault(f"{where} cannot be read: {(error.strerror or 'error').lower()}") from None
    except ValueError:
        raise ImportFault(f"{where} is no path of a file") from None
    status = os.fstat(fd)
    plain = stat.S_ISREG(status.st_mode)
    blob = Blob(where, fd, status.st_size, plain and os.pread(fd, 2, 0) == _GZIP)
    finalize(blob, os.close, fd)
    if not plain:
        raise ImportFault(
            f"{where} is no plain file: give the path of one that another program exported, or pipe it into -"
        )
    if blob.size > MAX_BYTES:
        raise too_large(where)
    return blob


def too_large(where: str) -> ImportFault:
    """The error about a file that is larger than the cap."""
    return ImportFault(f"{where} is larger than {MAX_BYTES // 1024**2} MB: import it in parts")


class _Part(io.RawIOBase):
    """The first bytes of an open file, at a place of its own."""

    def __init__(self, fd: int, size: int) -> None:
        self._fd, self._size, self._at = fd, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(offset + (0, self._at, self._size)[whence], 0)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = os.pread(self._fd, min(len(view), max(self._size - self._at, 0)), self._at)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """What a packed file holds, as long as it is no more than a plain one may hold."""

    def __init__(self, file: gzip.GzipFile, where: str) -> None:
        self._file, self._where, self._left = file, where, MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._file.read(len(view))
        except (OSError, EOFError, zlib.error):
            raise ImportFault(f"{self._where} is a broken gzip file: export it again") from None
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._where)
        view[: len(data)] = data
        return len(data)
