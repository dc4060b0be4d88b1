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
_EMAILS = re.compile(r"[;,:\s<>]+")


def contact_of(row: Row) -> Contact | None:
    """The person, None without any. One whom nothing else names goes by e-mail or phone."""
    name, first, last = row.text("person"), row.text("first name"), row.text("last name")
    if name and not {*first.split(), *last.split()} <= {*name.split()}:
        row.spare("first name", "last name")
    name = name or f"{first} {last}".strip()
    role, emails, phones = row.text("role"), _emails(row), _phones(row)
    if not (name or row.text("title") or row.text("company")):
        name = next(iter((*emails, *phones)), "")
    if not (name or role or emails or phones):
        return None
    return Contact(name, role, emails, phones)


def tags_of(row: Row) -> tuple[str, ...]:
    """The tags of all columns, each once."""
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
