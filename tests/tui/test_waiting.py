"""A store that lets us wait, and a colleague who was quicker, in real terminals."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from day import ME, desk, morning, of, start

from huntertui.store import Tx, open_store
from huntertui.tui.worker import Worker

SAID = "waiting for the store"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return morning(tmp_path / "store" / "store.json")


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Within, somebody is in the middle of a change, and nobody else can make one."""
    inside, over = threading.Event(), threading.Event()

    def wait(tx: Tx) -> None:
        inside.set()
        over.wait()

    with open_store(path, "slow", clock=lambda: datetime.now(UTC)) as slow:
        thread = threading.Thread(target=slow.transact, args=(wait, "slow"))
        thread.start()
        try:
            assert inside.wait(20)
            yield
        finally:
            over.set()
            thread.join()


def notes(path: Path, id: int) -> list[str]:
    """The notes on a record, the oldest first."""
    mine = desk(path)
    with mine.store:
        return [str(event.doc["text"]) for event in reversed(mine.history(id)) if event.kind == "note"]


def test_waiting_is_said_and_the_screen_goes_on(store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        with held(store):
            terminal.type("+").until(SAID)
            assert "Smithfield" in terminal.text
            terminal.resize(90, 24).until(lambda t: "Smithfield" in t.text and SAID in t.text)
            assert "Fernhill" in terminal.text
            terminal.resize(120, 40).until(lambda t: "3 Closing" in t.text and "Elmwood" in t.text)
            assert SAID in terminal.rest().text
        terminal.until("Smithfield #1: priority high")
        assert SAID not in terminal.text


def test_a_prompt_keeps_its_text_until_the_store_gives_up(store: Path) -> None:
    with start(store, 240, 40) as terminal:
        terminal.until("Smithfield").rest()
        with held(store):
            terminal.type(",tue call back\r").until(SAID)
            assert "tue call back" in terminal.text
            terminal.until(lambda t: SAID not in t.text)  # it waited for ten seconds
            assert "tue call back" in terminal.text
            assert "slow" in " ".join(terminal.rows[-2:])  # who holds it
        terminal.type("\r").until("call back, Tue")
    step = of(store, "Smithfield").next
    assert step is not None
    assert step.what == "call back"


def test_keys_typed_ahead_are_done_in_their_order(store: Path) -> None:
    words = [f"n{number}" for number in range(10)]
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        with held(store):
            terminal.type("+").until(SAID)
            terminal.type("".join(f"co{word}\r" for word in words) + "q")  # 51 keys and the way out
        assert terminal.leave() == 0
    assert notes(store, 1) == words
    assert of(store, "Smithfield").priority.value == "high"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_change_under_way_is_not_lost_at_the_end(number: signal.Signals, code: int, store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        with held(store):
            terminal.type("cnct").until(SAID)  # the second asks for a next step
            os.kill(terminal.pid, number)
            terminal.rest()
        assert terminal.leave() == code
    assert of(store, "Smithfield").touches == 1
    assert of(store, "Borealis").touches == 1


def test_a_stop_stops_nothing(store: Path) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.type("\x1a+").until("Smithfield #1: priority high")


@pytest.mark.parametrize(("answer", "closes"), [("k", "2099-12-18"), ("o", "2099-12-15")])
def test_two_at_the_same_field(answer: str, closes: str, store: Path) -> None:
    with start(store) as one, start(store) as two:
        one.until("Smithfield").rest()
        two.until("Smithfield").rest()
        one.type("#5\rw2099-12-15").until("15 Dec 2099")
        two.type("#5\rw2099-12-18\r").until("closes Fri 18 Dec 2099")
        one.rest().type("\r").until("o overwrite")
        for words in ("you, on another screen, set the expected close to", "You wanted: Tue 15 Dec 2099."):
            one.until(words)
        one.type(answer).until(lambda t: "o overwrite" not in t.text)
        one.until("kept" if answer == "k" else "closes Tue 15 Dec 2099")
    assert str(of(store, "Elmwood").expected_close) == closes


def test_a_colleague_is_named(store: Path) -> None:
    ana = desk(store, "ana")
    with ana.store, start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type(":value 9k").rest()
        ana.set_value(1, "7k")
        terminal.type("\r").until("ana set the value to 7,000.00 EUR")
        terminal.until("k keep ana's · o overwrite").type("\x1b").until("kept, ana set the value")
    assert (of(store, "Smithfield").value, of(store, "Smithfield").owner) == (700_000, ME)


def test_a_worker_does_things_in_order_and_looks_around_between() -> None:
    seen: list[int] = []
    looked, go, done = threading.Event(), threading.Event(), threading.Event()
    worker = Worker(looked.set, 0.001)
    worker.start()
    assert looked.wait(20)
    worker.do(lambda: pytest.fail("nobody came") if not go.wait(20) else None)
    for number in range(100):
        worker.do(partial(seen.append, number))
    worker.do(done.set)
    assert not worker.end(0.01)  # the first is still under way
    go.set()
    assert done.wait(20)
    assert worker.end(20)
    assert seen == list(range(100))
