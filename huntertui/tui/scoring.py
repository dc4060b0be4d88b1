"""The scorecard and the outlook: panels in which Enter opens exactly what a figure counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.model.figures import KINDS, STEMS, Figure, Kind, words
from huntertui.model.pipeline import LANES
from huntertui.model.scorecard import TEAM, Card
from huntertui.tui.counted import Counted, Open, Told
from huntertui.tui.describe import TITLES
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking

if TYPE_CHECKING:
    from huntertui.model.outlook import Outlook
    from huntertui.model.outlooklines import Line

BARS = "▁▂▃▄▅▆▇█"
BAR = 20  # columns of a month's bar


class Cards(Counted):
    """The cards, of which d shows the day of whose card it is."""

    hint = "⏎ opens the rows  m what is missing  d the day  h l another one  Esc close"

    def __init__(
        self,
        pages: Sequence[tuple[str, Sequence[Told]]],
        show: Open,
        people: Sequence[str],
        day: Callable[[str], None],
    ) -> None:
        super().__init__(pages, show)
        self._people = people
        self._day = day

    def key(self, key: str) -> None:
        """Show the day, or what any such panel does."""
        if key != "d":
            super().key(key)
        elif who := self._people[self.page_at]:
            self._day(who)
        else:
            raise Usage("the team has no day of its own: h and l turn to a person")


class Scoring(Looking):
    """The part of the workday that tells how each of us does."""

    def scorecard(self) -> None:
        """Mine first, the team's next, then each colleague's."""
        found = self.desk.scorecard(self.lanes.text).cards
        order = sorted(found, key=lambda card: (card.who != self.desk.me, card.who != TEAM, card.who))
        about = f" · {self.lanes.text}" if self.lanes.text else ""
        first = list(self._concerns()) if not self.lanes.text else []
        pages = [
            (f"{title_of(card)}{about}", (first if card.who in (TEAM, self.desk.me) else []) + lines)
            for card, lines in ((card, list(card_lines(card))) for card in order)
        ]
        self.panel = Cards(pages, self.show_exactly, [card.who for card in order], self.show_day_of)

    def _concerns(self) -> Iterator[Told]:
        """What a lead sees before all figures."""
        for concern in self.desk.concerns():
            ids = self.desk.ids_of(concern)
            yield Told(DetailLine(concern.long, "neglected"), concern.short, ids)

    def forecast(self) -> None:
        """What is to come in, and what the past says of it."""
        found = self.desk.outlook(self.lanes.text)
        about = f": {self.lanes.text}" if self.lanes.text else ""
        self.panel = Counted([(f"Forecast{about}", list(outlook_lines(found)))], self.show_exactly)


def title_of(card: Card) -> str:
    """Whose card it is, and where it is weakest."""
    late = sum(card.figures[f"{name}_neglected"].value for name in STEMS)
    weakest = f" · weakest: {LANES[card.weakest].value}" if late else ""
    return f"{card.who or 'The team'} this week{weakest}"


def card_lines(card: Card) -> Iterator[Told]:
    """A card: the weakest discipline first, each figure with its last weeks."""
    for lane in sorted(range(len(LANES)), key=lambda lane: lane != card.weakest):
        yield Told(DetailLine(TITLES[lane], "heading"))
        for kind in KINDS:
            if kind.lane == lane:
                figure = card.figures[kind.name]
                name = f"{kind.title}: {card.who or 'team'}"
                yield Told(_figure_line(kind, figure), name, figure.ids, figure.rest, kind.says)


def _figure_line(kind: Kind, figure: Figure) -> DetailLine:
    weeks = spark(figure.weeks) if figure.weeks else ""
    red = kind.name.endswith("_neglected") and figure.value
    text = f"  {fit(kind.title, 14)} {fit(words(figure, kind.unit), 14)} {fit(weeks, 5)} {kind.says}"
    return DetailLine(text, "neglected" if red else "")


def spark(weeks: Iterable[int | None]) -> str:
    """The last weeks as bars, the tallest the most; a dot where there was nothing to do."""
    found = list(weeks)
    most = max((one for one in found if one), default=0)
    return "".join(
        "·" if one is None else BARS[round((len(BARS) - 1) * one / most) if most else 0] for one in found
    )


def outlook_lines(found: Outlook) -> Iterator[Told]:
    """The outlook, its months with bars."""
    from huntertui.model.outlooklines import lines  # late: no start pays for its statistics

    for line in lines(found):
        look = "heading" if line.heading else "neglected" if line.red else ""
        yield Told(DetailLine(_columns(line), look), line.name, line.ids, line.rest)


def _columns(line: Line) -> str:
    """The cells of a line in their columns, and its bar."""
    if len(line.cells) == 1:
        return line.cells[0] if line.heading else f"  {line.cells[0]}"
    first, count, *rest = line.cells
    bar = "━" * round(BAR * line.part) if line.part is not None else ""
    sums = " ".join(fit(cell, 10) for cell in rest[:2]) if line.part is not None else " ".join(rest)
    return f"  {fit(first, 12)} {count:>4}  {sums} {bar}".rstrip()
