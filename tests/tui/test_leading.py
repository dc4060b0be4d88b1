"""Leading on the screen: notes that meet the rep where he works, and a colleague's day."""

from __future__ import annotations

import pytest
from desks import Clock, desk_over, small_world
from hands import Hands
from teams import at

from huntertui.commands import BY_NAME
from huntertui.desk import Desk
from huntertui.errors import NotAllowed
from huntertui.model.touch import Outcome
from huntertui.store import open_store
from huntertui.tui.counted import Counted
from huntertui.tui.describe import board, detail, header
from huntertui.tui.reasons import why_not


@pytest.fixture
def ben(hands: Hands, clock: Clock) -> Desk:
    """Another one at the same store."""
    return desk_over(hands.desk.store, clock, "ben")


def head(hands: Hands) -> str:
    hands.steering.follow()
    return header(hands.desk, hands.steering.lanes, "", demo=False).text


def asked(hands: Hands) -> str:
    assert hands.steering.prompt is not None
    return str(hands.steering.prompt.state(200))


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


def test_what_is_a_leads_says_so_before_anybody_tries(clock: Clock) -> None:
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    rep, lead = (Hands(at(store, who, clock)).type("ga#3⏎") for who in ("ana", "lea"))
    for name in ("coach", "coach-rep", "assign", "raise", "priority-high"):
        assert "a lead" in why_not(rep.steering, BY_NAME[name])
        assert why_not(lead.steering, BY_NAME[name]) == ""
        assert why_not(rep.type("#1⏎").steering, BY_NAME[name]) == "" or name.startswith("coach")
        rep.type("#3⏎")


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
    assert "→ to ben: ask earlier" in asked(hands)
    hands.type("⏎")
    ben.follow()
    assert [message.text for message in ben.inbox.all()] == ["ask for the decision", "ask earlier"]


def test_a_lead_sees_first_what_nobody_has(clock: Clock) -> None:
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    lead, rep = Hands(at(store, "lea", clock)), Hands(at(store, "ana", clock))
    assert "· 1 nobody's ·" in head(lead)
    assert "nobody's" not in head(rep)
    lead.type("gy")
    assert lead.steering.panel is not None
    assert [line.text for line in lead.steering.panel.state().lines][:2] == ["To lead", "1 has no owner"]
    assert day(lead.type("␛R"))[1] == "1 has no owner"
    lead.type("⏎")
    assert (lead.shown(0), lead.steering.lanes.only) == ([5], "1 nobody's")
    assert day(rep.type("R"))[1] == "1 Prospects"


# A colleague's day


def day(hands: Hands) -> list[str]:
    panel = hands.steering.panel
    assert isinstance(panel, Counted), hands.said
    return [panel.title, *(line.text.strip() for line in panel.state().lines)]


def test_a_day_is_as_its_member_has_it(hands: Hands, ben: Desk) -> None:
    ben.add("Gus @Quux tue")
    ben.add("Hal @Zeta tue")
    ben.to_top(8)
    hands.steering.follow()
    before, seq = hands.desk.store.find("opportunities"), hands.desk.seq
    hands.type(":day ben⏎")
    told = day(hands)
    assert told[:2] == ["ben's day", "last at work today"]
    assert told[2].split() == ["1", "Prospects", "0", "of", "10", "touches", "6", "rows,", "4", "neglected"]
    assert told[3].startswith("»  Zeta")
    assert [line.split()[1] for line in told[4:8]] == ["Globex", "Acme", "Acme", "Umbrella"]
    assert (told[5][-4:], told[7][-2:]) == ("@ana", "@-")  # what he could help with, and take
    for key in ("c", "n", "+", "u", "i", "x", "w"):
        hands.type(key)
    assert (hands.desk.store.find("opportunities"), hands.desk.seq) == (before, seq)
    hands.type("⏎")
    assert hands.shown(0) == [8, 3, 1, 2, 5, 7]  # in his order
    assert hands.steering.lanes.only == "ben: prospecting"
    hands.type("␛:day ben⏎j⏎")
    assert (hands.shown(0), hands.steering.lanes.only) == ([8], "Zeta #8")


