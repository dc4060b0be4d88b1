"""The end of a day: what was owed by it and is not done, and all that may wait put to another day at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huntertui.desk.bulk import Bulk, Left
from huntertui.desk.day import Days
from huntertui.desk.ledger import STEP, Change, named
from huntertui.errors import NotAllowed
from huntertui.model import acts
from huntertui.model.opportunity import Kind, Opportunity
from huntertui.model.owed import PROMISES, owed
from huntertui.model.ranking import Row


class Reviewing(Bulk, Days):
    """What is left of my day."""

    def to_review(self) -> list[Row]:
        """What of mine is owed by the end of today, the promises first, then by value."""
        end = self.policy.calendar.end_of(self.today()).timestamp()
        rows = [row for row in self.mine() if row.by <= end]
        return sorted(rows, key=lambda row: (not row.promise, -row.worth, row.by, row.id))

    def next_day(self) -> date:
        """The next working day."""
        return self.policy.calendar.add_days(self.today(), 1)

    def redate(self, ids: list[int]) -> tuple[Change, list[Left]]:
        """Plan them for the next working day, in one change. What was promised to a customer is left, and
        what is red stays red; the message says how many."""
        day = self.next_day()
        shown = self.policy.calendar.describe_day(day, self.today())
        change, left = self.on_many(ids, lambda id: self._redate(id, day), lambda n: f"{n:,} to {shown}")
        now = self.now().timestamp()
        red = sum(1 for id in change.ids if (row := self.book.row(id)) and row.late(now))
        stay = f"; {red} of them stay red" if red else ""
        return replace(change, message=f"{change.message}{stay}"), left

    def _redate(self, id: int, day: date) -> Change:
        now = self.now()

        def act(o: Opportunity) -> Opportunity:
            self._open(o)
            due = owed(o, self.policy)
            if (due is not None and due.rule in PROMISES) or (o.next and o.next.kind is Kind.AGREED):
                raise NotAllowed(f"{named(o)} is promised")
            if o.park is not None:
                raise NotAllowed(f"{named(o)} is parked")
            return acts.snooze(o, day, self.policy, now)

        return self._act(id, act, lambda _, o: named(o), guard=STEP)
