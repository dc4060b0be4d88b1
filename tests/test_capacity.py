"""What ten working days can carry, against what prospects and their cadences ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huntertui.model import acts
from huntertui.model.capacity import AHEAD, Load, load_of
from huntertui.model.opportunity import Channel, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.ranking import Row, row_of
from huntertui.model.touch import Outcome, Touch

POLICY = Policy()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday; the tenth working day is Fri 4 Dec


def prospect(**fields: Any) -> Opportunity:
    made = Opportunity(company="Acme", owner="ana", created=NOW, clock=NOW)
    return replace(acts.start(made, POLICY), **fields)


def touched(times: int, days: int) -> Opportunity:
    """A prospect that did not answer so many times, the last that many days ago."""
    o = prospect(created=NOW - timedelta(days=60), clock=NOW - timedelta(days=60))
    for ago in range(days + times - 1, days - 1, -1):
        at = NOW - timedelta(days=ago)
        o = acts.log_touch(o, Touch(at, "ana", Outcome.NO_ANSWER, Channel.CALL), POLICY, at)
    return o


def row(o: Opportunity) -> Row:
    return row_of(o, POLICY)


AGREED = NextStep("demo", Kind.AGREED, Channel.CALL, datetime(2026, 12, 30, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("o", "days"),
    [
        (prospect(), [1, 3, 5]),  # new until tomorrow; then after 2 and 4 days, then after the last one
        (touched(1, 0), [2, 5]),
        (touched(1, 30), [0, 4, 9]),  # late: today, then 4 and 7 days on
        (touched(5, 0), []),  # in 17 days
        (touched(5, 40), [0]),
        (prospect(next=AGREED, cadence=""), []),
        (prospect(triage=True), []),
        (prospect(stage="proposal"), []),
    ],
)
def test_a_prospect_asks_for_its_touches(o: Opportunity, days: list[int]) -> None:
    load = load_of([row(o)], 10, POLICY, NOW)
    assert [at for at in range(AHEAD) for _ in range(load.touches[at])] == days


def test_weekends_are_no_days() -> None:
    saturday = load_of([row(touched(5, 40))], 1, POLICY, datetime(2026, 11, 28, 9, tzinfo=UTC))
    assert saturday.touches == (1,) + (0,) * (AHEAD - 1)


def test_too_much_is_said_with_its_numbers() -> None:
    rows = [row(prospect()) for _ in range(40)]
    load = load_of(rows, 10, POLICY, NOW)
    assert load.over
    assert load.words == "120 touches are due in 10 days; at 10 a day 100 can be done"
    assert not load_of(rows[:33], 10, POLICY, NOW).words


def test_what_just_fits_is_not_too_much() -> None:
    assert not Load((10,) * AHEAD, 10).over
    assert Load((*(10,) * (AHEAD - 1), 11), 10).over
