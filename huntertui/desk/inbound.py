"""What customers send: it is never refused, and never falls between two chairs."""

from __future__ import annotations

from huntertui.desk.addresses import signs
from huntertui.desk.history import event_doc
from huntertui.desk.ledger import NAMED, Change, named
from huntertui.desk.naming import Naming, number_in
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.desk.touching import Touching
from huntertui.errors import HunterError, Resync
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Channel, Contact, Opportunity
from huntertui.model.ranking import Row
from huntertui.model.text import Unclear, clean, normalise_email, normalise_phone
from huntertui.model.touch import Answer, Outcome
from huntertui.records import dataclass
from huntertui.store.store import Tx

AGAIN = 5
"""How often it is looked anew for who wrote, where somebody of his address has just been added."""

LONGEST = 4000  # characters of a note


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. `sender`: his name, e-mails and phones, as far as they are known.

    `source`: what tells this message from all others, so that it is not logged twice; "" when nothing does.
    `automatic`: a machine answered, such as "out of office": that is a note, and no touch.
    """

    sender: Contact
    channel: Channel = Channel.EMAIL
    note: str = ""
    answer: Answer = Answer.OWED
    source: str = ""
    automatic: bool = False


class _Again(Exception):
    """Somebody was quicker: look for the sender anew."""


class Inbound(Naming, Touching):
    """Logging what customers send."""

    def sender_of(self, text: str) -> Contact:
        """Who is named by "Ann Lee <ann@acme.example>", an address, a phone, a name, or an item's number."""
        name, _, address = clean(text).partition("<")
        if email := normalise_email(address or name):
            return Contact(name.strip(' "') if address else "", emails=(email,))
        number = number_in(name)
        phone = "" if any(map(str.isalpha, name)) else normalise_phone(name)
        if phone and (number is None or self.opportunity(number) is None):
            return Contact(phones=(name,))
        return Contact(clean(text))

    def log_inbound(self, message: Message) -> Change:
        """Log it on the item of its sender; of several on the open one touched last, which says "also ...".

        From somebody unknown it becomes an item that is nobody's and waits for its first touch. On a closed
        item it opens a follow-up. Raises only what the store raises.
        """
        for _ in range(AGAIN):
            self.follow()
            rows = self._senders(message.sender)
            try:
                return self._logged(message, rows) if rows else self._new(message, watch=True)
            except _Again:
                continue
        return self._new(message, watch=False)

    def _senders(self, sender: Contact) -> list[Row]:
        """The items of a sender: by his addresses, else by what he is called, if that is one alone."""
        found = {
            row.id: row for address in (*sender.emails, *sender.phones) for row in self.of_address(address)
        }
        if not found and not sender.emails and not sender.phones and sender.name:
            found = {row.id: row for row in self._by_name(sender.name)}
        rows = sorted(found.values(), key=lambda row: (-row.touched, -row.id))
        return sorted(rows, key=lambda row: self.book.row(row.id) is None)

    def _by_name(self, name: str) -> list[Row]:
        try:
            number = number_in(name)
            rows = list(self._rows_of([number])) if number is not None else self.called(name)
        except (HunterError, Unclear):  # a name that is no query either
            return []
        return rows if len(rows) == 1 else []

    def _logged(self, message: Message, rows: list[Row]) -> Change:
        first, *others = rows
        if message.source and any(self._has(row.id, message.source) for row in rows):
            return Change((first.id,), f"{first.title} #{first.id}: that message is logged already", None)
        also = ", ".join(f"{row.title} #{row.id}" for row in others[:NAMED])
        also += f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        note = " · ".join(filter(None, (_note(message), f"also {also}" if also else "")))
        if message.automatic:
            return self.note(first.id, f"automatic answer: {note}")
        return self.log(
            first.id,
            Outcome.REPLIED,
            answer=message.answer,
            channel=message.channel,
            note=note,
            contact=clean(message.sender.name),
            source=message.source,
        )

    def _has(self, id: int, source: str) -> bool:
        return any(
            doc.get("source") == source for _, doc in self.store.find(EVENTS, [("opportunity", "=", id)])
        )

    def _new(self, message: Message, *, watch: bool) -> Change:
        """An item that is nobody's; it is owed within the policy's minutes. `watch`: see `_Again`."""
        now, sender, since = self.now(), message.sender, self.store.seq
        name = clean(sender.name) or next(iter((*sender.emails, *sender.phones)), "") or "unknown sender"
        contact = Contact(name, emails=sender.emails, phones=sender.phones)
        contact = Contact(
            name, emails=contact.emails, phones=contact.phones, blocked=self.off_limits(contact)
        )
        draft = Opportunity(contacts=(contact,), inbound=True, created=now, clock=now)
        wanted = set(signs(to_doc(draft)))
        fields = {"channel": message.channel.value, "outcome": Outcome.REPLIED.value, "direction": "in"}
        fields |= {"note": _note(message), "source": message.source}

        def run(tx: Tx) -> tuple[int, ...]:
            if watch and wanted and _added(tx, since, wanted):
                raise _Again
            o = self._insert(tx, draft)
            tx.insert(EVENTS, event_doc("touch", o.id, now, self.me, fields | {"stage": o.stage}))
            listed = ", who wants no contact" if contact.blocked else ""
            tx.label = f"new and nobody's: {named(o)}{listed}"
            return (o.id,)

        return self._commit(run)


def _note(message: Message) -> str:
    return clean(message.note, lines=True)[:LONGEST]


def _added(tx: Tx, since: int, wanted: set[tuple[str, str]]) -> bool:
    """Whether somebody of one of these addresses has come after record `since`."""
    try:
        ids = [id for table, id in tx.written_since(since) if table == OPPORTUNITIES]
    except Resync:
        return True
    return any(wanted & set(signs(doc)) for id in ids if (doc := tx.get(OPPORTUNITIES, id)) is not None)
