"""SomeRows as opportunities: what a file says, in the words of the model.

What has no field here is kept in `extra` under its header. A row already past a limit is to triage.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Any

from huntertui.exchange import dates, values
from huntertui.exchange.blocks import Block, Documents, Part, fields_in, named
from huntertui.exchange.doings import channel_of
from huntertui.exchange.drafts import Draft, Key
from huntertui.exchange.kinds import OWN
from huntertui.exchange.markup import plain
from huntertui.exchange.owners import Owners
from huntertui.exchange.people import PERSON, TAGGED, WHO, company_of, contacts_of, tags_of
from huntertui.exchange.picklists import priority_of, reason_of
from huntertui.exchange.rows import BadRow, Places, Row, RowError, content_key, ids_in, whole_id
from huntertui.exchange.stages import Stages, left_from
from huntertui.exchange.words import key
from huntertui.model import acts
from huntertui.model.codec import instant_text, utc_text
from huntertui.model.money import digits, minor
from huntertui.model.opportunity import (
    PARK_REASONS,
    Channel,
    Contact,
    Kind,
    LastTouch,
    NextStep,
    Opportunity,
    Park,
    Priority,
)
from huntertui.model.owed import has_passed, idle_until
from huntertui.model.pipeline import CLOSED, LOST, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from huntertui.exchange.headers import Column, Layout
    from huntertui.exchange.rows import SomeRows
    from huntertui.exchange.stages import Standing

Who = tuple[str, str, tuple[Contact, ...]]
"""Its own name, the company and the people."""
Fields = dict[str, Any]
"""Some fields of an opportunity."""

_ALONE = "id", "created", "last activity", "value"  # what differs in nearly every row
_NAMELESS = "nothing names it: it has no name, company, person, e-mail or phone"
_KEPT = 4096  # dates of which it is known what they mean
_DATE = len("2026-11-23")


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
        self._divide(layout.columns)

    def _divide(self, columns: Iterable[Column]) -> None:
        """Put the columns together of which one decides what another one means."""
        left = {column.place: column for column in columns if column.field is not None}
        has = {column.field for column in left.values()}

        def of(*fields: str) -> list[Column]:
            return [left.pop(column.place) for column in list(left.values()) if column.field in fields]

        self._alone = _ALONE if has & PERSON else (*_ALONE, "title", "company")
        of(*self._alone)
        self._linking = [
            (source, column.place) for field, source in self._kind.links for column in self._places.of(field)
        ]
        self._links = dict.fromkeys(field for field, _ in self._kind.links)
        of(*self._links)
        lost = self._places.of("lost reason")
        self._dated = bool(has & {"meeting", "next date"})
        self._deleted = Part(of("deleted"), _deleted)
        self._who = Part(of(*WHO), _who) if has & PERSON else None
        self._standing = Part([*of("stage", "status", "closed", "won", "probability"), *lost], self._stands)
        self._whose = Part(of("owner"), self._owned)
        self._currency = Part(of("currency"), _currency)
        self._end = Part(
            of("close date", "first close", "closed on", "revisit", "lost reason", "lost remark"), self._ends
        )
        steps = of("next step", "next type", "meeting", "next date")
        parks = of("parked until", "parked for", "parked remark")
        self._step = Part([*steps, *parks], self._planned)
        others = (
            Part(of("country"), lambda row: (None, {"country": row.text("country")})),
            Part(of("priority"), _priority),
            Part(of(*TAGGED), lambda row: (None, {"tags": tags_of(row)})),
            Part(of("notes"), lambda row: (None, {"notes": plain(row.text("notes"))})),
            Part(list(left.values()), lambda _: (None, {})),
        )
        self._others = [part for part in others if part]

    def drafts(self, rows: SomeRows) -> list[Draft | RowError | None]:
        """What becomes of some rows, at least one: of each its draft, why it cannot be read, or None where it
        says that it is deleted; these come first."""
        try:
            docs = Documents(block := Block(self._places, rows))
            deleted = docs.of(self._deleted)
            if any(deleted):
                left = [row for row, gone in zip(rows, deleted, strict=True) if not gone]
                return [*[None] * (len(rows) - len(left)), *(self.drafts(left) if left else ())]
            return list(self._read(block, docs))
        except BadRow as bad:
            if len(rows) == 1:
                return [bad.error]
            half = len(rows) // 2
            return [*self.drafts(rows[:half]), *self.drafts(rows[half:])]

    def _read(self, block: Block, docs: Documents) -> Iterator[Draft]:
        who = docs.of(self._who) if self._who else _titled(block, docs)
        created, touched = self._in_time(block)
        worth = block.read("value", self._worth, zip(docs.of(self._currency), strict=True))
        docs.put([text or "" for text in worth])
        standings = docs.of(self._standing, map(bool, touched))
        stages = [standing.stage for standing in standings]
        ended = [stage if stage in CLOSED else "" for stage in stages]
        owners = docs.of(self._whose, map(bool, ended))
        clocks = self._clocks(created, touched, owners, docs)
        ends = docs.of(self._end, ended)
        docs.put([
            f'"closed_on":"{self._policy.calendar.day(clock)}"' if stage and "closed_on" not in end else ""
            for stage, clock, end in zip(ended, clocks, ends, strict=True)
        ])  # fmt: skip
        steps = docs.of(self._step, stages, self._are_fresh(stages, clocks))
        for part in self._others:
            docs.of(part)
        for standing, rows in Counter(standings).items():
            self._stages.count(standing, rows)
        links, keys = self._links_of(block), self._keys(block, who, docs)
        late = list(map(self._is_late, clocks, stages, owners, ends, steps))
        docs.put(['"triage":true' if is_late else "" for is_late in late])
        texts, role = docs.texts(block.kept(self._alone, self._links)), self._kind.role
        for line, text, (name, company, contacts), (owner, _), stage, is_late, id, linked in zip(
            block.lines, texts, who, owners, stages, late, keys, links, strict=True
        ):
            yield Draft(line, text, name, company, contacts, owner, stage, is_late, id, (id,), role, linked)

    def _is_late(
        self, clock: datetime, stage: str, whose: tuple[str, str], end: Fields, step: Fields
    ) -> bool:
        """Whether it is past a limit already."""
        owner, _ = whose
        unowned = None if owner else self._now
        o = Opportunity(
            created=clock, clock=clock, owner=owner, unowned_since=unowned, stage=stage, **end, **step
        )
        return has_passed(o, self._policy, self._now)

    def _in_time(self, block: Block) -> tuple[list[datetime], list[datetime | None]]:
        """When each came to be, and when it was last touched."""
        created, touched = block.read("created", self._instant), block.read("last activity", self._instant)
        for row, at in enumerate(touched):
            if at and at > self._now:  # planned, not done
                block.spare("last activity", row)
                touched[row] = None
        pairs = zip(created, touched, strict=True)
        return [min(since or at or self._now, self._now) for since, at in pairs], touched

    def _clocks(
        self,
        created: Sequence[datetime],
        touched: Sequence[datetime | None],
        owners: Sequence[tuple[str, str]],
        docs: Documents,
    ) -> list[datetime]:
        """When each was last cleared: by the last touch, which was its owner's, else as it came to be."""
        clocks = [at or since for since, at in zip(created, touched, strict=True)]
        texts = map(utc_text, created)
        docs.put([
            f'"created":"{text}","clock":"{instant_text(at) if at else text}"'
            for text, at in zip(texts, touched, strict=True)
        ])  # fmt: skip
        docs.put([
            _last_touch(at, theirs or self._by) if at else ""
            for at, (_, theirs) in zip(touched, owners, strict=True)
        ])  # fmt: skip
        return clocks

    def _are_fresh(self, stages: Sequence[str], clocks: Sequence[datetime]) -> list[bool]:
        """Whether each is not past its stage's limit, as far as its step has a date to which that matters."""
        return [
            self._dated and stage not in CLOSED and idle_until(stage, clock, self._policy) >= self._now
            for stage, clock in zip(stages, clocks, strict=True)
        ]

    def _keys(self, block: Block, who: Sequence[Who], docs: Documents) -> list[Key]:
        """The ids that the source gave. Without one the row's content stands for it. In a file of no known
        kind an id may be anybody's, so it counts together with the names."""
        source, keys = self._kind.source, []
        for row, (id, (name, company, contacts)) in enumerate(zip(block.texts("id"), who, strict=True)):
            if id and source:
                keys.append((source, whole_id(source, id)))
                continue
            block.spare("id", row)
            if id:
                keys.append(content_key("\x1f".join((id, name, company, *(c.name for c in contacts)))))
            else:
                texts = [column[row] for column in block.columns]
                keys.append(content_key(self._places.content(texts)))
        docs.put([f'"external_ids":{{{quoted(name)}:{quoted(id)}}}' for name, id in keys])
        return keys

    def _links_of(self, block: Block) -> list[tuple[Key, ...]]:
        """The keys of the other rows that each names, in the order of the kind's fields, each once."""
        columns = [
            [ids_in(source, text) if text else () for text in block.columns[place]]
            for source, place in self._linking
        ]
        if len(columns) < 2:
            return columns[0] if columns else [()] * len(block)
        return [tuple(dict.fromkeys(chain.from_iterable(row))) for row in zip(*columns, strict=True)]

    def _worth(self, text: str, column: Column, told: str) -> str:
        """The value as fields of a document; `told`: the currency, where a column has it."""
        amount, unit = values.amount(text, column.mark)
        currency = told or unit or self._policy.currency
        if digits(currency) == 3:  # of 1.200 dinars other amounts do not tell whether they are thousands
            values.amount(text, column.mark.replace(",", ""))
        return f'"value":{minor(amount, currency)},"currency":{quoted(currency)}'

    # What a row says in each of its parts: to others, and of the opportunity

    def _stands(self, row: Row, touched: bool) -> tuple[Standing, Fields]:
        standing = self._stages.of(row, touched)
        row.text("lost reason")  # another part keeps it
        stage = standing.stage
        return standing, {"stage": stage} if stage in CLOSED else {"stage": stage, "highest": stage}

    def _owned(self, row: Row, ended: bool) -> tuple[tuple[str, str], Fields]:
        theirs = row.text("owner")
        owner = self._owners.of(theirs)
        since = None if owner or ended else self._now
        return (owner, theirs), {"owner": owner, "source_owner": theirs, "unowned_since": since}

    def _ends(self, row: Row, ended: str) -> tuple[Fields, Fields]:
        """When one that is open is to close; when one that has `ended`, won or lost, did, and why."""
        if not ended:
            close, first = row.read_by("close date", self._day), row.read_by("first close", self._day)
            dates: Fields = {"expected_close": close, "original_close": first or close}
            return dates, dates
        left = left_from(ended, self._policy.pipeline)
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

    def _planned(self, row: Row, stage: str, fresh: bool) -> tuple[Fields, Fields]:
        """What comes next, of one that is open; `fresh`: it is not past its stage's limit."""
        if stage in CLOSED:
            return {}, {}
        step = self._step_of(row, fresh)
        dated = step is not None and step.set_on is not None
        o = Opportunity(created=self._now, clock=self._now, stage=stage, next=step, park=self._park(row))
        o = acts.in_cadence(o, self._policy)
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
        ahead = due is not None and (due > self._now if isinstance(due, datetime) else due >= today)
        if ahead and (meeting or channel is Channel.MEETING):
            return NextStep(what, Kind.AGREED, Channel.MEETING, due)
        return NextStep(what, Kind.OWN, channel, due, today if ahead and fresh else None)

    # Dates

    def _day(self, text: str, column: Column) -> date:
        return self._days(text, order=column.order)

    def _instant(self, text: str, column: Column) -> datetime:
        if len(text) > _DATE:
            return dates.instant(text, self._policy.calendar, column.order)
        return self._instants(text, order=column.order)

    def _moment(self, text: str, column: Column) -> date | datetime:
        return dates.moment(text, self._policy.calendar, column.order)


