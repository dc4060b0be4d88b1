"""What colleagues have told me and I have not answered: read once, then kept up by each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from huntertui.desk.tables import MESSAGES
from huntertui.model.codec import instant_in, text_in
from huntertui.records import dataclass
from huntertui.store.store import Doc, Record, Store


class Told(StrEnum):
    """What some words to a member are."""

    MESSAGE = "message"
    HANDOVER = "handover"
    COACHING = "coaching"


_ADDED: Mapping[str, str] = {Told.HANDOVER: " (handed over)", Told.COACHING: " (coaching)"}


@dataclass(frozen=True, slots=True)
class Message:
    """Some words to a member. `about`: the item it is kept with, None for one to the person; `kind`: one of
    Told; `answered`: with which words he has answered, "" as long as he has not."""

    id: int
    to: str
    by: str
    at: datetime
    text: str
    about: int | None = None
    kind: str = Told.MESSAGE
    answered: str = ""

    @property
    def words(self) -> str:
        """As it is told."""
        return f"{self.by}{_ADDED.get(self.kind, '')}: {self.text}"

    @property
    def notice(self) -> str:
        """That it is there: "lea coaches (#3)"."""
        does = "coaches" if self.kind == Told.COACHING else "wrote"
        return f"{self.by} {does}" + (f" (#{self.about})" if self.about is not None else "")


class Inbox:
    """My unanswered messages, the oldest first."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me
        self._open: dict[int, Message] | None = None

    def forget(self) -> None:
        """Read anew when somebody asks next."""
        self._open = None

    def take(self, record: Record) -> None:
        """Take in a record that follows those taken in before."""
        if any(op.table == MESSAGES for op in record.ops):
            self._open = None

    def all(self) -> list[Message]:
        """All of them."""
        if self._open is None:
            found = messages(self._store.find(MESSAGES, [("to", "=", self._me)]))
            self._open = {message.id: message for message in found if not message.answered}
        return list(self._open.values())

    def about(self, id: int | None) -> list[Message]:
        """Those that are kept with an item; None: those to me."""
        return [message for message in self.all() if message.about == id]


def messages(found: Iterable[tuple[int, Doc]]) -> list[Message]:
    """Messages of what the store has, the oldest first."""
    return sorted((_message(id, doc) for id, doc in found), key=lambda message: (message.at, message.id))


def _message(id: int, doc: Doc) -> Message:
    at = instant_in(doc, "at")
    about = about if isinstance(about := doc.get("opportunity"), int) else None
    kind, answered = text_in(doc, "kind") or Told.MESSAGE, text_in(doc, "answered")
    to, by, text = text_in(doc, "to"), text_in(doc, "by"), text_in(doc, "text")
    return Message(id, to, by, at, text, about, kind, answered)
