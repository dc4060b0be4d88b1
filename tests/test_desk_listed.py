"""Whom the list of those who want no contact names, however their number is written."""

from __future__ import annotations

import pytest

from huntertui.desk.listed import Listed, ways_to
from huntertui.model.opportunity import Contact


@pytest.mark.parametrize(
    ("entry", "phone", "named"),
    [
        ("+44 20 7946 0958", "0044 (0)20 7946-0958", True),
        ("+44 20 7946 0958", "020 7946 0958", True),
        ("020 7946 0958", "+44 20 7946 0958", True),
        ("+1 212 555 0109", "(212) 555-0109", True),
        ("212-555-0109", "+1 (212) 555 0109", True),
        ("+353 1 496 0123", "01 496 0123", True),
        ("+44 20 7946 0958 ext. 12", "020 7946 0958 x12", True),
        ("+44 20 7946 0958", "44 20 7946 0958", True),  # a spreadsheet took the plus
        ("20 7946 0958", "020 7946 0958", True),  # or the zero
        ("+225 07 12 34 56 78", "07 12 34 56 78", True),  # where the zero belongs to it
        ("+44 20 7946 0958", "020 7946 0959", False),
        ("+44 20 7946 0958", "+49 20 7946 0958", False),  # of another country
        ("020 7946 0958", "079 4609 58", False),  # its end is another's number
        ("+44 20 7946 0958", "946 0958", False),
        ("+1 12345", "12345", False),  # too short to be told
        ("+44 20 7946 0958", "", False),
    ],
)
def test_a_number_is_the_same_with_its_countrys_code_and_without(entry: str, phone: str, named: bool) -> None:
    (way,) = ways_to(Contact(phones=(entry,)))
    assert Listed([way]).of(Contact("Ann", phones=(phone,))) == (way if named else None)


def test_an_address_is_named_as_it_is() -> None:
    listed = Listed(ways_to(Contact(emails=("Ann@acme.example",), struck=("030 1234567",))))
    assert listed.of(Contact(emails=("x@acme.example", "ANN@acme.example"))) == ("email", "ann@acme.example")
    assert listed.of(Contact(struck=("+49 30 1234567",))) == ("phone", "0301234567")
    assert listed.of(Contact("Ann")) is None
    assert not Listed(())
