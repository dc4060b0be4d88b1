"""The date grammar, as a table from Mon 23 Nov 2026 10:00 in Berlin, and against any text at all."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.model.calendar import Calendar
from huntertui.model.when import MAX_LENGTH, When, WhenError, parse

BERLIN = ZoneInfo("Europe/Berlin")
TEAM = Calendar(zone=BERLIN, holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


NOW = at("2026-11-23T10:00")


def expected(text: str) -> date | datetime:
    return at(text) if "T" in text else date.fromisoformat(text)


def read(text: str, now: datetime, *, words: bool = False) -> When | WhenError:
    try:
        return parse(text, now, TEAM, words=words)
    except WhenError as error:
        return error


GRAMMAR = [
    # business days
    ("0", "2026-11-23"),
    ("+0", "2026-11-23"),
    ("1", "2026-11-24"),
    ("+3", "2026-11-26"),
    ("5", "2026-11-30"),
    ("12", "2026-12-09"),
    ("32", "2027-01-11"),
    ("+100", "2027-04-15"),
    ("180", "2027-08-05"),  # no time has 80 minutes
    ("366", "2028-04-21"),
    ("3 business days", "2026-11-26"),
    ("in 5 working days", "2026-11-30"),
    # spans of the calendar
    ("3d", "2026-11-26"),
    ("+3d", "2026-11-26"),
    ("5 d", "2026-11-28"),
    ("in 3 days", "2026-11-26"),
    ("in 2 weeks", "2026-12-07"),
    ("1w", "2026-11-30"),
    ("1m", "2026-12-23"),
    ("3 months", "2027-02-23"),
    ("1y", "2027-11-23"),
    ("74 years", "2100-11-23"),
    ("2h", "2026-11-23T12:00"),
    ("+2h", "2026-11-23T12:00"),
    ("in 20 hours", "2026-11-24T06:00"),
    ("in 30 min", "2026-11-23T10:30"),
    # words
    ("today", "2026-11-23"),
    ("tod", "2026-11-23"),
    ("tomorrow", "2026-11-24"),
    ("TOM", "2026-11-24"),
    ("now", "2026-11-23T10:00"),
    ("noon", "2026-11-23T12:00"),
    # weekdays: strictly after today
    ("mo", "2026-11-30"),
    ("Monday", "2026-11-30"),
    ("tu", "2026-11-24"),
    ("tue", "2026-11-24"),
    ("wednes", "2026-11-25"),
    ("th", "2026-11-26"),
    ("fri", "2026-11-27"),
    ("sa", "2026-11-28"),
    ("sunday", "2026-11-29"),
    ("on fri", "2026-11-27"),
    ("next mon", "2026-11-30"),
    ("next tue", "2026-12-01"),
    ("next sunday", "2026-12-06"),
    # ends
    ("eow", "2026-11-27"),
    ("eom", "2026-11-30"),
    ("eoq", "2026-12-31"),
    # times today
    ("2pm", "2026-11-23T14:00"),
    ("2 PM", "2026-11-23T14:00"),
    ("at 2:30pm", "2026-11-23T14:30"),
    ("14:30", "2026-11-23T14:30"),
    ("1530", "2026-11-23T15:30"),
    ("12pm", "2026-11-23T12:00"),
    ("11 am", "2026-11-23T11:00"),
    ("10:00", "2026-11-23T10:00"),
    ("2026", "2026-11-23T20:26"),
    # ISO
    ("2026-12-15", "2026-12-15"),
    ("2026-11-23", "2026-11-23"),
    ("2026-12-15T10:30", "2026-12-15T10:30"),
    ("2026-12-15 10:30:15", "2026-12-15T10:30:15"),
    ("2026-12-15t09:30:00z", "2026-12-15T10:30"),
    ("2026-12-15T10:30:00+01:00", "2026-12-15T10:30"),
    ("2026-12-15 2pm", "2026-12-15T14:00"),
    ("2100-12-31", "2100-12-31"),
    # day and month
    ("15 dec", "2026-12-15"),
    ("15dec", "2026-12-15"),
    ("15th December", "2026-12-15"),
    ("15. Dez.", "2026-12-15"),
    ("dec15", "2026-12-15"),
    ("dec 15", "2026-12-15"),
    ("Dec 15, 2027", "2027-12-15"),
    ("15dec2027", "2027-12-15"),
    ("15 dec 2027", "2027-12-15"),
    ("dec 15 2027", "2027-12-15"),
    ("23 nov", "2026-11-23"),
    ("22 nov", "2027-11-22"),
    ("may 5", "2027-05-05"),
    ("15 mai", "2027-05-15"),
    ("3 März", "2027-03-03"),
    ("3 ma\N{COMBINING DIAERESIS}rz", "2027-03-03"),
    ("14 juil", "2027-07-14"),
    ("29 feb", "2028-02-29"),
    ("15.12.", "2026-12-15"),
    ("1.2.", "2027-02-01"),
    ("15.12.2026", "2026-12-15"),
    ("15.12.26", "2026-12-15"),
    ("25/12", "2026-12-25"),
    ("12/25", "2026-12-25"),
    ("12/12", "2026-12-12"),
    ("25/12/2027", "2027-12-25"),
    ("12-25-27", "2027-12-25"),
    ("Tue 1 Dec", "2026-12-01"),
    ("tue, 15.12.", "2026-12-15"),
    # a day and a time
    ("tue 2pm", "2026-11-24T14:00"),
    ("tue at 2 pm", "2026-11-24T14:00"),
    ("tue, 1530", "2026-11-24T15:30"),
    ("15dec 10:30", "2026-12-15T10:30"),
    ("15 dec 2027 10:30", "2027-12-15T10:30"),
    ("15dec 1530", "2026-12-15T15:30"),
    ("tomorrow noon", "2026-11-24T12:00"),
    ("next tue 930", "2026-12-01T09:30"),
    ("+3 2pm", "2026-11-26T14:00"),
    ("3d 9am", "2026-11-26T09:00"),
    ("15.12. 10:30", "2026-12-15T10:30"),
    ("Tue 1 Dec 10:00", "2026-12-01T10:00"),
    ("2pm tomorrow", "2026-11-24T14:00"),
    ("10:30 15 dec", "2026-12-15T10:30"),
    ("2pm on fri", "2026-11-27T14:00"),
    ("tomorrow 0:00", "2026-11-24T00:00"),
    # longer forms
    ("December 15th, 2026 at 10:30 pm", "2026-12-15T22:30"),
    ("15-Dec-2026", "2026-12-15"),
    ("Fri Dec 18 10:00:00 2026", "2026-12-18T10:00"),
    ("15th of december", "2026-12-15"),
    ("2027 dec 15", "2027-12-15"),
    # what a keyboard or a paste adds
    ("  tue\t2pm ", "2026-11-24T14:00"),
    ("15\N{NO-BREAK SPACE}dec", "2026-12-15"),
    ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT FIVE}dec", "2026-12-15"),
]


@pytest.mark.parametrize(("text", "due"), GRAMMAR)
def test_grammar(text: str, due: str) -> None:
    when = parse(text, NOW, TEAM)
    assert when.due == expected(due)
    assert isinstance(when.due, datetime) == ("T" in due)
    assert when.rest == ""
    if isinstance(when.due, datetime):
        assert when.due.tzinfo is UTC


@pytest.mark.parametrize("text", [text for text, _ in GRAMMAR])
def test_a_reason_may_follow_every_date(text: str) -> None:
    assert parse(f"{text} on holiday", NOW, TEAM, words=True) == When(
        parse(text, NOW, TEAM).due, "on holiday", parse(text, NOW, TEAM).text
    )
    with pytest.raises(WhenError):
        parse(f"{text} on holiday", NOW, TEAM)


@pytest.mark.parametrize(
    ("now", "text", "due"),
    [
        # month ends and leap days
        ("2027-01-31T10:00", "1m", "2027-02-28"),
        ("2028-01-31T10:00", "1m", "2028-02-29"),
        ("2026-12-31T10:00", "2m", "2027-02-28"),
        ("2028-02-29T10:00", "1y", "2029-02-28"),
        ("2028-02-28T10:00", "tom", "2028-02-29"),
        ("2028-02-29T10:00", "29 feb", "2028-02-29"),
        ("2028-03-01T10:00", "29 feb", "2032-02-29"),
        ("2096-03-01T10:00", "28 feb", "2097-02-28"),
        ("2027-08-31T10:00", "eom", "2027-08-31"),
        ("2026-10-30T10:00", "eom", "2026-10-30"),  # the 31st is a Saturday
        ("2026-10-31T10:00", "eom", "2026-11-30"),
        # year ends
        ("2026-12-31T10:00", "tomorrow", "2027-01-01"),
        ("2026-12-31T10:00", "1", "2027-01-04"),
        ("2026-12-31T10:00", "1 jan", "2027-01-01"),
        ("2026-12-31T10:00", "31 dec", "2026-12-31"),
        ("2026-12-31T10:00", "next fri", "2027-01-08"),
        ("2026-12-31T10:00", "eow", "2026-12-31"),  # Friday is New Year
        ("2026-12-31T10:00", "eoq", "2026-12-31"),
        ("2027-01-01T10:00", "eow", "2027-01-08"),  # no working day is left in the week
        ("2027-01-02T10:00", "eoq", "2027-03-31"),
        # weekdays and weekends
        ("2026-11-28T10:00", "eow", "2026-12-04"),
        ("2026-11-29T10:00", "mon", "2026-11-30"),
        ("2026-11-29T10:00", "sun", "2026-12-06"),
        ("2026-11-29T10:00", "next mon", "2026-11-30"),
        ("2026-11-28T10:00", "0", "2026-11-28"),
        ("2026-11-28T10:00", "1", "2026-11-30"),
        ("2026-12-23T10:00", "1", "2026-12-28"),
        # the clocks change on 29 Mar 2026 and 25 Oct 2026
        ("2026-03-28T10:00", "tomorrow 9:00", "2026-03-29T09:00"),
        ("2026-03-28T10:00", "tomorrow 2:30", "2026-03-29T03:30"),  # there is no 2:30 that day
        ("2026-03-29T01:30", "1h", "2026-03-29T03:30"),
        ("2026-03-29T01:30", "1d", "2026-03-30"),
        ("2026-10-24T10:00", "24h", "2026-10-25T09:00"),
        ("2026-10-24T10:00", "tomorrow 2:30", "2026-10-25T02:30"),
        ("2026-10-24T10:00", "sun noon", "2026-10-25T12:00"),
        # past midnight the date is the team's, not Greenwich's
        ("2026-11-24T00:30", "today", "2026-11-24"),
        ("2026-11-24T00:30", "100", "2026-11-24T01:00"),
        ("2026-11-24T00:00", "0:00", "2026-11-24T00:00"),
    ],
)
def test_at_the_edges_of_the_calendar(now: str, text: str, due: str) -> None:
    assert parse(text, at(now), TEAM).due == expected(due)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("today", "today"),
        ("tom", "Tue 24 Nov, tomorrow"),
        ("1dec 10:00", "Tue 1 Dec 10:00, in 8 days"),
        ("1dec", "Tue 1 Dec, in 8 days"),
        ("2pm", "Mon 23 Nov 14:00, today"),
        ("tom 9am", "Tue 24 Nov 09:00, tomorrow"),
        ("22nov", "Mon 22 Nov 2027, in 364 days"),
        ("sat", "Sat 28 Nov, in 5 days (Sat, a day off)"),
        ("25dec", "Fri 25 Dec, in 32 days (Fri, a day off)"),
        ("sat 9am", "Sat 28 Nov 09:00, in 5 days (Sat, a day off)"),
        ("2dec 0:00", "the end of Tue 1 Dec, in 8 days"),
        ("tom 0:00", "the end of Mon 23 Nov, today"),
        ("sun 0:00", "the end of Sat 28 Nov, in 5 days (Sat, a day off)"),
    ],
)
def test_says_what_was_understood(text: str, understood: str) -> None:
    assert parse(text, NOW, TEAM).text == understood


def test_at_midnight_now_is_the_end_of_yesterday() -> None:
    assert parse("now", at("2026-11-24T00:00"), TEAM).text == "the end of Mon 23 Nov, now"


def test_today_may_be_a_day_off() -> None:
    assert parse("today", at("2026-11-28T10:00"), TEAM).text == "today (Sat, a day off)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no date: try tue, +3, 15dec, 2pm"),
        (" \t\n", "no date: try tue, +3, 15dec, 2pm"),
        ("x", "'x' is no date: try tue, +3, 15dec, 2pm"),
        ("1/12", "'1/12' may be 1 Dec or 12 Jan: write 1dec or 12jan"),
        ("1-12", "may be 1 Dec or 12 Jan: write 1dec or 12jan"),
        ("1/12/2027", "'1/12/2027' may be 1 Dec or 12 Jan: write 1dec 2027 or 12jan 2027"),
        ("1/12 2pm", "may be 1 Dec or 12 Jan"),
        ("15.12", "'15.12' may be a day or a time: write 15.12. or 15:12"),
        ("930", "09:30 has passed today: write tomorrow 09:30"),
        ("9:30", "09:30 has passed today: write tomorrow 09:30"),
        ("today 9am", "09:00 has passed today: write tomorrow 09:00"),
        ("200", "02:00 has passed today: write tomorrow 02:00, or +200 for business days"),
        ("2026-11-23T08:59:59Z", "has passed today"),
        ("2026-11-22", "that is in the past: '2026-11-22' is Sun 22 Nov; try"),
        ("2026-11-22T10:00", "that is in the past"),
        ("15 dec 2010", "that is in the past"),
        ("15-dec-1999", "that is in the past"),
        ("25/12/1989", "that is in the past"),
        ("0001-01-01", "that is in the past"),
        ("0001-01-01T00:00+14:00", "too far away"),
        ("2101-01-01", "is in the year 2101: write a date up to 2100"),
        ("2101-01-01T00:00", "is in the year 2101"),
        ("75y", "is in the year 2101"),
        ("9" * 9 + "y", "is in the year 9999"),
        ("9" * 9 + "m", "is in the year 9999"),
        ("9" * 150 + "d", "too far away"),
        ("9" * 150 + "h", "too far away"),
        ("99999999w", "too far away"),
        ("9999-12-31T23:59-23:00", "too far away"),
        ("367", "'367' is over 366 business days: write 15dec 2027"),
        ("+930", "over 366 business days"),
        ("99999999999999999999", "over 366 business days"),
        ("2026-02-30", "there is no 30 Feb 2026"),
        ("2026-13-01", "there is no day 1 of month 13 2026"),
        ("2026-12-15T25:00", "there is no 2026-12-15T25:00"),
        ("2026-12-15T10:30+99:00", "there is no 2026-12-15T10:30+99:00"),
        ("31 nov", "there is no 31 Nov"),
        ("0 dec", "there is no 0 Dec"),
        ("29 feb 2027", "there is no 29 Feb 2027"),
        ("32.1.", "there is no 32 Jan"),
        ("0/12", "there is no 0 Dec"),
        ("25/13", "there is no day 25 of month 13"),
        ("mon 1 dec", "1 Dec 2026 is a Tuesday: write the one or the other"),
        ("Mon Dec 15th of 2026", "15 Dec 2026 is a Tuesday"),
        ("May", "'May' is no date"),
        ("-3", "is no date"),
        ("a", "is no date"),
        ("t", "is no date"),
        ("fri 13", "'fri 13' is no date"),
        ("3 2pm", "is no date"),
        ("12 2026", "is no date"),
        ("2pm 15", "is no date"),
        ("2pm 180", "is no date"),
        ("sept 15.10:30:15", "is no date"),  # dateutil: half past three, on no day
        ("dec 10:30:15.1", "is no date"),  # the 1 is a fraction of a second, not the day
        ("tue 14", "is no date"),
        ("25:00", "is no date"),
        ("13pm", "is no date"),
        ("0am", "is no date"),
        ("12:60", "is no date"),
        ("3 x", "is no date"),
        ("next week", "is no date"),
        ("next tue about price", "is no date"),
        ("10 jui", "is no date"),
        ("15 dec 30", "is no date"),
        ("dec 2027", "is no date"),
        ("10:00 11:00 15 december 2026", "is no date"),
        ("15 dec 10:30 est", "is no date"),
        ("\0", r"'\x00' is no date"),
        ("\x1b]2;x\a", r"'\x1b]2;x\x07' is no date"),
        ("\ud800", r"'\ud800' is no date"),
        ("tue\0", "is no date"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "is no date"),
        ("[/red]", "is no date"),
        ("1 2 3 4 5 6 7 8 9", "is no date"),
        ("x" * 100_000, "more than 200 characters"),
        ("[" * 100_000, "more than 200 characters"),
    ],
)
def test_refuses_with_a_way_on(text: str, message: str) -> None:
    with pytest.raises(WhenError) as error:
        parse(text, NOW, TEAM)
    assert message in str(error.value)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 160


@pytest.mark.parametrize("text", ["1/12", "12/1/2027", "15.12", "930", "200", "367", "x", "12/1/27"])
def test_what_an_error_offers_is_understood(text: str) -> None:
    error = str(read(text, NOW))
    offers = re.split(r", or | or |, ", re.split(r"(?:write|try) ", error)[1])
    for offer in offers:
        assert parse(offer.removesuffix(" for business days"), NOW, TEAM)


@pytest.mark.parametrize(
    ("text", "due", "rest"),
    [
        ("15dec on holiday", "2026-12-15", "on holiday"),
        ("15dec, on holiday", "2026-12-15", "on holiday"),
        ("tue, on holiday", "2026-11-24", "on holiday"),
        ("+3: they move", "2026-11-26", "they move"),
        ("15-dec and the week after", "2026-12-15", "and the week after"),
        ("15 dec  On   Holiday ", "2026-12-15", "On Holiday"),
        ("tue 2pm call Jane", "2026-11-24T14:00", "call Jane"),
        ("+3 budget: frozen", "2026-11-26", "budget: frozen"),
        ("in 2 weeks they decide", "2026-12-07", "they decide"),
        ("2pm tomorrow call", "2026-11-24T14:00", "call"),
        ("2pm we meet", "2026-11-23T14:00", "we meet"),
        ("15 dec 2027 new budget", "2027-12-15", "new budget"),
        ("December 15th, 2026 they move", "2026-12-15", "they move"),
        ("fri [/red]\x1b[2J", "2026-11-27", "[/red]\x1b[2J"),
        ("next tue about price", "2026-12-01", "about price"),
        ("today", "2026-11-23", ""),
    ],
)
def test_words_after_a_date_are_handed_back(text: str, due: str, rest: str) -> None:
    when = parse(text, NOW, TEAM, words=True)
    assert (when.due, when.rest) == (expected(due), rest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fri 13", "'13' after 'fri' is not clear: write 14:00 or 14dec"),
        ("tue 14 call", "'14' after 'tue'"),
        ("3 2pm", "'2pm' after '3'"),
        ("15dec 10.30", "'10.30' after '15dec'"),
        ("15dec 30 boxes", "'30' after '15dec'"),
        ("tue +2", "'\\+2' after 'tue'"),
        ("1/12 on holiday", "may be 1 Dec or 12 Jan"),
        ("today 9am call", "09:00 has passed"),
        ("on holiday", "is no date"),
        ("call 15dec", "is no date"),
    ],
)
def test_words_do_not_hide_a_date_misread(text: str, message: str) -> None:
    with pytest.raises(WhenError, match=message):
        parse(text, NOW, TEAM, words=True)


def test_the_length_is_capped() -> None:
    assert parse("tue".ljust(MAX_LENGTH), NOW, TEAM)
    with pytest.raises(WhenError, match="200"):
        parse("tue".ljust(MAX_LENGTH + 1), NOW, TEAM)


@pytest.mark.parametrize("now", ["0001-01-01", "1989-06-01", "2100-12-31", "2101-06-01", "9999-12-31"])
def test_nothing_is_a_date_outside_of_the_years_that_can_be_meant(now: str) -> None:
    for text, _ in GRAMMAR:
        when = read(text, datetime.fromisoformat(now + "T12:00Z"))
        assert isinstance(when, WhenError) or 1990 <= when.due.year <= 2100


def test_dateutil_is_loaded_only_for_a_longer_form() -> None:
    code = """
