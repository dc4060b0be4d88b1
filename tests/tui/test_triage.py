"""Triage of an old import: the buckets, one key for each decision, and how much is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from day import records, start
from desks import NOW, Clock, desk_over, everything
from hands import Hands
from test_day import HEADER, ROWS, huntertui

from huntertui.model.opportunity import Opportunity
from huntertui.store import open_store


@pytest.fixture
def hands() -> Hands:
    """Three of two months ago and two of years ago, one of them a deal; one is ben's."""
    clock = Clock()
    desk = desk_over(open_store("memory:", "ana", clock=clock), clock)
    for days, value in ((60, 500), (61, 90_000), (62, None), (900, 100), (901, None)):
        at = NOW - timedelta(days=days)
        o = Opportunity(company=f"C{days}", owner="ana", created=at, clock=at, triage=True, value=value)
        desk.add_opportunity(replace(o, currency="EUR", stage="proposal" if days == 900 else "new"))
    desk.add_opportunity(Opportunity(company="B", owner="ben", created=at, clock=at, triage=True))
    return Hands(desk)


def shown(hands: Hands) -> str:
    assert hands.steering.panel is not None
    state = hands.steering.panel.state()
    return "\n".join((state.title, *(line.text for line in state.lines)))


def test_buckets_by_age_with_a_sample_by_value(hands: Hands) -> None:
    told = shown(hands.type("gi")).splitlines()
    assert told[0].startswith("To triage 5 · w work · b park · x lose · o give")
    assert told[1].split() == ["1", "up", "to", "a", "month", "0"]
    assert told[2].split() == ["2", "1", "to", "3", "months", "3", "€905"]
    assert told[4].split() == ["4", "over", "a", "year", "2", "€1"]
    assert [line.split()[0] for line in told if line.startswith("  C")] == ["C61", "C60", "C62"]
    assert told[-1] == "w puts 3 into the lanes, the last first touch on Mon 23 Nov"
    assert "C900" in shown(hands.type("jj"))
    assert "C900" in shown(hands.type("14"))


@pytest.mark.parametrize(
    ("keys", "said", "left"),
    [
        ("w", "3 to be worked, the last on Mon 23 Nov", 2),
        ("b15jan b⏎", "parked 3 until 15jan b", 2),
        ("xg⏎", "lost 3 (ghosted)", 2),
        ("xnever met⏎", "lost 3 (never met)", 2),
        ("oben⏎", "gave 3 to ben", 2),
        ("4w", "2 to be worked, the last on Mon 23 Nov", 3),
        ("1w", "there is nothing up to a month", 5),
        ("b15jan⏎", "", 5),
    ],
)
def test_one_key_decides_and_one_undoes(hands: Hands, keys: str, said: str, left: int) -> None:
    before = everything(hands.desk.store)
    hands.type("gi" + keys)
    assert hands.said == said
    hands.type("␛" if hands.steering.prompt else "")
    assert shown(hands).startswith(f"To triage {left} ·")
    if left < 5:
        hands.type("u")
        assert shown(hands).startswith("To triage 5 ·")
    assert everything(hands.desk.store) == before


def test_what_is_worked_is_in_the_lanes_and_not_red(hands: Hands) -> None:
    hands.type("giw4wq")
    assert hands.steering.panel is None
    assert [count.triage for count in hands.steering.lanes.counts] == [0, 0, 0]
    assert [count.late for count in hands.steering.lanes.counts] == [0, 0, 0]
    assert hands.type("gi").said == "nothing of yours is to triage"


def test_a_long_park_is_refused_in_the_prompt(hands: Hands) -> None:
    hands.type("gib15mar h⏎")
    assert hands.steering.prompt is not None
    assert "60 days at most" in hands.steering.prompt.state(200).text


def test_a_colleague_decides_meanwhile(hands: Hands) -> None:
    hands.type("gi")
    desk_over(hands.desk.store, Clock(), "ben").lose(2, "p")
    hands.steering.follow()
    assert shown(hands).startswith("To triage 4 ·")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_first_import_in_a_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    store, export = tmp_path / "store" / "store.json", tmp_path / "export.csv"
    export.write_text(HEADER + "\n".join(row.format(old="2006-06-15T20:47:09.000Z") for row in ROWS) + "\n")
    done = huntertui("--store", str(store), "import", str(export), home=tmp_path)
    assert "3 to triage" in done.stdout
    assert "huntertui, then g i" in done.stdout + done.stderr
    with start(store, *size) as terminal:
        terminal.until("to triage" if size[0] > 100 else "Smith").rest()
        terminal.type("gi").until("over a year").until("3 into the lanes")
        terminal.type("w").until("3 to be worked")
        terminal.type("u").until("To triage 3")
        terminal.type("w").until("3 to be worked")
        terminal.type("qq")
        assert terminal.leave() == 0
    assert not any(o.triage for o in records(store).values())
