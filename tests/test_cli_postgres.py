"""The command line on a store in a database: the same verbs, and no password where anybody could read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import ME, cli, inside
from postgres import Server

from huntertui.store import described
from huntertui.store.postgres import link

SECRET = "s3cr3t-p4ss"


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.url(postgres.emptied())


def test_the_verbs_are_the_same(url: str, tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("company,email\nAcme,ann@acme.example\nGlobex,cat@globex.example\n")
    config = tmp_path / "config" / "huntertui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'store = "{url}"\n')
    taken = cli("import", leads)
    assert (taken.returncode, taken.stderr.count("Error")) == (0, 0)
    config.unlink()
    assert "Acme" in cli("list", HUNTERTUI_STORE=url).stdout
    for verb in (["list"], ["brief"], ["stats"], ["explain", "1"], ["team"], ["doctor"]):
        done = cli("--store", url, *verb)
        assert (done.returncode in (0, 10), done.stderr) == (True, ""), verb
    assert "record 1" in done.stdout
    status = cli("--store", url, "store", "status").stdout
    assert "state       record 1\n" in status
    assert f"{ME}: imported 2 from leads.csv" in status
    assert f"you         {ME}, on your word" in status
    assert json.loads(cli("--store", url, "store", "status", "--json").stdout)["last"]["by"] == ME
    assert cli("list").stdout.count("Acme") == 0  # the store of the defaults is another one


@pytest.mark.parametrize("verb", ["verify", "checkpoint", "backup", "repair"])
def test_what_is_for_a_file_alone_says_so(verb: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", url, "store", verb) == 2
    assert "is no store in a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("postgresql://ana:{0}@[host/db", 2),
        ("postgresql://ana:{0}@/db?host=/nowhere", 5),
        ("postgresql://ana:{0}@/db?host=/nowhere&nonsense=1", 2),
        ("postgresql://ana@/db?host=/nowhere&password={0}", 5),
        ("postgresql://nobody:{0}@/postgres?host={1}", 7),
        ("postgres://ana:%zz{0}@host/db", 2),
        ("mysql://ana:{0}@host/db", 2),
        ("postgresql://ana:{0}@host/db\x1b", 2),
    ],
)
def test_no_password_is_told(
    where: str,
    code: int,
    postgres: Server,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "GRACE", 0.0)
    url = where.format(SECRET, postgres.folder)
    assert inside("--store", url, "list") == code
    for verb in (["doctor"], ["store", "status"], ["store", "copy", url, tmp_path / "x.json"]):
        assert inside("--store", url, *verb) in (1, 2, 5, 7)
    for verb in (["paths"], ["config"], ["config", "get", "store"]):
        inside("--store", url, *verb)
    assert SECRET not in "".join(capfd.readouterr())
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and SECRET in file.read_text()]
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
