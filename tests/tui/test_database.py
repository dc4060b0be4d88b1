"""The workday on a store in a database, in a real terminal, while its server comes and goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from day import desk, morning, of, records, start
from postgres import Server
from test_waiting import SAID


@pytest.fixture
def store(postgres: Server) -> str:
    return morning(postgres.url(postgres.emptied()))


def test_a_day_on_it(store: str) -> None:
    with start(store) as one, start(store, 80, 24) as two:
        one.until("Smithfield").rest()
        two.until("Smithfield").rest()
        one.type("+").until("Smithfield #1: priority high")
        two.type("cn").until("Smithfield #1")
        one.until("call, no answer")
        one.type("\r").until("reading").type("\x1buu").until("undone")
    assert of(store, "Smithfield").priority.value == "normal"


def test_an_import_while_a_colleague_works(store: str, tmp_path: Path) -> None:
    rows = "".join(f"Firm {n},Ann {n},ann{n}@firm{n}.example\n" for n in range(2_000))
    (tmp_path / "many.csv").write_text(f"Company,Contact,Email\n{rows}")
    with start(store) as one, start(store, 80, 24) as two:
        two.until("Smithfield").rest()
        one.type(f":import {tmp_path}/many.csv\r").until("plain table").type("\r")
        two.type("+").until("Smithfield #1: priority high")
        one.until("2000 would be added").type("\r").until("2,000 added")
        two.until("Firm 0")
        one.type("u").until("undone: imported 2000").type("q")
        assert one.leave() == 0
    assert [o.priority.value for o in records(store).values()] == ["high", *["normal"] * 5]


def test_it_goes_away_and_comes_back(store: str, postgres: Server) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        postgres.stop("immediate")
        try:
            terminal.until("read-only: no connection to the database")
            terminal.type("j").until("Bob Roe").type("k").until("Ann Lee")  # what is at hand can be looked at
            terminal.type("+").until(lambda t: "read-only" in t.rows[-2] + t.rows[-1])
        finally:
            postgres.start()
        terminal.until("the store is there again")  # without a key
        assert "read-only" not in terminal.text
        terminal.type("+").until("Smithfield #1: priority high")
    assert of(store, "Smithfield").priority.value == "high"


def test_a_change_waits_for_a_server_that_does_not_answer(store: str, postgres: Server) -> None:
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        with postgres.paused():
            terminal.type("++").until(SAID)
        terminal.until("priority urgent")
    mine = desk(store)
    with mine.store:
        said = [record.label for record in mine.store.changes(0)]
    assert said[-2:] == ["Smithfield #1: priority high", "Smithfield #1: priority urgent"]
