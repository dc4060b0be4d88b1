"""The one line that adds a prospect, and amounts and dates as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from deals import CALENDAR, at
from hypothesis import given
from hypothesis import strategies as st

from huntertui.model.entry import Entry, read_entry, read_money, read_when
from huntertui.model.when import WhenError

NOW = at("11-23 10:00")
TUESDAY, LATER = date(2026, 11, 24), date(2026, 12, 15)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Ann Lee @acme tue", ("Ann Lee", "acme", "", "", None, "", TUESDAY)),
        ("Ann Lee", ("Ann Lee", "", "", "", None, "", None)),
        ("@acme", ("", "acme", "", "", None, "", None)),
        ("@Acme_Ltd tue", ("", "Acme Ltd", "", "", None, "", TUESDAY)),
        ("Ann tue", ("Ann", "", "", "", None, "", TUESDAY)),
        ("tue @acme", ("", "acme", "", "", None, "", TUESDAY)),
        ("May", ("May", "", "", "", None, "", None)),  # a name is at least a word
        ("Ann Lee @acme tue 12k", ("Ann Lee", "acme", "", "", 1_200_000, "", TUESDAY)),
        ("Ann 12k @acme", ("Ann", "acme", "", "", 1_200_000, "", None)),
        ("Ann @acme €3400000", ("Ann", "acme", "", "", 340_000_000, "EUR", None)),
        ("Ann 12.000.000€", ("Ann", "", "", "", 1_200_000_000, "EUR", None)),
        ("Ann @acme ann@acme.example", ("Ann", "acme", "ann@acme.example", "", None, "", None)),
        ("Ann @acme +44 20 7946 0958 tue", ("Ann", "acme", "", "+44 20 7946 0958", None, "", TUESDAY)),
        ("Ann +1 (555) 123-4567", ("Ann", "", "", "+1 (555) 123-4567", None, "", None)),
        ("Ann 030/123456-12 12k", ("Ann", "", "", "030/123456-12", 1_200_000, "", None)),
        # A date is no number
        ("Ann @acme 2026-12-15", ("Ann", "acme", "", "", None, "", LATER)),
        ("Ann @acme 15.12.2026", ("Ann", "acme", "", "", None, "", LATER)),
        ("Ann @acme 15/12/26", ("Ann", "acme", "", "", None, "", LATER)),
        ("Ann @acme 2026-12-15 10:30", ("Ann", "acme", "", "", None, "", at("12-15 10:30"))),
        ("Ann @acme 030 1234567 15.12.2026", ("Ann", "acme", "", "030 1234567", None, "", LATER)),
        ("Ann @acme 15.12.2026 030 1234567", ("Ann", "acme", "", "030 1234567", None, "", LATER)),
        ("Ann @acme 030 1234567 14:00", ("Ann", "acme", "", "030 1234567", None, "", at("11-23 14:00"))),
    ],
)
def test_a_line_is_a_prospect(line: str, read: tuple[object, ...]) -> None:
    e = read_entry(line, NOW, CALENDAR)
    assert (e.name, e.company, e.email, e.phone, e.value, e.currency, e.due) == read


@pytest.mark.parametrize("line", ["", "  ", "ann@acme.example", "+44 20 7946 0958", "12k", "@"])
def test_a_line_names_somebody(line: str) -> None:
    if line == "@":
        assert read_entry(line, NOW, CALENDAR).name == "@"
        return
    with pytest.raises(ValueError, match="name a person or a @company"):
        read_entry(line, NOW, CALENDAR)


def test_what_follows_the_company_is_a_date_or_wrong() -> None:
    with pytest.raises(WhenError, match="is no date"):
        read_entry("Ann @acme someday", NOW, CALENDAR)


WORDS = st.sampled_from(
    [
        "Ann",
        "@acme",
        "tue",
        "12k",
        "€",
        "15dec",
        "15.12.2026",
        "+49",
        "030",
        "1234567",
        "2pm",
        "@",
        "99999999999999k",
        "1.2.3k",
        "²",
        "٣٣٣٣٣٣٣٣",
        "a@b.c",
    ]
)


@given(st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=30))
def test_any_line_is_read_or_refused_with_words(line: str) -> None:
    try:
        read = read_entry(line, NOW, CALENDAR)
    except ValueError as error:
        words = str(error)
    else:
        words = read.name or read.company
        assert isinstance(read, Entry)
    assert words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12k", (1_200_000, "")),
        ("3400", (340_000, "")),
        ("€340k", (34_000_000, "EUR")),
        ("1.5m USD", (150_000_000, "USD")),
        ("1,5M", (150_000_000, "")),
        ("€3,400.50", (340_050, "EUR")),
        ("3.400,50€", (340_050, "EUR")),
        ("3.400", (340_000, "")),
        ("3.40", (340, "")),
        ("3.4", (340, "")),
        ("1,234,567", (123_456_700, "")),
        ("£0", (0, "GBP")),
        (" 12 000 ", (1_200_000, "")),
    ],
)
def test_an_amount_is_in_minor_units(text: str, amount: tuple[int, str]) -> None:
    assert read_money(text) == amount


@pytest.mark.parametrize("text", ["", "k", "12x", "-5", "12 eur", "1e9", "99999999999999", "…"])
def test_what_is_no_amount_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 12k, 3400 or €340k|too much"):
        read_money(text)


def test_a_date_may_be_agreed_and_followed_by_words() -> None:
    when, agreed = read_when(" = fri 10:00 call about the offer", NOW, CALENDAR)
    assert (when.due, when.rest, agreed) == (at("11-27 10:00"), "call about the offer", True)
    when, agreed = read_when("tue", NOW, CALENDAR)
    assert (when.due, when.rest, agreed) == (TUESDAY, "", False)
    with pytest.raises(WhenError):
        read_when("=", NOW, CALENDAR)
