"""What a row of headers means: the kind of file, and what each of its columns carries.

Headers are compared without case, spaces and punctuation, so one word covers `CLOSEDATE`, `Close Date` and
`close_date*`, as they stand and as they are called in English. Where several columns mean the same, the one
that its kind names first is taken; of e-mails, phones and tags all are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from huntertui.exchange.kinds import KINDS, PLAIN, Kind, Role
from huntertui.exchange.standings import Standings
from huntertui.exchange.tongues import english, is_foreign
from huntertui.exchange.values import CURRENCIES, currency
from huntertui.exchange.words import NAMING, key, keys
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.exchange.dates import Order
    from huntertui.exchange.mapping import Mappings

# "Amount (CHF)", "Wert in EUR", "Value USD", "Bid €"
_UNIT = re.compile(
    r"(?P<base>.+?)\s*(?:[(\[]\s*(?:in\s+)?(?P<bracketed>[A-Z]{3}|[^\w\s()\[\]]+)\s*[)\]]"
    r"|\s(?:in\s+)?(?P<bare>[A-Z]{3}|[^\w\s()\[\]]+))"
)
MAX_HEADER = 200  # characters that are kept of one


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, the header as written (numbered where it comes twice), what it carries.

    `rank`: lower is better among the columns that carry the same; `unit`: the currency that its header says.
    What its cells tell together: `mark`, the decimal mark of its amounts, and `order`, that of day and month,
    "" and None where they do not.
    """

    place: int
    header: str
    field: str | None
    rank: int = 0
    unit: str = ""
    mark: str = ""
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a header row says: the kind of file, and its columns in their order. `foreign`: it is of a
    language in which the day stands first; `standings`: what the rows say of their stages."""

    kind: Kind
    columns: tuple[Column, ...]
    foreign: bool = False
    standings: Standings = field(default_factory=Standings)

    @property
    def names(self) -> bool:
        """Whether its rows can be taken in: a column carries a name, or they are activities."""
        named = NAMING.intersection(column.field or "" for column in self.columns)
        return bool(named) or self.kind.role is Role.ACTIVITY


def recognise(header: Sequence[str], mappings: Mappings | None = None) -> Layout | None:
    """What these headers (already clean) mean, as far as `mappings` do not say it; None when none of them
    carries a name."""
    layout = layout_of(header, mappings)
    return layout if layout.names else None


def layout_of(header: Sequence[str], mappings: Mappings | None = None) -> Layout:
    """The same, also of what carries no name."""
    found, plain = [key(text) for text in header], english(header)
    said = mappings.of(found) if mappings else {}
    kind = next((kind for kind in KINDS if kind.fits(frozenset((*found, *plain)))), PLAIN)
    ranks = {
        word: (name, rank) for name, words in kind.fields.items() for rank, word in enumerate(keys(words))
    }
    meant = [
        next((ranks[word] for word in (*_bare(e, kind), *_bare(k, kind)) if word in ranks), None)
        for k, e in zip(found, plain, strict=True)
    ]
    units = [_unit_of(text) for text in header]
    for place, (base, unit) in enumerate(units):
        if meant[place] is None and unit and (pair := ranks.get(english([base])[0])) and pair[0] == "value":
            meant[place] = pair
    known = [pair[0] if pair and k not in said else None for k, pair in zip(found, meant, strict=True)]
    fields = [
        said[k] or None if k in said else field for k, field in zip(found, _told_apart(known), strict=True)
    ]
    columns: list[Column] = []
    seen: dict[str, int] = {}
    for place, (text, carried, pair) in enumerate(zip(header, fields, meant, strict=True)):
        name = label = text[:MAX_HEADER] or f"column {place + 1}"
        while label in seen:  # "X (2)" may be the name of another
            seen[name] += 1
            label = f"{name} ({seen[name]})"
        seen[label] = 1
        rank = -1 if found[place] in said else pair[1] if pair else 0
        columns.append(Column(place, label, carried, rank, units[place][1] if carried == "value" else ""))
    return Layout(kind, tuple(columns), is_foreign(header))


def _unit_of(header: str) -> tuple[str, str]:
    """A header without the currency at its end, and that: "Amount", "CHF" of "Amount (CHF)"; "" where it has
    none."""
    found = _UNIT.fullmatch(header)
    if not found:
        return header, ""
    word, bare = found["bracketed"] or found["bare"], found["bare"]
    try:
        unit = currency(word)
    except ValueError:
        return header, ""
    return (header, "") if bare and unit not in CURRENCIES else (found["base"], unit)


def _bare(word: str, kind: Kind) -> tuple[str, str]:
    """The key of a header, and without what the kind puts before each."""
    return word, word.removeprefix(kind.prefix)


def _told_apart(fields: list[str | None]) -> list[str | None]:
    """What `name`, `title` and an expected value mean, by the company they keep."""
    has = set(fields)
    person = bool(has & {"person", "first name", "last name"})
    deal = bool(has & {"stage", "value", "close date"})
    name, heading = "title", "title"
    reached = has & {"email", "phone"} and not has & {"stage", "close date"}  # what one is worth says little
    if not person and ("heading" in has or reached or (not deal and "company" in has)):
        name = "person"
    elif person and not deal and "company" not in has:
        name = "company"
    if (person or ("name" in has and name == "person")) and not (deal and "name" not in has):
        heading = "role"
    value = None if "value" in has else "value"
    meant = {"name": name, "heading": heading, "expected value": value}
    return [meant.get(field, field) if field else None for field in fields]
