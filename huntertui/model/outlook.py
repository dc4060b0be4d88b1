"""The pipeline's truth: what is to come in, by month, owner and currency, and what the past says of it.

Sums of different currencies are never mixed. Definitions in a line each: docs/scorecard.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import mean, median

from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, WON, Discipline, Policy
from huntertui.model.ranking import Row
from huntertui.model.scorecard import NEVER_ONE
from huntertui.records import dataclass

ENOUGH = 20
"""Won deals from which on the team's own days in a stage are told; below it, the limits of its stages."""

PAST = 180
"""Calendar days that win rate, velocity and slippage look back."""

OVERDUE, UNDATED = "overdue", "no date"
"""What stands in a month's place when the expected close has passed, or there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is expected in one month ("2026-12", OVERDUE, UNDATED) by one owner in one currency.

    `total`, `weighted`: minor units; weighted by the chance of each deal's stage.
    """

    month: str
    owner: str
    currency: str
    ids: tuple[int, ...]
    total: int
    weighted: int


@dataclass(frozen=True, slots=True)
class Pace:
    """What the last 180 days say of one currency. `won`, `lost`: the ids of deals decided; `average`: minor
    units of a won deal; `cycle`: median calendar days from creation to won; `velocity`: minor units a day,
    by deals that are open x win rate x average / cycle. None where nothing was won."""

    currency: str
    won: tuple[int, ...]
    lost: tuple[int, ...]
    average: int | None
    cycle: int | None
    velocity: int | None

    @property
    def rate(self) -> float | None:
        """Won of decided, 0 to 1."""
        decided = len(self.won) + len(self.lost)
        return len(self.won) / decided if decided else None


@dataclass(frozen=True, slots=True)
class Stay:
    """How long deals stand in a stage. `usual`: business days, the median of the team's own won deals, or the
    stage's limit where there are too few (`own` is False then); `longer`: the open ones that have stood
    longer, `days`: id -> how long."""

    stage: str
    usual: int
    own: bool
    days: Mapping[int, int]

    @property
    def longer(self) -> tuple[int, ...]:
        """Those which stand longer than is usual."""
        return tuple(sorted(id for id, days in self.days.items() if days > self.usual))


@dataclass(frozen=True, slots=True)
class Outlook:
    """All of it. `slipped`: open deals that were pushed out; `slippage`: the mean of their calendar days."""

    parts: tuple[Part, ...]
    paces: tuple[Pace, ...]
    stays: tuple[Stay, ...]
    slipped: tuple[int, ...]
    slippage: int


def outlook(
    rows: Iterable[Row],
    closed: Iterable[Opportunity],
    entered: Mapping[int, date],
    stood: Mapping[str, Sequence[int]],
    policy: Policy,
    today: date,
) -> Outlook:
    """What can be said of the open items and those that are closed.

    `entered`: id -> the day on which an open deal came to its stage; `stood`: stage -> the business days that
    each of the team's won deals stood there.
    """
    rows = [row for row in rows if row.stage not in CLOSED]  # what is lost and comes back is not open yet
    deals = [row for row in rows if is_deal(row.stage, policy)]
    slipped = {row.id: row.slipped for row in rows if row.slipped}
    return Outlook(
        tuple(_parts(rows, policy, today)),
        tuple(_paces(deals, closed, policy, today)),
        tuple(_stays(deals, entered, stood, policy, today)),
        tuple(sorted(slipped)),
        round(mean(slipped.values())) if slipped else 0,
    )


def is_deal(stage: str, policy: Policy) -> bool:
    """Whether what stands there is a deal."""
    return policy.pipeline[stage].discipline is Discipline.CLOSING


def month_of(row: Row, policy: Policy, today: date) -> str:
    """The month in which it is expected to close."""
    if not row.closes:
        return UNDATED
    day = date.fromordinal(row.closes)
    return OVERDUE if policy.calendar.roll(day) < today else f"{day:%Y-%m}"


def _parts(rows: Iterable[Row], policy: Policy, today: date) -> Iterable[Part]:
    found: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    months: dict[int, str] = {}
    for row in rows:
        if row.value:
            month = months.get(row.closes) or months.setdefault(row.closes, month_of(row, policy, today))
            found[month, row.owner, row.currency or policy.currency].append(row)
    for (month, owner, currency), those in sorted(found.items(), key=lambda one: _order(*one[0])):
        weighted = sum((row.value or 0) * policy.pipeline[row.stage].probability for row in those)
        ids = tuple(sorted(row.id for row in those))
        yield Part(month, owner, currency, ids, sum(row.value or 0 for row in those), round(weighted / 100))


def _order(month: str, owner: str, currency: str) -> tuple[int, str, str, str]:
    """What is overdue first, then by month, what has no date last."""
    return (month != OVERDUE) + (month == UNDATED), month, currency, owner


def _paces(
    deals: Iterable[Row], closed: Iterable[Opportunity], policy: Policy, today: date
) -> Iterable[Pace]:
    """What is lost before it was a deal was no decision on one."""
    since = today - timedelta(days=PAST)
    won: defaultdict[str, list[Opportunity]] = defaultdict(list)
    lost: defaultdict[str, list[int]] = defaultdict(list)
    still = Counter(row.currency or policy.currency for row in deals)
    for o in closed:
        currency = o.currency or policy.currency
        if o.closed_on is None or o.closed_on < since:
            continue
        if o.stage == WON:
            won[currency].append(o)
        elif o.lost_reason not in NEVER_ONE and is_deal(o.closed_from, policy):
            lost[currency].append(o.id)
    for currency in sorted({*won, *lost}):
        those = won[currency]
        values = [o.value for o in those if o.value]
        average = round(mean(values)) if values else None
        days = [(o.closed_on - policy.calendar.day(o.created)).days for o in those if o.closed_on]
        cycle = max(round(median(days)), 1) if days else None
        pace = Pace(
            currency, tuple(sorted(o.id for o in those)), tuple(sorted(lost[currency])), average, cycle, None
        )
        if average is not None and cycle is not None and pace.rate is not None:
            a_day = round(still[currency] * pace.rate * average / cycle)
            pace = Pace(currency, pace.won, pace.lost, average, cycle, a_day)
        yield pace


def _stays(
    deals: Sequence[Row],
    entered: Mapping[int, date],
    stood: Mapping[str, Sequence[int]],
    policy: Policy,
    today: date,
) -> Iterable[Stay]:
    for stage in policy.pipeline.stages:
        if stage.discipline is not Discipline.CLOSING:
            continue
        known = stood.get(stage.name, ())
        own = len(known) >= ENOUGH
        days = {
            row.id: policy.calendar.days_between(entered[row.id], today)
            for row in deals
            if row.stage == stage.name and row.id in entered
        }
        yield Stay(stage.name, round(median(known)) if own else stage.limit, own, days)
