"""The places the program finds itself in, and the attacks on it: which tests prove what was promised of each.

The rows are those of two tables of requirements: what a terminal may do to a program (signals, sizes,
locales), and 18 groups of attacks. A promise without a test, and a test that is no more, fail here.
"""

from __future__ import annotations

import ast
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from day import desk, dump, morning, start
from terminal import PATIENCE, Terminal
from test_terminal import processor_time

from huntertui.store.lock import free

TESTS = Path(__file__).parent.parent

PLACES = {
    "SIGHUP, the pty is gone: what was typed is a draft, exit 129": (
        "tui/test_terminal.py::test_signals_end_it_cleanly_and_keep_what_was_being_typed",
        "tui/test_terminal.py::test_a_terminal_without_size_is_drawn_once_and_left_when_it_hangs_up",
        "tui/test_environments.py::test_however_the_line_ends_nothing_is_left_but_the_draft",
        "tui/test_drafts.py::test_a_killed_screen_loses_nothing",
        "tui/test_ssh.py::test_a_line_cut_in_the_middle_of_typing",
    ),
    "the pty is gone, SIGHUP ignored: it ends, and computes nothing meanwhile": (
        "tui/test_terminal.py::test_a_terminal_without_size_is_drawn_once_and_left_when_it_hangs_up",
        "tui/test_terminal.py::test_a_lost_terminal_ends_it_within_two_seconds_of_rest",
        "tui/test_terminal.py::test_a_change_under_way_is_not_lost_with_the_terminal",
    ),
    "SIGTERM: the screen is given back, exit 143": (
        "tui/test_terminal.py::test_signals_end_it_cleanly_and_keep_what_was_being_typed",
        "tui/test_terminal.py::test_a_terminal_that_takes_nothing_keeps_nobody",
    ),
    "SIGINT from outside: exit 130": (
        "tui/test_terminal.py::test_signals_end_it_cleanly_and_keep_what_was_being_typed",
    ),
    "stdin at its end, or no terminal: exit 2 at once": (
        "tui/test_environments.py::test_without_a_terminal_it_ends_at_once",
        "test_cli.py::test_without_a_terminal_the_workday_says_so",
        "test_cli.py::test_a_dumb_terminal_is_refused",
    ),
    "200 sizes in a few seconds: at most 3 s of processor time": (
        "tui/test_terminal.py::test_two_hundred_sizes_cost_little",
    ),
    "20x5, 1x1, 500x200: one pane, a line that says so, never a crash": (
        "tui/test_environments.py::test_the_smallest_and_the_largest",
        "tui/test_day.py::test_every_size_works",
        "tui/test_workday.py::test_no_size_is_a_crash",
    ),
    "a locale without our letters: ASCII and a notice": (
        "tui/test_terminal.py::test_a_terminal_without_our_letters_is_drawn_in_its_own",
        "tui/test_terminal.py::test_what_the_locale_says",
        "tui/test_terminal.py::test_what_the_terminal_has_no_letter_for_is_as_wide",
    ),
    "8-bit input: a replacement character": (
        "tui/test_environments.py::test_a_byte_that_is_no_letter_is_seen_as_such",
    ),
}
"""What a terminal may do, and what is promised then."""

ATTACKS = {
    1: "markup in what a record holds", 2: "actions of Textual's in it", 3: "controls in it",
    4: "letters in it that deceive", 5: "text that is none", 6: "what a terminal sends by itself",
    7: "pastes", 8: "bursts of keys", 9: "formulas in an export", 10: "what is imported",
    11: "where an export is written", 12: "what lies in the place of the store", 13: "dates",
    14: "who somebody says to be", 15: "ways around by SSH", 16: "themes and settings",
    17: "what is sought", 18: "two people at once",
}  # fmt: skip
"""The groups of attacks. Their tests have the number in their names, as test_attacks_01_to_04."""

_NUMBERED = re.compile(r"test_attacks?_(\d\d)(?:_(and|to)_(\d\d))?_")


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("place", PLACES)
def test_each_promise_has_its_tests(place: str) -> None:
    for test in PLACES[place]:
        file, _, name = test.partition("::")
        assert name in names_in(TESTS / file), test


def test_each_group_of_attacks_has_its_tests() -> None:
    found: set[int] = set()
    for file in TESTS.rglob("test_*.py"):
        for name in names_in(file):
            if numbered := _NUMBERED.match(name):
                first, word, last = numbered.groups()
                found |= {int(first), int(last or first)}
                found |= set(range(int(first), int(last))) if word == "to" else set()
            else:
                assert not name.startswith("test_attack"), (file, name)
    assert found == ATTACKS.keys()


