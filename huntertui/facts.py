"""What is known of a record, in words, for the screen and the shell alike."""

from __future__ import annotations

from collections.abc import Iterator

from huntertui.desk import Desk
from huntertui.model.money import written
from huntertui.model.opportunity import Contact, Opportunity


def contact_line(contact: Contact) -> str:
    """A person, and how to reach him."""
    name = ", ".join(filter(None, (contact.name, contact.role)))
    struck = tuple(f"{phone} (wrong)" for phone in contact.struck)
    blocked = "do not contact" if contact.blocked else ""
    return " · ".join(filter(None, (blocked, name, *contact.phones, *struck, *contact.emails)))


def name_line(o: Opportunity) -> str:
    """What it is called, its company and country, and its number."""
    name = " · ".join(dict.fromkeys(filter(None, (o.name, o.company, o.country))))
    return f"{name or o.title} #{o.id}"


def facts(desk: Desk, o: Opportunity) -> Iterator[str]:
    """Its stage, value, dates, priority, owner and tags."""
    calendar, today = desk.policy.calendar, desk.today()
    helps = o.helper and o.helper_until and desk.now() < o.helper_until
    yield o.stage
    yield "no value" if o.value is None else written(o.value, o.currency)
    if o.expected_close:
        yield f"closes {calendar.describe_day(o.expected_close, today)}"
    yield f"priority {o.priority.value}"
    yield f"owner {o.owner or 'nobody'}" + (f", {o.helper} helps" if helps else "")
    if o.source_owner and not o.owner:
        yield f"was {o.source_owner}'s"
    yield f"since {calendar.describe_day(calendar.day(o.created), today)}"
    if o.closed_on:
        yield f"closed {calendar.describe_day(o.closed_on, today)}"
    if o.tags:
        yield ", ".join(o.tags)
