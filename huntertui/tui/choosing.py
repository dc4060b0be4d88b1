"""Choosing by name: the help and the palette, over commands and records."""

from __future__ import annotations

from itertools import islice

from huntertui.commands import Command
from huntertui.errors import Usage
from huntertui.model.ranking import Row
from huntertui.model.text import Unclear
from huntertui.tui.palette import Palette
from huntertui.tui.panels import Help
from huntertui.tui.reasons import why_not
from huntertui.tui.working import Working

RECORDS = 8  # of a lane, found for the palette


class Choosing(Working):
    """The part of the workday that offers commands and records by a part of their names.

    `demo`: nothing is saved.
    """

    demo = False

    def help(self) -> None:
        """All keys; what cannot act now says why."""
        self.panel = Help(self._bindings, lambda command: why_not(self, command))

    def open_palette(self) -> None:
        """Commands and records by a part of their names."""
        self.panel = Palette(
            self._bindings,
            lambda command: why_not(self, command),
            self._run_chosen,
            self.records,
            self._go_chosen,
        )

    def _run_chosen(self, command: Command) -> None:
        self.panel = None
        self.say("")
        self.run(command)

    def _go_chosen(self, row: Row) -> None:
        self.panel = None
        self.say("")
        self.go_wherever(row)

    def records(self, text: str) -> list[Row]:
        """The records that match a text, the best lanes first; none for a text that makes no sense."""
        try:
            hits = self.desk.find(text, self.desk.now().timestamp())
        except Unclear:
            return []
        lanes = sorted(zip(hits.best, hits.lanes, strict=False), key=lambda lane: lane[0])
        return [row for _, rows in lanes for row in islice(rows, RECORDS)]

    def go_wherever(self, row: Row) -> None:
        """Go to a record, whatever has to be shown for it."""
        if self.working:
            raise Usage("a record has to wait: Esc ends working through")
        if not (self.lanes.reveal(row.id) or (self.lanes.clear() and self.lanes.reveal(row.id))):
            self.show_all()
            self.say("everybody's items are shown now", "dim")
        self.go_to(str(row.id))

    # Acting
