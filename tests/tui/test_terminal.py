"""A terminal that hangs up, and one that does not know its size: a real pty, and no screen to look at."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest
from day import morning, of
from test_waiting import held

PATIENCE = 20.0  # seconds; a bound for a busy machine, never a time that is waited out


def begin(store: Path, *, ignore: bool) -> tuple[int, int]:
    """The workday on a pty of no size: (its process, the other end of the pty)."""
    argv = [sys.executable, "-m", "huntertui", "--store", str(store)]
    env = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC", "TERM": "xterm-256color"}
    pid, fd = pty.fork()
    if pid == 0:
        try:
            signal.signal(signal.SIGHUP, signal.SIG_IGN if ignore else signal.SIG_DFL)
            os.execve(argv[0], argv, env)
        finally:
            os._exit(127)
    return pid, fd


def read(fd: int, quiet: float, words: bytes = b"Smithfield") -> bytes:
    """What is written, from some words on until nothing comes for a while, or far too much."""
    written, end = b"", time.monotonic() + PATIENCE
    while words not in written and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            written += os.read(fd, 65536)
    while len(written) < 1_000_000 and select.select([fd], [], [], quiet)[0]:
        written += os.read(fd, 65536)
    return written


def exit_code(pid: int) -> int | None:
    """The exit code of the process, None (and its end) when it goes on living."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


@pytest.mark.parametrize("ignore", [False, True], ids=["told", "not told"])
def test_a_terminal_without_size_is_drawn_once_and_left_when_it_hangs_up(
    tmp_path: Path, ignore: bool
) -> None:
    pid, fd = begin(morning(tmp_path / "store" / "store.json"), ignore=ignore)
    written = read(fd, 0.5)
    os.close(fd)
    assert exit_code(pid) == 129
    assert b"Smithfield" in written
    assert len(written) < 100_000


def test_a_change_under_way_is_not_lost_with_the_terminal(tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    pid, fd = begin(store, ignore=True)
    read(fd, 0.5)
    with held(store):
        os.write(fd, b"cncn")
        assert b"waiting" in read(fd, 0.5, b"waiting")
        os.close(fd)
    assert exit_code(pid) == 129
    assert (of(store, "Smithfield").touches, of(store, "Borealis").touches) == (1, 1)
