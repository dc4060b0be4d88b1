"""The command line on a store in a database: the same verbs, and no password where anybody could read it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from commandline import ME, cli
from postgres import Server

from huntertui.store import described

SECRET = "s3cr3t-p4ss"


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.url(postgres.emptied())


def test_the_verbs_are_the_same(url: str, tmp_path: Path) -> None:
    config = tmp_path / "config" / "huntertui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'store = "{url}"\n')
    added = cli("add", "Ann Lee @Acme tue 12k ann@acme.example")
    assert (added.returncode, added.stderr) == (0, "")
    config.unlink()
    assert "Acme" in cli("list", HUNTERTUI_STORE=url).stdout
    assert f"added by {ME}" not in cli("--store", url, "list").stdout
    for verb in (
        ["show", "1"],
        ["log", "1", "no_answer"],
        ["history", "1"],
        ["explain", "1"],
        ["undo"],
        ["brief"],
    ):
        done = cli("--store", url, *verb)
        assert (done.returncode in (0, 10), done.stderr) == (True, ""), verb
    leads = tmp_path / "leads.csv"
    leads.write_text("company,email\nGlobex,cat@globex.example\n")
    assert cli("--store", url, "import", leads).returncode == 0
    assert cli("--store", url, "export", "--format", "csv").stdout.count("Globex") == 1
    doctor = cli("--store", url, "doctor").stdout
    assert "record 4" in doctor


def test_what_is_for_a_file_alone_says_so(url: str) -> None:
    for verb in ("status", "verify", "checkpoint", "backup", "repair"):
        done = cli("--store", url, "store", verb)
        assert (done.returncode, "is no store in a file" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://ana:{0}@[host/db",
        "postgresql://ana:{0}@/db?host=/nowhere",
        "postgresql://ana:{0}@/db?host=/nowhere&nonsense=1",
        "postgresql://ana@/db?host=/nowhere&password={0}",
        "postgresql://nobody:{0}@/postgres?host={1}",
        "postgres://ana:%zz{0}@host/db",
        "mysql://ana:{0}@host/db",
        "postgresql://ana:{0}@host/db\x1b",
    ],
)
def test_no_password_is_told(where: str, postgres: Server, tmp_path: Path) -> None:
    url = where.format(SECRET, postgres.folder)
    for verb in (["list"], ["paths"], ["doctor"], ["store", "status"]):
        done = cli("--store", url, *verb)
        assert verb[0] == "paths" or done.returncode in (1, 2, 5, 7), done.stderr
        assert SECRET not in done.stdout + done.stderr
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or SECRET not in file.read_text()
    assert SECRET not in postgres.log.read_text()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/srv/store.json", "/srv/store.json"),
        ("memory:", "memory:"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql://ana:a@b:c@host/db", "postgresql://ana@host/db"),
        ("postgresql://host/db?sslPassword=x&a=b", "postgresql://host/db?sslPassword=...&a=b"),
    ],
)
def test_what_is_shown_of_a_url(url: str, shown: str) -> None:
    assert described(url) == shown


def test_psycopg_is_for_databases_alone(url: str, tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('not installed', name='psycopg')\n")
    env = {"PYTHONPATH": str(tmp_path)}
    assert cli("list", **env).returncode == 0
    done = cli("--store", url, "list", **env)
    assert (done.returncode, "pip install 'huntertui[postgresql]'" in done.stderr) == (2, True)
    assert sys.modules.keys() >= {"psycopg"}  # there it is indeed, for all others
