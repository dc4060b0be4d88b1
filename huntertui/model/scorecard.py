"""The scorecard: what is neglected and what is kept in each discipline, by person, and by week.

It counts kept promises and neglect, not activity. Each figure carries exactly the items that it counts.
Definitions in a line each: docs/scorecard.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from huntertui.model.calendar import Calendar
from huntertui.model.figures import CLOSING, FOLLOWING, KINDS, PROSPECTING, STEMS, Figure
from huntertui.model.pipeline import CLOSED, LANES, LOST, WON, Discipline, Policy
from huntertui.model.ranking import Row
from huntertui.model.team import Targets
from huntertui.model.touch import Outcome
from huntertui.records import dataclass

WEEKS = 5
"""This week, and the four before that it is compared with."""

TEAM = ""
"""Whose card the team's is."""

NO = frozenset({"price", "timing", "competitor", "no budget", "not interested", "do not contact"})
"""Lost reasons that are the customer's own: a decision, and no giving up."""

NEVER_ONE = frozenset({"duplicate", "disqualified"})
"""Lost reasons of what was no chance to begin with."""

AGAIN = 2
"""Own dates, parks and pushes since the last touch from which on an item counts as put off: one is a plan."""


class Deed(NamedTuple):
    """One event, as far as a scorecard counts it. `owner`: whose item it was, where that is told.

    `what`: outcome, lost reason; `stage`: where the item stood; `made`, `planned`: touches of a cadence that
    ran when it was closed.
    """

    id: int  # of the opportunity
    kind: str
    at: datetime
    by: str
    what: str = ""
    out: bool = False
    stage: str = ""
    old: str = ""
    new: str = ""
    owner: str = ""
    made: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One person's figures by name, or the team's (`who` is TEAM). `weakest`: the lane that is neglected."""

    who: str
    figures: Mapping[str, Figure]
    weakest: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scorecard is made of.

    `rows`: the open items; `deeds`: what happened in the weeks, the oldest first; `targets`: what a person
    means to do a day; `works`: whether that is a working day of his.
    """

    rows: Sequence[Row]
    deeds: Sequence[Deed]
    targets: Callable[[str], Targets]
    works: Callable[[str, date], bool]
    policy: Policy
    now: datetime


def weeks_until(now: datetime, calendar: Calendar) -> tuple[date, ...]:
    """The Mondays of the last weeks, this one's last."""
    today = calendar.day(now)
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))


def inherited(row: Row, taken: datetime | None, now: datetime, policy: Policy) -> bool:
    """Whether somebody took it over while it was red, and has not had the policy's days for it yet."""
    if taken is None or row.by > taken.timestamp():
        return False
    return now < policy.calendar.after_days(taken, policy.inherited_days)


def weakest(days: Sequence[tuple[bool, int, float]]) -> int:
    """The lane in which most is neglected; where that is equal, the one farthest from its plan.

    `days`: for each lane whether it is the person's, what is neglected, and the part of the plan not done.
    """
    return max(range(len(days)), key=lambda lane: days[lane])


def cards(people: Iterable[str], facts: Facts) -> tuple[Card, ...]:
    """The team's card, then one for each of the people."""
    people = tuple(people)
    sorter = _Sorter(facts, people)
    return tuple(sorter.card(who) for who in (TEAM, *people))


