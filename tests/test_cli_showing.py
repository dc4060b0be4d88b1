"""show, history and find: what they tell people, pipes and scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commandline import in_terminal, inside, small_store
from desks import Clock, desk_at

from huntertui.desk import Desk
from huntertui.model.codec import to_doc
from huntertui.model.touch import Outcome

CLI_PAGE = (Path(__file__).parent.parent / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The small world, where ana has talked to #4, whose notes name a plant in Lyon."""
    path = small_store(tmp_path)
    desk = desk_at(path, Clock())
    desk.edit(4, "notes", "a plant in Lyon\nand one in Riga \x1b]2;PWNED\x07")
    desk.log(4, Outcome.TALKED, note="keen")
    desk.tag(4, "expo")
    desk.store.close()
    return path


def said(store: Path, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert inside("--store", store, *args) == 0
    return capsys.readouterr().out


def data(store: Path, capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    return json.loads(said(store, capsys, *args, "--json"))


def test_show_tells_all(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, first, why, also, contact, facts, *notes_and_history = said(
        store, capsys, "show", "initech"
    ).splitlines()
    assert (name, first, contact) == ("Initech #4", "no number · no next step", "Dora Diaz")
    assert why.startswith("Owed by the end of Mon 30 Nov: 0 business days since the last touch")
    assert also == "Also by the end of Fri 11 Dec: the expected close is Fri 11 Dec."
    assert facts == (
        "proposal · 50,000.00 EUR · closes Fri 11 Dec · priority normal · owner ana · since Mon 23 Nov · expo"
    )
    assert notes_and_history[:3] == [
        "a plant in Lyon",
        "and one in Riga \ufffd]2;PWNED\ufffd",
        "Mon 23 Nov 09:00  ana: call, talked: keen",
    ]
    lines = said(store, capsys, "show", "4", "--plain", "--limit", "1").splitlines()
    assert [line.split("\t")[0] for line in lines].count("history") == 1


def test_show_in_json_has_the_record_as_it_is_kept(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = data(store, capsys, "show", "4")
    desk = desk_at(store, Clock())
    o = desk.opportunity(4)
    assert o is not None
    assert (found["record"], found["explain"]) == (to_doc(o), desk.explain(4))
    assert (found["item"]["id"], found["item"]["lane"], found["schema"]) == (4, "closing", 1)
    assert found["history"][0] == {
        "at": "2026-11-23T09:00:00Z", "by": "ana", "kind": "touch", "text": "call, talked: keen",
        "channel": "call", "direction": "out", "note": "keen", "outcome": "talked", "stage": "proposal",
    }  # fmt: skip
    assert data(store, capsys, "show", "hooli")["item"]["lane"] == "closed"
    desk.store.close()


def test_history(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(store, capsys, "history", "4", "--limit", "1") == (
        "Initech #4\n  Mon 23 Nov 09:00  ana: call, talked: keen\n"
    )
    events = data(store, capsys, "history", "4")["events"]
    assert [event["kind"] for event in events] == ["touch", "close", "stage"]
    assert said(store, capsys, "history", "4", "--plain").splitlines()[0] == (
        "2026-11-23T09:00:00Z\tana\ttouch\tcall, talked: keen"
    )


def test_history_of_all_is_what_was_changed_last(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = data(store, capsys, "history", "--limit", "2")["changes"]
    assert [change["what"] for change in changes] == [
        "Initech #4: tags expo",
        "Initech #4: talked · no next step: s sets one",
    ]
    assert changes[0]["change"] == changes[1]["change"] + 1
    assert said(store, capsys, "history", "--limit", "0") == ""
    assert said(store, capsys, "history", "--limit", "1") == "Mon 23 Nov 09:00  ana: Initech #4: tags expo\n"


@pytest.mark.parametrize(
    ("query", "ids", "near"),
    [
        (["acme"], {1, 2, 3}, set()),
        (["riga"], {4}, set()),
        (["020 7946 0958"], {1}, set()),
        (["owner:ben"], {3}, set()),
        (["owner:ana", "stage:new"], {1, 2}, set()),
        (["hooli"], {6}, set()),
        (["is:closed"], {6}, set()),
        (["initehc"], {4}, {4}),
        (["nothing", "of", "that"], set(), set()),
    ],
)
def test_find(
    store: Path, capsys: pytest.CaptureFixture[str], query: list[str], ids: set[int], near: set[int]
) -> None:
    rows = data(store, capsys, "find", *query)["rows"]
    assert {row["id"] for row in rows} == ids
    assert {row["id"] for row in rows if row["near"]} == near


def test_find_by_a_view(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk: Desk = desk_at(store, Clock())
    desk.save_view("bens", "owner:ben")
    view = desk.views()[0]
    desk.share_view(view.id)
    desk.store.close()
    assert said(store, capsys, "find", "--view", "bens").split("\t")[0] == "3"


def test_find_in_a_terminal_is_a_table(store: Path) -> None:
    title, *lines = in_terminal("--store", store, "find", "globex")
    assert title == "1 found"
    assert all("Globex" in line and "@ben" in line for line in lines)


TELLING = ["keys", "paths", "themes", "doctor", "config", "explain 1", "brief", "stats", "team report"]


@pytest.mark.parametrize(
    "line",
    [
        *TELLING,
        "themes check mono",
        "brief",
        "stats",
        "team",
        "team report",
        "store status",
        "list",
        "find x",
    ],
)
def test_every_verb_that_tells_has_json(store: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert inside("--store", store, *line.split(), "--json") in (0, 1, 10)
    assert json.loads(capsys.readouterr().out)["schema"] == 1


@pytest.mark.parametrize("line", TELLING)
def test_plain_has_tabs(store: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert inside("--store", store, *line.split(), "--plain") in (0, 1, 10)
    lines = capsys.readouterr().out.splitlines()
    assert "\t" in lines[0]
    assert len({line.count("\t") for line in lines}) == 1


_OTHERS = CLI_PAGE.partition("What the other verbs print")[2].partition("`import`, with")[0]
DOCUMENTED = dict(re.findall(r"^\| `([a-z WHO]+)` \| (`.*) \|$", _OTHERS, re.MULTILINE))
ARGUMENTS = {"find": "find globex", "show": "show 4", "history WHO": "history 4", "explain": "explain 4"}


@pytest.mark.parametrize("verb", DOCUMENTED)
def test_the_fields_of_json_are_those_that_the_page_names(
    store: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    line = ARGUMENTS.get(verb, verb)
    assert inside("--store", store, "views", "save", "hot", "globex", "-q") == 0
    assert inside("--store", store, *line.split(), "--json") in (0, 1, 10)
    found = json.loads(capsys.readouterr().out)
    named = set(re.findall(r"`([a-z_]+)`", DOCUMENTED[verb]))
    inner = {key for value in found.values() if isinstance(value, list) for one in value[:1]
             if isinstance(one, dict) for key in one}  # fmt: skip
    assert found.keys() - {"schema"} <= named
    assert named <= found.keys() | inner | {"near"}


def test_the_fields_of_an_item_are_those_that_the_page_names(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = CLI_PAGE.partition("An item, here and in")[2].partition("What the other verbs print")[0]
    heads = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    named = {field for head in heads for field in re.findall(r"`([a-z_]+)`", head)}
    assert named == data(store, capsys, "list")["rows"][0].keys()
