"""One row of a lane, in cells: mark, name, tags, what comes next, value and how late it is.

! Acme GmbH  Jane Doe        @ben ^^ call 3/6        140k   9d late
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from huntertui.model.calendar import DAY_NAMES, MONTH_NAMES, Calendar
from huntertui.model.money import short_money
from huntertui.model.ranking import HOUR, NEVER, Mark, Row
from huntertui.records import dataclass
from huntertui.tui.fit import Piece, cut, fit, strip
from huntertui.tui.look import Looks
from huntertui.tui.strip import Strip

CLOSING = 2  # the lane whose rows show their value
KEPT = 4000  # strips: some forty screens of rows
SIGNS = ("^^", "^", "", "v")  # by priority, urgent first
YEAR = 260  # working days
LAST = 253402300799.0  # the end of the year 9999: later moments have no date

Words = tuple[str, str]  # text and the state it is shown in


class Columns(NamedTuple):
    """The widths of a lane's columns; 0: left out. The name has what remains."""

    name: int
    next: int
    value: int
    age: int

    @classmethod
    def of(cls, width: int, lane: int) -> Columns:
        """The columns for rows of that width: the first to go are the value and what comes next."""
        age = 9 if width >= 36 else min(8, max(width - 10, 0))
        following = max(9, min(width // 4, 28)) if width >= 34 else 0
        value = 6 if lane == CLOSING and width >= 44 else 0
        taken = sum(columns + 1 for columns in (following, value, age) if columns) + (width >= 60)
        return cls(max(width - 3 - taken, 0), following, value, age)


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds for all rows of one painting. `now`, and where today begins and ends: POSIX seconds."""

    now: float
    morning: float
    midnight: float
    calendar: Calendar
    me: str

    @classmethod
    def of(cls, now: float, calendar: Calendar, me: str) -> Moment:
        """The moment within its day."""
        today = calendar.day(_instant(now))
        morning, midnight = calendar.start_of(today).timestamp(), calendar.end_of(today).timestamp()
        return cls(now, morning, midnight, calendar, me)

    def local(self, at: float) -> datetime:
        """A moment on the team's clock."""
        return self.calendar.local(_instant(at))


class Place(NamedTuple):
    """How a row stands in its lane. `cursor`: "", or the state it is shown in; `plan`: None when it is not
    planned by hand, else since when ("" for today, "from Mon"); `fresh`: who has just changed it, and when.
    """

    width: int
    cursor: str = ""
    selected: bool = False
    plan: str | None = None
    fresh: tuple[str, str] | None = None


class Rows:
    """Paints rows, and keeps each until it changes or time makes it look different."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._ellipsis = looks.frame.ellipsis
        self._kept: dict[tuple[int, Place, str], tuple[Row, float, float, Strip]] = {}

    def paint(self, row: Row, place: Place, moment: Moment) -> Strip:
        """The row in exactly `place.width` cells."""
        key = (row.id, place, moment.me)
        if kept := self._kept.get(key):
            known, since, until, painted = kept
            if since <= moment.now < until and known == row:
                return painted
        painted = strip(self._pieces(row, place, moment), place.width)
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[key] = (row, moment.now, _changes(row, moment), painted)
        return painted

    def _pieces(self, row: Row, place: Place, moment: Moment) -> list[Piece]:
        pieces = list(self._plain(row, place, moment))
        if not place.cursor:
            return pieces
        style = self._looks[place.cursor]
        if row.late(moment.now):
            style += self._looks.strong
        return [(text, style) for text, _ in pieces]

    def _plain(self, row: Row, place: Place, moment: Moment) -> Iterator[Piece]:
        looks, columns = self._looks, Columns.of(place.width, row.lane)
        marked, aged = mark_state(row, moment), age_state(row, moment)
        quiet = marked if marked in ("neglected", "parked", "won", "lost") else ""
        yield self._first(place) + looks.mark(marked) + " ", looks[marked]
        yield from self._name(row, place, columns.name, quiet, moment)
        if columns.next:
            text, state = (row.next, quiet and "dim") if row.next else self._missing(row)
            if place.fresh:
                text, state = self._changed(place.fresh, columns.next), "due_today"
            gap = "  " if place.width >= 60 else " "
            yield gap + fit(text, columns.next, self._ellipsis), looks[state]
        if columns.value:
            text, state = (
                ("?", "no_next")
                if row.value is None
                else (short_money(row.value, row.currency), quiet and "dim")
            )
            yield " " + text.rjust(columns.value), looks[state]
        if columns.age:
            words = age_words(row, moment)
            if place.fresh and not columns.next:
                words, aged = self._changed(place.fresh, columns.age), "due_today"
            if len(words) > columns.age:
                words = words.removesuffix(" late")
            yield " " + cut(words, columns.age, self._ellipsis).rjust(columns.age), looks[aged]

    def _first(self, place: Place) -> str:
        if place.selected:
            return "*"
        return " " if place.plan is None else (">" if self._looks.ascii else "»")

    def _changed(self, fresh: tuple[str, str], width: int) -> str:
        """Who has just changed it, and when, for a moment in the place of something else."""
        who, when = fresh
        return f"{cut(who, width - len(when) - 1, self._ellipsis)} {when}"

    @staticmethod
    def _missing(row: Row) -> Words:
        return ("no step", "no_next") if Mark.NO_NEXT in row.marks else ("", "")

    def _name(self, row: Row, place: Place, width: int, state: str, moment: Moment) -> Iterator[Piece]:
        looks = self._looks
        tags = [tag for tag in (place.plan or "", self._owner(row, moment), SIGNS[row.priority]) if tag]
        while tags and sum(cell_len(tag) + 1 for tag in tags) > width - 8:
            tags.pop(0)
        tail = "".join(f" {tag}" for tag in tags)
        room = width - cell_len(tail)
        name = cut(row.title, room, self._ellipsis)
        yield name, looks[state]
        room -= cell_len(name)
        other = row.company if row.company != row.title else row.who if row.who != row.title else ""
        beside = cut(other, room - 2, self._ellipsis) if room > 7 else ""
        yield "  " + beside if beside else "", looks["dim"]
        yield (
            " " * (room - cell_len(beside) - 2 if beside else room),
            looks["dim" if beside or tags else state],
        )
        yield tail, self._tail_style(row)

    def _tail_style(self, row: Row) -> Style:
        if not row.owner:
            return self._looks["unowned"]
        return self._looks["dim"] if row.priority else self._looks.base + self._looks.strong

    def _owner(self, row: Row, moment: Moment) -> str:
        owner = cut(row.owner, 8, self._ellipsis) or ("-" if self._looks.ascii else "—")
        helping = row.helper_at(moment.now)
        helper = f"+{cut(helping, 8, self._ellipsis)}" if helping else ""
        return "" if row.owner == moment.me and not helper else f"@{owner}{helper}"


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(min(at, LAST), UTC)


def mark_state(row: Row, moment: Moment) -> str:
    """The state whose mark stands before the row: the first that holds."""
    if Mark.CLOSED in row.marks:
        return "won" if row.stage == "won" else "lost"
    if row.late(moment.now):
        return "neglected"
    if Mark.TRIAGE in row.marks:
        return "triage"
    if due_today(row, moment):
        return "due_today"
    if Mark.PARKED in row.marks:
        return "parked"
    if Mark.NO_NEXT in row.marks or Mark.INCOMPLETE in row.marks:
        return "no_next"
    if row.amber <= moment.now:
        return "amber"
    return "aged" if row.aged <= moment.now else "future"


def age_state(row: Row, moment: Moment) -> str:
    """The state in which the last column is shown."""
    state = mark_state(row, moment)
    if state == "no_next":
        return "amber" if row.amber <= moment.now else "dim"
    return "dim" if state in ("future", "aged") else state


def due_today(row: Row, moment: Moment) -> bool:
    """Whether it is owed, or agreed for a time, by the end of today."""
    return row.by <= moment.midnight or moment.morning <= row.due < moment.midnight


def age_words(row: Row, moment: Moment) -> str:
    """How late, or when: "9d late", "45m late", "15:30", "today", "Fri 27", "27 Nov", "Mar 27"; to triage,
    what it is worth; closed, how."""
    if Mark.CLOSED in row.marks:
        return row.stage
    if row.late(moment.now):
        return _late(row, moment)
    if Mark.TRIAGE in row.marks:
        return short_money(row.value, row.currency) if row.value is not None else "triage"
    today = moment.local(moment.now).date()
    if row.due < NEVER and (due := moment.local(row.due)).date() == today:
        return f"{due:%H:%M}"
    if row.by < moment.midnight:
        return f"by {moment.local(row.by):%H:%M}"
    if row.by == moment.midnight:
        return "today"
    if row.due < NEVER and row.due > moment.now:
        day = moment.local(row.due).date()
    elif row.by < NEVER:
        day = moment.calendar.last_day(_instant(row.by))
    else:
        return ""
    if day - today < timedelta(7):
        return f"{DAY_NAMES[day.weekday()]} {day.day}"
    if day.year == today.year or day - today < timedelta(180):
        return f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{MONTH_NAMES[day.month - 1]} {day.year % 100:02}"


def _late(row: Row, moment: Moment) -> str:
    days = moment.calendar.late_days(_instant(row.by), _instant(moment.now))
    if days >= 4 * YEAR:
        return f"{days // YEAR}y late"
    if days:
        return f"{days}d late"
    gone = moment.now - row.by
    if not row.promise or gone >= 24 * HOUR:
        return "late"
    return f"{int(gone // 60)}m late" if gone < HOUR else f"{int(gone // HOUR)}h late"


def _changes(row: Row, moment: Moment) -> float:
    """Until when a row looks as it does now, if nobody changes it."""
    until = [at for at in (row.by, row.amber, row.aged, moment.midnight) if at >= moment.now]
    if 0 <= (gone := moment.now - row.by) < 24 * HOUR:
        step = 60 if gone < HOUR else HOUR
        until.append(row.by + (gone // step + 1) * step)
    return min(until)
