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
    deals: Sequence[Opportunity],
    entered: Mapping[int, date],
    stood: Mapping[str, Sequence[int]],
    policy: Policy,
    today: date,
) -> Outlook:
    """What can be said of these deals, open and closed.

    `entered`: id -> the day on which an open deal came to its stage; `stood`: stage -> the business days that
    each of the team's won deals stood there.
    """
    pipeline = policy.pipeline
    open_ones = [o for o in deals if o.stage not in CLOSED]
    closing = [o for o in open_ones if pipeline[o.stage].discipline is Discipline.CLOSING]
    pushed = {
        o.id: (o.expected_close - o.original_close).days
        for o in open_ones
        if o.push_count and o.expected_close and o.original_close
    }
    return Outlook(
        tuple(_parts(open_ones, policy, today)),
        tuple(_paces(deals, policy, today)),
        tuple(_stays(closing, entered, stood, policy, today)),
        tuple(sorted(pushed)),
        round(mean(pushed.values())) if pushed else 0,
    )


def month_of(o: Opportunity, policy: Policy, today: date) -> str:
    """The month in which it is expected to close."""
    if o.expected_close is None:
        return UNDATED
    if policy.calendar.roll(o.expected_close) < today:
        return OVERDUE
    return f"{o.expected_close:%Y-%m}"


def _parts(deals: Iterable[Opportunity], policy: Policy, today: date) -> Iterable[Part]:
    found: defaultdict[tuple[str, str, str], list[Opportunity]] = defaultdict(list)
    for o in deals:
        if o.value:
            found[month_of(o, policy, today), o.owner, o.currency or policy.currency].append(o)
    for (month, owner, currency), those in sorted(found.items(), key=lambda one: _order(*one[0])):
        weighted = sum((o.value or 0) * policy.pipeline[o.stage].probability for o in those)
        ids = tuple(sorted(o.id for o in those))
        yield Part(month, owner, currency, ids, sum(o.value or 0 for o in those), round(weighted / 100))


def _order(month: str, owner: str, currency: str) -> tuple[int, str, str, str]:
    """What is overdue first, then by month, what has no date last."""
    return (month != OVERDUE) + (month == UNDATED), month, currency, owner


def _paces(deals: Iterable[Opportunity], policy: Policy, today: date) -> Iterable[Pace]:
    since = today - timedelta(days=PAST)
    won: defaultdict[str, list[Opportunity]] = defaultdict(list)
    lost: defaultdict[str, list[int]] = defaultdict(list)
    still: Counter[str] = Counter()
    for o in deals:
        currency = o.currency or policy.currency
        if o.stage not in CLOSED:
            still[currency] += policy.pipeline[o.stage].discipline is Discipline.CLOSING
        elif o.closed_on and o.closed_on >= since:
            if o.stage == WON:
                won[currency].append(o)
            elif o.lost_reason not in NEVER_ONE:
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
    closing: Sequence[Opportunity],
    entered: Mapping[int, date],
    stood: Mapping[str, Sequence[int]],
    policy: Policy,
    today: date,
) -> Iterable[Stay]:
    calendar = policy.calendar
    for stage in policy.pipeline.stages:
        if stage.discipline is not Discipline.CLOSING:
            continue
        known = stood.get(stage.name, ())
        own = len(known) >= ENOUGH
        days = {
            o.id: calendar.days_between(entered.get(o.id, calendar.day(o.created)), today)
            for o in closing
            if o.stage == stage.name
        }
        yield Stay(stage.name, round(median(known)) if own else stage.limit, own, days)
