"""A first look at a file: the columns of its tables, what stands in them, and what they carry as far as is
known. It reads no more than the beginning, so that a person can put it right before all is read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from huntertui.exchange.guessing import guessed
from huntertui.exchange.headers import layout_of
from huntertui.exchange.kinds import DOCUMENTS, PLAIN, Role
from huntertui.exchange.reading import read_sheets
from huntertui.exchange.rejecting import REJECT_HEADERS
from huntertui.exchange.tables import UnknownHeader, header_of
from huntertui.exchange.words import ACTIVITIES, DEALS, PEOPLE, key, keys
from huntertui.model.text import clean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.exchange.mapping import Mappings
    from huntertui.exchange.reading import Heed, Sheet

_LOOK = 500  # rows of which the cells are looked at
_SHOWN = 6  # different cells that are kept of a column
_LONGEST = 60  # characters of a cell that are kept

SAID, REMEMBERED, RECOGNISED, GUESSED = "yours", "remembered", "recognised", "guessed"
_ANY_NAME = frozenset({*keys(PLAIN.fields["name"]), *keys(PLAIN.fields["heading"])})
_IDS = {"id", "status"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A column. `header`: as written, "" without one; `label`: the same, numbered where it comes twice.

    `field`: what it carries, "" for nothing that is known; `how` that is known, "" where nothing is; `guess`:
    what it may carry by its cells, "" where they do not tell.
    """

    header: str
    label: str
    samples: tuple[str, ...]
    field: str
    how: str
    guess: str


@dataclass(frozen=True, slots=True)
class Look:
    """A table of a file. `name`: that of the file, and of the table where there are several; `header` as
    written, and what stands below each."""

    path: Path
    name: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]

    def columns(self, mappings: Mappings) -> list[Seen]:
        """The columns, with what they carry as far as that is known or said."""
        layout = layout_of(self.header, mappings)
        words = [key(text) for text in self.header]
        now, ever = mappings.now_of(words), mappings.of(words)
        found: list[Seen] = []
        for column, word, header, samples in zip(
            layout.columns, words, self.header, self.samples, strict=True
        ):
            how = RECOGNISED if column.field else ""
            if word in ever:
                how = SAID if word in now else REMEMBERED
            elif column.field and layout.kind is PLAIN and word in _ANY_NAME:
                how = GUESSED
            guess = "" if column.field or word in ever else guessed(header, samples)
            found.append(Seen(header, column.header, samples, column.field or "", how, guess))
        return [seen for seen in found if seen.label not in REJECT_HEADERS]

    def kind(self, mappings: Mappings) -> str:
        """What kind of file it is; "" where no column names a record."""
        layout = layout_of(self.header, mappings)
        return layout.kind.name if layout.names else ""

    def fields(self, mappings: Mappings) -> tuple[str, ...]:
        """What a column may be said to carry in such a table."""
        activity = layout_of(self.header, mappings).kind.role is Role.ACTIVITY
        return tuple(sorted({*ACTIVITIES} if activity else {*PEOPLE, *DEALS, *_IDS} - {"expected value"}))


def look_at(path: Path, mappings: Mappings, encoding: str = "", heed: Heed | None = None) -> list[Look]:
    """The tables of a file of which people can say what their columns carry. ImportFault."""
    looks = (_look(path, sheet, mappings) for sheet in read_sheets(path, encoding, heed))
    return [look for look in looks if look is not None]


def _look(path: Path, sheet: Sheet, mappings: Mappings) -> Look | None:
    """None for an export of our own, of which the items are whole."""
    try:
        line, cells, layout, _ = header_of(sheet, mappings)
    except UnknownHeader as unknown:
        line = unknown.line
        cells = next(cells for at, cells in sheet.rows() if at == line)
    else:
        if layout.kind is DOCUMENTS:
            return None
    header = tuple(map(clean, cells))
    found: list[dict[str, None]] = [{} for _ in header]
    below = (cells for at, cells in sheet.rows() if at > line)
    for row in islice(below, _LOOK):
        for kept, cell in zip(found, row, strict=False):
            if len(kept) < _SHOWN and (text := clean(cell)[:_LONGEST]):
                kept[text] = None
    return Look(path, sheet.name, header, tuple(map(tuple, found)))