def _deleted(row: Row) -> tuple[bool, Fields]:
    return bool(row.read("deleted", values.truth)), {}


def _who(row: Row) -> tuple[Who, Fields]:
    name, company, contacts = row.text("title"), company_of(row), contacts_of(row)
    if not (name or company or contacts):
        raise row.bad("", "", _NAMELESS)
    return (name, company, contacts), {"name": name, "company": company, "contacts": contacts}


def _titled(block: Block, docs: Documents) -> list[Who]:
    """Who each is, in a table without people."""
    names, companies = block.texts("title"), block.texts("company")
    for line, name, company in zip(block.lines, names, companies, strict=True):
        if not (name or company):
            raise BadRow(RowError(line, "", "", _NAMELESS))
    docs.put(named("name", names))
    docs.put(named("company", companies))
    return [(name, company, ()) for name, company in zip(names, companies, strict=True)]


def _priority(row: Row) -> tuple[None, Fields]:
    found = priority_of(row.text("priority"))
    if found is None:
        row.spare("priority")
    return None, {"priority": found or Priority.NORMAL}


def _currency(row: Row) -> tuple[str, Fields]:
    return row.read("currency", values.currency) or "", {}


@lru_cache(_KEPT)
def _last_touch(at: datetime, by: str) -> str:
    return fields_in({"last_touch": LastTouch(at, by, "activity", "imported")})
