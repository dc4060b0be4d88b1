"""Where each row of a run goes: a record of its own, one that is here, or nowhere, and why.

Files come in the order companies, deals, people, activities, whatever the order in which they are named, so
that each row finds what it belongs to. A company is a record of its own only where no deal and no person of
it comes along or is here; a person belongs to the deals that name him, else is a record of his own.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from huntertui.desk.listed import OFF_LIMITS, Listed, listed_in, way_of
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.errors import Resync
from huntertui.exchange.activities import ActivityDraft
from huntertui.exchange.alike import company_key
from huntertui.exchange.attaching import attach
from huntertui.exchange.filling import MOST_PEOPLE, blocked, filled, joined, of_company
from huntertui.exchange.items import ORIGIN
from huntertui.exchange.kinds import Role
from huntertui.exchange.matching import Known, Match, Ref, role_of
from huntertui.exchange.records import Records
from huntertui.exchange.rows import BY_CONTENT, RowError
from huntertui.model.codec import Spoilt, who_of
from huntertui.model.elsewhere import triaged
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from huntertui.exchange.drafts import Brought, Draft, Key
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Doc, Reader, Tx

SHOWN = 1_000  # duplicates that are kept to be shown
_JOINED = 20  # deals of one company that a person comes to
_MOST = 1_000  # rows that may be one record without having its id: more are no likeness, but a fault
_ORDER = (Role.COMPANY, Role.DEAL, Role.PERSON, Role.ACTIVITY)


class Fate(StrEnum):
    """What becomes of a row that can be read."""

    ADDED = "added"
    HERE = "here"  # it has been here before
    MERGED = "merged"  # it goes into a record that is here, or comes along
    BLOCKED = "blocked"  # the person wants no contact


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that is a record which is here, or comes along (`id` None), and how that is known."""

    file: str
    line: int
    title: str
    id: int | None
    twin: str
    owner: str
    stage: str
    how: str


