"""My touches of today in each discipline: counted once from the newest records, then kept up by each."""

from __future__ import annotations

from datetime import date, datetime

from huntertui.desk.tables import EVENTS
from huntertui.model.codec import instant
from huntertui.model.pipeline import CLOSED, LANES, Discipline, Policy
from huntertui.store.store import Doc, Record, Store


class Tally:
    """Counts what reached out to a customer. Nothing older than today is read for it."""

    def __init__(self, store: Store, policy: Policy, me: str) -> None:
        self._store = store
        self._policy = policy
        self._me = me
        self._touches: dict[int, tuple[date, int]] | None = None  # event -> day, lane; None: not counted yet

    def forget(self) -> None:
        """Count anew when somebody asks next."""
        self._touches = None

    def take(self, record: Record) -> None:
        """Take in a record that follows those taken in before."""
        if self._touches is not None:
            self._add(self._touches, record)

    def done(self, now: datetime) -> tuple[int, ...]:
        """My touches of today, for each lane."""
        today = self._policy.calendar.day(now)
        if self._touches is None:
            touches = dict[int, tuple[date, int]]()
            mine = self._store.made_by(self._me, self._policy.calendar.start_of(today))
            for record in reversed([*mine]):
                self._add(touches, record)
            self._touches = touches
        found = [lane for day, lane in self._touches.values() if day == today]
        return tuple(map(found.count, range(len(LANES))))

    def _add(self, touches: dict[int, tuple[date, int]], record: Record) -> None:
        for op in record.ops:
            if op.table != EVENTS:
                continue
            if op.kind == "d":
                touches.pop(op.id, None)
            elif op.kind == "i" and (found := self._read(op.new)):
                touches[op.id] = found

    def _read(self, event: Doc) -> tuple[date, int] | None:
        """(day, lane) of a touch of mine; None for any other event."""
        if (event.get("kind"), event.get("by"), event.get("direction")) != ("touch", self._me, "out"):
            return None
        try:
            day = self._policy.calendar.day(instant(event["at"]))
        except (KeyError, ValueError, TypeError):  # others may have edited the store's file
            return None
        stage = str(event.get("stage", ""))
        if stage in CLOSED or not stage:  # what is lost comes back among the prospects
            return day, LANES.index(Discipline.PROSPECTING)
        return day, LANES.index(self._policy.pipeline[stage].discipline)
