"""One member's book over the shared store: loaded, kept up with what colleagues do, and looked into."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Protocol, Self

from huntertui.book import Book
from huntertui.desk.closed import Closed
from huntertui.desk.inbox import Inbox
from huntertui.desk.sight import Sight
from huntertui.desk.tables import MEMBERS, OPPORTUNITIES, PLANS, newsworthy
from huntertui.desk.tally import Tally
from huntertui.errors import NotFound, Resync
from huntertui.garbage import uncollected
from huntertui.model.codec import Spoilt, from_doc, instant, text_in
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, LANES, LOST, NewStage, Policy
from huntertui.model.pool import Absence
from huntertui.model.ranking import Mark, Row, row_of
from huntertui.model.team import Targets
from huntertui.records import dataclass
from huntertui.rows import kept_name, pack, unpack
from huntertui.store.store import Doc, Record, Store

MANY = 500  # records read at a start, from which on it pays to keep their rows
TOLD = 10  # changes that are told by their labels alone when they cannot be followed one by one


@dataclass(frozen=True, slots=True)
class Followed:
    """What colleagues changed since the last look. `by`: who changed an item last, and when."""

    ids: frozenset[int]
    messages: tuple[str, ...]
    by: Mapping[int, tuple[str, datetime]] = field(default_factory=dict)


class TeamFile(Protocol):
    """The file of the team's policy, as far as a program adds to it."""

    @property
    def shut(self) -> str:
        """Why I cannot put anything into it, "" when I can."""

    def add(self, new: Sequence[NewStage]) -> None:
        """Put stages into it. NotAllowed, Busy."""


