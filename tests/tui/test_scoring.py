"""The scorecard and the forecast on the screen: what Enter opens is what was counted."""

from __future__ import annotations

import pytest
from hands import Hands

from huntertui.model.figures import KINDS
from huntertui.model.text import in_ascii
from huntertui.tui.counted import Counted
from huntertui.tui.scoring import spark


def counted(hands: Hands) -> Counted:
    panel = hands.steering.panel
    assert isinstance(panel, Counted)
    return panel


def shown(hands: Hands) -> list[int]:
    return sorted(id for lane in range(3) for id in hands.shown(lane))


def test_mine_comes_first_and_begins_where_it_is_weakest(hands: Hands) -> None:
    hands.type("R")
    panel = counted(hands)
    assert panel.title == "ana this week · weakest: prospecting"
    lines = [line.text for line in panel.state().lines]
    assert lines[0] == "1 Prospects"
    assert lines[1].split()[:3] == ["neglected", "now", "2"]
    assert panel.state().lines[1].look == "cursor"
    assert counted(hands.type("l")).title == "The team this week · weakest: prospecting"
    assert counted(hands.type("l")).title == "ben this week · weakest: prospecting"
    assert counted(hands.type("lhhh")).title.startswith("ana")  # around


@pytest.mark.parametrize("page", range(3))
def test_every_figure_opens_exactly_what_it_counts(hands: Hands, page: int) -> None:
    """Of each person, each figure: as many rows as the card says, and no others."""
    cards = hands.desk.scorecard().cards
    order = sorted(cards, key=lambda card: (card.who != "ana", card.who != "", card.who))
    kinds = sorted(KINDS, key=lambda kind: kind.lane != order[page].weakest)
    for at, kind in enumerate(kinds):
        figure = order[page].figures[kind.name]
        for key, ids in (("⏎", figure.ids), ("m", figure.rest)):
            hands.type("␛␛R" + "l" * page + "j" * at + key)
            if ids:
                assert shown(hands) == sorted(ids)
                assert kind.title in hands.steering.lanes.only
            else:
                assert "nothing is" in hands.said
                hands.type("␛")
    hands.type("␛␛")
    assert hands.shown(0) == [3, 1, 2, 5]


def test_closed_items_and_colleagues_are_opened_too(hands: Hands) -> None:
    hands.type("jxlp3xw").type("R")
    panel = counted(hands)
    at = [line.text.split()[0] for line in panel.state().lines].index("decisions")
    steps = sum(1 for line in panel.state().lines[:at] if line.look != "heading")
    hands.type("j" * steps + "⏎")
    assert shown(hands) == [4]
    assert hands.steering.lanes.row is not None
    assert hands.steering.lanes.row.stage == "won"
    hands.type("!")  # another filter takes its place
    assert shown(hands) != [4]


def test_a_search_is_what_it_is_about(hands: Hands) -> None:
    hands.type("/acme⏎R")
    assert counted(hands).title.endswith("· acme")
    hands.type("⏎")
    assert shown(hands) == [1, 2]


def test_the_forecast_opens_its_months(hands: Hands) -> None:
    hands.type(":forecast⏎")
    lines = [line.text for line in counted(hands).state().lines]
    assert lines[1].split()[:3] == ["2026-12", "1", "€30k"]
    hands.type("⏎")
    assert shown(hands) == [4]


@pytest.mark.parametrize("columns", [200, 80, 60])
def test_a_line_is_one_line_and_says_what_it_counts(hands: Hands, columns: int) -> None:
    hands.type("R")
    panel = counted(hands)
    for _ in range(len(KINDS)):
        line = next(line.text for line in panel.state().lines if line.look == "cursor")
        hint = panel.hint_for(columns)
        assert len(line) <= 76  # the columns of a panel on 80
        assert (panel.hint if columns >= 80 else line[38:]) == hint
        hands.type("j")
    assert panel.state().cut


def test_weeks_are_bars_also_in_ascii() -> None:
    assert spark((0, 2, 4, None, 1)) == "▁▅█·▃"
    assert in_ascii(spark((0, 2, 4, None, 1))) == "158-3"
    assert spark((0, 0, None)) == "▁▁·"
