"""What list and explain print, for people, pipes and scripts, whatever stands in a name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, cli, in_terminal, inside, small_store
from desks import NOW, Clock, desk_at, small_world

from huntertui.cli.output import aligned, fit, width
from huntertui.cli.wording import Wording
from huntertui.model.pipeline import Policy
from huntertui.model.touch import Outcome

NASTY = {
    "markup": ("Acme [/red] Ltd", "Acme [/red] Ltd"),
    "link": ("[@click=app.quit]Ann[/]", "[@click=app.quit]Ann[/]"),
    "escapes": ("A\x1b]2;PWNED\x1b\\B\x9b2J\x7f\x07", "A\ufffd]2;PWNED\ufffd\\B\ufffd2J\ufffd\ufffd"),
    "lines": ("a\tb\nc\rd\u2028e", "a b c d\ufffde"),
    "bidi": ("\u202egnp.exe", "gnp.exe"),
    "wide": ("漢字" * 20, "漢字" * 20),
    "long": ("x" * 200, "x" * 200),
    "percent": ("%s {0} $(id) `id`", "%s {0} $(id) `id`"),
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the small world; ana and ben are in it, whoever runs the tests is not."""
    return small_store(tmp_path)


def add_named(path: Path, name: str) -> int:
    """Put a record into a store past all that cleans text."""
    desk = desk_at(path, Clock(), ME)
    doc = {"name": name, "company": name, "owner": ME, "stage": "new", "created": "2026-11-23T09:00:00Z"}
    id = desk.store.transact(lambda tx: tx.insert("opportunities", doc), ME).result
    desk.store.close()
    return id


def listed(store: Path, capsys: pytest.CaptureFixture[str], *args: str, at: datetime = NOW) -> Any:
    assert inside("--store", store, "list", "--json", *args, at=at) == 0
    return json.loads(capsys.readouterr().out)


LATER = datetime(2026, 12, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--owner", "all"], [1, 2, 3, 5, 4]),
        (["--owner", "ana"], [1, 2, 4]),
        (["--owner", "ana", "--lane", "closing"], [4]),
        (["--owner", "ben", "--lane", "prospects"], [3]),
        (["--owner", "me"], []),
        ([], [5]),
        (["--owner", "all", "--neglected"], []),
    ],
)
def test_list_shows_what_is_asked_for(
    store: Path, capsys: pytest.CaptureFixture[str], args: list[str], ids: list[int]
) -> None:
    data = listed(store, capsys, *args)
    assert data["schema"] == 1
    assert sorted(row["id"] for row in data["rows"]) == sorted(ids)


def test_list_in_json_says_all_of_a_row(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [row] = listed(store, capsys, "--lane", "closing", "--owner", "all", "--neglected", at=LATER)["rows"]
    assert row == {
        "id": 4, "name": "Initech", "company": "Initech", "contact": "Dora Diaz",
        "owner": "ana", "helper": None,
        "lane": "closing", "stage": "proposal", "priority": "normal", "next": "call", "next_at": None,
        "owed_by": "2026-11-28T00:00:00Z", "rule": "own", "neglected": True, "days_late": 16,
        "touched": None,
        "value": 5_000_000, "currency": "EUR",
        "triage": False, "parked": False, "no_next_step": False, "incomplete": False,
    }  # fmt: skip


def test_a_wrong_owner_gets_a_hint_but_no_error(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "list", "--owner", "anna") == 0
    assert capsys.readouterr().err == "huntertui: nothing open belongs to 'anna': did you mean ana?\n"


def test_an_empty_store_shows_the_ways_on(tmp_path: Path) -> None:
    done = cli("--store", tmp_path / "team" / "none.json", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "huntertui import FILE.csv" in done.stderr
    assert not (tmp_path / "team").exists()


def test_a_pipe_gets_tabs(store: Path) -> None:
    """Times of the day play no part here, but the day does: late is all that a later clock can say."""
    lines = cli("--store", store, "list", "--owner", "all").stdout.splitlines()
    assert len(lines) == 5
    cells = {tuple(line.split("\t")[at] for at in (0, 1, 3, 5, 7)) for line in lines}
    assert cells >= {
        ("3", "prospects", "Globex", "ben", "new"),
        ("4", "closing", "Initech", "ana", "proposal"),
        ("5", "prospects", "Umbrella", "nobody", "new"),
    }


def test_plain_is_said_in_words(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "list", "--plain", "--owner", "all", at=LATER) == 0
    out = capsys.readouterr().out
    assert "4\tclosing\tlate\tInitech\tInitech\tana\t\tproposal\tnormal\tcall\t16 days late\n" in out
    assert out.isascii()
    assert not set(out) & set("!@#~?_*")
    assert {line.count("\t") for line in out.splitlines()} == {10}
    assert inside("--store", store, "list", "--plain", "--owner", "all") == 0
    assert {line.split("\t")[2] for line in capsys.readouterr().out.splitlines()} <= {"in time", "due today"}


@pytest.mark.parametrize("given", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}])
def test_in_ascii_the_table_has_no_other_signs(tmp_path: Path, given: dict[str, str]) -> None:
    path = tmp_path / "team" / "store.json"
    add_named(path, "A name far too long for its column in a terminal of forty cells")
    settings = tmp_path / "mine.toml"
    settings.write_text("" if given else "ascii = true\n")
    args = ("--store", path, "--config", settings, "list")
    title, line = in_terminal(*args, columns=50, **given)
    assert title.startswith("Prospects 1")  # and says how many are late by now
    assert (title + line).isascii()
    assert ". @" in line


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("form", [["list", "--plain"], ["explain"]])
def test_names_are_shown_letter_for_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, form: Sequence[str]
) -> None:
    given, shown = NASTY[name]
    path = tmp_path / "team" / "store.json"
    id = add_named(path, given)
    args = [*form, str(id)] if form == ["explain"] else form
    assert inside("--store", path, *args) == 0
    out = capsys.readouterr().out
    assert shown in out
    assert not set(out) & set("\x1b\x9b\x7f\x07\r\u202e\u2028")


