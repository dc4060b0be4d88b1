"""What can go wrong, as exceptions: the text is for people, the `exit_code` for the command line.

The exit codes: 1 failed, 2 usage, 3 no such record, 4 conflict, 5 store busy, 6 store damaged or newer than
this program, 7 not permitted.
"""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from datetime import datetime


class HunterError(Exception):
    """The base of all: something failed for a reason that the message tells."""

    exit_code: ClassVar[int] = 1


class Usage(HunterError):
    """Asked for in a way that makes no sense: a wrong argument, name or value."""

    exit_code = 2


class BadValue(Usage, ValueError):
    """A value that the store does not take because it is not plain JSON; the message says where it stands."""


class NotFound(HunterError):
    """There is no such record (any more)."""

    exit_code = 3


class Conflict(HunterError):
    """Someone changed what the user saw before his own change arrived; nothing was written.

    `table`, `id` and `field` say where; `field` is "" when it is about the whole document (it was deleted, or
    its id is taken again). `mine` is the value that was to be written, `theirs` the current one (None: none).
    `by` and `at` (aware, UTC) tell who wrote the current value and when, as far as the journal still knows,
    else "" and None.
    """

    exit_code = 4

    def __init__(
        self,
        table: str,
        id: int,
        field: str,
        mine: Any = None,
        theirs: Any = None,
        by: str = "",
        at: datetime | None = None,
    ) -> None:
        """Build the message from the parts, with long values shortened."""
        self.table, self.id, self.field = table, id, field
        self.mine, self.theirs, self.by, self.at = mine, theirs, by, at
        what = f"{field} of {table} #{id}" if field else f"{table} #{id}"
        if field:
            now = f"is now {reprlib.repr(theirs)}"
        else:
            now = "is deleted" if theirs is None else "is there again"
        who = f", by {by}" if by else ""
        when = f", {at:%Y-%m-%d %H:%M:%S} UTC" if at else ""
        super().__init__(f"{what} {now}{who}{when}: it changed since you saw it, so nothing was written")


class StoreError(HunterError):
    """The store itself could not do what it was asked for."""


class Busy(StoreError):
    """Someone else holds the store's lock for too long; nothing was written."""

    exit_code = 5


class Full(StoreError):
    """No space left (or no quota); nothing was written."""


class Damaged(StoreError):
    """The stored data cannot be read; it is left exactly as it is."""

    exit_code = 6


class Upgraded(StoreError):
    """A newer version of this program has changed the store; this one must be upgraded or restarted."""

    exit_code = 6


class Uncertain(StoreError):
    """Whether the change lasts is unknown: it was written, but the system could not confirm it."""


class Resync(StoreError):
    """The changes asked for cannot be told one by one any more: read everything again, go on from `seq`."""


class NotAllowed(HunterError):
    """The system or the team's rules do not permit it."""

    exit_code = 7


class Overtaken(NotAllowed):
    """It is not permitted any more, as somebody else was first, and has taken or changed it."""

    exit_code = Conflict.exit_code
