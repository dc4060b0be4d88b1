"""The team's policy as a running program has it: the file is watched, and read again when it is saved."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any

from huntertui.errors import Busy, NotAllowed
from huntertui.model.pipeline import NewStage, Pipeline, Policy
from huntertui.model.team import Team
from huntertui.teamreader import policy_in, read_team
from huntertui.tomlfile import LIMIT, Document, Problem, Unreadable, read, write

EVERY = 1.0
"""Seconds between looks at whether the file was saved."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class TeamFile:
    """The file as it is used by a running program: read at the start, and again when it was changed.

    `trouble`: why it is not enforced, "" when it is root's own. `shut`: why nobody changes it through this
    program, "" where the system decides. `fixed`: settings of the administrator's that stand whatever the
    file says (zone, currency). `clock`: seconds, from any moment on.
    """

    def __init__(
        self,
        path: Path | None,
        base: Policy,
        trouble: str = "",
        fixed: Mapping[str, Any] = _NONE,
        clock: Callable[[], float] = monotonic,
        shut: str = "",
    ) -> None:
        self.path = path
        self._shut = shut
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

    def renewed(self, at_once: bool) -> tuple[Policy, str] | None:
        """The policy and what to say of it, when the file has changed since.

        However often it is asked for, the file's date is looked at every EVERY seconds at most, but for when
        it has to be `at_once`.
        """
        if self.path is None or ((now := self._clock()) < self._next and not at_once):
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

    @property
    def shut(self) -> str:
        """Why I cannot put anything into the file, "" when I can."""
        if self._shut or self.path is None:
            return self._shut or "a store in a database has no file of the team beside it"
        path = self.path.resolve()
        folder = next(place for place in path.parents if place.exists())  # the store's is made by the first
        for place in (path, folder) if path.exists() else (folder,):
            if not os.access(place, os.W_OK):
                return f"{place} is not yours to write"
        return ""

    def add(self, new: Sequence[NewStage]) -> None:
        """Put stages into the file, but for those that it has by now; `renewed` tells of it. A file to come
        is begun with them alone, so that nothing else is decided by it. NotAllowed: it is `shut`, or wrong
        as it is; Busy: another huntertui is at it. The file is then as it was."""
        if not new:
            return
        if self.path is None or self.shut:
            raise NotAllowed(self.shut)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(self.path.parent):
            self._add(self.path, new)

    def _add(self, path: Path, new: Sequence[NewStage]) -> None:
        import tomllib  # late: hardly anybody does that

        from huntertui.teamstages import Unfit, with_stages

        try:
            before = read(path)
        except FileNotFoundError:
            before = Document(path, "", {})
        except Unreadable as error:
            raise NotAllowed(f"{error.problem}: mend it first") from None
        policy, problems = policy_in(before, self._base)
        fresh = [one for one in new if one.stage.name not in policy.pipeline]
        try:
            after = with_stages(before.text, fresh, policy.pipeline)
        except Unfit as why:
            raise NotAllowed(f"{path} cannot take a stage: {why}") from None
        found, left = policy_in(Document(path, after, tomllib.loads(after)), self._base)
        wanted = reduce(Pipeline.plus, fresh, policy.pipeline)
        if found.pipeline != wanted or len(left) > len(problems) or len(after.encode()) > LIMIT:
            raise NotAllowed(f"{path} cannot take a stage as it is: huntertui team check says what is wrong")
        try:
            write(path, before.mark + after, 0o644)
        except OSError as error:
            raise NotAllowed(f"{path}: {error.strerror}") from None

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


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Within, no other huntertui changes a file of that folder. Busy when one is at it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Busy(f"{folder}: another huntertui is changing the team's file: try again") from None
    finally:
        os.close(descriptor)


def _sign(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  (a link's target)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
