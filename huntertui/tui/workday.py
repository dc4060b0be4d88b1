"""The screen of the workday: it hands every key on at once and paints what has come of it in one frame."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.history import Event
from huntertui.errors import HunterError
from huntertui.tui import describe
from huntertui.tui.board import Board
from huntertui.tui.detail import Detail
from huntertui.tui.keys import key_names
from huntertui.tui.lines import DetailLine, DetailState, HeaderState, StatusState
from huntertui.tui.look import Looks
from huntertui.tui.overlay import Overlay
from huntertui.tui.status import GAP, Header, Status
from huntertui.tui.steering import Steering

FOLLOW = 0.1  # seconds between looks at what colleagues did
PASSING = 30.0  # seconds after which what was not late is looked at again
WIDE = 100  # columns from which three lanes stand side by side


class Workday(Screen[None], inherit_bindings=False):
    """Header, board, detail and status; nothing in it takes the focus, so every key comes here."""

    ALLOW_SELECT = False

    def __init__(
        self, desk: Desk, keys: Keys, looks: Looks, leave: Callable[[], None], *, demo: bool = False
    ) -> None:
        super().__init__()
        self.steering = Steering(desk, keys, leave, self._copy, self._redraw)
        self._desk = desk
        self._demo = demo
        self._keys = keys
        self._header, self._board = Header(looks), Board(looks)
        self._detail, self._status, self._overlay = Detail(looks), Status(looks), Overlay(looks)
        self._footers: dict[int, str] = {}
        self._headed: tuple[object, HeaderState] = (None, HeaderState("", ""))
        self._detailed: tuple[object, tuple[DetailLine, ...]] = (None, ())
        self._told: tuple[int | None, int, list[Event]] = (None, 0, [])  # id, version of the lanes, history

    def compose(self) -> ComposeResult:
        """The widgets, from top to bottom."""
        yield self._header
        yield self._board
        yield self._detail
        yield self._status
        yield self._overlay

    def on_mount(self) -> None:
        """Begin to follow colleagues and the time."""
        self.set_interval(FOLLOW, self._follow)
        self.set_interval(PASSING, self._pass_time)

    # What comes in

    def on_key(self, event: events.Key) -> None:
        """Hand the key on at once, and show what came of it."""
        event.stop()
        event.prevent_default()
        for key in key_names(event):
            self.steering.take(key)
        self.show()

    def on_paste(self, event: events.Paste) -> None:
        """Hand pasted text on as one piece."""
        event.stop()
        self.steering.paste(event.text)
        self.show()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.steering.take("down")
        self.show()

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.steering.take("up")
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for a narrow or a wide screen, then show as many rows as there is room for."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self.call_after_refresh(self.show)

    def _follow(self) -> None:
        if self.steering.follow() | self._tell():
            self.show()

    def _tell(self) -> bool:
        """Read the history of the record under the cursor: when the keys rest, as it means a long search."""
        lanes = self.steering.lanes
        id = lanes.row.id if lanes.row else None
        if id is None or self._told[:2] == (id, lanes.version):
            return False
        before, events = self._told, list[Event]()
        try:
            events = self._desk.history(id)
        except (HunterError, ValueError, OSError) as error:
            self.steering.say(str(error), "neglected")
        self._told = (id, lanes.version, events)
        return before[0] != id or before[2] != events

    def _pass_time(self) -> None:
        self.steering.pass_time()
        self.show()

    # What goes out

    def show(self) -> None:
        """Show everything as it stands; the widgets repaint only what differs."""
        steering, lanes = self.steering, self.steering.lanes
        narrow = self.has_class("-narrow")
        if self.has_class("-detail") != steering.reading:
            self.set_class(steering.reading, "-detail")
            self.call_after_refresh(self.show)
        if self._board.display and self._board.size.height:
            lanes.resize(self._board.page_size)
        self._show_detail()
        self._header.show(self._heading())
        self._board.show(describe.board(self._desk, lanes, narrow=narrow))
        self._status.show(self._saying())
        if steering.panel is not None:
            steering.panel.page = self._overlay.page_size
            self._overlay.show(steering.panel.state())
        elif self._overlay.display:
            self._overlay.show(None)

    def _heading(self) -> HeaderState:
        steering = self.steering
        key = (steering.lanes.version, steering.focus)
        if self._headed[0] != key:
            made = describe.header(self._desk, steering.lanes, steering.focus, demo=self._demo)
            self._headed = (key, made)
        return self._headed[1]

    def _show_detail(self) -> None:
        steering, row = self.steering, self.steering.lanes.row
        told, version, events = self._told
        if row is None or told != row.id:
            version, events = -1, []
        key = (steering.lanes.version, row.id if row else None, version)
        if self._detailed[0] != key:
            self._detailed = (key, describe.detail(self._desk, row.id, events) if row else ())
        self._detail.show(DetailState(self._detailed[1], steering.detail_top))
        if steering.detail_top > self._detail.last_top:
            steering.detail_top = self._detail.last_top
            self._detail.show(DetailState(self._detailed[1], steering.detail_top))

    def _saying(self) -> StatusState:
        steering, (width, height) = self.steering, self._status.size
        if steering.prompt is not None:
            return steering.prompt.state(width)
        if pending := steering.keys.pending:
            said = f"{steering.said} · " if steering.said else ""
            text, rest = describe.broken(said + pending, width, height)
            return StatusState(text, hint=rest)
        said = steering.said or ("reading: j k scroll, Esc goes back" if steering.reading else "")
        room = width if height > 1 or not said else width - cell_len(said) - GAP
        return StatusState(said, steering.look, hint=self._footer(room))

    def _footer(self, width: int) -> str:
        if width not in self._footers:
            self._footers[width] = describe.footer(self._keys, width)
        return self._footers[width]

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)

    def _redraw(self) -> None:
        self.refresh(layout=True)
