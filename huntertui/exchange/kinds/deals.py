"""Files of deals."""

from __future__ import annotations

from huntertui.exchange.kinds.kind import (
    CLOSE,
    CRM,
    CRM_IDS,
    HUBSPOT,
    HUBSPOT_IDS,
    PIPEDRIVE,
    SALESFORCE,
    ZOHO,
    Kind,
)
from huntertui.exchange.words import DEALS, PEOPLE

_BOTH = PEOPLE | DEALS

KINDS = (
    Kind(
        "Zoho deals",
        "zoho",
        ("potential name, stage", "potential name, potential owner", "deal name, closing date"),
        _BOTH
        | {
            "id": "record id, deal id, potential id, id",
            "company id": "account name id",
            "person id": "contact name id",
        },
        links=ZOHO,
    ),
    Kind(
        "HubSpot deals",
        "hubspot:deal",
        (
            "record id, deal name",
            "deal name, deal stage, pipeline",
            "deal name, deal stage, deal owner",
        ),
        _BOTH | HUBSPOT_IDS | {"id": "record id, deal id, hs object id"},
        links=HUBSPOT,
    ),
    Kind(
        "Pipedrive deals",
        "pipedrive:deal",
        (
            "deal title, deal stage",
            "deal title, deal status",
            "deal title, deal value",
            "deal title, deal id",
            "deal title, deal owner",
            "deal title, deal organization",
            "title, organization, contact person, value",
            "title, organization, contact person, stage",
        ),
        _BOTH
        | {
            "id": "deal id, pipedrive system id, id",
            "title": "title",
            "status": "status",
            "created": "deal created, add time, creation date",
            "closed on": "won time, lost time, deal closed on",
            "company": "organization, organization name, organisation, organisation name",
            "person": "contact person, person name",
            "first name": "person first name",
            "last name": "person last name",
            "email": "person email, person email work, person email home, person email other, email",
            "phone": "person phone, person phone work, person phone mobile, person phone home, "
            "person phone other, phone",
            "stage": "stage, stage pipeline",
            "next step": "activity subject, next activity subject",
            "next date": "activity due date, next activity date",
            "next type": "activity type, next activity type",
            "person id": "person id, contact person id",
            "company id": "organization id",
        },
        links=PIPEDRIVE,
        prefix="deal",
    ),
    Kind(
        "Salesforce opportunities",
        "salesforce",
        (
            "stage name, close date",
            "opportunity name, opportunity owner",
            "opportunity name, account name, stage",
            "opportunity id, opportunity name",
        ),
        _BOTH
        | {
            "id": "id, opportunity id",
            "title": "name, opportunity name",
            "status": "status, opportunity status",
            "closed": "is closed, closed",
            "won": "is won, won",
            "company id": "account id",
            "person id": "contact id, primary contact id",
        },
        links=SALESFORCE,
    ),
    Kind(
        "Close opportunities",
        "close",
        ("lead id, status type", "lead id, lead name, status label", "opportunity status, opportunity value"),
        _BOTH
        | {
            "id": "id, opportunity id",
            "company": "lead name, lead display name, display name",
            "person": "contact name, primary contact name",
            "value": f"value formatted, {DEALS['value']}",  # the other one is in cents in its JSON
            "stage": "status label, opportunity status, opportunity status label, status",
            "status": "status type, opportunity status type",
            "company id": "lead id",
            "person id": "contact id",
        },
        links=CLOSE,
    ),
    Kind(
        "Streak boxes",
        "streak",
        (
            "name, stage, assigned to, notes",
            "box key, stage",
            "name, stage, date of last email",
            "name, stage, last email from",
            "name, stage, freshness",
        ),
        _BOTH
        | {
            "id": "box key, box id, key",
            "title": "name, box name",
            "company": "organizations, organization, company",
            "people": "contacts, people",
        },
    ),
    Kind(
        "CRM deals",
        "crm:deal",
        (
            "name, stage, company id",
            "name, stage, contact ids",
            "name, stage, amount, company",
            "deal id, deal name",
        ),
        _BOTH
        | CRM_IDS
        | {"id": "id, deal id", "title": f"name, {DEALS['title']}", "deal id": "opportunity id"},
        links=CRM,
        prefix="deal",
    ),
)
