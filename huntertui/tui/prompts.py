"""A line of text being typed, and a question with its answer: plain values, no widgets.

A prompt takes every key itself and at once, so that no key typed fast can go to something else.
"""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import combining

from rich.cells import cell_len

from huntertui.errors import HunterError
from huntertui.model.codec import Spoilt
from huntertui.model.text import Unclear, clean, shown
from huntertui.tui.fit import cut
from huntertui.tui.lines import DetailLine, StatusState

LONGEST = 2000
"""Characters of an answer: more is a paste gone astray."""

_GAP = "   "
_BETWEEN = " · "  # the parts of a preview
_MARKS = ("! ", "? ")  # how a part begins that warns, or that could be meant otherwise


class LineEditor:
    """One line of text with a cursor, edited with the keys of readline."""

    def __init__(self, text: str = "") -> None:
        self.text = text[:LONGEST]
        self.at = len(self.text)
        self._left = 0  # the first character shown

    def insert(self, text: str) -> str:
        """Put text in at the cursor, breaks as spaces. Returns a message when it does not all fit."""
        text = " ".join(text.splitlines()) if len(text) > 1 else text
        room = LONGEST - len(self.text)
        taken = text[: max(room, 0)]
        self.text = self.text[: self.at] + taken + self.text[self.at :]
        self.at += len(taken)
        return "" if len(taken) == len(text) else f"only {LONGEST:,} characters fit: the rest is left out"

    def key(self, key: str) -> bool:
        """Edit with a named key; False when it is none of the editor's."""
        edit = EDITS.get(key)
        if edit is not None:
            self.text, self.at = edit(self.text, self.at)
        return edit is not None

    def view(self, width: int) -> tuple[str, int]:
        """The part shown in `width` columns, and the cursor's column in it; a wide character is whole."""
        if width <= 1:
            return "", 0
        self._left = min(self._left, self.at)
        while cell_len(shown(self.text[self._left : self.at])) > width - 1:
            self._left += 1
        while self._left and cell_len(shown(self.text[self._left - 1 :])) < width:
            self._left -= 1
        part = shown(self.text[self._left :])
        cursor = cell_len(part[: self.at - self._left])
        if cell_len(part) < width:
            return part, cursor
        room = 0
        for index, char in enumerate(part):
            room += cell_len(char)
            if room > width:
                return part[:index], cursor
        return part, cursor


def _left_of(text: str, at: int) -> int:
    """One character to the left; what combines with it goes along."""
    at = max(at - 1, 0)
    while at and combining(text[at]):
        at -= 1
    return at


def _right_of(text: str, at: int) -> int:
    at = min(at + 1, len(text))
    while at < len(text) and combining(text[at]):
        at += 1
    return at


def _word_left_of(text: str, at: int) -> int:
    head = text[:at].rstrip()
    return len(head) - len(head.split(" ")[-1])


EDITS: dict[str, Callable[[str, int], tuple[str, int]]] = {
    "backspace": lambda text, at: (text[: _left_of(text, at)] + text[at:], _left_of(text, at)),
    "delete": lambda text, at: (text[:at] + text[_right_of(text, at) :], at),
    "left": lambda text, at: (text, _left_of(text, at)),
    "right": lambda text, at: (text, _right_of(text, at)),
    "home": lambda text, _: (text, 0),
    "end": lambda text, _: (text, len(text)),
    "ctrl+a": lambda text, _: (text, 0),
    "ctrl+e": lambda text, _: (text, len(text)),
    "ctrl+u": lambda text, at: (text[at:], 0),
    "ctrl+k": lambda text, at: (text[:at], at),
    "ctrl+w": lambda text, at: (text[: _word_left_of(text, at)] + text[at:], _word_left_of(text, at)),
}


