"""What the workday shows, as plain values, and who paints lines of it: plain Python, without Textual.

A painter is told what to show by `show(state)` and paints it into as many columns and lines as there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from huntertui.records import dataclass
from huntertui.tui.plain import plain
from huntertui.tui.strip import Strip

if TYPE_CHECKING:
    from huntertui.model.calendar import Calendar
    from huntertui.model.ranking import Row
    from huntertui.tui.look import Looks


class Size(NamedTuple):
    """Columns and lines."""

    width: int
    height: int


class Box(NamedTuple):
    """A part of the screen: its columns and lines, and where they begin."""

    width: int
    height: int
    x: int
    y: int


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

    `today_plan`: id of a planned row -> "", or since when it is planned, as "from Mon". `fresh`: id of a row
    that a colleague has just changed -> who, and when, "14:02".
    """

    lanes: tuple[LaneState, LaneState, LaneState]
    focused: int
    narrow: bool
    selected: frozenset[int]
    now: float
    calendar: Calendar
    me: str
    today_plan: Mapping[int, str]
    fresh: Mapping[int, tuple[str, str]] = field(default_factory=dict)


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

State = TypeVar("State")


class Painter(Generic[State]):
    """Paints one part of the screen. `state`: what it shows."""

    def __init__(self, looks: Looks, state: State) -> None:
        self._looks = looks
        self.state = state

    @property
    def looks(self) -> Looks:
        """The looks it paints with; with new ones it begins anew."""
        return self._looks

    @looks.setter
    def looks(self, looks: Looks) -> None:
        self._looks = looks
        self.forget()

    def forget(self) -> None:
        """Drop what was kept of earlier painting; called when the looks change."""

    def paint(self, width: int, height: int) -> list[Line]:
        """The lines as they should stand, at most `height` of them, each `width` columns wide."""
        raise NotImplementedError

    def paint_cramped(self, width: int) -> list[Line]:  # noqa: ARG002 (most are silent)
        """The lines on a screen that is too small."""
        return []

    def painted(self, width: int, height: int, screen: Size) -> list[Line]:
        """What is to be seen on a screen of that size, in signs that the terminal has."""
        if not (width and height):
            return []
        cramped = screen.width < LEAST.width or screen.height < LEAST.height
        lines = self.paint_cramped(width) if cramped else self.paint(width, height)
        return [tuple(map(plain, line)) for line in lines] if self._looks.ascii else lines
