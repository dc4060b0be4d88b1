"""Who is here already: records with the same e-mail, the same phone, or the same company and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import Resync
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.text import normalise_email, normalise_phone
from huntertui.store.store import Doc, Store

Sign = tuple[str, str]

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
    """Finds them. All records are read when somebody first looks, from then on only what has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: int | None = None
        self._ids: defaultdict[Sign, set[int]] = defaultdict(set)
        self._signs: dict[int, frozenset[Sign]] = {}

    def of(self, company: str, contacts: Iterable[Contact], but: int = 0) -> list[Twin]:
        """The twins of a person, the nearest first; `but`: the record itself."""
        wanted = list(_signs(company, contacts))
        if not wanted:
            return []
        self._catch_up()
        found: dict[int, str] = {}
        for sign in wanted:
            for id in sorted(self._ids.get(sign, ())):
                if id != but:
                    found.setdefault(id, sign[0])
        return [twin for id, kind in found.items() if (twin := self._twin(id, _WORDS[kind]))]

    def _twin(self, id: int, why: str) -> Twin | None:
        o = _read(id, self._store.get(OPPORTUNITIES, id))
        return Twin(id, o.title, o.owner, o.stage, why) if o else None

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
            for id, doc in self._store.find(OPPORTUNITIES):
                self._put(id, doc)
        else:
            for id in {op.id for record in records for op in record.ops if op.table == OPPORTUNITIES}:
                self._put(id, self._store.get(OPPORTUNITIES, id))
        self._seen = seq

    def _put(self, id: int, doc: Doc | None) -> None:
        for sign in self._signs.pop(id, ()):
            self._ids[sign].discard(id)
        o = _read(id, doc)
        if o is not None and (signs := frozenset(_signs(o.company, o.contacts))):
            self._signs[id] = signs
            for sign in signs:
                self._ids[sign].add(id)


def _read(id: int, doc: Doc | None) -> Opportunity | None:
    try:
        return None if doc is None else from_doc(id, doc)
    except ValueError:
        return None


def _signs(company: str, contacts: Iterable[Contact]) -> Iterator[Sign]:
    for contact in contacts:
        yield from (("email", sign) for email in contact.emails if (sign := normalise_email(email)))
        yield from (("phone", sign) for phone in contact.phones if (sign := normalise_phone(phone)))
        if company and contact.name:
            yield "person", f"{company.casefold()}\n{contact.name.casefold()}"