import sys
from datetime import UTC, datetime
from huntertui.model.calendar import Calendar
from huntertui.model.when import WhenError, parse
now = datetime(2026, 11, 23, 9, tzinfo=UTC)
for text in ("tue 2pm", "+3", "15dec", "15.12.2026", "on holiday", "May", "10", "a"):
    try: parse(text, now, Calendar(), words=True)
    except WhenError: pass
assert not any(name.startswith("dateutil") for name in sys.modules)
assert parse("15-dec-2026", now, Calendar()) and "dateutil" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


surrogates = st.characters(categories=("Cs", "Cc", "Cf", "Nd", "No", "Zs", "Ll"))
PIECES = """
1 2 9 12 13 30 31 32 99 366 930 1530 2026 2027 2101 0 00 + - / . : , ; t z T in at on next of the st th am pm
a p d w m y h days weeks hours tue th sat sun mon may mar dec december feb jui eow eom eoq now noon today tom
10:30 :30 .5 +01:00 -99 utc est 15th ' [ \0 \ud800 ß ² İ ½ ﷺ"""
pieces = st.sampled_from([*PIECES.split(), "\N{NO-BREAK SPACE}"])
assembled = st.lists(st.tuples(pieces, st.sampled_from(["", " ", " ", "  "])), max_size=9).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
nows = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=1000)
@given(st.text() | st.text(surrogates) | assembled, nows | st.just(NOW), st.booleans())
def test_any_text_is_a_date_from_today_on_or_an_error(text: str, now: datetime, words: bool) -> None:
    when = read(text, now, words=words)
    if isinstance(when, WhenError):
        assert str(when).isprintable()
        return
    if isinstance(when.due, datetime):
        assert now <= when.due < TEAM.end_of(date(2100, 12, 31))
        assert when.due.tzinfo is UTC
    else:
        assert TEAM.day(now) <= when.due <= date(2100, 12, 31)
    assert when.text
    assert words or not when.rest
    assert not when.rest or " ".join(text.split()).endswith(when.rest)
    assert parse(when.due.isoformat(), now, TEAM).due == when.due


@given(nows, st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.times() | st.none())
def test_an_iso_form_round_trips(now: datetime, day: date, clock: time | None) -> None:
    due = day if clock is None else datetime.combine(day, clock, UTC)
    passed = due < now if isinstance(due, datetime) else due < TEAM.day(now)
    if passed or (isinstance(due, datetime) and TEAM.day(due) > date(2100, 12, 31)):
        with pytest.raises(WhenError):
            parse(due.isoformat(), now, TEAM)
    else:
        assert parse(due.isoformat(), now, TEAM).due == due


@given(nows, st.integers(0, 366))
def test_a_number_is_that_many_business_days(now: datetime, n: int) -> None:
    today = TEAM.day(now)
    due = TEAM.add_days(today, n) if n else today
    if due <= date(2100, 12, 31):
        assert parse(f"+{n}", now, TEAM).due == due


@given(nows, st.integers(0, 800))
def test_what_was_understood_is_understood_again(now: datetime, days: int) -> None:
    """A person may type what the preview says."""
    day = TEAM.day(now) + timedelta(days=days)
    if day <= date(2099, 12, 31):  # 2100 is a time
        assert parse(TEAM.describe_day(day, TEAM.day(now)), now, TEAM).due == day
