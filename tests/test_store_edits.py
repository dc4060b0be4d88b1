"""What an editor or a script did to the published file, merged with what the team did meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB
from tinydb.storages import MemoryStorage

from huntertui.store import Doc, Op, Record, Store, Tx, apply_inverse, open_store
from huntertui.store.edits import BY, Lost, Merged, merge, read_edited
from huntertui.store.values import same

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TABLE = "opportunities"
OTHER = "events"

Tables = dict[str, dict[int, Doc]]


def put(tx: Tx, wanted: Tables) -> None:
    """Make the state what is wanted."""
    for table in (TABLE, OTHER):
        docs = wanted.get(table, {})
        for id, doc in tx.find(table):
            if id not in docs:
                tx.delete(table, id)
            else:
                tx.update(table, id, docs[id], unset=[field for field in doc if field not in docs[id]])
        for id, doc in docs.items():
            if tx.get(table, id) is None:
                tx.insert(table, doc, id)


def state(store: Store) -> Tables:
    return {table: dict(docs) for table in (TABLE, OTHER, "_default") if (docs := store.find(table))}


def as_json(tables: Mapping[str, Mapping[int, Doc]]) -> dict[str, Any]:
    return {table: {str(id): doc for id, doc in docs.items()} for table, docs in tables.items()}


@dataclass
class Outcome:
    merged: Merged
    record: Record | None
    tables: Tables
    undone: Tables


def outcome(
    base: Tables, ours: Tables, edited: Mapping[str, Any], next_ids: Mapping[str, int] | None = None
) -> Outcome:
    """Go from `base` to `ours` in a store, merge the edit of `base`, look, merge it again, and undo."""
    base = deepcopy(base)

    def before(table: str) -> Iterable[tuple[int, Doc]]:
        return base.get(table, {}).items()

    with open_store("memory:", "ana", clock=lambda: NOW) as store:
        store.transact(lambda tx: put(tx, base), "ana")
        store.transact(lambda tx: put(tx, ours), "ana")
        done = store.transact(lambda tx: merge(tx, before, edited, base, next_ids or {}), BY)
        after, record = state(store), done.record
        again = store.transact(lambda tx: merge(tx, before, edited, base, next_ids or {}), BY)
        assert again.record is None  # a crash may come between the merge and the next file
        if record:
            store.transact(lambda tx: apply_inverse(tx, record), "ana")
        return Outcome(done.result, record, after, state(store))


def one(**doc: Any) -> Tables:
    """A table with one document."""
    return {TABLE: {1: doc}}


NOTHING: Tables = {}


@pytest.mark.parametrize(
    ("base", "ours", "edited", "expected", "lost", "renumbered"),
    [
        pytest.param(one(a=1), one(a=1), one(a=1), one(a=1), [], [], id="nothing"),
        pytest.param(one(a=1), one(a=2), one(a=1), one(a=2), [], [], id="only we"),
        pytest.param(one(a=1), one(a=1), one(a=2), one(a=2), [], [], id="only they"),
        pytest.param(one(a=1, b=1), one(a=2, b=1), one(a=1, b=2), one(a=2, b=2), [], [], id="other fields"),
        pytest.param(one(a=1), one(a=2), one(a=2), one(a=2), [], [], id="the same on both sides"),
        pytest.param(one(a=1), one(a=2), one(a=3), one(a=2), [("a", 3, 2)], [], id="the same field"),
        pytest.param(one(a=1), one(a=2), one(a=3, b=3), one(a=2, b=3), [("a", 3, 2)], [], id="half"),
        pytest.param(one(a=1), one(a=1), one(), one(), [], [], id="unset"),
        pytest.param(one(a=1), one(), one(), one(), [], [], id="unset on both sides"),
        pytest.param(one(a=1), one(a=2), one(), one(a=2), [("a", None, 2)], [], id="unset what we changed"),
        pytest.param(one(a=1), one(), one(a=2), one(), [("a", 2, None)], [], id="changed what we unset"),
        pytest.param(one(), one(), one(a=None), one(a=None), [], [], id="null is a value"),
        pytest.param(one(a=None), one(a=None), one(), one(), [], [], id="null is not absent"),
        pytest.param(one(), one(a=1), one(a=2), one(a=1), [("a", 2, 1)], [], id="added field on both sides"),
        pytest.param(one(a=1), one(a=1), one(a=True), one(a=True), [], [], id="true is not 1"),
        pytest.param(one(a=1), one(a=1), one(a=1.0), one(a=1), [], [], id="1.0 is 1"),
        pytest.param(
            one(a={"x": [1, 2]}), one(a={"x": [1]}), one(a={"x": [2]}), one(a={"x": [1]}),
            [("a", {"x": [2]}, {"x": [1]})], [], id="a list is one value",
        ),
        pytest.param(NOTHING, NOTHING, one(a=1), one(a=1), [], [], id="added"),
        pytest.param(NOTHING, one(a=1), one(a=1), one(a=1), [], [], id="added the same on both sides"),
        pytest.param(
            NOTHING, one(a=1), one(a=2), {TABLE: {1: {"a": 1}, 2: {"a": 2}}}, [], [(TABLE, 1, 2)],
            id="one id for two",
        ),
        pytest.param(
            NOTHING,
            {TABLE: {1: {"a": 1}, 2: {"a": 2}}},
            {TABLE: {1: {"a": 9}, 2: {"a": 8}, 3: {"a": 3}, 4: {"a": 4}}},
            {TABLE: {1: {"a": 1}, 2: {"a": 2}, 3: {"a": 3}, 4: {"a": 4}, 5: {"a": 9}, 6: {"a": 8}}},
            [], [(TABLE, 1, 5), (TABLE, 2, 6)],
            id="a new id takes none of theirs",
        ),
        pytest.param(one(a=1), one(a=1), {TABLE: {}}, NOTHING, [], [], id="deleted"),
        pytest.param(one(a=1), NOTHING, {TABLE: {}}, NOTHING, [], [], id="deleted on both sides"),
        pytest.param(one(a=1), one(a=1), {}, NOTHING, [], [], id="the table dropped"),
        pytest.param(
            one(a=1), one(a=2), {}, one(a=2), [("", None, {"a": 2})], [], id="deleted what we changed"
        ),
        pytest.param(
            one(a=1, b=1), NOTHING, one(a=2, b=1), NOTHING, [("a", 2, None)], [], id="changed what we deleted"
        ),
        pytest.param(one(a=1), NOTHING, one(a=1), NOTHING, [], [], id="left what we deleted"),
        pytest.param(
            one(a=1), {TABLE: {2: {"a": 2}}}, {TABLE: {1: {"a": 1}, 2: {"a": 3}}},
            {TABLE: {2: {"a": 2}, 3: {"a": 3}}}, [], [(TABLE, 2, 3)], id="moved on both sides",
        ),
        pytest.param(
            one(a=1), one(a=1), {TABLE: {1: {"a": 1}}, OTHER: {7: {"n": 1}}},
            {TABLE: {1: {"a": 1}}, OTHER: {7: {"n": 1}}}, [], [], id="a new table",
        ),
    ],
)  # fmt: skip
def test_named_cases(
    base: Tables,
    ours: Tables,
    edited: Tables,
    expected: Tables,
    lost: list[tuple[str, Any, Any]],
    renumbered: list[tuple[str, int, int]],
) -> None:
    done = outcome(base, ours, as_json(edited))
    assert repr(done.tables) == repr(expected)  # 1, 1.0 and true are equal, but not the same
    assert done.merged.lost == tuple(Lost(TABLE, 1, *value) for value in lost)
    assert done.merged.renumbered == tuple(renumbered)
    assert done.merged.refused == ()
    assert done.undone == ours


def test_an_equal_one_that_we_added_is_the_same() -> None:
    """Each only once, and one that was there before is another one."""
    ours: Tables = {TABLE: {1: {"a": 1}, 2: {"a": 2}, 3: {"a": 3}}}
    done = outcome(one(a=1), ours, as_json({TABLE: {1: {"a": 1}, 2: {"a": 3}, 3: {"a": 1}}}))
    assert done.tables == {TABLE: {1: {"a": 1}, 2: {"a": 2}, 3: {"a": 3}, 4: {"a": 3}, 5: {"a": 1}}}
    twice = outcome({}, {TABLE: {1: {}, 2: {}, 5: {"a": 3}}}, as_json({TABLE: {1: {"a": 3}, 2: {"a": 3}}}))
    assert twice.tables == {TABLE: {1: {}, 2: {}, 5: {"a": 3}, 6: {"a": 3}}}
    assert twice.merged.renumbered == ((TABLE, 2, 6),)


def test_an_edit_of_an_older_file_changes_only_what_it_changed() -> None:
    older = {TABLE: {1: {"a": 1, "b": 1}, 2: {"a": 1}, 3: {"a": 1}}}
    since = {TABLE: {1: {"a": 2, "b": 1}, 3: {"a": 1}, 4: {"a": 1}}}
    done = outcome(older, since, as_json({TABLE: {1: {"a": 1, "b": 3}, 2: {"a": 1}, 3: {"a": 4}}}))
    assert done.tables == {TABLE: {1: {"a": 2, "b": 3}, 3: {"a": 4}, 4: {"a": 1}}}
    assert done.merged.lost == ()
    assert outcome(older, since, as_json(older)).record is None  # a copy put back is no edit


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (float("nan"), "a document is a dict, not a float"),
        (None, "a document is a dict"),
        ("text", "a document is a dict"),
        ([{"a": 1}], "a document is a dict"),
        ({"a": float("nan")}, "opportunities #1.a: nan"),
        ({"a": float("inf")}, "opportunities #1.a: inf"),
        ({"a": [{"b": float("nan")}]}, "opportunities #1.a[0].b: nan"),
        ({"a": "x\0"}, "NUL"),
        ({"a": "\ud800"}, "broken Unicode"),
        ({"\ud800": 1}, "broken Unicode"),
        ({"a": 2**127}, "beyond 64 bits"),
        ({"a": deep(64)}, "too deeply"),
    ],
)
def test_a_document_that_no_store_takes_is_told_and_left_out(row: Any, words: str) -> None:
    base = {TABLE: {1: {"a": 1}, 2: {"a": 2}}}
    done = outcome(base, base, {TABLE: {"1": row, "2": {"a": 3}, "9": row}})
    assert done.tables == {TABLE: {1: {"a": 1}, 2: {"a": 3}}}
    first, second = done.merged.refused
    assert words in first
    assert "opportunities #1" in first
    assert second == first.replace("#1", "#9")
    assert first.isprintable()
    assert done.merged.label == "edited outside: 1 changed, 2 left out"


@pytest.mark.parametrize(
    "id",
    [
        "",
        "0",
        "-1",
        "+1",
        "01",
        "1.0",
        "1e3",
        " 1",
        "1\n",
        "1_0",
        "½",
        "١",
        "x",
        "nan",
        "\ud800",
        "1" + "0" * 15,
    ],
)
def test_an_id_that_is_none_is_told_and_left_out(id: str) -> None:
    done = outcome(one(a=1), one(a=1), {TABLE: {"1": {"a": 2}, id: {"a": 3}}})
    assert done.tables == one(a=2)
    (why,) = done.merged.refused
    assert why.endswith("is no id")
    assert why.isprintable()


@pytest.mark.parametrize("name", ["_default", "_journal", "Deals", "", "a b", "2026", "\x1b[2J\n", "Größe ☃"])
def test_a_table_may_have_any_name(name: str) -> None:
    done = outcome(one(a=1), one(a=1), {name: {"1": {"a": 1}}, TABLE: {"1": {"a": 2}}})
    assert done.merged == Merged(2, (), (), ())
    assert done.record
    assert Op("i", name, 1, {"a": 1}, {}) in done.record.ops


@pytest.mark.parametrize("name", ["_meta", "a\0b", "\ud800\x1b[2J"])
def test_a_table_that_no_store_has_is_told_and_left_out(name: str) -> None:
    done = outcome(one(a=1), one(a=1), {name: {"1": {"a": 1}, "2": {"a": 2}}, TABLE: {"1": {"a": 2}}})
    assert done.tables == one(a=2)
    (why,) = done.merged.refused
    assert "is no name for a table" in why
    assert why.isprintable()


@pytest.mark.parametrize("content", [1, {"x": {}}, {"1": 1}])
def test_what_is_told_holds_nothing_a_terminal_obeys(content: Any) -> None:
    (why,) = outcome({}, {}, {"\ud800\x1b[2J": content}).merged.refused
    assert why.isprintable()


def test_an_empty_table_of_any_name_is_no_matter() -> None:
    done = outcome(one(a=1), one(a=1), {"_default": {}, TABLE: {"1": {"a": 1}}})
    assert done.merged == Merged(0, (), (), ())


@pytest.mark.parametrize("content", [None, [], [{"a": 1}], "x", 1])
def test_what_is_no_table_deletes_nothing(content: Any) -> None:
    done = outcome(one(a=1), one(a=1), {TABLE: content, OTHER: {"1": {"n": 1}}})
    assert done.tables == {TABLE: {1: {"a": 1}}, OTHER: {1: {"n": 1}}}
    (why,) = done.merged.refused
    assert why.startswith("opportunities: a table is an object, not a ")


def test_ids_given_before_are_not_given_again() -> None:
    base = {TABLE: {1: {"a": 1}}}  # 2 and 3 are deleted
    edited = as_json({TABLE: {1: {"a": 1}, 2: {"a": 2}, 4: {"a": 4}}})
    done = outcome(base, base, edited, {TABLE: 4})
    assert done.tables == {TABLE: {1: {"a": 1}, 4: {"a": 4}, 5: {"a": 2}}}
    assert done.merged.renumbered == ((TABLE, 2, 5),)
    assert outcome(base, base, edited).tables == {TABLE: {1: {"a": 1}, 2: {"a": 2}, 4: {"a": 4}}}


def test_the_record_says_what_was_done() -> None:
    base = {TABLE: {1: {"a": 1}, 2: {"a": 1, "b": 1}, 3: {"a": 1}}}
    ours = {TABLE: {1: {"a": 2}, 2: {"a": 1, "b": 1}, 3: {"a": 1}, 4: {"a": 4}}}
    done = outcome(base, ours, {TABLE: {"1": {"a": 3}, "2": {"b": 2}, "4": {"a": 5}, "x": {}}})
    assert done.record
    assert (done.record.by, done.record.undoes) == ("external edit", None)
    assert done.record.label == done.merged.label
    assert done.record.label == (
        "edited outside: 3 changed, 1 value kept as it was here, 1 renumbered, 1 left out"
    )
    assert done.merged.changed == len(done.record.ops) == 3
    assert done.undone == ours
    several = Merged(1, done.merged.lost * 2, (), ())
    assert several.label == "edited outside: 1 changed, 2 values kept as they were here"


# any edit

docs = st.dictionaries(st.sampled_from("ab"), st.sampled_from([None, 0, 1, True, "x", [1]]), max_size=2)
tables = st.dictionaries(
    st.sampled_from([TABLE, OTHER]), st.dictionaries(st.integers(1, 4), docs, max_size=4), max_size=2
)
MISSING = object()


def rows(tables: Tables) -> dict[tuple[str, int], Doc]:
    return {(table, id): doc for table, docs in tables.items() for id, doc in docs.items()}


def differing(old: Doc, new: Doc) -> list[str]:
    return [field for field in old | new if not same(old.get(field, MISSING), new.get(field, MISSING))]


@given(base=tables, ours=tables)
def test_without_an_edit_nothing_is_written(base: Tables, ours: Tables) -> None:
    done = outcome(base, ours, as_json(base))
    assert done.record is None
    assert done.merged == Merged(0, (), (), ())


@given(base=tables, edited=tables)
def test_an_edit_alone_is_the_state_then(base: Tables, edited: Tables) -> None:
    done = outcome(base, base, as_json(edited))
    assert same(as_json(done.tables), as_json({table: docs for table, docs in edited.items() if docs}))
    assert (done.merged.lost, done.merged.renumbered, done.merged.refused) == ((), (), ())


@given(base=tables, ours=tables, edited=tables)
def test_ours_stays_theirs_arrives_and_nothing_vanishes(base: Tables, ours: Tables, edited: Tables) -> None:
    done = outcome(base, ours, as_json(edited))
    was, we, they, now = rows(base), rows(ours), rows(edited), rows(done.tables)
    lost = {(lost.table, lost.id, lost.field): lost for lost in done.merged.lost}
    renumbered = {(table, old): new for table, old, new in done.merged.renumbered}
    new_ids = {(table, new) for table, _, new in done.merged.renumbered}
    assert len(lost) == len(done.merged.lost)
    assert new_ids.isdisjoint(was.keys() | we.keys() | they.keys())
    assert now.keys() <= was.keys() | we.keys() | they.keys() | new_ids

    for key in was.keys() | we.keys() | they.keys():
        ours_did = key in was and key in we and differing(was[key], we[key])
        for field in ours_did or []:  # ours stays
            assert same(now[key].get(field, MISSING), we[key].get(field, MISSING))
        if key in we and key not in was:
            assert same(now[key], we[key])
        if key in was and key not in we:
            assert key not in now
        if key in we and key in was and key not in they:  # theirs arrives, or is told
            assert (key in now) == ((*key, "") in lost) == bool(ours_did)
        if key in they and key not in was:
            at = renumbered.get(key)
            where = [(key[0], at)] if at else [other for other in now if other not in was]
            assert any(same(now[other], they[key]) for other in where)
        for field in differing(was[key], they[key]) if key in was and key in they else []:
            wanted = they[key].get(field, MISSING)
            here = now[key].get(field, MISSING) if key in now else MISSING
            told = lost.get((*key, field))
            assert same(here, wanted) if told is None else same(told.theirs, they[key].get(field))
            assert told is None or not same(here, wanted)

    assert same(as_json(done.undone), as_json({table: docs for table, docs in ours.items() if docs}))
    assert done.merged.changed == (len(done.record.ops) if done.record else 0)


@given(base=tables, ours=st.integers(), theirs=st.integers())
def test_other_fields_of_one_document_both_survive(base: Tables, ours: int, theirs: int) -> None:
    mine, edited = deepcopy(base), deepcopy(base)
    for key in rows(base):
        rows(mine)[key]["ours"] = ours % 2**63
        rows(edited)[key]["theirs"] = theirs % 2**63
    both = {key: doc | rows(mine)[key] | rows(edited)[key] for key, doc in rows(base).items()}
    done = outcome(base, mine, as_json(edited))
    assert rows(done.tables) == both
    assert done.merged.lost == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(edited=st.dictionaries(st.sampled_from([TABLE, OTHER, "_default"]), json_values | st.dictionaries(
    st.sampled_from(["1", "2", "3", "01", "x"]), json_values)))  # fmt: skip
def test_whatever_stands_there_is_merged_or_told(edited: dict[str, Any]) -> None:
    _, tables = read_edited(json.dumps(edited).encode())
    base = {TABLE: {1: {"a": 1}, 2: {"a": 2}}}
    done = outcome(base, base, tables)
    for table, content in edited.items():
        for id, row in content.items() if isinstance(content, dict) else []:
            arrived = id.isdecimal() and same(done.tables.get(table, {}).get(int(id), MISSING), row)
            assert arrived or done.merged.refused
    assert all(why.encode() for why in done.merged.refused)


# the file

HEAD = b'{"_meta": {"1": {"schema":2,"seq":7}},\n'


@pytest.mark.parametrize(
    ("raw", "meta", "tables"),
    [
        (b"{}", None, {}),
        (HEAD + b'"opportunities": {\n"1":{"a":1}}}', {"schema": 2, "seq": 7}, {TABLE: {"1": {"a": 1}}}),
        (b"\xef\xbb\xbf" + HEAD + b'"a":{}}\r\n', {"schema": 2, "seq": 7}, {"a": {}}),
        ('{"a":{"1":{"n":"Müller \u2028 東"}}}'.encode(), None, {"a": {"1": {"n": "Müller \u2028 東"}}}),
        (b'{"a":{"1":{"n":"M\\u00fcller"}}}', None, {"a": {"1": {"n": "Müller"}}}),
        (b'{"_meta": null}', None, {}),
        (b'{"_meta": {"1": [7]}, "a": 1}', None, {"a": 1}),
        (b'{"_meta": {"2": {"seq":7}}}', None, {}),
        (b'{"_meta": {"1": {"seq":7}, "1": {"seq":8}}}', None, {}),
        (b'{"a":{"1":{"n":1e999}}}', None, {"a": {"1": {"n": float("inf")}}}),
    ],
)
def test_a_file_is_read(raw: bytes, meta: Doc | None, tables: dict[str, Any]) -> None:
    assert read_edited(raw) == (meta, tables)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'{"a":{"1":{"n":"M\xfcller"}}}', "line 1 is not UTF-8"),
        (b'{"a":\n{"1":\n{"n":"M\xfcller"}}}', "line 3 is not UTF-8"),
        ('{"a":1}'.encode("utf-16"), "line 1 is not UTF-8"),
        (b'{"a":{"1":{"n":1}}', "no readable JSON"),
        (b'{"a":{"1":{"n":1}}}}', "Extra data: line 1 column 20"),
        (b'{"a":{"1":{"n":1},}}', "line 1 column 19"),
        (b"\0" * 100, "no readable JSON"),
        (b"[]", "no JSON object with tables"),
        (b"null", "no JSON object with tables"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":{"1":{"n":' + b"9" * 5000 + b"}}}", "no readable JSON"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read_edited(raw)
    assert type(caught.value) is ValueError


def test_numbers_that_are_none_cost_their_document_alone() -> None:
    _, tables = read_edited(b'{"opportunities":{"1":{"a":NaN},"2":{"a":-Infinity},"3":{"a":1}}}')
    done = outcome({}, {}, tables)
    assert done.tables == {TABLE: {3: {"a": 1}}}
    assert len(done.merged.refused) == 2


@pytest.mark.parametrize(
    ("raw", "expected", "words"),
    [
        (b'{"1":{"a":2},"1":{"a":3}}', one(a=1), "opportunities #1: a document is a dict, not a value given"),
        (b'{"1":{"a":2,"a":3}}', one(a=1), "opportunities #1.a: a value given twice cannot be stored"),
        (b'{"1":{"a":1},"2":{"a":2},"2":{"a":3}}', one(a=1), "opportunities #2: a document is a dict"),
        (b'{},"opportunities":{}', one(a=1), "opportunities: a table is an object, not a value given twice"),
    ],
)  # fmt: skip
def test_what_is_given_twice_is_left_as_it_was(raw: bytes, expected: Tables, words: str) -> None:
    _, tables = read_edited(b'{"opportunities":' + raw + b"}")
    done = outcome(one(a=1), one(a=1), tables)
    assert done.tables == expected
    (why,) = done.merged.refused
    assert why.startswith(words)


def test_a_script_with_stock_tinydb() -> None:
    """It adds, changes, deletes and drops while the team works on."""
    base: Tables = {
        TABLE: {1: {"stage": "new", "owner": "ana"}, 2: {"stage": "lost"}, 3: {"stage": "new"}},
        OTHER: {1: {"n": 1}},
    }
    with TinyDB(storage=MemoryStorage) as db:
        db.storage.write({"_meta": {"1": {"seq": 1}}} | as_json(deepcopy(base)))
        table = db.table(TABLE)
        table.update({"owner": "ben"}, doc_ids=[1])
        table.remove(doc_ids=[2])
        table.insert({"stage": "new", "company": "Müller"})
        db.drop_table(OTHER)
        raw = json.dumps(db.storage.read(), ensure_ascii=False).encode()
    ours = deepcopy(base)
    ours[TABLE][1]["stage"] = "won"
    ours[TABLE][2]["stage"] = "new"
    ours[TABLE][4] = {"stage": "meeting"}
    meta, tables = read_edited(raw)
    done = outcome(base, ours, tables)
    assert meta == {"seq": 1}
    assert done.tables == {
        TABLE: {
            1: {"stage": "won", "owner": "ben"},
            2: {"stage": "new"},
            3: {"stage": "new"},
            4: {"stage": "meeting"},
            5: {"stage": "new", "company": "Müller"},
        }
    }
    assert done.merged.lost == (Lost(TABLE, 2, "", None, {"stage": "new"}),)
    assert done.merged.renumbered == ((TABLE, 4, 5),)
    assert done.undone == ours
