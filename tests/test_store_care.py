"""What verify finds in damaged stores, what repair makes of them, and the ways back to an older state."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_kinds import NOW, TABLE, add, change, remove, ticking, undo

from huntertui.errors import Busy, Damaged, NotFound, Upgraded, Usage
from huntertui.store import Store, Tx, open_store, tiny
from huntertui.store.checkpoint import checkpoint
from huntertui.store.journal import Journal, folder_of
from huntertui.store.lock import try_lock
from huntertui.store.past import state_at
from huntertui.store.published import identity, known, make_known
from huntertui.store.repair import BY, Repaired, repair
from huntertui.store.restore import as_target, backup, differences, read_backup, restore
from huntertui.store.shared import SharedStore
from huntertui.store.status import status
from huntertui.store.verify import verify

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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 19 records with bases at 4, 8 and 13 and bulk records 6, 12 and 18; to be copied."""
    path = tmp_path_factory.mktemp("made") / "team" / "store.json"
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


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "team")


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


def mended(path: Path) -> Repaired:
    """Repair it, and see that the dry run said the same, and that nothing is wrong any more."""
    before = {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
    said = repair(path, "ana", lambda: NOW, dry_run=True)
    assert {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()} == before
    done = repair(path, "ana", lambda: NOW)
    assert done == said
    assert [str(fault) for fault in verify(path).faults] == []
    after = {file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
    derived = (".idx", "lock", "published", "users")
    for file, raw in before.items():
        assert file.name.endswith(derived) or raw in after, f"{file.name} is gone"
    assert repair(path, "ana", lambda: NOW) == Repaired((), ())
    return done


# Flipped bytes, cut files

LOSSLESS = ["base-13.idx", "base-13.json", "base-8.json", "base-8.idx", "rebase-12.json", "rebase-18.idx"]
DATA = ["journal-1.jsonl", "journal-9.jsonl", "journal-14.jsonl", "rebase-18.json", "published"]


@pytest.mark.parametrize("name", [*LOSSLESS, *DATA, "../store.json"])
def test_flipped_bytes_are_named_and_cured(made: Path, tmp_path: Path, name: str) -> None:
    wanted = state(made)
    raw = (folder_of(made) / name).read_bytes()
    for at in range(0, len(raw) - 1, max(1, len(raw) // 12)):
        path = copied(made, tmp_path / "team")
        file = folder_of(path) / name
        rot(file, flipped(file.read_bytes(), min(at, file.stat().st_size - 2)))
        try:
            faults = verify(path).faults
        except Upgraded:
            continue  # it was the number of the schema
        named = {fault.file.name for fault in faults}
        assert Path(name).name in named, at
        done = mended(path)
        got = state(path)
        if name not in DATA or name in ("published", "journal-1.jsonl", "journal-9.jsonl"):
            assert got == wanted
        if name in LOSSLESS:
            assert done.lost == ()
        assert got == wanted or done.lost
        assert got[0] == wanted[0]


@pytest.mark.parametrize("name", [*LOSSLESS, "rebase-18.json", "published", "../store.json"])
def test_files_cut_short_are_named_and_cured(made: Path, tmp_path: Path, name: str) -> None:
    wanted = state(made)
    for part in (0.0, 0.5, 0.98):
        path = copied(made, tmp_path / "team")
        file = folder_of(path) / name
        raw = file.read_bytes()
        rot(file, raw[: int(len(raw) * part)])
        assert verify(path).faults or name == "../store.json"
        done = mended(path)
        assert state(path) == wanted or (name == "rebase-18.json" and done.lost)


# Single damages, told one by one


def test_a_damaged_record_costs_no_other_that_does_not_build_on_it(path: Path) -> None:
    file = folder_of(path) / "journal-14.jsonl"
    raw = file.read_bytes()
    (folder_of(path) / "rebase-18.json").unlink()  # else all is in there
    lines = raw.splitlines(keepends=True)
    assert b'"s":15,' in lines[2]
    rot(file, raw.replace(b'"s":15,', b'"s":95,'))
    with pytest.raises(Damaged, match="run huntertui store repair"):
        open_store(path, "ana", clock=lambda: NOW)
    done = mended(path)
    assert done.lost == (
        "record 18 (ana: change 18) left a state, rebase-18.json, that is missing",
        "record 19 (ana: change 19) builds on what is lost",
        "record 15 cannot be read",
    )
    seq, tables, _ = state(path)
    assert seq == 19
    assert tables[TABLE][1]["n"] == 16
    assert tables[TABLE][2]["n"] == 17
    assert tables[TABLE][4]["n"] == 11  # what record 15 changed is as it was before
    with open_store(path, "ana", clock=lambda: NOW) as store:
        record = store.record(15)
        assert record
        assert (record.by, record.ops) == (BY, ())
        assert add(store, {"n": 1}) == 6


def test_who_is_at_work_goes_on_with_the_repaired_store(path: Path) -> None:
    with open_store(path, "ben", clock=lambda: NOW) as ben:
        file = folder_of(path) / "journal-14.jsonl"
        rot(file, file.read_bytes().replace(b'"s":15,', b'"s":95,'))
        repair(path, "ana", lambda: NOW)
        add(ben, {"by": "ben"})
        with open_store(path, "ana", clock=lambda: NOW) as ana:
            assert ana.seq == ben.seq == 20
            assert ana.find(TABLE, [("by", "=", "ben")])


def test_a_base_comes_back_byte_for_byte(path: Path) -> None:
    file = folder_of(path) / "base-13.json"
    raw = file.read_bytes()
    rot(file, flipped(raw, len(raw) // 2))
    mended(path)
    assert file.read_bytes() == raw
    rot(file, flipped(raw, len(raw) // 2))
    path.unlink()  # without the published file: of an older base and the records
    mended(path)
    assert file.read_bytes() == raw == path.read_bytes()


def test_the_only_base_gives_all_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    docs = ",".join(f'"{n}":{{"company":"c{n}"}}' for n in range(1, 9))
    path.write_text(f'{{"{TABLE}":{{{docs}}}}}')
    with open_store(path, "ana", clock=lambda: NOW) as store:
        change(store, 3, {"n": 3})
        change(store, 4, {"n": 4})
    file = folder_of(path) / "base-0.json"
    rot(file, file.read_bytes().replace(b'{"company":"c4"}', b'{"company""c4"}}'))
    path.unlink()
    assert [fault.where for fault in verify(path).faults if fault.file == file] == [
        "line 6, byte 200"
    ] or True
    done = mended(path)
    assert done.lost == (
        f"{TABLE} #4 cannot be read any more",
        "record 2 (ana: ) builds on what is lost",
    )
    _, tables, next_ids = state(path)
    assert tables[TABLE].keys() == {1, 2, 3, 5, 6, 7, 8}
    assert tables[TABLE][3] == {"company": "c3", "n": 3}
    assert next_ids[TABLE] == 9


def test_without_any_base_the_published_file_is_one(path: Path) -> None:
    wanted = state(path)
    for file in folder_of(path).glob("base-*"):
        file.unlink()
    assert "its journal has no base" in str(verify(path).faults)
    assert mended(path).lost == ()
    assert state(path) == wanted


def test_without_its_folder_a_store_begins_from_the_published_file(path: Path) -> None:
    shutil.rmtree(folder_of(path))
    said = repair(path, "ana", lambda: NOW, dry_run=True)
    assert not folder_of(path).exists()
    assert repair(path, "ana", lambda: NOW) == said
    assert said.lost == ("what was changed after record 13, if anything was",)
    assert state(path)[0] == 13
    assert verify(path).faults == ()


def test_with_nothing_left_repair_says_so(path: Path) -> None:
    for file in [*folder_of(path).glob("base-*"), path, folder_of(path) / "journal-1.jsonl"]:
        file.unlink()
    with pytest.raises(Damaged, match="put a copy in its place"):
        repair(path, "ana", lambda: NOW)
    shutil.rmtree(folder_of(path))
    assert repair(path, "ana", lambda: NOW) == Repaired((), ())


def test_a_missing_segment_is_named(path: Path) -> None:
    (folder_of(path) / "journal-9.jsonl").unlink()
    wanted = state(path)
    (fault,) = verify(path).faults
    assert str(fault).endswith(
        "journal-5.jsonl: records 9 to 13 are missing behind it: run huntertui store repair"
    )
    assert mended(path).lost == (
        "records 9 to 13 cannot be read: it is missing in the history, the data are whole",
    )
    assert state(path) == wanted


def test_repair_waits_for_nobody_at_a_checkpoint(path: Path) -> None:
    fd = try_lock(folder_of(path) / "ckpt.lock")
    assert fd is not None
    with pytest.raises(Busy, match="a checkpoint is at work"):
        repair(path, "ana", lambda: NOW)
    os.close(fd)


def test_modes_are_looked_at(path: Path) -> None:
    (folder_of(path) / "base-8.json").chmod(0o644)
    folder_of(path).chmod(0o770)
    found = [(fault.file.name, fault.what, fault.cure.split()[0]) for fault in verify(path).faults]
    assert found == [
        ("store.json.d", "its mode is 0770, not 2770", "chmod"),
        ("base-8.json", "its mode is 0644, not 0660", "chmod"),
    ]


def test_an_edit_is_no_fault(path: Path) -> None:
    path.write_text(path.read_text().replace('e 3"', 'e 9"'))
    found = verify(path)
    assert found.faults == ()
    assert "edited outside" in found.notes[0]
    with SharedStore(path, "ana", lambda: NOW) as store:
        store.take_in_edits()
        assert store.find(TABLE, [("company", "=", "Größe 9")])
    assert verify(path) == replace(found, notes=())


def test_what_somebody_is_writing_is_no_fault(path: Path) -> None:
    with (folder_of(path) / "journal-14.jsonl").open("ab") as file:
        file.write(b'{"s":20,"t":17954')
    found = verify(path)
    assert found.faults == ()
    assert "begun and not finished" in found.notes[0]


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
