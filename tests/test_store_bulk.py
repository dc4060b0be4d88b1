"""Transactions of more than 10,000 ops: kept as a whole new state."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    CONTEXT,
    SHARED,
    TABLE,
    Backend,
    add,
    change,
    checkpoint_at,
    die,
    everything,
    in_child,
    journal,
    make_backend,
    names,
    open_at,
    store_path,
)
from tinydb import TinyDB

from huntertui.errors import Conflict, Resync
from huntertui.store import tiny
from huntertui.store.journal import folder_of

if TYPE_CHECKING:
    from huntertui.store import Store, Tx

path = pytest.fixture(store_path)
backend = pytest.fixture(make_backend, params=[*SHARED, "memory"])

LIMIT = 5


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny, "BULK", LIMIT)


def many(tx: Tx) -> None:
    """Six ops: two updates, a deletion, three insertions."""
    tx.label = "much"
    tx.update(TABLE, 1, {"n": "changed"})
    tx.update(TABLE, 2, {"n": "changed"})
    tx.delete(TABLE, 3)
    tx.insert("events", {"opportunity": 1})
    tx.insert(TABLE, {"n": "new"})
    tx.insert(TABLE, {"n": "new"})


AFTER = [(1, {"n": "changed"}), (2, {"n": "changed"}), (4, {"n": "new"}), (5, {"n": "new"})]
ADDED = (("events", 1, 1), (TABLE, 4, 5))


def begun(store: Store) -> None:
    for n in (1, 2, 3):
        add(store, {"n": n})


def test_it_is_one_record_without_ops(backend: Backend, small: None) -> None:
    with backend.open() as store:
        begun(store)
        record = store.transact(many, "ana").record
        assert record
        assert (record.seq, record.label, record.bulk, record.ops, record.added) == (
            4,
            "much",
            True,
            (),
            ADDED,
        )
        assert (store.record(4), store.find(TABLE)) == (record, AFTER)
        with pytest.raises(Resync):
            store.changes(3)
        assert store.changes(4) == []
        assert (add(store, {}), len(store.changes(4))) == (6, 1)
        with pytest.raises(Resync):
            store.transact(lambda tx: tx.written_since(3), "ana")
        assert store.transact(lambda tx: tx.written_since(4), "ana").result == {(TABLE, 6)}
        with pytest.raises(Conflict) as conflict:
            change(store, 1, {"n": 0}, expect={"n": 1})
        assert conflict.value.theirs == "changed"


def test_as_many_as_the_limit_are_none(backend: Backend, small: None) -> None:
    with backend.open() as store:
        record = store.transact(lambda tx: [tx.insert(TABLE, {}) for _ in range(LIMIT)], "ana").record
        assert record
        assert (record.bulk, len(record.ops), record.added) == (False, LIMIT, ())


def test_the_real_limit(path: Path) -> None:
    with open_at(path) as store, open_at(path, "ben") as colleague:
        record = store.transact(lambda tx: [tx.insert(TABLE, {"n": n}) for n in range(10_001)], "ana").record
        assert record
        assert (record.bulk, record.added) == (True, ((TABLE, 1, 10_001),))
        assert journal(path).stat().st_size < 1000
        assert (colleague.wait(0), len(colleague.find(TABLE))) == (True, 10_001)


def test_followers_newcomers_and_checkpoints(path: Path, small: None) -> None:
    with open_at(path) as store, open_at(path, "ben") as follower:
        begun(store)
        assert len(follower.changes(0)) == 3
        record = store.transact(many, "ana").record
        assert follower.wait(0)
        with pytest.raises(Resync):
            follower.changes(3)
        assert (follower.seq, follower.find(TABLE), follower.record(4)) == (4, AFTER, record)
        change(store, 4, {"n": "later"})
        after = everything(store)
        for _ in range(2):
            with open_at(path, "cleo") as newcomer:
                assert (newcomer.seq, everything(newcomer), newcomer.record(4)) == (5, after, record)
                assert [r.seq for r in newcomer.changes(4)] == [5]
            assert checkpoint_at(path).seq == 5
        assert everything(follower) != after
        assert follower.refresh()
        assert everything(follower) == after
    with closing(TinyDB(path, access_mode="r")) as db:
        assert [doc.doc_id for doc in db.table(TABLE)] == [1, 2, 4, 5]


def test_several_between_two_checkpoints(path: Path, small: None) -> None:
    with open_at(path) as store:
        for n in range(4):
            store.transact(lambda tx: [tx.insert(TABLE, {}) for _ in range(6)], "ana")
            change(store, 1, {"n": n})
        assert [store.record(seq).bulk for seq in range(1, 9)] == [True, False] * 4  # type: ignore[union-attr]
    with open_at(path) as store:
        assert (len(store.find(TABLE)), store.get(TABLE, 1), add(store, {})) == (24, {"n": 3}, 25)
        checkpoint_at(path)
        assert (len(store.find(TABLE)), add(store, {})) == (25, 26)


def die_in_bulk(url: str, call: str, nth: int) -> None:
    """Worker: be killed at the nth such call of a bulk transaction, if there are so many."""
    tiny.BULK = LIMIT
    calls, real = iter(range(10**6)), getattr(os, call)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == nth:
            if call == "write":
                real(args[0], bytes(args[1])[: len(args[1]) // 2])
            die()
        return real(*args, **kwargs)

    with open_at(Path(url)) as store:
        setattr(os, call, deadly)
        store.transact(many, "ana")


@pytest.mark.parametrize("call", ["open", "write", "fsync", "fdatasync", "replace"])
def test_death_at_any_point(path: Path, call: str, small: None) -> None:
    with open_at(path, "ben") as follower:
        begun(follower)
        before, deaths = follower.find(TABLE), count()
        while follower.seq == 3:  # until it lived, or died after it had written all
            child = CONTEXT.Process(target=die_in_bulk, args=(str(path), call, next(deaths)))
            child.start()
            child.join(60)
            follower.refresh()
            assert child.exitcode == -signal.SIGKILL or (child.exitcode, follower.seq) == (0, 4)
            with open_at(path) as store:
                assert store.find(TABLE) == follower.find(TABLE) == (before if store.seq == 3 else AFTER)
        assert next(deaths) >= (1 if call == "fdatasync" else 3)
        assert (add(follower, {"n": "after"}), checkpoint_at(path).seq) == (6, 5)
    assert not [name for name in names(folder_of(path)) if name.endswith(".tmp")]


@pytest.mark.parametrize("bulk", [False, True])
def test_what_a_dead_one_left_counts_for_nothing(path: Path, small: None, bulk: bool) -> None:
    """The number of a record that never was is given to another one."""
    with open_at(path) as store:
        begun(store)
        for nth in count():
            in_child(die_in_bulk, str(path), "write", nth, code=-signal.SIGKILL)
            if (folder_of(path) / "rebase-4.json").exists():
                break
        assert (store.refresh(), store.seq) == (False, 3)
        rows = 9 if bulk else 1
        record = store.transact(lambda tx: [tx.insert(TABLE, {"last": n}) for n in range(rows)], "ana").record
        assert record
        assert (record.seq, record.bulk) == (4, bulk)
        expected = everything(store)
        for _ in range(2):
            with open_at(path) as fresh:
                assert (everything(fresh), fresh.record(4)) == (expected, record)
            checkpoint_at(path)
