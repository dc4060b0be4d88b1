"""A file as tables of text: rows of cells with their line numbers, whatever its format.

A format is told by the first bytes, never by the name of the file. What cannot be read for sure is an
`ImportFault` that names the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huntertui.exchange.blob import open_blob
from huntertui.exchange.decoding import decode
from huntertui.exchange.delimited import Delimited
from huntertui.exchange.faults import ImportFault
from huntertui.model.text import clean

if TYPE_CHECKING:
    from pathlib import Path

MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000

Rows = Iterator[tuple[int, list[str]]]
"""(number of its first line, cells) of each row of a file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `rows` reads it anew by each call: all rows, blank ones and the header among them.

    `where`: the path as it may be shown, and the table where a file has several; `name`: the same with the
    file's own name; `notices`: what was assumed.
    """

    where: str
    name: str
    rows: Callable[[], Rows]
    notices: tuple[str, ...]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The tables of a file, at least one. ImportFault when it has none."""
    blob = open_blob(path)
    text = decode(blob)
    return (_checked(blob.where, clean(path.name), Delimited(text).rows, text.notices),)


def _checked(where: str, name: str, rows: Callable[[], Rows], notices: tuple[str, ...]) -> Sheet:
    def capped() -> Rows:
        for count, (line, cells) in enumerate(rows(), 1):
            if count > MAX_ROWS:
                raise ImportFault(f"{where}, line {line}: more than {MAX_ROWS:,} rows: import it in parts")
            if len(cells) > MAX_COLUMNS:
                raise ImportFault(
                    f"{where}, line {line}: more than {MAX_COLUMNS:,} columns: is this a table?"
                )
            yield line, cells

    return Sheet(where, name, capped, notices)
