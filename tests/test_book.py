"""The live view: what a scope shows and when, the counts that equal the rows, the plan, the focus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from deals import POLICY, after, agreed, assigned, at, deal, logged, lost, parked, step
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.book import ALL, Book
from huntertui.model.opportunity import Kind, Opportunity, Park
from huntertui.model.owed import neglected, open_from, owed
from huntertui.model.pipeline import LANES, LOST, STAGES, WON
from huntertui.model.query import parse
from huntertui.model.ranking import Row, row_of
from huntertui.model.touch import Outcome

NOW = at("11-23 10:00")


def t(when: str) -> float:
    """A local time as the book counts it."""
    return at(when).timestamp()


def book(*opportunities: Opportunity, now: datetime = NOW) -> Book:
    """Ana's book."""
    made = Book(POLICY, "ana")
    made.load(rows_of(opportunities), now.timestamp())
    return made


def rows_of(opportunities: Iterable[Opportunity]) -> list[Row]:
    """The rows of those that are open or come back."""
    return [row_of(o, POLICY) for o in opportunities if owed(o, POLICY)]


def ids(view: Any) -> list[int]:
    return [row.id for row in view]


# Whatever there is, the book against what a person would count by hand

OPPORTUNITIES = st.builds(
    lambda id, stage, owner, days, triage, park, revisit, value, currency, kind, planned, helper: deal(
        stage,
        id=id,
        owner=owner,
        unowned_since=None if owner else at("11-20 10:00"),
        clock=at("11-20 10:00") - timedelta(days=days),
        triage=triage and stage not in (WON, LOST),
        park=Park(park, "b") if park else None,
        revisit=revisit if stage == LOST else None,
        closed_from="proposal" if stage in (WON, LOST) else "",
        value=value,
        currency=currency,
        next=step("12-01 10:00", kind) if planned else None,
        helper=helper if owner else "",
        helper_until=at("11-25 00:00") if helper else None,
    ),
    st.integers(1, 30),
    st.sampled_from([*(stage.name for stage in STAGES), WON, LOST, LOST, LOST]),
    st.sampled_from(["ana", "ben", ""]),
    st.integers(0, 20),
    st.booleans(),
    st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 1)),
    st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 1)),
    st.none() | st.integers(0, 500),
    st.sampled_from(["", "USD"]),
    st.sampled_from(Kind),
    st.booleans(),
    st.sampled_from(["", "ana", "cem"]),
)
MANY = st.lists(OPPORTUNITIES, max_size=25, unique_by=lambda o: o.id)
TIMES = st.lists(st.integers(0, 12 * 24 * 60), min_size=1, max_size=3).map(sorted)  # minutes from NOW
SCOPES = st.sampled_from(["ana", "ben", ALL])


def shows(o: Opportunity, scope: str, now: datetime) -> bool:
    """Mine, nobody's, what I help with, what of a colleague's is open to me; a revisit from its day on."""
    due = owed(o, POLICY)
    if due is None or (o.stage == LOST and o.revisit is not None and POLICY.calendar.day(now) < o.revisit):
        return False
    opens = open_from(o, due, POLICY)
    helps = o.helper == scope and o.helper_until is not None and now < o.helper_until
    return scope == ALL or o.owner in ("", scope) or helps or (opens is not None and opens <= now)


@settings(max_examples=300)
@given(MANY, MANY, st.lists(st.integers(1, 30), max_size=8), TIMES, SCOPES)
def test_a_book_kept_up_by_changes_shows_and_counts_what_is_there(
    start: list[Opportunity], puts: list[Opportunity], drops: list[int], times: list[int], scope: str
) -> None:
    kept, left = book(*start), {o.id: o for o in start}
    kept.show(scope, NOW.timestamp())
    for o in puts:
        kept.put(o)
        left[o.id] = o
        kept.at_company(row_of(o, POLICY))
    for id in drops:
        kept.drop(id)
        left.pop(id, None)
    for minutes in times:
        check(kept, list(left.values()), scope, NOW + timedelta(minutes=minutes))


