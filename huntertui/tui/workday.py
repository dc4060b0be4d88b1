"""The screen of the workday: keys go to the desk's thread, and what comes of them is painted in one frame."""

from __future__ import annotations

import time
from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from huntertui.tui.keys import key_names
from huntertui.tui.layout import WIDE
from huntertui.tui.lines import StatusState
from huntertui.tui.look import Looks
from huntertui.tui.picture import Picture, Room
from huntertui.tui.scene import Errand, Scene
from huntertui.tui.thin import ThinApp
from huntertui.tui.widgets import Board, Detail, Header, Lines, Overlay, Status
from huntertui.tui.worker import Worker

FOLLOW = 0.1  # seconds between looks at what colleagues did
PASSING = 30.0  # seconds after which what was not late is looked at again
WAITING = 0.3  # seconds after which it is said that the store lets us wait
PATIENCE = 12.0  # seconds that the end waits for a change under way; the store itself gives up after 10

Does = Callable[[], None]


class Worked(Message, bubble=False):
    """The jobs up to number `done` are done: what to show, what is the screen's part in them, what broke."""

    def __init__(
        self, done: int, picture: Picture | None, then: list[Errand], fault: Exception | None
    ) -> None:
        super().__init__()
        self.done, self.picture, self.then, self.fault = done, picture, then, fault

    def can_replace(self, message: Message) -> bool:
        """Whether nothing is lost when a newer one is heeded in its place."""
        newer = isinstance(message, Worked) and message.picture is not None
        return newer and not self.then and self.fault is None


