"""The desk's machinery: reading, one transaction for each act, following colleagues, undo and redo."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from huntertui.book import Book
from huntertui.desk.history import Event, clearing, event_doc, told
from huntertui.desk.sight import Sight
from huntertui.errors import Conflict, HunterError, NotAllowed, NotFound, Resync, Usage
from huntertui.model.codec import from_doc, instant, to_doc
from huntertui.model.entry import read_when
from huntertui.model.explain import explain, still_red
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, LANES, Policy
from huntertui.model.ranking import Mark, Row, row_of
from huntertui.model.text import clean
from huntertui.model.when import When
from huntertui.rows import kept_name, pack, unpack
from huntertui.store.store import Committed, Doc, Record, Store, Tx, apply_inverse

OPPORTUNITIES, EVENTS, PLANS = "opportunities", "events", "plans"
UNDO_DEPTH, UNDO_DAYS = 200, 14
MANY = 500  # records read at a start, from which on it pays to keep their rows
STEP = ("next_step", "next_due", "next_kind")  # the fields that are the next step

Act = Callable[[Opportunity], Opportunity]
Says = Callable[[Opportunity, Opportunity], str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case did. `seq`: the record that undo takes back, None when nothing was written."""

    ids: tuple[int, ...]
    message: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What colleagues changed since the last look."""

    ids: frozenset[int]
    messages: tuple[str, ...]


class Ledger:
    """One member's book over the shared store, and the one way to change it and to take a change back.

    `members`: who may own things; empty: anybody.
    """

    def __init__(
        self,
        store: Store,
        policy: Policy,
        me: str,
        clock: Callable[[], datetime],
        members: Sequence[str] = (),
    ) -> None:
        self.store = store
        self.policy = policy
        self.me = me
        self.members = tuple(members)
        self.book = Book(policy, me)
        self.sight = Sight(store, OPPORTUNITIES)
        self._clock = clock
        self._unreadable: dict[int, str] = {}
        self._kept = kept_name(policy)
        self._seen = 0
        self._news: list[Record] = []
        self._told: set[int] = set()

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
        return self.store.read_only

    # Reading

    @property
    def problems(self) -> list[str]:
        """What is wrong with the records that could not be read."""
        return [self._unreadable[id] for id in sorted(self._unreadable)]

    def load(self) -> None:
        """Read all open items anew: their rows, where some process has kept them, else every record."""
        self._load(-1)

    def keep_rows(self) -> None:
        """Keep the rows as they stand for the next start of anybody's."""
        rows = sorted(self.book.rows(), key=lambda row: (row.by, -row.worth, row.id))  # loads quicker so
        self.store.keep(self._kept, self._seen, pack(rows, self._unreadable))

    def opportunity(self, id: int) -> Opportunity | None:
        """The whole record, None when it is gone. ValueError when it cannot be read."""
        doc = self.store.get(OPPORTUNITIES, id)
        return None if doc is None else from_doc(id, doc)

    def closed(self) -> list[Row]:
        """What is won or lost, the newest first."""
        found = self.store.find(OPPORTUNITIES, [("stage", "in", sorted(CLOSED))], ["-closed_on"])
        rows = (row_of(o, self.policy) for o in self._readable(found))
        return [row for row in rows if Mark.CLOSED in row.marks]

    def history(self, id: int) -> list[Event]:
        """What happened, the newest first."""
        found = self.store.find(EVENTS, [("opportunity", "=", id)], ["at"])
        return told(reversed(found), self.policy, self.today())

    def explain(self, id: int) -> list[str]:
        """Why it is red, or when it will be."""
        return explain(self._get(id), self.policy, self.now())

    def follow(self) -> Followed:
        """Take colleagues' changes into the book; cheap when there are none."""
        if self.store.refresh() or self.store.seq != self._seen:
            self._catch_up()
        news, self._news = self._news, []
        ids = {op.id for record in news for op in record.ops if op.table == OPPORTUNITIES}
        return Followed(frozenset(ids), tuple(f"{record.by}: {record.label}" for record in news))

    # Undo

    def undo(self) -> Change:
        """Take back my last change. Conflict when someone has changed it since."""
        done, _ = self._mine()
        if not done:
            raise Usage("nothing of yours to undo")
        return self._reverse(done[-1], "undone")

    def redo(self) -> Change:
        """Do again what I undid last."""
        _, undone = self._mine()
        if not undone:
            raise Usage("nothing to redo")
        return self._reverse(undone[-1], "redone")

    def _mine(self) -> tuple[list[Record], list[Record]]:
        """My records that can be undone, and the undoings that can be redone; the last one is next."""
        oldest, records, seq = self.now() - timedelta(days=UNDO_DAYS), list[Record](), self.store.seq
        while len(records) < UNDO_DEPTH and (record := self.store.record(seq)) and record.at >= oldest:
            if record.by == self.me:
                records.append(record)
            seq -= 1
        done: list[Record] = []
        undone: list[Record] = []
        for record in reversed(records):
            if record.undoes is None:
                done, undone = [*done, record], []
            elif done and record.undoes == done[-1].seq:
                done.pop()
                undone.append(record)
            elif undone and record.undoes == undone[-1].seq:
                undone.pop()
                done.append(record)
        return done, undone

    def _reverse(self, record: Record, word: str) -> Change:
        label = record.label.removeprefix("undone: ").removeprefix("redone: ")

        def run(tx: Tx) -> tuple[int, ...]:
            apply_inverse(tx, record)
            tx.label = f"{word}: {label}"
            return tuple(sorted(_items(record)))

        try:
            return self._commit(run)
        except Conflict as conflict:
            who = f"{conflict.by} has changed it since" if conflict.by else "it was changed since"
            raise NotAllowed(f"not {word}: {label}; {who}") from conflict

    # Within

    def _act(
        self,
        id: int,
        act: Act,
        says: Says,
        *,
        how: str = "",
        guard: Iterable[str] = (),
        events: Sequence[tuple[str, Doc]] = (),
        also: Callable[[Tx, Opportunity], None] | None = None,
    ) -> Change:
        """One act on one record: what it changes, its events, its message, in one transaction.

        `guard`: fields that must stand as they were shown (see `Sight`), else Conflict; its `__context__` is
        then why the act cannot be done any more, if it is so.
        """
        seen = self.sight.expected(id)

        def run(tx: Tx) -> tuple[int, ...]:
            before, after = self._apply(tx, id, act, how=how, events=events, guard=guard, seen=seen)
            tx.label = says(before, after)
            if also:
                also(tx, after)
            return (id,)

        return self._commit(run)

    def _apply(
        self,
        tx: Tx,
        id: int,
        act: Act,
        *,
        how: str = "",
        events: Sequence[tuple[str, Doc]] = (),
        guard: Iterable[str] = (),
        seen: Doc | None = None,
    ) -> tuple[Opportunity, Opportunity]:
        before = self._read(tx, id)
        guarded = {key: (seen or {}).get(key) for key in guard}
        try:
            after = act(before)
        except HunterError:
            tx.update(OPPORTUNITIES, id, {}, guarded)  # a colleague's doing is to be told with the reason
            raise
        old, new = to_doc(before), to_doc(after)
        changes = {key: value for key, value in new.items() if old.get(key) != value}
        unset = [key for key in old if key not in new]
        touched = {*changes, *unset}
        expect = {key: value for key, value in guarded.items() if key in touched}
        if touched:
            tx.update(OPPORTUNITIES, id, changes, expect, unset)
        for kind, fields in (*events, *clearing(before, after, how, self.policy, self.now())):
            tx.insert(EVENTS, event_doc(kind, id, self.now(), self.me, fields))
        return before, after

    def _commit(self, run: Callable[[Tx], tuple[int, ...]]) -> Change:
        if self.read_only:
            raise NotAllowed(f"read-only: {self.read_only}")
        said = ""

        def labelled(tx: Tx) -> tuple[int, ...]:
            nonlocal said
            ids = run(tx)
            said = tx.label
            return ids

        done: Committed[tuple[int, ...]] = self.store.transact(labelled, self.me)
        if done.record is not None:
            self.sight.made(done.record.seq)
        self._catch_up()
        if done.record is None:
            return Change(done.result, f"no change, {said}", None)
        return Change(done.result, done.record.label, done.record.seq)

    def _load(self, since: int) -> None:
        """Load; from rows kept at `since` or before, nothing leads to the present."""
        self._news = []
        with _many_objects():
            read = self._load_rows(since)
            if read is None:
                read = self._load_records()
        self._load_plan()
        if read > MANY:
            self.keep_rows()

    def _load_rows(self, since: int) -> int | None:
        """Take the rows that were kept, and read what changed after: how many records; None: it cannot be."""
        kept = self.store.kept(self._kept)
        if kept is None or kept[0] <= since:
            return None
        try:
            rows, unreadable = unpack(kept[1])
            records = self.store.changes(kept[0])
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
        found = self.store.find(OPPORTUNITIES)
        rows = (row_of(o, self.policy) for o in self._readable(found))
        self.book.load((row for row in rows if Mark.CLOSED not in row.marks), self.now().timestamp())
        return len(found)

    def _catch_up(self) -> None:
        """Take all records since the last look into the book; others' are kept to be told."""
        try:
            records = self.store.changes(self._seen)
        except Resync:
            self._load(self._seen)
            return
        for record in records:
            self._seen = record.seq
            if record.by != self.me:
                self._news.append(record)
            self._take({op.id for op in record.ops if op.table == OPPORTUNITIES})
            if any(op.table == PLANS for op in record.ops):
                self._load_plan()
        self._seen = max(self._seen, self.store.seq)

    def _take(self, ids: Iterable[int]) -> None:
        for id in ids:
            self._unreadable.pop(id, None)
            doc = self.store.get(OPPORTUNITIES, id)
            found = next(iter(self._readable([(id, doc)])), None) if doc is not None else None
            if found is None:
                self.book.drop(id)
            else:
                self.book.put(found)

    def _readable(self, found: Iterable[tuple[int, Doc]]) -> Iterable[Opportunity]:
        for id, doc in found:
            try:
                yield from_doc(id, doc)
            except ValueError as error:
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

    def _read(self, tx: Tx, id: int) -> Opportunity:
        doc = tx.get(OPPORTUNITIES, id)
        if doc is None:
            raise self._gone(id)
        return from_doc(id, doc)

    def _gone(self, id: int) -> NotFound:
        """Who took a record away, as long as that was not long ago."""
        record = self.sight.removal(id)
        if record is None:
            return NotFound(f"there is no #{id} (any more)")
        when = self.policy.calendar.describe_instant(record.at, self.today())
        return NotFound(f"there is no #{id} any more: {record.by}, {when}: {record.label}")

    def _load_plan(self) -> None:
        found = self.store.find(PLANS, [("member", "=", self.me)], limit=1)
        doc = found[0][1] if found else {}
        self.book.plan = {
            lane: [(int(id), instant(at).timestamp()) for id, at in doc.get(discipline.value, ())]
            for lane, discipline in enumerate(LANES)
        }

    @staticmethod
    def _open(o: Opportunity) -> Opportunity:
        if o.stage in CLOSED:
            raise Usage(f"{named(o)} is {o.stage}: reopen it first")
        return o

    def _when(self, text: str) -> tuple[When, bool]:
        return read_when(clean(text), self.now(), self.policy.calendar)

    def _as_day(self, due: date | datetime) -> date:
        return self.policy.calendar.day(due) if isinstance(due, datetime) else due

    def _still_red(self, o: Opportunity) -> str:
        return still_red(o, self.policy, self.now())


@contextmanager
def _many_objects() -> Iterator[None]:
    """While very many objects are made that stay: the collector would look through them again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()


def _items(record: Record) -> set[int]:
    """The items that a record is about: those it changed, or those whose history it did."""
    changed = {op.id for op in record.ops if op.table == OPPORTUNITIES}
    events = [op.new or op.old for op in record.ops if op.table == EVENTS]
    return changed or {doc["opportunity"] for doc in events if "opportunity" in doc}


def named(o: Opportunity) -> str:
    """The record in a message."""
    return f"{o.title} #{o.id}"


def linked(o: Opportunity, stage: str, now: datetime, name: str) -> Opportunity:
    """A new record that comes out of another: the same people and owner, a clock of its own."""
    return Opportunity(
        name=name,
        company=o.company,
        country=o.country,
        contacts=o.contacts,
        owner=o.owner,
        stage=stage,
        highest="new",
        created=now,
        clock=now,
        care_of=o.id,
        unowned_since=None if o.owner else now,
    )
