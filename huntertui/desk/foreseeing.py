"""The outlook's facts, read from the store when somebody asks: every deal, and how long they stood where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from huntertui.desk.ledger import Ledger
from huntertui.desk.scoring import deed_of
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.model.codec import Spoilt, from_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import CLOSED, WON, Discipline
from huntertui.model.ranking import row_of
from huntertui.model.scorecard import Deed

if TYPE_CHECKING:
    from huntertui.model.outlook import Outlook

LAST_WON = 200
"""Won deals whose history is read, the latest: enough for a median."""


class Foreseeing(Ledger):
    """What is to come in."""

    def outlook(self, query: str = "") -> Outlook:
        """Of all deals, or of those that match. Unclear when the query makes no sense."""
        from huntertui.model.outlook import outlook  # late: no other verb pays for its statistics

        matches = self.book.holds(query, self.now().timestamp()) if query else None
        deals = [
            o for o in self._readable_deals() if matches is None or matches(row_of(o, self.policy))
        ]  # fmt: skip
        pipeline = self.policy.pipeline
        won = sorted((o for o in deals if o.stage == WON), key=lambda o: (o.closed_on or date.min, o.id))
        stood: defaultdict[str, list[int]] = defaultdict(list)
        for o in won[-LAST_WON:]:
            for stage, days in self._stages_of(o).items():
                stood[stage].append(days)
        closing = (
            o for o in deals if o.stage not in CLOSED and pipeline[o.stage].discipline is Discipline.CLOSING
        )
        entered = {o.id: self.policy.calendar.day(moves[-1].at) for o in closing if (moves := self._moves(o))}
        return outlook(deals, entered, stood, self.policy, self.today())

    def _readable_deals(self) -> list[Opportunity]:
        found = []
        for id, doc in self.store.find(OPPORTUNITIES):
            try:
                found.append(from_doc(id, doc))
            except Spoilt:
                continue  # the desk names it among its problems
        return found

    def _moves(self, o: Opportunity) -> list[Deed]:
        """Its changes of stage, the oldest first."""
        found = self.store.find(EVENTS, [("opportunity", "=", o.id), ("kind", "=", "stage")])
        return sorted((deed for _, doc in found if (deed := deed_of(doc))), key=lambda deed: deed.at)

    def _stages_of(self, o: Opportunity) -> dict[str, int]:
        """The business days that it stood in each stage that it left."""
        calendar = self.policy.calendar
        moves: Sequence[Deed] = self._moves(o)
        days: defaultdict[str, int] = defaultdict(int)
        since = o.created
        for move in moves:
            days[move.old] += calendar.days_between(calendar.day(since), calendar.day(move.at))
            since = move.at
        return dict(days)
