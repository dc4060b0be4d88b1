"""The scorecard: every figure is recounted from the items and events that stand behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from desks import NOW, Clock, desk_at, desk_over, small_world
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.desk.scoring import deed_of
from huntertui.errors import HunterError
from huntertui.model.figures import BY_NAME, KINDS, Unit
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import LANES, Discipline, Pipeline, Policy
from huntertui.model.ranking import Row
from huntertui.model.scorecard import NEVER_ONE, NO, TEAM, WEEKS, Card, weeks_until
from huntertui.model.team import Member, Targets, Team
from huntertui.model.touch import Outcome

PEOPLE = ("ana", "ben", "cat")


def by_name(desk: Desk, query: str = "") -> dict[str, Card]:
    return {card.who: card for card in desk.scorecard(query).cards}


def ids(card: Card, name: str) -> tuple[int, ...]:
    return card.figures[name].ids


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """The small world on its Monday."""
    desk = desk_at("memory:", clock)
    small_world(desk)
    return desk


def test_a_new_team_has_nothing_to_show(clock: Clock) -> None:
    cards = desk_at("memory:", clock).scorecard().cards
    assert [card.who for card in cards] == [TEAM, "ana"]
    for card in cards:
        assert not any(figure.value or figure.ids or figure.rest for figure in card.figures.values())


@pytest.mark.parametrize(
    ("do", "name", "counted"),
    [
        (lambda d: d.log(1, Outcome.NO_ANSWER), "first_touches", (1,)),
        (lambda d: d.log(1, Outcome.REPLIED), "first_touches", ()),  # theirs, not ours
        (lambda d: d.log(1, Outcome.WRONG_NUMBER), "first_touches", ()),
        (lambda d: d.log(4, Outcome.ASKED), "asks", (4,)),
        (lambda d: (d.log(4, Outcome.ASKED), d.log(4, Outcome.ASKED)), "asks", (4,)),
        (lambda d: d.win(4), "decisions", (4,)),
        (lambda d: d.lose(4, "p"), "decisions", (4,)),
        (lambda d: d.lose(4, "g"), "decisions", ()),  # silence is no decision
        (lambda d: d.lose(1, "p"), "decisions", ()),  # a no before there was a deal
        (lambda d: (d.win(4), d.reopen(4), d.lose(4, "g")), "decisions", ()),  # the last one counts
        (lambda d: (d.win(4), d.undo()), "decisions", ()),
        (lambda d: d.expect_close(4, "15jan budget slipped"), "pushes", (4,)),
        (lambda d: d.expect_close(4, "7dec"), "pushes", ()),  # pulled in
        (lambda d: d.lose(1, "g"), "persistence", (1,)),
        (lambda d: d.lose(1, "i"), "persistence", ()),  # a clear no is not giving up
        (lambda d: d.lose(1, "duplicate"), "persistence", ()),
        (lambda d: (d.log(1, Outcome.TALKED), d.lose(1, "g")), "persistence", ()),  # the cadence had ended
    ],
)
def test_what_is_counted(
    desk: Desk, do: Callable[[Desk], object], name: str, counted: tuple[int, ...]
) -> None:
    do(desk)
    cards = by_name(desk)
    assert ids(cards["ana"], name) == ids(cards[TEAM], name) == counted
    assert ids(cards["ben"], name) == ()


def test_persistence_is_touches_made_of_those_planned(desk: Desk) -> None:
    for id in (1, 2):
        desk.log(id, Outcome.NO_ANSWER)
    desk.log(1, Outcome.SENT)
    desk.lose(1, "g")
    desk.lose(2, "o")
    figure = by_name(desk)["ana"].figures["persistence"]
    assert (figure.ids, figure.rest, figure.of) == ((1, 2), (1, 2), 12)
    assert figure.value == 2  # both touches of #1 on one day are one step


def test_on_time_is_what_was_followed_up_before_it_was_red(desk: Desk, clock: Clock) -> None:
    for id in (1, 2):
        desk.log(id, Outcome.TALKED)
    clock.pass_(days=4)  # Friday
    desk.log(1, Outcome.NO_ANSWER)
    assert ids(by_name(desk)["ana"], "on_time") == (1,)
    clock.pass_(days=10)  # both are red since the Friday after
    figure = by_name(desk)["ana"].figures["on_time"]
    assert (figure.ids, figure.rest, figure.weeks[-1]) == ((), (1, 2), 0)
    desk.log(2, Outcome.NO_ANSWER)
    figure = by_name(desk)["ana"].figures["on_time"]
    assert (figure.ids, figure.rest, figure.of) == ((), (1, 2), 2)


def test_a_helper_is_credited_and_the_lateness_stays_with_the_owner(desk: Desk, clock: Clock) -> None:
    desk.log(1, Outcome.TALKED)
    clock.pass_(days=15)
    ben = desk_over(desk.store, clock, "ben")
    ben.claim(1)
    ben.log(1, Outcome.ASKED)
    cards = by_name(desk)
    assert cards["ana"].figures["on_time"].rest == (1,)
    assert cards["ben"].figures["on_time"].rest == ()
    assert (ids(cards["ben"], "asks"), ids(cards["ana"], "asks")) == ((1,), ())


def test_inherited_red_counts_after_one_business_day(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=10)  # Thursday; #1 is red
    desk.assign(1, "ben")
    cards = by_name(desk)
    assert 1 in ids(cards[TEAM], "new_neglected")
    assert 1 not in ids(cards["ben"], "new_neglected")
    clock.pass_(days=2)
    assert 1 in ids(by_name(desk)["ben"], "new_neglected")


def test_past_close_is_found_also_where_it_is_parked(desk: Desk, clock: Clock) -> None:
    assert ids(by_name(desk)["ana"], "past_close") == ()
    clock.pass_(days=19)  # the 12th, it was to close on the 11th
    assert ids(by_name(desk)["ana"], "past_close") == (4,)
    desk.park(4, "31dec h")
    assert ids(by_name(desk)["ana"], "past_close") == (4,)


@pytest.mark.parametrize(
    ("do", "counted"),
    [
        ([], ()),
        (["+1"], ()),  # one date is a plan
        (["+1", "+2"], (4,)),
        (["+1", "park"], (4,)),
        (["push", "park"], (4,)),
        (["push", "+1", "touch"], ()),
        (["push", "+1", "touch", "+3"], ()),
        (["push", "touch", "+1", "+2"], (4,)),
        (["+1", "close sooner"], ()),  # pulled in
        (["+1", "note", "raise", "+2"], (4,)),  # no touch
        (["+1", "+2", "undo"], ()),
        (["+1", "+2", "won"], ()),
    ],
)
def test_put_off_is_dated_parked_or_pushed_again_without_a_touch(
    desk: Desk, do: list[str], counted: tuple[int, ...]
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "park": lambda: desk.park(4, "+5d h"),
        "push": lambda: desk.expect_close(4, "+30 their budget"),
        "close sooner": lambda: desk.expect_close(4, "+2"),
        "touch": lambda: desk.log(4, Outcome.NO_ANSWER),
        "note": lambda: desk.note(4, "hm"),
        "raise": lambda: desk.raise_priority(4, 1),
        "undo": desk.undo,
        "won": lambda: desk.win(4),
    }
    for one in do:
        acts.get(one, lambda one=one: desk.snooze(4, one))()
    assert ids(by_name(desk)["ana"], "deals_put_off") == counted
    assert ids(by_name(desk)["ana"], "new_put_off") == ()


@pytest.mark.parametrize(
    ("do", "worked", "otherwise"),
    [
        (lambda d, _: d.log(4, Outcome.NO_ANSWER), (4,), ()),
        (lambda d, _: d.park(4, "+5d h"), (), (4,)),
        (lambda d, _: (d.park(4, "+5d h"), d.log(4, Outcome.TALKED)), (), (4,)),
        (lambda d, _: d.lose(4, "p"), (), (4,)),
        (lambda d, _: d.snooze(4, "+1"), (), ()),  # it stays red
        (lambda d, _: (d.park(4, "+5d h"), d.undo()), (), ()),
        (
            lambda d, c: (
                c.pass_(days=5),
                d.log(4, Outcome.MET),
                c.pass_(days=6),
                d.expect_close(4, "+9 slip"),
            ),
            (),
            (4,),
        ),
    ],
)
def test_how_a_red_was_cleared_is_told(
    desk: Desk,
    clock: Clock,
    do: Callable[[Desk, Clock], object],
    worked: tuple[int, ...],
    otherwise: tuple[int, ...],
) -> None:
    clock.pass_(days=10)  # the deal is red
    do(desk, clock)
    figure = by_name(desk)["ana"].figures["deals_worked_off"]
    assert (figure.ids, figure.rest, figure.of) == (worked, otherwise, len(worked) + len(otherwise))


def test_who_only_helped_has_a_card_too(desk: Desk, clock: Clock) -> None:
    """So that the team's figures are those of its people."""
    cat = desk_over(desk.store, clock, "cat")
    cat.log(4, Outcome.ASKED)
    assert ids(by_name(desk)["cat"], "asks") == (4,)


