"""Adding a prospect from one line; who is here already is named before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from huntertui.desk.ledger import NAMED, Change, named
from huntertui.desk.off_limits import OffLimits
from huntertui.desk.previews import told
from huntertui.desk.tables import OPPORTUNITIES
from huntertui.desk.twins import Twins
from huntertui.errors import Usage
from huntertui.model import acts
from huntertui.model.codec import to_doc
from huntertui.model.entry import Entry, read_entry
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity
from huntertui.model.text import Unclear, clean
from huntertui.store.store import Tx


class Adding(OffLimits):
    """Adding a prospect from one line."""

    @cached_property
    def twins(self) -> Twins:
        """Who is here already."""
        return Twins(self.store, self.book)

    def add(self, line: str) -> Change:
        """Add a prospect of mine from one line. Unclear when it cannot be read."""
        entry = self._entry(line)
        here = self._here_already(entry)
        change = self.add_opportunity(self._drafted(entry))
        return replace(change, message=f"{change.message} · {here}: u takes it back") if here else change

    def add_opportunity(self, draft: Opportunity) -> Change:
        """Add a record made elsewhere."""

        def run(tx: Tx) -> tuple[int, ...]:
            o = self._insert(tx, draft)
            tx.label = f"added {named(o)}"
            return (o.id,)

        return self._commit(run)

    def add_all(self, lines: Sequence[str]) -> Change:
        """Add a prospect of mine from each line: all or, where one cannot be read, none. Usage names it."""
        drafts: list[Opportunity] = []
        for at, line in enumerate(lines, 1):
            try:
                drafts.append(self._drafted(self._entry(line)))
            except Unclear as error:
                raise Usage(f"line {at}: {error}; nothing was added") from None

        def run(tx: Tx) -> tuple[int, ...]:
            added = [self._insert(tx, draft) for draft in drafts]
            names = ", ".join(named(o) for o in added[:NAMED])
            tx.label = f"added {len(added)}: {names}" + (" and more" if len(added) > NAMED else "")
            return tuple(o.id for o in added)

        return self._commit(run)

    def _insert(self, tx: Tx, draft: Opportunity) -> Opportunity:
        o = acts.start(draft, self.policy)
        self._allowed(tx, o)
        return replace(o, id=tx.insert(OPPORTUNITIES, to_doc(o)))

    def preview_add(self, line: str) -> str:
        """Who is here already, then each part of the line by its name. Unclear when it cannot be read."""
        entry = self._entry(line)
        here = self._here_already(entry)
        return (f"! {here} · " if here else "") + told(entry, self.policy)

    def _entry(self, line: str) -> Entry:
        return read_entry(clean(line), self.now(), self.policy.calendar, self.policy.currency)

    def _drafted(self, entry: Entry) -> Opportunity:
        now, step = self.now(), None
        contact = Contact(entry.name, emails=entry.emails, phones=entry.phones)
        if entry.due is not None:
            step = NextStep(kind=Kind.OWN, channel=Channel.CALL, due=entry.due, set_on=self.today())
        return Opportunity(
            company=entry.company,
            country=entry.country,
            contacts=(contact,) if contact != Contact() else (),
            owner=self.me,
            value=entry.value,
            currency=entry.currency or (self.policy.currency if entry.value is not None else ""),
            created=now,
            clock=now,
            next=step,
            tags=entry.tags,
            notes=entry.note,
        )

    def _here_already(self, entry: Entry) -> str:
        """The first few records of the same customer, with their owners; "" without any."""
        twins = self.twins.of(self._drafted(entry))
        more = f" and {len(twins) - NAMED} more" if len(twins) > NAMED else ""
        return "; ".join(twin.words(self.me) for twin in twins[:NAMED]) + more
