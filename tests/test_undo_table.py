"""Undo covers every command of the table, document by document, also after a kill of who gave it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import acting
import pytest
from acting import CHANGING, OF_MEMBERS, TURNS_BACK, Hands, documents, later, world
from desks import Clock, desk_over

from huntertui.actions import ACTIONS
from huntertui.actions.many import ONE_BY_ONE
from huntertui.commands import BY_NAME, COMMANDS, Command
from huntertui.desk import Desk
from huntertui.desk.undoing import UNDO_DAYS, Turns
from huntertui.store import open_store

EACH = pytest.mark.parametrize("command", CHANGING, ids=[command.name for command in CHANGING])
MANY = [BY_NAME[name] for name in ACTIONS if name not in ONE_BY_ONE]


@pytest.fixture
def hands() -> Hands:
    return Hands(world("memory:", Clock()))


def turned(hands: Hands, before: object, after: object, command: Command) -> None:
    """Take it back and do it again, twice, by the keys; each is told with its record."""
    back, again = ("U", "u") if command.name in TURNS_BACK else ("u", "U")
    hands.type("␛␛")
    for _ in range(2):
        hands.type(back)
        assert documents(hands.desk.store) == before, hands.steering.said
        assert hands.steering.said.startswith(("undone: ", "redone: "))
        hands.type(again)
        assert documents(hands.desk.store) == after, hands.steering.said


@EACH
def test_a_command_is_taken_back_and_done_again(hands: Hands, command: Command) -> None:
    hands.ready(command)
    before, seq = documents(hands.desk.store), hands.desk.seq
    hands.by_key(command)
    after = documents(hands.desk.store)
    assert after != before, hands.steering.said
    assert hands.desk.seq == seq + 1  # one transaction, so one undo
    hit = "ben" if command.name in OF_MEMBERS else r"#\d"
    assert command.name in TURNS_BACK or re.search(hit, hands.steering.said)  # what was hit is named
    turned(hands, before, after, command)


@pytest.mark.parametrize("command", MANY, ids=[command.name for command in MANY])
def test_a_command_on_a_selection_is_one_undo(hands: Hands, command: Command) -> None:
    it = acting.given(command)
    hands.ready(command)
    if it.id == acting.LOST:
        hands.to(2).type("xlp␛␛/stage:lost⏎V")
    else:
        other = next(id for id in (2, 3) if id != it.id)
        hands.type(f" #{other}⏎ ")
    assert len(hands.steering.lanes.selection) == 2
    before, seq = documents(hands.desk.store), hands.desk.seq
    hands.by_key(command)
    after = documents(hands.desk.store)
    assert after != before, hands.steering.said
    assert hands.desk.seq == seq + 1
    turned(hands, before, after, command)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of stores, each named for the command that a process gave there before it was killed."""
    folder = tmp_path_factory.mktemp("killed")
    world(folder / "world" / "store.json", Clock()).store.close()
    for command in CHANGING:
        shutil.copytree(folder / "world", folder / command.name)
    done = subprocess.run([sys.executable, acting.__file__, str(folder)], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    return folder


@EACH
def test_a_command_is_taken_back_after_a_kill(killed: Path, command: Command) -> None:
    store = killed / command.name / "store.json"
    before = json.loads(store.with_name("before.json").read_text())
    clock = later()
    with open_store(store, "ana", clock=clock) as opened:
        after = documents(opened)
        assert after != before
        turned(Hands(desk_over(opened, clock)), before, after, command)


TURNING = {"undo", "redo", "correct-touch", "leave", "quit"}
SEQUENCES = [keys for command in COMMANDS if command.name not in TURNING for keys in command.keys]
ANSWERS = [f"{answer}⏎" for answer in acting.ANSWERS.values()]
JUMPS = [f"#{id}⏎" for id in range(1, 9)]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_typed_is_taken_back(hands: Hands, seed: int) -> None:
    """Keys, answers and jumps in any order: no crash, and undo goes all the way back and forth."""
    dice, desk = Random(seed), hands.desk
    acting.an_old_import(desk)
    states = {depth(desk): documents(desk.store)}  # some panels have an undo of their own
    for _ in range(100):
        if dice.random() < 0.6:
            hands.press(dice.choice(SEQUENCES))
        else:
            hands.type(dice.choice([*ANSWERS, *JUMPS, "⏎", *["␛d␛␛"] * 9]))
        states[depth(desk)] = documents(desk.store)
    top, bottom = depth(desk), min(states)
    assert top > bottom
    for at in range(top - 1, bottom - 1, -1):
        desk.undo()
        assert documents(desk.store) == states.setdefault(at, documents(desk.store))
    for at in range(bottom + 1, top + 1):
        desk.redo()
        assert documents(desk.store) == states[at]


def depth(desk: Desk) -> int:
    """How many changes undo could take back."""
    return len(Turns(desk.store, desk.me).of(desk.now() - timedelta(days=UNDO_DAYS))[0])
