"""The person of a row, and its tags."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from huntertui.exchange.alike import person_key
from huntertui.exchange.values import says_so
from huntertui.exchange.words import BETWEEN, key, keys
from huntertui.model.opportunity import Contact
from huntertui.model.text import clean, normalise_email, normalise_phone

if TYPE_CHECKING:
    from huntertui.exchange.rows import Row

# Several values in one cell: " ::: " is Google's way. A comma may stand inside a phone's remark.
_TAGS = re.compile(r" ::: |[;,]")
_PHONES = re.compile(r" ::: |;")
_OR = re.compile(r", | / ")  # between two numbers, where what it parts are such
_NUMBER = 7  # digits that a whole number has
_NOBODY = Contact()
_PEOPLE = re.compile(r" ::: |;|(?<=[>)]),|(?<=\w),(?= ?[^@, ]+@)")  # "Lee, Ann" is one
_NAMED = re.compile(r"(?P<name>[^<>()]*)[<(](?P<email>[^<>() ]+)[>)]")  # "Ann Lee (ann@acme.example)"
_EMAILS = re.compile(r"[;,:\s<>]+")
_MAILTO = re.compile(r"mailto:([^?\s]+)(?:\?\S*)?")
_SPOILT = re.compile(r"\d[.,]\d+E\+\d+")  # a number that a spreadsheet has made one of its own of
_OPTED_OUT = (("no email", "no-email"), ("no calls", "do-not-call"), ("opted out", "do-not-contact"))
TAGGED = frozenset({"tags", "subscription", *(field for field, _ in _OPTED_OUT)})
"""The fields of which tags are made."""
_UNSUBSCRIBED = frozenset(keys("unsubscribed, opted out, no consent, abgemeldet, désabonné, no marketing"))
_SALUTATIONS = frozenset(
    keys("mr, mrs, ms, miss, mx, dr, prof, sir, herr, frau, hr, fr, m, mme, mlle, sr, sra, srta, dhr, mevr")
)  # what a column Title has of some programs
_FIRMS = frozenset(
    keys("company, organization, organisation, account, business, firma, unternehmen, entreprise, empresa")
)
PERSON = frozenset(
    {"person", "first name", "middle name", "last name", "role", "email", "phone", "people", "other people"}
)
"""The fields that tell of people."""
WHO = PERSON | {"title", "company", "sort of record", "off limits"}
"""The fields that tell who it is, and what it is called."""


def company_of(row: Row) -> str:
    """The company; of a row that says to be one, its name."""
    return row.text("company") or (row.text("person") if _is_firm(row) else "")


def contacts_of(row: Row) -> tuple[Contact, ...]:
    """The people. The first has the row's role, e-mails and phones; whom nothing else names goes by these."""
    if row.has_none(PERSON):
        return ()
    name = "" if _is_firm(row) else _name(row)
    role, emails, phones = _role(row), _emails(row), _phones(row)
    others = _people(people) if (people := row.text("people")) else []
    if not row.may("off limits"):  # one of ours stands in each cell as he is called here
        name, emails, more = _apart(name, emails)
        others += more
    if not name and others:
        first = others.pop(0)
        name, role = first.name, role or first.role
        emails = tuple(dict.fromkeys((*first.emails, *emails)))
        phones = tuple(dict.fromkeys((*first.phones, *phones)))
    if not (name or row.text("title") or row.text("company") or _is_firm(row)):
        name = next(iter((*emails, *phones)), "")
    if lines := row.text("other people"):
        others += map(_in_line, filter(None, lines.split("\n")))
    contacts = [Contact(name, role, emails, phones)]
    off = {*filter(None, row.text("off limits").split(BETWEEN))}
    for other in others:
        if name and person_key(other.name) == person_key(name):
            contacts[0] = _both(contacts[0], other)
        else:
            contacts.append(other)
    return tuple(
        replace(contact, blocked=True)
        if off and off & {contact.name, *contact.emails, *contact.phones}
        else contact
        for contact in contacts
        if contact != _NOBODY
    )


def _apart(name: str, emails: tuple[str, ...]) -> tuple[str, tuple[str, ...], list[Contact]]:
    """A name without an address behind it, "Ann Lee (ann@acme.example)", or the first of several, and the
    others, whose addresses may stand in the same order."""
    if name.endswith((")", ">")) and (known := _named(name)).emails:
        return known.name, tuple(dict.fromkeys((*known.emails, *emails))), []
    names = list(filter(None, map(str.strip, name.split(";"))))
    if len(names) < 2:
        return name.strip("; "), emails, []
    several = len(emails) == len(names)
    others = [Contact(one, "", emails[n : n + 1] if several else ()) for n, one in enumerate(names)]
    return names[0], others[0].emails or emails, others[1:]


def _is_firm(row: Row) -> bool:
    """Whether a column says that the row is a company among people."""
    if not (sort := row.text("sort of record")):
        return False
    row.spare("sort of record")
    return key(sort) in _FIRMS


