"""From another huntertui to this one: items as they were there, with their history, in one change.

An item is told by its uid alone: what is here is left as people have made it, so a second run adds nothing,
and two that share a person stay two. The do-not-contact list of the other team comes along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from huntertui.desk.tables import DO_NOT_CONTACT, EVENTS, IMPORTS, OPPORTUNITIES
from huntertui.errors import BadValue
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.importing import MAX_REJECTS, Imported
from huntertui.exchange.items import ORIGIN, Doc, uid_of
from huntertui.exchange.matching import ways_of
from huntertui.exchange.rows import BadRow, RowError
from huntertui.exchange.words import key
from huntertui.garbage import uncollected
from huntertui.model.codec import Spoilt, from_doc, instant, instant_text, to_doc
from huntertui.model.pipeline import CLOSED, LOST, WON
from huntertui.model.text import clean
from huntertui.store.values import plain_doc

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.exchange.ownfile import OwnFile
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Reader, Store, Tx

MAX_UID = 64
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves items in, when, by which rules. `owners`: their name -> ours."""

    policy: Policy
    by: str
    now: datetime
    owners: Mapping[str, str]

    def foresee(self, store: Store, given: OwnFile, progress: Progress) -> Imported:
        """What would come of it; nothing is written. ImportFault."""
        store.refresh()
        with uncollected():
            return self._run(store, None, given, progress)

    def move(self, store: Store, given: OwnFile, progress: Progress) -> Imported:
        """Write all of it as one record that undo takes back. ImportFault, and what `transact` raises."""

        def run(tx: Tx) -> Imported:
            return self._run(tx, tx, given, progress)

        with uncollected():
            return store.transact(run, self.by).result

    def _run(self, reader: Reader, tx: Tx | None, given: OwnFile, progress: Progress) -> Imported:
        arrivals = _Arrivals(reader, tx)
        for line, item in given.items(progress):
            arrivals.rows += 1
            try:
                arrival = self._arrival(line, item)
            except BadRow as bad:
                arrivals.errors.append(bad.error)
                if len(arrivals.errors) > MAX_REJECTS:
                    raise ImportFault(f"{given.blob.where}: hardly any item of it can be read") from None
                continue
            arrivals.take(arrival)
        return arrivals.end(given, self)

    def _arrival(self, line: int, item: Any) -> _Arrival:
        """What an item of the file is here. BadRow: it cannot be read."""
        if not isinstance(item, dict) or not isinstance(item.get("opportunity"), dict):
            raise BadRow(RowError(line, "", "", "is no item of an export, or is cut off"))
        uid = item.get("uid")
        if not isinstance(uid, str) or not 0 < len(uid) <= MAX_UID or clean(uid) != uid:
            raise BadRow(RowError(line, "uid", str(uid)[:MAX_UID], "tells no item again"))
        events = item.get("events") or []
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise BadRow(RowError(line, "events", "", "is no list of events"))
        try:
            doc = plain_doc(item["opportunity"], "opportunity")
            history = [plain_doc(event, "events") for event in events]
            o = from_doc(0, doc)
        except (BadValue, Spoilt) as error:
            message = str(error).removeprefix("opportunity #0: ")
            raise BadRow(RowError(line, "", "", message)) from None
        return _Arrival(uid, *self._received(o, doc, uid), history, str(item.get("care_of") or ""))

    def _received(self, o: Opportunity, doc: Doc, uid: str) -> tuple[Opportunity, Doc]:
        """An item with its uid, and an owner whom this team has; only what differs is written anew, as others
        may have fields of their own in it."""
        theirs = o.owner
        owner = self.owners.get(key(theirs), theirs)
        ids = tuple(dict.fromkeys((uid, *o.external_ids.get(ORIGIN, ()))))
        after = replace(o, owner=owner, external_ids=o.external_ids | {ORIGIN: ids}, care_of=None)
        if theirs and not self.policy.team.has(owner, self.policy.calendar.day(self.now)):
            after = replace(after, owner="", source_owner=theirs, unowned_since=self.now)
        old, new = to_doc(o), to_doc(after)
        doc = {name: value for name, value in doc.items() if name not in old or name in new}
        doc.pop("import_id", None)
        return after, doc | {name: value for name, value in new.items() if old.get(name) != value}


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One item to be taken in. `care_of`: the uid of what it looks after."""

    uid: str
    opportunity: Opportunity
    doc: Doc
    events: list[Doc]
    care_of: str


@dataclass(slots=True)
class _Arrivals:
    """What has come of the items so far; they are written as they come, where there is a `tx`."""

    reader: Reader
    tx: Tx | None
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _stages: Counter[str] = field(default_factory=Counter)
    _owners: set[str] = field(default_factory=set)
    _batch: int | None = None
    _here: dict[str, int] = field(default_factory=dict)  # uid -> id
    _waiting: list[tuple[int, str]] = field(default_factory=list)  # (id, uid of what it looks after)
    _off: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look at who is here, and who wants no contact."""
        for id, doc in self.reader.find(OPPORTUNITIES):
            try:
                o = from_doc(id, doc)
            except Spoilt:  # others have edited the store's file
                continue
            self._here |= dict.fromkeys((uid_of(o), *o.external_ids.get(ORIGIN, ())), id)
        self._off = {_entry(doc) for _, doc in self.reader.find(DO_NOT_CONTACT)}

    def take(self, arrival: _Arrival) -> None:
        """Place one."""
        o = arrival.opportunity
        if arrival.uid in self._here:
            self._counts["here"] += 1
            return
        if not self._off.isdisjoint(ways_of(contact for contact in o.contacts if not contact.blocked)):
            self._counts["blocked"] += 1
            return
        self._counts["added"] += 1
        self._counts["triage"] += o.triage
        self._stages[o.stage] += 1
        self._owners.add(o.owner)
        id = 0 if self.tx is None else self._write(self.tx, arrival)
        self._here[arrival.uid] = id
        if arrival.care_of:
            self._waiting.append((id, arrival.care_of))

    def _write(self, tx: Tx, arrival: _Arrival) -> int:
        if self._batch is None:
            self._batch = tx.insert(IMPORTS, {})
        id = tx.insert(OPPORTUNITIES, arrival.doc | {"import_id": self._batch})
        for event in arrival.events:
            tx.insert(EVENTS, event | {"opportunity": id})
        return id

    def end(self, given: OwnFile, mover: Mover) -> Imported:
        """No item follows: what looks after another is told its number here, and the list comes along."""
        done = self._counted(given)
        if self.tx is None or self._batch is None:
            return done
        for id, uid in self._waiting:
            if cared := self._here.get(uid):
                self.tx.update(OPPORTUNITIES, id, {"care_of": cared})
        for doc in _listed(given.head):
            if _entry(doc) not in self._off:
                self.tx.insert(DO_NOT_CONTACT, doc)
        told = {"file": given.file, "kind": "huntertui", "at": instant_text(mover.now), "by": mover.by}
        counts = {name: getattr(done, name) for name in ("rows", "added", "merged", "rejected", "left_out")}
        self.tx.update(IMPORTS, self._batch, told | counts)
        self.tx.label = f"imported {done.added} from {given.file}"
        return replace(done, import_id=self._batch)

    def _counted(self, given: OwnFile) -> Imported:
        counts, stages = self._counts, self._stages
        return Imported(
            rows=self.rows,
            added=counts["added"],
            merged=counts["here"],
            rejected=len(self.errors),
            left_out=counts["blocked"],
            updated=0,
            skipped=counts["here"],
            attached=0,
            blocked=counts["blocked"],
            triage=counts["triage"],
            open=sum(n for stage, n in stages.items() if stage not in CLOSED),
            won=stages[WON],
            lost=stages[LOST],
            import_id=None,
            errors=((given.file, tuple(self.errors)),),
            owners=frozenset(self._owners),
        )


def _entry(doc: Doc) -> tuple[str, ...]:
    return str(doc.get("kind")), str(doc.get("value"))


def _listed(head: Mapping[str, Any]) -> Iterator[Doc]:
    """The entries of a do-not-contact list that are some."""
    listed = head.get("do_not_contact")
    for doc in listed if isinstance(listed, list) else ():
        texts = ("kind", "value", "at", "by")
        if isinstance(doc, dict) and all(isinstance(doc.get(name), str) for name in texts):
            entry = {name: clean(doc[name]) for name in texts}
            with suppress(ValueError):  # no moment
                instant(entry["at"])
                if entry["kind"] in ("email", "phone") and entry["value"]:
                    yield entry
