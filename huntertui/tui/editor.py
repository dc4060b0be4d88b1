"""Text being typed, of one line or of many: a plain value that takes every key at once."""

from __future__ import annotations

from rich.cells import cell_len

from huntertui.model.text import shown
from huntertui.tui.prompts import EDITS, LONGEST

LONGEST_NOTES = 20_000
"""Characters of a text of many lines."""

_IN_LINE = ("home", "end", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+k", "ctrl+w")


class Editor:
    """A text and a cursor, edited with the keys of readline; long lines are folded, `width` columns wide.

    `lines`: it may have several, else breaks become spaces.
    """

    def __init__(self, text: str = "", *, lines: bool = False) -> None:
        self.lines = lines
        self.longest = LONGEST_NOTES if lines else LONGEST
        self.text = text
        self.at = len(text)
        self.width = 80

    def insert(self, text: str) -> str:
        """Put text in at the cursor. Returns a message when it does not all fit."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if not self.lines:
            text = text.strip("\n").replace("\n", " ")
        taken = text[: max(self.longest - len(self.text), 0)]
        self.text = self.text[: self.at] + taken + self.text[self.at :]
        self.at += len(taken)
        return (
            "" if len(taken) == len(text) else f"only {self.longest:,} characters fit: the rest is left out"
        )

    def key(self, key: str) -> bool:
        """Edit or move with a named key; False when it is none of the editor's, or there is no line there."""
        if key in ("up", "down"):
            return self._to_row(-1 if key == "up" else 1)
        edit = EDITS.get(key)
        if edit is None:
            return False
        first, end = self._line() if key in _IN_LINE else (0, len(self.text))
        line, at = edit(self.text[first:end], self.at - first)
        self.text = self.text[:first] + line + self.text[end:]
        self.at = first + at
        return True

    def view(self) -> tuple[list[str], int, int]:
        """(the rows as shown, the row of the cursor, its column in it)."""
        rows = self._rows()
        row = self._row(rows)
        column = cell_len(shown(self.text[rows[row][0] : self.at]))
        return [shown(self.text[first:end]) for first, end in rows], row, column

    def _line(self) -> tuple[int, int]:
        """Where the line under the cursor begins and ends."""
        end = self.text.find("\n", self.at)
        return self.text.rfind("\n", 0, self.at) + 1, end if end != -1 else len(self.text)

    def _to_row(self, by: int) -> bool:
        rows = self._rows()
        row = self._row(rows)
        if not 0 <= row + by < len(rows):
            return False
        column = self.at - rows[row][0]
        first, end = rows[row + by]
        last = row + by == len(rows) - 1 or self.text[end : end + 1] == "\n"
        self.at = min(first + column, end if last else max(end - 1, first))
        return True

    def _row(self, rows: list[tuple[int, int]]) -> int:
        return max(at for at, (first, _) in enumerate(rows) if first <= self.at)

    def _rows(self) -> list[tuple[int, int]]:
        """Where each row begins and ends; a column is left for the cursor behind the last character."""
        rows: list[tuple[int, int]] = []
        first, room = 0, max(self.width - 1, 2)
        for line in self.text.split("\n"):
            end, at = first + len(line), first
            while (cut := self._fits(at, end, room)) < end:
                space = self.text.rfind(" ", at, cut) + 1
                cut = space if space > at else cut
                rows.append((at, cut))
                at = cut
            rows.append((at, end))
            first = end + 1
        return rows

    def _fits(self, first: int, end: int, room: int) -> int:
        """How far the text from `first` goes in so many columns; at least one character."""
        part = self.text[first : min(end, first + room)]
        if not part.isascii():
            while len(part) > 1 and cell_len(shown(part)) > room:
                part = part[:-1]
        return first + len(part)
