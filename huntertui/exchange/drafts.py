"""Rows as opportunities: what a file says, in the words of the model.

What has no field here is kept in `extra` under its header. A row already past a limit is to triage.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from huntertui.exchange import dates, values
from huntertui.exchange.kinds import Role
from huntertui.exchange.markup import plain
from huntertui.exchange.owners import Owners
from huntertui.exchange.people import contacts_of, tags_of
from huntertui.exchange.rows import Row, links_of, whole_id
from huntertui.exchange.stages import Stages, left_from
from huntertui.exchange.words import key
from huntertui.model import acts
from huntertui.model.money import minor
from huntertui.model.opportunity import (
    LOST_REASONS,
    Channel,
    Kind,
    LastTouch,
    NextStep,
    Opportunity,
    Priority,
    but,
)
from huntertui.model.owed import limit_of, owed
from huntertui.model.pipeline import CLOSED, LOST, Policy
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huntertui.exchange.headers import Column, Layout

_PRIORITIES = {priority.value: priority for priority in Priority} | {"medium": Priority.NORMAL}
_CHANNELS = {channel.value: channel for channel in Channel} | dict.fromkeys(
    ("appointment", "demo", "termin"), Channel.MEETING
)


BY_CONTENT = "row"
"""The source of the ids of rows that have none: it stands for what they say."""


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
    """Makes drafts of the rows of one file; `guessed` counts (stage as written, ours) it did not know."""

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
        self.guessed = self._stages.guessed
        self._columns = sorted(layout.columns, key=lambda column: column.rank)
        self._kind = layout.kind
        self._policy, self._by, self._now = policy, by, now
        self._owners = Owners(policy.team, by, owners)

    @property
    def known(self) -> list[tuple[str, str]]:
        """See `Stages`."""
        return self._stages.known

    def draft(self, line: int, cells: Sequence[str]) -> Draft | None:
        """The draft of one row, None when the row says that it is deleted. BadRow when it cannot be read."""
        row = Row(line, self._columns, cells)
        if row.read("deleted", values.truth):
            return None
        o = self._opportunity(row)
        name, id = self._key(row, o)
        due = owed(o, self._policy)
        late = due is not None and due.by < self._now
        links = links_of(row, self._kind)
        o = but(o, triage=late, external_ids={name: (id,)}, extra=row.extra)
        return Draft(line, o, (name, id), self._kind.role, links)

    def _day(self, text: str, column: Column) -> date:
        return dates.day(text, self._policy.calendar, column.order)

    def _instant(self, text: str, column: Column) -> datetime:
        return dates.instant(text, self._policy.calendar, column.order)

    def _moment(self, text: str, column: Column) -> date | datetime:
        return dates.moment(text, self._policy.calendar, column.order)

    def _key(self, row: Row, o: Opportunity) -> tuple[str, str]:
        """The id that the source gave. Without one the row's content stands for it. In a file of no known
        kind an id may be anybody's, so it counts together with the names."""
        id = row.text("id")
        if id and self._kind.source:
            return self._kind.source, whole_id(self._kind.source, id)
        row.spare("id")
        said = "\x1f".join((id, o.name, o.company, *(c.name for c in o.contacts))) if id else row.content
        return BY_CONTENT, blake2b(said.encode(), digest_size=8).hexdigest()

    def _opportunity(self, row: Row) -> Opportunity:
        title, company, contacts = row.text("title"), row.text("company"), contacts_of(row)
        if not (title or company or contacts):
            raise row.bad("", "", "nothing names it: it has no name, company, person, e-mail or phone")
        created, activity = row.read_by("created", self._instant), row.read_by("last activity", self._instant)
        if activity and activity > self._now:  # planned, not done
            row.spare("last activity")
            activity = None
        created = min(created or activity or self._now, self._now)
        theirs = row.text("owner")
        value, currency = self._value(row)
        stage = self._stages.of(row, touched=bool(activity))
        o = Opportunity(
            name=title,
            company=company,
            country=row.text("country"),
            contacts=contacts,
            owner=self._owners.of(theirs),
            source_owner=theirs,
            stage=stage,
            value=value,
            currency=currency,
            priority=self._priority(row),
            created=created,
            clock=activity or created,
            last_touch=LastTouch(activity, theirs or self._by, "activity", "imported") if activity else None,
            tags=tags_of(row),
            notes=plain(row.text("notes")),
        )
        return self._closed(o, row) if stage in CLOSED else self._open(o, row)

    def _value(self, row: Row) -> tuple[int | None, str]:
        found = row.read_by("value", lambda text, column: values.amount(text, column.mark))
        currency = row.read("currency", values.currency)
        if found is None:
            return None, ""
        currency = currency or found[1] or self._policy.currency
        return minor(found[0], currency), currency

    def _priority(self, row: Row) -> Priority:
        found = _PRIORITIES.get(row.text("priority").casefold())
        if found is None:
            row.spare("priority")
        return found or Priority.NORMAL

    def _open(self, o: Opportunity, row: Row) -> Opportunity:
        close, step = row.read_by("close date", self._day), self._step(o, row)
        own = int(step is not None and step.set_on is not None)
        o = but(o, expected_close=close, original_close=close, next=step, own_dates=own)
        o = acts.start(o, self._policy)
        return o if o.owner else but(o, unowned_since=self._now)

    def _step(self, o: Opportunity, row: Row) -> NextStep | None:
        """The next step: agreed only when the file calls it a meeting that is still to come, else our own.

        An own date that is still to come counts as set today, where the row is not past its limit already.
        """
        what, how = row.text("next step"), row.text("next type").casefold()
        meeting, plain = row.read_by("meeting", self._moment), row.read_by("next date", self._moment)
        channel, due = _CHANNELS.get(how), meeting or plain
        if how and not channel:
            row.spare("next type")
        if meeting and plain:
            row.spare("next date")
        if not what and due is None:
            return None
        today = self._policy.calendar.day(self._now)
        ahead = due is not None and (due > self._now if isinstance(due, datetime) else due >= today)
        if ahead and (meeting or channel is Channel.MEETING):
            return NextStep(what, Kind.AGREED, Channel.MEETING, due)
        set_on = today if ahead and limit_of(o, self._policy).by >= self._now else None
        return NextStep(what, Kind.OWN, channel, due, set_on)

    def _closed(self, o: Opportunity, row: Row) -> Opportunity:
        day = row.read_by("closed on", self._day) or row.read_by("close date", self._day)
        left = left_from(o.stage, self._policy.pipeline)
        o = but(o, closed_on=day or self._policy.calendar.day(o.clock), closed_from=left, highest=left)
        if o.stage != LOST or not (why := row.text("lost reason")):
            return o
        known = next((reason for reason in LOST_REASONS.values() if key(reason) == key(why)), "")
        remark = row.text("lost remark")
        if not known and remark:
            row.spare("lost reason")
        return but(o, lost_reason=known or "other", lost_text=remark or ("" if known else why))
