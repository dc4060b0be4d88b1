"""Dates and instants as programs of all countries write them.

Whether 3/4/2026 is the third of April or the fourth of March no cell can say alone: `Leaning` looks at the
whole column. The ValueError of each reader says what to write instead.
"""

from __future__ import annotations

import re
from calendar import month_name
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntertui.model.calendar import Calendar

YEARS = range(1900, 2101)
_PIVOT = 70  # a year of two digits: 69 is 2069, 70 is 1970, as in POSIX


class Order(StrEnum):
    """Which number of 3/4/2026 is the day."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


# RFC 5322 has the American ones; of the others each means one thing in the countries that write it.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
_NAMED = "|".join(sorted(_ZONES, key=len, reverse=True))
_TIME = (
    r"(?:(?:[Tt]|,? | (?:at|um|à|às|kl\.?) )(?P<hour>[0-9]{1,2})[:.hH](?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)? ?(?:Uhr|(?P<half>[AaPp]\.? ?[Mm]\.?))?"
    # Data Loader writes its zone behind a Z that means nothing; browsers and Java add its name in brackets.
    rf"(?: ?(?:(?:[Zz]|UTC|GMT)?(?P<zone>[+-][0-9]{{2}}:?[0-9]{{2}})|(?P<named>z|{_NAMED}))"
    r"(?: \([^()]*\)|\[[^\[\]]*\])?)?)?"
)
_WEEKDAY = (  # of English, German, French, Spanish, Italian, Dutch and Portuguese
    r"(?:(?i:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom"
    r"|gio|sab|ma|wo|vr|za|zo|seg|ter|qua|qui|sex)[\w-]*\.?,? )?"
)
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_MONTH = r"(?P<name>[^\W\d_]{3,12})\.?"
_NTH = "(?:st|nd|rd|th|er|º|\\.)?"
_FORMS = tuple(
    re.compile(form + _TIME)
    for form in (
        r"(?P<year>[0-9]{4})(?P<sign>[-/.]) ?(?P<month>[0-9]{1,2})(?P=sign) ?(?P<day>[0-9]{1,2})\.?",
        rf"{_WEEKDAY}(?P<one>[0-9]{{1,2}})(?P<sign>[-/.]) ?(?P<two>[0-9]{{1,2}})(?P=sign) ?{_YEAR}\.?",
        rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}){_NTH}(?: de)?[ -]{_MONTH}(?: de)?,?[ -]{_YEAR}(?: г\.)?",
        rf"{_WEEKDAY}{_MONTH} (?P<day>[0-9]{{1,2}}){_NTH},? (?P<year>[0-9]{{4}})",
        r"(?P<year>[0-9]{4}) ?[年년] ?(?P<month>[0-9]{1,2}) ?[月월] ?(?P<day>[0-9]{1,2}) ?[日일]",
    )
)
_NUMBERS = _FORMS[1]
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")  # seconds or milliseconds since 1970
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}(?:T[0-9]{6}Z?)?")
_SERIAL = re.compile(r"[3-6][0-9]{4}(?:[.,][0-9]+)?")  # Excel's days, of 1982 to 2091
_EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001 - a day without a zone, as Excel has it
_NO_DATE = "is no date: write 2026-11-23 or 2026-11-23T14:30+01:00"


def moment(text: str, calendar: Calendar, order: Order | None = None) -> date | datetime:
    """A date, or an instant (UTC). Without a zone the team's holds; midnight is the date."""
    at = _plain(text) or _read(text, order)
    if at.year not in YEARS:
        raise ValueError(f"is a date outside of {YEARS[0]} to {YEARS[-1]}: check the year")
    if not (at.hour or at.minute or at.second or at.microsecond):
        return at.date()
    return at.astimezone(UTC) if at.tzinfo else calendar.at(at.date(), at.time())


def day(text: str, calendar: Calendar, order: Order | None = None) -> date:
    """A date; of an instant the team's local one."""
    found = moment(text, calendar, order)
    return calendar.day(found) if isinstance(found, datetime) else found


def instant(text: str, calendar: Calendar, order: Order | None = None) -> datetime:
    """An instant (UTC); of a date alone, when the team begins to work that day."""
    found = moment(text, calendar, order)
    return found if isinstance(found, datetime) else calendar.at(found, calendar.opens)


