"""Records that attack whoever looks at them, and a look at the bytes that a terminal was given."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from day import ME, desk

from huntertui.desk.history import event_doc
from huntertui.model.codec import instant_text, to_doc
from huntertui.model.opportunity import Contact, LastTouch, NextStep, Opportunity, Park
from huntertui.store import Doc, Tx

MARKUP = {
    name: name
    for name in (
        "Acme [/red] Ltd", "[/]", "[", "[bold", "ACME [UK]", "[0]", "[type=x, v={'a[0]'}]",
        "C:\\[dir]\\",
    )
}  # fmt: skip
"""Names that a markup language would read: they are shown letter for letter."""

ACTIONS = {
    name: name
    for name in (
        "[@click=app.quit]Ann[/]",
        "[@click=app.screenshot('x.svg','.')]x[/]",
        "[@click=app.suspend_process]x[/]",
        "[link=file:///etc/passwd]x[/link]",
    )
}
"""Names that Textual would run on a click."""

CONTROLS = {
    "A\x1b]2;PWNED\x1b\\B": "A�]2;PWNED�\\B",
    "B\x1b]0;x\x07": "B�]0;x�",
    "C\x1b]52;c;cHduZWQ=\x1b\\": "C�]52;c;cHduZWQ=�\\",
    "D\x1b[2J": "D�[2J",
    "E\x1b[10;5H": "E�[10;5H",
    "F\x1bPq\x1b\\": "F�Pq�\\",
    "G\x9b2J": "G�2J",
    "H\x9d0;x\x9c": "H�0;x�",
    "I\x7fK\x08L\rM\x0bN\u2028O": "I�K�L M�N�O",  # NUL is refused by the store
}
"""Names that steer a terminal: each control is seen as U+FFFD."""

LETTERS = {
    "P\u202egnp.exe": "Pgnp.exe",
    "Q\u2066x": "Qx",
    "R\u200bx\ufeffy": "Rxy",
    "👩\u200d👩\u200d👧\u200d👦Z": "Z",
    "漢字" * 40: "漢字漢字",
    "🇬🇧 Ltd": "Ltd",
    "e" + "\u0301" * 50 + "end": "end",
}
"""Names that turn the direction of writing, or are wider or narrower than they are long."""

ALL = MARKUP | ACTIONS | CONTROLS | LETTERS

_OURS = re.compile(
    rb"\x1b\[[0-9;:?<>=]*[ $]?[@-~]"  # cursor, colours, modes
    rb"|\x1b\]8;[^;\x00-\x1f\x7f]*;(?:(?:tel|mailto):[!-~]*)?\x1b\\"  # a number or an address as a link
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what was copied by a key
    rb"|\x1b\]22;default\x07"  # the mouse's pointer, as Textual leaves it
)


def record(text: str) -> Opportunity:
    """A record that holds the text wherever one has room for any."""
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    person = Contact(text, text, (text, f"{text}@acme.example"), (text, f"+49 30 1234567{text}"), (text,))
    return Opportunity(
        name=text, company=text, country=text, contacts=(person, person), owner=ME, source_owner=text,
        helper=text, stage="new", created=past, clock=past, next=NextStep(text, due=past.date()), notes=text,
        last_touch=LastTouch(past, text, "call", "talked"), tags=(text,), external_ids={text: (text, text)},
        extra={text: text}, park=Park(past.date(), text, text), lost_reason=text, lost_text=text,
    )  # fmt: skip


def documents(text: str, id: int) -> Iterator[tuple[str, Doc]]:
    """A record with its history, and what else is kept beside it: each a table, and a document for it."""
    at = datetime.now(UTC) - timedelta(days=31)
    yield "opportunities", to_doc(record(text))
    for kind in ("touch", "stage", "owner", "close", "note", "park", "clear", text):
        fields = dict.fromkeys(("note", "text", "contact", "old", "new", "outcome", "how", "rule"), text)
        yield "events", event_doc(kind, id, at, text, fields | {"since": instant_text(at)})
    said = {"to": ME, "by": text, "at": instant_text(at), "text": text, "kind": "message"}
    yield "messages", said | {"opportunity": id}
    yield "views", {"member": ME, "name": text, "query": text}
    away = {"away_from": at.date().isoformat(), "away_until": "2100-01-01"}
    yield "members", {"member": text, "by": text, "why": text} | away


def plant(path: Path, texts: list[str]) -> list[int]:
    """Put such records into a store past all that takes text in. Their numbers."""
    with desk(path).store as store:
        for id, text in enumerate(texts, 1):
            for table, doc in documents(text, id):
                store.transact(partial(_insert, table, doc), text)
    return list(range(1, len(texts) + 1))


def foreign(texts: list[str]) -> bytes:
    """The same as another program writes it into the store's file: stock TinyDB's JSON, nothing escaped
    that need not be."""
    tables: dict[str, dict[str, Doc]] = defaultdict(dict)
    for id, text in enumerate(texts, 1):
        for table, doc in documents(text, id):
            rows = tables[table]
            rows[str(len(rows) + 1)] = doc | ({"owner": text} if table == "opportunities" and id % 2 else {})
    return json.dumps(tables, ensure_ascii=False).encode()


def _insert(table: str, doc: Doc, tx: Tx) -> int:
    return tx.insert(table, doc)


def steers(written: bytes) -> list[str]:
    """What was written, beside our own sequences, that a terminal would not simply show; [] is well."""
    rest = _OURS.sub(b"", bytes(written)).decode()
    names = [name for name in CONTROLS if name.encode() in written]
    return names + [repr(char) for char in sorted(set(rest)) if char not in "\t\r\n" and _obeyed(char)]


def _obeyed(char: str) -> bool:
    category = unicodedata.category(char)
    return category in ("Cc", "Zl", "Zp", "Cs") or (category == "Cf" and char != "\u200d")
