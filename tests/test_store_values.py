"""What every store must do: which values it keeps, refuses, finds and sorts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import KINDS, NOW, TABLE, Backend, add, change, make_backend

from huntertui.errors import BadValue, Conflict, HunterError

if TYPE_CHECKING:
    from huntertui.store import Doc

backend = pytest.fixture(params=KINDS)(make_backend)


class Stage(StrEnum):
    WON = "won"


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels else "deep"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Stage.WON, "won"),
        (("a", ("b",)), ["a", ["b"]]),
        ("\u2028\U0001f98a\ufeff\x01", "\u2028\U0001f98a\ufeff\x01"),
        (-(2**63), -(2**63)),
        (1e300, 1e300),
        ({"": {"": None}}, {"": {"": None}}),
        (nested(60), nested(60)),
    ],
)
def test_values_are_kept(backend: Backend, given: object, kept: object) -> None:
    with backend.open() as store:
        add(store, {"field": given})
        assert store.get(TABLE, 1) == {"field": kept}
        assert type((store.get(TABLE, 1) or {})["field"]) is type(kept)


REFUSED: dict[str, Any] = {
    "nan": float("nan"),
    "infinity": float("-inf"),
    "lone surrogate": "\ud800",
    "nul": "nul\0",
    "nul in a key": {"nul\0": 1},
    "lone surrogate in a key": {"\udfff": 1},
    "number as key": {1: 2},
    "null as key": {None: 1},
    "65 bits": 2**63,
    "65 bits, negative": -(2**63) - 1,
    "huge integer": 10**5000,
    "datetime": NOW,
    "date": NOW.date(),
    "bytes": b"bytes",
    "set": {1, 2},
    "object": object(),
    "deep": nested(100),
    "too deep for a stack": nested(900),
}


@pytest.mark.parametrize("bad", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_plain_value_is_refused(backend: Backend, bad: Any) -> None:
    with backend.open() as store:
        add(store, {"a": 1})
        for attempt in (
            lambda tx: tx.insert(TABLE, {"ok": 1, "contacts": [{"name": bad}]}),
            lambda tx: tx.update(TABLE, 1, {"a": bad}),
            lambda tx: tx.update(TABLE, 1, {"a": 2}, expect={"a": bad}),
        ):
            with pytest.raises(BadValue, match=TABLE) as refused:
                store.transact(attempt, "ana")
            assert isinstance(refused.value, HunterError)
            assert isinstance(refused.value, ValueError)
            str(refused.value).encode()  # the message itself can be shown
        assert (store.seq, store.find(TABLE)) == (1, [(1, {"a": 1})])


def test_true_is_not_one(backend: Backend) -> None:
    with backend.open() as store:
        id = add(store, {"flag": 1, "nested": [{"flag": 1}]})
        change(store, id, {"flag": True, "nested": [{"flag": True}]}, expect={"flag": 1})
        assert repr(store.get(TABLE, id)) == "{'flag': True, 'nested': [{'flag': True}]}"
        with pytest.raises(Conflict):
            change(store, id, {"flag": 2}, expect={"flag": 1})


@pytest.mark.parametrize("name", ["", "_default", "_journal", "Über", "a b", "a\n", 'a"b', "../x", "2026"])
def test_a_table_may_have_any_name(backend: Backend, name: str) -> None:
    with backend.open() as store:
        assert add(store, {"a": 1}, name) == 1
        assert store.find(name) == [(1, {"a": 1})]


@pytest.mark.parametrize("bad", ["_meta", "a\0", "\ud800"])
def test_a_table_name_is_text_and_not_the_stores_own(backend: Backend, bad: str) -> None:
    with backend.open() as store, pytest.raises(BadValue):
        add(store, {}, bad)


@pytest.mark.parametrize("bad", [0, -1, True, 10**15, "1", 1.0])
def test_ids_are_positive_integers(backend: Backend, bad: Any) -> None:
    with backend.open() as store, pytest.raises(BadValue):
        store.transact(lambda tx: tx.insert(TABLE, {}, id=bad), "ana")


@pytest.mark.parametrize("bad", [None, [], "text", 1])
def test_a_document_is_a_dict(backend: Backend, bad: Any) -> None:
    with backend.open() as store, pytest.raises(BadValue):
        add(store, bad)


ROWS: list[Doc] = [
    {"n": 3, "name": "beta", "due": "2026-11-24"},
    {"n": 1, "name": "alpha", "flag": True},
    {"n": 2.5, "name": "Beta", "due": None},
    {"n": "3", "name": "émile", "due": "2026-11-23"},
    {"name": "alpha", "n": True},
    {"name": "zed", "n": [1], "due": "2026-11-24"},
    {"name": "zed"},
]


@pytest.mark.parametrize(
    ("where", "order", "limit", "ids"),
    [
        ([], [], None, [1, 2, 3, 4, 5, 6, 7]),
        ([], [], 2, [1, 2]),
        ([], [], 0, []),
        ([("name", "=", "alpha")], [], None, [2, 5]),
        ([("n", "=", 1)], [], None, [2]),
        ([("n", "=", True)], [], None, [5]),
        ([("n", "=", [1])], [], None, [6]),
        ([("n", "=", None)], [], None, []),
        ([("due", "=", None)], [], None, [3]),
        ([("due", "!=", None)], [], None, [1, 2, 4, 5, 6, 7]),
        ([("n", "!=", 1)], [], None, [1, 3, 4, 5, 6, 7]),
        ([("n", ">", 1)], [], None, [1, 3]),
        ([("n", ">=", 1)], [], None, [1, 2, 3]),
        ([("n", "<", 3)], [], None, [2, 3]),
        ([("n", "<=", 3)], [], None, [1, 2, 3]),
        ([("n", "<", "4")], [], None, [4]),
        ([("n", "<", [2])], [], None, []),
        ([("due", "<=", None)], [], None, []),
        ([("due", "<=", "2026-11-23")], [], None, [4]),
        ([("n", "in", [1, "3", [1]])], [], None, [2, 4, 6]),
        ([("n", "in", ())], [], None, []),
        ([("nowhere", "in", [None])], [], None, []),
        ([("name", "=", "zed"), ("due", "!=", "2026-11-24")], [], None, [7]),
        ([], ["name"], None, [3, 2, 5, 1, 6, 7, 4]),
        ([], ["-name"], None, [4, 6, 7, 1, 2, 5, 3]),
        ([], ["n"], None, [5, 2, 3, 1, 4, 6, 7]),
        ([], ["-n"], None, [6, 4, 1, 3, 2, 5, 7]),
        ([], ["-due", "name"], None, [1, 6, 4, 3, 2, 5, 7]),
        ([], ["due", "-name"], 3, [4, 6, 1]),
        ([], ["nowhere"], None, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_find(backend: Backend, where: Any, order: list[str], limit: int | None, ids: list[int]) -> None:
    with backend.open() as store:
        store.transact(lambda tx: [tx.insert(TABLE, row) for row in ROWS], "ana")
        inside = store.transact(lambda tx: tx.find(TABLE, where, order, limit), "ana").result
        assert [id for id, _ in inside] == ids
        assert store.find(TABLE, where, order, limit) == inside


@pytest.mark.parametrize("where", [("n", "~", 1), ("n", "in", 1), ("n", "in", "abc"), ("n", "=", NOW)])
def test_find_refuses_nonsense(backend: Backend, where: Any) -> None:
    with backend.open() as store, pytest.raises(BadValue):
        store.find(TABLE, [where])
