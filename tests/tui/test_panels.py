"""Header, status, detail and overlay: what they show of what they are told."""

from __future__ import annotations

import pytest
from painting import Painter, Spy, looks, looks_of, text_of
from rich.style import Style

from huntertui.tui.lines import DetailLine, DetailState, HeaderState, OverlayState, StatusState
from huntertui.tui.look import Looks
from huntertui.tui.status import StatusPainter


@pytest.mark.parametrize(
    ("text", "alert", "line"),
    [
        ("ana · 14 neglected · next 15:30", "14 neglected", "ana · 14 neglected · next 15:30"),
        ("ana", "14 neglected", "ana · 14 neglected"),
        ("ana", "", "ana"),
        ("", "14 neglected", "14 neglected"),
        ("DEMO\x1b[2J", "", "DEMO\ufffd[2J"),
    ],
)
async def test_header(text: str, alert: str, line: str) -> None:
    app = Painter()
    async with app.run_test(size=(100, 24)):
        app.header.show(HeaderState(text, alert))
        assert text_of(app.header)[0].rstrip() == line
        if alert:
            (style,) = looks_of(app.header, alert)
            wanted, bar = looks()["neglected"], looks()["status"]
            assert Style.parse(style) == Style.parse(f"bold {wanted.color.name} on {bar.bgcolor.name}")  # type: ignore[union-attr]


def lines_of(state: StatusState, width: int, height: int, with_looks: Looks | None = None) -> list[str]:
    status = StatusPainter(with_looks or looks())
    status.state = state
    return [line[0].text for line in status.paint(width, height)]


def test_the_hint_stands_below_or_beside_where_there_is_room() -> None:
    state = StatusState("Logged: no answer, Acme.", hint="c log  s snooze")
    assert [line.rstrip() for line in lines_of(state, 80, 2)] == [
        "Logged: no answer, Acme.",
        "c log  s snooze",
    ]
    assert lines_of(state, 50, 1) == ["Logged: no answer, Acme." + " " * 11 + "c log  s snooze"]
    assert lines_of(state, 40, 1) == ["Logged: no answer, Acme." + " " * 16]  # half of the keys help nobody


def test_a_preview_beside_a_prompt_is_cut() -> None:
    state = StatusState("Snooze: tue", cursor=11, hint="→ Tue 1 Dec, in 8 days")
    assert lines_of(state, 28, 1) == ["Snooze: tue    → Tue 1 Dec,…"[:28]]


@pytest.mark.parametrize(
    ("text", "cursor", "under"),
    [
        ("Find: acme", 10, " "),
        ("Find: acme", 6, "a"),
        ("Find: acme", 0, "F"),
        ("Find: 漢字", 8, "字"),
        ("Find: 漢字", 10, " "),
        ("", 0, " "),
        ("Find: ", 8, " "),
    ],
)
@pytest.mark.parametrize("theme", ["dark", "mono"])
def test_the_cursor_is_one_cell_in_reverse(text: str, cursor: int, under: str, theme: str) -> None:
    status = StatusPainter(looks(theme))
    status.state = StatusState(text, cursor=cursor)
    ((strip,),) = status.paint(40, 1)
    plain = bool(looks(theme)["status"].reverse)
    (segment,) = [part for part in strip if part.style and bool(part.style.reverse) is not plain]
    assert segment.text == under
    assert strip.text.startswith(text)


def test_the_cursor_stays_in_sight_of_a_long_prompt() -> None:
    status = StatusPainter(looks())
    status.state = StatusState("x" * 300 + "end", cursor=303)
    ((strip,),) = status.paint(40, 1)
    assert strip.text == "x" * 36 + "end "
    assert strip.cell_length == 40


