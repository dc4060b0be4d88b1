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
DELIMITERS = ",;\t|"

_LOOK = 30  # rows that are looked at for the delimiter
_SEP = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)  # Excel's own first line


class Delimited:
    """The rows of such a text, read anew by every call of `rows`."""

    def __init__(self, text: Text) -> None:
        """Find out what parts its columns."""
        self._text = text
        self._told = _SEP.fullmatch(next(text.lines(), ""))
        self._delimiter = self._told[1] if self._told else self._likely()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number of the first line, cells) of each row, blank ones too. ImportFault: a quote goes wrong."""
        for line, cells in parsed(self._text.lines(), self._delimiter, self._text.blob.where):
            if not (self._told and line == 1):
                yield line, cells

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


def parsed(lines: Iterator[str], delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Every row, blank ones too. Strict, as a quote gone wrong would shift what follows unseen."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    while True:
        limit = csv.field_size_limit(MAX_CELL)  # one for the whole process: ours for this row alone
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ImportFault(f"{where}, line {line}: {_reason(str(error))}") from None
        finally:
            csv.field_size_limit(limit)
        yield line, cells
        line = reader.line_num + 1


def _reason(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is opened here and never closed: close it or take it out"
    if "field larger" in error:
        return f"a cell of more than {MAX_CELL:,} characters: is a quote never closed?"
    if "new-line character" in error:
        return "a carriage return stands in a cell without quotes: put the cell in quotes"
    return 'a quote inside a cell is not doubled: write "" for it'
