"""What a desk finds: what is closed, kept up with what all do; notes and addresses, read piece by piece."""

from __future__ import annotations

import pytest
from desks import Clock, desk_at, desk_over, small_world

from huntertui.desk import Desk
from huntertui.desk.finding import READ
from huntertui.store import Tx


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk that has just been opened."""
    made = desk_at("memory:", clock)
    small_world(made)
    return desk_over(made.store, clock)


def closed(desk: Desk) -> list[int]:
    return [row.id for row in desk.closed()]


def found(desk: Desk, text: str) -> list[int]:
    return [row.id for lane in desk.find(text, desk.now().timestamp()).lanes for row in lane]


def test_what_is_closed_is_kept_up_with_what_everybody_does(desk: Desk, clock: Clock) -> None:
    ben = desk_over(desk.store, clock, "ben")
    assert closed(desk) == [6]
    ben.win(3)
    desk.follow()
    assert closed(desk) == [3, 6]
    desk.reopen(6)
    assert closed(desk) == [3]
    desk.undo()
    assert closed(desk) == [6, 3]
    ben.note(3, "sent flowers")
    desk.follow()
    assert sorted(closed(desk)) == sorted(closed(desk_over(desk.store, clock))) == [3, 6]


def test_closed_items_come_after_a_load_as_before(desk: Desk) -> None:
    assert closed(desk) == [6]
    desk.load()
    assert not desk.has_closed
    assert closed(desk) == [6]


def test_a_closed_record_that_cannot_be_read_is_left_out(desk: Desk) -> None:
    def damage(tx: Tx) -> None:
        tx.insert("opportunities", {"stage": "lost", "value": "much"})

    desk.store.transact(damage, "ana")
    assert closed(desk) == [6]


def test_reading_goes_piece_by_piece_and_ends(desk: Desk) -> None:
    for number in range(3 * READ):
        desk.add(f"Person {number} @Firm{number} p{number}@firm.example")
    fresh = desk_over(desk.store, desk._clock)  # type: ignore[arg-type]
    assert not fresh.reading  # nobody searches
    assert found(fresh, "p7@firm") == []
    steps = 0
    while fresh.read_on():
        steps += 1
    assert steps >= 3
    assert [desk.opportunity(id).name for id in found(fresh, "p7@firm")] == [""]  # type: ignore[union-attr]


def test_what_changes_while_it_is_read_is_found_as_it_is_now(desk: Desk, clock: Clock) -> None:
    ben = desk_over(desk.store, clock, "ben")
    assert found(desk, "zebra") == []
    ben.note(1, "no matter")
    ben.edit(1, "notes", "zebra")
    ben.edit(3, "email", "")
    desk.follow()
    while desk.read_on():
        pass
    assert found(desk, "zebra") == [1]
    desk.edit(1, "notes", "")
    assert found(desk, "zebra") == []
    desk.undo()
    assert found(desk, "zebra") == [1]


def test_a_record_that_is_gone_or_broken_holds_up_nothing(desk: Desk) -> None:
    def damage(tx: Tx) -> None:
        tx.delete("opportunities", 2)
        tx.update("opportunities", 1, {"value": "much"})

    assert found(desk, "zebra") == []
    desk.store.transact(damage, "ben")  # and before it is followed:
    while desk.read_on():
        pass
    assert not desk.reading
    desk.follow()
    assert found(desk, "bob") == []


@pytest.mark.parametrize("words", ["is:planned", "is:planned stage:new"])
def test_my_plan_can_be_asked_for(desk: Desk, words: str) -> None:
    desk.to_top(2)
    assert found(desk, words) == [2]
    desk.unplan(2)
    assert found(desk, words) == []
