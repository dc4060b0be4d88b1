"""What the screen costs on the wire: bytes and frames, which do not vary with the machine."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import pytest
from day import desk
from terminal import Terminal

ASKED = b"\x1b[?2026$p"  # "do you know frames?", which is answered behind all that was written before
ANSWER = "\x1b[?2026;2$y"
FRAME = b"\x1b[?2026h"
WIDE, SMALL = (200, 50), (80, 24)
PLAIN = "from huntertui.__main__ import main; main()"
STOCK = (
    "import os; from huntertui.__main__ import prepare; prepare(os.environ); "
    f"from huntertui.tui import thin; thin.version = lambda: '8.1.0'; {PLAIN}"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety items, thirty in each lane."""
    path = tmp_path_factory.mktemp("day") / "store" / "store.json"
    mine = desk(path)
    for number in range(90):
        id = mine.add(f'Person @"Company {number:03}" {number + 1}k').ids[0]
        if number % 3:
            mine.to_lane(id, number % 3)
    mine.store.close()
    return path


class Wire(Terminal):
    """The workday on a terminal that answers, or is asked to hold its answers back."""

    def __init__(self, store: Path, size: tuple[int, int] = WIDE, code: str = PLAIN, **env: str) -> None:
        home = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC", "COLORTERM": "truecolor"}
        argv = [sys.executable, "-c", code, "--store", str(store), "--no-mouse"]
        super().__init__(argv, home | env, *size)
        self.answers = True
        self._answered = 0

    def read(self, timeout: float) -> bool:
        came = super().read(timeout)
        asked = self.written.count(ASKED)
        if self.answers and asked > self._answered:
            self.type(ANSWER * (asked - self._answered))
            self._answered = asked
        return came

    def cost(self, keys: str) -> tuple[int, int]:
        """Bytes and frames that keys bring."""
        self.rest()
        before = len(self.written)
        self.type(keys).rest()
        new = bytes(self.written[before:])
        return len(new), new.count(FRAME)


@pytest.mark.parametrize(
    ("size", "start", "move", "switch", "act"),
    [(WIDE, 17_000, 700, 1_000, 400), (SMALL, 4_000, 450, 2_048, 400)],
)
def test_bytes_and_frames(
    size: tuple[int, int], start: int, move: int, switch: int, act: int, store: Path
) -> None:
    with Wire(store, size) as wire:
        wire.until("Company 087").up().rest()
        assert len(wire.written) <= start
        wire.cost("j")
        costs = {key: wire.cost(key) for key in ("j", "\t", "+", "u")}
        assert costs["j"] <= (move, 1)
        assert costs["\t"] <= (switch, 1)
        assert costs["+"] <= (act, 1)
        wire.rest(1.5)
        before = len(wire.written)
        wire.rest(2.5)
        assert len(wire.written) == before, "at rest nothing is written"


def test_a_colleagues_change_is_said_for_a_moment_and_then_all_is_quiet(store: Path) -> None:
    def said(terminal: Terminal) -> bool:
        return re.search(r"ben \d\d:\d\d", terminal.text) is not None

    ben = desk(store, "ben")
    with Wire(store) as wire:
        wire.until("Company 087").rest()
        id = next(row.id for row in ben.book.rows() if row.company == "Company 087")
        before = len(wire.written)
        ben.tag(id, "seen")
        wire.until(said).rest(0.3)
        came = len(wire.written)
        assert came - before <= 400
        wire.until(lambda terminal: not said(terminal)).rest(0.3)
        gone = len(wire.written)
        assert gone - came <= 200
        wire.rest(1.0)
        assert len(wire.written) == gone
    ben.undo()
    ben.store.close()


LOADS = """
import os, sys
standard, loaded = sys.stdlib_module_names, []

class Watch:
    "Notes what is loaded when the rows stand."
    def find_spec(self, name, path=None, target=None):
        if name == "huntertui.tui.app" and not loaded:
            loaded.append(set(sys.modules))

sys.meta_path.insert(0, Watch())
from huntertui.__main__ import main
main()
loaded.append(set(sys.modules))
with open(os.environ["LOADED"], "w") as file:
    for names in loaded:
        names -= {name for name in names if name.startswith(("_distutils_hack", "_sysconfigdata", "__m"))}
        print(len(names), *sorted({name.partition(".")[0] for name in names} - standard), file=file)
"""


