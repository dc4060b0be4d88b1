"""Every use case of the desk on the small world, with its message and its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from desks import NOW

from huntertui.desk import Desk
from huntertui.desk.forms import sheet_of
from huntertui.desk.ledger import Change
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Channel, Kind, NextStep, Priority
from huntertui.model.touch import Answer, Outcome

Deed = Callable[[Desk], Change]


class Case(NamedTuple):
    """A use case on the small world: what is done, its whole message, and what then holds for item `id`."""

    name: str
    do: Deed
    message: str
    id: int
    holds: Callable[[Any], object]
    first: Deed | None = None


def _offer() -> NextStep:
    return NextStep("send the offer", Kind.AGREED, Channel.EMAIL, datetime(2026, 11, 27, 10, tzinfo=UTC))


def _saved(desk: Desk, **texts: Any) -> Change:
    """What comes of a form on #1 with these texts."""
    doc = desk.document(1)
    return desk.save_sheet(1, doc, replace(sheet_of(from_doc(1, doc)), **texts))


CASES = [
    Case(
        "add",
        lambda d: d.add("Gus Hay @Acme_Ltd tue 12k gus@acme.example"),
        "added Acme Ltd #7",
        7,
        lambda o: o.owner == "ana" and o.value == 1_200_000 and o.next.due == date(2026, 11, 24),
    ),
    Case(
        "edit",
        lambda d: d.edit(1, "role", "CTO"),
        "Acme #1: role is now CTO",
        1,
        lambda o: o.contacts[0].role == "CTO",
    ),
    Case(
        "edit to nothing",
        lambda d: d.edit(1, "value", ""),
        "Acme #1: value is now empty",
        1,
        lambda o: o.value is None,
    ),
    Case(
        "value",
        lambda d: d.set_value(4, "€500k"),
        "Initech #4: value is now €500k",
        4,
        lambda o: o.value == 50_000_000,
    ),
    Case("note", lambda d: d.note(1, " likes tea "), "noted on Acme #1", 1, lambda o: o.touches == 0),
    Case(
        "no answer",
        lambda d: d.log(1, Outcome.NO_ANSWER),
        "Acme #1: no answer · next email 2/6, Wed 25 Nov",
        1,
        lambda o: o.stage == "attempting" and o.touches == 1,
    ),
    Case(
        "talked with a step agreed",
        lambda d: d.log(1, Outcome.TALKED, step=_offer(), note="warm"),
        "Acme #1: talked · next send the offer, Fri 27 Nov 10:00",
        1,
        lambda o: o.stage == "contacted" and o.cadence == "",
    ),
    Case(
        "they wrote",
        lambda d: d.log(1, Outcome.REPLIED, answer=Answer.OWED),
        "Acme #1: replied · we owe an answer by the end of Tue 24 Nov",
        1,
        lambda o: o.answer_owed == NOW,
    ),
    Case(
        "wrong number",
        lambda d: d.log(1, Outcome.WRONG_NUMBER),
        "Acme #1: wrong number · next find a number, Tue 24 Nov",
        1,
        lambda o: o.contacts[0].struck == ("+44 20 7946 0958",) and o.touches == 0,
    ),
    Case(
        "not interested",
        lambda d: d.log(1, Outcome.NOT_INTERESTED),
        "Acme #1: not interested · lost (not interested); x v sets a day to come back",
        1,
        lambda o: o.stage == "lost",
    ),
    Case(
        "do not contact",
        lambda d: d.log(1, Outcome.DO_NOT_CONTACT),
        "Acme #1: do not contact · lost (do not contact)",
        3,
        lambda o: o.stage == "lost" and o.contacts[0].blocked,
    ),
    Case(
        "they wrote on a closed one",
        lambda d: d.log(6, Outcome.REPLIED, answer=Answer.OWED),
        "Hooli #6 is lost and they wrote: opened Follow-up: Hooli #7",
        7,
        lambda o: o.care_of == 6 and o.answer_owed == NOW and o.owner == "ana",
    ),
    Case(
        "add to a touch",
        lambda d: d.add_to_touch(d.seq, "email left word"),
        "Acme #1: added by email · note: left word",
        1,
        lambda o: o.last_touch is not None and o.last_touch.channel == "email",
        first=lambda d: d.log(1, Outcome.NO_ANSWER),
    ),
    Case(
        "save a form",
        lambda d: _saved(d, company="Acme AG", notes="x\ny"),
        "Acme AG #1: changed company, notes",
        1,
        lambda o: (o.company, o.notes) == ("Acme AG", "x\ny"),
    ),
    Case(
        "log on both",
        lambda d: d.log_both(1),
        "talked also on #2 (Acme)",
        2,
        lambda o: o.last_touch.outcome == "talked" and o.stage == "contacted",
        first=lambda d: d.log(1, Outcome.TALKED),
    ),
    Case(
        "step done",
        lambda d: d.step_done(1),
        "Acme #1: call, Tue 24 Nov is done; s sets the next step",
        1,
        lambda o: o.next is None,
    ),
    Case(
        "snooze",
        lambda d: d.snooze(1, "+3"),
        "Acme #1: call, Thu 26 Nov",
        1,
        lambda o: o.next.due == date(2026, 11, 26),
    ),
    Case(
        "snooze agreed",
        lambda d: d.snooze(1, "=fri 10:00"),
        "Acme #1: call, Fri 27 Nov 10:00",
        1,
        lambda o: o.next.kind is Kind.AGREED,
    ),
    Case(
        "snooze with a reason",
        lambda d: d.snooze(1, "15dec on holiday"),
        "Acme #1: parked until Tue 15 Dec (on holiday)",
        1,
        lambda o: o.park.until == date(2026, 12, 15),
    ),
    Case(
        "step",
        lambda d: d.set_step(1, "tue email the offer"),
        "Acme #1: email the offer, Tue 24 Nov",
        1,
        lambda o: o.next.channel is Channel.EMAIL,
    ),
    Case(
        "park",
        lambda d: d.park(1, "15dec h"),
        "Acme #1: parked until Tue 15 Dec (on holiday)",
        1,
        lambda o: o.deferrals == 1,
    ),
    Case(
        "raise",
        lambda d: d.raise_priority(1, 1),
        "Acme #1: priority high",
        1,
        lambda o: o.priority is Priority.HIGH,
    ),
    Case(
        "lower",
        lambda d: d.raise_priority(1, -1),
        "Acme #1: priority low",
        1,
        lambda o: o.priority is Priority.LOW,
    ),
    Case(
        "priority",
        lambda d: d.set_priority(1, Priority.URGENT),
        "Acme #1: priority urgent",
        1,
        lambda o: o.priority is Priority.URGENT,
    ),
    Case("top", lambda d: d.to_top(2), "Acme #2: on top of today's plan", 2, lambda o: True),
    Case(
        "plan",
        lambda d: d.plan_move(2, -1),
        "Acme #2: moved in today's plan",
        2,
        lambda o: True,
        first=lambda d: d.to_top(1),
    ),
    Case(
        "unplan",
        lambda d: d.unplan(1),
        "Acme #1: off today's plan",
        1,
        lambda o: True,
        first=lambda d: d.to_top(1),
    ),
    Case(
        "forward",
        lambda d: d.forward(1),
        "Acme #1: new -> attempting",
        1,
        lambda o: o.stage == o.highest == "attempting",
    ),
    Case(
        "back", lambda d: d.back(4), "Initech #4: proposal -> meeting", 4, lambda o: o.highest == "proposal"
    ),
    Case(
        "move", lambda d: d.move(1, "nurture"), "Acme #1: new -> nurture", 1, lambda o: o.cadence == "nurture"
    ),
    Case(
        "to lane", lambda d: d.to_lane(1, 1), "Acme #1: new -> contacted", 1, lambda o: o.stage == "contacted"
    ),
    Case(
        "back to lane",
        lambda d: d.to_lane(4, 1),
        "Initech #4: proposal -> qualified",
        4,
        lambda o: o.stage == "qualified",
    ),
    Case(
        "push the close",
        lambda d: d.expect_close(4, "15jan budget slipped"),
        "Initech #4: closes Fri 15 Jan 2027, pushed 1x",
        4,
        lambda o: o.original_close == date(2026, 12, 11) and o.push_count == 1,
    ),
    Case(
        "win",
        lambda d: d.win(4),
        "won Initech #4; care call Wed 23 Dec as #7",
        7,
        lambda o: o.care_of == 4 and o.stage == "nurture" and o.next.due == date(2026, 12, 23),
    ),
    Case(
        "lose",
        lambda d: d.lose(4, "c", "Globex was first"),
        "lost Initech #4 (competitor)",
        4,
        lambda o: o.lost_text == "Globex was first",
    ),
    Case(
        "lose in words",
        lambda d: d.lose(4, "moved away"),
        "lost Initech #4 (moved away)",
        4,
        lambda o: o.closed_from == "proposal",
    ),
    Case(
        "lose for now",
        lambda d: d.lose_for_now(4, "1mar next budget"),
        "lost Initech #4 (timing), back on Mon 1 Mar 2027",
        4,
        lambda o: o.revisit == date(2027, 3, 1) and o.lost_text == "next budget",
    ),
    Case(
        "a day for what is lost",
        lambda d: d.lose_for_now(6, "1mar"),
        "Hooli #6, back on Mon 1 Mar 2027",
        6,
        lambda o: o.revisit is not None,
    ),
    Case(
        "duplicate",
        lambda d: d.duplicate(2),
        "lost Acme #2 (duplicate); the best match is #1: u, then x m merges",
        2,
        lambda o: o.lost_reason == "duplicate",
    ),
    Case(
        "merge",
        lambda d: d.merge_into(2, "#1"),
        "merged Acme #2 into Acme #1",
        1,
        lambda o: [c.name for c in o.contacts] == ["Ann Lee", "Bob Ray"],
    ),
    Case("claim", lambda d: d.claim(5), "Umbrella #5 is ana's", 5, lambda o: o.owner == "ana"),
    Case(
        "assign",
        lambda d: d.assign(1, "ben"),
        "Acme #1: ana -> ben",
        1,
        lambda o: o.owner == "ben" and o.clock == NOW,
    ),
    Case(
        "give up", lambda d: d.assign(1, "-"), "Acme #1: ana -> nobody", 1, lambda o: o.unowned_since == NOW
    ),
    Case("reopen", lambda d: d.reopen(6), "reopened Hooli #6: new", 6, lambda o: o.lost_reason == ""),
    Case(
        "nothing to do",
        lambda d: d.set_priority(1, Priority.NORMAL),
        "no change, Acme #1: priority normal",
        1,
        lambda o: o.priority is Priority.NORMAL,
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
