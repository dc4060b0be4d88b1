"""Where the rows of a table say that they stand: the cells which tell it, each combination of them once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from huntertui.exchange.rows import BadRow, Places, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from huntertui.exchange.headers import Column
    from huntertui.exchange.rows import SomeRows

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

    def see(self, rows: SomeRows) -> None:
        """Count some rows."""
        if self._cells is None:
            return
        none = [""] * self._width
        whole = (cells if len(cells) >= self._width else [*cells, *none] for _, cells in rows)
        for told, count in Counter(map(self._cells, whole)).items():
            if told in self._rows or len(self._rows) < _MOST:
                self._rows[told] = self._rows.get(told, 0) + count

    def __iter__(self) -> Iterator[tuple[Row, int]]:
        """Each combination as a row of its own, and how many rows have it."""
        places = Places([replace(column, place=place) for place, column in enumerate(self._columns)])
        for cells, count in self._rows.items():
            try:
                yield Row(0, places, places.texts(0, cells)), count
            except BadRow:  # too long a word: the row will be rejected
                continue
