"""The team: its members, who leads, what each is able to deal with, when he works and what he means to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from functools import cached_property

from huntertui.records import dataclass


class Role(StrEnum):
    """What one may do: a lead also reassigns, coaches, sees a rep's day and acts for him."""

    REP = "rep"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Targets:
    """Touches a day in each discipline; None: all that is due; 0: the discipline is not this person's."""

    prospecting: int | None = 10
    following: int | None = None
    closing: int | None = 2

    def of(self, lane: int) -> int | None:
        """The target of a lane."""
        return (self.prospecting, self.following, self.closing)[lane]


@dataclass(frozen=True, slots=True)
class Member:
    """One who works here. `days`: his weekdays (Monday = 0), None: the team's; `left`: from that day on he
    is no member any more; `cover`: who takes what falls due while he is away, "" for anybody able."""

    name: str
    role: Role = Role.REP
    abilities: frozenset[str] = frozenset()  # casefolded
    days: frozenset[int] | None = None
    targets: Targets | None = None  # None: his own settings say
    cover: str = ""
    left: date | None = None

    def works(self, day: date) -> bool:
        """Whether that weekday is one of his; the team's days off are the calendar's to tell."""
        return self.days is None or day.weekday() in self.days


@dataclass(frozen=True)
class Team:
    """The members, by the team's policy; without any, whoever comes is one, and all decide alike.

    `enforced`: the policy is root's own, so that nobody can give himself a role.
    """

    members: tuple[Member, ...] = ()
    enforced: bool = field(default=False, compare=False)

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.members}

    @cached_property
    def abilities(self) -> frozenset[str]:
        """All that somebody is able to deal with."""
        return frozenset[str]().union(*(member.abilities for member in self.members))

    def __bool__(self) -> bool:
        return bool(self.members) or self.enforced

    def get(self, name: str) -> Member | None:
        """The member of that name, also one who has left; None when nobody was ever called so."""
        return self._by_name.get(name)

    def names(self, today: date | None = None) -> tuple[str, ...]:
        """The members' names, in the order of the file; with `today` without those who have left by then."""
        return tuple(m.name for m in self.members if today is None or m.left is None or today < m.left)

    def has(self, name: str, today: date) -> bool:
        """Whether that is a member on that day; where it is not known who is, everybody."""
        member = self.get(name)
        if member is None:
            return bool(name) and not self.members
        return member.left is None or today < member.left

    def leads(self, name: str) -> bool:
        """Whether that member leads; a name's role is its own, whatever a record says."""
        member = self.get(name)
        return member is not None and member.role is Role.LEAD

    def decides(self, name: str) -> bool:
        """Whether that member decides for others too: a lead; without a team file everybody."""
        return not self or self.leads(name)

    def needs(self, tags: Iterable[str]) -> frozenset[str]:
        """Which of an item's words (tags, country) are abilities of anybody's: what it takes to help."""
        return self.abilities & {tag.casefold() for tag in tags} if self.abilities else frozenset()

    def able(self, needs: frozenset[str], owner: str, there: Sequence[str]) -> frozenset[str]:
        """Who of those who are `there` can help with an item of `owner`'s: whoever has all that it needs;
        where nobody has, everybody. The owner himself is never asked to help."""
        others = [name for name in there if name != owner]
        matching = [name for name in others if (m := self.get(name)) is None or needs <= m.abilities]
        return frozenset(matching or others)
