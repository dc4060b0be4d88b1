"""Numbers and addresses as links of the terminal (OSC 8): to dial and to write to, wherever the person sits.

A link is made of what was read out of a text, never of the text itself: digits, and percent-encoded letters.
So nothing in a record can end a link early, add a recipient to it or lead elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from rich.style import Style

from huntertui.model.opportunity import Contact
from huntertui.model.text import normalise_email, normalise_phone, shown
from huntertui.tui.fit import Piece

LONGEST = 500
"""Characters of a link; some terminals take 2,083, and what is longer is no address."""

_NUMBER = re.compile(r"\+?[0-9]{3,20}")

Links = tuple[tuple[str, str], ...]
"""(the text as it is shown, where it leads)."""


def dialled(phone: str) -> str:
    """`tel:` and the digits, without an extension (RFC 3966 has it in words of its own); "" for no number."""
    number = normalise_phone(phone).partition("x")[0]
    return f"tel:{number}" if _NUMBER.fullmatch(number) else ""


def written_to(email: str) -> str:
    """`mailto:` and the address, all but letters, digits and `._~-` percent-encoded; "" for no address."""
    name, at, host = normalise_email(email).rpartition("@")
    link = f"mailto:{quote(name, safe='')}@{quote(host, safe='')}" if at else ""
    return link if len(link) <= LONGEST else ""


def links_of(contacts: Iterable[Contact]) -> Links:
    """All numbers and addresses but those of people who want no contact."""
    found = [
        (way, make(way))
        for contact in contacts
        if not contact.blocked
        for ways, make in ((contact.phones, dialled), (contact.emails, written_to))
        for way in ways
    ]
    return tuple((shown(way), link) for way, link in found if link)


def linked(text: str, style: Style, links: Links) -> Iterator[Piece]:
    """The text in pieces, those that are links in a style that leads there.

    What stands in it only in part, as it is cut or folded, is no link.
    """
    targets: Mapping[str, str] = {way: link for way, link in links if way in text}
    if not targets:
        yield text, style
        return
    longest_first = sorted(targets, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    for at, part in enumerate(pattern.split(text)):
        if part:
            yield part, style + Style(link=targets[part]) if at % 2 else style
