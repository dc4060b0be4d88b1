"""Owners: to take, to help, to hand over."""

from __future__ import annotations

from huntertui.desk.ledger import Change, Ledger, named
from huntertui.errors import NotAllowed, Usage
from huntertui.model import acts
from huntertui.model.opportunity import (
    Opportunity,
)
from huntertui.model.owed import open_from, owed
from huntertui.model.text import did_you_mean


class Owning(Ledger):
    """Owners: to take, to help, to hand over."""

    def claim(self, id: int) -> Change:
        """Take what is nobody's, or help with a colleague's broken promise or long red."""
        now, policy = self.now(), self.policy

        def take(o: Opportunity) -> Opportunity:
            return acts.assign(self._open(o), self.me, policy, now)

        def lend_a_hand(o: Opportunity) -> Opportunity:
            self._open(o)
            if o.owner == self.me:
                raise Usage(f"{named(o)} is yours already")
            if o.helper and o.helper_until and o.helper_until > now and o.helper != self.me:
                raise NotAllowed(f"{o.helper} is helping with {named(o)} already")
            opens = open_from(o, owed(o, policy), policy)
            if opens is None or opens > now:
                raise NotAllowed(f"{o.owner} has {named(o)}, and it is not open to others")
            return acts.help_with(o, self.me, policy, now)

        def yours(_: Opportunity, o: Opportunity) -> str:
            return f"{named(o)} is yours{self._still_red(o)}"

        def helped(_: Opportunity, o: Opportunity) -> str:
            return f"{named(o)}: you help {o.owner} for {policy.help_days} business days"

        if not self._get(id).owner:  # what a colleague was quicker to take is a conflict, and says who it was
            return self._act(id, take, yours, guard=("owner",))
        return self._act(id, lend_a_hand, helped, guard=("owner", "helper"))

    def assign(self, id: int, owner: str) -> Change:
        """Hand it over to a member; "-" or nobody makes it nobody's, said and seen."""
        name = owner.strip()
        name = "" if name in ("-", "nobody") else self._member(name)
        now = self.now()
        return self._act(
            id,
            lambda o: acts.assign(o, name, self.policy, now),
            lambda before, o: f"{named(o)}: {before.owner or 'nobody'} -> {o.owner or 'nobody'}",
            guard=("owner",),
        )

    def _member(self, name: str) -> str:
        known = set(self.policy.team.names(self.today())) if self.policy.team else {name}
        if name not in known or not name:
            hint = did_you_mean(name, known, "o takes a member's name, or - for nobody")
            raise Usage(f"nobody is called {name!r}: {hint}")
        return name
