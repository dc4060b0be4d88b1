"""Who makes drafts of the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.exchange.activities import ActivityDrafter
from huntertui.exchange.documented import DocumentDrafter
from huntertui.exchange.drafter import Drafter
from huntertui.exchange.kinds import DOCUMENTS, Role
from huntertui.exchange.meanings import Meanings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from huntertui.exchange.headers import Layout
    from huntertui.model.pipeline import Policy


AnyDrafter = Drafter | ActivityDrafter | DocumentDrafter


def drafter_of(
    layout: Layout,
    policy: Policy,
    by: str,
    now: datetime,
    owners: Mapping[str, str],
    stages: Mapping[str, str],
) -> AnyDrafter:
    """The one for that kind of rows. `by`: who imports; `owners`, `stages`: theirs -> ours."""
    if layout.kind is DOCUMENTS:
        return DocumentDrafter(policy, by, owners, stages)
    if layout.kind.role is Role.ACTIVITY:
        return ActivityDrafter(layout, policy, by, now, owners)
    return Drafter(layout, Meanings(layout, policy, by, now, owners, stages))
