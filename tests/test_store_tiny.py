"""What the TinyDB store writes, with which rights, and how it takes what others write into its file."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    CONTEXT,
    NOW,
    TABLE,
    Backend,
    add,
    change,
    names,
    open_at,
    store_path,
    ticking,
    write_as,
)
from tinydb import TinyDB, where

from huntertui.errors import Busy, Conflict, NotAllowed, Resync
from huntertui.store.files import JsonFile
from huntertui.store.tiny import TinyStore

if TYPE_CHECKING:
    from collections.abc import Callable


path = pytest.fixture(store_path)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_is_plain_tinydb_json(path: Path) -> None:
    with open_at(path) as store:
        first = {"company": "Šťastný 🦊\u2028", "tags": ["a", {"b": None}], "value": 1.5}
        for doc in (first, {"company": "Acme"}):
            add(store, doc)
        add(store, {"kind": "note"}, "events")
        with closing(TinyDB(path, access_mode="r")) as db:
            assert db.tables() >= {TABLE, "events"}
            assert db.table(TABLE).get(doc_id=1) == first
            assert [doc.doc_id for doc in db.table(TABLE).search(where("company") == "Acme")] == [2]
    assert path.read_bytes().isascii()
    lines = path.read_text().splitlines()
    assert '"2":{"company":"Acme"}},' in lines
    assert names(path.parent) == {"store.json", "store.json.lock"}


def test_nothing_is_written_before_the_first_transaction(path: Path) -> None:
    with open_at(path) as store:
        store.refresh()
        assert store.changes(0) == []
        assert not path.parent.exists()
        store.transact(lambda tx: tx.find(TABLE), "ana")
        assert not path.exists()


def test_memory_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Backend("memory:").open() as store:
        add(store, {})
    assert not names(tmp_path)


def test_a_thousand_records_are_kept() -> None:
    with Backend("memory:").open() as store:
        for n in range(1003):
            add(store, {"n": n})
        assert [record.seq for record in store.changes(3)] == list(range(4, 1004))
        assert store.record(3) is None
        with pytest.raises(Resync):
            store.changes(2)


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o000])
def test_modes_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_at(path) as store:
            add(store, {})
            add(store, {})
    finally:
        os.umask(before)
    assert mode(path.parent) == 0o2770
    assert {mode(file) for file in path.parent.iterdir()} == {0o660}


def test_a_folder_that_is_there_keeps_its_mode(path: Path) -> None:
    path.parent.mkdir(mode=0o750)
    with open_at(path) as store:
        add(store, {})
    assert mode(path.parent) == 0o750


@needs_root
def test_two_users_of_one_group_share_it() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 0, 20001)
        Path(folder).chmod(0o2770)
        url = str(Path(folder) / "store.json")
        for uid in (20001, 20002, 20001):
            worker = CONTEXT.Process(target=write_as, args=(url, uid, 20001))
            worker.start()
            worker.join(60)
            assert worker.exitcode == 0
        with Backend(url).open() as store:
            assert [doc["uid"] for _, doc in store.find(TABLE)] == [20001, 20002, 20001]


def test_a_folder_that_everybody_may_write_to_is_refused(path: Path) -> None:
    with open_at(path) as store:
        add(store, {})
        path.parent.chmod(0o1777)
        with pytest.raises(NotAllowed, match="everybody may write there"):
            add(store, {})
    with pytest.raises(NotAllowed, match="everybody may write there"):
        open_at(path)


def edit(path: Path, change: Callable[[Any], object]) -> None:
    with closing(TinyDB(path)) as db:
        change(db)


def test_edits_with_stock_tinydb_are_kept_and_told(path: Path) -> None:
    def work(db: TinyDB) -> None:
        table = db.table(TABLE)
        table.update({"stage": "won"}, doc_ids=[1])
        table.remove(doc_ids=[2])
        table.insert({"company": "Outside"})
        db.table("own").insert({"x": 1})

    with open_at(path) as store, open_at(path, "ben") as late:
        for _ in range(3):
            add(store, {"stage": "new"})
        since = store.seq
        edit(path, work)
        assert store.wait(0)
        with pytest.raises(Resync):
            store.changes(since)
        assert store.changes(store.seq) == []
        edited = [(1, {"stage": "won"}), (3, {"stage": "new"}), (4, {"company": "Outside"})]
        assert (store.find(TABLE), store.find("own")) == (edited, [(1, {"x": 1})])

        with open_at(path) as newcomer, pytest.raises(Resync):
            newcomer.changes(since - 1)

        edit(path, lambda db: db.table("own").insert({"x": 2}))  # once more, before anybody else writes
        with pytest.raises(Resync):
            store.changes(store.seq)

        with pytest.raises(Conflict) as conflict:
            change(store, 1, {"stage": "lost"}, expect={"stage": "new"})
        assert (conflict.value.theirs, conflict.value.by) == ("won", "")
        assert add(store, {}) == 5
        assert [id for id, _ in store.find(TABLE)] == [1, 3, 4, 5]
        with pytest.raises(Resync):
            late.changes(since)
        assert late.find("own") == [(1, {"x": 1}), (2, {"x": 2})]
        assert late.changes(late.seq) == []
        add(store, {})
        assert len(late.changes(since + 1)) == 1


def test_a_tinydb_file_from_elsewhere_is_a_store(path: Path) -> None:
    path.parent.mkdir()
    edit(path, lambda db: db.table(TABLE).insert_multiple([{"n": 1}, {"n": 2}]))
    edit(path, lambda db: db.insert({"default": "table"}))
    with open_at(path) as store:
        assert (store.seq, store.find(TABLE)) == (0, [(1, {"n": 1}), (2, {"n": 2})])
        assert add(store, {"n": 3}) == 3
        assert [record.seq for record in store.changes(1)] == []
    with closing(TinyDB(path, access_mode="r")) as db:
        assert db.all() == [{"default": "table"}]


def test_a_copy_put_back_is_read_anew(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        copy = path.read_bytes()
        add(store, {"n": 2})
        path.write_bytes(copy)
        with pytest.raises(Resync):
            store.changes(2)
        assert (store.seq, store.find(TABLE)) == (1, [(1, {"n": 1})])


def impatient(path: Path, by: str) -> TinyStore:
    return TinyStore(TinyDB(str(path), storage=JsonFile), by, ticking(), patience=0.1)


def test_busy_names_who_holds_the_lock(path: Path) -> None:
    with open_at(path, "a former holder with a long name " + "x" * 100) as store:
        add(store, {})
    with closing(impatient(path, "ben")) as store:

        def nested(tx: object) -> None:
            with closing(impatient(path, "cleo")) as other:
                add(other, {})

        holder = rf"process {os.getpid()} \(ben\) since {NOW:%Y-%m-%d %H:%M:%S} UTC: try again"
        with pytest.raises(Busy, match=holder):
            store.transact(nested, "ben")
        assert (store.seq, add(store, {})) == (1, 2)


def test_a_lock_on_a_deleted_file_is_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, real = path.with_name("store.json.lock"), fcntl.flock

    def flock_too_late(fd: int, operation: int) -> None:
        monkeypatch.undo()
        real(fd, operation)
        lock.unlink()

    with open_at(path) as store:
        monkeypatch.setattr("fcntl.flock", flock_too_late)
        add(store, {})
    assert lock.exists()


def test_a_lock_file_of_noise_does_no_harm(path: Path) -> None:
    with closing(impatient(path, "ben")) as store:
        add(store, {})
        lock = path.with_name("store.json.lock")
        lock.write_bytes(b"\x1b[31m\xff\x00\n" + b"x" * 10_000)
        with lock.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(Busy) as busy:
                add(store, {})
        assert str(busy.value).isprintable()
        assert len(str(busy.value)) < 400
        lock.unlink()
        assert add(store, {}) == 2


def test_the_first_line_holds_a_checksum(path: Path) -> None:
    """Any edit shows, even by an editor that keeps the lines: that is how followers come to hear of it."""
    with open_at(path) as store, open_at(path, "ben") as follower:
        add(store, {"n": 1})
        follower.changes(0)
        assert json.loads(path.read_text())["_meta"]["1"]["seq"] == 1
        path.write_bytes(path.read_bytes().replace(b'\n"1":{"n":1}', b'\n"1":{"n":2}'))
        with pytest.raises(Resync):
            follower.changes(1)
        assert follower.get(TABLE, 1) == {"n": 2}
