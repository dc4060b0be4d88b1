"""What the screen shows at one moment: made where the desk is worked at, painted where the screen is."""

from __future__ import annotations

from dataclasses import field, replace

from rich.cells import cell_len

from huntertui.commands.keymap import Keys
from huntertui.desk.history import Event
from huntertui.errors import HunterError
from huntertui.model.ranking import Mark
from huntertui.records import dataclass
from huntertui.tui import describe
from huntertui.tui.card import card
from huntertui.tui.chooser import Chooser
from huntertui.tui.detail import Folded
from huntertui.tui.footers import footer
from huntertui.tui.form import Form
from huntertui.tui.lines import BoardState, DetailLine, DetailState, HeaderState, OverlayState, StatusState
from huntertui.tui.overlay import FRAME, fitting, text_width
from huntertui.tui.panels import Panel
from huntertui.tui.status import GAP
from huntertui.tui.steering import Seen, Steering


@dataclass(frozen=True, slots=True)
class Room:
    """What there is room for: `page` rows of a lane, `status` columns and lines of the status.

    `overlay`: lines of a panel; `last_top`: the last line on which the detail may begin, None when it is
    hidden. Both follow from what is shown, so that another value calls for no other picture.
    """

    narrow: bool = False
    page: int = 1
    status: tuple[int, int] = (0, 0)
    overlay: int = field(default=1, compare=False)
    last_top: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole screen; `seen` is what a person knows who looks at it."""

    reading: bool
    header: HeaderState
    board: BoardState
    detail: DetailState
    status: StatusState
    overlay: OverlayState | None
    seen: Seen


class Pictures:
    """Makes the pictures. What is dear to make is made again only when it has changed."""

    def __init__(self, steering: Steering, keys: Keys, *, demo: bool) -> None:
        self._steering = steering
        self._keys = keys
        self._demo = demo
        self._footers: dict[tuple[str, int], str] = {}
        self._headed: tuple[object, HeaderState] = (None, HeaderState("", ""))
        self._detailed: tuple[object, tuple[DetailLine, ...]] = (None, ())
        self._told: tuple[int | None, int, list[Event]] = (None, 0, [])  # id, version of the lanes, history

    def make(self, room: Room) -> Picture:
        """The screen as it stands now."""
        steering, desk, lanes = self._steering, self._steering.desk, self._steering.lanes
        lanes.resize(room.page)
        panel: Panel | None = steering.panel
        if isinstance(panel, Chooser):
            panel.set_width(room.status[0])
        if isinstance(panel, Form) and room.status[0]:
            panel.width = text_width(room.status[0])
        return Picture(
            steering.reading,
            self._header(),
            describe.board(desk, lanes, self._keys, steering.fresh, narrow=room.narrow),
            DetailState(self._detail(), steering.detail_top),
            self._status(*room.status),
            self._over(panel, room),
            Seen(desk.seq, panel),
        )

    def _over(self, panel: Panel | None, room: Room) -> OverlayState | None:
        """What lies over the board: the parts of what is being typed, a panel, or what is worked through."""
        prompt = self._steering.prompt
        if prompt is not None and (parts := prompt.card()):
            return OverlayState(prompt.label, parts, 0, wide=True)
        if panel is not None:
            return panel.state()
        return self._card(room) or self._steering.reviewed(room.status[0], room.overlay)

    def tell(self) -> bool:
        """Read the history of the record under the cursor: when the keys rest, as it means a long search.

        True when there is something new to show.
        """
        lanes, id = self._steering.lanes, self._steering.in_hand
        if id is None or self._told[:2] == (id, lanes.version):
            return False
        before, events = self._told, list[Event]()
        try:
            events = self._steering.desk.history(id)
        except HunterError as error:
            self._steering.say(str(error), "neglected")
        self._told = (id, lanes.version, events)
        return before[0] != id or before[2] != events

    def _header(self) -> HeaderState:
        steering = self._steering
        if coach := steering.coach.line:
            return HeaderState(coach, "")
        key = (steering.lanes.version, steering.focus, steering.desk.read_only)
        if self._headed[0] != key:
            try:
                made = describe.header(steering.desk, steering.lanes, steering.focus, demo=self._demo)
            except HunterError as error:  # the store went away while it was read
                return HeaderState(f"huntertui  {error}", str(error))
            self._headed = (key, made)
        return self._headed[1]

    def _detail(self) -> tuple[DetailLine, ...]:
        lanes, row = self._steering.lanes, self._steering.lanes.row
        told, version, events = self._told
        if row is None or told != row.id:
            version, events = -1, []
        key = (lanes.version, row.id if row else None, version)
        if self._detailed[0] != key:
            try:
                made = describe.detail(self._steering.desk, row.id, events) if row else ()
            except HunterError as error:  # the store is away, and this is not at hand
                return (DetailLine(str(error), "dim"),)
            self._detailed = (key, made)
        return self._detailed[1]

    def _card(self, room: Room) -> OverlayState | None:
        """What is in hand while a queue is worked through."""
        steering, queue = self._steering, self._steering.desk.queue
        if queue is None or not steering.working:
            return None
        told, _, events = self._told
        made = card(steering.desk, queue, events if told == queue.id else [])
        width = room.status[0] - FRAME
        lines = Folded.count(fitting(made.lines, width, room.overlay), width)
        steering.card_top = max(0, min(steering.card_top, lines - room.overlay))
        return replace(made, top=steering.card_top)

    def _status(self, width: int, height: int) -> StatusState:
        steering = self._steering
        count = len(steering.lanes.selection)
        selected = f"{count:,} selected" if count else ""
        if steering.prompt is not None:
            return steering.prompt.state(width)
        if pending := steering.keys.pending:
            said = " · ".join(filter(None, (selected, steering.said, pending)))
            text, rest = describe.broken(said, width, height)
            return StatusState(text, hint=rest)
        said = steering.said or ("reading: j k scroll, Esc goes back" if steering.reading else "")
        said = " · ".join(filter(None, (selected, said)))
        room = width if height > 1 or not said else width - cell_len(said) - GAP
        return StatusState(said, steering.look, hint=self._footer(room))

    def _footer(self, width: int) -> str:
        panel = self._steering.panel
        if panel is not None:
            return panel.hint_for(width)
        key = (self._place(), width)
        if key not in self._footers:
            self._footers[key] = footer(self._keys, *key)
        return self._footers[key]

    def _place(self) -> str:
        """Where the keys act, as `footers` names it."""
        steering, lanes = self._steering, self._steering.lanes
        row = lanes.row
        if steering.working:
            return "working"
        if steering.reading:
            return "reading"
        if lanes.selection:
            return "selected"
        if row is None:
            return "empty"
        if Mark.CLOSED in row.marks:
            return "closed"
        return "open" if not row.owner else ("prospects", "follow-ups", "closing")[lanes.focused]
