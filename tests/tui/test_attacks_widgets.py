"""Attacks by what stands in records, by their numbers: 1 to 4, in every widget that the workday has.

tests/tui/test_attacks_screen.py looks at the bytes that a terminal is given, tests/test_attacks_records.py
at the command line.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acting import NAMED
from desks import Clock, desk_at
from hostile import ALL, plant, steers
from test_workday import app_over, running, until

import huntertui
from huntertui.book import ALL as ALL_OWNERS
from huntertui.commands import COMMANDS, keys_of
from huntertui.tui.app import HunterApp
from huntertui.tui.widgets import Board, Detail, Header, Lines, Overlay, Status

WIDGETS: set[type[Lines[Any]]] = {Header, Board, Detail, Status, Overlay}
LEFT = ("leave", "quit")


class Screen:
    """The workday without a terminal, on a store of such records; what its widgets have shown is kept."""

    def __init__(self, app: HunterApp) -> None:
        self.app = app
        self.seen: defaultdict[type[Lines[Any]], set[str]] = defaultdict(set)

    async def press(self, keys: str) -> None:
        """Type in one burst, wait for what comes of it, and look at every widget."""
        for key in keys:
            self.app.workday.take(NAMED.get(key, key))
        await self.look()

    async def paste(self, text: str) -> None:
        """The same with a paste."""
        self.app.workday.ask(lambda: self.app.workday.steering.paste(text))
        await self.look()

    async def look(self) -> None:
        """Every widget there is paints lines of ours and nothing else, and none of them steers a terminal."""
        await until(lambda: not self.app.workday.busy)
        overlay = self.app.screen.query_one(Overlay)
        await until(lambda: overlay.size.height > 0 or not overlay.display)  # it is laid out
        await until(lambda: not self.app.workday.busy)
        assert len(self.app.screen_stack) == 1
        assert not self.app._notifications
        assert (self.app.title, self.app.sub_title) == ("huntertui", "")
        widgets = list(self.app.screen.walk_children(Lines))
        assert {type(widget) for widget in widgets} == WIDGETS
        assert len(widgets) == len(list(self.app.screen.walk_children())) == len(WIDGETS)
        for widget in widgets:
            assert (widget.border_title, widget.border_subtitle, widget.tooltip) == (None, None, None)
            if widget.display:
                lines = [widget.render_line(y).text for y in range(widget.size.height)]
                assert steers("\n".join(lines).encode()) == [], lines
                self.seen[type(widget)] |= set(lines)

    def shows(self, kind: type[Lines[Any]], text: str) -> bool:
        """Whether a widget of a kind has shown a text, letter for letter."""
        return any(text in line for line in self.seen[kind])


@pytest.fixture
def clock() -> Clock:
    """Noon, whatever the day."""
    return Clock(datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0))


async def test_attacks_01_to_04_every_widget_shows_letters(tmp_path: Path, clock: Clock) -> None:
    ids = plant(tmp_path / "store.json", list(ALL))
    desk = desk_at(tmp_path / "store.json", clock, "tester")
    for id in ids:
        desk.assign(id, "tester")
    app = app_over(desk)
    async with running(app, (200, 30)):
        screen = Screen(app)
        for id, (text, seen) in zip(ids, ALL.items(), strict=True):
            letters = seen.split("漢")[0][:16] or "漢字"
            screen.seen.clear()
            await screen.press(f"#{id}⏎:note x⏎")
            await screen.press("e")
            await screen.press("␛␛s=15:30⏎")  # "next 15:30" in the header
            for kind in WIDGETS:
                assert screen.shows(kind, letters), (kind, text, sorted(screen.seen[kind]))
            screen.seen.clear()
            app.workday.take("ctrl+p")
            await screen.paste(text)
            assert screen.shows(Overlay, letters) or text in NOT_FOUND, (text, sorted(screen.seen[Overlay]))
            await screen.press("␛uu")


NOT_FOUND = ("[/]", "[")
"""What has no letters is no word to be found by."""


async def test_attacks_01_to_04_every_command_shows_letters(tmp_path: Path, clock: Clock) -> None:
    texts = list(ALL)
    ids = plant(tmp_path / "store.json", texts)
    desk = desk_at(tmp_path / "store.json", clock, "tester")
    desk.book.show(ALL_OWNERS, clock.now.timestamp())
    app = app_over(desk)
    async with running(app, (120, 30)):
        screen = Screen(app)
        for at, command in enumerate(command for command in COMMANDS if command.name not in LEFT):
            keys = keys_of(command.name)
            for key in f"␛␛␛#{ids[at % len(ids)]}⏎":
                app.workday.take(NAMED.get(key, key))
            for key in keys[0].split() if keys else ():
                app.workday.take(key)
            await screen.press("" if keys else f":{command.name}⏎")
            if command.ask is not None:
                await screen.paste(texts[at % len(texts)])
                await screen.press("⏎")
            assert app.is_running


# What there is of Textual to read markup with

HARMLESS = {
    "rich.cells", "rich.color", "rich.segment", "rich.style", "textual", "textual._compositor",
    "textual._parser", "textual._xterm_parser", "textual.app", "textual.drivers", "textual.events",
    "textual.geometry", "textual.message", "textual.screen", "textual.strip", "textual.theme",
    "textual.timer", "textual.widget",
}  # fmt: skip
"""The modules of Textual and Rich that are used: none of them makes text of markup by itself."""

READ_MARKUP = {
    "notify", "render_str", "border_title", "border_subtitle", "tooltip", "visualize", "from_markup",
    "Static", "Label", "from_text", "push_screen", "mount",
}  # fmt: skip
"""What in them would, or would bring up a widget of Textual's own."""


def test_attacks_01_and_02_nothing_that_reads_markup_is_used() -> None:
    for path in Path(huntertui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            foreign = [name for name in names if name.split(".")[0] in ("rich", "textual")]
            assert set(foreign) <= HARMLESS, (path, foreign)
            used = node.attr if isinstance(node, ast.Attribute) else ""
            assert used not in READ_MARKUP, (path, used)
