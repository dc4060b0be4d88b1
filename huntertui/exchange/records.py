"""What a run would leave in the store: new records, changed ones, and history, until all of it is written."""

from __future__ import annotations

from array import array
from collections import Counter
from json import loads
from typing import TYPE_CHECKING

from huntertui.desk.history import FILLED, event_doc
from huntertui.desk.listed import OFF_LIMITS
from huntertui.desk.tables import EVENTS, IMPORTS, OPPORTUNITIES
from huntertui.errors import NotFound
from huntertui.exchange.spool import Ordered, Spool
from huntertui.model.codec import from_doc, instant_in, to_doc
from huntertui.store.encoded import Numbered, encoded_json, encoded_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from huntertui.exchange.drafts import Brought, Draft
    from huntertui.exchange.matching import Ref
    from huntertui.model.opportunity import Opportunity
    from huntertui.store.encoded import Encoded, Texts
    from huntertui.store.store import Doc, Reader, Tx

_WHERE = "an imported row"


class Records:
    """The records of the store as the run would leave them. See `matching.Ref` for how they are named."""

    def __init__(self, reader: Reader) -> None:
        """Begin with what is there."""
        self.stages: Counter[str] = Counter()  # of the new ones
        self.owners: set[str] = set()
        self.triage = 0
        self._reader = reader
        self._new = Spool()
        self._changed: dict[Ref, Opportunity] = {}
        self._fields: dict[Ref, Doc] = {}  # that new ones of our own exports bring along and are no ours
        self.care: dict[Ref, Ref] = {}  # which item they look after
        self._events = Spool()
        self._times = array("d")  # when each event was, in seconds
        self._told = array("q")  # and of what
        self._off: dict[tuple[str, str], Doc] = {}

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
            return from_doc(0, self._new.doc(-ref - 1))
        return self._changed.get(ref) or self.stored(ref)

    def stored(self, id: int) -> Opportunity:
        """A record of the store as it is there."""
        return from_doc(id, _doc(self._reader, id))

    def add(self, draft: Draft) -> Ref:
        """A new record, and what it brings along."""
        if (brought := draft.brought) and brought.fields:
            self._new.append(_encoded(loads(draft.json) | brought.fields))
        else:
            self._new.append(encoded_json(draft.json, _WHERE))
        self.stages[draft.stage] += 1
        self.owners.add(draft.owner)
        self.triage += draft.triage
        if brought:
            self._bring(brought)
        return self.last

    def _bring(self, brought: Brought) -> None:
        if brought.fields:
            self._fields[self.last] = brought.fields
        for event in brought.events:
            self._tell(self.last, instant_in(event, "at"), dict(event))

    def put(self, ref: Ref, before: Opportunity, o: Opportunity) -> bool:
        """The record as it is from now on, `before` as it was; whether that is anything new."""
        if o == before:
            return False
        if ref < 0:
            self._new.put(-ref - 1, _encoded(to_doc(o) | self._fields.get(ref, {})))
            self.triage += o.triage - before.triage
        else:
            self._changed[ref] = o
        return True

    def tell(self, ref: Ref, kind: str, at: datetime, by: str, fields: Doc) -> None:
        """A piece of its history."""
        self._tell(ref, at, event_doc(kind, 0, at, by, fields))

    def _tell(self, ref: Ref, at: datetime, event: Doc) -> None:
        event.pop("opportunity", None)  # it is set when the number of a new one is known
        self._events.append(_encoded(event))
        self._times.append(at.timestamp())
        self._told.append(ref)

    def keep_off(self, doc: Doc) -> None:
        """One more of those not to contact, once, however many exports list it."""
        self._off.setdefault((doc["kind"], doc["value"]), doc)

    def samples(self, most: int) -> tuple[Opportunity, ...]:
        """The first of the new ones."""
        return tuple(from_doc(0, self._new.doc(place)) for place in range(min(most, len(self._new))))

    @property
    def touched(self) -> set[int]:
        """The records of the store that the run changes, or tells something of."""
        return {*self._changed, *(ref for ref in self._told if ref > 0)}

    @property
    def empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (self._new or self._changed or self._told or self._off)

    def write(self, tx: Tx, doc: Doc, now: datetime, by: str, progress: Callable[[float], None]) -> int:
        """Write everything, with `doc` as the word that there was an import; returns its id. `progress` gets
        what part is done.

        What is changed in a record that was here stands in its history, old and new: it is told by it, and
        taken back by it, however large the import was.
        """
        file, batch = doc["file"], tx.insert(IMPORTS, doc)
        numbers = array("q", [batch]) * len(self._new)
        ids = tx.insert_encoded(OPPORTUNITIES, Numbered(_Followed(self._new, progress), "import_id", numbers))
        for ref, o in self._changed.items():
            before = _doc(tx, ref)
            was, wanted = to_doc(from_doc(ref, before)), to_doc(o)
            fields = [field for field in was | wanted if was.get(field) != wanted.get(field)]
            old = {field: before[field] for field in fields if field in before}
            new = {field: wanted[field] for field in fields if field in wanted}
            tx.update(OPPORTUNITIES, ref, new, unset=[field for field in old if field not in new])
            told = {"text": f"from {file}: {', '.join(map(_words, fields))}", "old": old, "new": new}
            tx.insert(EVENTS, event_doc(FILLED, ref, now, by, told))
        in_time = array("q", sorted(range(len(self._told)), key=self._times.__getitem__))
        of = array("q", ((ids[-ref - 1] if ref < 0 else ref) for ref in map(self._told.__getitem__, in_time)))
        tx.insert_encoded(EVENTS, Numbered(Ordered(self._events, in_time), "opportunity", of))
        for ref, other in self.care.items():
            tx.update(OPPORTUNITIES, ids[-ref - 1], {"care_of": ids[-other - 1] if other < 0 else other})
        for doc in self._off.values():
            tx.insert(OFF_LIMITS, doc)
        return batch


class _Followed:
    """`Texts` of which is told how far they are read."""

    def __init__(self, texts: Texts, progress: Callable[[float], None]) -> None:
        self._texts, self._progress = texts, progress

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, places: slice) -> Sequence[Encoded]:
        self._progress(places.start / len(self))
        return self._texts[places]


def _doc(reader: Reader, id: int) -> Doc:
    doc = reader.get(OPPORTUNITIES, id)
    if doc is None:
        raise NotFound(f"there is no #{id} (any more)")
    return doc


def _encoded(doc: Doc) -> Encoded:
    return encoded_record(doc, _WHERE)


def _words(field: str) -> str:
    return field.replace("_", " ")
