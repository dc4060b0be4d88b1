"""Finding and showing: search, filters, focus, the panels, the command line. It changes no record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huntertui.actions import ACTIONS
from huntertui.book import ALL
from huntertui.commands import Command
from huntertui.commands.keymap import Keys
from huntertui.commands.words import spelled_out
from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.tui.afterwards import Afterwards
from huntertui.tui.doing import command_named, matching
from huntertui.tui.finding import Finding
from huntertui.tui.forming import Forming
from huntertui.tui.lanes import Matches
from huntertui.tui.panels import Panel
from huntertui.tui.prompts import Prompt


class Looking(Finding, Forming, Afterwards):
    """The part of the workday that shows."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self._bindings = keys

    def run(self, command: Command) -> None:
        """Run a command, asking first for what it needs."""
        raise NotImplementedError

    # Finding

    def next_neglected(self) -> None:
        if not self.lanes.seek(lambda row: row.late(self.lanes.now)):
            self.say("nothing else is neglected")

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

    def show_exactly(self, name: str, ids: Sequence[int]) -> None:
        """Show these items and nothing else, open or closed."""
        self.lanes.show_exactly(name, ids)
        self.detail_top = 0

    # The team

    def away(self, text: str) -> None:
        """Somebody is away, or back."""
        self._done(self.desk.away(text))

    def hand_over(self, text: str) -> None:
        """All of somebody's goes to another."""
        self._done(self.desk.hand_over(text))

    def coach_rep(self, text: str) -> None:
        """A note for a person."""
        self._done(self.desk.coach_rep(text))

    def take_in(self, text: str) -> None:
        """Begin to import files."""
        raise NotImplementedError

    def show_day_of(self, text: str) -> None:
        """A member's day, to read."""
        raise NotImplementedError

    def preview_team(self, what: str) -> Callable[[str], str]:
        """What is understood of an answer, while it is typed."""
        return lambda text: self.desk.preview(what, None, text)

    # Panels and the command line

    def explain(self) -> None:
        id = self.current
        o = self.desk.opportunity(id)
        self.panel = Panel(f"{o.title if o else ''} #{id}", self.desk.explain(id))

    def ask_command(self) -> None:
        row, seen, selected = self.row, self.seen, len(self.lanes.selection)
        id = row.id if row else None

        def accept(text: str) -> None:
            self.still(selected)
            self.command(text, None if selected else id, seen)

        def preview(text: str) -> str:
            name, _, rest = spelled_out(text).partition(" ")
            command = command_named(name)
            if rest.strip() and command.name in ("find", "focus", "view", "import"):
                return self.understood(command.name, rest.strip())
            if rest.strip() and command.ask and command.ask.preview:
                return self.desk.preview(command.ask.preview, id, rest.strip())
            return f"{command.name}: {command.help}" if name == command.name else f"Tab: {command.name}"

        def complete(text: str) -> str:
            name, space, rest = text.partition(" ")
            if space and name in ("find", "focus", "view", "import"):
                return f"{name} {self.completed(name, rest)}"
            found = matching(text.strip())
            return f"{found[0]} " if found else text

        self.prompt = Prompt("", accept, preview=preview, complete=complete)

    def command(self, text: str, id: int | None = None, seen: int | None = None) -> None:
        """Run what stands on the command line: a name, and the answer that the command would ask for.

        `id`, `seen`: what the cursor stood on, and what the person knew of, when the line was begun.
        """
        name, _, rest = spelled_out(text).partition(" ")
        if not name:
            return
        command, rest = command_named(name), rest.strip()
        direct = {"find": self.find, "go-to": self.go_to, "add": self.add, "add-to-touch": self.add_to_touch}
        direct |= {"focus": self.focus_on, "view": self.view}
        direct |= {"away": self.away, "hand-over": self.hand_over, "coach-rep": self.coach_rep}
        direct |= {"day": self.show_day_of, "import": self.take_in}
        if command.name in direct and (rest or command.name == "focus"):
            direct[command.name](rest)
        elif not rest:
            self.run(command)
        elif command.ask is not None and command.name in ACTIONS:
            self.perform(command, rest, id, seen)
        else:
            raise Usage(f"{command.name} takes no words after it")
