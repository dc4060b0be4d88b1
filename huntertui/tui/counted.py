"""A panel of lines with a cursor on those that count something: Enter opens exactly what a line counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huntertui.errors import Usage
from huntertui.records import dataclass
from huntertui.tui.fit import cut
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.panels import Panel

STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
TURNS = {"l": 1, "right": 1, "tab": 1, "h": -1, "left": -1, "shift+tab": -1}

Open = Callable[[str, Sequence[int]], None]
"""Shows these items, under that name."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line, what it counts, what is missing from it, and what it says, where there is no room beside it."""

    line: DetailLine
    name: str = ""
    ids: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()
    says: str = ""


class Counted(Panel):
    """Lines with a cursor on those that count something: Enter shows what; m what is missing from it."""

    hint = "⏎ opens the rows  m what is missing  h l another one  Esc close"

    def __init__(self, pages: Sequence[tuple[str, Sequence[Told]]], show: Open, page: int = 0) -> None:
        super().__init__("", ())
        self._pages = pages
        self._show = show
        self.page_at = page
        self._at = 0
        self._turn(0)

    def key(self, key: str) -> None:
        """Move, turn to another one's page, open, or leave."""
        if key in ("escape", "q", "ctrl+c"):
            self.done = True
        elif key in TURNS:
            self._turn(TURNS[key])
        elif key in ("enter", "m"):
            self._open(missing=key == "m")
        else:
            self._step(STEPS.get(key, 0))

    def hint_for(self, width: int) -> str:
        """The keys, else what the line says that has the cursor."""
        return super().hint_for(width) or cut(self._told[self._stops[self._at]].says, width)

    def state(self) -> OverlayState:
        """What is shown: a line each, so that the cursor is always among them."""
        return OverlayState(self.title, self._lines, self.top, cut=True)

    def _turn(self, by: int) -> None:
        self.page_at = (self.page_at + by) % len(self._pages)
        self.title, self._told = self._pages[self.page_at]
        self._stops = [at for at, told in enumerate(self._told) if told.name] or [0]
        self._at = min(self._at, len(self._stops) - 1)
        self._step(0)

    def _step(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._stops) - 1))
        at = self._stops[self._at]
        end = len(self._told) - 1 if self._at == len(self._stops) - 1 else at  # what follows the last is read
        self.top = min(max(end - self.page + 1, min(self.top, at), 0), at) if self._at else 0
        self._lines = tuple(
            DetailLine(told.line.text, "cursor") if index == at and told.name else told.line
            for index, told in enumerate(self._told)
        )

    def _open(self, *, missing: bool) -> None:
        told = self._told[self._stops[self._at]]
        ids = told.rest if missing else told.ids
        if not ids:
            raise Usage(f"nothing is {'missing from' if missing else 'counted by'} {told.name or 'that'}")
        self.done = True
        self._show(f"missing: {told.name}" if missing else told.name, ids)
