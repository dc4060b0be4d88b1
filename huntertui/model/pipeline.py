"""The pipeline and the team's policy: stages, their limits, and the numbers that the rules use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from huntertui.model.cadence import CLOSING, HUNTER6, INBOUND6, NURTURE, Cadence
from huntertui.model.calendar import Calendar
from huntertui.model.money import digits
from huntertui.model.team import Team
from huntertui.records import dataclass


class Discipline(StrEnum):
    """The three things that salespeople leave undone; each is one lane of the screen."""

    PROSPECTING = "prospecting"
    FOLLOWING_UP = "following up"
    CLOSING = "closing"


LANES = tuple(Discipline)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the pipeline. `limit`: business days that it may lie idle; `probability`: percent."""

    name: str
    discipline: Discipline
    limit: int
    probability: int
    side: bool = False  # beside the ladder: entered when a cadence ends, left by the first real exchange


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage that is to be one of a pipeline's: behind the one called `after`, "" for before all."""

    stage: Stage
    after: str


WON, LOST = "won", "lost"
CLOSED = frozenset({WON, LOST})
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


def is_stage_name(name: str) -> bool:
    """Whether a stage of the team's may be called so."""
    return name not in CLOSED and bool(_NAME.fullmatch(name))


# Where the limits and probabilities come from: docs/rules.md.
STAGES = (
    Stage("new", Discipline.PROSPECTING, 1, 2),
    Stage("attempting", Discipline.PROSPECTING, 5, 5),
    Stage("contacted", Discipline.FOLLOWING_UP, 5, 10),
    Stage("qualified", Discipline.FOLLOWING_UP, 7, 20),
    Stage("nurture", Discipline.FOLLOWING_UP, 60, 5, side=True),
    Stage("meeting", Discipline.CLOSING, 5, 40),
    Stage("proposal", Discipline.CLOSING, 5, 60),
    Stage("negotiation", Discipline.CLOSING, 4, 75),
    Stage("verbal", Discipline.CLOSING, 3, 90),
)


@dataclass(frozen=True)
class Pipeline:
    """The ordered stages. Won and lost are no stages of it: they end it."""

    stages: tuple[Stage, ...] = STAGES

    @cached_property
    def _by_name(self) -> dict[str, Stage]:
        return {stage.name: stage for stage in self.stages}

    @cached_property
    def _ladder(self) -> tuple[str, ...]:
        return tuple(stage.name for stage in self.stages if not stage.side)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Stage:
        """The stage of that name; an unknown one (a renamed stage of old) is followed up every 5 days."""
        return self._by_name.get(name) or Stage(name, Discipline.FOLLOWING_UP, 5, 10)

    def rank(self, name: str) -> int:
        """How far up the ladder; a side stage or an unknown one stands just below its discipline."""
        if name in self._ladder:
            return self._ladder.index(name)
        discipline = self[name].discipline
        return self.rank(self.first(discipline).name) - 1

    def first(self, discipline: Discipline) -> Stage:
        """The first stage of a discipline."""
        return next(stage for stage in self.stages if stage.discipline is discipline and not stage.side)

    def last(self, discipline: Discipline) -> Stage:
        """The last stage of a discipline on the ladder."""
        return [stage for stage in self.stages if stage.discipline is discipline and not stage.side][-1]

    def after(self, name: str) -> Stage | None:
        """The next stage up the ladder, None at its end."""
        rank = self.rank(name) + 1
        return self._by_name[self._ladder[rank]] if rank < len(self._ladder) else None

    def plus(self, new: NewStage) -> Pipeline:
        """The pipeline with a stage more; it has the one behind which that stands."""
        names = ["", *(stage.name for stage in self.stages)]
        place = names.index(new.after)
        return Pipeline((*self.stages[:place], new.stage, *self.stages[place:]))

    def before(self, name: str) -> Stage | None:
        """The stage one down the ladder, None at its foot."""
        rank = self.rank(name) - (1 if name in self._ladder else 0)
        return self._by_name[self._ladder[rank]] if rank >= 0 else None


CADENCES: Mapping[str, Cadence] = MappingProxyType(
    {cadence.name: cadence for cadence in (HUNTER6, INBOUND6, CLOSING, NURTURE)}
)


@dataclass(frozen=True)
class Policy:
    """What the team has agreed on. Days are business days unless said; every number may be changed."""

    pipeline: Pipeline = field(default_factory=Pipeline)
    calendar: Calendar = field(default_factory=Calendar)
    cadences: Mapping[str, Cadence] = field(default_factory=lambda: CADENCES)
    currency: str = "EUR"
    rates: Mapping[str, float] = field(default_factory=dict)  # currency -> units of the team's currency
    answer_days: int = 1  # a customer who wrote is answered within
    unowned_days: int = 1  # an item is nobody's at most
    inbound_minutes: int = 60  # working minutes to the first touch of an inbound item
    callback_minutes: int = 15  # grace of an agreed time
    meeting_minutes: int = 60  # how long a meeting lasts, when nothing else is known
    own_days: int = 3  # an own date may lie this far ahead even where the stage's limit is shorter
    own_dates: int = 2  # own dates between two touches that move the limit
    deferrals: int = 2  # parks and pushes between two touches that pay a debt
    park_days: int = 60  # calendar days that a park may last
    care_days: int = 30  # calendar days from won to the care follow-up; 0 = none
    amber: float = 0.6  # part of an idle limit after which a row is amber
    aged_days: int = 90  # calendar days since creation after which an item is aged
    grace_days: int = 3  # an idle red is the owner's alone this long
    help_days: int = 2  # a helper's lease
    again_days: int = 30  # calendar days in which a second neglect passes the ownership
    inherited_days: int = 1  # an inherited red counts as its taker's after so many
    triage_days: int = 10  # what is left of an import after so many is the lead's to know
    team: Team = field(default_factory=Team)

    def rate(self, amount: int | None, currency: str) -> float:
        """An amount (minor units) in the team's currency for ordering only; by its number without a rate."""
        even = 1.0 if (places := digits(currency)) == 2 else 10.0 ** (2 - places)
        return (amount or 0) * self.rates.get(currency, 1.0) * even