def test_what_he_was_told_stands_in_his_day_answered_or_not(hands: Hands, ben: Desk) -> None:
    hands.type(":coach-rep ben ask earlier⏎:coach-rep ben and slower⏎")
    ben.follow()
    ben.answer(None)
    hands.steering.follow()
    hands.type(":day ben⏎")
    notes = [line for line in day(hands) if "ana: " in line]
    assert [note.split("ana: ")[1] for note in notes] == [
        "and slower (not answered yet)",
        "ask earlier (understood)",
    ]


def test_d_on_a_scorecard_shows_the_day_of_whose_it_is(hands: Hands, ben: Desk) -> None:
    hands.type("Rd")
    assert day(hands)[0] == "ana's day"
    hands.type("␛Rld")
    assert "the team has no day" in hands.said
    hands.type("␛Rlld")
    assert day(hands)[0] == f"{ben.me}'s day"


def test_a_day_is_for_its_member_and_the_leads(clock: Clock) -> None:
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    rep, lead = Hands(at(store, "ana", clock)), Hands(at(store, "lea", clock))
    rep.type(":day ben⏎")
    assert "ben's day is for ben and the leads to see" in asked(rep)
    assert day(rep.type("␛:day me⏎"))[0] == "ana's day"
    assert day(lead.type(":day be⏎"))[0] == "ben's day"
    lead.type("␛:day zoe⏎")
    assert "nobody is called 'zoe'" in asked(lead)
    with pytest.raises(NotAllowed, match="read-only: ben's"):
        lead.desk.day_of("ben").log(3, Outcome.TALKED)


ON_BEHALF = (
    ("cn", "lea for ben: call, no answer"),
    ("+", "lea for ben: set priority high"),
    ("stue⏎", "lea for ben: set next step call 1/6, Tue 24 Nov"),
    ("co likes tea⏎", "lea for ben: likes tea"),
    (">", "lea for ben: new -> attempting"),
    ("@hot⏎", "lea for ben: set tags"),
    ("b15dec h⏎", "lea for ben: parked until Tue 15 Dec: h"),
    (":value 5k⏎", "lea for ben: set value"),
    ("xlp", "lea for ben: new -> lost (price)"),
    ("oana⏎", "lea: owner ben -> ana"),
)


@pytest.mark.parametrize(("keys", "told"), ON_BEHALF)
def test_what_a_lead_does_for_a_rep_is_told_with_both(clock: Clock, keys: str, told: str) -> None:
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    lead = Hands(at(store, "lea", clock))
    lead.type("ga#3⏎" + keys)
    after = lines(lead, 3)
    assert any(line.endswith(f"  {told}") for line in after)
    lead.type("u")
    assert "History" not in lines(lead, 3)
    own = Hands(at(store, "ben", clock))
    own.type("#3⏎" + keys)
    assert not any(" for ben" in line for line in lines(own, 3))


def test_a_colleagues_record_is_read_and_judged_once_a_key(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, int]] = []
    get = hands.desk.store.get

    def counted(table: str, id: int) -> object:
        read.append((table, id))
        return get(table, id)

    monkeypatch.setattr(hands.desk.store, "get", counted)
    told = [line.text for line in detail(hands.desk, 3, [])]
    assert "open to you: ben has left it red" in " ".join(told)
    assert read == [("opportunities", 3)]


# Living together


def fresh(hands: Hands) -> dict[int, tuple[str, str]]:
    return dict(board(hands.desk, hands.steering.lanes, {}, hands.steering.fresh, narrow=False).fresh)


def test_a_row_that_a_colleague_changes_says_who_and_when_for_a_moment(
    hands: Hands, ben: Desk, clock: Clock
) -> None:
    hands.desk.raise_priority(2, 1)  # mine says nothing
    hands.steering.follow()
    assert fresh(hands) == {}
    ben.follow()
    ben.log(1, Outcome.NO_ANSWER)
    assert hands.steering.follow()
    assert fresh(hands) == {1: ("ben", "09:00")}
    clock.pass_(seconds=3)
    assert not hands.steering.follow()  # nothing to show: not a byte is written
    assert fresh(hands) == {1: ("ben", "09:00")}
    clock.pass_(seconds=1)
    assert hands.steering.follow()
    assert fresh(hands) == {}
    assert not hands.steering.follow()