class _Sorter:
    """The facts, by person and by week."""

    def __init__(self, facts: Facts, people: tuple[str, ...]) -> None:
        self._facts = facts
        self._people = people
        calendar = facts.policy.calendar
        self._mondays = weeks_until(facts.now, calendar)
        self._today = calendar.day(facts.now)
        self._passed = _last_closed(calendar, self._today).toordinal()
        self._taken = _taken(facts)
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in facts.rows:
            self._rows[row.owner].append(row)
        self._rows[TEAM] = list(facts.rows)
        starts = [calendar.start_of(monday) for monday in self._mondays]
        self._deeds: defaultdict[str, list[list[Deed]]] = defaultdict(lambda: [[] for _ in starts])
        for deed in facts.deeds:
            week = sum(start <= deed.at for start in starts) - 1
            if week >= 0 and deed.at <= facts.now:
                for who in {TEAM, credited(deed)}:
                    self._deeds[who][week].append(deed)

    def card(self, who: str) -> Card:
        """The figures of one person, or of the team."""
        late = self._late(who)
        figures = self._standing(who, late) | self._happened(who, late[FOLLOWING])
        short = (figures["first_touches"], figures["on_time"], figures["asks"])
        days = [
            (self._aims(who, lane), len(late[lane]), 1 - one.value / one.of if one.of else 0.0)
            for lane, one in enumerate(short)
        ]
        return Card(who, {kind.name: figures[kind.name] for kind in KINDS}, weakest(days))

    def _late(self, who: str) -> list[list[Row]]:
        """What is neglected, by lane, the oldest first; what a person took over lately is not his yet."""
        at, policy = self._facts.now.timestamp(), self._facts.policy
        found: list[list[Row]] = [[] for _ in LANES]
        for row in sorted((row for row in self._rows[who] if row.late(at)), key=lambda row: (row.by, row.id)):
            if who == TEAM or not inherited(row, self._taken.get(row.id), self._facts.now, policy):
                found[row.lane].append(row)
        return found

    def _standing(self, who: str, late: list[list[Row]]) -> dict[str, Figure]:
        """The figures that hold now."""
        calendar = self._facts.policy.calendar
        figures = {}
        for lane, name in enumerate(STEMS):
            rows = late[lane]
            figures[f"{name}_neglected"] = _count(row.id for row in rows)
            days = calendar.late_days(datetime.fromtimestamp(rows[0].by, UTC), self._facts.now) if rows else 0
            figures[f"{name}_oldest"] = Figure(days, ids=tuple(row.id for row in rows[:1]))
            put_off = (row.id for row in self._rows[who] if row.put_off >= AGAIN and row.lane == lane)
            figures[f"{name}_put_off"] = _count(put_off)
        worth: Counter[str] = Counter()
        for row in late[CLOSING]:
            worth[row.currency] += row.value or 0
        ids = tuple(sorted(row.id for row in late[CLOSING] if row.value))
        figures["at_risk"] = Figure(
            len(ids), ids=ids, worth={key: total for key, total in worth.items() if total}
        )
        deals = (row for row in self._rows[who] if row.lane == CLOSING)
        figures["past_close"] = _count(row.id for row in deals if 0 < row.closes <= self._passed)
        return figures

    def _happened(self, who: str, red: Sequence[Row]) -> dict[str, Figure]:
        """The figures of this week, each with those of the weeks before."""
        last = len(self._mondays) - 1
        weeks = [
            self._week(who, week, [row.id for row in red] if week == last else ())
            for week in range(len(self._mondays))
        ]
        return {
            name: replace(now, weeks=tuple(_share(one[name]) for one in weeks))
            for name, now in weeks[-1].items()
        }

    def _week(self, who: str, week: int, red: Collection[int]) -> dict[str, Figure]:
        deeds = self._deeds[who][week]
        first = self._facts.policy.pipeline.first(Discipline.PROSPECTING).name
        touches = [deed for deed in deeds if deed.kind == "touch" and deed.out]
        clears = [deed for deed in deeds if deed.kind == "clear"]
        worked = [deed for deed in clears if deed.what == "touched"]
        missed = {deed.id for deed in worked if self._lane(deed.stage) == FOLLOWING} | set(red)
        kept = {deed.id for deed in touches if self._lane(deed.stage) == FOLLOWING} - missed
        ends = {
            deed.id: deed for deed in deeds if deed.kind == "stage" and deed.new in CLOSED
        }  # the last one
        stopped = [
            end for end in ends.values()
            if end.new == LOST and end.planned and end.what not in NO and end.what not in NEVER_ONE
        ]  # fmt: skip
        pushed = (deed.id for deed in deeds if deed.kind == "close" and deed.old and deed.new > deed.old)
        decided = (
            id for id, end in ends.items()
            if end.new == WON or (end.what in NO and self._lane(end.old) == CLOSING)
        )  # fmt: skip
        asked = (deed.id for deed in touches if deed.what == Outcome.ASKED)
        return {
            "first_touches": _count(
                (d.id for d in touches if d.stage == first), self._plan(who, PROSPECTING, week)
            ),
            "on_time": _part(kept, missed),
            "persistence": Figure(
                sum(min(end.made, end.planned) for end in stopped),
                sum(end.planned for end in stopped),
                tuple(sorted(end.id for end in stopped)),
                tuple(sorted(end.id for end in stopped if end.made < end.planned)),
            ),
            "asks": _count(asked, self._plan(who, CLOSING, week)),
            "decisions": _count(decided),
            "pushes": _count(pushed),
        } | {f"{stem}_worked_off": self._worked_off(lane, worked, clears) for lane, stem in enumerate(STEMS)}

    def _worked_off(self, lane: int, worked: Iterable[Deed], clears: Iterable[Deed]) -> Figure:
        """What was red and is so no more by a touch; missing from it: what was cleared otherwise too."""
        here = {deed.id for deed in clears if self._lane(deed.stage) == lane and deed.what != "touched"}
        return _part({deed.id for deed in worked if self._lane(deed.stage) == lane} - here, here)

    def _lane(self, stage: str) -> int | None:
        """The lane of a stage, also of one that the pipeline has no more; None where none is told."""
        if not stage:
            return None
        return PROSPECTING if stage in CLOSED else LANES.index(self._facts.policy.pipeline[stage].discipline)

    def _aims(self, who: str, lane: int) -> bool:
        """Whether a lane is that person's."""
        return who == TEAM or self._facts.targets(who).of(lane) != 0

    def _plan(self, who: str, lane: int, week: int) -> int | None:
        """What was to be done until now, or in a whole week that is over; None: all that was due."""
        monday = self._mondays[week]
        days = [day for day in (monday + timedelta(days=n) for n in range(7)) if day <= self._today]
        total = 0
        for person in self._people if who == TEAM else (who,):
            worked = sum(self._facts.works(person, day) for day in days)
            a_day = self._facts.targets(person).of(lane)
            if a_day is None and worked:
                return None
            total += worked * (a_day or 0)
        return total


