"""The desk's machinery: one transaction for each act, undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from huntertui.desk.history import changed, clearing, event_doc
from huntertui.desk.reading import Reading
from huntertui.desk.tables import EVENTS, OPPORTUNITIES, private
from huntertui.desk.undoing import (
    UNDO_DAYS,
    Turns,
    brought_in,
    changed_after,
    in_the_way,
    items,
    take_out,
    without_queues,
)
from huntertui.errors import Conflict, HunterError, NotAllowed, Overtaken, Resync, Usage
from huntertui.garbage import uncollected
from huntertui.model.codec import Spoilt, from_doc, to_doc
from huntertui.model.entry import read_when
from huntertui.model.explain import still_red
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED
from huntertui.model.text import clean
from huntertui.model.when import When
from huntertui.records import dataclass
from huntertui.store.store import Committed, Doc, Record, Tx, apply_inverse

NAMED = 3  # items that a message names one by one
STEP = ("next_step", "next_due", "next_kind")  # the fields that are the next step

Act = Callable[[Opportunity], Opportunity]
Says = Callable[[Opportunity, Opportunity], str]
Run = Callable[[Tx], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case did. `seq`: the record that undo takes back, None when nothing was written."""

    ids: tuple[int, ...]
    message: str
    seq: int | None


class _Tried(Exception):
    """Takes what a change would have done out of its transaction, which then writes nothing."""

    def __init__(self, ids: tuple[int, ...], said: str) -> None:
        self.change = Change(ids, said, None)


class Ledger(Reading):
    """The one way to change what is in the store, and to take a change back.

    `rehearsing`: changes are tried and told on the fresh state, refusals among them, and nothing is written.
    """

    rehearsing = False
    _gathered: list[Run] | None = None  # where changes go, in place of the store, while many are gathered

    # Undo

    def undo(self) -> Change:
        """Take back my last change. Conflict when someone has changed it since."""
        done, _ = self._next()
        if done is None:
            raise Usage("nothing of yours to undo")
        return self._reverse(done, "undone")

    def redo(self) -> Change:
        """Do again what I undid last."""
        _, undone = self._next()
        if undone is None:
            raise Usage("nothing to redo")
        return self._reverse(undone, "redone")

    def turnable(self) -> tuple[bool, bool]:
        """Whether there is something of mine to undo, and something to redo."""
        done, undone = self._next()
        return done is not None, undone is not None

    @cached_property
    def _turns(self) -> Turns:
        return Turns(self.store, self.me)

    def _next(self) -> tuple[Record | None, Record | None]:
        """The record to undo next, and the undoing to redo next."""
        done, undone = self._turns.of(self.now() - timedelta(days=UNDO_DAYS))
        record = self.store.record
        return record(done[-1]) if done else None, record(undone[-1]) if undone else None

    def _reverse(self, record: Record, word: str) -> Change:
        label = record.label.removeprefix("undone: ").removeprefix("redone: ")
        if brought := brought_in(record):
            try:
                with uncollected():
                    return self._take_out(record, brought, f"{word}: {label}")
            except Resync:
                raise Overtaken(f"not {word}: {label}; what was changed since cannot be told") from None
        if record.bulk:
            why = "it changed too much at once" if record.undoes is None else "import the file again"
            raise Usage(f"not {word}: {label}; {why}")

        def run(tx: Tx) -> tuple[int, ...]:
            apply_inverse(tx, without_queues(record))
            tx.label = f"{word}: {label}"
            return tuple(sorted(items(record)))

        try:
            return self._commit(run)
        except Conflict as conflict:
            raise Overtaken(f"not {word}: {label}; {self._in_the_way(record, conflict)}") from conflict

    def _in_the_way(self, record: Record, conflict: Conflict) -> str:
        """Who has changed it since, when, and what he did."""
        later = in_the_way(self.store, record, conflict)
        by, at = (later.by, later.at) if later else (conflict.by, conflict.at)
        if not by or at is None:
            return "it was changed since"
        when = self.policy.calendar.describe_instant(at, self.today())
        return f"{by} has changed it since ({when}{f': {later.label}' if later else ''})"

    def _take_out(self, record: Record, brought: dict[str, list[int]], label: str) -> Change:
        """Take back an import, but for what somebody has worked on since."""
        self.store.refresh()
        since = self.store.seq
        changed = changed_after(self.store, record.seq)

        def run(tx: Tx) -> tuple[int, ...]:
            gone, kept = take_out(tx, brought, changed, since)
            if kept and not gone:
                raise Overtaken(f"not {label}; all of it has been changed since")
            tx.undoes = record.seq
            tx.label = label + _kept_words(kept)
            return tuple(id for id, _ in kept)

        return self._commit(run)

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
        told = [*events, *clearing(before, after, how, self.policy, self.now())]
        theirs = before.owner if before.owner != self.me else ""
        if theirs and not told and (what := changed(before, after, self.policy, self.now())):
            told.append(("act", {"text": what}))
        for kind, fields in told:
            made = {"stage": before.stage} if kind == "touch" else {}  # whose discipline's work it was
            if theirs and kind != "owner":
                made["owner"] = theirs  # for whom it was done: a touch is credited to both
            self._record(tx, kind, id, {**fields, **made})
        return before, after

    def _record(self, tx: Tx, kind: str, id: int, fields: Doc) -> None:
        """Write into an item's history."""
        tx.insert(EVENTS, event_doc(kind, id, self.now(), self.me, fields))

    def _commit(self, run: Run) -> Change:
        if self._gathered is not None:
            self._gathered.append(run)
            return Change((), "", None)
        if self.read_only:
            raise NotAllowed(f"read-only: {self.read_only}")
        said = ""

        def labelled(tx: Tx) -> tuple[int, ...]:
            nonlocal said
            ids = run(tx)
            said = tx.label
            if self.rehearsing:
                raise _Tried(ids, said)
            self._along(tx)
            return ids

        try:
            done: Committed[tuple[int, ...]] = self.store.transact(labelled, self.me)
        except _Tried as tried:
            return tried.change
        if done.record is not None:
            self.sight.made(done.record.seq)
        self._catch_up()
        if done.record is None or private(done.record):
            return Change(done.result, f"no change, {said}", None)
        return Change(done.result, done.record.label, done.record.seq)

    def _along(self, tx: Tx) -> None:
        """What is kept with an act, in its transaction."""

    def _read(self, tx: Tx, id: int) -> Opportunity:
        doc = tx.get(OPPORTUNITIES, id)
        if doc is None:
            raise self._gone(id)
        return from_doc(id, doc)

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


def _kept_words(kept: Sequence[tuple[int, Doc]]) -> str:
    """Which items of an import stay: the first few by name."""
    if not kept:
        return ""
    names = ", ".join(_name(id, doc) for id, doc in kept[:NAMED])
    more = f" and {len(kept) - NAMED} more" if len(kept) > NAMED else ""
    return f"; changed since, so kept: {names}{more}"


def _name(id: int, doc: Doc) -> str:
    try:
        return named(from_doc(id, doc))
    except Spoilt:
        return f"#{id}"


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
