"""Changing records: on which one, with which answer, what is said of it, where the cursor goes."""

from __future__ import annotations

from collections.abc import Callable

from huntertui.actions import ACTIONS, Then
from huntertui.commands import BY_NAME, Ask, Command, by_sequence
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.ledger import Change
from huntertui.errors import Conflict, HunterError, Usage
from huntertui.model.codec import Spoilt
from huntertui.model.ranking import Row
from huntertui.model.text import Unclear
from huntertui.tui.clash import Clash, in_words
from huntertui.tui.describe import menu_of
from huntertui.tui.drafts import Drafts
from huntertui.tui.fit import cut
from huntertui.tui.keys import Sequences
from huntertui.tui.lanes import Lanes
from huntertui.tui.panels import Panel
from huntertui.tui.prompts import Prompt

TITLE = 30
"""Columns of the record's name in a prompt."""


class Doing:
    """The part of the workday that acts on records. `said` is the status line, `look` how it is shown.

    `seen`: the number of the last change that the person knew of when the present key was pressed;
    `slipped`: that of the last change of others' that took the row under the cursor away.
    """

    def __init__(self, desk: Desk, keys: Keys) -> None:
        self.desk = desk
        self.lanes = Lanes(desk)
        self._bindings = keys
        self.bind()
        self.prompt: Prompt | None = None
        self.drafts = Drafts()
        self.panel: Panel | None = None
        self.seen = desk.seq
        self.slipped = 0
        self.said = ""
        self.look = ""
        self._repeat: tuple[Command, str | None] | None = None
        self._last: int | None = None  # the seq of my last change
        self._logged: tuple[int, int | None] | None = None  # (id, seq) of the touch logged last
        self._touched: int | None = None  # the seq of my last change that logged touches, of one row or many

    def bind(self) -> None:
        """Bind the keys; those of the stages are the policy's, which may change."""
        self._bound = self.desk.policy
        self.trie = by_sequence(self._bindings, [stage.name for stage in self._bound.pipeline.stages])
        self.keys = Sequences(self.trie)

    def say(self, text: str, look: str = "") -> None:
        """Put a message in the status line."""
        self.said, self.look = text, look

    def guarded(self, do: Callable[[], None]) -> None:
        """Do it; why it cannot be done now goes to the status line. What else breaks is a fault of ours."""
        try:
            do()
        except (HunterError, Unclear, Spoilt) as error:
            self.lanes.read()
            self.say(str(error), "neglected")

    @property
    def row(self) -> Row | None:
        """The row that keys act on: the one under the cursor."""
        return self.lanes.row

    @property
    def current(self) -> int:
        """The record under the cursor. Usage when there is none, or not the one that was seen there."""
        row = self.row
        if self.seen < self.slipped:
            raise Usage("the row that was here has just gone elsewhere: look, then press the key again")
        if row is None:
            raise Usage("there is no row here to do that with")
        return row.id

    # Acting on a record

    def ask(self, command: Command, ask: Ask) -> None:
        """Open the prompt for a command's answer."""
        id, seen = self.current, self.seen
        row = self.row
        title = cut(row.title, TITLE) if row else ""

        def preview(text: str) -> str:
            return self.desk.preview(ask.preview, id, text)

        self.prompt = Prompt(
            f"{title} · {ask.label}",
            lambda text: self.perform(command, text, id, seen),
            preview=preview if ask.preview else None,
            suggestion=self.desk.suggest(ask.suggest, id) if ask.suggest else "",
            leave=(lambda: self.perform(command, None, id, seen)) if ask.optional else None,
            leaving=f"Esc: {command.label}, no {ask.label}" if ask.optional else "",
            kept_as=(kept := f"{'next-step' if ask.optional else command.name} {id}"),
            recall=self.drafts.text(kept),
            recalled=lambda: self.drafts.take(kept),
        )

    def perform(
        self, command: Command, text: str | None = None, id: int | None = None, seen: int | None = None
    ) -> None:
        """Run a command that changes a record: the one under the cursor unless it is named.

        `seen`: what the person knew of when he was asked for the answer.
        """
        if id is None and command.name == "log-both" and self._logged is not None:
            id = self._logged[0]  # the touch just logged, whatever the row by now
        if id is None and command.name == "answer" and self.row is None:
            self._done(self.desk.answer(None))  # what I was told myself stands on no row
            return
        at = self.current if id is None else id
        self._insist(lambda: self._perform(command, text, at), self.seen if seen is None else seen)

    def _insist(self, act: Callable[[], None], seen: int, accepted: int | None = None) -> None:
        """Make a change, guarded by what was seen; where somebody was quicker, ask what shall stand."""
        try:
            with self.desk.sight.at(seen, accepted):
                act()
        except Conflict as conflict:
            now = self.desk.seq
            theirs, mine = in_words(conflict, self.desk)
            self.lanes.read()
            o = self.desk.opportunity(conflict.id)
            title = f"{o.title if o else ''} #{conflict.id}"
            if isinstance(conflict.__context__, HunterError):  # it cannot be done any more
                self.say(f"{title}: {theirs}; {conflict.__context__}", "neglected")
                return
            self.panel = Clash(
                title,
                conflict,
                (theirs, mine),
                keep=lambda: self.say(f"{title}: kept, {theirs}"),
                overwrite=lambda: self._insist(act, seen, now),
                under=self.panel.under if isinstance(self.panel, Clash) else self.panel,
            )

    def _perform(self, command: Command, text: str | None, id: int) -> None:
        action, lanes = ACTIONS[command.name], self.lanes
        lane, row = lanes.focused, lanes.row
        here = row is not None and row.id == id
        neighbour = lanes.neighbour() if here else None
        change = action.run(self.desk, id, text)
        self._repeat = command, text
        if command.name.startswith("log-") and command.name != "log-both":
            self._logged, self._touched = (id, change.seq), change.seq
        if action.then is Then.NEXT and here:
            lanes.aim(lane, neighbour)
        self._done(change, hold=action.then is not Then.NEXT)
        if action.then is Then.FOLLOW and not lanes.reveal(id):
            self.say(f"{self.said}; it is not shown here: g a shows all")

    def _done(self, change: Change, *, hold: bool = True) -> None:
        self._last = change.seq
        self.lanes.read(hold=hold)
        self.say(change.message)

    @property
    def repeatable(self) -> bool:
        """Whether there is a change to be made again."""
        return self._repeat is not None

    def repeat(self) -> None:
        """The last change again, with its answer, on the record under the cursor."""
        if self._repeat is None:
            raise Usage("nothing to repeat yet")
        self.perform(*self._repeat)

    # Acting on more

    def add(self, line: str) -> None:
        """Add a prospect and go to it."""
        if not line:
            raise Usage("who? like: Ann Lee @acme tue")
        change = self.desk.add(line)
        self._done(change)
        self.lanes.reveal(change.ids[0])

    def ask_add(self) -> None:
        """Open the prompt for a new prospect."""
        self.prompt = Prompt(
            "add",
            self.add,
            preview=lambda text: self.desk.preview("add", None, text),
            kept_as="add",
            card=True,
            recall=self.drafts.text("add"),
            recalled=lambda: self.drafts.take("add"),
        )

    def undo(self) -> None:
        """Take back my last change and go to its record."""
        self._turn_back(self.desk.undo())

    def redo(self) -> None:
        """Do again what was undone, and go to its record."""
        self._turn_back(self.desk.redo())

    def _turn_back(self, change: Change) -> None:
        self._done(change)
        if change.ids:
            self.lanes.reveal(change.ids[0])

    def correct_touch(self) -> None:
        """Take back the touch just logged, go to its record and begin to log it anew."""
        if self._logged is None or self._logged[1] != self._last:
            raise Usage("the last change was no touch of yours: u takes it back")
        id, self._logged = self._logged[0], None
        self.undo()
        if not self.lanes.reveal(id):
            raise Usage(f"#{id} is taken back, and not shown here")
        self.keys.begin(*(menu_of(self.trie, "log-no-answer") or ()))


def command_named(name: str) -> Command:
    """The command of that name, or the only one that begins so. Usage when there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    found = matching(name)
    if len(found) == 1:
        return BY_NAME[found[0]]
    raise Usage(f"which one? {', '.join(found[:12])}" if found else f"no command {name!r}: ? lists them")


def matching(name: str) -> list[str]:
    """The names of the commands that begin with a text, else that hold it."""
    begin = [known for known in BY_NAME if known.startswith(name)]
    return begin or [known for known in BY_NAME if name in known]
