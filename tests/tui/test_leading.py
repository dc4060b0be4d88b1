"""Leading on the screen: notes that meet the rep where he works, and a colleague's day."""

from __future__ import annotations

import pytest
from desks import Clock, desk_over
from hands import Hands

from huntertui.desk import Desk
from huntertui.tui.describe import detail, header


@pytest.fixture
def ben(hands: Hands, clock: Clock) -> Desk:
    """Another one at the same store."""
    return desk_over(hands.desk.store, clock, "ben")


def head(hands: Hands) -> str:
    hands.steering.follow()
    return header(hands.desk, hands.steering.lanes, "", demo=False).text


def lines(hands: Hands, id: int) -> list[str]:
    return [line.text for line in detail(hands.desk, id, hands.desk.history(id))]


def test_a_note_is_met_in_the_header_the_detail_and_the_day_and_answered(hands: Hands, ben: Desk) -> None:
    ben.coach(1, "ask for the decision")
    assert "· ben coaches (#1) ·" in head(hands)
    assert "ben (coaching): ask for the decision · Y: understood" in lines(hands, 1)
    hands.type("gy")
    assert hands.steering.panel is not None
    day = [line.text for line in hands.steering.panel.state().lines]
    assert "  #1  ben (coaching): ask for the decision" in day
    hands.type("␛#1⏎Y")
    assert hands.said == "understood: #1: ben (coaching): ask for the decision"
    assert "coaches" not in head(hands)


def test_a_note_for_me_is_answered_also_where_there_is_no_row(hands: Hands, ben: Desk) -> None:
    ben.coach_rep("ana slow down")
    ben.coach(1, "here too")
    assert "ben coaches and 1 more" in head(hands)
    hands.type("2")
    assert hands.id is None
    hands.type("Y")
    assert hands.said == "understood: ben (coaching): slow down"
    hands.type("Y")
    assert "nobody has told you anything" in hands.said


def test_a_note_on_what_was_closed_since_can_still_be_answered(hands: Hands, ben: Desk) -> None:
    ben.coach(4, "too early")
    hands.type("3xw/stage:won⏎")
    assert hands.id == 4
    hands.type("Y")
    assert hands.said.startswith("understood: #4")


def test_a_note_is_left_by_name(hands: Hands, ben: Desk) -> None:
    ben.follow()
    hands.type("#3⏎:coach ask for the decision⏎")
    assert hands.said == "coached ben on Globex #3: ask for the decision"
    hands.type(":coach-rep ben ask earlier")
    assert hands.steering.prompt is not None
    assert "→ to ben: ask earlier" in str(hands.steering.prompt.state(200))
    hands.type("⏎")
    ben.follow()
    assert [message.text for message in ben.inbox.all()] == ["ask for the decision", "ask earlier"]
