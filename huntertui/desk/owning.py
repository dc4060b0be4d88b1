"""Owners: to take, to help, to give."""

from __future__ import annotations

from huntertui.desk.inbox import Told
from huntertui.desk.ledger import Change, named
from huntertui.desk.rights import Rights
from huntertui.desk.tables import MESSAGES
from huntertui.errors import NotAllowed, Overtaken, Usage
from huntertui.model import acts
from huntertui.model.codec import instant_text
from huntertui.model.opportunity import Opportunity
from huntertui.model.owed import owed
from huntertui.model.pool import passes, why_open
from huntertui.model.ranking import row_of
from huntertui.model.text import clean, did_you_mean
from huntertui.store.store import Tx

NOBODY = ("-", "nobody")
GIVES = "hands it over"


class Owning(Rights):
    """Owners: to take, to help, to give."""

    def claim(self, id: int) -> Change:
        """Take what nobody has, or help with a colleague's broken promise or long red.

        What he was away for, or has neglected for the second time in 30 days, becomes mine.
        """
        now, policy, team = self.now(), self.policy, self.policy.team
        pool, shown = self.book.pool(now.timestamp()), self._shown(id).owner

        def take(o: Opportunity) -> Opportunity:
            self._open(o)
            if o.owner not in ("", shown, self.me):  # with the guard a conflict, which says who it was
                raise Overtaken(f"{o.owner} has {named(o)} now")
            if team.members and not team.has(self.me, self.today()):
                raise NotAllowed(f"{self.me} is no member of the team, by its policy")
            if o.owner == self.me:
                raise Usage(f"{named(o)} is yours already")
            row = row_of(o, policy)
            helper = row.helper_at(now.timestamp())
            if helper not in ("", self.me):
                raise Overtaken(f"{helper} is helping with {named(o)} already")
            if pool.open_from(row) > now.timestamp():
                raise NotAllowed(f"{o.owner} has {named(o)}, and it is not open to others")
            if passes(o, owed(o, policy), pool, policy, now):
                return acts.assign(o, self.me, policy, now)
            return acts.help_with(o, self.me, policy, now)

        def says(before: Opportunity, o: Opportunity) -> str:
            if o.owner == self.me:
                whose = f", it was {before.owner}'s" if before.owner else ""
                return f"{named(o)} is {self.me}'s{whose}{self._still_red(o)}"
            assert o.helper_until is not None
            until = policy.calendar.describe_instant(o.helper_until, self.today())
            return f"{named(o)}: {self.me} helps {o.owner} until {until}"

        return self._act(id, take, says, guard=("owner", "helper"))

    def why_open(self, id: int) -> str:
        """Why I may take it with one key, in words; "" when I may not, or have it."""
        return self.why_open_of(self._get(id))

    def why_open_of(self, o: Opportunity) -> str:
        """The same, of a record that has been read."""
        now = self.now()
        pool = self.book.pool(now.timestamp())
        if o.owner == self.me and not pool.gone(o.owner):
            return ""
        row = self.book.row(o.id) or row_of(o, self.policy)
        return why_open(o, row, pool, self.policy.calendar, now)

    def assign(self, id: int, owner: str) -> Change:
        """Hand it over to a member, with a note if one follows his name; "-" makes it nobody's."""
        name, note = self._receiver(owner)
        now = self.now()

        def give(o: Opportunity) -> Opportunity:
            return acts.assign(self._decide_on(o, GIVES), name, self.policy, now)

        tail = f", {note}" if note else ""
        return self._act(
            id,
            give,
            lambda before, o: f"{named(o)}: {before.owner or 'nobody'} -> {o.owner or 'nobody'}{tail}",
            guard=("owner",),
            also=lambda tx, o: self._note_to(tx, name, note, o.id),
        )

    def _receiver(self, text: str) -> tuple[str, str]:
        """(member, note): the whole text may be a name with spaces of a team without a file."""
        text = clean(text)
        if not self.policy.team.members:
            return ("" if text in NOBODY else self._member(text)), ""
        name, _, note = text.partition(" ")
        return ("" if name in NOBODY else self._member(name)), note.strip(" :")

    def _note_to(self, tx: Tx, to: str, text: str, about: int | None) -> None:
        """Keep the words of a hand-over for who gets it."""
        if text and to and to != self.me:
            self._send(tx, Told.HANDOVER, to, text, about)

    def _send(self, tx: Tx, kind: Told, to: str, text: str, about: int | None) -> None:
        """Keep some words for a member, and in the history of the item that they are about."""
        doc = {"to": to, "by": self.me, "at": instant_text(self.now()), "text": text, "kind": kind.value}
        tx.insert(MESSAGES, doc | ({"opportunity": about} if about is not None else {}))
        if about is not None:
            self._record(tx, kind.value, about, {"to": to, "text": text})

    def _member(self, name: str) -> str:
        """A member by his name, or by how only his begins. Usage when there is none."""
        if not self.policy.team and name:
            return name
        known = self.policy.team.names(self.today())
        begun = [one for one in known if name and one.casefold().startswith(name.casefold())]
        if name in known or len(begun) == 1:
            return name if name in known else begun[0]
        hint = did_you_mean(name, known, f"there are {', '.join(known)}" if known else "no team file is read")
        raise Usage(f"nobody is called {name!r}: {hint}")
