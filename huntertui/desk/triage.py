"""Deciding on what an import brought that is past its limit already: many at a time, one undo each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huntertui.desk.bulk import Left
from huntertui.desk.ledger import Act, Change, named
from huntertui.desk.owning import Owning
from huntertui.desk.review import Reviewing
from huntertui.desk.staging import Staging
from huntertui.errors import Usage
from huntertui.model import acts
from huntertui.model.capacity import ahead
from huntertui.model.opportunity import LOST_REASONS, Opportunity
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.ranking import Mark, Row
from huntertui.model.text import clean
from huntertui.model.triage import Bucket, buckets, evenly, spread, take_up

FREE = 10
"""First touches a day of somebody who has set no target."""


class Triaging(Reviewing, Staging, Owning):
    """My part of what is to triage."""

    def to_triage(self) -> tuple[Bucket, ...]:
        """What is to triage, mine and nobody's, by how long it is past."""
        rows = (row for row in self.book.rows() if Mark.TRIAGE in row.marks and row.owner in ("", self.me))
        return buckets(rows, self.now().timestamp())

    def plan_triage(self, rows: Sequence[Row]) -> dict[int, date]:
        """The day of the first touch of each: prospects as the days have room beside what is due already, by
        value; the rest within its stage's limit, as these know us."""
        calendar, today = self.policy.calendar, self.today()
        days = ahead(calendar, today)
        prospects = [row for row in rows if LANES[row.lane] is Discipline.PROSPECTING]
        load = self.workload()
        target = load.target or FREE
        free = [target - due for due in load.touches]
        plan = dict(
            zip(
                (row.id for row in prospects),
                spread(len(prospects), free, target, days, calendar),
                strict=True,
            )
        )
        for limit in {self._limit(row) for row in rows if row.id not in plan}:
            others = [row.id for row in rows if row.id not in plan and self._limit(row) == limit]
            plan |= zip(others, evenly(len(others), days[: max(limit, 1)]), strict=True)
        return plan

    def work_triage(self, rows: Sequence[Row]) -> tuple[Change, list[Left]]:
        """Put them into the lanes: their clocks start, and their first touches lie where there is room."""
        plan, now = self.plan_triage(rows), self.now()
        if not plan:
            raise Usage("there is nothing here to triage")
        last = self.policy.calendar.describe_day(max(plan.values()), self.today())

        def work(id: int) -> Change:
            return self._decide(id, lambda o: take_up(self._ours(o), plan[id], self.policy, now))

        return self.on_many(list(plan), work, lambda n: f"{n:,} to be worked, the last on {last}")

    def park_triage(self, rows: Sequence[Row], text: str) -> tuple[Change, list[Left]]:
        """Park them until a day, for a reason: "15jan b"."""
        words = " ".join(clean(text).split())[:60]
        return self.on_many(
            _ids(rows), lambda id: self.park(id, text), lambda n: f"parked {n:,} until {words}"
        )

    def lose_triage(self, rows: Sequence[Row], text: str) -> tuple[Change, list[Left]]:
        """Close them as lost: a letter of a reason, or any text."""
        letter, _, more = clean(text).partition(" ")
        reason, more = (LOST_REASONS[letter], more) if letter in LOST_REASONS else (clean(text), "")
        if not reason:
            raise Usage("lost needs a reason: " + ", ".join(f"{k} {v}" for k, v in LOST_REASONS.items()))
        return self.on_many(
            _ids(rows), lambda id: self.lose(id, reason, more), lambda n: f"lost {n:,} ({reason})"
        )

    def hand_over_triage(self, rows: Sequence[Row], owner: str) -> tuple[Change, list[Left]]:
        """Give them to a member, who has them to triage then."""
        return self.on_many(
            _ids(rows), lambda id: self.assign(id, owner), lambda n: f"gave {n:,} to {owner.strip()}"
        )

    def _decide(self, id: int, act: Act) -> Change:
        return self._act(id, act, lambda _, o: named(o), guard=("triage",))

    def _ours(self, o: Opportunity) -> Opportunity:
        """One that is still to triage, with an owner: who takes it up has it."""
        if not o.triage:
            raise Usage(f"{named(self._open(o))} is decided on already")
        return o if o.owner else acts.assign(o, self.me, self.policy, self.now())

    def _limit(self, row: Row) -> int:
        return self.policy.pipeline[row.stage].limit


def _ids(rows: Sequence[Row]) -> list[int]:
    if not rows:
        raise Usage("there is nothing here to triage")
    return [row.id for row in rows]
