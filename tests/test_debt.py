"""The debt principle over all acts: what is owed and has passed is paid by real work, or by a reason given.

Once the owed-by has passed, only a clearing touch, closing, or parking or pushing with a reason (twice
between touches) makes it later. Time moves forward between the acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from deals import CALENDAR, POLICY, at, deal
from hypothesis import event, given, settings
from hypothesis import strategies as st

from huntertui.desk.edits import edited
from huntertui.model import acts
from huntertui.model.codec import from_doc, to_doc
from huntertui.model.explain import explain, still_red
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity, Priority
from huntertui.model.owed import neglected, owed
from huntertui.model.pipeline import CLOSED, STAGES
from huntertui.model.ranking import row_of
from huntertui.model.touch import Answer, Outcome, Touch
from huntertui.model.triage import take_up

START = at("11-10 10:00")


@dataclass(frozen=True)
class Act:
    """`pays`: it may make later what has passed; `plain`: it never changes what is owed at all."""

    name: str
    do: Callable[[Opportunity, datetime], Opportunity]
    pays: bool = False
    plain: bool = False


def a_day(now: datetime, days: int) -> date:
    return CALENDAR.day(now) + timedelta(days=days)


def a_touch(outcome: Outcome, answer: Answer, channel: Channel, inbound: bool, step: NextStep | None) -> Act:
    def do(o: Opportunity, now: datetime) -> Opportunity:
        made = Touch(now, "ana", outcome, channel, inbound, answer=answer)
        return acts.log_touch(o, made, POLICY, now, step)

    waits = inbound and answer is Answer.OWED
    closes = outcome in (Outcome.NOT_INTERESTED, Outcome.DO_NOT_CONTACT)
    return Act(f"touch {outcome}", do, pays=closes or not (waits or outcome is Outcome.WRONG_NUMBER))


def a_step(days: int, hour: int | None, kind: Kind, channel: Channel, snooze: bool) -> Act:
    def do(o: Opportunity, now: datetime) -> Opportunity:
        day = a_day(now, days)
        due = day if hour is None else at(f"{day} {hour:02}:00")
        if snooze:
            return acts.snooze(o, due, POLICY, now)
        return acts.set_step(o, NextStep("", kind, channel, due), POLICY, now)

    return Act("snooze" if snooze else f"step {kind}", do)


def a_push(days: int, reason: str) -> Act:
    def do(o: Opportunity, now: datetime) -> Opportunity:
        return acts.expect_close(o, a_day(now, days), reason, POLICY, now)

    return Act("push" if reason else "push without a reason", do, pays=bool(reason))


def park(days: int) -> Act:
    return Act("park", lambda o, now: acts.park(o, a_day(now, days), "b", "", POLICY, now), pays=True)


def lose(days: int | None) -> Act:
    def do(o: Opportunity, now: datetime) -> Opportunity:
        back = None if days is None else a_day(now, days)
        return acts.lose(o, "timing", POLICY, now, revisit=back)

    return Act("lose", do, pays=True)


def assign(owner: str) -> Act:
    return Act("assign", lambda o, now: acts.assign(o, owner, POLICY, now))


def move(stage: str) -> Act:
    return Act("move", lambda o, now: acts.move(o, stage, POLICY, now))


def an_edit(field: str, text: str) -> Act:
    return Act(f"edit {field}", lambda o, now: edited(o, field, text, POLICY, now), plain=True)


def reopen(o: Opportunity, now: datetime) -> Opportunity:
    return acts.reopen(o, POLICY, now) if o.stage in CLOSED else o


def merge(o: Opportunity, now: datetime) -> Opportunity:
    if o.stage in CLOSED:
        return o
    other = deal("meeting", owner="ben", next=NextStep(kind=Kind.AGREED, due=START + timedelta(days=9)))
    return acts.merge(o, acts.set_priority(other, Priority.LOW, POLICY, now), POLICY, now)


def work_on(o: Opportunity, now: datetime) -> Opportunity:
    return take_up(o, a_day(now, 7), POLICY, now) if o.triage and o.stage not in CLOSED else o


DAYS = st.integers(-5, 70)
NEXT = st.none() | st.builds(
    NextStep,
    kind=st.sampled_from(Kind),
    channel=st.sampled_from(Channel),
    due=st.none() | st.dates(date(2026, 11, 1), date(2027, 3, 1)),
)
ANY_TOUCH = st.builds(
    a_touch,
    st.sampled_from(Outcome),
    st.sampled_from(Answer),
    st.sampled_from(Channel),
    st.booleans(),
    NEXT,
)
ANY_STEP = st.builds(
    a_step,
    DAYS,
    st.none() | st.integers(0, 23),
    st.sampled_from(Kind),
    st.sampled_from(Channel),
    st.booleans(),
)
ALONE = [
    Act("win", lambda o, now: acts.win(o, POLICY, now), pays=True),
    Act("reopen", reopen),
    Act("take up", work_on),
    Act("merge", merge),
    Act("step done", lambda o, now: acts.step_done(o, POLICY, now)),
    Act("help", lambda o, now: acts.help_with(o, "ben", POLICY, now), plain=True),
    Act("raise", lambda o, now: acts.raise_priority(o, 1, POLICY, now), plain=True),
]
ACTS = st.one_of(
    ANY_TOUCH,
    ANY_STEP,
    st.builds(a_push, DAYS, st.sampled_from(["", "  ", "budget"])),
    st.builds(park, st.integers(-5, 60)),
    st.builds(lose, st.none() | DAYS),
    st.builds(an_edit, st.sampled_from(["notes", "name", "company", "contact", "phone"]), st.just("5551234")),
    st.builds(assign, st.sampled_from(["", "ana", "ben"])),
    st.builds(move, st.sampled_from([stage.name for stage in STAGES])),
    st.sampled_from(ALONE),
)


@st.composite
def records(draw: st.DrawFn) -> Opportunity:
    """As they come in: new ones, imported ones, of any stage, with and without an owner."""
    given: dict[str, Any] = {
        "owner": draw(st.sampled_from(["ana", ""])),
        "inbound": draw(st.booleans()),
        "triage": draw(st.booleans()),
        "expected_close": draw(st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 1))),
        "contacts": (Contact("Jane", phones=("+49 30 1",)), Contact("Joe"))[: draw(st.integers(0, 2))],
    }
    stage = draw(st.sampled_from([stage.name for stage in STAGES]))
    return acts.start(deal(stage, next=draw(NEXT), **given), POLICY)


GAPS = st.timedeltas(timedelta(minutes=1), timedelta(days=30))


@settings(max_examples=400)
@given(records(), st.lists(st.tuples(GAPS, ACTS), max_size=25))
def test_only_work_or_a_reason_puts_off_what_has_passed(
    o: Opportunity, happenings: list[tuple[timedelta, Act]]
) -> None:
    now = START
    for gap, act in happenings:
        now += gap
        if o.stage in CLOSED and act.name not in ("reopen", "lose"):
            act = Act("reopen", reopen)  # the desk asks for it before all else
        before, was_red, deferrals = owed(o, POLICY), neglected(o, POLICY, now), o.deferrals
        triage = o.triage
        o = act.do(o, now)
        due = owed(o, POLICY)
        if act.plain:
            assert (due and due.by) == (before and before.by), act.name
        if triage and not o.triage and not was_red:
            continue  # decided on: from now on it follows the rule
        if not was_red or before is None:
            continue
        event(act.name)
        closes = o.stage in CLOSED
        free = act.pays and (deferrals < POLICY.deferrals or act.name not in ("park", "push"))
        if not closes and not free:
            assert due is not None, act.name
            assert due.by <= before.by, act.name
            assert neglected(o, POLICY, now), act.name
            assert still_red(o, POLICY, now)


@given(records(), st.lists(st.tuples(GAPS, ACTS), max_size=12))
def test_whatever_happened_it_can_be_kept_shown_and_explained(
    o: Opportunity, happenings: list[tuple[timedelta, Act]]
) -> None:
    now = START
    for gap, act in happenings:
        now += gap
        o = act.do(o, now)
        row_of(o, POLICY)
        lines = explain(o, POLICY, now)
        assert lines
        assert not any("None" in line for line in lines)
        assert from_doc(o.id, to_doc(o)) == o
        if o.stage in CLOSED:
            assert o.debt is None
        elif owed(o, POLICY) is None:
            raise AssertionError("something open owes nothing")


@given(records(), st.lists(st.tuples(GAPS, ACTS), max_size=6), GAPS)
def test_a_touch_of_ours_pays_all_but_the_expected_close(
    o: Opportunity, happenings: list[tuple[timedelta, Act]], gap: timedelta
) -> None:
    now = START
    for before, act in happenings:
        now += before
        o = act.do(o, now)
    now += gap
    o = acts.log_touch(o, Touch(now, "ana", Outcome.NO_ANSWER, Channel.CALL), POLICY, now)
    due = owed(o, POLICY)
    assert o.debt is None
    assert due is None or due.by > now or due.rule in ("close", "unowned", "revisit")
