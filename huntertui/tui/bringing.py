"""One import, step by step: columns, dates, stages, what would come, and only then it is written.

What takes long is done aside, so that the screen answers meanwhile; Esc goes back a step, or stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from huntertui.errors import NotAllowed, Usage
from huntertui.model.pipeline import CLOSED
from huntertui.tui.aside import Aside, Stopped
from huntertui.tui.fit import cut
from huntertui.tui.intake import Busy, Columns, Dates, Foretold, Picker, Stages, Step
from huntertui.tui.lines import DetailLine
from huntertui.tui.panels import Panel

if TYPE_CHECKING:
    from huntertui.exchange import ForeignStage, Imported, OpenDates, Plan, Staging, TakingIn
    from huntertui.exchange.looking import Look, Seen

AT_ONCE = 0.3  # seconds in which a step may be done without a word on how far it is
LAST = 8.0  # seconds that the end waits for what cannot be stopped any more
SHOWN = 1_000  # duplicates, and faulty rows, that can be scrolled through

T = TypeVar("T")


class Host(Protocol):
    """Who shows it."""

    panel: Panel | None

    @property
    def shut(self) -> str:
        """Why no stage can be put into the team's file from here, "" when one can."""

    def say(self, text: str, look: str = "") -> None:
        """Put a message in the status line."""

    def drop_import(self) -> None:
        """There is no import any more."""

    def ask_import(self, text: str = "") -> None:
        """Ask for the files."""

    def imported(self, done: Imported, said: Sequence[str]) -> None:
        """It is done; what is to be said of it, the sum first."""


