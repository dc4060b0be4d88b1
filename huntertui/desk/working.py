"""Working through: a queue of items, one at a time, kept for its member along with each act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime

from huntertui.desk.ledger import Ledger
from huntertui.desk.tables import QUEUES
from huntertui.model.codec import instant, instant_text
from huntertui.records import dataclass
from huntertui.store.store import Doc, Tx

LONGEST = 250
"""Items of a queue: more than anybody deals with in a day."""

Gone = Callable[[int], bool]
"""Whether an item has dropped out of a queue."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Items to work through, fixed when it was begun. `name`: what they are, as "Prospects".

    `at`: the index of the item in hand, `len(ids)` when all are behind. `done`: id -> what was done;
    `skips`: id -> how often it was skipped today. `theirs`: what was a colleague's when it was begun.
    """

    name: str
    ids: tuple[int, ...]
    day: date
    since: datetime
    at: int = 0
    done: Mapping[int, str] = field(default_factory=dict)
    skips: Mapping[int, int] = field(default_factory=dict)
    theirs: frozenset[int] = frozenset()

    @property
    def id(self) -> int | None:
        """The item in hand, None when all are behind."""
        return self.ids[self.at] if self.at < len(self.ids) else None

    def left(self, gone: Gone) -> list[int]:
        """What is still to be done, in its order."""
        return [id for id in self.ids if id not in self.done and not gone(id)]

    def place(self, gone: Gone) -> tuple[int, int]:
        """The item in hand as (number from 1, of so many that have not dropped out)."""
        there = [at for at, id in enumerate(self.ids) if id in self.done or not gone(id)]
        return sum(at <= self.at for at in there), len(there)

    def on(self, gone: Gone) -> Queue:
        """The next item that is to be done."""
        return self._from(self.at + 1, gone)

    def resumed(self, gone: Gone) -> Queue:
        """Where it was left: the item in hand, or the next to be done, around its end."""
        queue = self._from(self.at, gone)
        return queue if queue.id is not None else self._from(0, gone)

    def _from(self, start: int, gone: Gone) -> Queue:
        left = (
            at
            for at in range(start, len(self.ids))
            if self.ids[at] not in self.done and not gone(self.ids[at])
        )
        return replace(self, at=next(left, len(self.ids)))

    def back(self, gone: Gone) -> Queue:
        """The item before, done or not; the same when there is none."""
        before = (
            at for at in range(self.at - 1, -1, -1) if self.ids[at] in self.done or not gone(self.ids[at])
        )
        return replace(self, at=next(before, self.at))

    def skipped(self, gone: Gone) -> Queue:
        """On to the next, the one in hand left as it is."""
        id = self.id
        skips = dict(self.skips)
        if id is not None and id not in self.done:
            skips[id] = skips.get(id, 0) + 1
        return replace(self, skips=skips).on(gone)

    def did(self, id: int, what: str) -> Queue:
        """Something was done with an item."""
        return replace(self, done={**self.done, id: what})

    def undone(self, id: int) -> Queue:
        """It was taken back: that item is in hand again."""
        done = {key: what for key, what in self.done.items() if key != id}
        return replace(self, done=done, at=self.ids.index(id))


class Working(Ledger):
    """My queue of today. What `queue` is goes into the store with my next act, or by `keep_queue`.

    So a line that drops, or a kill, loses no place in it. Undo and colleagues do not see it.
    """

    queue: Queue | None = None

    def begin_queue(self, name: str, ids: Sequence[int]) -> Queue:
        """A new queue of these items; what was skipped today stays counted."""
        before = self.todays_queue()
        skips = before.skips if before is not None else {}
        ids = tuple(ids[:LONGEST])
        theirs = frozenset(id for id in ids if not self._mine_or_free(id))
        self.queue = Queue(name, ids, self.today(), self.now(), skips=skips, theirs=theirs)
        self.keep_queue()
        return self.queue

    def todays_queue(self) -> Queue | None:
        """The queue that I began last, if that was today."""
        found = self.store.find(QUEUES, [("member", "=", self.me)], limit=1)
        queue = _read(found[0][1]) if found else None
        return queue if queue is not None and queue.day == self.today() else None

    def keep_queue(self) -> None:
        """Keep where I stand. Raises what `Store.transact` raises; nothing where nothing can be kept."""
        if self.queue is None or self.read_only:
            return

        def run(tx: Tx) -> None:
            tx.label = "works through a queue"
            self._along(tx)

        self.store.transact(run, self.me)
        self._catch_up()

    def dropped(self, id: int) -> bool:
        """Whether an item of the queue needs no work any more: closed, touched, or another's since."""
        row, queue = self.book.row(id), self.queue
        if row is None or queue is None:
            return True
        if row.touched > queue.since.timestamp():
            return True
        return not (id in queue.theirs or self._mine_or_free(id))

    def _mine_or_free(self, id: int) -> bool:
        row = self.book.row(id)
        return row is not None and (row.owner in ("", self.me) or row.helper == self.me)

    def _along(self, tx: Tx) -> None:
        if self.queue is None:
            return
        doc = _doc(self.queue) | {"member": self.me}
        found = tx.find(QUEUES, [("member", "=", self.me)], limit=1)
        if found:
            tx.update(QUEUES, found[0][0], doc)
        else:
            tx.insert(QUEUES, doc)


def _doc(queue: Queue) -> Doc:
    return {
        "day": queue.day.isoformat(),
        "name": queue.name,
        "ids": list(queue.ids),
        "since": instant_text(queue.since),
        "at": queue.at,
        "done": [list(pair) for pair in queue.done.items()],
        "skips": [list(pair) for pair in queue.skips.items()],
        "theirs": sorted(queue.theirs),
    }


def _read(doc: Doc) -> Queue | None:
    """The queue of a document; None when an edit outside has spoilt it."""
    try:
        ids = tuple(map(int, doc["ids"]))
        at = min(max(int(doc["at"]), 0), len(ids))
        day, since = date.fromisoformat(doc["day"]), instant(doc["since"])
        done = {int(id): str(what) for id, what in doc["done"]}
        skips = {int(id): int(times) for id, times in doc["skips"]}
        return Queue(str(doc["name"]), ids, day, since, at, done, skips, frozenset(map(int, doc["theirs"])))
    except (KeyError, ValueError, TypeError):
        return None
