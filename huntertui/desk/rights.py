"""Who decides on what: a rep on what is his or nobody's, a lead on everything."""

from __future__ import annotations

from huntertui.desk.ledger import Ledger, named
from huntertui.errors import NotAllowed
from huntertui.model.opportunity import Opportunity


class Rights(Ledger):
    """What the team's roles let me do."""

    @property
    def deciding(self) -> bool:
        """Whether I decide for others too."""
        return self.policy.team.decides(self.me)

    def why_not_mine(self, owner: str) -> str:
        """Why I do not decide on an item of that owner's; "" where I do."""
        if self.deciding or owner == self.me or self.book.pool(self.now().timestamp()).gone(owner):
            return ""
        return f"it is {owner}'s"

    def _decide_on(self, o: Opportunity, does: str) -> Opportunity:
        """The item, where it is for me to decide on; `does`: what its owner or a lead does instead."""
        if self.why_not_mine(o.owner):
            raise NotAllowed(f"{o.owner} has {named(o)}: {o.owner} or a lead {does}")
        return o
