"""One row of a file by what its cells mean, and what can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from huntertui.exchange.others import of_lines
from huntertui.exchange.values import is_nothing
from huntertui.exchange.words import MANY, key
from huntertui.model.text import clean
from huntertui.records import dataclass
from huntertui.spreadsheet import undefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from huntertui.exchange.headers import Column
    from huntertui.exchange.kinds import Kind

T = TypeVar("T")

_IDS = re.compile(r"[;,\s]+")  # between the ids in one cell
_SHORT = re.compile(r"[A-Za-z0-9]{15}")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

# What programs put around a name: the id that it has there, a link to its page, the sort of record.
_REFERENCE = re.compile(r" \((?:https?://[^\s()]+|[^\s()]+\.md)\)")
_NUMBERED = re.compile(r" \(\d{4,}\)")
_SORT = re.compile(r"[A-Za-z]+::::")
_NAMES = frozenset({"company", "person", "people", "deal"})

_IN_LINES = frozenset({None, "notes", "text", "other people", "other columns"})
MAX_LINE = 1_000  # characters of a field of one line
MAX_TEXT = 100_000  # of notes, and of what has no field


SomeRows = Sequence[tuple[int, Sequence[str]]]
"""(line, cells) of some rows of a table."""

BY_CONTENT = "row"
"""The source of the ids of rows that have none: it stands for what they say."""


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
        parts = f"line {self.line}", self.column.rstrip(": ")
        return f"{', '.join(filter(None, parts))}: {f'{value!r} ' if value else ''}{self.message}"


class BadRow(Exception):
    """Ends the reading of one row."""

    def __init__(self, error: RowError) -> None:
        """Carry the error."""
        super().__init__(str(error))
        self.error = error


class BadRows(Exception):
    """Ends the reading of some rows: the places among them of those that cannot be read, and why."""

    def __init__(self, errors: Mapping[int, RowError]) -> None:
        """Carry the errors."""
        super().__init__(f"{len(errors)} rows")
        self.errors = errors


def one_by_one(draft: Callable[[int, Sequence[str]], T], rows: SomeRows) -> list[T | RowError]:
    """What becomes of each row, or why it cannot be read."""
    found: list[T | RowError] = []
    for line, cells in rows:
        try:
            found.append(draft(line, cells))
        except BadRow as bad:
            found.append(bad.error)
    return found


class Places:
    """Where the cells of a table's rows go: to their fields, or to what has none."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """The best of those that carry the same come first."""
        ranked = sorted(columns, key=lambda column: column.rank)
        by_field: dict[str, list[Column]] = {}
        for column in ranked:
            if column.field is not None:
                by_field.setdefault(column.field, []).append(column)
        self.columns, self.by_field = ranked, by_field
        self.width = max((column.place for column in ranked), default=-1) + 1
        self.best = {field: of_field[0] for field, of_field in by_field.items()}
        self.single = [
            (field, column.place) for field, column in self.best.items() if len(by_field[field]) == 1
        ]
        self.several = [(field, of_field) for field, of_field in by_field.items() if len(of_field) > 1]
        self.names = [column for column in ranked if column.field in _NAMES]
        self.bare = [(column.header, column.place) for column in ranked if column.field is None]
        self._by_header = sorted((f"{column.header}\x1e", column.place) for column in columns)

    def of(self, field: str) -> list[Column]:
        """The columns that carry a field, the best first."""
        return self.by_field.get(field, [])

    def content(self, texts: Sequence[str]) -> str:
        """All that a row with these texts says, whatever the order of its columns."""
        return "\x1f".join([header + text for header, place in self._by_header if (text := texts[place])])

    def columns_of(self, rows: SomeRows) -> list[Sequence[str]]:
        """The cells of some rows, (line, cells) each, clean and by columns, as many as these places take.
        BadRows: some are too long."""
        width = self.width
        whole = (
            cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))] for _, cells in rows
        )
        columns: list[Sequence[str]] = list(zip(*whole, strict=False))
        bad: dict[int, RowError] = {}
        for column in self.columns:
            cells, said = columns[column.place], "".join(columns[column.place])
            if not _is_plain(said) or max(map(len, cells)) > MAX_LINE:
                texts = columns[column.place] = [_text(column, cell) for cell in cells]
                most = MAX_TEXT if column.field in _IN_LINES else MAX_LINE
                for row, text in enumerate(texts):
                    if len(text) > most:
                        message = f"is longer than {most:,} characters: shorten it"
                        bad.setdefault(row, RowError(rows[row][0], column.header, text, message))
            elif " " in said:
                columns[column.place] = list(map(str.strip, cells))
        if bad:
            raise BadRows(bad)
        for column in self.names:
            columns[column.place] = [
                _bare(column, text) if text[-1:] in (")", '"') or "::::" in text else text
                for text in columns[column.place]
            ]
        return columns

    def texts(self, line: int, cells: Sequence[str]) -> list[str]:
        """The cells of one row. BadRow: one is too long."""
        try:
            return [column[0] for column in self.columns_of([(line, cells)])]
        except BadRows as bad:
            raise BadRow(bad.errors[0]) from None