def _name(row: Row) -> str:
    """The name, else its parts; what is called the last one may be the whole."""
    parts = first, _, last = row.text("first name"), row.text("middle name"), row.text("last name")
    if not (name := row.text("person")):
        return last if first and last.startswith(f"{first} ") else " ".join(filter(None, parts))
    if any(parts) and not {*" ".join(parts).split()} <= {*name.split()}:
        row.spare("first name", "middle name", "last name")
    return name


def _role(row: Row) -> str:
    """What somebody does there; a column Title may have Mrs. or Dr. instead."""
    role = row.text("role")
    if not role or key(role) not in _SALUTATIONS:
        return role
    row.spare("role")
    return ""


def _both(contact: Contact, other: Contact) -> Contact:
    """One person of whom two columns tell."""
    emails = {normalise_email(email): email for email in (*other.emails, *contact.emails)}
    phones = {normalise_phone(phone): phone for phone in (*other.phones, *contact.phones)}
    first = [email for email in contact.emails if emails.pop(normalise_email(email), None)]
    numbers = [phone for phone in contact.phones if phones.pop(normalise_phone(phone), None)]
    return replace(
        contact,
        role=contact.role or other.role,
        emails=(*first, *emails.values()),
        phones=(*numbers, *phones.values()),
    )


def _people(text: str) -> list[Contact]:
    """Several people in one cell: their names, or as Close has it objects of JSON."""
    if text.startswith("["):
        with suppress(ValueError, RecursionError, TypeError):
            return [_of_object(found) for found in json.loads(text) if isinstance(found, dict)]
    return [_named(name) for part in _PEOPLE.split(text) if part.strip() for name in _names(part)]


def _names(text: str) -> list[str]:
    """The names that commas part, where each is of several words: "Lee, Ann" is one."""
    parts = text.split(",")
    return parts if all(" " in part.strip() for part in parts) else [text]


def _of_object(found: dict[str, object]) -> Contact:
    """A person with lists of e-mails and phones, each a text or an object with one in it."""

    def text(name: str) -> str:
        said = found.get(name)
        return clean(said) if isinstance(said, str) else ""

    def ways(several: str, one: str) -> tuple[str, ...]:
        said = found.get(several)
        parts = [part.get(one) if isinstance(part, dict) else part for part in said if part] if (
            isinstance(said, list)
        ) else [found.get(one)]  # fmt: skip
        return tuple(dict.fromkeys(clean(part) for part in parts if isinstance(part, str) and part.strip()))

    name = text("name") or text("display_name") or f"{text('first_name')} {text('last_name')}".strip()
    return Contact(name, text("title"), ways("emails", "email"), ways("phones", "phone"))


def _in_line(text: str) -> Contact:
    """One of the other people of an item of ours: name, role, e-mails and phones, so far as there are any."""
    parts = [part.strip() for part in text.split(", ")]
    emails = tuple(part for part in parts if normalise_email(part))
    rest = [part for part in parts if part not in emails]
    phones = tuple(part for part in rest if sum(map(str.isdecimal, part)) * 2 > len(part) > 4)
    name, *roles = [part for part in rest if part not in phones] or [""]
    return Contact(name, ", ".join(roles), emails, phones)


def _named(text: str) -> Contact:
    """One of several people in a cell: a name, with the e-mail in brackets or alone."""
    found = _NAMED.fullmatch(text.strip())
    if found and normalise_email(found["email"]):
        return Contact(found["name"].strip(), "", (found["email"],))
    return Contact("", "", (text.strip(),)) if normalise_email(text) else Contact(text.strip())


def tags_of(row: Row) -> tuple[str, ...]:
    """The tags of all columns, each once, and what somebody wishes not to get."""
    if row.has_none(TAGGED):
        return ()
    parts = [part.strip(' *"') for _, text in row.all("tags") for part in _TAGS.split(text)]
    parts += [tag for field, tag in _OPTED_OUT if says_so(row.text(field))]
    if key(row.text("subscription")) in _UNSUBSCRIBED:
        parts.append("no-email")
    row.spare("subscription")
    return tuple(dict.fromkeys(filter(None, parts)))


def _emails(row: Row) -> tuple[str, ...]:
    emails: dict[str, str] = {}
    for header, text in row.all("email"):
        parts = _EMAILS.split(_MAILTO.sub(r"\1", text) if "mailto:" in text else text)
        found = [(plain, part) for part in parts if (plain := normalise_email(part))]
        for plain, part in found:
            emails.setdefault(plain, part)
        if not found:
            row.keep(header, text)
    return tuple(emails.values())


def _phones(row: Row) -> tuple[str, ...]:
    phones: dict[str, None] = {}
    for header, text in row.all("phone"):
        parts = [part.strip() for whole in _PHONES.split(text) for part in _numbers(whole)]
        found = [
            part.removeprefix("tel:").strip()
            for part in parts
            if any(map(str.isdecimal, part)) and not _SPOILT.fullmatch(part)
        ]
        phones |= dict.fromkeys(found)
        if not found:
            row.keep(header, text)
    return tuple(phones)


def _numbers(text: str) -> list[str]:
    """The numbers that a comma or a stroke parts, so far as each is a whole one."""
    parts = _OR.split(text)
    if len(parts) == 1:
        return parts
    whole = all(sum(map(str.isdecimal, part)) >= _NUMBER for part in parts)
    return parts if whole else [text]
