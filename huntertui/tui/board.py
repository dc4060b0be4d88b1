"""The board: three lanes side by side in frames, or on a narrow screen one of them under tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len

from huntertui.model.text import shown
from huntertui.tui.fit import Piece, cut, fit, strip
from huntertui.tui.lane import Moment, Place, Rows
from huntertui.tui.lines import BoardState, LaneState, Line, Painter
from huntertui.tui.look import Looks
from huntertui.tui.strip import Strip

SIDES = 2  # columns of a lane's frame, and lines of it


def page_of(height: int, *, narrow: bool) -> int:
    """How many rows of a lane are visible in so many lines; at least 1."""
    return max(1, height - (1 if narrow else SIDES))


class Column(NamedTuple):
    """A lane in its frame, without the sides: title, rows and foot."""

    title: Strip
    rows: list[Strip]
    foot: Strip


class BoardPainter(Painter[BoardState | None]):
    """Three lanes as one: to move between them repaints two titles and two rows."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks, None)
        self._rows = Rows(looks)
        self._frames: dict[str, Strip] = {}
        self._columns: dict[int, tuple[object, Column]] = {}  # by lane: what it was painted of, and it

    def forget(self) -> None:
        """Drop the painted rows; called when the looks change."""
        self._rows = Rows(self.looks)
        self._frames, self._columns = {}, {}

    def paint(self, width: int, height: int) -> list[Line]:
        """All lines of the board."""
        state = self.state
        if state is None:
            return []
        moment = Moment.of(state.now, state.calendar, state.me)
        if state.narrow:
            rows = self._lane(state, state.focused, width, height - 1, moment)
            return [(self._tabs(state, width),), *((row,) for row in rows)]
        edges = [width * lane // 3 for lane in range(4)]
        widths = [end - start for start, end in pairwise(edges)]
        columns = [self._column(state, lane, widths[lane], height, moment) for lane in range(3)]
        side = self._frame(self.looks.frame.side)
        sides = side, self._frame(self.looks.frame.side * 2), self._frame(self.looks.frame.side * 2)
        lines: list[Line] = [tuple(column.title for column in columns)]
        for rows_of_line in zip(*(column.rows for column in columns), strict=True):
            cells = [cell for pair in zip(sides, rows_of_line, strict=True) for cell in pair]
            lines.append((*cells, side))
        if height >= SIDES:
            lines.append(tuple(column.foot for column in columns))
        return lines

    def _column(self, state: BoardState, at: int, width: int, height: int, moment: Moment) -> Column:
        """A lane, painted anew only if anything but the other lanes is another: a key changes one, or two."""
        lane = state.lanes[at]
        of = (replace(state, lanes=(lane, lane, lane), focused=int(at == state.focused)), width, height)
        known, kept = self._columns.get(at, (None, None))
        if kept is not None and known == of:
            return kept
        rows = self._lane(state, at, width - SIDES, height - SIDES, moment)
        made = Column(self._title(state, at, width), rows, self._foot(lane, width, height - SIDES))
        self._columns[at] = of, made
        return made

    def _frame(self, text: str) -> Strip:
        if text not in self._frames:
            self._frames[text] = strip([(text, self.looks["border"])], len(text))
        return self._frames[text]

    def _lane(self, state: BoardState, at: int, width: int, height: int, moment: Moment) -> list[Strip]:
        """The visible rows of a lane, and blank lines below them."""
        lane = state.lanes[at]
        if not lane.rows:
            return self._empty(lane.empty, width, height)
        top = min(max(lane.top, 0), len(lane.rows) - 1)
        painted = []
        for index, row in enumerate(lane.rows.visible(top, height), top):
            cursor = "" if index != lane.cursor else "cursor" if at == state.focused else "cursor_inactive"
            plan, fresh = state.today_plan.get(row.id), state.fresh.get(row.id)
            place = Place(width, cursor, row.id in state.selected, plan, fresh)
            painted.append(self._rows.paint(row, place, moment))
        return painted + [self._blank(width)] * (height - len(painted))

    def _empty(self, words: Sequence[str], width: int, height: int) -> list[Strip]:
        """The words for a lane without rows, in its middle."""
        ellipsis = self.looks.frame.ellipsis
        shown = [cut(line, width - 2, ellipsis) for line in words[: max(height, 0)]]
        above = max(height - len(shown), 0) // 3
        lines = [self._blank(width)] * above
        for line in shown:
            left = " " * max((width - cell_len(line)) // 2, 0)
            lines.append(strip([(left + line, self.looks["dim"])], width))
        return lines + [self._blank(width)] * (height - len(lines))

    def _blank(self, width: int) -> Strip:
        key = " " * max(width, 0)
        if key not in self._frames:
            self._frames[key] = strip([(key, self.looks.base)], len(key))
        return self._frames[key]

    def _title(self, state: BoardState, at: int, width: int) -> Strip:
        """The upper edge of a frame, with title and counts in it."""
        frame, lane, border = self.looks.frame, state.lanes[at], self.looks["border"]
        words = [(f" {shown(lane.title)} ", self.looks["cursor" if at == state.focused else "heading"])]
        words += self._counts(lane.counts, width - 5 - cell_len(lane.title))
        used = sum(cell_len(text) for text, _ in words)
        if used > width - 2:
            words, used = [(fit(lane.title, width - 2, frame.ellipsis), words[0][1])], width - 2
        edge = frame.edge * (width - 2 - used) + frame.top_right
        return strip([(frame.top_left, border), *words, (edge, border)], width)

    def _counts(self, counts: str, room: int) -> list[Piece]:
        """The counts that fit, what is late in red; that is the last to go but for the number of rows."""
        parts = shown(counts).split(" · ") if counts else []
        while parts and cell_len(" · ".join(parts)) + 2 > room:
            parts.remove(
                next((part for part in reversed(parts[1:]) if not part.endswith(" late")), parts[-1])
            )
        pieces: list[Piece] = []
        for part in parts:
            late = part.endswith(" late") and not part.startswith("0 ")
            gap = " · " if pieces else " "
            pieces += [(gap, self.looks["dim"]), (part, self.looks["neglected" if late else "dim"])]
        return [*pieces, (" ", self.looks["border"])] if pieces else []

    def _foot(self, lane: LaneState, width: int, page: int) -> Strip:
        """The lower edge of a frame; which rows are shown stands in it when not all are."""
        frame = self.looks.frame
        first, last = lane.top + 1, min(lane.top + page, len(lane.rows))
        where = f" {first}-{last} of {len(lane.rows)} " if len(lane.rows) > page else ""
        border = self.looks["border"]
        if len(where) + 4 > width:
            where = ""
        edge = frame.low_left + frame.edge * max(width - 3 - len(where), 0)
        pieces = [(edge, border), (where, self.looks["dim"]), (frame.edge + frame.low_right, border)]
        return strip(pieces, width)

    def _tabs(self, state: BoardState, width: int) -> Strip:
        """The three lanes in one line: "1 Prospects 23 · 5! · 2~  2 Follow-ups 41 · 7!  3 Closing 12"."""
        for short in (False, True):
            pieces: list[Piece] = []
            for at, lane in enumerate(state.lanes):
                title = lane.title.split(" ")[0] if short and at != state.focused else lane.title
                style = self.looks["cursor" if at == state.focused else "heading"]
                total, *others = lane.counts.split(" · ")
                pieces += [(f" {shown(title)} ", style), (f" {shown(total)}", self.looks["dim"])]
                for ending, look in ((" late", "neglected"), (" to triage", "triage")):
                    number = next(
                        (part.removesuffix(ending) for part in others if part.endswith(ending)), "0"
                    )
                    if number != "0":
                        alert = shown(number + self.looks.mark(look))
                        pieces += [(" · ", self.looks["dim"]), (alert, self.looks[look])]
                pieces.append(("  ", self.looks.base))
            if sum(cell_len(text) for text, _ in pieces) <= width + 2:
                break
        return strip([*pieces, (" " * width, self.looks.base)], width)
