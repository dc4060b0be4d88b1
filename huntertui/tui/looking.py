"""Finding and showing: search, filters, focus, the panels, the command line. It changes no record."""

from __future__ import annotations

from collections.abc import Callable

from huntertui.book import ALL
from huntertui.commands import Command
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.edits import FIELDS, shown
from huntertui.errors import Usage
from huntertui.model.query import matcher
from huntertui.tui.actions import ACTIONS
from huntertui.tui.copying import Copying
from huntertui.tui.doing import command_named, matching
from huntertui.tui.lanes import Matches
from huntertui.tui.panels import Fields, Help, Panel
from huntertui.tui.prompts import Prompt


class Looking(Copying):
    """The part of the workday that finds and shows. `focus`: the words that put rows first.

    `detail_top`: the first line of the detail on the screen.
    """

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.detail_top = 0
        self.focus = ""
        self._bindings = keys

    def run(self, command: Command) -> None:
        """Run a command, asking first for what it needs."""
        raise NotImplementedError

    # Finding

    def next_neglected(self) -> None:
        if not self.lanes.seek(lambda row: row.late(self.lanes.now)):
            self.say("nothing else is neglected")

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

    # What is shown

    def filter(self, name: str, matches: Matches) -> None:
        self.lanes.filter(name, matches)
        self.detail_top = 0

    def show_today(self) -> None:
        calendar, today = self.desk.policy.calendar, self.desk.today()
        end = calendar.end_of(today).timestamp()
        self.filter("today", lambda row: row.by <= end or row.due < end)

    def show_all(self) -> None:
        book = self.desk.book
        book.show(self.desk.me if book.scope == ALL else ALL, self.desk.now().timestamp())
        self.lanes.read()

    def focus_on(self, text: str) -> None:
        """Put what matches first in each block; without words the focus ends."""
        matches = matcher(text, self.desk.me) if text else None
        self.desk.book.focus(matches, self.desk.now().timestamp())
        self.focus = text
        self.lanes.read()
        self.say(f"{text} first; :focus ends it" if text else "the focus has ended")

    def ask_find(self) -> None:
        lanes, cursors, focused, text = (
            self.lanes,
            list(self.lanes.cursors),
            self.lanes.focused,
            self.lanes.text,
        )

        def search(typed: str) -> None:
            try:
                lanes.search(typed.strip())
            except ValueError:
                return  # the preview says why
            self.detail_top = 0

        def found(typed: str) -> str:
            matcher(typed, self.desk.me)
            return f"{sum(map(len, lanes.rows))} found"

        def back() -> None:
            lanes.search(text)
            lanes.cursors, lanes.focused = cursors, focused
            lanes.read()

        self.prompt = Prompt("find", self.find, preview=found, leave=back, changed=search)

    def find(self, text: str) -> None:
        """Show what matches, and keep it so until Esc."""
        self.lanes.search(text)
        if text and not any(self.lanes.rows):
            self.lanes.search("")
            raise Usage(f"nothing matches {text!r}")

    def find_on(self, way: int) -> None:
        if not self.lanes.searched:
            raise Usage("nothing searched for yet: / finds")
        matches = matcher(self.lanes.searched, self.desk.me)
        if not self.lanes.seek(matches, way):
            self.say(f"nothing else matches {self.lanes.searched!r}")
        self.detail_top = 0

    # Panels and the command line

    def help(self) -> None:
        self.panel = Help(self._bindings)

    def explain(self) -> None:
        id = self.current
        o = self.desk.opportunity(id)
        self.panel = Panel(f"{o.title if o else ''} #{id}", self.desk.explain(id))

    def edit(self) -> None:
        id = self.current

        def read() -> list[tuple[str, str]]:
            o = self.desk.opportunity(id)
            return [(field, shown(o, field)) for field in FIELDS] if o else []

        row = self.row
        title = row.title if row else ""
        self.panel = Fields(f"{title} #{id}", read, lambda field, value: self.edit_field(id, field, value))

    def ask_command(self) -> None:
        row, seen, selected = self.row, self.seen, len(self.lanes.selection)
        id = row.id if row else None

        def accept(text: str) -> None:
            self.still(selected)
            self.command(text, None if selected else id, seen)

        def preview(text: str) -> str:
            name, _, rest = text.partition(" ")
            command = command_named(name)
            if rest.strip() and command.ask and command.ask.preview:
                return self.desk.preview(command.ask.preview, id, rest.strip())
            return f"{command.name}: {command.help}" if name == command.name else f"Tab: {command.name}"

        def complete(text: str) -> str:
            found = matching(text.strip())
            return f"{found[0]} " if found else text

        self.prompt = Prompt("", accept, preview=preview, complete=complete)

    def command(self, text: str, id: int | None = None, seen: int | None = None) -> None:
        """Run what stands on the command line: a name, and the answer that the command would ask for.

        `id`, `seen`: what the cursor stood on, and what the person knew of, when the line was begun.
        """
        name, _, rest = text.partition(" ")
        if not name:
            return
        command, rest = command_named(name), rest.strip()
        direct = {"find": self.find, "go-to": self.go_to, "focus": self.focus_on, "add": self.add}
        if command.name in direct and (rest or command.name == "focus"):
            direct[command.name](rest)
        elif not rest:
            self.run(command)
        elif command.ask is not None and command.name in ACTIONS:
            self.perform(command, rest, id, seen)
        else:
            raise Usage(f"{command.name} takes no words after it")
