"""The workday without a screen: its state, the pictures of it, and what the screen is left to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.tui.board import page_of
from huntertui.tui.drafts import Drafts, file_of
from huntertui.tui.importing import Files
from huntertui.tui.layout import WIDE, lay_out
from huntertui.tui.lines import Size
from huntertui.tui.picture import Picture, Pictures, Room
from huntertui.tui.steering import Steering
from huntertui.tui.tutorial import first_time


class Stage(Protocol):
    """What the screen does when it is asked to."""

    def leave(self) -> None:
        """End the program."""

    def copy(self, text: str) -> None:
        """Put a text on the person's clipboard."""

    def redraw(self) -> None:
        """Write all of it anew."""


Errand = Callable[[Stage], None]


class Scene:
    """What the screen shows and has done by keys. `left`: nothing more is taken."""

    def __init__(self, desk: Desk, config: Config, *, demo: bool = False) -> None:
        drafts = None
        if config.state is not None and not demo:
            drafts = Drafts(file_of(config.state, desk.me, config.store))
        self.left = False
        self._errands: list[Errand] = []
        self.steering = Steering(
            desk,
            config.keys,
            leave=self.leave,
            copy=lambda text: self._errands.append(lambda stage: stage.copy(text)),
            redraw=lambda: self._errands.append(lambda stage: stage.redraw()),
            drafts=drafts,
        )
        self.steering.demo = demo
        self.steering.files = Files(config.own, None if demo else config.columns)
        if demo and config.state is not None and first_time(config.state):
            self.steering.teach()
        self._pictures = Pictures(self.steering, config.keys, demo=demo)

    def leave(self) -> None:
        """What is typed after it is for nobody any more."""
        self.left = True
        self._errands.append(lambda stage: stage.leave())

    def errands(self) -> list[Errand]:
        """What the screen is to do, which is then taken for done."""
        made, self._errands = self._errands, []
        return made

    def notice(self, words: str) -> None:
        """Say something behind what is said already."""
        steering = self.steering
        steering.say(" · ".join(filter(None, (steering.said, words))), steering.look)

    def make(self, room: Room) -> Picture:
        """The screen as it stands now."""
        return self._pictures.make(room)

    def tell(self) -> bool:
        """See `Pictures.tell`."""
        return self._pictures.tell()


def room_on(screen: Size) -> Room:
    """The room that there is on a screen of that size, before anything is shown on it."""
    narrow = screen.width < WIDE
    board, _, status = lay_out(screen)
    return Room(narrow, page_of(board.height, narrow=narrow), (status.width, status.height))
