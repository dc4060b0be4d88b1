"""Every command of the table, as hands give it: on a record where it can act, with an answer that it takes.

Run as a program, it gives all of them, each on a store of its own, and dies by SIGKILL.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from desks import Clock, desk_at, desk_over, small_world

from huntertui.commands import COMMANDS, Command, keys_of
from huntertui.desk import Desk
from huntertui.desk.tables import QUEUES
from huntertui.model.opportunity import Opportunity
from huntertui.store import Store
from huntertui.tui.steering import Steering

NAMED = {"⏎": "enter", "␛": "escape", " ": "space", "⌫": "backspace", "⇥": "tab"}

LOST, UNOWNED, DEAL, MINE = 6, 5, 4, 1  # records of the small world


@dataclass(frozen=True, slots=True)
class Given:
    """What a command is given: the record it acts on, what is typed first, and the answer."""

    id: int = MINE
    first: str = ""
    answer: str = ""


ANSWERS = {
    "callback": "fri 10:00",
    "meeting": "fri 10:00",
    "step": "fri send the offer",
    "snooze": "fri",
    "park": "15dec h",
    "close": "15jan budget slipped",
    "revisit": "1mar next budget",
    "value": "77k",
    "owner": "ben",
    "away": "ben until 1dec",
    "hand-over": "ben ana",
    "coach-rep": "ben ask for the decision earlier",
    "add": "Zoe Day @zeta fri",
}
"""By what the desk is asked for to preview the answer: a new command that asks the same is covered."""

GIVEN = {
    "log-both": Given(first="cn"),
    "correct-touch": Given(first="cn"),
    "add-to-touch": Given(first="cn", answer="email left word"),
    "note": Given(answer="likes tea"),
    "tag": Given(answer="hot"),
    "message": Given(3, answer="call him before noon"),
    "coach": Given(3, answer="ask him for the decision"),
    "stage": Given(answer="qualified"),
    "backward": Given(DEAL),
    "to-prospects": Given(DEAL),
    "expect-close": Given(DEAL, answer=ANSWERS["close"]),
    "priority-normal": Given(first="+"),
    "unplan": Given(first="T"),
    "plan-up": Given(2, first="T#1⏎T"),
    "lose-other": Given(answer="moved away"),
    "merge": Given(2, answer="#1"),
    "reopen": Given(LOST),
    "claim": Given(UNOWNED),
    "undo": Given(first="+"),
    "redo": Given(first="+u"),
    "repeat": Given(first="+"),
}
"""What is not the plain case: a command on #1 that asks for nothing, or for what has an answer above."""

TURNS_BACK = {"undo", "correct-touch"}
"""What is itself an undo: redo brings back what stood before."""

OF_MEMBERS = {"away", "hand-over", "coach-rep"}
"""What names a member, as it is about no single record."""

SHOWN = {
    "find": Given(answer="hooli"),
    "go-to": Given(answer="3"),
    "day": Given(answer="ben"),
    "focus": Given(answer="stage:new until fri"),
    "view": Given(answer="save ours"),
    "import": Given(answer="nowhere.csv"),
}
"""The answers to what asks but changes no record."""

CHANGING = tuple(command for command in COMMANDS if command.changes)


def given(command: Command) -> Given:
    """What a command is given; AssertionError for a new one that asks for something unheard of."""
    if special := GIVEN.get(command.name) or SHOWN.get(command.name):
        return special
    if command.ask is None:
        return Given()
    answer = ANSWERS.get(command.ask.preview)
    assert answer is not None, f"{command.name} asks for something new: give it an answer in tests/acting.py"
    return Given(answer=answer)


