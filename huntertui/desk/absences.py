"""Who is away: any member may say it of any, a colleague who is ill among them."""

from __future__ import annotations

from datetime import timedelta

from huntertui.desk.ledger import Change
from huntertui.desk.owning import Owning
from huntertui.desk.tables import MEMBERS
from huntertui.errors import Usage
from huntertui.model.pool import Absence
from huntertui.model.text import clean
from huntertui.store.store import Tx

LONGEST = 366
"""Days that an absence may last: who stays away longer hands over."""


class Absences(Owning):
    """Who is away, and since when."""

    def away(self, text: str) -> Change:
        """ "ben until mon ill": away from today until that day, on which he is back; "ben back" ends it."""
        name, absence = self.read_away(text)
        today = self.today()

        def run(tx: Tx) -> tuple[int, ...]:
            doc = {"by": self.me, "away_from": None, "away_until": None, "why": None}
            if absence is not None:
                doc |= {"away_from": absence.since.isoformat(), "away_until": absence.until.isoformat()}
                doc |= {"why": absence.why or None}
            found = tx.find(MEMBERS, [("member", "=", name)], limit=1)
            kept = {key: value for key, value in doc.items() if value is not None}
            gone = [key for key, value in doc.items() if value is None and found and key in found[0][1]]
            if found:
                tx.update(MEMBERS, found[0][0], kept, unset=gone)
            elif absence is not None:
                tx.insert(MEMBERS, {"member": name} | kept)
            tx.label = f"{name} is back"
            if absence is not None:
                cover = self._covered(name)
                until = self.policy.calendar.describe_day(absence.until, today)
                due = f"what falls due is open to {cover or 'all'}"
                tx.label = f"{name} is away until {until}; {due}"
            return ()

        return self._commit(run)

    def read_away(self, text: str) -> tuple[str, Absence | None]:
        """What a text means; None: he is back. Usage or Unclear when it makes no sense."""
        words = clean(text)
        name, _, rest = words.partition(" ")
        if name.casefold() in ("me", "i"):
            name = self.me
        if not name:
            raise Usage("who is away? like ben until mon")
        name = self._member(name)
        if rest.casefold() == "back":
            return name, None
        when, _ = self._when(rest.removeprefix("until "))
        until, today = self._as_day(when.due), self.today()
        if not today < until <= today + timedelta(days=LONGEST):
            raise Usage(f"{name} is back on a day after today, and within a year: like {name} until mon")
        return name, Absence(today, until, self.me, when.rest)

    def preview_away(self, text: str) -> str:
        """What was understood."""
        name, absence = self.read_away(text)
        if absence is None:
            return f"→ {name} is back"
        until = self.policy.calendar.describe_day(absence.until, self.today())
        cover = self._covered(name)
        then = f"{cover} covers" if cover else "what falls due is open to all"
        return f"→ {name} is away until {until}; {then}"

    def _covered(self, name: str) -> str:
        member = self.policy.team.get(name)
        return member.cover if member else ""
