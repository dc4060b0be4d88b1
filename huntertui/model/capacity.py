"""What a day can carry: the targets of a person, and the touches that his prospects ask for.

"Don't start what you can't finish": who takes on more prospects than he has touches for, leaves some quietly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from huntertui.model.cadence import Cadence
from huntertui.model.calendar import Calendar
from huntertui.model.pipeline import LANES, Discipline, Policy
from huntertui.model.ranking import Mark, Row
from huntertui.records import dataclass

AHEAD = 10
"""Working days that are looked ahead, today among them."""

_PROSPECTS = LANES.index(Discipline.PROSPECTING)
_FIRST = "hunter6"  # what begins with the first touch, where no cadence runs yet


@dataclass(frozen=True, slots=True)
class Load:
    """The touches that prospects ask for on each of the working days ahead; what is late is due on the first.

    `target`: the touches that a day can carry.
    """

    touches: tuple[int, ...]
    target: int

    @property
    def over(self) -> bool:
        """Whether they are more than the days can carry."""
        return sum(self.touches) > len(self.touches) * self.target

    @property
    def words(self) -> str:
        """What is too much, with its numbers; "" when it is not."""
        if not self.over:
            return ""
        days, fit = len(self.touches), len(self.touches) * self.target
        return f"{sum(self.touches)} touches are due in {days} days; at {self.target} a day {fit} can be done"


def load_of(rows: Iterable[Row], target: int, policy: Policy, now: datetime) -> Load:
    """The load of one person's prospects: their next touch, and what the cadence asks for after it."""
    days = ahead(policy.calendar, policy.calendar.day(now))
    ends = [policy.calendar.end_of(day).timestamp() for day in days]
    first = Counter(
        (bisect_left(ends, row.by), row.cadence, row.tries)
        for row in rows
        if row.lane == _PROSPECTS and row.by <= ends[-1] and Mark.TRIAGE not in row.marks
    )
    touches = [0] * len(days)
    for (at, name, done), count in first.items():
        touches[at] += count
        if cadence := policy.cadences.get(name or _FIRST):
            for day in steps_after(days[at], cadence, done, policy.calendar, days[-1]):
                touches[bisect_left(days, day)] += count
    return Load(tuple(touches), target)


def ahead(calendar: Calendar, today: date) -> list[date]:
    """The working days ahead, today among them when it is one."""
    days = [calendar.roll(today)]
    while len(days) < AHEAD:
        days.append(calendar.add_days(days[-1], 1))
    return days


def steps_after(day: date, cadence: Cadence, done: int, calendar: Calendar, last: date) -> Iterable[date]:
    """The days up to `last` of the touches that follow the one that is made on `day`, after `done` others."""
    while not cadence.repeats and done + 1 < len(cadence):
        done += 1
        days, _ = cadence.gap(done)
        day = calendar.add_days(day, days) if cadence.business else calendar.roll(day + timedelta(days=days))
        if day > last:
            return
        yield day
