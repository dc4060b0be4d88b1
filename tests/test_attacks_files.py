"""Attacks by files, by their numbers: 10 what is imported, 12 what lies in the place of the store."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from commandline import cli, inside, small_store
from desks import NOW
from test_store_outside import age

from huntertui.store import open_store

# 10


HEADER = "First Name,Last Name,Company,Email\n"
ROW = "Ann,Lee,Acme,ann@acme.example\n"
TEXTS: dict[str, tuple[bytes, int, str]] = {
    "a field of 200 kB": (f"{HEADER}Ann,Lee,{'x' * 200_000},a@b.example\n".encode(), 1, "line 2, Company: "),
    "NUL": (f"{HEADER}Ann,\0Lee,Acme,\n".encode(), 1, "line 2: a NUL byte"),
    "an open quote": (f'{HEADER}{ROW}"Ann,Lee,Acme,\n'.encode(), 1, "line 3: a quote is opened here"),
    "lines that end in CR": ((HEADER + ROW).replace("\n", "\r").encode(), 0, "1 added"),
    "a CR in a cell": (f"{HEADER}An\rn,Lee,Acme,\n".encode(), 1, "line 2: a carriage return"),
    "UTF-16": ((HEADER + ROW).encode("utf-16"), 0, "1 added"),
    "cp1252": (f"{HEADER}Zoë,Lee,Acme,\n".encode("cp1252"), 0, "1 added"),
    "BOM": (b"\xef\xbb\xbf" + (HEADER + ROW).encode(), 0, "1 added"),
    "semicolons": ((HEADER + ROW).replace(",", ";").encode(), 0, "1 added"),
    "tabs": ((HEADER + ROW).replace(",", "\t").encode(), 0, "1 added"),
    "too many rows": ((HEADER + ROW * 2_000).encode(), 1, "more than 2,000 rows"),
    "no byte": (b"", 1, "is empty"),
    "controls": (f"{HEADER}A\x1b]2;PWNED\x07,Lee,[/red],a@b.example\n".encode(), 0, "1 added"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_attack_10_an_import_is_read_or_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.exchange.reading.MAX_ROWS", 2_000)
    store, file = tmp_path / "team" / "store.json", tmp_path / "leads.csv"
    data, code, says = TEXTS[name]
    file.write_bytes(data)
    assert inside("--store", store, "import", file) == code
    out, err = capsys.readouterr()
    assert says in out + err
    assert len(out + err) < 1000
    assert "Traceback" not in err
    assert all(char.isprintable() or char == "\n" for char in out + err)
    with open_store(str(store), "reader", clock=lambda: NOW) as found:
        assert len(found.find("opportunities")) == (1 if code == 0 else 0)


def test_attack_10_a_header_that_comes_twice_is_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, file = tmp_path / "team" / "store.json", tmp_path / "leads.csv"
    file.write_text(HEADER + ROW + HEADER + ROW.replace("Ann", "Bob").replace("ann", "bob"))
    inside("--store", store, "import", file)
    capsys.readouterr()
    with open_store(str(store), "reader", clock=lambda: NOW) as found:
        names = [doc["contacts"][0]["name"] for _, doc in found.find("opportunities")]
    assert names == ["Ann Lee", "Bob Lee"]


@pytest.mark.parametrize("name", ["fifo", "/dev/zero", "folder", "missing", "fifo-link"])
def test_attack_10_what_is_no_file_is_not_waited_for(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "fifo-link").symlink_to("fifo")
    done = cli("--store", tmp_path / "team/store.json", "import", tmp_path / name)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"huntertui: .+ (is no plain file|cannot be read).*\n", done.stderr)


@pytest.mark.parametrize("name", ["/etc/shadow", "../x", "secret.csv", "a/b.csv", ".."])
def test_attack_10_who_is_confined_reads_nothing_else(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = small_store(tmp_path)
    settings, secret = tmp_path / "etc" / "config.toml", tmp_path / "secret"
    settings.parent.mkdir(mode=0o755)
    settings.write_text(f'identity = "forced"\nstore = "{store}"\n')
    settings.chmod(0o644)
    secret.write_text(f"{HEADER}hush,hush,hush,\n")
    imports = store.parent / "members" / "ana" / "imports"
    assert inside("--as", "ana", "list", settings=settings) == 0
    (imports / "secret.csv").symlink_to(secret)
    (imports.parent / "x").write_text(secret.read_text())
    capsys.readouterr()
    assert inside("--as", "ana", "import", name, settings=settings) == 7
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{name}: only the name of a file in {imports} can be given here" in err
    assert "hush" not in err


def test_attack_10_who_is_confined_has_what_he_pipes_in_put_aside_in_his_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, here = small_store(tmp_path), tmp_path / "here"
    settings, piped = tmp_path / "etc" / "config.toml", tmp_path / "piped"
    for folder in (settings.parent, here):
        folder.mkdir(mode=0o755)
    settings.write_text(f'identity = "forced"\nstore = "{store}"\n')
    settings.chmod(0o644)
    piped.write_text("Company,Amount\nAcme,much\n")
    monkeypatch.chdir(here)
    with piped.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        inside("--as", "ana", "import", "-", settings=settings)
    assert list(here.iterdir()) == []
    imports = store.parent / "members" / "ana" / "imports"
    assert [file.name for file in imports.iterdir()] == ["stdin.rejects.csv"]


# 12


DEEP = b'{"opportunities": {"1": {"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}}"
WRONG: dict[str, tuple[bytes, str]] = {
    "truncated": (b'{"opportunities": {"1": {"name": "A', "no readable JSON"),
    "infinite": (b'{"opportunities": {"1": {"value": 1e999}}}', "opportunities #1.value: inf"),
    "NaN": (b'{"opportunities": {"1": {"value": NaN}}}', "opportunities #1.value: nan"),
    "deep": (DEEP, "nested too deeply"),
    "brackets": (b"[" * 100_000, "nested too deeply"),
    "5,000 digits": (b'{"opportunities": {"1": {"value": ' + b"9" * 5000 + b"}}}", "digits"),
    "64 bits": (b'{"opportunities": {"1": {"value": 99999999999999999999}}}', "beyond 64 bits"),
    "ids twice": (b'{"opportunities": {"1": {"name": "A"}, "1": {"name": "B"}}}', "value given twice"),
    "no table": (b'{"opportunities": [1, 2]}', "a table is an object"),
    "no id": (b'{"opportunities": {"-1": {"name": "A"}}}', "is no id"),
    "a newer schema": (b'{"_meta": {"1": {"schema": 999}}, "opportunities": {}}', "newer"),
    "binary": (bytes(range(256)), "UTF-8"),
    "controls": (b'{"opportunities": {"1": "\x1b[2J"}}', "no readable JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_attack_12_a_wrong_store_is_named_and_left_as_it_is(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "team" / "store.json"
    path.parent.mkdir()
    content, says = WRONG[name]
    path.write_bytes(content)
    assert inside("--store", path, "list") == 6
    out, err = capsys.readouterr()
    assert (out, path.read_bytes()) == ("", content)
    assert says in err
    assert err.count("\n") == 1
    assert len(err) < 1000
    assert err[:-1].isprintable()


PUT_ASIDE = ("truncated", "deep", "brackets", "5,000 digits", "binary", "controls")


@pytest.mark.parametrize("name", [name for name in WRONG if name != "a newer schema"])
def test_attack_12_an_edit_that_is_wrong_is_put_aside_or_left_out(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_store(tmp_path)
    capsys.readouterr()
    path.write_bytes(WRONG[name][0])
    age(path)
    assert inside("--store", path, "explain", "1") == 0
    assert "Acme #1" in capsys.readouterr().out  # as it was
    kept = [file.read_bytes() for file in path.parent.glob("store.json.unreadable-*")]
    assert kept == ([WRONG[name][0]] if name in PUT_ASIDE else [])


HARMLESS: dict[str, tuple[bytes, int]] = {
    "no byte": (b"", 0),
    "fields that we do not know": (b'{"opportunities": {"7": {"name": "Acme", "mood": {"x": [1]}}}}', 1),
    "a table that we do not know": (b'{"opportunities": {}, "moods": {"1": {"x": 1}}}', 0),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_attack_12_what_we_do_not_know_is_kept(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "team" / "store.json"
    path.parent.mkdir()
    content, rows = HARMLESS[name]
    path.write_bytes(content)
    assert inside("--store", path, "list", "--owner", "all", "--plain") == 0
    assert capsys.readouterr().out.count("\n") == rows
    assert inside("--store", path, "store", "checkpoint") == 0
    kept: dict[str, Any] = json.loads(path.read_text())
    for table, docs in json.loads(content or b"{}").items():
        assert kept.get(table, {}) == docs


def linked(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere.json"))


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 300_000_000)


PLACES: dict[str, Callable[[Path], None]] = {
    "link": linked,
    "fifo": os.mkfifo,
    "folder": Path.mkdir,
    "300 MB": huge,
}


@pytest.mark.parametrize("name", PLACES)
def test_attack_12_what_is_no_store_is_not_touched(name: str, tmp_path: Path) -> None:
    path = tmp_path / "team" / "store.json"
    path.parent.mkdir()
    elsewhere = path.with_name("elsewhere.json")
    elsewhere.write_text("{}")
    PLACES[name](path)
    done = cli("--store", path, "list")
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.startswith(f"huntertui: {path}: ")
    assert "left untouched" in done.stderr
    assert elsewhere.read_text() == "{}"
    assert path.is_symlink() == (name == "link")


@contextmanager
def closed_to_us(path: Path) -> Iterator[None]:
    """Within, only somebody else may read it: root, who may read all, is another account meanwhile."""
    path.chmod(0 if os.getuid() else 0o700)
    os.seteuid(os.getuid() or 65534)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        path.chmod(0o700)


@pytest.mark.parametrize("what", ["store.json", "store.json.d"])
def test_attack_12_what_is_anothers_is_named_and_left_as_it_is(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_store(tmp_path)
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    assert inside("--store", path, "list", env=env) == 0  # all that is loaded late is loaded now
    if what == "store.json":  # a file that never was a store of ours
        shutil.rmtree(path.with_name("store.json.d"))
        path.write_text('{"opportunities": {"1": {"name": "Acme"}}}')
    for folder in takewhile(lambda one: not one.stat().st_mode & 0o001, path.parents):
        folder.chmod(0o755)
    path.parent.chmod(0o775)  # the group is ours too
    capsys.readouterr()
    content = path.read_bytes() if path.exists() else b""
    with closed_to_us(path.parent / what):
        assert inside("--store", path, "list", env=env) == 7
    assert (path.read_bytes() if path.exists() else b"") == content
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{path.parent / what}: " in err
    assert "Permission denied" in err
