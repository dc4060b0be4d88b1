"""Contacts as vCards of version 3.0, which address books of every kind read (RFC 2426): one card a person.

A person is told by the first e-mail, else the first phone, else by name and company; so the card of one who
stands in several items comes once, and a later export replaces it. Who wants no contact is left out, so that
nobody calls him from his telephone, and so are struck numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from huntertui.exchange.contentline import folded, value, values
from huntertui.model.text import normalise_email, normalise_phone

if TYPE_CHECKING:
    from huntertui.exchange.items import About, Item
    from huntertui.model.opportunity import Contact, Opportunity


def write_vcards(items: Iterable[Item], _: About, put: Callable[[str], object]) -> None:
    """The cards of all contacts, item by item."""
    seen: set[str] = set()
    for item in items:
        for contact in item.opportunity.contacts:
            person = _person(contact, item.opportunity.company)
            if person and not contact.blocked and person not in seen:
                seen.add(person)
                put("".join(map(folded, _card(person, contact, item.opportunity))))


def _person(contact: Contact, company: str) -> str:
    """What tells a person again; "" when nothing does."""
    ways = (*map(normalise_email, contact.emails), *map(normalise_phone, contact.phones))
    known = next(filter(None, ways), "") or (contact.name and f"{contact.name}\n{company}".casefold())
    return known and blake2b(known.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _card(person: str, contact: Contact, o: Opportunity) -> Iterator[str]:
    name = contact.name or next(iter((*contact.emails, *contact.phones)), "")
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield "PRODID:-//huntertui//huntertui//EN"
    yield f"UID:{person}@huntertui"
    yield f"FN:{value(name)}"
    given, _, family = name.rpartition(" ") if contact.name else ("", "", name)
    yield f"N:{values((family, given, '', '', ''), ';')}"
    if o.company:
        yield f"ORG:{value(o.company)}"
    if contact.role:
        yield f"TITLE:{value(contact.role)}"
    for email in contact.emails:
        yield f"EMAIL;TYPE=INTERNET:{value(email)}"
    for phone in contact.phones:
        yield f"TEL;TYPE=WORK:{value(phone)}"
    if o.country:
        yield f"ADR;TYPE=WORK:{values(('', '', '', '', '', '', o.country), ';')}"
    if o.tags:
        yield f"CATEGORIES:{values(o.tags)}"
    if o.notes:
        yield f"NOTE:{value(o.notes)}"
    yield "END:VCARD"
