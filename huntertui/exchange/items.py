"""What is given out: an item with its document and its history, and by whom and when it was given."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from huntertui.model.codec import instant_text
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import Policy
from huntertui.records import dataclass

Doc = dict[str, Any]

ORIGIN = "huntertui"
"""The name, among the external ids, of the one that an item brought along from another huntertui."""


@dataclass(frozen=True, slots=True)
class Item:
    """`doc`: as the store has it, fields of others included. `events`: its history, the oldest first.

    `care_of`: the `uid` of the won item that it looks after, "" without one.
    """

    opportunity: Opportunity
    doc: Doc
    events: tuple[Doc, ...] = ()
    care_of: str = ""

    @property
    def uid(self) -> str:
        """See `uid_of`."""
        return uid_of(self.opportunity)


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an export as a whole. `seq`: the last change that is in it; `raw`: cells as they are,
    formulas too; `off_limits`: the list of those not to contact, where it belongs to it."""

    at: datetime
    by: str
    policy: Policy
    seq: int
    raw: bool = False
    off_limits: tuple[Doc, ...] = ()


def uid_of(o: Opportunity) -> str:
    """What tells an item again wherever it is taken: the id that it came with from another huntertui, else
    one of its number and the moment at which it was made, which never change."""
    brought = o.external_ids.get(ORIGIN)
    if brought:
        return brought[0]
    return blake2b(f"{o.id} {instant_text(o.created)}".encode(), digest_size=8).hexdigest()
