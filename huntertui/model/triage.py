"""What an import brings that is past its limit already: how old it is, and how it is taken up.

Taking up starts the clock, as the first owner of what was nobody's does: nobody here has left it alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from huntertui.model.acts import settled
from huntertui.model.calendar import Calendar
from huntertui.model.opportunity import Channel, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Discipline, Policy
from huntertui.model.ranking import DAY, Row
from huntertui.records import dataclass

BUCKETS = ("up to a month", "1 to 3 months", "3 to 12 months", "over a year")
_BOUNDS = (30 * DAY, 90 * DAY, 365 * DAY)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Rows past their limit about as long, by value; `name` says how long."""

    name: str
    rows: tuple[Row, ...]

    @property
    def worth(self) -> dict[str, int]:
        """Their value, in minor units by currency."""
        sums: dict[str, int] = {}
        for row in self.rows:
            if row.value:
                sums[row.currency] = sums.get(row.currency, 0) + row.value
        return sums


def buckets(rows: Iterable[Row], now: float) -> tuple[Bucket, ...]:
    """The rows by how long they are past what was owed; every bucket is there, though it be empty."""
    found: list[list[Row]] = [[] for _ in BUCKETS]
    for row in rows:
        found[bisect_right(_BOUNDS, now - row.by)].append(row)
    by_value = (tuple(sorted(rows, key=lambda row: (-row.worth, row.by, row.id))) for rows in found)
    return tuple(Bucket(name, rows) for name, rows in zip(BUCKETS, by_value, strict=True))


def spread(
    count: int, free: Sequence[int], more: int, days: Sequence[date], calendar: Calendar
) -> list[date]:
    """The days on which so many are to be touched first: `free` of them on each of `days`, then `more` on
    each working day that follows."""
    found = [day for day, room in zip(days, free, strict=True) for _ in range(max(room, 0))][:count]
    day = days[-1]
    while len(found) < count:
        day = calendar.add_days(day, 1)
        found += [day] * min(max(more, 1), count - len(found))
    return found


def evenly(count: int, days: Sequence[date]) -> list[date]:
    """So many days, as equally many of each as it goes."""
    return [days[at * len(days) // count] for at in range(count)]


def take_up(o: Opportunity, day: date, policy: Policy, now: datetime) -> Opportunity:
    """Work on it from now on: its clock starts, and its first touch is planned for `day`."""
    prospect = policy.pipeline[o.stage].discipline is Discipline.PROSPECTING
    step = o.next or NextStep(channel=Channel.CALL)
    kind = Kind.CADENCE if prospect or o.cadence else Kind.OWN
    step = replace(step, kind=kind, channel=step.channel or Channel.CALL, due=day, set_on=None)
    cadence = o.cadence or ("hunter6" if prospect else "")
    after = replace(o, triage=False, clock=now, cadence=cadence, next=step, deferrals=0, own_dates=0)
    if o.expected_close is not None and o.expected_close < policy.calendar.day(now):
        after = replace(after, expected_close=None)  # the first promise is kept
    return settled(o, after, policy, now)
