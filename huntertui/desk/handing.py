"""Handing over all that a member has, however much that is; the clocks keep running."""

from __future__ import annotations

from dataclasses import replace

from huntertui.desk.absences import Absences
from huntertui.desk.bulk import Bulk
from huntertui.desk.ledger import Change, named
from huntertui.desk.owning import GIVES
from huntertui.errors import Overtaken, Usage
from huntertui.model import acts
from huntertui.model.opportunity import Opportunity
from huntertui.model.text import clean


class Handing(Bulk, Absences):
    """Hand-overs of all that somebody has."""

    def hand_over(self, text: str) -> Change:
        """Hand over all that a member has: "ben carla note", "me - note"; one undo takes it back.

        What has gone elsewhere by then is left as it is.
        """
        whose, name, note, ids = self._handed(text)
        now = self.now()

        def give(o: Opportunity) -> Opportunity:
            if self._decide_on(o, GIVES).owner != whose:
                raise Overtaken(f"{o.owner or 'nobody'} has {named(o)} now")
            return acts.assign(o, name, self.policy, now)

        tail = f" of {whose}'s -> {name or 'nobody'}{f', {note}' if note else ''}"
        change, left = self.on_many(
            ids,
            lambda id: self._act(id, give, lambda _, o: named(o), guard=("owner",)),
            lambda count: f"{count:,}{tail}",
            also=lambda tx: self._note_to(tx, name, note, None),
        )
        more = f"; {len(left):,} left as they are, the first as {left[0].error}" if left else ""
        return replace(change, message=change.message + more)

    def preview_hand_over(self, text: str) -> str:
        """What was understood."""
        whose, name, note, ids = self._handed(text)
        return f"→ {len(ids):,} of {whose}'s to {name or 'nobody'}{f': {note}' if note else ''}"

    def _handed(self, text: str) -> tuple[str, str, str, list[int]]:
        """(whose, to whom, note, ids) of a hand-over. Usage when it makes no sense."""
        whose, _, rest = clean(text).partition(" ")
        whose = self.me if whose.casefold() in ("me", "i") else whose
        if not whose or not rest:
            raise Usage("whose, and to whom? like ben carla he knows the region; - for nobody")
        if whose not in self.book.owners() and whose != self.me:
            whose = self._member(whose)
        ids = [row.id for row in self.book.rows() if row.owner == whose]
        if not ids:
            raise Usage(f"{whose} has nothing open")
        return whose, *self._receiver(rest.removeprefix("to ")), ids
