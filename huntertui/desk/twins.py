"""Who is here already: records with the same e-mail, the same phone, or the same company and name."""

from __future__ import annotations

from huntertui.book import Book
from huntertui.desk.addresses import Addresses, signs, tail_of
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.model.codec import Spoilt, from_doc, to_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.ranking import row_of
from huntertui.records import dataclass
from huntertui.store.store import Store

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
    """Finds them. The same company and name are looked for among the open items alone."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._addresses = Addresses(store)

    def keep(self) -> None:
        """Keep up what finds addresses, for the next who looks for one."""
        self._addresses.catch_up()

    def of(self, draft: Opportunity) -> list[Twin]:
        """The twins of a record that is to be added, those of the same address first."""
        found: dict[int, str] = {}
        for kind, text in signs(to_doc(draft)):
            for id in self._addresses.of((kind, text)) if kind in _WORDS else ():
                found.setdefault(id, kind)
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
        return self._addresses.of(("tail", tail)) if (tail := tail_of(phone)) else []

    def _read(self, id: int) -> Opportunity | None:
        doc = self._store.get(OPPORTUNITIES, id)
        try:
            return None if doc is None else from_doc(id, doc)
        except Spoilt:
            return None
