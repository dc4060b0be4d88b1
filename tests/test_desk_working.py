"""A queue that is worked through: where it goes on, what drops out, and that nobody else sees it."""

from __future__ import annotations

import pytest
from desks import Clock, desk_at, desk_over, everything, small_world

from huntertui.desk import Desk
from huntertui.desk.working import LONGEST, Queue
from huntertui.model.opportunity import Priority
from huntertui.model.touch import Outcome


@pytest.fixture
def desk(clock: Clock) -> Desk:
    made = desk_at("memory:", clock)
    small_world(made)
    clock.pass_(days=10)
    return made


def some(*ids: int, **fields: object) -> Queue:
    now = Clock()()
    return Queue("Prospects", ids, now.date(), now, **fields)  # type: ignore[arg-type]


NOBODY = frozenset[int]()


@pytest.mark.parametrize(
    ("queue", "gone", "then"),
    [
        (some(7, 8, 9), NOBODY, 8),
        (some(7, 8, 9), {8}, 9),
        (some(7, 8, 9, done={8: "won"}), NOBODY, 9),
        (some(7, 8, 9, at=2), NOBODY, None),
        (some(7, 8, 9), {8, 9}, None),
    ],
)
def test_on_to_the_next_that_is_to_be_done(queue: Queue, gone: set[int], then: int | None) -> None:
    assert queue.on(gone.__contains__).id == then


def test_back_shows_what_is_done_but_not_what_has_dropped_out() -> None:
    queue = some(6, 7, 8, 9, at=3, done={7: "won"})
    assert queue.back({8, 7}.__contains__).id == 7
    assert some(6, 7).back(NOBODY.__contains__).id == 6


def test_skips_count_and_a_queue_goes_on_where_it_was_left() -> None:
    queue = some(7, 8, 9)
    for _ in range(3):
        queue = queue.resumed(NOBODY.__contains__).skipped(NOBODY.__contains__)
    assert (queue.id, queue.skips) == (None, {7: 1, 8: 1, 9: 1})
    again = queue.resumed(NOBODY.__contains__)
    assert again.id == 7
    assert again.skipped(NOBODY.__contains__).skips[7] == 2
    assert some(7, 8, at=1, done={7: "won"}).skipped(NOBODY.__contains__).resumed({8}.__contains__).id is None


def test_the_place_counts_only_what_has_not_dropped_out() -> None:
    assert some(5, 6, 7, 8, at=2, done={5: "won"}).place({5, 6}.__contains__) == (2, 3)


def test_it_is_kept_with_the_act_in_one_record(desk: Desk, clock: Clock) -> None:
    queue = desk.begin_queue("Prospects", [1, 2])
    before = desk.seq
    desk.queue = queue.did(1, "no answer").on(desk.dropped)
    desk.log(1, Outcome.NO_ANSWER)
    assert desk.seq == before + 1
    again = desk_over(desk.store, clock)
    assert again.todays_queue() == desk.queue
    clock.pass_(days=1)
    assert again.todays_queue() is None


def test_undo_does_not_see_it(desk: Desk) -> None:
    before = everything(desk.store)
    queue = desk.begin_queue("Prospects", [1, 2])
    desk.log(1, Outcome.NO_ANSWER)
    worked = everything(desk.store)
    desk.queue = queue.did(1, "no answer").skipped(desk.dropped)
    desk.keep_queue()
    assert "no answer" in desk.undo().message
    assert everything(desk.store) == before
    assert "no answer" in desk.redo().message
    assert everything(desk.store) == worked
    kept = desk.todays_queue()
    assert kept is not None
    assert kept.done == {1: "no answer"}


def test_an_act_without_effect_stays_one(desk: Desk) -> None:
    queue = desk.begin_queue("Prospects", [1, 2])
    desk.set_priority(1, Priority.HIGH)
    desk.queue = queue.on(desk.dropped)
    again = desk.set_priority(1, Priority.HIGH)
    assert again.seq is None
    assert again.message.startswith("no change")
    assert desk.undo().message.startswith("undone: Acme #1: priority high")


def test_colleagues_do_not_hear_of_it(desk: Desk, clock: Clock) -> None:
    ben = desk_over(desk.store, clock, "ben")
    desk.begin_queue("Prospects", [1, 2])
    assert ben.follow().messages == ()
    assert ben.todays_queue() is None
    desk.log(1, Outcome.NO_ANSWER)
    assert len(ben.follow().messages) == 1


def test_what_colleagues_have_dealt_with_drops_out(desk: Desk, clock: Clock) -> None:
    assert desk.begin_queue("Prospects", [1, 2, 3, 5]).theirs == {3}
    assert not any(map(desk.dropped, (1, 2, 3, 5)))
    clock.pass_(minutes=1)
    ben = desk_over(desk.store, clock, "ben")
    ben.log(1, Outcome.TALKED)
    ben.claim(5)
    ben.win(3)
    desk.follow()
    assert [id for id in (1, 2, 3, 5) if desk.dropped(id)] == [1, 3, 5]


def test_what_an_edit_outside_has_spoilt_is_no_queue(desk: Desk) -> None:
    desk.begin_queue("Prospects", [1, 2])
    desk.queue = None
    desk.store.transact(lambda tx: tx.update("queues", 1, {"done": 7}), "ana")
    assert desk.todays_queue() is None
    assert desk.begin_queue("Prospects", list(range(1, 1000))).ids == tuple(range(1, LONGEST + 1))
