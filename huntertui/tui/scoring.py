"""The scorecard and the outlook: panels in which Enter opens exactly what a figure counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from huntertui.errors import Usage
from huntertui.model.money import amounts
from huntertui.model.outlook import ENOUGH, PAST, Outlook
from huntertui.model.pipeline import LANES
from huntertui.model.scorecard import KINDS, TEAM, Card, Figure, Kind, Unit
from huntertui.records import dataclass
from huntertui.tui.describe import TITLES
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking
from huntertui.tui.panels import Panel

STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
TURNS = {"l": 1, "right": 1, "tab": 1, "h": -1, "left": -1, "shift+tab": -1}
BARS = "▁▂▃▄▅▆▇█"
BAR = 20  # columns of a month's bar

Open = Callable[[str, Sequence[int]], None]
"""Shows these items, under that name."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line, what it counts, and what is missing from it."""

    line: DetailLine
    name: str = ""
    ids: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()


class Counted(Panel):
    """Lines with a cursor on those that count something: Enter shows what; m what is missing from it."""

    hint = "⏎ opens the rows  m what is missing  h l another one  Esc close"

    def __init__(self, pages: Sequence[tuple[str, Sequence[Told]]], show: Open, page: int = 0) -> None:
        super().__init__("", ())
        self._pages = pages
        self._show = show
        self._page = page
        self._at = 0
        self._turn(0)

    def key(self, key: str) -> None:
        """Move, turn to another one's page, open, or leave."""
        if key in ("escape", "q", "ctrl+c"):
            self.done = True
        elif key in TURNS:
            self._turn(TURNS[key])
        elif key in ("enter", "m"):
            self._open(missing=key == "m")
        else:
            self._step(STEPS.get(key, 0))

    def _turn(self, by: int) -> None:
        self._page = (self._page + by) % len(self._pages)
        self.title, self._told = self._pages[self._page]
        self._stops = [at for at, told in enumerate(self._told) if told.name] or [0]
        self._at = min(self._at, len(self._stops) - 1)
        self._step(0)

    def _step(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._stops) - 1))
        at = self._stops[self._at]
        self.top = max(at - self.page + 1, min(self.top, at), 0) if self._at else 0
        self._lines = tuple(
            DetailLine(told.line.text, "cursor") if index == at and told.name else told.line
            for index, told in enumerate(self._told)
        )

    def _open(self, *, missing: bool) -> None:
        told = self._told[self._stops[self._at]]
        ids = told.rest if missing else told.ids
        if not ids:
            raise Usage(f"nothing is {'missing from' if missing else 'counted by'} {told.name or 'that'}")
        self.done = True
        self._show(f"missing: {told.name}" if missing else told.name, ids)


class Scoring(Looking):
    """The part of the workday that tells how each of us does."""

    def scorecard(self) -> None:
        """Mine first, the team's next, then each colleague's."""
        found = self.desk.scorecard(self.lanes.text).cards
        order = sorted(found, key=lambda card: (card.who != self.desk.me, card.who != TEAM, card.who))
        about = f" · {self.lanes.text}" if self.lanes.text else ""
        pages = [(f"{title_of(card)}{about}", list(card_lines(card))) for card in order]
        self.panel = Counted(pages, self.show_exactly)

    def forecast(self) -> None:
        """What is to come in, and what the past says of it."""
        found = self.desk.outlook(self.lanes.text)
        about = f": {self.lanes.text}" if self.lanes.text else ""
        self.panel = Counted([(f"Forecast{about}", list(outlook_lines(found)))], self.show_exactly)

    def show_exactly(self, name: str, ids: Sequence[int]) -> None:
        """Show these items and nothing else, open or closed."""
        self.lanes.show_exactly(name, ids)
        self.detail_top = 0


def title_of(card: Card) -> str:
    """Whose card it is, and where it is weakest."""
    late = sum(card.figures[f"{name}_neglected"].value for name in ("new", "following", "deals"))
    weakest = f" · weakest: {LANES[card.weakest].value}" if late else ""
    return f"{card.who or 'The team'} this week{weakest}"


def card_lines(card: Card) -> Iterator[Told]:
    """A card: the weakest discipline first, each figure with its last weeks."""
    for lane in sorted(range(len(LANES)), key=lambda lane: lane != card.weakest):
        yield Told(DetailLine(TITLES[lane], "heading"))
        for kind in KINDS:
            if kind.lane == lane:
                figure = card.figures[kind.name]
                yield Told(
                    _figure_line(kind, figure), f"{kind.title}: {card.who or 'team'}", figure.ids, figure.rest
                )


