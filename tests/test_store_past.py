"""The ways back to an older state of a store, backups, and what is told of a store."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spoiled import State, copied, make, rot, shown, state, work
from store_kinds import NOW, TABLE, add, change, remove, ticking, undo

from huntertui.errors import Damaged, NotFound, Usage
from huntertui.store import open_store, tiny
from huntertui.store.checkpoint import checkpoint
from huntertui.store.journal import Journal, folder_of
from huntertui.store.lock import try_lock
from huntertui.store.past import state_at
from huntertui.store.repair import repair
from huntertui.store.restore import as_target, backup, differences, read_backup, restore
from huntertui.store.shared import SharedStore
from huntertui.store.status import status
from huntertui.store.verify import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "team" / "store.json")


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "team")


# Going back


def test_the_state_at_each_record_is_what_it_was_then(made: Path) -> None:
    with open_store("memory:", "ana", clock=ticking()) as memory:
        journal = Journal(made)
        for n in range(1, 20):
            memory.transact(lambda tx, n=n: work(tx, n), "ana")  # type: ignore[misc]
            record = journal.record(n)
            assert record
            wanted = shown(memory)
            for later in (timedelta(0), timedelta(milliseconds=400)):
                past = state_at(journal, record.at + later)
                assert past.state.seq == n
                assert past.at == record.at
                assert as_target("", past.state).tables == wanted


CHANGES = st.lists(st.tuples(st.sampled_from("iiudbc"), st.integers(0, 30)), max_size=25)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, target=st.integers(0, 30))
def test_back_to_any_record_and_undone(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int]], target: int
) -> None:
    path = tmp_path_factory.mktemp("past") / "team" / "store.json"
    clock = ticking()
    states: list[State] = [{}]
    times = [NOW]
    with pytest.MonkeyPatch.context() as patch, SharedStore(path, "ana", clock) as store:
        patch.setattr(tiny, "BULK", 4)
        add(store, {"first": True})
        for kind, n in [("", 0), *changes]:
            ids = [id for id, _ in store.find(TABLE)]
            before = store.seq
            if kind == "i":
                add(store, {"n": n})
            elif kind == "b":
                store.transact(lambda tx: [tx.insert("events", {"i": i}) for i in range(6)], "ana")
            elif kind == "u" and ids:
                change(store, ids[n % len(ids)], {"n": n, "m": {"deep": [n]}})
            elif kind == "d" and ids:
                remove(store, ids[n % len(ids)])
            elif kind == "c":
                checkpoint(path, "ana", clock)
            if store.seq != before or not kind:
                states.append(shown(store))
                record = store.record(store.seq)
                assert record
                times.append(record.at)
        target = target % (len(states) - 1) + 1
        now, free = states[-1], dict(store.journal.snapshot.next_ids)
        past = as_target("then", state_at(store.journal, times[target]).state)
        assert past.tables == states[target]
        names = store.journal.snapshot.tables()
        done = store.transact(lambda tx: restore(tx, names, past), "ana")
        assert shown(store) == states[target]
        assert (done.record is None) == (now == states[target]) == (done.result == {})
        assert store.journal.snapshot.next_ids == free
        assert differences(store, names, past) == {}
        if done.record and not done.record.bulk:
            undo(store, done.record)
            assert shown(store) == now
        assert verify(path).faults == ()


def test_no_further_back_than_is_kept(path: Path) -> None:
    for name in ("base-4.json", "journal-1.jsonl"):
        (folder_of(path) / name).unlink()
    journal = Journal(path)
    with pytest.raises(NotFound, match="goes back to 2026-11-23 09:"):
        state_at(journal, datetime(2026, 11, 1, tzinfo=UTC))


def test_the_state_of_a_bulk_change_that_never_was_does_not_count(path: Path) -> None:
    journal = Journal(path)
    record = journal.record(16)
    assert record
    wanted = as_target("", state_at(journal, record.at).state)
    shutil.copy(folder_of(path) / "rebase-6.json", folder_of(path) / "rebase-16.json")  # its writer died
    assert as_target("", state_at(journal, record.at).state) == wanted


def test_a_lost_record_is_told_with_the_state(path: Path) -> None:
    file = folder_of(path) / "journal-9.jsonl"
    rot(file, file.read_bytes().replace(b'"s":10,', b'"s":90,'))
    repair(path, "ana", lambda: NOW)
    journal = Journal(path)
    record = journal.record(11)
    assert record
    assert state_at(journal, record.at).lost == (10,)
    record = journal.record(14)
    assert record
    assert state_at(journal, record.at).lost == ()


# Backups


def test_a_backup_is_the_state_as_one_file(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    with SharedStore(path, "ana", lambda: NOW) as store:
        assert backup(store, file) == 19
        assert read_backup(file).tables == state(path)[1]
        assert oct(file.stat().st_mode) == "0o100600"
        raw = file.read_bytes()
        with pytest.raises(Usage, match="is there already"):
            backup(store, file)
        assert file.read_bytes() == raw
        group = tmp_path / "g.json"
        backup(store, group, private=False)
        assert oct(group.stat().st_mode) == "0o100660"
        with pytest.raises(NotFound, match="no such folder"):
            backup(store, tmp_path / "nowhere" / "b.json")
    assert {one.name for one in tmp_path.iterdir()} == {"b.json", "g.json", "team"}


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b.json"
    file.write_text("precious")
    monkeypatch.setattr("os.path.lexists", lambda _: False)  # it was not there when that was asked
    with SharedStore(path, "ana", lambda: NOW) as store, pytest.raises(Usage, match="is there already"):
        backup(store, file)
    assert file.read_text() == "precious"
    assert {one.name for one in tmp_path.iterdir()} == {"b.json", "team"}


def test_a_backup_starts_a_store_anew(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "store.json"
    with SharedStore(path, "ana", lambda: NOW) as store:
        backup(store, tmp_path / "b.json")
    target = read_backup(tmp_path / "b.json")
    with SharedStore(other, "ana", lambda: NOW) as store:
        add(store, {"mine": 1})
        store.transact(lambda tx: restore(tx, store.journal.snapshot.tables(), target), "ana")
    assert state(other)[1] == state(path)[1]


@pytest.mark.parametrize("content", [b"", b"{", b'{"t":{"x":{}}}', b'{"t":{"1":{"a":NaN}}}'])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(Damaged):
        read_backup(tmp_path / "b.json")


# Status


def test_status_of_a_store(path: Path) -> None:
    found = status(path)
    assert (found.seq, found.base, found.shows, found.problem, found.aside) == (19, 13, 13, "", ())
    assert found.last
    assert found.oldest
    assert (found.last.label, found.oldest.seq) == ("change 19", 1)
    assert (found.writing, found.checkpointing, found.at_work) == ("", "", 0)


def test_status_tells_who_is_there(path: Path) -> None:
    users = [try_lock(folder_of(path) / "users", shared=True) for _ in range(2)]
    with SharedStore(path, "ben", lambda: NOW) as store, store.holding():
        found = status(path)
        assert found.writing
        assert "(ben)" in found.writing
    for fd in users:
        assert fd is not None
        os.close(fd)
    assert found.at_work == 2
    assert status(path).at_work == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: rot(folder / "base-13.json", b"x"),
        lambda folder: rot(folder / "journal-14.jsonl", b"x"),
        lambda folder: [file.unlink() for file in folder.glob("base-*.json")],
        lambda folder: [file.unlink() for file in folder.glob("journal-*")],
    ],
    ids=["base", "journal", "no base", "no journal"],
)
def test_status_says_what_it_can_of_a_damaged_store(path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(folder_of(path))
    found = status(path)
    assert "run huntertui store" in found.problem
    assert found.seq is None
    assert found.published
    assert sum(found.sizes.values()) > 0


def test_status_of_no_store(tmp_path: Path) -> None:
    found = status(tmp_path / "store.json")
    assert (found.begun, found.problem, found.seq, found.published) == (False, "", None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_state_before_a_bulk_change_of_the_first_day_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiny, "BULK", 4)
    path, clock = tmp_path / "store.json", ticking()
    with open_store(path, "ana", clock=clock) as store:
        add(store, {"n": 1})
        for _ in range(6):
            store.transact(lambda tx: [tx.insert("events", {"i": i}) for i in range(6)], "ana")
            checkpoint(path, "ana", clock)
        record = store.record(1)
    assert record
    assert as_target("", state_at(Journal(path), record.at).state).tables == {TABLE: {1: {"n": 1}}}