def check(kept: Book, there: list[Opportunity], scope: str, now: datetime) -> None:
    at_now = now.timestamp()
    shown = {o.id: o for o in there if shows(o, scope, now)}
    listed = [ids(kept.lane(lane, at_now)) for lane in range(len(LANES))]
    assert sorted(id for lane in listed for id in lane) == sorted(shown)
    for lane, rows in enumerate(listed):
        count = kept.count(lane, at_now)
        assert count.total == len(rows)
        assert count.late == sum(neglected(shown[id], POLICY, now) for id in rows)
        assert count.triage == sum(shown[id].triage for id in rows)
        worth: Counter[str] = Counter()
        for id in rows:
            worth[shown[id].currency or "EUR"] += shown[id].value or 0
        assert count.worth == {currency: total for currency, total in worth.items() if total}
        assert all(kept.lane_of(id) == lane for id in rows)
    for owner in ("ana", "ben", ""):
        assert kept.neglected(owner, at_now) == sum(
            neglected(o, POLICY, now) for o in there if o.owner == owner and owed(o, POLICY)
        )
    assert kept.owners() == {o.owner for o in there if o.owner and owed(o, POLICY)}
    if scope == "ana":
        assert kept.open_to_me(at_now) == sum(o.owner != "ana" for o in shown.values())
    anew = Book(POLICY, "ana")
    anew.load(rows_of(there), at_now)
    anew.show(scope, at_now)
    assert listed == [ids(anew.lane(lane, at_now)) for lane in range(len(LANES))]
    assert kept.later(at_now) == anew.later(at_now)
    assert kept.next_promise(at_now) == anew.next_promise(at_now)
    assert len(kept) == len(anew)
    for o in there:
        row = row_of(o, POLICY)
        assert kept.at_company(row) == anew.at_company(row)


# One by one


def test_a_colleagues_red_opens_after_its_grace_and_a_broken_promise_at_once() -> None:
    red = deal(owner="ben")  # red since the end of Tue 17 Nov, open three business days later
    promise = deal(owner="ben", id=2, next=agreed("11-19 15:00"))
    mine = book(red, promise, now=at("11-19 15:14"))
    assert ids(mine.lane(2, t("11-19 15:14"))) == []
    assert ids(mine.lane(2, t("11-19 15:15"))) == [2]
    assert ids(mine.lane(2, t("11-20 23:59"))) == [2]
    assert ids(mine.lane(2, t("11-21 00:00"))) == [2, 1]
    assert mine.open_to_me(t("11-21 00:00")) == 2


def test_a_scope_is_mine_or_a_colleagues_or_all() -> None:
    fresh = {"came": "11-20 10:00"}
    mine = book(
        deal(id=1, **fresh),
        deal(id=2, owner="ben", **fresh),
        deal(id=3, owner="", **fresh),
        deal(id=4, owner="ben", helper="ana", helper_until=at("11-25 00:00"), **fresh),
    )
    now = NOW.timestamp()
    for scope, shown in (("ana", [1, 3, 4]), ("ben", [2, 3, 4]), (ALL, [1, 2, 3, 4])):
        mine.show(scope, now)
        assert ids(mine.lane(2, now)) == shown
        assert mine.count(2, now).total == len(shown)


def test_a_revisit_waits_in_later_and_comes_into_prospects_on_its_day() -> None:
    back = after(deal(), lost("11-16 10:00", "12-01"))
    colleagues = after(deal(id=2, owner="ben"), lost("11-16 10:00", "12-01"))
    mine = book(back, colleagues)
    now = NOW.timestamp()
    assert (mine.later(now), mine.count(0, now).total, mine.open_to_me(now)) == (1, 0, 0)
    assert ids(mine.lane(0, t("11-30 23:59"))) == []
    assert ids(mine.lane(0, t("12-01 00:00"))) == [1]
    assert mine.later(t("12-01 00:00")) == 0
    assert mine.lane_of(1) == 0


def test_midnight_needs_no_change() -> None:
    mine = book(deal())
    assert (mine.count(2, t("11-18 00:00")).late, mine.neglected("ana", t("11-18 00:00"))) == (0, 0)
    assert (mine.count(2, t("11-18 00:01")).late, mine.neglected("ana", t("11-18 00:01"))) == (1, 1)
    assert (mine.neglected("ana", t("11-18 00:01"), 2), mine.neglected("ana", t("11-18 00:01"), 0)) == (1, 0)


def test_a_planned_row_leaves_the_plan_when_it_is_touched() -> None:
    one, two, three = (deal(id=id, came="11-20 10:00") for id in (1, 2, 3))
    mine = book(one, two, three)
    mine.plan = {2: [(3, t("11-20 12:00")), (2, t("11-23 09:00"))]}  # what is not done stays
    assert ids(mine.lane(2, NOW.timestamp())) == [3, 2, 1]
    assert mine.lane(2, NOW.timestamp()).planned == 2
    mine.put(after(three, logged("11-23 10:00", Outcome.TALKED)))
    assert (mine.planned(2), ids(mine.lane(2, NOW.timestamp()))) == ([2], [2, 1, 3])
    mine.put(after(two, lost("11-23 10:00")))
    assert ids(mine.lane(2, NOW.timestamp())) == [1, 3]


