"""A colleague was quicker: who changed what and when, in words, and the question what shall stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from huntertui.desk import Desk
from huntertui.errors import Conflict
from huntertui.facts import contact_line
from huntertui.model.codec import from_doc
from huntertui.model.explain import planned, step_day
from huntertui.model.money import written
from huntertui.model.opportunity import Opportunity
from huntertui.tui.fit import cut
from huntertui.tui.panels import Panel

LONGEST = 60  # columns of a value
STEP = ("next_step", "next_due", "next_kind")
NAMES = dict.fromkeys(STEP, "next step") | {
    "expected_close": "expected close",
    "currency": "value",
    "contacts": "contact",
    "revisit": "day to come back",
}
KINDS = {"agreed": "agreed with the customer", "own": "our own date", "cadence": "as the cadence has it"}


class Clash(Panel):
    """The question. `under`: the panel to go back to. Whatever is typed but its keys is no answer."""

    asks = True

    def __init__(
        self,
        title: str,
        conflict: Conflict,
        words: tuple[str, str],
        *,
        keep: Callable[[], None],
        overwrite: Callable[[], None],
        under: Panel | None,
    ) -> None:
        theirs, mine = words
        whose = f"{conflict.by}'s" if conflict.by else "what is there"
        super().__init__(
            title,
            (f"{theirs}.", f"You wanted: {mine}.", "", f"k keep {whose} · o overwrite · Esc keep"),
        )
        self.under = under
        self._answers = {"k": keep, "escape": keep, "ctrl+c": keep, "o": overwrite}

    def key(self, key: str) -> None:
        """Take an answer, or scroll with the arrows."""
        answer = self._answers.get(key)
        if answer is None:
            self._scroll(key)
            return
        answer()
        self.done = True  # not when that failed, so that it can be given again


def in_words(conflict: Conflict, desk: Desk) -> tuple[str, str]:
    """("ana set the stage to won 12 s ago", "proposal"): what happened, and what was wanted instead."""
    field = conflict.field
    name = NAMES.get(field, field.replace("_", " "))
    now = _shown(desk, conflict, conflict.theirs, whole=True)
    if not conflict.by:
        return f"Changed outside of huntertui: the {name} is now {now}", _shown(desk, conflict, conflict.mine)
    who = "you, on another screen," if conflict.by == desk.me else conflict.by
    when = f" {ago(conflict.at, desk)}" if conflict.at else ""
    return f"{who} set the {name} to {now}{when}", _shown(desk, conflict, conflict.mine)


def ago(at: datetime, desk: Desk) -> str:
    """ "12 s ago", "5 min ago", "3 h ago", and from a day on the day."""
    seconds = int((desk.now() - at).total_seconds())
    if seconds < 1:
        return "just now"
    if seconds < 100:
        return f"{seconds} s ago"
    if seconds < 100 * 60:
        return f"{seconds // 60} min ago"
    if seconds < 24 * 3600:
        return f"{seconds // 3600} h ago"
    return f"on {desk.policy.calendar.describe_instant(at, desk.today())}"


def _shown(desk: Desk, conflict: Conflict, value: Any, *, whole: bool = False) -> str:
    """A value of the field as people know it. `whole`: a next step with all that stands of it by now."""
    try:
        text = _text(desk, conflict, value, whole=whole)
    except (ValueError, TypeError, KeyError):
        text = str(value)
    return cut(" ".join(text.split()), LONGEST) or ("nobody" if conflict.field == "owner" else "nothing")


def _text(desk: Desk, conflict: Conflict, value: Any, *, whole: bool) -> str:
    field, policy, today = conflict.field, desk.policy, desk.today()
    o = desk.opportunity(conflict.id)
    if field in STEP and whole and o is not None:
        return planned(replace(o, park=None), policy, today)
    if field == "contacts":
        return _contacts(value, conflict.mine if value is conflict.theirs else conflict.theirs)
    if field == "value" and o is not None and value is not None:
        return written(value, o.currency)
    if field == "next_kind":
        return KINDS.get(value, "")
    read = _record({field: value} if value is not None else {})
    if field in ("expected_close", "revisit"):
        day = read.expected_close or read.revisit
        return policy.calendar.describe_day(day, today) if day else ""
    if field == "next_due":
        return step_day(read.next, policy, today) if read.next else ""
    if field == "park":
        return f"{planned(read, policy, today)} ({read.park.why})" if read.park else ""
    if field == "priority":
        return read.priority.value
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _contacts(value: Any, other: Any) -> str:
    """The first person who differs."""
    pairs = zip_longest(_record({"contacts": value}).contacts, _record({"contacts": other}).contacts)
    return next((contact_line(one) for one, two in pairs if one and one != two), "")


def _record(doc: dict[str, Any]) -> Opportunity:
    """A record of one field, to have that read as the store's documents are."""
    return from_doc(0, {"created": datetime.fromtimestamp(0, UTC).isoformat(), **doc})
