"""The order of a lane, against the same order written naively, and lanes kept up by single changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from deals import POLICY, after, agreed, at, deal, logged, lost, parked, step, wrote
from hypothesis import given
from hypothesis import strategies as st

from huntertui.model import acts
from huntertui.model.opportunity import Contact, Kind, Opportunity, Park
from huntertui.model.pipeline import STAGES, Pipeline, Policy
from huntertui.model.ranking import HOUR, NEVER, Found, Lane, Mark, Row, next_label, row_of
from huntertui.model.touch import Outcome

NOW = at("11-23 10:00").timestamp()
MIDNIGHT = at("11-24 00:00").timestamp()
TOMORROW = at("11-24 10:00").timestamp()
ROW = row_of(deal(), POLICY)

Focus = Callable[[Row], bool]


def a_row(id: int, by: float, priority: int, worth: float, rule: str, triage: bool, owner: str) -> Row:
    marks = Mark.TRIAGE if triage else ""
    return ROW._replace(
        id=id, by=by, priority=priority, worth=worth, rule=rule, marks=marks, owner=owner, title=f"#{id}"
    )


MOMENTS = [
    NOW,
    NOW + 1,
    NOW - 1,
    NOW + HOUR,
    NOW + HOUR + 1,
    MIDNIGHT,
    MIDNIGHT + 1,
    TOMORROW,
    TOMORROW + HOUR,
]
ROWS = st.lists(
    st.builds(
        a_row,
        st.integers(1, 60),
        st.sampled_from(MOMENTS) | st.floats(NOW - 1e6, NOW + 1e6),
        st.integers(0, 3),
        st.sampled_from([0.0, 10.0, 20.0]),
        st.sampled_from(["idle", "agreed", "answer", "inbound", "cadence", "unowned"]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from(["ana", "ben"]),
    ),
    max_size=40,
    unique_by=lambda row: row.id,
)
PLANS = st.lists(st.integers(1, 60), max_size=6, unique=True)
FOCI = st.sampled_from([None, lambda row: row.owner == "ben"])
TIMES = st.sampled_from([(NOW, MIDNIGHT), (MIDNIGHT, MIDNIGHT + 86400), (TOMORROW, MIDNIGHT + 86400)])


def naive(
    rows: list[Row], now: float, end_of_today: float, plan: list[int], focus: Focus | None
) -> list[int]:
    """Today's plan by hand; promises late or due within the hour; what is owed by the end of today, by
    priority, then owed by, then value; what waits for triage, by value; then the rest likewise. A focus puts
    its matches first inside each block."""

    def away(row: Row) -> bool:
        return focus is not None and not focus(row)

    def block(row: Row) -> tuple[Any, ...]:
        if row.id in plan:
            return 0, plan.index(row.id)
        if Mark.TRIAGE in row.marks:
            return 3, away(row), -row.worth, row.by, row.id
        if row.rule in ("agreed", "answer", "inbound") and row.by <= now + 3600:
            return 1, away(row), row.by, -row.worth, row.id
        today = row.by <= end_of_today
        return 2 if today else 4, away(row), row.priority, row.by, -row.worth, row.id

    return [row.id for row in sorted(rows, key=block)]


def filled(rows: list[Row], focus: Focus | None) -> Lane:
    lane = Lane(focus)
    lane.fill(rows)
    return lane


@given(ROWS, PLANS, FOCI, TIMES)
def test_a_view_is_the_lane_in_its_order(
    rows: list[Row], plan: list[int], focus: Focus | None, times: tuple[float, float]
) -> None:
    view = filled(rows, focus).view(*times, plan)
    ids = [row.id for row in view]
    assert ids == naive(rows, *times, plan, focus)
    assert len(view) == len(rows)
    assert [view.index_of(id) for id in ids] == list(range(len(ids)))
    assert view.planned == len({row.id for row in rows} & set(plan))
    assert view.index_of(999) is None
    for beyond in (-1, len(ids)):
        with pytest.raises(IndexError):
            view[beyond]


@given(ROWS, ROWS, st.lists(st.integers(1, 60), max_size=20), FOCI)
def test_single_changes_equal_a_lane_made_anew(
    rows: list[Row], puts: list[Row], drops: list[int], focus: Focus | None
) -> None:
    lane, left = filled(rows, focus), {row.id: row for row in rows}
    for row in puts:
        lane.put(row)
        left[row.id] = row
    for id in drops:
        lane.drop(id)
        left.pop(id, None)
    anew = filled(list(left.values()), focus)
    assert list(lane.view(NOW, MIDNIGHT)) == list(anew.view(NOW, MIDNIGHT))
    assert {row.id: row for row in lane.rows()} == left
    assert all(lane[id] == left[id] and id in lane for id in left)
    assert len(lane) == len(left)


@given(ROWS, FOCI, TIMES)
def test_the_counts_are_the_rows(rows: list[Row], focus: Focus | None, times: tuple[float, float]) -> None:
    lane, now = filled(rows, focus), times[0]
    assert lane.late(now) == sum(row.late(now) for row in rows)
    assert lane.triage() == sum(Mark.TRIAGE in row.marks for row in rows)


def test_time_alone_moves_a_promise_up_and_tomorrow_into_today() -> None:
    tomorrow = a_row(1, TOMORROW, 0, 0, "idle", False, "ana")
    promise = a_row(2, NOW + HOUR + 60, 3, 0, "agreed", False, "ana")
    today = a_row(3, NOW + 9000, 2, 0, "idle", False, "ana")
    lane = filled([tomorrow, promise, today], None)
    assert [row.id for row in lane.view(NOW, MIDNIGHT)] == [3, 2, 1]
    assert [row.id for row in lane.view(NOW + 60, MIDNIGHT)] == [2, 3, 1]
    assert [row.id for row in lane.view(MIDNIGHT, MIDNIGHT + 86400)] == [2, 1, 3]


class Counted(float):
    """A moment that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: float) -> bool:
        Counted.compared += 1
        return super().__lt__(other)


