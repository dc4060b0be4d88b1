"""Dates as other programs write them, whose order the whole column tells, and what no date is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.exchange.dates import Leaning, Order, day, instant, moment
from huntertui.model.calendar import Calendar

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2005-11-09", date(2005, 11, 9)),
        ("2005/11/09", date(2005, 11, 9)),
        ("2005-1-9", date(2005, 1, 9)),
        ("2006-06-15T20:47:07.000Z", utc(2006, 6, 15, 20, 47, 7)),
        ("2024-08-14T11:39:02.318+00:00", utc(2024, 8, 14, 11, 39, 2, 318000)),
        ("2024-08-14T11:37:45.65+00:00", utc(2024, 8, 14, 11, 37, 45, 650000)),
        ("2024-08-14t11:37:45z", utc(2024, 8, 14, 11, 37, 45)),
        ("2009-07-14 22:14:45+0800", utc(2009, 7, 14, 14, 14, 45)),
        ("2010-10-14T12:00:00.000Z-0300", utc(2010, 10, 14, 15)),  # as Data Loader has it
        ("2010-10-14T12:00:00.000", utc(2010, 10, 14, 10)),  # the team's zone, in summer
        ("2010-12-14 12:00", utc(2010, 12, 14, 11)),
        ("2024-03-12 09:14", utc(2024, 3, 12, 8, 14)),
        ("2010-10-14T00:00:00.000Z", date(2010, 10, 14)),  # a date that was made an instant
        ("2010-10-14 00:00", date(2010, 10, 14)),
        ("2026-03-29 02:30", utc(2026, 3, 29, 1, 30)),  # a time that the clock skips
        ("3/15/2024 2:30 PM", utc(2024, 3, 15, 13, 30)),
        ("3/15/2024, 12:05 a.m.", utc(2024, 3, 14, 23, 5)),
        ("07/15/2009 02:14:45+0800", utc(2009, 7, 14, 18, 14, 45)),
        ("07/15/2009T02:14:45+0800", utc(2009, 7, 14, 18, 14, 45)),
        ("12/28/1969", date(1969, 12, 28)),
        ("28/12/69", date(2069, 12, 28)),
        ("28.12.70", date(1970, 12, 28)),
        ("3.4.2026", date(2026, 4, 3)),  # nobody writes the month first with points
        ("28-12-2026", date(2026, 12, 28)),
        ("5/5/2026", date(2026, 5, 5)),
        ("15 Apr, 2021 00:03:00", utc(2021, 4, 14, 22, 3)),
        ("28 Sep 2026", date(2026, 9, 28)),
        ("01 Jan 2024", date(2024, 1, 1)),
        ("15-APR-21", date(2021, 4, 15)),
        ("Apr 15, 2021", date(2021, 4, 15)),
        ("April 15th 2021 at 3:04 pm", utc(2021, 4, 15, 13, 4)),
        ("Thu, 15 Apr 2021 10:00:00 GMT", utc(2021, 4, 15, 10)),
        ("Thu Apr 15 2021 10:00:00 GMT+0200 (Central European Summer Time)", utc(2021, 4, 15, 8)),
        ("3. März 2026", date(2026, 3, 3)),
        ("7 déc. 2025", date(2025, 12, 7)),
        ("15 de abril de 2021", date(2021, 4, 15)),
        ("1609459260000", utc(2021, 1, 1, 0, 1)),
        ("1609459260", utc(2021, 1, 1, 0, 1)),
        ("20261201", date(2026, 12, 1)),
        ("20261201T100000Z", utc(2026, 12, 1, 10)),
        ("45992", date(2025, 12, 1)),  # the days of Excel
        ("45992.75", utc(2025, 12, 1, 17)),
        ("45992,75", utc(2025, 12, 1, 17)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("2026. 12. 1.", date(2026, 12, 1)),
        ("1. 12. 2026", date(2026, 12, 1)),
        ("Mo, 01.12.2026, 10:30 Uhr", utc(2026, 12, 1, 9, 30)),
        ("15.12.2026 10.30", utc(2026, 12, 15, 9, 30)),
        ("lundi 1er décembre 2026 à 10h30", utc(2026, 12, 1, 9, 30)),
        ("segunda-feira, 7 de dezembro de 2026", date(2026, 12, 7)),
        ("15 dic 2026 1:05 p. m.", utc(2026, 12, 15, 12, 5)),
        ("1 июня 2026 г.", date(2026, 6, 1)),
        ("3 marca 2026", date(2026, 3, 3)),
        ("3. maj 2026", date(2026, 5, 3)),
        ("10 Dec 2026 3:00 PM EST", utc(2026, 12, 10, 20)),
        ("2026-07-01 10:00 MESZ", utc(2026, 7, 1, 8)),
        ("2026-12-01T10:00:00+01:00[Europe/Berlin]", utc(2026, 12, 1, 9)),
    ],
)
def test_dates(text: str, means: date | datetime) -> None:
    assert moment(text, BERLIN) == means


def test_a_date_and_an_instant_of_each_other() -> None:
    assert day("2026-11-23T23:30:00Z", BERLIN) == date(2026, 11, 24)
    assert day("2026-11-23T00:00:00Z", BERLIN) == date(2026, 11, 23)
    assert instant("2026-11-23", BERLIN) == utc(2026, 11, 23, 8)


@pytest.mark.parametrize(
    ("text", "order", "means"),
    [
        ("3/4/2026", Order.DAY_FIRST, date(2026, 4, 3)),
        ("3/4/2026", Order.MONTH_FIRST, date(2026, 3, 4)),
        ("03-04-26 14:00", Order.MONTH_FIRST, utc(2026, 3, 4, 13)),
        ("3.4.2026", Order.MONTH_FIRST, date(2026, 4, 3)),
        ("2026-03-04", Order.MONTH_FIRST, date(2026, 3, 4)),
    ],
)
def test_the_order_decides_what_one_cell_cannot(text: str, order: Order, means: date | datetime) -> None:
    assert moment(text, BERLIN, order) == means


@pytest.mark.parametrize(
    ("text", "order", "says"),
    [
        ("3/4/2026", None, "may be 3 April or 4 March: say --dates day-first"),
        ("13/4/2026", Order.MONTH_FIRST, "is no date of the calendar, read month-first"),
        ("4/13/2026", Order.DAY_FIRST, "is no date of the calendar, read day-first"),
        ("31/12/2026/", None, "is no date: write 2026"),
        ("31/12-2026", None, "is no date"),
        ("2009\\7\\14 22:14:45+0800", None, "is no date"),
        ("2009-07/14 02:14:45-0800", None, "is no date"),
        ("32/12/2026", None, "check day"),
        ("20241314", None, "is no date"),
        ("450001", None, "is no date"),
        ("２０２６-11-23", None, "is no date"),
        ("2026-W10-1", None, "is no date"),
        ("15 Foo 2026", None, "is no date"),
        ("15 jui 2026", None, "is no date"),  # June or July
        ("2026-02-30", None, "check day"),
        ("30 Feb 2026", None, "check day"),
        ("2026-02-20 25:00", None, "no time of the day"),
        ("2/20/2026 13:00 PM", None, "no time of the day"),
        ("2026-02-20 12:00+99:99", None, "no such time zone"),
        ("1899-12-30", None, "1900 to 2100"),
        ("0001-01-01", None, "1900 to 2100"),
        ("9999-12-31T23:59:59-2359", None, "1900 to 2100"),
        ("9" * 5000, None, "is no date"),
        ("soon", None, "is no date"),
    ],
)
def test_no_dates(text: str, order: Order | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        moment(text, BERLIN, order)


@pytest.mark.parametrize(
    ("column", "order", "torn", "left_open"),
    [
        (["3/4/2026", "13/4/2026"], Order.DAY_FIRST, False, True),
        (["3/4/2026", "4/13/2026 2:00 PM"], Order.MONTH_FIRST, False, True),
        (["13/4/2026", "4/13/2026"], None, True, False),
        (["3/4/2026", "soon", ""], None, False, True),
        (["5/5/2026", "2026-03-04", "13.4.2026"], None, False, False),
        ([], None, False, False),
    ],
)
def test_the_column_tells_the_order(
    column: list[str], order: Order | None, torn: bool, left_open: bool
) -> None:
    leaning = Leaning()
    leaning.see(range(2, len(column) + 2), column)
    assert leaning.order is order
    assert (bool(leaning.day_first and leaning.month_first), bool(leaning.open)) == (torn, left_open)


DATES = st.from_regex(
    r"\d{1,4}[-/. ]([a-zA-Zä]{3,9}|\d{1,2})[-/. ,]\d{1,4}[T ]?[\d:]{0,8} ?[aApPZ+-]?[\d:]{0,5}"
)


@given(st.text() | DATES, st.sampled_from([None, *Order]))
@example("0000-01-01", None)
def test_any_text_is_a_date_or_a_value_error(text: str, order: Order | None) -> None:
    try:
        found = day(text, BERLIN, order)
    except ValueError as error:
        message = str(error)
    else:
        assert 1900 <= found.year <= 2101
        return
    assert message.startswith(("is ", "may be ", "has no such time zone"))
