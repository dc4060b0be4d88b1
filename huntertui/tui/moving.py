"""Moving: the cursor among the rows and the lanes, and in and out of the record."""

from __future__ import annotations

from collections.abc import Callable

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.tui.describe import detail
from huntertui.tui.looking import Looking


class Moving(Looking):
    """The part of the workday that moves. `reading`: the detail has the arrow keys."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.reading = False

    @property
    def far(self) -> int:
        return len(self.lanes.rows[self.lanes.focused]) + 100_000 * self.reading

    def move(self, rows: int) -> None:
        if self.reading:
            self.detail_top = max(0, self.detail_top + rows)
        else:
            self.lanes.move(rows)
            self.detail_top = 0

    def to_lane(self, lane: int) -> None:
        self.lanes.focus(lane)
        self.detail_top = 0

    def open(self) -> None:
        if self.current:
            self.reading, self.detail_top = not self.reading, 0

    def open_history(self) -> None:
        self.reading = bool(self.current)
        lines = detail(self.desk, self.current, self.desk.history(self.current))
        self.detail_top = next((at for at, line in enumerate(lines) if line.text == "History"), 0)

    def back(self) -> None:
        if self.reading:
            self.reading, self.detail_top = False, 0
        elif not self.clear_selection() and not self.lanes.clear() and self.focus:
            self.say("a focus is on: :focus without words ends it", "dim")
