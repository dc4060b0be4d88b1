"""Importing from the command line: what is shown and asked, where rejected rows go, what is refused."""

from __future__ import annotations

import csv
import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import inside, small_store
from desks import NOW, Clock, desk_at
from terminal import Terminal

from huntertui.desk import Desk
from huntertui.exchange import Plan, importing, plan, read, write
from huntertui.model.touch import Outcome
from huntertui.store import open_store

PEOPLE = "Contact,Company,Email,Amount\n"
FAULTY = PEOPLE + "Zoe New,Nova,zoe@nova.example,5\n=Ann,Acme,-1@x,much\nBob,Acme,bob@b.example,more\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "leads.csv"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return small_store(tmp_path)


def count(store: Path) -> int:
    with open_store(store, "reader", clock=lambda: NOW) as found:
        return len(found.find("opportunities"))


def test_a_dry_run_says_how_it_reads_and_who_is_here(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("Contact,Company,Email,Shoe\nZoe,Nova,,38\nAnn,Acme,ANN@acme.example,\n")
    assert inside("--store", store, "import", file, "--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "leads.csv: plain table, 2 rows",
        "  read: Contact is person, Company is company, Email is email",
        "  kept as they are: Shoe",
        "  new: Nova, Zoe · new · yours",
        "  leads.csv, line 3, Ann, Acme: Acme #1 is ana's (same e-mail)",
        "1 would be added from leads.csv, 1 merged, 0 rejected, 0 left out: 2 rows (1 open, 1 filled in)",
    ]
    assert count(store) == 6


@pytest.mark.parametrize(("answer", "added"), [("\r", 1), ("n\r", 0), ("\x04", 0)])
def test_at_a_terminal_it_shows_and_asks_first(store: Path, file: Path, answer: str, added: int) -> None:
    file.write_text("Contact,Company,Email\nZoe,Nova,\nAnn,Acme,ann@acme.example\n")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file)]
    with Terminal(command, os.environ) as terminal:
        terminal.until("Import this?")
        assert "Acme #1 is ana's (same e-mail)" in terminal.text
        assert count(store) == 6
        terminal.type(answer)
        assert terminal.leave() == (0 if added else 2)
    assert count(store) == 6 + added


@pytest.mark.parametrize("option", ["--yes", "--no-input"])
def test_at_a_terminal_it_can_be_told_to_go_on(store: Path, file: Path, option: str) -> None:
    file.write_text(PEOPLE + "Zoe,Nova,,\n")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file), option]
    with Terminal(command, os.environ) as terminal:
        assert terminal.leave() == 0
    assert count(store) == 7


