"""Who is meant: an item by its number, a person's e-mail or phone, or a name."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from huntertui.book import ALL
from huntertui.desk.adding import Adding
from huntertui.desk.finding import Finding
from huntertui.desk.ledger import NAMED
from huntertui.errors import NotFound, Usage
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.ranking import Row, row_of
from huntertui.model.search import fold
from huntertui.model.text import clean, normalise_email, normalise_phone

CANDIDATES = 9
"""Items that are named where a name means several."""

LONGEST = 200
"""Characters of a name that are looked at."""


def number_in(text: str) -> int | None:
    """The number of an item, as 12 or #12; None for any other text."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


class Naming(Adding, Finding):
    """Who is meant by what a person, or his script, calls an item."""

    def meant(self, text: str) -> int:
        """The one item that is meant: #12, ann@acme.example, +44 20 7946 0958, acme, or words as of `find`.

        NotFound when there is none, or several: it names them. Unclear when the query makes no sense.
        """
        text = clean(text)[:LONGEST]
        if text.startswith("#") and (number := number_in(text)) is not None:
            return self._get(number).id
        if (number := number_in(text)) is not None and self.opportunity(number) is not None:
            return number
        found = self.of_address(text) or self.called(text)
        open_ones = [row for row in found if self.book.row(row.id)] or found
        if len(open_ones) == 1:
            return open_ones[0].id
        if not found:
            if number is not None:
                raise self._gone(number)
            raise NotFound(f"nothing is called {text!r}{self._nearly(text)}")
        more = f" and {len(open_ones) - CANDIDATES} more" if len(open_ones) > CANDIDATES else ""
        names = ", ".join(map(_candidate, open_ones[:CANDIDATES]))
        raise NotFound(f"{text!r} may be {names}{more}: give the number")

    def of_address(self, text: str) -> list[Row]:
        """The items with a person of this e-mail or phone, the one touched last first; none for other text.

        A phone with its country code is the same as one without.
        """
        email = normalise_email(text) if "@" in text and not text.startswith("@") else ""
        phone = "" if email or any(map(str.isalpha, text)) else normalise_phone(text)
        if not email and not phone:
            return []
        person = Contact(emails=(email,) if email else (), phones=(phone,) if phone else ())
        now = self.now()
        twins = self.twins.of(Opportunity(contacts=(person,), created=now, clock=now))
        ids = [twin.id for twin in twins] or (self.twins.of_phone(phone) if phone else [])
        return sorted(self._rows_of(ids), key=lambda row: (-row.touched, -row.id))

    def called(self, text: str) -> list[Row]:
        """The items that a name means: those called exactly so, else all whose names hold its words.

        Of the open ones, everybody's; of what is closed, where none is open. Nothing is called by what says
        no word and no term, such as "" or "-acme", though it leaves all or the others.
        """
        query = self.query(text)
        rows = self.matching(text) if query.words or query.terms else []
        exact = [row for row in rows if fold(text) in map(fold, (row.title, row.company, row.who))]
        return exact or rows

    def matching(self, text: str) -> list[Row]:
        """What a query finds in the names and terms of all that is open, else of all that is closed.

        Nothing that matches only nearly. Unclear when it makes no sense.
        """
        rows, near = self._hits(text)
        return [row for row in rows if row.id not in near]

    def search(self, text: str) -> tuple[list[Row], frozenset[int]]:
        """(rows, ids of those that only nearly match): in notes and addresses too, the best lane first.

        By a whole e-mail or phone those whose it is: no note is read for it.
        """
        if found := self.of_address(text):
            return [row for row in found if self.book.row(row.id)] or found, frozenset()
        self._hits(text)
        while self.read_on():
            pass
        return self._hits(text)

    def _hits(self, text: str) -> tuple[list[Row], frozenset[int]]:
        now = self.now().timestamp()
        if self.book.scope != ALL:
            self.book.show(ALL, now)
        hits = self.find(text, now)
        if hits.lacking and not any(hits.lanes):
            self.closed()
            hits = self.find(text, now)
        lanes = sorted(zip(hits.best, hits.lanes, strict=False), key=itemgetter(0))
        return [row for _, lane in lanes for row in lane], hits.near

    def _nearly(self, text: str) -> str:
        rows, _ = self._hits(text) if self.query(text).words else ((), ())
        names = " or ".join(map(_candidate, rows[:NAMED]))
        return f": did you mean {names}?" if names else "; huntertui find searches everywhere"

    def _rows_of(self, ids: list[int]) -> Iterator[Row]:
        for id in ids:
            o = self.opportunity(id)
            if o is not None:
                yield self.book.row(id) or row_of(o, self.policy)

    def numbers(self, text: str) -> list[int]:
        """Several items: "12,14,#15". Usage for any other text, NotFound when one is gone."""
        ids = []
        for part in filter(str.strip, text.split(",")):
            number = number_in(part)
            if number is None:
                raise Usage(f"{part.strip()!r} is no number of an item")
            ids.append(self._get(number).id)
        return list(dict.fromkeys(ids))


def _candidate(row: Row) -> str:
    return f"{row.title} #{row.id} ({row.owner or 'nobody'}, {row.stage})"
