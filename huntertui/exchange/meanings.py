"""What the parts of a row mean: what each says to others, and of the opportunity.

Each is read from a row that has only its columns, and from what others say; nothing else counts, so rows that
say the same need be read but once.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from huntertui.exchange import dates, values
from huntertui.exchange.doings import channel_of
from huntertui.exchange.kinds import OWN
from huntertui.exchange.owners import Owners
from huntertui.exchange.people import company_of, contacts_of
from huntertui.exchange.picklists import priority_of, reason_of
from huntertui.exchange.stages import Stages, left_from
from huntertui.exchange.words import key, keys
from huntertui.model import acts
from huntertui.model.opportunity import (
    PARK_REASONS,
    Channel,
    Contact,
    Kind,
    NextStep,
    Opportunity,
    Park,
    Priority,
)
from huntertui.model.pipeline import CLOSED, LOST, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huntertui.exchange.headers import Column, Layout
    from huntertui.exchange.rows import Row
    from huntertui.exchange.stages import Standing

Who = tuple[str, str, tuple[Contact, ...]]
"""Its own name, the company and the people."""
Fields = dict[str, Any]
"""Some fields of an opportunity."""

NAMELESS = "nothing names it: it has no name, company, person, e-mail or phone"
_DELETED = frozenset(
    keys("deleted, gelöscht, supprimé, supprimée, eliminado, eliminada, excluído, verwijderd")
)
_KEPT = 4096  # dates of which it is known what they mean
_DATE = len("2026-11-23")


class Meanings:
    """What the parts of the rows of one file mean to `by`, who imports it, at the moment `now`."""

    def __init__(
        self,
        layout: Layout,
        policy: Policy,
        by: str,
        now: datetime,
        owners: Mapping[str, str],
        stages: Mapping[str, str],
    ) -> None:
        """`owners`, `stages`: what is called what here, theirs -> ours."""
        self.stages = Stages(layout.standings, policy.pipeline, stages)
        self.policy, self.by, self.now = policy, by, now
        self._kind = layout.kind
        self._today = policy.calendar.day(now)
        self._owners = Owners(policy.team, by, owners)
        # One day stands in very many rows, one time in few.
        self._days = lru_cache(_KEPT)(partial(dates.day, calendar=policy.calendar))
        self._instants = lru_cache(_KEPT)(partial(dates.instant, calendar=policy.calendar))

    def stands(self, row: Row, touched: bool) -> tuple[Standing, Fields]:
        """The stage; `touched`: somebody was in touch already."""
        standing = self.stages.of(row, touched)
        stage = standing.stage
        return standing, {"stage": stage} if stage in CLOSED else {"stage": stage, "highest": stage}

    def owned(self, row: Row, ended: bool) -> tuple[tuple[str, str], Fields]:
        """Whose it is: ours, "" for nobody, and theirs; `ended`: won or lost."""
        theirs = row.text("owner")
        owner = self._owners.of(theirs)
        since = None if owner or ended else self.now
        return (owner, theirs), {"owner": owner, "source_owner": theirs, "unowned_since": since}

    def ends(self, row: Row, ended: str) -> tuple[Fields, Fields]:
        """When one that is open is to close; when one that has `ended`, won or lost, did, and why."""
        if not ended:
            close, first = row.read_by("close date", self._day), row.read_by("first close", self._day)
            ahead: Fields = {"expected_close": close, "original_close": first or close}
            return ahead, ahead
        left = left_from(ended, self.policy.pipeline)
        fields: Fields = {"closed_from": left, "highest": left}
        if day := row.read_by("closed on", self._day) or row.read_by("close date", self._day):
            fields["closed_on"] = day
        fields["revisit"] = row.read_by("revisit", self._day)
        if ended == LOST and (why := row.text("lost reason")):
            if self._kind is OWN:  # in the words of somebody's own
                fields |= {"lost_reason": why, "lost_text": row.text("lost remark")}
            else:
                reason = reason_of(why) or "other"
                fields |= {"lost_reason": reason, "lost_text": "" if key(reason) == key(why) else why}
        return fields, fields

    def planned(self, row: Row, stage: str, fresh: bool) -> tuple[Fields, Fields]:
        """What comes next, of one that is open; `fresh`: it is not past its stage's limit."""
        if stage in CLOSED:
            return {}, {}
        step = self._step_of(row, fresh)
        dated = step is not None and step.set_on is not None
        o = Opportunity(created=self.now, clock=self.now, stage=stage, next=step, park=self._park(row))
        o = acts.in_cadence(o, self.policy)
        fields = {"next": o.next, "cadence": o.cadence, "own_dates": int(dated), "park": o.park}
        return fields, fields

    def _park(self, row: Row) -> Park | None:
        """What an export of our own says of it."""
        until = row.read_by("parked until", self._day)
        if until is None:
            return None
        return Park(until, row.text("parked for") or PARK_REASONS["o"], row.text("parked remark"))

    def _step_of(self, row: Row, fresh: bool) -> NextStep | None:
        """The next step: agreed only when the file calls it a meeting that is still to come, else our own.

        An own date that is still to come counts as set today, where the row is not past its limit already.
        """
        what, how = row.text("next step"), row.text("next type")
        meeting, plain = row.read_by("meeting", self._moment), row.read_by("next date", self._moment)
        channel, due = channel_of(how), meeting or plain
        if how and not channel:
            row.spare("next type")
        if meeting and plain:
            row.spare("next date")
        if not what and due is None:
            return None
        today = self._today
        ahead = due is not None and (due > self.now if isinstance(due, datetime) else due >= today)
        if ahead and (meeting or channel is Channel.MEETING):
            return NextStep(what, Kind.AGREED, Channel.MEETING, due)
        return NextStep(what, Kind.OWN, channel, due, today if ahead and fresh else None)

    def _day(self, text: str, column: Column) -> date:
        return self._days(text, order=column.order)

    def instant(self, text: str, column: Column) -> datetime:
        """The instant of a cell. ValueError."""
        if len(text) > _DATE:
            return dates.instant(text, self.policy.calendar, column.order)
        return self._instants(text, order=column.order)

    def _moment(self, text: str, column: Column) -> date | datetime:
        return dates.moment(text, self.policy.calendar, column.order)


def deleted(row: Row) -> tuple[bool, Fields]:
    """Whether the row says that it is deleted, by a flag or by its status."""
    return bool(row.read("deleted", values.truth)) or key(row.text("status")) in _DELETED, {}


def who(row: Row) -> tuple[Who, Fields]:
    """What it is called, and its people."""
    name, company, contacts = row.text("title"), company_of(row), contacts_of(row)
    if not (name or company or contacts):
        raise row.bad("", "", NAMELESS)
    return (name, company, contacts), {"name": name, "company": company, "contacts": contacts}


def priority(row: Row) -> tuple[None, Fields]:
    """How urgent it is; a word that nobody knows is kept."""
    found = priority_of(row.text("priority"))
    if found is None:
        row.spare("priority")
    return None, {"priority": found or Priority.NORMAL}


def currency(row: Row) -> tuple[str, Fields]:
    """The currency of its value, "" where none is said."""
    if row.text("currency").lstrip("-").isdigit():  # the number that it has in its program
        row.spare("currency")
        return "", {}
    return row.read("currency", values.currency) or "", {}
