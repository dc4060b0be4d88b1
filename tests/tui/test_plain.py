"""Nothing is said by colour or by a sign alone: the whole screen in ASCII, and every state as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations, product
from pathlib import Path

import pytest
from day import morning, start
from painting import CALENDAR, DAY, HOUR, NOW, Painter, a_board, a_lane, a_row, looks, text_of
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from terminal import Terminal

from huntertui.colors import PALETTES, contrast
from huntertui.legible import TEXT
from huntertui.model.ranking import NEVER, Found, Mark, Row
from huntertui.themes import available, folders
from huntertui.tui.lane import Moment, Place, Rows
from huntertui.tui.lines import DetailLine, DetailState, HeaderState, OverlayState, StatusState
from huntertui.tui.plain import plain
from huntertui.tui.strip import Strip

MOMENT = Moment.of(NOW, CALENDAR, "ana")
STATES: dict[str, Row] = {
    "neglected": a_row(by=NOW - 3 * DAY, rule="agreed"),
    "triage": a_row(marks=Mark.TRIAGE),
    "due today": a_row(by=MOMENT.midnight),
    "parked": a_row(marks=Mark.PARKED),
    "no next step": a_row(marks=Mark.NO_NEXT, next=""),
    "amber": a_row(amber=NOW - HOUR),
    "aged": a_row(aged=NOW - HOUR),
    "in time": a_row(),
    "won": a_row(marks=Mark.CLOSED, stage="won"),
    "lost": a_row(marks=Mark.CLOSED, stage="lost"),
    "nobody's": a_row(owner=""),
    "a colleague's": a_row(owner="ben"),
    "helped with": a_row(helper="ben", lease=NEVER),
    "urgent": a_row(priority=0),
    "high": a_row(priority=1),
    "low": a_row(priority=3),
}
PLACES = {
    "": Place(44),
    "selected": Place(44, selected=True),
    "planned": Place(44, plan=""),
}
CURSORS = ("", "cursor", "cursor_inactive")


@pytest.mark.parametrize("ascii", [False, True], ids=["signs", "ascii"])
@pytest.mark.parametrize("cursor", CURSORS)
def test_every_state_is_told_by_text_alone(ascii: bool, cursor: str) -> None:  # noqa: A002
    rows = Rows(looks("mono", ascii))
    painted = {
        (state, where): plain(rows.paint(row, place._replace(cursor=cursor), MOMENT)).text
        for (state, row), (where, place) in product(STATES.items(), PLACES.items())
    }
    same = [(one, other) for one, other in combinations(painted, 2) if painted[one] == painted[other]]
    assert same == []
    assert all(text.isascii() for text in painted.values()) or not ascii


THEMES, _ = available(folders(Path("/nowhere")))


def seen(color: Color | None, system: ColorSystem, default: str, palette: str) -> str:
    """What a terminal shows, by Rich's own way down to fewer colours."""
    if color is None or color.is_default:
        return default
    down = color.downgrade(system)
    if down.number is not None and down.number < 16:
        return list(PALETTES[palette].values())[down.number]
    return down.get_truecolor().hex


def shown_colors(style: Style, system: ColorSystem, dark: bool, palette: str) -> tuple[str, str]:
    names = list(PALETTES[palette].values())
    ink, paper = (names[7], names[0]) if dark else (names[0], names[15])
    return seen(style.color, system, ink, palette), seen(style.bgcolor, system, paper, palette)


