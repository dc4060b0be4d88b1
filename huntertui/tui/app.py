"""The wiring of the screen: the theme, the signals, the way out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from textual import events
from textual.app import SuspendNotSupported
from textual.timer import Timer

from huntertui.config import Config
from huntertui.themes import Theme
from huntertui.tui import terminal
from huntertui.tui.faults import heed_faults
from huntertui.tui.keyboard import gather_sequences
from huntertui.tui.look import Looks, textual_theme
from huntertui.tui.opening import Opening
from huntertui.tui.scene import Scene
from huntertui.tui.thin import ThinApp
from huntertui.tui.workday import Workday

WATCH = 1.0  # seconds between looks at whether the theme's file was saved
SETTLED = 0.05  # seconds without another size after which a new one is laid out


class HunterApp(ThinApp, inherit_bindings=False):
    """One screen, the workday. Textual's own keys, palette and commands are left out: see `commands`."""

    CSS_PATH = "huntertui.tcss"
    TITLE = "huntertui"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, scene: Scene, config: Config, looks: Looks, opening: Opening | None = None) -> None:
        super().__init__(opening)
        theme = looks.theme
        self.register_theme(textual_theme(theme))
        self.theme = theme.name
        self.fault: Exception | None = None
        self._resized: events.Resize | None = None
        self._settling: Timer | None = None
        self._config = config
        first = (opening.picture, opening.room) if opening is not None else None
        self.workday = Workday(scene, looks, self.exit, first)
        self._wardrobe = opening.wardrobe if opening is not None else None

    def get_default_screen(self) -> Workday:
        """The workday."""
        return self.workday

    def on_mount(self) -> None:
        """Heed signals, faults and a terminal that hangs up; not where there is none, as in tests."""
        if not self.is_headless:
            heed_faults(asyncio.get_running_loop(), self._handle_exception)
            cooked = self.opening.cooked if self.opening is not None else terminal.settings()
            terminal.Line(self.end, self.workday.finish, cooked).watch()
            if self._wardrobe is not None:
                self.set_interval(WATCH, self._watch)

    def end(self, code: int) -> None:
        """Leave with an exit code, keeping what was said already."""
        if not self.is_headless and terminal.gone():
            self.workday.finish()
            terminal.abandon(code)
        self.workday.end(lambda: self.exit(return_code=code))

    def _watch(self) -> None:
        if self._wardrobe is not None:
            found = self._wardrobe.look()
            if isinstance(found, Theme):
                self.wear(found)
            elif found is not None:
                problem = found.problem  # its folder is known, and there is one line for it
                self.workday.tell(str(replace(problem, file=Path(problem.file).name)))

    def wear(self, theme: Theme) -> None:
        """Show everything in a theme from now on."""
        before = self.theme
        made = textual_theme(theme)
        made.name = f"{theme.name} at {monotonic()}"  # Textual heeds nothing but another name
        self.register_theme(made)
        self.theme = made.name
        self.unregister_theme(before)
        self.workday.wear(Looks(theme, self._config.ascii, self._config.links))

    async def on_event(self, event: events.Event) -> None:
        """Lay out for a new size when it stays: while a window is dragged there is a new one every moment."""
        if not isinstance(event, events.Resize) or self.is_headless or not self.workday.is_mounted:
            await super().on_event(event)
            return
        self._resized = event
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._settle)

    async def _settle(self) -> None:
        if self._resized is not None:
            await super().on_event(self._resized)

    async def run_action(self, *_: Any, **__: Any) -> bool:
        """Refuse: keys go to `steering`, and among Textual's actions are some that write files."""
        return False

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Refuse: it would start a program, and on the server."""

    def suspend(self) -> NoReturn:
        """Refuse: it would give way to a shell."""
        raise SuspendNotSupported

    def deliver_text(self, *_: Any, **__: Any) -> None:
        """Refuse: it would write a file."""

    deliver_binary = deliver_text

    def save_screenshot(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: it would write a file, of anybody's choosing."""
        raise NotImplementedError

    def panic(self, *_: Any) -> None:
        """Leave at a fault of a kind that shows itself, or of Textual's own thread of the keyboard."""
        self.fault = self.fault or self._exception or RuntimeError("the keyboard is read no more")
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which shows the values of variables: records."""
        self.fault = self._exception
        self._close_messages_no_wait()


def run(opening: Opening, config: Config) -> int:
    """Show the workday until it is left, and return the exit code. What nobody foresaw is raised."""
    gather_sequences(opening.encoding)
    app = HunterApp(opening.scene, config, opening.looks, opening)
    app.run(mouse=config.mouse, size=terminal.size_to_assume())
    app.workday.finish()
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0
