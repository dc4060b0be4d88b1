"""One member's desk: what a rep can do."""

from __future__ import annotations

from huntertui.desk.afterwards import Afterwards
from huntertui.desk.edits import edited
from huntertui.desk.foreseeing import Foreseeing
from huntertui.desk.forms import Forms
from huntertui.desk.inbound import Inbound
from huntertui.desk.leading import Leading
from huntertui.desk.ledger import Change, named
from huntertui.desk.previews import preview, suggest
from huntertui.desk.scoring import Scoring
from huntertui.desk.tagging import Tagging
from huntertui.desk.talking import Talking
from huntertui.desk.triage import Triaging
from huntertui.desk.views import Views
from huntertui.desk.working import Working
from huntertui.errors import NotAllowed
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.text import clean


class Desk(
    Inbound, Forms, Tagging, Afterwards, Triaging, Talking, Working, Views, Scoring, Foreseeing, Leading
):
    """One member's desk: what a rep can do."""

    def day_of(self, text: str) -> Desk:
        """A member's desk to look at, for him and the leads. NotAllowed for others."""
        name = self.me if clean(text).casefold() in ("me", "i") else self._member(clean(text))
        if name != self.me and not self.deciding:
            raise NotAllowed(f"{name}'s day is for {name} and the leads to see")
        return self.seen_by(name)

    def edit(self, id: int, field: str, text: str) -> Change:
        """Set one field from its text. Usage for an unknown field, Unclear for a value it cannot take."""
        now, policy = self.now(), self.policy
        shown = " ".join(text.split())[:60]
        return self._act(
            id,
            lambda o: edited(o, field, text, policy, now),
            lambda _, o: f"{named(o)}: {field} is now {shown or 'empty'}",
            guard=(field, "contacts", "currency"),
            also=self._allowed if field in ("email", "phone") else None,
        )

    def set_value(self, id: int, text: str) -> Change:
        """What the deal is worth."""
        return self.edit(id, "value", text)

    def also_at(self, id: int) -> str:
        """What else is open at the company: "also at Acme: 1 deal, ben"; "" when nothing is."""
        row = self.book.row(id)
        others = self.book.at_company(row) if row else []
        if row is None or not others:
            return ""
        deals = sum(LANES[other.lane] is Discipline.CLOSING for other in others)
        parts = [
            f"{n} {word}{'s' * (n > 1)}" for n, word in ((deals, "deal"), (len(others) - deals, "item")) if n
        ]
        owners = ", ".join(sorted({other.owner or "nobody" for other in others}))
        return f"also at {row.company}: {', '.join(parts)}, {owners}"

    def preview(self, what: str, id: int | None, text: str) -> str:
        """What was understood of an answer, before it is given. Unclear when it is not understood."""
        o = self._get(id) if id is not None else None
        if what == "merge" and o is not None:
            other = self._get(self._other(o.id, text))
            return f"→ {named(other)}, {other.owner or 'nobody'}"
        team = {"add": self.preview_add, "away": self.preview_away, "hand-over": self.preview_hand_over}
        team |= {"coach-rep": self.preview_coaching}
        if what in team:
            return team[what](text)
        return preview(what, o, text, self.policy, self.now())

    def suggest(self, what: str, id: int) -> str:
        """The answer that an empty Enter takes; "" when there is none."""
        if what == "merge":
            match = self.best_match(id)
            return f"#{match}" if match else ""
        return suggest(what, self._get(id), self.policy, self.now())
