"""Which files the TinyDB store makes, with which rights, what it starts from, and its lock."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store_kinds import (
    NOW,
    TABLE,
    Backend,
    add,
    checkpoint_at,
    in_child,
    journal,
    names,
    open_at,
    publish_refused_as,
    refused_as,
    remove,
    store_path,
    ticking,
    write_as,
)
from tinydb import TinyDB, where

from huntertui.errors import Busy, Damaged, HunterError, NotAllowed, Resync
from huntertui.store.journal import folder_of
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable


path = pytest.fixture(store_path)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_published_file_is_plain_tinydb_json(path: Path) -> None:
    with open_at(path) as store:
        first = {"company": "Šťastný 🦊\u2028", "tags": ["a", {"b": None}], "value": 1.5}
        for doc in (first, {"company": "Acme"}):
            add(store, doc)
        add(store, {"kind": "note"}, "events")
        assert checkpoint_at(path).fresh
        with closing(TinyDB(path, access_mode="r")) as db:
            assert db.tables() >= {TABLE, "events"}
            assert db.table(TABLE).get(doc_id=1) == first
            assert [doc.doc_id for doc in db.table(TABLE).search(where("company") == "Acme")] == [2]
    assert path.read_bytes().isascii()
    assert '"2":{"company":"Acme"}},' in path.read_text().splitlines()


def test_the_files(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        assert names(path.parent) == {"store.json", "store.json.d"}
        begun = {"lock", "published", "base-0.json", "base-0.idx", "journal-1.jsonl"}
        assert names(folder_of(path)) == begun
        checkpoint_at(path)
        assert names(folder_of(path)) == begun | {"ckpt.lock", "base-1.json", "base-1.idx", "journal-2.jsonl"}
        store.keep("rows", store.seq, b"kept")
    assert "kept-rows" in names(folder_of(path))


def test_nothing_is_written_before_the_first_transaction(path: Path) -> None:
    with open_at(path) as store:
        store.refresh()
        assert store.changes(0) == []
        store.transact(lambda tx: tx.find(TABLE), "ana")
        assert names(folder_of(path)) <= {"lock"}
        assert not path.exists()


def test_memory_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Backend("memory:").open() as store:
        add(store, {})
    assert not names(tmp_path)


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o000])
def test_modes_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_at(path) as store:
            add(store, {})
            checkpoint_at(path)
            store.keep("rows", 1, b"")
    finally:
        os.umask(before)
    folder = folder_of(path)
    assert (mode(path.parent), mode(folder), mode(path)) == (0o2770, 0o2770, 0o660)
    assert {mode(file) for file in folder.iterdir()} == {0o660}


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
            in_child(write_as, url, uid, 20001)
        with Backend(url).open() as store:
            assert [doc["uid"] for _, doc in store.find(TABLE)] == [20001, 20002, 20001]
        with closing(TinyDB(url, access_mode="r")) as db:
            assert len(db.table(TABLE)) == 3
        in_child(refused_as, url, 20003, 20003)
        Path(folder).chmod(0o2750)  # nobody of the group can put a file in place any more
        in_child(publish_refused_as, url, 20002, 20001)


def test_a_folder_that_everybody_may_write_to_is_refused(path: Path) -> None:
    with open_at(path) as store:
        add(store, {})
    path.parent.chmod(0o1777)
    with pytest.raises(NotAllowed, match="everybody may write there"):
        open_at(path)


# where it begins


def test_a_tinydb_file_from_elsewhere_becomes_a_store(path: Path) -> None:
    path.parent.mkdir()
    with closing(TinyDB(path)) as db:
        db.table(TABLE).insert_multiple([{"n": 1}, {"n": 2}])
        db.insert({"default": "table"})
    with open_at(path) as store:
        assert (store.seq, store.find(TABLE)) == (0, [(1, {"n": 1}), (2, {"n": 2})])
        remove(store, 2)
        assert add(store, {"n": 3}) == 3
        checkpoint_at(path)
    with closing(TinyDB(path, access_mode="r")) as db:
        assert db.all() == [{"default": "table"}]
        assert db.table(TABLE).all() == [{"n": 1}, {"n": 3}]


def test_the_file_of_schema_1_is_migrated_and_kept(path: Path) -> None:
    head = {"schema": 1, "seq": 7, "next": {TABLE: 9, "plans": 4}, "floor": 5, "store": "0c1d"}
    record = {"at": "2026-11-20T09:00:00Z", "by": "ana", "ops": [["i", TABLE, 3, {}, {}]]}
    old = {
        "_meta": {"1": head},
        "_journal": {"6": record, "7": record},
        TABLE: {"3": {"n": 3}, "10": {"n": 10}, "5": {"n": 5}},
    }
    path.parent.mkdir()
    path.write_text(json.dumps(old))
    before = path.read_bytes()
    with open_at(path) as store:
        assert store.find(TABLE) == [(3, {"n": 3}), (5, {"n": 5}), (10, {"n": 10})]
        assert (store.seq, store.changes(7)) == (7, [])
        with pytest.raises(Resync):
            store.changes(6)
        assert (add(store, {}), add(store, {}, "plans"), store.seq) == (11, 4, 9)
        assert (store.record(7), store.changes(8)[0].seq) == (None, 9)
        published = json.loads(path.read_text())
        assert published.keys() == {"_meta", TABLE}
        next_ids = {TABLE: 11, "plans": 4}
        assert published["_meta"]["1"] == {"schema": 2, "store": "0c1d", "seq": 7, "next": next_ids}
    assert (folder_of(path) / "pre-migration-v1-7.json").read_bytes() == before


def test_an_empty_file_as_stock_tinydb_makes_it_is_an_empty_store(path: Path) -> None:
    path.parent.mkdir()
    with closing(TinyDB(path)), open_at(path) as store:
        assert (store.seq, add(store, {"n": 1})) == (0, 1)


UNREADABLE = [
    b"\n",
    b"null",
    b"[]",
    b'{"opportunities":{"1":{"a":1}}',
    b'{"opportunities":{"1":{"a":1}}}}',
    b'{"opportunities":[]}',
    b'{"opportunities":{"1":[]}}',
    b'{"opportunities":{"x":{}}}',
    b'{"opportunities":{"01":{}}}',
    b'{"opportunities":{"0":{}}}',
    b'{"opportunities":{"1":{"a":1},"1":{"a":2}}}',
    b'{"opportunities":{"1":{"a":NaN}}}',
    b'{"opportunities":{"1":{"a":1e999}}}',
    b'{"opportunities":{"1":{"a":"\\ud800"}}}',
    b'{"opportunities":{"1":{"a":"\xff"}}}',
    b'{"opportunities":{"1":{"a":' + b"9" * 5000 + b"}}}",
    b'{"opportunities":{"1":{"a":' + b"[" * 100 + b"]" * 100 + b"}}}",
    b"[" * 100_000,
    b"\x00" * 5000,
]


@pytest.mark.parametrize("content", UNREADABLE, ids=lambda content: repr(content)[2:50])
def test_an_unreadable_file_is_named_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(Damaged, match=r"store\.json: .*left untouched"):
            open_at(path)
    assert path.read_bytes() == content
    assert names(folder_of(path)) == {"lock"}
    path.write_bytes(b'{"opportunities":{"1":{"a":1}}}')  # mended
    with open_at(path) as store:
        assert store.find(TABLE) == [(1, {"a": 1})]


def test_the_path_may_be_impossible(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HunterError), open_at(tmp_path / "file" / "store.json") as store:
        add(store, {})
    with pytest.raises(HunterError), open_at(tmp_path / ("x" * 300)) as store:
        add(store, {})


# what others may have planted

PLANT: dict[str, Callable[[Path, Path], None]] = {
    "folder": lambda place, victim: place.mkdir(),
    "pipe": lambda place, victim: os.mkfifo(place),
    "link": lambda place, victim: place.symlink_to(victim),
    "dangling": lambda place, victim: place.symlink_to(victim.with_name("nothing")),
    "device": lambda place, victim: place.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", PLANT)
def test_only_a_plain_file_is_published_over(path: Path, tmp_path: Path, kind: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("{}")
    path.parent.mkdir()
    PLANT[kind](path, victim)
    with pytest.raises(Damaged, match="not a plain file"), open_at(path) as store:
        add(store, {})
    assert names(path.parent) == {"store.json", "store.json.d"}
    assert (victim.read_text(), names(tmp_path)) == ("{}", {"victim", "team"})


@pytest.mark.parametrize("kind", PLANT)
@pytest.mark.parametrize(
    "name",
    [
        "lock", "ckpt.lock", "published", "publish.tmp", "base-0.json", "base-0.idx", "base-2.json",
        "base-2.idx", "journal-1.jsonl", "journal-3.jsonl", "rebase-3.json", "rebase-3.idx", "kept-rows",
        "pre-migration-v1-0.json",
    ],
)  # fmt: skip
def test_what_is_planted_in_its_folder_leads_nowhere(
    path: Path, tmp_path: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may keep the store from working, but with an error; and nothing of it is followed."""
    monkeypatch.setattr("huntertui.store.tiny.BULK", 5)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (folder := folder_of(path)).mkdir(parents=True)
    PLANT[kind](folder / name, victim)
    acknowledged: list[int] = []
    errors: list[str] = []
    for _ in range(2):
        try:
            with SharedStore(path, "ana", ticking()) as store:
                acknowledged.append(add(store, {"n": 1}))
                acknowledged.append(add(store, {"n": 2}))
                checkpoint_at(path)
                acknowledged += store.transact(
                    lambda tx: [tx.insert(TABLE, {}) for _ in range(6)], "ana"
                ).result
                store.keep("rows", store.seq, b"x")
                store.kept("rows")
        except HunterError as error:
            errors.append(str(error))
    assert (victim.read_text(), names(tmp_path)) == ("precious", {"victim", "team"})
    assert all(str(folder) in error for error in errors)
    place = folder / name
    if place.is_symlink() or place.is_fifo():
        place.unlink()
    elif place.is_dir():
        place.rmdir()
    with open_at(path) as store:
        assert [id for id, _ in store.find(TABLE)] == acknowledged


