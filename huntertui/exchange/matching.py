"""Who is here already: records by their ids, addresses, numbers and names, and how a row is known by them.

A record is named by a `Ref`: its id, or below zero the place of one that comes in this run: -1 is the first.

A row is the record that has its id; else the one with the same e-mail, then with the same phone, then with
the same company and name. A deal goes by its id, then by company and name: two deals of one customer share
his addresses. What is told by a name alone is not taken for the same where its program gave it another
id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from huntertui.exchange.alike import company_key, person_key, same_company
from huntertui.exchange.drafts import Draft, Key
from huntertui.exchange.items import ORIGIN, uid_of
from huntertui.exchange.kinds import Role
from huntertui.exchange.kinds.kind import VAGUE
from huntertui.exchange.rows import BY_CONTENT
from huntertui.model.pipeline import CLOSED
from huntertui.model.text import normalise_email, normalise_phone
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huntertui.model.opportunity import Contact, Opportunity

Ref = int
Sign = tuple[str, ...]

_LATER = 20_000  # records whose names may wait to be asked for
_NEAR = 200  # companies that begin alike and are looked at for one that is written otherwise
_SHARED = frozenset(
    {
        "admin", "buero", "contact", "einkauf", "hello", "hi", "info", "kontakt", "mail", "office", "post",
        "sales", "service", "support", "team", "vertrieb", "verwaltung", "zentrale",
    }
)  # fmt: skip
"""The names before the @ of addresses that many people read."""


@dataclass(frozen=True, slots=True)
class Match:
    """The record that a row is known to be, and how: id, e-mail, phone, or company and name."""

    ref: Ref
    how: str


def role_of(draft: Draft) -> Role:
    """What a row stands for, where its file does not say, as that of a list: a deal has a name of its own."""
    if draft.role is not Role.DEAL or draft.name:
        return draft.role
    return Role.PERSON if draft.contacts else Role.COMPANY


class Known:
    """The records of the store and of this run. Open ones are found before closed ones, then the oldest."""

    def __init__(self, get: Callable[[Ref], Opportunity]) -> None:
        """`get`: the record of a ref, as it is by now."""
        self._get = get
        self._exact: dict[int, Ref] = {}  # by the hash of a sign: a whole one takes three times the room
        self._near: dict[int, list[str]] = {}  # the keys of companies by how they begin, and by who is there
        self._closed: set[Ref] = set()
        self._later: list[tuple[Ref, str, str, Sequence[Contact]]] = []  # whose names nobody has asked for
        self._before: Ref = 0
        self._others = False  # whether there are records that are not of this file

    def add(self, ref: Ref, o: Opportunity | Draft) -> None:
        """Make a record known by all that it has, also when it has got more."""
        if o.stage in CLOSED:
            self._closed.add(ref)
        for key in keys_of(o):
            self._put(("id", *key), ref)
        self._later.append((ref, o.name, o.company, o.contacts))
        if len(self._later) >= _LATER:
            self._know_names()

    def comes(self, o: Opportunity) -> bool:
        """Whether a record that is to come in this run may be this one."""
        self._know_names()
        signs = (*(("id", *key) for key in keys_of(o)), *_signs(o.name, o.company, o.contacts))
        return any(self._exact.get(hash(sign), 0) < 0 for sign in signs)

    def is_closed(self, ref: Ref) -> bool:
        """Whether a record is won or lost."""
        return ref in self._closed

    def by_key(self, key: Key) -> Ref | None:
        """The record with that id."""
        return self._exact.get(hash(("id", *key)))

    def by_person(self, contact: Contact, company: str) -> Match | None:
        """The record of a person."""
        self._know_names()
        for kind, how in (("email", "e-mail"), ("phone", "phone")):
            for sign in _ways(contact, kind):
                ref = self._exact.get(hash(sign))
                if ref is not None and self._is_of(self._get(ref), contact, sign):
                    return Match(ref, how)
        name, where = person_key(contact.name), company_key(company)
        if not (name and where):
            return None
        ref = self._exact.get(hash(("person", name, where)))
        if ref is None and (alike := self._alike(name, where)):
            ref = self._exact.get(hash(("person", name, alike)))
        return None if ref is None else Match(ref, "company and name")

    def by_company(self, company: str) -> Ref | None:
        """A record of a company, by its name."""
        self._know_names()
        key = company_key(company)
        if not key:
            return None
        ref = self._exact.get(hash(("company", key)))
        if ref is None and (alike := self._alike("", key)):
            ref = self._exact.get(hash(("company", alike)))
        return ref

    def by_deal(self, name: str, company: str) -> Ref | None:
        """A deal by its own name and its company's."""
        self._know_names()
        return self._exact.get(hash(("deal", person_key(name), company_key(company))))

    def begin(self, before: Ref) -> None:
        """A file begins: the refs from `before` on are of it. Its deals, and companies in a list, are told
        apart by all that they say."""
        self._before, self._others = before, bool(self._exact)

    def find(self, draft: Draft) -> Match | None:
        """The record that a row of the file is."""
        for key in draft.ids:
            ref = self.by_key(key)
            if ref is not None and (not key[0].startswith(VAGUE) or _agree(self._get(ref), draft)):
                return Match(ref, "id")
        role, company = role_of(draft), draft.company
        if role is Role.PERSON or (role is Role.COMPANY and any(contact.name for contact in draft.contacts)):
            people = (self.by_person(contact, company) for contact in draft.contacts)
            match = next(filter(None, people), None)
        else:
            listed = role is Role.DEAL or draft.role is not Role.COMPANY
            if listed and not self._others:
                return None
            found = self.by_deal(draft.name, company) if role is Role.DEAL else self.by_company(company)
            if listed and found is not None and found <= self._before:
                found = None
            match = None if found is None else Match(found, "company and name")
        if match and match.ref <= self._before and draft.key[0] == ORIGIN:
            return None  # another huntertui had two, however much they share
        if match and match.how == "company and name" and self._otherwise(match.ref, draft.key, role):
            return None
        return match

    def _otherwise(self, ref: Ref, key: Key, role: Role) -> bool:
        """Whether the program that gave a row its id has given another one to a record of the same sort."""
        o = self._get(ref)
        sort = Role.DEAL if o.name else Role.PERSON if o.contacts else Role.COMPANY
        return key[0] != BY_CONTENT and key[0] in o.external_ids and sort is role

    def _is_of(self, o: Opportunity, contact: Contact, sign: Sign) -> bool:
        """Whether an address that a record has tells the same person: one that many read does not."""
        kind, value = sign
        if kind == "email" and value.partition("@")[0] not in _SHARED:
            return True
        name = person_key(contact.name)
        others = [person_key(c.name) for c in o.contacts if sign in _ways(c)]
        return any(not name or not other or name == other for other in others)

    def _begins(self, who: str, company: str) -> None:
        keys = self._near.setdefault(hash((who, _begin(company))), [])
        if len(keys) < _NEAR and company not in keys:
            keys.append(company)

    def _alike(self, who: str, company: str) -> str:
        """The key of a company that is written otherwise, with that person or ("") any; "" without one."""
        keys = self._near.get(hash((who, _begin(company))), ())
        return next((key for key in keys if same_company(key, company)), "")

    def _know_names(self) -> None:
        """Make those known by their names and people that are known by their ids alone."""
        for ref, name, company, contacts in self._later:
            for sign in _signs(name, company, contacts):
                self._put(sign, ref)
                if sign[0] == "person":
                    self._begins(sign[1], sign[2])
            if where := company_key(company):
                self._put(("company", where), ref)
                self._begins("", where)
        self._later.clear()

    def _put(self, sign: Sign, ref: Ref) -> None:
        key = hash(sign)
        there = self._exact.setdefault(key, ref)
        if there == ref:
            return
        was_closed, is_closed = there in self._closed, ref in self._closed
        if (was_closed and not is_closed) or (was_closed == is_closed and 0 < ref < there):
            self._exact[key] = ref


