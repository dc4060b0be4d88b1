"""Activities: what was done with a customer, what is planned, and what was noted, in a file of their own.

A row becomes no opportunity: it belongs to one, which other rows or the store have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from huntertui.model.opportunity import Contact, NextStep
    from huntertui.model.touch import Touch


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One row of a file of activities: a touch that was made, else a step still to do, else a remark.

    `key` tells the row again, as that of a `Draft`. It belongs to the record of the first of `links` that is
    known (its deal first, then people, then companies), else to that of the same deal name, contact or
    company, so far as it names them. `at`: when it was done, is due or was written down, None when unknown.
    """

    line: int
    key: tuple[str, str]
    links: tuple[tuple[str, str], ...] = ()
    deal: str = ""  # names, where the file has some
    company: str = ""
    contact: Contact | None = None
    at: datetime | None = None
    touch: Touch | None = None  # `by`: the member, else the name as the file has it
    step: NextStep | None = None
    note: str = ""  # what is said beside a touch's own note, or alone
    extra: dict[str, str] = field(default_factory=dict)
