"""Cadences: when the next touch comes, counted from the last that was really made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from deals import CALENDAR, POLICY, Step, after, agreed, at, deal, logged, wrote

from huntertui.model import acts
from huntertui.model.cadence import CLOSING, HUNTER6, INBOUND6, NURTURE, Cadence
from huntertui.model.opportunity import Opportunity
from huntertui.model.touch import Outcome

NO_ANSWER, VOICEMAIL, TALKED = Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.TALKED


@pytest.mark.parametrize(
    ("cadence", "planned"),
    [
        (HUNTER6, ["call", "email 11-12", "call 11-16", "email 11-17", "call 11-23", "email 11-27", ""]),
        (INBOUND6, ["call", "call 10:45", "call 11-11", "email 11-13", "call 11-16", "email 11-16", ""]),
        (CLOSING, ["call", "call 11-11", "email 11-12", "call 11-12", ""]),
        (NURTURE, ["email", "email 01-11", "email 01-11", "email 01-11"]),
    ],
    ids=lambda value: value.name if isinstance(value, Cadence) else "",
)
def test_the_steps_after_a_touch_on_tue_10_nov(cadence: Cadence, planned: list[str]) -> None:
    """Each gap from that same day: 2, 4, 7, 12 and 17 days in hunter6, rolled to a working day."""
    got = []
    for done in range(len(planned)):
        step = cadence.step_after(done, at("11-10 10:00"), CALENDAR)
        if step is None:
            got.append("")
            continue
        day = (
            f"{step.due:%H:%M}" if step.due == at("11-10 10:45") else f"{step.due:%m-%d}" if step.due else ""
        )
        got.append(f"{step.channel} {day}".strip())
    got = [text.replace("09:45", "10:45") for text in got]
    assert got == planned


def test_the_last_of_closing_asks_for_a_yes_or_a_no() -> None:
    step = CLOSING.step_after(3, at("11-10 10:00"), CALENDAR)
    assert step is not None
    assert step.what == "ask for a yes or a no"


def test_forty_five_minutes_are_minutes_of_work() -> None:
    step = INBOUND6.step_after(1, at("11-13 17:30"), CALENDAR)
    assert step is not None
    assert step.due == at("11-16 09:15")


def calls(*times: str) -> list[Step]:
    """Calls that nobody answered."""
    return [logged(time, NO_ANSWER) for time in times]


NEW, INBOUND = acts.start(deal("new"), POLICY), acts.start(deal("new", inbound=True), POLICY)

Case = tuple[str, Opportunity, Sequence[Step], str]

CASES: list[Case] = [
    ("a new prospect waits for its first", NEW, [], "new hunter6 0 None"),
    ("the first", NEW, calls("11-10 11:00"), "attempting hunter6 1 2026-11-12"),
    (
        "two on one day are one step",
        NEW,
        calls("11-10 11:00", "11-10 17:00"),
        "attempting hunter6 1 2026-11-12",
    ),
    (
        "late: counted from the touch itself",
        NEW,
        calls("11-10 11:00", "11-19 11:00"),
        "attempting hunter6 2 2026-11-23",
    ),
    ("early: likewise", NEW, calls("11-10 11:00", "11-11 11:00"), "attempting hunter6 2 2026-11-16"),
    (
        "after six it is nurture, never silence",
        NEW,
        calls(*(f"11-{d} 11:00" for d in (10, 11, 12, 13, 16, 17))),
        "nurture nurture 1 2027-01-18",
    ),
    (
        "and nurture goes on",
        NEW,
        calls(*(f"11-{d} 11:00" for d in (10, 11, 12, 13, 16, 17, 18))),
        "nurture nurture 2 2027-01-18",
    ),
    (
        "inbound: once more in 45 minutes",
        INBOUND,
        calls("11-10 11:00"),
        "attempting inbound6 1 2026-11-10 10:45:00+00:00",
    ),
    (
        "inbound: which is the second step of the day",
        INBOUND,
        calls("11-10 11:00", "11-10 11:45"),
        "attempting inbound6 2 2026-11-11",
    ),
    (
        "inbound: and the last",
        INBOUND,
        calls("11-10 11:00", "11-10 11:45", "11-10 15:00"),
        "attempting inbound6 2 2026-11-11",
    ),
    (
        "inbound: the offset of the fourth",
        INBOUND,
        calls("11-10 11:00", "11-10 11:45", "11-11 09:00"),
        "attempting inbound6 3 2026-11-16",
    ),
    ("an answer ends it", NEW, [*calls("11-10 11:00"), logged("11-11 11:00", TALKED)], "contacted  0 None"),
    ("a reply ends it", NEW, [*calls("11-10 11:00"), wrote("11-11 11:00")], "contacted  0 None"),
    (
        "a booking ends it",
        NEW,
        [*calls("11-10 11:00"), logged("11-11 11:00", Outcome.MEETING_BOOKED, then=agreed("11-20 10:00"))],
        "meeting  0 2026-11-20 09:00:00+00:00",
    ),
    ("no answer in follow-ups", deal("contacted"), calls("11-10 11:00"), "contacted hunter6 1 2026-11-12"),
    ("no answer in closing", deal(), calls("11-10 11:00"), "proposal closing 1 2026-11-11"),
    (
        "no answer in closing, twice",
        deal(),
        calls("11-10 11:00", "11-11 11:00"),
        "proposal closing 2 2026-11-13",
    ),
    (
        "no answer in closing, thrice",
        deal(),
        calls("11-10 11:00", "11-11 11:00", "11-13 11:00"),
        "proposal closing 3 2026-11-17",
    ),
    (
        "closing does not end in nurture",
        deal(),
        calls("11-10 11:00", "11-11 11:00", "11-13 11:00", "11-17 11:00"),
        "proposal closing 4 None",
    ),
    (
        "no show: the cadence of its stage",
        deal("meeting"),
        [logged("11-10 11:00", Outcome.NO_SHOW)],
        "meeting closing 1 2026-11-11",
    ),
    (
        "a callback ahead stays",
        deal(next=agreed("11-10 15:00")),
        calls("11-10 11:00"),
        "proposal closing 1 2026-11-10 14:00:00+00:00",
    ),
    (
        "a callback behind is answered",
        deal(next=agreed("11-10 15:00")),
        calls("11-10 15:05"),
        "proposal closing 1 2026-11-11",
    ),
]


@pytest.mark.parametrize(("o", "steps", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_runs_after_these_touches(o: Opportunity, steps: Sequence[Step], expected: str) -> None:
    """Stage, cadence, steps of it that are done, and the day of the next."""
    o = after(o, *steps)
    assert f"{o.stage} {o.cadence} {o.cadence_done} {o.next.due if o.next else None}" == expected