def keys_of(o: Opportunity | Draft) -> Sequence[Key]:
    """The ids of a record, each with its source, and the one under which it is given out."""
    if isinstance(o, Draft):
        return o.ids
    keys = [(source, id) for source, ids in o.external_ids.items() for id in ids]
    return [*keys, (ORIGIN, uid_of(o))] if o.id else keys


def _signs(name: str, company: str, contacts: Sequence[Contact]) -> Iterator[Sign]:
    """What tells a record of any sort beside its ids."""
    where = company_key(company)
    if name:
        yield "deal", person_key(name), where
    for contact in contacts:
        yield from _ways(contact)
        if where and (person := person_key(contact.name)):
            yield "person", person, where


def _agree(o: Opportunity, draft: Draft) -> bool:
    """Whether a record and a row have more in common than an id that several programs may have given."""
    signs = (set(_signs(one.name, one.company, one.contacts)) for one in (o, draft))
    if not set.isdisjoint(*signs):
        return True
    where = company_key(draft.company)
    names = {person_key(contact.name) for contact in o.contacts} - {""}
    return bool(where and where == company_key(o.company)) or any(
        person_key(contact.name) in names for contact in draft.contacts
    )


def _ways(contact: Contact, kind: str = "") -> Iterator[Sign]:
    if kind != "phone":
        yield from (("email", email) for text in contact.emails if (email := normalise_email(text)))
    if kind != "email":
        yield from (("phone", phone) for text in contact.phones if (phone := normalise_phone(text)))


def _begin(company: str) -> str:
    """How a company's name begins, and its numbers: those that differ in either are never the same."""
    if company.replace(" ", "").isalpha():
        return company[:3]
    return "".join((company[:3], *(word for word in company.split() if not word.isalpha())))
