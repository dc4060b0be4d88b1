"""What the painting tests share: rows out of nothing, an application that only paints, and its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

import huntertui.tui
from huntertui.model.calendar import Calendar
from huntertui.model.ranking import NEVER, Found, Row
from huntertui.themes import folders, load
from huntertui.tui.lines import BoardState, LaneState, Page
from huntertui.tui.look import Looks, textual_theme
from huntertui.tui.widgets import Board, Detail, Header, Lines, Overlay, Status

CALENDAR = Calendar()
NOW = datetime(2026, 11, 23, 9, 47, tzinfo=UTC).timestamp()  # a Monday
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
EMPTY = ("No deals yet.", "a  add one")

_PLAIN = Row(
    id=1, title="Acme GmbH", company="Acme GmbH", who="", owner="ana", helper="", lane=0, stage="new",
    priority=2, by=NOW + 30 * DAY, due=NEVER, amber=NEVER, opens=NEVER, shown=-NEVER, touched=-NEVER,
    aged=NEVER, rule="idle", next="call 3/6", worth=0.0, value=None, currency="EUR", marks="",
)  # fmt: skip


def a_row(**fields: object) -> Row:
    """A calm row of mine, with these fields."""
    return _PLAIN._replace(**fields)  # type: ignore[arg-type]


class Endless(Found):
    """As many rows as wanted, each made when it is asked for; it counts how many were."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length, self.asked = length, 0

    def __len__(self) -> int:
        return self.length

    def __bool__(self) -> bool:
        return self.length > 0

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        self.asked += 1
        return a_row(id=index, title=f"Customer {index}", company="")


def a_lane(
    rows: Found, cursor: int = 0, top: int = 0, title: str = "1 Prospects", counts: str = ""
) -> LaneState:
    page = Page(len(rows), top, tuple(rows[at] for at in range(top, min(top + 200, len(rows)))))
    return LaneState(title, counts or f"{len(rows)} · 0 late", page, cursor, top, EMPTY)


def a_board(
    first: LaneState,
    *others: LaneState,
    focused: int = 0,
    narrow: bool = False,
    selected: frozenset[int] = frozenset(),
    now: float = NOW,
    plan: Mapping[int, str] = {},
) -> BoardState:
    lanes = [first, *others, a_lane(Found()), a_lane(Found())][:3]
    return BoardState((lanes[0], lanes[1], lanes[2]), focused, narrow, selected, now, CALENDAR, "ana", plan)


def looks(name: str = "dark", ascii: bool = False) -> Looks:  # noqa: A002
    return Looks(load(name, folders(Path("/nowhere"))), ascii)


class Painter(App[None]):
    """The widgets of the workday, and nobody who tells them what to show."""

    CSS_PATH = str(Path(huntertui.tui.__file__).with_name("huntertui.tcss"))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual's own declaration)

    def __init__(self, name: str = "dark", ascii: bool = False) -> None:  # noqa: A002
        super().__init__()
        self.looks = looks(name, ascii)
        self.register_theme(textual_theme(self.looks.theme))
        self.theme = name

    def compose(self) -> ComposeResult:
        for kind in (Header, Board, Detail, Status, Overlay):
            yield kind(self.looks)

    @property
    def header(self) -> Header:
        return self.query_one(Header)

    @property
    def board(self) -> Board:
        return self.query_one(Board)

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    @property
    def status(self) -> Status:
        return self.query_one(Status)

    @property
    def overlay(self) -> Overlay:
        return self.query_one(Overlay)


def text_of(widget: Lines[Any]) -> list[str]:
    """The lines that a widget shows."""
    return [widget.render_line(y).text for y in range(widget.size.height)]


def looks_of(widget: Lines[Any], words: str) -> Iterator[str]:
    """For each place where the words stand: the style of their first letter, as Rich says it."""
    for y in range(widget.size.height):
        strip = widget.render_line(y)
        if words in strip.text:
            at = strip.crop(len(strip.text[: strip.text.index(words)]))
            yield str(at._segments[0].style)


class Spy:
    """Notes which parts of a widget are asked to be repainted."""

    def __init__(self, widget: Lines[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        self.regions: list[Region] = []
        refresh = widget.refresh

        def noted(*regions: Region, **options: bool) -> object:
            self.regions += regions or [Region(0, 0, *widget.size)]
            return refresh(*regions, **options)

        monkeypatch.setattr(widget, "refresh", noted)

    def taken(self) -> list[tuple[int, int, int, int]]:
        regions, self.regions = self.regions, []
        return sorted((region.y, region.x, region.width, region.height) for region in regions)
