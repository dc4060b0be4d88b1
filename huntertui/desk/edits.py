"""Editing one field of a record from its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from huntertui.errors import Usage
from huntertui.model.acts import settled
from huntertui.model.entry import LONGEST, read_money
from huntertui.model.money import written
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.text import Unclear, clean, did_you_mean

_PLAIN = ("name", "company", "country")
FIELDS = (*_PLAIN, "contact", "role", "email", "phone", "value", "tags", "notes")


def shown(o: Opportunity, field: str) -> str:
    """The text of a field, as `edited` reads it."""
    first = o.contacts[0] if o.contacts else Contact()
    texts: dict[str, Callable[[], str]] = {
        "contact": lambda: first.name,
        "role": lambda: first.role,
        "email": lambda: ", ".join(first.emails),
        "phone": lambda: ", ".join(first.phones),
        "value": lambda: "" if o.value is None else written(o.value, o.currency, grouped=False),
        "tags": lambda: ", ".join(o.tags),
    }
    return texts[field]() if field in texts else str(getattr(o, field))


def edited(o: Opportunity, field: str, text: str, policy: Policy, now: datetime) -> Opportunity:
    """The record with one field set; an edit is no work, so it clears nothing.

    Usage for an unknown field, Unclear for a value that the field does not take.
    """
    return settled(o, _set(o, field, clean(text, lines=field == "notes").strip(), policy), policy, now)


def _set(o: Opportunity, field: str, text: str, policy: Policy) -> Opportunity:
    if len(text) > LONGEST and field != "notes":
        raise Unclear(f"more than {LONGEST:,} characters are no {field}")
    if field in (*_PLAIN, "notes"):
        plain: dict[str, Any] = {field: text}
        return replace(o, **plain)
    if field == "value":
        value, currency = read_money(text, o.currency or policy.currency) if text else (None, "")
        return replace(o, value=value, currency=currency or o.currency or policy.currency)
    if field == "tags":
        return replace(o, tags=_parts(text))
    first, rest = (o.contacts[0], o.contacts[1:]) if o.contacts else (Contact(), ())
    if field == "contact":
        first = replace(first, name=text)
    elif field == "role":
        first = replace(first, role=text)
    elif field == "email":
        first = replace(first, emails=_emails(text))
    elif field == "phone":
        first = replace(first, phones=_parts(text))
    else:
        raise Usage(f"no field {field!r}: {did_you_mean(field, FIELDS, ', '.join(FIELDS))}")
    return replace(o, contacts=(first, *rest))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _emails(text: str) -> tuple[str, ...]:
    emails = _parts(text)
    for email in emails:
        if email.count("@") != 1 or " " in email or email[0] == "@" or email[-1] == "@":
            raise Unclear(f"{email!r} is no e-mail address")
    return emails
