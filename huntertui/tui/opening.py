"""The screen before Textual is there: the terminal taken, the first picture painted, and all given back if
anything ends the program before Textual takes it over.

Loading Textual takes longer than all else of a start. So the rows are written first, with nothing but the
painters, and Textual is told what stands there: its own first frame is what differs.
"""

from __future__ import annotations

import gc
import os
import signal
import termios
from contextlib import suppress
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any, Self

from rich.color import ColorSystem

from huntertui.colors import ALL, MANY, depth
from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.garbage import uncollected
from huntertui.themes import Theme
from huntertui.tui import terminal
from huntertui.tui.board import BoardPainter
from huntertui.tui.detail import DetailPainter
from huntertui.tui.layout import lay_out
from huntertui.tui.lines import Box, Painter, Size
from huntertui.tui.look import Looks
from huntertui.tui.picture import Picture, Room
from huntertui.tui.scene import Scene, room_on
from huntertui.tui.screenful import Screenful, erases
from huntertui.tui.status import HeaderPainter, StatusPainter
from huntertui.tui.strip import Strip
from huntertui.tui.wardrobe import Wardrobe

ENTER = "\x1b[?1049h"
"""To the second screen, which Textual says too. Some terminals clear it when they hear it again."""

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"  # the cursor
_LEAVE = "\x1b[?1049l"


def run(desk: Desk, config: Config, theme: Theme, *, demo: bool = False) -> int:
    """Show the workday until it is left, and return the exit code. What nobody foresaw is raised."""
    encoding = terminal.charset(os.environ)
    terminal.speak(encoding)
    config = replace(config, ascii=config.ascii or encoding != "utf-8")
    looks = Looks(theme, config.ascii, config.links)
    scene = Scene(desk, config, demo=demo)
    if encoding != "utf-8":
        scene.notice(f"drawn in {encoding}, as the locale says; LC_ALL=C.UTF-8 has all letters")
    with Opening(scene, looks, encoding, Wardrobe.of(config, theme)) as opening:
        opening.paint()
        with uncollected():
            from huntertui.tui.app import run as run_screen  # late: the rows stand by now

            gc.freeze()  # what is loaded by now lives as long as the program; looking through it takes 50 ms
        return run_screen(opening, config)


class Opening:
    """The terminal from the first row on until Textual has it. `cooked`: its settings as they are to be left.

    `stands`: what was written; `picture`, made for `room`, is what it shows.
    """

    def __init__(self, scene: Scene, looks: Looks, encoding: str, wardrobe: Wardrobe | None) -> None:
        self.scene = scene
        self.looks = looks
        self.encoding = encoding
        self.wardrobe = wardrobe
        self.cooked = terminal.settings()
        self._taken = False
        size = Size(*(terminal.size_to_assume() or os.get_terminal_size(1)))
        self.stands = Screenful(size, color_system(), erases=erases(os.environ))
        self.room: Room = room_on(size)
        self.picture: Picture = scene.make(self.room)

    def __enter__(self) -> Self:
        """Take it: what is typed is neither echoed nor lost, and what ends the program gives it back.

        A request to stop is refused, as the shell would find the screen as it is.
        """
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.signal(signal.SIGWINCH, lambda *_: self.stands.forget())  # nobody knows what became of it
        for number in terminal.ENDINGS:
            signal.signal(number, self._on_signal)
        self._taken = True
        self._set(self.cooked and raw(self.cooked))
        self._write(ENTER + _HIDE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()

    def paint(self) -> None:
        """Write the first picture."""
        size = Size(*self.stands.size)
        for box, lines in _painted(self.picture, self.looks, size):
            blank = Strip([]).adjusted(box.width, self.looks.base)
            for y in range(box.height):
                self.stands.draw(box.y + y, box.x, lines[y] if y < len(lines) else [blank])
        self._write(self.stands.write())

    def hand_over(self) -> None:
        """Textual has the terminal from here on, and gives it back."""
        self._taken = False

    def give_back(self) -> None:
        """Leave the terminal as it was, unless it was handed over."""
        if self._taken:
            self._taken = False
            self._write(_LEAVE + _SHOW)
            self._set(self.cooked)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Until Textual heeds signals, also when it has the terminal by then."""
        terminal.restore(self.cooked)
        terminal.abandon(terminal.ENDINGS[signal.Signals(number)])

    def _set(self, settings: terminal.Settings | None) -> None:
        if settings is not None:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, settings)

    def _write(self, text: str) -> None:
        data = text.encode(self.encoding, terminal.TWIN)
        try:
            while data:
                data = data[os.write(2, data) :]
        except OSError:
            terminal.abandon(terminal.HUNG_UP)  # nobody is there any more


def raw(cooked: terminal.Settings) -> terminal.Settings:
    """The settings that Textual takes, but for Ctrl+C, which ends what takes too long to begin."""
    iflag, oflag, cflag, lflag, ispeed, ospeed, chars = cooked
    iflag &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    lflag &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    chars = list(chars)
    chars[termios.VMIN], chars[termios.VTIME] = 1, 0
    chars[termios.VQUIT] = chars[termios.VSUSP] = b"\0"
    return [iflag, oflag, cflag, lflag, ispeed, ospeed, chars]


def color_system() -> ColorSystem:
    """The colours that the terminal is sent, as Textual finds them: by the terminal alone."""
    colors = depth({name: value for name, value in os.environ.items() if name != "NO_COLOR"})
    return {ALL: ColorSystem.TRUECOLOR, MANY: ColorSystem.EIGHT_BIT}.get(colors, ColorSystem.STANDARD)


def _painted(picture: Picture, looks: Looks, size: Size) -> list[tuple[Box, list[tuple[Strip, ...]]]]:
    """The parts of the screen, painted; nothing lies over them at the start."""
    at = lay_out(size)
    header, board, status = HeaderPainter(looks), BoardPainter(looks), StatusPainter(looks)
    header.state, board.state, status.state = picture.header, picture.board, picture.status
    parts: list[tuple[Box, Painter[Any]]]
    parts = [(Box(size.width, 1, 0, 0), header), (at.board, board), (at.status, status)]
    if at.detail is not None:
        detail = DetailPainter(looks)
        detail.state = picture.detail
        parts.append((at.detail, detail))
    return [(box, painter.painted(box.width, box.height, size)) for box, painter in parts]
