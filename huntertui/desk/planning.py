"""Plans: when, why not now, how urgent, and the order of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from huntertui.desk.ledger import STEP, Change, named
from huntertui.desk.rights import Rights
from huntertui.desk.tables import PLANS
from huntertui.errors import Usage
from huntertui.model import acts
from huntertui.model.codec import instant_text
from huntertui.model.explain import planned
from huntertui.model.opportunity import (
    PARK_REASONS,
    Channel,
    Kind,
    NextStep,
    Opportunity,
    Priority,
)
from huntertui.model.pipeline import LANES
from huntertui.model.when import When
from huntertui.store.store import Tx


class Planning(Rights):
    """Plans: when, why not now, how urgent, and the order of today."""

    def snooze(self, id: int, text: str) -> Change:
        """ "tue" plans it for then, "=fri 10:00" is agreed with the customer, "15dec on holiday" parks it."""
        when, agreed = self._when(text)
        if when.rest and not agreed:
            return self._park(id, when, when.rest)
        if agreed:
            return self._set_step(id, when, Kind.AGREED)
        now = self.now()
        return self._act(
            id,
            lambda o: acts.snooze(self._open(o), when.due, self.policy, now),
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())}{self._still_red(o)}",
            guard=STEP,
        )

    def set_step(self, id: int, text: str) -> Change:
        """The next step with its day: "tue call about the offer"."""
        when, agreed = self._when(text)
        return self._set_step(id, when, Kind.AGREED if agreed else Kind.OWN)

    def _set_step(self, id: int, when: When, kind: Kind) -> Change:
        now = self.now()

        def act(o: Opportunity) -> Opportunity:
            step = self._open(o).next or NextStep()
            first = when.rest.split(" ")[0].casefold()
            channel = Channel(first) if first in list(Channel) else step.channel
            step = NextStep(when.rest or step.what, kind, channel, when.due)
            return acts.set_step(o, step, self.policy, now)

        return self._act(
            id,
            act,
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())}{self._still_red(o)}",
            guard=STEP,
        )

    def park(self, id: int, text: str) -> Change:
        """Leave it alone until a day, for a reason: "15dec h" or "15dec waits for their board"."""
        when, _ = self._when(text)
        if not when.rest:
            raise Usage("a park needs a reason: " + ", ".join(f"{k} {v}" for k, v in PARK_REASONS.items()))
        return self._park(id, when, when.rest)

    def _park(self, id: int, when: When, reason: str) -> Change:
        now, until = self.now(), self._as_day(when.due)
        letter, _, text = reason.partition(" ")
        why, text = (PARK_REASONS[letter], text) if letter in PARK_REASONS else (reason, "")
        return self._act(
            id,
            lambda o: acts.park(self._open(o), until, why, text, self.policy, now),
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())} ({why}){self._still_red(o)}",
            how="parked",
            guard=("park",),
            events=[("park", {"until": until.isoformat(), "text": reason})],
        )

    def raise_priority(self, id: int, steps: int) -> Change:
        """Up, or down when negative, by steps from what was shown."""
        return self.set_priority(id, acts.raised(self._shown(id).priority, steps))

    def set_priority(self, id: int, priority: Priority) -> Change:
        """Set the priority, which all see: of what is for me to decide on."""
        now = self.now()
        return self._act(
            id,
            lambda o: acts.set_priority(self._decide_on(o, "sets its priority"), priority, self.policy, now),
            lambda _, o: f"{named(o)}: priority {o.priority.value}",
            guard=("priority",),
        )

    def to_top(self, id: int) -> Change:
        """To the top of my plan for today."""
        return self._plan(id, lambda ids: [id, *(i for i in ids if i != id)], "on top of today's plan")

    def unplan(self, id: int) -> Change:
        """Off my plan."""
        return self._plan(id, lambda ids: [i for i in ids if i != id], "off today's plan")

    def plan_move(self, id: int, rows: int) -> Change:
        """Down (+1) or up (-1) in my plan; a row outside joins its end."""

        def moved(ids: list[int]) -> list[int]:
            if id not in ids:
                return [*ids, id]
            at = ids.index(id)
            to = min(max(at + rows, 0), len(ids) - 1)
            ids.insert(to, ids.pop(at))
            return ids

        return self._plan(id, moved, "moved in today's plan")

    def _plan(self, id: int, arrange: Callable[[list[int]], list[int]], words: str) -> Change:
        row = self.book.row(id)
        if row is None:
            raise Usage(f"{named(self._get(id))} is closed: only open items are planned")
        ids = arrange(self.book.planned(row.lane))
        return self._replan({row.lane: ids}, (id,), f"{row.title} #{id}: {words}")

    def _replan(self, lanes: Mapping[int, Sequence[int]], about: tuple[int, ...], label: str) -> Change:
        """Let these be the plans of these lanes; what is planned already keeps the time since when."""
        now = self.now()
        fields = {}
        for lane, ids in lanes.items():
            stamps, kept = dict(self.book.plan.get(lane, ())), set(self.book.planned(lane))
            at = {id: datetime.fromtimestamp(stamps[id], UTC) if id in kept else now for id in ids}
            fields[LANES[lane].value] = [[id, instant_text(since)] for id, since in at.items()]

        def run(tx: Tx) -> tuple[int, ...]:
            found = tx.find(PLANS, [("member", "=", self.me)], limit=1)
            if found:
                tx.update(PLANS, found[0][0], fields)
            elif any(fields.values()):
                tx.insert(PLANS, {"member": self.me} | fields)
            tx.label = label
            return about

        return self._commit(run)