class Shelf:
    """One member's book over the shared store.

    `targets`: what I mean to do a day, where the team's policy does not say it. `renewed`: the policy and
    what to say of it, when it has changed since it was asked for last; with True it has to be looked at now.
    `team_file`: where new stages of the team's go, None where there is no such place.
    """

    team_file: TeamFile | None = None

    def __init__(
        self,
        store: Store,
        policy: Policy,
        me: str,
        clock: Callable[[], datetime],
        targets: Targets | None = None,
        renewed: Callable[[bool], tuple[Policy, str] | None] = lambda _: None,
    ) -> None:
        self.store = store
        self.policy = policy
        self.me = me
        self.own_targets = targets or Targets()
        self._renewed = renewed
        self.book = Book(policy, me)
        self.sight = Sight(store, OPPORTUNITIES)
        self._closed = Closed(store, policy, self.book.finder)
        self.tally = Tally(store, policy, me)
        self.inbox = Inbox(store, me)
        self._clock = clock
        self._unreadable: dict[int, str] = {}
        self._kept = kept_name(policy)
        self._seen = 0
        self._news: list[Record] = []
        self._looked_at = ""

    def seen_by(self, name: str) -> Self:
        """This shelf as another member has it, only to be looked at."""
        other = type(self)(self.store, self.policy, name, self._clock)
        other._looked_at = f"{name}'s"
        other._seen, other._unreadable = self._seen, self._unreadable
        other._load_absences()
        other._load_plan()
        other.book.load(self.book.rows(), self.now().timestamp())
        return other

    def now(self) -> datetime:
        """The present, UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The team's today."""
        return self.policy.calendar.day(self.now())

    @property
    def seq(self) -> int:
        """The last change of anybody's that was taken in."""
        return self.store.seq

    @property
    def read_only(self) -> str:
        """Why nothing can be changed any more, "" when it can."""
        return self._looked_at or self.store.read_only

    # Reading

    @property
    def problems(self) -> list[str]:
        """What is wrong with the records that could not be read."""
        return [self._unreadable[id] for id in sorted(self._unreadable)]

    def load(self) -> None:
        """Read all open items anew: their rows, where some process has kept them, else every record."""
        self._news = []
        self._load()

    def keep_rows(self) -> None:
        """Keep the rows as they stand for the next start of anybody's."""
        rows = sorted(self.book.rows(), key=lambda row: (row.by, -row.worth, row.id))  # loads quicker so
        self.store.keep(self._kept, self._seen, pack(rows, self._unreadable))

    def opportunity(self, id: int) -> Opportunity | None:
        """The whole record, None when it is gone. Spoilt when it cannot be read."""
        doc = self.store.get(OPPORTUNITIES, id)
        return None if doc is None else from_doc(id, doc)

    def closed(self) -> list[Row]:
        """What is won or lost, the newest first; read when asked for the first time."""
        return self._closed.rows()

    @property
    def has_closed(self) -> bool:
        """Whether what is closed has been read."""
        return self._closed.read

    def past(self, limit: int) -> list[Record]:
        """The last changes of anybody's, as far as they are kept, the newest first."""
        found = list[Record]()
        seq = self.store.seq
        while len(found) < limit and (record := self.store.record(seq)):
            if newsworthy(record):
                found.append(record)
            seq -= 1
        return found

    def follow(self) -> Followed:
        """Take in colleagues' changes, and a change of the policy; cheap when there are none."""
        changed = bool(self.store.refresh()) or self.store.seq != self._seen
        if changed:
            self._catch_up()
        said: tuple[str, ...] = ()
        if renewed := self._renewed(changed):  # what has come in may be in a stage that is new
            self.adopt(renewed[0])
            said = (renewed[1],)
        news, self._news = self._news, []
        by = {
            op.id: (record.by, record.at) for record in news for op in record.ops if op.table == OPPORTUNITIES
        }
        ids = frozenset(row.id for row in self.book.rows()) if said else frozenset(by)
        return Followed(ids, (*said, *(f"{record.by}: {record.label}" for record in news)), by)

    def adopt(self, policy: Policy) -> None:
        """Judge everything anew by a changed policy."""
        self.policy = self.book.policy = policy
        self.tally = Tally(self.store, policy, self.me)
        self._closed = Closed(self.store, policy, self.book.finder)
        self._kept = kept_name(policy)
        self._load()

    @property
    def targets(self) -> Targets:
        """What I mean to do a day."""
        return self.targets_of(self.me)

    def targets_of(self, name: str) -> Targets:
        """What somebody means to do a day: the policy's for him, else his own, which I know of me alone."""
        member = self.policy.team.get(name)
        own = self.own_targets if name == self.me else Targets()
        return member.targets if member and member.targets else own

    # Within

    def _load(self) -> None:
        self._closed.forget()
        self.tally.forget()
        self.inbox.forget()
        self._load_absences()
        with uncollected():
            read = self._load_rows()
            if read is None:
                read = self._load_records()
            gc.freeze()  # what stays for the day need not be looked through again and again
        self._load_plan()
        if read > MANY:
            self.keep_rows()

    def _load_rows(self) -> int | None:
        """Take the rows that were kept, and read what changed after: how many records; None: it cannot be."""
        kept = self.store.kept(self._kept)
        if kept is None:
            return None
        try:
            records = self.store.changes(kept[0])
            rows, unreadable = unpack(kept[1])
        except (ValueError, Resync):
            return None
        self._seen, self._unreadable = self.store.seq, unreadable
        self.book.load(rows, self.now().timestamp())
        ids = {op.id for record in records for op in record.ops if op.table == OPPORTUNITIES}
        self._take(ids)
        return len(ids)

    def _load_records(self) -> int:
        self.store.refresh()
        self._seen, self._unreadable = self.store.seq, {}
        found = self.store.find(OPPORTUNITIES, [("stage", "!=", stage) for stage in sorted(CLOSED)])
        found += self.store.find(
            OPPORTUNITIES, [("stage", "=", LOST), ("revisit", ">", "")]
        )  # they come back
        rows = (row_of(o, self.policy) for o in self._readable(found))
        self.book.load((row for row in rows if Mark.CLOSED not in row.marks), self.now().timestamp())
        return len(found)

    def _catch_up(self) -> None:
        """Take all records since the last look into the book; others' are kept to be told."""
        try:
            records = self.store.changes(self._seen)
        except Resync:
            before = self._seen
            self._load()
            late = map(self.store.record, range(max(before, self._seen - TOLD) + 1, self._seen + 1))
            self._news += [record for record in late if record and self._is_news(record)]
            return
        for record in records:
            self._take({op.id for op in record.ops if op.table == OPPORTUNITIES})
            if any(op.table == PLANS for op in record.ops):
                self._load_plan()
            if any(op.table == MEMBERS for op in record.ops):
                self._load_absences()
            self._seen = record.seq  # all that reads is before it: where that fails the record is taken again
            self.tally.take(record)
            self.inbox.take(record)
            if self._is_news(record):
                self._news.append(record)
        self._seen = max(self._seen, self.store.seq)

    def _is_news(self, record: Record) -> bool:
        return record.by != self.me and newsworthy(record)

    def _take(self, ids: Iterable[int]) -> None:
        for id in ids:
            self._unreadable.pop(id, None)
            doc = self.store.get(OPPORTUNITIES, id)
            found = next(iter(self._readable([(id, doc)])), None) if doc is not None else None
            if found is None:
                self.book.drop(id)
            else:
                self.book.put(found)

    def _readable(self, found: Iterable[tuple[int, Doc]], *, closed: bool = False) -> Iterable[Opportunity]:
        """These, as far as they can be read. What cannot is a problem where it is open, or comes back; with
        `closed` in any case."""
        for id, doc in found:
            try:
                yield from_doc(id, doc)
            except Spoilt as error:
                if closed or _counts(doc):
                    self._unreadable[id] = str(error)

    def _get(self, id: int) -> Opportunity:
        o = self.opportunity(id)
        if o is None:
            raise self._gone(id)
        return o

    def _shown(self, id: int) -> Opportunity:
        """The record as it was shown: what an act like "one stage on" starts from."""
        doc = self.sight.seen(id)
        return self._get(id) if doc is None else from_doc(id, doc)

    def _gone(self, id: int) -> NotFound:
        """Who took a record away, as long as that was not long ago."""
        record = self.sight.removal(id)
        if record is None:
            return NotFound(f"there is no #{id} (any more)")
        when = self.policy.calendar.describe_instant(record.at, self.today())
        return NotFound(f"there is no #{id} any more: {record.by}, {when}: {record.label}")

    def _load_absences(self) -> None:
        found = (absence_of(doc) for _, doc in self.store.find(MEMBERS))
        self.book.set_absences(dict(filter(None, found)), self.now().timestamp())

    def _load_plan(self) -> None:
        found = self.store.find(PLANS, [("member", "=", self.me)], limit=1)
        doc = found[0][1] if found else {}
        self.book.finder.forget_hits()
        self.book.plan = {
            lane: [(int(id), instant(at).timestamp()) for id, at in doc.get(discipline.value, ())]
            for lane, discipline in enumerate(LANES)
        }


def _counts(doc: Doc) -> bool:
    """Whether a record is open, or lost and comes back, by what the store finds them by."""
    stage, day = doc.get("stage"), doc.get("revisit")
    closed = isinstance(stage, str) and stage in CLOSED
    return not closed or (stage == LOST and isinstance(day, str) and bool(day))


def absence_of(doc: Doc) -> tuple[str, Absence] | None:
    """Who is away, of what the store says; None where it says nothing of the kind."""
    try:
        since, until = date.fromisoformat(doc["away_from"]), date.fromisoformat(doc["away_until"])
    except (KeyError, TypeError, ValueError):  # nobody, or others have edited the store's file
        return None
    return text_in(doc, "member"), Absence(since, until, text_in(doc, "by"), text_in(doc, "why"))