def test_a_change_of_one_row_looks_at_few_others() -> None:
    lane = filled([a_row(id, Counted(NOW + id), 2, 0, "idle", False, "ana") for id in range(20_000)], None)
    Counted.compared = 0
    lane.put(a_row(12_345, Counted(NOW + 5), 2, 0, "idle", False, "ana"))
    view = lane.view(NOW, MIDNIGHT, [7, 8])
    assert view[15_000].id == view[view.index_of(view[15_000].id) or 0].id
    assert Counted.compared < 500


# The row of a record


@pytest.mark.parametrize(
    ("o", "lane", "marks"),
    [
        (deal("new", next=step("12-01")), 0, ""),
        (deal("new"), 0, Mark.NO_NEXT),
        (deal("contacted", park=Park(date(2026, 12, 1), "b")), 1, Mark.PARKED),
        (deal("nurture", triage=True, next=step("12-01")), 1, Mark.TRIAGE),
        (deal(next=step("12-01")), 2, Mark.INCOMPLETE),
        (deal(next=step("12-01"), value=0, expected_close=date(2026, 12, 1)), 2, ""),
        (deal("contacted", next=step("12-01"), helper="ben"), 1, ""),
        (after(deal(), lost("11-16 10:00")), 2, Mark.CLOSED),
        (after(deal(), lost("11-16 10:00", "12-01")), 0, Mark.NO_NEXT),
    ],
)
def test_a_row_knows_its_lane_and_its_marks(o: Opportunity, lane: int, marks: str) -> None:
    row = row_of(o, POLICY)
    assert (row.lane, row.marks) == (lane, marks)


def test_a_row_knows_its_moments() -> None:
    row = row_of(deal(), POLICY)
    assert (row.by, row.amber) == (at("11-18 00:00").timestamp(), at("11-13 00:00").timestamp())
    assert (row.opens, row.due, row.shown, row.touched) == (
        at("11-21 00:00").timestamp(),
        NEVER,
        -NEVER,
        -NEVER,
    )
    assert row.aged == (at("11-10 10:00") + timedelta(days=90)).timestamp()
    row = row_of(after(deal(next=agreed("11-23 15:30")), parked("11-10 11:00", "12-01")), POLICY)
    assert (row.due, row.by) == (at("11-23 15:30").timestamp(), at("12-02 00:00").timestamp())
    row = row_of(after(deal(), logged("11-12 10:00", Outcome.TALKED), lost("11-16 10:00", "12-01")), POLICY)
    assert (row.shown, row.touched) == (at("12-01 00:00").timestamp(), at("11-12 10:00").timestamp())


def test_a_revisit_comes_to_the_prospects_whatever_the_stages_are_called() -> None:
    stages = tuple(replace(stage, name=f"my {stage.name}") for stage in STAGES)
    o = after(deal("my proposal"), lost("11-16 10:00", "12-01"))
    assert row_of(o, Policy(pipeline=Pipeline(stages))).lane == 0


@pytest.mark.parametrize(
    ("o", "promise"),
    [
        (deal(next=agreed("12-01")), True),
        (after(deal(), wrote("11-11 10:00")), True),
        (deal("new", inbound=True), True),
        (deal(), False),
        (deal(next=step("11-12")), False),
    ],
)
def test_a_promise_is_what_the_customer_knows_of(o: Opportunity, promise: bool) -> None:
    assert row_of(o, POLICY).promise is promise


@pytest.mark.parametrize(
    ("o", "label"),
    [
        (deal(), ""),
        (acts.start(deal("new"), POLICY), "call 1/6"),
        (after(deal("new"), logged("11-12 10:00", Outcome.NO_ANSWER)), "email 2/6"),
        (after(deal(), logged("11-12 10:00", Outcome.NO_ANSWER)), "call 2/4"),
        (deal("nurture", cadence="nurture", next=step("12-01", Kind.CADENCE)), "call nurture"),
        (deal(cadence="closing", next=agreed("12-01")), "call"),
        (deal(next=replace(step("12-01"), what="offer", channel=None)), "offer"),
        (deal(next=replace(step("12-01"), channel=None)), "touch"),
    ],
)
def test_what_comes_next_and_which_try_it_is(o: Opportunity, label: str) -> None:
    assert next_label(o, POLICY) == label


def test_values_are_compared_in_the_teams_currency() -> None:
    policy = Policy(currency="EUR", rates={"USD": 0.5})
    rows = [row_of(deal(value=100, currency=code), policy) for code in ("USD", "EUR", "", "CHF")]
    assert [row.worth for row in rows] == [50, 100, 100, 100]
    assert [row.currency for row in rows] == ["USD", "EUR", "EUR", "CHF"]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"name": "Fleet"}, "Fleet"),
        ({}, "Acme"),
        ({"company": "", "contacts": (Contact("Jane"),)}, "Jane"),
        ({"company": ""}, "(no name)"),
    ],
)
def test_the_title_is_the_first_name_there_is(fields: dict[str, Any], title: str) -> None:
    assert row_of(deal(**fields), POLICY).title == title


def test_what_was_found_says_where_it_stands() -> None:
    found = Found([ROW._replace(id=4), ROW._replace(id=9)])
    assert (found.index_of(9), found.index_of(5), found.planned) == (1, None, 0)
