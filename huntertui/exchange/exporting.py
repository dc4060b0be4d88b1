"""From the store to a file: the forms, and what is given out of each item. Nothing is held but one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.exchange.calendars import write_calendar
from huntertui.exchange.documents import write_json, write_lines
from huntertui.exchange.items import About, Doc, Item, uid_of
from huntertui.exchange.sheet import write_csv
from huntertui.exchange.vcards import write_vcards
from huntertui.model.codec import Spoilt, from_doc
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.model.opportunity import Opportunity
    from huntertui.store.store import Reader

Put = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that items are given out in. `whole`: it carries their history. `mark`: a file of it begins with
    a byte order mark, without which spreadsheets take its letters for those of Windows."""

    name: str
    words: str
    write: Callable[[Iterable[Item], About, Put], None]
    suffixes: tuple[str, ...]
    whole: bool = False
    mark: str = ""


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("csv", "for spreadsheets", write_csv, (".csv",), mark="\ufeff"),
        Form("json", "all that there is", write_json, (".json",), whole=True),
        Form("ndjson", "the same, a line for each item", write_lines, (".ndjson", ".jsonl"), whole=True),
        Form("vcard", "contacts, for an address book", write_vcards, (".vcf", ".vcard")),
        Form("ical", "next steps and meetings, for a calendar", write_calendar, (".ics", ".ical")),
    )
}


def form_of(path: Path) -> Form | None:
    """The form that the name of a file asks for."""
    suffix = path.suffix.casefold()
    return next((form for form in FORMS.values() if suffix in form.suffixes), None)


def items_of(reader: Reader, found: Iterable[tuple[Opportunity, Doc]], form: Form) -> Iterator[Item]:
    """Each with what the form carries of it."""
    for o, doc in found:
        if not form.whole:
            yield Item(o, doc)
            continue
        events = reader.find("events", [("opportunity", "=", o.id)], ["at"])
        yield Item(o, doc, tuple(event for _, event in events), _uid(reader, o.care_of))


def _uid(reader: Reader, id: int | None) -> str:
    doc = reader.get("opportunities", id) if id else None
    if id is None or doc is None:
        return ""
    try:
        return uid_of(from_doc(id, doc))
    except Spoilt:
        return ""
