"""The team's policy: one commented TOML file, read with care, watched while people work.

Wrong entries are named with file, line and key, and the default stands in their place: they never stop a day.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from huntertui.config import check_currency, check_zone, targets_in
from huntertui.model.cadence import Cadence, CadenceStep
from huntertui.model.calendar import DAY_NAMES, Calendar
from huntertui.model.opportunity import Channel
from huntertui.model.pipeline import CADENCES, CLOSED, Discipline, Pipeline, Policy, Stage
from huntertui.model.team import Member, Role, Targets, Team
from huntertui.records import dataclass
from huntertui.tomlfile import Document, Problem, Unreadable, read, shown, suggest

NEEDED = ("new", "attempting", "contacted", "nurture", "meeting")
"""The stages that outcomes and cadences lead to: they can be changed, not left out."""

NUMBERS = {
    "answer_days": (1, 60),
    "unowned_days": (1, 60),
    "inbound_minutes": (1, 6000),
    "callback_minutes": (0, 600),
    "meeting_minutes": (1, 1440),
    "own_days": (1, 365),
    "own_dates": (0, 100),
    "deferrals": (0, 100),
    "park_days": (1, 365),
    "care_days": (0, 3650),
    "aged_days": (1, 3650),
    "triage_days": (1, 365),
}
CLAIMS = {
    "grace_days": (0, 365),
    "help_days": (1, 365),
    "again_days": (0, 3650),
    "inherited_days": (0, 60),
}
_NONE: Mapping[str, Any] = MappingProxyType({})
_MEMBER = ("role", "abilities", "days", "targets", "cover", "left")
_STAGE = ("discipline", "limit", "probability", "side")
_CALENDAR = ("zone", "days", "opens", "closes", "holidays")
_TOP = ("currency", "rates", "calendar", "pipeline", "stages", "cadences", "rules", "claim", "members")
_DAYS = {name.casefold(): day for day, name in enumerate(DAY_NAMES)}
_STEP = re.compile(r"(?P<offset>\d{1,4})(?P<minutes>m?) +(?P<channel>[a-z]+)(?: +(?P<what>.+))?")


def read_team(path: Path, base: Policy, *, enforced: bool = False) -> tuple[Policy, list[Problem]]:
    """Return the policy of a file over that of `base`, and what is wrong with the file.

    FileNotFoundError when there is none, Unreadable when it says nothing at all. `enforced`: see Team.
    """
    reader = _Reader(read(path))
    return reader.policy(base, enforced), reader.problems


class TeamFile:
    """The file as it is used by a running program: read at the start, and again when it was changed.

    `trouble`: why it is not enforced, "" when it is root's own. `fixed`: settings of the administrator's
    that stand whatever the file says (zone, currency).
    """

    def __init__(
        self, path: Path | None, base: Policy, trouble: str = "", fixed: Mapping[str, Any] = _NONE
    ) -> None:
        self.path = path
        self._fixed = fixed
        self.trouble = trouble
        self.policy = base
        self.problems: list[Problem] = []
        self._base = base
        self._sign: tuple[int, ...] | None = None
        if path is not None:
            self._sign = _sign(path)
            self._read(path)

    @property
    def there(self) -> bool:
        """Whether there is such a file."""
        return self._sign is not None

    def renewed(self) -> tuple[Policy, str] | None:
        """The policy and what to say of it, when the file has changed since; costs a look at its date."""
        if self.path is None or (sign := _sign(self.path)) == self._sign:
            return None
        self._sign = sign
        another = self._read(self.path)
        if self.problems:
            more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
            return self.policy, f"{self.problems[0]}{more}"
        return (self.policy, "the team's policy has changed") if another else None

    def _read(self, path: Path) -> bool:
        """Read it; a file that says nothing leaves what stood before. True when the policy is another."""
        before = self.policy
        try:
            found, self.problems = read_team(path, self._base, enforced=not self.trouble)
            if "zone" in self._fixed:
                found = replace(found, calendar=replace(found.calendar, zone=self._base.calendar.zone))
            if "currency" in self._fixed:
                found = replace(found, currency=self._base.currency)
            self.policy = found
        except FileNotFoundError:
            self.policy, self.problems = self._base, []
        except Unreadable as error:
            self.problems = [error.problem]
            if before is self._base and not self.trouble:  # nobody gets a role by a file that is broken
                self.policy = replace(before, team=Team(enforced=True))
        return self.policy != before


def _sign(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  (a link's target)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass
class _Reader:
    """Reads one file; what is wrong is gathered on the way."""

    document: Document

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def policy(self, base: Policy, enforced: bool) -> Policy:
        self._known(self.document.data, _TOP)
        pipeline = self._pipeline(base.pipeline)
        values: dict[str, Any] = {
            "pipeline": pipeline,
            "calendar": self._calendar(base.calendar),
            "cadences": self._cadences(),
            "currency": self._value(("currency",), check_currency, base.currency),
            "rates": self._rates(),
            "team": Team(self._members(), enforced),
        }
        for table, bounds in (("rules", NUMBERS), ("claim", CLAIMS)):
            extra = ("amber",) if table == "rules" else ()
            for name in self._known(self._table(table), (*bounds, *extra), table):
                read = (lambda v: _number(v, 1, 100) / 100) if name == "amber" else _within(*bounds[name])
                values[name] = self._value((table, name), read, getattr(base, name))
        return replace(base, **values)

    # Parts

    def _calendar(self, base: Calendar) -> Calendar:
        at = "calendar"
        self._known(self._table(at), _CALENDAR, at)
        zone = self._value((at, "zone"), check_zone, "")
        made = {
            "zone": ZoneInfo(zone) if zone else base.zone,
            "workdays": self._value((at, "days"), _weekdays, base.workdays),
            "holidays": frozenset(self._each((at, "holidays"), _date)),
        }
        opens = self._value((at, "opens"), _clock, base.opens)
        closes = self._value((at, "closes"), _clock, base.closes)
        if opens >= closes:
            self._wrong(f"must come before {closes:%H:%M}, when work ends", at, "opens")
            opens, closes = base.opens, base.closes
        return Calendar(**made, opens=opens, closes=closes)

    def _rates(self) -> dict[str, float]:
        rates = {}
        for name in self._table("rates"):
            try:
                check_currency(name)
            except ValueError as error:
                self._wrong(str(error), "rates", name)
                continue
            rate = self._value(("rates", name), _rate, 0.0)
            if rate:
                rates[name] = rate
        return rates

    def _pipeline(self, base: Pipeline) -> Pipeline:
        known = {stage.name: stage for stage in base.stages}
        tables = self._table("stages")
        order = self._each(("pipeline",), _stage_name) or list(known)
        for name in NEEDED:
            if name not in order:
                self._wrong(f"lacks {name!r}: outcomes lead to it", "pipeline")
                order = list(known)
        for name in tables:
            if name not in order:
                self._wrong(f"is no stage of the pipeline: {suggest(name, order)}", "stages", name)
        stages = [
            stage for name in dict.fromkeys(order) if (stage := self._stage(name, known.get(name), tables))
        ]
        for discipline in Discipline:
            if not any(stage.discipline is discipline and not stage.side for stage in stages):
                self._wrong(f"has no stage for {discipline.value}", "pipeline")
                return base
        return Pipeline(tuple(stages))

    def _stage(self, name: str, default: Stage | None, tables: Mapping[str, Any]) -> Stage | None:
        at = ("stages", name)
        given = tables.get(name)
        if given is not None and not isinstance(given, dict):
            self._wrong(f"must be a table, not {shown(given)}", *at)
            given = None
        if given is None:
            if default is None:
                self._wrong(
                    f"says nothing of {name!r}: write [stages.{name}] with its discipline", "pipeline"
                )
            return default
        self._known(given, _STAGE, *at)
        if default is None and "discipline" not in given:
            self._wrong("needs a discipline", *at)
            return None
        start = default or Stage(name, Discipline.FOLLOWING_UP, 5, 10)
        return Stage(
            name,
            self._value((*at, "discipline"), _discipline, start.discipline),
            self._value((*at, "limit"), _within(1, 365), start.limit),
            self._value((*at, "probability"), _within(0, 100), start.probability),
            name == "nurture" or self._value((*at, "side"), _truth, start.side),
        )

    def _cadences(self) -> dict[str, Cadence]:
        cadences = dict(CADENCES)
        for name in self._known(self._table("cadences"), CADENCES, "cadences"):
            steps = self._each(("cadences", name), _step)
            if not steps:
                continue
            default = CADENCES[name]
            if default.repeats:
                first = steps[0]
                if len(steps) > 1 or not first.offset:
                    self._wrong('is one step that comes again: ["60 email"]', "cadences", name)
                    continue
                cadences[name] = replace(default, steps=(replace(first, offset=0),), repeats=first.offset)
                continue
            places = [(step.offset, step.minutes) for step in steps]
            if places[0] != (0, 0) or any(a >= b for a, b in pairwise(places)):
                self._wrong(
                    "must begin with day 0, and each step come after the one before", "cadences", name
                )
                continue
            cadences[name] = replace(default, steps=tuple(steps))
        return cadences

    def _members(self) -> tuple[Member, ...]:
        tables = self._table("members")
        members = []
        for name, given in tables.items():
            at = ("members", name)
            if not isinstance(given, dict):
                self._wrong(f"must be a table: [members.{name}]", *at)
                given = {}
            self._known(given, _MEMBER, *at)
            cover = self._value((*at, "cover"), _text, "")
            if cover and (cover not in tables or cover == name):
                others = [other for other in tables if other != name]
                self._wrong(f"{shown(cover)} is no other member: {suggest(cover, others)}", *at, "cover")
                cover = ""
            members.append(
                Member(
                    name,
                    self._value((*at, "role"), _role, Role.REP),
                    frozenset(ability.casefold() for ability in self._each((*at, "abilities"), _text)),
                    self._value((*at, "days"), _weekdays, None),
                    self._targets(given, *at),
                    cover,
                    self._value((*at, "left"), _date, None),
                )
            )
        return tuple(members)

    def _targets(self, given: Mapping[str, Any], *at: str) -> Targets | None:
        if "targets" not in given:
            return None
        return Targets(**targets_in(self.document, given["targets"], self.problems, *at, "targets"))

    # Within

    def _wrong(self, message: str, *keys: str) -> None:
        self.problems.append(self.document.problem(message, *keys))

    def _table(self, name: str) -> dict[str, Any]:
        found = self.document.data.get(name, {})
        if isinstance(found, dict):
            return found
        if f"{name}: must be a table" not in {
            f"{p.key}: {p.message}"[: len(name) + 17] for p in self.problems
        }:
            self._wrong(f"must be a table: [{name}]", name)
        return {}

    def _known(
        self, table: Mapping[str, Any], names: Sequence[str] | Mapping[str, Any], *at: str
    ) -> list[str]:
        """The keys of a table that there are; others are named with the nearest that there is."""
        for key in table:
            if key not in names:
                self._wrong(f"is unknown: {suggest(key, names)}", *at, key)
        return [key for key in table if key in names]

    def _find(self, keys: Sequence[str]) -> Any:
        found: Any = self.document.data
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def _value(self, keys: Sequence[str], read: Callable[[Any], Any], default: Any) -> Any:
        found = self._find(keys)
        if found is None:
            return default
        try:
            return read(found)
        except ValueError as error:
            self._wrong(str(error), *keys)
            return default

    def _each(self, keys: Sequence[str], read: Callable[[Any], Any]) -> list[Any]:
        """What is right in a list; what is not is named one by one."""
        found = self._find(keys)
        if found is None:
            return []
        if not isinstance(found, list):
            self._wrong(f"must be a list in [ ], not {shown(found)}", *keys)
            return []
        made = []
        for one in found:
            try:
                made.append(read(one))
            except ValueError as error:
                self._wrong(str(error), *keys)
        return made


def _number(value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"must be a whole number from {least} to {most}, not {shown(value)}")
    return value


def _within(least: int, most: int) -> Callable[[Any], int]:
    return lambda value: _number(value, least, most)


def _rate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise ValueError(
            f"must be what one unit is worth in the team's currency, as 0.92, not {shown(value)}"
        )
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > 64:
        raise ValueError(f"must be a short text in quotes, not {shown(value)}")
    return value.strip()


def _stage_name(value: Any) -> str:
    name = _text(value)
    if name in CLOSED or not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name):
        raise ValueError(
            f"{shown(value)} is no name for a stage: small letters, digits, - and _; not won, lost"
        )
    return name


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _named(value: Any, names: Mapping[str, Any]) -> Any:
    if not isinstance(value, str) or value not in names:
        near = suggest(value, names) if isinstance(value, str) else f"there are {', '.join(names)}"
        raise ValueError(f"{shown(value)} is unknown: {near}")
    return names[value]


def _discipline(value: Any) -> Discipline:
    return Discipline(_named(value, {one.value: one for one in Discipline}))


def _role(value: Any) -> Role:
    return Role(_named(value, {one.value: one for one in Role}))


def _weekdays(value: Any) -> frozenset[int]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'must be a list of days, as ["mon", "tue"], not {shown(value)}')
    return frozenset(_named(day, _DAYS) for day in value)


def _clock(value: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        hours, minutes = value.split(":")
        return time(int(hours), int(minutes))
    raise ValueError(f'must be a time, as "09:00", not {shown(value)}')


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"must be a date without quotes, as 2026-12-25, not {shown(value)}")


def _step(value: Any) -> CadenceStep:
    found = _STEP.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'must be day and channel, as "6 call" (or "45m call" on day 0), not {shown(value)}')
    channel = Channel(_named(found["channel"], {one.value: one for one in Channel}))
    offset = int(found["offset"])
    what = found["what"] or ""
    return (
        CadenceStep(channel, 0, offset, what) if found["minutes"] else CadenceStep(channel, offset, what=what)
    )
