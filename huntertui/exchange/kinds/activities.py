"""Files of activities: calls, meetings, messages, tasks and notes."""

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
    Role,
)
from huntertui.exchange.words import ACTIVITIES


def _hubspot_activity(what: str, *signs: str) -> Kind:
    return Kind(
        f"HubSpot {what}s",
        f"hubspot:{what}",
        signs,
        ACTIVITIES | HUBSPOT_IDS,
        Role.ACTIVITY,
        HUBSPOT,
        what=what,
    )


KINDS = (
    Kind(
        "Pipedrive activities",
        "pipedrive:activity",
        (
            "activity id, activity subject",
            "activity subject, activity type",
            "activity subject, activity done",
        ),
        ACTIVITIES
        | {
            "id": "activity id, id",
            "deal id": "deal id, activity deal id",
            "person id": "person id, activity person id",
            "company id": "organization id, activity organization id",
        },
        Role.ACTIVITY,
        PIPEDRIVE,
        "activity",
    ),
    Kind(
        "Salesforce tasks",
        "salesforce",
        (
            "who id, subject",
            "what id, subject",
            "subject, assigned, company account",
            "subject, assigned, due date",
        ),
        ACTIVITIES
        | {
            "deal id": "what id, opportunity id",
            "person id": "who id, contact id, lead id",
            "company id": "account id",
            "what": "task subtype, type, task type, event subtype",
            "outcome": "call disposition, call result",
            "duration": "call duration in seconds",
        },
        Role.ACTIVITY,
        SALESFORCE,
    ),
    Kind(
        "Zoho activities",
        "zoho",
        (
            "task owner, subject",
            "call owner, call type",
            "call owner, call start time",
            "host, from, to, title",
        ),
        ACTIVITIES
        | {
            "deal id": "related to id, what id",
            "person id": "contact name id, who id",
            "what": "activity type, call purpose",
        },
        Role.ACTIVITY,
        ZOHO,
    ),
    _hubspot_activity(
        "call", "record id, call outcome", "record id, call title", "call title, activity date"
    ),
    _hubspot_activity("meeting", "record id, meeting outcome", "record id, meeting start time"),
    _hubspot_activity("task", "record id, task title", "record id, task status", "record id, task type"),
    _hubspot_activity("email", "record id, email subject", "record id, email direction"),
    _hubspot_activity("note", "record id, note body", "record id, body preview", "note body, activity date"),
    _hubspot_activity(
        "engagement", "activity type, activity date, associated contact ids", "engagement type"
    ),
    Kind(
        "Close activities",
        "close",
        (
            "lead id, direction, duration",
            "lead id, activity at",
            "type, lead id, contact id",
            "lead id, due date, text",
        ),
        ACTIVITIES | {"company id": "lead id", "person id": "contact id", "deal id": "opportunity id"},
        Role.ACTIVITY,
        CLOSE,
    ),
    Kind(
        "CRM activities",
        "crm:activity",
        (
            "contact id, text",
            "deal id, text",
            "deal id, date, type",
            "contact id, date, type",
            "contact id, subject",
            "deal id, subject",
            "subject, due date, status",
            "subject, due date, type",
            "subject, marked as done time",
            "subject, type, date, contact",
            "subject, type, date, company",
            "activity type, activity date",
        ),
        ACTIVITIES | CRM_IDS,
        Role.ACTIVITY,
        CRM,
    ),
)
