"""Closing the day: one key for each item, one for the rest, nothing that cannot be undone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from day import morning, records, start
from desks import Clock, desk_at, desk_over, everything
from hands import Hands, stage, touches

from huntertui.actions import ACTIONS
from huntertui.commands import COMMANDS
from huntertui.tui.picture import Pictures, Room
from huntertui.tui.reviewing import AT_MOST
from huntertui.tui.working import WORKS_TOO


def in_hand(hands: Hands) -> int | None:
    return hands.steering.review.id if hands.steering.review else None


def shown(hands: Hands, width: int = 80) -> str:
    overlay = Pictures(hands.steering, {}, demo=False).make(Room(status=(width, 1), overlay=20)).overlay
    return "\n".join((overlay.title, *(line.text for line in overlay.lines))) if overlay else ""


@pytest.mark.parametrize(
    ("keys", "said", "done"),
    [
        ("cn", "Initech #4: no answer", "no answer"),
        ("stu⏎", "Initech #4: call, Tue 8 Dec · stays red", "snooze"),
        ("oben⏎", "Initech #4: ana -> ben", "owner"),
        ("b15dec h⏎", "parked until Tue 15 Dec", "park"),
        ("xlp", "lost Initech #4 (price)", "price"),
        ("xw", "won Initech #4", "won"),
        (",fri send the offer⏎", "send the offer", "next step"),
        ("w18dec their board⏎", "closes Fri 18 Dec", "when it closes"),
    ],
)
def test_each_is_decided_with_the_keys_of_the_list(hands: Hands, keys: str, said: str, done: str) -> None:
    before = everything(hands.desk.store)
    hands.type("ge")
    assert in_hand(hands) == 4
    hands.type(keys)
    assert said in hands.said
    assert f"done: Initech #4, {done}" in shown(hands)
    assert in_hand(hands) == 1
    hands.type("u")
    assert in_hand(hands) == 4
    assert "done:" not in shown(hands)
    assert everything(hands.desk.store) == before


def test_what_decides_nothing_stays_in_hand(hands: Hands) -> None:
    hands.type("ge+cohello⏎>")
    assert in_hand(hands) == 4
    assert stage(hands.desk, 4) == "negotiation"
    assert hands.type("E").steering.panel is not None
    hands.type("␛")
    assert in_hand(hands) == 4
    assert "Initech" in shown(hands)


def test_leaving_them_unanswered_is_allowed(hands: Hands) -> None:
    before = everything(hands.desk.store)
    hands.type("ge ")
    assert in_hand(hands) == 1
    hands.type("n n")
    assert in_hand(hands) is None
    assert hands.steering.review is None
    assert hands.said == "0 decided, 3 left as they are"
    assert everything(hands.desk.store) == before
    hands.type("gejjk")
    assert in_hand(hands) == 1
    assert hands.type("q").steering.review is None
    assert hands.left == 0


def test_the_rest_in_one_key(hands: Hands) -> None:
    hands.type("ge ")  # leaves the deal; that is no decision
    hands.type("cn")
    before = everything(hands.desk.store)
    hands.type("*")
    assert hands.said == "2 to Fri 4 Dec; 2 of them stay red"
    assert "done: Initech #4, to Fri 4 Dec" in shown(hands)
    hands.type("*")
    assert hands.said == "there is nothing left to redate"
    hands.type("u")
    assert everything(hands.desk.store) == before
    assert hands.type("*").said == "2 to Fri 4 Dec; 2 of them stay red"


def test_promises_are_left_and_named(hands: Hands) -> None:
    hands.desk.set_step(4, "=today 16:00 call")
    hands.type("ge*")
    assert hands.said == "2 to Fri 4 Dec; 2 of them stay red; 1 left as they are: Initech #4 is promised"
    assert in_hand(hands) == 4


def test_at_most_ten_and_how_many_more(hands: Hands) -> None:
    for at in range(12):
        hands.desk.add(f"Ann Lee @c{at} today")
    hands.type("ge")
    assert shown(hands).count("#") == AT_MOST
    assert "5 more: * plans" in shown(hands)
    hands.type("*")
    assert hands.said == "15 to Fri 4 Dec; 3 of them stay red"
    assert "more:" not in shown(hands)


def test_keys_typed_ahead_act_on_what_follows(hands: Hands) -> None:
    hands.type("gecn.xlpq")
    assert [touches(hands.desk, id) for id in (4, 1)] == [1, 1]
    assert stage(hands.desk, 2) == "lost"


def test_what_does_nothing_to_an_item_has_to_wait(hands: Hands) -> None:
    free = {*ACTIONS, *WORKS_TOO}
    for command in COMMANDS:
        hands.steering.review = hands.steering.prompt = hands.steering.panel = None
        hands.type("␛ge")
        if command.name not in free:
            hands.steering.guarded(partial(hands.steering.run, command))
            assert hands.said == f"{command.name} has to wait: Esc ends the review", command.name
            assert in_hand(hands) == 4


def test_what_a_colleague_deals_with_meanwhile(hands: Hands, clock: Clock) -> None:
    hands.type("ge")
    desk_over(hands.desk.store, clock, "ben").win(4)
    hands.steering.follow()
    hands.type("cn")
    assert touches(hands.desk, 4) == 0
    assert "no row" in hands.said
    hands.type(" cn")
    assert touches(hands.desk, 1) == 1


def test_what_is_gone_meanwhile_is_said(hands: Hands) -> None:
    hands.type("ge")
    hands.desk.store.transact(lambda tx: tx.delete("opportunities", 4), "outside")
    hands.steering.follow()
    assert "it is closed by now, or gone" in shown(hands)
    hands.type("cn")
    assert "no row" in hands.said


def test_a_wide_screen_tells_stage_and_value(hands: Hands) -> None:
    hands.type("ge")
    assert "! Initech                #4     proposal      50k " in shown(hands)
    assert "proposal" not in shown(hands, 79)


def test_a_day_that_is_done(clock: Clock) -> None:
    assert Hands(desk_at("memory:", clock)).type("ge").said == "nothing of yours is left of today"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
def test_in_a_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    path = morning(tmp_path / "store" / "store.json")
    with start(path, *size) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("ge").until("Review · Space leave · * rest").until("Elmwood").until("Red since")
        terminal.type("cn stu\r").until("done:")
        terminal.type("*").until("stay red")
        terminal.type("qq")
        assert terminal.leave() == 0
    found = records(path)
    assert sum(o.touches for o in found.values()) == 4
