"""Finding: in what the book knows at once, in what is read while nobody waits, and in what is closed."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from huntertui.desk.ledger import Ledger
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.finding import Hits
from huntertui.model.codec import Spoilt
from huntertui.model.opportunity import Opportunity
from huntertui.model.query import Query, complete, parse
from huntertui.model.ranking import Row, row_of
from huntertui.model.search import Hay, hay_of
from huntertui.store.store import Doc

READ = 40
"""Records read in one go: what takes a part of a frame."""

PAGE = 200
"""Records held at a time where all are gone through."""


class Finding(Ledger):
    """What is searched for, and what it is searched in."""

    def query(self, text: str) -> Query:
        """What a text asks for. Unclear when it makes no sense."""
        return parse(text, self.book.asking(self.now().timestamp()))

    def completed(self, text: str) -> str:
        """A text with its last word completed."""
        return complete(text, self.book.asking(self.now().timestamp()))

    def find(self, text: str, now: float) -> Hits:
        """What matches, for each lane. Closed items only once they have been read; see `Hits.lacking`."""
        query = parse(text, self.book.asking(now))
        return self.book.find(query, now, self.closed() if self.has_closed else None)

    @property
    def reading(self) -> bool:
        """Whether somebody searches, and notes, e-mails, phones and tags are still being read for it."""
        return bool(self.book.finder.unread)

    def read_on(self) -> bool:
        """Read a little more of what is searched. True as long as there is more."""
        finder = self.book.finder
        for _ in range(min(READ, len(finder.unread or ()))):
            id = finder.next_unread()
            try:
                o = self.opportunity(id)
            except Spoilt:
                o = None
            if o is None:
                finder.drop(id)
            else:
                finder.put(o)
        return self.reading

    def holds(self, queries: Sequence[Query]) -> Callable[[Row], bool]:
        """Whether all of the queries hold of a row; the record is read only where words are searched for."""

        def test(row: Row) -> bool:
            def hay() -> Hay:
                return hay_of(self._get(row.id))

            return all(query.holds(row, hay) for query in queries)

        return test

    def choose(self, *queries: Query) -> Iterator[tuple[Opportunity, Doc]]:
        """Every item, open or closed, of which all of the queries hold, with its document, by its number.

        No more than their numbers and a page of them are held. What cannot be read is named in `problems`.
        """
        ids = array("q")
        page = self.store.latest(OPPORTUNITIES, PAGE)
        while page:
            ids.extend(id for id, _ in page)
            page = self.store.latest(OPPORTUNITIES, PAGE, before=ids[-1])
        for id in reversed(ids):
            doc = self.store.get(OPPORTUNITIES, id)
            for o in self._readable([(id, doc)] if doc else [], closed=True):
                row = row_of(o, self.policy) if queries else None
                if row is None or all(query.holds(row, partial(hay_of, o)) for query in queries):
                    yield o, doc or {}
