"""Cadences: planned series of touches, counted from the last actual touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from huntertui.model.opportunity import Channel, Kind, NextStep
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.model.calendar import Calendar


@dataclass(frozen=True, slots=True)
class CadenceStep:
    """One planned touch: the channel and its offset from the first one.

    `offset` is in calendar days, in business days where the cadence says so, or in working minutes
    (`minutes`), which are for the first day only.
    """

    channel: Channel
    offset: int
    minutes: int = 0
    what: str = ""  # what to do, where the channel does not say it


@dataclass(frozen=True, slots=True)
class Cadence:
    """A series of steps. `business`: offsets are business days."""

    name: str
    steps: tuple[CadenceStep, ...]
    business: bool = False
    repeats: int = 0  # days between touches of a cadence that never ends

    def __len__(self) -> int:
        return len(self.steps)

    def gap(self, done: int) -> tuple[int, int]:
        """(days, working minutes) between the touch number `done` (from 1) and the next."""
        if self.repeats:
            return self.repeats, 0
        last, following = self.steps[done - 1], self.steps[done]
        if following.offset == last.offset and following.minutes:
            return 0, following.minutes - last.minutes
        return following.offset - last.offset, 0

    def step_after(self, done: int, touched: datetime, calendar: Calendar) -> NextStep | None:
        """The step that follows `done` touches, the last at `touched`; None when the series is over.

        Without a touch yet the step has no date: the stage's limit says when it is owed.
        """
        if not self.repeats and done >= len(self.steps):
            return None
        planned = self.steps[min(done, len(self.steps) - 1)]
        step = NextStep(what=planned.what, kind=Kind.CADENCE, channel=planned.channel, due=None)
        if done == 0:
            return step
        days, minutes = self.gap(done)
        due: date | datetime
        if minutes:
            due = calendar.add_minutes(touched, minutes)
        elif self.business:
            due = calendar.add_days(calendar.day(touched), days)
        else:
            due = calendar.roll(calendar.day(touched) + timedelta(days=days))
        return replace(step, due=due)


_CALL, _EMAIL = Channel.CALL, Channel.EMAIL

# Six touches in one to two months, in mixed channels: Hunter's minimum for learning whether someone buys.
HUNTER6 = Cadence(
    "hunter6",
    tuple(
        CadenceStep(channel, offset)
        for channel, offset in ((_CALL, 0), (_EMAIL, 2), (_CALL, 6), (_EMAIL, 13), (_CALL, 25), (_EMAIL, 42))
    ),
)
INBOUND6 = Cadence(
    "inbound6",
    (
        CadenceStep(_CALL, 0),
        CadenceStep(_CALL, 0, minutes=45),
        CadenceStep(_CALL, 1),
        CadenceStep(_EMAIL, 4),
        CadenceStep(_CALL, 8),
        CadenceStep(_EMAIL, 14),
    ),
)
CLOSING = Cadence(
    "closing",
    (
        CadenceStep(_CALL, 0),
        CadenceStep(_CALL, 1),
        CadenceStep(_EMAIL, 3),
        CadenceStep(_CALL, 5, what="ask for a yes or a no"),
    ),
    business=True,
)
NURTURE = Cadence("nurture", (CadenceStep(_EMAIL, 0),), repeats=60)
