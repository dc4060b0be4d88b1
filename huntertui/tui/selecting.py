"""Selecting rows, and acting on all of them at once: asked once, done in one change, told by its number."""

from __future__ import annotations

from huntertui.actions import ACTIONS, Then
from huntertui.actions.many import ONE_BY_ONE, run_many
from huntertui.commands import Ask, Command
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.bulk import Left
from huntertui.desk.ledger import NAMED
from huntertui.errors import Conflict, Usage
from huntertui.tui.clash import in_words
from huntertui.tui.doing import Doing
from huntertui.tui.panels import Panel
from huntertui.tui.prompts import Prompt


class Selecting(Doing):
    """The part of the workday that selects, and lets what acts on a row act on the selection."""

    def __init__(self, desk: Desk, keys: Keys) -> None:
        super().__init__(desk, keys)
        self._left: list[str] = []

    # Selecting

    def select(self) -> None:
        """Take the row in, or out, and go on."""
        self.lanes.selection.toggle(self.current)
        self.lanes.move(1)

    def select_range(self) -> None:
        """Begin a range at the cursor; again ends it."""
        selection = self.lanes.selection
        if selection.ranging:
            selection.end()
        else:
            selection.begin(self.lanes.focused, self.current)
            self.say("the range follows the cursor: v ends it, Esc drops it", "dim")

    def select_all(self) -> None:
        """Take all that a filter shows, in all lanes; without one, the lane."""
        lanes = self.lanes
        lists = lanes.rows if lanes.filtered else [lanes.rows[lanes.focused]]
        if not any(map(len, lists)):
            raise Usage("there is nothing here to select")
        lanes.selection.take(row.id for rows in lists for row in rows)

    def select_again(self) -> None:
        """Take what was selected last, as far as it is shown."""
        selection = self.lanes.selection
        selection.take(selection.last)
        selection.keep_shown(self.lanes.rows)
        if not selection:
            raise Usage("of what was selected last nothing is shown")

    def show_left(self) -> None:
        """What the last change of many left as it was."""
        if not self._left:
            raise Usage("the last change of many left nothing as it was")
        self.panel = Panel("Left as they are", self._left)

    def clear_selection(self) -> bool:
        """Select nothing. False when that was so."""
        return self.lanes.selection.clear()

    def still(self, count: int) -> None:
        """Usage when all of so many rows that were selected have gone since."""
        if count and not self.lanes.selection:
            raise Usage("the rows that were selected are gone: nothing was done")

    # Acting

    def ask(self, command: Command, ask: Ask) -> None:
        """Open the prompt for a command's answer: one for all rows that are selected."""
        count, seen = len(self.lanes.selection), self.seen
        if not count:
            super().ask(command, ask)
            return
        self._check(command)
        self.lanes.selection.end()
        first = self.lanes.selection.ordered(self.lanes.rows)[0]

        def accept(text: str | None) -> None:
            self.still(count)
            self.perform(command, text, seen=seen)

        own = " (⏎ for each its own)" if ask.suggest else ""
        self.prompt = Prompt(
            f"{count:,} selected · {ask.label}{own}",
            accept,
            preview=(lambda text: self.desk.preview_many(ask.preview, first, text)) if ask.preview else None,
            leave=(lambda: accept(None)) if ask.optional else None,
            leaving=f"Esc: {command.label}, no {ask.label}" if ask.optional else "",
        )

    def perform(
        self, command: Command, text: str | None = None, id: int | None = None, seen: int | None = None
    ) -> None:
        """Run a command that changes records: those selected, unless one is named or none is."""
        selection = self.lanes.selection
        if id is not None or not selection:
            super().perform(command, text, id, seen)
            return
        if self.seen < self.slipped:
            raise Usage("the rows that were here have just gone elsewhere: look, then press the key again")
        self._check(command)
        ids = selection.ordered(self.lanes.rows)
        if len(ids) == 1:
            super().perform(command, text, ids[0], seen)
            selection.clear()
            return
        with self.desk.sight.at(self.seen if seen is None else seen):
            self._perform_many(command, text, ids)

    def _check(self, command: Command) -> None:
        if (why := ONE_BY_ONE.get(command.name)) and len(self.lanes.selection) > 1:
            raise Usage(f"{command.label} takes one row, as {why}: Esc ends the selection")

    def _perform_many(self, command: Command, text: str | None, ids: list[int]) -> None:
        lanes, action, chosen = self.lanes, ACTIONS[command.name], set(ids)
        lane, row = lanes.focused, lanes.row
        goes = action.then is not Then.STAY and row is not None and row.id in chosen
        beyond = self._beyond(chosen) if goes else None
        change, left = run_many(self.desk, command, text, ids)
        self._repeat = command, text
        if command.name.startswith("log-"):
            self._touched = change.seq
        lanes.aim(lane, beyond)
        if change.ids:
            lanes.selection.clear()
        self._left = [_full(one, self._reason(one)) for one in left]
        self._done(change, hold=action.then is Then.STAY)
        if left:
            self.say(f"{self.said}; {self._left_words(left)}")

    def _beyond(self, chosen: set[int]) -> int | None:
        """The next row that is not selected, else the one before."""
        rows, at = self.lanes.rows[self.lanes.focused], self.lanes.cursors[self.lanes.focused].index
        near = [*range(at + 1, len(rows)), *range(at - 1, -1, -1)]
        return next((rows[index].id for index in near if rows[index].id not in chosen), None)

    def _left_words(self, left: list[Left]) -> str:
        """ "2 left as they are: #4 is won: reopen it first, #9 ..."; where more were, how to see them all."""
        told = ", ".join(_short(one, self._reason(one)) for one in left[:NAMED])
        more = " (g l tells all)" if len(left) > 1 else ""
        return f"{len(left):,} left as {'it is' if len(left) == 1 else 'they are'}{more}: {told}"

    def _reason(self, left: Left) -> str:
        if isinstance(left.error, Conflict):
            return in_words(left.error, self.desk)[0]
        return str(left.error)


def _full(left: Left, reason: str) -> str:
    return reason if left.name in reason else f"{left.name}: {reason}"


def _short(left: Left, reason: str) -> str:
    """A reason that names the row by its number alone, to save room."""
    told = reason.replace(left.name, f"#{left.id}")
    return told if told.startswith(f"#{left.id}") else f"#{left.id} {told}"
