"""Opportunities as plain JSON documents and back: instants as UTC ISO 8601 with Z, dates as ISO dates.

Texts are read as `clean` leaves them, as other programs may have written into the store's file what no one
can type here. What is stored stays as it is until somebody changes that field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from huntertui.model.opportunity import (
    Channel,
    Contact,
    Debt,
    Kind,
    LastTouch,
    NextStep,
    Opportunity,
    Park,
    Priority,
)
from huntertui.model.text import clean

Doc = dict[str, Any]


class Spoilt(ValueError):
    """A record of which something cannot be read, as another program has written it."""


def utc_text(at: datetime) -> str:
    """`2026-11-23T09:00:00Z`, with microseconds where there are some."""
    return f"{(at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()[:-6]}Z"


instant_text = lru_cache(maxsize=1024)(utc_text)  # a record's instants are often the same one


def instant(text: str) -> datetime:
    """The instant of an ISO text; one without a zone is UTC. ValueError for anything else."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def due_text(due: date | datetime) -> str:
    """A date or an instant as text."""
    return instant_text(due) if isinstance(due, datetime) else due.isoformat()


def due(text: str) -> date | datetime:
    """What `due_text` wrote."""
    return date.fromisoformat(text) if len(text) == 10 else instant(text)


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def instant_in(doc: Mapping[str, Any], key: str) -> datetime:
    """An instant of a document; long ago where others have made it unreadable."""
    try:
        return instant(doc[key])
    except (KeyError, TypeError, ValueError):
        return _LONG_AGO


def text_in(doc: Mapping[str, Any], key: str, *, lines: bool = False) -> str:
    """A text of a document, as `clean` leaves it; "" where there is none."""
    return clean(str(doc.get(key) or ""), lines=lines)


_PLAIN = (
    "name",
    "company",
    "country",
    "owner",
    "source_owner",
    "helper",
    "stage",
    "highest",
    "value",
    "currency",
    "push_count",
    "touches",
    "cadence",
    "cadence_done",
    "deferrals",
    "own_dates",
    "inbound",
    "triage",
    "import_id",
    "closed_from",
    "lost_reason",
    "lost_text",
    "care_of",
    "notes",
)
_INSTANTS = (
    "created", "clock", "unowned_since", "helper_until", "helped", "answer_owed",
)  # fmt: skip
_DATES = ("expected_close", "original_close", "cadence_day", "closed_on", "revisit")
_DEFAULTS = {f.name: f.default for f in fields(Opportunity)}
_TYPES = {key: int if _DEFAULTS[key] is None else type(_DEFAULTS[key]) for key in _PLAIN}
_LEFT_OUT = _DEFAULTS | {"stage": MISSING}  # which equals nothing


def to_doc(o: Opportunity) -> Doc:
    """The document of an opportunity. What has its default value is left out, but the stage."""
    return doc_of(zip(_WRITTEN, _written_of(o), strict=True))


def doc_of(said: Iterable[tuple[str, Any]]) -> Doc:
    """The part of a document that some fields are, each with its value: see `to_doc`."""
    doc: Doc = {}
    for field, value in said:
        if value == _LEFT_OUT[field]:
            continue
        if (write := _WRITERS.get(field)) is None:
            doc[field] = value
        elif field == "next":
            doc |= write(value)
        elif value:
            doc[field] = write(value)
    return doc


def from_doc(id: int, doc: Mapping[str, Any]) -> Opportunity:
    """The opportunity of a document; fields that are not ours are left where they are, in the store.

    Raises Spoilt, which names the record and the field, when a value cannot be read.
    """
    key = ""
    values: dict[str, Any] = {}
    try:
        for key, value in doc.items():
            if kind := _TYPES.get(key):
                if value is not None:
                    values[key] = _plain(value, kind, lines=key == "notes")
            elif value and (read := _READERS.get(key)):
                values[key] = read(value)
        key = "next_step"
        values["next"] = _step(doc)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Spoilt(f"opportunity #{id}: {key} cannot be read: {doc.get(key)!r}") from error
    created = values.setdefault("created", _LONG_AGO)
    values.setdefault("clock", created)
    return Opportunity(id=id, **values)


def who_of(id: int, doc: Mapping[str, Any]) -> Opportunity:
    """What tells a document again: its names, people, ids and stage, and when it was made. ValueError as in
    `from_doc`."""
    try:
        return Opportunity(
            id=id,
            name=str(doc.get("name") or ""),
            company=str(doc.get("company") or ""),
            contacts=tuple(_contact(contact) for contact in doc.get("contacts") or ()),
            stage=str(doc.get("stage") or ""),
            external_ids={str(source): _ids(ids) for source, ids in (doc.get("external_ids") or {}).items()},
            created=instant_in(doc, "created"),
            clock=_LONG_AGO,
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"opportunity #{id} cannot be read") from error


