"""The outlook: sums by month, owner and currency, and what the past says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest
from desks import NOW, Clock, desk_at, small_world
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.errors import HunterError
from huntertui.model.opportunity import Opportunity
from huntertui.model.outlook import ENOUGH, OVERDUE, UNDATED, Outlook, is_deal, outlook
from huntertui.model.pipeline import CLOSED, Policy
from huntertui.model.ranking import row_of
from huntertui.store import Doc

POLICY = Policy()
TODAY = date(2026, 11, 23)
DEAL = Opportunity(id=1, owner="ana", stage="proposal", value=1000, currency="EUR", created=NOW, clock=NOW)
OPEN = (
    DEAL,
    replace(DEAL, id=2, expected_close=date(2026, 12, 24), value=500),
    replace(DEAL, id=3, expected_close=date(2026, 12, 1), currency="USD"),
    replace(DEAL, id=4, expected_close=date(2026, 12, 31), owner="ben", stage="verbal"),
    replace(DEAL, id=5, expected_close=date(2026, 11, 20)),
    replace(DEAL, id=6, expected_close=date(2026, 11, 22)),  # a Sunday: until the end of Monday
    replace(DEAL, id=7, value=None),
)


def told(
    deals: Iterable[Opportunity],
    entered: Mapping[int, date] = MappingProxyType({}),
    stood: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> Outlook:
    """What is said of these, open and closed."""
    deals = list(deals)
    rows = [row_of(o, POLICY) for o in deals if o.stage not in CLOSED]
    return outlook(rows, [o for o in deals if o.stage in CLOSED], entered, stood, POLICY, TODAY)


def won(id: int, days: int, value: int | None = 1000, currency: str = "EUR") -> Opportunity:
    """Won today after so many days."""
    began = datetime(2026, 11, 23, 9, tzinfo=UTC) - timedelta(days=days)
    return replace(DEAL, id=id, stage="won", value=value, currency=currency, created=began, closed_on=TODAY)


def test_sums_are_by_month_owner_and_currency() -> None:
    parts = told(OPEN).parts
    assert [(p.month, p.owner, p.currency, p.ids, p.total, p.weighted) for p in parts] == [
        (OVERDUE, "ana", "EUR", (5,), 1000, 600),
        ("2026-11", "ana", "EUR", (6,), 1000, 600),
        ("2026-12", "ana", "EUR", (2,), 500, 300),
        ("2026-12", "ben", "EUR", (4,), 1000, 900),
        ("2026-12", "ana", "USD", (3,), 1000, 600),
        (UNDATED, "ana", "EUR", (1,), 1000, 600),
    ]


def test_pace_is_of_what_was_decided_lately() -> None:
    lost = replace(DEAL, id=20, stage="lost", lost_reason="price", closed_on=TODAY, closed_from="proposal")
    closed = (
        won(10, 10),
        won(11, 30, 3000),
        won(12, 20, None),
        lost,
        replace(lost, id=21, lost_reason="duplicate"),
        replace(lost, id=23, closed_from="attempting"),  # it never was a deal
        replace(lost, id=22, closed_on=TODAY - timedelta(days=181)),
    )
    (pace, other) = told((*OPEN, *closed, won(30, 5, 70, "USD"))).paces
    assert (pace.currency, pace.won, pace.lost, pace.rate) == ("EUR", (10, 11, 12), (20,), 0.75)
    assert (pace.average, pace.cycle) == (2000, 20)
    assert pace.velocity == round(6 * 0.75 * 2000 / 20)  # six deals in EUR are open
    assert (other.currency, other.rate) == ("USD", 1.0)


def test_days_in_stage_are_our_own_once_enough_is_won() -> None:
    entered = {1: date(2026, 11, 9), 2: date(2026, 11, 19)}
    few = {stay.stage: stay for stay in told(OPEN, entered).stays}
    assert (few["proposal"].usual, few["proposal"].own, few["proposal"].longer) == (5, False, (1,))
    own = {"proposal": [12] * ENOUGH}
    many = {stay.stage: stay for stay in told(OPEN, entered, own).stays}
    assert (many["proposal"].usual, many["proposal"].own, many["proposal"].longer) == (12, True, ())


def test_slippage_is_from_the_first_promise() -> None:
    first = date(2026, 12, 1)
    deals = [
        replace(DEAL, id=id, push_count=1, original_close=first, expected_close=first + timedelta(days=days))
        for id, days in ((1, 10), (2, 20))
    ]
    found = told([*deals, replace(DEAL, id=3)])
    assert (found.slipped, found.slippage) == ((1, 2), 15)


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """The small world."""
    desk = desk_at("memory:", clock)
    small_world(desk)
    return desk


def test_the_desk_reads_stages_from_history(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=7)
    stays = {stay.stage: stay for stay in desk.outlook().stays}
    assert stays["proposal"].days == {4: 5}
    desk.move(4, "negotiation")
    assert {stay.stage: stay.days for stay in desk.outlook().stays}["negotiation"] == {4: 0}
    desk.win(4)
    assert [pace.won for pace in desk.outlook().paces] == [(4,)]
    assert desk.outlook("-initech").paces == ()


# Random history, recounted from the documents alone

DEEDS: tuple[Callable[[Desk, int], object], ...] = (
    lambda d, id: d.set_value(id, "5k"),
    lambda d, id: d.set_value(id, "$7k"),
    lambda d, id: d.move(id, "proposal"),
    lambda d, id: d.move(id, "contacted"),
    lambda d, id: d.forward(id),
    lambda d, id: d.expect_close(id, "+2"),
    lambda d, id: d.expect_close(id, "+40 slipped"),
    lambda d, id: d.assign(id, "ben"),
    lambda d, id: d.win(id),
    lambda d, id: d.lose(id, "p"),
    lambda d, id: d.lose(id, "duplicate"),
    lambda d, id: d.lose_for_now(id, "+30"),
    lambda d, id: d.reopen(id),
    lambda d, _: d.undo(),
)
history = st.lists(
    st.tuples(st.integers(0, len(DEEDS) - 1), st.integers(1, 6), st.sampled_from([0, 5, 30, 70])), max_size=40
)


@given(history, st.sampled_from(["", "stage:proposal", "owner:ben", "-acme"]))
@settings(max_examples=30)
def test_every_sum_is_that_of_its_documents(deeds: list[tuple[int, int, int]], query: str) -> None:
    clock = Clock()
    desk = desk_at("memory:", clock)
    small_world(desk)
    for deed, id, hours in deeds:
        clock.pass_(hours=hours)
        with suppress(HunterError):  # what cannot be done now
            DEEDS[deed](desk, id)
    found, pipeline, calendar, today = desk.outlook(query), POLICY.pipeline, POLICY.calendar, desk.today()
    holds = desk.book.holds(query, desk.now().timestamp()) if query else lambda _: True
    docs = {
        id: doc for id, doc in desk.store.find("opportunities")
        if holds(next(row for lane in desk.rows_of([id]) for row in lane))
    }  # fmt: skip
    open_ones = {id: doc for id, doc in docs.items() if doc["stage"] not in CLOSED}
    sums: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for id, doc in open_ones.items():
        if doc.get("value"):
            close = date.fromisoformat(doc["expected_close"]) if doc.get("expected_close") else None
            past = close is not None and calendar.roll(close) < today
            month = UNDATED if close is None else OVERDUE if past else f"{close:%Y-%m}"
            sums[month, doc.get("owner", ""), doc["currency"]].append(id)
    assert {(part.month, part.owner, part.currency): list(part.ids) for part in found.parts} == sums
    for part in found.parts:
        values = [(docs[id]["value"], pipeline[docs[id]["stage"]].probability) for id in part.ids]
        assert part.total == sum(value for value, _ in values)
        assert part.weighted == round(sum(value * chance for value, chance in values) / 100)
    lost = {id for id, doc in docs.items() if doc["stage"] == "lost" and doc["lost_reason"] != "duplicate"}
    decided = {id for id in lost if is_deal(docs[id]["closed_from"], POLICY)}
    decided |= {id for id, doc in docs.items() if doc["stage"] == "won"}
    assert {id for pace in found.paces for id in pace.won + pace.lost} == decided
    for pace in found.paces:
        assert {docs[id].get("currency") or "EUR" for id in pace.won + pace.lost} == {pace.currency}
    slipped = {
        id: (date.fromisoformat(doc["expected_close"]) - date.fromisoformat(doc["original_close"])).days
        for id, doc in open_ones.items() if doc.get("push_count")
    }  # fmt: skip
    assert set(found.slipped) == {id for id, days in slipped.items() if days > 0}
    stays = {id: (stay.stage, days) for stay in found.stays for id, days in stay.days.items()}
    assert stays == {
        id: (doc["stage"], calendar.days_between(entered(desk, id, doc), today))
        for id, doc in open_ones.items() if is_deal(doc["stage"], POLICY)
    }  # fmt: skip


def entered(desk: Desk, id: int, doc: Doc) -> date:
    """The day of its last change of stage, or on which it came."""
    events = [event for _, event in desk.store.find("events", [("opportunity", "=", id)])]
    moves = [event["at"] for event in events if event["kind"] == "stage"]
    return POLICY.calendar.day(datetime.fromisoformat(max([*moves, doc["created"]])))
