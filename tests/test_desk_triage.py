"""Deciding on an old import: buckets of age, and one change for each decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from desks import NOW, Clock, desk_over, everything

from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.model.opportunity import Kind, Opportunity
from huntertui.model.owed import Rule, owed
from huntertui.model.team import Targets
from huntertui.model.triage import evenly, spread
from huntertui.store import open_store


def old(days: int, stage: str = "new", **fields: Any) -> Opportunity:
    at = NOW - timedelta(days=days)
    made = Opportunity(company=f"C{days}", owner="ana", stage=stage, created=at, clock=at, triage=True)
    return replace(made, **fields)


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """#1 a month ago, #2 and #3 two months, #4 half a year, #5 ten years (a deal), #6 ben's."""
    made = desk_over(open_store("memory:", "ana", clock=clock), clock)
    for o in (
        old(20),
        old(60, value=100, currency="EUR"),
        old(61, value=900, currency="EUR"),
        old(180, owner=""),
        old(3650, "proposal", expected_close=date(2016, 12, 1), value=500, currency="USD"),
        old(50, owner="ben"),
    ):
        made.add_opportunity(o)
    return made


def shown(desk: Desk) -> list[list[int]]:
    return [[row.id for row in bucket.rows] for bucket in desk.to_triage()]


def get(desk: Desk, id: int) -> Opportunity:
    o = desk.opportunity(id)
    assert o is not None
    return o


def test_buckets_are_mine_and_nobodys_by_age_and_value(desk: Desk) -> None:
    assert shown(desk) == [[1], [3, 2], [4], [5]]
    assert [bucket.worth for bucket in desk.to_triage()] == [{}, {"EUR": 1000}, {}, {"USD": 500}]


def test_work_starts_the_clock_and_is_one_undo(desk: Desk) -> None:
    before = everything(desk.store)
    change, left = desk.work_triage(desk.to_triage()[1].rows)
    assert change.message == "2 to be worked, the last on Mon 23 Nov"
    assert not left
    for id in (2, 3):
        o = get(desk, id)
        due = owed(o, desk.policy)
        assert due is not None
        assert (o.triage, due.rule, due.by) == (False, Rule.CADENCE, datetime(2026, 11, 24, tzinfo=UTC))
        row = desk.book.row(id)
        assert row is not None
        assert row.next == "call 1/6"
    assert shown(desk) == [[1], [], [4], [5]]
    desk.undo()
    assert everything(desk.store) == before


def test_a_deal_is_owed_within_its_limit_and_its_old_close_is_no_promise(desk: Desk) -> None:
    desk.work_triage(desk.to_triage()[3].rows)
    o = get(desk, 5)
    due = owed(o, desk.policy)
    assert due is not None
    assert due.by > desk.now()
    assert o.expected_close is None
    assert o.original_close is None or o.original_close == date(2016, 12, 1)


def test_who_takes_up_what_is_nobodys_has_it(desk: Desk) -> None:
    desk.work_triage(desk.to_triage()[2].rows)
    assert get(desk, 4).owner == "ana"


def test_prospects_go_where_the_days_have_room(desk: Desk) -> None:
    desk.own_targets = Targets(prospecting=2)
    for days in range(400, 409):
        desk.add_opportunity(old(days))
    rows = desk.to_triage()[3].rows
    plan = desk.plan_triage([row for row in rows if row.lane == 0])
    assert list(Counter(plan.values()).items()) == [
        (date(2026, 11, 23), 2),
        (date(2026, 11, 24), 2),
        (date(2026, 11, 25), 2),
        (date(2026, 11, 26), 2),
        (date(2026, 11, 27), 1),
    ]
    change, _ = desk.work_triage(rows)
    assert change.message == "10 to be worked, the last on Fri 27 Nov"
    assert not any(row.late((desk.now() + timedelta(hours=12)).timestamp()) for row in desk.mine())


def test_days_that_are_full_are_passed_over() -> None:
    calendar = desk_over(open_store("memory:", "x", clock=Clock()), Clock()).policy.calendar
    days = [date(2026, 11, 26), date(2026, 11, 27)]
    assert spread(4, [-3, 1], 2, days, calendar) == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 11, 30),
        date(2026, 12, 1),
    ]
    assert spread(0, [1, 1], 2, days, calendar) == []
    assert evenly(3, days) == [days[0], days[0], days[1]]


def test_park_lose_and_hand_over(desk: Desk) -> None:
    one, two, _, four = (bucket.rows for bucket in desk.to_triage())
    change, _ = desk.park_triage(one, "15jan b")
    assert change.message == "parked 1 until 15jan b"
    assert get(desk, 1).park is not None
    change, _ = desk.lose_triage(two, "g no word for months")
    assert change.message == "lost 2 (ghosted)"
    assert {get(desk, id).lost_reason for id in (2, 3)} == {"ghosted"}
    change, _ = desk.hand_over_triage(four, "ben")
    assert change.message == "gave 1 to ben"
    assert (get(desk, 5).owner, get(desk, 5).triage) == ("ben", True)
    assert shown(desk) == [[], [], [4], []]
    for _ in range(3):
        desk.undo()
    assert shown(desk) == [[1], [3, 2], [4], [5]]


@pytest.mark.parametrize(
    ("decide", "said"),
    [
        (lambda desk, rows: desk.park_triage(rows, "15jan"), "a park needs a reason"),
        (lambda desk, rows: desk.lose_triage(rows, " "), "lost needs a reason"),
        (lambda desk, _: desk.lose_triage((), "g"), "nothing here"),
        (lambda desk, _: desk.work_triage(()), "nothing here"),
        (lambda desk, rows: desk.hand_over_triage(rows, ""), "nobody is called"),
    ],
)
def test_what_cannot_be_done_is_said(desk: Desk, decide: object, said: str) -> None:
    before = everything(desk.store)
    with pytest.raises(Usage, match=said):
        decide(desk, desk.to_triage()[1].rows)  # type: ignore[operator]
    assert everything(desk.store) == before


def test_what_somebody_has_decided_on_meanwhile_is_left(desk: Desk, clock: Clock) -> None:
    rows = desk.to_triage()[1].rows
    desk_over(desk.store, clock, "ben").set_step(2, "=tue 10:00 call")
    change, [left] = desk.work_triage(rows)
    assert (change.ids, left.id) == ((3,), 2)
    assert get(desk, 2).next is not None
    assert get(desk, 2).next.kind is Kind.AGREED  # type: ignore[union-attr]


def test_thousands_are_one_undo(desk: Desk) -> None:
    for days in range(500, 520):
        desk.add_opportunity(old(days))
    rows = desk.to_triage()[3].rows
    change, _ = desk.lose_triage(rows, "t")
    assert len(change.ids) == len(rows) == 21
    desk.undo()
    assert len(desk.to_triage()[3].rows) == 21