def test_a_message_of_theirs_leaves_the_plan_as_it_is() -> None:
    mine = book(deal())
    mine.plan = {2: [(1, t("11-12 09:00"))]}
    mine.put(after(deal(), logged("11-12 09:30", Outcome.WRONG_NUMBER)))
    assert mine.planned(2) == [1]


def test_a_focus_puts_its_matches_first_in_each_block_and_ends() -> None:
    def far(row: Row) -> bool:
        return row.company == "Zeta"

    today = [deal(id=1, came="11-10 10:00"), deal(id=2, came="11-11 10:00", company="Zeta")]
    later = [deal(id=3, came="11-20 10:00"), deal(id=4, came="11-23 09:00", company="Zeta")]
    mine, now = book(*today, *later), NOW.timestamp()
    assert ids(mine.lane(2, now)) == [1, 2, 3, 4]
    mine.focus(far, now)
    assert ids(mine.lane(2, now)) == [2, 1, 4, 3]
    mine.put(deal(id=5, came="11-12 10:00", company="Zeta"))
    assert ids(mine.lane(2, now)) == [2, 5, 1, 4, 3]
    mine.focus(None, now)
    assert ids(mine.lane(2, now)) == [1, 2, 5, 3, 4]


def test_what_changes_hands_or_lane_or_closes_moves() -> None:
    now = NOW.timestamp()
    mine = book(deal("contacted", came="11-20 10:00"))
    mine.put(after(deal("contacted", came="11-20 10:00"), logged("11-20 11:00", Outcome.MEETING_BOOKED)))
    assert [mine.count(lane, now).total for lane in range(3)] == [0, 0, 1]
    mine.put(after(deal(came="11-20 10:00"), assigned("11-20 11:00", "ben")))
    assert [mine.count(lane, now).total for lane in range(3)] == [0, 0, 0]
    assert (mine.owners(), mine.lane_of(1)) == ({"ben"}, None)
    mine.put(after(deal(), lost("11-20 11:00")))
    assert (len(mine), mine.row(1), mine.owners()) == (0, None, set())
    mine.drop(1)


def test_what_is_parked_stays_in_sight() -> None:
    mine = book(after(deal(), parked("11-23 09:00", "12-01")))
    assert ids(mine.lane(2, NOW.timestamp())) == [1]


def test_the_next_promise_is_mine_and_ahead() -> None:
    mine = book(
        deal(id=1, next=agreed("11-23 09:00")),
        deal(id=2, next=agreed("11-23 15:30")),
        deal(id=3, next=agreed("11-23 14:00"), owner="ben"),
        deal(id=4, next=agreed("11-24")),
    )
    promise = mine.next_promise(NOW.timestamp())
    assert promise is not None
    assert promise.id == 2
    assert mine.next_promise(t("11-23 15:31")) is None


def test_the_company_is_known_by_its_name_in_any_case() -> None:
    mine = book(
        deal(id=1), deal("new", id=2, company="ACME"), deal(id=3, company="Other"), deal(id=4, company="")
    )
    rows = {id: mine.row(id) for id in (1, 3, 4)}
    assert all(rows.values())
    assert [ids(mine.at_company(row)) for row in rows.values() if row] == [[2], [], []]
    mine.put(deal("new", id=2, company="Other"))
    assert [ids(mine.at_company(row)) for row in rows.values() if row] == [[], [2], []]


def test_what_is_found_stands_in_its_order_and_what_is_not_shown_only_then() -> None:
    mine = book(deal(id=1, came="11-20 10:00"), deal(id=2), deal("new", id=3), deal(id=4, company="Other"))
    closed = book(after(deal(id=9), lost("11-16 10:00", "12-01"))).row(9)
    assert closed is not None
    now = NOW.timestamp()

    def found(text: str, closed: list[Row] | None = None) -> list[list[int]]:
        return [ids(lane) for lane in mine.find(parse(text, mine.asking(now)), now, closed).lanes]

    assert found("acme", [closed]) == [[3], [], [2, 1]]
    assert found("acme -stage:new -stage:proposal", [closed]) == [[9], [], []]
    with pytest.raises(ValueError, match="no field"):
        found("colour:red")