@pytest.mark.parametrize("name", NASTY)
def test_json_has_the_names_as_they_are_read_in_plain_ascii(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / "team" / "store.json"
    add_named(path, NASTY[name][0])
    inside("--store", path, "list", "--json")
    out = capsys.readouterr().out
    assert json.loads(out)["rows"][0]["name"] == NASTY[name][1]
    assert re.fullmatch(r"[\n\x20-\x7e]*", out)


def test_in_a_terminal_columns_stand_in_line(tmp_path: Path) -> None:
    path = tmp_path / "team" / "store.json"
    for given, _ in NASTY.values():
        add_named(path, given)
    title, *lines = in_terminal("--store", path, "list", columns=70)
    assert title.startswith(f"Prospects {len(NASTY)}")
    assert len(lines) == len(NASTY)
    assert all(width(line) <= 70 for line in lines)
    assert len({width(line[: line.index(f"@{ME}")]) for line in lines}) == 1
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("漢字漢", 4, "漢… "),
        ("漢字", 4, "漢字"),
        ("e\u0301x", 1, "…"),
    ],
)
def test_text_is_cut_by_cells(text: str, cells: int, shown: str) -> None:
    assert fit(text, cells) == shown
    assert width(shown) == cells


def test_columns_are_aligned() -> None:
    rows = [["!", "#1", "Acme", "x"], [" ", "#10", "漢字", "y"]]
    assert aligned(rows, 80, 2, frozenset({1})) == ["!  #1 Acme x", "  #10 漢字 y"]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 27, 10, 14, tzinfo=UTC), "10:00"),
        (datetime(2026, 11, 27, 10, 16, tzinfo=UTC), "1m late"),
        (datetime(2026, 11, 27, 13, 16, tzinfo=UTC), "3h late"),
        (datetime(2026, 11, 28, 10, 16, tzinfo=UTC), "late"),
        (datetime(2026, 12, 3, 10, 16, tzinfo=UTC), "4d late"),
        (datetime(2026, 11, 26, 10, 16, tzinfo=UTC), "Fri 27"),
        (datetime(2026, 11, 10, 10, 16, tzinfo=UTC), "27 Nov"),
        (datetime(2025, 11, 10, 10, 16, tzinfo=UTC), "Nov 26"),
    ],
)
def test_when_it_is_owed_in_words(at: datetime, words: str) -> None:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    desk.snooze(1, "=fri 10:00")
    row = desk.book.row(1)
    assert row
    assert Wording(Policy().calendar, at).owed(row) == words


def test_explain(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_at(store, Clock())
    desk.log(2, Outcome.TALKED)
    desk.store.close()
    assert inside("--store", store, "explain", "#2", at=LATER) == 0
    assert capsys.readouterr().out == (
        "Acme #2\n  Red since the end of Mon 30 Nov: 20 business days since the last touch"
        " (call, talked, Mon 23 Nov, ana); the limit for contacted is 5. A touch clears it.\n"
    )
    assert inside("--store", store, "explain", "2", "--json", at=LATER) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["id"], data["neglected"], data["rule"]) == (1, 2, True, "idle")
