"""An hour of calls in a real terminal: one item at a time, cut off in the middle, and gone on with."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from day import morning, of, sequence, start
from terminal import Terminal


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return morning(tmp_path / "store" / "store.json")


@pytest.mark.parametrize(("columns", "lines"), [(200, 50), (80, 24), (60, 15)])
def test_the_card_is_whole_on_every_screen(store: Path, columns: int, lines: int) -> None:
    with start(store, columns, lines) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("W").until("Work through Prospects · 1 of 3").rest()
        for words in ("Ann Lee · Smithfield", "Red since", "no number and no address", "n skip", "c log…"):
            assert words in terminal.text
        assert "Borealis" not in terminal.text


def test_a_burst_goes_through_the_queue(store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("Wcnstu\rn").until("Worked through Prospects")
        terminal.until("done     2 of 3: no answer 1 · snooze 1").until("left     1")
        terminal.type("2W").until("W begins anew with Follow-ups")
        terminal.type("W").until("Work through Follow-ups · 1 of 2")
        terminal.type("\x1b").until("done     0 of 2").type("q").rest()
        terminal.type("q")
        assert terminal.leave() == 0
    assert of(store, "Smithfield").touches == 1


def test_a_killed_session_goes_on_at_the_same_item(store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("Wcn").until("2 of 3")
        os.kill(terminal.pid, signal.SIGKILL)
    before = sequence(store)
    with start(store) as terminal:
        terminal.until("Borealis").rest()
        terminal.type("W").until("on with Prospects, 2 of 3").until("Bob Roe · Borealis")
        terminal.type("n").until("3 of 3").rest()  # a skip is kept as soon as the keys rest
        os.kill(terminal.pid, signal.SIGKILL)
    assert sequence(store) == before + 1
    with start(store) as terminal:
        terminal.until("Borealis").rest()
        terminal.type("W").until("on with Prospects, 3 of 3").until("Fay Roy · Fernhill")
        terminal.type("u").until("undone: Smithfield #1: no answer").until("1 of 3")


def test_a_burst_into_the_palette(store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("\x10elmwx\x7f\r+").until("Elmwood #5: priority high")
        terminal.type("\x10>clse won\x15close-won\r").until("won Elmwood #5")
    assert of(store, "Elmwood").stage == "won"


def test_the_tutorial_comes_once(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC"}

    def demo() -> Terminal:
        return Terminal([sys.executable, "-m", "huntertui", "demo"], env, 80, 24).until("1 Prospects")

    with demo() as terminal:
        terminal.until("1/5 press c n").rest()
        terminal.type("cn").until("2/5 press .").type(".").until("3/5 press u")
        terminal.type("u").until("4/5 press /").type("/nord\r").until("5/5 press W")
        terminal.type("W").until("Work through find nord").until("DEMO")
    with demo() as terminal:
        terminal.until("DEMO").rest()
        assert "press" not in terminal.text
