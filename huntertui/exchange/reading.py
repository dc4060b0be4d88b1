"""A file as tables of text: rows of cells with their line numbers, whatever its format.

A format is told by the first bytes, never by the name of the file. What cannot be read for sure is an
`ImportFault` that names the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from huntertui.exchange.blob import open_blob
from huntertui.exchange.decoding import decode
from huntertui.exchange.delimited import CHARACTERS, Delimited
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.pages import Page, is_page
from huntertui.model.text import clean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.exchange.blob import Blob
    from huntertui.exchange.decoding import Text
    from huntertui.model.pipeline import Stage

MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
_STEP = 256  # rows between two words on how far it is
_BLOCK = 512  # rows of a block, as long as they have no more than `CHARACTERS`
_SOME = 64  # rows of which that is looked at

Rows = Iterator[tuple[int, list[str]]]
"""(number of its first line, cells) of each row of a file."""

Heed = Callable[[int], None]
"""Told now and then how many rows a reading has passed; what it raises ends the reading."""

# What people take for tables, by the first bytes, and what to do with it.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "is a protected or an old Excel file: save it as XLSX or CSV",
    b"%pdf": "is a PDF, which holds no table: export the list as CSV",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `rows` reads it anew by each call: all rows, blank ones and the header among them.

    `where`: the path as it may be shown, and the `table` where a file has several; `name`: the same with the
    file's own name; `notices`: what was assumed. What an export of our own brings along: `off_limits`, the
    list of those not to contact, as the store has it, and `stages`, its team's pipeline. `heed` is told of
    each reading of its rows.
    """

    where: str
    name: str
    table: str
    rows: Callable[[], Rows]
    notices: tuple[str, ...]
    off_limits: tuple[dict[str, Any], ...] = ()
    stages: tuple[Stage, ...] = ()
    heed: Heed | None = None


def in_blocks(rows: Rows) -> Iterator[tuple[list[tuple[int, list[str]]], int]]:
    """The rows in blocks that it pays to read at once, fewer where they are long, and how many characters
    each has."""
    block: list[tuple[int, list[str]]] = []
    size = 0
    while some := list(islice(rows, _SOME)):
        block += some
        size += len("".join(chain.from_iterable(cells for _, cells in some)))
        if len(block) >= _BLOCK or size > CHARACTERS:
            yield block, size
            block, size = [], 0
    if block:
        yield block, size


def read_sheets(path: Path, encoding: str = "", heed: Heed | None = None) -> tuple[Sheet, ...]:
    """The tables of a file, at least one; `encoding`: of its text, "" where it is to be found out. `heed` is
    told by each reading of their rows. ImportFault when it has none."""
    blob = open_blob(path)
    begin = blob.head(1_000).removeprefix(b"\xef\xbb\xbf").lstrip()
    if why := _OTHERS.get(begin[:4].lower()):
        raise ImportFault(f"{blob.where} {why}")
    found, notices = _of_workbook(blob) if begin.startswith(b"PK\3\4") else _of_text(decode(blob, encoding))
    sheets: list[Sheet] = []
    for table in found:
        where, file = (", ".join(filter(None, (of, table.name))) for of in (blob.where, clean(path.name)))
        rows, said = _capped(where, table.rows, heed), () if sheets else notices
        sheets.append(Sheet(where, file, table.name, rows, said, table.off_limits, table.stages, heed))
    return tuple(sheets)


class _Table(NamedTuple):
    """A table as its format gives it, see Sheet."""

    name: str
    rows: Callable[[], Rows]
    off_limits: tuple[dict[str, Any], ...] = ()
    stages: tuple[Stage, ...] = ()


_Found = list[_Table]


def _of_workbook(blob: Blob) -> tuple[_Found, tuple[str, ...]]:
    from huntertui.exchange.workbooks import sheets_in  # late, as most files are CSV

    sheets, notices = sheets_in(blob)
    if not sheets:
        raise ImportFault(f"{blob.where} is a workbook with nothing in it")
    return [_Table(name if len(sheets) > 1 else "", rows) for name, rows in sheets], notices


def _of_text(text: Text) -> tuple[_Found, tuple[str, ...]]:
    first = next((line.strip() for line in text.lines() if line.strip()), "")
    if first.startswith(("{", "[")):
        from huntertui.exchange.jsontables import tables_in

        tables, said = tables_in(text)
        found = [_Table(table.name, table.rows, table.off_limits, table.stages) for table in tables]
        return found, (*text.notices, *said)
    if first.upper() == "BEGIN:VCARD":
        from huntertui.exchange.cards import Cards

        cards = Cards(text)
        return [_Table("", cards.rows)], (*text.notices, *cards.notices)
    if is_page(first):
        page = Page(text)
        if next(page.rows(), None) is None:
            raise ImportFault(
                f"{text.blob.where} is a web page, or XML, without a table: export the list as CSV"
            )
        return [_Table("", page.rows)], text.notices
    return [_Table("", Delimited(text).rows)], text.notices


def _capped(where: str, rows: Callable[[], Rows], heed: Heed | None) -> Callable[[], Rows]:
    """The rows of a table, not more than may be; `heed` is told of each reading."""

    def read() -> Rows:
        for count, (line, cells) in enumerate(rows(), 1):
            if count > MAX_ROWS:
                raise ImportFault(f"{where}, line {line}: more than {MAX_ROWS:,} rows: import it in parts")
            if len(cells) > MAX_COLUMNS:
                raise ImportFault(
                    f"{where}, line {line}: more than {MAX_COLUMNS:,} columns: is this a table?"
                )
            if heed is not None and count % _STEP == 0:
                heed(count)
            yield line, cells

    return read
