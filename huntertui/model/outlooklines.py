"""The outlook in words: one line for each thing it says, with the items behind it, whoever shows them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from huntertui.model.money import amounts
from huntertui.model.outlook import ENOUGH, OVERDUE, PAST, Outlook
from huntertui.records import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, or what is said under one, in cells: several are columns of a table.

    `name`: what the line counts, as a filter is called; `rest`: what is missing from it; `part`: how long a
    bar beside it is, 0 to 1.
    """

    cells: tuple[str, ...]
    name: str = ""
    ids: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()
    part: float | None = None
    heading: bool = False
    red: bool = False


def lines(found: Outlook) -> Iterator[Line]:
    """The months, then who, then pace and slippage, then the stages."""
    yield _head("Expected, weighted by the chance of each stage")
    yield from _months(found)
    yield _head("By owner")
    yield from _owners(found)
    yield _head(f"The last {PAST} days")
    yield from _past(found)
    yield _head("Days in stage")
    for stay in found.stays:
        whose = "our won deals" if stay.own else f"the limit: fewer than {ENOUGH} won"
        cells = (
            stay.stage,
            str(len(stay.days)),
            f"open, {len(stay.longer)} longer than {stay.usual} ({whose})",
        )
        yield Line(cells, f"long in {stay.stage}", stay.longer)


def _head(text: str) -> Line:
    return Line((text,), heading=True)


def _months(found: Outlook) -> Iterator[Line]:
    ids: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    weighted: Counter[tuple[str, str]] = Counter()
    plain: Counter[tuple[str, str]] = Counter()
    for part in found.parts:
        key = part.month, part.currency
        ids[key] += part.ids
        weighted[key] += part.weighted
        plain[key] += part.total
    most: Counter[str] = Counter()
    for (_, currency), total in weighted.items():
        most[currency] = max(most[currency], total)
    for (month, currency), those in ids.items():
        total = weighted[month, currency]
        of = f"of {amounts({currency: plain[month, currency]})}"
        cells = month, str(len(those)), amounts({currency: total}), of
        share = total / most[currency] if most[currency] else 0.0
        name = f"expected {month} {currency}"
        yield Line(cells, name, tuple(sorted(those)), part=share, red=month == OVERDUE)
    if not ids:
        yield Line(("nothing with a value is open",))


def _owners(found: Outlook) -> Iterator[Line]:
    ids: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    weighted: Counter[tuple[str, str]] = Counter()
    for part in found.parts:
        ids[part.owner, part.currency] += part.ids
        weighted[part.owner, part.currency] += part.weighted
    for (owner, currency), those in sorted(ids.items()):
        who = owner or "nobody"
        cells = who, str(len(those)), amounts({currency: weighted[owner, currency]})
        yield Line(cells, f"{who} {currency}", tuple(sorted(those)))


def _past(found: Outlook) -> Iterator[Line]:
    if not found.paces:
        yield Line(("nothing was decided",))
    for pace in found.paces:
        rate = f"{pace.rate:.0%}" if pace.rate is not None else "-"
        decided = pace.won + pace.lost
        text = f"won {len(pace.won)} of {len(decided)} decided in {pace.currency}: {rate}"
        yield Line((text,), f"decided {pace.currency}", decided, pace.lost)
        if pace.average is not None and pace.cycle is not None and pace.velocity is not None:
            each, a_day = amounts({pace.currency: pace.average}), amounts({pace.currency: pace.velocity})
            yield Line((f"{each} a deal, {pace.cycle} days to win it; velocity {a_day} a day",))
    if found.slipped:
        text = f"pushed out {len(found.slipped)} that are open, by {found.slippage} days on average"
        yield Line((text,), "pushed out", found.slipped)
