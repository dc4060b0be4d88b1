"""Rows as opportunities: what a file says, in the words of the model.

What has no field here is kept in `extra` under its header. A row already past a limit is to triage.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import lru_cache
from itertools import chain
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING

from huntertui.exchange import meanings, values
from huntertui.exchange.blocks import Block, Documents, Part, fields_in, named
from huntertui.exchange.drafts import Draft, Key
from huntertui.exchange.markup import plain
from huntertui.exchange.meanings import NAMELESS, Fields, Meanings, Who
from huntertui.exchange.people import PERSON, TAGGED, WHO, tags_of
from huntertui.exchange.rows import BadRows, Places, RowError, content_key, ids_in, whole_id
from huntertui.model.codec import instant_text, utc_text
from huntertui.model.money import digits, minor
from huntertui.model.opportunity import LastTouch, Opportunity
from huntertui.model.owed import has_passed, idle_until
from huntertui.model.pipeline import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from huntertui.exchange.headers import Column, Layout
    from huntertui.exchange.rows import SomeRows

_ALONE = "id", "created", "last activity", "value"  # what differs in nearly every row
_KEPT = 4096  # last touches that are remembered


class Drafter:
    """Makes drafts of the rows of one file; `met` counts (stage as written, ours), `guessed` those it did not
    know."""

    def __init__(self, layout: Layout, means: Meanings) -> None:
        """`means`: what the parts of its rows mean."""
        self.guessed, self.met = means.stages.guessed, means.stages.met
        self._places, self._kind, self._means = Places(layout.columns), layout.kind, means
        self._policy, self._by, self._now = means.policy, means.by, means.now
        self._divide(layout.columns)

    def _divide(self, columns: Iterable[Column]) -> None:
        """Put the columns together of which one decides what another one means."""
        left = {column.place: column for column in columns if column.field is not None}
        has = {column.field for column in left.values()}

        def of(*fields: str) -> list[Column]:
            return [left.pop(column.place) for column in list(left.values()) if column.field in fields]

        means = self._means
        self._alone = _ALONE if has & PERSON else (*_ALONE, "title", "company")
        of(*self._alone)
        self._linking = [
            (source, column.place) for field, source in self._kind.links for column in self._places.of(field)
        ]
        self._links = dict.fromkeys(field for field, _ in self._kind.links)
        of(*self._links)
        self._dated = bool(has & {"meeting", "next date"})
        self._deleted = Part(of("deleted"), meanings.deleted, self._places.of("status"))
        self._who = Part(of(*WHO), meanings.who) if has & PERSON else None
        told = of("stage", "status", "closed", "won", "probability")
        self._standing = Part(told, means.stands, self._places.of("lost reason"))
        self._whose = Part(of("owner"), means.owned)
        self._currency = Part(of("currency"), meanings.currency)
        self._end = Part(
            of("close date", "first close", "closed on", "revisit", "lost reason", "lost remark"), means.ends
        )
        steps = of("next step", "next type", "meeting", "next date")
        parks = of("parked until", "parked for", "parked remark")
        self._step = Part([*steps, *parks], means.planned)
        others = (
            Part(of("country"), lambda row: (None, {"country": row.text("country")})),
            Part(of("priority"), meanings.priority),
            Part(of(*TAGGED), lambda row: (None, {"tags": tags_of(row)})),
            Part(of("notes"), lambda row: (None, {"notes": plain(row.text("notes"))})),
            Part(list(left.values()), lambda _: (None, {})),
        )
        self._others = [part for part in others if part]

    def drafts(self, rows: SomeRows) -> list[Draft | RowError | None]:
        """What becomes of some rows: of each its draft, why it cannot be read, or None where it says that it
        is deleted; the drafts come last. They are read again without the others."""
        done: list[Draft | RowError | None] = []
        while rows:
            try:
                docs = Documents(block := Block(self._places, rows))
                deleted = docs.of(self._deleted)
                if not any(deleted):
                    return [*done, *self._read(block, docs)]
                left = [row for row, gone in zip(rows, deleted, strict=True) if not gone]
                done += [None] * (len(rows) - len(left))
            except BadRows as bad:
                left = [row for place, row in enumerate(rows) if place not in bad.errors]
                done += bad.errors.values()
            rows = left
        return done

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
            self._means.stages.count(standing, rows)
        links, ids = self._links_of(block), self._ids(block, who, docs)
        late = list(map(self._is_late, clocks, stages, owners, ends, steps))
        docs.put(['"triage":true' if is_late else "" for is_late in late])
        texts, role = docs.texts(block.kept(self._alone, self._links)), self._kind.role
        for line, text, (name, company, contacts), (owner, _), stage, is_late, keys, linked in zip(
            block.lines, texts, who, owners, stages, late, ids, links, strict=True
        ):
            yield Draft(line, text, name, company, contacts, owner, stage, is_late, keys, role, linked)

    def _is_late(
        self, clock: datetime, stage: str, whose: tuple[str, str], end: Fields, step: Fields
    ) -> bool:
        """Whether it is past a limit already."""
        if stage in CLOSED and end["revisit"] is None:
            return False
        owner, _ = whose
        unowned = None if owner else self._now
        o = Opportunity(
            created=clock, clock=clock, owner=owner, unowned_since=unowned, stage=stage, **end, **step
        )
        return has_passed(o, self._policy, self._now)

    def _in_time(self, block: Block) -> tuple[list[datetime], list[datetime | None]]:
        """When each came to be, and when it was last touched."""
        created, touched = (
            block.read("created", self._means.instant),
            block.read("last activity", self._means.instant),
        )
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

    def _ids(self, block: Block, who: Sequence[Who], docs: Documents) -> list[tuple[Key, ...]]:
        """The ids that the source gave. Without one the row's content stands for it. In a file of no known
        kind an id may be anybody's, so it counts together with the names; one that several programs may have
        given counts both ways."""
        source, vague = self._kind.source, self._kind.vague
        ids: list[tuple[Key, ...]] = []
        for row, (id, called) in enumerate(zip(block.texts("id"), who, strict=True)):
            if id and source:
                key = source, whole_id(source, id)
                ids.append((key, _by_names(id, called)) if vague else (key,))
            elif id:
                block.spare("id", row)
                ids.append((_by_names(id, called),))
            else:
                ids.append((content_key(self._places.content([column[row] for column in block.columns])),))
        docs.put([_external_ids(of) for of in ids])
        return ids

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
        currency = told or unit or column.unit or self._policy.currency
        if digits(currency) == 3:  # of 1.200 dinars other amounts do not tell whether they are thousands
            values.amount(text, column.mark.replace(",", ""))
        return f'"value":{minor(amount, currency)},"currency":{quoted(currency)}'


def _titled(block: Block, docs: Documents) -> list[Who]:
    """Who each is, in a table without people."""
    names, companies = block.texts("title"), block.texts("company")
    called = enumerate(zip(names, companies, strict=True))
    bad = {row: RowError(block.lines[row], "", "", NAMELESS) for row, pair in called if not any(pair)}
    if bad:
        raise BadRows(bad)
    docs.put(named("name", names))
    docs.put(named("company", companies))
    return [(name, company, ()) for name, company in zip(names, companies, strict=True)]


@lru_cache(_KEPT)
def _last_touch(at: datetime, by: str) -> str:
    return fields_in({"last_touch": LastTouch(at, by, "activity", "imported")})


def _by_names(id: str, who: Who) -> Key:
    name, company, contacts = who
    return content_key("\x1f".join((id, name, company, *(contact.name for contact in contacts))))


def _external_ids(ids: Sequence[Key]) -> str:
    return f'"external_ids":{{{",".join(f"{quoted(source)}:{quoted(id)}" for source, id in ids)}}}'
