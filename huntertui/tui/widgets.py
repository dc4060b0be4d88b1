"""The parts of the screen as Textual's widgets, each with a painter.

A widget of lines is told what to show by `show(state)`. It has its visible lines painted, compares them with
those that stand on the screen, and asks Textual to refresh only what differs: a cursor key costs a few cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic

from textual.geometry import Region
from textual.geometry import Size as TextualSize
from textual.strip import Strip as TextualStrip
from textual.widget import Widget

from huntertui.tui.board import BoardPainter, page_of
from huntertui.tui.detail import DetailPainter
from huntertui.tui.lines import (
    BoardState,
    Box,
    DetailState,
    HeaderState,
    Line,
    OverlayState,
    Painter,
    Size,
    State,
    StatusState,
)
from huntertui.tui.overlay import FRAME, OverlayPainter
from huntertui.tui.status import HeaderPainter, StatusPainter
from huntertui.tui.strip import Strip

if TYPE_CHECKING:
    from huntertui.tui.look import Looks


class Lines(Widget, Generic[State], can_focus=False):
    """A widget that shows lines of cells. Keys go past it: it takes no focus and has no bindings."""

    def __init__(self, painter: Painter[State], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter = painter
        self._lines: list[Line] = []
        self._painted: TextualSize | None = None

    @property
    def looks(self) -> Looks:
        """The looks it is painted with; new ones repaint it whole."""
        return self._painter.looks

    @looks.setter
    def looks(self, looks: Looks) -> None:
        self._painter.looks = looks
        self._painted = None
        self.refresh()

    def show(self, state: State) -> None:
        """Show this."""
        self._painter.state = state
        self.repaint()

    def repaint(self) -> None:
        """Paint, and refresh what differs from what stands."""
        size = self.size  # Textual works it out each time
        if self._painted != size:
            self._painted = None
            self.refresh()
            return
        before, self._lines = self._lines, self._paint(size)
        regions = list(_differences(before, self._lines, size.width))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> TextualStrip:
        """The line as it was painted."""
        size = self.size
        if self._painted != size:
            self._lines = self._paint(size)
            self._painted = size
        if y >= len(self._lines):
            return TextualStrip.blank(size.width, self.looks.base)
        return TextualStrip([segment for cell in self._lines[y] for segment in cell], size.width)

    def _paint(self, size: TextualSize) -> list[Line]:
        return self._painter.painted(*size, Size(*self.screen.size))


class Header(Lines[HeaderState]):
    """The first line."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        super().__init__(HeaderPainter(looks), id=id)


class Board(Lines[BoardState | None]):
    """Three lanes in one widget."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        super().__init__(BoardPainter(looks), id=id)

    def page(self, *, narrow: bool) -> int:
        """How many rows of a lane there is room for; at least 1."""
        return page_of(self.size.height, narrow=narrow)


class Detail(Lines[DetailState]):
    """The lines under the board, or on a narrow screen in its place."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        self._folding = DetailPainter(looks)
        super().__init__(self._folding, id=id)

    @property
    def last_top(self) -> int:
        """The greatest `top` at which the lines still fill the widget."""
        return self._folding.last_top(*self.size)


class Status(Lines[StatusState]):
    """The status or prompt, and a hint."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        super().__init__(StatusPainter(looks), id=id)


class Overlay(Lines[OverlayState | None]):
    """A list over the board; hidden without a state."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        self._framing = OverlayPainter(looks)
        super().__init__(self._framing, id=id)
        self._placed: Box | None = None
        self.display = False

    def show(self, state: OverlayState | None, below: int = 1) -> None:
        """Show this list, over `below` lines; None hides it. To be called again when the screen changes."""
        self._framing.below = below
        if state is not None and self.is_mounted:
            self._place(state)
        self.display = state is not None
        super().show(state)

    @property
    def page_size(self) -> int:
        """How many lines are visible; at least 1."""
        return max(1, self.size.height - FRAME)

    def _place(self, state: OverlayState) -> None:
        self._framing.screen = Size(*self.screen.size)
        wanted = self._framing.box(state)
        if wanted != self._placed:
            self._placed = wanted
            self.styles.width, self.styles.height = wanted.width, wanted.height
            self.styles.offset = wanted.x, wanted.y


def _differences(before: list[Line], after: list[Line], width: int) -> Iterator[Region]:
    """The parts that differ: cell by cell, what lies one above the other taken together."""
    runs: dict[tuple[int, int], tuple[int, int]] = {}  # (x, width) -> (first y, y after the last)
    for y in range(max(len(before), len(after))):
        old = before[y] if y < len(before) else ()
        new = after[y] if y < len(after) else ()
        for column in _changed(old, new, width):
            first, end = runs.get(column, (y, y))
            if end != y:
                yield Region(column[0], first, column[1], end - first)
                first = y
            runs[column] = (first, y + 1)
    for (x, cell_width), (first, end) in runs.items():
        yield Region(x, first, cell_width, end - first)


def _changed(old: Line, new: Line, width: int) -> Iterator[tuple[int, int]]:
    if old == new:  # which looks into no cell that is the same one
        return
    if [cell.cell_length for cell in old] != [cell.cell_length for cell in new]:
        yield 0, width
        return
    x = 0
    for was, cell in zip(old, new, strict=True):
        if was is not cell and was != cell:
            yield x, cell.cell_length - min(_blank_end(was, cell), _blank_end(cell, was))
        x += cell.cell_length


def _blank_end(strip: Strip, other: Strip) -> int:
    """How many blanks end a strip, in a segment of the style that the other one ends in."""
    if strip.last is None or other.last is None:
        return 0
    text, style, _ = strip.last
    return len(text) - len(text.rstrip(" ")) if style == other.last.style else 0
