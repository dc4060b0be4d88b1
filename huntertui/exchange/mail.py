"""A mail as a script pipes it in: who wrote, about what, and what; whatever its bytes are, it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.parser import BytesParser
from email.utils import getaddresses

from huntertui.model.text import clean, normalise_email
from huntertui.records import dataclass

LINES, CHARACTERS = 40, 2000
"""What is kept of the text at most; the mail itself stays in its mailbox."""

_HEADERS = 64 * 1024  # bytes of headers that are looked at
_PEOPLE = 9  # of a field
_LONGEST = 200  # characters of a name or a subject


@dataclass(frozen=True, slots=True)
class Mail:
    """What was read, all of it clean. `emails`: of the sender, the one to answer to first.

    `automatic`: sent by a machine in answer to a mail of ours, such as "out of office".
    """

    name: str = ""
    emails: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    id: str = ""
    automatic: bool = False


def read_mail(data: bytes) -> Mail:
    """Read it; what is no mail is all text."""
    headers = BytesParser().parsebytes(data[:_HEADERS], headersonly=True)
    fields = {name.casefold(): _text(str(value)) for name, value in reversed([*headers.raw_items()])}
    if fields.keys().isdisjoint({"from", "reply-to", "subject"}):
        return Mail(text=_own_words(data.decode("utf-8", "replace")))
    people = [*_people(fields.get("reply-to", "")), *_people(fields.get("from", ""))]
    return Mail(
        name=next((name for name, _ in people if name), ""),
        emails=tuple(dict.fromkeys(email for _, email in people)),
        subject=fields.get("subject", "")[:_LONGEST],
        text=_own_words(_body(data)),
        id=fields.get("message-id", "")[:_LONGEST],
        automatic=fields.get("auto-submitted", "").casefold().startswith("auto-replied"),
    )


def _people(field: str) -> Iterator[tuple[str, str]]:
    for name, address in getaddresses([field])[:_PEOPLE]:
        if email := normalise_email(address)[:_LONGEST]:
            yield clean(name)[:_LONGEST], email


def _text(raw: str) -> str:
    """A header as text: encoded words decoded, in whatever characters they claim to be; bytes beyond ASCII,
    which no standard foresees, as UTF-8."""
    text = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        parts = [(text, None)]
    return clean("".join(_decoded(part, charset) for part, charset in parts))


def _decoded(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        return part.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return part.decode("utf-8", "replace")


def _body(data: bytes) -> str:
    """The first plain text of a mail; "" when there is none, or its parts stand in each other without end."""
    try:
        for part in BytesParser().parsebytes(data).walk():
            if part.get_content_type() == "text/plain" and not part.is_multipart():
                payload = part.get_payload(decode=True)
                return _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
    except (RecursionError, ValueError, LookupError):
        return ""
    return ""


def _own_words(text: str) -> str:
    """What they wrote themselves: without what they quote and without a signature, and not endlessly much."""
    kept: list[str] = []
    for line in text[: 8 * CHARACTERS].splitlines():
        if line.rstrip("\r") in ("--", "-- "):
            break
        if not line.startswith(">"):
            kept.append(line)
    return clean("\n".join(kept[:LINES]), lines=True)[:CHARACTERS]