# the lock


def impatient(path: Path, by: str) -> SharedStore:
    store = SharedStore(path, by, lambda: NOW)
    store._patience = 0.1
    return store


def test_busy_names_who_holds_the_lock(path: Path) -> None:
    with open_at(path, "a former holder with a long name " + "x" * 200) as store:
        add(store, {})
    with impatient(path, "ben") as store:

        def nested(tx: object) -> None:
            with impatient(path, "cleo") as other:
                add(other, {})

        holder = rf"process {os.getpid()} \(ben\) since {NOW:%Y-%m-%d %H:%M:%S} UTC: try again"
        with pytest.raises(Busy, match=holder):
            store.transact(nested, "ben")
        assert (store.seq, add(store, {})) == (1, 2)


def test_a_lock_file_of_noise_does_no_harm(path: Path) -> None:
    with impatient(path, "ben") as store:
        add(store, {})
        lock = folder_of(path) / "lock"
        lock.write_bytes(b"\x1b[31m\xff\x00\n" + b"x" * 10_000)
        with lock.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(Busy) as busy:
                add(store, {})
        assert str(busy.value).isprintable()
        assert len(str(busy.value)) < 500
        lock.unlink()
        assert add(store, {}) == 2


def test_a_store_that_vanishes_is_not_begun_anew(path: Path) -> None:
    folder = folder_of(path)
    with open_at(path) as store:
        add(store, {"n": 1})
        folder.rename(folder.with_name("elsewhere"))
        with pytest.raises(Damaged, match="gone"):
            add(store, {"n": 2})
        assert not folder.exists()
        folder.with_name("elsewhere").rename(folder)
        assert add(store, {"n": 2}) == 2
        path.unlink()  # the published file alone: it is made again
        assert add(store, {"n": 3}) == 3
        checkpoint_at(path)
    assert '"3":{"n":3}}}' in path.read_text()
    assert journal(path, 4).exists()
