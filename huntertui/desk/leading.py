"""Leading, and talking about an item: messages, coaching, a colleague's day, and acting on his behalf."""

from __future__ import annotations

from huntertui.desk.absences import Absences
from huntertui.desk.inbox import Message, messages
from huntertui.desk.ledger import Change, named
from huntertui.desk.tables import IMPORTS, MESSAGES
from huntertui.errors import NotAllowed, Usage
from huntertui.model.codec import instant, instant_text
from huntertui.model.text import clean
from huntertui.store.store import Tx

UNDERSTOOD = "understood"
LONGEST = 500  # characters of a message


class Leading(Absences):
    """Messages, coaching, and the lead's part."""

    @property
    def leads(self) -> bool:
        """Whether I lead."""
        return self.policy.team.leads(self.me)

    # Messages

    def message(self, id: int, text: str) -> Change:
        """Tell the owner something about an item; the owner himself tells who told him last."""
        o = self._get(id)
        to = o.owner
        if to in ("", self.me):
            told = [message for message in self.inbox.about(id) if message.by != self.me]
            if not told:
                raise Usage(
                    f"{named(o)} is {'yours' if to else 'nobody' + chr(39) + 's'}: there is no one to tell"
                )
            to = told[-1].by
        return self._tell(to, text, "message", id, f"to {to} about {named(o)}")

    def coach(self, id: int, text: str) -> Change:
        """A lead's note on an item, which its owner meets there."""
        self._lead("coaches")
        o = self._get(id)
        if o.owner in ("", self.me):
            raise Usage(
                f"{named(o)} is {'yours' if o.owner else 'nobody' + chr(39) + 's'}: there is no one to coach"
            )
        return self._tell(o.owner, text, "coaching", id, f"coaching {o.owner} on {named(o)}")

    def coach_member(self, text: str) -> Change:
        """A lead's note to a rep: "ben ask for the decision earlier"."""
        self._lead("coaches")
        name, _, words = clean(text).partition(" ")
        name = self._member(name)
        return self._tell(name, words, "coaching", None, f"coaching {name}")

    def answer(self, id: int | None, text: str = UNDERSTOOD) -> Change:
        """Answer what I was told about an item (None, or nothing there: the oldest to me), in one word."""
        told = self.inbox.about(id) or self.inbox.about(None)
        if not told:
            raise Usage("nobody has told you anything here")
        first = told[0]
        words = clean(text)[:LONGEST] or UNDERSTOOD

        def run(tx: Tx) -> tuple[int, ...]:
            tx.update(MESSAGES, first.id, {"answered": words, "answered_at": instant_text(self.now())})
            tx.label = f"{words}: {first.words}"
            return (first.about,) if first.about is not None else ()

        return self._commit(run)

    def told_about(self, id: int) -> list[Message]:
        """All that was told about an item, answered or not, the oldest first."""
        return messages(self.store.find(MESSAGES, [("opportunity", "=", id)]))

    def _tell(self, to: str, text: str, kind: str, about: int | None, label: str) -> Change:
        words = clean(text)
        if not words or len(words) > LONGEST:
            raise Usage(f"say something, in at most {LONGEST} characters")

        def run(tx: Tx) -> tuple[int, ...]:
            doc = {"to": to, "by": self.me, "at": instant_text(self.now()), "text": words, "kind": kind}
            tx.insert(MESSAGES, doc | ({"opportunity": about} if about is not None else {}))
            tx.label = f"{label}: {words}"
            return (about,) if about is not None else ()

        return self._commit(run)

    # The lead's part

    def look_at(self, name: str) -> str:
        """Show a rep's day, in which nothing can be changed; "" goes back to mine."""
        return self._stand(name, acting=False)

    def act_for(self, name: str) -> str:
        """Work through a rep's day for him: what is done is kept as mine, on his behalf; "" ends it."""
        return self._stand(name, acting=True)

    def _stand(self, name: str, *, acting: bool) -> str:
        name = clean(name)
        if name:
            self._lead("sees the day of another")
            name = self._member(name)
        name = "" if name == self.me else name
        self.behalf, self.watched = (name, "") if acting else ("", name)
        self.book.show(name or self.me, self.now().timestamp())
        if not name:
            return "back at your own day"
        if acting:
            return f"for {name}: what you do is kept as done by {self.me} on behalf of {name}"
        return f"{name}'s day, read-only; :act-for {name} works in it"

    def _lead(self, does: str) -> None:
        """Refuse who does not lead."""
        if self.leads:
            return
        team = self.policy.team
        leads = ", ".join(name for name in team.names(self.today()) if team.leads(name))
        who = f"that is for {leads}" if leads else "nobody leads here: huntertui team init"
        raise NotAllowed(f"only a lead {does}: {who}")

    def debts(self) -> list[str]:
        """What nobody looks after, a line for each kind: for the leads, or without any for everybody."""
        now = self.now()
        lines = []
        ownerless = self.book.ownerless(now.timestamp())
        if count := ownerless.pop("", 0):
            lines.append(f"{count} nobody's")
        lines += [f"{count} of {owner}, who is no member" for owner, count in sorted(ownerless.items())]
        for batch, count in sorted(self.book.batches().items()):
            if (late := self._late_batch(batch, count)) is not None:
                lines.append(late)
        return lines

    def _late_batch(self, batch: int, count: int) -> str | None:
        """What is left of an import after its days; None while there is time."""
        doc = self.store.get(IMPORTS, batch) or {}
        try:
            at = instant(doc["at"])
        except (KeyError, TypeError, ValueError):
            return None
        calendar = self.policy.calendar
        if calendar.after_days(at, self.policy.triage_days) >= self.now():
            return None
        day = calendar.describe_day(calendar.day(at), self.today())
        return f"{count} left to triage of {doc.get('file') or 'an import'}, {day}"
