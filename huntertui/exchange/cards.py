"""vCards as a table: versions 2.1, 3.0 and 4.0, as telephones and address books of all ages write them.

RFC 2426, RFC 6350, and the specification of vCard 2.1 for its quoted-printable. An own reader, as the
libraries there are stop at the first odd line, and old files have some, and take seconds for a few hundred.
"""

from __future__ import annotations

import quopri
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.exchange.decoding import Text
    from huntertui.exchange.reading import Rows

MANY = " ::: "
"""Between several values of one cell."""

_FIRST = ("vCard UID", "Full Name")  # what tells the kind
_HEADERS = {
    "UID": "vCard UID",
    "FN": "Full Name",
    "ORG": "Company",
    "TITLE": "Job Title",
    "EMAIL": "Email",
    "TEL": "Phone",
    "ADR": "Address",
    "CATEGORIES": "Tags",
    "NOTE": "Notes",
}
# What is about the card itself, or no text.
_LEFT_OUT = {"VERSION", "PRODID", "REV", "CLASS", "KIND", "SORT-STRING", "PHOTO", "LOGO", "SOUND", "KEY"}
_LEFT_OUT |= {"X-ABLABEL", "X-ABADR", "X-ABSHOWAS", "X-ABUID"}  # of Apple's address book
_LINE = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE", re.IGNORECASE)
_CHARSET = re.compile(r';CHARSET="?([\w-]+)', re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON, _COMMA = re.compile(r"(?<!\\);"), re.compile(r"(?<!\\),")

_Card = dict[str, list[str]]
"""Header -> the values of one card."""


class Cards:
    """The cards of a text as rows, read anew by every call of `rows`."""

    def __init__(self, text: Text) -> None:
        """Find out which columns they take."""
        self._text = text
        self._headers = dict.fromkeys(_FIRST)
        for _, card in self._cards():
            self._headers.update(dict.fromkeys(card))

    def rows(self) -> Rows:
        """(line of its beginning, cells) of each card, the headers first."""
        yield 0, list(self._headers)
        for line, card in self._cards():
            yield line, [MANY.join(card.get(header, ())) for header in self._headers]

    def _cards(self) -> Iterator[tuple[int, _Card]]:
        begun, card, inner = 0, _Card(), 0
        before = ""
        for line, text in self._whole_lines():
            word = text.strip().upper()
            if word == "BEGIN:VCARD":
                if begun and before == "AGENT:":  # a card in a card
                    inner += 1
                else:
                    if begun:  # which was never ended
                        yield begun, _finished(card)
                    begun, card = line, {}
            elif word == "END:VCARD" and inner:
                inner -= 1
            elif word == "END:VCARD" and begun:
                yield begun, _finished(card)
                begun = 0
            elif begun and not inner and word:
                _take(card, text)
            before = word
        if begun:
            yield begun, _finished(card)

    def _whole_lines(self) -> Iterator[tuple[int, str]]:
        """Each line with those that it was folded into."""
        parts, at, quoted = [""], 0, False
        for number, raw in enumerate(self._text.lines(), 1):
            line = raw.rstrip("\r\n")
            if line[:1] in (" ", "\t"):
                parts.append(line[1:])
            elif quoted and parts[-1].endswith("="):
                parts[-1:] = parts[-1][:-1], line
            else:
                yield at, "".join(parts)
                parts, at, quoted = [line], number, bool(_QUOTED.search(line.partition(":")[0]))
        yield at, "".join(parts)


def _take(card: _Card, line: str) -> None:
    """Put one line where it belongs; what is no line of a card is kept too."""
    found = _LINE.fullmatch(line)
    if not found:
        card.setdefault("Other Lines", []).append(line)
        return
    name, options = found[1].upper(), found[2].upper()
    value = _decoded(found[3], found[2]) if _QUOTED.search(options) else found[3]
    if name in _LEFT_OUT:
        return
    header = _HEADERS.get(name, name.removeprefix("X-").replace("-", " ").capitalize())
    if name == "N":
        family, given, more = [*map(_plain, _SEMICOLON.split(value)), "", "", ""][:3]
        header, value = "Name Parts", " ".join(filter(None, (given, more, family)))
    elif name == "ORG":
        company, *units = map(_plain, _SEMICOLON.split(value))
        value = company
        if any(units):
            card.setdefault("Department", []).append(", ".join(filter(None, units)))
    elif name == "ADR":
        parts = [*map(_plain, _SEMICOLON.split(value))]
        card.setdefault("Country", parts[6:7])
        value = ", ".join(filter(None, parts))
    elif name == "CATEGORIES":
        value = MANY.join(map(_plain, _COMMA.split(value)))
    elif name == "TEL" and "FAX" in options:
        header, value = "Fax", _plain(value)
    else:
        value = _plain(value.removeprefix("tel:").removeprefix("mailto:"))
    if value:
        values = card.setdefault(header, [])
        values.insert(0 if "PREF" in options else len(values), value)


def _finished(card: _Card) -> _Card:
    """With one name: the parts of a name, where it has none as a whole; none that is only the company's."""
    parts = card.pop("Name Parts", [])
    card.setdefault("Full Name", parts)
    if card["Full Name"] == card.get("Company"):
        del card["Full Name"]
    return {header: values for header, values in card.items() if any(values)}


def _decoded(value: str, options: str) -> str:
    charset = _CHARSET.search(options)
    data = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return data.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _plain(value: str) -> str:
    """A value without its escapes."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
