"""Cells that no spreadsheet computes: what would be a formula is given an apostrophe, and taken off it again.

A spreadsheet also computes what begins behind a delimiter or a line break inside of a cell, where it parts
the file by another delimiter than it is written with: quotes then stand in the middle of a cell, and count
for nothing. So an apostrophe is put there as well.

Sources: OWASP, "CSV injection"; Excel takes the delimiter from the language of the system.
"""

from __future__ import annotations

import re

_SIGNS = "[=+\\-@＝＋－＠]"
_BEGINS = re.compile(rf"'*(?:[\t\r]|[\s\"']*{_SIGNS})")
_INSIDE = rf"(?<=[;；|\t\r\n]){{}}(?=['\" ]*{_SIGNS})"
_KEPT = re.compile(r'\s*="((?:[^"]|"")*)"\s*')
_OPEN, _DEFUSED = re.compile(_INSIDE.format("")), re.compile(_INSIDE.format("'"))


def defused(text: str) -> str:
    """The text as a cell that is shown and never computed."""
    text = _OPEN.sub("'", text)
    return f"'{text}" if _BEGINS.match(text) else text


def undefused(cell: str) -> str:
    """The text that `defused` made a cell of, or of ="00123", by which other programs keep the zeros of a
    number; nearly every other cell as it is."""
    if found := _KEPT.fullmatch(cell):
        return found[1].replace('""', '"')
    if cell.startswith("'") and _BEGINS.match(cell, 1):
        cell = cell[1:]
    return _DEFUSED.sub("", cell)
