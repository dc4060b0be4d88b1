"""What the columns of a file mean: tables of the headers that other programs write, and of their stages.

A new kind of file is one more entry of KINDS. Headers are compared without case, spaces and punctuation, so
one entry covers `CLOSEDATE`, `Close Date` and `close_date*`. Where several columns mean the same, the one
named first here is taken; e-mails and phones are all taken.

Sources: field names of Salesforce's API and reports, of Atomic CRM, and of the exports that people have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huntertui.exchange.dates import Order

Words = dict[str, str]
"""Field -> the headers that carry it, parted by commas, the best first."""

_PEOPLE: Words = {
    "company": "company, company name, company / account, account name, organization, organisation, "
    "organization name, account, associated company, customer, client, employer, firma, kunde, unternehmen",
    "person": "contact, contact name, contact person, person, full name, primary contact, ansprechpartner",
    "first name": "first name, given name, vorname",
    "last name": "last name, family name, surname, nachname",
    "role": "job title, role, position, organization title, funktion",
    "email": "email, email work, work email, email address, email 1 value, primary email, mail, email home, "
    "email 2, email 2 address, email 2 value, email other, email 3 address, email 3 value",
    "phone": "phone, phone number, phone work, work phone, business phone, phone 1 value, primary phone, "
    "telephone, tel, telefon, mobile, mobile phone, mobile phone number, cell, cell phone, handy, "
    "business phone 2, phone 2, phone 2 value, phone 3 value, company main phone, phone home, home phone, "
    "phone other, other phone",
    "country": "country, country / region, country code, billing country, business country, "
    "business country / region, address 1 country, land",
    "owner": "owner, owner name, opportunity owner, deal owner, account owner, contact owner, lead owner, "
    "assigned to, salesperson, sales rep, sales, rep, owner id",
    "tags": "tags, tag, labels, label, categories, group membership, schlagworte",
    "notes": "notes, note, description, background, comments, comment, notizen, bemerkung",
    "created": "created, created date, created at, created on, create date, date created, creation date, "
    "add time, first seen",
    "last activity": "last activity, last activity date, last contacted, last contact, last touch, last seen",
    "deleted": "is deleted, deleted",
}
_DEALS: Words = {
    "title": "opportunity name, deal name, deal title, opportunity, deal, project",
    "stage": "stage, stage name, deal stage, opportunity stage, sales stage, pipeline stage, phase",
    "closed": "is closed",
    "won": "is won, is closed won",
    "probability": "probability, win probability",
    "value": "value, amount, deal value, deal amount, opportunity value, wert, betrag",
    "currency": "currency, currency iso code, amount currency, currency of value, währung",
    "close date": "close date, closing date, expected close, expected close date, expected closing, "
    "abschlussdatum",
    "closed on": "closed on, closed date, date closed, actual close date, won time, lost time",
    "lost reason": "lost reason, closed lost reason, loss reason",
    "next step": "next step, next steps, next action, next activity, to do, nächster schritt",
    "next date": "next date, next step date, next due, next action date, next activity date, next contact, "
    "follow up, follow up date, due, due date, reminder, wiedervorlage",
    "next type": "next type, next step type, next activity type",
    "meeting": "meeting, meeting date, next meeting, next meeting date, appointment, appointment date, "
    "termin",
    "priority": "priority, prio",
}

MAX_HEADER = 200  # characters that are kept of one
NAMING = frozenset({"title", "company", "person", "first name", "last name"})
MANY = frozenset({"email", "phone", "tags"})
"""Fields of which every column counts."""
DATES = frozenset({"created", "last activity", "close date", "closed on", "next date", "meeting"})


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """A header, or a stage's name, for comparing: letters and digits alone, in small letters."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", header).casefold()))


def _keys(words: str) -> tuple[str, ...]:
    return tuple(key(word) for word in words.split(","))


class Role(StrEnum):
    """What one row of a file stands for. Every row but an activity's can become an opportunity."""

    DEAL = "deal"
    PERSON = "person"
    COMPANY = "company"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. It is one when all headers of any of `signs` are there.

    `source`: the name of its ids among our external ids; "" when they may mean anything. `links`: (field,
    source of the ids in it): they name other records, (source, id) is the key of the row that has them.
    """

    name: str
    source: str
    signs: tuple[str, ...]
    fields: Words
    role: Role = Role.DEAL
    links: tuple[tuple[str, str], ...] = ()

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether a file with these headers is of this kind."""
        return any(keys.issuperset(_keys(sign)) for sign in self.signs)


