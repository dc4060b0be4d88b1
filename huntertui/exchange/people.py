"""The person of a row, and its tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huntertui.model.opportunity import Contact
from huntertui.model.text import normalise_email

if TYPE_CHECKING:
    from huntertui.exchange.rows import Row

# Several values in one cell: " ::: " is Google's way. A comma may stand inside a phone's remark.
_TAGS = re.compile(r" ::: |[;,]")
_PHONES = re.compile(r" ::: |;")
_PEOPLE = re.compile(r" ::: |;|(?<=[>)]),|(?<=\w),(?= ?[^@, ]+@)")  # "Lee, Ann" is one
_NAMED = re.compile(r"(?P<name>[^<>()]*)[<(](?P<email>[^<>() ]+)[>)]")  # "Ann Lee (ann@acme.example)"
_EMAILS = re.compile(r"[;,:\s<>]+")

_PERSON = frozenset(
    {"person", "first name", "middle name", "last name", "role", "email", "phone", "people", "other people"}
)


def contacts_of(row: Row) -> tuple[Contact, ...]:
    """The people. The first has the row's role, e-mails and phones; whom nothing else names goes by these."""
    if row.has_none(_PERSON):
        return ()
    name = row.text("person")
    parts = [row.text("first name"), row.text("middle name"), row.text("last name")]
    if name and not {*" ".join(parts).split()} <= {*name.split()}:
        row.spare("first name", "middle name", "last name")
    name = name or " ".join(filter(None, parts))
    role, emails, phones = row.text("role"), _emails(row), _phones(row)
    others = [_named(part) for part in _PEOPLE.split(row.text("people")) if part.strip()]
    if not name and others:
        first = others.pop(0)
        name, emails = first.name, tuple(dict.fromkeys((*first.emails, *emails)))
    if not (name or row.text("title") or row.text("company")):
        name = next(iter((*emails, *phones)), "")
    others += map(_in_line, filter(None, row.text("other people").split("\n")))
    if name or role or emails or phones:
        others.insert(0, Contact(name, role, emails, phones))
    return tuple(other for other in others if other != Contact())


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
    """The tags of all columns, each once."""
    if "tags" not in row:
        return ()
    parts = (part.strip(" *") for _, text in row.all("tags") for part in _TAGS.split(text))
    return tuple(dict.fromkeys(filter(None, parts)))


def _emails(row: Row) -> tuple[str, ...]:
    emails: dict[str, str] = {}
    for header, text in row.all("email"):
        found = [part for part in _EMAILS.split(text) if normalise_email(part)]
        for part in found:
            emails.setdefault(normalise_email(part), part)
        if not found:
            row.keep(header, text)
    return tuple(emails.values())


def _phones(row: Row) -> tuple[str, ...]:
    phones: dict[str, None] = {}
    for header, text in row.all("phone"):
        found = [part.strip() for part in _PHONES.split(text) if any(map(str.isdecimal, part))]
        phones |= dict.fromkeys(found)
        if not found:
            row.keep(header, text)
    return tuple(phones)
