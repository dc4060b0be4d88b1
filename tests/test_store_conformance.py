"""What every store must do, whichever stands behind the seam: transactions, conflicts, the feed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from store_kinds import (
    KINDS,
    NOW,
    SHARED,
    TABLE,
    Backend,
    add,
    change,
    everything,
    make_backend,
    remove,
    ticking,
    undo,
)

from huntertui.errors import Conflict, NotFound, Resync, Usage
from huntertui.store import Doc, Op, Store, Tx, open_store

backend = pytest.fixture(params=KINDS)(make_backend)
shared = pytest.fixture(params=SHARED)(make_backend)


def test_a_new_store_is_empty(backend: Backend) -> None:
    with backend.open() as store:
        assert (store.seq, store.get(TABLE, 1), store.find(TABLE)) == (0, None, [])
        assert (store.changes(0), store.record(1), store.refresh()) == ([], None, False)


def test_a_transaction_is_one_record(backend: Backend) -> None:
    contacts = [{"name": "Jané 🦊"}]
    with backend.open(clock=ticking()) as store:
        id = add(store, {"company": "Acme", "stage": "new", "value": 5, "tags": ["a"]})
        gone = add(store, {"company": "Gone"})

        def work(tx: Tx) -> str:
            tx.label = "Moved Acme"
            tx.update(TABLE, id, {"stage": "won", "value": 5, "contacts": contacts}, unset=["tags"])
            tx.insert("events", {"kind": "stage"})
            tx.delete(TABLE, gone)
            return "done"

        result, record = store.transact(work, "ben").result, store.record(3)
        assert result == "done"
        assert record
        assert (record.seq, record.by, record.label, record.undoes) == (3, "ben", "Moved Acme", None)
        assert NOW < record.at < NOW + timedelta(minutes=1)
        assert record.at.utcoffset() == timedelta(0)
        assert record.ops == (
            Op("u", TABLE, id, {"stage": "won", "contacts": contacts}, {"stage": "new", "tags": ["a"]}),
            Op("d", TABLE, gone, {}, {"company": "Gone"}),
            Op("i", "events", 1, {"kind": "stage"}, {}),
        )
        assert store.get(TABLE, id) == {"company": "Acme", "stage": "won", "value": 5, "contacts": contacts}
        assert store.get(TABLE, gone) is None
        assert [r.seq for r in store.changes(0)] == [1, 2, 3]
        assert store.changes(2) == [record]


def test_what_is_written_back_is_no_change(backend: Backend) -> None:
    def nothing(tx: Tx) -> None:
        tx.update(TABLE, 1, {"a": 1, "b": 2})
        tx.update(TABLE, 1, {"a": 1}, unset=["nowhere"])
        tx.update(TABLE, 1, {"a": 2})
        tx.update(TABLE, 1, {"a": 1})
        tx.delete(TABLE, tx.insert(TABLE, {"short": "lived"}))

    with backend.open() as store:
        add(store, {"a": 1, "b": 2})
        assert store.transact(nothing, "ana").record is None
        assert store.transact(lambda tx: tx.find(TABLE), "ana").record is None
        assert (store.seq, len(store.find(TABLE))) == (1, 1)


def test_what_is_handed_over_is_a_copy(backend: Backend) -> None:
    with backend.open() as store:
        mine: Doc = {"tags": ["a"], "contacts": [{"name": "Jane"}]}
        as_it_was = {"tags": ["a"], "contacts": [{"name": "Jane"}]}

        def work(tx: Tx) -> int:
            id = tx.insert(TABLE, mine)
            mine["tags"].append("b")
            for doc in (tx.get(TABLE, id), tx.find(TABLE)[0][1]):
                assert doc
                doc["contacts"][0]["name"] = "Joe"
            return id

        committed = store.transact(work, "ana")
        first, again = store.get(TABLE, committed.result), store.record(1)
        assert first
        assert again
        assert committed.record
        for doc in (first, store.find(TABLE)[0][1], committed.record.ops[0].new, again.ops[0].new):
            doc["contacts"][0]["name"] = "Joe"
            del doc["tags"]
        store.changes(0)[0].ops[0].new.clear()
        assert store.get(TABLE, 1) == as_it_was
        assert store.changes(0)[0].ops[0].new == as_it_was


def test_an_exception_leaves_nothing_behind(backend: Backend) -> None:
    def work(tx: Tx) -> None:
        tx.update(TABLE, 1, {"stage": "won"})
        tx.insert("events", {"kind": "stage"})
        raise ZeroDivisionError

    with backend.open() as store:
        add(store, {"stage": "new"})
        with pytest.raises(ZeroDivisionError):
            store.transact(work, "ana")
        assert (store.seq, store.get(TABLE, 1), store.find("events")) == (1, {"stage": "new"}, [])
        assert add(store, {"kind": "note"}, "events") == 1


def test_a_transaction_sees_its_own_writes(backend: Backend) -> None:
    def work(tx: Tx) -> None:
        new = tx.insert(TABLE, {"stage": "new"})
        tx.update(TABLE, 1, {"stage": "won"})
        tx.delete(TABLE, 2)
        assert new == 3
        assert tx.get(TABLE, 2) is None
        assert tx.find(TABLE, order=["-stage"]) == [(1, {"stage": "won"}), (3, {"stage": "new"})]
        assert tx.insert(TABLE, {}) == 4
        with pytest.raises(NotFound):
            tx.update(TABLE, 2, {"stage": "won"})
        assert tx.insert(TABLE, {"stage": "back"}, id=2) == 2

    with backend.open() as store:
        add(store, {"stage": "new"})
        add(store, {"stage": "new"})
        store.transact(work, "ana")
        assert [id for id, _ in store.find(TABLE)] == [1, 2, 3, 4]


def test_the_latest_come_first_and_page_by_page(shared: Backend) -> None:
    with shared.open() as store:
        assert store.latest("events", 5) == []
        for n in range(1, 8):
            add(store, {"n": n})
    with shared.open() as store:
        remove(store, 6)
        change(store, 3, {"n": 33})
        add(store, {"n": 8})
        assert [id for id, _ in store.latest(TABLE, 3)] == [8, 7, 5]
        assert store.latest(TABLE, 3, before=5) == [(4, {"n": 4}), (3, {"n": 33}), (2, {"n": 2})]
        assert [id for id, _ in store.latest(TABLE, 9, before=8)] == [7, 5, 4, 3, 2, 1]
        assert store.latest(TABLE, 9, before=1) == []


def test_ids_start_at_one_and_come_only_once(backend: Backend) -> None:
    with backend.open() as store:
        assert [add(store, {}) for _ in range(3)] == [1, 2, 3]
        assert add(store, {}, "events") == 1
        remove(store, 3)
        assert add(store, {}) == 4
        for id, _ in store.find(TABLE):
            remove(store, id)
        assert add(store, {}) == 5
        assert store.transact(lambda tx: tx.insert(TABLE, {}, id=3), "ana").result == 3
        assert store.transact(lambda tx: tx.insert(TABLE, {}, id=9), "ana").result == 9
        assert add(store, {}) == 10
        with pytest.raises(Conflict):
            store.transact(lambda tx: tx.insert(TABLE, {}, id=9), "ana")


def test_everything_is_there_after_closing(shared: Backend) -> None:
    with shared.open(clock=ticking()) as store:
        id = add(store, {"company": "Šťastný ☃", "value": 2**63 - 1, "rate": 0.1, "none": None})
        add(store, {"company": "Gone"})
        remove(store, 2)
        before = everything(store), store.changes(0), store.seq
    with shared.open() as store:
        assert (everything(store), store.changes(0), store.seq) == before
        assert add(store, {}) == 3
        undo(store, store.record(3))
        assert store.get(TABLE, 2) == {"company": "Gone"}
        assert store.get(TABLE, id) == {
            "company": "Šťastný ☃",
            "value": 2**63 - 1,
            "rate": 0.1,
            "none": None,
        }


@pytest.mark.parametrize(
    ("expect", "field", "theirs"),
    [
        ({"stage": "new"}, None, None),
        ({"stage": "new", "owner": None, "nowhere": None}, None, None),
        ({"stage": "won"}, "stage", "new"),
        ({"stage": None}, "stage", "new"),
        ({"owner": "ana"}, "owner", None),
        ({"stage": "new", "tags": ["b"]}, "tags", ["a"]),
    ],
)
def test_expectations(backend: Backend, expect: Doc, field: str | None, theirs: object) -> None:
    with backend.open() as store:
        id = add(store, {"stage": "new", "owner": None, "tags": ["a"]}, by="ben")
        for attempt in (
            lambda tx: tx.update(TABLE, id, {"stage": "lost"}, expect),
            lambda tx: tx.delete(TABLE, id, expect),
        ):
            if field is None:
                undo(store, store.transact(attempt, "ana").record)
                continue
            with pytest.raises(Conflict) as conflict:
                store.transact(attempt, "ana")
            error = conflict.value
            assert (error.table, error.id, error.field, error.theirs) == (TABLE, id, field, theirs)
            assert error.exit_code == 4
            assert store.get(TABLE, id) == {"stage": "new", "owner": None, "tags": ["a"]}


def test_a_conflict_says_who_and_when(backend: Backend) -> None:
    with backend.open(clock=ticking()) as store:
        id = add(store, {"stage": "new", "note": ""})
        change(store, id, {"stage": "won"}, by="ben")
        won = store.changes(0)[-1]
        change(store, id, {"note": "later"}, by="cleo")
        with pytest.raises(Conflict, match=r"stage of opportunities #1 is now 'won', by ben") as conflict:
            change(store, id, {"stage": "lost"}, expect={"stage": "new"})
        error = conflict.value
        assert (error.mine, error.theirs, error.by, error.at) == ("lost", "won", "ben", won.at)


def test_what_is_gone_is_not_found(backend: Backend) -> None:
    with backend.open() as store:
        id = add(store, {"stage": "new"})
        remove(store, id)
        with pytest.raises(NotFound):
            change(store, id, {"stage": "won"}, expect={"stage": "new"})
        with pytest.raises(NotFound):
            remove(store, id)


def test_conflicts_are_by_field(shared: Backend) -> None:
    with shared.open("ana") as ana, shared.open("ben", clock=ticking()) as ben:
        id = add(ana, {"stage": "new", "value": 1})
        ben.refresh()
        change(ana, id, {"stage": "won"}, expect={"stage": "new"}, by="ana")
        change(ben, id, {"value": 2}, expect={"value": 1}, by="ben")
        with pytest.raises(Conflict) as conflict:
            change(ana, id, {"value": 3}, expect={"value": 1}, by="ana")
        assert (conflict.value.field, conflict.value.theirs, conflict.value.by) == ("value", 2, "ben")
        for store in (ana, ben):
            store.refresh()
            assert store.get(TABLE, id) == {"stage": "won", "value": 2}


def test_changes_since_nowhere(backend: Backend) -> None:
    with backend.open() as store:
        add(store, {})
        for since in (-1, 2, 10**30):
            with pytest.raises(Resync):
                store.changes(since)
        assert len(store.changes(0)) == 1


def test_what_others_write_comes_when_it_is_taken_in(shared: Backend) -> None:
    with shared.open("ana") as ana, shared.open("ben") as ben:
        id = add(ana, {"stage": "new"})
        assert (ben.seq, ben.get(TABLE, id), ben.find(TABLE)) == (0, None, [])
        assert ben.refresh()
        assert (ben.seq, ben.get(TABLE, id)) == (1, {"stage": "new"})
        assert not ben.refresh()
        change(ana, id, {"stage": "won"})
        add(ana, {"stage": "later"})
        assert ben.get(TABLE, id) == {"stage": "new"}
        assert ben.find(TABLE) == ben.latest(TABLE, 9) == [(id, {"stage": "new"})]
        assert ben.find(TABLE, [("stage", "=", "won")]) == []
        assert [record.seq for record in ben.changes(1)] == [2, 3]
        assert ben.get(TABLE, id) == {"stage": "won"}
        change(ana, id, {"stage": "lost"})
        assert ben.transact(lambda tx: tx.get(TABLE, id), "ben").result == {"stage": "lost"}


def test_wait(shared: Backend) -> None:
    with shared.open("ana") as ana, shared.open("ben") as ben:
        assert not ben.wait(0)
        add(ana, {"n": 1})
        assert ben.wait(0)
        assert not ben.wait(0.2)
        assert not ana.wait(0)  # one's own change is no news
        add(ana, {"n": 2})
        add(ben, {"n": 3})  # takes in that of ana, of which ben has not been told yet
        assert ben.wait(0)
        assert [record.by for record in ben.changes(1)] == ["ana", "ana"]
        add(ana, {"n": 4})
        ben.changes(3)
        assert not ben.wait(0)


def test_wait_ends_when_the_store_is_closed(backend: Backend) -> None:
    store = backend.open()
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(store.wait(600)))
    waiting.start()
    store.close()
    waiting.join(30)
    assert answers == [False]


def test_threads_take_turns(backend: Backend) -> None:
    def raise_it(tx: Tx) -> None:
        tx.update(TABLE, 1, {"n": (tx.get(TABLE, 1) or {})["n"] + 1})

    def raise_often(store: Store) -> None:
        for _ in range(50):
            store.transact(raise_it, "ana")

    with backend.open() as store:
        add(store, {"n": 0})
        threads = [threading.Thread(target=raise_often, args=[store]) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            store.refresh()
            store.get(TABLE, 1)
        assert store.get(TABLE, 1) == {"n": 200}
        assert store.seq == 201


@pytest.mark.parametrize("url", ["", "mysql://host/db", "nul\0", "postgresql://ana:secret@[host"])
def test_unknown_kinds_of_store(url: str) -> None:
    with pytest.raises(Usage):
        open_store(url, "ana", clock=lambda: NOW)


def test_the_records_of_a_member(backend: Backend) -> None:
    with backend.open(clock=ticking()) as store:
        for n in range(30):
            add(store, {"n": n}, by="ana" if n % 3 else "ben")
        third = store.record(3)
        assert third
        found = [*store.made_by("ben", third.at)]
        assert [record.seq for record in found] == list(range(28, 3, -3))
        assert found[0] == store.record(28)
        assert [*store.made_by("cleo", third.at)] == []
