"""Importing: which files, and what becomes of the workday when they are in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import NotAllowed
from huntertui.records import dataclass
from huntertui.tui import paths
from huntertui.tui.looking import Looking
from huntertui.tui.panels import Summary
from huntertui.tui.prompts import Prompt

if TYPE_CHECKING:
    from huntertui.exchange import Imported
    from huntertui.tui.bringing import Bringing


@dataclass(frozen=True, slots=True)
class Files:
    """Where files are, see `config.Paths`. `own`: the folder of who is confined; `columns`: what keeps what
    the columns of files carry, None where nothing is kept."""

    own: Path | None = None
    columns: Path | None = None


class Importing(Looking):
    """The part of the workday that takes in files. `bringing`: the import that is under way."""

    files = Files()
    bringing: Bringing | None = None

    @property
    def shut(self) -> str:
        """Why no stage can be put into the team's file from here, "" when one can."""
        file = self.desk.team_file
        return file.shut if file is not None else "there is no file of the team here"

    def ask_import(self, text: str = "") -> None:
        """Ask for the files."""
        self.prompt = Prompt(
            "import",
            self.take_in,
            text=text,
            preview=lambda text: paths.understood(text, self.files.own),
            complete=lambda text: paths.completed(text, self.files.own),
        )

    def take_in(self, text: str) -> None:
        """Begin with the files that a text names. Usage, NotAllowed, ImportFault."""
        from huntertui.exchange import Mappings, TakingIn, kept_mappings  # late: no start pays for it
        from huntertui.tui.bringing import Bringing

        desk, columns = self.desk, self.files.columns
        if desk.read_only:
            raise NotAllowed(f"read-only: {desk.read_only}")
        named = paths.named(text, self.files.own)
        mappings = Mappings({}, kept_mappings(columns) if columns is not None else {})
        run = TakingIn(desk.store, desk.policy, desk.me, desk.now(), mappings, columns=columns)
        if desk.team_file is not None:
            run.add_stages = desk.team_file.add
        self.bringing = Bringing(self, run, named, text)
        try:
            self.bringing.begin()
        except BaseException:
            self.bringing = None
            raise

    def look_after(self) -> bool:
        """See how far the import is. True when there is something to show."""
        bringing = self.bringing
        if bringing is None:
            return False
        news = False

        def look() -> None:
            nonlocal news
            news = bringing.poll()

        before = self.said
        self.guarded(look)
        return news or self.said != before

    def drop_import(self) -> None:
        """There is no import any more."""
        bringing, self.bringing = self.bringing, None
        if bringing is not None:
            bringing.end()

    def imported(self, done: Imported, said: Sequence[str]) -> None:
        """Show what has come in, and say what became of it."""
        self.bringing = None
        self.desk.follow()
        self.lanes.read()
        told = list(said)
        if done.import_id:
            told.append("u takes it back")
        if done.open > done.triage:
            told += filter(None, map(self.desk.too_much, sorted(done.owners)))
        if done.triage:
            told.append("g i decides on what is to triage, many at a time")
        self.panel = Summary("Imported" if done.import_id else "Nothing new", told)
        sums = f"{done.added:,} added, {done.merged:,} merged, {done.rejected:,} rejected"
        self.say(f"{sums}; u takes it back" if done.import_id else sums)

    def understood(self, name: str, text: str) -> str:
        """What a command would do with a text."""
        return paths.understood(text, self.files.own) if name == "import" else super().understood(name, text)

    def completed(self, name: str, text: str) -> str:
        """The answer to a command with its last word completed."""
        return paths.completed(text, self.files.own) if name == "import" else super().completed(name, text)
