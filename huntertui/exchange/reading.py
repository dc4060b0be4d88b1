"""A CSV file as rows of text with their line numbers: encodings, delimiters, all that can be wrong in it.

Only plain files are read, and only so much of them; what cannot be read for sure is an `ImportFault` that
names the file, the line and what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from huntertui.errors import HunterError
from huntertui.model.text import clean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 128 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELL = 1_000_000  # characters
DELIMITERS = ",;\t|"

_LOOK = 10  # rows that are looked at for the delimiter
_MARKS = (  # the longer marks first: that of UTF-32 LE begins with that of UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where the zeros stand in two or four bytes of plain letters: marks may be missing, or wrong.
_WIDE = {
    b"\1\0\0\0": "utf-32-le",
    b"\0\0\0\1": "utf-32-be",
    b"\1\0\1\0": "utf-16-le",
    b"\0\1\0\1": "utf-16-be",
}
_SEP = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # Excel's own first line


class ImportFault(HunterError):
    """A file that cannot be imported at all; nothing was written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file that are not blank, as (number of their first line, cells), the header's among them.

    `where` is the path as it may be shown, `name` the file's own name; `notices` say what was assumed.
    """

    where: str
    name: str
    rows: tuple[tuple[int, list[str]], ...]
    notices: tuple[str, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file; ImportFault when it is none."""
    where = shown(str(path))
    text, notices = _decoded(_bytes(path, where), where)
    if "\n" not in text:
        text = text.replace("\r", "\n")  # a Macintosh of old
    if (nul := text.find("\0")) >= 0:
        line = text.count("\n", 0, nul) + 1
        raise ImportFault(
            f"{where}, line {line}: a NUL byte, so this is no CSV text: export it as CSV in UTF-8"
        )
    rows = tuple(_rows(text, where))
    if not rows:
        raise ImportFault(f"{where} is empty: export it again, with its header line")
    return Sheet(where, clean(path.name), rows, notices)


def _bytes(path: Path, where: str) -> bytes:
    """All of a plain file. Not blocking, as opening a pipe would wait for somebody to write into it."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise ImportFault(f"{where} is no plain file: give the path of a CSV file")
            with os.fdopen(fd, "rb", closefd=False) as file:
                data = file.read(MAX_BYTES + 1)
        finally:
            os.close(fd)
    except OSError as error:
        raise ImportFault(f"{where} cannot be read: {(error.strerror or 'error').lower()}") from None
    except ValueError:
        raise ImportFault(f"{where} is no path of a file") from None
    if len(data) > MAX_BYTES:
        raise ImportFault(f"{where} is larger than {MAX_BYTES // 1024**2} MB: import it in parts")
    return data


def _decoded(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    found = ((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark))
    mark, encoding = next(found, (b"", "utf-8"))
    data = data[len(mark) :]
    wide = _WIDE.get(bytes(map(bool, data[:4])))
    encoding = wide or encoding
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        if mark or wide:
            raise ImportFault(
                f"{where}, line {line}: broken {encoding.upper()}: export it again, as UTF-8"
            ) from None
    notice = f"read as Windows-1252: it is no UTF-8 (line {line})"
    return data.decode("cp1252", "replace"), (notice,)


def _rows(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    told = _SEP.match(text)
    delimiter = told[1] if told else _delimiter(text)
    count = 0
    for line, cells in _parsed(text, delimiter, where):
        if (told and line == 1) or not any(cell and not cell.isspace() for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise ImportFault(f"{where}, line {line}: more than {MAX_ROWS:,} rows: import it in parts")
        if len(cells) > MAX_COLUMNS:
            raise ImportFault(f"{where}, line {line}: more than {MAX_COLUMNS:,} columns: is this a table?")
        yield line, cells


def _delimiter(text: str) -> str:
    """The delimiter that parts the first row that any parts: the one that most rows agree with, then the one
    that gives the most cells."""
    counts = {delimiter: _counts(text[:MAX_CELL], delimiter) for delimiter in DELIMITERS}
    for row in range(_LOOK):
        scores = {
            delimiter: (found.count(found[row]), found[row])
            for delimiter, found in counts.items()
            if row < len(found) and found[row] > 1
        }
        if scores:
            return max(scores, key=scores.__getitem__)
    return ","


def _counts(text: str, delimiter: str) -> list[int]:
    counts: list[int] = []
    try:
        counts.extend(len(cells) for _, cells in islice(_parsed(text, delimiter, ""), _LOOK))
    except ImportFault:
        return counts  # whether it is one is for the real reading to say
    return counts


def _parsed(text: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Every row, blank ones too. Strict, as a quote gone wrong would shift what follows unseen."""
    reader = csv.reader(
        io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    line = 1
    limit = csv.field_size_limit()
    try:
        csv.field_size_limit(MAX_CELL)
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportFault(f"{where}, line {line}: {_reason(str(error))}") from None
    finally:
        csv.field_size_limit(limit)


def _reason(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is opened here and never closed: close it or take it out"
    if "field larger" in error:
        return f"a cell of more than {MAX_CELL:,} characters: is a quote never closed?"
    if "new-line character" in error:
        return "a carriage return stands in a cell without quotes: put the cell in quotes"
    return 'a quote inside a cell is not doubled: write "" for it'
