"""The figures of a scorecard: their names, what each counts, and how people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from huntertui.model.money import amounts
from huntertui.model.pipeline import LANES
from huntertui.records import dataclass

PROSPECTING, FOLLOWING, CLOSING = range(len(LANES))

STEMS = ("new", "following", "deals")
"""How the names of the figures begin that each lane has."""

PUT_OFF = "put off again without a touch between"
WORKED_OFF = "reds cleared by a touch; m: otherwise"


class Unit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    DAYS = "days"  # business days
    PART = "part"  # of what was to be done
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure: its name, the lane it belongs to, its short title, and what it counts, in 38 columns."""

    name: str
    lane: int
    title: str
    says: str
    unit: Unit = Unit.COUNT


KINDS = (
    Kind("new_neglected", PROSPECTING, "neglected now", "prospects that are red"),
    Kind("new_oldest", PROSPECTING, "oldest", "the prospect that is red longest", Unit.DAYS),
    Kind("first_touches", PROSPECTING, "first touches", "prospects touched first, of the plan", Unit.PART),
    Kind("new_put_off", PROSPECTING, "put off", PUT_OFF),
    Kind("new_worked_off", PROSPECTING, "worked off", WORKED_OFF, Unit.PART),
    Kind("following_neglected", FOLLOWING, "neglected now", "follow-ups that are red"),
    Kind("following_oldest", FOLLOWING, "oldest", "the follow-up that is red longest", Unit.DAYS),
    Kind("on_time", FOLLOWING, "on time", "done before it was red, of all due", Unit.PART),
    Kind("persistence", FOLLOWING, "persistence", "touches before stopping without a no", Unit.PART),
    Kind("following_put_off", FOLLOWING, "put off", PUT_OFF),
    Kind("following_worked_off", FOLLOWING, "worked off", WORKED_OFF, Unit.PART),
    Kind("deals_neglected", CLOSING, "neglected now", "deals that are red"),
    Kind("deals_oldest", CLOSING, "oldest", "the deal that is red longest", Unit.DAYS),
    Kind("asks", CLOSING, "asked", "asked for a decision, of the plan", Unit.PART),
    Kind("decisions", CLOSING, "decisions", "won, or a no with its reason"),
    Kind("past_close", CLOSING, "past close", "deals past their expected close"),
    Kind("pushes", CLOSING, "pushed", "deals whose close was pushed out"),
    Kind("deals_put_off", CLOSING, "put off", PUT_OFF),
    Kind("deals_worked_off", CLOSING, "worked off", WORKED_OFF, Unit.PART),
    Kind("at_risk", CLOSING, "at risk", "the value of the deals that are red", Unit.MONEY),
)

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}


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


def words(figure: Figure, unit: Unit) -> str:
    """A figure as people read it: "12", "4 of 10", "9 days", "€207k"; "-" where there is nothing."""
    if unit is Unit.MONEY:
        return amounts(figure.worth) or "-"
    if unit is Unit.DAYS:
        return f"{figure.value} day{'s' * (figure.value != 1)}" if figure.ids else "-"
    if unit is Unit.PART:
        return f"{figure.value} of {figure.of}" if figure.of else str(figure.value or "-")
    return str(figure.value)
