"""Reading one item: what happened to it, and why it is red."""

from __future__ import annotations

from huntertui.desk.history import Event, told
from huntertui.desk.shelf import Shelf
from huntertui.desk.tables import EVENTS
from huntertui.model.explain import explain
from huntertui.model.opportunity import Opportunity


class Reading(Shelf):
    """What is looked up of one item."""

    def history(self, id: int) -> list[Event]:
        """What happened, the newest first."""
        found = self.store.find(EVENTS, [("opportunity", "=", id)], ["at"])
        return told(reversed(found), self.policy, self.today())

    def explain(self, id: int) -> list[str]:
        """Why it is red, or when it will be."""
        return self.explained(self._get(id))

    def explained(self, o: Opportunity) -> list[str]:
        """The same, of a record that has been read."""
        return explain(o, self.policy, self.now())
