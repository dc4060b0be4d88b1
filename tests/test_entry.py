"""The one line that adds a prospect, and amounts and dates as they are typed."""

from __future__ import annotations

import random
import re
from dataclasses import replace
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
    emails, phones = ", ".join(e.emails), ", ".join(e.phones)
    assert (e.name, e.company, emails, phones, e.value, e.currency, e.due) == read


WHOLE = Entry(
    name="Ann Lee",
    company="Acme GmbH",
    emails=("ann@acme.example",),
    phones=("+44 20 7946 0958",),
    value=1_200_000,
    tags=("expo", "dach"),
    country="DE",
    note="met at the fair",
)


@pytest.mark.parametrize("mixed", range(40))
def test_the_parts_stand_in_any_order(mixed: int) -> None:
    parts = [
        "Ann Lee", '@"Acme GmbH"', "+44 20 7946 0958", "ann@acme.example", "tue", "12k", "#expo", "#dach",
        "country:de", '"met at the fair"',
    ]  # fmt: skip
    random.Random(mixed).shuffle(parts)
    if parts.index("#dach") < parts.index("#expo"):
        parts = [{"#dach": "#expo", "#expo": "#dach"}.get(part, part) for part in parts]
    e = read_entry(" ".join(parts), NOW, CALENDAR)
    assert e.due == TUESDAY
    assert replace(e, when=None) == WHOLE, parts


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("@acme Ann Lee tue", {"name": "Ann Lee", "company": "acme"}),
        ("tue @acme Ann Lee", {"name": "Ann Lee", "company": "acme"}),
        ("15 dec Ann Lee @acme", {"name": "Ann Lee", "company": "acme"}),
        ('@"Foo & Sons, Inc." Ann', {"name": "Ann", "company": "Foo & Sons, Inc."}),
        ("Ann Lee, @acme, tue", {"name": "Ann Lee", "company": "acme"}),
        ("Ann +44 20 7946 0958, 0171 7654321", {"phones": ("+44 20 7946 0958", "0171 7654321")}),
        ("Ann 0049 (0)30 123456", {"phones": ("0049 (0)30 123456",)}),
        ("Ann (+49) 30 123456 @acme", {"phones": ("(+49) 30 123456",), "company": "acme"}),
        ("Ann +1 555 123 4567 x89 tue", {"phones": ("+1 555 123 4567 x89",), "name": "Ann"}),
        ("Ann 555.123.4567 ext. 12", {"phones": ("555.123.4567 ext. 12",)}),
        ("Ann <ann@acme.example>, a@b.example", {"emails": ("ann@acme.example", "a@b.example")}),
        ("Ann country:Chile", {"country": "Chile"}),
        ("Ann Country:United_Kingdom", {"country": "United Kingdom"}),
        ("Ann #a #a, #b", {"tags": ("a", "b")}),
        ('Ann "one" "two"', {"note": "one\ntwo"}),
        ('Ann "12k tue @acme #no"', {"note": "12k tue @acme #no", "company": "", "value": None, "tags": ()}),
    ],
)
def test_parts_of_a_line(line: str, fields: dict[str, object]) -> None:
    e = read_entry(line, NOW, CALENDAR)
    assert {key: getattr(e, key) for key in fields} == fields


@pytest.mark.parametrize(
    ("line", "name", "due", "doubt"),
    [
        ("Sun Li @acme", "Sun Li", None, "Sun is taken for a name: the day is sun"),
        ("Ann Sun @acme", "Ann Sun", None, "Sun is taken for a name: the day is sun"),
        ("Ann Lee @acme Tue", "Ann Lee", TUESDAY, ""),
        ("mo lee @acme", "lee", date(2026, 11, 30), "mo is taken for a day: the name is Mo"),
        ("Ann 12000 @acme", "Ann 12000", None, "12000 is taken for a part of the name: an amount is 12000k"),
        ("Ann 030 1234567 0171 7654321", "Ann", None, "is long for one number: part two by a comma"),
    ],
)
def test_what_could_be_meant_otherwise_is_said(line: str, name: str, due: date | None, doubt: str) -> None:
    e = read_entry(line, NOW, CALENDAR)
    assert (e.name, e.due) == (name, due)
    assert doubt in "; ".join(e.doubts)
    assert bool(e.doubts) == bool(doubt)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Ann @acme GmbH tue", 'a company of more words is quoted: @"acme GmbH tue"'),
        ("Ann @acme @zeta", "two companies: acme and zeta"),
        ("Ann 12k 13k", "two amounts: 12k and 13k"),
        ("tue Ann @acme wed", "two dates: Tue 24 Nov, tomorrow and Wed 25 Nov"),
        ("Ann country:de country:fr", "two countries: de and fr"),
        ('Ann @"Acme', "a quote is not closed"),
        ('Ann "note', "a quote is not closed"),
    ],
)
def test_what_is_said_twice_or_left_open_is_refused(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_entry(line, NOW, CALENDAR)


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
        '@"',
        '"',
        '@"Acme Ltd"',
        "#x",
        "country:de",
        "Sun",
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
