"""The values of the team's policy, each read from what stands in the file. ValueError says what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from huntertui.model.cadence import CadenceStep
from huntertui.model.calendar import DAY_NAMES
from huntertui.model.opportunity import Channel
from huntertui.model.pipeline import Discipline, is_stage_name
from huntertui.model.team import Role
from huntertui.tomlfile import shown, suggest

_DAYS = {name.casefold(): day for day, name in enumerate(DAY_NAMES)}
_STEP = re.compile(r"(?P<offset>\d{1,4})(?P<minutes>m?) +(?P<channel>[a-z]+)(?: +(?P<what>.+))?")


def number(value: Any, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"must be a whole number from {least} to {most}, not {shown(value)}")
    return value


def percent(value: Any) -> float:
    """A part of a whole, 0.01 to 1."""
    return number(value, 1, 100) / 100


def within(least: int, most: int) -> Callable[[Any], int]:
    """Reads a whole number within bounds."""
    return lambda value: number(value, least, most)


def rate(value: Any) -> float:
    """What one unit of another currency is worth."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise ValueError(
            f"must be what one unit is worth in the team's currency, as 0.92, not {shown(value)}"
        )
    return float(value)


def text(value: Any) -> str:
    """A short text."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > 64:
        raise ValueError(f"must be a short text in quotes, not {shown(value)}")
    return value.strip()


def stage_name(value: Any) -> str:
    """The name of a stage."""
    name = text(value)
    if not is_stage_name(name):
        raise ValueError(
            f"{shown(value)} is no name for a stage: small letters, digits, - and _; not won, lost"
        )
    return name


def truth(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def named(value: Any, names: Mapping[str, Any]) -> Any:
    """What one of these names stands for."""
    if not isinstance(value, str) or value not in names:
        near = suggest(value, names) if isinstance(value, str) else f"there are {', '.join(names)}"
        raise ValueError(f"{shown(value)} is unknown: {near}")
    return names[value]


def discipline(value: Any) -> Discipline:
    """A discipline by its name."""
    return Discipline(named(value, {one.value: one for one in Discipline}))


def role(value: Any) -> Role:
    """A role by its name."""
    return Role(named(value, {one.value: one for one in Role}))


def weekdays(value: Any) -> frozenset[int]:
    """Days of the week, Monday = 0."""
    if not isinstance(value, list) or not value:
        raise ValueError(f'must be a list of days, as ["mon", "tue"], not {shown(value)}')
    return frozenset(named(day, _DAYS) for day in value)


def clock(value: Any) -> time:
    """A time of the day."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        hours, minutes = value.split(":")
        return time(int(hours), int(minutes))
    raise ValueError(f'must be a time, as "09:00", not {shown(value)}')


def day(value: Any) -> date:
    """A date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"must be a date without quotes, as 2026-12-25, not {shown(value)}")


def step(value: Any) -> CadenceStep:
    """A step of a cadence."""
    found = _STEP.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'must be day and channel, as "6 call" (or "45m call" on day 0), not {shown(value)}')
    channel = Channel(named(found["channel"], {one.value: one for one in Channel}))
    offset = int(found["offset"])
    what = found["what"] or ""
    return (
        CadenceStep(channel, 0, offset, what) if found["minutes"] else CadenceStep(channel, offset, what=what)
    )