# What is proven nowhere else


def test_without_a_terminal_it_ends_at_once(tmp_path: Path) -> None:
    """Whichever of the two it needs is none: keys on stdin, the screen on stderr."""
    store = morning(tmp_path / "store" / "store.json")
    argv = [sys.executable, "-m", "huntertui", "--store", str(store)]
    main, side = pty.openpty()
    try:
        for given in ({"stdin": subprocess.DEVNULL}, {"stderr": subprocess.PIPE}, {"stdout": None}):
            streams = {"stdin": side, "stdout": side, "stderr": side, **given}
            env = os.environ | {"TERM": "dumb" if "stdout" in given else "xterm"}
            with subprocess.Popen(argv, env=env, **streams) as process:  # type: ignore[call-overload]
                said = process.stderr.read() if process.stderr else b""
                assert process.wait(20) == 2
            said = said or os.read(main, 65536)
            assert said.startswith(b"huntertui: the workday needs a terminal")
            assert b"\x1b" not in said
    finally:
        os.close(main)
        os.close(side)


@pytest.mark.parametrize(("columns", "lines"), [(20, 5), (40, 9), (1, 1), (500, 200)])
def test_the_smallest_and_the_largest(columns: int, lines: int, tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    env = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC"}
    with Terminal(
        [sys.executable, "-m", "huntertui", "--store", str(store)], env, columns, lines
    ) as terminal:
        terminal.until(lambda seen: bool(seen.text.strip())).rest()
        if columns == 500:
            assert [line[-1] for line in terminal.rows[2:5]] == ["│"] * 3
            assert len(terminal.written) < 200_000
        else:
            assert "Too small"[: columns - 1] in terminal.text  # in one column there is no room for a letter
        spent = processor_time(terminal.pid)
        terminal.resize(80, 24).until("Smithfield")
        terminal.resize(columns, lines).rest()
        assert processor_time(terminal.pid) - spent < 3
        terminal.type("\x11")
        assert terminal.leave() == 0


def test_a_byte_that_is_no_letter_is_seen_as_such(tmp_path: Path) -> None:
    with start(morning(tmp_path / "store" / "store.json")) as terminal:
        terminal.until("Smithfield").type(b"co\xe9t\xe9x").until("�t�x")
        terminal.type(b"\x15caf\xc3\xa9").until("café")
        terminal.type("\r").until("noted on Smithfield")


def hung_up(terminal: Terminal) -> None:
    """As `kill -HUP` does it."""
    os.kill(terminal.pid, signal.SIGHUP)


def window_closed(terminal: Terminal) -> None:
    """The other end of the pty is gone, of which the system tells by SIGHUP, where that is heeded."""
    os.close(terminal.fd)
    terminal.fd = os.open(os.devnull, os.O_RDONLY)


ENDS: dict[str, tuple[list[str], Callable[[Terminal], None]]] = {
    "kill -HUP": ([], hung_up),
    "window closed": ([], window_closed),
    "window closed, SIGHUP ignored": (["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"], window_closed),
}
"""How a line ends: what the program is started by, and what befalls it. test_ssh.py cuts a connection."""


@pytest.mark.parametrize("how", ENDS)
def test_however_the_line_ends_nothing_is_left_but_the_draft(how: str, tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    before, (by, end) = dump(store), ENDS[how]
    env = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC"}
    argv = [*by, sys.executable, "-m", "huntertui", "--store", str(store)]
    with Terminal(argv, env) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("coshe asked for a lea").until("for a lea").rest(0.1)
        end(terminal)
        assert terminal.leave() == 129
    wait(lambda: not processes_of(store))
    assert dump(store) == before  # half a note is none
    locks = [path for path in store.parent.rglob("*") if "lock" in path.name]
    assert locks
    assert all(map(free, locks))
    with start(store) as terminal:
        terminal.until("a draft for Smithfield #1: c o, then ↑ continues").type("co")
        terminal.until("↑ your draft: she asked for a lea").type("\x1b[A").until("note: she asked for a lea")
        terminal.type("flet\r").until("noted on Smithfield").type("q")
        assert terminal.leave() == 0
    mine = desk(store)
    with mine.store:
        assert mine.history(1)[0].text == "she asked for a leaflet"


def processes_of(store: Path) -> list[str]:
    """The command lines of the processes that are at work on a store."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [line] if str(store) in line else []
    return found


def wait(holds: Callable[[], bool]) -> None:
    """Wait for what must come about; a bound for a busy machine, never waited out."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