def test_no_more_is_loaded_than_it_takes(store: Path, tmp_path: Path) -> None:
    """A number that grows is no fault, but has to be looked into: a module takes a third of a millisecond."""
    told = tmp_path / "loaded"
    with Wire(store, WIDE, LOADS, LOADED=str(told)) as wire:
        wire.until("Company 087").up().rest().type("jq")
        wire.leave()
    (rows, *before), (whole, *after) = (line.split() for line in told.read_text().splitlines())
    assert set(before) == {"huntertui", "rich"}
    assert set(after) == {"huntertui", "platformdirs", "rich", "textual", "typing_extensions"}
    assert int(rows) <= 350, before
    assert int(whole) <= 620, after


def test_a_slow_terminal_is_given_no_frames_that_it_has_no_time_for(store: Path) -> None:
    with Wire(store, SMALL) as wire:
        wire.until("Company 087").up().rest()
        wire.type("2").rest()
        wire.answers = False
        before = len(wire.written)
        for key in "G" + "g" * 2 + "jk" * 20:
            wire.type(key).read(0.02)
        wire.rest(0.1)
        assert wire.written[before:].count(FRAME) <= 3
        wire.type("G").rest(0.1)
        wire.answers = True
        wire.type("/Company 089\r").read(0.1)
        wire.until(lambda t: "Company 089  Person" in t.text)


def test_a_terminal_that_stops_to_answer_is_waited_for_only_so_long(store: Path) -> None:
    with Wire(store, SMALL) as wire:
        wire.until("Company 087").up().rest()
        wire.answers = False
        wire.type("G").rest(0.1)
        wire.type("/Company 089\r").until(lambda t: "Company 089  Person" in t.text)


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize(
    "env",
    [
        {},
        {"TERM": "screen-256color", "STY": "1.pts"},
        {"TERM": "tmux-256color", "TMUX": "/x"},
        {"TERM": "xterm", "COLORTERM": ""},
    ],
    ids=["xterm", "screen", "tmux", "16 colours"],
)
def test_the_stock_path_shows_the_same(size: tuple[int, int], env: dict[str, str], store: Path) -> None:
    shown = []
    for code in (PLAIN, STOCK):
        with Wire(store, size, code, **env) as wire:
            wire.until("Company 087").up().rest()
            for keys in ("jj", "\t", "?", "\x1b", "G", "/Company 01\r", "\x1b\x1b", "\x0c"):
                wire.type(keys).rest()
            shown.append([[cell_of(wire, y, x) for x in range(size[0])] for y in range(size[1])])
            frugal = len(wire.written)
            wire.type("q").rest()
        if code == PLAIN:
            bytes_of_thin = frugal
    assert shown[0] == shown[1]
    assert bytes_of_thin < frugal / 2


def cell_of(wire: Terminal, y: int, x: int) -> tuple[object, ...]:
    """What one sees of a cell."""
    cell = wire.screen.buffer[y][x]
    if cell.data == " " and not cell.reverse and not cell.underscore:
        return " ", cell.bg
    return cell.data, cell.fg, cell.bg, cell.bold, cell.reverse


def test_redraw_writes_all_anew(store: Path) -> None:
    with Wire(store) as wire:
        wire.until("Company 087").up().rest()
        wire.screen.reset()
        wire.type("\x0c").until("Company 087").until("1 Prospects")


def test_at_rest_it_wakes_up_for_the_store_alone(store: Path) -> None:
    with Wire(store) as wire:
        wire.until("Company 087").up().rest(1.0)
        seconds = []
        for _ in range(4):
            before, end = wakeups(wire.pid), time.monotonic() + 1
            while time.monotonic() < end:
                wire.read(end - time.monotonic())
            seconds.append(wakeups(wire.pid) - before)
        # Ten looks at the store and one at the line; at the edges of a second one more of each may fall into
        # it, and what a start has left to do may disturb one second, but not all of them.
        assert min(seconds) <= 13, seconds


def wakeups(pid: int) -> int:
    """How often the threads of a process went to sleep so far."""
    statuses = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(
        int(count) for text in statuses for count in re.findall(r"^voluntary_ctxt\w+:\s*(\d+)", text, re.M)
    )
