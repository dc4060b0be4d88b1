"""The panels of an import, a step each: columns, dates, stages, what would come, how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from huntertui.tui.aside import Aside
from huntertui.tui.chooser import Chooser, Entry
from huntertui.tui.fit import cut, fit
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.panels import Panel

if TYPE_CHECKING:
    from huntertui.exchange import ForeignStage, Staging
    from huntertui.exchange.looking import Look, Seen
    from huntertui.exchange.mapping import Mappings

BAR = 40  # columns
HEADER, FIELD, HOW = 20, 14, 11  # columns of the screen
THEIRS, OURS = 24, 16
STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
NOTHING = ("-", "backspace", "delete")

Does = Callable[[], None]


class Step(Panel):
    """A step of an import: Enter goes on, Esc goes back."""

    def __init__(self, title: str, lines: Sequence[DetailLine], go_on: Does, go_back: Does) -> None:
        super().__init__(title, ())
        self._lines = tuple(lines)
        self._go_on, self._go_back = go_on, go_back

    def key(self, key: str) -> None:
        """Take a key."""
        if key in ("escape", "q", "ctrl+c"):
            self._go_back()
        elif key == "enter":
            self._go_on()
        else:
            self._scroll(key)


class Foretold(Step):
    """What would come of it."""

    asks = True
    hint = "⏎ imports  ↑ ↓ scroll  Esc goes back"


class Busy(Step):
    """How far it is."""

    hint = "Esc stops it"

    def __init__(self, title: str, aside: Aside[Any], stop: Does, then: str = "") -> None:
        """`then`: what follows, of which no bar can tell."""
        super().__init__(title, (), lambda: None, stop)
        self._aside = aside
        self._then = (DetailLine(then, "dim"),) if then else ()

    def state(self) -> OverlayState:
        """What is shown: a bar where it is known how much there is to do."""
        part = self._aside.part
        done = round(BAR * min(1.0, max(0.0, part or 0.0)))
        bar = f"{'━' * done}{'─' * (BAR - done)} {part or 0.0:4.0%}"
        rows = f"{self._aside.rows:,} rows" if self._aside.rows else "…"
        line = DetailLine(fit(rows if part is None else bar, BAR + 5))
        return OverlayState(self.title, (line, *self._then), 0)


class Listed(Step):
    """Rows with a cursor on one of them, and a last row that goes on. Enter, or a letter, changes the row."""

    def __init__(self, go_on: Does, go_back: Does, at: int | None = None) -> None:
        """`at`: the row with the cursor, None for the last."""
        super().__init__("", (), go_on, go_back)
        self._last = len(self._rows())  # the place of the row that goes on
        self._at = self._last if at is None else at
        self.refresh()

    def _rows(self) -> list[str]:
        """The rows."""
        raise NotImplementedError

    def _change(self, at: int, typed: str) -> None:
        """Change a row; `typed`: with what that begins."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Lay the lines out anew."""
        lines = [DetailLine(row, "cursor" if at == self._at else "") for at, row in enumerate(self._rows())]
        last = DetailLine("Go on (Enter)", "cursor" if self._at == self._last else "heading")
        self._lines = (*lines, DetailLine(""), last)
        at = self._at + (self._at == self._last)
        self.top = max(at - self.page + 1, min(self.top, at), 0)

    def state(self) -> OverlayState:
        """What is shown: a line each, so that the cursor is always among them."""
        return OverlayState(self.title, self._lines, self.top, wide=True, cut=True)

    def key(self, key: str) -> None:
        """Move, change the row under the cursor, or go on."""
        last = self._last
        far = {"home": -last, "end": last, "G": last, "pagedown": self.page, "pageup": -self.page}
        step = (STEPS | {"tab": 1, "shift+tab": -1} | far).get(key)
        if step is not None:
            self._at = max(0, min(self._at + step, last))
            self.refresh()
        elif key in ("escape", "q", "ctrl+c"):
            self._go_back()
        elif key == "ctrl+s" or (key == "enter" and self._at == last):
            self._go_on()
        elif self._at < last and (key == "enter" or len(key) == 1 or key in NOTHING):
            self._change(self._at, "" if key == "enter" else key)
            self.refresh()


