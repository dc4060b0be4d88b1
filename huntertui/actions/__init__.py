"""What the commands that change a record do: the desk's use case, and where a cursor goes after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, auto

from huntertui.desk import Desk
from huntertui.desk.ledger import Change
from huntertui.errors import Usage
from huntertui.model.entry import read_when
from huntertui.model.opportunity import LOST_REASONS, PRIORITIES, Channel, Kind, NextStep, Priority
from huntertui.model.pipeline import LANES, Discipline
from huntertui.model.touch import Answer, Outcome
from huntertui.records import dataclass

Run = Callable[[Desk, int, str | None], Change]


class Then(Enum):
    """Where the cursor goes: on to the next row, nowhere, or with the record to its new lane."""

    NEXT = auto()
    STAY = auto()
    FOLLOW = auto()


@dataclass(frozen=True, slots=True)
class Action:
    """`run` takes the record's id and the answer: None when it was left out, "" for what suggests itself."""

    run: Run
    then: Then = Then.STAY


@dataclass(frozen=True, slots=True)
class Log:
    """Logs a touch, and the next step with it in one, so that one undo takes both back.

    `step`: what the answer is read as, as the desk suggests it ("" when the touch asks for none); `kind` and
    `by`: whose step it is, and on which channel.
    """

    outcome: Outcome
    channel: Channel | None = None
    answer: Answer = Answer.NOTHING
    step: str = ""
    kind: Kind = Kind.OWN
    by: Channel = Channel.CALL

    def __call__(
        self, desk: Desk, id: int, text: str | None, *, note: str = "", channel: Channel | None = None
    ) -> Change:
        """Log it. `text`: see `Action`; `note` and `channel`: more of the touch, where it is known."""
        step = None
        if self.step and text is not None:
            step = step_from(desk, text or desk.suggest(self.step, id), self.kind, self.by)
        channel = channel or self.channel
        return desk.log(id, self.outcome, answer=self.answer, channel=channel, step=step, note=note)


def _log(
    outcome: Outcome,
    step: str = "",
    kind: Kind = Kind.OWN,
    by: Channel = Channel.CALL,
    *,
    channel: Channel | None = None,
    answer: Answer = Answer.NOTHING,
) -> Action:
    return Action(Log(outcome, channel, answer, step, kind, by), Then.NEXT)


def step_from(desk: Desk, text: str, kind: Kind, channel: Channel) -> NextStep:
    """The next step that a text means: "tue call about the offer". WhenError when it has no date."""
    when, agreed = read_when(text, desk.now(), desk.policy.calendar)
    first = when.rest.split(" ")[0].casefold()
    channel = Channel(first) if first in list(Channel) else channel
    kind = Kind.AGREED if agreed else kind
    return NextStep(when.rest, kind, channel, when.due, set_on=desk.today() if kind is Kind.OWN else None)


def _asked(run: Callable[[Desk, int, str], Change], suggest: str = "") -> Run:
    """With the answer, or what suggests itself in its place."""

    def asked(desk: Desk, id: int, text: str | None) -> Change:
        return run(desk, id, text or (desk.suggest(suggest, id) if suggest else ""))

    return asked


def _lose(reason: str) -> Action:
    return Action(lambda desk, id, text: desk.lose(id, reason, text or ""), Then.NEXT)


def _priority(priority: Priority) -> Action:
    return Action(lambda desk, id, _: desk.set_priority(id, priority))


def _expect_close(desk: Desk, id: int, text: str) -> Change:
    if not text:
        raise Usage("when does it close? dec15, or 15jan budget slipped")
    return desk.expect_close(id, text)


def _to(discipline: Discipline) -> Action:
    lane = LANES.index(discipline)
    return Action(lambda desk, id, _: desk.to_lane(id, lane), Then.NEXT)


_ASKED_STEP = ("step", Kind.OWN)

