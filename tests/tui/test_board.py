"""The board on a screen: what it shows, how little it repaints, and that no size breaks it."""

from __future__ import annotations

import pytest
from painting import (
    DAY,
    EMPTY,
    NOW,
    Endless,
    Painter,
    Spy,
    a_board,
    a_lane,
    a_row,
    looks,
    looks_of,
    text_of,
)

from huntertui.model.ranking import Found
from huntertui.tui.lines import BoardState, DetailLine, DetailState, HeaderState, OverlayState, StatusState

MANY = 100_000
SIZES = (
    (1, 1), (2, 9), (9, 2), (39, 10), (40, 9), (40, 10), (60, 15), (99, 11), (100, 12), (5, 100), (300, 100),
)  # fmt: skip


def full(cursor: int = 0, top: int = 0, focused: int = 0, narrow: bool = False) -> BoardState:
    lanes = (
        a_lane(Endless(MANY), cursor, top, "1 Prospects", "100000 · 5 late · 30 to triage"),
        a_lane(Endless(MANY), 0, 0, "2 Follow-ups", "100000 · 0 late"),
        a_lane(Endless(MANY), 0, 0, "3 Closing", "100000 · €340k · 2 late"),
    )
    return a_board(*lanes, focused=focused, narrow=narrow)


async def test_three_lanes_in_frames() -> None:
    app = Painter()
    async with app.run_test(size=(120, 24)) as pilot:
        rows = Found([a_row(by=NOW - DAY), a_row(id=2, title="Nordwind", company="Nordwind")])
        app.board.show(a_board(a_lane(rows, counts="2 · 1 late"), focused=0))
        await pilot.pause()
        lines = text_of(app.board)
        assert lines[0].startswith("┌ 1 Prospects  2 · 1 late ──")
        assert lines[1].startswith("│ ! Acme GmbH       call 3/6    1d late││")
        assert lines[2].startswith("│   Nordwind        call 3/6     23 Dec││")
        assert EMPTY[0] in "".join(lines)
        assert lines[-1] == "└" + "─" * 38 + "┘" + ("└" + "─" * 38 + "┘") * 2
        assert {len(line) for line in lines} == {120}
        red = str(looks()["neglected"])
        assert list(looks_of(app.board, "1 late")) == [red]
        assert list(looks_of(app.board, " 1 Prospects ")) == [str(looks()["cursor"])]


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (200, "┌ 3 Closing  12 · €340k · 2 late · 30 to triage ─"),
        (130, "┌ 3 Closing  12 · €340k · 2 late ─"),
        (100, "┌ 3 Closing  12 · 2 late ─"),
    ],
)
async def test_the_number_of_the_late_stays_longest(width: int, title: str) -> None:
    app = Painter()
    async with app.run_test(size=(width, 24)) as pilot:
        counts = "12 · €340k · 2 late · 30 to triage"
        app.board.show(a_board(a_lane(Found([a_row()]), title="3 Closing", counts=counts)))
        await pilot.pause()
        assert text_of(app.board)[0].startswith(title)


async def test_no_count_of_zero_is_red() -> None:
    app = Painter()
    async with app.run_test(size=(120, 24)) as pilot:
        app.board.show(a_board(a_lane(Found([a_row()]))))
        await pilot.pause()
        assert list(looks_of(app.board, "0 late")) == [str(looks()["dim"])]


async def test_a_cursor_key_repaints_two_rows_of_one_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)) as pilot:
        app.board.show(full(cursor=3))
        await pilot.pause()
        spy = Spy(app.board, monkeypatch)
        app.board.show(full(cursor=4))
        assert spy.taken() == [(4, 1, 64, 2)]  # the row left and the row entered lie together
        app.board.show(full(cursor=9))
        assert spy.taken() == [(5, 1, 64, 1), (10, 1, 64, 1)]
        app.board.show(full(cursor=9))
        assert spy.taken() == []


