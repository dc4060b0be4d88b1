"""What is added to a touch after it was logged: with whom, by which channel, a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huntertui.desk.ledger import Change, named
from huntertui.desk.tables import EVENTS
from huntertui.desk.touching import Touching
from huntertui.errors import Usage
from huntertui.model.codec import instant
from huntertui.model.opportunity import Channel, Contact, Opportunity
from huntertui.model.text import clean
from huntertui.records import dataclass
from huntertui.store.store import Doc, Tx

_NAMES = {"mail": "email", "e-mail": "email", "phone": "call", "sms": "message", "chat": "message"}
_SAME = 60.0  # seconds between a touch and its event at most


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added; "" and None for what stays as it was."""

    contact: str = ""
    channel: Channel | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """ "with Bob Ray · by email · note: left word"."""
        parts = (
            f"with {self.contact}" if self.contact else "",
            f"by {self.channel}" if self.channel else "",
            f"note: {self.note}" if self.note else "",
        )
        return " · ".join(filter(None, parts))


def read_addition(text: str, people: Sequence[Contact]) -> Addition:
    """`2 email left word`: the person's number and the channel, in any order, then a note.

    Usage when there is nothing in it.
    """
    contact, channel, words = "", None, clean(text).split()
    while words:
        word = words[0].casefold()
        word = _NAMES.get(word, word)
        if not contact and word.isdecimal() and 0 < int(word) <= len(people) and len(people) > 1:
            contact = called(people[int(word) - 1])
        elif channel is None and word in list(Channel):
            channel = Channel(word)
        else:
            break
        del words[0]
    if not (contact or channel or words):
        raise Usage("say who (the number), by which channel, or a note: 2 email left word")
    return Addition(contact, channel, " ".join(words))


def called(contact: Contact) -> str:
    """A person in a line."""
    return contact.name or next(iter((*contact.emails, *contact.phones)), "somebody")


class Afterwards(Touching):
    """Adding to a touch that was just logged. It is no work, so it clears nothing and makes nothing red."""

    def touched(self, seq: int) -> Opportunity:
        """The record on which change `seq` logged a touch. Usage when it has been taken back."""
        id, _ = self._touches(seq)[0]
        return self._get(int(self._event(id)["opportunity"]))

    def preview_addition(self, seq: int, text: str) -> str:
        """What will be added to the touch that change `seq` logged."""
        return read_addition(text, self.touched(seq).contacts).words

    def add_to_touch(self, seq: int, text: str) -> Change:
        """Add to the touch that change `seq` logged, whatever has been done since; one change of its own."""
        touches, first = self._touches(seq), self.touched(seq)
        added = read_addition(text, first.contacts)
        if added.contact and len(touches) > 1:
            raise Usage("these touches were with several customers: name the person in each for itself")

        def run(tx: Tx) -> tuple[int, ...]:
            ids = [self._add(tx, event, added) for event, _ in touches]
            who = named(first) if len(ids) == 1 else f"{len(ids)} touches"
            tx.label = f"{who}: added {added.words}"
            return tuple(ids)

        return self._commit(run)

    def _add(self, tx: Tx, event: int, added: Addition) -> int:
        doc = tx.get(EVENTS, event)
        if doc is None:
            raise Usage("that touch has been taken back")
        field = "note" if doc.get("kind") == "touch" else "text"
        if field == "text" and (added.channel or added.contact):
            raise Usage("a wrong number is no touch: only a note can be added")
        note = "; ".join(filter(None, (str(doc.get(field) or ""), added.note)))
        changes = {field: note, "contact": added.contact, "channel": added.channel and added.channel.value}
        tx.update(EVENTS, event, {key: value for key, value in changes.items() if value})
        id = int(doc["opportunity"])
        if added.channel is not None:
            self._apply(tx, id, lambda o: self._by(o, doc, added.channel))
        return id

    def _by(self, o: Opportunity, doc: Doc, channel: Channel | None) -> Opportunity:
        """The record with the channel of its last touch put right, if this is that touch."""
        last = o.last_touch
        if channel is None or last is None or last.by != self.me:
            return o
        apart = abs((last.at - instant(doc["at"])).total_seconds())
        return replace(o, last_touch=replace(last, channel=channel.value)) if apart < _SAME else o

    def _touches(self, seq: int) -> list[tuple[int, Doc]]:
        record = self.store.record(seq)
        events = [op for op in record.ops if op.kind == "i" and op.table == EVENTS] if record else []
        found = [(op.id, op.new) for op in events if op.new.get("kind") == "touch"]
        found = found or [(op.id, op.new) for op in events if op.new.get("kind") == "note"]
        if not found:
            raise Usage("there is no touch in that change")
        return found

    def _event(self, id: int) -> Doc:
        doc = self.store.get(EVENTS, id)
        if doc is None:
            raise Usage("that touch has been taken back")
        return doc
