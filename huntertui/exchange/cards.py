"""vCards as a table: versions 2.1, 3.0 and 4.0, as telephones and address books of all ages write them.

RFC 2426, RFC 6350, and the specification of vCard 2.1 for its quoted-printable. An own reader, as the
libraries there are stop at the first odd line, and old files have some, and take seconds for a few hundred.
"""

from __future__ import annotations

import quopri
import re
from operator import itemgetter
from typing import TYPE_CHECKING

from huntertui.exchange.words import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.exchange.decoding import Text
    from huntertui.exchange.reading import Rows

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
    "LABEL": "Address Label",
}
# What is about the card itself, or no text.
_LEFT_OUT = {"VERSION", "PRODID", "REV", "CLASS", "KIND", "SORT-STRING", "PHOTO", "LOGO", "SOUND", "KEY"}
_LEFT_OUT |= {"X-ABLABEL", "X-ABADR", "X-ABSHOWAS", "X-ABUID"}  # of Apple's address book
# What its card is about where it is nobody: RFC 6350, and Apple's way in version 3.0.
_GROUP = re.compile(r"(?:KIND|X-ADDRESSBOOKSERVER-KIND)(?:;[^:]*)?:GROUP", re.IGNORECASE)
_LINE = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_BASE64 = re.compile(r";(?:ENCODING=)?(?:B|BASE64)(?:;|$)", re.IGNORECASE)
_PREFERRED = re.compile(r"(?:;|=|,)PREF(?:=(\d+))?(?:;|,|$)")  # 1 comes before 100
_EXT = re.compile(r";ext=", re.IGNORECASE)
_QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE", re.IGNORECASE)
_CHARSET = re.compile(r';CHARSET="?([\w-]+)', re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON, _COMMA = re.compile(r"(?<!\\);"), re.compile(r"(?<!\\),")

_Card = dict[str, list[str]]
"""Header -> the values of one card."""
_USUAL = 200  # the place of a value that is not preferred: RFC 6350 counts from 1 to 100


class Cards:
    """The cards of a text as rows, read anew by every call of `rows`."""

    def __init__(self, text: Text) -> None:
        """Find out which columns they take."""
        self._text = text
        self._headers = dict.fromkeys(_FIRST)
        groups = []
        for line, card in self._cards():
            if card is None:
                groups.append(str(line))
            else:
                self._headers.update(dict.fromkeys(card))
        self.notices: tuple[str, ...] = ()
        if groups:
            self.notices = (f"cards of groups, left out: {len(groups)}, the first in line {groups[0]}",)

    def rows(self) -> Rows:
        """(line of its beginning, cells) of each card, the headers first."""
        yield 0, list(self._headers)
        for line, card in self._cards():
            if card is not None:
                yield line, [BETWEEN.join(card.get(header, ())) for header in self._headers]

    def _cards(self) -> Iterator[tuple[int, _Card | None]]:
        """Each card, None for that of a group, which is nobody."""
        begun, card, inner = 0, _Read(), 0
        before = ""
        for line, text in self._whole_lines():
            word = text.strip().upper()
            if word == "BEGIN:VCARD":
                if begun and before == "AGENT:":  # a card in a card
                    inner += 1
                else:
                    if begun:  # which was never ended
                        yield begun, card.finished()
                    begun, card = line, _Read()
            elif word == "END:VCARD" and inner:
                inner -= 1
            elif word == "END:VCARD" and begun:
                yield begun, card.finished()
                begun = 0
            elif begun and not inner:
                card.take(text)
            before = word
        if begun:
            yield begun, card.finished()

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


class _Read:
    """What was read of one card so far."""

    def __init__(self) -> None:
        self._values: dict[str, list[tuple[int, str]]] = {}  # with their places, the preferred ones first
        self._group = self._in_picture = False

    def take(self, line: str) -> None:
        """Put one line where it belongs; what is no line of a card is kept too, but for that of a picture."""
        found = _LINE.fullmatch(line)
        if not found:
            if line.strip() and not self._in_picture:
                self._put("Other Lines", line)
            return
        name, options = found[1].upper(), found[2].upper()
        self._in_picture = bool(_BASE64.search(options))
        self._group = self._group or bool(_GROUP.fullmatch(line.strip()))
        if name in _LEFT_OUT:
            return
        value = _decoded(found[3], found[2]) if _QUOTED.search(options) else found[3]
        preferred = _PREFERRED.search(options)
        place = int(preferred[1] or 0) if preferred else _USUAL
        for header, text in _meaning(name, options, value):
            self._put(header, text, place)

    def _put(self, header: str, text: str, place: int = _USUAL) -> None:
        if text:
            self._values.setdefault(header, []).append((place, text))

    def finished(self) -> _Card | None:
        """With one name: its parts, where there is none as a whole; none that is only the company's."""
        if self._group:
            return None
        ordered = {header: sorted(values, key=itemgetter(0)) for header, values in self._values.items()}
        card = {header: [text for _, text in values] for header, values in ordered.items()}
        parts = card.pop("Name Parts", [])
        card.setdefault("Full Name", parts)
        if card["Full Name"] == card.get("Company"):
            del card["Full Name"]
        return {header: values for header, values in card.items() if values}


def _meaning(name: str, options: str, value: str) -> Iterator[tuple[str, str]]:
    """(header, text) of what a property says."""
    if name == "N":
        family, given, more = [*map(_plain, _SEMICOLON.split(value)), "", "", ""][:3]
        yield "Name Parts", " ".join(filter(None, (given, more, family)))
    elif name == "ORG":
        company, *units = map(_plain, _SEMICOLON.split(value))
        yield "Company", company
        yield "Department", ", ".join(filter(None, units))
    elif name == "ADR":
        parts = [*map(_plain, _SEMICOLON.split(value))]
        yield "Country", "".join(parts[6:7])
        yield "Address", ", ".join(filter(None, parts))
    elif name == "CATEGORIES":
        yield "Tags", BETWEEN.join(map(_plain, _COMMA.split(value)))
    elif name == "TEL":
        number = _EXT.sub(" ext. ", _plain(value.removeprefix("tel:")))
        yield "Fax" if "FAX" in options else "Phone", number
    else:
        header = _HEADERS.get(name, name.removeprefix("X-").replace("-", " ").capitalize())
        yield header, _plain(value.removeprefix("mailto:"))


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
