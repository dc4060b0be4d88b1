"""Finding: the `/` line that shows what matches while one types, going on to the next match, the focus, views."""

from __future__ import annotations

from collections.abc import Callable

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.tui.copying import Copying
from huntertui.tui.prompts import Prompt


class Finding(Copying):
    """The part of the workday that finds. `focus`: what the header says of the query that puts rows first.

    `detail_top`: the first line of the detail on the screen.
    """

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.detail_top = 0
        self.focus = ""

    # The find line

    def ask_find(self) -> None:
        """Open the find line; Esc gives back what was shown, with the cursor and the lane as they were."""
        lanes = self.lanes
        cursors, focused, text = list(lanes.cursors), lanes.focused, lanes.text

        def search(typed: str) -> None:
            try:
                lanes.search(typed.strip(), focused)
            except ValueError:
                return  # the preview says why
            self.detail_top = 0

        def back() -> None:
            lanes.search(text)
            lanes.cursors, lanes.focused = cursors, focused
            lanes.read()

        self.prompt = Prompt(
            "find",
            self.find,
            preview=self._found,
            leave=back,
            changed=search,
            complete=self.desk.completed,
        )

    def _found(self, typed: str) -> str:
        """How much the lanes show of what matches. ValueError when the query makes no sense."""
        self.desk.query(typed)
        hits, shown = self.lanes.hits, sum(map(len, self.lanes.rows))
        near = sum(row.id in hits.near for rows in self.lanes.rows for row in rows) if hits.near else 0
        parts = [f"{shown - near} found" + (f", {near} nearly" if near else "")]
        if hits.elsewhere and shown:
            parts.append("closed or colleagues'")
        if hits.lacking:
            parts.append("looking at what is closed")
        if self.desk.reading:
            parts.append("names so far")
        return " · ".join(parts)

    def find(self, text: str) -> None:
        """Show what matches, and keep it so until Esc."""
        before = self.lanes.text
        self.lanes.search(text)
        while not any(self.lanes.rows) and self._read_more():
            pass
        if text and not any(self.lanes.rows):
            self.lanes.search("" if before == text else before)
            raise Usage(f"nothing matches {text!r}")

    def _read_more(self) -> bool:
        """Read more of what is searched, and show what matches when there is nothing more to read."""
        if self.desk.reading:
            while self.desk.read_on():
                pass
        elif self.lanes.hits.lacking:
            self.desk.closed()
        else:
            return False
        self.lanes.read()
        self.lanes.to_best()
        return True

    def read_on(self) -> bool:
        """While nobody waits: read a little more of what is searched. True when that shows something new."""
        if self.desk.reading:
            if self.desk.read_on():
                return False
        elif self.lanes.hits.lacking:
            self.desk.closed()
        else:
            return False
        self.guarded(self._shown_anew)
        return True

    @property
    def curious(self) -> bool:
        """Whether `read_on` has something to do."""
        return self.desk.reading or self.lanes.hits.lacking

    def _shown_anew(self) -> None:
        empty = not any(self.lanes.rows)
        self.lanes.read()
        if empty and self.lanes.text:
            self.lanes.to_best()
        if self.prompt is not None:
            self.prompt.again()

    def find_on(self, way: int) -> None:
        """Go to the next match of what was searched for last, or with -1 to the one before."""
        lanes = self.lanes
        if not lanes.searched:
            raise Usage("nothing searched for yet: / finds")
        hits = self.desk.find(lanes.searched, lanes.now)
        ids = {row.id for rows in hits.lanes for row in rows}
        if not lanes.seek(lambda row: row.id in ids, way):
            self.say(f"nothing else matches {lanes.searched!r}")
        self.detail_top = 0

    def go_to(self, text: str) -> None:
        """Go to a record by its number; a filter that hides it is dropped."""
        digits = text.strip().removeprefix("#")
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
            raise Usage(f"{text!r} is no number of a record: like 12")
        id = int(digits)
        if self.lanes.reveal(id) or (self.lanes.clear() and self.lanes.reveal(id)):
            self.detail_top = 0
            return
        o = self.desk.opportunity(id)
        if o is None:
            raise Usage(f"there is no #{id}")
        hint = "/ finds it" if self.desk.book.row(id) is None else "g a shows everybody's"
        raise Usage(f"{o.title} #{id} ({o.stage}, {o.owner or 'nobody'}) is not shown here: {hint}")

    # The focus

    def focus_on(self, text: str) -> None:
        """Put what matches first in each block; without words the focus ends."""
        matches = self.desk.book.holds(text, self.desk.now().timestamp()) if text else None
        self.desk.book.focus(matches, self.desk.now().timestamp())
        self.focus = text
        self.lanes.read()
        self.say(f"{text} first; :focus ends it" if text else "the focus has ended")
