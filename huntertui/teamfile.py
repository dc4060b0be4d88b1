"""The team's policy as a running program has it: the file is watched, and read again when it is saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any

from huntertui.model.pipeline import Policy
from huntertui.model.team import Team
from huntertui.teamreader import read_team
from huntertui.tomlfile import Problem, Unreadable

EVERY = 1.0
"""Seconds between looks at whether the file was saved."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class TeamFile:
    """The file as it is used by a running program: read at the start, and again when it was changed.

    `trouble`: why it is not enforced, "" when it is root's own. `fixed`: settings of the administrator's
    that stand whatever the file says (zone, currency). `clock`: seconds, from any moment on.
    """

    def __init__(
        self,
        path: Path | None,
        base: Policy,
        trouble: str = "",
        fixed: Mapping[str, Any] = _NONE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.path = path
        self._fixed = fixed
        self.trouble = trouble
        self.policy = base
        self.problems: list[Problem] = []
        self._base = base
        self._sign: tuple[int, ...] | None = None
        self._clock, self._next = clock, clock() + EVERY
        if path is not None:
            self._sign = _sign(path)
            self._read(path)

    @property
    def there(self) -> bool:
        """Whether there is such a file."""
        return self._sign is not None

    def renewed(self) -> tuple[Policy, str] | None:
        """The policy and what to say of it, when the file has changed since.

        However often it is asked for, the file's date is looked at every EVERY seconds at most.
        """
        if self.path is None or (now := self._clock()) < self._next:
            return None
        self._next = now + EVERY
        if (sign := _sign(self.path)) == self._sign:
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
