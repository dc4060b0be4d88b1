"""Files that a crash, a full disk or a planted link cannot break: how the store's are opened and replaced.

Modes are set whatever the umask, so that colleagues of a common group can go on: files 0660, folders 2770.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from huntertui.errors import Damaged, Full, HunterError, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o660, 0o2770
_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a planted pipe must not hold us up
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
_NOT_PLAIN = (errno.ELOOP, errno.ENXIO, errno.EISDIR)
_CHUNK = 1 << 20


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise what the system says as one of our errors, except FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Full(f"{path}: no space left, nothing was changed ({error.strerror})") from error
        if error.errno in _NOT_PLAIN:
            raise Damaged(f"{path}: not a plain file. It was left untouched: put it away") from error
        kind = NotAllowed if error.errno in _DENIED else HunterError
        raise kind(f"{path}: nothing was changed ({error.strerror})") from error


def open_plain(path: Path, flags: int) -> int:
    """Open a plain file, never through a link; made (O_CREAT) with the right mode. Damaged: it is no file."""
    try:
        fd = os.open(path, flags | _SAFE, FILE_MODE)
    except OSError:
        with explained(path):
            raise
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise Damaged(f"{path}: not a plain file. It was left untouched: put it away")
        if flags & os.O_CREAT and info.st_uid == os.geteuid() and stat.S_IMODE(info.st_mode) != FILE_MODE:
            os.fchmod(fd, FILE_MODE)
    except BaseException:
        os.close(fd)
        raise
    return fd


def write_all(fd: int, data: bytes) -> None:
    """Write all of it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def read_all(path: Path) -> bytes:
    """All of a file."""
    fd = open_plain(path, os.O_RDONLY)
    with explained(path), os.fdopen(fd, "rb") as file:
        return file.read()


def chunks(fd: int, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` to `end`, a megabyte at a time. OSError when the file is shorter."""
    while start < end:
        piece = os.pread(fd, min(_CHUNK, end - start), start)
        if not piece:
            raise OSError(errno.EIO, "shorter than it was")
        start += len(piece)
        yield piece


@contextmanager
def replacement(path: Path) -> Iterator[int]:
    """Yield a new file to write to; at the end it is synced and is `path`, durably; not if anything fails."""
    temporary = path.parent / f"{path.name}.{os.getpid()}.tmp"
    with explained(path):
        with suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108  (all calls that change something go through `os`)
        fd = open_plain(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        try:
            yield fd
            os.fsync(fd)
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise
        finally:
            os.close(fd)
        sync_folder(path.parent)


def replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Replace a file whole, durably."""
    with replacement(path) as fd:
        for piece in pieces:
            write_all(fd, piece)


def remove(path: Path) -> None:
    """Remove a file if it is there and may be removed."""
    with suppress(OSError):
        os.unlink(path)  # noqa: PTH108


def make_folder(folder: Path) -> None:
    """Make a folder for the group, and those above it, durably, unless it is there."""
    if folder.is_dir():
        return
    try:
        with explained(folder):
            _make_folder(folder)
    except FileNotFoundError as error:  # as /proc puts it
        raise NotAllowed(f"{folder}: no folder can be made there") from error


def _make_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f"{folder.name}.{os.urandom(4).hex()}.tmp")
    os.mkdir(made, 0o700)  # noqa: PTH102
    os.chmod(made, FOLDER_MODE)  # noqa: PTH101
    try:
        os.rename(made, folder)  # noqa: PTH104  (only now: whoever finds it may take it for finished)
    except OSError:
        os.rmdir(made)  # noqa: PTH106
        if not folder.is_dir():  # else a colleague was quicker
            raise
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
