"""Rows as the shell tells them: a table for people, words parted by tabs, objects for scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from huntertui.cli.output import aligned
from huntertui.cli.people import HEAD, LATE, tell
from huntertui.model.calendar import DAY_NAMES, MONTH_NAMES, Calendar
from huntertui.model.codec import instant_text
from huntertui.model.opportunity import PRIORITIES
from huntertui.model.ranking import NEVER, Mark, Row

if TYPE_CHECKING:
    from huntertui.cli.session import Session

LANE_NAMES = ("prospects", "follow-ups", "closing")

_STATES = {
    "!": "late", "~": "to triage", "z": "parked", "•": "due today", "?": "incomplete", " ": "in time",
}  # fmt: skip
_SHORT = re.compile(r"(\d+)([dhm])(?= late)")
_UNITS = {"d": "day", "h": "hour", "m": "minute"}
_MARKS = (
    ("triage", Mark.TRIAGE),
    ("parked", Mark.PARKED),
    ("no_next_step", Mark.NO_NEXT),
    ("incomplete", Mark.INCOMPLETE),
)


class Wording:
    """What is said of rows at a moment. Most are owed by the same few midnights, each put in words once."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        self._calendar = calendar
        self._at = at
        self._now = at.timestamp()
        self._today = calendar.day(at)
        self._days: dict[float, date | None] = {NEVER: None}
        self._late: dict[tuple[float, bool], str] = {}

    def cells(self, row: Row) -> list[str]:
        """A line of a table: mark, number, name, owner, stage, next step, when it is owed."""
        owner = f"@{row.owner}" if row.owner else "@-"
        name = row.title if row.title == row.company or not row.company else f"{row.title} ({row.company})"
        return [self.mark(row), f"#{row.id}", name, owner, row.stage, row.next, self.owed(row)]

    def plain(self, row: Row) -> list[str]:
        """A row without signs, as it is read out: id, lane, state, name, company, owner, helper, stage,
        priority, next step, and when that is owed or how late it is."""
        when = self.owed(row)
        if when.endswith(" late"):
            when = _SHORT.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}{'s' * (found[1] != '1')}", when)
        names = [row.title, row.company, row.owner or "nobody", row.helper_at(self._now)]
        state, priority = _STATES[self.mark(row)], PRIORITIES[row.priority].value
        return [str(row.id), lane_of(row), state, *names, row.stage, priority, row.next, when]

    def json(self, row: Row) -> dict[str, Any]:
        """A row as scripts read it."""
        late = row.late(self._now)
        return {
            "id": row.id,
            "name": row.title,
            "company": row.company,
            "contact": row.who,
            "owner": row.owner or None,
            "helper": row.helper_at(self._now) or None,
            "lane": lane_of(row),
            "stage": row.stage,
            "priority": PRIORITIES[row.priority].value,
            "next": row.next or None,
            "next_at": _moment(row.due),
            "owed_by": _moment(row.by),
            "rule": row.rule or None,
            "neglected": late,
            "days_late": self._calendar.late_days(_instant(row.by), self._at) if late else 0,
            "touched": _moment(row.touched),
            "value": row.value,
            "currency": row.currency,
        } | {name: mark in row.marks for name, mark in _MARKS}

    def mark(self, row: Row) -> str:
        """The first column of a row: late, to triage, parked, due today, nothing planned or incomplete."""
        if row.late(self._now):
            return "!"
        if Mark.TRIAGE in row.marks:
            return "~"
        if Mark.PARKED in row.marks:
            return "z"
        if self._day(row) == self._today:
            return "•"
        return "?" if Mark.NO_NEXT in row.marks or Mark.INCOMPLETE in row.marks else " "

    def owed(self, row: Row) -> str:
        """When it is owed: "9d late" (business days), "45m late", "15:30", "by 10:20", "today", "Fri 27",
        "27 Nov", "Mar 27"."""
        if Mark.TRIAGE in row.marks:
            return "to triage"
        if row.late(self._now):
            known = (row.by, row.promise)
            if known not in self._late:
                self._late[known] = self._late_words(row)
            return self._late[known]
        calendar, day, today = self._calendar, self._day(row), self._today
        if day is None:
            return ""
        if day == today:
            if row.due < NEVER and calendar.day(_instant(row.due)) == today:
                return f"{calendar.local(_instant(row.due)):%H:%M}"
            whole_day = calendar.end_of(today) == _instant(row.by)
            return "today" if whole_day else f"by {calendar.local(_instant(row.by)):%H:%M}"
        if (day - today).days < 7:
            return f"{DAY_NAMES[day.weekday()]} {day.day}"
        month = MONTH_NAMES[day.month - 1]
        return f"{day.day} {month}" if day.year == today.year else f"{month} {day.year % 100:02}"

    def _late_words(self, row: Row) -> str:
        """Hours and minutes are told of promises only, as limits end with a day."""
        gone = int(self._now - row.by) // 60
        if days := self._calendar.late_days(_instant(row.by), self._at):
            return f"{days}d late"
        if not row.promise or gone >= 24 * 60:
            return "late"
        return f"{gone // 60}h late" if gone >= 60 else f"{gone}m late"

    def _day(self, row: Row) -> date | None:
        """The day at whose end, or in which, it is owed."""
        if row.by not in self._days:
            self._days[row.by] = self._calendar.last_day(_instant(row.by))
        return self._days[row.by]


def lane_of(row: Row) -> str:
    """The name of its lane; of what is won or lost, "closed"."""
    return "closed" if Mark.CLOSED in row.marks else LANE_NAMES[row.lane]


def put_rows(title: str, rows: Sequence[Row], session: Session, wording: Wording) -> None:
    """A table as wide as the terminal under its title; nothing without rows."""
    from shutil import get_terminal_size  # late: only a terminal pays for it

    if rows:
        cells = list(map(wording.cells, rows))
        tell(session, title, HEAD)
        lines = aligned(cells, get_terminal_size().columns, stretch=2, right=frozenset({1}))
        for row, line in zip(rows, lines, strict=True):
            tell(session, line, LATE if wording.mark(row) == "!" else "")


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(seconds: float) -> str | None:
    return instant_text(_instant(seconds)) if abs(seconds) < NEVER else None
