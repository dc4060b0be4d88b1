"""A store with everything in it that can be damaged, and how to damage it as a failing disk does."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import TABLE, ticking

from huntertui.store import Store, Tx, open_store, tiny
from huntertui.store.checkpoint import checkpoint
from huntertui.store.journal import Journal, folder_of
from huntertui.store.published import identity, known, make_known
from huntertui.store.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

State = dict[str, dict[int, dict[str, Any]]]


def work(tx: Tx, n: int) -> None:
    """The nth change of the store under test."""
    tx.label = f"change {n}"
    if n == 1:
        for i in range(5):
            tx.insert(TABLE, {"company": f"Größe {i}", "n": 0})
    elif n % 6 == 0:  # bulk
        for i in range(9):
            tx.insert("events", {"opportunity": i % 5 + 1, "at": str(i)})
    else:
        tx.update(TABLE, n % 4 + 1, {"n": n})
        tx.insert("events", {"opportunity": n % 5 + 1})
        if n == 9:
            tx.delete(TABLE, 5)


def make(path: Path) -> Path:
    """A store of 19 records with bases at 4, 8 and 13 and bulk records 6, 12 and 18; to be copied."""
    clock = ticking()
    with pytest.MonkeyPatch.context() as patch, open_store(path, "ana", clock=clock) as store:
        patch.setattr(tiny, "BULK", 8)
        for n in range(1, 20):
            store.transact(lambda tx, n=n: work(tx, n), "ana")  # type: ignore[misc]
            if n in (4, 8, 13):
                checkpoint(path, "ana", clock)
    assert verify(path).faults == ()
    return path


def copied(made: Path, folder: Path) -> Path:
    """A copy of a store, which knows its published file."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made.parent, folder, copy_function=shutil.copy2)
    path = folder / made.name
    for one in (folder, folder_of(path)):
        one.chmod(0o2770)
    make_known(folder_of(path), identity(path.lstat(), known(folder_of(made))[0].seq))
    return path


def state(path: Path) -> tuple[int, State, dict[str, int]]:
    snapshot = Journal(path).snapshot
    tables = {table: dict(snapshot.items(table)) for table in snapshot.tables()}
    return snapshot.seq, {name: docs for name, docs in tables.items() if docs}, snapshot.next_ids


def shown(store: Store) -> State:
    """The documents of the tables that have any."""
    tables = {table: dict(store.find(table)) for table in (TABLE, "events")}
    return {name: docs for name, docs in tables.items() if docs}


def rot(file: Path, new: bytes | None) -> None:
    """Give a file other bytes as a failing disk does: without anybody's writing it."""
    info = file.stat()
    if new is None:
        file.unlink()
        return
    with file.open("r+b") as there:
        there.write(new)
        there.truncate()
    os.utime(file, ns=(info.st_atime_ns, info.st_mtime_ns))


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
