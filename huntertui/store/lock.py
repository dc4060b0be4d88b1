"""Being the only writer: a flock, which dies with its process, and whose line says who holds it."""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from huntertui.errors import Busy, Damaged
from huntertui.store.disk import explained, open_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LINE = 200  # bytes: always as many, so that writing them needs no new space


class Hold(NamedTuple):
    """A lock that is held. `inherited`: whoever had it before died with it."""

    fd: int
    inherited: bool


@contextmanager
def locked(path: Path, patience: float, line: Callable[[], str]) -> Iterator[Hold]:
    """Hold the lock at `path`; `line` says for messages who does. Busy after `patience` seconds.

    Those who wait are served in their turn by the system: nobody polls.
    """
    while not held(fd := _wait(path, patience), path):
        os.close(fd)
    try:
        inherited = bool(os.pread(fd, _LINE, 0).strip())
        say(fd, line())
        yield Hold(fd, inherited)
        say(fd, "")
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)  # also for a child that was forked meanwhile and has inherited it
        os.close(fd)


def say(fd: int, line: str) -> None:
    """Tell in the lock's file who holds it, if there is room for that."""
    with suppress(OSError):
        os.pwrite(fd, line.encode()[:_LINE].ljust(_LINE), 0)


def held(fd: int, path: Path) -> bool:
    """Whether it is the lock that the others find too: someone may have deleted or replaced the file."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))  # noqa: PTH116
    except FileNotFoundError:
        return False


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """The descriptor that holds the lock at `path` until it is closed; None when somebody else has it."""
    fd = open_plain(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def free(path: Path) -> bool:
    """Whether nobody holds the lock at `path` at the moment."""
    fd = try_lock(path)
    if fd is None:
        return False
    os.close(fd)
    return True


def locks_hold(folder: Path) -> bool:
    """Whether a lock in `folder` keeps others out, tried with a file that is gone then."""
    import tempfile  # late: only doctor pays for it

    with tempfile.NamedTemporaryFile(dir=folder, prefix=".lock-try-") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        return not free(Path(file.name))


def holder(path: Path) -> str:
    """Who holds the lock, or died with it."""
    try:
        fd = open_plain(path, os.O_RDONLY)
    except FileNotFoundError:
        return "(unknown)"
    try:
        text = os.pread(fd, _LINE, 0).decode(errors="replace").strip()
    finally:
        os.close(fd)
    return "".join(filter(str.isprintable, text)) or "(unknown)"


def _wait(path: Path, patience: float) -> int:
    try:
        fd = open_plain(path, os.O_RDWR | os.O_CREAT)
    except FileNotFoundError as error:
        raise Damaged(f"{path.parent}: gone since it was last read: put a copy in its place") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not _Waiting(fd).until(patience):
            raise Busy(f"locked by process {holder(path)}: try again ({path.parent})") from None
    except BaseException:
        os.close(fd)
        with explained(path):
            raise
    return fd


class _Waiting:
    """A thread that blocks in flock, which knows no time limit, and who waits for it with one."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._guard = threading.Lock()
        self._got = threading.Event()
        self._given_up = False
        threading.Thread(target=self._block, daemon=True, name="store-lock").start()

    def until(self, patience: float) -> bool:
        """Whether the lock came in time; if not, it is let go of as soon as it comes."""
        self._got.wait(patience)
        with self._guard:
            self._given_up = not self._got.is_set()
        return not self._given_up

    def _block(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        with self._guard:
            self._got.set()
            if self._given_up:
                os.close(self._fd)
