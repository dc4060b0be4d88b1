"""Activities: what was done with a customer, what is planned, and what was noted, in a file of their own.

A row becomes no opportunity: it belongs to one, which other rows or the store have.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from huntertui.exchange import dates, values
from huntertui.exchange.doings import channel_of, is_cancelled, is_done, is_inbound, is_note, outcome_of
from huntertui.exchange.markup import plain
from huntertui.exchange.owners import Owners
from huntertui.exchange.people import contacts_of
from huntertui.exchange.rows import Places, Row, content_key, links_of, one_by_one, whole_id
from huntertui.model.opportunity import Channel, Kind, NextStep
from huntertui.model.touch import Outcome, Touch
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huntertui.exchange.headers import Column, Layout
    from huntertui.exchange.rows import RowError, SomeRows
    from huntertui.model.opportunity import Contact
    from huntertui.model.pipeline import Policy

# What a result is where none is told: an activity that is done has reached its customer.
_USUAL = {
    Channel.CALL: Outcome.TALKED,
    Channel.EMAIL: Outcome.SENT,
    Channel.MESSAGE: Outcome.SENT,
    Channel.MEETING: Outcome.MET,
    Channel.VISIT: Outcome.MET,
    Channel.LETTER: Outcome.SENT,
}
_NO_TIME = re.compile(r"0+([:.]0+)*")
_TOLD_BY = frozenset(
    {"what", "subject", "due", "done", "done on", "status", "outcome", "direction", "duration"}
)


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
    note: str = ""  # what is said beside a step, or alone
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says of itself. `due`: when a planned one is; `at`: as in the draft."""

    state: Literal["planned", "done", "cancelled", "note"]
    subject: str
    text: str
    channel: Channel | None
    due: date | datetime | None
    at: datetime | None

    @property
    def words(self) -> str:
        return "\n".join(filter(None, (self.subject, self.text)))


def _done(text: str) -> bool:
    found = is_done(text)
    return values.truth(text) if found is None else found


class ActivityDrafter:
    """Makes drafts of the rows of one file of activities; it has stages `guessed` as little as they do."""

    def __init__(
        self, layout: Layout, policy: Policy, by: str, now: datetime, owners: Mapping[str, str]
    ) -> None:
        """`owners`: their name -> ours."""
        self.guessed = self.met = Counter[tuple[str, str]]()
        self._places = Places(layout.columns)
        self._kind = layout.kind
        has = {column.field for column in layout.columns}
        self._remarks, self._tasks = not has & _TOLD_BY, "due" in has
        self._calendar, self._by, self._now = policy.calendar, by, now
        self._owners = Owners(policy.team, by, owners)

    def drafts(self, rows: SomeRows) -> list[ActivityDraft | RowError | None]:
        """What becomes of some rows: of each its draft, why it cannot be read, or None where it says that it
        is deleted."""
        return one_by_one(self._draft, rows)

    def _draft(self, line: int, cells: Sequence[str]) -> ActivityDraft | None:
        texts = self._places.texts(line, cells)
        row = Row(line, self._places, texts)
        if row.read("deleted", values.truth):
            return None
        draft = ActivityDraft(
            line=line,
            key=self._key(row, texts),
            links=links_of(row, self._kind),
            deal=row.text("deal"),
            company=row.text("company"),
            contact=next(iter(contacts_of(row)), None),
        )
        if not (draft.links or draft.deal or draft.company or draft.contact):
            raise row.bad("", "", "nothing says whose it is: it has no id, deal, person or company")
        said = self._said(row)
        if said.state == "planned":
            step, note = self._step(said), said.text if said.subject else ""
            draft = replace(draft, at=said.at, step=step, note=note)
        elif said.state == "done" and said.channel:
            touch = self._touch(row, said, said.channel, draft.contact)
            draft = replace(draft, at=touch.at, touch=touch)
        elif said.words:
            before = "" if said.state == "note" else f"{said.state}: "
            draft = replace(draft, at=said.at, note=before + said.words)
        else:
            raise row.bad("", "", "says nothing: it has no subject and no text")
        return replace(draft, extra=row.extra)

    def _key(self, row: Row, texts: Sequence[str]) -> tuple[str, str]:
        id = row.text("id")
        if id and self._kind.source:
            return self._kind.source, whole_id(self._kind.source, id)
        return content_key(self._places.content(texts))

    def _said(self, row: Row) -> _Said:
        """Done is what the row calls so, else what was on a day gone by, in a file without due dates."""
        what = row.text("what") or self._kind.what
        subject, text = row.text("subject"), plain(row.text("text"))
        status, outcome = row.text("status"), row.text("outcome")
        due, when = self._timed(row, "due"), self._timed(row, "when")
        done_on, done = row.read_by("done on", self._moment), row.read("done", _done)
        note = self._remarks or is_note(what)
        channel = None if note else channel_of(what) or channel_of(subject.partition(" ")[0])
        if done is None:
            done = is_done(status)
        if done is None:
            was = self._instant(done_on or (None if self._tasks else when))
            done = was is not None and was <= self._now
        state: Literal["planned", "done", "cancelled", "note"] = "done" if done else "planned"
        if is_cancelled(status) or is_cancelled(outcome):
            state = "cancelled"
        if note:
            state = "note"
        at = self._instant((done_on or when or due) if done else (due or when))
        return _Said(state, subject, text, channel, due or when, at)

    def _touch(self, row: Row, said: _Said, channel: Channel, contact: Contact | None) -> Touch:
        """What was done. A call that lasted no time has met nobody."""
        inbound, outcome = is_inbound(row.text("direction")), outcome_of(row.text("outcome"))
        outcome = outcome or outcome_of(row.text("direction"))
        if outcome is None and channel is Channel.CALL and _NO_TIME.fullmatch(row.text("duration")):
            outcome = Outcome.NO_ANSWER
        if outcome is None and inbound:
            outcome = Outcome.TALKED if channel is Channel.CALL else Outcome.REPLIED
        theirs = row.text("owner")
        if outcome_of(row.text("outcome")) is None:
            row.spare("outcome")
        return Touch(
            at=min(said.at or self._now, self._now),
            by=self._owners.of(theirs, theirs or self._by) or theirs,
            outcome=outcome or _USUAL[channel],
            channel=channel,
            inbound=inbound,
            contact=contact.name if contact else "",
            note=said.words,
        )

    def _step(self, said: _Said) -> NextStep:
        """What is planned: agreed when it is a meeting that is still to come, else our own."""
        ahead = said.at is not None and said.at > self._now
        what = said.subject or said.text.partition("\n")[0]
        if ahead and said.channel is Channel.MEETING:
            return NextStep(what, Kind.AGREED, said.channel, said.due)
        return NextStep(
            what, Kind.OWN, said.channel, said.due, self._calendar.day(self._now) if ahead else None
        )

    def _timed(self, row: Row, field: str) -> date | datetime | None:
        """What a field says; Pipedrive and others have the time of day in a column of its own."""

        def read(text: str, column: Column) -> date | datetime:
            if clock := row.text("due time"):
                with suppress(ValueError):  # the day has a time itself, or that is none
                    return self._moment(f"{text} {clock}", column)
            row.spare("due time")
            return self._moment(text, column)

        return row.read_by(field, read)

    def _moment(self, text: str, column: Column) -> date | datetime:
        return dates.moment(text, self._calendar, column.order)

    def _instant(self, found: date | datetime | None) -> datetime | None:
        """An instant (UTC); of a date alone, when the team begins to work that day."""
        if found is None or isinstance(found, datetime):
            return found
        return self._calendar.at(found, self._calendar.opens)
