"""Adding to the touch just logged, whatever row the cursor is on by now."""

from __future__ import annotations

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.afterwards import called
from huntertui.errors import Usage
from huntertui.tui.doing import TITLE, Doing
from huntertui.tui.fit import cut
from huntertui.tui.prompts import Prompt

PEOPLE = 4
"""People that a prompt names by their numbers; the detail has all of them."""


class Afterwards(Doing):
    """The part of the workday that adds to a touch after the fact."""

    def __init__(self, desk: Desk, keys: Keys) -> None:
        super().__init__(desk, keys)
        self._added: list[tuple[int, int | None]] = []  # seqs: the addition, my change before it

    def ask_addition(self) -> None:
        """Ask for what is to be added: who, by which channel, a note."""
        seq = self._just_logged()
        o = self.desk.touched(seq)
        people = [f"{at} {called(one)}" for at, one in enumerate(o.contacts[:PEOPLE], 1)]
        who = ", ".join(people) if len(o.contacts) > 1 else ""
        kept = f"note {o.id}"
        self.prompt = Prompt(
            " · ".join(filter(None, (cut(o.title, TITLE), who, "how, note"))),
            lambda text: self._add_to(seq, text),
            preview=lambda text: self.desk.preview_addition(seq, text),
            kept_as=kept,
            recall=self.drafts.text(kept),
            recalled=lambda: self.drafts.take(kept),
        )

    def add_to_touch(self, text: str) -> None:
        """Add to the touch just logged."""
        self._add_to(self._just_logged(), text)

    def correct_touch(self) -> None:
        """Take back the touch just logged, with what was added to it, and begin to log it anew."""
        while self._logged is not None and self._added and self._last == self._added[-1][0]:
            _, before = self._added.pop()
            self.undo()
            self._last = before
        super().correct_touch()

    def _add_to(self, seq: int, text: str) -> None:
        before, change = self._last, self.desk.add_to_touch(seq, text)
        self._done(change)
        if change.seq is not None:
            self._added.append((change.seq, before))

    def _just_logged(self) -> int:
        if self._touched is None:
            raise Usage("no touch logged yet that something could be added to: c logs one")
        return self._touched
