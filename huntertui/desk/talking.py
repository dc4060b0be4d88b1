"""Talking: messages to the owner of an item, a lead's coaching, and the answer to both."""

from __future__ import annotations

from huntertui.desk.handing import Handing
from huntertui.desk.inbox import Message, Told, messages
from huntertui.desk.ledger import Change, named
from huntertui.desk.tables import MESSAGES
from huntertui.errors import NotAllowed, Usage
from huntertui.model.codec import instant_text
from huntertui.model.text import clean
from huntertui.store.store import Tx

UNDERSTOOD = "understood"
LONGEST = 500  # characters of a message


class Talking(Handing):
    """Messages about items, and to people."""

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
        return self._tell(Told.MESSAGE, to, text, id, f"to {to} about {named(o)}")

    def coach(self, id: int, text: str) -> Change:
        """Leave a note on an item for its owner, who meets it there. NotAllowed for who does not lead."""
        o = self._get(id)
        self._coaching(o.owner)
        if o.owner in ("", self.me):
            raise Usage(f"{named(o)} is {'yours' if o.owner else 'nobody' + chr(39) + 's'}: whom to coach?")
        return self._tell(Told.COACHING, o.owner, text, id, f"coached {o.owner} on {named(o)}")

    def coach_rep(self, text: str) -> Change:
        """Leave a note for a person: "ben ask for the decision earlier"."""
        to, words = self._coached(text)
        return self._tell(Told.COACHING, to, words, None, f"coached {to}")

    def preview_coaching(self, text: str) -> str:
        """What was understood."""
        to, words = self._coached(text)
        return f"→ to {to}: {words}" if words else f"→ to {to}: what?"

    def coaching_of(self, name: str) -> list[Message]:
        """What leads have told somebody himself, the newest first."""
        found = messages(self.store.find(MESSAGES, [("to", "=", name), ("kind", "=", Told.COACHING.value)]))
        return [message for message in reversed(found) if message.about is None]

    def answer(self, id: int | None, text: str = UNDERSTOOD) -> Change:
        """Answer what I was told about an item (None, or nothing there: the oldest to me), in one word."""
        told = (self.inbox.about(id) if id is not None else []) or self.inbox.about(None)
        if not told:
            raise Usage("nobody has told you anything here")
        first = told[0]
        words = clean(text)[:LONGEST] or UNDERSTOOD

        def run(tx: Tx) -> tuple[int, ...]:
            if (tx.get(MESSAGES, first.id) or {"answered": UNDERSTOOD}).get("answered"):
                raise Usage("you have answered that already")
            tx.update(MESSAGES, first.id, {"answered": words, "answered_at": instant_text(self.now())})
            if first.about is not None:
                self._record(tx, "answer", first.about, {"text": f"{words}: {first.words}"})
            where = f"#{first.about}: " if first.about is not None else ""
            tx.label = f"{words}: {where}{first.words}"
            return (first.about,) if first.about is not None else ()

        return self._commit(run)

    def _tell(self, kind: Told, to: str, text: str, about: int | None, label: str) -> Change:
        words = clean(text)
        if not words or len(words) > LONGEST:
            raise Usage(f"say something, in at most {LONGEST} characters")

        def run(tx: Tx) -> tuple[int, ...]:
            self._send(tx, kind, to, words, about)
            tx.label = f"{label}: {words}"
            return (about,) if about is not None else ()

        return self._commit(run)

    def _coached(self, text: str) -> tuple[str, str]:
        """(member, words) of a note to a person."""
        name, _, words = clean(text).partition(" ")
        if not name:
            raise Usage("whom, and what? like ben ask for the decision earlier")
        to = self._member(name)
        self._coaching(to)
        if to == self.me:
            raise Usage("that is you: whom to coach?")
        return to, words.strip(" :")

    def _coaching(self, to: str) -> None:
        if not self.deciding:
            raise NotAllowed(f"coaching is a lead's: L tells {to or 'the owner'} something about an item")