ACTIONS: Mapping[str, Action] = {
    "log-no-answer": _log(Outcome.NO_ANSWER),
    "log-voicemail": _log(Outcome.VOICEMAIL),
    "log-email": _log(Outcome.SENT, channel=Channel.EMAIL),
    "log-message": _log(Outcome.SENT, channel=Channel.MESSAGE),
    "log-talked": _log(Outcome.TALKED, *_ASKED_STEP),
    "log-met": _log(Outcome.MET, *_ASKED_STEP),
    "log-asked": _log(Outcome.ASKED, *_ASKED_STEP),
    "log-meeting-booked": _log(Outcome.MEETING_BOOKED, "meeting", Kind.AGREED, Channel.MEETING),
    "log-callback": _log(Outcome.CALLBACK, "callback", Kind.AGREED),
    "log-replied": _log(Outcome.REPLIED, answer=Answer.OWED),
    "log-replied-nothing": _log(Outcome.REPLIED),
    "log-replied-date": _log(Outcome.REPLIED, "step", Kind.AGREED, answer=Answer.AGREED),
    "log-no-show": _log(Outcome.NO_SHOW),
    "log-not-interested": _log(Outcome.NOT_INTERESTED),
    "log-wrong-number": replace(_log(Outcome.WRONG_NUMBER), then=Then.STAY),  # the next number is tried
    "log-do-not-contact": _log(Outcome.DO_NOT_CONTACT),
    "log-both": Action(lambda desk, id, _: desk.log_both(id)),
    "step-done": Action(lambda desk, id, _: desk.step_done(id)),
    "note": Action(_asked(Desk.note)),
    "snooze": Action(_asked(Desk.snooze, "snooze"), Then.NEXT),
    "next-step": Action(_asked(Desk.set_step, "step")),
    "park": Action(_asked(Desk.park), Then.NEXT),
    "raise": Action(lambda desk, id, _: desk.raise_priority(id, 1)),
    "lower": Action(lambda desk, id, _: desk.raise_priority(id, -1)),
    **{f"priority-{priority.value}": _priority(priority) for priority in PRIORITIES},
    "to-top": Action(lambda desk, id, _: desk.to_top(id)),
    "plan-down": Action(lambda desk, id, _: desk.plan_move(id, 1)),
    "plan-up": Action(lambda desk, id, _: desk.plan_move(id, -1)),
    "unplan": Action(lambda desk, id, _: desk.unplan(id)),
    "forward": Action(lambda desk, id, _: desk.forward(id), Then.FOLLOW),
    "backward": Action(lambda desk, id, _: desk.back(id), Then.FOLLOW),
    "stage": Action(_asked(Desk.move), Then.FOLLOW),
    "to-prospects": _to(Discipline.PROSPECTING),
    "to-follow-ups": _to(Discipline.FOLLOWING_UP),
    "to-closing": _to(Discipline.CLOSING),
    "expect-close": Action(_asked(_expect_close)),
    "value": Action(_asked(Desk.set_value)),
    "close-won": Action(lambda desk, id, _: desk.win(id), Then.NEXT),
    **{f"lose-{reason.replace(' ', '-')}": _lose(reason) for reason in LOST_REASONS.values()},
    "disqualify": _lose("disqualified"),
    "duplicate": Action(lambda desk, id, _: desk.duplicate(id), Then.NEXT),
    "merge": Action(_asked(Desk.merge_into, "merge"), Then.NEXT),
    "lose-for-now": Action(_asked(Desk.lose_for_now), Then.NEXT),
    "reopen": Action(lambda desk, id, _: desk.reopen(id), Then.FOLLOW),
    "tag": Action(_asked(Desk.tag)),
    "claim": Action(lambda desk, id, _: desk.claim(id)),
    "assign": Action(_asked(Desk.assign)),
    "message": Action(_asked(Desk.message)),
    "coach": Action(_asked(Desk.coach)),
    "answer": Action(lambda desk, id, _: desk.answer(id)),
}
"""By the name of the command. What needs no record, or more than one, is the screen's."""
