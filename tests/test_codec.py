"""Records as documents: what is written is read again as it was, and what cannot be read is named."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from deals import POLICY, at, deal
from hypothesis import given
from hypothesis import strategies as st

from huntertui.model.codec import due, due_text, from_doc, instant, instant_text, to_doc
from huntertui.model.explain import explain
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
from huntertui.model.owed import Rule, neglected, open_from, owed
from huntertui.model.pipeline import LOST, STAGES, WON
from huntertui.model.ranking import row_of
from huntertui.model.text import clean
from huntertui.store.encoded import encoded, encoded_record
from huntertui.store.record import dumps
from huntertui.store.values import plain_doc

NOW = at("11-23 10:00")
TEXT = st.text(max_size=8).map(clean)
DAY = st.dates()
INSTANT = st.datetimes(timezones=st.just(UTC))
STAGE = st.sampled_from([*(stage.name for stage in STAGES), WON, LOST, "demo", ""])
OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXT,
    "int": st.integers(-(2**63) + 1, 2**63 - 1),
    "bool": st.booleans(),
    "date": DAY,
    "datetime": INSTANT,
    "Priority": st.sampled_from(Priority),
    "NextStep": st.builds(
        NextStep, TEXT, st.sampled_from(Kind), st.none() | st.sampled_from(Channel), st.none() | DAY | INSTANT
    ),
    "LastTouch": st.builds(LastTouch, INSTANT, TEXT, TEXT, TEXT),
    "Debt": st.builds(Debt, INSTANT, st.sampled_from(Rule).map(str) | TEXT),
    "Park": st.builds(Park, DAY, TEXT, TEXT),
    "tuple[Contact, ...]": st.lists(
        st.builds(Contact, TEXT, TEXT, *([st.lists(TEXT, max_size=2).map(tuple)] * 3), blocked=st.booleans()),
        max_size=2,
    ).map(tuple),
    "tuple[str, ...]": st.lists(TEXT, max_size=2).map(tuple),
    "dict[str, str]": st.dictionaries(TEXT, TEXT, max_size=2),
    "dict[str, tuple[str, ...]]": st.dictionaries(TEXT, st.lists(TEXT, max_size=2).map(tuple), max_size=2),
}


def values(field: str, kind: str) -> st.SearchStrategy[Any]:
    """Whatever a field of the record may hold."""
    if field in ("stage", "highest", "closed_from"):
        return STAGE
    alone = kind.removesuffix(" | None")
    return OF_TYPE[alone] if alone == kind else st.none() | OF_TYPE[alone]


EVERYTHING = st.fixed_dictionaries(
    {f.name: values(f.name, str(f.type)) for f in fields(Opportunity) if f.name != "id"}
)
RECORDS = st.builds(lambda given: Opportunity(id=7, **given), EVERYTHING)


@given(RECORDS)
def test_what_is_written_is_read_again_as_it_was(o: Opportunity) -> None:
    assert from_doc(7, json.loads(json.dumps(to_doc(o)))) == o


@given(RECORDS)
def test_what_is_written_is_plain(o: Opportunity) -> None:
    assert encoded_record(to_doc(o), "here") == encoded(to_doc(o), "here") == dumps(to_doc(o)).encode()
    assert plain_doc(to_doc(o), "here") == to_doc(o)


@given(RECORDS)
def test_any_record_that_is_read_is_owed_shown_and_explained(o: Opportunity) -> None:
    due = owed(o, POLICY)
    assert (due is None) <= (o.stage in (WON, LOST))
    neglected(o, POLICY, NOW)
    open_from(o, due, POLICY)
    row_of(o, POLICY)
    assert explain(o, POLICY, NOW)


ENDS_OF_TIME = ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59", "0001-01-01T00:00+14:00", "0001-01-01"]
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(ENDS_OF_TIME),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
KEYS = [f.name for f in fields(Opportunity) if f.name not in ("id", "next")]
KEYS += ["next_step", "next_kind", "next_due", "next_channel", "next_set_on"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6))
def test_any_document_is_read_or_refused_by_name(doc: dict[str, Any]) -> None:
    try:
        o = from_doc(7, doc)
    except ValueError as error:
        said = str(error)
    else:
        said = ""
        owed(o, POLICY)
        row_of(o, POLICY)
    assert said == "" or said.startswith("opportunity #7: ")


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-01T00:00", "9999-12-31", "9999-12-31T23:59:59"])
@pytest.mark.parametrize("channel", ["call", "meeting"])
def test_the_ends_of_time_are_owed_too(day: str, channel: str) -> None:
    doc = {"next_due": day, "next_kind": "agreed", "next_channel": channel, "clock": day, "inbound": True}
    assert owed(from_doc(7, doc), POLICY)


def test_a_document_holds_what_is_no_default() -> None:
    assert to_doc(deal("new", name="Acme's fleet", owner="")) == {
        "name": "Acme's fleet",
        "company": "Acme",
        "stage": "new",
        "created": "2026-11-10T09:00:00Z",
        "clock": "2026-11-10T09:00:00Z",
    }
    assert all(f.default is not MISSING or f.default_factory is not MISSING for f in fields(Opportunity)
               if f.name not in ("created", "clock"))  # fmt: skip


def test_a_next_step_stands_in_fields_of_its_own() -> None:
    step = NextStep("offer", Kind.AGREED, Channel.EMAIL, date(2026, 12, 1), date(2026, 11, 23))
    assert {key: text for key, text in to_doc(deal(next=step)).items() if key.startswith("next")} == {
        "next_step": "offer",
        "next_kind": "agreed",
        "next_channel": "email",
        "next_due": "2026-12-01",
        "next_set_on": "2026-11-23",
    }


@pytest.mark.parametrize(
    ("ids", "kept"), [(("7",), "7"), (("7", "9"), ["7", "9"])], ids=["one id is a text", "several are a list"]
)
def test_the_ids_of_a_source(ids: tuple[str, ...], kept: str | list[str]) -> None:
    o = deal(external_ids={"hub": ids})
    assert to_doc(o)["external_ids"] == {"hub": kept}
    assert from_doc(o.id, to_doc(o)) == o


def test_an_empty_document_is_a_record() -> None:
    o = from_doc(7, {})
    assert (o.id, o.stage, o.created, o.clock) == (7, "new", o.clock, datetime(2000, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("doc", "field"),
    [
        ({"value": "12k"}, "value"),
        ({"value": 12.5}, "value"),
        ({"value": 10**400}, "value"),
        ({"triage": 1}, "triage"),
        ({"stage": ["new"]}, "stage"),
        ({"owner": 5}, "owner"),
        ({"created": "yesterday"}, "created"),
        ({"created": "0001-01-01T00:00+14:00"}, "created"),
        ({"expected_close": "2026-02-30"}, "expected_close"),
        ({"priority": "huge"}, "priority"),
        ({"contacts": "Jane"}, "contacts"),
        ({"contacts": [{"emails": "jane@acme.example"}]}, "contacts"),
        ({"tags": "fleet"}, "tags"),
        ({"extra": ["a"]}, "extra"),
        ({"next_due": "soon"}, "next_step"),
        ({"next_kind": "hope"}, "next_step"),
        ({"debt": {"by": "2026-11-10T09:00:00Z"}}, "debt"),
        ({"park": {"until": 5, "why": "b"}}, "park"),
        ({"last_touch": "Monday"}, "last_touch"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(doc: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=f"^opportunity #12: {field} cannot be read: "):
        from_doc(12, doc)


def test_nothing_is_nothing_whoever_wrote_it() -> None:
    nulls: dict[str, Any] = dict.fromkeys(KEYS)
    assert from_doc(7, nulls) == from_doc(7, {})


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00.250000Z", "2026-11-23T09:00:00.250000Z"),
    ],
)
def test_instants_are_utc(text: str, as_written: str) -> None:
    assert instant_text(instant(text)) == as_written
    assert due(text) == instant(text)


def test_a_due_day_stays_a_day() -> None:
    assert due_text(due("2026-11-23")) == "2026-11-23"
    assert type(due("2026-11-23")) is date
