"""What comes from the terminal, sorted into keys, pastes and messages, however a slow line cuts it up.

Textual's parser gives up on an unfinished sequence when a fraction of a second has passed, and hands its
characters on as keys that somebody typed. Here each sequence is gathered first, and Textual is given only
what is whole; what it does not know is dropped.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterator

from textual import constants, events
from textual._parser import ParseTimeout
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

LATE = 0.5
"""Seconds after an Esc in which the rest of a sequence may still come."""

STALLED = 2.0
"""Seconds without a character after which the rest of a sequence, or the end of a paste, comes no more."""

LONGEST_PASTE = 100_000
"""Characters kept of a paste; more than any text that may be typed, so that who takes it says what is cut."""

_ESC = "\x1b"
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"

_STRING = r"(?:\][0-9LlI]|P[0-9>!$+]|_G)[^\x07\x1b\x9c]*"
"""What runs to a terminator, told from typing by how it begins."""

# Whole sequences: strings, a mouse's three bytes, a console's F1 to F5, what else ECMA-48 has, and SS3.
_WHOLE = re.compile(
    rf"\x1b(?:{_STRING}(?:\x07|\x9c|\x1b\\)"
    r"|\[(?:M[^\x1b]{3}|\[[A-Z]|(?![M\[])[0-?]*[ -/]*[@-~])|O[0-9;]*[A-Za-z])"
)
# What becomes one with more characters.
_BEGUN = re.compile(rf"\x1b(?:{_STRING}\x1b?|[\]P_]|\[(?:M[^\x1b]{{0,2}}|\[|[0-?]*[ -/]*)|O[0-9;]*|)")
_HOLD = 4096  # characters of a sequence; the middle of a longer one is dropped


class Keyboard(XTermParser):
    """Textual's parser of input, behind one that never takes part of a sequence for keys.

    An Esc alone is handed on after ESCDELAY; what begins like the rest of a sequence within `LATE` after it
    is gathered and dropped. `clock`: seconds. Time counts only between `tick`s, so that a busy process, which
    reads late what came in time, takes nothing apart.
    """

    def __init__(self, debug: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(debug)
        self._clock = clock
        self._held = ""  # the beginning of a sequence
        self._late = False  # the Esc has been handed on: what belongs to it is dropped
        self._since = 0.0  # when the last character of it came
        self._pasting: list[str] | None = None
        self._pasted = 0  # characters

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to do, by `clock`; None when it has nothing."""
        if self._pasting is not None:
            return self._since + STALLED
        if not self._held:
            return None
        if self._held == _ESC:
            return self._since + (LATE if self._late else constants.ESCAPE_DELAY)
        return self._since + (LATE if len(self._held) < 3 else STALLED)

    def tick(self) -> Iterator[Message]:
        """Heed the time: hand on an Esc that stands alone, give up what does not end."""
        due = self.deadline
        if due is None or self._clock() < due:
            return
        if self._pasting is not None:
            yield self._end_paste()
        elif self._held == _ESC and not self._late:
            self._late, self._since = True, due - constants.ESCAPE_DELAY
            yield from self._stock(_ESC)
        else:
            lone = len(self._held) == 2 and not self._late
            self._held, self._late = "", False
            if lone:  # an Esc, and by chance what may begin a sequence
                yield from self._stock(_ESC)

    def feed(self, data: str) -> Iterator[Message]:
        """Take what was read; "" is the end of it."""
        if not data:
            yield from super().feed("")
            return
        while data:
            if self._pasting is not None:
                self._since = self._clock()
                text, ended, data = self._paste(data)
                if ended:
                    yield self._end_paste(text)
            elif not self._held:
                plain, escape, data = data.partition(_ESC)
                if plain:
                    yield from super().feed(plain)
                self._held = escape
                self._since = self._clock()
            else:
                taken, data = self._gather(data)
                yield from taken

    def _gather(self, data: str) -> tuple[list[Message], str]:
        """Go on with the sequence that is held: (what comes of it, the rest of the data)."""
        text = self._held + data
        if whole := _WHOLE.match(text):
            sequence, late, rest = whole[0], self._late, text[whole.end() :]
            self._held, self._late = "", False
            if sequence == _PASTE:
                self._pasting, self._pasted, self._since = [], 0, self._clock()
            if late or sequence in (_PASTE, _PASTED) or sequence[1] in "]P_":
                return [], rest
            return list(self._stock(sequence)), rest
        begun = _BEGUN.match(text)
        assert begun is not None  # it begins with an Esc
        end = begun.end()
        if end == len(text):
            self._held = text if end <= _HOLD else text[:4] + text[-1:]
            self._since = self._clock()
            return [], ""
        late, self._held, self._late = self._late, "", False
        if end > 2:  # cut off: what it was to be is not known
            return [], text[end - (text[end - 1] == _ESC != text[end]) :]
        return [] if late else list(self._stock(_ESC)), text[1:]

    def _stock(self, sequence: str) -> Iterator[Message]:
        """Have Textual read an Esc or a whole sequence; what it does not know is dropped."""
        yield from super().feed(sequence)
        if self._timeout_time is None:
            return
        if sequence == _ESC:
            self._awaiting = self._gen.throw(ParseTimeout())
        else:
            self._gen.close()
            self._gen = self.parse(self._tokens.append)
            self._awaiting = next(self._gen)
        self._timeout_time = None
        while self._tokens:
            yield self._tokens.popleft()

    def _paste(self, data: str) -> tuple[str, bool, str]:
        """(what is pasted, whether it ends there, what follows). The end mark may come in pieces."""
        assert self._pasting is not None
        tail = self._pasting.pop() if self._pasting else ""
        text, ended, rest = (tail + data).partition(_PASTED)
        if ended:
            return text, True, rest
        keep = len(_PASTED) - 1
        self._add(text[:-keep])
        self._pasting.append(text[-keep:])
        return "", False, ""

    def _add(self, text: str) -> None:
        assert self._pasting is not None
        text = text[: max(LONGEST_PASTE - self._pasted, 0)]
        self._pasted += len(text)
        self._pasting.append(text)

    def _end_paste(self, text: str = "") -> events.Paste:
        self._add(text)
        pasted = "".join(self._pasting or ())
        self._pasting = None
        return events.Paste(pasted.replace("\x00", ""))


def gather_sequences(encoding: str) -> None:
    """Have Textual's driver read the terminal in this way, and in its codec.

    Bad bytes are U+FFFD: Textual would end at the first of them.
    """

    def tolerant(_utf8: str) -> Callable[[], codecs.IncrementalDecoder]:
        return lambda: codecs.getincrementaldecoder(encoding)("replace")

    linux_driver.getincrementaldecoder = tolerant  # type: ignore[attr-defined, assignment]
    linux_driver.XTermParser = Keyboard  # type: ignore[attr-defined]
