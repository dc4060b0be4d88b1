"""Rows as opportunities: what a file says, in the words of the model.

What has no field here is kept in `extra` under its header. A row already past a limit is to triage.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from huntertui.exchange import dates, values
from huntertui.exchange.doings import channel_of
from huntertui.exchange.kinds import OWN, Role
from huntertui.exchange.markup import plain
from huntertui.exchange.owners import Owners
from huntertui.exchange.people import company_of, contacts_of, tags_of
from huntertui.exchange.picklists import priority_of, reason_of
from huntertui.exchange.rows import Places, Row, content_key, links_of, whole_id
from huntertui.exchange.stages import Stages, left_from
from huntertui.exchange.words import key
from huntertui.model import acts
from huntertui.model.money import digits, minor
from huntertui.model.opportunity import (
    PARK_REASONS,
    Channel,
    Kind,
    LastTouch,
    NextStep,
    Opportunity,
    Park,
    Priority,
    but,
)
from huntertui.model.owed import idle_until, owed
from huntertui.model.pipeline import CLOSED, LOST, Policy
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from huntertui.exchange.headers import Column, Layout
    from huntertui.model.opportunity import Contact

_KEPT = 4096  # dates of which it is known what they mean
_DATE = len("2026-11-23")


@dataclass(frozen=True, slots=True)
class Brought:
    """What an item of our own export brings along beside its record: its history, as the store has it but
    for the item's number; `fields` of its document that are no ours; `care_of`: the id, among those of our
    own, of the won item that it looks after, "" without one."""

    events: tuple[dict[str, Any], ...]
    fields: dict[str, Any]
    care_of: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One row as a new opportunity (id 0). `key`: name and value of the external id that tells it again.

    `links`: the keys of other rows that this one names, in this file or another: of a deal its company and
    its people, of a person the company and the deals.
    """

    line: int
    opportunity: Opportunity
    key: tuple[str, str]
    role: Role = Role.DEAL
    links: tuple[tuple[str, str], ...] = ()
    brought: Brought | None = None


