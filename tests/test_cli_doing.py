"""Every command of the workday that changes records is a verb: on whom, with which words, in which form."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE
from typing import Any

import acting
import pytest
from acting import CHANGING, OF_MEMBERS, documents, given
from commandline import ME, inside
from desks import Clock, desk_at, small_world
from terminal import Terminal

from huntertui.actions import ACTIONS
from huntertui.cli.doing import VERB_NAMES, find_verb
from huntertui.cli.verbs import VERBS
from huntertui.commands import BY_NAME, Command
from huntertui.commands.words import FAMILIES, SHORT, members
from huntertui.store import open_store

LATER = acting.later()()
FIRST: dict[str, Sequence[Sequence[str]]] = {
    "log-both": [["assign", "1,2", ME], ["log", "1", "no-answer"]],
    "priority-normal": [["raise", "1"]],
    "unplan": [["to-top", "1"]],
    "plan-up": [["to-top", "1"], ["plan-down", "2"]],
    "undo": [["raise", "1"]],
    "redo": [["raise", "1"], ["undo"]],
    "edit": [],
}
"""What is done before a verb, where it needs something."""

KEYS_ALONE = {"correct-touch", "add-to-touch", "repeat"}
"""What goes by what the screen has just done."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with the small world, ten days later: all that is open is red."""
    folder = tmp_path_factory.mktemp("world") / "team"
    desk = desk_at(folder / "store.json", Clock())
    small_world(desk)
    desk.store.close()
    return folder


@pytest.fixture
def store(world: Path, tmp_path: Path) -> Path:
    """A store of its own of that world."""
    return Path(shutil.copytree(world, tmp_path / "team")) / "store.json"


def do(store: Path, *args: str) -> int:
    return inside("--store", store, *args, at=LATER)


