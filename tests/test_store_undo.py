"""What every store must do: taking back what a record says, and retelling it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import KINDS, TABLE, Backend, add, change, everything, make_backend, undo

from huntertui.errors import Conflict

if TYPE_CHECKING:
    from huntertui.store import Doc, Tx

backend = pytest.fixture(params=KINDS)(make_backend)


def test_undo_and_redo(backend: Backend) -> None:
    def work(tx: Tx) -> None:
        tx.label = "Work"
        tx.insert("events", {"kind": "stage"})
        tx.update(TABLE, 1, {"stage": "won", "closed": "2026-11-23"}, unset=["tags"])
        tx.delete(TABLE, 2)

    with backend.open() as store:
        add(store, {"stage": "new", "tags": ["a"], "owner": None})
        add(store, {"stage": "lost"})
        before = everything(store)
        done = store.transact(work, "ana").record
        after = everything(store)
        assert before != after
        undone = undo(store, done)
        assert (everything(store), undone.undoes) == (before, 3)
        redone = undo(store, undone)
        assert (everything(store), redone.undoes) == (after, undone.seq)
        undo(store, redone)
        assert everything(store) == before


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda tx: tx.update(TABLE, 1, {"stage": "lost"}),
        lambda tx: tx.update(TABLE, 1, {}, unset=["stage"]),
        lambda tx: tx.update(TABLE, 1, {"tags": ["back"]}),
        lambda tx: tx.delete(TABLE, 1),
        lambda tx: tx.insert(TABLE, {"other": 1}, id=2),
        lambda tx: tx.update(TABLE, 3, {"more": 1}),
        lambda tx: tx.delete(TABLE, 3),
    ],
)
def test_no_undo_over_the_work_of_others(backend: Backend, meanwhile: Any) -> None:
    def work(tx: Tx) -> None:
        tx.update(TABLE, 1, {"stage": "won"}, unset=["tags"])
        tx.delete(TABLE, 2)
        tx.insert(TABLE, {"stage": "new"})

    with backend.open() as store:
        add(store, {"stage": "new", "tags": ["a"], "note": ""})
        add(store, {"stage": "new"})
        record = store.transact(work, "ana").record
        store.transact(meanwhile, "ben")
        before = everything(store)
        with pytest.raises(Conflict):
            undo(store, record)
        assert everything(store) == before


def test_undo_leaves_the_other_fields_alone(backend: Backend) -> None:
    with backend.open() as store:
        id = add(store, {"stage": "new", "note": ""})
        record = store.transact(lambda tx: tx.update(TABLE, id, {"stage": "won"}), "ana").record
        change(store, id, {"note": "by ben"}, by="ben")
        undo(store, record)
        assert store.get(TABLE, id) == {"stage": "new", "note": "by ben"}


def test_the_records_retell_and_untell_everything(backend: Backend) -> None:
    """A random life, replayed from its records, then undone step by step."""
    chance = random.Random(20261123)

    def live(tx: Tx) -> None:
        for _ in range(chance.randint(1, 4)):
            table = chance.choice([TABLE, "events"])
            ids = [id for id, _ in tx.find(table)]
            fields = {f: chance.choice([None, True, 1, "x", [1, {"y": 2}]]) for f in chance.sample("abcd", 2)}
            match chance.choice(["insert", "update", "update", "delete"]) if ids else "insert":
                case "insert":
                    tx.insert(table, fields)
                case "update":
                    tx.update(table, chance.choice(ids), fields, unset=chance.sample("abcd", 1))
                case "delete":
                    tx.delete(table, chance.choice(ids))

    with backend.open() as store:
        states = [everything(store)]
        for _ in range(40):
            if store.transact(live, "ana").record:
                states.append(everything(store))
        told: dict[str, dict[int, Doc]] = {TABLE: {}, "events": {}}
        records = store.changes(0)
        for record, state in zip(records, states[1:], strict=True):
            for op in record.ops:
                doc = told[op.table].pop(op.id, {})
                if op.kind != "d":
                    told[op.table][op.id] = {f: v for f, v in doc.items() if f not in op.old} | op.new
            assert {table: sorted(docs.items()) for table, docs in told.items()} == state
        for record, state in zip(reversed(records), reversed(states[:-1]), strict=True):
            undo(store, record)
            assert everything(store) == state
