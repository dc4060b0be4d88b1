"""Workbooks of Excel (XLSX) as tables: each sheet that can be seen and has something in it.

A sheet is read once, into a file without a name that goes with this process, as that takes ten times as long
as reading the same rows as text.
"""

from __future__ import annotations

import csv
import io
import os
import warnings
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize
from zipfile import ZipFile

from huntertui.exchange.blob import Blob
from huntertui.exchange.decoding import Text
from huntertui.exchange.delimited import parsed
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.jsontables import numeral
from huntertui.model.text import clean

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from huntertui.exchange.reading import Rows

MAGIC = b"PK\x03\x04"

_MOST = 512 * 1024**2  # bytes of a workbook, unpacked
_RATIO = 300  # how many times as large a part may get by unpacking; real sheets get 10 to 100 times
_SMALL = 10 * 1024**2  # bytes of a part that may be whatever it likes
_MAX_COLUMNS = 1_000
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def sheets_in(blob: Blob) -> tuple[list[tuple[str, Callable[[], Rows]]], tuple[str, ...]]:
    """(name, rows) of each sheet that has any, and what is said of others. ImportFault: it is no workbook."""
    _check(blob)
    from openpyxl import load_workbook  # late: most files are none

    warnings.filterwarnings("ignore", module="openpyxl")  # of styles and the like, which are not read
    try:
        book = load_workbook(blob.open(), read_only=True, data_only=True, keep_links=False)
        found = [
            (clean(sheet.title), sheet.sheet_state, _kept(blob.where, sheet)) for sheet in book.worksheets
        ]
    except ImportFault:
        raise
    except Exception:  # whatever a broken file makes the library raise
        raise ImportFault(f"{blob.where} is a broken workbook: save it again, or as CSV") from None
    seen = [(name, rows) for name, state, rows in found if rows and state == "visible"]
    hidden = [name for name, state, rows in found if rows and state != "visible"]
    return seen, tuple(f"the hidden sheet {name} is left out" for name in hidden)


def _check(blob: Blob) -> None:
    """ImportFault where it is no workbook, or one that would fill the memory."""
    try:
        with ZipFile(blob.open()) as file:
            parts = file.infolist()
    except Exception:  # of a broken one: BadZipFile, OSError, NotImplementedError, struct.error ...
        raise ImportFault(f"{blob.where} is a broken workbook: save it again, or as CSV") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise ImportFault(
            f"{blob.where} is packed, and no Excel workbook: unpack it, or save it as XLSX or CSV"
        )
    swollen = any(part.file_size > max(_SMALL, _RATIO * part.compress_size) for part in parts)
    if swollen or sum(part.file_size for part in parts) > _MOST:
        raise ImportFault(f"{blob.where} unpacks to more than any table of ours: save it as CSV")


def _kept(where: str, sheet: ReadOnlyWorksheet) -> Callable[[], Rows] | None:
    """The rows of a sheet from a file of our own, each with its number first; None when there is none."""
    sheet.reset_dimensions()  # what a file says of its size is often wrong
    with TemporaryFile() as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        writer, empty, gap = csv.writer(text), True, False
        for number, values in enumerate(sheet.values, 1):
            cells = [_cell(value) for value in values]
            if not any(cells):
                gap = not empty
                continue
            if len(cells) > _MAX_COLUMNS:
                raise ImportFault(
                    f"{where}, line {number}: more than {_MAX_COLUMNS:,} columns: is this a table?"
                )
            if gap:
                writer.writerow([number - 1, ""])
            empty = gap = False
            writer.writerow([number, *cells])
        text.flush()
        fd = os.dup(file.fileno())
    kept = Blob(where, fd, os.fstat(fd).st_size, packed=False)
    finalize(kept, os.close, fd)
    return None if empty else partial(_again, Text(kept, 0, "utf-8", "\n", ()))


def _again(text: Text) -> Rows:
    for _, (number, *cells) in parsed(text.lines(), ",", text.blob.where):
        yield int(number), cells


def _cell(value: object) -> str:
    """What a cell shows, whatever its format: dates as ISO has them, numbers in full."""
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return numeral(f"{Decimal(repr(value)):f}".removesuffix(".0"))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)
