"""The worked cases of the rule: what is owed by when. One table of records, one of what happens to them.

"Today" is Mon 23 Nov 2026; the team works in Berlin, and not on 25 December and 1 January.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from deals import (
    POLICY,
    Step,
    after,
    agreed,
    assigned,
    at,
    deal,
    logged,
    lost,
    moved,
    owed_words,
    parked,
    pushed,
    reopened,
    snoozed,
    step,
    stepped,
    wrote,
)

from huntertui.model import acts
from huntertui.model.opportunity import (
    Channel,
    Contact,
    Debt,
    Kind,
    NextStep,
    Opportunity,
    Park,
    Priority,
)
from huntertui.model.owed import neglected, open_from, owed
from huntertui.model.touch import Answer, Outcome

CADENCE, OWN = Kind.CADENCE, Kind.OWN
MEETING = Channel.MEETING
TALKED, NO_ANSWER, REPLIED = Outcome.TALKED, Outcome.NO_ANSWER, Outcome.REPLIED
NOBODYS: dict[str, Any] = {"owner": "", "unowned_since": at("11-10 10:00")}
JANE = Contact("Jane Doe", phones=("+49 30 1234567",))
PARK = Park(date(2026, 11, 27), "on holiday")

Row = tuple[str, Opportunity, str]

RECORDS: list[Row] = [
    # What lies idle: the end of the Nth working day after the day of the last touch
    ("idle for a week of work", deal(), "end of Tue 17 Nov: idle"),
    ("the first minute of a day is that day", deal(came="11-10 00:00"), "end of Tue 17 Nov: idle"),
    ("and so is its last", deal(came="11-10 23:59"), "end of Tue 17 Nov: idle"),
    ("a Friday counts from Monday on", deal("verbal", "11-13 17:00"), "end of Wed 18 Nov: idle"),
    ("and so does a Sunday", deal("verbal", "11-15 17:00"), "end of Wed 18 Nov: idle"),
    ("Christmas is no work", deal("verbal", "12-23 09:00"), "end of Tue 29 Dec: idle"),
    ("nor is New Year", deal("verbal", "12-30 09:00"), "end of Tue 5 Jan 2027: idle"),
    ("over the end of a month", deal(came="11-27 09:00"), "end of Fri 4 Dec: idle"),
    ("over a leap day", deal("verbal", "2028-02-28 09:00"), "end of Thu 2 Mar 2028: idle"),
    ("the hour that comes twice in autumn", deal("verbal", "10-22 10:00"), "end of Tue 27 Oct: idle"),
    ("the hour missing in spring", deal("verbal", "2027-03-25 10:00"), "end of Tue 30 Mar 2027: idle"),
    ("a new prospect: one day", deal("new"), "end of Wed 11 Nov: idle"),
    ("nurture: sixty days", deal("nurture"), "end of Thu 4 Feb 2027: idle"),
    ("a stage of old is followed up", deal("demo"), "end of Tue 17 Nov: idle"),
    ("no next step is no excuse", deal(next=None), "end of Tue 17 Nov: idle"),
    ("nor is one without a day", deal(next=NextStep("think")), "end of Tue 17 Nov: idle"),
    # Inbound: sixty minutes of work
    ("inbound on Friday 17:55", deal("new", "11-20 17:55", inbound=True), "Mon 23 Nov 09:55: inbound"),
    ("inbound at night", deal("new", "11-21 03:00", inbound=True), "Mon 23 Nov 10:00: inbound"),
    ("inbound as the clock goes back", deal("new", "10-23 17:55", inbound=True), "Mon 26 Oct 09:55: inbound"),
    ("inbound and touched", deal("contacted", inbound=True, touches=1), "end of Tue 17 Nov: idle"),
    # They wrote: one business day
    ("they wrote on Friday", deal(answer_owed=at("11-13 17:00")), "end of Mon 16 Nov: answer"),
    # What was agreed stands, however far away
    ("a callback: 15 minutes", deal(next=agreed("11-23 15:30")), "Mon 23 Nov 15:45: agreed"),
    ("a callback in winter time", deal(next=agreed("10-26 15:30")), "Mon 26 Oct 15:45: agreed"),
    ("a meeting in three weeks", deal(next=agreed("12-01 10:00", MEETING)), "end of Tue 1 Dec: agreed"),
    ("a meeting until noon", deal(next=agreed("12-01 11:00", MEETING)), "end of Tue 1 Dec: agreed"),
    ("a meeting that ends after noon", deal(next=agreed("12-01 11:01", MEETING)), "Wed 2 Dec 12:00: agreed"),
    ("a visit is a meeting", deal(next=agreed("12-01 14:00", Channel.VISIT)), "Wed 2 Dec 12:00: agreed"),
    ("a Friday afternoon's meeting", deal(next=agreed("12-04 14:00", MEETING)), "Mon 7 Dec 12:00: agreed"),
    ("a meeting before Christmas", deal(next=agreed("12-24 14:00", MEETING)), "Mon 28 Dec 12:00: agreed"),
    ("a day agreed", deal(next=agreed("12-10")), "end of Thu 10 Dec: agreed"),
    ("a Sunday agreed", deal(next=agreed("12-13")), "end of Mon 14 Dec: agreed"),
    (
        "a promise leaves other rules alone",
        deal(next=agreed("12-10"), **NOBODYS),
        "end of Wed 11 Nov: unowned",
    ),
    # A cadence stands in prospecting and nurture, elsewhere as far as the limit
    (
        "its long gap in prospecting",
        deal("attempting", next=step("11-27", CADENCE)),
        "end of Fri 27 Nov: cadence",
    ),
    (
        "its long gap in nurture",
        deal("nurture", next=step("2027-03-01", CADENCE)),
        "end of Mon 1 Mar 2027: cadence",
    ),
    ("its long gap elsewhere", deal("contacted", next=step("11-27", CADENCE)), "end of Tue 17 Nov: idle"),
    ("its short gap elsewhere", deal("contacted", next=step("11-12", CADENCE)), "end of Thu 12 Nov: cadence"),
    ("its first step has no day", deal("new", next=NextStep(kind=CADENCE)), "end of Wed 11 Nov: idle"),
    # Our own date: one limit from the day it was set, twice
    ("our own date", deal(next=step("11-23", OWN, set_on="11-16"), own_dates=1), "end of Mon 23 Nov: own"),
    ("our own Sunday", deal(next=step("11-22", OWN, set_on="11-16"), own_dates=1), "end of Mon 23 Nov: own"),
    (
        "our own hour",
        deal(next=step("11-18 14:00", OWN, set_on="11-16"), own_dates=1),
        "Wed 18 Nov 14:00: own",
    ),
    (
        "our own date too far",
        deal(next=step("11-24", OWN, set_on="11-16"), own_dates=1),
        "end of Tue 17 Nov: idle",
    ),
    (
        "our third own date",
        deal(next=step("11-23", OWN, set_on="11-16"), own_dates=3),
        "end of Tue 17 Nov: idle",
    ),
    (
        "our third, but in time",
        deal(next=step("11-12", OWN, set_on="11-11"), own_dates=3),
        "end of Thu 12 Nov: own",
    ),
    ("our own date set on red", deal(next=step("11-23"), own_dates=1), "end of Tue 17 Nov: idle"),
    (
        "three days where the limit is one",
        deal("new", next=step("11-13", OWN, set_on="11-10")),
        "end of Fri 13 Nov: own",
    ),
    (
        "four days where the limit is one",
        deal("new", next=step("11-16", OWN, set_on="11-10")),
        "end of Wed 11 Nov: idle",
    ),
    # The expected close, and nobody's
    ("the expected close", deal(expected_close=date(2026, 11, 12)), "end of Thu 12 Nov: close"),
    ("a close on Sunday", deal(expected_close=date(2026, 11, 15)), "end of Mon 16 Nov: close"),
    (
        "a close counts in closing only",
        deal("contacted", expected_close=date(2026, 11, 12)),
        "end of Tue 17 Nov: idle",
    ),
    ("nobody's", deal(**NOBODYS), "end of Wed 11 Nov: unowned"),
    # Parked: nothing else applies
    (
        "parked, whatever else",
        deal(park=PARK, answer_owed=at("11-11 10:00"), next=agreed("11-12"), **NOBODYS),
        "end of Fri 27 Nov: parked",
    ),
    ("parked until Sunday", deal(park=Park(date(2026, 11, 29), "b")), "end of Mon 30 Nov: parked"),
    # A debt stands before all
    ("a debt", deal(debt=Debt(at("11-12 00:00"), "answer"), park=PARK), "end of Wed 11 Nov: answer"),
    ("a debt of an unknown rule", deal(debt=Debt(at("11-12 00:00"), "karma")), "end of Wed 11 Nov: idle"),
    # Closed
    ("won", deal("won", debt=Debt(at("11-12 00:00"), "idle")), "nothing"),
    ("lost", deal("lost", **NOBODYS), "nothing"),
    ("lost until spring", deal("lost", revisit=date(2027, 3, 1)), "end of Mon 1 Mar 2027: revisit"),
    ("imported from 2006", deal("contacted", "2006-03-01 09:00", triage=True), "end of Wed 8 Mar 2006: idle"),
]


@pytest.mark.parametrize(("o", "expected"), [row[1:] for row in RECORDS], ids=[row[0] for row in RECORDS])
def test_a_record_is_owed_by(o: Opportunity, expected: str) -> None:
    assert owed_words(o) == expected


@pytest.mark.parametrize(
    ("came", "by"),
    [("10-22 10:00", "10-28 00:00"), ("2027-03-25 10:00", "2027-03-31 00:00")],
    ids=["autumn", "spring"],
)
def test_a_day_ends_at_local_midnight_on_both_sides_of_a_clock_change(came: str, by: str) -> None:
    due = owed(deal("verbal", came), POLICY)
    assert due is not None
    assert due.by == at(by)


# What happens: as it stands, a deal() is red since the end of Tue 17 Nov.
CLOSES_FRIDAY = deal(came="11-12 10:00", expected_close=date(2026, 11, 13), original_close=date(2026, 11, 13))
WAITING = deal(
    "attempting", "10-26 10:00", touches=4, cadence="hunter6", cadence_done=4, next=step("11-09", CADENCE)
)
WITH_NUMBER = deal(contacts=(JANE,))
SIX_CALLS = [logged(f"11-{day} 10:00", NO_ANSWER) for day in ("10", "12", "16", "17", "18", "23")]

Case = tuple[str, Opportunity, Sequence[Step], str]

STORIES: list[Case] = [
    # Red and what does not clear it
    ("snoozed on red", deal(), [snoozed("11-23 10:00", "11-27")], "end of Tue 17 Nov: idle"),
    (
        "an agreed step set on red",
        deal(),
        [stepped("11-23 10:00", agreed("12-01"))],
        "end of Tue 17 Nov: idle",
    ),
    ("handed over on red", deal(), [assigned("11-23 10:00", "ben")], "end of Tue 17 Nov: idle"),
    (
        "moved to a patient stage on red",
        deal(),
        [moved("11-23 10:00", "qualified")],
        "end of Tue 17 Nov: idle",
    ),
    (
        "raised on red",
        deal(),
        [lambda o: acts.set_priority(o, Priority.URGENT, POLICY, at("11-23 10:00"))],
        "end of Tue 17 Nov: idle",
    ),
    (
        "helped with on red",
        deal(),
        [lambda o: acts.help_with(o, "ben", POLICY, at("11-23 10:00"))],
        "end of Tue 17 Nov: idle",
    ),
    ("they wrote on red", deal(), [wrote("11-23 10:00")], "end of Tue 17 Nov: idle"),
    ("a first close date on red", deal(), [pushed("11-23 10:00", "12-10")], "end of Tue 17 Nov: idle"),
    (
        "a broken promise snoozed",
        deal(next=agreed("11-11")),
        [snoozed("11-23 10:00", "11-27")],
        "end of Wed 11 Nov: agreed",
    ),
    (
        "a wrong number on red",
        WITH_NUMBER,
        [logged("11-23 10:00", Outcome.WRONG_NUMBER)],
        "end of Tue 17 Nov: idle",
    ),
    (
        "a step done without a touch",
        deal(next=agreed("11-11")),
        [lambda o: acts.step_done(o, POLICY, at("11-23 10:00"))],
        "end of Wed 11 Nov: agreed",
    ),
    # Red and what clears it
    ("a touch", deal(), [logged("11-23 10:00", TALKED)], "end of Mon 30 Nov: idle"),
    (
        "a touch after a snooze on red",
        deal(),
        [snoozed("11-23 10:00", "11-27"), logged("11-24 10:00", TALKED)],
        "end of Tue 1 Dec: idle",
    ),
    ("no answer in closing", deal(), [logged("11-20 10:00", NO_ANSWER)], "end of Mon 23 Nov: cadence"),
    (
        "a callback agreed",
        deal(),
        [logged("11-23 10:00", Outcome.CALLBACK, then=agreed("11-24 15:30"))],
        "Tue 24 Nov 15:45: agreed",
    ),
    ("won", deal(), [lambda o: acts.win(o, POLICY, at("11-23 10:00"))], "nothing"),
    ("a clear no", deal(), [logged("11-23 10:00", Outcome.NOT_INTERESTED)], "nothing"),
    ("the last contact blocked", WITH_NUMBER, [logged("11-23 10:00", Outcome.DO_NOT_CONTACT)], "nothing"),
    # Parked
    ("parked with a reason on red", deal(), [parked("11-23 10:00", "11-27")], "end of Fri 27 Nov: parked"),
    (
        "parked for the third time on red",
        deal(),
        [parked("11-23 10:00", "11-24"), parked("11-25 10:00", "11-26"), parked("11-27 10:00", "12-10")],
        "end of Thu 26 Nov: parked",
    ),
    (
        "parked again after a touch",
        deal(deferrals=2),
        [logged("11-16 10:00", TALKED), parked("11-30 10:00", "12-10")],
        "end of Thu 10 Dec: parked",
    ),
    (
        "a reply while parked",
        deal(),
        [parked("11-16 10:00", "11-27"), wrote("11-18 15:00")],
        "end of Thu 19 Nov: answer",
    ),
    (
        "a reply while parked that needs nothing",
        deal(),
        [parked("11-16 10:00", "11-27"), logged("11-18 15:00", REPLIED)],
        "end of Wed 25 Nov: idle",
    ),
    (
        "a touch of ours while parked",
        deal(),
        [parked("11-16 10:00", "11-27"), logged("11-18 15:00", TALKED)],
        "end of Wed 25 Nov: idle",
    ),
    (
        "parked, and its owner goes",
        deal(),
        [parked("11-16 10:00", "11-27"), assigned("11-16 15:00", "")],
        "end of Tue 17 Nov: idle",
    ),
    # They write
    ("they write twice", deal(), [wrote("11-16 10:00"), wrote("11-17 10:00")], "end of Tue 17 Nov: answer"),
    (
        "an answer pays",
        deal(),
        [wrote("11-16 10:00"), logged("11-16 11:00", TALKED)],
        "end of Mon 23 Nov: idle",
    ),
    (
        "they write and a day is agreed",
        deal(),
        [logged("11-16 10:00", REPLIED, Answer.AGREED, agreed("12-01"))],
        "end of Tue 1 Dec: agreed",
    ),
    ("they write while the cadence waits", WAITING, [wrote("11-06 10:00")], "end of Mon 9 Nov: answer"),
    # The expected close
    ("a close date pushed", CLOSES_FRIDAY, [pushed("11-16 10:00", "11-17")], "end of Tue 17 Nov: close"),
    (
        "a close date pushed without a reason",
        CLOSES_FRIDAY,
        [pushed("11-16 10:00", "11-17", "")],
        "end of Fri 13 Nov: close",
    ),
    (
        "a close date pushed thrice",
        CLOSES_FRIDAY,
        [pushed("11-16 10:00", "11-17"), pushed("11-18 10:00", "11-18"), pushed("11-19 10:00", "12-10")],
        "end of Wed 18 Nov: close",
    ),
    (
        "a touch does not put off the close",
        CLOSES_FRIDAY,
        [logged("11-16 10:00", TALKED)],
        "end of Fri 13 Nov: close",
    ),
    # Owners
    ("handed over", deal(), [assigned("11-16 10:00", "ben")], "end of Tue 17 Nov: idle"),
    ("taken in time", deal(**NOBODYS), [assigned("11-11 10:00", "ben")], "end of Wed 18 Nov: idle"),
    ("taken too late", deal(**NOBODYS), [assigned("11-23 10:00", "ben")], "end of Wed 11 Nov: unowned"),
    (
        "taken after a touch of old",
        after(deal("new"), logged("11-10 11:00", TALKED), assigned("11-12 10:00", "")),
        [assigned("11-13 10:00", "ben")],
        "end of Tue 17 Nov: idle",
    ),
    ("made nobody's", deal(came="11-16 10:00"), [assigned("11-16 11:00", "")], "end of Tue 17 Nov: unowned"),
    # Plans
    (
        "our own date twice",
        deal(),
        [stepped("11-16 10:00", step("11-23")), stepped("11-23 10:00", step("11-30"))],
        "end of Mon 30 Nov: own",
    ),
    (
        "our own date three times",
        deal(),
        [
            stepped("11-16 10:00", step("11-23")),
            stepped("11-23 10:00", step("11-30")),
            stepped("11-30 10:00", step("12-07")),
        ],
        "end of Tue 17 Nov: idle",
    ),
    (
        "our own dates counted anew",
        deal(own_dates=2),
        [logged("11-16 10:00", TALKED), stepped("11-20 10:00", step("11-27"))],
        "end of Fri 27 Nov: own",
    ),
    (
        "a promise put off is a promise",
        deal(next=agreed("11-17")),
        [snoozed("11-16 10:00", "12-10")],
        "end of Thu 10 Dec: agreed",
    ),
    (
        "a meeting outlives a call before it",
        deal(next=agreed("12-01 10:00", MEETING)),
        [logged("11-16 10:00", TALKED)],
        "end of Tue 1 Dec: agreed",
    ),
    (
        "a meeting outlives a move",
        deal(next=agreed("12-01 10:00", MEETING)),
        [moved("11-16 10:00", "nurture"), moved("11-16 10:01", "contacted")],
        "end of Tue 1 Dec: agreed",
    ),
    # Stages
    ("moved to a stage in a hurry", deal(), [moved("11-11 10:00", "negotiation")], "end of Mon 16 Nov: idle"),
    ("nurture after six touches", deal("new"), SIX_CALLS, "end of Fri 22 Jan 2027: cadence"),
    # Closed and open again
    ("reopened", deal(), [lost("11-16 10:00"), reopened("11-23 10:00")], "end of Mon 30 Nov: idle"),
    (
        "reopened after its close date",
        CLOSES_FRIDAY,
        [lost("11-16 10:00"), reopened("11-23 10:00")],
        "end of Mon 30 Nov: idle",
    ),
    ("back on its day", deal(), [lost("11-16 10:00", "11-22")], "end of Mon 23 Nov: revisit"),
    (
        "back on its day, and called",
        deal(),
        [lost("11-16 10:00", "11-22"), logged("11-24 10:00", NO_ANSWER)],
        "end of Thu 26 Nov: cadence",
    ),
    (
        "called before its day",
        deal(),
        [lost("11-16 10:00", "11-24"), logged("11-23 10:00", NO_ANSWER)],
        "end of Tue 24 Nov: revisit",
    ),
    # Imported
    (
        "imported from 2006, and called",
        deal("contacted", "2006-03-01 09:00", triage=True),
        [logged("11-20 10:00", NO_ANSWER)],
        "end of Mon 23 Nov: cadence",
    ),
    (
        "imported from 2006, and given a day",
        deal("contacted", "2006-03-01 09:00", triage=True),
        [stepped("11-20 10:00", step("11-27"))],
        "end of Fri 27 Nov: own",
    ),
]


@pytest.mark.parametrize(
    ("o", "steps", "expected"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES]
)
def test_after_what_happened_it_is_owed_by(o: Opportunity, steps: Sequence[Step], expected: str) -> None:
    assert owed_words(after(o, *steps)) == expected


def test_it_is_red_from_the_moment_after() -> None:
    midnight = at("11-18 00:00")
    assert not neglected(deal(), POLICY, midnight)
    assert neglected(deal(), POLICY, midnight.replace(microsecond=1))


def test_what_waits_for_triage_is_not_red_until_it_is_decided_on() -> None:
    old = deal("contacted", "2006-03-01 09:00", triage=True)
    now = at("11-23 10:00")
    assert not neglected(old, POLICY, now)
    called = after(old, logged("11-23 10:00", NO_ANSWER))
    assert not called.triage
    assert not neglected(called, POLICY, now)
    assert neglected(called, POLICY, at("11-26 00:01"))


@pytest.mark.parametrize(
    ("o", "start"),
    [
        (deal(), "11-13 00:00"),  # 3 of 5 days
        (deal("qualified"), "11-17 00:00"),  # 5 of 7
        (deal("verbal", "11-12 10:00"), "11-16 00:00"),  # 2 of 3, not on the weekend
        (deal("new", "11-13 10:00"), "11-16 00:00"),  # its one day
        (deal(next=agreed("12-01")), None),
        (deal("attempting", next=step("11-27", CADENCE)), None),
        (deal(park=PARK), None),
        (deal(debt=Debt(at("11-18 00:00"), "idle")), None),
    ],
)
def test_it_is_amber_from_60_percent_of_an_idle_limit(o: Opportunity, start: str | None) -> None:
    due = owed(o, POLICY)
    assert due is not None
    assert due.amber_from(POLICY) == (at(start) if start else None)


@pytest.mark.parametrize(
    ("o", "start"),
    [
        (deal(**NOBODYS), "11-10 10:00"),  # nobody's: at once
        (deal(next=agreed("11-16 15:30")), "11-16 15:45"),  # a broken promise: at once
        (deal(), "11-21 00:00"),  # an idle red: after three days of grace
        (deal(helper="ben", helper_until=at("11-26 00:00")), "11-26 00:00"),
        (deal("contacted", "2006-03-01 09:00", triage=True), None),  # for its owner to decide on
        (deal("won"), None),
    ],
)
def test_it_is_open_to_colleagues_from(o: Opportunity, start: str | None) -> None:
    assert open_from(o, owed(o, POLICY), POLICY) == (at(start) if start else None)


def test_what_nobody_does_to_the_customer_changes_nothing() -> None:
    before = owed(deal(), POLICY)
    for o in (
        replace(deal(), notes="called them names", value=5, tags=("x",)),
        replace(deal(), contacts=(JANE,), priority=Priority.LOW),
    ):
        assert owed(o, POLICY) == before
