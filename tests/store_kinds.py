"""The stores that the conformance suite runs against, and what other processes do to them.

A new kind of store is one more name in KINDS (and SHARED) and one more case in `make_backend`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from huntertui.errors import NotAllowed
from huntertui.store import Doc, Record, Store, Tx, apply_inverse, open_store
from huntertui.store.checkpoint import Checkpointed, checkpoint
from huntertui.store.journal import folder_of
from huntertui.store.postgres import link

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Event

POSTGRES = ["postgres", "postgres-strict"]  # strict: serializable, and nobody is woken by NOTIFY
SHARED = ["tiny", *POSTGRES]  # those that several processes can have open, and are still there after closing
KINDS = [*SHARED, "memory"]

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["store_kinds"])

TABLE = "opportunities"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a second each time somebody looks."""
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


@dataclass(frozen=True)
class Backend:
    """One empty place for a store."""

    url: str

    def open(self, by: str = "ana", clock: Callable[[], datetime] = lambda: NOW) -> Store:
        return open_store(self.url, by, clock=clock)


def make_backend(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    if request.param in POSTGRES:
        server, strict = request.getfixturevalue("postgres"), request.param == "postgres-strict"
        monkeypatch.setattr(link, "NOTIFY", not strict)
        options = "&options=-cdefault_transaction_isolation%3Dserializable"
        return Backend(server.url(server.emptied(begun=True), options=options if strict else ""))
    return Backend({"tiny": str(store_path(tmp_path)), "memory": "memory:"}[request.param])


def store_path(tmp_path: Path) -> Path:
    return tmp_path / "team" / "store.json"


def open_at(path: Path, by: str = "ana") -> Store:
    return Backend(str(path)).open(by)


def checkpoint_at(path: Path, clock: Callable[[], datetime] = lambda: NOW) -> Checkpointed:
    done = checkpoint(path, "cleo", clock)
    assert done
    return done


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def journal(path: Path, first: int = 1) -> Path:
    return folder_of(path) / f"journal-{first}.jsonl"


def in_child(target: Callable[..., None], *args: Any, code: int = 0) -> None:
    """Let another process do it."""
    child = CONTEXT.Process(target=target, args=args)
    child.start()
    child.join(60)
    assert child.exitcode == code


def die() -> None:
    """As `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def everything(store: Store) -> dict[str, list[tuple[int, Doc]]]:
    return {table: store.find(table) for table in (TABLE, "events")}


def add(store: Store, doc: Doc, table: str = TABLE, by: str = "ana") -> int:
    return store.transact(lambda tx: tx.insert(table, doc), by).result


def change(store: Store, id: int, changes: Doc, expect: Doc | None = None, by: str = "ana") -> None:
    store.transact(lambda tx: tx.update(TABLE, id, changes, expect), by)


def remove(store: Store, id: int) -> None:
    store.transact(lambda tx: tx.delete(TABLE, id), "ana")


def undo(store: Store, record: Record | None) -> Record:
    assert record
    undone = store.transact(lambda tx: apply_inverse(tx, record), "ana").record
    assert undone
    return undone


def count_up(url: str, times: int) -> None:
    """Worker: raise the number in the first document, `times` times."""

    def raise_it(tx: Tx) -> None:
        tx.update("counters", 1, {"n": (tx.get("counters", 1) or {})["n"] + 1})

    with Backend(url).open() as store:
        for _ in range(times):
            store.transact(raise_it, "ana")


def compare_twins(url: str, states: int) -> None:
    """Worker: look on until the twins, always changed together, have been seen in so many states."""
    seen: set[int] = set()
    with Backend(url).open("ben") as store:
        while len(seen) < states:
            store.refresh()
            with Backend(url).open("ben") as fresh:
                for twins in (store.find("twins"), fresh.find("twins")):
                    (one,) = {doc["n"] for _, doc in twins}
                    seen.add(one)


def await_change(url: str, ready: Event, result: Queue[Any]) -> None:
    """Worker: say when it waits, and what came."""
    with Backend(url).open("ben") as store:
        since = store.seq
        ready.set()
        came = store.wait(60)
        result.put((came, [(record.seq, record.by, record.label) for record in store.changes(since)]))


def write_until_killed(url: str, acknowledged: str) -> None:
    """Worker: insert documents, and note the id of each after its transaction has returned."""
    fd = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
    with Backend(url).open() as store:
        for n in count():
            id = add(store, {"n": n, "padding": "x" * 500})
            os.write(fd, b"%d\n" % id)


def write_as(url: str, uid: int, gid: int) -> None:
    """Worker: become another user who keeps everything to himself, add a document, and publish it."""
    _become(uid, gid)
    with Backend(url).open(f"uid{uid}") as store:
        add(store, {"uid": uid})
    assert checkpoint_at(Path(url)).fresh


def refused_as(url: str, uid: int, gid: int) -> None:
    """Worker: become another user, and be refused."""
    _become(uid, gid)
    with pytest.raises(NotAllowed), Backend(url).open() as store:
        add(store, {})


def publish_refused_as(url: str, uid: int, gid: int) -> None:
    """Worker: become another user, who may write but not publish."""
    _become(uid, gid)
    with Backend(url).open() as store:
        add(store, {})
    with pytest.raises(NotAllowed):
        checkpoint_at(Path(url))


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.umask(0o077)
