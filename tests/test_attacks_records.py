"""Attacks by records that another program has written, by their numbers: 1 to 4, on the command line.

tests/tui/test_attacks_widgets.py has the same on the workday.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from commandline import ME, inside, ways
from hostile import ALL, CONTROLS, LETTERS, foreign, steers
from hypothesis import given
from hypothesis import strategies as st
from test_store_outside import age

from huntertui.cli.output import aligned, put, put_csv, put_json, put_plain, say
from huntertui.cli.verbs import VERBS
from huntertui.desk.history import told
from huntertui.desk.inbox import messages
from huntertui.desk.scoring import deed_of
from huntertui.desk.shelf import absence_of
from huntertui.model.codec import from_doc
from huntertui.model.pipeline import Policy
from huntertui.model.text import clean

TEXTS = list(ALL)
TOGETHER = " ".join(TEXTS)
LAST = str(len(TEXTS) + 1)
"""The record that has them all."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that another program wrote, and wrote again when it was at work."""
    folder = tmp_path_factory.mktemp("planted") / "team"
    path = folder / "store.json"
    folder.mkdir(mode=0o700)
    path.write_bytes(foreign(TEXTS[::2]))
    assert inside("--store", path, "list") == 0
    assert inside("--store", path, "store", "checkpoint") == 0
    tables = json.loads(path.read_text())
    more: dict[str, dict[str, Any]] = json.loads(foreign([*TEXTS, TOGETHER]))
    for table, docs in more.items():
        tables.setdefault(table, {}).update(docs)
    path.write_text(json.dumps(tables, ensure_ascii=False))
    age(path)
    assert inside("--store", path, "list") == 0
    return folder


@pytest.mark.parametrize("name", [name for name in VERBS if name != "demo"])
def test_attacks_01_to_04_no_verb_passes_on_what_stands_in_a_record(
    name: str,
    planted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "file.csv"
    file.write_text("First Name,Company\nAnn,Acme\n")
    store = tmp_path / "team" / "store.json"
    shutil.copytree(planted, store.parent)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("huntertui.cli.watching._check_read", _stop)  # it would go on for ever
    for way in ways(name, LAST, str(file), [TOGETHER]):
        inside("--store", store, *way)
        out, err = capsys.readouterr()
        assert steers((out + err).encode()) == [], (way, out, err)
        assert "fault of its own" not in err, way


def _stop() -> None:
    raise KeyboardInterrupt


def test_attacks_01_to_04_a_list_shows_the_letters(planted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", planted / "store.json", "explain", LAST) == 0
    for form in ("--plain", "--json"):
        capsys.readouterr()
        assert inside("--store", planted / "store.json", "list", "--owner", "all", form) == 0
        page = capsys.readouterr().out
        for text, seen in ALL.items():
            assert (seen if form == "--plain" else json.dumps(clean(text))[1:-1]) in page, text


def test_attack_03_what_is_stored_stays_as_it_was(planted: Path, tmp_path: Path) -> None:
    """Only what somebody changes is written, so another program finds its own text again."""
    shutil.copytree(planted, tmp_path / "team")
    path = tmp_path / "team" / "store.json"
    assert inside("--store", path, "store", "checkpoint") == 0
    kept = {doc["name"] for doc in json.loads(path.read_text())["opportunities"].values()}
    assert kept == {*TEXTS, TOGETHER}


@pytest.mark.parametrize("text", CONTROLS | LETTERS)
def test_attacks_03_and_04_all_that_is_printed_is_harmless(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever of it has not come by way of a record, as a label of the journal's or a name of a file."""
    say(text)
    put(text)
    put_plain([[text, text]])
    put_csv([[text, 1]])
    put_json({text: [text]})
    for line in aligned([[text, text]], 80, 0, frozenset()):
        print(line)
    out, err = capsys.readouterr()
    assert steers((out + err).encode()) == []
    assert out.count("\t") == 1


# What is read is as harmless as what is typed


ANY = st.text(st.characters(exclude_characters="\0"), max_size=12) | st.sampled_from(TEXTS)
DAY = date(2026, 11, 23)


@given(ANY, ANY)
def test_attacks_03_and_04_what_is_read_is_clean(one: str, two: str) -> None:
    person = {"name": one, "role": two, "emails": [one], "phones": [two], "struck": [one]}
    at = "2026-11-20T10:00:00Z"
    doc: dict[str, Any] = dict.fromkeys(
        ("name", "company", "country", "owner", "source_owner", "helper"), one
    )
    doc |= dict.fromkeys(
        ("stage", "currency", "cadence", "lost_reason", "lost_text", "notes", "next_step"), two
    )
    doc |= {"contacts": [person], "tags": [one, two], "external_ids": {one: two}, "extra": {two: one}}
    doc |= {"last_touch": {"at": at, "by": one, "channel": two, "outcome": one}}
    doc |= {"park": {"until": "2026-12-01", "why": one, "text": two}, "debt": {"by": at, "rule": two}}
    event = {
        "kind": "touch",
        "at": at,
        "by": one,
        "channel": two,
        "outcome": one,
        "contact": two,
        "note": one,
    }
    away = {"away_from": "2026-11-20", "away_until": "2026-12-01", "member": one, "by": two, "why": one}
    events = [event, *({**event, "kind": kind, "old": one, "new": two} for kind in ("stage", "owner", one))]
    events += [
        {**event, "kind": kind, "new": one, "until": two, "how": one} for kind in ("close", "park", "clear")
    ]
    found: list[Any] = [
        from_doc(1, doc),
        absence_of(away),
        messages([(1, {"to": ME, "by": one, "text": two})]),
    ]
    found += [(event.kind, event.by, event.text) for event in told(enumerate(events), Policy(), DAY)]
    found += [deed_of({"opportunity": 1, **event}) for event in events]
    for text in texts(found):
        assert text.strip() == clean(text, lines=True), text


def texts(value: Any) -> Iterator[str]:
    """All texts in a value of ours."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()])
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


@given(ANY, st.booleans())
def test_what_is_clean_stays_as_it_is(text: str, lines: bool) -> None:
    assert clean(clean(text, lines=lines), lines=lines) == clean(text, lines=lines)
    assert clean(clean(text), lines=True) == clean(text)