def test_json_has_the_sums_and_the_duplicates(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(FAULTY + "Ann,Acme,ann@acme.example,\n")
    assert inside("--store", store, "import", file, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [data[name] for name in ("rows", "added", "merged", "rejected", "left_out")] == [4, 1, 1, 2, 0]
    assert [(d["line"], d["id"], d["owner"], d["how"]) for d in data["duplicates"]] == [
        (5, 1, "ana", "e-mail")
    ]
    assert [(error["file"], error["line"]) for error in data["errors"]] == [
        ("leads.csv", 3),
        ("leads.csv", 4),
    ]


def test_what_is_piped_in_is_a_file(store: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", "-"]
    done = subprocess.run(command, input=FAULTY, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "1 added from stdin, 0 merged, 2 rejected, 0 left out: 3 rows (1 open)" in done.stdout
    assert "Rejected Line" in (tmp_path / "stdin.rejects.csv").read_text()


# Rejected rows


def test_rejected_rows_are_put_aside_to_be_put_right(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(FAULTY)
    assert inside("--store", store, "import", file) == 0
    rejects = file.with_name("leads.csv.rejects.csv")
    assert str(rejects) in capsys.readouterr().err
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    with rejects.open(newline="", encoding="utf-8-sig") as opened:
        rows = list(csv.reader(opened))
    assert rows == [
        ["Rejected Line", "Rejected Because", "Contact", "Company", "Email", "Amount"],
        ["3", "Amount: 'much' is no amount: write 22700.00", "'=Ann", "Acme", "'-1@x", "much"],
        ["4", "Amount: 'more' is no amount: write 22700.00", "Bob", "Acme", "bob@b.example", "more"],
    ]
    rejects.write_text(rejects.read_text().replace(",much", ",7").replace(",more", ",8"))
    assert inside("--store", store, "import", rejects) == 0
    with open_store(store, "reader", clock=lambda: NOW) as found:
        docs = [doc for _, doc in found.find("opportunities")][-2:]
    assert [(doc["contacts"][0]["name"], doc["value"], doc.get("extra")) for doc in docs] == [
        ("=Ann", 700, None),
        ("Bob", 800, None),
    ]


def test_older_rejects_give_way_and_nothing_else_does(
    store: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(FAULTY)
    place = tmp_path / "mine.csv"
    for _ in range(2):
        assert inside("--store", store, "import", file, "--rejects", place) == 0
    assert "Rejected Line" in place.read_text()
    place.write_text("precious\n")
    file.write_text(FAULTY.replace("Zoe", "Yan").replace("zoe", "yan"))
    before = count(store)
    assert inside("--store", store, "import", file, "--rejects", place) != 0
    assert (place.read_text(), count(store)) == ("precious\n", before)
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "elsewhere.csv")
    assert inside("--store", store, "import", file, "--rejects", link) != 0
    assert not (tmp_path / "elsewhere.csv").exists()
    assert count(store) == before
    assert "mine.csv is there already: nothing was written; move it away" in capsys.readouterr().err


def test_the_rejects_of_several_go_into_one_file_where_one_has_faults(
    store: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, place = tmp_path / "more.csv", tmp_path / "bad.csv"
    file.write_text(FAULTY)
    other.write_text(PEOPLE + "Yan,Nova,yan@nova.example,5\n")
    command = ("--store", store, "import", file, other, "--rejects", place)
    assert inside(*command) == 0
    assert "Bob,Acme" in place.read_text("utf-8-sig")
    other.write_text(FAULTY)
    assert inside(*command) == 2
    assert "--rejects names one file" in capsys.readouterr().err


def test_files_of_one_name_have_their_rejects_each(store: Path, tmp_path: Path) -> None:
    for folder, name in (("a", "Ann"), ("b", "Bob")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "leads.csv").write_text(PEOPLE + f"{name},Acme,,much\n")
    files = ("a/leads.csv", "b/leads.csv", "-")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", *files]
    done = subprocess.run(command, input=FAULTY, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "4 rejected" in done.stdout, done.stderr
    told = {file.name: file.read_text("utf-8-sig") for file in tmp_path.glob("*.csv")}
    assert set(told) == {"leads.csv.rejects.csv", "leads.csv.rejects-2.csv", "stdin.rejects.csv"}
    assert "Ann" in told["leads.csv.rejects.csv"]
    assert "Bob" in told["leads.csv.rejects-2.csv"]


def test_no_rejects_no_file(store: Path, file: Path) -> None:
    file.write_text(PEOPLE + "Zoe,Nova,,\n")
    assert inside("--store", store, "import", file) == 0
    file.write_text(FAULTY)
    assert inside("--store", store, "import", file, "--dry-run") == 0
    assert [path.name for path in file.parent.glob("*.rejects.csv")] == []


def test_a_file_that_nobody_could_mean_is_refused_whole(
    store: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("huntertui.exchange.readings.MAX_REJECTS", 1)
    file.write_text(FAULTY)
    assert inside("--store", store, "import", file) == 1
    assert "line 4: more than 1 rows cannot be read, this one as it is no amount" in capsys.readouterr().err
    assert count(store) == 6


@pytest.mark.parametrize(
    ("does", "added", "plans"),
    [
        (lambda ben: ben.add("Zoe @Nova zoe@nova.example"), 0, 2),
        (lambda ben: ben.add("Yan @Nova"), 1, 1),
        (lambda ben: ben.log(3, Outcome.TALKED), 1, 1),
        (lambda ben: ben.log(1, Outcome.TALKED), 1, 2),
        (lambda ben: ben.log(3, Outcome.DO_NOT_CONTACT), 1, 2),
    ],
    ids=["the same person", "somebody else", "another item", "one that is filled in", "who wants no contact"],
)
def test_what_a_colleague_writes_meanwhile_counts(
    store: Path,
    file: Path,
    does: Callable[[Desk], object],
    added: int,
    plans: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plan is made before the lock is held: it is made again only where it would not be the same."""
    ana, ben = (desk_at(store, Clock(), name) for name in ("ana", "ben"))
    file.write_text(
        "Contact,Company,Email,Country\nZoe,Nova,zoe@nova.example,\nAnn,Acme,ann@acme.example,de\n"
    )
    readings = read(file, ana.policy, "ana", NOW)
    made = [plan(ana.store, readings, "ana", NOW)]

    def again(*args: Any) -> Plan:
        made.append(plan(*args))
        return made[-1]

    monkeypatch.setattr(importing, "plan", again)
    assert made[0].done.added == 1
    does(ben)
    done = write(ana.store, made[0], readings, "ana", NOW)
    assert (done.added, done.merged, len(made)) == (added, 2 - added - done.blocked, plans)


def test_no_room_for_temporary_files_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("Name,Company\n" + "".join(f"Ann {n},Acme {n}\n" for n in range(3_000)))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    argv = [sys.executable, "-m", "huntertui", "--store", str(tmp_path / "store.json"), "import", str(file)]
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TZ": "UTC"}
    done = subprocess.run(argv, capture_output=True, text=True, env=env, preexec_fn=limit, timeout=60)
    said = "huntertui: the folder for temporary files: File too large; nothing was imported\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
