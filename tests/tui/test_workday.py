"""The whole screen, headless: keys go in, lines come out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from desks import Clock, desk_at, desk_over, small_world
from textual.pilot import Pilot

from huntertui import themes
from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.tui.app import HunterApp
from huntertui.tui.keys import key_names
from huntertui.tui.look import Looks
from huntertui.tui.palette import Palette
from huntertui.tui.scene import Scene
from huntertui.tui.widgets import Header, Lines

NAMES = {"⏎": "enter", "␛": "escape", " ": "space"}


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """Ten days after the small world came to be."""
    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    return desk


def app_over(desk: Desk, *, demo: bool = False, keys: dict[str, tuple[str, ...]] | None = None) -> HunterApp:
    theme = themes.load("dark", themes.folders(Path("none")))
    config = Config(store="memory:", keys=keys or {})
    return HunterApp(Scene(desk, config, demo=demo), config, Looks(theme))


def lines_of(app: HunterApp) -> list[str]:
    """The screen, line by line, as it was painted."""
    width, height = app.size
    lines = [" " * width] * height
    for widget in app.screen.query(Lines):
        if widget.display:
            for y in range(widget.size.height):
                lines[widget.region.y + y] = widget.render_line(y).text
    return [line.rstrip() for line in lines]


def text_of(app: HunterApp) -> str:
    return "\n".join(lines_of(app))


@asynccontextmanager
async def running(app: HunterApp, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """The app, laid out."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot, app)
        yield pilot


async def settled(pilot: Pilot[None], app: HunterApp) -> None:
    """Wait until all that was typed is done and shown."""
    await pilot.pause()
    await until(lambda: not app.workday.busy)
    await pilot.pause()


async def type_in(pilot: Pilot[None], keys: str) -> None:
    """Type, key by key, and wait for what comes of it."""
    await pilot.press(*(NAMES.get(key, key) for key in keys))
    assert isinstance(pilot.app, HunterApp)
    await settled(pilot, pilot.app)


async def take(pilot: Pilot[None], app: HunterApp, keys: str) -> None:
    """Hand keys straight to the screen, in one burst."""
    for key in keys:
        app.workday.take(NAMES.get(key, key))
    await settled(pilot, app)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what a timer brings; a bound for a busy machine, never waited out."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