def test_a_plan_is_of_ones_own_working_days(clock: Clock) -> None:
    team = Team(
        (
            Member("ana", days=frozenset({0, 1})),
            Member("ben", targets=Targets(closing=None)),
            Member("cat"),
            Member("dan", left=date(2026, 11, 25)),
        )
    )
    desk = desk_at("memory:", clock)
    desk.adopt(replace(Policy(), team=team))
    desk.away("cat until thu ill")
    desk.add_opportunity(Opportunity(company="C", owner="gone", created=NOW, clock=NOW))
    clock.pass_(days=4)  # Friday
    desk.adopt(replace(Policy(), team=team))
    cards = by_name(desk)
    plans = {who: card.figures["first_touches"].of for who, card in cards.items()}
    assert plans == {TEAM: 90, "ana": 20, "ben": 50, "cat": 20, "gone": 0}
    assert (cards["ben"].figures["asks"].of, cards["cat"].figures["asks"].of) == (None, 4)


def test_a_stage_that_is_no_more_is_followed_up(desk: Desk) -> None:
    desk.move(1, "qualified")
    desk.log(1, Outcome.NO_ANSWER)
    stages = tuple(stage for stage in Policy().pipeline.stages if stage.name != "qualified")
    desk.adopt(replace(Policy(), pipeline=Pipeline(stages)))
    assert ids(by_name(desk)["ana"], "on_time") == (1,)


