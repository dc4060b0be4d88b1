"""What every shared store must bear: several processes at once, and their sudden death."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    CONTEXT,
    SHARED,
    TABLE,
    Backend,
    add,
    await_change,
    compare_twins,
    count_up,
    make_backend,
    write_until_killed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.store import Tx

shared = pytest.fixture(params=SHARED)(make_backend)


def wait_for(path: Path, size: int) -> None:
    deadline = time.monotonic() + 60
    while path.stat().st_size < size:
        assert time.monotonic() < deadline, "nothing comes from the other process"
        time.sleep(0.001)


def test_nothing_is_lost_between_two_processes(shared: Backend) -> None:
    with shared.open() as store:
        add(store, {"n": 0}, "counters")
        workers = [CONTEXT.Process(target=count_up, args=(shared.url, 200)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        assert [worker.exitcode for worker in workers] == [0, 0]
        store.refresh()
        assert (store.get("counters", 1), store.seq) == ({"n": 400}, 401)
        assert [record.ops[0].new["n"] for record in store.changes(1)] == list(range(1, 401))


def test_a_reader_sees_one_state_or_the_next(shared: Backend) -> None:
    def move(tx: Tx) -> None:
        for id, doc in tx.find("twins"):
            tx.update("twins", id, {"n": doc["n"] + 1, "padding": "x" * (doc["n"] % 7 * 200)})

    with shared.open() as store:
        store.transact(lambda tx: [tx.insert("twins", {"n": 0}) for _ in range(2)], "ana")
        reader = CONTEXT.Process(target=compare_twins, args=(shared.url, 30))
        reader.start()
        deadline = time.monotonic() + 60
        while reader.is_alive():
            assert time.monotonic() < deadline
            store.transact(move, "ana")
        assert reader.exitcode == 0


def test_wait_hears_of_another_process(shared: Backend) -> None:
    ready, result = CONTEXT.Event(), CONTEXT.Queue()
    with shared.open() as store:
        add(store, {})
        follower = CONTEXT.Process(target=await_change, args=(shared.url, ready, result))
        follower.start()
        assert ready.wait(60)

        def work(tx: Tx) -> None:
            tx.label = "Added Acme"
            tx.insert(TABLE, {"company": "Acme"})

        store.transact(work, "ana")
        assert result.get(timeout=60) == (True, [(2, "ana", "Added Acme")])
        follower.join(60)


def test_what_was_acknowledged_survives_a_killed_writer(shared: Backend, tmp_path: Path) -> None:
    chance = random.Random(8)
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    for _ in range(16):
        so_far = acknowledged.stat().st_size
        writer = CONTEXT.Process(target=write_until_killed, args=(shared.url, str(acknowledged)))
        writer.start()
        wait_for(acknowledged, so_far + 1)
        time.sleep(chance.uniform(0, 0.03))  # the moment of death is what varies
        writer.kill()
        writer.join(60)
        ids = {int(line) for line in acknowledged.read_text().split()}
        with shared.open() as store:
            found: list[tuple[int, Any]] = store.find(TABLE)
            assert ids <= {id for id, _ in found}
            assert store.seq == len(found)
            assert all(len(doc["padding"]) == 500 for _, doc in found)
    assert len(ids) > 8
