"""What export and list choose, and where export puts it."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, cli, in_terminal, inside, small_store
from desks import NOW, Clock, desk_at

from huntertui.store import open_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the small world and a view that all may see."""
    path = small_store(tmp_path)
    desk = desk_at(path, Clock())
    desk.save_view("acme", "company:acme")
    [view] = desk.views()
    desk.share_view(view.id)
    desk.store.close()
    return path


CHOICES = [
    ([], [1, 2, 3, 4, 5, 6]),
    (["--where", "stage:proposal"], [4]),
    (["--where", "ann@acme.example"], [1, 3]),
    (["--where", "acme -bob"], [1, 3]),
    (["--where", "is:closed"], [6]),
    (["--where", "owner:ana -is:closed value>20k"], [4]),
    (["--view", "acme"], [1, 2]),
    (["--view", "acme", "--where", "bob"], [2]),
    (["--mine"], []),
]  # fmt: skip


@pytest.mark.parametrize(("args", "ids"), CHOICES)
def test_export_gives_out_what_is_chosen(
    store: Path, capfdbinary: pytest.CaptureFixture[bytes], args: list[str], ids: list[int]
) -> None:
    assert inside("--store", store, "export", "--json", *args) == 0
    data = json.loads(capfdbinary.readouterr().out)
    assert [item["id"] for item in data["items"]] == ids
    assert data["do_not_contact"] == []


@pytest.mark.parametrize(("args", "ids"), CHOICES[1:])
def test_list_shows_the_same(
    store: Path, capsys: pytest.CaptureFixture[str], args: list[str], ids: list[int]
) -> None:
    assert inside("--store", store, "list", "--owner", "all", "--json", *args) == 0
    assert sorted(row["id"] for row in json.loads(capsys.readouterr().out)["rows"]) == sorted(ids)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--where", "stage:propsal"], "--where: no stage 'propsal': did you mean proposal?"),
        (["--view", "acne"], "no view 'acne': did you mean acme?"),
        (["--format", "cvs"], "--format 'cvs': did you mean csv?"),
        (["-o", "deals.xls"], "deals.xls: which form? --format with one of csv, json, ndjson, vcard, ical"),
    ],
)
def test_a_wrong_choice_says_what_there_is(
    store: Path, capsys: pytest.CaptureFixture[str], args: list[str], says: str
) -> None:
    assert inside("--store", store, "export", *args) == 2
    assert capsys.readouterr() == ("", f"huntertui: {says}\n")


def test_an_item_comes_with_its_history(store: Path, tmp_path: Path) -> None:
    assert inside("--store", store, "export", "-o", tmp_path / "all.ndjson") == 0
    lines = [json.loads(line) for line in (tmp_path / "all.ndjson").read_text().splitlines()]
    [deal] = [line for line in lines if line.get("id") == 4]
    assert deal["opportunity"]["company"] == "Initech"
    assert [event["kind"] for event in deal["events"]] == ["stage", "close"]
    assert all("opportunity" not in event for event in deal["events"])


def test_a_file_of_csv_is_for_spreadsheets(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    done = cli("--store", store, "export", "-o", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"huntertui: 6 items in {file}\n")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfHuntertui ID,")
    piped = cli("--store", store, "export")
    assert piped.stdout.encode() == file.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8-sig", newline="") as text:
        assert [row["Company"] for row in csv.DictReader(text)][-2:] == ["Umbrella", "Hooli"]


def test_a_csv_comes_in_again_and_only_once(store: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "all.csv", tmp_path / "other" / "store.json"
    assert inside("--store", store, "export", "-o", file) == 0
    assert inside("--store", other, "import", file) == 0
    assert inside("--store", other, "import", file) == 0
    assert inside("--store", store, "import", file) == 0  # where it came from
    with open_store(store, "reader", clock=lambda: NOW) as found:
        assert len(found.find("opportunities")) == 6
    with open_store(other, "reader", clock=lambda: NOW) as found:
        docs = [doc for _, doc in found.find("opportunities")]
    assert len(docs) == 6
    [ann] = [doc for doc in docs if doc["contacts"][0]["name"] == "Ann Lee"]
    assert ann["contacts"][0]["phones"] == ["+44 20 7946 0958"]
    assert (ann["value"], ann["currency"]) == (1_200_000, "EUR")


def test_a_record_that_cannot_be_read_is_named_and_left_out(
    store: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with open_store(store, "ana", clock=lambda: NOW) as opened:
        opened.transact(lambda tx: tx.update("opportunities", 6, {"value": "much"}), "ana")
    assert inside("--store", store, "export", "--format", "ndjson") == 1
    out, err = capfd.readouterr()
    assert [json.loads(line).get("id") for line in out.splitlines()] == [None, 1, 2, 3, 4, 5]
    assert "opportunity #6: value cannot be read: 'much'" in err
    assert "left out, as they cannot be read: 1" in err


def test_who_reads_no_more_ends_it(store: Path) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "export"]
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE, text=True) as process:
        os.close(write)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_letters_are_the_same_in_every_locale(tmp_path: Path) -> None:
    store = tmp_path / "team" / "store.json"
    desk = desk_at(store, Clock(), ME)
    desk.add("Zoë Łuk @Müller")
    desk.store.close()
    done = subprocess.run(
        [sys.executable, "-m", "huntertui", "--store", str(store), "export", "--format", "vcard"],
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True, check=True,
    )  # fmt: skip
    assert "FN:Zoë Łuk\r\n".encode() in done.stdout


def test_a_terminal_is_given_lines_without_controls(tmp_path: Path) -> None:
    store = tmp_path / "team" / "store.json"
    desk = desk_at(store, Clock(), ME)
    doc: dict[str, Any] = {"name": "A\x1b]2;PWNED\x1b\\B\x9b2J", "stage": "new", "notes": "\x1b[2J"}
    desk.store.transact(lambda tx: tx.insert("opportunities", doc), ME)
    desk.store.close()
    for form in ("csv", "vcard"):
        text = "\n".join(in_terminal("--store", str(store), "export", "--format", form))
        assert all(char.isprintable() or char == "\n" for char in text), form
