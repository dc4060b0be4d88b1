"""A list over the board: the help, a menu, an explanation."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from huntertui.tui.detail import MARGIN, Folded
from huntertui.tui.fit import cut, strip
from huntertui.tui.lines import Box, DetailLine, Line, OverlayState, Painter, Size
from huntertui.tui.look import Looks
from huntertui.tui.strip import Strip

WIDEST = 100  # columns: longer lines are hard to read
LEAST_WIDE = 18  # columns: room for where it is scrolled to
FRAME = 2


def text_width(width: int) -> int:
    """The columns that a line of text has in the widest overlay on a screen."""
    return max(min(width, WIDEST) - FRAME - 2 * MARGIN, 1)


def fitting(lines: tuple[DetailLine, ...], width: int, height: int) -> tuple[DetailLine, ...]:
    """The lines, without the empty ones between them where there is no room for all."""
    return lines if Folded.count(lines, width) <= height else tuple(line for line in lines if line.text)


class OverlayPainter(Painter[OverlayState | None]):
    """A framed list in the middle of the screen, between header and status.

    `screen`: the size of it; `below`: lines that are not to be covered. Both are to be told before it paints.
    """

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks, None)
        self.screen = Size(0, 0)
        self.below = 1
        self._folded = Folded(looks, (), 0)
        self._top = 0

    def forget(self) -> None:
        """Drop what was folded; called when the looks change."""
        self._folded = Folded(self.looks, (), 0)

    def box(self, state: OverlayState) -> Box:
        """As much room as the lines need, and no more than there is."""
        room = self.screen
        longest = max((cell_len(line.text) for line in state.lines), default=0)
        if state.wide:
            longest = WIDEST  # what is being typed shall not push the frame about
        wanted_width = max(longest, cell_len(state.title) + 2, LEAST_WIDE) + FRAME + 2
        width = room.width if state.whole else max(1, min(room.width, WIDEST, wanted_width))
        folded = self._folded_to(state, width - FRAME)
        height = max(1, min(room.height - 3, len(folded) + FRAME))
        y = max(1, (room.height - 1 - height) // 3)
        if state.whole:
            height, y = max(1, room.height - 1 - self.below), 1
        return Box(width, height, (room.width - width) // 2, y)

    def _folded_to(self, state: OverlayState, width: int) -> Folded:
        lines = state.lines
        if state.whole:
            lines = fitting(lines, width, self.screen.height - 1 - self.below - FRAME)
        if state.cut:
            room = width - 2 * MARGIN
            lines = tuple(replace(one, text=cut(one.text, room, self.looks.frame.ellipsis)) for one in lines)
        if self._folded.lines != lines or self._folded.width != width:
            self._folded = Folded(self.looks, lines, width)
        return self._folded

    def paint(self, width: int, height: int) -> list[Line]:
        """The frame and the visible lines in it."""
        state = self.state
        if state is None or width <= FRAME or height <= FRAME:
            return []
        frame, border = self.looks.frame, self.looks["border"]
        title = f" {cut(state.title, width - 6, frame.ellipsis)} "
        head = [(frame.top_left, border), (title, self.looks["heading"])]
        head.append((frame.edge * (width - 2 - cell_len(title)) + frame.top_right, border))
        wall = strip([(frame.side, border)], 1)
        folded = self._folded_to(state, width - FRAME)
        if state.cursor is not None:
            page = self._with_cursor(folded, state.cursor, height - FRAME)
        else:
            self._top = state.top
            page = folded.page(state.top, height - FRAME)
        more = len(folded) > height - FRAME
        where = f" {min(self._top + height - FRAME, len(folded))} of {len(folded)} " if more else ""
        where = where if len(where) < width - 4 else ""
        foot = [(frame.low_left + frame.edge * (width - 3 - len(where)), border), (where, self.looks["dim"])]
        foot.append((frame.edge + frame.low_right, border))
        return [(strip(head, width),), *((wall, line, wall) for line in page), (strip(foot, width),)]

    def _with_cursor(self, folded: Folded, cursor: tuple[int, int], height: int) -> list[Strip]:
        """The lines around the cursor, its cell in reverse; they move only when it would leave them."""
        row, column = cursor
        self._top = max(row - height + 1, min(self._top, row, len(folded) - height), 0)
        page = folded.page(self._top, height)
        if (at := row - self._top) < len(page):
            page[at] = _reversed(page[at], column + MARGIN)
        return page


def _reversed(line: Strip, column: int) -> Strip:
    """The line with the character at a column in reverse."""
    before, under, _ = line.divided(column, column + 2, line.cell_length)
    width = max(1, cell_len(under.text[:1]))
    before, under, after = line.divided(column, column + width, line.cell_length)
    plain = next(iter(under), None)
    reverse = not (plain and plain.style and plain.style.reverse)
    turned = [Segment(text, (style or Style()) + Style(reverse=reverse)) for text, style, _ in under]
    return Strip([*before, *turned, *after])
