"""What a prompt shows before Enter: what was understood, and what it will not change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from huntertui.desk.edits import edited
from huntertui.model import acts
from huntertui.model.entry import Entry, read_when
from huntertui.model.explain import still_red
from huntertui.model.money import written
from huntertui.model.opportunity import PARK_REASONS, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Discipline, Policy
from huntertui.model.text import Unclear


def preview(what: str, o: Opportunity | None, text: str, policy: Policy, now: datetime) -> str:
    """Unclear (or HunterError) with words for the person when the text is not understood.

    `what`: snooze, park, step, close, callback, meeting, revisit, value, owner, or edit:FIELD.
    """
    if o is None or what == "owner":
        return text.strip() or "nobody"
    if what == "value" or what.startswith("edit:"):
        field = what.removeprefix("edit:")
        edited(o, field, text, policy, now)
        return f"{field}: {text.strip() or 'empty'}"
    when, agreed = read_when(text, now, policy.calendar)
    shown, day = f"→ {when.text}", _day(when.due, policy)
    if what == "park" or (what == "snooze" and when.rest and not agreed):
        return _park(o, shown, day, when.rest, policy, now)
    if what == "close":
        reason = f" ({when.rest})" if when.rest else ""
        return shown + reason + still_red(acts.expect_close(o, day, when.rest, policy, now), policy, now)
    if what in ("snooze", "step"):
        kind = Kind.AGREED if agreed else Kind.OWN
        step = replace(o.next or NextStep(), kind=kind, due=when.due)
        doing = f" {when.rest}" if when.rest else ""
        by = " agreed with them" if agreed else ""
        return shown + doing + by + still_red(acts.set_step(o, step, policy, now), policy, now)
    return shown + (f" {when.rest}" if when.rest else "")


def told(entry: Entry, policy: Policy) -> str:
    """What was understood of a new prospect: every part by its name, then what could be meant otherwise."""
    money = "" if entry.value is None else written(entry.value, entry.currency or policy.currency)
    parts = {
        "name": entry.name,
        "company": entry.company,
        "phone": ", ".join(entry.phones),
        "e-mail": ", ".join(entry.emails),
        "value": money,
        "first touch": entry.when.text if entry.when else "",
        "tags": ", ".join(entry.tags),
        "country": entry.country,
        "note": " / ".join(entry.note.splitlines()),
    }
    said = [f"{name} {part}" for name, part in parts.items() if part]
    return " · ".join((*said, *(f"? {doubt}" for doubt in entry.doubts)))


def _park(o: Opportunity, shown: str, day: date, reason: str, policy: Policy, now: datetime) -> str:
    if not reason:
        raise Unclear("and why: " + ", ".join(f"{key} {word}" for key, word in PARK_REASONS.items()))
    after = acts.park(o, day, reason, "", policy, now)
    return f"{shown} · parked: {PARK_REASONS.get(reason, reason)}{still_red(after, policy, now)}"


def _day(due: date | datetime, policy: Policy) -> date:
    return policy.calendar.day(due) if isinstance(due, datetime) else due


def suggest(what: str, o: Opportunity, policy: Policy, now: datetime) -> str:
    """The answer that an empty Enter takes; "" where nothing suggests itself.

    A step: half-way into the stage's limit; in closing the first gap of its cadence, one business day.
    """
    stage = policy.pipeline[o.stage]
    today = policy.calendar.day(now)
    if what in ("snooze", "step"):
        days = 1 if stage.discipline is Discipline.CLOSING else min(max(stage.limit // 2, 1), 5)
        return f"+{days}"
    if what == "meeting":
        return f"{policy.calendar.add_days(today, 2).isoformat()} 10:00"
    if what == "callback":
        at = policy.calendar.local(now) + timedelta(hours=2)
        if at.time() < policy.calendar.closes and at.date() == today:
            return f"{at:%H:00}"
        return f"{policy.calendar.add_days(today, 1).isoformat()} 10:00"
    return ""
