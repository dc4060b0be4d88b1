"""The lines that vCards and calendars are made of: how text is escaped in them, and long lines are folded.

RFC 5545 (iCalendar) 3.1 and 3.3.11, RFC 2426 (vCard 3.0) 2.6 and 5; both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huntertui.model.text import clean

_WIDE = 75  # octets of a line, without its end
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def value(text: str) -> str:
    """A text as it stands in a line; controls, which may not, are U+FFFD."""
    return clean(text, lines=True).translate(_ESCAPES)


def values(texts: Iterable[str], between: str = ",") -> str:
    """Several texts of one line: a list, or with ";" between the parts of a structure."""
    return between.join(map(value, texts))


def folded(line: str) -> str:
    """A line with its end, folded so that no part is longer than 75 octets and no letter is cut."""
    if line.isascii() and len(line) <= _WIDE:
        return f"{line}\r\n"
    return "\r\n ".join(_parts(line)) + "\r\n"


def _parts(line: str) -> Iterator[str]:
    start = octets = 0
    room = _WIDE
    for at, char in enumerate(line):
        wide = len(char.encode("utf-8", "replace"))
        if octets + wide > room:
            yield line[start:at]
            start, octets, room = at, 0, _WIDE - 1  # a blank begins the others
        octets += wide
    yield line[start:]
