"""What verify finds in damaged stores, and what repair makes of them."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from spoiled import copied, flipped, make, rot, state
from store_kinds import NOW, TABLE, add, change

from huntertui.errors import Busy, Damaged, Upgraded
from huntertui.store import open_store
from huntertui.store.journal import folder_of
from huntertui.store.lock import try_lock
from huntertui.store.repair import BY, Repaired, repair
from huntertui.store.shared import SharedStore
from huntertui.store.verify import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "team" / "store.json")


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "team")


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


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_damaged_together_the_store_is_whole_afterwards(path: Path, seed: int) -> None:
    wanted, chance = state(path), random.Random(seed)
    files = sorted(file for file in [path, *folder_of(path).iterdir()] if "lock" not in file.name)
    for file in chance.sample(files, chance.randint(2, 4)):
        raw = file.read_bytes()
        at = chance.randrange(len(raw))
        zeros = raw[:at] + bytes(len(raw[at : at + 50])) + raw[at + 50 :]
        rot(file, chance.choice([flipped(raw, at), flipped(raw, at), zeros, raw[:at], None]))
    torn = any("not finished" in note for note in verify(path).notes)
    done = mended(path)
    assert state(path) == wanted or done.lost or torn  # nobody can tell what was cut off the journal's end


def test_a_missing_journal_is_told(path: Path) -> None:
    (folder_of(path) / "journal-14.jsonl").unlink()
    named = {fault.file.name: fault.what for fault in verify(path).faults}
    assert named["journal-14.jsonl"] == "it is missing"
    assert mended(path).lost == (
        "whatever was in journal-14.jsonl",
        "whatever was changed before rebase-18.json was made, and by that",
    )
    assert state(path)[0] == 13
