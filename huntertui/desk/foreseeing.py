"""The outlook's facts, read when somebody asks: what is open, what is closed, how long deals stood where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from huntertui.desk.ledger import Ledger
from huntertui.desk.scoring import deed_of
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.model.codec import Spoilt, from_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, WON
from huntertui.model.ranking import DAY, Row, row_of
from huntertui.model.scorecard import Deed

if TYPE_CHECKING:
    from huntertui.model.outlook import Outlook

LAST_WON = 200
"""Won deals whose history is read, the latest: enough for a median."""


class Foreseeing(Ledger):
    """What is to come in."""

    def outlook(self, query: str = "") -> Outlook:
        """Of all items, or of those that match; how long is usual in a stage is the whole team's.

        Unclear when the query makes no sense.
        """
        from huntertui.model.outlook import is_deal, outlook  # late: no other verb pays for its statistics

        policy = self.policy
        everything: Callable[[Row], bool] = lambda _: True  # noqa: E731
        matches = self.book.holds(query, self.now().timestamp()) if query else everything
        rows, closed = list(filter(matches, self.book.rows())), self._readable_closed()
        won = sorted((o for o in closed if o.stage == WON), key=lambda o: (o.closed_on or date.min, o.id))
        entered = {row.id: self._entered(row) for row in rows if is_deal(row.stage, policy)}
        mine = [o for o in closed if not query or matches(row_of(o, policy))]
        return outlook(rows, mine, entered, self._stood(won[-LAST_WON:]), policy, self.today())

    def _readable_closed(self) -> list[Opportunity]:
        found = []
        for id, doc in self.store.find(OPPORTUNITIES, [("stage", "in", sorted(CLOSED))]):
            try:
                found.append(from_doc(id, doc))
            except Spoilt:
                continue  # the desk names it among its problems
        return found

    def _entered(self, row: Row) -> date:
        """The day on which an open item came to its stage, or to us."""
        moves, calendar = self._moves(row.id), self.policy.calendar
        if moves:
            return calendar.day(moves[-1].at)
        return calendar.day(datetime.fromtimestamp(row.aged - self.policy.aged_days * DAY, UTC))

    def _moves(self, id: int) -> list[Deed]:
        """An item's changes of stage, the oldest first."""
        found = self.store.find(EVENTS, [("opportunity", "=", id), ("kind", "=", "stage")])
        return sorted((deed for _, doc in found if (deed := deed_of(doc))), key=lambda deed: deed.at)

    def _stood(self, won: Iterable[Opportunity]) -> dict[str, list[int]]:
        """The business days that these stood in each stage that they left."""
        calendar = self.policy.calendar
        stood: defaultdict[str, list[int]] = defaultdict(list)
        for o in won:
            days: defaultdict[str, int] = defaultdict(int)
            since = o.created
            for move in self._moves(o.id):
                days[move.old] += calendar.days_between(calendar.day(since), calendar.day(move.at))
                since = move.at
            for stage, count in days.items():
                stood[stage].append(count)
        return stood
