"""Whatever stands in a record, our own JSON brings it back; what somebody has spoilt in it is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from deals import deal
from desks import NOW, Clock, desk_over
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import RECORDS

from huntertui.exchange import Imported, import_into, read
from huntertui.exchange.exporting import FORMS, items_of
from huntertui.exchange.items import About
from huntertui.exchange.rows import RowError
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import Policy
from huntertui.store import Doc, Store, Tx, open_store


def memory() -> Store:
    return open_store("memory:", "ana", clock=lambda: NOW)


def filled(records: Iterable[Opportunity], events: Sequence[Doc] = ()) -> Store:
    """A store with these records; the second looks after the first, which has a history."""
    store = memory()

    def fill(tx: Tx) -> None:
        for at, o in enumerate(records):
            doc = to_doc(replace(o, care_of=1 if at == 1 else None))
            tx.insert("opportunities", doc | {"mood": {"x": [1]}})
        for event in events:
            tx.insert("events", event | {"opportunity": 1})

    store.transact(fill, "ana")
    return store


def exported(store: Store, form: str, folder: str | Path) -> Path:
    """All of a store as a file."""
    desk, path = desk_over(store, Clock()), Path(folder) / f"out.{form}"
    listed = tuple(doc for _, doc in store.find("do_not_contact"))
    about = About(NOW, "ana", desk.policy, store.seq, off_limits=listed)
    with path.open("w", encoding="ascii") as file:
        FORMS[form].write(items_of(store, desk.choose(), FORMS[form]), about, file.write)
    return path


def moved(store: Store, path: Path) -> Imported:
    return import_into(store, read(path, Policy(), "ana", NOW), "ana", NOW)


def items(path: Path) -> list[Any]:
    """What a file says of its items, without what differs from store to store."""
    text = path.read_text()
    found = (
        json.loads(text)["items"] if path.suffix == ".json" else list(map(json.loads, text.splitlines()))[1:]
    )
    for item in found:
        del item["id"]
        for field in ("import_id", "care_of"):
            item["opportunity"].pop(field, None)
        item["opportunity"].get("external_ids", {}).pop("huntertui", None)
        if not item["opportunity"].get("external_ids"):
            item["opportunity"].pop("external_ids", None)
    return found


LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
EVENTS = st.lists(st.dictionaries(LETTERS, LETTERS | st.integers(0, 9), max_size=3), max_size=3)


@given(
    st.lists(RECORDS, min_size=1, max_size=3, unique_by=lambda o: o.created),
    EVENTS,
    st.sampled_from(["json", "ndjson"]),
)
@settings(max_examples=12)
def test_there_and_back_nothing_is_lost(records: list[Opportunity], events: list[Doc], form: str) -> None:
    if "\\u0000" in json.dumps([to_doc(o) for o in records]):
        return  # no store takes that
    here, there = filled(records, events if records else ()), memory()
    with TemporaryDirectory() as folder:
        path = exported(here, form, folder)
        done = moved(there, path)
        assert (done.added, done.rows, done.rejected) == (len(records), len(records), 0)
        said = items(path)
        again = moved(there, path)
        assert (again.added, again.merged) == (0, len(records))
        assert items(exported(there, form, folder)) == said
    assert [doc.get("care_of") for _, doc in there.find("opportunities")][1:2] == [1][: len(records) - 1]


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_where_it_comes_from_it_is_here_already(form: str, tmp_path: Path) -> None:
    here = filled([deal(), deal()])
    done = import_into(here, read(exported(here, form, tmp_path), Policy(), "ana", NOW), "ana", NOW)
    assert (done.added, done.skipped, done.import_id) == (0, 2, None)


def test_the_lists_of_several_exports_become_one(tmp_path: Path) -> None:
    here, there = filled([deal()]), memory()
    listed: list[Doc] = [{"kind": "email", "value": "cid@acme.example"}, {"kind": ["odd"], "value": {}}]
    here.transact(lambda tx: [tx.insert("do_not_contact", doc) for doc in listed], "ana")
    paths = [exported(here, form, tmp_path) for form in ("json", "ndjson")]
    readings = [found for path in paths for found in read(path, Policy(), "ana", NOW)]
    done = import_into(there, readings, "ana", NOW)
    assert (done.added, done.skipped) == (1, 1)
    assert [doc for _, doc in there.find("do_not_contact")] == listed[:1]
    assert moved(there, paths[0]).import_id is None


WRONG: dict[str, tuple[str, str]] = {
    "no JSON": ('{"id": 1, "uid": "a", "oppor', "is no item of an export: Unterminated"),
    "deep": ("[" * 100_000, "is no item"),
    "a list": ("[]", "is no item"),
    "no uid": ('{"id": 1, "opportunity": {}}', "is no item of an export"),
    "events": ('{"uid": "a", "opportunity": {}, "events": [1]}', "events: a document is a dict, not a int"),
    "a value": ('{"uid": "a", "opportunity": {"value": "much"}}', "value cannot be read: 'much'"),
    "NUL": ('{"uid": "a", "opportunity": {"mood": "\\u0000"}}', "NUL"),
    "half a letter": ('{"uid": "a", "opportunity": {"mood": "\\ud800"}}', "broken Unicode"),
    "infinite": ('{"uid": "a", "opportunity": {"mood": Infinity}}', "Infinity is no number of JSON"),
    "64 bits": ('{"uid": "a", "opportunity": {"mood": 99999999999999999999}}', "64 bits"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_item_that_is_wrong_is_named_by_its_line_and_left_out(name: str, tmp_path: Path) -> None:
    path = exported(filled([deal(), deal(notes="2"), deal(notes="3")]), "ndjson", tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], WRONG[name][0], *lines[2:]]))
    there = memory()
    done = moved(there, path)
    [(file, [error])] = done.errors
    assert isinstance(error, RowError)
    assert (file, done.added, done.rejected, error.line) == ("out.ndjson", 3, 1, 3)
    assert WRONG[name][1] in str(error)