class Row:
    """What the cells of one row say, by their field; empty ones do not count."""

    def __init__(self, line: int, places: Places, texts: Sequence[str]) -> None:
        """Sort the cells, which are clean: see `Places.texts`."""
        self.line = line
        self._places = places
        self._fields = {field: text for field, place in places.single if (text := texts[place])}
        self._several: dict[str, list[tuple[Column, str]]] = {}
        for field, columns in places.several:
            found = [(column, text) for column in columns if (text := texts[column.place])]
            if found:
                self._several[field] = found
                self._fields[field] = found[0][1]
        self._extra = {header: text for header, place in places.bare if (text := texts[place])}
        self._used: set[str] = set()

    def bad(self, header: str, value: str, message: str) -> BadRow:
        """The error to raise about one cell, or with "" for both about the row."""
        return BadRow(RowError(self.line, header, value, message))

    def __contains__(self, field: str) -> bool:
        """Whether the row has something in a column of that field."""
        return field in self._fields

    def may(self, field: str) -> bool:
        """Whether the table has a column of that field."""
        return bool(self._places.of(field))

    def has_none(self, fields: frozenset[str]) -> bool:
        """Whether the row has nothing in a column of any of these fields."""
        return fields.isdisjoint(self._fields)

    def text(self, field: str) -> str:
        """The text of the best column of the field, "" without any."""
        if text := self._fields.get(field, ""):
            self._used.add(field)
        return text

    def all(self, field: str) -> list[tuple[str, str]]:
        """(header, text) of every column of the field."""
        if field not in self._fields:
            return []
        self._used.add(field)
        return [(column.header, text) for column, text in self._cells(field)]

    def read(self, field: str, parse: Callable[[str], T]) -> T | None:
        """What the text of the field means, None when there is none. BadRow when it means nothing."""
        if field not in self._fields:
            return None
        return self.read_by(field, lambda text, _: parse(text))

    def read_by(self, field: str, parse: Callable[[str, Column], T]) -> T | None:
        """The same, where the column has to tell how its cells are meant."""
        text = self._fields.get(field, "")
        if not text:
            return None
        self._used.add(field)
        if is_nothing(text):
            return None
        column = self._several[field][0][0] if field in self._several else self._places.best[field]
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
    def extra(self) -> dict[str, str]:
        """Header -> text of all that nobody has used, and of lesser columns that say something else."""
        told = self.text("other columns")
        used, several, best = self._used, self._several, self._places.best
        if len(used) == len(self._fields) and not (told or several):  # as in most parts of a row
            return self._extra
        left = self._extra | {
            best[field].header: text
            for field, text in self._fields.items()
            if field not in used and field not in several
        }
        for field, cells in several.items():
            for column, text in cells:
                if field not in used or (field not in MANY and text != cells[0][1]):
                    left[column.header] = text
        return left | of_lines(told) if told else left

    def _cells(self, field: str) -> list[tuple[Column, str]]:
        """Each column of the field in which the row has something, the best first."""
        return self._several.get(field) or [(self._places.best[field], self._fields[field])]


def _is_plain(text: str) -> bool:
    """Whether nothing has to be cleaned in it but spaces, as in nearly all, and a million rows are many."""
    return text.isascii() and text.isprintable() and "'" not in text and "=" not in text


def _text(column: Column, cell: str) -> str:
    if _is_plain(cell):
        return cell.strip(" ")
    return clean(undefused(cell), lines=column.field in _IN_LINES)


def _bare(column: Column, text: str) -> str:
    """A name without what its program puts around it."""
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        return text[1:-1].strip() or text
    plain = _SORT.sub("", _REFERENCE.sub("", text))
    return _NUMBERED.sub("", plain) if key(column.header).startswith("associated") else plain


def content_key(said: str) -> tuple[str, str]:
    """The key of a row without an id, by what it says."""
    return BY_CONTENT, blake2b(said.encode(), digest_size=8).hexdigest()


def whole_id(source: str, id: str) -> str:
    """An id as all files of its source have it: reports of Salesforce leave out the last three letters, which
    tell which of the others are capitals."""
    if source != "salesforce" or len(id) != 15 or not _SHORT.fullmatch(id):
        return id
    parts = (id[start : start + 5] for start in (0, 5, 10))
    return id + "".join(
        _LETTERS[sum(1 << n for n, char in enumerate(part) if char.isupper())] for part in parts
    )


def ids_in(source: str, text: str) -> tuple[tuple[str, str], ...]:
    """The keys that a cell names."""
    if text.isalnum():
        return _id_in(source, text)
    return tuple((source, whole_id(source, id)) for id in filter(None, _IDS.split(text)))


@lru_cache(2048)
def _id_in(source: str, id: str) -> tuple[tuple[str, str], ...]:
    return ((source, whole_id(source, id)),)


def links_of(row: Row, kind: Kind) -> tuple[tuple[str, str], ...]:
    """The keys of the other rows that this one names, in the order of the kind's fields, each once. The ids
    stay in `extra` too, as the rows they mean may be in no file."""
    found: dict[tuple[str, str], None] = {}
    for field, source in kind.links:
        for _, text in row.all(field):
            found |= dict.fromkeys(ids_in(source, text))
        row.spare(field)
    return tuple(found)
