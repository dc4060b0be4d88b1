"""What colleagues have just changed: each row says for a moment who it was, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from huntertui.model.calendar import Calendar

MOMENT = timedelta(seconds=4)
"""How long a row says it: to be read, and then out of the way of what the row is about."""

Who = tuple[str, str]
"""Who, and the time of the day, "14:02"."""


class Fresh:
    """The rows that say who has changed them."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Who, datetime]] = {}  # id -> who, and until when it is said

    def take(self, by: Mapping[int, tuple[str, datetime]], now: datetime, calendar: Calendar) -> None:
        """Take in who has changed what, and when."""
        for id, (who, at) in by.items():
            self._rows[id] = (who, f"{calendar.local(at):%H:%M}"), now + MOMENT

    def pass_(self, now: datetime) -> bool:
        """Let what has been said long enough go. True when there was any."""
        over = [id for id, (_, until) in self._rows.items() if until <= now]
        for id in over:
            del self._rows[id]
        return bool(over)

    def of(self, ids: Iterable[int]) -> dict[int, Who]:
        """What is said of these."""
        return {id: self._rows[id][0] for id in ids if id in self._rows} if self._rows else {}
