"""Next steps and meetings as an iCalendar file (RFC 5545), one event for each item that has a date.

The event of an item keeps its UID wherever the item is taken and whatever its next step becomes, so importing
or subscribing again moves it. Agreed times are instants in UTC, which every program shows in the zone of its
user; a day without a time is a whole day of the team's, and takes none of the user's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from huntertui.exchange.contentline import folded, value, values
from huntertui.model.money import amounts
from huntertui.model.opportunity import Channel, Kind
from huntertui.model.pipeline import CLOSED

if TYPE_CHECKING:
    from huntertui.exchange.items import About, Item
    from huntertui.model.opportunity import NextStep, Opportunity

_DAY = timedelta(days=1)
_CALL = timedelta(minutes=15)  # that an agreed call is given; a meeting has the policy's minutes


def write_calendar(items: Iterable[Item], about: About, put: Callable[[str], object]) -> None:
    """The calendar. SEQUENCE is the last change of the store, so that a later export replaces an earlier."""
    zone = value(str(about.policy.calendar.zone))
    for line in (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//huntertui//huntertui//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:huntertui",
        f"X-WR-TIMEZONE:{zone}",
    ):
        put(folded(line))
    for item in items:
        o = item.opportunity
        if o.next is not None and o.next.due is not None and o.stage not in CLOSED:
            put("".join(map(folded, _event(item, o, o.next, o.next.due, about))))
    put(folded("END:VCALENDAR"))


def _event(item: Item, o: Opportunity, step: NextStep, due: date | datetime, about: About) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{item.uid}-next@huntertui"
    yield f"DTSTAMP:{_instant(about.at)}"
    yield f"SEQUENCE:{about.seq}"
    if isinstance(due, datetime):
        yield f"DTSTART:{_instant(due)}"
        if due.year < date.max.year:
            yield f"DTEND:{_instant(due + _length(step, about))}"
    else:
        yield f"DTSTART;VALUE=DATE:{_day(due)}"
        if due < date.max:
            yield f"DTEND;VALUE=DATE:{_day(due + _DAY)}"
    busy = isinstance(due, datetime) and step.kind is Kind.AGREED
    yield f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}"
    yield f"SUMMARY:{value(_summary(o, step))}"
    yield f"DESCRIPTION:{value(_description(o))}"
    if o.tags:
        yield f"CATEGORIES:{values(o.tags)}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{_day(at.date())}T{at:%H%M%S}Z"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _length(step: NextStep, about: About) -> timedelta:
    if step.channel in (Channel.MEETING, Channel.VISIT):
        return timedelta(minutes=about.policy.meeting_minutes)
    return _CALL


def _summary(o: Opportunity, step: NextStep) -> str:
    what = step.what or (step.channel.value if step.channel else "touch")
    who = next((contact.name for contact in o.contacts if contact.name and not contact.blocked), "")
    with_whom = f"{who} ({o.title})" if who and who != o.title else o.title
    return f"{what}: {with_whom}"


def _description(o: Opportunity) -> str:
    """Of which company it is, whom to reach and how, and where the deal stands."""
    lines = ["" if o.company == o.title else o.company]
    lines += [
        ", ".join(filter(None, (contact.name, contact.role, *contact.phones, *contact.emails)))
        for contact in o.contacts
        if not contact.blocked
    ]
    worth = f", {amounts({o.currency: o.value})}" if o.value is not None else ""
    return "\n".join((*filter(None, lines), f"{o.stage}{worth}, {o.owner or 'nobody'}'s, #{o.id}"))
