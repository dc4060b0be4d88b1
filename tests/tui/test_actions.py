"""Nothing but our own commands can be done: no action of Textual's, no program, no file of one's choosing.

Textual's actions come by bindings, by clicks on text with a meaning, by its palette and by code. None is
allowed here, as keys go to the steering; so a new version of Textual with new actions changes nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from desks import Clock, desk_at, small_world
from rich.style import Style
from test_workday import app_over, running, settled
from textual import events
from textual.app import App, SuspendNotSupported
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

import huntertui
from huntertui.tui.app import HunterApp
from huntertui.tui.widgets import Board, Detail, Header, Lines, Overlay, Status
from huntertui.tui.workday import Workday

ALLOWED: frozenset[str] = frozenset()
"""The actions that may be run: none."""

NODES: tuple[type[DOMNode], ...] = (HunterApp, Workday, Header, Board, Detail, Status, Overlay)


def actions() -> Iterator[tuple[type, str]]:
    """Every action of whatever stands on the screen, with the class that has it."""
    for node in NODES:
        for kind in node.__mro__:
            yield from ((kind, name) for name in vars(kind) if name.startswith("action_"))


def bound() -> set[str]:
    """The keys that Textual binds to anything, in whatever it has on a screen."""
    nodes: tuple[type, ...] = (*NODES, App, Screen, Widget)
    kinds = {kind for node in nodes for kind in node.__mro__}
    given = [one for kind in kinds for one in vars(kind).get("BINDINGS", ())]
    keys = [one[0] if isinstance(one, tuple) else one.key for one in given]
    return {key for several in keys for key in several.split(",")}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is run of them; nothing that they do is done."""
    found: list[str] = []

    def noted(name: str) -> Any:
        return lambda *_, **__: found.append(name)

    for kind, name in set(actions()):
        if name.removeprefix("action_") not in ALLOWED:
            monkeypatch.setattr(kind, name, noted(f"{kind.__name__}.{name}"))
    for name in ("open_url", "suspend", "deliver_text", "deliver_binary", "save_screenshot"):
        monkeypatch.setattr(App, name, noted(name))
    return found


async def test_no_action_is_run_whoever_asks_for_it(ran: list[str], tmp_path: Path) -> None:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    app = app_over(desk)
    names = {name.removeprefix("action_") for _, name in actions()}
    assert {
        "screenshot",
        "suspend_process",
        "simulate_key",
        "push_screen",
        "command_palette",
        "quit",
    } <= names
    async with running(app, (120, 40)) as pilot:
        assert not app.active_bindings
        assert not app.ENABLE_COMMAND_PALETTE
        nodes: list[Widget] = [app.screen, *app.screen.walk_children(Widget)]
        for name in sorted(names):
            for action in (name, f"app.{name}", f"screen.{name}", f"{name}('x.svg', '{tmp_path}')"):
                assert not await app.run_action(action)
                for widget in nodes:
                    await widget.run_action(action)
                clicked = Style.from_meta({"@click": action})
                for node in nodes:
                    click = events.Click(node, 1, 1, 0, 0, 1, False, False, False, style=clicked)
                    await app._broker_event("click", click, node)
        keys = bound() | {f"ctrl+{letter}" for letter in ascii_lowercase}
        for key in sorted(keys - {"ctrl+q", "ctrl+c"}):
            await pilot.press(key)
            await app._check_bindings(key)
            await app._check_bindings(key, priority=True)
        await settled(pilot, app)
        assert [type(screen) for screen in app.screen_stack] == [Workday]
        assert not app._notifications
        for widget in app.screen.walk_children(Lines):
            lines = [widget.render_line(y) for y in range(widget.size.height)]
            assert not [segment for line in lines for segment in line if segment.style and segment.style.meta]
    assert ran == []
    assert not list(tmp_path.iterdir())


async def test_what_reaches_out_is_refused(ran: list[str]) -> None:
    app = app_over(desk_at("memory:", Clock()))
    async with running(app, (80, 24)):
        app.open_url("https://example.org")
        app.deliver_text("x")
        app.deliver_binary("x")
        app.deliver_screenshot()
        with pytest.raises(SuspendNotSupported):
            app.suspend()
        with pytest.raises(NotImplementedError):
            app.save_screenshot()
    assert ran == []


# Nor is there anything in our own code that would do it

PACKAGE = Path(huntertui.__file__).parent

PROGRAMS = {"subprocess", "webbrowser", "pty", "multiprocessing", "runpy", "code", "pdb"}
STARTING = {"system", "popen", "fork", "forkpty", "startfile", "posix_spawn", "posix_spawnp"}
FILES = {"open", "write_text", "write_bytes", "unlink", "mkdir", "rename", "replace", "symlink_to", "touch"}

MAY_START = {"cli/background.py"}
"""What starts a program: itself, to publish the store."""

MAY_WRITE = {"tui/drafts.py", "tui/tutorial.py"}
"""What of the screen writes a file: drafts, and that the tutorial was seen; no one chooses where."""


def calls() -> Iterator[tuple[str, str, str]]:
    """Each call in our code: the file, what it is called of ("os") where that is a name, and its name."""
    for path in PACKAGE.rglob("*.py"):
        where = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield where, getattr(node.func.value, "id", ""), node.func.attr
            elif isinstance(node, ast.Call):
                yield where, "", getattr(node.func, "id", "")


def test_one_place_starts_a_program_and_two_of_the_screen_write_a_file() -> None:
    found = list(calls())
    starts = {
        at for at, of, name in found if of == "os" and (name in STARTING or name[:5] in ("execv", "spawn"))
    }
    writes = {at for at, of, name in found if name in FILES and (name != "replace" or of == "os")}
    assert starts == MAY_START
    assert {at for at in writes if at.startswith("tui/")} == MAY_WRITE


def test_no_module_that_starts_programs_is_imported() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not PROGRAMS & {name.split(".")[0] for name in names}, path
