"""The lock of the store when its file goes away, its holder stops or dies, and in children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import CONTEXT, NOW, TABLE, add, open_at, store_path

from huntertui.errors import Busy
from huntertui.store.journal import folder_of
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from huntertui.store import Tx

path = pytest.fixture(store_path)


def numbers(path: Path) -> list[Any]:
    with open_at(path, "reader") as store:
        return [doc["n"] for _, doc in store.find(TABLE)]


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_pitfall_06_the_lock_is_taken_away(path: Path, how: str) -> None:
    lock = folder_of(path) / "lock"
    with open_at(path) as store, open_at(path, "ben") as colleague:
        add(store, {"n": 1})

        def work(tx: Tx) -> None:
            tx.insert(TABLE, {"n": "mine"})
            lock.unlink()
            if how == "replaced":
                lock.write_text("")
            add(colleague, {"n": 2})

        with pytest.raises(Busy, match="was replaced while we held it"):
            store.transact(work, "ana")
        assert add(store, {"n": 3}) == 3
    assert numbers(path) == [1, 2, 3]


def hold(url: str, stopped: Event) -> None:
    """Worker: stop in the middle of a transaction."""

    def work(tx: Tx) -> None:
        tx.insert(TABLE, {"n": "stopped"})
        stopped.set()
        os.kill(os.getpid(), signal.SIGSTOP)

    with open_at(Path(url), "ben") as store:
        store.transact(work, "ben")


def test_pitfall_06_the_holder_is_stopped(path: Path) -> None:
    with SharedStore(path, "ana", lambda: NOW) as store:
        add(store, {"n": 1})
        stopped = CONTEXT.Event()
        worker = CONTEXT.Process(target=hold, args=(str(path), stopped))
        worker.start()
        assert stopped.wait(60)
        store._patience = 0.2
        with pytest.raises(Busy, match=rf"locked by process {worker.pid} \(ben\) since .*: try again"):
            add(store, {"n": 2})
        assert (store.refresh(), numbers(path)) == (False, [1])
        store._patience = 60.0
        threading.Timer(0.05, os.kill, (worker.pid, signal.SIGCONT)).start()
        assert add(store, {"n": 2}) == 3
        worker.join(60)
        assert worker.exitcode == 0
    assert numbers(path) == [1, "stopped", 2]


def test_pitfall_06_the_holder_is_killed(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        stopped = CONTEXT.Event()
        worker = CONTEXT.Process(target=hold, args=(str(path), stopped))
        worker.start()
        assert stopped.wait(60)
        worker.kill()
        assert add(store, {"n": 2}) == 2
        worker.join(60)
    assert numbers(path) == [1, 2]


FORK = """
import os, sys
from datetime import UTC, datetime
from huntertui.store import open_store

read, write = os.pipe()
store = open_store(sys.argv[1], "ana", clock=lambda: datetime.now(UTC))

def add(n, other=store):
    other.transact(lambda tx: tx.insert("opportunities", {"n": n}), "ana")

def fork(tx):
    tx.insert("opportunities", {"n": 2})
    if not os.fork():
        os.close(write)
        os.read(read, 1)  # lives on, with all that is open, until the parent is through
        os._exit(0)

add(1)
store.transact(fork, "ana")
add(3)
with open_store(sys.argv[1], "ben", clock=lambda: datetime.now(UTC)) as colleague:
    add(4, colleague)
os.close(write)
os.wait()
if not os.fork():
    add(5)
    os._exit(0)
assert os.wait()[1] == 0
add(6)
"""


def test_pitfall_06_a_child_that_was_forked_holds_no_lock(path: Path) -> None:
    subprocess.run([sys.executable, "-c", FORK, path], check=True, timeout=60)
    assert numbers(path) == [1, 2, 3, 4, 5, 6]


def test_pitfall_06_a_program_that_is_started_inherits_nothing(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})

        def work(tx: Tx) -> str:
            listing = ["ls", "-l", "/proc/self/fd"]
            return subprocess.run(listing, close_fds=False, capture_output=True, text=True, check=True).stdout

        assert "store.json" not in store.transact(work, "ana").result
