"""An activity on the record that it belongs to: a touch of its history, its next step, or a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.model.codec import due_text
from huntertui.model.elsewhere import planned, touched

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.exchange.activities import ActivityDraft
    from huntertui.model.opportunity import NextStep, Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Doc

Told = tuple[str, "datetime", str, "Doc"]
"""Kind, when, by whom, fields of an event."""


def attach(
    o: Opportunity, draft: ActivityDraft, policy: Policy, by: str, now: datetime
) -> tuple[Opportunity, list[Told]]:
    """The record with the activity, and what its history tells of it.

    A step that finds another one planned is kept as a note that says when it was due.
    """
    at = min(draft.at or now, now)
    who = draft.contact.name if draft.contact else ""
    events: list[Told] = []
    if touch := draft.touch:
        fields: Doc = {
            "channel": touch.channel.value,
            "outcome": touch.outcome.value,
            "direction": "in" if touch.inbound else "out",
            "contact": touch.contact or who,
            "note": "\n".join(filter(None, (touch.note, draft.note))),
            "stage": o.stage,
            "extra": dict(draft.extra) or None,
        }
        events.append(("touch", touch.at, touch.by, fields))
        return touched(o, touch, policy, now), events
    said = draft.note
    if step := draft.step:
        after = planned(o, step, policy, now)
        if after is None:
            said = "\n".join(filter(None, (_to_do(step), said)))
        else:
            o = after
            said = said or f"planned: {step.what}"
    events.append(
        ("note", at, by, {"text": said or "a note", "contact": who, "extra": dict(draft.extra) or None})
    )
    return o, events


def _to_do(step: NextStep) -> str:
    """ "to do by 2026-12-01: send the offer"."""
    words = step.what or (step.channel.value if step.channel else "something")
    return f"to do by {due_text(step.due)}: {words}" if step.due else f"to do: {words}"
