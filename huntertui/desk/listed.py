"""The team's list of those who want no contact: its table, and how it names people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.model.text import normalise_email, normalise_phone

if TYPE_CHECKING:
    from huntertui.model.opportunity import Contact

OFF_LIMITS = "do_not_contact"


def ways_to(contact: Contact) -> set[tuple[str, str]]:
    """How one can reach a person, as the list has it: (kind, value). Struck numbers too."""
    ways = {("email", normalise_email(email)) for email in contact.emails}
    ways |= {("phone", normalise_phone(phone)) for phone in (*contact.phones, *contact.struck)}
    return {(kind, value) for kind, value in ways if value}