SYSTEMS = {
    "truecolor": (ColorSystem.TRUECOLOR, "xterm"),
    "256": (ColorSystem.EIGHT_BIT, "xterm"),
    "16 of xterm": (ColorSystem.STANDARD, "xterm"),
    "16 of VGA": (ColorSystem.STANDARD, "VGA"),
}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("system", SYSTEMS)
async def test_all_that_is_painted_can_be_read(name: str, system: str) -> None:
    """In 16 colours `stand_in` shows a theme of the terminal's own, so only those are painted there."""
    theme, (depth, palette) = THEMES[name], SYSTEMS[system]
    if depth is ColorSystem.STANDARD and not theme.ansi:
        pytest.skip("never shown in 16 colours")
    rows = Rows(looks(name))
    strips: list[Iterable[Segment]] = [
        rows.paint(row, place._replace(cursor=cursor), MOMENT)
        for row, place, cursor in product(STATES.values(), PLACES.values(), CURSORS)
    ]
    app = Painter(name)
    async with app.run_test(size=(120, 30)) as pilot:
        late = a_lane(Found([STATES["neglected"]]), title="1 Prospects", counts="1 · 1 late · 2 to triage")
        app.board.show(a_board(late, late))
        app.header.show(HeaderState("huntertui · 3 neglected", "3 neglected"))
        await pilot.pause()
        for look in ("", "neglected", "amber", "dim", "triage"):
            app.status.show(StatusState("said", look, hint="hint"))
            strips += [app.status.render_line(y) for y in range(app.status.size.height)]
        said = ("", *(look for look in theme.state if look != "border"))
        lines = tuple(DetailLine(f"said {look}", look, ((look, "tel:+49"),)) for look in said)
        app.detail.show(DetailState(lines, 0))
        app.overlay.show(OverlayState("Title", lines, 0, whole=True, cursor=(0, 2)))
        await pilot.pause()
        for widget in (app.header, app.board, app.detail, app.overlay):
            assert widget.size.height > 0
            strips += [widget.render_line(y) for y in range(widget.size.height)]
    for strip in strips:
        for text, style, _ in strip:
            if text.strip() and style is not None:
                ratio = contrast(*shown_colors(style, depth, theme.dark, palette))
                least = 3.0 if set(text) <= set(" ─│┌┐└┘") else TEXT
                assert ratio >= least, (text, str(style), ratio)


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["abc"], "abc"),
        (["a · b…"], "a - b."),
        (["→ x   ", "y"], "-> x  y"),
        ([" €340k ", "────┐"], " EUR340k --+"),
        (["⏎↑↓"], "Ent"),
        (["漢字 · é"], "漢字 - é"),
        (["↑ ↓    ", "  "], "up down  "),
    ],
)
def test_signs_become_ascii_in_the_same_room(pieces: list[str], shown: str) -> None:
    cell = Strip([Segment(text, Style()) for text in pieces])
    made = plain(cell)
    assert made.text == shown
    assert made.cell_length == cell.cell_length


async def test_every_widget_is_in_ascii() -> None:
    app = Painter(ascii=True)
    async with app.run_test(size=(120, 30)) as pilot:
        lane = a_lane(Found(STATES.values()), title="3 Closing", counts="12 · €340k · 2 late")
        app.board.show(a_board(lane, lane, lane, focused=1, selected=frozenset({1}), plan={1: "from Mon"}))
        app.header.show(HeaderState("huntertui  Mon 23 Nov · ana · 14 neglected", "14 neglected"))
        app.status.show(StatusState("→ Fri 27 · ⏎ " + "x" * 200, hint="↑ ↓ move"))
        app.overlay.show(OverlayState("Views: ⏎ opens", (DetailLine("a → b · " + "y" * 90),), 0))
        await pilot.pause()
        for widget in (app.header, app.board, app.detail, app.status, app.overlay):
            lines = text_of(widget)
            assert "".join(lines).isascii(), lines
            assert {len(line) for line in lines} == {widget.size.width}
        assert "EUR340k" in text_of(app.board)[0]
        assert text_of(app.board)[0].endswith("+")


KEYS = (
    "?",
    "\x1b",
    "\x10",
    "\x1b",
    "e",
    "\x1b",
    "a",
    "Jo Li @zeta fri",
    "\x1b",
    "c",
    "\x1b",
    "ge",
    "\x1b",
    "s",
    "\x1b",
)


def test_the_whole_program_in_ascii(tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    settings = store.parent / ".config" / "huntertui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("ascii = true\n")
    with start(store) as terminal:
        terminal.until("Borealis").rest()
        for keys in KEYS:
            terminal.type(keys).rest(0.7 if keys == "\x1b" else 0.2)
            assert terminal.text.isascii(), terminal.text
        assert "+ 1 Prospects" in terminal.text.replace("-", "") or "+" in terminal.rows[1]
    assert terminal.written.isascii()


SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def sent(terminal: Terminal) -> set[int]:
    """The first number of each colour or style that was sent."""
    return {int(number or 0) for found in SGR.findall(terminal.written) for number in found.split(b";")}


def test_without_colours_no_colour_is_sent(tmp_path: Path) -> None:
    with start(morning(tmp_path / "store" / "store.json"), NO_COLOR="1") as terminal:
        terminal.until("Borealis").type("?").until("next row").rest()
    assert sent(terminal) <= {*range(10), 22, 23, 24, 27, 29, 39, 49}
    assert {1, 7} <= sent(terminal)


@pytest.mark.parametrize("term", ["xterm", "linux", "quux"])
def test_few_colours_are_the_terminals_own(tmp_path: Path, term: str) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store, TERM=term, COLORTERM="") as terminal:
        terminal.until("Borealis").rest()
        assert terminal.color("Dorset") == ("brightred", True)  # the cursor is on none of its lane
    assert not sent(terminal) & {38, 48}