class Prompt:
    """A question in the status line. What was understood of the answer stands beside it before Enter.

    `preview` says what a text means, or raises Unclear or HunterError with what is wrong; `accept` takes
    the answer and may raise the same, and then the prompt stays with the message. `suggestion`: what an
    empty Enter takes. `leave`: called when the person leaves it with Esc; `leaving`: what that does, where
    it is not nothing. `changed`: called with each new text. `complete`: what Tab makes of it. `kept_as`: the
    key of its draft; `recall`: what was typed for it before and never given, which Up brings back; `recalled`
    is called then.
    `card`: the preview has more parts than a line has room for, and stands in lines of its own.
    """

    def __init__(
        self,
        label: str,
        accept: Callable[[str], None],
        *,
        text: str = "",
        preview: Callable[[str], str] | None = None,
        suggestion: str = "",
        leave: Callable[[], None] | None = None,
        leaving: str = "",
        changed: Callable[[str], None] | None = None,
        complete: Callable[[str], str] | None = None,
        kept_as: str = "",
        recall: str = "",
        recalled: Callable[[], object] | None = None,
        card: bool = False,
    ) -> None:
        self.label = label
        self.kept_as = kept_as
        self._recall = recall
        self._recalled = recalled
        self.suggestion = suggestion
        self.leave = leave
        self._leaving = leaving
        self.done = False
        self._editor = LineEditor(text)
        self._accept = accept
        self._preview = preview
        self._changed = changed
        self._complete = complete
        self._card = card
        self._said = ""
        self._refused = self._unclear = False
        self._understand()

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self._editor.text

    def key(self, key: str) -> None:
        """Take a key: the character it types, or its name."""
        if key == "enter":
            self._enter()
        elif key in ("escape", "ctrl+c"):
            self.done = True
            if self.leave is not None:
                self.leave()
        elif key == "tab" and self._complete is not None:
            self._editor = LineEditor(self._complete(self.text))
            self._edited("")
        elif key == "up" and self._recall and not self.text:
            self.paste(self._recall)
            if self._recalled is not None:
                self._recalled()
        elif key == "space":
            self.paste(" ")
        elif len(key) == 1:
            self.paste(key)
        else:
            before = self.text
            self._editor.key(key)
            if self.text != before:
                self._edited("")

    def paste(self, text: str) -> None:
        """Take text at the cursor."""
        self._edited(self._editor.insert(text))

    def _edited(self, message: str) -> None:
        if self._changed is not None:
            self._changed(self.text)
        self._understand()
        if message:
            self._said, self._refused = message, True

    def again(self) -> None:
        """Say anew what was understood: what it means may have changed."""
        if not self._refused:
            self._understand()

    def _understand(self) -> None:
        text = self.text.strip()
        answer = text or self.suggestion
        self._said, self._refused, self._unclear = "", False, False
        if self._preview is not None and answer:
            try:
                self._said = self._preview(answer)
            except (HunterError, Unclear, Spoilt) as error:
                self._said, self._unclear = str(error), True
        if self.suggestion and not text:
            self._said = f"⏎ {self.suggestion} {self._said}"
        if self._recall and not text:
            self._said = f"↑ your draft: {cut(self._recall, 40)} {self._said}"

    def _enter(self) -> None:
        try:
            self._accept(clean(self.text))
        except (HunterError, Unclear, Spoilt) as error:
            self._said, self._refused = str(error), True
        else:
            self.done = True

    def card(self) -> tuple[DetailLine, ...]:
        """The parts of the preview, a line for each; none where it has room beside the answer."""
        if not self._card or not self.text.strip() or self._refused:
            return ()
        parts = self._said.split(_BETWEEN) if not self._unclear else [self._said]
        return tuple(
            DetailLine(part, "amber" if self._unclear or part[:2] in _MARKS else "") for part in parts
        )

    def state(self, width: int) -> StatusState:
        """The prompt as it is shown in a line of `width` columns; the preview gives way to what is typed.

        Why an answer was refused is said once more as the hint when it does not fit beside the answer.
        Else the hint is what Esc does.
        """
        label = f"{self.label}: "
        room = max(width - cell_len(label) - 1, 2)
        part, cursor = self._editor.view(room)
        text = label + part
        if self._said and not self.card():
            text += _GAP + self._said
        hint = self._said if self._refused and cell_len(text) > width else self._leaving
        return StatusState(text, "neglected" if self._refused else "", cell_len(label) + cursor, hint)
