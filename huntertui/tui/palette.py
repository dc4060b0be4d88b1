"""One box for all there is: commands with their keys, and records; what is typed ranks both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from huntertui.commands import COMMANDS, Command, keys_of
from huntertui.commands.keymap import Keys
from huntertui.model.ranking import Row
from huntertui.model.search import fold
from huntertui.model.text import clean
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.panels import Panel
from huntertui.tui.ranked import ranked_commands

MOST = 100  # entries shown
LINES = 12  # at least
WIDEST = 96  # columns
TYPED = 60  # characters taken
NAME, KEYS = 20, 12  # columns

Records = Callable[[str], Iterable[Row]]
"""What is found by a text, the best first."""


class Entry(NamedTuple):
    """A line of the palette: what it says, and what Enter does. `why`: why it cannot be done now."""

    text: str
    run: Callable[[], None]
    why: str = ""


class Palette(Panel):
    """What is typed filters; arrows choose; Enter runs a command, or goes to a record (none after ">")."""

    hint = "⏎ run or go  ↑ ↓ choose  > commands only  Esc close"

    def __init__(
        self,
        keys: Keys,
        why_not: Callable[[Command], str],
        run: Callable[[Command], None],
        records: Records,
        go: Callable[[Row], None],
    ) -> None:
        super().__init__("", ())
        self._bound = {command: ", ".join(keys_of(command.name, keys)[:2]) for command in COMMANDS}
        self._why = {command: why_not(command) for command in COMMANDS}
        self._run, self._records, self._go = run, records, go
        self.width = 76
        self._typed = ""
        self._at = 0
        self._entries: Sequence[Entry] = ()
        self._filter("")

    def key(self, key: str) -> None:
        """Take a key."""
        if key in ("escape", "ctrl+c"):
            self.done = True
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
        only = self._typed.startswith(">")
        self.title = f"{'Run' if only else 'Go to or run'}: {self._typed[only:].lstrip()}"

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
            self.done = True
            self._entries[self._at].run()

    def _filter(self, typed: str) -> None:
        self._typed, self._at, self.top = typed[:TYPED], 0, 0
        self._entries = list(self._found(self._typed))[:MOST]
        self.refresh()

    def _found(self, typed: str) -> Iterator[Entry]:
        """The commands that are named so, then the records, then the commands that are so described."""
        only, text = typed.startswith(">"), fold(typed.removeprefix(">").strip())
        ranked = ranked_commands(text)
        yield from (self._command(command) for rank, command in ranked if rank == 0)
        if text and not only:
            yield from map(self._record, self._records(typed.strip()))
        yield from (self._command(command) for rank, command in ranked if rank > 0)

    def _command(self, command: Command) -> Entry:
        why = self._why[command]
        says = f"not now: {why}" if why else command.help
        text = f"{fit(command.name, NAME)} {fit(self._bound[command], KEYS)} {says}"
        return Entry(text, lambda: self._run(command), why)

    def _record(self, row: Row) -> Entry:
        names = " · ".join(dict.fromkeys(filter(None, (row.title, row.company, row.who))))
        return Entry(f"{names} · {row.stage} · {row.owner or 'nobody'} #{row.id}", lambda: self._go(row))


def _look(entry: Entry, *, chosen: bool) -> str:
    return "cursor" if chosen else "dim" if entry.why else ""
