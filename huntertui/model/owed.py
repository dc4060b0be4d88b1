"""The rule at the heart: by when we owe this customer the next touch.

A pure function of one opportunity and the policy, without a clock: `neglected` is `owed(...).by < now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from math import ceil

from huntertui.model.opportunity import Channel, Kind, NextStep, Opportunity
from huntertui.model.pipeline import CLOSED, LOST, Discipline, Policy
from huntertui.records import dataclass


class Rule(StrEnum):
    """Why something is owed."""

    PARKED = "parked"
    ANSWER = "answer"
    AGREED = "agreed"
    CADENCE = "cadence"
    OWN = "own"
    IDLE = "idle"
    CLOSE = "close"
    UNOWNED = "unowned"
    INBOUND = "inbound"
    REVISIT = "revisit"


PROMISES = frozenset({Rule.ANSWER, Rule.AGREED, Rule.INBOUND})
_NOON = time(12)
_MET = frozenset({Channel.MEETING, Channel.VISIT})


@dataclass(frozen=True, slots=True)
class Owed:
    """`by`: the moment (UTC) by which we owe the next touch; `since`: where the clock of the rule started;
    `limit`: business days, where the rule has them; `clears`: what clears it; `debt`: `by` has passed
    before and was not paid; when what it came from stands no more, `since` is `by`."""

    by: datetime
    rule: Rule
    since: datetime
    limit: int | None
    clears: str
    debt: bool = False

    def amber_from(self, policy: Policy) -> datetime | None:
        """When the row turns amber: at 60 % of an idle limit; never for a dated step."""
        if self.rule is not Rule.IDLE or self.limit is None or self.debt:
            return None
        calendar = policy.calendar
        day = calendar.add_days(calendar.day(self.since), ceil(self.limit * policy.amber))
        return calendar.start_of(day)


_TOUCH = "A touch clears it."


def owed(opportunity: Opportunity, policy: Policy) -> Owed | None:
    """The earliest of the rules that apply; None for what is won, or lost without a revisit."""
    debt = opportunity.debt if opportunity.stage not in CLOSED else None
    holding = rules(opportunity, policy)
    if debt is None:
        return min(holding, key=lambda owed: owed.by, default=None)
    for due in holding:
        if (due.by, due.rule) == (debt.by, debt.rule):
            return replace(due, debt=True)
    rule = Rule(debt.rule) if debt.rule in Rule.__members__.values() else Rule.IDLE
    return Owed(debt.by, rule, debt.by, None, _TOUCH, debt=True)


def rules(o: Opportunity, policy: Policy) -> Iterator[Owed]:
    """Every rule that holds for an opportunity, a standing debt aside."""
    calendar = policy.calendar
    if o.stage in CLOSED:
        if o.stage == LOST and o.revisit:
            due = calendar.end_after(o.revisit, 0)
            yield Owed(
                due, Rule.REVISIT, calendar.start_of(o.revisit), None, "A touch or closing it clears it."
            )
        return
    if o.park is not None:
        due = calendar.end_after(o.park.until, 0)
        yield Owed(due, Rule.PARKED, o.clock, None, "A touch ends the park and clears it.")
        return
    if o.answer_owed is not None:
        due = calendar.after_days(o.answer_owed, policy.answer_days)
        yield Owed(due, Rule.ANSWER, o.answer_owed, policy.answer_days, "Answering them clears it.")
    yield _step(o, policy)
    stage = policy.pipeline[o.stage]
    if stage.discipline is Discipline.CLOSING and o.expected_close is not None:
        due = calendar.end_after(o.expected_close, 0)
        clears = "Closing it, or a new date with a reason, clears it."
        yield Owed(due, Rule.CLOSE, o.clock, None, clears)
    if not o.owner and o.unowned_since is not None:
        due = calendar.after_days(o.unowned_since, policy.unowned_days)
        yield Owed(
            due, Rule.UNOWNED, o.unowned_since, policy.unowned_days, "An owner who touches it clears it."
        )
    if o.inbound and not o.touches:
        due = calendar.add_minutes(o.clock, policy.inbound_minutes)
        yield Owed(due, Rule.INBOUND, o.clock, None, "The first touch clears it.")


def limit_of(o: Opportunity, policy: Policy) -> Owed:
    """The idle limit of the stage, counted from the last clearing event."""
    days = policy.pipeline[o.stage].limit
    return Owed(idle_until(o.stage, o.clock, policy), Rule.IDLE, o.clock, days, _TOUCH)


def idle_until(stage: str, clock: datetime, policy: Policy) -> datetime:
    """How long something may be left alone in a stage after the last clearing event."""
    return policy.calendar.after_days(clock, policy.pipeline[stage].limit)


def _step(o: Opportunity, policy: Policy) -> Owed:
    """Rules 4 to 7: what the next step, or its absence, asks for."""
    limit, step = limit_of(o, policy), o.next
    if step is None or step.due is None:
        return limit
    due = due_instant(step, policy)
    if step.kind is Kind.AGREED:
        return Owed(due, Rule.AGREED, o.clock, None, "Doing what was agreed clears it.")
    if step.kind is Kind.CADENCE:
        planned = Owed(due, Rule.CADENCE, o.clock, None, _TOUCH)
        stage = policy.pipeline[o.stage]
        stands = stage.side or stage.discipline is Discipline.PROSPECTING
        return planned if stands or due <= limit.by else limit
    planned = Owed(due, Rule.OWN, o.clock, None, _TOUCH)
    return planned if due <= limit.by or own_date_stands(o, step, policy) else limit


def own_date_stands(o: Opportunity, step: NextStep, policy: Policy) -> bool:
    """Whether an own date may lie beyond the limit: near enough, and not for the third time."""
    if step.set_on is None or step.due is None or o.own_dates > policy.own_dates:
        return False
    days = max(policy.pipeline[o.stage].limit, policy.own_days)
    due = step.due if not isinstance(step.due, datetime) else policy.calendar.day(step.due)
    return policy.calendar.roll(due) <= policy.calendar.add_days(step.set_on, days)


def due_instant(step: NextStep, policy: Policy) -> datetime:
    """When a dated step has passed: its time, the end of its day, or when a meeting's result is owed."""
    calendar, due = policy.calendar, step.due
    assert due is not None
    if not isinstance(due, datetime):
        return calendar.end_after(due, 0)
    if step.kind is not Kind.AGREED:
        return due
    if step.channel not in _MET:
        return _after(due, policy.callback_minutes)
    ends = calendar.local(_after(due, policy.meeting_minutes))
    day = calendar.roll(calendar.day(due))
    if ends.time() <= _NOON and ends.date() == calendar.day(due):
        return calendar.end_of(day)
    return calendar.at(calendar.add_days(day, 1), _NOON)