async def test_to_change_the_lane_repaints_two_titles_and_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)) as pilot:
        app.board.show(full())
        await pilot.pause()
        spy = Spy(app.board, monkeypatch)
        app.board.show(full(focused=1))
        assert spy.taken() == [(0, 0, 66, 1), (0, 66, 67, 1), (1, 1, 64, 1), (1, 67, 65, 1)]


async def test_the_end_of_a_long_lane_is_shown() -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)) as pilot:
        app.board.show(a_board(a_lane(Endless(MANY), MANY - 1, MANY - app.board.page(narrow=False))))
        await pilot.pause()
        lines = text_of(app.board)
        assert f"Customer {MANY - 1}" in lines[-2]
        assert f" of {MANY} ─┘" in lines[-1]


async def test_a_scrolled_lane_says_where_it_is() -> None:
    app = Painter()
    async with app.run_test(size=(200, 50)) as pilot:
        app.board.show(full(cursor=50, top=40))
        await pilot.pause()
        page = app.board.page(narrow=False)
        assert f" 41-{40 + page} of {MANY} ─┘" in text_of(app.board)[-1]
        assert "Customer 40 " in text_of(app.board)[1]


async def test_narrow_shows_one_lane_under_tabs() -> None:
    app = Painter()
    async with app.run_test(size=(80, 24)) as pilot:
        app.board.show(full(narrow=True))
        await pilot.pause()
        lines = text_of(app.board)
        assert app.board.page(narrow=True) == len(lines) - 1
        assert lines[0].startswith(
            " 1 Prospects  100000 · 5! · 30~   2 Follow-ups  100000   3 Closing  100000 · 2!"
        )
        assert lines[1].startswith("   Customer 0 ")
        app.board.show(full(narrow=True, focused=1))
        assert list(looks_of(app.board, " 2 Follow-ups ")) == [str(looks()["cursor"])]


async def test_the_tabs_of_a_narrower_screen_keep_the_lane_that_is_shown() -> None:
    app = Painter()
    async with app.run_test(size=(60, 15)) as pilot:
        app.board.show(full(narrow=True, focused=2))
        await pilot.pause()
        assert " ".join(text_of(app.board)[0].split()) == "1 100000 · 5! · 30~ 2 100000 3 Closing 100000 · 2!"


async def test_marks_of_plan_and_selection() -> None:
    app = Painter()
    async with app.run_test(size=(120, 24)) as pilot:
        rows = Found([a_row(id=1), a_row(id=2), a_row(id=3)])
        app.board.show(a_board(a_lane(rows, 2), selected=frozenset({1}), plan={2: ""}))
        await pilot.pause()
        assert [line[1] for line in text_of(app.board)[1:4]] == ["*", "»", " "]


async def test_new_looks_repaint_everything() -> None:
    app = Painter()
    async with app.run_test(size=(120, 24)) as pilot:
        app.board.show(a_board(a_lane(Found([a_row(by=NOW - DAY)]), 1)))
        await pilot.pause()
        app.board.looks = looks("light")
        await pilot.pause()
        assert list(looks_of(app.board, "1d late")) == [str(looks("light")["neglected"])]


@pytest.mark.parametrize("narrow", [False, True])
async def test_every_size_is_survived(narrow: bool) -> None:
    app = Painter()
    async with app.run_test(size=(80, 24)) as pilot:
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            app.board.show(full(cursor=7, narrow=narrow))
            lines = (DetailLine("long " * 99, "heading"),)
            app.header.show(HeaderState("huntertui · 14 neglected", "14 neglected"))
            app.detail.show(DetailState(lines, 3))
            app.status.show(StatusState("a prompt " * 30, cursor=200, hint="hint " * 40))
            app.overlay.show(OverlayState("Help", lines * 40, 5))
            await pilot.pause()
            for widget in (app.header, app.board, app.detail, app.status, app.overlay):
                assert {widget.render_line(y).cell_length for y in range(widget.size.height)} <= {
                    widget.size.width
                }
            first = "Too small"[: max(width - 2, 0)] if width < 40 or height < 10 else "huntertui"
            assert text_of(app.header)[0].startswith(first)
            app.overlay.show(None)
