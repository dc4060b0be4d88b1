"""Whose a row is here."""

from __future__ import annotations

from collections.abc import Mapping

from huntertui.exchange.words import key
from huntertui.model.team import Team


class Owners:
    """The members behind the names of a file's owners."""

    def __init__(self, team: Team, by: str, given: Mapping[str, str]) -> None:
        """`given`: their name -> ours, which decides; `by`: who imports."""
        self._ours = {key(name): name for name in team.names()} | {key(a): ours for a, ours in given.items()}
        self._known, self._by = bool(team.members), by

    def of(self, theirs: str, otherwise: str | None = None) -> str:
        """The owner: whoever goes by that name here. Where the team is known, a stranger's is nobody's; else
        it is `otherwise`, or of the one who imports."""
        ours = self._ours.get(key(theirs)) if theirs else None
        if ours is not None:
            return ours
        if theirs and self._known:
            return ""
        return self._by if otherwise is None else otherwise
