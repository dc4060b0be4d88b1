"""The day: what happened since the last one, where it is weakest, and what is more than it can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from huntertui.commands import Command, keys_of
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.day import Since
from huntertui.model.money import short_money
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.ranking import Row
from huntertui.tui.describe import TITLES
from huntertui.tui.fit import fit
from huntertui.tui.lane import Moment, age_words, mark_state
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking
from huntertui.tui.panels import Choices

TOLD = 8  # rows, or colleagues' acts, that the panel tells one by one
PROSPECTS = LANES.index(Discipline.PROSPECTING)


class Today(Choices):
    """The day's panel: arrows scroll it, and any other key goes on with what it does."""

    def __init__(self, desk: Desk, keys: Keys) -> None:
        super().__init__(desk.policy.calendar.describe_day(desk.today(), desk.today()), ())
        self._lines = tuple(day_lines(desk, keys))


class Daying(Looking):
    """The part of the workday that begins it and says what is too much."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self._day = desk.today()

    def begin_day(self) -> None:
        """At the first start of a day: a line on what happened since, and the cursor where it is weakest."""
        if self._tell_since():
            self.lanes.focus(self.desk.weakest())

    def notice_day(self) -> None:
        """After a key: the same line if it is the first of a day that began meanwhile; the cursor stays."""
        busy = self.keys.pending or self.prompt is not None or self.panel is not None
        if self._day != self.desk.today() and not busy:
            self._day = self.desk.today()
            self._tell_since()

    def _tell_since(self) -> bool:
        """False when I have worked today already, or never before."""
        since = self.desk.since()
        if since.begun or since.at is None:
            return False
        if not self.said:
            self.say(since_words(self.desk, since, self._bindings), "dim")
        return True

    def show_day(self) -> None:
        """The same at length, at any time."""
        self.panel = Today(self.desk, self._bindings)

    def add(self, line: str) -> None:
        """Add a prospect of mine and go to it."""
        super().add(line)
        self._say_too_much({self.desk.me})

    def _perform(self, command: Command, text: str | None, id: int) -> None:
        super()._perform(command, text, id)
        if command.name in ("assign", "claim"):
            self._say_too_much(self._owners([id]))

    def _perform_many(self, command: Command, text: str | None, ids: list[int]) -> None:
        super()._perform_many(command, text, ids)
        if command.name in ("assign", "claim"):
            self._say_too_much(self._owners(ids))

    def _owners(self, ids: Sequence[int]) -> set[str]:
        rows = map(self.desk.book.row, ids)
        return {row.owner for row in rows if row and row.lane == PROSPECTS}

    def _say_too_much(self, owners: set[str]) -> None:
        """It stops nothing: who takes on more than he can carry is told, and may go on."""
        for words in filter(None, map(self.desk.too_much, sorted(owners))):
            self.say(f"{self.said} · {words}", self.look)


def since_words(desk: Desk, since: Since, keys: Keys) -> str:
    """ "since Fri 20 Nov 17:40: 5 turned red, 2 given to you · g y tells more"."""
    assert since.at is not None
    red = desk.red_since(since.at)
    counts = (
        (red, "turned red"),
        (len(since.taken), "taken or helped with"),
        (len(since.given), "given to you"),
    )
    told = ", ".join(f"{n} {words}" for n, words in counts if n) or "nothing has changed for you"
    at = desk.policy.calendar.describe_instant(since.at, desk.today())
    more = next(iter(keys_of("today", keys)), ":today")
    return f"since {at}: {told} · {more} tells more"


def day_lines(desk: Desk, keys: Keys) -> Iterator[DetailLine]:
    """What happened since the last day, and how far this one is, the weakest discipline first."""
    if concerns := desk.concerns():
        yield DetailLine("To lead", "heading")
        yield from (DetailLine(concern.long, "neglected") for concern in concerns)
        yield DetailLine("")
    since = desk.since()
    if since.at is not None:
        at = desk.policy.calendar.describe_instant(since.at, desk.today())
        yield DetailLine(f"Since {at}", "heading")
        red = desk.turned_red(since.at)
        yield DetailLine(f"{len(red)} turned red" if red else "nothing turned red")
        yield from _rows(desk, red)
        for words, acts in (("taken or helped with", since.taken), ("given to you", since.given)):
            if acts:
                yield DetailLine(f"{len(acts)} {words}")
                yield from (DetailLine(f"  {act}") for act in acts[:TOLD])
                yield from _more(len(acts))
        yield DetailLine("")
    if messages := desk.inbox.all():
        yield DetailLine("Messages · Y: understood", "heading")
        for message in messages[:TOLD]:
            where = f"#{message.about}  " if message.about is not None else ""
            yield DetailLine(f"  {where}{message.words}")
        yield from _more(len(messages))
        yield DetailLine("")
    yield DetailLine("Today", "heading")
    first = desk.weakest()
    for day in sorted(desk.progress(), key=lambda day: (day.lane != first, -day.late)):
        done = f"{day.done} of {day.target} touches" if day.target is not None else "not yours"
        late = f"{day.late} neglected" if day.late else "nothing neglected"
        yield DetailLine(f"{fit(TITLES[day.lane], 14)} {fit(done, 18)} {late}")
    if words := desk.too_much(desk.me):
        yield DetailLine(words, "amber")
    if promised := [row for row in desk.to_review() if row.promise]:
        yield DetailLine("")
        yield DetailLine("Promised", "heading")
        yield from _rows(desk, promised)
    if count := sum(len(bucket.rows) for bucket in desk.to_triage()):
        yield DetailLine("")
        where = next(iter(keys_of("triage", keys)), ":triage")
        yield DetailLine(f"{count:,} to triage: {where}", "triage")


def _rows(desk: Desk, rows: Sequence[Row]) -> Iterator[DetailLine]:
    moment = moment_of(desk)
    for row in rows[:TOLD]:
        yield DetailLine(f"  {row_words(row, moment)}", row_look(row, moment))
    yield from _more(len(rows))


def _more(count: int) -> Iterator[DetailLine]:
    if count > TOLD:
        yield DetailLine(f"  and {count - TOLD:,} more", "dim")


def moment_of(desk: Desk) -> Moment:
    """The present, as rows are told."""
    return Moment.of(desk.now().timestamp(), desk.policy.calendar, desk.me)


def row_words(row: Row, moment: Moment, *, wide: bool = False) -> str:
    """A row in the columns of a panel: name, number, next step, how late; `wide`: its stage and value too."""
    mark = "!" if row.late(moment.now) else " "
    age = age_words(row, moment)
    more = ""
    if wide:
        value = short_money(row.value, row.currency) if row.value is not None else ""
        more = f" {fit(row.stage, 11)} {value:>5}"
    return f"{mark} {fit(row.title, 22)} {fit(f'#{row.id}', 6)}{more} {fit(row.next, 14)} {age}"


def row_look(row: Row, moment: Moment) -> str:
    """Red where it is neglected."""
    return "neglected" if mark_state(row, moment) == "neglected" else ""
