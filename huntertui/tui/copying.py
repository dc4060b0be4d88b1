"""Copying to the person's own clipboard, wherever his terminal is: numbers, addresses, names, a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.ledger import named
from huntertui.errors import Usage
from huntertui.model.explain import planned
from huntertui.model.money import written
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.text import clean
from huntertui.tui.panels import Panel
from huntertui.tui.selecting import Selecting

LONGEST = 56_000
"""Bytes: what terminals take by OSC 52, some 75,000 in base64; xterm and its like drop more in silence."""

Ways = list[tuple[str, str]]
"""Numbers or addresses, each with whose it is."""


class Copying(Selecting):
    """The part of the workday that copies. `copy` puts a text on the person's clipboard."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys)
        self._copy = copy

    def copy_phone(self) -> None:
        """The number; of several the one whose digit is typed."""
        self._copy_way("number", lambda contact: contact.phones)

    def copy_email(self) -> None:
        """The address; of several the one whose digit is typed."""
        self._copy_way("e-mail address", lambda contact: contact.emails)

    def copy_name(self) -> None:
        """The person's name, else the company's."""
        self._copy_each("name", lambda o: next((c.name for c in o.contacts if c.name), o.title))

    def copy_summary(self) -> None:
        """Who, how to reach him, what is next and what it is worth, in a few plain lines."""
        self._copy_each("summary", lambda o: "\n".join(summary(o, self.desk)), between="\n\n")

    def _copy_way(self, what: str, of: Callable[[Contact], Sequence[str]]) -> None:
        if len(self.lanes.selection) > 1:
            self._copy_each(what, lambda o: next((way for way, _ in ways(o, of)), ""))
            return
        o = self._chosen()[0]
        found = ways(o, of)
        if not found:
            blocked = next((c for c in o.contacts if c.blocked and of(c)), None)
            if blocked is not None:
                raise Usage(f"{blocked.name or 'this person'} wants no contact: the {what} is not copied")
            raise Usage(f"{named(o)} has no {what} to copy")
        if len(found) == 1:
            self._take(found[0][0], found[0][0])
        else:
            self.panel = Pick(f"Copy which {what}?", found[:9], lambda way: self._take(way, way))

    def _copy_each(self, what: str, of: Callable[[Opportunity], str], between: str = "\n") -> None:
        texts = [of(o) for o in self._chosen()]
        there = [text for text in texts if text]
        if not there:
            raise Usage(f"there is no {what} to copy")
        without = f"; {len(texts) - len(there)} have none" if len(there) < len(texts) else ""
        one = there[0] if "\n" not in there[0] else f"the {what}"
        said = one if len(texts) == 1 else f"{what} of {len(there):,}{without}"
        self._take(between.join(there), said)

    def _chosen(self) -> list[Opportunity]:
        selection = self.lanes.selection
        ids = selection.ordered(self.lanes.rows) if selection else [self.current]
        found = [o for id in ids if (o := self.desk.opportunity(id)) is not None]
        if not found:
            raise Usage("the record is gone")
        return found

    def _take(self, text: str, said: str) -> None:
        text = clean(text, lines=True)
        fits = text.encode()[:LONGEST].decode(errors="ignore")
        self._copy(fits)
        cut = f": the first {len(fits):,} characters, more is too long for a terminal"
        self.say(f"copied {' '.join(said.split())}{cut if fits != text else ''}")


class Pick(Panel):
    """One of several by its digit; Enter takes the first."""

    def __init__(self, title: str, choices: Ways, take: Callable[[str], None]) -> None:
        super().__init__(
            title, [f"{at}  {way}  {whose}".rstrip() for at, (way, whose) in enumerate(choices, 1)]
        )
        self._choices = dict(zip("123456789", (way for way, _ in choices), strict=False))
        self._pick = take

    def key(self, key: str) -> None:
        """Take the digit, or leave."""
        way = self._choices.get("1" if key == "enter" else key)
        if way is None:
            super().key(key)
        else:
            self.done = True
            self._pick(way)


def ways(o: Opportunity, of: Callable[[Contact], Sequence[str]]) -> Ways:
    """How to reach whom, but for those who want no contact."""
    return [(way, contact.name) for contact in o.contacts if not contact.blocked for way in of(contact)]


def summary(o: Opportunity, desk: Desk) -> Iterator[str]:
    """A record in a few plain lines, to be put into a mail or a chat."""
    yield named(o)
    if o.company and o.company != o.title:
        yield o.company
    first = next((contact for contact in o.contacts if not contact.blocked), None)
    if first is None and o.contacts:
        yield f"{o.contacts[0].name}: do not contact".lstrip(": ")
    if first is not None:
        yield from filter(None, (", ".join(filter(None, (first.name, first.role))), o.phone))
        yield from first.emails[:1]
    yield f"Next: {planned(o, desk.policy, desk.today()) or 'nothing is planned'}"
    if o.value is not None:
        yield f"Value: {written(o.value, o.currency)}"
