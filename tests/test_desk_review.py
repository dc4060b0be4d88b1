"""The end of a day at the desk: what is left, and the rest put to the next working day."""

from __future__ import annotations

import pytest
from desks import Clock, desk_at, desk_over, everything, small_world

from huntertui.desk import Desk
from huntertui.errors import NotAllowed
from huntertui.model.owed import neglected
from huntertui.model.touch import Outcome


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """Ana's #1, #2 and deal #4 are red; #3 is ben's and #5 nobody's."""
    made = desk_at("memory:", clock)
    small_world(made)
    clock.pass_(days=10)
    return made


def ids(desk: Desk) -> list[int]:
    return [row.id for row in desk.to_review()]


def test_what_is_mine_and_owed_today_promises_first_then_by_value(desk: Desk) -> None:
    assert ids(desk) == [4, 1, 2]
    desk.log(1, Outcome.NO_ANSWER)
    desk.log(2, Outcome.NO_ANSWER)
    desk.set_step(2, "=today 16:00 call")  # still to come, and promised
    assert ids(desk) == [2, 4]


def test_the_rest_goes_to_the_next_working_day(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=1)  # a Friday
    desk.add("Gil Fay @Novum today")
    before = everything(desk.store)
    change, left = desk.redate(ids(desk))
    assert change.message == "4 to Mon 7 Dec; 3 of them stay red"
    assert not left
    steps = [desk.opportunity(id) for id in (1, 2, 4, 7)]
    assert {str(o.next.due) for o in steps if o and o.next} == {"2026-12-07"}
    red = [neglected(o, desk.policy, desk.now()) for o in steps if o]
    assert red == [True, True, True, False]
    assert ids(desk) == [4, 1, 2]  # what is red is still to be done
    desk.undo()
    assert everything(desk.store) == before


def test_promises_and_parks_are_left(desk: Desk) -> None:
    desk.set_step(2, "=today 16:00 call")
    desk.log(4, Outcome.REPLIED)
    desk.park(1, "today on holiday")
    desk.set_step(4, "today send the offer")
    change, left = desk.redate([2, 1, 4])
    assert change.ids == (4,)
    assert [(one.id, str(one.error)) for one in left] == [
        (2, "Acme #2 is promised"),
        (1, "Acme #1 is parked"),
    ]


def test_promises_alone_are_refused(desk: Desk) -> None:
    desk.set_step(2, "=today 16:00 call")
    with pytest.raises(NotAllowed, match="is promised"):
        desk.redate([2])


def test_what_a_colleague_has_closed_is_left(desk: Desk, clock: Clock) -> None:
    found = ids(desk)
    desk_over(desk.store, clock, "ben").lose(1, "p")
    change, [left] = desk.redate(found)
    assert left.id == 1
    assert set(change.ids) == {4, 2}
