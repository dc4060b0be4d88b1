"""One row of a file by what its cells mean, and what can be wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from huntertui.exchange.values import is_nothing
from huntertui.exchange.words import MANY, key
from huntertui.model.text import clean
from huntertui.records import dataclass
from huntertui.spreadsheet import undefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huntertui.exchange.headers import Column
    from huntertui.exchange.kinds import Kind

T = TypeVar("T")

_IDS = re.compile(r"[;,\s]+")  # between the ids in one cell
_SHORT = re.compile(r"[A-Za-z0-9]{15}")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

# What programs put behind a name: the id that it has there, or a link to its page.
_REFERENCE = re.compile(r" \((?:https?://[^\s()]+|[^\s()]+\.md)\)")
_NUMBERED = re.compile(r" \(\d{4,}\)")
_NAMES = frozenset({"company", "person", "people", "deal"})

_IN_LINES = frozenset({None, "notes", "text", "other people", "other columns"})
MAX_LINE = 1_000  # characters of a field of one line
MAX_TEXT = 100_000  # of notes, and of what has no field


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that is left out, and why. `column`: the header as written, "" when the whole row is meant."""

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        """ "line 7, CLOSEDATE: '31.12.' is no date: write 2026-11-23"."""
        value = self.value if len(self.value) <= 60 else f"{self.value[:59]}…"
        parts = f"line {self.line}", self.column
        return f"{', '.join(filter(None, parts))}: {f'{value!r} ' if value else ''}{self.message}"


class BadRow(Exception):
    """Ends the reading of one row."""

    def __init__(self, error: RowError) -> None:
        """Carry the error."""
        super().__init__(str(error))
        self.error = error


class Row:
    """The cells of one row by their field, cleaned; empty ones do not count."""

    def __init__(self, line: int, columns: Sequence[Column], cells: Sequence[str]) -> None:
        """Sort the cells. `columns`: the best first where several carry the same. BadRow: one is too long."""
        self.line = line
        self._fields: dict[str, list[tuple[Column, str]]] = {}
        self._extra: dict[str, str] = {}
        self._used: set[str] = set()
        width = len(cells)
        for column in columns:
            if column.place >= width or not (cell := cells[column.place]):
                continue
            # Nearly every cell is plain, and a million of them are many.
            plain = len(cell) <= MAX_LINE and cell.isascii() and cell.isprintable() and "'" not in cell
            if not (text := cell.strip(" ") if plain else self._text(column, cell)):
                continue
            if column.field is None:
                self._extra[column.header] = text
            else:
                if text[-1] in ')"' and column.field in _NAMES:
                    text = _bare(column, text)
                self._fields.setdefault(column.field, []).append((column, text))

    def _text(self, column: Column, cell: str) -> str:
        cell = undefused(cell)
        lines = column.field in _IN_LINES
        text, most = clean(cell, lines=lines), MAX_TEXT if lines else MAX_LINE
        if len(text) > most:
            raise self.bad(column.header, text, f"is longer than {most:,} characters: shorten it")
        return text

    def bad(self, header: str, value: str, message: str) -> BadRow:
        """The error to raise about one cell, or with "" for both about the row."""
        return BadRow(RowError(self.line, header, value, message))

    def __contains__(self, field: str) -> bool:
        """Whether the row has something in a column of that field."""
        return field in self._fields

    def text(self, field: str) -> str:
        """The text of the best column of the field, "" without any."""
        if (cells := self._fields.get(field)) is None:
            return ""
        self._used.add(field)
        return cells[0][1]

    def all(self, field: str) -> list[tuple[str, str]]:
        """(header, text) of every column of the field."""
        if (cells := self._fields.get(field)) is None:
            return []
        self._used.add(field)
        return [(column.header, text) for column, text in cells]

    def read(self, field: str, parse: Callable[[str], T]) -> T | None:
        """What the text of the field means, None when there is none. BadRow when it means nothing."""
        return self.read_by(field, lambda text, _: parse(text))

    def read_by(self, field: str, parse: Callable[[str, Column], T]) -> T | None:
        """The same, where the column has to tell how its cells are meant."""
        if (cells := self._fields.get(field)) is None:
            return None
        self._used.add(field)
        column, text = cells[0]
        if is_nothing(text):
            return None
        try:
            return parse(text, column)
        except ValueError as error:
            raise self.bad(column.header, text, str(error)) from None

    def spare(self, *fields: str) -> None:
        """Keep in `extra` what these fields say, though it was looked at."""
        self._used.difference_update(fields)

    def keep(self, header: str, text: str) -> None:
        """Keep in `extra` a text that found no place."""
        self._extra[header] = text

    @property
    def content(self) -> str:
        """All that the row says, whatever the order of its columns."""
        said = {(column.header, text) for cells in self._fields.values() for column, text in cells}
        return "\x1f".join(f"{header}\x1e{text}" for header, text in sorted({*said, *self._extra.items()}))

    @property
    def extra(self) -> dict[str, str]:
        """Header -> text of all that nobody has used, and of lesser columns that say something else."""
        told = (line.partition(": ") for line in self.text("other columns").split("\n"))
        left = {
            column.header: text
            for field, cells in self._fields.items()
            for column, text in cells
            if field not in self._used or (field not in MANY and text != cells[0][1])
        }
        return self._extra | left | {header: text for header, _, text in told if text}


def _bare(column: Column, text: str) -> str:
    """A name without what its program puts around it."""
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        return text[1:-1].strip() or text
    plain = _REFERENCE.sub("", text)
    return _NUMBERED.sub("", plain) if key(column.header).startswith("associated") else plain


def whole_id(source: str, id: str) -> str:
    """An id as all files of its source have it: reports of Salesforce leave out the last three letters, which
    tell which of the others are capitals."""
    if source != "salesforce" or not _SHORT.fullmatch(id):
        return id
    parts = (id[start : start + 5] for start in (0, 5, 10))
    return id + "".join(
        _LETTERS[sum(1 << n for n, char in enumerate(part) if char.isupper())] for part in parts
    )


def links_of(row: Row, kind: Kind) -> tuple[tuple[str, str], ...]:
    """The keys of the other rows that this one names, in the order of the kind's fields, each once. The ids
    stay in `extra` too, as the rows they mean may be in no file."""
    found = {
        (source, whole_id(source, id)): None
        for field, source in kind.links
        for _, text in row.all(field)
        for id in _IDS.split(text)
        if id
    }
    row.spare(*(field for field, _ in kind.links))
    return tuple(found)