def test_currencies_are_never_mixed(desk: Desk, clock: Clock) -> None:
    id = desk.add("Gus @Quux $7k").ids[0]
    desk.move(id, "proposal")
    clock.pass_(days=15)
    figure = by_name(desk)["ana"].figures["at_risk"]
    assert (figure.worth, figure.ids) == ({"EUR": 5_000_000, "USD": 700_000}, (4, id))


def test_weeks_are_compared_and_the_plan_is_of_the_days_gone(desk: Desk, clock: Clock) -> None:
    desk.log(1, Outcome.NO_ANSWER)
    assert by_name(desk)["ana"].figures["first_touches"].of == 10
    clock.pass_(days=8)  # Tuesday a week later
    desk.log(2, Outcome.NO_ANSWER)
    figure = by_name(desk)["ana"].figures["first_touches"]
    assert (figure.ids, figure.of) == ((2,), 20)
    assert figure.weeks == (0, 0, 0, 2, 5)  # percents of 50, and of 20 so far


def test_the_weakest_is_where_most_is_neglected(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=3)
    assert by_name(desk)["ana"].weakest == LANES.index(Discipline.PROSPECTING)


def test_old_events_are_not_read(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntertui.desk.scoring.BACKWARDS", 10)
    monkeypatch.setattr("huntertui.desk.scoring.PAGE", 10)
    for _ in range(60):
        desk.note(1, "x")
    clock.pass_(weeks=8)
    desk.log(1, Outcome.NO_ANSWER)
    read: list[int] = []
    latest = desk.store.latest

    def counting(table: str, limit: int, before: int | None = None) -> object:
        found = latest(table, limit, before)
        read.append(len(found))
        return found

    monkeypatch.setattr(desk.store, "latest", counting)
    assert by_name(desk)["ana"].figures["first_touches"].value == 1
    assert sum(read) == 20


@pytest.mark.parametrize(
    "doc",
    [{}, {"opportunity": "1", "at": "x"}, {"opportunity": 1, "at": "never"}, {"opportunity": True, "at": ""}],
)
def test_what_cannot_be_read_is_left_out(doc: dict[str, object]) -> None:
    assert deed_of(doc) is None


# Random history, recounted without the model


DEEDS: tuple[Callable[[Desk, int], object], ...] = (
    lambda d, id: d.log(id, Outcome.NO_ANSWER),
    lambda d, id: d.log(id, Outcome.TALKED),
    lambda d, id: d.log(id, Outcome.ASKED),
    lambda d, id: d.log(id, Outcome.REPLIED),
    lambda d, id: d.move(id, "proposal"),
    lambda d, id: d.expect_close(id, "+2"),
    lambda d, id: d.expect_close(id, "+30 slipped"),
    lambda d, id: d.set_value(id, "5k"),
    lambda d, id: d.win(id),
    lambda d, id: d.lose(id, "p"),
    lambda d, id: d.lose(id, "g"),
    lambda d, id: d.reopen(id),
    lambda d, id: d.assign(id, "cat"),
    lambda d, id: d.claim(id),
    lambda d, id: d.park(id, "+5d h"),
    lambda d, id: d.snooze(id, "+1"),
    lambda d, id: d.set_step(id, "+2 call again"),
    lambda d, _: d.undo(),
)
history = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.integers(0, len(DEEDS) - 1),
        st.integers(1, 8),
        st.sampled_from([0, 0, 5, 30, 70]),
    ),
    max_size=40,
)