def _after(t: datetime, minutes: int) -> datetime:
    try:
        return t + timedelta(minutes=minutes)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def has_passed(o: Opportunity, policy: Policy, now: datetime) -> bool:
    """Whether what is owed has passed: `owed(...).by < now`, in half of the time."""
    if o.debt is not None and o.stage not in CLOSED:
        return o.debt.by < now
    for due in rules(o, policy):  # noqa: SIM110 - a quarter less than with any()
        if due.by < now:
            return True
    return False


def neglected(opportunity: Opportunity, policy: Policy, now: datetime) -> bool:
    """Red: what we owed has passed. Imported rows still to triage are not counted until decided on."""
    return not opportunity.triage and has_passed(opportunity, policy, now)


def open_from(o: Opportunity, due: Owed | None, policy: Policy) -> datetime | None:
    """From when a colleague may take it: at once when it is nobody's, with a broken promise, or when an
    idle red has had its grace; None for what is closed, and for what its owner has still to triage."""
    if due is None:
        return None
    if not o.owner:
        return o.unowned_since or o.created
    if o.triage:
        return None
    opens, calendar = due.by, policy.calendar
    if due.rule not in PROMISES:
        opens = calendar.end_of(calendar.add_days(calendar.last_day(due.by), policy.grace_days))
    return max(opens, o.helper_until) if o.helper and o.helper_until else opens
