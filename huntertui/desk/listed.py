"""The team's list of those who want no contact: its table, and how it names people.

A number is the same with its country's code and inside of that country: who does not want to be called is
not called because another program wrote 020 for +44 20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.model.text import normalise_email, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huntertui.model.opportunity import Contact
    from huntertui.store.store import Reader

OFF_LIMITS = "do_not_contact"
Way = tuple[str, str]
"""How one can reach somebody, as the list has it: email or phone, and the address or number for comparing."""

_CODES = (0, 1, 2, 3)  # digits of a country's code (ITU-T E.164); none where only the plus is missing
_SHORTEST = 7  # digits of a number without it: fewer may be anybody's


def ways_to(contact: Contact) -> set[Way]:
    """How one can reach a person. Struck numbers too."""
    ways = {("email", normalise_email(email)) for email in contact.emails}
    ways |= {("phone", normalise_phone(phone)) for phone in (*contact.phones, *contact.struck)}
    return {(kind, value) for kind, value in ways if value}


class Listed:
    """Who can be reached in one of some ways."""

    def __init__(self, ways: Iterable[Way]) -> None:
        """Begin with these."""
        self._ways = {way: way for way in ways}
        numbers = [(kind, value) for kind, value in self._ways if kind == "phone"]
        self._inside = {digits: way for way in numbers for digits in _inside(way[1])}
        self._bare = {digits: way for way in numbers if (digits := _bare(way[1]))}

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return bool(self._ways)

    def __contains__(self, way: Way) -> bool:
        """Whether just this way is among them."""
        return way in self._ways

    def of(self, contact: Contact) -> Way | None:
        """The way in which a person is named, None where he is not."""
        return next(filter(None, map(self._named, sorted(ways_to(contact)))), None)

    def _named(self, way: Way) -> Way | None:
        if way in self._ways or way[0] != "phone":
            return self._ways.get(way)
        bare = _bare(way[1])
        found = (self._bare.get(digits) for digits in (*_inside(way[1]), bare))
        return next(filter(None, found), None) or self._inside.get(bare)


def listed_in(reader: Reader) -> Listed:
    """The whole list."""
    return Listed(way_of(doc) for _, doc in reader.find(OFF_LIMITS))


def way_of(entry: Mapping[str, object]) -> Way:
    """The way that an entry of the list has."""
    return str(entry.get("kind")), str(entry.get("value"))


def _inside(number: str) -> tuple[str, ...]:
    """What a number with its country's code may be without that."""
    if not number.startswith("+"):
        return ()
    rest = (number[1 + code :].lstrip("0") for code in _CODES)  # some have a zero there too
    return tuple(digits for digits in rest if len(digits) >= _SHORTEST)


def _bare(number: str) -> str:
    """A number without a country's code, and without the zero before it; "" for others."""
    digits = "" if number.startswith("+") else number.lstrip("0")
    return digits if len(digits) >= _SHORTEST else ""
