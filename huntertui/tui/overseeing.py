"""A colleague's day, for a lead to read: his lanes in his order, with his plan; Enter opens the rows."""

from __future__ import annotations

from collections.abc import Iterator

from huntertui.desk import Desk
from huntertui.model.pipeline import LANES
from huntertui.model.ranking import Row
from huntertui.tui.counted import Counted, Told
from huntertui.tui.daying import TOLD, moment_of, row_look, row_words
from huntertui.tui.describe import TITLES
from huntertui.tui.fit import fit
from huntertui.tui.lane import Moment
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking

NOTES = 5  # of coaching, the last ones


class Day(Counted):
    """The day of one member."""

    hint = "⏎ opens the rows  Esc close"


class Overseeing(Looking):
    """The part of the workday that looks at a colleague's."""

    def show_day_of(self, text: str) -> None:
        """A member's day, to read."""
        desk = self.desk.day_of(text)
        self.panel = Day([(f"{desk.me}'s day", list(day_told(desk)))], self.show_exactly)


def day_told(desk: Desk) -> Iterator[Told]:
    """When he last did something, what he was told, and his lanes."""
    calendar, today, now = desk.policy.calendar, desk.today(), desk.now()
    moment = moment_of(desk)
    since = desk.since()
    if since.at is not None or since.begun:
        last = "today" if since.begun or since.at is None else calendar.describe_instant(since.at, today)
        yield Told(DetailLine(f"last at work {last}", "dim"))
    if absence := desk.book.pool(now.timestamp()).absences.get(desk.me):
        yield Told(DetailLine(f"away until {calendar.describe_day(absence.until, today)}", "amber"))
    for note in desk.coaching_of(desk.me)[:NOTES]:
        when = calendar.describe_instant(note.at, today)
        yield Told(DetailLine(f"{when}  {note.by}: {note.text} ({note.answered or 'not answered yet'})"))
    for day in desk.progress():
        rows = list(desk.book.lane(day.lane, now.timestamp()))
        done = f"{day.done} of {day.target} touches" if day.target is not None else "not his"
        late = sum(row.late(now.timestamp()) for row in rows)
        line = f"{fit(TITLES[day.lane], 14)} {fit(done, 18)} {len(rows):>5,} rows, {late:,} neglected"
        name = f"{desk.me}: {LANES[day.lane].value}"
        yield Told(DetailLine(line, "heading"), name, tuple(row.id for row in rows))
        planned = desk.book.planned(day.lane)
        yield from (_told(row, moment, planned=row.id in planned) for row in rows[:TOLD])


def _told(row: Row, moment: Moment, *, planned: bool) -> Told:
    whose = "" if row.owner == moment.me else f"  @{row.owner or '-'}"
    line = f"{'»' if planned else ' '}{row_words(row, moment)}{whose}"
    return Told(DetailLine(line, row_look(row, moment)), f"{row.title} #{row.id}", (row.id,))
