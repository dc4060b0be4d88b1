"""The scorecard: what is neglected and what is kept in each discipline, by person, and by week.

It counts kept promises and neglect, not activity. Each figure carries exactly the items that it counts.
Definitions in a line each: docs/scorecard.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from huntertui.model.calendar import Calendar
from huntertui.model.pipeline import CLOSED, LANES, LOST, WON, Discipline, Policy
from huntertui.model.ranking import Row
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

PROSPECTING, FOLLOWING, CLOSING = range(len(LANES))


class Unit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    DAYS = "days"  # business days
    PART = "part"  # of what was to be done
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure: its name, the lane it belongs to, its short title, and what it counts."""

    name: str
    lane: int
    title: str
    says: str
    unit: Unit = Unit.COUNT


KINDS = (
    Kind("new_neglected", PROSPECTING, "neglected now", "prospects that are red"),
    Kind("new_oldest", PROSPECTING, "oldest", "the prospect that is red for the longest", Unit.DAYS),
    Kind("first_touches", PROSPECTING, "first touches", "prospects touched first, of the plan", Unit.PART),
    Kind("following_neglected", FOLLOWING, "neglected now", "follow-ups that are red"),
    Kind("following_oldest", FOLLOWING, "oldest", "the follow-up that is red for the longest", Unit.DAYS),
    Kind("on_time", FOLLOWING, "on time", "followed up before it was red, of all that was due", Unit.PART),
    Kind("persistence", FOLLOWING, "persistence", "touches before stopping without a no",
         Unit.PART),
    Kind("deals_neglected", CLOSING, "neglected now", "deals that are red"),
    Kind("deals_oldest", CLOSING, "oldest", "the deal that is red for the longest", Unit.DAYS),
    Kind("asks", CLOSING, "asked", "deals in which the decision was asked for, of the plan", Unit.PART),
    Kind("decisions", CLOSING, "decisions", "deals decided either way: won, or a no with its reason"),
    Kind("past_close", CLOSING, "past close", "open deals whose expected close has passed"),
    Kind("pushes", CLOSING, "pushed", "deals whose expected close was pushed out"),
    Kind("at_risk", CLOSING, "at risk", "the value of the deals that are red", Unit.MONEY),
)  # fmt: skip

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
WEEKLY = ("first_touches", "on_time", "persistence", "asks", "decisions", "pushes")
"""What happens in a week; the others hold at a moment."""


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
class Figure:
    """`value`, `of` so many where there is a plan. `ids`: the items counted; `rest`: those that are missing
    from the whole. `worth`: minor units by currency. `weeks`: the last ones, oldest first, this one last: the
    values, or percents of the whole (None: there was nothing to do)."""

    value: int = 0
    of: int | None = None
    ids: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()
    worth: Mapping[str, int] = field(default_factory=dict)
    weeks: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One person's figures by name, or the team's (`who` is TEAM). `weakest`: the lane that is neglected."""

    who: str
    figures: Mapping[str, Figure]
    weakest: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scorecard is made of.

    `rows`: the open items; `deeds`: what happened in the weeks, the oldest first; `past_close`: the ids of
    open deals whose expected close has passed; `plan`: person -> lane -> touches a day (None: all due).
    """

    rows: Sequence[Row]
    deeds: Sequence[Deed]
    past_close: Collection[int]
    plan: Callable[[str], Callable[[int], int | None]]
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
    sorter = _Sorter(facts)
    return tuple(sorter.card(who) for who in (TEAM, *people))


