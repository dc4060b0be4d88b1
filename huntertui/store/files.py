"""The file under the TinyDB store: read whole, replaced whole, by one writer at a time.

`store.json` is TinyDB's JSON, pure ASCII, one document a line, 0660 whatever the umask. A writer holds a
flock on `store.json.lock` (it dies with its process; its line says for messages who that is), writes
`store.json.tmp`, syncs it and renames it into place, so a reader needs no lock and sees one state or the
next. The first line carries a checksum of all the rest: a file without it was written by something else.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import time
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinydb.storages import MemoryStorage, Storage

from huntertui.errors import Busy, Damaged, Full, HunterError, NotAllowed, Uncertain

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE_MODE, _FOLDER_MODE = 0o660, 0o2770
_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK_PAUSE = 0.003  # seconds between two tries for the lock
_LINE = 200  # bytes in the lock file that say who holds it
_READ_PAUSES = (0.05, 0.05)  # seconds after a reading that failed
_CRC = b',"crc":"'

_dumps = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class JsonFile(Storage):
    """A TinyDB storage that a crash, a full disk or a colleague cannot break.

    What was read or written counts as known only when the caller says so by `accept`. So a file of which he
    could make no sense stays `changed`, and is never overwritten.
    """

    def __init__(self, path: str) -> None:
        """Refuse a folder that everybody may write to (NotAllowed); touch nothing."""
        self._path = Path(path)
        self._held: _Opened | None = None
        self._latest: _Opened | None = None
        self.edited = False
        with suppress(OSError):
            self._trust_folder()

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return all tables (None: no file) and set `edited`: not made by `write`. Damaged."""
        for pause in _READ_PAUSES:
            with suppress(Damaged):
                return self._read_once()
            time.sleep(pause)  # stock TinyDB and editors write in place: half a file may soon be a whole one
        return self._read_once()

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the file, durably, under the lock. Full, NotAllowed: nothing changed. Uncertain."""
        raw = _encode(data)
        temporary = self._path.with_name(self._path.name + ".tmp")
        with self._explained():
            with suppress(FileNotFoundError):
                temporary.unlink()  # of a writer that was killed: whoever holds the lock is the only one
            fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE, _FILE_MODE)
            try:
                os.fchmod(fd, _FILE_MODE)
                rest = memoryview(raw)
                while rest:
                    rest = rest[os.write(fd, rest) :]
                os.fsync(fd)
                temporary.replace(self._path)
            except BaseException:
                os.close(fd)
                with suppress(OSError):
                    temporary.unlink()
                raise
        self._look_at(fd)
        try:
            _sync_folder(self._path.parent)
        except OSError as error:
            raise Uncertain(f"{self._path}: written, but perhaps not durably ({error.strerror})") from error

    def changed(self) -> bool:
        """Whether the file is another one than that last accepted; costs one stat."""
        try:
            now = _stamp(self._path.lstat())
        except FileNotFoundError:
            return self._held is not None
        except OSError:
            return True
        return self._held is None or now != self._held.stamp

    def accept(self) -> None:
        """Take what was last read or written as known."""
        if self._latest:
            if self._held:
                os.close(self._held.fd)
            self._held, self._latest = self._latest, None

    @contextmanager
    def locked(self, line: str, patience: float) -> Iterator[None]:
        """Be the only writer; `line` says who that is. Makes the folder. Busy after `patience` seconds."""
        with self._explained():
            self._make_folder()
            fd = self._lock(line, time.monotonic() + patience)
        try:
            yield
        finally:
            os.close(fd)

    def close(self) -> None:
        """Let go of the files."""
        self._look_at(None)
        if self._held:
            os.close(self._held.fd)
            self._held = None

    def damaged(self, why: str) -> Damaged:
        """Return the error that says what is wrong and what to do."""
        return Damaged(f"{self._path}: {why}. It was left untouched: mend it, or put a copy in its place")

    def _read_once(self) -> dict[str, dict[str, Any]] | None:
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | _SAFE)
        except FileNotFoundError as error:
            if self._held:
                raise self.damaged("gone since it was last read") from error
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):
                raise self.damaged("not a plain file") from error
            with self._explained():
                raise
        self._look_at(fd)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise self.damaged("not a plain file")
        with os.fdopen(fd, "rb", closefd=False) as file:
            raw = file.read()
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise self.damaged(f"no readable JSON ({error})" if raw else "empty, not even {}") from error
        if not isinstance(data, dict):
            raise self.damaged("no JSON object with tables")
        before, _, after = raw.partition(_CRC)
        self.edited = after[:8] != _crc(before, after[8:])
        return data

    def _look_at(self, fd: int | None) -> None:
        """Keep the file open: as long as it is, its inode number cannot come back as another file's."""
        if self._latest:
            os.close(self._latest.fd)
        self._latest = None if fd is None else _Opened(fd)

    def _lock(self, line: str, deadline: float) -> int:
        path = self._path.with_name(self._path.name + ".lock")
        while True:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | _SAFE, _FILE_MODE)
            ours = False
            try:
                info = os.fstat(fd)
                if not stat.S_ISREG(info.st_mode):
                    raise NotAllowed(f"{path}: not a plain file, so it cannot serve as a lock")
                if info.st_uid == os.geteuid():
                    os.fchmod(fd, _FILE_MODE)
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # someone may have deleted the file meanwhile: a lock on what nobody else finds is none
                ours = os.path.samestat(info, path.stat())
                if ours:
                    os.pwrite(fd, line.encode().ljust(_LINE), 0)  # always as long, so it needs no new space
                    return fd
            except BlockingIOError:
                if time.monotonic() > deadline:
                    holder = os.pread(fd, _LINE, 0).decode(errors="replace").strip()
                    holder = "".join(filter(str.isprintable, holder)) or "(unknown)"
                    raise Busy(f"{self._path} is locked by process {holder}: try again") from None
            except FileNotFoundError:
                pass
            finally:
                if not ours:
                    os.close(fd)
            time.sleep(_LOCK_PAUSE)

    def _trust_folder(self) -> None:
        folder = self._path.parent
        if folder.stat().st_mode & stat.S_IWOTH:
            raise NotAllowed(f"{folder}: everybody may write there, so no store is safe in it: chmod o-w it")

    def _make_folder(self) -> None:
        folder = self._path.parent
        try:
            self._trust_folder()
        except FileNotFoundError:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                folder.mkdir(0o770)
                folder.chmod(_FOLDER_MODE)
                _sync_folder(folder.parent)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Full(f"{self._path}: no space left, nothing was changed ({error.strerror})") from error
            denied = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.ENOTDIR)
            kind = NotAllowed if denied else HunterError
            raise kind(f"{self._path}: nothing was changed ({error})") from error