class Leaning:
    """What the cells of one column tell of its order: (line, text) of the first of each, None without any."""

    def __init__(self) -> None:
        """Begin with no cell."""
        self.day_first: tuple[int, str] | None = None
        self.month_first: tuple[int, str] | None = None
        self.open: tuple[int, str] | None = None

    def see(self, lines: Sequence[int], texts: Sequence[str]) -> None:
        """Take in the cells of some lines."""
        for line, cell in zip(lines, texts, strict=True):
            if cell[:4].isdecimal():  # the year stands first, as in nearly all: a million of them are many
                continue
            text = cell.strip()
            found = _NUMBERS.fullmatch(text)
            if not found or found["sign"] == ".":
                continue
            one, two = int(found["one"]), int(found["two"])
            if one > 12:
                self.day_first = self.day_first or (line, text)
            elif two > 12:
                self.month_first = self.month_first or (line, text)
            elif one != two:
                self.open = self.open or (line, text)

    @property
    def order(self) -> Order | None:
        """What all of them agree on, None when they tell nothing or both."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return Order.DAY_FIRST if self.day_first else Order.MONTH_FIRST


def _plain(text: str) -> datetime | None:
    """A text as most programs write it, for which this is the quickest way; None for others."""
    if text[4:5] != "-" or not text[5:6].isdecimal():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, order: Order | None) -> datetime:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if _COMPACT.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_NO_DATE) from None
    if _SERIAL.fullmatch(text):
        return _EXCEL + timedelta(seconds=round(float(text.replace(",", ".")) * 86_400))
    found = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if not found:
        raise ValueError(_NO_DATE)
    parts = {name: part or "" for name, part in found.groupdict().items()}
    return datetime.combine(_day(parts, order), _clock(parts), _zone(parts))


def _day(parts: dict[str, str], order: Order | None) -> date:
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < _PIVOT else 1900
    way = ""
    if "name" in parts:
        month, number = _months().get(parts["name"].casefold(), 0), int(parts["day"])
        if not month:
            raise ValueError(_NO_DATE)
    elif "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        if parts["sign"] == ".":  # nobody writes the month first with points
            order = Order.DAY_FIRST
        if order is None and one != two and max(one, two) <= 12:
            raise ValueError(f"may be {_either(one, two)}: say --dates day-first or --dates month-first")
        way = f", read {order.value}" if order else ""
        first = order or (Order.MONTH_FIRST if two > 12 else Order.DAY_FIRST)
        month, number = (two, one) if first is Order.DAY_FIRST else (one, two)
    else:
        month, number = int(parts["month"]), int(parts["day"])
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(f"is no date of the calendar{way}: check day and month") from None


def _clock(parts: dict[str, str]) -> time:
    hour, half = int(parts["hour"] or 0), parts["half"].casefold()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    fraction = int(parts["fraction"].ljust(6, "0")[:6])
    try:
        return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), fraction)
    except ValueError:
        raise ValueError("is no time of the day: check hours and minutes") from None


def _zone(parts: dict[str, str]) -> tzinfo | None:
    if not parts["zone"]:
        named = parts["named"].upper()
        return timezone(timedelta(hours=_ZONES[named])) if named else None
    hours, minutes = int(parts["zone"][1:3]), int(parts["zone"][-2:])
    if hours > 14 or minutes > 59:  # Kiribati is farthest
        raise ValueError("has no such time zone: write +01:00")
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if parts["zone"][0] == "-" else away)


def _either(one: int, two: int) -> str:
    """Both readings of an open date: "3 April or 4 March"."""
    return f"{one} {month_name[two]} or {two} {month_name[one]}"


_NAMES = (
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar februar marts april maj juni juli august september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)


@cache
def _months() -> dict[str, int]:
    """Name of a month, whole or cut to at least three letters, in small letters -> its number."""
    found: dict[str, set[int]] = {"mrz": {3}}
    for names in _NAMES:
        for number, name in enumerate(names.casefold().split(), 1):
            for length in range(3, len(name) + 1):
                found.setdefault(name[:length], set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}
