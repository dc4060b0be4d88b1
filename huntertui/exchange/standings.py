"""Where the rows of a table say that they stand: the cells which tell it, each combination of them once."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from huntertui.exchange.rows import BadRow, Places, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from huntertui.exchange.headers import Column

_FIELDS = ("stage", "status", "closed", "won", "probability")
_MOST = 2_000  # combinations that are looked at: a team has a few dozen


class Standings:
    """The cells of those columns, in the order in which they first come, and how many rows have them."""

    def __init__(self, columns: Iterable[Column] = ()) -> None:
        """Nothing is seen yet; nothing is where no column tells a stage."""
        found = [column for column in columns if column.field in _FIELDS]
        self._columns = found if {"stage", "status"} & {column.field for column in found} else []
        places = [column.place for column in self._columns]
        self._cells = itemgetter(*places, *places[:1]) if places else None  # of one place it gives no tuple
        self._width = max(places, default=0) + 1
        self._rows: dict[tuple[str, ...], int] = {}

    def see(self, cells: Sequence[str]) -> None:
        """Count a row."""
        if self._cells is None:
            return
        if len(cells) < self._width:
            cells = [*cells, *[""] * self._width]
        told = self._cells(cells)
        if (count := self._rows.get(told)) is not None:
            self._rows[told] = count + 1
        elif len(self._rows) < _MOST:
            self._rows[told] = 1

    def __iter__(self) -> Iterator[tuple[Row, int]]:
        """Each combination as a row of its own, and how many rows have it."""
        places = Places([replace(column, place=place) for place, column in enumerate(self._columns)])
        for cells, count in self._rows.items():
            try:
                yield Row(0, places, places.texts(0, cells)), count
            except BadRow:  # too long a word: the row will be rejected
                continue