class Hands:
    """A steering with hands on its keys. `told`: what the terminal was asked for (leave, copy, redraw)."""

    def __init__(self, desk: Desk, keys: dict[str, tuple[str, ...]] | None = None) -> None:
        self.desk = desk
        self.told: list[str] = []
        self.steering = Steering(
            desk,
            keys or {},
            leave=lambda: self.told.append("leave"),
            copy=lambda text: self.told.append(f"copy {text}"),
            redraw=lambda: self.told.append("redraw"),
        )
        self.steering.lanes.resize(10)

    def type(self, keys: str) -> Hands:
        """Type characters; ⏎ ␛ ⌫ ⇥ are the keys with these signs."""
        for key in keys:
            self.steering.take(NAMED.get(key, key))
        return self

    def press(self, keys: str) -> Hands:
        """Press a sequence as the table writes it: "c n", "ctrl+r"."""
        for key in keys.split():
            self.steering.take(key)
        return self

    def to(self, id: int) -> Hands:
        """Put the cursor on a record, open or closed."""
        self.type("␛␛")
        if id == LOST:
            self.type("/hooli⏎")
        else:
            self.type(f"#{id}⏎")
        row = self.steering.lanes.row
        assert row is not None
        assert row.id == id
        return self

    def ready(self, command: Command) -> Hands:
        """Make all ready for a command: the cursor on its record, and done what it needs."""
        it = given(command)
        if command.name == "answer":
            desk_over(self.desk.store, Clock(self.desk.now()), "ben").message(it.id, "call him before noon")
            self.steering.follow()
        self.to(it.id)
        if it.first:
            self.type(it.first).to(it.id)
        return self

    def by_key(self, command: Command) -> Hands:
        """Give the command by its first key, with its answer; by its name where it has no key."""
        keys = keys_of(command.name)
        if not keys:
            return self.by_name(command)
        self.press(keys[0])
        if command.ask is not None and command.ask.stages:
            return self.type("4")
        return self.type(f"{given(command).answer}⏎") if command.ask is not None else self

    def by_name(self, command: Command) -> Hands:
        """Give the command on the command line, with its answer."""
        return self.type(f":{command.name} {given(command).answer}".rstrip() + "⏎")

    def open(self, command: Command) -> Hands:
        """Give the command without an answer: what it asks stands open."""
        keys = keys_of(command.name)
        return self.press(keys[0]) if keys else self.type(f":{command.name}⏎")

    def opens(self, command: Command) -> bool:
        """Give the command without an answer; whether something stands open then that takes the keys."""
        s = self.open(command).steering
        return bool(s.panel or s.prompt or s.keys.pending or s.working or s.review)

    def state(self) -> tuple[Any, ...]:
        """All that a person could see change."""
        s = self.steering
        lanes, room = s.lanes, s.prompt or s.panel
        shown = tuple(tuple(row.id for row in rows) for rows in lanes.rows)
        places = tuple((cursor.index, cursor.id) for cursor in lanes.cursors)
        return (
            s.said, room, s.keys.pending, s.reading, s.working, s.in_hand, repr(s.review), s.coach.line,
            s.detail_top, s.focus, lanes.focused, lanes.only, lanes.text, self.desk.book.scope, shown, places,
            [id for ids in shown for id in ids if id in lanes.selection], lanes.selection.ranging,
            self.told[:], self.desk.seq,
        )  # fmt: skip


def an_old_import(desk: Desk) -> None:
    """Bring in two items that are to triage."""
    for days in (60, 400):
        at = desk.now() - timedelta(days=days)
        desk.add_opportunity(
            Opportunity(company=f"C{days}", owner="ana", stage="new", created=at, clock=at, triage=True)
        )


def documents(store: Store) -> dict[str, list[list[object]]]:
    """All [id, document] of every table ever written to, but for where members stand in their queues."""
    records = filter(None, map(store.record, range(1, store.seq + 1)))
    tables = {op.table for record in records for op in record.ops} - {QUEUES}
    return {table: [*map(list, found)] for table in sorted(tables) if (found := store.find(table))}


def world(url: str | Path, clock: Clock) -> Desk:
    """Ten days after the small world came to be: the open ones are all red."""
    desk = desk_at(url, clock)
    small_world(desk)
    clock.pass_(days=10)
    return desk


def later() -> Clock:
    """The clock of the world above, from then on."""
    clock = Clock()
    clock.pass_(days=10)
    return clock


def give_all_and_die(folder: Path) -> None:
    """Give each command, by its name, on the store in the folder of that name; then be killed.

    What stood before each is left there as before.json.
    """
    for command in CHANGING:
        store = folder / command.name / "store.json"
        hands = Hands(desk_at(store, later())).ready(command)
        store.with_name("before.json").write_text(json.dumps(documents(hands.desk.store)))
        hands.by_name(command)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    give_all_and_die(Path(sys.argv[1]))