class Drafter:
    """Makes drafts of the rows of one file; `met` counts (stage as written, ours), `guessed` those it did not
    know."""

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
        self._stages = Stages(layout.standings, policy.pipeline, stages)
        self.guessed, self.met = self._stages.guessed, self._stages.met
        self._places = Places(layout.columns)
        self._kind = layout.kind
        self._policy, self._by, self._now = policy, by, now
        self._today = policy.calendar.day(now)
        self._owners = Owners(policy.team, by, owners)
        # One day stands in very many rows, one time in few.
        self._days = lru_cache(_KEPT)(partial(dates.day, calendar=policy.calendar))
        self._instants = lru_cache(_KEPT)(partial(dates.instant, calendar=policy.calendar))

    def _day(self, text: str, column: Column) -> date:
        return self._days(text, order=column.order)

    def _instant(self, text: str, column: Column) -> datetime:
        if len(text) > _DATE:
            return dates.instant(text, self._policy.calendar, column.order)
        return self._instants(text, order=column.order)

    def _moment(self, text: str, column: Column) -> date | datetime:
        return dates.moment(text, self._policy.calendar, column.order)

    def draft(self, line: int, cells: Sequence[str]) -> Draft | None:
        """The draft of one row, None when the row says that it is deleted. BadRow when it cannot be read."""
        row = Row(line, self._places, cells)
        if row.read("deleted", values.truth):
            return None
        title, company, contacts = row.text("title"), company_of(row), contacts_of(row)
        if not (title or company or contacts):
            raise row.bad("", "", "nothing names it: it has no name, company, person, e-mail or phone")
        created, activity = self._times(row)
        theirs, clock = row.text("owner"), activity or created
        owner = self._owners.of(theirs)
        value, currency = self._value(row)
        stage = self._stages.of(row, touched=bool(activity))
        last = LastTouch(activity, theirs or self._by, "activity", "imported") if activity else None
        more = self._closed(row, stage, clock) if stage in CLOSED else self._open(row, stage, owner, clock)
        country, priority, tags, notes = (
            row.text("country"),
            self._priority(row),
            tags_of(row),
            plain(row.text("notes")),
        )
        name, id = self._key(row, title, company, contacts)
        links = links_of(row, self._kind)
        o = Opportunity(
            name=title,
            company=company,
            country=country,
            contacts=contacts,
            owner=owner,
            source_owner=theirs,
            stage=stage,
            value=value,
            currency=currency,
            priority=priority,
            created=created,
            clock=clock,
            last_touch=last,
            tags=tags,
            notes=notes,
            external_ids={name: (id,)},
            extra=row.extra,  # what nothing above has used
            **more,
        )
        o = acts.in_cadence(o, self._policy)
        due = owed(o, self._policy)
        if due is not None and due.by < self._now:
            o = but(o, triage=True)
        return Draft(line, o, (name, id), self._kind.role, links)

    def _times(self, row: Row) -> tuple[datetime, datetime | None]:
        """When it came to be, and when it was last touched."""
        created, activity = row.read_by("created", self._instant), row.read_by("last activity", self._instant)
        if activity and activity > self._now:  # planned, not done
            row.spare("last activity")
            activity = None
        return min(created or activity or self._now, self._now), activity

    def _key(self, row: Row, title: str, company: str, contacts: Sequence[Contact]) -> tuple[str, str]:
        """The id that the source gave. Without one the row's content stands for it. In a file of no known
        kind an id may be anybody's, so it counts together with the names."""
        id = row.text("id")
        if id and self._kind.source:
            return self._kind.source, whole_id(self._kind.source, id)
        row.spare("id")
        said = "\x1f".join((id, title, company, *(c.name for c in contacts))) if id else row.content
        return content_key(said)

    def _value(self, row: Row) -> tuple[int | None, str]:
        found = row.read_by("value", _amount)
        currency = row.read("currency", values.currency)
        if found is None:
            return None, ""
        currency = currency or found[1] or self._policy.currency
        if digits(currency) == 3:  # of 1.200 dinars other amounts do not tell whether they are thousands
            row.read_by("value", lambda text, column: values.amount(text, column.mark.replace(",", "")))
        return minor(found[0], currency), currency

    def _priority(self, row: Row) -> Priority:
        found = priority_of(row.text("priority"))
        if found is None:
            row.spare("priority")
        return found or Priority.NORMAL

    def _open(self, row: Row, stage: str, owner: str, clock: datetime) -> dict[str, Any]:
        """The fields of one that is open."""
        close, step = row.read_by("close date", self._day), self._step(row, stage, clock)
        return {
            "highest": stage,
            "unowned_since": None if owner else self._now,
            "expected_close": close,
            "original_close": row.read_by("first close", self._day) or close,
            "park": self._park(row),
            "next": step,
            "own_dates": int(step is not None and step.set_on is not None),
        }

    def _park(self, row: Row) -> Park | None:
        """What an export of our own says of it."""
        until = row.read_by("parked until", self._day)
        if until is None:
            return None
        return Park(until, row.text("parked for") or PARK_REASONS["o"], row.text("parked remark"))

    def _step(self, row: Row, stage: str, clock: datetime) -> NextStep | None:
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
        ahead = due is not None and (due > self._now if isinstance(due, datetime) else due >= today)
        if ahead and (meeting or channel is Channel.MEETING):
            return NextStep(what, Kind.AGREED, Channel.MEETING, due)
        set_on = today if ahead and idle_until(stage, clock, self._policy) >= self._now else None
        return NextStep(what, Kind.OWN, channel, due, set_on)

    def _closed(self, row: Row, stage: str, clock: datetime) -> dict[str, Any]:
        """The fields of one that is won or lost."""
        day = row.read_by("closed on", self._day) or row.read_by("close date", self._day)
        left = left_from(stage, self._policy.pipeline)
        fields = {
            "closed_on": day or self._policy.calendar.day(clock),
            "closed_from": left,
            "highest": left,
            "revisit": row.read_by("revisit", self._day),
        }
        if stage != LOST or not (why := row.text("lost reason")):
            return fields
        if self._kind is OWN:  # in the words of somebody's own
            return fields | {"lost_reason": why, "lost_text": row.text("lost remark")}
        reason = reason_of(why) or "other"
        return fields | {"lost_reason": reason, "lost_text": "" if key(reason) == key(why) else why}


def _amount(text: str, column: Column) -> tuple[Decimal, str]:
    return values.amount(text, column.mark)
