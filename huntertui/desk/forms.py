"""All fields of a record as texts, and what a person made of them, in one change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import Any

from huntertui.desk.edits import edited, shown
from huntertui.desk.ledger import Change, named
from huntertui.desk.off_limits import OffLimits
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import HunterError
from huntertui.model.acts import settled
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.text import Unclear, clean, normalise_email, normalise_phone
from huntertui.records import dataclass
from huntertui.store.store import Doc, Tx

PLAIN = ("company", "name", "country", "value", "tags", "notes")
PERSON = ("name", "role", "emails", "phones")
PEOPLE = "people"

_KEPT_IN = {"value": ("value", "currency"), PEOPLE: ("contacts",)}


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as texts. `was`: its place in the record that the texts were made of, None for a new one.

    `gone`: to be removed.
    """

    name: str = ""
    role: str = ""
    emails: str = ""
    phones: str = ""
    was: int | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fields of a record as texts; several e-mails, phones or tags are parted by commas."""

    company: str = ""
    name: str = ""
    country: str = ""
    value: str = ""
    tags: str = ""
    notes: str = ""
    people: tuple[Person, ...] = ()


def sheet_of(o: Opportunity) -> Sheet:
    """The fields of a record as texts."""
    people = (
        Person(c.name, c.role, ", ".join(c.emails), ", ".join(c.phones), at)
        for at, c in enumerate(o.contacts)
    )
    plain: dict[str, Any] = {field: shown(o, field) for field in PLAIN}
    return Sheet(**plain, people=tuple(people))


def wrong(o: Opportunity, field: str, text: str, policy: Policy) -> str:
    """What is wrong with the text of a field (of PLAIN or PERSON), "" when it can be taken."""
    if field == "emails":
        bad = next((part for part in _parts(text) if not normalise_email(part)), "")
        return f"{bad!r} is no e-mail address" if bad else ""
    if field == "phones":
        bad = next((part for part in _parts(text) if not normalise_phone(part)), "")
        return f"{bad!r} is no phone number; several are parted by commas" if bad else ""
    if field == "value":
        try:
            edited(o, field, text, policy, o.clock)
        except (HunterError, Unclear) as error:
            return str(error)
    return ""


def field_of(kept: str) -> str:
    """The field of a sheet that a field of the record's document belongs to."""
    return next((field for field, names in _KEPT_IN.items() if kept in names), kept)


def kept_in(field: str) -> tuple[str, ...]:
    """The fields of the record's document in which one of a sheet is kept."""
    return _KEPT_IN.get(field, (field,))


def changed(before: Sheet, after: Sheet) -> list[str]:
    """The fields that differ."""
    return [f.name for f in fields(Sheet) if getattr(before, f.name) != getattr(after, f.name)]


class Forms(OffLimits):
    """Editing all fields of a record at once."""

    def document(self, id: int) -> Doc:
        """The record as it is kept, to be given back with the changes that were made upon it."""
        doc = self.store.get(OPPORTUNITIES, id)
        if doc is None:
            raise self._gone(id)
        return doc

    def save_sheet(self, id: int, doc: Doc, sheet: Sheet, insisted: Collection[str] = ()) -> Change:
        """Make the changes between what `doc` said and the sheet, all in one; nothing else is touched.

        Conflict when somebody has changed one of these fields since, unless the person has `insisted` on it.
        Unclear for what a field does not take.
        """
        base, now, policy = from_doc(id, doc), self.now(), self.policy
        differ = changed(sheet_of(base), sheet)
        guard = [name for field in differ if field not in insisted for name in kept_in(field)]

        def act(o: Opportunity) -> Opportunity:
            after = o
            for field in differ:
                if field != PEOPLE:
                    after = edited(after, field, getattr(sheet, field), policy, now)
            if PEOPLE in differ:
                after = replace(after, contacts=merged(o.contacts, base.contacts, sheet.people))
            return settled(o, after, policy, now)

        def run(tx: Tx) -> tuple[int, ...]:
            _, after = self._apply(tx, id, act, guard=guard, seen=doc)
            if PEOPLE in differ:
                self._allowed(tx, after)
            tx.label = f"{named(after)}: {_told(differ, sheet)}"
            return (id,)

        return self._commit(run)


def merged(
    fresh: Sequence[Contact], base: Sequence[Contact], people: Sequence[Person]
) -> tuple[Contact, ...]:
    """The contacts as they stand by now, with what was changed of those in `base`, in the people's order.

    What others added since stays, behind; a person without any text is removed.
    """
    left = list(fresh)
    made: list[Contact] = []
    kept = {person.was for person in people if not person.gone}
    for at in range(len(base)):
        if at not in kept:
            _found(left, base, at)
    for person in people:
        if person.gone:
            continue
        was = base[person.was] if person.was is not None else Contact()
        now = _found(left, base, person.was) if person.was is not None else None
        contact = replace(now or was, **_differing(was, person))
        if any((contact.name, contact.role, contact.emails, contact.phones, contact.struck)):
            made.append(contact)
    return (*made, *left)


def _found(left: list[Contact], base: Sequence[Contact], at: int) -> Contact | None:
    """Take a contact of `base` out of those that stand by now: the same, else of its name, else its place."""
    was = base[at]
    same = next((c for c in left if c == was), None)
    same = same or next((c for c in left if was.name and c.name == was.name), None)
    if same is None and len(left) == len(base):
        same = left[at]
    if same is not None:
        left.remove(same)
    return same


def _differing(was: Contact, person: Person) -> dict[str, Any]:
    differ: dict[str, Any] = {}
    for field in PERSON:
        text = clean(getattr(person, field))
        value = _parts(text) if field in ("emails", "phones") else text
        if value != getattr(was, field):
            differ[field] = value
    return differ


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _told(differ: Sequence[str], sheet: Sheet) -> str:
    if len(differ) != 1 or differ[0] == PEOPLE:
        return f"changed {', '.join(differ) or 'nothing'}"
    text = " ".join(str(getattr(sheet, differ[0])).split())
    return f"{differ[0]} is now {text[:60] or 'empty'}"
