"""The scorecard's facts, read from the store: what is open, and what happened in the last weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache

from huntertui.desk.ledger import Ledger
from huntertui.desk.tables import EVENTS
from huntertui.model.codec import Spoilt, instant
from huntertui.model.pipeline import LANES
from huntertui.model.ranking import Row, row_of
from huntertui.model.scorecard import Card, Deed, Facts, cards, credited, weeks_until
from huntertui.model.text import clean
from huntertui.records import dataclass
from huntertui.store.store import Doc

PAGE = 500  # events read at once
BACKWARDS = 2000
"""Older events in a row after which no newer one is looked for: an import may bring old ones late."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The team's card and each person's, mine next. `query`: what it is about, "" for everything."""

    cards: tuple[Card, ...]
    query: str = ""


class Scoring(Ledger):
    """What each of us keeps and neglects."""

    def scorecard(self, query: str = "") -> Scorecard:
        """Everybody's figures of this week. Unclear when the query makes no sense."""
        now = self.now()
        rows = list(self.book.rows())
        deeds = list(self._deeds())[::-1]
        if query:
            matches = self.book.holds(query, now.timestamp())
            rows = list(filter(matches, rows))
            deeds = list(_about(deeds, self._row, matches))
        names = {row.owner for row in rows} | set(map(credited, deeds))
        people = dict.fromkeys([self.me, *sorted(names.union(self.policy.team.names(self.today())) - {""})])
        facts = Facts(
            rows, deeds, self.targets_of, self._works, self.policy, now
        )  # fmt: skip
        return Scorecard(cards(people, facts), query)

    def _works(self, who: str, day: date) -> bool:
        """Whether that is a working day of a member's."""
        team = self.policy.team
        member, there = team.get(who), team.has(who, day) and not self.book.absent(who, day)
        return there and self.policy.calendar.is_working(day) and (member is None or member.works(day))

    def _deeds(self) -> Iterator[Deed]:
        """What happened in the last weeks, the newest first; what is older is not read."""
        calendar = self.policy.calendar
        start = calendar.start_of(weeks_until(self.now(), calendar)[0])
        older, before = 0, None
        while older < BACKWARDS and (page := self.store.latest(EVENTS, PAGE, before)):
            before = page[-1][0]
            for _, doc in page:
                deed = deed_of(doc)
                if deed is None:
                    continue
                older = 0 if deed.at >= start else older + 1
                if not older:
                    yield deed

    def _row(self, id: int) -> Row | None:
        row = self.book.row(id)
        if row is None:
            try:
                o = self.opportunity(id)
            except Spoilt:
                return None
            row = row_of(o, self.policy) if o else None
        return row

    def rows_of(self, ids: Iterable[int]) -> list[list[Row]]:
        """These items by lane, open or closed, as far as they can be read."""
        found = [row for row in map(self._row, ids) if row]
        return [[row for row in found if row.lane == lane] for lane in range(len(LANES))]


def deed_of(doc: Doc) -> Deed | None:
    """What a scorecard counts of an event; None when it cannot be read, as others may have edited it."""
    id, at = doc.get("opportunity"), doc.get("at")
    if type(id) is not int or not isinstance(at, str):
        return None
    try:
        when = instant(at)
    except ValueError:
        return None
    kind = _text(doc, "kind")
    return Deed(
        id,
        kind,
        when,
        _text(doc, "by"),
        _text(doc, _SAYS.get(kind, "text")),
        doc.get("direction") == "out",
        _text(doc, "stage"),
        _text(doc, "old"),
        _text(doc, "new"),
        _text(doc, "owner"),
        _number(doc, "made"),
        _number(doc, "planned"),
    )


_SAYS = {"touch": "outcome", "clear": "how"}
_clean = lru_cache(1000)(clean)  # names, stages, outcomes: the same few over and over


def _text(doc: Doc, key: str) -> str:
    value = doc.get(key)
    return _clean(value) if isinstance(value, str) else ""


def _number(doc: Doc, key: str) -> int:
    value = doc.get(key)
    return value if type(value) is int else 0


def _about(
    deeds: Iterable[Deed], row: Callable[[int], Row | None], matches: Callable[[Row], bool]
) -> Iterator[Deed]:
    """What happened to items that match."""
    known: dict[int, bool] = {}
    for deed in deeds:
        if deed.id not in known:
            found = row(deed.id)
            known[deed.id] = found is not None and matches(found)
        if known[deed.id]:
            yield deed
