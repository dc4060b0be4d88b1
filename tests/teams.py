"""A team of four, of whom lea leads, and their desks over one store."""

from __future__ import annotations

from dataclasses import replace

from desks import Clock

from huntertui.desk import Desk
from huntertui.model.pipeline import Policy
from huntertui.model.team import Member, Role, Team
from huntertui.store import Store

ABLE = frozenset({"de"})
TEAM = Team(
    (Member("ana"), Member("ben", cover="cat"), Member("cat", abilities=ABLE), Member("lea", Role.LEAD))
)
POLICY = replace(Policy(), team=TEAM)


def at(store: Store, who: str, clock: Clock, policy: Policy = POLICY) -> Desk:
    """A loaded desk of a member."""
    desk = Desk(store, policy, who, clock)
    desk.load()
    return desk


def shown(desk: Desk) -> set[int]:
    """All that the desk's lanes show."""
    desk.follow()
    now = desk.now().timestamp()
    return {row.id for lane in range(3) for row in desk.book.lane(lane, now)}
