"""The verb that cares for the store, as people and scripts use it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commandline import cli, in_terminal, inside, small_store
from desks import NOW, Clock, desk_at
from spoiled import flipped, rot

from huntertui.cli.progress import Progress
from huntertui.cli.restoring import moment
from huntertui.errors import Usage
from huntertui.store.journal import folder_of
from huntertui.store.lock import try_lock


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return small_store(tmp_path)


def care(store: Path, *args: str | Path, code: int = 0) -> str:
    """What `huntertui store` prints."""
    done = cli("--store", store, "store", *args)
    assert (done.returncode, done.stderr) == (code, ""), done
    return done.stdout


def asked(store: Path, *args: str | Path, code: int = 0) -> dict[str, Any]:
    data = json.loads(care(store, *args, "--json", code=code))
    assert data["schema"] == 1
    return dict(data)


def refused(store: Path, *args: str | Path) -> tuple[int, str]:
    done = cli("--store", store, "store", *args)
    assert done.stdout == ""
    assert re.fullmatch(r"huntertui: [^\n]+\n", done.stderr)
    return done.returncode, done.stderr


def titles(store: Path) -> set[str]:
    done = cli("--store", store, "list", "--owner", "all", "--json")
    return {row["name"] for row in json.loads(done.stdout)["rows"]}


def add(store: Path, line: str) -> None:
    desk = desk_at(store, Clock())
    desk.add(line)
    desk.store.close()


# What is wrong


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ([], 2, "required: WHAT"),
        (["tidy"], 2, "invalid choice: 'tidy'"),
        (["restore"], 2, "either the FILE of a backup or --at TIME"),
        (["restore", "x.json", "--at", "9:00"], 2, "either the FILE of a backup or --at TIME"),
        (["restore", "nowhere.json"], 3, "no such file"),
        (["restore", "--at", "soon"], 2, "try 2026-11-23T14:30"),
        (["restore", "--at", "2999-01-01"], 2, "still to come"),
        (["restore", "--at", "2001-01-01"], 3, "goes back to"),
        (["backup", "nowhere/b.json"], 3, "no such folder"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(store: Path, args: list[str], code: int, words: str) -> None:
    got, said = refused(store, *args)
    assert got == code
    assert words in said


@pytest.mark.parametrize("what", ["verify", "backup", "status", "checkpoint", "repair"])
def test_where_there_is_no_store(tmp_path: Path, what: str) -> None:
    done = cli("--store", tmp_path / "no" / "store.json", "store", what)
    assert done.returncode == (3 if what in ("verify", "backup") else 0)
    assert not (tmp_path / "no").exists()


def test_a_store_that_is_no_file_is_refused() -> None:
    assert refused(Path("memory:"), "status")[0] == 2


def test_help() -> None:
    for args in (["store", "-h"], ["store", "restore", "-h"]):
        assert "\nusage: huntertui store" in cli(*args).stdout


# Status and verify


def test_status(store: Path) -> None:
    found = asked(store, "status")
    assert found["seq"] == found["since_base"] == 10
    assert found["last"]["at"] == "2026-11-23T09:00:00Z"
    assert found["problem"] is None
    text = care(store, "status")
    assert "state       record 10, 10 of them after the newest base\n" in text
    assert "10 records behind\n" in text
    assert "at work     nobody\n" in text


def test_status_of_a_damaged_store(store: Path) -> None:
    rot(folder_of(store) / "base-0.json", b"x")
    done = cli("--store", store, "store", "status")
    assert done.returncode == 6
    assert "run huntertui store repair" in done.stderr
    assert "published " in done.stdout
    assert asked(store, "status", code=6)["problem"]


def test_verify(store: Path) -> None:
    assert care(store, "verify") == f"{store}: all of it can be read and agrees\n"
    file = folder_of(store) / "journal-1.jsonl"
    raw = file.read_bytes()
    at = raw.index(b'{"s":4,')
    rot(file, flipped(raw, at + 20))
    said = f"{file}, byte {at}: record 4 cannot be read: run huntertui store repair\n"
    assert care(store, "verify", code=6) == said
    (fault,) = asked(store, "verify", code=6)["faults"]
    assert fault == {
        "file": str(file), "where": f"byte {at}", "what": "record 4 cannot be read",
        "cure": "run huntertui store repair",
    }  # fmt: skip


def test_verify_of_what_tinydb_cannot_open(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    path.write_text("{")
    assert "TinyDB cannot open it" in care(path, "verify", code=6)


# Checkpoint


def test_checkpoint(store: Path) -> None:
    assert care(store, "checkpoint", "--dry-run") == f"record 10 would be published in {store}\n"
    assert asked(store, "checkpoint", "-n") == {"schema": 1, "dry_run": True, "seq": 10, "published": True}
    assert "Acme" not in store.read_text()
    assert care(store, "checkpoint", "--quiet") == ""
    assert "Acme" in store.read_text()
    assert list(folder_of(store).glob("kept-rows-*"))
    assert care(store, "checkpoint") == f"nothing to do: {store} shows record 10 already\n"
    assert care(store, "checkpoint", "-n") == "nothing to do\n"
    add(store, "Vandelay")
    fd = try_lock(folder_of(store) / "ckpt.lock")
    assert fd is not None
    assert care(store, "checkpoint").startswith("another checkpoint is at work")
    os.close(fd)
    assert care(store, "checkpoint") == f"record 11 published in {store}\n"


# Backup and restore


def test_there_and_back(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    assert care(store, "backup", file, "-n") == f"record 10 would be in {file}\n"
    assert not file.exists()
    assert care(store, "backup", file) == f"record 10 is in {file}\n"
    assert refused(store, "backup", file)[0] == 2
    before = titles(store)
    assert care(store, "restore", file, "--yes") == "nothing to restore: the store is the same as b.json\n"
    add(store, "Vandelay")
    assert titles(store) == before | {"Vandelay"}
    assert care(store, "restore", file, "-n") == "opportunities: 1 deleted\n"
    assert titles(store) == before | {"Vandelay"}
    done = cli("--store", store, "store", "restore", file)
    assert done.returncode == 2
    assert "give --yes" in done.stderr
    kept = folder_of(store) / "pre-restore-11.json"
    assert care(store, "restore", file, "--yes") == (
        f"opportunities: 1 deleted\nrestored: b.json; it can be undone; the state before is in {kept}\n"
    )
    assert titles(store) == before
    found = asked(store, "restore", kept, "--yes")
    assert found["tables"] == {"opportunities": {"inserted": 1, "changed": 0, "deleted": 0}}
    assert titles(store) == before | {"Vandelay"}


def test_a_backup_has_a_name_of_its_own(store: Path, tmp_path: Path) -> None:
    day = "[0-9]{8}"
    said = care(store, "backup", tmp_path)
    assert re.fullmatch(
        rf"record 10 is in {re.escape(str(tmp_path))}/huntertui-backup-{day}-10\.json\n", said
    )


def test_back_to_a_moment(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_at(store, clock := Clock())
    clock.now = NOW.replace(hour=10)
    desk.add("Vandelay")
    desk.store.close()
    later = NOW.replace(hour=10, minute=30)
    assert inside("--store", store, "store", "restore", "--at", "2026-11-23T09:30Z", "-n", at=later) == 0
    assert capsys.readouterr().out == "opportunities: 1 deleted\n"
    assert inside("--store", store, "store", "restore", "--at", "2026-11-23T10:00Z", "-n", at=later) == 0
    assert "nothing to restore" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23T08:30", "2026-11-23T07:30:00+00:00"),
        ("2026-11-23T08:30Z", "2026-11-23T08:30:00+00:00"),
        ("2026-07-01 12:00", "2026-07-01T10:00:00+00:00"),
        ("8:30", "2026-11-23T07:30:00+00:00"),
        ("yesterday 9:00", "2026-11-22T08:00:00+00:00"),
        ("2h ago", "2026-11-23T07:00:00+00:00"),
        ("90 min ago", "2026-11-23T07:30:00+00:00"),
        ("3 days ago", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20", "2026-11-20T22:59:59.999999+00:00"),
        ("2026-11-23", "2026-11-23T09:00:00+00:00"),
    ],
)
def test_moments(text: str, wanted: str) -> None:
    assert moment(text, NOW, "Europe/Berlin").isoformat() == wanted


@pytest.mark.parametrize("text", ["", "25:00", "2026-13-01", "tomorrow", "12:00", "999999 days ago", "9"])
def test_what_is_no_moment_gone_by(text: str) -> None:
    with pytest.raises(Usage):
        moment(text, NOW, "Europe/Berlin")


@pytest.mark.parametrize(("answer", "restored"), [("y", True), ("n", False), ("", False)])
def test_in_a_terminal_one_is_asked(store: Path, tmp_path: Path, answer: str, restored: bool) -> None:
    care(store, "backup", tmp_path / "b.json")
    add(store, "Vandelay")
    main, side = pty.openpty()
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "store", "restore"]
    os.write(main, f"{answer}\n".encode())
    command.append(str(tmp_path / "b.json"))
    done = subprocess.run(command, stdin=side, capture_output=True, text=True, timeout=60, check=False)
    os.close(main)
    os.close(side)
    assert "Restore b.json for everybody? [y/N]" in done.stderr
    assert done.returncode == (0 if restored else 2)
    assert ("Vandelay" in titles(store)) is not restored


# Repair


def test_repair(store: Path) -> None:
    assert care(store, "repair") == "nothing to repair\n"
    before = titles(store)
    care(store, "checkpoint", "-q")
    file = folder_of(store) / "base-10.json"
    rot(file, flipped(file.read_bytes(), 300))
    assert cli("--store", store, "list").returncode in (0, 6)
    said = care(store, "repair", "-n")
    assert said.startswith("would be done: base-10.json: written anew, as store.json is the same")
    done = asked(store, "repair")
    assert len(done["done"]) == 1
    assert done["lost"] == []
    assert care(store, "verify").endswith("agrees\n")
    assert titles(store) == before


# The bar


def test_a_bar_only_where_it_takes_long_and_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for looks in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda looks=looks: looks)
        with Progress("backup") as progress:
            now += 0.4
            progress(0.25)
            assert capsys.readouterr().err == ""
            now += 0.2
            progress(0.5)
            progress(0.51)
        bar = "\rbackup [############------------]  50%\r\x1b[K"
        assert capsys.readouterr() == ("", bar if looks else "")


def test_no_bar_for_what_is_quick(store: Path) -> None:
    assert in_terminal("--store", store, "store", "verify") == [f"{store}: all of it can be read and agrees"]
