"""What people say of columns decides, and is kept for the next file with the same headers."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from commandline import cli, inside
from desks import Clock, desk_at
from terminal import Terminal

from huntertui.errors import Usage
from huntertui.exchange import Mappings, kept_mappings
from huntertui.exchange.headers import recognise


def meaning(header: str, mappings: Mappings) -> list[str | None]:
    layout = recognise(header.split(","), mappings)
    assert layout is not None
    return [column.field for column in layout.columns]


@pytest.mark.parametrize(
    ("header", "given", "fields"),
    [
        ("Asiakas,Henkilö,Summa", {"ASIAKAS": "Company", "summa": "value"}, ["company", None, "value"]),
        ("Company,Client", {"Client": "company"}, ["company", "company"]),
        ("Company,Notes", {"Notes": ""}, ["company", None]),
        ("Company,Notes", {"Notes": "-"}, ["company", None]),
        ("Name,Stage", {"Name": "company"}, ["company", "stage"]),
    ],
)
def test_what_is_said_decides(header: str, given: dict[str, str], fields: list[str | None]) -> None:
    assert meaning(header, Mappings(given, {})) == fields


def test_a_column_that_somebody_named_comes_before_the_others() -> None:
    layout = recognise(["Company", "Client"], Mappings({"Client": "company"}, {}))
    assert layout is not None
    assert layout.columns[1].rank < layout.columns[0].rank


def test_what_was_said_holds_for_the_same_headers_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "columns.json"
    before = Mappings({"Asiakas": "company"}, kept_mappings(path))
    before.keep(["Asiakas", "Summa "])
    before.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    after = Mappings({"Summa": "value"}, kept_mappings(path))
    assert meaning("SUMMA,asiakas", after) == ["value", "company"]
    assert recognise(["Asiakas", "Summa", "More"], after) is None


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "columns.json"
    said = Mappings({"Asiakas": "company"}, {})
    said.keep(["Asiakas"])
    said.save(path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        said.save(path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("columns.json", before)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"columns": 5}', '{"columns": {"a": 1}}', "[" * 9_999])
def test_a_broken_file_of_them_says_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "columns.json"
    path.write_text(text)
    assert kept_mappings(path) == {}
    path.write_text(json.dumps({"columns": {"asiakas": {"asiakas": "nonsense", "x": ""}}}))
    assert kept_mappings(path) == {"asiakas": {"x": ""}}


def test_a_field_or_a_column_that_there_is_not() -> None:
    with pytest.raises(Usage, match="'Asiakas': no field 'compny': did you mean company"):
        Mappings({"Asiakas": "compny"}, {})
    mappings = Mappings({"Asiakkas": "company"}, {})
    recognise(["Company", "Asiakas"], mappings)
    with pytest.raises(Usage, match="--map 'Asiakkas': no file has that column: did you mean Asiakas"):
        mappings.check(["Company", "Asiakas"])


def test_an_import_keeps_what_was_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = tmp_path / "asiakkaat.csv", tmp_path / "team" / "store.json"
    file.write_text("Asiakas,Summa\nAcme,5\n")
    assert inside("--store", store, "import", file) == 1
    assert "--map 'Their Column=company'" in capsys.readouterr().err
    assert inside("--store", store, "import", file, "--map", "Asiakas=company", "--map", "Summa=value") == 0
    file.write_text("Summa,Asiakas\n7,Globex\n")
    assert inside("--store", store, "import", file) == 0
    with desk_at(store, Clock()).store as kept:
        found = [(doc["company"], doc["value"]) for _, doc in kept.find("opportunities")]
    assert found == [("Acme", 500), ("Globex", 700)]
    assert inside("--store", store, "import", file, "--map", "Asiakas") == 2
    assert "--map 'Asiakas': write it as THEIRS=field" in capsys.readouterr().err


def test_a_stage_is_shown_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = tmp_path / "deals.csv", tmp_path / "team" / "store.json"
    file.write_text("Deal Name,Stage\nGears,Legal check\nSprings,Closed Won\n")
    assert inside("--store", store, "import", file, "--dry-run") == 0
    told = capsys.readouterr()
    assert "  stages: Closed Won is won\n" in told.out
    assert (
        "stage 'Legal check' is not known here: 1 row to new, or where --stage 'Legal check=...'" in told.err
    )
    assert inside("--store", store, "import", file, "--stage", "Legal check=negotiaton") == 2
    assert "no stage 'negotiaton': did you mean negotiation" in capsys.readouterr().err
    assert inside("--store", store, "import", file, "--stage", "Legal check=negotiation") == 0
    with desk_at(store, Clock()).store as kept:
        assert [doc["stage"] for _, doc in kept.find("opportunities")] == ["negotiation", "won"]


def test_at_a_terminal_it_asks_what_unknown_columns_carry(tmp_path: Path) -> None:
    file, store = tmp_path / "asiakkaat.csv", tmp_path / "team" / "store.json"
    file.write_text("Asiakas,Summa,Los\nAcme,5,x\nGlobex,7,y\n")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file)]
    with Terminal(command, os.environ) as terminal:
        terminal.until("Asiakas (Acme, Globex):").type("compny\r")
        terminal.until("did you mean company").type("company\r")
        terminal.until("Summa (5, 7):").type("value\r").until("Los (x, y):").type("\r")
        terminal.until("Import this?").type("y\r")
        assert terminal.leave() == 0
    with desk_at(store, Clock()).store as kept:
        found = [(doc["company"], doc["value"], doc["extra"]) for _, doc in kept.find("opportunities")]
    assert found == [("Acme", 500, {"Los": "x"}), ("Globex", 700, {"Los": "y"})]
    assert cli("--store", store, "import", file).returncode == 0  # what was answered is kept


def test_a_file_with_a_header_alone_brings_nothing_and_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deals, tasks = tmp_path / "deals.csv", tmp_path / "tasks.csv"
    deals.write_text("Deal Name,Stage\nGears,Proposal\n")
    tasks.write_text("Subject,Due Date,Status,Type\n")
    assert inside("--store", tmp_path / "store.json", "import", tasks) == 0
    assert "tasks.csv: the header of CRM activities, and no rows below it" in capsys.readouterr().err
    assert inside("--store", tmp_path / "store.json", "import", deals, tasks) == 0
    assert "1 added from" in capsys.readouterr().out
