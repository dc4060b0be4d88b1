"""The scorecard's facts, read from the store: what is open, and what happened in the last weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from huntertui.desk.ledger import Ledger
from huntertui.desk.tables import EVENTS
from huntertui.model.codec import Spoilt, instant
from huntertui.model.owed import end_of_day
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.ranking import Mark, Row, row_of
from huntertui.model.scorecard import TEAM, Card, Deed, Facts, cards, weeks_until
from huntertui.model.text import clean
from huntertui.records import dataclass
from huntertui.store.store import Doc

PAGE = 500  # events read at once
BACKWARDS = 2000
"""Older events in a row after which no newer one is looked for: an import may bring old ones late."""

_CLOSING = LANES.index(Discipline.CLOSING)


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
        owners = {row.owner for row in rows if row.owner}
        people = dict.fromkeys([self.me, *sorted(owners.union(self.policy.team.names(self.today())))])
        facts = Facts(rows, deeds, self._past_close(rows), self._plan_of(list(people)), self.policy, now)
        return Scorecard(cards(people, facts), query)

    def _plan_of(self, people: list[str]) -> Callable[[str], Callable[[int], int | None]]:
        """What a person, or all of them together, mean to do a day."""

        def together(lane: int) -> int | None:
            parts = [self.targets_of(who).of(lane) for who in people]
            return None if None in parts else sum(part or 0 for part in parts)

        return lambda who: together if who == TEAM else self.targets_of(who).of

    def _past_close(self, rows: Iterable[Row]) -> set[int]:
        """The deals whose expected close has passed: all of them are red, parked or to triage."""
        now, calendar = self.now().timestamp(), self.policy.calendar
        doubtful = [
            row.id
            for row in rows
            if row.lane == _CLOSING and (row.by < now or Mark.PARKED in row.marks or Mark.TRIAGE in row.marks)
        ]
        found = ((id, o.expected_close) for id in doubtful if (o := self.opportunity(id)))
        return {id for id, day in found if day and end_of_day(calendar, day).timestamp() < now}

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
    text = {key: clean(value) for key, value in doc.items() if isinstance(value, str)}
    number = {key: value for key, value in doc.items() if type(value) is int}
    try:
        id, at = number["opportunity"], instant(text["at"])
    except (KeyError, ValueError):
        return None
    kind = text.get("kind", "")
    what = {"touch": "outcome", "clear": "how"}.get(kind, "text")
    return Deed(
        id=id,
        kind=kind,
        at=at,
        by=text.get("by", ""),
        what=text.get(what, ""),
        out=text.get("direction") == "out",
        stage=text.get("stage", ""),
        old=text.get("old", ""),
        new=text.get("new", ""),
        owner=text.get("owner", ""),
        made=number.get("made", 0),
        planned=number.get("planned", 0),
    )


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
