"""The date grammar: what a person types for a day or a time, "tue 2pm", "+3", "15dec on holiday".

It stands in front of dateutil, which takes "12" for a day gone by, "32" for the year 2032 and "1/12" for
January without a word. Here a thing that may be read in two ways is refused with both ways to write it, and
dateutil sees only longer forms that leave it nothing to guess.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from huntertui.model.calendar import DAY_NAMES, MONTH_NAMES
from huntertui.model.text import Unclear
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.model.calendar import Calendar

MAX_LENGTH = 200
"""Characters; more is no date but a paste gone astray."""

_MAX_WORDS = 8
"""The longest date: "Tue, Dec 15th, 2026 at 10:30 pm"."""
_MAX_BUSINESS_DAYS = 366
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)
_TRY = "try tue, +3, 15dec, 2pm"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# German and French too, lest "15 mai" be 15 business days and the word "mai".
_MONTHS = (
    ("january", "januar", "janvier"),
    ("february", "februar", "février", "fevrier"),
    ("march", "märz", "maerz", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juni", "juin"),
    ("july", "juli", "juillet"),
    ("august", "août", "aout"),
    ("september", "septembre"),
    ("october", "oktober", "octobre"),
    ("november", "novembre"),
    ("december", "dezember", "décembre"),
)
_NAMED_DAYS = {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1}
_PERIOD_MONTHS = {"eow": 0, "eom": 1, "eoq": 3}
_UNITS = {
    name: unit
    for unit, names in {
        "business": "bd|business day|business days|working day|working days",
        "days": "d|day|days",
        "weeks": "w|wk|wks|week|weeks",
        "months": "m|mo|month|months",
        "years": "y|yr|yrs|year|years",
        "minutes": "min|mins|minute|minutes",
        "hours": "h|hr|hrs|hour|hours",
    }.items()
    for name in names.split("|")
}
_FILLERS = ("at", "on", "of")

_COUNT = re.compile(r"\+?([0-9]+)")
_SPAN = re.compile(r"(?:in )?\+?([0-9]+) ?([a-z ]+)")
_TIME = re.compile(r"(?:at )?(?:([0-9]{1,2}):?([0-9]{2})|([0-9]{1,2})(?= ?[ap]m)) ?([ap]m)?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_INSTANT = re.compile(
    _ISO_DAY.pattern + r"[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)? ?([a-zäéû]{3,})\.?,?(?: ?(20[0-9]{2}))?")
_MONTH_DAY = re.compile(r"([a-zäéû]{3,})\.? ?([0-9]{1,2})(?:st|nd|rd|th)?,?(?: (20[0-9]{2}))?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(\.(?:[0-9]{4}|[0-9]{2})?)?")
_SLASHED = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-]([0-9]{4}|[0-9]{2}))?")
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?: ?[ap]m)?|[0-9]{1,2} ?[ap]m")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_YEAR = re.compile("20[0-9]{2}")
_STARTS_WITH_NUMBER = re.compile(r"[+-]?[0-9]")


class WhenError(Unclear):
    """The text is no date, or not one that can be meant. The message says what to write instead."""


@dataclass(frozen=True, slots=True)
class When:
    """What a person meant: `due` is a local date or an aware UTC datetime, from today to the end of 2100.

    `rest` are the words after the date, single-spaced. `text` says what was understood: "Tue 1 Dec 10:00, in
    8 days".
    """

    due: date | datetime
    rest: str
    text: str


def parse(text: str, now: datetime, calendar: Calendar, *, words: bool = False) -> When:
    """Read `text` as a date or a time at the instant `now`; with `words` other words may follow the date.

    The longest run of words that is a date wins. A day is taken as typed, on a day off too. Raises WhenError,
    and nothing else whatever the text.
    """
    if len(text) > MAX_LENGTH:
        raise WhenError(f"a date of more than {MAX_LENGTH} characters: {_TRY}")
    parts = text.split()
    if not parts:
        raise WhenError(f"no date: {_TRY}")
    reader = _Reader(now, calendar, calendar.day(now))
    shortest = 1 if words else len(parts)
    for n in range(min(len(parts), _MAX_WORDS), shortest - 1, -1):
        typed, rest = " ".join(parts[:n]), parts[n:]
        try:
            due = reader.read(normalize("NFKC", typed.rstrip(",;:") if rest else typed).lower())
        except OverflowError:
            raise WhenError(f"{_shown(typed)} is too far away: write a date up to 2100") from None
        if due is None:
            continue
        reader.check(due, typed)
        if rest and _STARTS_WITH_NUMBER.match(rest[0]):
            raise WhenError(f"{_shown(rest[0])} after {_shown(typed)} is not clear: write 14:00 or 14dec")
        return When(due, " ".join(rest), reader.describe(due))
    raise WhenError(f"{_shown(text)} is no date: {_TRY}")


def _shown(text: str) -> str:
    """What was typed, quoted for a message: short, and without control characters."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _weekday(word: str) -> int | None:
    """Monday = 0, by two letters or more."""
    return next((n for n, name in enumerate(_WEEKDAYS) if len(word) > 1 and name.startswith(word)), None)