async def test_the_header_tells_what_the_rows_show(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        lines = lines_of(app)
        assert lines[0] == "huntertui  Thu 3 Dec · ana · 5 neglected · 0/10 0/0 0/2 · 2 open to me"
        assert sum(line.count("d late") for line in lines[2:30]) == 5
        assert "1 Prospects  4 · 4 late" in lines[1]
        assert "3 Closing  1 · €50k · 1 late" in lines[1]
        await type_in(pilot, "gm")
        lines = lines_of(app)
        assert "3 neglected" in lines[0]
        assert "only mine" in lines[0]
        assert sum(line.count("d late") for line in lines[2:30]) == 3


async def test_the_next_promise_stands_in_the_header(desk: Desk) -> None:
    desk.snooze(1, "=15:30")
    app = app_over(desk, demo=True)
    async with running(app, (200, 50)):
        assert "next 15:30 Acme" in lines_of(app)[0]
        assert "DEMO, not saved" in lines_of(app)[0]


async def test_one_key_changes_board_detail_and_status_at_once(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        await type_in(pilot, "j")
        assert "+44 20 7946 0958 · call, Tue 24 Nov · also at Acme: 1 item, ana" in text_of(app)
        assert "Red since the end of Tue 24 Nov" in text_of(app)
        await type_in(pilot, "cn")
        text = text_of(app)
        assert "Acme #1: no answer · next email 2/6, Mon 7 Dec" in text
        assert "Bob Ray · bob@acme.example" in text
        await type_in(pilot, "stu")
        assert "Acme · until: tu   → Tue 8 Dec" in text_of(app)
        await type_in(pilot, "⏎")
        assert "Acme #2: call 1/6, Tue 8 Dec · stays red" in text_of(app)


async def test_the_history_comes_when_the_keys_rest(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        await take(pilot, app, "#1⏎")
        desk.note(1, "likes tea")
        await until(lambda: "ana: likes tea" in text_of(app))
        await type_in(pilot, "cohates coffee⏎")
        assert "ana: likes tea" in text_of(app)  # what is known stands until more is
        await until(lambda: "ana: hates coffee" in text_of(app))


async def test_a_pending_key_shows_its_choices(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        await type_in(pilot, "xl")
        assert "lost: p price · t timing · c competitor" in text_of(app)
        await type_in(pilot, "␛")
        assert "cancelled" in text_of(app)
        await type_in(pilot, "t")
        assert "stage: 1 new · 2 attempting" in text_of(app)


async def test_keys_move_with_the_settings(desk: Desk) -> None:
    app = app_over(desk, keys={"close-won": ("%",), "log-no-answer": ("&",)})
    async with running(app, (200, 50)) as pilot:
        assert "& log" in text_of(app)
        await type_in(pilot, "j%")
        assert "won Acme #1" in text_of(app)


async def test_a_wrong_key_in_the_settings_is_said(desk: Desk) -> None:
    app = app_over(desk, keys={"cliam": ("%",)})
    async with running(app, (200, 50)):
        assert "[keys] cliam: no command of that name; did you mean 'claim'?" in text_of(app)


async def test_narrow_shows_one_lane_and_the_detail_on_enter(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (80, 24)) as pilot:
        assert "Globex" in text_of(app)
        assert "Initech" not in text_of(app)
        await type_in(pilot, "3")
        assert "Initech" in text_of(app)
        assert "Dora Diaz" in text_of(app)
        await type_in(pilot, "⏎")
        await pilot.pause()
        assert "closes Fri 11 Dec" in text_of(app)
        await type_in(pilot, "␛")
        await pilot.pause()
        assert "closes Fri 11 Dec" not in text_of(app)


SIZES = [(200, 50), (120, 40), (100, 24), (80, 24), (60, 15), (40, 10), (39, 9), (5, 3), (1, 1)]


@pytest.mark.parametrize("size", SIZES)
async def test_no_size_is_a_crash(desk: Desk, size: tuple[int, int]) -> None:
    app = app_over(desk)
    async with running(app, size) as pilot:
        for keys in ("jjkG", "c␛", "?x␛", "stu␛", "⏎jj␛", "E␛", "e␛", "/acme⏎␛", "2", "c?n"):
            await take(pilot, app, keys)
        await pilot.resize_terminal(200, 50)
        await settled(pilot, app)
        assert "1 Prospects" in text_of(app)
        await pilot.resize_terminal(1, 1)
        await pilot.pause()
    assert app.fault is None


async def test_help_lies_over_the_board(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (120, 40)) as pilot:
        await type_in(pilot, "?")
        await pilot.pause()
        assert "Help: type to filter" in text_of(app)
        await type_in(pilot, "snooze")
        await pilot.pause()
        assert "Help: snooze" in text_of(app)
        await type_in(pilot, "␛")
        await pilot.pause()
        assert "Help" not in text_of(app)


async def test_help_can_be_asked_for_what_begins_with_any_letter(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (120, 40)) as pilot:
        await take(pilot, app, "?quit")
        await pilot.pause()
        assert "Help: quit" in text_of(app)
        assert "(quit)" in text_of(app)
        await take(pilot, app, "␛??")
        await pilot.pause()
        assert "Help" not in text_of(app)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_esc_does_at_the_next_step_is_said(desk: Desk, size: tuple[int, int]) -> None:
    app = app_over(desk)
    async with running(app, size) as pilot:
        await take(pilot, app, "#1⏎ct")
        assert "Esc: talked, no next step" in text_of(app)
        await take(pilot, app, "tue dem")
        assert "Esc: talked, no next" in text_of(app)
        await take(pilot, app, "␛")
        assert "Acme #1: talked · no next step: s sets one" in text_of(app)


async def test_an_empty_store_says_how_to_begin(clock: Clock) -> None:
    app = app_over(desk_at("memory:", clock))
    async with running(app, (200, 50)) as pilot:
        for words in ("No prospects yet.", "a add one", ":import FILE.csv", "huntertui demo"):
            assert text_of(app).count(words) == 3
        await type_in(pilot, "aAnn Lee @acme tue⏎")
        assert "No prospects yet." not in text_of(app)
        assert "added acme #1" in text_of(app)


async def test_a_colleagues_change_comes_by_itself(desk: Desk, clock: Clock) -> None:
    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        await type_in(pilot, "j")
        ben = desk_over(desk.store, clock, "ben")
        ben.edit(1, "company", "Zebra")
        await until(lambda: "Zebra" in text_of(app))
        assert "ben: Zebra #1: company is now Zebra" in text_of(app)


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (80, 24), (40, 10)])
@pytest.mark.parametrize("key", ["k", "o"])
async def test_a_colleague_who_was_quicker_is_told_of(
    desk: Desk, clock: Clock, key: str, size: tuple[int, int]
) -> None:
    app = app_over(desk)
    async with running(app, size) as pilot:
        await type_in(pilot, "#1⏎wdec15")
        ben = desk_over(desk.store, clock, "ben")
        ben.expect_close(1, "18dec")
        clock.pass_(seconds=12)
        await take(pilot, app, "⏎o")  # the second was typed before the question was seen
        lines = "".join(line.strip("│ ") + " " for line in lines_of(app))
        for words in ("Acme #1", "ben set the expected close to", "Fri 18 Dec", "12 s ago.", "You wanted:"):
            assert words in lines
        await type_in(pilot, key)
        assert "You wanted" not in text_of(app)
        o = desk.opportunity(1)
        assert o is not None
        assert str(o.expected_close) == ("2026-12-15" if key == "o" else "2026-12-18")


async def test_a_store_that_takes_nothing_more_is_named_in_the_first_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_over(desk)
    async with running(app, (80, 24)) as pilot:
        await type_in(pilot, "j+")
        assert "read-only" not in text_of(app)
        monkeypatch.setattr(type(desk.store), "read_only", property(lambda _: "a sync failed"))
        await type_in(pilot, "+")
        assert lines_of(app)[0].startswith("huntertui  read-only: a sync failed · ")
        assert "read-only: a sync failed" in lines_of(app)[-1]
        await type_in(pilot, "j")
        assert "read-only: a sync failed" in lines_of(app)[0]
        header = app.workday.query_one(Header)
        red = Looks(themes.load("dark", themes.folders(Path("none"))), ascii=False)["neglected"]
        assert any(
            "sync failed" in text and style and style.color == red.color
            for text, style, _ in header.render_line(0)
        )


async def test_pasted_text_arrives_in_the_prompt(desk: Desk) -> None:
    from textual.events import Paste

    app = app_over(desk)
    async with running(app, (200, 50)) as pilot:
        await type_in(pilot, "a")
        app.post_message(Paste("Zed Ott\n@paste"))
        await settled(pilot, app)
        await type_in(pilot, "⏎")
        assert "added paste #7" in text_of(app)


HOSTILE = ("Acme [/red] Ltd", "[@click=app.quit]x[/]", "[", "A\x1b]2;PWNED\x1b\\B", "漢字" * 20, "x" * 300)


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_name_is_ever_code(desk: Desk, name: str) -> None:
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"company": name}), "ana")
    desk.load()
    app = app_over(desk)
    async with running(app, (120, 40)) as pilot:
        for keys in ("#1⏎", "+", "E␛", "e␛", "s␛", "yn", "/a⏎␛", "cn"):
            await take(pilot, app, keys)
            assert "\x1b" not in text_of(app)
    assert app.fault is None


