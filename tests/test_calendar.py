"""The business calendar against plain loops, and at the edges where clocks and calendars end."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.model.calendar import Calendar

DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
XMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
TEAM = Calendar(zone=BERLIN, holidays=XMAS)
TODAY = date(2026, 11, 23)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


near = st.dates(date(2024, 1, 1), date(2028, 12, 31))
zones = st.sampled_from(("UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia")).map(ZoneInfo)
calendars = st.builds(
    Calendar,
    zone=zones,
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(near, max_size=60)
    | st.builds(lambda first, n: frozenset(first + i * DAY for i in range(n)), near, st.integers(0, 500)),
)
instants = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"workdays": frozenset()}, "workdays"),
        ({"workdays": frozenset({7})}, "workdays"),
        ({"opens": time(18), "closes": time(9)}, "working hours"),
        ({"opens": time(9), "closes": time(9)}, "working hours"),
        ({"opens": time(9, tzinfo=UTC)}, "working hours"),
        ({"zone": "Europe/Berlin"}, "zone"),
        ({"zone": UTC}, "zone"),
        ({"zone": None}, "zone"),
    ],
)
def test_refuses_what_is_no_calendar(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Calendar(**wrong)


def test_is_a_value() -> None:
    same = Calendar(zone=BERLIN, holidays=frozenset(sorted(XMAS)))
    assert same == TEAM
    assert hash(TEAM) == hash(same)
    assert Calendar(zone=BERLIN) != TEAM
    copy = pickle.loads(pickle.dumps(TEAM))
    assert copy == TEAM
    assert copy.add_days(date(2026, 12, 23), 1) == date(2026, 12, 28)


def test_refuses_an_instant_without_zone() -> None:
    naive = utc("2026-11-23").replace(tzinfo=None)
    for ask in (TEAM.local, TEAM.day, TEAM.last_day, lambda t: TEAM.add_minutes(t, 1)):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-11-10", 5, "2026-11-17"),
        ("2026-11-20", 1, "2026-11-23"),  # Friday
        ("2026-11-21", 1, "2026-11-23"),  # Saturday
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-12-23", 1, "2026-12-28"),  # over Christmas and the weekend
        ("2026-12-24", 0, "2026-12-28"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2024-02-28", 1, "2024-02-29"),
    ],
)
def test_adds_working_days(day: str, n: int, expected: str) -> None:
    assert TEAM.add_days(date.fromisoformat(day), n) == date.fromisoformat(expected)


@given(calendars, near, st.integers(0, 600))
def test_working_days_agree_with_counting(calendar: Calendar, start: date, n: int) -> None:
    day, left = start, n
    while left or (not n and not calendar.is_working(day)):
        day += DAY
        left -= bool(n) and calendar.is_working(day)
    assert calendar.add_days(start, n) == day
    assert calendar.roll(start) == next(
        start + i * DAY for i in range(2_000) if calendar.is_working(start + i * DAY)
    )
    counted = sum(calendar.is_working(start + i * DAY) for i in range(1, (day - start).days + 1))
    assert calendar.days_between(start, day) == counted
    assert calendar.days_between(day, start) == 0


def test_a_span_of_decades_costs_no_loop_over_its_days() -> None:
    """A loop over the days would take these many minutes."""
    holidays = frozenset(date(year, 5, 1) for year in range(1990, 2100))
    calendar = Calendar(holidays=holidays)
    start = date(1995, 6, 1)
    for n in range(4_900, 104_900):
        end = calendar.add_days(start, n)
        assert calendar.days_between(start, end) == n or end == date.max


@pytest.mark.parametrize("negative", [-1, -10_000])
def test_refuses_to_count_backwards(negative: int) -> None:
    with pytest.raises(ValueError, match="forward"):
        TEAM.add_days(TODAY, negative)
    with pytest.raises(ValueError, match="forward"):
        TEAM.add_minutes(utc("2026-11-23"), negative)


@pytest.mark.parametrize(
    ("t", "n", "expected"),
    [
        ("2026-11-10T10:00", 5, "2026-11-18T00:00"),  # the end of Tue 17 Nov
        ("2026-11-10T23:59", 5, "2026-11-18T00:00"),
        ("2026-11-13T17:00", 1, "2026-11-17T00:00"),  # Friday
        ("2026-03-27T12:00", 1, "2026-03-31T00:00"),  # the clocks go forward on Sun 29 Mar
        ("2026-10-23T12:00", 1, "2026-10-27T00:00"),  # and back on Sun 25 Oct
        ("2026-12-31T12:00", 1, "2027-01-05T00:00"),
    ],
)
def test_business_days_end_with_the_day(t: str, n: int, expected: str) -> None:
    assert TEAM.after_days(berlin(t), n) == berlin(expected)
    assert TEAM.after_days(berlin(t), n).tzinfo is UTC


def test_the_date_is_the_teams() -> None:
    assert TEAM.day(utc("2026-11-23T22:59")) == date(2026, 11, 23)
    assert TEAM.day(utc("2026-11-23T23:00")) == date(2026, 11, 24)
    assert TEAM.local(utc("2026-11-23T23:00")).isoformat() == "2026-11-24T00:00:00+01:00"


@pytest.mark.parametrize(
    ("t", "n", "expected"),
    [
        ("2026-11-20T17:55", 60, "2026-11-23T09:55"),  # Friday
        ("2026-11-20T17:00", 60, "2026-11-20T18:00"),
        ("2026-11-20T18:00", 1, "2026-11-23T09:01"),
        ("2026-11-21T12:00", 30, "2026-11-23T09:30"),
        ("2026-11-23T03:00", 30, "2026-11-23T09:30"),
        ("2026-11-23T18:30", 0, "2026-11-24T09:00"),
        ("2026-11-23T12:00", 0, "2026-11-23T12:00"),
        ("2026-11-23T09:00", 3 * 540 + 1, "2026-11-26T09:01"),
        ("2026-12-23T17:30", 60, "2026-12-28T09:30"),
    ],
)
def test_counts_minutes_within_working_hours(t: str, n: int, expected: str) -> None:
    assert TEAM.add_minutes(berlin(t), n) == berlin(expected)
    assert TEAM.add_minutes(berlin(t).astimezone(BERLIN), n) == berlin(expected)
    assert TEAM.add_minutes(berlin(t).astimezone(BERLIN), n).tzinfo is UTC


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        ("2026-03-29T00:30", "2026-03-29T02:30"),  # three hours that pass: 00:30 to 04:30 on the clock
        ("2026-10-25T00:30", "2026-10-25T01:30"),  # and 00:30 to 02:30 for the second time
    ],
)
def test_minutes_are_those_that_pass_when_the_clock_changes(t: str, expected: str) -> None:
    night = Calendar(zone=BERLIN, workdays=frozenset(range(7)), opens=time(0), closes=time(23, 59))
    assert night.add_minutes(berlin(t), 180) == utc(expected)


@given(near, st.integers(0, 24 * 60 - 1), st.integers(0, 3000))
def test_minutes_agree_with_counting(day: date, minute: int, n: int) -> None:
    t = datetime.combine(day, time.min, UTC) + timedelta(minutes=minute)
    end, left = t, n
    while left:
        local = end.astimezone(BERLIN)
        left -= TEAM.is_working(local.date()) and TEAM.opens <= local.time() < TEAM.closes
        end += timedelta(minutes=1)
    result = TEAM.add_minutes(t, n)
    assert result == end if n else result >= t
    assert TEAM.opens <= TEAM.local(result).time() <= TEAM.closes


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Europe/Berlin", "2026-11-23", "2026-11-22T23:00"),
        (
            "America/Sao_Paulo",
            "2018-11-04",
            "2018-11-04T03:00",
        ),  # midnight is skipped
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # midnight comes twice: at the first
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # the whole day is skipped
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_with_its_first_instant(zone: str, day: str, start: str) -> None:
    calendar = Calendar(zone=ZoneInfo(zone))
    begin = calendar.start_of(date.fromisoformat(day))
    assert begin == utc(start)
    assert calendar.end_of(date.fromisoformat(day) - DAY) == begin
    assert calendar.day(begin - datetime.resolution) < date.fromisoformat(day) <= calendar.day(begin)
    assert calendar.last_day(begin) == calendar.day(begin - datetime.resolution)


@pytest.mark.parametrize(
    ("by", "now", "late"),
    [
        ("2026-11-18T00:00", "2026-11-23T10:00", 4),  # the end of Tue 17
        ("2026-11-18T00:01", "2026-11-23T10:00", 3),
        ("2026-11-21T00:00", "2026-11-22T10:00", 0),  # Saturday: no working day has gone by
        ("2026-11-21T00:00", "2026-11-23T10:00", 1),
        ("2026-11-23T09:00", "2026-11-23T10:00", 0),
        ("2026-11-24T09:00", "2026-11-23T10:00", 0),
    ],
)
def test_late_is_counted_in_working_days(by: str, now: str, late: int) -> None:
    assert TEAM.late_days(berlin(by), berlin(now)) == late
    assert TEAM.late_days(berlin(by).astimezone(BERLIN), berlin(now)) == late


@pytest.mark.parametrize(
    ("t", "text"),
    [
        ("2026-11-17T15:30", "Tue 17 Nov 15:30"),
        ("2026-11-18T00:00", "the end of Tue 17 Nov"),
        ("2026-11-18T00:00:01", "Wed 18 Nov 00:00"),
        ("2027-01-01T00:00", "the end of Thu 31 Dec"),
        ("2027-11-17T09:05", "Wed 17 Nov 2027 09:05"),
        ("2026-01-01T00:00", "the end of Wed 31 Dec 2025"),
    ],
)
def test_describes_an_instant(t: str, text: str) -> None:
    assert TEAM.describe_instant(berlin(t), TODAY) == text
    assert TEAM.describe_instant(berlin(t).astimezone(BERLIN), TODAY) == text


def test_a_day_that_begins_at_one_is_still_the_end_of_the_day_before() -> None:
    calendar = Calendar(zone=ZoneInfo("America/Sao_Paulo"))
    assert calendar.describe_instant(utc("2018-11-04T03:00"), date(2018, 1, 1)) == "the end of Sat 3 Nov"


def test_describes_a_day() -> None:
    assert TEAM.describe_day(date(2026, 11, 17), TODAY) == "Tue 17 Nov"
    assert TEAM.describe_day(date(2027, 11, 17), TODAY) == "Wed 17 Nov 2027"


@given(
    calendars,
    instants | st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
    st.dates() | st.sampled_from([date.min, date.max]),
    st.integers(0, 2_000) | st.sampled_from([10**7, 10**30]),
)
def test_holds_at_the_ends_of_time(calendar: Calendar, t: datetime, day: date, n: int) -> None:
    assert calendar.start_of(day) <= calendar.end_of(day)
    assert calendar.add_days(day, n) >= day
    assert calendar.after_days(t, n) >= t
    assert calendar.add_minutes(t, min(n, 2_000)) >= t
    assert calendar.last_day(t) <= calendar.day(t)
    assert calendar.late_days(t, t) <= 1
    assert calendar.describe_instant(t, day)


def test_minutes_without_end_stop_at_the_end_of_time() -> None:
    assert TEAM.add_minutes(utc("2026-11-23"), 10**12) == datetime.max.replace(tzinfo=UTC)
    assert TEAM.add_minutes(utc("9999-12-31T20:00"), 200) == datetime.max.replace(tzinfo=UTC)
