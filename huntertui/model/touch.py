"""Touches and their outcomes: what each outcome means for the record."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from huntertui.model.opportunity import Channel
from huntertui.records import dataclass


class Outcome(StrEnum):
    """What came of a touch."""

    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    SENT = "sent"
    TALKED = "talked"
    REPLIED = "replied"
    MEETING_BOOKED = "meeting_booked"
    MET = "met"
    NO_SHOW = "no_show"
    CALLBACK = "callback"
    ASKED = "asked"
    NOT_INTERESTED = "not_interested"
    DO_NOT_CONTACT = "do_not_contact"
    WRONG_NUMBER = "wrong_number"

    @property
    def words(self) -> str:
        """As people say it."""
        return self.value.replace("_", " ")


class Answer(StrEnum):
    """What an incoming message asks of us; asked when it is logged."""

    OWED = "owed"
    AGREED = "agreed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome does. `stage`: the least stage it stands for; `attempt`: the cadence goes on."""

    stage: str = ""
    attempt: bool = False  # no exchange: the next touch is scheduled by the cadence
    exchange: bool = False  # two-way: ends the cadence
    channel: Channel = Channel.CALL


EFFECTS: dict[Outcome, Effect] = {
    Outcome.NO_ANSWER: Effect("attempting", attempt=True),
    Outcome.VOICEMAIL: Effect("attempting", attempt=True),
    Outcome.SENT: Effect("attempting", attempt=True, channel=Channel.EMAIL),
    Outcome.TALKED: Effect("contacted", exchange=True),
    Outcome.REPLIED: Effect("contacted", exchange=True, channel=Channel.EMAIL),
    Outcome.MEETING_BOOKED: Effect("meeting", exchange=True),
    Outcome.MET: Effect("contacted", exchange=True, channel=Channel.MEETING),
    Outcome.NO_SHOW: Effect(attempt=True, channel=Channel.MEETING),
    Outcome.CALLBACK: Effect("contacted", exchange=True),
    Outcome.ASKED: Effect("contacted", exchange=True),
    Outcome.NOT_INTERESTED: Effect(exchange=True),
    Outcome.DO_NOT_CONTACT: Effect(exchange=True),
    Outcome.WRONG_NUMBER: Effect(),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One attempt or exchange with a contact. `inbound`: they began it."""

    at: datetime
    by: str
    outcome: Outcome
    channel: Channel
    inbound: bool = False
    contact: str = ""
    note: str = ""
    answer: Answer = Answer.NOTHING  # read for a reply only

    @property
    def clears(self) -> bool:
        """True when it reached out to the customer or came from a two-way exchange.

        A wrong number is no touch; a message of theirs that still waits for our answer pays nothing.
        """
        if self.outcome is Outcome.WRONG_NUMBER:
            return False
        return not (self.inbound and self.answer is Answer.OWED)
