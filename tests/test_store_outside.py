"""What scripts, editors and copies do to the published file while the store is open."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    NOW,
    TABLE,
    add,
    change,
    checkpoint_at,
    names,
    remove,
    store_path,
)
from tinydb import TinyDB
from tinydb.table import Table

from huntertui.errors import Conflict
from huntertui.store.edits import BY
from huntertui.store.journal import folder_of
from huntertui.store.lock import locked
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huntertui.store import Record

STAMP = f"{NOW:%Y%m%dT%H%M%S}"

path = pytest.fixture(store_path)


@pytest.fixture
def store(path: Path) -> Iterator[SharedStore]:
    """A store with three published documents."""
    with SharedStore(path, "ana", lambda: NOW) as store:
        for n in (1, 2, 3):
            add(store, {"n": n, "stage": "new"})
        checkpoint_at(path)
        yield store


def script(path: Path, work: Callable[[TinyDB], object]) -> None:
    """What a script with stock TinyDB does: it writes in place."""
    with closing(TinyDB(path)) as db:
        work(db)
    age(path)


def replaced(path: Path, content: bytes) -> None:
    """What vim does: the old file goes away, a new one comes."""
    path.rename(path.with_name("store.json~"))
    path.write_bytes(content)
    path.with_name("store.json~").unlink()
    age(path)


def age(path: Path, seconds: float = 60) -> None:
    """Let it be that long ago that it was written."""
    then = (NOW - timedelta(seconds=seconds)).timestamp() + time.monotonic() % 0.2  # never twice the same
    os.utime(path, (then, then))


def looked(store: SharedStore) -> list[Record]:
    """The records that come of looking at the published file."""
    since = store.seq
    store._look_at = 0.0  # it looks no more than every two seconds
    return store.changes(since)


def docs(store: SharedStore) -> dict[int, Any]:
    return dict(store.find(TABLE))


def test_a_script_in_place_is_a_record_for_everybody(path: Path, store: SharedStore) -> None:
    def work(db: TinyDB) -> None:
        table = db.table(TABLE)
        table.update({"stage": "won"}, doc_ids=[1])
        table.remove(doc_ids=[2])
        table.insert({"company": "Outside"})
        db.table("own").insert({"x": 1})

    with SharedStore(path, "ben", lambda: NOW) as colleague:
        script(path, work)
        (record,) = looked(store)
        assert (record.seq, record.by, record.at) == (4, BY, NOW)
        assert record.label == "edited outside: 4 changed"
        assert {(op.kind, op.table, op.id) for op in record.ops} == {
            ("u", TABLE, 1), ("d", TABLE, 2), ("i", TABLE, 4), ("i", "own", 1),
        }  # fmt: skip
        assert colleague.changes(3) == [record]
        assert looked(store) == looked(colleague) == []
        with pytest.raises(Conflict) as conflict:
            change(colleague, 1, {"stage": "lost"}, expect={"stage": "new"})
        assert (conflict.value.theirs, conflict.value.by) == ("won", BY)
    checkpoint_at(path)
    with closing(TinyDB(path, access_mode="r")) as db:
        assert [doc.doc_id for doc in db.table(TABLE)] == [1, 3, 4]
        assert db.table("own").all() == [{"x": 1}]
    assert names(path.parent) == {"store.json", "store.json.d"}


def test_the_same_id_on_both_sides(path: Path, store: SharedStore) -> None:
    assert add(store, {"company": "Ours"}) == 4
    script(path, lambda db: db.table(TABLE).insert({"company": "Theirs"}))
    (record,) = looked(store)
    assert record.label == "edited outside: 1 changed, 1 renumbered"
    assert (docs(store)[4], docs(store)[5]) == ({"company": "Ours"}, {"company": "Theirs"})


def test_ours_stays_and_theirs_is_kept_as_a_copy(path: Path, store: SharedStore) -> None:
    change(store, 1, {"stage": "won"})
    script(path, lambda db: db.table(TABLE).update({"stage": "lost"}, doc_ids=[1, 2]))
    edited = path.read_bytes()
    (record,) = looked(store)
    copy = path.with_name(f"store.json.conflict-{STAMP}")
    assert record.label == (
        f"edited outside: 1 changed, 1 value kept as it was here, all of theirs is in {copy.name}"
    )
    assert [doc["stage"] for doc in docs(store).values()] == ["won", "lost", "new"]
    assert copy.read_bytes() == edited
    checkpoint_at(path)
    assert [doc["stage"] for doc in docs(store).values()] == ["won", "lost", "new"]


def test_scripts_write_many_times_before_anything_is_published(path: Path, store: SharedStore) -> None:
    def step(*works: Callable[[Table], object]) -> list[tuple[str, int]]:
        for work in works:
            script(path, lambda db, work=work: work(db.table(TABLE)))  # type: ignore[misc]
        return [(op.kind, op.id) for record in looked(store) for op in record.ops]

    assert add(store, {"ours": 1}) == 4
    for stage in ("won", "lost", "won", "new"):
        changes = {"stage": stage}
        assert step(lambda table, changes=changes: table.update(changes, doc_ids=[1])) == [("u", 1)]  # type: ignore[misc]
        assert docs(store)[1]["stage"] == stage
    assert step(lambda table: table.insert_multiple([{"a": 1}, {"b": 1}])) == [("i", 5), ("i", 6)]  # from 4
    assert step(lambda table: table.update({"b": 2}, doc_ids=[5])) == [("u", 5)]
    assert step(lambda table: table.remove(doc_ids=[5])) == [("d", 5)]
    change(store, 2, {"stage": "ours"})
    assert step(lambda table: table.update({"stage": "theirs", "n": 5}, doc_ids=[2])) == [("u", 2)]
    assert step(lambda table: table.update({"n": 6}, doc_ids=[2])) == [("u", 2)]
    assert (docs(store)[2], docs(store)[4]) == ({"n": 6, "stage": "ours"}, {"ours": 1})
    checkpoint_at(path)
    assert step(lambda table: table.update({"stage": "theirs"}, doc_ids=[2])) == [("u", 2)]


def test_an_editor_that_renames(path: Path, store: SharedStore) -> None:
    replaced(path, path.read_bytes().replace(b'{"n":2', '{"name":"Größe","n":2'.encode()))
    (record,) = looked(store)
    assert [(op.kind, op.id, op.new) for op in record.ops] == [("u", 2, {"name": "Größe"})]


def test_a_file_without_its_head(path: Path, store: SharedStore) -> None:
    """It is taken for an edit of what was published last."""
    add(store, {"n": 4})
    data = json.loads(path.read_text())
    del data["_meta"]
    data[TABLE]["2"]["stage"] = "lost"
    replaced(path, json.dumps(data).encode())
    (record,) = looked(store)
    assert [(op.kind, op.id) for op in record.ops] == [("u", 2)]
    assert checkpoint_at(path).fresh
    assert "_meta" in json.loads(path.read_text())


def test_an_edit_of_an_older_publication(path: Path, store: SharedStore) -> None:
    older = json.loads(path.read_text())
    change(store, 1, {"stage": "won"})
    remove(store, 3)
    checkpoint_at(path)
    older[TABLE]["1"]["n"] = 9
    older[TABLE]["2"]["stage"] = "lost"
    replaced(path, json.dumps(older).encode())
    looked(store)
    assert docs(store) == {1: {"n": 9, "stage": "won"}, 2: {"n": 2, "stage": "lost"}}


def test_a_copy_put_back_changes_nothing(path: Path, store: SharedStore) -> None:
    copy = path.read_bytes()
    change(store, 1, {"stage": "won"})
    checkpoint_at(path)
    newer = path.read_bytes()
    replaced(path, copy)
    assert looked(store) == []
    assert checkpoint_at(path).fresh
    assert path.read_bytes() == newer


def test_a_copy_of_a_state_that_is_not_kept_is_put_aside(path: Path, store: SharedStore) -> None:
    copy = path.read_bytes()
    for _ in range(3):
        add(store, {})
        checkpoint_at(path)
    (folder_of(path) / "base-3.json").unlink(missing_ok=True)
    newer = path.read_bytes()
    replaced(path, copy)
    (record,) = looked(store)
    aside = path.with_name(f"store.json.conflict-{STAMP}")
    assert record.label == (
        f"store.json is from a state that is not kept any more: it was put aside as {aside.name}"
    )
    assert (record.ops, aside.read_bytes(), path.exists()) == ((), copy, False)
    checkpoint_at(path)
    assert json.loads(path.read_text())[TABLE] == json.loads(newer)[TABLE]


def test_the_file_of_another_store_is_put_aside(path: Path, store: SharedStore, tmp_path: Path) -> None:
    other = store_path(tmp_path / "other")
    with SharedStore(other, "ana", lambda: NOW) as there:
        for n in range(3):
            add(there, {"n": n, "stage": "other"})
    checkpoint_at(other)
    replaced(path, other.read_bytes())
    (record,) = looked(store)
    assert (record.ops, path.exists()) == ((), False)
    assert all(doc["stage"] == "new" for doc in docs(store).values())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty, not even {}"),
        (b'{"_meta": {"1": {"schema"', "no readable JSON"),
        (b"\0" * 3000, "no readable JSON"),
        (b"[]", "no JSON object with tables"),
        ('{"opportunities": {"1": {"n": "Größe"}}}'.encode("latin-1"), "line 1 is not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_waited_for_then_put_aside(
    path: Path, store: SharedStore, content: bytes, why: str
) -> None:
    whole = path.read_bytes()
    path.write_bytes(content)
    age(path, 0.5)
    assert looked(store) == []  # a script may be writing
    assert path.read_bytes() == content
    age(path, 3)
    (record,) = looked(store)
    aside = path.with_name(f"store.json.unreadable-{STAMP}")
    assert record.label.startswith(f"store.json could not be read, {why}")
    assert record.label.endswith(f"it was put aside as {aside.name}")
    assert (record.ops, aside.read_bytes(), len(docs(store))) == ((), content, 3)
    checkpoint_at(path)
    assert json.loads(path.read_text())[TABLE] == json.loads(whole)[TABLE]


def test_who_reads_does_not_wait_for_the_lock(
    path: Path, store: SharedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(path, lambda db: db.table(TABLE).update({"stage": "lost"}, doc_ids=[1]))
    monkeypatch.setattr("huntertui.store.lock._Waiting", None)  # nobody can
    with locked(folder_of(path) / "lock", 0.0, str):
        assert looked(store) == []
        with SharedStore(path, "ben", lambda: NOW) as newcomer:
            assert newcomer.seq == 3
    assert len(looked(store)) == 1


def test_a_checkpoint_takes_the_edit_in_first(path: Path, store: SharedStore) -> None:
    add(store, {"n": 4})
    script(path, lambda db: db.table(TABLE).update({"stage": "lost"}, doc_ids=[1]))
    assert checkpoint_at(path).seq == 5
    with closing(TinyDB(path, access_mode="r")) as db:
        assert [doc.get("stage") for doc in db.table(TABLE)] == ["lost", "new", "new", None]


def test_an_edit_in_the_middle_of_a_checkpoint(
    path: Path, store: SharedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever call it comes before, it is neither lost nor overwritten."""
    calls, real, nth = 0, os.fsync, 0

    def fsync(fd: int) -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            script(path, lambda db: db.table(TABLE).update({"edit": nth}, doc_ids=[1]))
        real(fd)

    while calls >= nth:
        nth, calls = nth + 1, 0
        add(store, {"n": nth})
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fsync)
            checkpoint_at(path)
        looked(store)
        checkpoint_at(path)
        if calls >= nth:
            assert docs(store)[1]["edit"] == json.loads(path.read_text())[TABLE]["1"]["edit"] == nth
    assert nth > 10


def test_documents_that_no_store_takes_cost_only_themselves(path: Path, store: SharedStore) -> None:
    data = json.loads(path.read_text())
    data[TABLE]["1"]["n"] = float("nan")
    data[TABLE]["2"]["n"] = 2**70
    data[TABLE]["3"]["stage"] = "won"
    replaced(path, json.dumps(data).encode())
    (record,) = looked(store)
    assert "2 left out" in record.label
    assert [doc["stage"] for doc in docs(store).values()] == ["new", "new", "won"]


def test_a_table_that_we_do_not_take_stops_nothing(path: Path, store: SharedStore) -> None:
    script(path, lambda db: [db.table("a\0b").insert({}), db.table(TABLE).remove(doc_ids=[1])])
    (record,) = looked(store)
    assert ([op.kind for op in record.ops], "1 left out" in record.label) == (["d"], True)
    assert checkpoint_at(path)


def test_the_clock_of_the_file_may_be_ahead(path: Path, store: SharedStore) -> None:
    path.write_bytes(b"{")
    future = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
    os.utime(path, (future, future))
    assert looked(store) == []
    assert add(store, {}) == 4
