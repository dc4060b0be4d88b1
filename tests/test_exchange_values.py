"""Dates, amounts and flags as other programs write them, and the messages for what they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.exchange import values
from huntertui.model.calendar import Calendar

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2005-11-09", date(2005, 11, 9)),
        ("2006-06-15T20:47:07.000Z", utc(2006, 6, 15, 20, 47, 7)),
        ("2024-08-14T11:39:02.318+00:00", utc(2024, 8, 14, 11, 39, 2, 318000)),
        ("2024-08-14T11:37:45.65+00:00", utc(2024, 8, 14, 11, 37, 45, 650000)),
        ("2024-08-14t11:37:45z", utc(2024, 8, 14, 11, 37, 45)),
        ("2009-07-14 22:14:45+0800", utc(2009, 7, 14, 14, 14, 45)),
        ("2010-10-14T12:00:00.000", utc(2010, 10, 14, 10)),  # the team's zone, in summer
        ("2010-12-14 12:00", utc(2010, 12, 14, 11)),
        ("2010-10-14T00:00:00.000Z", date(2010, 10, 14)),  # a date that was made an instant
        ("2010-10-14 00:00", date(2010, 10, 14)),
        ("2026-03-29 02:30", utc(2026, 3, 29, 1, 30)),  # a time that the clock skips
    ],
)
def test_dates(text: str, means: date | datetime) -> None:
    assert values.moment(text, BERLIN) == means


def test_a_date_and_an_instant_of_each_other() -> None:
    assert values.day("2026-11-23T23:30:00Z", BERLIN) == date(2026, 11, 24)
    assert values.day("2026-11-23T00:00:00Z", BERLIN) == date(2026, 11, 23)
    assert values.instant("2026-11-23", BERLIN) == utc(2026, 11, 23, 8)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31.12.2026", "is no date: write 2026"),
        ("07/15/2009 02:14:45+0800", "is no date"),
        ("2010-10-14T12:00:00.000Z-0300", "is no date"),
        ("2009-07/14 02:14", "is no date"),
        ("20240814", "is no date"),
        ("45000", "is no date"),
        ("２０２６-11-23", "is no date"),
        ("2026-02-30", "check day"),
        ("2026-02-20 25:00", "check day"),
        ("2026-02-20 12:00+99:99", "check day"),
        ("1899-12-30", "1900 to 2100"),
        ("0001-01-01", "1900 to 2100"),
        ("9999-12-31T23:59:59-2359", "1900 to 2100"),
        ("9" * 5000, "is no date"),
    ],
)
def test_no_dates(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        values.moment(text, BERLIN)


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("500000.0", 500_000_00, ""),
        ("500000", 500_000_00, ""),
        ("$22,700.00", 22_700_00, "USD"),
        ("1.234,50 €", 1_234_50, "EUR"),
        ("1.234.567", 1_234_567_00, ""),
        ("1,234,567.891", 1_234_567_89, ""),
        ("1 234,50", 1_234_50, ""),
        ("1\u202f234,50\u00a0€", 1_234_50, "EUR"),
        ("CHF 1’000.05", 1_000_05, "CHF"),
        ("12,34,567", 1_234_567_00, ""),
        ("US$ 100", 100_00, "USD"),
        ("100 eur", 100_00, "EUR"),
        ("12k", 12_000_00, ""),
        ("1.5M", 1_500_000_00, ""),
        ("1.234k", 1_234_00, ""),
        ("5 MXN", 5_00, "MXN"),
        ("1.0E7", 10_000_000_00, ""),
        ("99,5", 99_50, ""),
        ("1,234", 1_234_00, ""),
        ("0.125", 13, ""),
        ("1234.567", 1_234_57, ""),
        (".5", 50, ""),
        ("0", 0, ""),
        ("１２", 12_00, ""),
    ],
)
def test_amounts(text: str, cents: int, currency: str) -> None:
    assert values.amount(text) == (cents, currency)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abc", "is no amount"),
        ("-5", "is no amount"),
        ("(500)", "is no amount"),
        ("1.234", "may be 1234 or a fraction"),
        ("1,2,3", "points and commas"),
        ("1.234,567,890", "points and commas"),
        ("1 2 3", "points and commas"),
        ("9" * 30, "too much"),
        ("1e99", "too much"),
        ("12 apples", "is no amount"),
        ("=1+1", "is no amount"),
        ("NaN", "is no amount"),
    ],
)
def test_no_amounts(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        values.amount(text)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.234", "500000.0"], "."),
        (["1.234", "", "x", "99,5"], ","),
        (["1.234", "1.234.567"], ","),
        (["1.234", "$22,700.00"], "."),
        (["1.234", "500"], ""),
        (["1.5", "1,5"], ""),
        ([], ""),
    ],
)
def test_the_column_tells_its_decimal_mark(column: list[str], mark: str) -> None:
    assert values.decimal_mark(column) == mark


def test_the_mark_decides_what_one_cell_cannot() -> None:
    assert values.amount("1.234", ",") == (1_234_00, "")
    assert values.amount("1.234", ".") == (1_23, "")
    assert values.amount("1,234", ",") == (1_23, "")


@pytest.mark.parametrize(("text", "yes"), [("true", True), ("FALSE", False), ("1", True), ("No", False)])
def test_flags(text: str, yes: bool) -> None:
    assert values.truth(text) is yes


@pytest.mark.parametrize(("text", "share"), [("60.0", 60), ("60 %", 60), ("12,5", 12.5), ("100", 100)])
def test_probabilities(text: str, share: float) -> None:
    assert values.percent(text) == share


@pytest.mark.parametrize(("text", "code"), [("eur", "EUR"), ("€", "EUR"), ("$", "USD"), ("CHF", "CHF")])
def test_currencies(text: str, code: str) -> None:
    assert values.currency(text) == code


@given(st.text() | st.from_regex(r"[-+$€]?[\d.,' ]{1,12}[ekKM%€]?\d{0,3}", fullmatch=True))
@example("1" + "'" * 500)
@example("ß€")
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    for parse in (
        lambda: values.moment(text, BERLIN),
        lambda: values.amount(text),
        lambda: values.amount(text, ","),
        lambda: values.truth(text),
        lambda: values.percent(text),
        lambda: values.currency(text),
        lambda: values.decimal_mark([text]),
    ):
        try:
            parse()
        except ValueError as error:
            message = str(error)
        else:
            continue
        assert message.startswith(("is ", "may be "))