class Bringing:
    """An import of files, as `run` does it. `typed`: how the files were named."""

    def __init__(self, host: Host, run: TakingIn, paths: Sequence[Path], typed: str) -> None:
        self._host, self._run, self._paths, self._typed = host, run, paths, typed
        self._trail: list[Step] = []  # the questions so far, the last one on the screen
        self._aside: Aside[Any] | None = None
        self._then: Callable[[Any], None] = lambda _: None
        self._told: tuple[float | None, int] = (None, 0)
        self._stages: dict[str, str] = {}  # what was said of theirs
        self.writing = False

    # What is done aside

    def begin(self) -> None:
        """Look at the files. ImportFault, where that shows at once."""
        from huntertui.exchange.looking import look_at

        run = self._run

        def look(aside: Aside[list[Look]]) -> list[Look]:
            found = (look_at(path, run.mappings, run.encoding, aside.tell_rows) for path in self._paths)
            return [look for looks in found for look in looks]

        self._work("Looking at", look, lambda looks: self._ask_columns(looks, 0))

    def _work(self, title: str, work: Callable[[Aside[T]], T], then: Callable[[T], None]) -> None:
        self._then, self._told = then, (None, 0)
        self._aside = Aside(work)
        if self._aside.done(AT_ONCE):
            self._finish()
        else:
            files = ", ".join(path.name for path in self._paths)
            last = "then the store makes it last, all or nothing" if self.writing else ""
            self._host.panel = Busy(f"{title} {files}", self._aside, self._stop, last)

    def _finish(self) -> None:
        """Go on with what was done aside. HunterError: it has failed, or one cannot go on."""
        aside, self._aside, self.writing = self._aside, None, False
        assert aside is not None
        try:
            self._then(aside.result())
        except Stopped:
            self._fall_back()
            self._host.say("stopped: nothing was written", "dim")
        except Exception:
            self._fall_back()
            raise

    def poll(self) -> bool:
        """Look how far it is. True when there is something to show. HunterError: it has failed."""
        if self._aside is None:
            return False
        if self._aside.done():
            self._finish()
            return True
        before, self._told = self._told, (self._aside.part, self._aside.rows)
        return before != self._told

    def _stop(self) -> None:
        if self._aside is not None:
            self._aside.stop()
            self._host.say("stopping", "dim")
            if self._aside.done(AT_ONCE):
                self._finish()

    def end(self) -> None:
        """The program ends: stop, and wait for what cannot be stopped any more."""
        if self._aside is not None:
            self._aside.stop()
            self._aside.done(LAST)

    # Going on, and back

    def _ask(self, step: Step) -> None:
        self._trail.append(step)
        self._host.panel = step

    def _fall_back(self) -> None:
        """To the last question."""
        self._host.panel = self._trail[-1] if self._trail else None
        if not self._trail:
            self._host.drop_import()

    def _back(self) -> None:
        """To the question before the last."""
        self._trail.pop()
        self._fall_back()
        if not self._trail:
            self._host.ask_import(self._typed)

    def _show(self, step: Step) -> None:
        """Back from a choice."""
        step.refresh()
        self._host.panel = step

    # Columns

    def _ask_columns(self, looks: Sequence[Look], at: int) -> None:
        if at == len(looks):
            self._read(0)
            return
        look, run = looks[at], self._run
        files = len(looks)
        where = f"{look.name} ({at + 1} of {files})" if files > 1 else look.name
        alone = sum(other.path == look.path for other in looks) == 1

        def go_on() -> None:
            if alone and not look.kind(run.mappings):
                raise Usage("no column says who it is: one of them is to carry company, person or title")
            self._ask_columns(looks, at + 1)

        self._ask(Columns(look, run.mappings, where, self._pick_field, go_on, self._back))

    def _pick_field(self, step: Columns, seen: Seen, typed: str) -> None:
        if not seen.header:
            raise Usage(f"{seen.label} has no header: give it one in the file")

        def take(field: str) -> None:
            step.say(seen, field)
            self._show(step)

        likely = seen.field or seen.guess
        fields = sorted(step.look.fields(self._run.mappings), key=lambda field: field != likely)
        words = [(field, "likely" if field == seen.guess else "") for field in fields]
        words.insert(1 if likely else 0, NO_FIELD)
        title, below = f"What {cut(seen.label, 24)} carries", ", ".join(seen.samples)
        self._host.panel = Picker(title, words, take, lambda: self._show(step), typed, below)

    # Dates

    def _read(self, start: int) -> None:
        run = self._run

        def read(_: Aside[tuple[int, OpenDates] | None]) -> tuple[int, OpenDates] | None:
            from huntertui.exchange import OpenDates

            for at, path in enumerate(self._paths[start:], start):
                try:
                    run.read(path, self._heed)
                except OpenDates as asked:
                    return at, asked
            return None

        self._work("Reading", read, lambda asked: self._ask_order(*asked) if asked else self._ask_stages())

    def _heed(self, rows: int) -> None:
        """What reads the rows, now and in each later pass."""
        if (aside := self._aside) is not None:
            aside.tell_rows(rows)

    def _ask_order(self, at: int, asked: OpenDates) -> None:
        from huntertui.exchange import Order
        from huntertui.exchange.dates import day

        def take(order: Order) -> Callable[[], None]:
            def does() -> None:
                self._run.orders[self._paths[at]] = order
                self._read(at)

            return does

        calendar = self._run.policy.calendar
        orders = {
            order.value[0]: (f"{order.value}: {day(asked.text, calendar, order):%-d %B %Y}", take(order))
            for order in Order
        }
        self._ask(Dates(asked.what, orders, self._back))

    # Stages

    def _ask_stages(self) -> None:
        run = self._run
        run.look_at_stages()
        staging = run.staging
        for theirs, said in self._stages.items():
            with suppress(Usage):  # of columns that are others by now
                staging.say(theirs, said)
        ours = {stage.name for stage in run.policy.pipeline.stages} | CLOSED
        asked = [stage for stage in staging.found if stage.theirs.casefold() not in ours]
        if asked:
            self._ask(Stages(asked, staging, self._pick_stage, self._plan, self._back))
        else:
            self._plan()

    def _pick_stage(self, step: Stages, stage: ForeignStage, typed: str) -> None:
        staging = self._run.staging

        def take(said: str) -> None:
            if said.startswith(NEW) and (why := self._host.shut):
                raise NotAllowed(f"{why}: whoever keeps the team's file has to put it there first")
            staging.say(stage.theirs, said)
            self._stages[stage.theirs] = said
            self._show(step)

        likely = staging.given.get(stage.theirs, stage.ours)
        words = sorted(staging.choices(stage), key=lambda one: one != likely)
        choices = [(one, _stage_words(one, staging)) for one in words]
        title, how = f"{cut(stage.theirs, 24)} is", "+NAME after STAGE: a new one"
        self._host.panel = Picker(title, choices, take, lambda: self._show(step), typed, how, NEW)

    # What would come, and writing it

    def _plan(self) -> None:
        self._work("Comparing", lambda aside: self._run.plan(aside.tell_part), self._preview)

    def _preview(self, planned: Plan) -> None:
        from huntertui.exchange.foretelling import faults, foretold, summed_up

        run = self._run
        run.check_places(planned)
        lines = [DetailLine(summed_up(planned.done, run.readings, dry=True), "heading"), DetailLine("")]
        lines += map(DetailLine, foretold(run.readings, planned, run.staging, run.by, SHOWN))
        if wrong := [*faults(planned, SHOWN), *(said for _, said in planned.notices)]:
            lines += [DetailLine(""), *(DetailLine(words, "amber") for words in wrong)]
        title = "Import this? Enter imports, Esc goes back"
        self._ask(Foretold(title, lines, lambda: self._write(planned), self._back))

    def _write(self, planned: Plan) -> None:
        from huntertui.exchange.foretelling import grown, summed_up

        run = self._run

        def write(aside: Aside[tuple[Imported, list[str]]]) -> tuple[Imported, list[str]]:
            done = run.write(planned, aside.tell_part)
            aside.settle()
            said = [summed_up(done, run.readings, dry=False), *run.put_aside(done)]
            return done, [*said, *filter(None, (grown(planned, run.staging), run.keep_columns()))]

        self.writing = True
        self._work("Writing", write, lambda found: self._host.imported(*found))


NO_FIELD = ("-", "nothing that is known: it is kept under its own name")
NEW = "+"
"""How it begins what a stage is that becomes one of the team's."""


def _stage_words(said: str, staging: Staging) -> str:
    """What is to be said of one of the choices."""
    if said.startswith(NEW):
        return "keep it: a new stage of the team's"
    return staging.pipeline[said].discipline.value if said in staging.pipeline else "closed"