async def test_textuals_own_keys_are_gone(desk: Desk) -> None:
    app = app_over(desk)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await settled(pilot, app)
        assert len(app.screen_stack) == 1
        assert isinstance(app.workday.steering.panel, Palette)  # ours
        await pilot.press("escape", "tab", "tab")
        await settled(pilot, app)
        assert app.focused is None
        assert app.workday.steering.lanes.focused == 2
        assert not list(app.active_bindings)


async def test_a_fault_shows_nobodys_data(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_over(desk)
    secret = ZeroDivisionError("Acme GmbH")

    def fault() -> None:
        raise secret

    async def press_once() -> None:
        async with running(app, (120, 40)) as pilot:
            monkeypatch.setattr(app.workday.steering, "take", lambda key, seen: fault())
            await pilot.press("j")
            await until(lambda: app.fault is not None)

    with pytest.raises(ZeroDivisionError):
        await press_once()
    assert app.fault is secret
    assert "".join(capsys.readouterr()) == ""


@pytest.mark.parametrize("code", [129, 130, 143])
async def test_endings_leave_with_their_code(desk: Desk, code: int) -> None:
    app = app_over(desk)
    async with running(app, (120, 40)) as pilot:
        await type_in(pilot, "jct")
        app.end(code)
        await until(lambda: app.return_code is not None)
    assert app.return_code == code
    o = desk.opportunity(1)
    assert o is not None
    assert o.touches == 1  # the touch whose next step was still being asked for


@pytest.mark.parametrize(
    ("key", "character", "names"),
    [
        ("j", "j", ["j"]),
        ("plus", "+", ["+"]),
        ("G", "G", ["G"]),
        ("enter", "\r", ["enter"]),
        ("space", " ", ["space"]),
        ("ctrl+r", "\x12", ["ctrl+r"]),
        ("alt+q", "q", ["escape", "q"]),
        ("alt+j", None, ["alt+j"]),
        ("up", None, ["up"]),
        ("é", "é", ["é"]),
    ],
)
def test_keys_are_named_as_they_type(key: str, character: str | None, names: list[str]) -> None:
    from textual.events import Key

    assert key_names(Key(key, character)) == names
