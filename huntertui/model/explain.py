"""Why a row is red, or when it will be: every rule that holds, with its arithmetic and its cure, in words."""

from __future__ import annotations

from datetime import date, datetime

from huntertui.model.acts import red_debt
from huntertui.model.opportunity import NextStep, Opportunity
from huntertui.model.owed import Owed, Rule, owed, rules
from huntertui.model.pipeline import LOST, WON, Policy
from huntertui.model.ranking import next_label

_UNPAID = {  # what a debt came from, when the record no longer says
    Rule.PARKED: "a park ended then",
    Rule.ANSWER: "they wrote, and an answer was owed",
    Rule.AGREED: "something was agreed with the customer, and not done",
    Rule.CADENCE: "a step of the cadence was due",
    Rule.OWN: "our own date has passed",
    Rule.IDLE: "a limit ran out, and no touch has come since",
    Rule.CLOSE: "an expected close has passed",
    Rule.UNOWNED: "it was nobody's too long",
    Rule.INBOUND: "it came in, and a first touch was owed",
    Rule.REVISIT: "it was to be looked at again",
}


def explain(o: Opportunity, policy: Policy, now: datetime) -> list[str]:
    """The verdict first, then the other rules that hold."""
    today = policy.calendar.day(now)
    due = owed(o, policy)
    if due is None:
        return [_closed(o, policy, today)]
    lines = [_verdict(o, due, policy, now)]
    for other in sorted(rules(o, policy), key=lambda rule: rule.by):
        if other.rule is not due.rule:
            when = policy.calendar.describe_instant(other.by, today)
            passed = "passed" if other.by < now else "by"
            lines.append(f"Also {passed} {when}: {_reason(o, other, policy, now)}.")
    if o.deferrals:
        lines.append(f"Parked or pushed {_times(o.deferrals)} since the last touch.")
    if o.own_dates:
        lines.append(f"Own dates set since the last touch: {o.own_dates}.")
    if o.push_count:
        first = policy.calendar.describe_day(o.original_close, today) if o.original_close else "unknown"
        lines.append(f"The expected close was pushed {_times(o.push_count)}; first promised for {first}.")
    if (today - policy.calendar.day(o.created)).days > policy.aged_days:
        lines.append(f"Aged: created {policy.calendar.describe_day(policy.calendar.day(o.created), today)}.")
    return lines


def _verdict(o: Opportunity, due: Owed, policy: Policy, now: datetime) -> str:
    when = policy.calendar.describe_instant(due.by, policy.calendar.day(now))
    reason = _reason(o, due, policy, now)
    if o.triage:
        return f"To triage: imported already past a limit ({reason}). A touch, a date or closing it decides."
    if due.by >= now:
        return f"Owed by {when}: {reason}. {due.clears}"
    if due.debt and (o.park or o.next):
        plan = planned(o, policy, policy.calendar.day(now))
        return f"Red since {when}: {reason}; planned {plan}, which pays nothing. {due.clears}"
    return f"Red since {when}: {reason}. {due.clears}"


def _reason(o: Opportunity, due: Owed, policy: Policy, now: datetime) -> str:
    calendar = policy.calendar
    today = calendar.day(now)
    if due.debt and due.since == due.by:
        return _UNPAID[due.rule]
    if due.rule is Rule.IDLE:
        days = calendar.days_between(calendar.day(due.since), today)
        event = _event(o, due.since, policy, today)
        return f"{_days(days)} since {event}; the limit for {o.stage} is {due.limit}"
    if due.rule is Rule.AGREED:
        return f"agreed with the customer: {planned(o, policy, today)}"
    if due.rule is Rule.CADENCE:
        return f"the cadence asks for {planned(o, policy, today)}"
    if due.rule is Rule.OWN:
        return f"our own date: {planned(o, policy, today)}"
    if due.rule is Rule.CLOSE:
        day = calendar.describe_day(o.expected_close, today) if o.expected_close else "an earlier day"
        return f"the expected close is {day}"
    if due.rule is Rule.ANSWER:
        wrote = calendar.describe_instant(due.since, today)
        return f"they wrote {wrote}; we answer within {_days(policy.answer_days)}"
    if due.rule is Rule.UNOWNED:
        since = calendar.describe_instant(due.since, today)
        return f"nobody's since {since}; it may be so for {_days(policy.unowned_days)}"
    if due.rule is Rule.INBOUND:
        came = calendar.describe_instant(due.since, today)
        return f"it came in {came}; the first touch is owed within {policy.inbound_minutes} working minutes"
    if due.rule is Rule.PARKED:
        until = calendar.describe_day(o.park.until, today) if o.park else "its day"
        return f"parked until the end of {until}" + (f" ({park_words(o)})" if o.park else "")
    return f"lost ({o.lost_reason or 'no reason'}), to be looked at again"


def park_words(o: Opportunity) -> str:
    """Why it is parked."""
    return ", ".join(part for part in (o.park.why, o.park.text) if part) if o.park else ""


def planned(o: Opportunity, policy: Policy, today: date) -> str:
    """The next step in words: "call 3/6, Fri 27 Nov"; "" without one."""
    if o.park is not None:
        return f"parked until {policy.calendar.describe_day(o.park.until, today)}"
    if o.next is None:
        return ""
    return ", ".join(part for part in (next_label(o, policy), step_day(o.next, policy, today)) if part)


def step_day(step: NextStep, policy: Policy, today: date) -> str:
    """When a step is due, in words; "" when it has no date."""
    if step.due is None:
        return ""
    if isinstance(step.due, datetime):
        return policy.calendar.describe_instant(step.due, today)
    return policy.calendar.describe_day(step.due, today)


def still_red(o: Opportunity, policy: Policy, now: datetime) -> str:
    """The warning that a plan pays nothing: " · stays red, owed since 17 Nov"; "" when it is not red."""
    debt = red_debt(o, policy, now)
    if debt is None:
        return ""
    return f" · stays red, owed since {policy.calendar.describe_instant(debt.by, policy.calendar.day(now))}"


def _event(o: Opportunity, since: datetime, policy: Policy, today: date) -> str:
    touch = o.last_touch
    day = policy.calendar.describe_day(policy.calendar.day(since), today)
    if touch is not None and touch.at >= since:
        return f"the last touch ({touch.channel}, {touch.outcome.replace('_', ' ')}, {day}, {touch.by})"
    if o.answer_owed is not None and since >= o.answer_owed:
        return f"they wrote ({day})"
    return f"it came in ({day})" if since == o.created else f"it was taken up ({day})"


def _closed(o: Opportunity, policy: Policy, today: date) -> str:
    day = f" on {policy.calendar.describe_day(o.closed_on, today)}" if o.closed_on else ""
    if o.stage == WON:
        return f"Won{day}: nothing is owed."
    assert o.stage == LOST
    return f"Lost{day} ({o.lost_reason or 'no reason given'}): nothing is owed."


def _days(n: int) -> str:
    return f"{n} business day" + ("" if n == 1 else "s")


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