def _last_closed(calendar: Calendar, today: date) -> date:
    """The last day on which a close that was expected then has passed: a day off stands for the next one."""
    day = today - timedelta(days=1)
    while calendar.roll(day) >= today:
        day -= timedelta(days=1)
    return day


def _taken(facts: Facts) -> dict[int, datetime]:
    """When the present owner of an item took it over."""
    owner = {row.id: row.owner for row in facts.rows}
    taken: dict[int, datetime] = {}
    for deed in facts.deeds:
        if deed.kind == "owner" and deed.new == owner.get(deed.id):
            taken[deed.id] = max(deed.at, taken.get(deed.id, deed.at))
    return taken


def credited(deed: Deed) -> str:
    """Whose card a deed stands on: a touch is credited to who made it, lateness to whose item it was."""
    return deed.owner if deed.kind == "clear" and deed.owner else deed.by


def _count(ids: Iterable[int], of: int | None = None) -> Figure:
    found = tuple(sorted(set(ids)))
    return Figure(len(found), of, found)


def _part(done: Collection[int], missing: Collection[int]) -> Figure:
    """So many done of all."""
    ids, rest = tuple(sorted(done)), tuple(sorted(missing))
    return Figure(len(ids), len(ids) + len(rest), ids, rest)


def _share(one: Figure) -> int | None:
    """A week's value for comparing: the percent of what was to be done, else the number."""
    if one.of is None:
        return one.value
    return round(100 * one.value / one.of) if one.of else None
