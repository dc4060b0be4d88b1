"""My day: what is done of what I mean to do, what happened since I was here last, and what is too much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huntertui.desk.ledger import Ledger
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.model.capacity import Load, load_of
from huntertui.model.ranking import Mark, Row
from huntertui.model.scorecard import weakest
from huntertui.records import dataclass
from huntertui.store.store import Op, Record

LOOKED = 2000
"""Records that are looked back through, at most, for what happened since."""


MOVES = {"owner", "helper"}
"""The fields by which an item goes from one to another."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A lane's day: touches done; `target`: how many I mean to do, None when the lane is not mine; `late`:
    how many of my rows are neglected."""

    lane: int
    done: int
    target: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Since:
    """What others did since `at`, my last act before today (None: there is none to be found).

    `begun`: I have done something today; `taken`, `given`: colleagues' acts on what was or is mine, as told.
    """

    at: datetime | None
    begun: bool
    taken: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


class Days(Ledger):
    """My day."""

    def progress(self) -> tuple[Progress, ...]:
        """What is done today, for each lane."""
        now = self.now()
        end = self.policy.calendar.end_of(self.today()).timestamp()
        made = []
        for lane, done in enumerate(self.tally.done(now)):
            target = self.targets.of(lane)
            if target is None:
                target = done + self.book.neglected(self.me, end + 1, lane)
            elif target == 0:
                target = None
            made.append(Progress(lane, done, target, self.book.neglected(self.me, now.timestamp(), lane)))
        return tuple(made)

    def weakest(self) -> int:
        """The lane in which most of mine is neglected; where that is equal, the one farthest from its target.

        A lane that is not mine comes last.
        """

        return weakest(
            [
                (day.target is not None, day.late, 1 - day.done / day.target if day.target else 0.0)
                for day in self.progress()
            ]
        )

    def since(self) -> Since:
        """What happened since I last did something before today."""
        start = self.policy.calendar.start_of(self.today())
        begun, news, at = False, list[Record](), None
        for seq in range(self.store.seq, max(self.store.seq - LOOKED, 0), -1):
            record = self.store.record(seq)
            if record is None:
                break
            if record.by != self.me:
                news.append(record)
            elif record.at >= start:
                begun = True
            else:
                at = record.at
                break
        return Since(at, begun, *self._moved(news)) if at else Since(None, begun)

    def turned_red(self, since: datetime) -> list[Row]:
        """What of mine has become neglected since then, the promises first, then by value."""
        first, now = since.timestamp(), self.now().timestamp()
        rows = [row for row in self.mine() if first <= row.by < now]
        return sorted(rows, key=lambda row: (not row.promise, -row.worth, row.by))

    def red_since(self, since: datetime) -> int:
        """How many these are."""
        now = self.now().timestamp()
        return self.book.neglected(self.me, now) - self.book.neglected(self.me, since.timestamp())

    def mine(self) -> Iterable[Row]:
        """My open rows, without those still to triage."""
        return (row for row in self.book.rows() if row.owner == self.me and Mark.TRIAGE not in row.marks)

    def workload(self, owner: str = "") -> Load:
        """The load of a member's prospects, mine by default."""
        owner = owner or self.me
        target = self.targets_of(owner).prospecting or 0
        rows = (row for row in self.book.rows() if row.owner == owner)
        return load_of(rows if target else (), target, self.policy, self.now())

    def too_much(self, owner: str) -> str:
        """That a member has more prospects than he can carry, with the numbers; "" when it is not so."""
        words = self.workload(owner).words if owner else ""
        return f"{'' if owner == self.me else f'{owner}: '}{words}" if words else ""

    def _moved(self, news: list[Record]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was taken from me and what was given to me, the newest first; not what went to and fro."""
        last: dict[int, tuple[Op, Record]] = {}
        first: dict[int, str] = {}
        for record in news:
            for op in record.ops:
                if op.table != OPPORTUNITIES or op.kind == "d" or not MOVES & (op.new.keys() | op.old.keys()):
                    continue
                last.setdefault(op.id, (op, record))
                if op.kind == "i" or "owner" in op.new | op.old:
                    first[op.id] = str(op.old.get("owner", ""))
        taken, given = list[str](), list[str]()
        for id, (op, record) in last.items():
            row = self.book.row(id)
            owner = row.owner if row else ""
            was = first.get(id, owner)
            told = f"{record.by}: {record.label}"
            if owner == self.me and was != self.me:
                given.append(told)
            elif (was == self.me and owner != self.me) or (owner == self.me and op.new.get("helper")):
                taken.append(told)
        return tuple(taken), tuple(given)
