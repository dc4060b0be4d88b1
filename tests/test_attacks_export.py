"""Attacks on what is given out, by their numbers: 9 cells that are formulas, 11 where a file is made."""

from __future__ import annotations

import csv
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import ME, inside, small_store
from deals import deal
from desks import NOW

from huntertui.exchange.outfile import ExportFault, new_file
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Contact
from huntertui.model.text import clean
from huntertui.store import Tx, open_store

# 9


CELLS = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", '=HYPERLINK("http://x","y")', "\t=1", "\r=1", "；=1",
    ";=1",
]  # fmt: skip
PHONE = "+442079460958"


@pytest.mark.parametrize("cell", CELLS)
def test_attack_09_no_cell_is_a_formula_and_each_comes_in_again(
    cell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, other, file = tmp_path / "a" / "store.json", tmp_path / "b" / "store.json", tmp_path / "out.csv"
    contact = Contact(cell, cell, phones=(PHONE,))
    notes = f"{cell}\n{cell}"
    o = deal(name=cell, company=cell, notes=notes, contacts=(contact,), tags=("+1",))

    def plant(tx: Tx) -> None:
        tx.insert("opportunities", to_doc(o))

    with open_store(store, ME, clock=lambda: NOW) as opened:
        opened.transact(plant, ME)
    assert inside("--store", store, "export", "-o", file) == 0
    with file.open(encoding="utf-8-sig", newline="") as text:
        [row] = csv.DictReader(text)
    formulas = [value for value in row.values() if re.search(r"(^|[;；|\r\n])[\s\"]*[=+@-]", value)]
    assert formulas == []
    assert row["Phone"] == f"'{PHONE}"
    assert inside("--store", other, "import", file) == 0
    with open_store(other, ME, clock=lambda: NOW) as opened:
        [(_, doc)] = opened.find("opportunities")
    shown = cell.strip()
    assert (doc["name"], doc["company"]) == (shown, shown)
    assert doc["contacts"] == [{"name": shown, "role": shown, "phones": [PHONE]}]
    assert (doc["tags"], doc["notes"]) == (["+1"], clean(notes, lines=True))
    capsys.readouterr()
    assert inside("--store", store, "export", "--raw", "-o", tmp_path / "raw.csv") == 0
    assert f",{PHONE}," in (tmp_path / "raw.csv").read_text()


def test_attack_09_no_report_has_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "store" / "store.json"
    doc = to_doc(deal("proposal", owner="=1+1", value=500, currency="EUR", expected_close=NOW.date()))
    with open_store(store, ME, clock=lambda: NOW) as opened:
        opened.transact(lambda tx: tx.insert("opportunities", doc), ME)
    assert inside("--store", store, "stats", "--csv") == 0
    assert ",'=1+1,EUR,1,500," in capsys.readouterr().out


# 11


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return small_store(tmp_path)


def at_rest(path: Path) -> None:
    path.write_text("mine\n")


def linked(path: Path) -> None:
    """A colleague's, to a file of mine."""
    path.with_name("bashrc").write_text("mine\n")
    path.symlink_to("bashrc")


def astray(path: Path) -> None:
    path.symlink_to("nothing")


THERE: dict[str, tuple[Callable[[Path], None], bool]] = {
    "a file": (at_rest, True),
    "a link": (linked, False),
    "a link to nothing": (astray, False),
    "a folder": (Path.mkdir, False),
    "a pipe": (os.mkfifo, False),
}
"""What is in the place of the file, and whether --force takes it away."""


@pytest.mark.parametrize("name", THERE)
def test_attack_11_nothing_is_written_over_what_is_there(
    name: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, replaced = THERE[name]
    path = tmp_path / "home" / "deals.csv"
    path.parent.mkdir()
    place(path)
    before, info = sorted(path.parent.iterdir()), path.lstat()
    assert inside("--store", store, "export", "-o", path) in (1, 7)
    said = capsys.readouterr().err
    assert re.fullmatch(rf"huntertui: {path} is there already.*: nothing was written.*\n", said)
    assert (sorted(path.parent.iterdir()), path.lstat()) == (before, info)
    assert inside("--store", store, "export", "-o", path, "--force") == (0 if replaced else 7)
    assert sorted(path.parent.iterdir()) == before
    assert (path.lstat() == info) is not replaced
    assert not path.with_name("bashrc").exists() or path.with_name("bashrc").read_text() == "mine\n"
    assert not path.with_name("nothing").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to make another's file")
def test_attack_11_a_file_of_somebody_else_stays(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("theirs\n")
    os.chown(path, 12345, -1)
    assert inside("--store", store, "export", "--force", "-o", path) == 7
    assert path.read_text() == "theirs\n"


@pytest.mark.parametrize("umask", ["000", "777"])
def test_attack_11_a_new_file_is_for_its_owner_alone(umask: str, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "deals.json"
    assert in_shell(f"umask {umask}", store, "-o", path).returncode == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def in_shell(before: str, store: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run export by a shell that does something first."""
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "export", *map(str, args)]
    line = f"{before}; exec {shlex.join(command)}"
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)


def test_attack_11_a_place_where_nothing_can_be_made_is_named(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/proc/x.csv", "/nobody's/x.csv", f"/tmp/{'x' * 300}.csv"):
        assert inside("--store", store, "export", f"-o{path}") == 1
        assert re.fullmatch(rf"huntertui: {path}: .+\n", capsys.readouterr().err)


def test_attack_11_a_file_is_there_wholly_or_not_at_all(store: Path, tmp_path: Path) -> None:
    """Where it grows too large for the disk, here for what the shell allows, what was there stays."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "old.json").write_text("mine\n")
    for name in ("new.json", "old.json"):
        done = in_shell("ulimit -f 1", store, "--force", "-o", home / name)
        assert done.returncode == 1
        assert done.stderr == f"huntertui: {home / name}: nothing was written: file too large\n"
    assert [path.name for path in home.iterdir()] == ["old.json"]
    assert (home / "old.json").read_text() == "mine\n"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_attack_11_a_lost_line_leaves_nothing_half_made(
    number: signal.Signals, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr("huntertui.exchange.items.uid_of", lambda _: os.kill(os.getpid(), number))
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as ended:
        inside("--store", store, "export", "-o", home / "deals.csv")
    assert ended.value.code == 128 + number
    assert list(home.iterdir()) == []
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("name", ["/etc/x.csv", "../x.csv", "a/b.csv", "planted.csv"])
def test_attack_11_who_is_confined_writes_nowhere_else(
    name: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "etc" / "config.toml"
    settings.parent.mkdir(mode=0o755)
    settings.write_text(f'identity = "forced"\nstore = "{store}"\n')
    settings.chmod(0o644)
    exports = store.parent / "members" / "ana" / "exports"
    assert inside("--as", "ana", "export", "-o", "mine.csv", settings=settings) == 0
    assert (exports / "mine.csv").is_file()
    (exports / "planted.csv").symlink_to(tmp_path / "elsewhere")
    capsys.readouterr()
    assert inside("--as", "ana", "export", "--force", "-o", name, settings=settings) == 7
    assert f"{name}: only the name of a file in {exports} can be given here" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()


def test_attack_11_what_comes_there_meanwhile_stays(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"

    def write() -> None:
        with new_file(path, force=False) as file:
            file.write("ours")
            path.write_text("theirs")

    with pytest.raises(ExportFault, match="has come to be meanwhile"):
        write()
    assert path.read_text() == "theirs"
    assert not list(tmp_path.glob(".huntertui*"))
