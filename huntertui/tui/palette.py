"""One box for all there is: commands with their keys, and records; what is typed ranks both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from huntertui.commands import COMMANDS, Command, keys_of
from huntertui.commands.keymap import Keys
from huntertui.model.ranking import Row
from huntertui.model.search import fold
from huntertui.tui.chooser import Chooser, Entry
from huntertui.tui.fit import fit
from huntertui.tui.ranked import ranked_commands

NAME, KEYS = 20, 12  # columns

Records = Callable[[str], Iterable[Row]]
"""What is found by a text, the best first."""


class Palette(Chooser):
    """What is typed filters; arrows choose; Enter runs a command, or goes to a record (none after ">")."""

    hint = "⏎ run or go  ↑ ↓ choose  > commands only  Esc close"

    def __init__(
        self,
        keys: Keys,
        why_not: Callable[[Command], str],
        run: Callable[[Command], None],
        records: Records,
        go: Callable[[Row], None],
    ) -> None:
        super().__init__()
        self._bound = {command: ", ".join(keys_of(command.name, keys)[:2]) for command in COMMANDS}
        self._why = {command: why_not(command) for command in COMMANDS}
        self._run, self._records, self._go = run, records, go
        self._filter("")

    def _heading(self) -> str:
        only = self._typed.startswith(">")
        return f"{'Run' if only else 'Go to or run'}: {self._typed[only:].lstrip()}"

    def _found(self, typed: str) -> Iterator[Entry]:
        """The commands that are named so, then the records, then the commands that are so described."""
        only, text = typed.startswith(">"), fold(typed.removeprefix(">").strip())
        ranked = ranked_commands(text)
        yield from (self._command(command) for rank, command in ranked if rank == 0)
        if text and not only:
            yield from map(self._record, self._records(typed.strip()))
        yield from (self._command(command) for rank, command in ranked if rank > 0)

    def _command(self, command: Command) -> Entry:
        why = self._why[command]
        says = f"not now: {why}" if why else command.help
        text = f"{fit(command.name, NAME)} {fit(self._bound[command], KEYS)} {says}"
        return Entry(text, lambda: self._run(command), why)

    def _record(self, row: Row) -> Entry:
        names = " · ".join(dict.fromkeys(filter(None, (row.title, row.company, row.who))))
        return Entry(f"{names} · {row.stage} · {row.owner or 'nobody'} #{row.id}", lambda: self._go(row))