def _month(word: str) -> int | None:
    """January = 1, by three letters or more, unless they fit two months."""
    found = [n for n, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)]
    return found[0] if len(word) > 2 and len(found) == 1 else None


def _time(text: str) -> time | None:
    """ "2pm", "14:30", "1430", "noon"; a bare hour is none, as it may be a day."""
    if text.removeprefix("at ") == "noon":
        return time(12)
    if not (found := _TIME.fullmatch(text)):
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _year(digits: str | None = None) -> int | None:
    """Two digits are a year of this century."""
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits else None


def _add_months(day: date, n: int) -> date:
    """The same day `n` months on, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + n, 12)
    first = date(min(day.year + years, date.max.year), month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def _agreed(day: date, weekday: int) -> date:
    """The day, if it is that weekday; else WhenError."""
    if weekday != day.weekday():
        named = f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
        raise WhenError(f"{named} is a {_WEEKDAYS[day.weekday()].title()}: write the one or the other")
    return day


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads lower-case words at one moment. Its methods return None for what is no such thing, and raise
    WhenError for a date that cannot be taken."""

    now: datetime
    calendar: Calendar
    today: date

    def read(self, text: str) -> date | datetime | None:
        """The whole text as a date or a time: the first form of the grammar that fits."""
        return self._moment(text) or self._day(text) or self._day_and_time(text) or self._long_form(text)

    def check(self, due: date | datetime, typed: str) -> None:
        """WhenError for what has passed, or lies outside of the years that can be meant."""
        if isinstance(due, datetime):
            day, passed = self.calendar.day(due), due < self.now
        else:
            day, passed = due, due < self.today
        if passed and isinstance(due, datetime) and day == self.today:
            clock = f"{self.calendar.local(due):%H:%M}"
            count = (
                f", or +{typed} for business days"
                if typed.isdecimal() and int(typed) <= _MAX_BUSINESS_DAYS
                else ""
            )
            raise WhenError(f"{clock} has passed today: write tomorrow {clock}{count}")
        if passed:
            shown = self.calendar.describe_day(day, self.today)
            raise WhenError(f"that is in the past: {_shown(typed)} is {shown}; {_TRY}")
        if not _FIRST <= day <= _LAST:
            raise WhenError(f"{_shown(typed)} is in the year {day.year}: write a date up to {_LAST.year}")

    def describe(self, due: date | datetime) -> str:
        """What was understood, with the distance in calendar days."""
        if isinstance(due, datetime):
            day, text = self.calendar.last_day(due), self.calendar.describe_instant(due, self.today)
        else:
            day, text = due, self.calendar.describe_day(due, self.today)
        days = (day - self.today).days
        away = {-1: "now", 0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        text = away if due == self.today else f"{text}, {away}"
        return text if self.calendar.is_working(day) else f"{text} ({DAY_NAMES[day.weekday()]}, a day off)"

    def _moment(self, text: str) -> datetime | None:
        """A point in time: "now", "2pm" today, "3h" from now, an ISO datetime."""
        if text == "now":
            return self.now.astimezone(UTC)
        if clock := _time(text):
            return self.calendar.at(self.today, clock)
        if (span := _SPAN.fullmatch(text)) and (unit := _UNITS.get(span[2])) in ("hours", "minutes"):
            return self.now.astimezone(UTC) + timedelta(**{unit: int(span[1])})
        if not _ISO_INSTANT.fullmatch(text):
            return None
        try:
            t = datetime.fromisoformat(text.upper())
        except ValueError:
            raise WhenError(f"there is no {text.upper()}: write it as 2026-12-15 10:30") from None
        return t.astimezone(UTC) if t.tzinfo else self.calendar.at(t.date(), t.time())

    def _day(self, text: str) -> date | None:
        """A day, by its distance from today or by its date, which the weekday may precede."""
        text = text.removeprefix("on ")
        if day := self._counted(text) or self._named(text) or self._dated(text):
            return day
        head, _, tail = text.partition(" ")
        weekday = _weekday(head.rstrip(",."))
        if weekday is None or not (day := self._dated(tail)):
            return None
        return _agreed(day, weekday)

    def _counted(self, text: str) -> date | None:
        """ "3" and "+3" business days, "3d", "in 2 weeks"."""
        if found := _COUNT.fullmatch(text):
            n = int(found[1])
            if n > _MAX_BUSINESS_DAYS:
                raise WhenError(
                    f"{_shown(text)} is over {_MAX_BUSINESS_DAYS} business days: write 15dec 2027"
                )
            return self.calendar.add_days(self.today, n) if n else self.today
        if not (found := _SPAN.fullmatch(text)):
            return None
        n = int(found[1])
        match _UNITS.get(found[2]):
            case "business":
                return self._counted(f"+{n}")
            case "days" | "weeks" as unit:
                return self.today + timedelta(**{unit: n})
            case "months":
                return _add_months(self.today, n)
            case "years":
                return _add_months(self.today, 12 * n)
        return None

    def _named(self, text: str) -> date | None:
        """ "today", "tue", "next tue", "eow"."""
        if text in _NAMED_DAYS:
            return self.today + timedelta(days=_NAMED_DAYS[text])
        if (weekday := _weekday(text)) is not None:
            return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)
        if text.startswith("next ") and (weekday := _weekday(text[5:])) is not None:
            return self.today + timedelta(days=7 - self.today.weekday() + weekday)
        if text in _PERIOD_MONTHS:
            return self._last_working_day(_PERIOD_MONTHS[text])
        return None

    def _last_working_day(self, months: int) -> date:
        """The last working day of the week (0), month or quarter, or of the next that has one left."""
        day = self.calendar.roll(self.today)
        if not months:
            day += timedelta(days=6 - day.weekday())
        else:
            first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
            day = _add_months(first, months) - timedelta(days=1)
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        return day

    def _dated(self, text: str) -> date | None:
        """A calendar date: ISO, "15 dec", "dec 15", "15.12.", "15/12", each with or without the year."""
        if _ISO_DAY.fullmatch(text):
            return self._date(int(text[8:]), int(text[5:7]), int(text[:4]))
        if (found := _DAY_MONTH.fullmatch(text)) and (month := _month(found[2])):
            return self._date(int(found[1]), month, _year(found[3]))
        if (found := _MONTH_DAY.fullmatch(text)) and (month := _month(found[1])):
            return self._date(int(found[2]), month, _year(found[3]))
        if found := _DOTTED.fullmatch(text):
            if not found[3]:
                clock = text.replace(".", ":")
                raise WhenError(f"{_shown(text)} may be a day or a time: write {text}. or {clock}")
            return self._date(int(found[1]), int(found[2]), _year(found[3][1:]))
        if found := _SLASHED.fullmatch(text):
            return self._slashed(int(found[1]), int(found[2]), _year(found[3]))
        return None

    def _slashed(self, a: int, b: int, year: int | None) -> date:
        """Day and month in whichever order is possible; WhenError when both are, and differ."""
        if a != b and 1 <= a <= 12 and 1 <= b <= 12:
            typed, tail = (f"{a}/{b}", "") if year is None else (f"{a}/{b}/{year}", f" {year}")
            one, other = MONTH_NAMES[b - 1], MONTH_NAMES[a - 1]
            write = f"{a}{one}{tail} or {b}{other}{tail}".lower()
            raise WhenError(f"'{typed}' may be {a} {one} or {b} {other}: write {write}")
        return self._date(b, a, year) if a <= 12 < b else self._date(a, b, year)

    def _date(self, day: int, month: int, year: int | None) -> date:
        """That date; without a year the next one from today on, which for 29 Feb may be eight years away."""
        years = range(self.today.year, self.today.year + 9) if year is None else (year,)
        for each in years:
            with suppress(ValueError):
                found = date(each, month, day)
                if found >= self.today or year is not None:
                    return found
        shown = f"{day} {MONTH_NAMES[month - 1]}" if 1 <= month <= 12 else f"day {day} of month {month}"
        raise WhenError(f"there is no {shown}{'' if year is None else f' {year}'}: {_TRY}")

    def _day_and_time(self, text: str) -> datetime | None:
        """A day and a time of it, in either order: "tue 2pm", "10:30 15dec".

        A bare number of days goes with no time ("12 2026"); "we" after a time is more likely the word, and
        "2027" before a day the year.
        """
        parts = text.split()
        for n in range(1, len(parts)):
            left, right = " ".join(parts[:n]).rstrip(","), " ".join(parts[n:])
            if (clock := _time(right)) and not left.isdecimal() and (day := self._day(left)):
                return self.calendar.at(day, clock)
            if right.isdecimal() or len(right) < 3 or _YEAR.fullmatch(left):
                continue
            if (clock := _time(left)) and (day := self._day(right)):
                return self.calendar.at(day, clock)
        return None

    def _long_form(self, text: str) -> date | datetime | None:
        """What dateutil makes of other forms ("December 15th, 2026 at 10:30 pm"), handed on only with one
        month by name, one day, at most one year, weekday and time, and no word unknown."""
        if text.endswith(_FILLERS):
            return None
        plain, clocks = _CLOCK.subn(" ", _ORDINAL.sub("", text))
        numbers = re.findall("[0-9]+", plain)
        days = [n for n in numbers if len(n) < 3]
        years = [n for n in numbers if len(n) == 4 and n[:2] in ("19", "20")]
        names = [word for word in re.findall(r"[^\W\d_]+", plain) if word not in _FILLERS]
        months = [month for word in names if (month := _month(word))]
        weekdays = [n for word in names if not _month(word) and (n := _weekday(word)) is not None]
        unknown = len(numbers) - len(days) - len(years) + len(names) - len(months) - len(weekdays)
        if unknown or len(days) != 1 or len(months) != 1 or max(len(years), len(weekdays), clocks) > 1:
            return None
        from dateutil.parser import parse as parse_long  # only here: the import costs more than all the rest

        other_day = 2 if int(days[0]) == 1 else 1  # what dateutil fills in must not look like what was typed
        try:
            found = parse_long(text, default=datetime(2000, 1, other_day, tzinfo=UTC))
        except (ValueError, OverflowError):
            return None
        if (found.day, found.month) != (int(days[0]), months[0]):
            return None
        day = self._date(found.day, found.month, _year(*years))
        for weekday in weekdays:
            _agreed(day, weekday)
        return self.calendar.at(day, found.time()) if clocks else day