def _plain(value: Any, kind: type, *, lines: bool) -> Any:
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**63):
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return clean(value, lines=lines) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return clean(str(value))


_name = lru_cache(maxsize=1024)(_text)  # those of columns and sources are the same ones in very many records


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("a list of texts is meant, not one text")
    return tuple(map(_text, values or ()))


def _ids(value: Any) -> tuple[str, ...]:
    """The ids of one source: a text where it is one, a list where records were merged."""
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _ids_doc(ids: Mapping[str, tuple[str, ...]]) -> Doc:
    return {source: of[0] if len(of) == 1 else list(of) for source, of in ids.items()}


def _contact_doc(contact: Contact) -> Doc:
    said = {"name": contact.name, "role": contact.role, "blocked": contact.blocked}
    ways = {"emails": contact.emails, "phones": contact.phones, "struck": contact.struck}
    return {key: value for key, value in said.items() if value} | {
        key: list(of_kind) for key, of_kind in ways.items() if of_kind
    }


def _contact(doc: Mapping[str, Any]) -> Contact:
    lists = {key: _texts(doc.get(key)) for key in ("emails", "phones", "struck")}
    return Contact(text_in(doc, "name"), text_in(doc, "role"), **lists, blocked=bool(doc.get("blocked")))


def _debt_doc(debt: Debt) -> Doc:
    return {"by": instant_text(debt.by), "rule": debt.rule}


def _park_doc(park: Park) -> Doc:
    return {"until": park.until.isoformat(), "why": park.why, "text": park.text}


def _touch_doc(touch: LastTouch) -> Doc:
    at = instant_text(touch.at)
    return {"at": at, "by": touch.by, "channel": touch.channel, "outcome": touch.outcome}


def _step_doc(step: NextStep) -> Doc:
    doc: Doc = {"next_step": step.what, "next_kind": step.kind.value}
    if step.channel is not None:
        doc["next_channel"] = step.channel.value
    if step.due is not None:
        doc["next_due"] = due_text(step.due)
    if step.set_on is not None:
        doc["next_set_on"] = step.set_on.isoformat()
    return doc


def _step(doc: Mapping[str, Any]) -> NextStep | None:
    if not any(doc.get(key) for key in ("next_kind", "next_step", "next_due")):
        return None
    return NextStep(
        text_in(doc, "next_step"),
        Kind(doc.get("next_kind") or Kind.OWN),
        Channel(doc["next_channel"]) if doc.get("next_channel") else None,
        due(doc["next_due"]) if doc.get("next_due") else None,
        date.fromisoformat(doc["next_set_on"]) if doc.get("next_set_on") else None,
    )


def _debt(doc: Mapping[str, Any]) -> Debt:
    return Debt(instant(doc["by"]), _text(doc["rule"]))


def _park(doc: Mapping[str, Any]) -> Park:
    return Park(date.fromisoformat(doc["until"]), _text(doc["why"]), text_in(doc, "text"))


def _last_touch(doc: Mapping[str, Any]) -> LastTouch:
    return LastTouch(instant(doc["at"]), _text(doc["by"]), _text(doc["channel"]), _text(doc["outcome"]))


_WRITERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_INSTANTS, instant_text),
    **dict.fromkeys(_DATES, date.isoformat),
    "priority": attrgetter("value"),
    "contacts": lambda contacts: [_contact_doc(contact) for contact in contacts],
    "next": _step_doc,
    "last_touch": _touch_doc,
    "debt": _debt_doc,
    "park": _park_doc,
    "external_ids": _ids_doc,
    "tags": list,
    "extra": dict,
}
"""How the fields are written whose values are none of JSON's. `next` is several fields of a document."""
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_INSTANTS, instant),
    **dict.fromkeys(_DATES, date.fromisoformat),
    "priority": Priority,
    "contacts": lambda contacts: tuple(map(_contact, contacts)),
    "last_touch": _last_touch,
    "debt": _debt,
    "park": _park,
    "external_ids": lambda ids: {_name(source): _ids(of) for source, of in ids.items()},
    "tags": _texts,
    "extra": lambda extra: {_name(name): clean(str(text), lines=True) for name, text in extra.items()},
}
"""How they are read again."""
_WRITTEN = (*_PLAIN, *_WRITERS)
_written_of = attrgetter(*_WRITTEN)
