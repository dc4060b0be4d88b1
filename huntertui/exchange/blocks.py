"""Rows by columns: some of a table at a time, each part of them read once for all rows that say the same.

Of the hundred thousand rows of a file few differ in whose they are, in which stage, or in what comes next:
such a part is read as a row of its own, and remembered as the JSON that becomes of it. What differs in nearly
every row is read column by column.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat
from json import loads
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from huntertui.exchange.headers import Column
from huntertui.exchange.rows import BadRow, BadRows, Places, Row, RowError
from huntertui.exchange.values import is_nothing
from huntertui.model.codec import doc_of
from huntertui.store.record import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from huntertui.exchange.rows import SomeRows

T = TypeVar("T")

_NO_COLUMN = Column(-1, "", None)
_MOST = 2048  # combinations of cells that a part remembers
_LONGEST = 2000  # characters of them, and of what becomes of them: long notes are hardly ever the same


class Block:
    """Some rows of a table, at least one, clean and in columns."""

    def __init__(self, places: Places, rows: SomeRows) -> None:
        """BadRows: some have too long a cell."""
        self.lines = [line for line, _ in rows]
        self.columns = places.columns_of(rows)
        self.twice = "other columns" in places.by_field  # its headers may be those of others
        self._places = places
        self._spared: dict[str, set[int]] = {}

    def __len__(self) -> int:
        """How many rows."""
        return len(self.lines)

    def texts(self, field: str) -> Sequence[str]:
        """The text of the best column of a field in each row, "" where it has none."""
        return self._best(field)[0]

    def read(
        self, field: str, parse: Callable[..., T], said: Iterable[tuple[Any, ...]] = repeat(())
    ) -> list[T | None]:
        """What these texts mean, None where there is none. BadRows where they mean nothing. `parse`: of a
        text, its column, and what others say of the row."""
        found: list[T | None] = []
        bad: dict[int, RowError] = {}
        for text, column, more in zip(*self._best(field), said, strict=False):
            try:
                found.append(parse(text, column, *more) if text else None)
            except ValueError as error:
                if not is_nothing(text):
                    row = len(found)
                    bad[row] = RowError(self.lines[row], column.header, text, str(error))
                found.append(None)
        if bad:
            raise BadRows(bad)
        return found

    def spare(self, field: str, row: int) -> None:
        """Keep what a field says in a row, though it was looked at."""
        self._spared.setdefault(field, set()).add(row)

    def kept(self, alone: Iterable[str], whole: Iterable[str]) -> list[list[str]]:
        """Columns of what is kept as it is, as JSON, "" where there is nothing: all that carries nothing
        known, what the fields `alone` say that was spared, or that lesser columns say otherwise, and the
        `whole` of others."""
        places, columns = self._places, self.columns
        found = [named(header, columns[place]) for header, place in places.bare]
        for field in whole:
            found += [named(column.header, columns[column.place]) for column in places.of(field)]
        for field in alone:
            of_field, spared = places.of(field), self._spared.get(field, set())
            if not spared and len(of_field) < 2:
                continue
            best = self.texts(field)
            for column in of_field:
                pairs = enumerate(zip(columns[column.place], best, strict=True))
                left = [text if row in spared or text != said else "" for row, (text, said) in pairs]
                found.append(named(column.header, left))
        return found

    def _best(self, field: str) -> tuple[Sequence[str], Iterable[Column]]:
        columns = self._places.of(field)
        if len(columns) == 1:
            return self.columns[columns[0].place], repeat(columns[0])
        if not columns:
            return [""] * len(self), repeat(_NO_COLUMN)
        rows = zip(*(self.columns[column.place] for column in columns), strict=True)
        best = [
            next((column for column, text in zip(columns, row, strict=True) if text), columns[0])
            for row in rows
        ]
        return [self.columns[column.place][row] for row, column in enumerate(best)], best


class Documents:
    """The documents that become of the rows of a block, as JSON, column by column."""

    def __init__(self, block: Block) -> None:
        """Begin with nothing."""
        self._block = block
        self._fields: list[Sequence[str]] = []
        self._extra: list[Sequence[str]] = []

    def of(self, part: Part[T], *said: Iterable[Any]) -> Sequence[T]:
        """Put what a part says in them; what it says to others, of each row. BadRows: see `Part.of`."""
        values, fields, extra = zip(*part.of(self._block, *said), strict=True)
        self.put(fields)
        if any(extra):
            self._extra.append(extra)
        return values

    def put(self, fields: Sequence[str]) -> None:
        """Put a column of fields in them."""
        if any(fields):
            self._fields.append(fields)

    def texts(self, kept: Iterable[Sequence[str]]) -> Iterator[str]:
        """The documents. `kept`: see `Block.kept`."""
        columns = (*kept, *self._extra)
        extras = map(_joined, zip(*columns, strict=True)) if columns else repeat("")
        for fields, extra in zip(map(_joined, zip(*self._fields, strict=True)), extras, strict=False):
            if extra and self._block.twice:
                extra = _within(loads(f"{{{extra}}}"))
            yield f'{{{fields},"extra":{{{extra}}}}}' if extra else f"{{{fields}}}"


class Piece(NamedTuple, Generic[T]):
    """What a part of a row says: `value` to other parts, `json` as fields of a document, `extra` as those of
    what is kept as it is; both without their braces."""

    value: T
    json: str
    extra: str


class Part(Generic[T]):
    """Some columns of a table, and what `read` makes of a row that has only them."""

    def __init__(
        self,
        columns: Sequence[Column],
        read: Callable[..., tuple[T, Mapping[str, Any]]],
        lent: Sequence[Column] = (),
    ) -> None:
        """`read`: of a row, and of what others say of it, what it says to others and of the opportunity;
        `lent`: columns that it reads too, and another part keeps."""
        self._read = read
        self._lent = frozenset(column.header for column in lent)
        columns = (*columns, *lent)
        self._from = [column.place for column in columns]
        self._places = Places([replace(column, place=place) for place, column in enumerate(columns)])
        self._known: dict[tuple[Any, ...], Piece[T]] = {}

    def __bool__(self) -> bool:
        """Whether the table has any of its columns."""
        return bool(self._from)

    def of(self, block: Block, *said: Iterable[Any]) -> list[Piece[T]]:
        """The piece of each row; `said`: what others say of it. BadRows when some cannot be read."""
        columns = (block.columns[place] for place in self._from)
        keys = list(zip(*columns, *said, strict=True)) or [()] * len(block)
        found = list(map(self._known.get, keys))
        bad: dict[int, RowError] = {}
        for row in [row for row, piece in enumerate(found) if piece is None]:
            try:
                found[row] = self._known.get(keys[row]) or self._learnt(block.lines[row], keys[row])
            except BadRow as error:
                bad[row] = error.error
        if bad:
            raise BadRows(bad)
        return [piece for piece in found if piece]

    def _learnt(self, line: int, key: tuple[Any, ...]) -> Piece[T]:
        row = Row(line, self._places, key[: len(self._from)])
        value, fields = self._read(row, *key[len(self._from) :])
        extra = {header: text for header, text in row.extra.items() if header not in self._lent}
        piece = Piece(value, fields_in(fields), _within(extra))
        if len(self._known) >= _MOST:
            self._known.clear()
        if len(piece.json) + len(piece.extra) + sum(map(len, key[: len(self._from)])) <= _LONGEST:
            self._known[key] = piece
        return piece


def _joined(parts: Iterable[str]) -> str:
    return ",".join(filter(None, parts))


def fields_in(fields: Mapping[str, Any]) -> str:
    """Fields of an opportunity as JSON, without the braces."""
    return _within(doc_of(fields.items()))


def _within(doc: Mapping[str, Any]) -> str:
    return ",".join(
        f"{quoted(name)}:{quoted(value) if type(value) is str else dumps(value)}"
        for name, value in doc.items()
    )


def named(name: str, texts: Iterable[str]) -> list[str]:
    """Texts as fields of that name in JSON, "" for each that is empty."""
    begin = f"{quoted(name)}:"
    return [begin + quoted(text) if text else "" for text in texts]
