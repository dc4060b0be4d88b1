"""What a row of a file becomes: a new opportunity, as its document, with what it names and brings along."""

from __future__ import annotations

from json import loads
from typing import TYPE_CHECKING, Any

from huntertui.model.codec import from_doc, to_doc
from huntertui.records import dataclass
from huntertui.store.record import dumps

if TYPE_CHECKING:
    from huntertui.exchange.kinds import Role
    from huntertui.model.opportunity import Contact, Opportunity

Key = tuple[str, str]
"""Name and value of an external id."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an item of our own export brings along beside its record: its history, as the store has it but
    for the item's number; `fields` of its document that are no ours; `care_of`: the id, among those of our
    own, of the won item that it looks after, "" without one."""

    events: tuple[dict[str, Any], ...]
    fields: dict[str, Any]
    care_of: str


@dataclass(slots=True)
class Draft:
    """One row as a new opportunity: its document as JSON, and what tells it among others. `ids`: its external
    ids, at least one.

    `links`: the keys of other rows that this one names, in this file or another: of a deal its company and
    its people, of a person the company and the deals.
    """

    line: int
    json: str
    name: str
    company: str
    contacts: tuple[Contact, ...]
    owner: str
    stage: str
    triage: bool
    ids: tuple[Key, ...]
    role: Role
    links: tuple[Key, ...] = ()
    brought: Brought | None = None
    _made: Opportunity | None = None

    @classmethod
    def of(
        cls,
        line: int,
        o: Opportunity,
        role: Role,
        links: tuple[Key, ...] = (),
        brought: Brought | None = None,
    ) -> Draft:
        """One of an opportunity that has an external id."""
        ids = tuple((source, id) for source, ids in o.external_ids.items() for id in ids)
        who = o.name, o.company, o.contacts, o.owner, o.stage, o.triage
        return cls(line, dumps(to_doc(o)), *who, ids, role, links, brought, o)

    def with_(self, o: Opportunity) -> Draft:
        """The same row as another opportunity."""
        return Draft.of(self.line, o, self.role, self.links, self.brought)

    @property
    def key(self) -> Key:
        """The id that tells it again: the first."""
        return self.ids[0]

    @property
    def title(self) -> str:
        """ "Ann Lee, Acme GmbH"."""
        people = (contact.name for contact in self.contacts[:1])
        return ", ".join(dict.fromkeys(filter(None, (self.name, *people, self.company)))) or "(no name)"

    @property
    def opportunity(self) -> Opportunity:
        """The opportunity (id 0)."""
        if self._made is None:
            self._made = from_doc(0, loads(self.json))
        return self._made
