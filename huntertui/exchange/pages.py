"""Tables in web pages, which Salesforce and others give out as `.xls`, and in Excel's XML of 2003.

All rows of a page are one table. As many may stand in one line, the number of a row is its place. Not by the
library's parser, which takes minutes for a cell of nothing but opened tags.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.exchange.decoding import Text
    from huntertui.exchange.reading import Rows

_BEGIN = re.compile(
    r"<!--|<(?:!doctype|\?xml|\?mso|html|head|meta|style|title|body|div|table|workbook)\b", re.IGNORECASE
)
_TOKEN = re.compile(r"<(/?)([A-Za-z][\w:]*+)([^<>]*+)>|([^<]++)|<")
_PLACE = re.compile(r"\b(?:ss:)?(index|colspan)\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)
_ROWS, _CELLS = frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_LONGEST = 100_000  # characters of a tag that goes over lines
_WIDEST = 1_001  # cells of a row: one more than any table has


def is_page(line: str) -> bool:
    """Whether a text that begins with this line is one of these."""
    return bool(_BEGIN.match(line))


class Page:
    """The rows of such a text, read anew by every call of `rows`."""

    def __init__(self, text: Text) -> None:
        """Nothing is read yet."""
        self._text = text

    def rows(self) -> Rows:
        """(number, cells) of each row."""
        for number, row in enumerate(self._rows(), 1):
            yield number, row.cells

    def _rows(self) -> Iterator[_Row]:
        row, rest = _Row(), ""
        for line in self._text.lines():
            data = rest + line
            cut = data.rfind("<")
            goes_on = cut >= 0 and data.find(">", cut) < 0 and len(data) - cut < _LONGEST
            data, rest = (data[:cut], data[cut:]) if goes_on else (data, "")
            for ends, tag, more, text in _TOKEN.findall(data):
                name = tag.lower().rpartition(":")[2]
                if name in _ROWS:
                    row.end_cell()
                    if row.cells:
                        yield row
                    row = _Row(begun=not ends)
                elif row.begun:
                    row.take(name, more, text, ends=bool(ends))
        row.end_cell()
        if row.cells:
            yield row


class _Row:
    """A row so far; what stands outside of rows is not `begun`."""

    def __init__(self, *, begun: bool = False) -> None:
        self.begun = begun
        self.cells: list[str] = []
        self._parts: list[str] | None = None  # of the cell that is open
        self._wide = 0  # cells that it covers beside its own

    def take(self, name: str, more: str, text: str, *, ends: bool) -> None:
        """One tag, or the text between two."""
        if name in _CELLS:
            self.end_cell()
            if not ends:
                places = {place.lower(): int(n) for place, n in _PLACE.findall(more)}
                self._fill(places.get("index", 0) - 1 - len(self.cells))
                self._wide = places.get("colspan", 1) - 1
                self._parts = []
                if more.endswith("/"):
                    self.end_cell()
        elif self._parts is not None:
            self._parts.append("\n" if name in _BREAKS and not ends else text.replace("\n", " "))

    def end_cell(self) -> None:
        """What it shows: its lines, each with single spaces."""
        if self._parts is None:
            return
        lines = html.unescape("".join(self._parts)).split("\n")
        if len(self.cells) < _WIDEST:
            self.cells.append("\n".join(filter(None, (" ".join(line.split()) for line in lines))))
        self._fill(self._wide)
        self._parts, self._wide = None, 0

    def _fill(self, count: int) -> None:
        self.cells += [""] * min(count, _WIDEST - len(self.cells))