@dataclass(slots=True)
class Intake:
    """One run over the rows of one or more files; `records` holds what comes of it. `telling`: there are
    activities among them."""

    reader: Reader
    telling: bool
    policy: Policy
    by: str
    now: datetime
    records: Records = field(init=False)
    fates: Counter[Fate] = field(default_factory=Counter)
    duplicates: list[Duplicate] = field(default_factory=list)
    by_how: Counter[str] = field(default_factory=Counter)
    attached: int = 0
    _known: Known = field(init=False)
    _off: Listed = field(init=False)
    _told: set[str] | None = None  # the ids of the activities that are here
    _companies: dict[Key, Draft] = field(default_factory=dict)  # that wait for somebody to belong to them
    _by_name: dict[str, Key] = field(default_factory=dict)
    _by_member: dict[Key, Key] = field(
        default_factory=dict
    )  # a company by the deals and people that it names
    _taken: set[Key] = field(default_factory=set)
    _naming: dict[Key, list[Ref]] = field(default_factory=dict)  # deals by the ids that they name
    _deals: dict[str, list[Ref]] = field(default_factory=dict)  # the new ones by their companies' names
    _people: dict[Key, list[Ref]] = field(default_factory=dict)  # people by the ids that they name
    _names_of: dict[Key, str] = field(
        default_factory=dict
    )  # people by their ids, where activities come along
    _full: set[Ref] = field(default_factory=set)  # deals with as many people as they may have
    _care_of: dict[Ref, str] = field(default_factory=dict)  # the ids of won items that new ones look after
    _changed: set[Ref] = field(default_factory=set)  # new ones to which something came
    _file: str = ""
    _here: bool = False  # whether the store has records

    def __post_init__(self) -> None:
        """Look at who wants no contact."""
        self.records = Records(self.reader)
        self._known = Known(self.records.get)
        self._off = listed_in(self.reader)

    def look_at(self, here: Iterable[tuple[int, Doc]]) -> None:
        """Know who is here: all records of the store, before the first row."""
        for id, doc in here:
            self._here = True
            with suppress(ValueError):  # others have edited the store's file
                self._known.add(id, who_of(id, doc))

    def stands(self, tx: Tx, seq: int) -> bool:
        """Whether what others have written after record `seq` leaves all of this as it is: they have worked
        on other records, and none of these is one that is to come."""
        try:
            written = tx.written_since(seq)
        except Resync:
            return False
        if any(table == OFF_LIMITS for table, _ in written):
            return False
        told = self._told or set()
        events = (tx.get(EVENTS, id) for table, id in written if table == EVENTS) if told else ()
        if any(event is None or str(event.get("source_id")) in told for event in events):
            return False  # an activity of this run has come by now, or one that was here is gone
        ids = {id for table, id in written if table == OPPORTUNITIES}
        if not ids.isdisjoint(self.records.touched):
            return False
        docs = [(id, tx.get(OPPORTUNITIES, id)) for id in ids]
        try:
            return not any(doc is None or self._known.comes(who_of(id, doc)) for id, doc in docs)
        except ValueError:  # others have edited the store's file
            return False

    @staticmethod
    def order(role: Role) -> int:
        """The place of a file of that role in a run."""
        return _ORDER.index(role)

    def begin(self, file: str, role: Role) -> None:
        """The rows that follow are of that file."""
        if role is Role.ACTIVITY:
            self._settle()
        self._file = file
        self._known.begin(self.records.last - 1)

    def take(self, draft: Draft | ActivityDraft, *, waiting: bool) -> RowError | None:
        """Place one row; the error where it belongs to nothing. `waiting`: files follow whose rows may belong
        to a company."""
        try:
            if isinstance(draft, ActivityDraft):
                return self._activity(draft)
            return self._record(draft, waiting=waiting)
        except Spoilt as spoilt:  # others have edited the store's file
            return RowError(draft.line, "", "", f"belongs to a record that cannot be read: {spoilt}")

    def _record(self, draft: Draft, *, waiting: bool) -> RowError | None:
        """Place the row of a deal, a person or a company."""
        if draft.contacts and self._off:
            off = [self._off.of(contact) is not None for contact in draft.contacts]
            if all(off):
                self.fates[Fate.BLOCKED] += 1
                return None
            if any(off):
                draft = draft.with_(blocked(draft.opportunity, off))
        if draft.brought is not None:
            self._bring(draft, draft.brought)
            return None
        role, match = role_of(draft), self._known.find(draft)
        if match and match.how != "id" and self._met(match.ref) >= _MOST:
            said = f"has the same {match.how} as {_MOST:,} other rows: import them without that column"
            return RowError(draft.line, "", draft.title, said)
        if role is Role.PERSON:
            self._person(draft, match)
        elif match:
            self._merge(draft, match)
            self._names(draft, match.ref)
        elif role is Role.COMPANY and waiting:
            self._wait(draft)
        else:
            self._add(draft)
            if waiting and draft.name and (name := company_key(draft.company)):
                refs = self._deals.setdefault(name, [])
                if len(refs) < _JOINED:
                    refs.append(self.records.last)
        return None

    def off_limits(self, listed: Sequence[Mapping[str, Any]]) -> None:
        """The list of those not to contact that an export of our own brings along. It holds from the next run
        on, as the items of this one are what they were."""
        for doc in listed:
            if way_of(doc) not in self._off:
                self.records.keep_off(dict(doc))

    def end(self) -> None:
        """No row follows."""
        self._settle()
        for ref, id in self._care_of.items():
            if (other := self._known.by_key((ORIGIN, id))) is not None:
                self.records.care[ref] = other
        for ref in self._changed:
            before = self.records.get(ref)
            self.records.put(ref, before, triaged(before, self.policy, self.now))

    def _bring(self, draft: Draft, brought: Brought) -> None:
        """Place an item of our own export. Its history is its own, so only its id tells that it is here."""
        if self._known.by_key(draft.key) is not None:
            self.fates[Fate.HERE] += 1
            return
        self._add(draft)
        if brought.care_of:
            self._care_of[self.records.last] = brought.care_of

    # Companies

    def _settle(self) -> None:
        """No deal or person follows: companies that nobody belongs to are records of their own."""
        for key, draft in self._companies.items():
            if key in self._taken:
                self.fates[Fate.MERGED] += 1
            else:
                self._add(draft)
        self._companies.clear()
        self._by_name.clear()
        self._by_member.clear()

    def _wait(self, draft: Draft) -> None:
        name, key = company_key(draft.company), draft.key
        if key[0] == BY_CONTENT:
            key = self._by_name.get(name, key)
        if there := self._companies.get(key):
            o = filled(there.opportunity, draft.opportunity, self.policy, self.now)
            self._companies[key] = there.with_(o)
            self.fates[Fate.MERGED] += 1
            return
        self._companies[key] = draft
        if name:
            self._by_name.setdefault(name, key)
        for member in draft.links:
            self._by_member.setdefault(member, key)

    def _company_of(self, draft: Draft) -> Draft | None:
        """The company among those that wait: the row itself, else by an id, else by its name."""
        if not self._companies:
            return None
        ids = (draft.key, *draft.links)
        key = next((key for key in ids if key in self._companies), self._by_member.get(draft.key))
        key = key or self._by_name.get(company_key(draft.company))
        return None if key is None else self._companies[key]

    def _links_of(self, draft: Draft) -> tuple[Key, ...]:
        """The ids that a row names, and that of its company where it names that by its name only."""
        company = self._company_of(draft)
        if company is None or company.key in (*draft.links, draft.key):
            return draft.links
        return (*draft.links, company.key)

    # Deals

    def _add(self, draft: Draft) -> None:
        company = self._company_of(draft)
        if company and company.key != draft.key:
            draft = draft.with_(of_company(draft.opportunity, company.opportunity))
            self._taken.add(company.key)
        for key in draft.links if self._here and not draft.company else ():
            there = self._known.by_key(key)
            if there is not None and there > 0 and not draft.company:
                draft = draft.with_(replace(draft.opportunity, company=self.records.get(there).company))
        ref = self.records.add(draft)
        self._known.add(ref, draft)
        self._names(draft, ref)
        self.fates[Fate.ADDED] += 1

    def _names(self, draft: Draft, ref: Ref) -> None:
        """Remember the ids that a record names, so that rows which have them come to it: to a deal its people
        and activities, to a person only activities, as colleagues are no reason to be one."""
        naming = self._people if role_of(draft) is Role.PERSON else self._naming
        for key in self._links_of(draft):
            if (refs := naming.get(key)) is None:
                naming[key] = [ref]
            elif refs[-1] != ref and len(refs) < _JOINED:
                refs.append(ref)

    # People

    def _person(self, draft: Draft, match: Match | None) -> None:
        if self.telling and draft.contacts:
            self._names_of[draft.key] = draft.contacts[0].name
        places = self._naming.get(draft.key) or self._deals_of(draft)
        places = [ref for ref in places if (not match or ref != match.ref) and self._takes(ref, draft)]
        if match:
            self._merge(draft, match)
        elif not places:
            self._add(draft)
        else:
            self.fates[Fate.MERGED] += 1
        for ref in places:
            before = self.records.get(ref)
            self._change(ref, before, joined(before, draft.opportunity))

    def _takes(self, ref: Ref, draft: Draft) -> bool:
        """Whether a deal has room for one more person, or has him."""
        if ref not in self._full and len(self.records.get(ref).contacts) >= MOST_PEOPLE:
            self._full.add(ref)
        return ref not in self._full or self._known.by_key(draft.key) == ref

    def _deals_of(self, draft: Draft) -> list[Ref]:
        """The deals that a person's row names, else the company's item of an earlier import, else the deals
        of the company, if any is open: by its id, else by its name."""
        links = self._links_of(draft)
        others = [key for key in links if key not in self._naming]
        named = [ref for key in others if (ref := self._known.by_key(key)) is not None]
        deals = [ref for ref in named if self.records.get(ref).name]
        if deals or (named := [ref for ref in named if self._is_company(ref)]):
            return deals or named[:1]
        found = [ref for key in links for ref in self._naming.get(key, ())]
        found = found or self._deals.get(company_key(draft.company), [])
        still = [ref for ref in found if not self._known.is_closed(ref)]
        return still or found[-1:]

    def _is_company(self, ref: Ref) -> bool:
        """Whether a record of the store was, before this run, a company of which nobody was known."""
        return ref > 0 and not any(contact.name for contact in self.records.stored(ref).contacts)

    # Rows that are here

    def _merge(self, draft: Draft, match: Match) -> None:
        before = self.records.get(match.ref)
        after = filled(before, draft.opportunity, self.policy, self.now)
        self._change(match.ref, before, after)
        self.by_how[match.how] += 1
        again = match.how == "id" and match.ref > 0
        self.fates[Fate.HERE if again else Fate.MERGED] += 1
        if not again and len(self.duplicates) < SHOWN:
            id = match.ref if match.ref > 0 else None
            title = draft.title
            told = before.title, before.owner, before.stage, match.how
            self.duplicates.append(Duplicate(self._file, draft.line, title, id, *told))

    def _met(self, ref: Ref) -> int:
        """How many rows went into a record."""
        return sum(map(len, self.records.get(ref).external_ids.values()))

    def _change(self, ref: Ref, before: Opportunity, o: Opportunity) -> None:
        if self.records.put(ref, before, o):
            self._known.add(ref, o)
            if ref < 0:
                self._changed.add(ref)

    # Activities

    def _activity(self, draft: ActivityDraft) -> RowError | None:
        if self._told is None:
            found = self.reader.find(EVENTS, [("source_id", ">=", "")])
            self._told = {str(doc["source_id"]) for _, doc in found}
        id = ":".join(draft.key)
        if id in self._told:
            self.fates[Fate.HERE] += 1
            return None
        if draft.contact and self._off and self._off.of(draft.contact):
            self.fates[Fate.BLOCKED] += 1
            return None
        ref = self._place_of(draft)
        if ref is None:
            person = draft.contact.name if draft.contact else ""
            named = ", ".join(filter(None, (draft.deal, person, draft.company)))
            return RowError(draft.line, "", named, "belongs to nothing here: import that first, or along")
        self._told.add(id)
        named = draft.contact.name if draft.contact else ""
        who = named or next((self._names_of[key] for key in draft.links if key in self._names_of), "")
        before = self.records.get(ref)
        o, (kind, at, by, fields) = attach(before, draft, who, self.policy, self.by, self.now, new=ref < 0)
        self.records.tell(ref, kind, at, by, fields | {"source_id": id})
        self._change(ref, before, o)
        self.attached += 1
        self.fates[Fate.MERGED] += 1
        return None

    def _place_of(self, draft: ActivityDraft) -> Ref | None:
        """The record that an activity belongs to: by the ids that it names, else by names."""
        for key in draft.links:
            refs = self._naming.get(key) or self._people.get(key, [])
            ref = self._known.by_key(key)
            ref = ref if ref is not None else next(iter(refs), None)
            if ref is not None:
                return ref
        if draft.deal and (ref := self._known.by_deal(draft.deal, draft.company)) is not None:
            return ref
        if draft.contact and (match := self._known.by_person(draft.contact, draft.company)):
            return match.ref
        return self._known.by_company(draft.company) if draft.company else None
