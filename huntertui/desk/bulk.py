"""One use case on many items: in one transaction and one undo, and what cannot take it is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from huntertui.desk.ledger import Change, Run, named
from huntertui.desk.planning import Planning
from huntertui.desk.previews import preview
from huntertui.errors import Conflict, NotAllowed, NotFound, Overtaken, Usage
from huntertui.model.codec import Spoilt
from huntertui.model.pipeline import LANES
from huntertui.model.text import Unclear
from huntertui.records import dataclass
from huntertui.store.encoded import Texts
from huntertui.store.store import Doc, Tx, Where

FULL = 10_000
"""Documents that one transaction may write and still be taken back one by one, as the store has it."""

TOLD = 10
"""Conflicts of which it is found out who was quicker: each means a search through what was done since."""

REFUSALS = (Usage, NotAllowed, NotFound, Conflict, Unclear, Spoilt)
"""What concerns one item alone; the rest (a full disk, a busy store) ends the whole."""

_Item = tuple[int, list[Run]]


@dataclass(frozen=True, slots=True)
class Left:
    """An item left as it is; `name` is that of messages, "Acme #12"."""

    id: int
    name: str
    error: Exception


class Bulk(Planning):
    """Any use case on many items, without a word of it written twice."""

    def on_many(
        self,
        ids: Sequence[int],
        act: Callable[[int], Change],
        words: Callable[[int], str],
        also: Callable[[Tx], None] | None = None,
    ) -> tuple[Change, list[Left]]:
        """Run a use case on each item, guarded as ever; `words` says of how many items it was done.

        `also`: what is written once, along with the last of them.

        A reason that names no item and stands against all of them (an answer not understood) is raised.
        Beyond what one transaction can hold with its undo there are several, whole and in order; `undo`
        takes all back.
        """
        items, left = self._gather(ids, act)
        total = len(items)
        done: list[int] = []
        change, part = Change((), "", None), 0
        while items:
            part += 1
            change, refused, items = self._do(items, words, total if part > 1 else 0, part, also)
            done += change.ids
            left += refused
        if left and not done and len({str(one.error) for one in left}) == 1:
            raise left[0].error
        return Change(tuple(done), words(len(done)) if done else "nothing changed", change.seq), left

    def _gather(self, ids: Iterable[int], act: Callable[[int], Change]) -> tuple[list[_Item], list[Left]]:
        """What the use case would do to each item, from what was shown of it; nothing is written yet."""
        items: list[_Item] = []
        left: list[Left] = []
        for id in ids:
            self._gathered = []
            try:
                act(id)
                items.append((id, self._gathered))
            except REFUSALS as error:
                left.append(self._left(id, error))
            finally:
                self._gathered = None
        return items, left

    def _do(
        self,
        items: list[_Item],
        words: Callable[[int], str],
        total: int,
        part: int,
        also: Callable[[Tx], None] | None,
    ) -> tuple[Change, list[Left], list[_Item]]:
        """As many items as one transaction holds: what was done, what was left, what is still to do.

        `total`: how many all parts are about; 0 as long as there is one part only.
        """
        refused: list[tuple[int, Exception]] = []
        rest: list[_Item] = []

        def run(tx: Tx) -> tuple[int, ...]:
            done: list[int] = []
            written = conflicts = 0
            refused.clear()
            rest.clear()
            for at, (id, runs) in enumerate(items):
                trial = Trial(tx, tell=conflicts < TOLD)
                try:
                    for one in runs:
                        one(trial)
                except REFUSALS as error:
                    trial.take_back()
                    refused.append((id, error))
                    conflicts += isinstance(error, Conflict)
                    continue
                if done and written + trial.written > FULL:
                    trial.take_back()
                    rest.extend(items[at:])
                    break
                written += trial.written
                done.append(id)
            if also and not rest and (done or part > 1):
                also(tx)
            parts = total or (len(items) if rest else 0)
            tx.label = part_words(words(parts), part) if parts else words(len(done))
            return tuple(done)

        change = self._commit(run)
        return change, [self._left(id, error) for id, error in refused], list(rest)

    def undo(self) -> Change:
        """Take back my last change, all parts of it. Conflict when someone has changed it since."""
        change = super().undo()
        words, part = part_of(change.message.removeprefix("undone: "))
        while part > 1 and (done := self._next()[0]) and part_of(done.label) == (words, part - 1):
            change, part = self._joined(change, super().undo()), part - 1
        return change

    def redo(self) -> Change:
        """Do again what I undid last, all parts of it."""
        change = super().redo()
        words, part = part_of(change.message.removeprefix("redone: "))
        while part and (undone := self._next()[1]):
            if part_of(undone.label.removeprefix("undone: ")) != (words, part + 1):
                break
            change, part = self._joined(change, super().redo()), part + 1
        return change

    @staticmethod
    def _joined(first: Change, then: Change) -> Change:
        return Change((*first.ids, *then.ids), part_of(then.message)[0], then.seq)

    def _left(self, id: int, error: Exception) -> Left:
        try:
            o = self.opportunity(id)
        except Spoilt:
            o = None
        return Left(id, named(o) if o else f"#{id}", error)

    def preview_many(self, what: str, id: int, text: str) -> str:
        """What was understood of an answer for many items, of which `id` is one: without what is its own.

        Unclear when it is not understood.
        """
        if what in ("value", "owner"):
            return preview(what, self._get(id), text, self.policy, self.now())
        when, agreed = self._when(text)
        rest = f" {when.rest}" if when.rest else ""
        return f"→ {when.text}{rest}{' agreed with them' if agreed else ''}"

    # Today's plan, which is one list and not a matter of each item

    def plan_many(self, ids: Sequence[int], *, top: bool) -> Change:
        """To the top of my plan for today, in this order; or, what is outside it, to its end."""
        chosen = self._by_lane(ids)
        lanes = {}
        for lane, mine in chosen.items():
            planned = self.book.planned(lane)
            before, outside = set(planned), set(mine)
            if top:
                lanes[lane] = [*mine, *(id for id in planned if id not in outside)]
            else:
                lanes[lane] = [*planned, *(id for id in mine if id not in before)]
        count = sum(map(len, chosen.values()))
        words = "on top of today's plan" if top else "in today's plan"
        return self._replan(lanes, tuple(ids), f"{count:,} {words}")

    def unplan_many(self, ids: Sequence[int]) -> Change:
        """Off my plan."""
        gone = set(ids)
        lanes = {lane: [i for i in self.book.planned(lane) if i not in gone] for lane in range(len(LANES))}
        return self._replan(lanes, tuple(ids), f"{len(ids):,} off today's plan")

    def _by_lane(self, ids: Sequence[int]) -> dict[int, list[int]]:
        chosen: dict[int, list[int]] = {}
        for id in ids:
            if row := self.book.row(id):
                chosen.setdefault(row.lane, []).append(id)
        if not chosen:
            raise Usage("only open items are planned")
        return chosen


class Trial:
    """What one item writes in a transaction shared by many, so that it can be taken back by itself.

    `written`: how many documents it wrote. `tell`: a conflict says who was quicker, else only that it is one.
    """

    def __init__(self, tx: Tx, *, tell: bool = True) -> None:
        self.label = ""
        self.undoes: int | None = None
        self._tx = tx
        self._tell = tell
        self._before: dict[tuple[str, int], Doc | None] = {}

    @property
    def written(self) -> int:
        return len(self._before)

    def get(self, table: str, id: int) -> Doc | None:
        """See `Reader.get`."""
        return self._tx.get(table, id)

    def find(
        self, table: str, where: Where = (), order: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[int, Doc]]:
        """See `Reader.find`."""
        return self._tx.find(table, where, order, limit)

    def insert(self, table: str, doc: Doc, id: int | None = None) -> int:
        """See `Tx.insert`."""
        made = self._tx.insert(table, doc, id)
        self._before.setdefault((table, made), None)
        return made

    def insert_encoded(self, table: str, texts: Texts) -> range:
        """See `Tx.insert_encoded`."""
        made = self._tx.insert_encoded(table, texts)
        self._before |= dict.fromkeys(((table, id) for id in made), None)
        return made

    def update(
        self, table: str, id: int, changes: Doc, expect: Doc | None = None, unset: Sequence[str] = ()
    ) -> None:
        """See `Tx.update`."""
        before = self._tx.get(table, id)
        if not self._tell and any(
            (before or {}).get(field) != seen for field, seen in (expect or {}).items()
        ):
            raise Overtaken("a colleague has changed it since")
        self._tx.update(table, id, changes, expect, unset)
        self._before.setdefault((table, id), before)

    def delete(self, table: str, id: int, expect: Doc | None = None) -> None:
        """See `Tx.delete`."""
        before = self._tx.get(table, id)
        self._tx.delete(table, id, expect)
        self._before.setdefault((table, id), before)

    def written_since(self, seq: int) -> set[tuple[str, int]]:
        """See `Tx.written_since`."""
        return self._tx.written_since(seq)

    def take_back(self) -> None:
        """Let everything stand as it did."""
        for (table, id), before in reversed(self._before.items()):
            now = self._tx.get(table, id)
            if before is None:
                if now is not None:
                    self._tx.delete(table, id)
            elif now is None:
                self._tx.insert(table, before, id)
            else:
                self._tx.update(table, id, before, unset=[field for field in now if field not in before])
        self._before.clear()


def part_words(words: str, part: int) -> str:
    """The label of one of several transactions that are one change to people."""
    return f"{words} (part {part})"


def part_of(label: str) -> tuple[str, int]:
    """(words, number) of a label that `part_words` made; (label, 0) of any other."""
    words, found, number = label.removesuffix(")").rpartition(" (part ")
    return (words, int(number)) if found and number.isdecimal() and label.endswith(")") else (label, 0)
