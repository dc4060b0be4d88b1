"""A file as tables of text: rows of cells with their line numbers, whatever its format.

A format is told by the first bytes, never by the name of the file. What cannot be read for sure is an
`ImportFault` that names the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from huntertui.exchange.blob import open_blob
from huntertui.exchange.decoding import decode
from huntertui.exchange.delimited import Delimited
from huntertui.exchange.faults import ImportFault
from huntertui.model.text import clean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.exchange.blob import Blob
    from huntertui.exchange.decoding import Text

MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
_STEP = 256  # rows between two words on how far it is

Rows = Iterator[tuple[int, list[str]]]
"""(number of its first line, cells) of each row of a file."""

Heed = Callable[[int], None]
"""Told now and then how many rows a reading has passed; what it raises ends the reading."""

# What people take for tables, by the first bytes, and what to do with it.
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "is a protected or an old Excel file: save it as XLSX or CSV",
    b"%pdf": "is a PDF, which holds no table: export the list as CSV",
    b"<htm": "is a web page, as Salesforce gives for Excel: choose the format CSV there",
    b"<!do": "is a web page, as Salesforce gives for Excel: choose the format CSV there",
    b"<?xm": "is XML: export the list as CSV",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `rows` reads it anew by each call: all rows, blank ones and the header among them.

    `where`: the path as it may be shown, and the `table` where a file has several; `name`: the same with the
    file's own name; `notices`: what was assumed. `off_limits`: the list of those not to contact that an
    export of our own brings along, as the store has it.
    """

    where: str
    name: str
    table: str
    rows: Callable[[], Rows]
    notices: tuple[str, ...]
    off_limits: tuple[dict[str, Any], ...] = ()


def read_sheets(path: Path, encoding: str = "", heed: Heed | None = None) -> tuple[Sheet, ...]:
    """The tables of a file, at least one; `encoding`: of its text, "" where it is to be found out. `heed` is
    told by each reading of their rows. ImportFault when it has none."""
    blob = open_blob(path)
    begin = blob.head(1_000).removeprefix(b"\xef\xbb\xbf").lstrip()
    if why := _OTHERS.get(begin[:4].lower()):
        raise ImportFault(f"{blob.where} {why}")
    found, notices = _of_workbook(blob) if begin.startswith(b"PK\3\4") else _of_text(decode(blob, encoding))
    sheets: list[Sheet] = []
    for name, rows, off_limits in found:
        where, file = (", ".join(filter(None, (of, name))) for of in (blob.where, clean(path.name)))
        sheets.append(
            Sheet(where, file, name, _capped(where, rows, heed), () if sheets else notices, off_limits)
        )
    return tuple(sheets)


_Found = list[tuple[str, Callable[[], Rows], tuple[dict[str, Any], ...]]]


def _of_workbook(blob: Blob) -> tuple[_Found, tuple[str, ...]]:
    from huntertui.exchange.workbooks import sheets_in  # late, as most files are CSV

    sheets, notices = sheets_in(blob)
    if not sheets:
        raise ImportFault(f"{blob.where} is a workbook with nothing in it")
    return [(name if len(sheets) > 1 else "", rows, ()) for name, rows in sheets], notices


def _of_text(text: Text) -> tuple[_Found, tuple[str, ...]]:
    first = next((line.strip() for line in text.lines() if line.strip()), "")
    if first.startswith(("{", "[")):
        from huntertui.exchange.jsontables import tables_in

        tables, said = tables_in(text)
        return [(table.name, table.rows, table.off_limits) for table in tables], (*text.notices, *said)
    if first.upper() == "BEGIN:VCARD":
        from huntertui.exchange.cards import Cards

        cards = Cards(text)
        return [("", cards.rows, ())], (*text.notices, *cards.notices)
    return [("", Delimited(text).rows, ())], text.notices


def _capped(where: str, rows: Callable[[], Rows], heed: Heed | None) -> Callable[[], Rows]:
    def capped() -> Rows:
        for count, (line, cells) in enumerate(rows(), 1):
            if heed is not None and count % _STEP == 0:
                heed(count)
            if count > MAX_ROWS:
                raise ImportFault(f"{where}, line {line}: more than {MAX_ROWS:,} rows: import it in parts")
            if len(cells) > MAX_COLUMNS:
                raise ImportFault(
                    f"{where}, line {line}: more than {MAX_COLUMNS:,} columns: is this a table?"
                )
            yield line, cells

    return capped