def _figure_line(kind: Kind, figure: Figure) -> DetailLine:
    weeks = spark(figure.weeks) if figure.weeks else ""
    red = kind.name.endswith("_neglected") and figure.value
    text = f"  {fit(kind.title, 14)} {fit(said(figure, kind.unit), 16)} {fit(weeks, 6)} {kind.says}"
    return DetailLine(text, "neglected" if red else "")


def said(figure: Figure, unit: Unit) -> str:
    """A figure as people read it: "12", "4 of 10", "9 days", "€207k"."""
    if unit is Unit.MONEY:
        return amounts(figure.worth) or "-"
    if unit is Unit.DAYS:
        return f"{figure.value} day{'s' * (figure.value != 1)}" if figure.ids else "-"
    if unit is Unit.PART:
        return f"{figure.value} of {figure.of}" if figure.of else str(figure.value or "-")
    return str(figure.value)


def spark(weeks: Iterable[int | None]) -> str:
    """The last weeks as bars, the tallest the most; a dot where there was nothing to do."""
    found = list(weeks)
    most = max((one for one in found if one), default=0)
    return "".join(
        "·" if one is None else BARS[round((len(BARS) - 1) * one / most) if most else 0] for one in found
    )


def outlook_lines(found: Outlook) -> Iterator[Told]:
    """The months, then who, then pace, stages and slippage."""
    yield Told(DetailLine("Expected, weighted by the chance of each stage", "heading"))
    months: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    totals: Counter[tuple[str, str]] = Counter()
    owners: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    theirs: Counter[tuple[str, str]] = Counter()
    for part in found.parts:
        months[part.month, part.currency] += part.ids
        totals[part.month, part.currency] += part.weighted
        owners[part.owner, part.currency] += part.ids
        theirs[part.owner, part.currency] += part.weighted
    most = Counter[str]()
    for (_, currency), total in totals.items():
        most[currency] = max(most[currency], total)
    for (month, currency), ids in months.items():
        total = totals[month, currency]
        bar = "━" * round(BAR * total / most[currency]) if most[currency] else ""
        line = f"  {fit(month, 10)} {len(ids):>4}  {fit(amounts({currency: total}), 10)} {bar}"
        look = "neglected" if month == "overdue" else ""
        yield Told(DetailLine(line, look), f"expected {month} {currency}", tuple(sorted(ids)))
    if not months:
        yield Told(DetailLine("  nothing with a value is open", "dim"))
    yield Told(DetailLine("By owner", "heading"))
    for (owner, currency), ids in sorted(owners.items()):
        line = f"  {fit(owner or 'nobody', 10)} {len(ids):>4}  {amounts({currency: theirs[owner, currency]})}"
        yield Told(DetailLine(line), f"{owner or 'nobody'} {currency}", tuple(sorted(ids)))
    yield Told(DetailLine(f"The last {PAST} days", "heading"))
    for pace in found.paces:
        rate = f"{pace.rate:.0%}" if pace.rate is not None else "-"
        line = f"  won {len(pace.won)} of {len(pace.won) + len(pace.lost)} decided in {pace.currency}: {rate}"
        yield Told(DetailLine(line), f"decided {pace.currency}", pace.won + pace.lost, pace.lost)
        if pace.average is not None and pace.cycle is not None and pace.velocity is not None:
            each, a_day = amounts({pace.currency: pace.average}), amounts({pace.currency: pace.velocity})
            yield Told(DetailLine(f"  {each} a deal, {pace.cycle} days to win it; velocity {a_day} a day"))
    if found.slipped:
        line = f"  pushed out {len(found.slipped)} that are open, by {found.slippage} days on average"
        yield Told(DetailLine(line), "pushed out", found.slipped)
    yield Told(DetailLine("Days in stage", "heading"))
    for stay in found.stays:
        whose = "our won deals" if stay.own else f"the limit: fewer than {ENOUGH} won"
        long = f"{len(stay.longer)} longer than {stay.usual} ({whose})"
        line = f"  {fit(stay.stage, 12)} {len(stay.days):>3} open, {long}"
        yield Told(DetailLine(line), f"long in {stay.stage}", stay.longer)
