"""Finding: the `/` line that shows what matches as one types, on to the next match, views, the focus."""

from __future__ import annotations

from collections.abc import Callable

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.views import Focus, Saved
from huntertui.errors import Usage
from huntertui.model.text import Unclear
from huntertui.tui.copying import Copying
from huntertui.tui.prompts import Prompt
from huntertui.tui.views import Views


class Finding(Copying):
    """The part of the workday that finds. `focus`: what the header says of the query that puts rows first.

    `detail_top`: the first line of the detail on the screen.
    """

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.detail_top = 0
        self.focus = ""
        self._focus: Focus | None = None

    # The find line

    def ask_find(self) -> None:
        """Open the find line; Esc gives back what was shown, with the cursor and the lane as they were."""
        lanes = self.lanes
        cursors, focused, text = list(lanes.cursors), lanes.focused, lanes.text

        def search(typed: str) -> None:
            try:
                lanes.search(typed.strip(), focused)
            except Unclear:
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
        """How much the lanes show of what matches. Unclear when the query makes no sense."""
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
        shown = False

        def read() -> None:
            nonlocal shown
            if self.desk.reading:
                shown = not self.desk.read_on()
            elif self.lanes.hits.lacking:
                self.desk.closed()
                shown = True
            if shown:
                self._shown_anew()

        self.guarded(read)
        return shown

    @property
    def curious(self) -> bool:
        """Whether `read_on` has something to do."""
        return self.desk.reading or self.lanes.hits.lacking

    def _shown_anew(self) -> None:
        if self._focus is not None:
            self._focus = None
            self.refocus()
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
        before = lanes.row
        if not lanes.seek(lambda row: row.id in ids, way) or lanes.row == before:
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

    # Views

    def show_view(self, view: Saved) -> None:
        """Show what a view asks for."""
        self.find(view.query)
        self.say(f"view {view.name}: {sum(map(len, self.lanes.rows))} found")

    def view(self, text: str) -> None:
        """Open a view by its name or digit; "save NAME" keeps the present query under a name."""
        word, _, name = text.partition(" ")
        if word == "save":
            self._done(self.desk.save_view(name, self.lanes.text))
        else:
            self.show_view(self._view(text))

    def _view(self, text: str) -> Saved:
        return self.desk.picked(int(text)) if text in tuple("123456789") else self.desk.view(text)

    def list_views(self) -> None:
        """The panel of all views."""

        def rename(view: Saved) -> None:
            self.prompt = Prompt(
                f"{view.name} · name",
                lambda name: self._done(self.desk.rename_view(view.id, name)),
                text=view.name,
            )

        acts: dict[str, Callable[[Saved], None]] = {
            "enter": self.show_view,
            "r": rename,
            "s": lambda view: self._done(self.desk.share_view(view.id)),
            "d": lambda view: self._done(self.desk.delete_view(view.id)),
        }
        self.panel = Views(self.desk.me, self.desk.views, acts)

    # The focus

    def focus_on(self, text: str) -> None:
        """Put what matches first in each block; without words the focus ends."""
        change = self.desk.set_focus(text)
        self.refocus()
        self._done(change)

    def refocus(self) -> None:
        """Put first what the focus asks for, where that has changed or its time is over."""
        focus = self.desk.focus()
        if focus == self._focus:
            return
        now = self.desk.now().timestamp()
        self._focus, self.focus = focus, ""
        self.desk.book.focus(self.desk.book.holds(focus.query, now) if focus else None, now)
        self.focus = self.desk.focus_words(focus) if focus else ""

    def completed(self, name: str, text: str) -> str:
        """The answer to `find`, `focus` or `view` with its last word completed."""
        if name != "view":
            return self.desk.completed(text)
        names = [view.name for view in self.desk.views()]
        return next((known for known in names if known.casefold().startswith(text.casefold())), text)

    def understood(self, name: str, text: str) -> str:
        """What `find`, `focus` or `view` would do with a text. Unclear or Usage when it makes no sense."""
        if name == "focus":
            return self.desk.preview_focus(text)
        if name == "find":
            self.desk.query(text)
            return "⏎ finds it"
        word, _, rest = text.partition(" ")
        if word != "save":
            return f"→ {self._view(text).query}"
        if not self.lanes.text:
            raise Usage("nothing is searched for: / finds, then :view save NAME")
        return f"→ {rest}: {self.lanes.text}"
