"""The rows that an import could not take, as a file to put right and import again.

It has the line and the reason of each, then the row as it stood. Nothing in it is computed by a spreadsheet.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.exchange.outfile import check_free, new_file
from huntertui.model.text import clean
from huntertui.spreadsheet import defused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntertui.exchange.rows import RowError
    from huntertui.exchange.tables import Table

REJECT_HEADERS = ("Rejected Line", "Rejected Because")
"""The first two columns; an import of the file does not look at them."""
_MARK = "\ufeff"  # without which spreadsheets take the letters for those of Windows


def place_of(path: Path, table: str = "") -> Path:
    """Where the rejected rows of a file, or of one of its tables, go: beside it, or where that cannot be,
    into the folder one is in."""
    name = ".".join(filter(None, (path.name, re.sub(r"[^\w-]+", "-", table), "rejects.csv")))
    beside = path.with_name(name)
    return beside if os.access(beside.parent, os.W_OK | os.X_OK) else Path(name)


def check_place(path: Path) -> None:
    """NotAllowed, ExportFault: something else than rejects of one's own stands there."""
    check_free(path, force=_ours(path), cure="move it away: rejected rows are to go there")


def write_rejects(path: Path, table: Table, errors: Sequence[RowError]) -> None:
    """Write the rows that have errors, in the place of older rejects. NotAllowed, ExportFault."""
    why = {error.line: error for error in errors}
    with new_file(path, force=_ours(path)) as file:
        file.write(_MARK)
        writer = csv.writer(file)
        writer.writerow([*REJECT_HEADERS, *map(_cell, table.header)])
        for line, cells in table.rows():
            if error := why.get(line):
                reason = str(error).removeprefix(f"line {line}").lstrip(",: ")
                writer.writerow([line, _cell(reason), *map(_cell, cells)])


def _cell(text: str) -> str:
    return defused(clean(text, lines=True))


def _ours(path: Path) -> bool:
    """Whether a plain file begins as one of ours does."""
    begins = (_MARK + ",".join(REJECT_HEADERS)).encode()
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return False
    try:
        return os.read(fd, len(begins)) == begins
    except OSError:  # a folder, a device
        return False
    finally:
        os.close(fd)
