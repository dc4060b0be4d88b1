"""Finding: in what the book knows at once, in what is read while nobody waits, and in what is closed."""

from __future__ import annotations

from huntertui.desk.ledger import Ledger
from huntertui.finding import Hits
from huntertui.model.codec import Spoilt
from huntertui.model.query import Query, complete, parse

READ = 40
"""Records read in one go: what takes a part of a frame."""


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
