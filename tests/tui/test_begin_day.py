"""The first start of a day, the panel that tells of it, targets in the header, and too many prospects."""

from __future__ import annotations

from pathlib import Path

import pytest
from day import ME, Past, desk, start
from desks import Clock, desk_at, desk_over, small_world
from hands import Hands

from huntertui.model.team import Targets
from huntertui.model.touch import Outcome
from huntertui.tui import describe
from huntertui.tui.picture import Pictures, Room


@pytest.fixture
def hands(clock: Clock) -> Hands:
    """Ten days after the small world came to be, on which ben has taken #1 and given #3 away to ana."""
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    ben = desk_over(desk.store, clock, "ben")
    ben.assign(1, "ben")
    ben.assign(3, "ana")
    desk.follow()
    return Hands(desk)


def header(hands: Hands) -> str:
    return Pictures(hands.steering, {}, demo=False).make(Room()).header.text


def panel(hands: Hands) -> str:
    assert hands.steering.panel is not None
    state = hands.steering.panel.state()
    return "\n".join((state.title, *(line.text for line in state.lines)))


def test_the_first_start_says_what_happened_and_stands_where_it_is_weakest(hands: Hands) -> None:
    assert hands.said == (
        "since Mon 23 Nov 09:00: 3 turned red, 1 taken or helped with, 1 given to you · g y tells more"
    )
    assert hands.steering.lanes.focused == 0
    hands.type("cn")  # never in the way
    assert "no answer" in hands.said
    assert not Hands(hands.desk).said  # nor twice


def test_the_cursor_stands_where_most_is_neglected(clock: Clock) -> None:
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=2)
    for id in (1, 2):
        desk.log(id, Outcome.NO_ANSWER)
    clock.pass_(days=7)
    desk.own_targets = Targets(prospecting=0)
    assert Hands(desk).steering.lanes.focused == 2


def test_who_never_leaves_is_told_with_the_first_key_of_a_day(hands: Hands, clock: Clock) -> None:
    hands.type("1cn")
    clock.pass_(days=1)
    assert hands.type("3").said.startswith("since Thu 3 Dec 09:00: nothing has changed for you")
    assert hands.steering.lanes.focused == 2
    assert not hands.type("1").said
    clock.pass_(days=1)
    assert "no answer" in hands.type("cn").said


def test_without_a_day_before_nothing_is_said(clock: Clock) -> None:
    assert not Hands(desk_at("memory:", clock)).said


def test_the_panel_tells_it_at_length(hands: Hands) -> None:
    told = panel(hands.type("gy"))
    for words in (
        "Since Mon 23 Nov 09:00",
        "3 turned red",
        "! Initech",
        "ben: Acme #1: ana -> ben",
        "ben: Globex #3: ben -> ana",
        "1 Prospects    0 of 10 touches    2 neglected",
        "3 Closing      0 of 2 touches     1 neglected",
    ):
        assert words in told, told
    hands.type("j")  # any key goes on
    assert hands.steering.panel is None
    assert hands.id != Hands(hands.desk).id


def test_a_touch_counts_in_the_header(hands: Hands) -> None:
    assert "· 0/10 0/0 0/2" in header(hands)
    hands.type("1cn3cn")
    assert "· 1/10 0/0 1/2" in header(hands)
    hands.type("u")
    assert "· 1/10 0/0 0/2" in header(hands)
    hands.desk.own_targets = Targets(prospecting=0, closing=0)
    assert "· 0/0" in header(Hands(hands.desk))


@pytest.mark.parametrize(
    ("keys", "who"),
    [
        ("aAnn Lee @zeta⏎", "added zeta #47"),
        ("1cci", "is ana's"),
        ("1jojoe⏎", "-> joe · joe: "),
        ("V", ""),
    ],
)
def test_more_prospects_than_days_carry_is_said_and_stops_nothing(clock: Clock, keys: str, who: str) -> None:
    desk = desk_at("memory:", clock)
    small_world(desk)
    for at in range(40):
        desk.add(f"Person {at} @c{at}")
    desk.own_targets = Targets(prospecting=1)
    hands = Hands(desk)
    if keys == "V":
        keys, who = "Vocarla⏎", "gave 43 to carla"  # carla has no target that is known: ten a day
    if keys == "1cci":
        hands.steering.lanes.reveal(5)
        keys = "i"
    if keys.startswith("1jo"):
        for id in range(7, 46):
            desk.assign(id, "joe")
    hands.type(keys)
    assert who in hands.said
    assert "touches are due in 10 days; at" in hands.said


def test_nothing_is_said_of_a_deal(clock: Clock) -> None:
    desk = desk_at("memory:", clock)
    small_world(desk)
    desk.own_targets = Targets(prospecting=1)
    for at in range(9):
        desk.add(f"Person {at} @c{at}")
    hands = Hands(desk)
    hands.steering.lanes.reveal(4)
    assert hands.type("oben⏎").said == "Initech #4: ana -> ben"


@pytest.mark.parametrize("demo", [False, True])
def test_all_three_targets_stand_in_80_columns(hands: Hands, demo: bool) -> None:
    """Whatever else there is to say: a filter, a promise, and where somebody writes, a message."""
    if not demo:
        desk_over(hands.desk.store, Clock(hands.desk.now()), "ben").message(3, "call him before noon, please")
    hands.steering.follow()
    hands.type("#3⏎s=15:30⏎/a⏎")
    text = describe.header(hands.desk, hands.steering.lanes, "country:de until fri", demo=demo).text
    assert "0/10 0/0 0/2" in text[:79]
    assert all(
        words in text for words in ("DEMO" if demo else "ben", "find a", "next 15:30", "focus country:de")
    )


def test_in_a_terminal(tmp_path: Path) -> None:
    path, past = tmp_path / "store" / "store.json", Past()
    past.days_ago(30)
    mine = desk(path, clock=past)
    for name in "abc":
        mine.add(f"Person @{name.upper()}corp")
    mine.store.close()
    past.days_ago(9)
    other = desk(path, "somebody", clock=past)
    other.assign(2, "somebody")
    other.store.close()
    with start(path, 120, 40) as terminal:
        terminal.until("since ").until("2 turned red, 1 taken or helped with · g y tells more")
        assert "· 0/10 0/0 0/2" in terminal.rows[0]
        terminal.type("gy").until(f"somebody: Bcorp #2: {ME} -> somebody")
        terminal.type("cn").until("· 1/10 0/0 0/2")
        terminal.type("q")
        assert terminal.leave() == 0


def test_what_colleagues_wrote_is_met_in_the_header_the_day_and_the_item(hands: Hands, clock: Clock) -> None:
    assert "wrote" not in header(hands)
    desk_over(hands.desk.store, clock, "ben").message(4, "they want a call before noon")
    hands.steering.follow()
    assert " · ben wrote (#4) · " in header(hands)
    hands.type("gy")
    assert "#4  ben: they want a call before noon" in panel(hands)
    hands.type("␛#4⏎Y")
    assert hands.said == "understood: #4: ben: they want a call before noon"
    assert "wrote" not in header(hands)
