"""brief, team report and stats: what they print, as people and as scripts read it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from commandline import cli, inside
from desks import NOW, Clock, desk_at, small_world

from huntertui.model.figures import KINDS

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "team" / "store.json"
    desk = desk_at(path, Clock(), "root")
    small_world(desk)
    desk.store.close()
    return path


LATER = NOW + timedelta(days=10)


def test_a_brief_is_one_line_and_its_code_tells(store: Path, capsys: Capture) -> None:
    assert inside("--store", store, "brief") == 0
    assert capsys.readouterr().out == "nothing neglected, 1 open to me\n"
    assert inside("--store", store, "brief", at=LATER) == 10
    assert capsys.readouterr().out == "3 neglected, 1 deal €50k, 2 open to me\n"
    assert inside("--store", store, "brief", "--all", at=LATER) == 10
    assert capsys.readouterr().out.startswith("5 neglected, 1 deal €50k")
    assert inside("--store", store, "brief", "--json", at=LATER) == 10
    found = json.loads(capsys.readouterr().out)
    assert {key: found[key] for key in ("schema", "neglected", "deals", "worth", "open_to_me")} == {
        "schema": 1, "neglected": 3, "deals": 1, "worth": {"EUR": 5000000}, "open_to_me": 2,
    }  # fmt: skip


def test_a_report_in_each_form(store: Path, capsys: Capture) -> None:
    assert inside("--store", store, "team", "report", at=LATER) == 0
    out = capsys.readouterr().out
    assert out.startswith("team: weakest in prospecting\n")
    assert "\nroot: weakest in prospecting\n" in out
    assert inside("--store", store, "team", "report", "--json", at=LATER) == 0
    found = json.loads(capsys.readouterr().out)
    assert [card["who"] for card in found["cards"]] == [None, "root", "ben"]
    figure = found["cards"][1]["figures"]["deals_neglected"]
    assert (figure["value"], figure["ids"]) == (1, [4])
    assert inside("--store", store, "team", "report", "--csv", "--filter", "initech", at=LATER) == 0
    first, team, root = csv.reader(io.StringIO(capsys.readouterr().out))
    assert first == ["who", "weakest", *(kind.name for kind in KINDS)]
    assert (team[0], root[0]) == ("team", "root")
    assert root[first.index("at_risk")] == "EUR 5000000"
    assert root[first.index("new_neglected")] == "0"


def test_stats_in_each_form(store: Path, capsys: Capture) -> None:
    assert inside("--store", store, "stats", at=LATER) == 0
    assert "2026-12 1 €30k of €50k" in capsys.readouterr().out
    assert inside("--store", store, "stats", "--json", at=LATER) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["expected"][0]["weighted"] == 3000000
    assert inside("--store", store, "stats", "--csv", at=LATER) == 0
    assert capsys.readouterr().out.splitlines()[1] == "2026-12,root,EUR,1,5000000,3000000"


def test_a_filter_that_makes_no_sense_is_said(store: Path) -> None:
    done = cli("--store", store, "stats", "--filter", "ownr:ben")
    assert (done.returncode, done.stdout) == (2, "")
    assert "owner" in done.stderr