async def test_detail_folds_and_scrolls() -> None:
    app = Painter()
    async with app.run_test(size=(120, 40)) as pilot:
        history = [DetailLine(f"line {at}", "dim") for at in range(30)]
        lines = (DetailLine("Acme GmbH", "heading"), DetailLine("why " * 60, "neglected"), *history)
        app.detail.show(DetailState(lines, 0))
        await pilot.pause()
        shown = [line.rstrip() for line in text_of(app.detail)]
        assert shown[0] == " Acme GmbH"
        assert shown[1].startswith(" why why")
        assert shown[2].startswith("   why why")  # hangs in
        assert list(looks_of(app.detail, "line 0")) == [str(looks()["dim"])]
        app.detail.show(DetailState(lines, 999))
        await pilot.pause()
        assert text_of(app.detail)[-1].rstrip() == " line 29"
        assert app.detail.last_top == len(lines) + 2 - app.detail.size.height


async def test_blanks_at_the_end_of_a_line_are_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)) as pilot:
        app.detail.show(DetailState((DetailLine("Acme", "heading"), DetailLine("same"), DetailLine("x")), 0))
        await pilot.pause()
        spy = Spy(app.detail, monkeypatch)
        app.detail.show(DetailState((DetailLine("Nordwind", "heading"), DetailLine("same")), 0))
        assert spy.taken() == [(0, 0, 9, 1), (2, 0, 2, 1)]


async def test_narrow_shows_the_detail_in_place_of_the_board() -> None:
    app = Painter()
    async with app.run_test(size=(80, 24)) as pilot:
        assert not app.detail.display
        assert app.board.size == (80, 22)
        app.screen.add_class("-detail")
        await pilot.pause()
        assert app.detail.size == (80, 22)
        assert not app.board.display


async def test_wide_shows_all() -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)):
        heights = {type(widget).__name__: widget.size.height for widget in app.screen.children}
        assert heights | {"Overlay": 0} == {"Header": 1, "Board": 31, "Detail": 16, "Status": 2, "Overlay": 0}


async def test_the_overlay_takes_the_room_it_needs() -> None:
    app = Painter()
    async with app.run_test(size=(120, 40)) as pilot:
        app.overlay.show(OverlayState("Keys", (DetailLine("c n  log no answer"), DetailLine("u  undo")), 0))
        await pilot.pause()
        assert [line.rstrip() for line in text_of(app.overlay)] == [
            "┌ Keys ──────────────┐",
            "│ c n  log no answer │",
            "│ u  undo            │",
            "└────────────────────┘",
        ]
        region = app.overlay.region
        assert abs(region.x - (120 - region.right)) <= 1
        assert region.y >= 1
        app.overlay.show(None)
        await pilot.pause()
        assert not app.overlay.display


async def test_a_long_overlay_scrolls_and_says_where_it_is() -> None:
    app = Painter()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = tuple(DetailLine(f"line {at}") for at in range(100))
        app.overlay.show(OverlayState("Help", lines, 7))
        await pilot.pause()
        shown = text_of(app.overlay)
        assert shown[1].startswith("│ line 7 ")
        assert len(shown) == app.overlay.page_size + 2 == 21
        assert " 26 of 100 " in shown[-1]
        await pilot.resize_terminal(60, 15)
        app.overlay.show(OverlayState("Help", lines, 7))
        await pilot.pause()
        assert app.overlay.region.bottom <= 14


async def test_record_text_is_never_obeyed() -> None:
    app = Painter()
    nasty = "[/red] [@click=app.quit]x[/] \x1b]0;title\x07"
    async with app.run_test(size=(120, 40)) as pilot:
        app.header.show(HeaderState(nasty, nasty))
        app.detail.show(DetailState((DetailLine(nasty),), 0))
        app.status.show(StatusState(nasty, cursor=3, hint=nasty))
        app.overlay.show(OverlayState(nasty, (DetailLine(nasty),), 0))
        await pilot.pause()
        for widget in (app.header, app.detail, app.status, app.overlay):
            text = "".join(text_of(widget))
            assert "[/red] [@click=app.quit]x[/] \ufffd]0;title\ufffd" in text
            assert "\x1b" not in text