class Memory(MemoryStorage):
    """The same for a store that saves nothing and that nobody shares."""

    edited = False

    def changed(self) -> bool:
        """Nobody else can change it."""
        return False

    def accept(self) -> None:
        """Nothing to hold on to."""

    @contextmanager
    def locked(self, *_: object) -> Iterator[None]:
        """There is nobody to lock out."""
        yield

    def damaged(self, why: str) -> Damaged:
        """For the sake of the same shape."""
        return Damaged(why)


class _Opened:
    """A file held open, with its identity at that moment."""

    def __init__(self, fd: int) -> None:
        self.fd, self.stamp = fd, _stamp(os.fstat(fd))


def _stamp(info: os.stat_result) -> tuple[int, int, int]:
    return info.st_ino, info.st_size, info.st_mtime_ns


def _crc(before: bytes, after: bytes) -> bytes:
    return b"%08x" % zlib.crc32(after, zlib.crc32(before))


def _encode(data: dict[str, dict[str, Any]]) -> bytes:
    tables = ",\n".join(
        f"{_dumps(name)}:{{" + ",".join(f'\n"{id}":{_dumps(doc)}' for id, doc in docs.items()) + "}"
        for name, docs in data.items()
        if name != "_meta"
    )
    before = _dumps({"_meta": data["_meta"]}).removesuffix("}}}").encode()
    after = f'"}}}},\n{tables}}}\n'.encode()
    return before + _CRC + _crc(before, after) + after


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
