"""The kinds of files that other programs write, each told by headers that no other has.

A new kind is one more entry of a table here. The first that fits is taken, so what says little stands at the
end, and activities at the beginning: they may have columns of all that they belong to.
"""

from __future__ import annotations

from huntertui.exchange.kinds import activities, companies, deals, people
from huntertui.exchange.kinds.kind import CRM, Kind, Role
from huntertui.exchange.words import DEALS, PEOPLE

__all__ = ["DOCUMENTS", "KINDS", "OWN", "PLAIN", "Kind", "Role"]

_BOTH = PEOPLE | DEALS

PLAIN = Kind(
    "plain table",
    "",
    (),
    _BOTH
    | {
        "id": "id, record id",
        "name": "name",
        "heading": "title",
        "status": "status, lead status, deal status, opportunity status, opportunity state",
    },
)

CONTACTS = Kind(
    "CRM contacts",
    "crm:contact",
    ("first name, last name", "given name, family name", "first name, surname"),
    _BOTH
    | {
        "id": "id, contact id",
        "person": "full name, name, contact name",
        "sort of record": "record type, type",
        "role": "job title, title, role, position, organization title",
        "company id": "company id, organization id, account id",
        "deal id": "deal id, opportunity id",
    },
    Role.PERSON,
    CRM,
)
DOCUMENTS = Kind("huntertui export", "huntertui", ("huntertui item",), {"document": "huntertui item"})
OWN = Kind(
    "huntertui items",
    "huntertui",
    ("huntertui id, opportunity name",),
    _BOTH
    | {
        "id": "huntertui id",
        "lost remark": "lost remark",
        "other people": "other contacts",
        "off limits": "wants no contact",
        "first close": "first close date",
        "parked until": "parked until",
        "parked for": "parked for",
        "parked remark": "parked remark",
        "revisit": "revisit",
        "other columns": "other columns",
    },
)
KINDS = (DOCUMENTS, OWN, *activities.KINDS, *deals.KINDS, *people.KINDS, *companies.KINDS, CONTACTS)
