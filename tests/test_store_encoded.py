"""Documents that are encoded before the transaction: checked as ever, written as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from store_kinds import KINDS, NOW, TABLE, Backend, add, everything, make_backend
from test_store_values import REFUSED, Stage, nested

from huntertui.errors import BadValue, Conflict, Full
from huntertui.store import Doc, Record, Store, Tx, open_store, tiny
from huntertui.store.encoded import Encoded, Numbered, decoded, encoded
from huntertui.store.record import dumps
from huntertui.store.values import plain_doc

backend = pytest.fixture(make_backend, params=KINDS)

leaves = (
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from([Stage.WON, "\\u0000"])
)
values = st.recursive(
    leaves | st.integers(-(2**63) - 1, 2**63),
    lambda one: (
        st.lists(one, max_size=2)
        | st.tuples(one)
        | st.dictionaries(st.text(max_size=2) | st.integers(1, 2), one, max_size=2)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
@example({"field": nested(63)})
@example({"field": nested(64)})
@example({"field": "\ud83e\udd8a"})
def test_it_is_what_is_kept_of_a_plain_document(doc: Doc) -> None:
    def kept(keep: Callable[[], Encoded]) -> Encoded | str:
        try:
            return keep()
        except BadValue as refused:
            return str(refused)

    text = kept(lambda: encoded(doc, "here"))
    assert text == kept(lambda: Encoded(dumps(plain_doc(doc, "here")).encode()))
    assert isinstance(text, str) or decoded(text) == plain_doc(doc, "here")


@pytest.mark.parametrize("bad", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_plain_document_is_refused(bad: Any) -> None:
    for doc in ({"field": bad}, {"list": [{"field": bad}]}, bad):
        with pytest.raises(BadValue, match="here"):
            encoded(doc, "here")


@pytest.mark.parametrize(
    ("doc", "field", "number"),
    [
        ({}, "id", 1),
        ({"a": "}"}, "id", 0),
        ({"id": 5}, "id", 6),
        ({"a": {"id": 5}}, "id", 6),
        ({"a": '"id":'}, "id", 6),
        ({"a": "\u2028"}, "id", 2**63 - 1),
    ],
)
def test_a_number_is_set(doc: Doc, field: str, number: int) -> None:
    (text,) = Numbered([encoded(doc, "here")], field, [number])[0:1]
    assert decoded(text) == doc | {field: number}
    assert text == encoded(decoded(text), "here")  # no field twice


def test_each_gets_its_number() -> None:
    texts = Numbered([encoded({"n": n}, "here") for n in range(5)], "id", range(10, 15))
    assert len(texts) == 5
    assert [decoded(text) for text in texts[2:4]] == [{"n": 2, "id": 12}, {"n": 3, "id": 13}]


class Made:
    """Documents made when they are asked for; how often that was."""

    def __init__(self, count: int, make: Callable[[int], Doc]) -> None:
        self.asked = 0
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, places: slice, /) -> list[Encoded]:
        assert 0 <= places.start < places.stop <= self._count
        self.asked += places.stop - places.start
        return [encoded(self._make(n), "here") for n in range(places.start, places.stop)]

    def docs(self) -> Iterator[Doc]:
        return map(self._make, range(self._count))


Insert = Callable[[Tx, str, Made], Sequence[int]]


def at_once(tx: Tx, table: str, made: Made) -> Sequence[int]:
    return tx.insert_encoded(table, made)


def one_by_one(tx: Tx, table: str, made: Made) -> Sequence[int]:
    return [tx.insert(table, doc) for doc in made.docs()]


def work(tx: Tx, insert: Insert) -> None:
    """Write both ways, one among the other, and read what was written."""
    tx.insert(TABLE, {"n": "single"})
    ids = insert(tx, TABLE, Made(7, lambda n: {"n": n, "name": "Größe"}))
    assert list(ids) == list(range(ids[0], ids[0] + 7))
    last = tx.insert(TABLE, {"n": "last"})
    events = insert(tx, "events", Made(5, lambda n: {"text": "}", "opportunity": ids[n]}))
    assert list(insert(tx, "events", Made(0, lambda n: {}))) == []
    more = insert(tx, TABLE, Made(2, lambda n: {"more": n}))
    tx.insert("events", {"opportunity": 1})
    tx.update(TABLE, 1, {"n": "changed"})
    tx.update(TABLE, ids[2], {"n": 30}, expect={"n": 2}, unset=["name"])
    tx.delete(TABLE, ids[4], expect={"n": 4})
    tx.delete("events", events[0])
    tx.delete(TABLE, more[1])
    assert tx.get(TABLE, ids[0]) == {"n": 0, "name": "Größe"}
    assert (tx.get(TABLE, ids[2]), tx.get(TABLE, ids[4])) == ({"n": 30}, None)
    assert [id for id, _ in tx.find(TABLE, [("n", "in", [1, 30, 4])])] == [ids[1], ids[2]]
    assert [id for id, _ in tx.find("events", [("opportunity", "=", ids[3])])] == [events[3]]
    with pytest.raises(Conflict):
        tx.update(TABLE, ids[3], {"n": 0}, expect={"n": 0})
    with pytest.raises(Conflict):
        tx.insert(TABLE, {}, id=ids[1])
    assert tx.insert(TABLE, {"n": "again"}, id=ids[4]) == ids[4] < last


def told(store: Store, record: Record | None) -> Any:
    """What a record says, and the state after it."""
    assert record
    ops = sorted((op.table, op.id, op.kind, op.new, op.old) for op in record.ops)
    links = [store.find("events", [("opportunity", "=", id)]) for id in range(20)]
    return ops, record.bulk, record.added, everything(store), links, store.latest(TABLE, 4)


@pytest.mark.parametrize("bulk", [False, True])
def test_it_is_the_same_as_one_by_one(backend: Backend, bulk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny, "BULK", 10 if bulk else 100)
    with backend.open() as store, open_store("memory:", "ana", clock=lambda: NOW) as other:
        for one in (store, other):
            add(one, {"n": "first"})
            add(one, {"n": "second", "opportunity": 2}, "events")
        record = store.transact(lambda tx: work(tx, at_once), "ana").record
        assert record
        expected = other.transact(lambda tx: work(tx, one_by_one), "ana").record
        assert told(store, record) == told(other, expected)
        assert (record.bulk, store.record(3)) == (bulk, record)
        if backend.url != "memory:":
            with backend.open() as newcomer:
                assert told(newcomer, newcomer.record(3)) == told(other, expected)
        assert [add(one, {}, table) for one in (store, other) for table in (TABLE, "events")] == [12, 8] * 2


def test_a_large_change_reads_each_once(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny, "BULK", 100)
    with backend.open() as store:
        made = Made(2500, lambda n: {"n": n})
        record = store.transact(lambda tx: tx.insert_encoded(TABLE, made), "ana").record
        assert record
        assert (made.asked, record.added, len(store.find(TABLE))) == (2500, ((TABLE, 1, 2500),), 2500)


def test_what_cannot_be_read_changes_nothing(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(n: int) -> Doc:
        if n == 30:
            raise Full("no more")
        return {"n": n}

    with backend.open() as store:
        add(store, {"n": "first"})
        for limit in (20, 100):
            monkeypatch.setattr(tiny, "BULK", limit)
            with pytest.raises(Full, match="no more"):
                store.transact(lambda tx: tx.insert_encoded(TABLE, Made(50, broken)), "ana")
            assert (store.seq, store.find(TABLE)) == (1, [(1, {"n": "first"})])
        assert add(store, {"n": "next"}) == 2


@pytest.mark.parametrize("table", ["_meta", "a\0", "\ud800"])
def test_a_table_name_is_checked(backend: Backend, table: str) -> None:
    with backend.open() as store, pytest.raises(BadValue):
        store.transact(lambda tx: tx.insert_encoded(table, Made(2, lambda n: {"n": n})), "ana")
