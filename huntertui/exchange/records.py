"""What a run would leave in the store: new records, changed ones, and history, until all of it is written."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

from huntertui.desk.history import FILLED, event_doc
from huntertui.desk.off_limits import OFF_LIMITS
from huntertui.desk.tables import EVENTS, IMPORTS, OPPORTUNITIES
from huntertui.errors import NotFound
from huntertui.exchange.spool import Ordered, Spool
from huntertui.model.codec import from_doc, to_doc
from huntertui.store.encoded import Numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huntertui.exchange.drafts import Brought
    from huntertui.exchange.matching import Ref
    from huntertui.model.opportunity import Opportunity
    from huntertui.store.store import Doc, Reader, Tx


class Records:
    """The records of the store as the run would leave them. See `matching.Ref` for how they are named."""

    def __init__(self, reader: Reader) -> None:
        """Begin with what is there."""
        self.stages: Counter[str] = Counter()  # of the new ones
        self.owners: set[str] = set()
        self.triage = 0
        self._reader = reader
        self._new = Spool(OPPORTUNITIES)
        self._changed: dict[Ref, Opportunity] = {}
        self.care: dict[Ref, Ref] = {}  # which item a new one of our own exports looks after
        self._more: dict[Ref, Doc] = {}  # and what its document has besides
        self._brought, self._of_brought = Spool(EVENTS), array("q")  # its history, and of what each event is
        self._events, self._of = Spool(EVENTS), array("q")
        self._when = array("d")  # each event was, in POSIX seconds
        self._off: list[Doc] = []

    def __len__(self) -> int:
        """How many records are new."""
        return len(self._new)

    @property
    def changed(self) -> int:
        """How many records of the store the run changes, history aside."""
        return len(self._changed)

    @property
    def last(self) -> Ref:
        """The ref of the newest of the new ones, 0 before the first."""
        return -len(self._new)

    def get(self, ref: Ref) -> Opportunity:
        """The record, as the run has it by now."""
        if ref < 0:
            return from_doc(0, self._new[-ref - 1])
        return self._changed.get(ref) or self.stored(ref)

    def stored(self, id: int) -> Opportunity:
        """A record of the store as it is there."""
        return from_doc(id, _doc(self._reader, id))

    def add(self, o: Opportunity) -> Ref:
        """A new record."""
        self._new.append(to_doc(o))
        self.stages[o.stage] += 1
        self.owners.add(o.owner)
        self.triage += o.triage
        return -len(self._new)

    def put(self, ref: Ref, o: Opportunity) -> bool:
        """The record as it is from now on; whether that is anything new."""
        before = self.get(ref)
        if o == before:
            return False
        if ref < 0:
            self._new[-ref - 1] = to_doc(o)
            self.triage += o.triage - before.triage
        else:
            self._changed[ref] = o
        return True

    def tell(self, ref: Ref, kind: str, at: datetime, by: str, fields: Doc) -> None:
        """A piece of its history."""
        event = event_doc(kind, 0, at, by, fields)
        del event[_OF]  # known when it is written
        self._events.append(event)
        self._of.append(ref)
        self._when.append(at.timestamp())

    def bring(self, brought: Brought) -> None:
        """What the newest of the new ones, of our own export, brings along."""
        for event in brought.events:
            self._brought.append(event)
            self._of_brought.append(self.last)
        if brought.fields:
            self._more[self.last] = brought.fields

    def keep_off(self, doc: Doc) -> None:
        """One more of those not to contact."""
        self._off.append(doc)

    def samples(self, most: int) -> tuple[Opportunity, ...]:
        """The first of the new ones."""
        return tuple(from_doc(0, self._new[place]) for place in range(min(most, len(self._new))))

    @property
    def touched(self) -> set[int]:
        """The records of the store that the run changes, or tells something of."""
        return {*self._changed, *(ref for ref in self._of if ref > 0)}

    @property
    def empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (self._new or self._changed or self._events or self._off)

    def write(self, tx: Tx, doc: Doc, now: datetime, by: str, progress: Callable[[float], None]) -> int:
        """Write everything, with `doc` as the word that there was an import; returns its id. `progress` gets
        what part is done.

        What is changed in a record that was here stands in its history, old and new: it is told by it, and
        taken back by it, however large the import was.
        """
        file, batch = doc["file"], tx.insert(IMPORTS, doc)
        for ref, more in self._more.items():
            self._new[-ref - 1] = self._new[-ref - 1] | more
        count = len(self._new)
        texts = Ordered(self._new, range(count), progress)
        ids = tx.insert_encoded(OPPORTUNITIES, Numbered(texts, "import_id", array("q", [batch]) * count))

        def id_of(ref: Ref) -> int:
            return ids[-ref - 1] if ref < 0 else ref

        for ref, o in self._changed.items():
            before = _doc(tx, ref)
            was, wanted = to_doc(from_doc(ref, before)), to_doc(o)
            fields = [field for field in was | wanted if was.get(field) != wanted.get(field)]
            old = {field: before[field] for field in fields if field in before}
            new = {field: wanted[field] for field in fields if field in wanted}
            tx.update(OPPORTUNITIES, ref, new, unset=[field for field in old if field not in new])
            told = {"text": f"from {file}: {', '.join(map(_words, fields))}", "old": old, "new": new}
            tx.insert(EVENTS, event_doc(FILLED, ref, now, by, told))
        in_time = array("L", sorted(range(len(self._events)), key=self._when.__getitem__))
        about = array("q", (id_of(self._of[place]) for place in in_time))
        tx.insert_encoded(EVENTS, Numbered(Ordered(self._events, in_time), _OF, about))
        about = array("q", map(id_of, self._of_brought))
        tx.insert_encoded(EVENTS, Numbered(Ordered(self._brought, range(len(about))), _OF, about))
        for ref, other in self.care.items():
            tx.update(OPPORTUNITIES, id_of(ref), {"care_of": id_of(other)})
        for doc in self._off:
            tx.insert(OFF_LIMITS, doc)
        return batch


_OF = "opportunity"  # the field of an event that says of which item it is


def _doc(reader: Reader, id: int) -> Doc:
    doc = reader.get(OPPORTUNITIES, id)
    if doc is None:
        raise NotFound(f"there is no #{id} (any more)")
    return doc


def _words(field: str) -> str:
    return field.replace("_", " ")