@given(history, st.sampled_from(["", "country:de", "stage:proposal", "owner:cat", "-tag:hot"]))
@settings(max_examples=40)
def test_every_number_is_that_of_its_rows(history: list[tuple[str, int, int, int]], query: str) -> None:
    clock = Clock()
    ana = desk_at("memory:", clock)
    small_world(ana)
    ana.edit(2, "country", "DE")
    ana.tag(1, "hot")
    desks = {who: ana if who == "ana" else desk_over(ana.store, clock, who) for who in PEOPLE}
    for who, deed, id, hours in history:
        clock.pass_(hours=hours)
        desks[who].follow()
        with suppress(HunterError):  # what cannot be done now
            DEEDS[deed](desks[who], id)
    ana.follow()
    found = by_name(ana, query)
    for who, card in found.items():
        assert {name: numbers(card, name) for name in BY_NAME} == recounted(ana, who, query)


def numbers(card: Card, name: str) -> tuple[object, ...]:
    figure = card.figures[name]
    unit = BY_NAME[name].unit
    return (figure.ids, figure.rest, figure.value, dict(figure.worth)) if unit is not Unit.DAYS else (
        figure.ids, figure.value
    )  # fmt: skip


def recounted(desk: Desk, who: str, query: str) -> dict[str, tuple[object, ...]]:
    """The figures from the documents alone."""
    policy, now = Policy(), desk.now()
    monday = datetime.combine(weeks_until(now, policy.calendar)[-1], datetime.min.time(), UTC)
    matches = desk.book.holds(query, now.timestamp()) if query else lambda _: True
    rows = [r for r in desk.book.rows() if matches(r) and who in (TEAM, r.owner)]
    shown = {
        id: row for id, _ in desk.store.find("opportunities") for lane in desk.rows_of([id]) for row in lane
    }
    events = [
        event for _, event in desk.store.find("events")
        if desk.policy.calendar.start_of(monday.date()) <= datetime.fromisoformat(event["at"]) <= now
        and matches(shown[event["opportunity"]])
    ]  # fmt: skip
    took = {
        e["opportunity"]: datetime.fromisoformat(e["at"])
        for _, e in desk.store.find("events")
        if e["kind"] == "owner" and e.get("new") == shown[e["opportunity"]].owner
    }
    stage_lane = {s.name: LANES.index(s.discipline) for s in policy.pipeline.stages}

    def spared(row: Row) -> bool:
        at = took.get(row.id)
        if who == TEAM or at is None or row.by > at.timestamp():
            return False
        return now < policy.calendar.after_days(at, 1)

    late = [r for r in rows if r.late(now.timestamp()) and not spared(r)]
    mine = [e for e in events if who in (TEAM, e["by"])]
    out = [e for e in mine if e["kind"] == "touch" and e["direction"] == "out"]
    result: dict[str, tuple[object, ...]] = {}

    def put(
        name: str, ids: set[int], rest: Collection[int] = (), value: int | None = None, worth: object = None
    ) -> None:
        value = len(ids) if value is None else value
        result[name] = (tuple(sorted(ids)), tuple(sorted(rest)), value, worth or {})

    for lane, name in enumerate(("new", "following", "deals")):
        here = [r for r in late if r.lane == lane]
        put(f"{name}_neglected", {r.id for r in here})
        oldest = min(here, key=lambda r: (r.by, r.id), default=None)
        days = policy.calendar.late_days(datetime.fromtimestamp(oldest.by, UTC), now) if oldest else 0
        result[f"{name}_oldest"] = ((oldest.id,) if oldest else (), days)
    deals = [r for r in late if r.lane == 2 and r.value]
    put("at_risk", {r.id for r in deals}, worth={"EUR": sum(r.value or 0 for r in deals)} if deals else {})
    put_off = {
        id for id, doc in desk.store.find("opportunities")
        if doc.get("own_dates", 0) + doc.get("deferrals", 0) >= 2 and id in {r.id for r in rows}
    }  # fmt: skip
    for lane, name in enumerate(("new", "following", "deals")):
        put(f"{name}_put_off", {id for id in put_off if shown[id].lane == lane})
        cleared = [
            e for e in events
            if e["kind"] == "clear" and stage_lane[e["stage"]] == lane
            and who in (TEAM, e.get("owner") or e["by"])
        ]  # fmt: skip
        otherwise = {e["opportunity"] for e in cleared if e["how"] != "touched"}
        put(f"{name}_worked_off", {e["opportunity"] for e in cleared} - otherwise, otherwise)
    put("first_touches", {e["opportunity"] for e in out if e["stage"] == "new"})
    put("asks", {e["opportunity"] for e in out if e["outcome"] == "asked"})
    missed = {
        e["opportunity"] for e in events
        if e["kind"] == "clear" and e["how"] == "touched" and stage_lane.get(e["stage"]) == 1
        and who in (TEAM, e.get("owner") or e["by"])
    } | {r.id for r in late if r.lane == 1}  # fmt: skip
    put("on_time", {e["opportunity"] for e in out if stage_lane.get(e["stage"]) == 1} - missed, missed)
    closed = {}
    for e in mine:
        if e["kind"] == "stage" and e["new"] in ("won", "lost"):
            closed[e["opportunity"]] = e
    stopped = {
        id: e for id, e in closed.items()
        if e["new"] == "lost" and e.get("planned") and e.get("text") not in NO | NEVER_ONE
    }  # fmt: skip
    early = {id for id, e in stopped.items() if e["made"] < e["planned"]}
    put("persistence", set(stopped), early, sum(min(e["made"], e["planned"]) for e in stopped.values()))
    put(
        "decisions",
        {
            id
            for id, e in closed.items()
            if e["new"] == "won" or (e.get("text") in NO and stage_lane[e["old"]] == 2)
        },
    )
    put(
        "pushes",
        {e["opportunity"] for e in mine if e["kind"] == "close" and e.get("old") and e["new"] > e["old"]},
    )
    past = set()
    for row in rows:
        o = desk.opportunity(row.id)
        close = o.expected_close if o else None
        if row.lane == 2 and close and policy.calendar.end_of(policy.calendar.roll(close)) < now:
            past.add(row.id)
    put("past_close", past)
    return result


def test_the_table_of_figures_is_whole() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {kind.lane for kind in KINDS} == {0, 1, 2}
    assert weeks_until(NOW, Policy().calendar)[-1] == date(2026, 11, 23)
    assert len(weeks_until(NOW, Policy().calendar)) == WEEKS
    assert weeks_until(NOW - timedelta(hours=10), Policy().calendar)[-1] == date(2026, 11, 16)
