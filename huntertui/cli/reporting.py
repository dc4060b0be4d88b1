"""The verbs that tell how things stand: brief, team report and stats."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from huntertui.cli.options import add_forms
from huntertui.cli.output import aligned, put_csv, put_json, put_plain
from huntertui.cli.people import HEAD, LATE, inform, tell
from huntertui.cli.session import Session
from huntertui.errors import Usage
from huntertui.model.codec import instant_text
from huntertui.model.money import amounts
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.ranking import Mark
from huntertui.model.text import Unclear

if TYPE_CHECKING:
    from huntertui.model.figures import Figure
    from huntertui.model.outlook import Outlook
    from huntertui.model.ranking import Row
    from huntertui.model.scorecard import Card

NEGLECTED = 10
"""The exit code of brief when something is neglected: for scripts, as grep tells by its own."""

_CLOSING = LANES.index(Discipline.CLOSING)


def brief_arguments(parser: ArgumentParser) -> None:
    """The arguments of brief."""
    parser.add_argument("--all", action="store_true", help="the whole team's, not only mine")
    add_forms(parser)


def brief(session: Session) -> int:
    """One line for the login message; 10 when something is neglected, 0 when nothing is."""
    with session.shelf() as desk:
        now = desk.now().timestamp()
        rows = [row for row in desk.book.rows() if session.args.all or row.owner == desk.me]
        late = [row for row in rows if row.late(now)]
        deals = [row for row in late if row.lane == _CLOSING]
        promises = sum(row.promise for row in late)
        free = desk.book.open_to_me(now)
        end = desk.policy.calendar.end_of(desk.today()).timestamp()
        today = sum(now <= row.by <= end and Mark.TRIAGE not in row.marks for row in rows)
    worth = _worth(deals)
    if session.args.json:
        put_json(
            {"at": instant_text(desk.now()), "member": None if session.args.all else desk.me}
            | {"neglected": len(late), "promises": promises, "deals": len(deals), "worth": worth}
            | {"due_today": today, "open_to_me": free}
        )
    elif session.args.plain:
        put_plain([list(map(str, (len(late), promises, len(deals), today, free)))])
    else:
        parts = [
            f"{len(late)} neglected" if late else "nothing neglected",
            f"{promises} promised" if promises else "",
            f"{len(deals)} deal{'s' * (len(deals) > 1)} {amounts(worth)}".rstrip() if deals else "",
            f"{today} due today" if today else "",
            f"{free} open to me" if free else "",
        ]
        inform(session, ", ".join(filter(None, parts)), LATE if late else "")
    return NEGLECTED if late else 0


def _worth(rows: list[Row]) -> dict[str, int]:
    worth: Counter[str] = Counter()
    for row in rows:
        worth[row.currency] += row.value or 0
    return {currency: total for currency, total in sorted(worth.items()) if total}


def report_arguments(parser: ArgumentParser) -> None:
    """The arguments of reports: what they are about, and their form."""
    parser.add_argument("--filter", metavar="QUERY", default="", help="of what matches only: country:de")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="one JSON object, with the items behind each figure"
    )
    form.add_argument("--csv", action="store_true", help="a line for each person")
    form.add_argument("--plain", action="store_true", help="the same parted by tabs, without headers")


@contextmanager
def _query_meant() -> Iterator[None]:
    """A query that makes no sense is a word on the command line that does not."""
    try:
        yield
    except Unclear as error:
        raise Usage(f"--filter: {error}") from None


def report(session: Session) -> int:
    """The scorecard of this week: the team's, and each person's."""
    from huntertui.model.figures import KINDS, words
    from huntertui.model.scorecard import TEAM, weeks_until

    with session.desk() as desk, _query_meant():
        found = desk.scorecard(session.args.filter)
        weeks = weeks_until(desk.now(), desk.policy.calendar)
    cards = found.cards
    if session.args.json:
        put_json(
            {"at": instant_text(desk.now()), "filter": found.query or None}
            | {"weeks": [day.isoformat() for day in weeks], "cards": [_card(card) for card in cards]}
        )
    elif session.args.csv or session.args.plain:
        figures = [[_flat(card.figures[kind.name]) for kind in KINDS] for card in cards]
        whose = [[card.who or "team", LANES[card.weakest].value] for card in cards]
        heads = ["who", "weakest", *(kind.name for kind in KINDS)]
        put_table(session, heads, list(map(list.__add__, whose, figures)))
    else:
        for card in cards:
            if card.who == TEAM or any(figure.value or figure.of for figure in card.figures.values()):
                tell(session, f"{card.who or 'team'}: weakest in {LANES[card.weakest].value}", HEAD)
                cells = [
                    [f"  {LANES[kind.lane].value}", kind.title, words(card.figures[kind.name], kind.unit)]
                    for kind in KINDS
                ]
                for line in aligned(cells, 80, stretch=1, right=frozenset()):
                    tell(session, line)
    return 0


def put_table(session: Session, heads: list[str], rows: list[list[str]]) -> None:
    """As CSV with its heads, or parted by tabs without them."""
    if session.args.csv:
        put_csv([heads, *rows])
    else:
        put_plain(rows)


def _flat(figure: Figure) -> str:
    """A figure in one cell: a part of a whole as 4/10, money as "EUR 20700000" in minor units."""
    if figure.worth:
        return " ".join(f"{currency} {total}" for currency, total in sorted(figure.worth.items()))
    return str(figure.value) if figure.of is None else f"{figure.value}/{figure.of}"


def _card(card: Card) -> dict[str, Any]:
    return {
        "who": card.who or None,
        "weakest": LANES[card.weakest].value,
        "figures": {name: _figure(figure) for name, figure in card.figures.items()},
    }


def _figure(figure: Figure) -> Mapping[str, Any]:
    return {
        "value": figure.value, "of": figure.of, "ids": figure.ids, "missing": figure.rest,
        "worth": dict(figure.worth), "weeks": figure.weeks,
    }  # fmt: skip


def stats(session: Session) -> int:
    """The outlook: what is to come in, and what the past says of it."""
    with session.desk() as desk, _query_meant():
        found = desk.outlook(session.args.filter)
    if session.args.json:
        put_json({"at": instant_text(desk.now()), "filter": session.args.filter or None} | _outlook(found))
        return 0
    if session.args.csv or session.args.plain:
        parts = ((p.month, p.owner, p.currency, len(p.ids), p.total, p.weighted) for p in found.parts)
        heads = ["month", "owner", "currency", "deals", "total", "weighted"]
        put_table(session, heads, [list(map(str, part)) for part in parts])
        return 0
    for line in _told(found):
        tell(session, line, "" if line.startswith(" ") else HEAD)
    return 0


def _outlook(found: Outlook) -> dict[str, Any]:
    return {
        "expected": [
            {
                "month": part.month, "owner": part.owner or None, "currency": part.currency, "ids": part.ids,
                "total": part.total, "weighted": part.weighted,
            }
            for part in found.parts
        ],
        "pace": [
            {
                "currency": pace.currency, "won": pace.won, "lost": pace.lost, "win_rate": pace.rate,
                "average": pace.average, "cycle_days": pace.cycle, "velocity_a_day": pace.velocity,
            }
            for pace in found.paces
        ],
        "stages": [
            {
                "stage": stay.stage, "usual_days": stay.usual, "own": stay.own, "days": dict(stay.days),
                "longer": stay.longer,
            }
            for stay in found.stays
        ],
        "slipped": found.slipped,
        "slipped_days": found.slippage,
    }  # fmt: skip


def _told(found: Outlook) -> Iterator[str]:
    """Headings, and under each its lines: columns, and the numbers of what stands longer than is usual."""
    from huntertui.model.outlooklines import lines

    for count, told in groupby(lines(found), lambda line: len(line.cells)):
        if count == 1:
            yield from (line.cells[0] if line.heading else f"  {line.cells[0]}" for line in told)
        else:
            rows = [[f"  {line.cells[0]}", *line.cells[1:]] for line in told]
            yield from aligned(rows, 80, stretch=2, right=frozenset({1}))
