"""What a lead sees before all else: what nobody has, and what is left of an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from huntertui.desk.rights import Rights
from huntertui.desk.tables import IMPORTS
from huntertui.model.codec import instant, text_in
from huntertui.model.ranking import Mark, Row
from huntertui.records import dataclass


@dataclass(frozen=True, slots=True)
class Concern:
    """A line for the leads, short for the header and long for a panel; `holds`: whether it is about a row."""

    short: str
    long: str
    holds: Callable[[Row], bool]


class Leading(Rights):
    """The first lines of who leads."""

    def concerns(self) -> tuple[Concern, ...]:
        """What nobody has, then what is still to triage of imports that are older than the policy's days.

        Nothing for who does not lead. It costs a look at each owner and import, not at each item.
        """
        return tuple(self._concerns()) if self.policy.team.leads(self.me) else ()

    def ids_of(self, concern: Concern) -> tuple[int, ...]:
        """The items that it is about."""
        return tuple(sorted(row.id for row in self.book.rows() if concern.holds(row)))

    def _concerns(self) -> Iterator[Concern]:
        book, pool = self.book, self.book.pool(self.now().timestamp())
        counts = {owner: count for owner, count in book.counts_by_owner().items() if pool.gone(owner)}
        if count := sum(counts.values()):
            has = "has" if count == 1 else "have"
            yield Concern(f"{count:,} nobody's", f"{count:,} {has} no owner", lambda row: row.owner in counts)
        for batch, count in sorted(book.to_triage_by_import().items()):
            if told := self._overdue(batch):
                file, when = told
                yield Concern(
                    f"{count:,} of {file} to triage",
                    f"{count:,} of {file} ({when}) still to triage",
                    lambda row, batch=batch: row.batch == batch and Mark.TRIAGE in row.marks,  # type: ignore[misc]
                )

    def _overdue(self, batch: int) -> tuple[str, str] | None:
        """(file, when and by whom) of an import whose time to be triaged is over; None for any other."""
        doc = self.store.get(IMPORTS, batch) if batch else None
        try:
            at = instant(text_in(doc or {}, "at"))
        except ValueError:  # of no import, or of one that was edited outside
            return None
        calendar, today = self.policy.calendar, self.today()
        day = calendar.day(at)
        if calendar.days_between(day, today) <= self.policy.triage_days:
            return None
        by = text_in(doc or {}, "by")
        return text_in(doc or {}, "file") or "an import", f"{calendar.describe_day(day, today)}, {by}"
