"""A box to choose in: what is typed filters, arrows move, Enter takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from huntertui.model.text import clean
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.panels import Panel

MOST = 100  # entries shown
LINES = 12  # at least
WIDEST = 96  # columns
TYPED = 60  # characters taken


class Entry(NamedTuple):
    """A line of the box: what it says, and what Enter does. `why`: why it cannot be done now."""

    text: str
    run: Callable[[], None]
    why: str = ""


class Chooser(Panel):
    """The box. What stands in it is for its kinds to say; `_filter` is to be called when that is known."""

    def __init__(self) -> None:
        super().__init__("", ())
        self.width = 76
        self._typed = ""
        self._at = 0
        self._entries: Sequence[Entry] = ()

    def _found(self, typed: str) -> Iterable[Entry]:
        """What there is for a text, the best first."""
        raise NotImplementedError

    def _heading(self) -> str:
        """The title, with what is typed."""
        raise NotImplementedError

    def leave(self) -> None:
        """Close it, and choose nothing."""
        self.done = True

    def key(self, key: str) -> None:
        """Take a key."""
        if key in ("escape", "ctrl+c"):
            self.leave()
        elif key == "enter":
            self._take()
        elif key in ("backspace", "ctrl+u", "ctrl+w"):
            kept = {"backspace": self._typed[:-1], "ctrl+u": ""}
            self._filter(kept.get(key, self._typed.rstrip().rpartition(" ")[0]))
        elif key == "space":
            self._filter(self._typed + " ")
        elif len(key) == 1:
            self._filter(self._typed + key)
        else:
            self._move(key)

    def paste(self, text: str) -> None:
        """Filter by the text."""
        self._filter(self._typed + clean(text))

    def refresh(self) -> None:
        """Lay the lines out anew."""
        self.top = max(self._at - self.page + 1, min(self.top, self._at), 0)
        blank = DetailLine(" " * self.width)  # the frame stays as it is
        found = tuple(
            DetailLine(fit(entry.text, self.width), _look(entry, chosen=at == self._at))
            for at, entry in enumerate(self._entries)
        )
        found = found or (DetailLine("nothing of that name: Esc closes", "dim"),)
        self._lines = found + (blank,) * (LINES - len(found))
        self.title = self._heading()

    def set_width(self, columns: int) -> None:
        """Take in how wide the screen is."""
        width = max(1, min(columns - 6, WIDEST))
        if width != self.width:
            self.width = width
            self.refresh()

    def _move(self, key: str) -> None:
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "tab": 1, "shift+tab": -1}
        step = (steps | {"pagedown": self.page, "pageup": -self.page}).get(key, 0)
        self._at = max(0, min(self._at + step, len(self._entries) - 1))
        self.refresh()

    def _take(self) -> None:
        if self._entries:
            self._entries[self._at].run()
            self.done = True  # not when that was refused

    def _filter(self, typed: str) -> None:
        self._typed, self._at, self.top = typed[:TYPED], 0, 0
        self._entries = list(self._found(self._typed))[:MOST]
        self.refresh()


def _look(entry: Entry, *, chosen: bool) -> str:
    return "cursor" if chosen else "dim" if entry.why else ""
