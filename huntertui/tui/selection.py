"""The rows that are selected: by record, never more than is shown, and a range that follows the cursor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from huntertui.book import Listing
from huntertui.model.ranking import Found


class Selection:
    """Records of the lanes. `last`: what was selected before, for `g v`."""

    def __init__(self) -> None:
        self.last: frozenset[int] = frozenset()
        self._ids: set[int] = set()
        self._range: tuple[int, int] | None = None  # lane and record where it began
        self._base: frozenset[int] = frozenset()  # what was selected besides

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id: int) -> bool:
        return id in self._ids

    @property
    def ranging(self) -> bool:
        """Whether a range follows the cursor."""
        return self._range is not None

    def among(self, ids: set[int]) -> set[int]:
        """Which of the records are selected."""
        return self._ids & ids

    def toggle(self, id: int) -> None:
        """Take a record in, or out."""
        self.end()
        self._ids ^= {id}

    def take(self, ids: Iterable[int]) -> None:
        """Take more records in."""
        self.end()
        self._ids.update(ids)

    def begin(self, lane: int, id: int) -> None:
        """Begin a range at a record."""
        self._base = frozenset(self._ids)
        self._range = lane, id
        self._ids.add(id)

    def end(self) -> None:
        """Let the range stay as it is: it follows the cursor no more."""
        self._range, self._base = None, frozenset()

    def clear(self) -> bool:
        """Select nothing. False when that was so."""
        had = bool(self._ids)
        if had:
            self.last = frozenset(self._ids)
        self._ids = set()
        self.end()
        return had

    def moved(self, lane: int, rows: Listing, was: int, at: int) -> None:
        """The cursor has moved from one row to another: the range goes with it.

        Only the rows between are looked at, so that what a colleague puts into the midst of a range is not
        selected by it unseen, and a long range costs no more than a short one.
        """
        if self._range is None:
            return
        anchor = rows.index_of(self._range[1]) if lane == self._range[0] else None
        if anchor is None:
            self.end()
            return
        first, last = min(anchor, at), max(anchor, at)
        for index in range(min(was, at), max(was, at) + 1):
            id = rows[index].id
            if first <= index <= last:
                self._ids.add(id)
            elif id not in self._base:
                self._ids.discard(id)

    def keep_shown(self, lanes: Sequence[Listing]) -> None:
        """Drop what is not shown any more."""
        if self._ids:
            self._ids = set().union(*(among(rows, self._ids) for rows in lanes))
        if self._range is not None and self._range[1] not in self._ids:
            self.end()

    def ordered(self, lanes: Sequence[Listing]) -> list[int]:
        """The records, from the first lane to the last, each in its order."""
        return [id for rows in lanes for id in _sorted(rows, self._ids)]


def among(rows: Listing, ids: Collection[int]) -> set[int]:
    """Which of the records a lane shows."""
    if isinstance(rows, Found):
        return {row.id for row in rows}.intersection(ids)
    return {id for id in ids if rows.index_of(id) is not None}


def _sorted(rows: Listing, ids: Collection[int]) -> list[int]:
    if isinstance(rows, Found):
        return [row.id for row in rows if row.id in ids]
    places = ((at, id) for id in ids if (at := rows.index_of(id)) is not None)
    return [id for _, id in sorted(places)]
