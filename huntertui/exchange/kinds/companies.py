"""Files of companies."""

from __future__ import annotations

from huntertui.exchange.kinds.kind import HUBSPOT, HUBSPOT_IDS, Kind, Role
from huntertui.exchange.words import PEOPLE

KINDS = (
    Kind(
        "HubSpot companies",
        "hubspot:company",
        (
            "record id, company name",
            "company name, company owner",
            "company name, company domain name",
            "name, company domain name",
        ),
        PEOPLE | HUBSPOT_IDS | {"id": "record id, company id, hs object id", "company": "company name, name"},
        Role.COMPANY,
        tuple(link for link in HUBSPOT if link[0] != "company id"),
    ),
    Kind(
        "Pipedrive organizations",
        "pipedrive:organization",
        ("organization id, organization name", "organization name, organization owner"),
        PEOPLE
        | {
            "id": "organization id, pipedrive system id, id",
            "company": "name",
            "created": f"organization created, {PEOPLE['created']}",
        },
        Role.COMPANY,
        prefix="organization",
    ),
    Kind(
        "Zoho accounts",
        "zoho",
        ("record id, account owner, account name", "record id, account name"),
        PEOPLE | {"id": "record id, account id, id", "company": "account name"},
        Role.COMPANY,
    ),
    Kind(
        "Salesforce accounts",
        "salesforce",
        (
            "name, billing city",
            "name, billing country",
            "name, billing street",
            "is deleted, name, owner id",
            "name, account number",
            "name, annual revenue",
            "account name, billing city",
            "account name, billing state/province",
            "account id, account name, account owner",
            "account owner, account name, type",
        ),
        PEOPLE | {"id": "id, account id", "company": "name, account name"},
        Role.COMPANY,
    ),
    Kind(
        "CRM companies",
        "crm:company",
        ("name, sector", "name, website, industry", "name, website, linkedin url", "name, tax identifier"),
        PEOPLE | {"id": "id, company id", "company": "name"},
        Role.COMPANY,
    ),
)
