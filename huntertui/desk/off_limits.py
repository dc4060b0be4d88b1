"""The team's list of those who want no contact."""

from __future__ import annotations

from dataclasses import replace

from huntertui.desk.ledger import Ledger
from huntertui.desk.listed import OFF_LIMITS, Listed, listed_in, ways_to
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import NotAllowed
from huntertui.model import acts
from huntertui.model.codec import instant_in, instant_text, text_in
from huntertui.model.opportunity import (
    Contact,
    Opportunity,
)
from huntertui.model.pipeline import LOST, WON
from huntertui.store.store import Tx


class OffLimits(Ledger):
    """Who is on the list is blocked everywhere."""

    def _keep_off(self, tx: Tx, o: Opportunity) -> None:
        """Put the contacts just blocked on the team's list, and block them in every other open item."""
        blocked = [contact for contact in o.contacts if contact.blocked]
        values = {way for contact in blocked for way in ways_to(contact)}
        for kind, value in sorted(values):
            if not tx.find(OFF_LIMITS, [("kind", "=", kind), ("value", "=", value)]):
                entry = {"kind": kind, "value": value, "at": instant_text(self.now()), "by": self.me}
                tx.insert(OFF_LIMITS, entry)
        listed = Listed(values)
        for id, doc in tx.find(OPPORTUNITIES, [("stage", "!=", WON), ("stage", "!=", LOST)]):
            if id != o.id and doc.get("contacts"):
                self._block_in(tx, id, listed)

    def off_limits(self, contact: Contact) -> bool:
        """Whether a person is on the team's list."""
        return listed_in(self.store).of(contact) is not None

    def _allowed(self, tx: Tx, o: Opportunity) -> None:
        """Refuse a person who is on the team's list."""
        listed = listed_in(tx)
        for contact in o.contacts if listed else ():
            if contact.blocked or (way := listed.of(contact)) is None:
                continue
            kind, value = way
            for _, entry in tx.find(OFF_LIMITS, [("kind", "=", kind), ("value", "=", value)], limit=1):
                day = self.policy.calendar.day(instant_in(entry, "at"))
                shown, by = self.policy.calendar.describe_day(day, self.today()), text_in(entry, "by")
                raise NotAllowed(f"{value} wants no contact" + (f": noted by {by} on {shown}" if by else ""))

    def _block_in(self, tx: Tx, id: int, listed: Listed) -> None:
        before = self._read(tx, id)
        contacts = tuple(replace(c, blocked=True) if listed.of(c) else c for c in before.contacts)
        if contacts == before.contacts:
            return

        def act(o: Opportunity) -> Opportunity:
            after = replace(o, contacts=contacts)
            if all(contact.blocked for contact in contacts):
                return acts.lose(after, "do not contact", self.policy, self.now())
            return after

        self._apply(tx, id, act, how="closed")
