"""An activity on the record that it belongs to: a touch of its history, its next step, or a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from huntertui.model.elsewhere import planned, touched
from huntertui.model.opportunity import Kind

if TYPE_CHECKING:
    from huntertui.exchange.activities import ActivityDraft
    from huntertui.model.opportunity import NextStep, Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Doc

Told = tuple[str, "datetime", str, "Doc"]
"""Kind, when, by whom, fields of an event."""


def attach(
    o: Opportunity, draft: ActivityDraft, who: str, policy: Policy, by: str, now: datetime, *, new: bool
) -> tuple[Opportunity, Told]:
    """The record with the activity, and what its history tells of it. `who`: the person's name.

    A step that finds another one planned is kept as a note that says when it was due. In a record that is
    `new`, where no one has planned anything yet, the earliest of several becomes the next step, and takes the
    place of a date without a word: that is the day of such an activity.
    """
    at, extra = min(draft.at or now, now), dict(draft.extra) or None
    if touch := draft.touch:
        fields: Doc = {
            "channel": touch.channel.value,
            "outcome": touch.outcome.value,
            "direction": "in" if touch.inbound else "out",
            "contact": who,
            "note": "\n".join(filter(None, (touch.note, draft.note))),
            "stage": o.stage,
            "extra": extra,
        }
        return touched(o, touch, policy, now), ("touch", touch.at, touch.by, fields)
    said = draft.note
    if step := draft.step:
        named = o if o.next is None or o.next.what or not new else replace(o, next=None)
        later = named.next if new and _earlier(step, named.next, policy) else None
        after = planned(replace(o, next=None) if later else named, step, policy, now)
        left = later if after else step
        said = "\n".join(filter(None, (_to_do(left, policy) if left else f"planned: {step.what}", said)))
        o = after or o
    return o, ("note", at, by, {"text": said, "contact": who, "extra": extra})


def _earlier(step: NextStep, other: NextStep | None, policy: Policy) -> bool:
    if other is None or other.due is None or step.due is None or other.kind is Kind.CADENCE:
        return False
    days = [policy.calendar.day(due) if isinstance(due, datetime) else due for due in (step.due, other.due)]
    return days[0] < days[1]


def _to_do(step: NextStep, policy: Policy) -> str:
    """ "to do by 2026-12-01 14:30: send the offer", in the time of the team's zone."""
    words = step.what or (step.channel.value if step.channel else "something")
    if step.due is None:
        return f"to do: {words}"
    if isinstance(step.due, datetime):
        return f"to do by {policy.calendar.local(step.due):%Y-%m-%d %H:%M}: {words}"
    return f"to do by {step.due.isoformat()}: {words}"
