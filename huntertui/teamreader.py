"""The team's policy as a TOML file says it, read with care.

Wrong entries are named with file, line and key, and the default stands in their place: they never stop a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from huntertui import teamvalues as values
from huntertui.config import check_currency, check_zone, targets_in
from huntertui.model.cadence import Cadence
from huntertui.model.calendar import Calendar
from huntertui.model.pipeline import CADENCES, Discipline, Pipeline, Policy, Stage
from huntertui.model.team import Member, Role, Targets, Team
from huntertui.records import dataclass
from huntertui.tomlfile import Document, Problem, read, shown, suggest

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
_MEMBER = ("role", "abilities", "days", "targets", "cover", "left")
_STAGE = ("discipline", "limit", "probability", "side")
_CALENDAR = ("zone", "days", "opens", "closes", "holidays")
_TOP = ("currency", "rates", "calendar", "pipeline", "stages", "cadences", "rules", "claim", "members")


def read_team(path: Path, base: Policy, *, enforced: bool = False) -> tuple[Policy, list[Problem]]:
    """Return the policy of a file over that of `base`, and what is wrong with the file.

    FileNotFoundError when there is none, Unreadable when it says nothing at all. `enforced`: see Team.
    """
    return policy_in(read(path), base, enforced=enforced)


def policy_in(document: Document, base: Policy, *, enforced: bool = False) -> tuple[Policy, list[Problem]]:
    """The same of a file that was read already."""
    reader = _Reader(document)
    return reader.policy(base, enforced), reader.problems


@dataclass
class _Reader:
    """Reads one file; what is wrong is gathered on the way."""

    document: Document

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def policy(self, base: Policy, enforced: bool) -> Policy:
        self._known(self.document.data, _TOP)
        pipeline = self._pipeline(base.pipeline)
        found: dict[str, Any] = {
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
                read = values.percent if name == "amber" else values.within(*bounds[name])
                found[name] = self._value((table, name), read, getattr(base, name))
        return replace(base, **found)

    # Parts

    def _calendar(self, base: Calendar) -> Calendar:
        at = "calendar"
        self._known(self._table(at), _CALENDAR, at)
        zone = self._value((at, "zone"), check_zone, "")
        made = {
            "zone": ZoneInfo(zone) if zone else base.zone,
            "workdays": self._value((at, "days"), values.weekdays, base.workdays),
            "holidays": frozenset(self._each((at, "holidays"), values.day)),
        }
        opens = self._value((at, "opens"), values.clock, base.opens)
        closes = self._value((at, "closes"), values.clock, base.closes)
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
            rate = self._value(("rates", name), values.rate, 0.0)
            if rate:
                rates[name] = rate
        return rates

    def _pipeline(self, base: Pipeline) -> Pipeline:
        known = {stage.name: stage for stage in base.stages}
        tables = self._table("stages")
        order = self._each(("pipeline",), values.stage_name) or list(known)
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
            self._value((*at, "discipline"), values.discipline, start.discipline),
            self._value((*at, "limit"), values.within(1, 365), start.limit),
            self._value((*at, "probability"), values.within(0, 100), start.probability),
            name == "nurture" or self._value((*at, "side"), values.truth, start.side),
        )

    def _cadences(self) -> dict[str, Cadence]:
        cadences = dict(CADENCES)
        for name in self._known(self._table("cadences"), CADENCES, "cadences"):
            steps = self._each(("cadences", name), values.step)
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
            cover = self._value((*at, "cover"), values.text, "")
            if cover and (cover not in tables or cover == name):
                others = [other for other in tables if other != name]
                self._wrong(f"{shown(cover)} is no other member: {suggest(cover, others)}", *at, "cover")
                cover = ""
            members.append(
                Member(
                    name,
                    self._value((*at, "role"), values.role, Role.REP),
                    frozenset(ability.casefold() for ability in self._each((*at, "abilities"), values.text)),
                    self._value((*at, "days"), values.weekdays, None),
                    self._targets(given, *at),
                    cover,
                    self._value((*at, "left"), values.day, None),
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
