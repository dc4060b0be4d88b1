"""Talking about an item: messages to its owner, and his answer."""

from __future__ import annotations

from huntertui.desk.absences import Absences
from huntertui.desk.ledger import Change, named
from huntertui.desk.tables import MESSAGES
from huntertui.errors import Usage
from huntertui.model.codec import instant_text
from huntertui.model.text import clean
from huntertui.store.store import Tx

UNDERSTOOD = "understood"
LONGEST = 500  # characters of a message


class Talking(Absences):
    """Messages about items."""

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
        return self._tell(to, text, id, f"to {to} about {named(o)}")

    def answer(self, id: int | None, text: str = UNDERSTOOD) -> Change:
        """Answer what I was told about an item (None, or nothing there: the oldest to me), in one word."""
        told = self.inbox.about(id) or self.inbox.about(None)
        if not told:
            raise Usage("nobody has told you anything here")
        first = told[0]
        words = clean(text)[:LONGEST] or UNDERSTOOD

        def run(tx: Tx) -> tuple[int, ...]:
            tx.update(MESSAGES, first.id, {"answered": words, "answered_at": instant_text(self.now())})
            where = f"#{first.about}: " if first.about is not None else ""
            tx.label = f"{words}: {where}{first.words}"
            return (first.about,) if first.about is not None else ()

        return self._commit(run)

    def _tell(self, to: str, text: str, about: int, label: str) -> Change:
        words = clean(text)
        if not words or len(words) > LONGEST:
            raise Usage(f"say something, in at most {LONGEST} characters")

        def run(tx: Tx) -> tuple[int, ...]:
            doc = {"to": to, "by": self.me, "at": instant_text(self.now()), "text": words, "kind": "message"}
            tx.insert(MESSAGES, doc | {"opportunity": about})
            tx.label = f"{label}: {words}"
            return (about,)

        return self._commit(run)