class Workday(Screen[None], inherit_bindings=False):
    """Header, board, detail and status; nothing in it takes the focus, so every key comes here.

    The worker's thread has the steering, with all that lies behind it, and makes pictures of it. The
    screen's own thread paints them and touches nothing else, so that it never waits for the store.
    """

    ALLOW_SELECT = False

    def __init__(
        self, scene: Scene, looks: Looks, leave: Does, first: tuple[Picture, Room] | None = None
    ) -> None:
        """`first`: a picture of the scene, for that room, which is shown already."""
        super().__init__()
        self.steering = scene.steering
        self._header, self._board = Header(looks), Board(looks)
        self._detail, self._status, self._overlay = Detail(looks), Status(looks), Overlay(looks)
        self._worker = Worker(self._look_around, FOLLOW)
        # the worker's
        self._scene = scene
        self._done = 0  # jobs
        # the screen's
        self._leave = leave
        self._picture: Picture | None = first[0] if first else None
        self._room = first[1] if first else Room()
        self._asked = self._answered = 0  # jobs
        self._waiting: TimerHandle | None = None
        self._kept_waiting = False
        self._until = 0.0  # when the end waits no longer

    def compose(self) -> ComposeResult:
        """The widgets, from top to bottom."""
        yield self._header
        yield self._board
        yield self._detail
        yield self._status
        yield self._overlay

    def on_mount(self) -> None:
        """Begin to follow colleagues and the time; what is shown already is drawn from the first frame on."""
        if self._picture is not None:
            self.set_class(self._room.narrow, "-narrow")
            self._show(self._picture)
        self._worker.start()
        self.set_timer(WAITING, self._release)
        self.set_interval(PASSING, lambda: self.ask(self.steering.pass_time))

    def on_unmount(self) -> None:
        """Work no more."""
        self._worker.end()
        self._wait(False)

    # What comes in

    def on_key(self, event: events.Key) -> None:
        """Hand the key on."""
        event.stop()
        event.prevent_default()
        for key in key_names(event):
            self.take(key)

    def on_paste(self, event: events.Paste) -> None:
        """Hand pasted text on as one piece."""
        event.stop()
        self.ask(lambda: self.steering.paste(event.text))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.take("down")

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.take("up")

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for a narrow or a wide screen, then show as many rows as there is room for.

        Textual tells the screen each size twice: two of them at once would chase each other for ever.
        """
        if event.size != self.app.size:
            event.prevent_default()
            return
        narrow = event.size.width < WIDE
        self.set_class(narrow, "-narrow")
        if self._picture is not None:
            self._board.show(replace(self._picture.board, narrow=narrow))
        self.call_after_refresh(self._fit)

    def take(self, key: str) -> None:
        """Let the steering take a key, with what stood on the screen when it was pressed."""
        seen = self._picture.seen if self._picture is not None else None
        self.ask(lambda: self.steering.take(key, seen))

    def ask(self, act: Does) -> None:
        """Have something done by the worker, after all that was asked for before, and shown."""
        self._asked += 1
        number, self._room = self._asked, self._measure()
        room = self._room
        self._worker.do(lambda: self._work(number, act, room))
        if self._waiting is None:
            self._wait(True)

    def tell(self, message: str) -> None:
        """Say that something is wrong."""
        self.ask(lambda: self.steering.say(message, "neglected"))

    def wear(self, looks: Looks) -> None:
        """Show everything in other looks."""
        for widget in self.query(Lines):
            widget.looks = looks

    @property
    def busy(self) -> bool:
        """Whether something asked for is not shown yet."""
        return self._answered < self._asked

    def end(self, leave: Does) -> None:
        """Leave when all that was typed is done and what was said is kept, or patience is at its end."""
        self._leave = leave
        self.ask(self._hang_up)
        self.set_timer(self._patience(), leave)

    def finish(self) -> bool:
        """The same without a screen: wait for it here. False when a change is still under way."""
        self._worker.do(lambda: self._attempt(self._hang_up))
        return self._worker.end(self._patience())

    def _patience(self) -> float:
        self._until = self._until or time.monotonic() + PATIENCE
        return max(self._until - time.monotonic(), 0.0)

    # The worker's side

    def _work(self, number: int, act: Does, room: Room) -> None:
        """Do one thing, and make a picture even if more is to be done: the next thing may have to wait."""

        def work() -> Picture | None:
            self._done = number
            self.steering.fit(room.page, room.overlay, room.last_top)
            act()
            return self._scene.make(room)

        self._attempt(work)

    def _look_around(self) -> None:
        """Follow colleagues, and read the history of what is looked at, and what is searched."""

        def work() -> Picture | None:
            news = self.steering.follow() | self._scene.tell() | self._read_on()
            return self._scene.make(self._room) if news else None

        if self._picture is not None:  # before, nothing is shown
            self._attempt(work)

    def _read_on(self) -> bool:
        """Read what is searched, piece by piece, until a key comes. True when there is something to show."""
        end = time.monotonic() + FOLLOW
        while self.steering.curious and not self._worker.asked and time.monotonic() < end:
            if self.steering.read_on():
                return True
        return False

    def _attempt(self, work: Callable[[], Picture | None]) -> None:
        if self._scene.left:
            return
        picture = fault = None
        try:
            picture = work()
        except Exception as error:
            fault, self._scene.left = error, True
            with suppress(Exception):  # what breaks once may break twice
                self.steering.keep_drafts(now=True)
        then = self._scene.errands()
        if picture is not None or then or fault is not None:
            self.post_message(Worked(self._done, picture, then, fault))

    def _hang_up(self) -> None:
        """Keep what was said already."""
        self.steering.hang_up()
        self._scene.leave()

    # What goes out

    def on_worked(self, message: Worked) -> None:
        """Show what has come of the keys."""
        self._answered, self._kept_waiting = message.done, False
        self._wait(self.busy)
        if message.picture is not None:
            self._show(message.picture)
        for act in message.then:
            act(self)
        if message.picture is not None and self._measure() == self._room:
            self.call_after_refresh(self._release)
        if message.fault is not None:
            raise message.fault

    def _show(self, picture: Picture) -> None:
        """Show everything as it stood; the widgets repaint only what differs."""
        self._picture = picture
        if self.has_class("-detail") != picture.reading:
            self.set_class(picture.reading, "-detail")
            self.call_after_refresh(self._fit)
        self._detail.show(picture.detail)
        if picture.detail.top > (last_top := self._detail.last_top):
            self._detail.show(replace(picture.detail, top=last_top))
        self._header.show(picture.header)
        self._board.show(replace(picture.board, narrow=self.has_class("-narrow")))
        self._show_status(picture.status)
        if picture.overlay is not None or self._overlay.display:
            self._overlay.show(picture.overlay, self._status.size.height)

    def _measure(self) -> Room:
        narrow = self.has_class("-narrow")
        board, detail = self._board, self._detail
        return Room(
            narrow,
            board.page(narrow=narrow) if board.display and board.size.height else self._room.page,
            (self._status.size.width, self._status.size.height),
            self._overlay.page_size,
            detail.last_top if detail.display and detail.size.height else None,
        )

    def _fit(self) -> None:
        """Have a picture made for the room that there is, unless that is so."""
        if self._measure() != self._room:
            self.ask(lambda: None)
        elif self._picture is not None:
            self._show(self._picture)
            self.call_after_refresh(self._release)

    def leave(self) -> None:
        """End the program."""
        self._leave()

    def copy(self, text: str) -> None:
        """Put a text on the person's clipboard."""
        self.app.copy_to_clipboard(text)

    def redraw(self) -> None:
        """Write all of it anew."""
        self.refresh(layout=True)
        if isinstance(self.app, ThinApp):
            self.app.forget_screen()

    def _release(self) -> None:
        """Let the screen be seen."""
        if isinstance(self.app, ThinApp) and self.app.held:
            self.app.release()

    def _wait(self, wait: bool) -> None:
        """Begin to wait for the worker, anew if that was so already, or be content."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = get_running_loop().call_later(WAITING, self._say_waiting) if wait else None

    def _say_waiting(self) -> None:
        """Say why nothing moves."""
        self._kept_waiting = True
        self._show_status(self._picture.status if self._picture is not None else StatusState(""))

    def _show_status(self, status: StatusState) -> None:
        """Show it; behind the news of a wait, as a prompt is not to lose its text."""
        if self._kept_waiting:
            text = " · ".join(filter(None, ("waiting for the store", status.text)))
            status = StatusState(text, "amber", hint=status.hint)
        self._status.show(status)
