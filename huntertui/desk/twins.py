"""Who is here already: records with the same e-mail, the same phone, or the same company and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from huntertui.book import Book
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import Resync
from huntertui.garbage import uncollected
from huntertui.model.codec import Spoilt, from_doc, to_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.ranking import row_of
from huntertui.model.text import normalise_email, normalise_phone
from huntertui.records import dataclass
from huntertui.store.store import Doc, Store

Sign = tuple[str, str]

TAIL = 9
"""Digits at the end of a phone number that are the same however it is written: national ones have as many."""

_WORDS = {"email": "same e-mail", "phone": "same phone", "person": "same company and name"}


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that is likely the same customer; `why` in words."""

    id: int
    title: str
    owner: str
    stage: str
    why: str

    def words(self, me: str) -> str:
        """ "Acme GmbH #12 is ben's (same e-mail)"."""
        whose = "yours" if self.owner == me else f"{self.owner}'s" if self.owner else "nobody's"
        return f"{self.title} #{self.id} is {whose} ({self.why})"


class Twins:
    """Finds them. The addresses of all records are read when somebody first looks for one; from then on only
    what has changed. The same company and name are looked for among the open items alone."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._seen: int | None = None
        self._ids: defaultdict[Sign, set[int]] = defaultdict(set)
        self._signs: dict[int, frozenset[Sign]] = {}

    def of(self, draft: Opportunity) -> list[Twin]:
        """The twins of a record that is to be added, those of the same address first."""
        found: dict[int, str] = {}
        wanted = list(signs(to_doc(draft)))
        if wanted:
            self._catch_up()
        for sign in wanted:
            for id in sorted(self._ids.get(sign, ())):
                found.setdefault(id, sign[0])
        names = {contact.name.casefold() for contact in draft.contacts if contact.name}
        for row in self._book.at_company(row_of(draft, self._book.policy)) if names else ():
            o = self._read(row.id)
            if o is not None and names & {contact.name.casefold() for contact in o.contacts}:
                found.setdefault(row.id, "person")
        return [
            Twin(id, o.title, o.owner, o.stage, _WORDS[kind])
            for id, kind in found.items()
            if (o := self._read(id)) is not None
        ]

    def of_phone(self, phone: str) -> list[int]:
        """The records with a number that ends alike: one of them may lack its country code."""
        tail = phone.partition("x")[0][-TAIL:]
        if len(tail) < TAIL:
            return []
        self._catch_up()
        alike = (ids for (kind, sign), ids in self._ids.items() if kind == "phone" and sign.endswith(tail))
        return sorted({id for ids in alike for id in ids})

    def _read(self, id: int) -> Opportunity | None:
        doc = self._store.get(OPPORTUNITIES, id)
        try:
            return None if doc is None else from_doc(id, doc)
        except Spoilt:
            return None

    def _catch_up(self) -> None:
        if self._seen == self._store.seq:
            return
        seq = self._store.seq
        try:
            records = None if self._seen is None else self._store.changes(self._seen)
        except Resync:
            records = None
        if records is None or any(record.bulk for record in records):
            self._ids.clear()
            self._signs.clear()
            with uncollected():
                for id, doc in self._store.find(OPPORTUNITIES):
                    self._put(id, doc)
        else:
            for id in {op.id for record in records for op in record.ops if op.table == OPPORTUNITIES}:
                self._put(id, self._store.get(OPPORTUNITIES, id))
        self._seen = seq

    def _put(self, id: int, doc: Doc | None) -> None:
        for sign in self._signs.pop(id, ()):
            self._ids[sign].discard(id)
        if doc is not None and (found := frozenset(signs(doc))):
            self._signs[id] = found
            for sign in found:
                self._ids[sign].add(id)


def signs(doc: Doc) -> Iterator[Sign]:
    """The addresses in a document, for comparing; what has another shape is left out."""
    with suppress(TypeError, AttributeError):
        for contact in doc.get("contacts") or ():
            for email in contact.get("emails") or ():
                if sign := normalise_email(email):
                    yield "email", sign
            for phone in contact.get("phones") or ():
                if sign := normalise_phone(phone):
                    yield "phone", sign
