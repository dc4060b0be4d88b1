"""The scorecard and the outlook: panels in which Enter opens exactly what a figure counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from huntertui.errors import Usage
from huntertui.model.figures import KINDS, STEMS, Figure, Kind, words
from huntertui.model.money import amounts
from huntertui.model.outlook import ENOUGH, PAST, Outlook
from huntertui.model.pipeline import LANES
from huntertui.model.scorecard import TEAM, Card
from huntertui.tui.counted import Counted, Open, Told
from huntertui.tui.describe import TITLES
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking

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
        pages = [(f"{title_of(card)}{about}", list(card_lines(card))) for card in order]
        self.panel = Cards(pages, self.show_exactly, [card.who for card in order], self.show_day_of)

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
