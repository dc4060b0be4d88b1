"""Bytes as text: which encoding they are in, and the text itself, read piece by piece.

A mark at the beginning tells the encoding, and where there is none the zeros do that wide encodings put
between plain letters. All else is UTF-8; bytes that are none are read as Windows-1252, each by itself, since
in real files they stand beside good ones, and UTF-8 is hardly ever met by chance.
"""

from __future__ import annotations

import codecs
import io
from itertools import chain
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.exchange.blob import CHUNK
from huntertui.exchange.faults import ImportFault
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.exchange.blob import Blob

_MARKS = (  # the longer marks first: that of UTF-32 LE begins with that of UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What part of its bytes has to be zero: plain letters have them, others do only in UTF-32.
_MANY, _ALL = 0.25, 0.9
_LENIENT = "huntertui-windows-1252"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(_LENIENT, _as_windows)


MAX_LINE = 16_000_000  # characters


@dataclass(frozen=True, slots=True)
class Text:
    """A file as text. `newline`: what ends its lines, on a Macintosh of old "\\r"; `notices`: assumptions."""

    blob: Blob
    mark: int  # bytes of the mark before the text
    encoding: str
    newline: str
    notices: tuple[str, ...]

    def open(self) -> io.TextIOWrapper:
        """The text from its beginning, its line ends as they are."""
        file = self.blob.open()
        file.read(self.mark)
        errors = _LENIENT if self.encoding == "utf-8" and self.notices else "strict"
        return io.TextIOWrapper(file, self.encoding, errors, self.newline)

    def lines(self) -> Iterator[str]:
        """Its lines, with their ends. ImportFault when one has hardly an end."""
        with self.open() as file:
            number = 0
            while line := file.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    where = f"{self.blob.where}, line {number}"
                    raise ImportFault(f"{where}: more than {MAX_LINE:,} characters: is this a table?")
                if line[0] == "\ufeff":  # of a file that was put behind another
                    line = line.lstrip("\ufeff")
                yield line


def decode(blob: Blob, given: str = "") -> Text:
    """Find out how a file is encoded, by all of it, where nobody has `given` that. ImportFault when it is no
    text, with the line."""
    sample = blob.head(CHUNK)
    mark, marked = next(((m, name) for m, name in _MARKS if sample.startswith(m)), (b"", ""))
    encoding = given or _wide(sample[len(mark) :]) or marked or "utf-8"
    look = _Look(blob, len(mark), encoding)
    if look.nul:
        raise ImportFault(
            f"{blob.where}, line {look.nul}: a NUL byte, so this is no text: export it as CSV in UTF-8"
        )
    if look.broken and (given or marked or encoding != "utf-8"):
        raise ImportFault(
            f"{blob.where}, line {look.broken}: broken {encoding.upper()}: export it again, as UTF-8"
        )
    notices: tuple[str, ...] = ()
    if look.broken:
        first = f"first in line {look.broken}; if that looks wrong, say --encoding"
        notices = (f"read as Windows-1252 where it is no UTF-8 ({first})",)
    return Text(blob, len(mark), encoding, look.newline, notices)


def check_encoding(name: str) -> None:
    """Usage where that is no encoding of text."""
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError, ValueError):
        raise Usage(f"--encoding {name!r} is none: such are cp1250, iso-8859-2, shift_jis, gb18030") from None


def _wide(data: bytes) -> str:
    """The wide encoding that zeros tell of, "" without any. A mark may be missing, or be wrong."""
    if not data.count(0):
        return ""
    zeros = [lane.count(0) / max(len(lane), 1) for lane in (data[n::4] for n in range(4))]
    if min(zeros[2:]) > _ALL > zeros[0]:
        return "utf-32-le"
    if min(zeros[:2]) > _ALL > zeros[3]:
        return "utf-32-be"
    first, second = (data[n::2].count(0) / max(len(data[n::2]), 1) for n in range(2))
    if max(first, second) > _MANY and min(first, second) * 10 < max(first, second):
        return "utf-16-le" if second > first else "utf-16-be"
    return ""


class _Look:
    """One pass over a file. `nul`, `broken`: the first line with such bytes, 0 without any."""

    def __init__(self, blob: Blob, mark: int, encoding: str) -> None:
        self.nul = self.broken = 0
        self._line, self._returns = 1, False
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        for number, chunk in enumerate(chain(blob.chunks(), (b"",))):
            data, state = chunk[mark:] if number == 0 else chunk, decoder.getstate()
            try:
                text = decoder.decode(data, not chunk)
            except UnicodeDecodeError as error:
                self.broken = self._line + error.object[: error.start].decode(encoding, "replace").count("\n")
                if encoding != "utf-8":
                    return
                decoder = codecs.getincrementaldecoder(encoding)(_LENIENT)
                decoder.setstate(state)
                text = decoder.decode(data, not chunk)
            if not self.nul and (at := text.find("\0")) >= 0:
                self.nul = self._line + text.count("\n", 0, at)
            self._line += text.count("\n")
            self._returns = self._returns or "\r" in text

    @property
    def newline(self) -> str:
        return "\r" if self._returns and self._line == 1 else "\n"