class _Sorter:
    """The facts, by person and by week."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        calendar = facts.policy.calendar
        self._mondays = weeks_until(facts.now, calendar)
        self._today = calendar.day(facts.now)
        self._taken = _taken(facts)
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in facts.rows:
            for who in {TEAM, row.owner}:
                self._rows[who].append(row)
        starts = [calendar.start_of(monday) for monday in self._mondays]
        self._deeds: defaultdict[str, list[list[Deed]]] = defaultdict(lambda: [[] for _ in starts])
        for deed in facts.deeds:
            week = sum(start <= deed.at for start in starts) - 1
            if week >= 0 and deed.at <= facts.now:
                for who in {TEAM, _credited(deed)}:
                    self._deeds[who][week].append(deed)

    def card(self, who: str) -> Card:
        """The figures of one person, or of the team."""
        late = self._late(who)
        figures = self._standing(late) | self._happened(who, late[FOLLOWING])
        deals = {row.id for row in self._rows[who]}
        figures["past_close"] = _count(id for id in self._facts.past_close if id in deals)
        plan = self._facts.plan(who)
        short = (figures["first_touches"], figures["on_time"], figures["asks"])
        days = [
            (plan(lane) != 0, len(late[lane]), 1 - one.value / one.of if one.of else 0.0)
            for lane, one in enumerate(short)
        ]
        return Card(who, {kind.name: figures[kind.name] for kind in KINDS}, weakest(days))

    def _late(self, who: str) -> list[list[Row]]:
        """What is neglected, by lane, the oldest first; what a person took over lately is not his yet."""
        now, policy = self._facts.now, self._facts.policy
        found: list[list[Row]] = [[] for _ in LANES]
        for row in sorted(self._rows[who], key=lambda row: (row.by, row.id)):
            spared = who != TEAM and inherited(row, self._taken.get(row.id), now, policy)
            if row.late(now.timestamp()) and not spared:
                found[row.lane].append(row)
        return found

    def _standing(self, late: list[list[Row]]) -> dict[str, Figure]:
        """The figures that hold now."""
        calendar = self._facts.policy.calendar
        figures = {}
        for lane, name in ((PROSPECTING, "new"), (FOLLOWING, "following"), (CLOSING, "deals")):
            rows = late[lane]
            figures[f"{name}_neglected"] = _count(row.id for row in rows)
            days = calendar.late_days(datetime.fromtimestamp(rows[0].by, UTC), self._facts.now) if rows else 0
            figures[f"{name}_oldest"] = Figure(days, ids=tuple(row.id for row in rows[:1]))
        worth: Counter[str] = Counter()
        for row in late[CLOSING]:
            worth[row.currency] += row.value or 0
        ids = tuple(sorted(row.id for row in late[CLOSING] if row.value))
        figures["at_risk"] = Figure(
            len(ids), ids=ids, worth={key: total for key, total in worth.items() if total}
        )
        return figures

    def _happened(self, who: str, red: Sequence[Row]) -> dict[str, Figure]:
        """The figures of this week, each with those of the weeks before."""
        last = len(self._mondays) - 1
        weeks = [
            self._week(who, week, [row.id for row in red] if week == last else ())
            for week in range(len(self._mondays))
        ]
        return {
            name: Figure(
                now.value, now.of, now.ids, now.rest, weeks=tuple(_share(one[name]) for one in weeks)
            )
            for name, now in weeks[-1].items()
        }

    def _week(self, who: str, week: int, red: Collection[int]) -> dict[str, Figure]:
        deeds = self._deeds[who][week]
        lane = {stage.name: LANES.index(stage.discipline) for stage in self._facts.policy.pipeline.stages}
        first = self._facts.policy.pipeline.first(Discipline.PROSPECTING).name
        touches = [deed for deed in deeds if deed.kind == "touch" and deed.out]
        cleared = {
            deed.id for deed in deeds
            if deed.kind == "clear" and deed.what == "touched" and lane.get(deed.stage) == FOLLOWING
        }  # fmt: skip
        missed = cleared | set(red)
        kept = {deed.id for deed in touches if lane.get(deed.stage) == FOLLOWING} - missed
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
            if end.new == WON or (end.what in NO and lane.get(end.old) == CLOSING)
        )  # fmt: skip
        asked = (deed.id for deed in touches if deed.what == Outcome.ASKED)
        return {
            "first_touches": _count(
                (d.id for d in touches if d.stage == first), self._plan(who, PROSPECTING, week)
            ),
            "on_time": Figure(len(kept), len(kept | missed), tuple(sorted(kept)), tuple(sorted(missed))),
            "persistence": Figure(
                sum(min(end.made, end.planned) for end in stopped),
                sum(end.planned for end in stopped),
                tuple(sorted(end.id for end in stopped)),
                tuple(sorted(end.id for end in stopped if end.made < end.planned)),
            ),
            "asks": _count(asked, self._plan(who, CLOSING, week)),
            "decisions": _count(decided),
            "pushes": _count(pushed),
        }

    def _plan(self, who: str, lane: int, week: int) -> int | None:
        """What was to be done until now, or in a whole week that is over."""
        a_day = self._facts.plan(who)(lane)
        if a_day is None:
            return None
        calendar, monday = self._facts.policy.calendar, self._mondays[week]
        days = (monday + timedelta(days=n) for n in range(7))
        return a_day * sum(calendar.is_working(day) for day in days if day <= self._today)


def _taken(facts: Facts) -> dict[int, datetime]:
    """When the present owner of an item took it over."""
    owner = {row.id: row.owner for row in facts.rows}
    taken: dict[int, datetime] = {}
    for deed in facts.deeds:
        if deed.kind == "owner" and deed.new == owner.get(deed.id):
            taken[deed.id] = max(deed.at, taken.get(deed.id, deed.at))
    return taken


def _credited(deed: Deed) -> str:
    """Whose card a deed stands on: a touch is credited to who made it, lateness to whose item it was."""
    return deed.owner if deed.kind == "clear" and deed.owner else deed.by


def _count(ids: Iterable[int], of: int | None = None) -> Figure:
    found = tuple(sorted(set(ids)))
    return Figure(len(found), of, found)


def _share(one: Figure) -> int | None:
    """A week's value for comparing: the percent of what was to be done, else the number."""
    if one.of is None:
        return one.value
    return round(100 * one.value / one.of) if one.of else None
