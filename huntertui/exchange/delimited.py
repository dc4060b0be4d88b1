"""Text in columns, by commas or whatever stands between them: CSV and its kin."""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING

from huntertui.exchange.faults import ImportFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.exchange.decoding import Text

MAX_CELL = 1_000_000  # characters
CHARACTERS = 1 << 20  # of rows that are read at once
DELIMITERS = ",;\t|^~"

_MOST_BROKEN = 100  # lines without one that is whole: then the file is none of these
_LOOK = 30  # rows that are looked at for the delimiter
_SOME = 256  # rows that are read at once, as long as they have no more than `CHARACTERS`
_SEP = re.compile(r"\"?sep=([,;\t|^~])\"?\r?\n?", re.IGNORECASE)  # Excel's own first line


class Delimited:
    """The rows of such a text, read anew by every call of `rows`."""

    def __init__(self, text: Text) -> None:
        """Find out what parts its columns."""
        self._text = text
        self._told = _SEP.fullmatch(next(text.lines(), ""))
        self._delimiter = self._told[1] if self._told else self._likely()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number of the first line, cells) of each row, blank ones too. ImportFault: a quote goes wrong."""
        rows = parsed(self._text.lines(), self._delimiter, self._text.blob.where)
        if self._told:
            next(rows, None)
        return rows

    def _likely(self) -> str:
        """The delimiter that parts the first row that any parts: the one that most rows agree with, then the
        one that gives the most cells."""
        counts = {delimiter: self._counts(delimiter) for delimiter in DELIMITERS}
        for row in range(_LOOK):
            scores = {
                delimiter: (found.count(found[row]), found[row])
                for delimiter, found in counts.items()
                if row < len(found) and found[row] > 1
            }
            if scores:
                return max(scores, key=scores.__getitem__)
        return ","

    def _counts(self, delimiter: str) -> list[int]:
        counts: list[int] = []
        try:
            rows = islice(parsed(self._text.lines(), delimiter, ""), _LOOK)
            counts.extend(len(cells) for _, cells in rows)
        except ImportFault:
            return counts  # whether it is one is for the real reading to say
        return counts


class Broken(list[str]):
    """A row in which a quote goes wrong, as far as the next one that is whole: its text in one cell."""

    why = 'a quote inside a cell is not doubled: write "" for it'


def parsed(lines: Iterator[str], delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Every row, blank ones too, and those that are `Broken`. Strict, as a quote gone wrong would shift what
    follows unseen. ImportFault where nobody can say where the next row begins."""
    reader = _Reader(lines, delimiter)
    try:
        yield from reader.rows()
    except csv.Error as error:
        raise ImportFault(f"{where}, line {reader.line}: {_reason(str(error))}") from None


class _Reader:
    """The rows of a text, strictly. `line`: the number of the first line of the last one that it has come
    to."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self.line = 1
        self._over = False
        self._room = 0  # characters that may still be read at once
        self._read: list[str] = []  # the lines of the last row
        self._width = 0  # of the last row that is whole
        self._rows = csv.reader(self._noted(lines), delimiter=delimiter, strict=True, skipinitialspace=True)

    def _noted(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._read.append(line)
            self._room -= len(line)
            yield line

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number of its first line, cells) of each. csv.Error: it cannot be told where one ends."""
        most = _LOOK  # at first, as most readings are no longer
        while True:
            some, stop = self._some(most)
            yield from some
            if self._over:
                return
            most = _SOME
            self._width = next((len(cells) for _, cells in reversed(some) if len(cells) > 1), self._width)
            if stop is not None:
                line = self.line
                torn, after = self._torn(stop)
                yield line, torn
                if after is not None:
                    yield after

    def _torn(self, stop: csv.Error) -> tuple[Broken, tuple[int, list[str]] | None]:
        """The row that ends with an error, and the next one that is whole, as wide as those before. What
        stands between belongs to the broken."""
        if "expected after" not in str(stop):
            raise stop
        if not self._width:
            raise csv.Error
        begun, torn = self.line, Broken(["".join(self._read)])
        while True:
            some, again = self._some(1)
            if again is not None and "expected after" not in str(again):
                raise again
            if some and len(some[0][1]) >= self._width:
                return torn, some[0]
            torn[0] += "".join(self._read)
            if torn[0].count("\n") > _MOST_BROKEN:
                self.line = begun
                raise csv.Error
            if not some and again is None:
                return torn, None

    def _some(self, most: int) -> tuple[list[tuple[int, list[str]]], csv.Error | None]:
        """So many of the next rows; fewer where they are long, at the end, or before one that cannot be read,
        with its error."""
        found: list[tuple[int, list[str]]] = []
        limit = csv.field_size_limit(MAX_CELL)  # one for the whole process: ours for these rows alone
        rows, read = self._rows, self._read
        self._room = CHARACTERS
        try:
            while len(found) < most and (self._room > 0 or not found):
                read.clear()
                self.line = rows.line_num + 1
                found.append((self.line, next(rows)))
        except StopIteration:
            self._over = True
            return found, None
        except csv.Error as error:
            return found, error
        finally:
            csv.field_size_limit(limit)
        return found, None


def _reason(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is opened here and never closed: close it or take it out"
    if "field larger" in error:
        return f"a cell of more than {MAX_CELL:,} characters: is a quote never closed?"
    if "new-line character" in error:
        return "a carriage return stands in a cell without quotes: put the cell in quotes"
    return Broken.why
