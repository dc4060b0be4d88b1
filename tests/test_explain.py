"""Why a row is red, in words: the verdict with its arithmetic and its cure, then all else that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from deals import (
    POLICY,
    after,
    agreed,
    assigned,
    at,
    deal,
    logged,
    lost,
    moved,
    parked,
    pushed,
    snoozed,
    step,
    wrote,
)

from huntertui.model.explain import explain, planned, still_red
from huntertui.model.opportunity import Kind, Opportunity, Park
from huntertui.model.touch import Outcome

NOW = at("11-23 10:00")
TALKED = after(deal(came="11-02 10:00"), logged("11-10 11:00", Outcome.TALKED))
CLOSES = replace(TALKED, expected_close=date(2026, 11, 13), original_close=date(2026, 11, 13))

VERDICTS: list[tuple[str, Opportunity, str]] = [
    (
        "red by an idle limit",
        TALKED,
        (
            "Red since the end of Tue 17 Nov: 9 business days since the last touch (call, talked, "
            "Tue 10 Nov, ana); the limit for proposal is 5. A touch clears it."
        ),
    ),
    (
        "red and untouched",
        deal(),
        (
            "Red since the end of Tue 17 Nov: 9 business days since it came in (Tue 10 Nov); the limit for "
            "proposal is 5. A touch clears it."
        ),
    ),
    (
        "not red yet",
        deal(came="11-20 10:00"),
        (
            "Owed by the end of Fri 27 Nov: 1 business day since it came in (Fri 20 Nov); the limit for "
            "proposal is 5. A touch clears it."
        ),
    ),
    (
        "snoozed on red",
        after(TALKED, snoozed("11-23 09:00", "11-27")),
        (
            "Red since the end of Tue 17 Nov: 9 business days since the last touch (call, talked, "
            "Tue 10 Nov, "
            "ana); the limit for proposal is 5; planned touch, Fri 27 Nov, which pays nothing. A "
            "touch clears it."
        ),
    ),
    (
        "moved on red",
        after(TALKED, moved("11-23 09:00", "negotiation")),
        "Red since the end of Tue 17 Nov: a limit ran out, and no touch has come since. A touch clears it.",
    ),
    (
        "a promise",
        deal(next=agreed("11-23 15:30")),
        (
            "Owed by Mon 23 Nov 15:45: agreed with the customer: call, Mon 23 Nov 15:30. Doing what "
            "was agreed clears it."
        ),
    ),
    (
        "a broken promise put off",
        after(deal(next=agreed("11-11")), snoozed("11-23 09:00", "11-27")),
        (
            "Red since the end of Wed 11 Nov: something was agreed with the customer, and not done; planned "
            "call, Fri 27 Nov, which pays nothing. A touch clears it."
        ),
    ),
    (
        "they wrote",
        after(TALKED, wrote("11-12 10:00")),
        (
            "Red since the end of Fri 13 Nov: they wrote Thu 12 Nov 10:00; we answer within 1 business day. "
            "Answering them clears it."
        ),
    ),
    (
        "the cadence",
        after(deal("new"), logged("11-19 10:00", Outcome.NO_ANSWER)),
        "Owed by the end of Mon 23 Nov: the cadence asks for email 2/6, Mon 23 Nov. A touch clears it.",
    ),
    (
        "our own date",
        deal(next=step("11-20", set_on="11-16")),
        "Red since the end of Fri 20 Nov: our own date: call, Fri 20 Nov. A touch clears it.",
    ),
    (
        "the expected close",
        CLOSES,
        (
            "Red since the end of Fri 13 Nov: the expected close is Fri 13 Nov. Closing it, or a "
            "new date with a reason, clears it."
        ),
    ),
    (
        "nobody's",
        deal(owner="", unowned_since=at("11-18 10:00"), came="11-18 10:00"),
        (
            "Red since the end of Thu 19 Nov: nobody's since Wed 18 Nov 10:00; it may be so for 1 "
            "business day."
            " An owner who touches it clears it."
        ),
    ),
    (
        "taken too late",
        after(
            deal(owner="", unowned_since=at("11-18 10:00"), came="11-18 10:00"),
            assigned("11-23 09:00", "ana"),
        ),
        "Red since the end of Thu 19 Nov: it was nobody's too long. A touch clears it.",
    ),
    (
        "inbound",
        deal("new", "11-20 17:55", inbound=True),
        (
            "Red since Mon 23 Nov 09:55: it came in Fri 20 Nov 17:55; the first touch is owed "
            "within 60 working"
            " minutes. The first touch clears it."
        ),
    ),
    (
        "parked",
        after(deal(), parked("11-23 09:00", "11-27")),
        (
            "Owed by the end of Fri 27 Nov: parked until the end of Fri 27 Nov (on holiday). A "
            "touch ends the park and clears it."
        ),
    ),
    (
        "to triage",
        deal("contacted", "2006-03-01 09:00", triage=True),
        (
            "To triage: imported already past a limit (5408 business days since it came in (Wed 1 Mar 2006); "
            "the limit for contacted is 5). A touch, a date or closing it decides."
        ),
    ),
    ("lost", after(deal(), lost("11-16 10:00")), "Lost on Mon 16 Nov (timing): nothing is owed."),
    (
        "back from lost",
        after(deal(), lost("11-16 10:00", "11-20")),
        (
            "Red since the end of Fri 20 Nov: lost (timing), to be looked at again. A touch or closing it "
            "clears it."
        ),
    ),
    ("won", deal("won", closed_on=date(2026, 11, 16)), "Won on Mon 16 Nov: nothing is owed."),
]


@pytest.mark.parametrize(("o", "verdict"), [row[1:] for row in VERDICTS], ids=[row[0] for row in VERDICTS])
def test_the_verdict(o: Opportunity, verdict: str) -> None:
    assert explain(o, POLICY, NOW)[0] == verdict


def test_every_rule_that_holds_is_told_with_what_was_counted() -> None:
    o = after(CLOSES, pushed("11-16 09:00", "11-18"), wrote("11-17 09:00"))
    assert explain(replace(o, created=at("2026-01-05 09:00")), POLICY, NOW)[1:] == [
        "Also passed the end of Wed 18 Nov: the expected close is Wed 18 Nov.",
        (
            "Also by the end of Tue 24 Nov: 4 business days since they wrote (Tue 17 Nov); the "
            "limit for proposal"
            " is 5."
        ),
        "Parked or pushed once since the last touch.",
        "The expected close was pushed once; first promised for Fri 13 Nov.",
        "Aged: created Mon 5 Jan.",
    ]


@pytest.mark.parametrize(
    ("o", "words"),
    [
        (deal(), ""),
        (deal(next=agreed("11-23 15:30")), "call, Mon 23 Nov 15:30"),
        (deal(next=step("11-27", Kind.OWN)), "call, Fri 27 Nov"),
        (after(deal("new"), logged("11-19 10:00", Outcome.NO_ANSWER)), "email 2/6, Mon 23 Nov"),
        (deal(next=step("11-27"), park=Park(date(2026, 11, 30), "b")), "parked until Mon 30 Nov"),
    ],
)
def test_what_is_planned(o: Opportunity, words: str) -> None:
    assert planned(o, POLICY, date(2026, 11, 23)) == words


def test_a_plan_on_a_red_row_says_that_it_pays_nothing() -> None:
    assert still_red(TALKED, POLICY, NOW) == " · stays red, owed since the end of Tue 17 Nov"
    assert still_red(deal(came="11-20 10:00"), POLICY, NOW) == ""
