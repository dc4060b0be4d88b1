"""Five coach lines over the demo: each goes on when it is done, Esc skips, and they come once."""

from __future__ import annotations

from pathlib import Path

from huntertui.commands import keys_of
from huntertui.commands.keymap import Keys

STEPS = (
    ("log-no-answer", "nobody answered; the next touch plans itself"),
    ("repeat", "the same on the next row"),
    ("undo", "takes the last change back, and so does every u after it"),
    ("find", "type a name, Enter keeps what is found"),
    ("work-through", "one by one through what is shown"),
)
"""What is to be done, and what it does."""

TOLD = "tutorial"
"""The file in the person's folder of state that says that he has seen it."""


class Coach:
    """Says what to press next. `line` is "" when there is nothing more to say."""

    def __init__(self, keys: Keys) -> None:
        self._lines = [f"{_press(name, keys)}: {what}" for name, what in STEPS]
        self._at = 0

    @property
    def line(self) -> str:
        """What to do now."""
        if self._at == len(STEPS):
            return ""
        return f"{self._at + 1}/{len(STEPS)} {self._lines[self._at]} (Esc skips)"

    def did(self, name: str) -> None:
        """A command was carried out: if it was the one asked for, go on."""
        if self._at < len(STEPS) and STEPS[self._at][0] == name:
            self._at += 1

    def skip(self) -> None:
        """Say no more."""
        self._at = len(STEPS)


def _press(name: str, keys: Keys) -> str:
    bound = keys_of(name, keys)
    return f"press {bound[0]}" if bound else f"type :{name} and Enter"


def first_time(folder: Path | None) -> bool:
    """Whether the person sees it for the first time, by his folder of state; from now on he does not.

    Where there is no such folder, and none can be made, every time is the first.
    """
    if folder is None:
        return True
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / TOLD).touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    except OSError:
        return True
    return True
