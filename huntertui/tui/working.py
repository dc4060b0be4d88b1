"""Working through: one item at a time over the whole screen, the keys acting on it as in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from huntertui.actions import ACTIONS, Then
from huntertui.commands import Command, keys_of
from huntertui.commands.keymap import Keys
from huntertui.commands.words import spelled_out
from huntertui.desk import Desk
from huntertui.desk.ledger import Change
from huntertui.desk.working import LONGEST, Queue
from huntertui.errors import Usage
from huntertui.model.pipeline import LANES
from huntertui.model.ranking import Mark, Row
from huntertui.tui.card import numbers_of, summary
from huntertui.tui.describe import TITLES
from huntertui.tui.doing import command_named
from huntertui.tui.looking import Looking
from huntertui.tui.panels import Summary

WORKS_TOO = frozenset(
    {"undo", "redo", "repeat", "correct-touch", "copy-phone", "copy-email", "copy-name", "copy-number",
     "copy-summary", "explain", "edit", "help", "command", "palette", "read-again", "redraw", "quit"}
)  # fmt: skip
"""What else is done to an item in hand, or in spite of it."""


class Working(Looking):
    """The part of the workday that works through a queue. `working`: it is on; `card_top`: its first line."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.working = False
        self.card_top = 0
        self.card_page = 1
        self._kept: Queue | None = None
        self._undone: dict[int, str] = {}  # what had been done with items, until it was taken back
        self._steers: dict[str, Callable[[], None]] = {
            "find-next": self.skip,
            "lane-right": self.skip,
            "find-previous": self.step_back,
            "lane-left": self.step_back,
            "back": self.end_work,
            "leave": self.end_work,
            "work-through": self.work_anew,
            "down": lambda: self._scroll(1),
            "up": lambda: self._scroll(-1),
            "page-down": lambda: self._scroll(self.card_page),
            "page-up": lambda: self._scroll(-self.card_page),
        }

    @property
    def row(self) -> Row | None:
        """The record that keys act on: the one in hand, else the one under the cursor."""
        if not self.working:
            return super().row
        id = self._queue.id
        return self.desk.book.row(id) if id is not None else None

    @property
    def in_hand(self) -> int | None:
        """The record to show: as `row`, but it may be closed by now."""
        if self.working:
            return self._queue.id
        row = super().row
        return row.id if row else None

    @property
    def _queue(self) -> Queue:
        queue = self.desk.queue
        assert queue is not None, "there is one as long as it is worked through"
        return queue

    # Beginning and ending

    def work_through(self) -> None:
        """Go on with today's queue, unless something else was searched for or filtered since; else begin."""
        name, queue = self._named(), self.desk.todays_queue()
        if queue is not None and not self.lanes.selection and (queue.name == name or not self.lanes.filtered):
            self.desk.queue = queue
            queue = queue.resumed(self.desk.dropped)
            if queue.id is not None:
                self._show(queue)
                self._begin()
                at, total = queue.place(self.desk.dropped)
                anew = keys_of("work-through", self._bindings)
                hint = f"; {anew[0]} begins anew with {name}" if anew else ""
                self.say(f"on with {queue.name}, {at} of {total}{hint}", "dim")
                return
        self.work_anew()

    def work_anew(self) -> None:
        """Begin a queue of what is shown."""
        ids = [row.id for row in self._rows()]
        if not ids:
            raise Usage("there is nothing here to work through")
        anew = self.working
        self._show(self.desk.begin_queue(self._named(), ids))
        self._kept = self.desk.queue
        self._begin()
        if len(ids) > LONGEST:
            self.say(f"the first {LONGEST} of {len(ids)}", "dim")
        elif anew:
            self.say(f"begun anew with {self._named()}", "dim")

    def _begin(self) -> None:
        self.working, self.reading = True, False
        self.lanes.selection.clear()

    def end_work(self) -> None:
        """Leave it, and say what was done."""
        queue, self.working = self._queue, False
        self.keep_place()
        key = next(iter(keys_of("work-through", self._bindings)), ":work-through")
        self.panel = Summary(f"Worked through {queue.name}", list(summary(queue, self.desk, key)))
        self.desk.queue = None
        if queue.id is not None:
            self.lanes.reveal(queue.id)

    def keep_place(self) -> None:
        """Keep where the queue stands, unless an act has done so."""
        if self.desk.queue is not None and self.desk.queue != self._kept:
            self._kept = self.desk.queue
            self.desk.keep_queue()

    def _named(self) -> str:
        lanes = self.lanes
        if lanes.selection:
            return f"{len(lanes.selection)} selected"
        if not lanes.filtered:
            return TITLES[lanes.focused].partition(" ")[2]
        return ", ".join(filter(None, (lanes.text and f"find {lanes.text}", lanes.only)))

    def _rows(self) -> Iterator[Row]:
        """The open rows selected, else of the lane; with a filter those of all lanes, from this one on."""
        lanes, selection = self.lanes, self.lanes.selection
        for at in range(len(LANES) if selection or lanes.filtered else 1):
            for row in lanes.rows[(lanes.focused + at) % len(LANES)]:
                if Mark.CLOSED not in row.marks and (not selection or row.id in selection):
                    yield row

    # Moving

    def skip(self) -> None:
        """On to the next; the one in hand stays to be done."""
        self._show(self._queue.skipped(self.desk.dropped))
        self._end_at_the_end()

    def step_back(self) -> None:
        """Back to the one before."""
        queue = self._queue.back(self.desk.dropped)
        if queue.at == self._queue.at:
            raise Usage("this is the first one")
        self._show(queue)

    def _show(self, queue: Queue) -> None:
        self.desk.queue, self.card_top = queue, 0

    def _scroll(self, lines: int) -> None:
        self.card_top = max(0, self.card_top + lines)

    def _end_at_the_end(self) -> None:
        if self._queue.id is None:
            self.end_work()

    def steer(self, command: Command) -> bool:
        """Take a command while a queue is worked through; False when it acts as it does in the list."""
        if command.name in self._steers:
            self._steers[command.name]()
            return True
        self._refuse(command)
        return False

    def goes_on(self, command: Command) -> bool:
        """Whether a command can be used while a queue is worked through."""
        return command.changes or command.name in WORKS_TOO or command.name in self._steers

    def _refuse(self, command: Command) -> None:
        if not self.goes_on(command):
            raise Usage(f"{command.name} has to wait: Esc ends working through")

    def command(self, text: str, id: int | None = None, seen: int | None = None) -> None:
        """Run what stands on the command line."""
        if self.working and text:
            self._refuse(command_named(spelled_out(text).partition(" ")[0]))
        super().command(text, id, seen)

    def look_around(self) -> None:
        """Go on when a colleague has dealt with the one in hand; keep the place while the keys rest."""
        queue = self._queue
        id = queue.id
        if id is not None and id not in queue.done and self.desk.dropped(id):
            o = self.desk.opportunity(id)
            self.slipped = self.desk.seq
            self._show(queue.on(self.desk.dropped))
            self.say(f"{o.title if o else ''} #{id} has been dealt with: on to the next", "dim")
            self._end_at_the_end()
        self.keep_place()

    # Reaching

    def copy_number(self, digit: str) -> None:
        """Copy the number that has that digit."""
        o = self.desk.opportunity(self.current)
        found = numbers_of(o) if o else []
        if int(digit) > len(found):
            raise Usage(f"there is no number {digit} here: {len(found) or 'none'} to copy")
        self._take(found[int(digit) - 1][0], found[int(digit) - 1][0])

    def _perform(self, command: Command, text: str | None, id: int) -> None:
        if not self.working:
            super()._perform(command, text, id)
            return
        before = self._queue
        self._undone.clear()  # nothing is redone after it
        done = ACTIONS[command.name].then is Then.NEXT and id == before.id
        if done:
            self.desk.queue = before.did(id, command.label).on(self.desk.dropped)
        try:
            super()._perform(command, text, id)
        except BaseException:
            self.desk.queue = before
            raise
        self._kept = self.desk.queue  # it went along
        if not done and id == before.id and id not in before.done and self.desk.dropped(id):
            self.desk.queue = before.did(id, command.label).on(self.desk.dropped)  # handed over, as it is
        if self._queue.at != before.at:
            self.card_top = 0
        self._end_at_the_end()

    def _turn_back(self, change: Change) -> None:
        super()._turn_back(change)
        if self.working:
            for id in change.ids:
                if id in self._queue.ids:
                    if what := self._queue.done.get(id):
                        self._undone[id] = what
                    self._show(self._queue.undone(id))

    def redo(self) -> None:
        """Do again what was undone; an item that it had dealt with is dealt with again."""
        super().redo()
        id = self._queue.id if self.working else None
        if id is not None and (what := self._undone.get(id)):
            self._show(self._queue.did(id, what).on(self.desk.dropped))
            self._end_at_the_end()
