"""My day at the desk: touches against targets, what happened since, and the load of prospects."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW, Clock, desk_at, desk_over, small_world

from huntertui.desk import Desk
from huntertui.model.team import Targets
from huntertui.model.touch import Answer, Outcome
from huntertui.store import open_store


@pytest.fixture
def desk(clock: Clock) -> Desk:
    made = desk_at("memory:", clock)
    small_world(made)
    return made


def done(desk: Desk) -> list[int]:
    return [day.done for day in desk.progress()]


def test_a_touch_counts_where_the_row_stood(desk: Desk) -> None:
    assert done(desk) == [0, 0, 0]
    desk.log(1, Outcome.NO_ANSWER)
    desk.log(2, Outcome.TALKED)  # it is a follow-up from now on; the call was one to a prospect
    desk.log(2, Outcome.SENT)
    desk.log(4, Outcome.ASKED)
    assert done(desk) == [2, 1, 1]
    desk.undo()
    assert done(desk) == [2, 1, 0]
    desk.redo()
    assert done(desk) == [2, 1, 1]


def test_only_what_reaches_out_counts(desk: Desk) -> None:
    desk.log(1, Outcome.REPLIED, answer=Answer.OWED)
    desk.log(1, Outcome.WRONG_NUMBER)
    desk.note(1, "hello")
    desk.move(1, "qualified")
    assert done(desk) == [0, 0, 0]


def test_only_mine_and_only_today(desk: Desk, clock: Clock) -> None:
    desk.log(1, Outcome.NO_ANSWER)
    ben = desk_over(desk.store, clock, "ben")
    ben.log(3, Outcome.NO_ANSWER)
    desk.follow()
    assert (done(desk), done(ben)) == ([1, 0, 0], [1, 0, 0])
    clock.pass_(days=1)
    assert done(desk) == [0, 0, 0]
    desk.log(2, Outcome.NO_ANSWER)
    assert done(desk) == [1, 0, 0]


def test_another_process_counts_the_same(tmp_path: Path, clock: Clock) -> None:
    first = desk_at(tmp_path / "store.json", clock)
    small_world(first)
    clock.pass_(days=1)
    first.log(1, Outcome.NO_ANSWER)
    first.log(2, Outcome.TALKED)
    first.log(4, Outcome.ASKED)
    first.undo()
    second = desk_at(tmp_path / "store.json", clock)
    assert done(second) == done(first) == [2, 0, 0]
    first.log(4, Outcome.ASKED)
    second.follow()
    assert done(second) == [2, 0, 1]


def test_a_count_that_others_wrote_into_by_hand(desk: Desk) -> None:
    odd = [
        {"kind": "touch", "by": "ana", "direction": "out"} | extra for extra in ({}, {"at": 5}, {"at": "x"})
    ]

    def write(tx: object) -> None:
        for event in odd:
            tx.insert("events", event)  # type: ignore[attr-defined]

    desk.store.transact(write, "outside")
    assert done(desk) == [0, 0, 0]


def test_targets(desk: Desk, clock: Clock) -> None:
    assert [day.target for day in desk.progress()] == [10, 0, 2]
    desk.log(1, Outcome.TALKED)
    clock.pass_(days=7)  # the follow-up is due today, or late
    assert [(day.done, day.target) for day in desk.progress()] == [(0, 10), (0, 1), (0, 2)]
    desk.log(1, Outcome.SENT)
    assert [(day.done, day.target) for day in desk.progress()] == [(0, 10), (1, 1), (0, 2)]
    desk.own_targets = Targets(prospecting=0, following=5, closing=None)
    assert [day.target for day in desk.progress()] == [None, 5, 1]


def test_the_weakest_discipline(desk: Desk, clock: Clock) -> None:
    assert desk.weakest() == 0
    clock.pass_(days=10)
    assert desk.weakest() == 0  # two of mine are late there, one in closing
    desk.log(1, Outcome.NO_ANSWER)
    desk.log(2, Outcome.NO_ANSWER)
    assert desk.weakest() == 2
    desk.own_targets = Targets(closing=0)
    assert desk.weakest() != 2


def test_since(desk: Desk, clock: Clock) -> None:
    desk.log(4, Outcome.ASKED)  # the last thing ana does on Monday
    ben = desk_over(desk.store, clock, "ben")
    clock.pass_(hours=9)
    ben.assign(1, "ben")
    ben.assign(3, "ana")
    ben.claim(5)
    ben.assign(2, "cat")
    ben.assign(2, "ana")  # to and fro
    clock.pass_(days=1)
    desk.follow()
    since = desk.since()
    assert since.at == NOW
    assert not since.begun
    assert since.taken == ("ben: Acme #1: ana -> ben",)
    assert since.given == ("ben: Globex #3: ben -> ana",)
    clock.pass_(days=10)
    red = desk.turned_red(NOW)
    assert {row.id for row in red} == {2, 3, 4}
    assert desk.red_since(NOW) == len(red)
    desk.log(2, Outcome.NO_ANSWER)
    assert desk.since().begun
    assert desk.since().at == NOW


def test_since_when_there_was_nothing(clock: Clock) -> None:
    desk = desk_over(open_store("memory:", "ana", clock=clock), clock)
    assert desk.since().at is None
    desk.add("Ann @Acme")
    since = desk.since()
    assert since.begun
    assert since.at is None


def test_a_helper_is_told(desk: Desk, clock: Clock) -> None:
    desk.note(1, "the last of the day")
    clock.pass_(days=20)
    ben = desk_over(desk.store, clock, "ben")
    ben.claim(4)
    desk.follow()
    [told] = desk.since().taken
    assert "ben helps ana" in told


def test_too_many_prospects(desk: Desk) -> None:
    assert desk.too_much("ana") == ""
    desk.own_targets = Targets(prospecting=1)
    for name in "abcd":
        desk.add(f"Person @{name}")
    assert desk.too_much("ana") == "18 touches are due in 10 days; at 1 a day 10 can be done"
    assert desk.too_much("ben") == ""
    assert desk.too_much("") == ""
    desk.own_targets = Targets(prospecting=0)
    assert desk.too_much("ana") == ""
    desk.own_targets = Targets(prospecting=None)
    assert desk.too_much("ana") == ""


def test_a_load_does_not_grow_with_what_lies_beyond(desk: Desk, clock: Clock) -> None:
    before = desk.workload()
    desk.lose_for_now(1, (clock.now + timedelta(days=100)).date().isoformat())
    assert sum(desk.workload().touches) < sum(before.touches)
