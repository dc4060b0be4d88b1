"""The verbs that read items: list and explain."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from huntertui.book import ALL
from huntertui.cli.choosing import choice_arguments, chosen
from huntertui.cli.options import add_forms
from huntertui.cli.output import aligned, put, put_json, put_plain, say
from huntertui.cli.session import Session, understood
from huntertui.desk import Desk
from huntertui.model.calendar import DAY_NAMES, MONTH_NAMES, Calendar
from huntertui.model.codec import instant_text
from huntertui.model.opportunity import PRIORITIES
from huntertui.model.owed import neglected, owed
from huntertui.model.ranking import NEVER, Mark, Row, row_of
from huntertui.model.text import did_you_mean, in_ascii

LANE_NAMES = ("prospects", "follow-ups", "closing")


def list_arguments(parser: ArgumentParser) -> None:
    """The arguments of list."""
    parser.add_argument("--lane", choices=LANE_NAMES, help="one lane only")
    parser.add_argument(
        "--owner", metavar="NAME", help="a member's own, me, or all; else what your workday shows"
    )
    parser.add_argument("--neglected", action="store_true", help="only what is red")
    choice_arguments(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument(
        "--plain",
        action="store_true",
        help="words parted by tabs, also into a pipe: id, lane, state, name, company, owner, helper, stage,"
        " priority, next step, when",
    )


def list_items(session: Session) -> int:
    """What is to do, in the order of the lanes."""
    args = session.args
    with session.desk() as desk:
        at, calendar = desk.now(), desk.policy.calendar
        queries = chosen(args, desk)
        closed = desk.closed() if any(query.closed for query in queries) else None
        lanes = _lanes(desk, args.lane, args.owner, at, closed)
        if queries:
            holds = desk.holds(queries)
            lanes = {name: list(filter(holds, rows)) for name, rows in lanes.items()}
        if args.neglected:
            lanes = {name: [row for row in rows if row.late(at.timestamp())] for name, rows in lanes.items()}
        if args.json:
            rows = [as_json(row, calendar, at) for found in lanes.values() for row in found]
            put_json({"at": instant_text(at), "rows": rows})
        elif args.plain or not sys.stdout.isatty():
            put_plain([plain_cells(row, calendar, at) for rows in lanes.values() for row in rows])
        else:
            for name, found in lanes.items():
                late = sum(row.late(at.timestamp()) for row in found)
                put_rows(
                    f"{name.title()} {len(found)}" + (f" · {late} late" if late else ""), found, session, desk
                )
        if not len(desk.book):
            say("nothing is open here: huntertui import FILE.csv, or look around in huntertui demo")
    return 0


def explain_arguments(parser: ArgumentParser) -> None:
    """The arguments of explain."""
    parser.add_argument("who", metavar="WHO", help="its number, a name, an e-mail, a phone")
    add_forms(parser)


def explain(session: Session) -> int:
    """Every rule that holds for one item, with its arithmetic and its cure."""
    with session.desk() as desk, understood():
        id = desk.meant(session.args.who)
        lines = desk.explain(id)
        o = desk.opportunity(id)
        assert o is not None, "it was just explained"
        if session.args.json:
            due = owed(o, desk.policy)
            by = instant_text(due.by) if due else None
            red = neglected(o, desk.policy, desk.now())
            put_json(
                {"id": o.id, "name": o.title, "owed_by": by, "neglected": red, "triage": o.triage}
                | {"rule": str(due.rule) if due else None, "explain": lines}
            )
        elif session.args.plain:
            put_plain([[str(o.id), line] for line in lines])
        else:
            for line in (f"{o.title} #{o.id}", *(f"  {line}" for line in lines)):
                put(in_ascii(line) if needs_ascii(session) else line)
    return 0


def _lanes(
    desk: Desk, lane: str | None, owner: str | None, at: datetime, closed: list[Row] | None
) -> dict[str, list[Row]]:
    """The rows asked for, by the name of their lane: of what is open, or of what is `closed`, if that is."""
    now, name = at.timestamp(), desk.me if owner == "me" else owner
    if name is not None:
        desk.book.show(ALL, now)
    if name not in (None, "all", desk.me, *desk.book.owners()):
        hint = did_you_mean(name or "", desk.book.owners(), "--owner all shows everybody's")
        say(f"nothing open belongs to {name!r}: {hint}")

    def rows(index: int) -> Iterable[Row]:
        return desk.book.lane(index, now) if closed is None else (row for row in closed if row.lane == index)

    return {
        title: [row for row in rows(index) if name in (None, "all", row.owner)]
        for index, title in enumerate(LANE_NAMES)
        if lane in (None, title)
    }


def put_rows(title: str, rows: Sequence[Row], session: Session, desk: Desk) -> None:
    """A table as wide as the terminal under its title; nothing without rows."""
    from shutil import get_terminal_size  # late: only a terminal pays for it

    if not rows:
        return
    calendar, at = desk.policy.calendar, desk.now()
    cells = [_cells(row, calendar, at) for row in rows]
    for line in (title, *aligned(cells, get_terminal_size().columns, stretch=2, right=frozenset({1}))):
        put(in_ascii(line) if needs_ascii(session) else line)


def _cells(row: Row, calendar: Calendar, at: datetime) -> list[str]:
    mark = mark_of(row, calendar, at)
    owner = f"@{row.owner}" if row.owner else "@-"
    name = row.title if row.title == row.company or not row.company else f"{row.title} ({row.company})"
    return [mark, f"#{row.id}", name, owner, row.stage, row.next, owed_words(row, calendar, at)]


def plain_cells(row: Row, calendar: Calendar, at: datetime) -> list[str]:
    """A row without signs, as it is read out: id, lane, state, name, company, owner, helper, stage, priority,
    next step, and when that is owed or how late it is."""
    state, when = _STATES[mark_of(row, calendar, at)], owed_words(row, calendar, at)
    when = _SHORT.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}{'s' * (found[1] != '1')}", when)
    names = [row.title, row.company, row.owner or "nobody", row.helper_at(at.timestamp())]
    return [
        str(row.id),
        lane_of(row),
        state,
        *names,
        row.stage,
        PRIORITIES[row.priority].value,
        row.next,
        when,
    ]


_STATES = {
    "!": "late", "~": "to triage", "z": "parked", "•": "due today", "?": "incomplete", " ": "in time",
}  # fmt: skip
_SHORT = re.compile(r"(\d+)([dhm])(?= late)")
_UNITS = {"d": "day", "h": "hour", "m": "minute"}


def mark_of(row: Row, calendar: Calendar, at: datetime) -> str:
    """The first column of a row: late, to triage, parked, due today, nothing planned or incomplete."""
    if row.late(at.timestamp()):
        return "!"
    if Mark.TRIAGE in row.marks:
        return "~"
    if Mark.PARKED in row.marks:
        return "z"
    if _day_owed(row, calendar) == calendar.day(at):
        return "•"
    return "?" if Mark.NO_NEXT in row.marks or Mark.INCOMPLETE in row.marks else " "


def owed_words(row: Row, calendar: Calendar, at: datetime) -> str:
    """When it is owed: "9d late" (business days), "45m late", "15:30", "by 10:20", "today", "Fri 27",
    "27 Nov", "Mar 27"."""
    if Mark.TRIAGE in row.marks:
        return "to triage"
    day, today = _day_owed(row, calendar), calendar.day(at)
    if day is None:
        return ""
    if row.late(at.timestamp()):
        return _late(row, calendar, at)
    if day == today:
        if row.due < NEVER and calendar.day(_instant(row.due)) == today:
            return f"{calendar.local(_instant(row.due)):%H:%M}"
        whole_day = calendar.end_of(today) == _instant(row.by)
        return "today" if whole_day else f"by {calendar.local(_instant(row.by)):%H:%M}"
    if (day - today).days < 7:
        return f"{DAY_NAMES[day.weekday()]} {day.day}"
    month = MONTH_NAMES[day.month - 1]
    return f"{day.day} {month}" if day.year == today.year else f"{month} {day.year % 100:02}"


def _late(row: Row, calendar: Calendar, at: datetime) -> str:
    """Hours and minutes are told of promises only, as limits end with a day."""
    gone = int(at.timestamp() - row.by) // 60
    if days := calendar.late_days(_instant(row.by), at):
        return f"{days}d late"
    if not row.promise or gone >= 24 * 60:
        return "late"
    return f"{gone // 60}h late" if gone >= 60 else f"{gone}m late"


def _day_owed(row: Row, calendar: Calendar) -> Any:
    return calendar.last_day(_instant(row.by)) if row.by < NEVER else None


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def row_of_id(desk: Desk, id: int) -> Row | None:
    """The row of an item, open or closed; None when it is gone or cannot be read."""
    if (row := desk.book.row(id)) is not None:
        return row
    with suppress(ValueError):
        o = desk.opportunity(id)
        return None if o is None else row_of(o, desk.policy)
    return None


def lane_of(row: Row) -> str:
    """The name of its lane; of what is won or lost, "closed"."""
    return "closed" if Mark.CLOSED in row.marks else LANE_NAMES[row.lane]


def as_json(row: Row, calendar: Calendar, at: datetime) -> dict[str, Any]:
    """A row as scripts read it."""

    def moment(seconds: float) -> str | None:
        return instant_text(_instant(seconds)) if abs(seconds) < NEVER else None

    late = row.late(at.timestamp())
    return {
        "id": row.id,
        "name": row.title,
        "company": row.company,
        "contact": row.who,
        "owner": row.owner or None,
        "helper": row.helper_at(at.timestamp()) or None,
        "lane": lane_of(row),
        "stage": row.stage,
        "priority": PRIORITIES[row.priority].value,
        "next": row.next or None,
        "next_at": moment(row.due),
        "owed_by": moment(row.by),
        "rule": row.rule or None,
        "neglected": late,
        "days_late": calendar.late_days(_instant(row.by), at) if late else 0,
        "touched": moment(row.touched),
        "value": row.value,
        "currency": row.currency,
    } | {name: mark in row.marks for name, mark in _MARKS}


_MARKS = (
    ("triage", Mark.TRIAGE),
    ("parked", Mark.PARKED),
    ("no_next_step", Mark.NO_NEXT),
    ("incomplete", Mark.INCOMPLETE),
)


def needs_ascii(session: Session) -> bool:
    """Whether the signs of our own are to be ASCII: by the settings, or as the terminal has no others."""
    names: Iterable[str] = ("utf-8", "utf8")
    return session.config.ascii or (sys.stdout.encoding or "").casefold() not in names
