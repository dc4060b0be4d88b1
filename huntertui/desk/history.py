"""Business history: the events that are kept beside a record, and how they are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from huntertui.model.acts import cadence_for, red_debt
from huntertui.model.codec import instant_in, instant_text, text_in
from huntertui.model.explain import planned
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, Discipline, Policy
from huntertui.records import dataclass

Doc = dict[str, Any]

FILLED = "import"
"""The kind of an event that says what an import changed in a record: `old` and `new` are its fields."""
_FIELDS = ("name", "company", "country", "contacts", "expected_close", "revisit", "tags", "notes")
_TOLD = {"message": "to", "handover": "handed over to", "coaching": "coaches"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `text` says it in a line, `doc` is the event as it is kept."""

    kind: str
    at: datetime
    by: str
    text: str
    doc: Doc

    @property
    def owner(self) -> str:
        """Whose item it was, where it was another's than of who did it; else ""."""
        owner = text_in(self.doc, "owner")
        return owner if owner != self.by else ""

    @property
    def who(self) -> str:
        """Who did it, and for whom where the item was another's."""
        return f"{self.by} for {self.owner}" if self.owner else self.by


def event_doc(kind: str, id: int, at: datetime, by: str, fields: Doc) -> Doc:
    """The document of an event."""
    kept = {key: value for key, value in fields.items() if value not in ("", None)}
    return {"kind": kind, "opportunity": id, "at": instant_text(at), "by": by} | kept


def clearing(
    before: Opportunity, after: Opportunity, how: str, policy: Policy, now: datetime
) -> list[tuple[str, Doc]]:
    """The events that follow from a change itself: stage, owner, close, and how a red was cleared."""
    events: list[tuple[str, Doc]] = []
    if before.stage != after.stage:
        fields: Doc = {"old": before.stage, "new": after.stage, "text": after.lost_reason}
        events.append(("stage", fields | (_persisted(before, policy) if after.stage in CLOSED else {})))
    if before.owner != after.owner:
        events.append(("owner", {"old": before.owner, "new": after.owner}))
    if before.helper != after.helper and after.helper:
        events.append(("owner", {"new": after.owner, "text": f"{after.helper} helps"}))
    debt = red_debt(before, policy, now) if how else None
    if debt is not None and red_debt(after, policy, now) is None:
        told = {"how": how, "rule": str(debt.rule), "since": instant_text(debt.by)}
        events.append(("clear", told | {"stage": before.stage, "owner": before.owner}))
    return events


def changed(before: Opportunity, after: Opportunity, policy: Policy, now: datetime) -> str:
    """What was changed that people know of, for what has no event of its own; "" where nothing was."""
    parts = []
    if before.priority != after.priority:
        parts.append(f"priority {after.priority.value}")
    if before.next != after.next:
        parts.append(
            f"next step {planned(replace(after, park=None), policy, policy.calendar.day(now)) or 'none'}"
        )
    if (before.value, before.currency) != (after.value, after.currency):
        parts.append("value")
    parts += [name.replace("_", " ") for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    return ", ".join(parts)


def _persisted(o: Opportunity, policy: Policy) -> Doc:
    """How many touches of how many planned were made: of the cadence that runs, or never began, and ends."""
    begun = o.cadence or policy.pipeline[o.stage].discipline is not Discipline.PROSPECTING or o.touches
    cadence = policy.cadences.get(o.cadence if begun else cadence_for(o, o.stage, policy))
    if cadence is None or cadence.repeats:
        return {}
    return {"made": o.cadence_done, "planned": len(cadence)}


def told(found: Iterable[tuple[int, Doc]], policy: Policy, today: date) -> list[Event]:
    """Events as people read them. One that cannot be read is told as it stands."""
    events = []
    for _, doc in found:
        kind = text_in(doc, "kind")
        at = instant_in(doc, "at")
        events.append(Event(kind, at, text_in(doc, "by"), _text(kind, doc, policy, today), doc))
    return events


def _text(kind: str, doc: Doc, policy: Policy, today: date) -> str:
    extra = text_in(doc, "text", lines=True) or text_in(doc, "note", lines=True)
    tail = f": {extra}" if extra else ""
    if kind == "touch":
        arrow = "they " if doc.get("direction") == "in" else ""
        who = f" with {contact}" if (contact := text_in(doc, "contact")) else ""
        outcome = text_in(doc, "outcome").replace("_", " ")
        return f"{arrow}{text_in(doc, 'channel') or 'touch'}{who}, {outcome}{tail}"
    if kind == "stage":
        moved = f"{text_in(doc, 'old') or '?'} -> {text_in(doc, 'new') or '?'}"
        return f"{moved}{f' ({extra})' if extra else ''}"
    if kind == "owner":
        return extra or f"owner {text_in(doc, 'old') or 'nobody'} -> {text_in(doc, 'new') or 'nobody'}"
    if kind == "close":
        return f"expected close {_day(text_in(doc, 'new'), policy, today)}{tail}"
    if kind == "park":
        return f"parked until {_day(text_in(doc, 'until'), policy, today)}{tail}"
    if kind in _TOLD:
        return f"{_TOLD[kind]} {text_in(doc, 'to')}{tail}"
    if kind == "clear":
        return f"red cleared: {text_in(doc, 'how')} ({text_in(doc, 'rule')})"
    if kind == "act":
        return f"set {extra}"
    return extra or kind


def _day(text: str, policy: Policy, today: date) -> str:
    try:
        return policy.calendar.describe_day(date.fromisoformat(text), today)
    except ValueError:
        return text
