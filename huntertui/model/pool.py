"""The open pool: which items of whom are open to others on a day, to whom, and why.

Nothing of it is ever written: who is away, whose lease has run out and what has fallen due is computed when
somebody looks. A pool is that of one day; during it only moments pass (see `Pool.opens`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from huntertui.model.calendar import Calendar
from huntertui.model.opportunity import Opportunity
from huntertui.model.owed import Owed
from huntertui.model.pipeline import Policy
from huntertui.model.ranking import NEVER, Mark, Row
from huntertui.records import dataclass


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away from `since` on, and back on `until`. `by`: who said so."""

    since: date
    until: date
    by: str = ""
    why: str = ""

    def on(self, day: date) -> bool:
        """Whether he is away that day."""
        return self.since <= day < self.until


class Pool:
    """What is open to whom on one day."""

    def __init__(self, policy: Policy, absences: Mapping[str, Absence], day: date) -> None:
        self._team = policy.team
        self._calendar = policy.calendar
        self._day = day
        names = policy.team.names(day)
        self.absences = {name: absence for name, absence in absences.items() if absence.on(day)}
        off = {name for name in names if not self._works(name)}
        self.away = frozenset(self.absences) | off
        self.there = tuple(name for name in names if name not in self.away)
        self._able: dict[tuple[str, str, str], frozenset[str]] = {}

    @property
    def key(self) -> object:
        """What makes a pool another one: as long as it is the same, only moments pass."""
        return self.there, self.away

    def _works(self, name: str) -> bool:
        member = self._team.get(name)
        return member is None or not self._calendar.is_working(self._day) or member.works(self._day)

    def gone(self, owner: str) -> bool:
        """Whether nobody has it: it has no owner, or one who is no member (any more)."""
        return not owner or not self._team.has(owner, self._day)

    def cover(self, owner: str) -> str:
        """Who covers for one who is away: "" where that is for anybody able, or where he is away too."""
        member = self._team.get(owner)
        return member.cover if member and owner in self.away and member.cover in self.there else ""

    def open_from(self, row: Row) -> float:
        """From when others may take it, whoever they are; NEVER: they may not."""
        if self.gone(row.owner):
            return row.shown
        opens = row.opens
        if row.owner in self.away and row.by < NEVER and Mark.TRIAGE not in row.marks:
            opens = min(opens, max(self._begin(row.by), row.lease))
        return max(row.shown, opens)

    def opens(self, row: Row, me: str) -> float:
        """From when my lanes show a row that is not mine; NEVER: it is for others to help with."""
        opens = self.open_from(row)
        if opens >= NEVER or self._is_for(row, me):
            return opens
        return NEVER

    def _is_for(self, row: Row, me: str) -> bool:
        """Whether I am one to help: the cover, or able to, or leading; without a team file everybody is."""
        if not self._team.members or self._team.leads(me):
            return True
        if cover := self.cover(row.owner):
            return me == cover
        key = (row.tags, row.country, row.owner)
        if key not in self._able:
            needs = self._team.needs((*row.tags.split(", "), row.country))
            self._able[key] = self._team.able(needs, row.owner, self.there)
        if me in self._able[key]:
            return True
        member = self._team.get(me)  # who is away and works nevertheless sees what he could help with
        needed = self._team.needs((*row.tags.split(", "), row.country))
        return me not in self.there and member is not None and needed <= member.abilities

    def _begin(self, by: float) -> float:
        """The beginning of the day on which something falls due, so that a promise can still be kept."""
        try:
            due = datetime.fromtimestamp(by, UTC)
        except (OverflowError, ValueError):
            return NEVER
        return self._calendar.start_of(self._calendar.last_day(due)).timestamp()


def passes(o: Opportunity, due: Owed | None, pool: Pool, policy: Policy, now: datetime) -> bool:
    """Whether who takes it becomes its owner: it is nobody's, its owner is away, or he has neglected it for
    the second time within 30 days after a colleague had helped with it."""
    if pool.gone(o.owner) or o.owner in pool.absences:
        return True
    if o.helped is None or due is None or due.by <= o.helped:
        return False
    return (policy.calendar.day(now) - policy.calendar.day(o.helped)).days <= policy.again_days


def why_open(o: Opportunity, row: Row, pool: Pool, calendar: Calendar, now: datetime) -> str:
    """Why others may take it now, in words; "" when they may not."""
    today = calendar.day(now)
    if not o.owner:
        since = calendar.describe_instant(o.unowned_since or o.created, today)
        return f"nobody's since {since}"
    if pool.gone(o.owner):
        return f"{o.owner} is no member any more"
    if pool.open_from(row) > now.timestamp():
        return ""
    if absence := pool.absences.get(o.owner):
        cover = pool.cover(o.owner)
        until = calendar.describe_day(absence.until, today)
        return f"{o.owner} is away until {until}" + (f", {cover} covers" if cover else "")
    if o.owner in pool.away and row.opens > now.timestamp():
        return f"{o.owner} does not work today"
    since = calendar.describe_instant(datetime.fromtimestamp(row.by, UTC), today)
    if row.promise:
        return f"{o.owner}'s promise is broken since {since}"
    return f"{o.owner} has left it red since {since}"
