"""What a row gives to a record that is here: what is empty is filled, what has a value stays.

The first time that a row meets a record nothing that it says is lost: its people, addresses, numbers, tags,
notes and unknown columns come to those that are here. When it comes again, whatever is not here any more has
been taken away by people, so only what is empty is filled. No import sets a stage, an owner, a priority or a
plan, or moves a clock, and what was struck or blocked does not come back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from huntertui.exchange.alike import person_key
from huntertui.model.acts import settled
from huntertui.model.opportunity import Contact, Kind, NextStep, Opportunity, but
from huntertui.model.pipeline import CLOSED, Policy
from huntertui.model.text import normalise_email, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

MOST_PEOPLE = 50
"""People whom one record takes in from files."""


def filled(o: Opportunity, row: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """The record with what a row that is the same one has beside."""
    first, valued = not _knows(o, row), o.value is None and row.value is not None
    after = but(
        o,
        company=o.company or row.company,
        country=o.country or row.country,
        value=row.value if valued else o.value,
        currency=row.currency if valued else o.currency,
        contacts=_people(o, row, first=first),
        tags=_joined(o.tags, row.tags) if first or not o.tags else o.tags,
        notes=_notes(o.notes, row.notes) if first or not o.notes else o.notes,
        extra={**row.extra, **o.extra} if first or not o.extra else o.extra,
        external_ids=_ids(o, row),
    )
    if o.stage in CLOSED or row.stage in CLOSED:
        return after
    today = policy.calendar.day(now)
    if o.expected_close is None and row.expected_close is not None and row.expected_close >= today:
        after = but(after, expected_close=row.expected_close, original_close=row.original_close)
    if o.next is None and row.next is not None and row.next.kind is Kind.AGREED:
        after = but(after, next=row.next)
    return after if after == o else settled(o, after, policy, now)


def joined(o: Opportunity, person: Opportunity) -> Opportunity:
    """A deal with a person who belongs to it; what his row says beside is marked with his name."""
    if _knows(o, person):
        return but(o, contacts=_people(o, person, first=False))
    name = next((c.name or next(iter((*c.emails, *c.phones)), "") for c in person.contacts), "")
    notes = f"{name}: {person.notes}" if person.notes and name else person.notes
    extra = {f"{name}: {header}" if name else header: text for header, text in person.extra.items()}
    return but(
        o,
        company=o.company or person.company,
        country=o.country or person.country,
        contacts=_people(o, person, first=True),
        tags=_joined(o.tags, person.tags),
        notes=_notes(o.notes, notes),
        extra={**extra, **o.extra},
        external_ids=_ids(o, person),
    )


def of_company(o: Opportunity, company: Opportunity) -> Opportunity:
    """A deal or a person with what the row of its company says, its people and what is planned with it among
    that; its switchboard where there is no number."""
    numbers = () if o.phone else tuple(contact for contact in company.contacts if not contact.name)
    people = tuple(contact for contact in company.contacts if contact.name)
    contacts = _people(o, but(company, contacts=people), first=True)
    return but(
        o,
        company=o.company or company.company,
        country=o.country or company.country,
        contacts=(*contacts, *numbers),
        next=o.next or (company.next if _is_plan(company.next) and o.stage not in CLOSED else None),
        tags=_joined(o.tags, company.tags),
        notes=_notes(o.notes, company.notes),
        extra={**company.extra, **o.extra},
        external_ids=_ids(o, company),
    )


def blocked(o: Opportunity, off: Sequence[bool]) -> Opportunity:
    """A record of whose people those want no contact that are `off`."""
    people = zip(o.contacts, off, strict=True)
    contacts = (replace(contact, blocked=contact.blocked or is_off) for contact, is_off in people)
    return but(o, contacts=tuple(contacts))


def _is_plan(step: NextStep | None) -> bool:
    """Whether somebody has planned it, and no cadence."""
    return step is not None and step.kind is not Kind.CADENCE


def _knows(o: Opportunity, row: Opportunity) -> bool:
    """Whether the row has given to the record before."""
    return all(set(ids) <= set(o.external_ids.get(source, ())) for source, ids in row.external_ids.items())


def _people(o: Opportunity, row: Opportunity, *, first: bool) -> tuple[Contact, ...]:
    contacts = list(o.contacts)
    for person in row.contacts:
        at = next((n for n, contact in enumerate(contacts) if _same(contact, person)), None)
        if at is not None:
            contacts[at] = _person(contacts[at], person, first=first)
        elif (first and len(contacts) < MOST_PEOPLE) or not contacts:
            contacts.append(person)
    return tuple(contacts)


def _same(a: Contact, b: Contact) -> bool:
    """Whether two of one record are the same person."""
    one, other = person_key(a.name), person_key(b.name)
    if one and other:
        return one == other
    emails = {normalise_email(email) for email in a.emails} & {normalise_email(email) for email in b.emails}
    phones = {normalise_phone(phone) for phone in (*a.phones, *a.struck)} & set(
        map(normalise_phone, b.phones)
    )
    return bool(emails or phones)


def _person(here: Contact, row: Contact, *, first: bool) -> Contact:
    if here.blocked:
        return here
    struck = {normalise_phone(phone) for phone in here.struck}
    phones = tuple(phone for phone in row.phones if normalise_phone(phone) not in struck)
    return replace(
        here,
        name=here.name or row.name,
        role=here.role or row.role,
        emails=_ways(here.emails, row.emails, normalise_email) if first or not here.emails else here.emails,
        phones=_ways(here.phones, phones, normalise_phone) if first or not here.phones else here.phones,
    )


def _ways(here: tuple[str, ...], row: tuple[str, ...], plain: Callable[[str], str]) -> tuple[str, ...]:
    known = {plain(way) for way in here}
    return (*here, *(way for way in row if plain(way) not in known))


def _joined(here: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*here, *row)))


def _notes(here: str, row: str) -> str:
    return here if row in here else "\n".join(filter(None, (here, row)))


def _ids(o: Opportunity, row: Opportunity) -> dict[str, tuple[str, ...]]:
    both = {**o.external_ids, **row.external_ids}
    return {
        source: _joined(o.external_ids.get(source, ()), row.external_ids.get(source, ())) for source in both
    }
