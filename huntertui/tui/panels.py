"""What lies over the board: the help, an explanation. Plain values, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huntertui.commands import COMMANDS, GROUPS, Command, listed
from huntertui.commands.keymap import Keys
from huntertui.model.text import clean
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.ranked import ranked_commands

_SCROLL = {
    "j": 1,
    "down": 1,
    "k": -1,
    "up": -1,
}
_CLOSE = ("escape", "q", "ctrl+c")


class Panel:
    """Lines to read. `done`: it is to be closed. `page`: the lines on the screen, set by who shows it.

    `hint`: its keys, for the last line.
    """

    hint = ""
    asks = False
    """Whether a key that was typed before one saw it is no answer to it."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        self.title = title
        self.done = False
        self.page = 1
        self.top = 0
        self._lines = tuple(map(DetailLine, lines))

    def key(self, key: str) -> None:
        """Take a key."""
        if key in _CLOSE:
            self.done = True
        else:
            self._scroll(key)

    def refresh(self) -> None:
        """Read anew what is shown, where it may have changed."""

    def _scroll(self, key: str) -> None:
        by = {"pagedown": self.page, "space": self.page, "pageup": -self.page, "home": -self.top} | _SCROLL
        last = max(0, len(self._lines) - self.page)
        if key in ("end", "G"):
            self.top = last
        else:
            self.top = max(0, min(self.top + by.get(key, 0), last))

    def hint_for(self, width: int) -> str:
        """What to say of it in so many columns: its keys, where they have room."""
        return self.hint if len(self.hint) <= width else ""

    def paste(self, text: str) -> None:
        """Take pasted text: nothing takes it here."""

    def state(self) -> OverlayState:
        """What is shown."""
        return OverlayState(self.title, self._lines, self.top)


class Choices(Panel):
    """What may follow the keys typed so far: arrows scroll, any other key closes it and is one of them."""

    KEPT: tuple[str, ...] = ("down", "up", "pagedown", "pageup")
    hint = ""


class Summary(Choices):
    """What became of something: arrows scroll, and any key closes it; but for these it does what it does."""

    hint = "any key goes on"

    KEPT = (*Choices.KEPT, *_CLOSE, "enter", "space")

    def key(self, key: str) -> None:
        """Take a key."""
        if key in Choices.KEPT:
            self._scroll(key)
        else:
            self.done = True


class Help(Panel):
    """All commands with their keys; what is typed ranks them. `why_not`: why one cannot act now."""

    hint = "type to filter  ↑ ↓ scroll  Esc close"

    def __init__(self, keys: Keys, why_not: Callable[[Command], str] = lambda _: "") -> None:
        super().__init__("", ())
        self._keys = keys
        self._why = {command: why_not(command) for command in COMMANDS}
        self._typed = ""
        self._filter("")

    def key(self, key: str) -> None:
        """Letters filter, q as any other; arrows scroll. A second ? closes it, as it opened it."""
        if key in ("escape", "ctrl+c") or (key == "?" and not self._typed):
            self.done = True
        elif key == "backspace":
            self._filter(self._typed[:-1])
        elif key == "space" and self._typed:
            self._filter(self._typed + " ")
        elif len(key) == 1:
            self._filter(self._typed + key)
        else:
            self._scroll(key)

    def paste(self, text: str) -> None:
        """Filter by the text."""
        self._filter(self._typed + clean(text))

    def _filter(self, typed: str) -> None:
        self._typed, self.top = typed[:40], 0
        bound = {command: shown for group in GROUPS for command, shown in listed(group, self._keys)}
        lines: list[DetailLine] = []
        if self._typed:
            by_key = [command for command, shown in bound.items() if self._typed in shown]
            ranked = (command for _, command in ranked_commands(self._typed))
            lines += [self._line(command, bound[command]) for command in dict.fromkeys((*by_key, *ranked))]
        else:
            for group in GROUPS:
                lines.append(DetailLine(group, "heading"))
                lines += [self._line(one, shown) for one, shown in bound.items() if one.group == group]
        self._lines = tuple(lines) or (DetailLine("nothing of that name", "dim"),)
        self.title = f"Help: {self._typed}" if self._typed else "Help: type to filter, Esc closes"

    def _line(self, command: Command, shown: Sequence[str]) -> DetailLine:
        why = self._why[command]
        says = f"{command.help}; not now: {why}" if why else command.help
        return DetailLine(f"  {', '.join(shown):<20} {says}  ({command.name})", "dim" if why else "")
