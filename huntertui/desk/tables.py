"""The names of the store's tables that the desk works with."""

from __future__ import annotations

from huntertui.store.store import Record

OPPORTUNITIES, EVENTS, PLANS, IMPORTS = "opportunities", "events", "plans", "imports"
QUEUES, VIEWS, MEMBERS, MESSAGES = "queues", "views", "members", "messages"


def private(record: Record) -> bool:
    """Whether a record is nobody's business: it says only where a member stands in his queue."""
    return bool(record.ops) and all(op.table == QUEUES for op in record.ops)


def newsworthy(record: Record) -> bool:
    """Whether colleagues are told of a record: not of how somebody looks at the items by himself."""
    return not record.ops or any(
        op.table not in (QUEUES, VIEWS) or op.new.get("everybody") for op in record.ops
    )
