"""Files of people: leads, contacts, and what address books export."""

from __future__ import annotations

from huntertui.exchange.kinds.kind import CLOSE, HUBSPOT, HUBSPOT_IDS, PIPEDRIVE, SALESFORCE, ZOHO, Kind, Role
from huntertui.exchange.words import PEOPLE

KINDS = (
    Kind(
        "Zoho leads",
        "zoho",
        ("record id, lead owner", "lead owner, company, lead status", "lead owner, company, lead source"),
        PEOPLE | {"id": "record id, lead id, id", "status": "lead status", "role": "title"},
        Role.PERSON,
    ),
    Kind(
        "Zoho contacts",
        "zoho",
        (
            "record id, contact owner, account name",
            "contact owner, account name id",
            "contact owner, vendor name",
        ),
        PEOPLE | {"id": "record id, contact id, id", "role": "title", "company id": "account name id"},
        Role.PERSON,
        ZOHO,
    ),
    Kind(
        "HubSpot contacts",
        "hubspot:contact",
        (
            "record id, first name",
            "record id, lifecycle stage, email",
            "first name, last name, lifecycle stage",
            "first name, last name, lead status, contact owner",
            "contact id, lifecycle stage",
        ),
        PEOPLE
        | HUBSPOT_IDS
        | {
            "id": "record id, contact id, hs object id",
            "role": f"{PEOPLE['role']}, title",
            "status": "lead status",
            "priority": "priority",
        },
        Role.PERSON,
        HUBSPOT,
    ),
    Kind(
        "Pipedrive people",
        "pipedrive:person",
        ("person name", "person first name, person last name"),
        PEOPLE
        | {
            "id": "person id, pipedrive system id, id",
            "person": "name",
            "created": f"person created, {PEOPLE['created']}",
            "company": "organization, organization name, organisation, organisation name",
            "next step": "activity subject, next activity subject",
            "next date": "activity due date, next activity date",
            "next type": "activity type",
            "company id": "organization id",
        },
        Role.PERSON,
        PIPEDRIVE,
        "person",
    ),
    Kind(
        "Salesforce leads",
        "salesforce",
        (
            "lead owner, company account",
            "lead id, company account",
            "last name, company, lead source, status",
            "last name, company, is converted",
            "first name, last name, company account",
            "lead owner, lead status",
        ),
        PEOPLE | {"id": "id, lead id", "person": "name", "role": "title", "status": "status, lead status"},
        Role.PERSON,
    ),
    Kind(
        "Salesforce contacts",
        "salesforce",
        (
            "last name, account id",
            "last name, account name",
            "last name, mailing city",
            "last name, mailing street",
            "contact id, account name",
        ),
        PEOPLE
        | {"id": "id, contact id", "person": "name, full name", "role": "title", "company id": "account id"},
        Role.PERSON,
        SALESFORCE,
    ),
    Kind(
        "Close leads",
        "close",
        (
            "display name, status label",
            "lead name, status label, primary contact name",
            "display name, primary contact name",
        ),
        PEOPLE
        | {
            "id": "id, lead id",
            "company": "display name, lead name",
            "status": "status label",
            "next step": "next task text",
            "next date": "next task date",
        },
        Role.COMPANY,  # with its people; what there is to win are its opportunities
    ),
    Kind(
        "Close contacts",
        "close",
        ("lead id, primary email", "lead id, primary phone"),
        PEOPLE
        | {
            "id": "id, contact id",
            "company": "lead name, lead display name",
            "person": "name, display name",
            "role": "title",
            "company id": "lead id",
        },
        Role.PERSON,
        CLOSE,
    ),
    Kind(
        "Close import",
        "",
        ("company, contact, url, status", "company, contact, mobile phone, address 1"),
        PEOPLE | {"role": "title", "status": "status"},
        Role.PERSON,
    ),
    Kind(
        "LinkedIn connections",
        "",
        ("first name, last name, connected on", "company, position, connected on"),
        PEOPLE,
        Role.PERSON,
    ),
    Kind("vCard", "vcard", ("vcard uid, full name",), PEOPLE | {"id": "vcard uid"}, Role.PERSON),
    Kind(
        "Google contacts",
        "",
        (
            "given name, family name, group membership",
            "given name, family name, yomi name",
            "first name, last name, phonetic first name",
            "first name, last name, file as, labels",
            "email 1 value, labels",
            "email 1 value, group membership",
        ),
        PEOPLE | {"person": "name"},
        Role.PERSON,
    ),
    Kind(
        "Outlook contacts",
        "",
        (
            "first name, last name, email address, business phone",
            "first name, last name, email 2 address",
            "first name, last name, business phone, web page",
        ),
        PEOPLE | {"company": "company, company name", "priority": "priority"},
        Role.PERSON,
    ),
)
