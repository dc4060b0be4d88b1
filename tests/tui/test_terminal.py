"""What ends the program ends it cleanly (signals, a line that is cut); all else it lives through."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path

import pytest
from day import desk, morning, of, start
from terminal import Terminal
from test_waiting import held

from huntertui.tui.terminal import charset

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


# What ends it


def cooked(terminal: Terminal) -> bool:
    """Whether the terminal echoes what is typed, as a shell needs it."""
    return bool(termios.tcgetattr(terminal.fd)[tty.LFLAG] & termios.ECHO)


def processor_time(pid: int) -> float:
    """Seconds that a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ended(pid: int) -> bool:
    """Whether a process of ours has come to its end, so that only its exit code is left."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_signals_end_it_cleanly_and_keep_what_was_being_typed(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store) as terminal:
        assert not cooked(terminal)
        terminal.until("Smithfield").type("coshe asked for a leaflet").until("leaflet").rest()
        os.kill(terminal.pid, number)
        assert terminal.leave() == code
        assert b"\x1b[?1049l" in terminal.written
        assert b"\x1b[?25h" in terminal.written
        assert cooked(terminal)
    with start(store) as terminal:
        terminal.until("a draft").type("co").until("your draft: she asked for a leaflet")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_terminal_that_takes_nothing_keeps_nobody(number: signal.Signals, tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        for _ in range(300):  # nobody reads what comes of them: pipe and queue fill up, the screen waits
            terminal.type("3")
            terminal.type("1")
            time.sleep(0.005)
        os.kill(terminal.pid, number)
        end = time.monotonic() + PATIENCE
        while not ended(terminal.pid):
            assert time.monotonic() < end, "it waits for somebody to read"
            time.sleep(0.05)
        assert terminal.leave() == 128 + number


def test_a_lost_terminal_ends_it_within_two_seconds_of_rest(tmp_path: Path) -> None:
    pid, fd = begin(morning(tmp_path / "store" / "store.json"), ignore=True)
    read(fd, 0.5)
    spent = processor_time(pid)
    os.close(fd)
    while not ended(pid):
        assert processor_time(pid) - spent < 2
        time.sleep(0.05)
    assert exit_code(pid) == 129


# What it lives through


def test_two_hundred_sizes_cost_little(tmp_path: Path) -> None:
    with start(morning(tmp_path / "store" / "store.json")) as terminal:
        terminal.until("Smithfield").rest()
        spent = processor_time(terminal.pid)
        for turn in range(200):
            terminal.resize(60 + turn % 90, 20 + turn % 31)
            terminal.read(0.01)
        terminal.resize(100, 30).until("Smithfield").rest()
        assert processor_time(terminal.pid) - spent < 3
        assert max(map(len, terminal.rows)) <= 100
        terminal.type("+").until("priority")


LOCALES = [
    ({"LC_ALL": "POSIX"}, "ascii"),
    ({"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, "ascii"),
    ({"LC_ALL": "de_DE.ISO-8859-1", "PYTHONUTF8": "0"}, "iso8859-1"),
    ({"LC_ALL": "$(id)"}, "ascii"),
    ({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}, "utf-8"),
]


@pytest.mark.parametrize(("env", "encoding"), LOCALES)
def test_a_terminal_without_our_letters_is_drawn_in_its_own(
    env: dict[str, str], encoding: str, tmp_path: Path
) -> None:
    store = morning(tmp_path / "store" / "store.json")
    mine = desk(store)
    with mine.store:
        mine.add("Zoë Löw @漢字 12k")
    with start(store, 120, 40, **env) as terminal:
        terminal.until("Smithfield").rest()
        if encoding == "utf-8":
            assert "locale" not in terminal.text
            terminal.until("漢")
        else:
            terminal.until(f"drawn in {encoding}")
            terminal.written.decode(encoding)
            assert b"\\u" not in terminal.written
            terminal.type("/??").until("??")
            assert encoding != "ascii" or max(terminal.written) < 128


@pytest.mark.parametrize(
    ("env", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": ""}, "utf-8"),
        ({"LANG": "de_DE.utf8"}, "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "de_DE"}, "ascii"),
        ({"LANG": "x.zlib_codec"}, "ascii"),
        ({"LANG": "x.utf-16"}, "ascii"),
        ({"LANG": "../../e;$(x)"}, "ascii"),
    ],
)
def test_what_the_locale_says(env: dict[str, str], encoding: str) -> None:
    assert charset(env) == encoding


def test_what_the_terminal_has_no_letter_for_is_as_wide() -> None:
    script = (
        "from huntertui.tui import terminal as t; t.speak('ascii'); import sys; sys.stderr.write('─·漢é…→x')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr == b"--???.>x"
