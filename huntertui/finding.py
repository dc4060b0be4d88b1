"""What a book's items are found by, and finding them: best first, and only among the last hits while one types.

A row tells the names at once; the rest of what is known of an item is given when it has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import LANES
from huntertui.model.query import Query
from huntertui.model.ranking import Found, Row
from huntertui.model.search import NEAR, Hay, Near, hay_of, hay_of_row

FEW = 10
"""Exact hits from which on no fuzzy ones are looked for."""

Ranked = list[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, by lane. `near`: the ids of those that only nearly match.

    `elsewhere`: nothing that the lanes show matches, and these are colleagues' or closed. `lacking`: closed
    items are wanted and not read yet.
    """

    lanes: list[Found] = field(default_factory=lambda: [Found() for _ in LANES])
    near: frozenset[int] = frozenset()
    elsewhere: bool = False
    lacking: bool = False


class Finder:
    """The hays of items, by id, and the last hits. `unread`: the ids of which only the names are known."""

    def __init__(self) -> None:
        self._hays: dict[int, Hay] = {}
        self._last: tuple[Query, float, list[Ranked]] | None = None
        self.unread: set[int] | None = None  # None: nobody has searched for a word yet

    def clear(self) -> None:
        """Forget everything."""
        self._hays, self._last, self.unread = {}, None, None

    def begin(self, ids: Iterable[int]) -> None:
        """Somebody searches for words: from now on all of these are to be read."""
        if self.unread is None:
            self.unread = {id for id in ids if id not in self._hays}

    def put(self, o: Opportunity) -> None:
        """Take in all that an item is found by, new or changed."""
        self._last = None
        if self.unread is not None:
            self._hays[o.id] = hay_of(o)
            self.unread.discard(o.id)

    def drop(self, id: int) -> None:
        """Forget an item."""
        self._last = None
        self._hays.pop(id, None)
        if self.unread is not None:
            self.unread.discard(id)

    def forget_hits(self) -> None:
        """What is shown has changed: the next search looks at all of it."""
        self._last = None

    def find(self, query: Query, lanes: Sequence[Iterable[Row]], now: float) -> tuple[list[Found], set[int]]:
        """What matches in each lane, in its order or, where words are searched for, the best first.

        Also the ids of those that match only nearly.
        """
        lanes = [list(lane) if query.words else lane for lane in lanes]
        among: Sequence[Iterable[Row]] = lanes
        if self._last and self._last[1] == now and query.narrows(self._last[0]):
            among = [[row for _, row in ranked] for ranked in self._last[2]]
        exact = [self._exact(query, rows) for rows in among]
        self._last = query, now, exact
        near: list[Ranked] = [[] for _ in lanes]
        if query.words and sum(map(len, exact)) < FEW:
            near = [self._near(query, rows, got) for rows, got in zip(lanes, exact, strict=True)]
        found = [Found(_best(got + more)) for got, more in zip(exact, near, strict=True)]
        return found, {row.id for ranked in near for _, row in ranked}

    def holds(self, query: Query) -> Callable[[Row], bool]:
        """Whether a row matches exactly, by what is known of it then."""
        return lambda row: bool(self._exact(query, (row,)))

    def _exact(self, query: Query, rows: Iterable[Row]) -> Ranked:
        found: Ranked = []
        words, terms = query.words, query.terms
        for row in rows:
            for test in terms:
                if not test(row):
                    break
            else:
                if not words and not query.without:
                    found.append((0, row))
                    continue
                hay = self._hays.get(row.id) or self._named(row)
                worst = 0
                for word in words:
                    rank = word.rank(hay)
                    if rank is None:
                        break
                    worst = max(worst, rank)
                else:
                    if all(word.rank(hay) is None for word in query.without):
                        found.append((worst, row))
        return found

    def _near(self, query: Query, rows: Iterable[Row], but: Ranked) -> Ranked:
        """What matches but for words that nearly stand in the names."""
        known = {row.id for _, row in but}
        words = [(word, Near(word)) for word in query.words]
        found: Ranked = []
        for row in rows:
            if row.id in known:
                continue
            hay = self._hays.get(row.id) or self._named(row)
            if not all(word.rank(hay) is not None or near(hay.names) for word, near in words):
                continue
            if all(test(row) for test in query.terms) and all(w.rank(hay) is None for w in query.without):
                found.append((NEAR, row))
        return found

    def _named(self, row: Row) -> Hay:
        """What a row tells, kept as long as the rest is not read."""
        hay = hay_of_row(row)
        if self.unread is not None:
            self._hays[row.id] = hay
        return hay


def _best(ranked: Ranked) -> list[Row]:
    return [row for _, row in sorted(ranked, key=lambda one: one[0])]
