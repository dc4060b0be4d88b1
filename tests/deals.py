"""Opportunities in few words: a team in Berlin, local times as text, and acts that wait for their record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from huntertui.model import acts
from huntertui.model.calendar import Calendar
from huntertui.model.opportunity import Channel, Kind, NextStep, Opportunity
from huntertui.model.owed import owed
from huntertui.model.pipeline import Policy
from huntertui.model.touch import EFFECTS, Answer, Outcome, Touch

HOLIDAYS = frozenset({date(2026, 12, 25), date(2027, 1, 1)})
CALENDAR = Calendar(ZoneInfo("Europe/Berlin"), holidays=HOLIDAYS)
POLICY = Policy(calendar=CALENDAR)
TODAY = date(2026, 11, 23)  # a Monday

Step = Callable[[Opportunity], Opportunity]


def at(text: str) -> datetime:
    """The instant of a local time, "11-23 10:00" of 2026, or with its year."""
    return datetime.fromisoformat(_dated(text)).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def due(text: str) -> date | datetime:
    """A day or a local time."""
    return at(text) if ":" in text else day(text)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(_dated(text))


def _dated(text: str) -> str:
    return text if text.startswith("20") else f"2026-{text}"


def owed_words(o: Opportunity) -> str:
    """By when and by which rule: "end of Tue 17 Nov: idle"; "nothing"."""
    owes = owed(o, POLICY)
    if owes is None:
        return "nothing"
    return f"{CALENDAR.describe_instant(owes.by, TODAY).removeprefix('the ')}: {owes.rule}"


def deal(stage: str = "proposal", came: str = "11-10 10:00", **fields: Any) -> Opportunity:
    """Ana's, its clock started when it came in: as it stands, red since the end of Tue 17 Nov."""
    given: dict[str, Any] = {"id": 1, "company": "Acme", "owner": "ana", "highest": stage, "clock": at(came)}
    return Opportunity(**(given | {"stage": stage, "created": at(came)} | fields))


def step(when: str, kind: Kind = Kind.OWN, channel: Channel = Channel.CALL, set_on: str = "") -> NextStep:
    """A planned step."""
    return NextStep("", kind, channel, due(when), day(set_on) if set_on else None)


def agreed(when: str, channel: Channel = Channel.CALL) -> NextStep:
    """A step agreed with the customer."""
    return step(when, Kind.AGREED, channel)


def touch(when: str, outcome: Outcome, answer: Answer = Answer.NOTHING) -> Touch:
    """Ana's touch; a reply is inbound."""
    inbound = outcome is Outcome.REPLIED
    return Touch(at(when), "ana", outcome, EFFECTS[outcome].channel, inbound, answer=answer)


def logged(
    when: str, outcome: Outcome, answer: Answer = Answer.NOTHING, then: NextStep | None = None
) -> Step:
    """A touch, and what was agreed with it."""
    return lambda o: acts.log_touch(o, touch(when, outcome, answer), POLICY, at(when), then)


def wrote(when: str) -> Step:
    """They wrote, and we owe an answer."""
    return logged(when, Outcome.REPLIED, Answer.OWED)


def stepped(when: str, planned: NextStep) -> Step:
    """The next step is set."""
    return lambda o: acts.set_step(o, planned, POLICY, at(when))


def snoozed(when: str, until: str) -> Step:
    """The next step is put off."""
    return lambda o: acts.snooze(o, due(until), POLICY, at(when))


def parked(when: str, until: str) -> Step:
    """Parked with a reason."""
    return lambda o: acts.park(o, day(until), "on holiday", "", POLICY, at(when))


def pushed(when: str, until: str, reason: str = "their budget slipped") -> Step:
    """The expected close is set."""
    return lambda o: acts.expect_close(o, day(until), reason, POLICY, at(when))


def assigned(when: str, owner: str) -> Step:
    """Handed over, or taken, or made nobody's."""
    return lambda o: acts.assign(o, owner, POLICY, at(when))


def moved(when: str, stage: str) -> Step:
    """Moved to a stage."""
    return lambda o: acts.move(o, stage, POLICY, at(when))


def lost(when: str, revisit: str = "") -> Step:
    """Lost, to come back on a day or not."""
    back = day(revisit) if revisit else None
    return lambda o: acts.lose(o, "timing", POLICY, at(when), revisit=back)


def reopened(when: str) -> Step:
    """Opened again."""
    return lambda o: acts.reopen(o, POLICY, at(when))


def after(o: Opportunity, *steps: Step) -> Opportunity:
    """The record after these acts."""
    for act in steps:
        o = act(o)
    return o
