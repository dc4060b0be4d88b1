"""What a book's items are found by, and finding them: best first, among the last hits while one types.

A row tells the names at once; the rest of what is known of an item is given when it has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from operator import itemgetter

from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import LANES
from huntertui.model.query import Query
from huntertui.model.ranking import Found, Row
from huntertui.model.search import NEAR, START, Hay, Near, Word, hay_of, hay_of_row
from huntertui.records import dataclass

FEW = 10
"""Exact hits from which on no fuzzy ones are looked for."""

NONE = NEAR + 1
SOON = 60.0  # seconds in which the order of the rows is taken to stand


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, by lane. `near`: the ids of those that only nearly match.

    `best`: how well the first of each lane matches, NONE where there is none. `elsewhere`: nothing that the
    lanes show matches, and these are colleagues' or closed. `lacking`: closed ones are wanted, not read yet.
    """

    lanes: list[Found] = field(default_factory=lambda: [Found() for _ in LANES])
    best: tuple[int, ...] = ()
    near: frozenset[int] = frozenset()
    elsewhere: bool = False
    lacking: bool = False


class Finder:
    """The hays of items, by id, and the last hits. `unread`: the ids of which only the names are known."""

    def __init__(self) -> None:
        self._hays: dict[int, Hay] = {}
        self._last: tuple[Query, list[list[Row]]] | None = None  # what the lanes showed of a query, exactly
        self._lanes: tuple[float, list[list[Row]]] | None = None  # what they showed, and when
        self.unread: set[int] | None = None  # None: nobody has searched for a word yet

    def clear(self) -> None:
        """Forget everything."""
        self._hays, self.unread = {}, None
        self.forget_hits()

    def begin(self, ids: Iterable[int]) -> None:
        """Somebody searches for words: from now on all of these are to be read."""
        if self.unread is None:
            self.unread = {id for id in ids if id not in self._hays}

    def next_unread(self) -> int:
        """One of the unread, which is to be given or dropped at once."""
        assert self.unread, "there is one"
        return self.unread.pop()

    def put(self, o: Opportunity) -> None:
        """Take in all that an item is found by, new or changed."""
        self.forget_hits()
        self._hays[o.id] = hay_of(o)
        if self.unread is not None:
            self.unread.discard(o.id)

    def drop(self, id: int) -> None:
        """Forget an item."""
        self.forget_hits()
        self._hays.pop(id, None)
        if self.unread is not None:
            self.unread.discard(id)

    def forget_hits(self) -> None:
        """What is shown has changed: the next search looks at all of it."""
        self._last = self._lanes = None

    def find(self, query: Query, lanes: Sequence[Iterable[Row]], now: float) -> Hits:
        """What matches of what the lanes show; only among the last hits, where the query has grown."""
        if self._lanes is None or abs(now - self._lanes[0]) > SOON:
            self._lanes, self._last = (now, [list(lane) for lane in lanes]), None
        shown = among = self._lanes[1]
        if self._last is not None and query.narrows(self._last[0]):
            among = self._last[1]
        ranked = [self._exact(query, rows) for rows in among]
        self._last = query, [[row for row, _ in found] for found in ranked]
        return self._hits(query, ranked, shown)

    def find_in(self, query: Query, lanes: Sequence[Sequence[Row]]) -> Hits:
        """What matches in each lane, in its order or, where words are searched for, the best first."""
        return self._hits(query, [self._exact(query, rows) for rows in lanes], lanes)

    def _hits(self, query: Query, exact: list[list[tuple[Row, int]]], lanes: Sequence[Sequence[Row]]) -> Hits:
        lists = [Found(row for row, _ in sorted(found, key=itemgetter(1))) for found in exact]
        best = tuple(min((rank for _, rank in found), default=NONE) for found in exact)
        if not query.words or sum(map(len, exact)) >= FEW:
            return Hits(lists, best)
        near = [self._near(query, rows, got) for rows, got in zip(lanes, lists, strict=True)]
        for found, more in zip(lists, near, strict=True):
            found.extend(more)
        best = tuple(min(rank, NEAR if more else NONE) for rank, more in zip(best, near, strict=True))
        return Hits(lists, best, frozenset(row.id for more in near for row in more))

    def holds(self, query: Query) -> Callable[[Row], bool]:
        """Whether a row matches exactly, by what is known of it then."""
        return lambda row: bool(self._exact(query, (row,)))

    def _exact(self, query: Query, rows: Iterable[Row]) -> list[tuple[Row, int]]:
        """What matches, in its order, with the rank of the word that matches least."""
        for test in query.terms:
            rows = filter(test, rows)
        if not query.words and not query.without:
            return [(row, START) for row in rows]
        hays, named = self._hays, self._named
        first, *others = query.words or (Word(""),)
        found = []
        for row in rows:
            hay = hays.get(row.id) or named(row)
            rank = first.rank(hay)
            if rank is None:
                continue
            for word in others:
                more = word.rank(hay)
                if more is None:
                    break
                rank = max(rank, more)
            else:
                if not any(word.rank(hay) is not None for word in query.without):
                    found.append((row, rank))
        return found

    def _near(self, query: Query, rows: Iterable[Row], but: Iterable[Row]) -> list[Row]:
        """What matches but for words that nearly stand in the names."""
        known = {row.id for row in but}
        words = [(word, Near(word)) for word in query.words]
        hays, found = self._hays, list[Row]()
        for row in rows:
            hay = hays.get(row.id) or self._named(row)
            for word, near in words:
                if not near(hay.names) and (len(words) == 1 or word.rank(hay) is None):
                    break
            else:
                holds = row.id not in known and all(test(row) for test in query.terms)
                if holds and all(word.rank(hay) is None for word in query.without):
                    found.append(row)
        return found

    def _named(self, row: Row) -> Hay:
        """What a row tells, kept as long as the rest is not read."""
        hay = hay_of_row(row)
        if self.unread is not None:
            self._hays[row.id] = hay
        return hay