PLAIN = Kind(
    "plain CSV",
    "",
    (),
    _PEOPLE | _DEALS | {"id": "id, record id", "name": "name", "heading": "title", "status": "status"},
)
KINDS = (
    Kind(
        "Salesforce opportunities",
        "salesforce",
        ("stage name, close date", "opportunity name, opportunity owner"),
        _PEOPLE | _DEALS | {"id": "id, opportunity id", "title": "name, opportunity name"},
    ),
    Kind(
        "Salesforce accounts",
        "salesforce",
        ("name, billing city", "name, account number", "name, annual revenue"),
        _PEOPLE | {"id": "id, account id", "company": "name, account name"},
        Role.COMPANY,
    ),
    Kind(
        "CRM contacts",
        "crm:contact",
        ("first name, last name", "given name, family name"),
        _PEOPLE
        | _DEALS
        | {
            "id": "id, contact id",
            "person": "full name, name, contact name",
            "role": "job title, title, role, position, organization title",
        },
        Role.PERSON,
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, the header as written (numbered where it comes twice), what it carries.

    `rank`: lower is better among the columns that carry the same. What its cells tell together: `mark`, the
    decimal mark of its amounts, and `order`, that of day and month, "" and None where they do not.
    """

    place: int
    header: str
    field: str | None
    rank: int = 0
    mark: str = ""
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a header row says: the kind of file, and its columns in their order."""

    kind: Kind
    columns: tuple[Column, ...]


def recognise(header: Sequence[str]) -> Layout | None:
    """What these headers (already clean) mean; None when none of them carries a name."""
    keys = [key(text) for text in header]
    kind = next((kind for kind in KINDS if kind.fits(frozenset(keys))), PLAIN)
    ranks = {
        word: (field, rank) for field, words in kind.fields.items() for rank, word in enumerate(_keys(words))
    }
    fields = _told_apart([ranks[k][0] if k in ranks else None for k in keys])
    if not NAMING.intersection(fields):
        return None
    columns: list[Column] = []
    seen: dict[str, int] = {}
    for place, (text, k, field) in enumerate(zip(header, keys, fields, strict=True)):
        label = text[:MAX_HEADER] or f"column {place + 1}"
        seen[label] = seen.get(label, 0) + 1
        label = label if seen[label] == 1 else f"{label} ({seen[label]})"
        columns.append(Column(place, label, field, ranks[k][1] if field else 0))
    return Layout(kind, tuple(columns))


def _told_apart(fields: list[str | None]) -> list[str | None]:
    """What `name` and `title` mean in a file of no known kind, by the company they keep."""
    has = set(fields)
    person = bool(has & {"person", "first name", "last name"})
    deal = bool(has & {"stage", "value", "close date"})
    name, heading = "title", "title"
    if not person and ("heading" in has or (not deal and has & {"company", "email", "phone"})):
        name = "person"
    elif person and not deal and "company" not in has:
        name = "company"
    if (person or ("name" in has and name == "person")) and not (deal and "name" not in has):
        heading = "role"
    meant = {"name": name, "heading": heading}
    return [meant.get(field, field) if field else None for field in fields]


_STAGES: Words = {
    "new": "new, open, lead, lead in, prospect, prospecting, target, not contacted, untouched, cold, neu",
    "attempting": "attempting, attempted, attempted to contact, attempting to contact, working",
    "contacted": "contacted, contact made, connected, engaged, interested, in contact, kontaktiert",
    "qualified": "qualified, qualification, qualifying, qualified to buy, needs analysis, needs assessment, "
    "needs defined, discovery, qualifiziert",
    "nurture": "nurture, nurturing, on hold",
    "meeting": "meeting, meeting scheduled, appointment scheduled, demo, demo scheduled, presentation, "
    # The customer weighs our case, face to face with those who decide: Salesforce puts them at 50 to 70 %.
    "presentation scheduled, value proposition, id. decision makers, perception analysis, "
    "decision maker bought-in, termin",
    "proposal": "proposal, proposal made, proposal sent, proposal/price quote, quote, quote sent, offer, "
    "angebot",
    "negotiation": "negotiation, negotiation/review, negotiations started, negotiating, verhandlung",
    "verbal": "verbal, verbal agreement, commit, contract, contract sent",
    "won": "won, closed won, signed, gewonnen",
    "lost": "lost, closed lost, disqualified, unqualified, verloren",
}
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {word: stage for stage, words in _STAGES.items() for word in _keys(words)}
)
"""How others call a stage (as `key` gives it) -> our stage."""