def did(store: Path, capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    """Run a verb and return what it says as JSON."""
    assert do(store, *args, "--json") == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def held(store: Path) -> tuple[int, Any]:
    """(the last change, all documents) of a store."""
    with open_store(store, ME, clock=acting.later()) as opened:
        return opened.seq, documents(opened)


def piped(monkeypatch: pytest.MonkeyPatch, data: str | bytes) -> None:
    """Let the next verb read this from stdin."""
    raw = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


# The table


VERBS_OF_TABLE = [command for command in CHANGING if command.name in VERB_NAMES and command.name != "answer"]


def test_what_changes_records_is_a_verb() -> None:
    assert {command.name for command in CHANGING} - VERB_NAMES == KEYS_ALONE
    assert {*ACTIONS} <= VERB_NAMES


@pytest.mark.parametrize("command", VERBS_OF_TABLE, ids=[command.name for command in VERBS_OF_TABLE])
def test_a_verb_does_in_one_change_what_its_key_does(
    store: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    for first in FIRST.get(command.name, ()):
        assert do(store, *first) == 0
    if command.name not in acting.TURNS_BACK:
        capsys.readouterr()
    it = given(command)
    typed = {"add", "undo", "redo", *OF_MEMBERS}
    words = [it.answer] if it.answer else []
    if command.name == "stage":
        words = ["qualified"]
    args = [command.name, *([] if command.name in typed else [str(it.id)]), *words]
    seq, before = held(store)
    capsys.readouterr()
    assert do(store, *args, "--dry-run") == 0
    would = capsys.readouterr().out
    assert held(store) == (seq, before)
    data = did(store, capsys, *args)
    assert would.rstrip("\n").startswith("would be: ")
    assert data["change"] == seq + 1 == held(store)[0]
    if command.name not in {"away", *typed}:
        assert [item["id"] for item in data["items"]][:1] == [it.id] or command.name == "log-both"
    after = held(store)[1]
    assert after != before
    assert did(store, capsys, "redo" if command.name == "undo" else "undo")["change"] == seq + 2
    assert held(store)[1] == before


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_its_members_by_word_and_key(family: str) -> None:
    for word, command in members(family).items():
        assert command.name == FAMILIES[family] + word
        assert find_verb(command.name).help == command.help
    assert find_verb(family).mixed


@pytest.mark.parametrize(
    ("args", "same"),
    [
        (["log", "1", "talked"], ["log-talked", "1"]),
        (["log", "1", "no_answer"], ["log-no-answer", "1"]),
        (["log", "1", "meeting booked", "fri", "10:00"], ["log-meeting-booked", "1", "fri 10:00"]),
        (["log", "1", "no", "answer", "rang", "long"], ["log-no-answer", "1", "rang long"]),
        (["lost", "1", "no budget"], ["lose-no-budget", "1"]),
        (["lost", "1", "no", "budget"], ["lose-no-budget", "1"]),
        (["lost", "1", "p"], ["lose-price", "1"]),
        (["lost", "1", "moved", "away"], ["lose-other", "1", "moved", "away"]),
        (["priority", "1", "urgent"], ["priority-urgent", "1"]),
        (["move", "1", "closing"], ["to-closing", "1"]),
        (["won", "1"], ["close-won", "1"]),
        (["stage", "1", "prop"], ["stage", "1", "proposal"]),
        (["stage", "1", "2"], ["stage", "1", "attempting"]),
        (["push", "4", "15jan", "budget", "slipped"], ["expect-close", "4", "15jan budget slipped"]),
        (["step", "1", "fri", "call"], ["next-step", "1", "fri call"]),
        (["take", "5"], ["claim", "5"]),
        (["tag", "1", "hot", "-cold"], ["tag", "1", "hot -cold"]),
    ],
)
def test_shorter_names_mean_the_same(
    world: Path, tmp_path: Path, args: list[str], same: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for at, line in enumerate((args, same)):
        store = Path(shutil.copytree(world, tmp_path / str(at))) / "store.json"
        data = did(store, capsys, *line)
        told.append((data["message"], data["items"], held(store)[1]))
    assert told[0] == told[1]


# On whom


@pytest.mark.parametrize(
    ("who", "id"),
    [
        ("3", 3), ("#3", 3), ("globex", 3), ("Cat Fox", 3), ("cat", 3), ("INITECH", 4),
        ("bob@acme.example", 2), ("<mailto:bob@acme.example>", 2), ("+44 20 7946 0958", 1),
        ("(020) 7946-0958", 1), ("hooli", 6), ("stage:proposal", 4),
    ],
)  # fmt: skip
def test_who_is_meant(store: Path, capsys: pytest.CaptureFixture[str], who: str, id: int) -> None:
    assert [item["id"] for item in did(store, capsys, "note", who, "likes tea")["items"]] == [id]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("acme", "'acme' may be Acme #1 (ana, new), Acme #2 (ana, new): give the number"),
        ("ann@acme.example", "may be Globex #3 (ben, new), Acme #1 (ana, new): give the number"),
        ("globxe", "nothing is called 'globxe': did you mean Globex #3 (ben, new)?"),
        ("zzz", "nothing is called 'zzz'; huntertui find searches everywhere"),
        ("77", "there is no #77"),
        ("1,77", "there is no #77"),
        ("nobody@nowhere.example", "nothing is called"),
    ],
)
def test_who_is_not_found_or_is_several_is_3_with_candidates(
    store: Path, capsys: pytest.CaptureFixture[str], who: str, said: str
) -> None:
    before = held(store)
    assert do(store, "won", who) == 3
    assert said in capsys.readouterr().err
    assert held(store) == before


def test_several_are_one_change_and_what_cannot_is_left(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert do(store, "snooze", "1,3,#6", "tue", "--json") == 2
    said = capsys.readouterr()
    data = json.loads(said.out)
    assert (data["message"], [item["id"] for item in data["items"]]) == ("snoozed 2 to Tue 8 Dec", [1, 3])
    assert data["left"] == [{"id": 6, "name": "Hooli #6", "reason": "Hooli #6 is lost: reopen it first"}]
    assert said.err == "huntertui: left as it is: Hooli #6 is lost: reopen it first\n"
    did(store, capsys, "undo")


def test_all_that_match_a_query(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = did(store, capsys, "assign", "--each", "owner:ana stage:new", "ben")
    assert sorted(item["id"] for item in data["items"]) == [1, 2]
    assert {item["owner"] for item in data["items"]} == {"ben"}
    data = did(store, capsys, "assign", "--each", "owner:zoe", "ben")
    assert (data["message"], data["change"], data["items"]) == ("no item is meant", None, [])


def test_numbers_come_by_a_pipe(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert do(store, "list", "--plain", "--owner", "ana") == 0
    piped(monkeypatch, capsys.readouterr().out)
    assert len(did(store, capsys, "raise", "-")["items"]) == 3
    piped(monkeypatch, "")
    assert did(store, capsys, "raise", "-")["items"] == []
    for data, said in (
        ("1\nx\n", "line 2 of stdin begins with 'x'"),
        (b"\xff\0\n", "line 1"),
    ):
        piped(monkeypatch, data)
        assert do(store, "raise", "-") == 2
        assert said in capsys.readouterr().err


# With which words


def test_words_come_by_a_pipe(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, b"first\nsecond \x1b]2;PWNED\x07 \xff")
    did(store, capsys, "note", "1", "-")
    piped(monkeypatch, "left word\n")
    did(store, capsys, "log", "1", "no-answer", "--note", "-", "--channel", "visit")
    desk = desk_at(store, acting.later())
    touch, note = (event for event in desk.history(1) if event.kind in ("touch", "note"))
    assert note.doc["text"] == "first\nsecond \ufffd]2;PWNED\ufffd \ufffd"
    assert (touch.doc["note"], touch.doc["channel"]) == ("left word", "visit")
    desk.store.close()


def test_a_note_may_follow_an_outcome_that_asks_for_nothing(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    did(store, capsys, "log", "1", "voicemail", "call", "back", "after", "ten")
    did(store, capsys, "log", "2", "talked", "fri", "send", "the", "offer", "--note", "keen")
    desk = desk_at(store, acting.later())
    told = [next(e.doc["note"] for e in desk.history(id) if e.kind == "touch") for id in (1, 2)]
    assert told == ["call back after ten", "keen"]
    o = desk.opportunity(2)
    assert o is not None
    assert o.next is not None
    assert o.next.what == "send the offer"
    desk.store.close()


def test_lines_are_added_all_or_none(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seq, before = held(store)
    piped(monkeypatch, "Zoe Day @zeta fri\n\n#tag\n")
    assert do(store, "add", "-") == 2
    assert "line 2: name a person or a @company" in capsys.readouterr().err
    assert held(store) == (seq, before)
    piped(monkeypatch, "Zoe Day @zeta fri\nYan Xu @ypsilon 12k\n")
    assert [item["name"] for item in did(store, capsys, "add", "-")["items"]] == ["zeta", "ypsilon"]
    did(store, capsys, "undo")
    assert held(store)[1] == before


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["snooze", "1"], 2, "snooze needs words after WHO: plan it"),
        (["snooze", "1"], 2, "; --yes takes +1"),
        (["snooze", "1", "--no-input"], 2, "needs words"),
        (["snooze", "1", "someday"], 2, "someday"),
        (["note", "1"], 2, "note needs words after WHO"),
        (["won", "1", "quickly"], 2, "unrecognized arguments: quickly"),
        (["won"], 2, "required: WHO"),
        (["log", "1"], 2, "log what? no-answer, voicemail, "),
        (["log", "1", "takled"], 2, "log 'takled'? did you mean talked?"),
        (["priority", "1", "hgih"], 2, "did you mean high?"),
        (["merge", "1,2", "3"], 2, "merge takes one item, as a merge is of two records"),
        (["stage", "1", "propsal"], 2, "did you mean proposal?"),
        (["stage", "1", "99999999999999999999"], 2, "no stage '99999999999999999999'"),
        (["stage", "1", "n"], 2, "no stage 'n'"),
        (["edit", "1", "colour", "red"], 2, "no field 'colour'"),
        (["down"], 2, "down is a key of the workday, and no verb: huntertui, then j or down"),
        (["snoze", "1"], 2, "there is no 'snoze': did you mean snooze?"),
        (["undo"], 2, "nothing of yours to undo"),
        (["claim", "3"], 7, ""),
        (["add"], 2, "add what? add a prospect"),
        (["add", "-"], 2, "- reads what is piped in"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    store: Path, args: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if args == ["claim", "3"]:
        did(store, capsys, "log", "3", "no-answer")  # not red any more, so it is not open to others
    if args == ["add", "-"]:
        monkeypatch.setattr("sys.stdin", None)
    before = held(store)
    assert do(store, *args) == code
    err = capsys.readouterr().err
    assert err.startswith("huntertui: ")
    assert err.count("\n") == 1
    assert said in err
    assert held(store) == before


def test_yes_takes_what_suggests_itself(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert did(store, capsys, "snooze", "1", "--yes")["message"] == (
        "Acme #1: call, Fri 4 Dec · stays red, owed since the end of Tue 24 Nov"
    )
    assert "merged" in did(store, capsys, "merge", "2", "-y")["message"]


def test_forms(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert do(store, "raise", "1", "--plain") == 0
    assert capsys.readouterr().out.split("\t")[:2] == ["1", "prospects"]
    assert do(store, "raise", "1", "-q") == 0
    assert capsys.readouterr().out == ""
    assert do(store, "lower", "1") == 0
    assert capsys.readouterr().out == "Acme #1: priority high\n"


def test_each_verb_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in [*VERBS, *FAMILIES, *SHORT, *sorted(VERB_NAMES)]:
        with pytest.raises(SystemExit) as end:
            inside(name, "-h")
        assert end.value.code == 0
        out = capsys.readouterr().out
        assert re.match(rf"  huntertui [a-z].*\n\nusage: huntertui {name} ", out), name
        if name in BY_NAME:
            assert "--dry-run" in out or name in VERBS


@pytest.mark.parametrize("verb", [["priority", "3", "high"], ["raise", "3"], ["assign", "3", "ana"]])
def test_a_rep_is_refused_what_is_a_leads_to_decide(
    store: Path, capsys: pytest.CaptureFixture[str], verb: list[str]
) -> None:
    policy = store.with_name("team.toml")
    policy.write_text(f"[members.{ME}]\n[members.ana]\n[members.ben]\n")
    before = documents(open_store(store, ME, clock=acting.later()))
    assert do(store, *verb) == 7
    assert "ben has Globex #3: ben or a lead" in capsys.readouterr().err
    assert documents(open_store(store, ME, clock=acting.later())) == before
    policy.write_text(f"[members.{ME}]\nrole = 'lead'\n[members.ana]\n[members.ben]\n")
    assert do(store, *verb) == 0


# As people and processes meet it


def test_in_a_terminal_what_is_missing_is_asked_for(store: Path) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store)]
    env = {"PATH": os.environ["PATH"], "HOME": str(store.parent)}
    with Terminal([*command, "note", "4"], env) as terminal:
        terminal.until("Initech #4 · note:").type("likes tea\n").until("noted on Initech #4")
        assert terminal.leave() == 0
    with Terminal([*command, "snooze", "4"], env) as terminal:
        terminal.until("Initech #4 · until [+1]:").type("\n").until("Initech #4: call")
        assert terminal.leave() == 0
    with Terminal([*command, "note", "4", "--no-input"], env) as terminal:
        assert terminal.leave() == 2


def test_of_those_who_close_it_at_once_one_does(store: Path) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "lost", "5", "price"]
    running = [subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) for _ in range(4)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in running]
    assert sorted(code for _, code in ended)[:2] in ([0, 2], [0, 4])
    assert all("Umbrella #5" in said or "changed since" in said for said, code in ended if code)
    assert sum(1 for doc in held(store)[1]["opportunities"] if doc[1].get("stage") == "lost") == 2
