"""Items as a CSV file: one row each, in columns that people know and our own import reads again.

It is for spreadsheets: history, cadences and debts are not in it. What carries everything is JSON.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from huntertui.exchange.others import in_lines
from huntertui.exchange.words import BETWEEN
from huntertui.model.money import written
from huntertui.model.opportunity import Channel, Contact, Kind, Opportunity
from huntertui.model.pipeline import CLOSED
from huntertui.model.text import clean
from huntertui.spreadsheet import defused

if TYPE_CHECKING:
    from huntertui.exchange.items import About, Item
    from huntertui.model.calendar import Calendar

SIGN = "Huntertui ID"
"""The column that tells our own files from others'."""


class _Line:
    """A file for `csv` to write to, of which each line goes on."""

    def __init__(self, put: Callable[[str], object]) -> None:
        self.write = put


def write_csv(items: Iterable[Item], about: About, put: Callable[[str], object]) -> None:
    """A line of headers, then one for each item. Times are those of the team's zone."""
    writer = csv.writer(_Line(put))
    writer.writerow([SIGN, *_COLUMNS])
    calendar, safe = about.policy.calendar, str if about.raw else defused
    for item in items:
        cells = (clean(read(item.opportunity, calendar), lines=True) for read in _COLUMNS.values())
        writer.writerow([item.uid, *map(safe, cells)])


def _first(o: Opportunity) -> Contact:
    return o.contacts[0] if o.contacts else Contact()


def _others(o: Opportunity) -> str:
    """Everybody but the first, a line for each."""
    return "\n".join(
        ", ".join(filter(None, (contact.name, contact.role, *contact.emails, *contact.phones)))
        for contact in o.contacts[1:]
    )


def _off_limits(o: Opportunity) -> str:
    """Who of them wants no contact, by what names him first."""
    blocked = (contact for contact in o.contacts if contact.blocked)
    return BETWEEN.join(next(filter(None, (c.name, *c.emails, *c.phones)), "") for c in blocked)


def _due(o: Opportunity, calendar: Calendar, *, meeting: bool) -> str:
    """When the next step is due: in a column of its own where it is a meeting that was agreed."""
    step = o.next
    agreed = step is not None and step.kind is Kind.AGREED and step.channel is Channel.MEETING
    if step is None or step.due is None or agreed is not meeting:
        return ""
    return _moment(step.due, calendar)


def _moment(at: date | datetime | None, calendar: Calendar) -> str:
    if isinstance(at, datetime):
        return f"{calendar.local(at):%Y-%m-%d %H:%M:%S}"
    return _day(at)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount(o: Opportunity) -> str:
    """With a point, whatever the language: every program can read that."""
    return "" if o.value is None else written(o.value, o.currency, grouped=False).partition(" ")[0]


_COLUMNS: Mapping[str, Callable[[Opportunity, Calendar], str]] = {
    "Opportunity Name": lambda o, _: o.name,
    "Company": lambda o, _: o.company,
    "Contact": lambda o, _: _first(o).name,
    "Job Title": lambda o, _: _first(o).role,
    "Email": lambda o, _: BETWEEN.join(_first(o).emails),
    "Phone": lambda o, _: BETWEEN.join(_first(o).phones),
    "Other Contacts": lambda o, _: _others(o),
    "Wants No Contact": lambda o, _: _off_limits(o),
    "Country": lambda o, _: o.country,
    "Owner": lambda o, _: o.owner,
    "Stage": lambda o, _: o.stage,
    "Value": lambda o, _: _amount(o),
    "Currency": lambda o, _: o.currency,
    "Priority": lambda o, _: o.priority.value,
    "Next Step": lambda o, _: o.next.what if o.next else "",
    "Next Type": lambda o, _: o.next.channel.value if o.next and o.next.channel else "",
    "Next Date": lambda o, calendar: _due(o, calendar, meeting=False),
    "Meeting": lambda o, calendar: _due(o, calendar, meeting=True),
    "Close Date": lambda o, _: "" if o.stage in CLOSED else _day(o.expected_close),
    "First Close Date": lambda o, _: "" if o.stage in CLOSED else _day(o.original_close),
    "Parked Until": lambda o, _: _day(o.park.until) if o.park else "",
    "Parked For": lambda o, _: o.park.why if o.park else "",
    "Parked Remark": lambda o, _: o.park.text if o.park else "",
    "Closed On": lambda o, _: _day(o.closed_on),
    "Lost Reason": lambda o, _: o.lost_reason,
    "Lost Remark": lambda o, _: o.lost_text,
    "Revisit": lambda o, _: _day(o.revisit),
    "Tags": lambda o, _: BETWEEN.join(o.tags),
    "Notes": lambda o, _: o.notes,
    "Created": lambda o, calendar: _moment(o.created, calendar),
    "Last Activity": lambda o, calendar: _moment(o.last_touch.at if o.last_touch else None, calendar),
    "Other Columns": lambda o, _: in_lines(o.extra),
}
