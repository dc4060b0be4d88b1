"""What makes the screen quick on a thin line: of a frame only what differs from what stands there is written,
and on a slow line no frame before the terminal has taken in the ones before.

All that needs Textual's private parts for it stands here. It is used with the versions of Textual that it is
known to fit; with any other one Textual writes as it always does, and the screen is the same.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import time
from collections import deque
from pathlib import Path
from typing import Any

import textual
from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.drivers import linux_driver

from huntertui.tui.keyboard import Keyboard
from huntertui.tui.opening import ENTER, Opening
from huntertui.tui.screenful import Screenful, erases

OLDEST, NEWER = (8, 2, 8), (9,)  # the versions of Textual that this is made for, the last one excluded
IN_FLIGHT = 512  # bytes that may be on their way to the terminal when one more frame is written
DEAF = 3.0  # seconds after which a terminal that does not answer is waited for no longer

ASK = "\x1b[?2026$p"  # answered in order, behind all that was written before
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"  # between them nothing is shown: a frame comes whole


def version() -> str:
    """The version of Textual, by the folder that its installer left: asking for it takes 10 ms of imports."""
    beside = Path(textual.__file__).parent.parent
    found = [path.name for path in beside.glob("textual-*.dist-info")]
    return found[0] if len(found) == 1 else textual.__version__


def fits(version: str) -> bool:
    """Whether a version of Textual is one that this module is made for."""
    parts = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return OLDEST <= parts < NEWER


class QuietDriver(linux_driver.LinuxDriver):
    """Textual's driver, but it sleeps until something is typed: Textual's own looks ten times a second.

    It takes the terminal over from who has opened it, if somebody has.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._ending, self._end = os.pipe()  # readable when there is nothing more to read for
        self._opening = self._app.opening if isinstance(self._app, ThinApp) else None

    def start_application_mode(self) -> None:
        """Begin; the terminal will be left as it was before it was opened."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._opening is not None:
            self.attrs_before = self._opening.cooked
            self._opening.hand_over()
            self._opening = None

    def write(self, data: str) -> None:
        """Write, but do not enter a screen that is entered already."""
        if self._opening is None or data != ENTER:
            super().write(data)

    def disable_input(self) -> None:
        """Read no more."""
        os.write(self._end, b"!")
        super().disable_input()

    def _run_input_thread(self) -> None:
        """Read; without keys there is no going on. Textual's own loses the place of the fault."""
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read until the end; of a terminal that is gone others tell."""
        keyboard = Keyboard(self._debug)
        decode = linux_driver.getincrementaldecoder("utf-8")().decode  # type: ignore[attr-defined]
        while not self.exit_event.is_set():
            due = keyboard.deadline
            patience = None if due is None else max(due - time.monotonic(), 0.0)
            if self.fileno in select.select([self.fileno, self._ending], [], [], patience)[0]:
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self.exit_event.wait()
                    return
                if text := decode(data):
                    for event in keyboard.feed(text):
                        self.process_message(event)
            for event in keyboard.tick():
                self.process_message(event)


class ThinApp(App[None]):
    """Textual's application, which writes little and waits for the terminal.

    `held`: nothing is written until `release`, so that the screen is painted once when it is settled.
    `opening`: who has the terminal so far, and what stands there.
    """

    def __init__(self, opening: Opening | None = None) -> None:
        self._fits = fits(version())
        super().__init__(driver_class=QuietDriver if self._fits else None)
        self.opening = opening
        self._screenful: Screenful | None = None
        if opening is not None and not self._fits:
            opening.give_back()
        elif opening is not None:
            self._screenful = opening.stands
        self.held = self._fits
        self._unanswered: deque[int] = deque()  # bytes of each frame that the terminal has not taken in yet
        self._deaf: asyncio.TimerHandle | None = None

    def release(self) -> None:
        """Write from now on, beginning with all that was drawn so far."""
        self.held = False
        self._send()

    def forget_screen(self) -> None:
        """Write all of it anew: something else may have written to the terminal."""
        if self._screenful is not None:
            self._screenful.forget()
            self._send()

    def _display(self, screen: Any, renderable: Any) -> None:
        if not self._fits or self.is_headless or self._driver is None or self._driver.is_inline:
            super()._display(screen, renderable)
            return
        try:
            if not self._batch_count and self._running and not self._closed:
                self._draw(renderable)
                self._send()
        finally:
            self.post_display_hook()

    def _draw(self, renderable: Any) -> None:
        page = self._page()
        if isinstance(renderable, LayoutUpdate):
            for y, strips in enumerate(renderable.strips, renderable.region.y):
                page.draw(y, renderable.region.x, strips)
        elif isinstance(renderable, ChopsUpdate):
            for y, x1, x2 in renderable.spans:
                ends = renderable.chop_ends[y]
                for end, (x, strip) in zip(ends, renderable.chops[y].items(), strict=False):
                    if strip is not None and x <= x2 and end > x1:
                        page.draw(y, x, [strip if end <= x2 else strip.crop(0, x2 - x)])

    def _page(self) -> Screenful:
        """What is drawn on: another one when the size of the terminal is another."""
        size = (self.size.width, self.size.height)
        colors = self.console._color_system or ColorSystem.TRUECOLOR
        if self._screenful is None or (self._screenful.size, self._screenful.colors) != (size, colors):
            self._screenful = Screenful(size, colors, erases=erases(os.environ))
        return self._screenful

    def _send(self) -> None:
        """Write what differs, unless the line is busy with what was written before."""
        if self.held or self._screenful is None or self._driver is None:
            return
        if sum(self._unanswered) > IN_FLIGHT:
            return
        data = self._screenful.write()
        if not data:
            return
        if self._sync_available:
            data = BEGIN + data + END + ASK
            self._unanswered.append(len(data))
            self._listen()
        self._driver.write(data)

    def _listen(self) -> None:
        """Wait for answers, but not for ever."""
        if self._deaf is not None:
            self._deaf.cancel()
        loop = asyncio.get_running_loop()
        self._deaf = loop.call_later(DEAF, self._give_up) if self._unanswered else None

    def _give_up(self) -> None:
        self._unanswered.clear()
        self._send()

    def on_terminal_supports_synchronized_output(self) -> None:
        """Take it as an answer: the terminal has taken in a frame, and there is room for the next."""
        if self._unanswered:
            self._unanswered.popleft()
            self._listen()
            self._send()
