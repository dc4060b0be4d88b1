"""The record: one opportunity, from unworked prospect to won or lost, and the values it holds."""

from __future__ import annotations

from dataclasses import field, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import repeat
from operator import attrgetter, call
from typing import Any

from huntertui.records import dataclass


class Channel(StrEnum):
    """How a touch is made."""

    CALL = "call"
    EMAIL = "email"
    MESSAGE = "message"
    MEETING = "meeting"
    VISIT = "visit"
    LETTER = "letter"


class Kind(StrEnum):
    """Who set a next step: agreed with the customer, set by the cadence, or our own choice."""

    AGREED = "agreed"
    CADENCE = "cadence"
    OWN = "own"


class Priority(StrEnum):
    """Shared by all, on the record."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for urgent to 3 for low."""
        return PRIORITIES.index(self)


PRIORITIES = tuple(Priority)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `struck`: numbers found wrong; `blocked`: wants no contact."""

    name: str = ""
    role: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one planned action. `due`: a date, or an instant (UTC), or None (when the stage's limit says)."""

    what: str = ""
    kind: Kind = Kind.OWN
    channel: Channel | None = None
    due: date | datetime | None = None
    set_on: date | None = None  # the day it was set: an own date counts from it


@dataclass(frozen=True, slots=True)
class Debt:
    """A passed owed-by that no clearing event has paid yet."""

    by: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class Park:
    """Left alone until the end of `until` for a known reason (`why`: a word of PARK_REASONS, or text)."""

    until: date
    why: str
    text: str = ""


PARK_REASONS = {
    "h": "on holiday",
    "b": "budget round",
    "c": "waits for a colleague",
    "p": "asked for time",
    "o": "other",
}
LOST_REASONS = {
    "p": "price",
    "t": "timing",
    "c": "competitor",
    "n": "no budget",
    "g": "ghosted",
    "i": "not interested",
    "o": "other",
}


@dataclass(frozen=True, slots=True)
class LastTouch:
    """The last clearing touch, as the explanation of a red row names it."""

    at: datetime
    by: str
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """One chance to help a customer. Instants are aware UTC; `value` is in minor units of `currency`."""

    id: int = 0
    name: str = ""
    company: str = ""
    country: str = ""
    contacts: tuple[Contact, ...] = ()
    owner: str = ""  # "" = nobody's
    unowned_since: datetime | None = None
    source_owner: str = ""  # an owner that an import named and that is no member
    helper: str = ""
    helper_until: datetime | None = None
    helped: datetime | None = None  # when a colleague last began to help
    stage: str = "new"
    highest: str = "new"  # the highest stage ever reached
    value: int | None = None
    currency: str = ""
    priority: Priority = Priority.NORMAL
    next: NextStep | None = None
    expected_close: date | None = None
    original_close: date | None = None
    push_count: int = 0
    created: datetime
    clock: datetime  # the last clearing event, else creation, the first owner after none, or reopening
    last_touch: LastTouch | None = None
    touches: int = 0  # touches of ours, ever
    cadence: str = ""  # the cadence that runs, "" when an exchange has ended it
    cadence_done: int = 0  # steps of it that are done
    cadence_day: date | None = None  # the day of the last of them
    answer_owed: datetime | None = None  # when they wrote and we owe an answer
    inbound: bool = False
    debt: Debt | None = None
    park: Park | None = None
    deferrals: int = 0  # parks and pushes since the last touch
    own_dates: int = 0  # own dates since the last touch
    triage: bool = False  # imported already past a limit and not decided on yet
    import_id: int | None = None
    closed_on: date | None = None
    closed_from: str = ""  # the stage it was closed in
    lost_reason: str = ""
    lost_text: str = ""
    revisit: date | None = None
    care_of: int | None = None  # the won opportunity that this one looks after
    tags: tuple[str, ...] = ()
    notes: str = ""
    external_ids: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by source; several when merged
    extra: dict[str, str] = field(default_factory=dict)  # columns of an import that have no field here

    @property
    def title(self) -> str:
        """What a row shows: the opportunity's own name, else the company, else the first contact."""
        return self.name or self.company or (self.contacts[0].name if self.contacts else "") or "(no name)"

    @property
    def phone(self) -> str:
        """The first number that nobody has struck, "" without one."""
        return next(
            (phone for contact in self.contacts if not contact.blocked for phone in contact.phones), ""
        )


_FIELDS = tuple(field.name for field in fields(Opportunity))
_read = attrgetter(*_FIELDS)
_setters = {name: getattr(Opportunity, name).__set__ for name in _FIELDS}


def but(o: Opportunity, **changes: Any) -> Opportunity:
    """The record with some fields changed: `dataclasses.replace` in a quarter of its time, for an import that
    makes a hundred thousand of them. KeyError for what is no field."""
    made = object.__new__(Opportunity)
    any(map(call, _setters.values(), repeat(made), _read(o)))  # they return None, so all are called
    for name, value in changes.items():
        _setters[name](made, value)
    return made
