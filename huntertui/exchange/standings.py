"""Where the rows of a table say that they stand: the cells which tell it, each combination of them once."""

from __future__ import annotations

from collections import Counter
from dataclasses import field, replace
from typing import TYPE_CHECKING

from huntertui.exchange.rows import BadRow, Places, Row
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from huntertui.exchange.headers import Column

_FIELDS = ("stage", "status", "closed", "won", "probability")
_MOST = 2_000  # combinations that are looked at: a team has a few dozen


@dataclass(frozen=True)
class Standings:
    """The cells of those `columns`, in the order in which they first come. `rows`: how many have them."""

    columns: tuple[Column, ...] = ()
    rows: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @classmethod
    def of(cls, columns: Iterable[Column]) -> Standings:
        """Nothing seen yet; none of these where no column tells a stage."""
        found = tuple(column for column in columns if column.field in _FIELDS)
        return cls(found if {"stage", "status"} & {column.field for column in found} else ())

    def see(self, cells: Sequence[str]) -> None:
        """Count a row."""
        if not self.columns:
            return
        told = tuple(cells[c.place] if c.place < len(cells) else "" for c in self.columns)
        if told in self.rows or len(self.rows) < _MOST:
            self.rows[told] += 1

    def __iter__(self) -> Iterator[tuple[Row, int]]:
        """Each combination as a row of its own, and how many rows have it."""
        places = Places([replace(column, place=place) for place, column in enumerate(self.columns)])
        for cells, count in self.rows.items():
            try:
                yield Row(0, places, cells), count
            except BadRow:  # too long a word: the row will be rejected
                continue