class Columns(Listed):
    """The columns of a table, with what stands in them and what they carry. `pick`: asks what one carries."""

    hint = "⏎ or letters: what it carries  - nothing  ctrl+s goes on  Esc back"

    def __init__(
        self,
        look: Look,
        mappings: Mappings,
        where: str,
        pick: Callable[[Columns, Seen, str], None],
        go_on: Does,
        go_back: Does,
    ) -> None:
        self.look = look
        self._mappings, self._where, self._pick = mappings, where, pick
        seen = look.columns(mappings)
        unknown = next((at for at, one in enumerate(seen) if not one.field), None)
        super().__init__(go_on, go_back, None if look.kind(mappings) else unknown)

    def say(self, seen: Seen, field: str) -> None:
        """Say what a column carries."""
        self._mappings.say_of(self.look.header, seen.header, field)
        self.refresh()

    def refresh(self) -> None:
        """Lay the lines out anew."""
        kind = self.look.kind(self._mappings) or "which column says who it is?"
        self.title = f"{self._where}: {kind}"
        super().refresh()

    def _rows(self) -> list[str]:
        return [_column(seen) for seen in self.look.columns(self._mappings)]

    def _change(self, at: int, typed: str) -> None:
        seen = self.look.columns(self._mappings)[at]
        if typed in NOTHING:
            self.say(seen, "")
        else:
            self._pick(self, seen, typed)


def _column(seen: Seen) -> str:
    """ "Asiakas              -              company?    Acme GmbH · Bolt BV"."""
    how = seen.how or (f"{seen.guess}?" if seen.guess else "")
    below = " · ".join(cut(text, 24) for text in seen.samples)
    return f"{fit(seen.label, HEADER)} {fit(seen.field or '-', FIELD)} {fit(how, HOW)} {below}"


class Stages(Listed):
    """The stages of the files that go by other names here. `pick`: asks which of ours one is, or whether it
    becomes one of the team's."""

    hint = "⏎ or letters: which of ours  + keeps it  ctrl+s goes on  Esc back"

    def __init__(
        self,
        stages: Sequence[ForeignStage],
        staging: Staging,
        pick: Callable[[Stages, ForeignStage, str], None],
        go_on: Does,
        go_back: Does,
    ) -> None:
        self._stages, self._staging, self._pick = stages, staging, pick
        unknown = next((at for at, stage in enumerate(stages) if stage in staging.open), None)
        super().__init__(go_on, go_back, unknown)
        self.title = "Stages: theirs, how many rows, and ours"

    def _rows(self) -> list[str]:
        return [self._row(stage) for stage in self._stages]

    def _row(self, stage: ForeignStage) -> str:
        """ "Legal check                     3  negotiation      guessed by its number"."""
        from huntertui.exchange.foretelling import placed

        ours, how = stage.ours, f"guessed by {stage.hint}"
        if said := self._staging.given.get(stage.theirs):
            new = next((one for one in self._staging.new if one.stage.name == said), None)
            ours, how = said, f"new, {placed(new)}" if new else "yours"
        elif not ours:
            ours, how = "new or contacted", "guessed by whether it was ever touched"
        elif stage.known:
            how = stage.hint
        return f"{fit(stage.theirs, THEIRS)} {stage.rows:>9,}  {fit(ours, OURS)} {how}"

    def _change(self, at: int, typed: str) -> None:
        if typed not in NOTHING:
            self._pick(self, self._stages[at], typed)


class Dates(Step):
    """Which number of a date is the day; `orders`: key -> (what it means, what it does)."""

    asks = True
    hint = "d or m  Esc goes back"

    def __init__(self, what: str, orders: dict[str, tuple[str, Does]], go_back: Does) -> None:
        lines = [what, "", *(f"{key}  {says}" for key, (says, _) in orders.items())]
        super().__init__("Day first, or month first?", [*map(DetailLine, lines)], lambda: None, go_back)
        self._does = {key: does for key, (_, does) in orders.items()}

    def key(self, key: str) -> None:
        """Take an answer."""
        self._does.get(key, lambda: super(Dates, self).key(key))()


class Picker(Chooser):
    """One of some words. `choices`: (word, what is said of it), the likeliest first; `own`: how a word begins
    that may be typed though it is none of them, "" where none may."""

    hint = "type to filter  ↑ ↓ choose  ⏎ takes it  Esc goes back"

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        take: Callable[[str], None],
        go_back: Does,
        typed: str = "",
        about: str = "",
        own: str = "",
    ) -> None:
        """`about`: what else there is to know, behind what is typed."""
        super().__init__()
        self._title, self._choices, self._take_word, self._go_back = title, choices, take, go_back
        self._about, self._own = about, own
        self._filter(typed)

    def leave(self) -> None:
        """Go back, and choose nothing."""
        self._go_back()

    def _heading(self) -> str:
        about = f"({self._about})" if self._about else ""
        return " ".join(filter(None, (f"{self._title}:", self._typed, about)))

    def _found(self, typed: str) -> Iterator[Entry]:
        """Those that begin so, then those that have it within."""
        text = typed.strip().casefold()
        begin = [choice for choice in self._choices if choice[0].casefold().startswith(text)]
        within = [one for one in self._choices if one not in begin and text in one[0].casefold()]
        if self._own and text.startswith(self._own) and not begin:
            begin = [(text, "as you say it")]
        for word, says in (*begin, *within):
            yield Entry(f"{fit(word, 20)} {says}", partial(self._take_word, word))
