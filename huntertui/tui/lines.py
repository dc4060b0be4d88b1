"""What the workday shows, as plain values, and the widget that paints lines of it.

A widget of lines is told what to show by `show(state)`. It paints its visible lines, compares them with those
that stand on the screen, and asks Textual to refresh only what differs: a cursor key costs a few cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from huntertui.tui.plain import plain

if TYPE_CHECKING:
    from huntertui.model.calendar import Calendar
    from huntertui.model.ranking import Row
    from huntertui.tui.look import Looks

LEAST = Size(40, 10)
"""The smallest screen on which there is something to show; below it a line says so."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a lane from `top` on, as they stood: more than a screen of them, of `total`."""

    total: int
    top: int
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return self.total

    def visible(self, top: int, lines: int) -> tuple[Row, ...]:
        """The rows that so many lines show from row `top` on."""
        first = max(top - self.top, 0)
        return self.rows[first : first + max(lines, 0)]


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane: `title` "1 Prospects", `counts` "23 · 5 late · 30 to triage"; `cursor` and `top` are indices
    into all its rows; `empty`: the lines for a lane without rows."""

    title: str
    counts: str
    rows: Page
    cursor: int
    top: int
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardState:
    """The three lanes. `narrow`: only the focused one is shown, under tabs. `now`: POSIX seconds.

    `today_plan`: id of a planned row -> "", or since when it is planned, as "from Mon".
    """

    lanes: tuple[LaneState, LaneState, LaneState]
    focused: int
    narrow: bool
    selected: frozenset[int]
    now: float
    calendar: Calendar
    me: str
    today_plan: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DetailLine:
    """A line of text. `look`: a state of the theme ("neglected", "heading", "dim"), "" for plain.

    `links`: what in it leads where, see `links`.
    """

    text: str
    look: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DetailState:
    """All that is said of one opportunity; long lines are folded. `top`: the first folded line shown."""

    lines: tuple[DetailLine, ...]
    top: int


@dataclass(frozen=True, slots=True)
class StatusState:
    """The status or prompt line. `cursor`: the column of the text cursor, None without one.

    `hint` stands in the second line; with one line only, at the right of the first, where there is room.
    """

    text: str
    look: str = ""
    cursor: int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HeaderState:
    """The first line. `alert`: the part of `text` shown as neglected; if it is none, it follows the text."""

    text: str
    alert: str


@dataclass(frozen=True, slots=True)
class OverlayState:
    """A list over the board, as help or a menu. `top`: the first line shown; `whole`: it takes all room;
    `wide`: as many columns as a list may have, whatever stands in it; `cut`: a line is cut where it is too
    long, not folded.

    `cursor`: the line and the column of the text cursor, which is always in sight; None without one.
    """

    title: str
    lines: tuple[DetailLine, ...]
    top: int
    whole: bool = False
    wide: bool = False
    cut: bool = False
    cursor: tuple[int, int] | None = None


Line = tuple[Strip, ...]
"""A line as cells, side by side: each is refreshed for itself, as long as their widths stay."""


class Lines(Widget, can_focus=False):
    """A widget that paints lines of cells. Keys go past it: it takes no focus and has no bindings."""

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._looks = looks
        self._lines: list[Line] = []
        self._painted: Size | None = None

    @property
    def looks(self) -> Looks:
        """The looks it is painted with; new ones repaint it whole."""
        return self._looks

    @looks.setter
    def looks(self, looks: Looks) -> None:
        self._looks = looks
        self.forget()
        self._painted = None
        self.refresh()

    def paint(self, width: int, height: int) -> list[Line]:
        """The lines as they should stand, at most `height` of them, each `width` columns wide."""
        raise NotImplementedError

    def forget(self) -> None:
        """Drop what was kept of earlier painting; called when the looks change."""

    def repaint(self) -> None:
        """Paint, and refresh what differs from what stands."""
        if self._painted != self.size:
            self._painted = None
            self.refresh()
            return
        before, self._lines = self._lines, self._paint()
        regions = list(_differences(before, self._lines, self.size.width))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """The line as it was painted."""
        if self._painted != self.size:
            self._lines = self._paint()
            self._painted = self.size
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self._looks.base)
        return Strip.join(self._lines[y])

    def _paint(self) -> list[Line]:
        width, height = self.size
        if not (width and height) or self.cramped:
            return []
        lines = self.paint(width, height)
        return [tuple(map(plain, line)) for line in lines] if self._looks.ascii else lines

    @property
    def cramped(self) -> bool:
        """Whether the screen is too small to show anything."""
        width, height = self.screen.size
        return width < LEAST.width or height < LEAST.height


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
    if not strip or not other:
        return 0
    (text, style, _), (_, ending, _) = list(strip)[-1], list(other)[-1]
    return len(text) - len(text.rstrip(" ")) if style == ending else 0
