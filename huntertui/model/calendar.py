"""The team's business calendar: its zone, its working days, its hours, and the arithmetic over them.

N business days after an instant end with the Nth working day after the instant's date, so a limit never
runs out in the middle of a day. An instant that is exactly local midnight is the end of the day before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from huntertui.records import dataclass

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DAY = timedelta(days=1)
_REMEMBERED = 10_000  # ends of days
_FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


def _in_zone(t: datetime, zone: tzinfo) -> datetime:
    """The same instant in that zone, held at the ends of time. A naive `t` would mean the machine's zone."""
    if t.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {t}")
    try:
        return t.astimezone(zone)
    except OverflowError:
        return t.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the team works. `workdays` are Monday = 0 to Sunday = 6; hours are local wall-clock times.

    Instants are aware datetimes, results in UTC; dates are the team's local dates. What would fall outside
    of the years 1 to 9999 is held at their ends instead. Day arithmetic costs a binary search, however long
    the span.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    workdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    opens: time = time(9)
    closes: time = time(18)
    _week: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The workdays in order."""
    _before: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """For each weekday the number of workdays before it in its week."""
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The ordinals of the holidays that fall on workdays, in order."""
    _worked: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """For each of `_off` the number of working days before it."""
    _ends: dict[tuple[date, int], datetime] = field(init=False, repr=False, compare=False)
    """What `end_after` has found: all items of a day and a stage are owed at the same moment."""

    def __post_init__(self) -> None:
        if not isinstance(self.zone, ZoneInfo):
            raise ValueError(f"zone must be a ZoneInfo, not {self.zone!r}")
        if not self.workdays or not self.workdays <= set(range(7)):
            raise ValueError(f"workdays must be some of 0 (Mon) to 6 (Sun), not {sorted(self.workdays)}")
        if self.opens.tzinfo or self.closes.tzinfo or self.opens >= self.closes:
            raise ValueError(f"working hours must open before they close, not {self.opens} to {self.closes}")
        week = tuple(sorted(self.workdays))
        off = tuple(sorted({day.toordinal() for day in self.holidays if day.weekday() in self.workdays}))
        object.__setattr__(self, "_ends", {})
        object.__setattr__(self, "_week", week)
        object.__setattr__(self, "_before", tuple(bisect_left(week, weekday) for weekday in range(7)))
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_worked", tuple(self._weekdays(day) - n for n, day in enumerate(off, 1)))

    def local(self, t: datetime) -> datetime:
        """The instant on the team's clock. ValueError for a naive one."""
        return _in_zone(t, self.zone)

    def day(self, t: datetime) -> date:
        """The local date of the instant."""
        return self.local(t).date()

    def last_day(self, t: datetime) -> date:
        """The date that something owed by the instant belongs to: at local midnight the day before."""
        t = _in_zone(t, UTC)
        return self.day(t - datetime.resolution if t > _FIRST_INSTANT else t)

    def is_working(self, d: date) -> bool:
        """Whether the team works on that date."""
        return d.weekday() in self.workdays and d not in self.holidays

    def roll(self, d: date) -> date:
        """The date itself if it is a working day, else the next one."""
        return self._nth(self._count(d.toordinal() - 1) + 1)

    def at(self, d: date, clock: time) -> datetime:
        """The instant of a local time: the first, where it comes twice; where the clock skips it, the instant
        at which a clock left alone would show it."""
        try:
            return datetime.combine(d, clock, self.zone).astimezone(UTC)
        except OverflowError:
            return _FIRST_INSTANT if d.year == date.min.year else _LAST_INSTANT

    def start_of(self, d: date) -> datetime:
        """The instant at which the date begins: local midnight, or the end of a gap that skips it."""
        return self.at(d, time.min)

    def end_of(self, d: date) -> datetime:
        """The instant at which the date ends: the start of the next."""
        return self.start_of(d + _DAY) if d < date.max else _LAST_INSTANT

    def add_days(self, d: date, n: int) -> date:
        """The `n`th working day after the date; for 0 the date rolled. ValueError below 0."""
        if n < 0:
            raise ValueError(f"business days are counted forward, not {n}")
        return self._nth(self._count(d.toordinal()) + n) if n else self.roll(d)

    def after_days(self, t: datetime, n: int) -> datetime:
        """`n` business days after the instant: the end of the `n`th working day after its date."""
        return self.end_after(self.day(t), n)

    def end_after(self, d: date, n: int) -> datetime:
        """The end of the `n`th working day after the date; for 0 of the date rolled. ValueError below 0."""
        if (end := self._ends.get((d, n))) is None:
            end = self.end_of(self.add_days(d, n))
            if len(self._ends) < _REMEMBERED:
                self._ends[d, n] = end
        return end

    def add_minutes(self, t: datetime, n: int) -> datetime:
        """The instant `n` working minutes after `t`; for 0 the first at or after `t` within working hours.

        Minutes are those that pass, so an hour that a clock change takes or gives is counted as it was.
        ValueError below 0.
        """
        if n < 0:
            raise ValueError(f"working minutes are counted forward, not {n}")
        t = _in_zone(t, UTC)
        if n > (_LAST_INSTANT - t) / timedelta(minutes=1):
            return _LAST_INSTANT
        left = timedelta(minutes=n)
        day = self.roll(self.day(t))
        while day < date.max:
            begin, end = max(t, self.at(day, self.opens)), self.at(day, self.closes)
            if left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
            day = self.add_days(day, 1)
        return _LAST_INSTANT

    def days_between(self, a: date, b: date) -> int:
        """The number of working days after `a` and up to `b`; 0 when `b` is not after `a`."""
        return max(0, self._count(b.toordinal()) - self._count(a.toordinal()))

    def late_days(self, by: datetime, now: datetime) -> int:
        """How late what was owed by `by` is at `now`, in working days."""
        return self.days_between(self.last_day(by), self.day(now))

    @staticmethod
    def describe_day(d: date, today: date) -> str:
        """ "Tue 17 Nov", with the year when it is not today's."""
        text = f"{DAY_NAMES[d.weekday()]} {d.day} {MONTH_NAMES[d.month - 1]}"
        return text if d.year == today.year else f"{text} {d.year}"

    def describe_instant(self, t: datetime, today: date) -> str:
        """ "Tue 17 Nov 15:30", or "the end of Tue 17 Nov" at the midnight after it."""
        local, last = self.local(t), self.last_day(t)
        if last < local.date():
            return f"the end of {self.describe_day(last, today)}"
        return f"{self.describe_day(local.date(), today)} {local:%H:%M}"

    def _weekdays(self, ordinal: int) -> int:
        """The workdays from 1 January 1, which is a Monday, up to the ordinal, holidays included."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * len(self._week) + self._before[rest]

    def _count(self, ordinal: int) -> int:
        """The working days from 1 January 1 up to the ordinal."""
        return self._weekdays(ordinal) - bisect_right(self._off, ordinal)

    def _nth(self, n: int) -> date:
        """The `n`th working day since 1 January 1: the inverse of `_count`, its end held at `date.max`."""
        weeks, nth = divmod(n + bisect_left(self._worked, n) - 1, len(self._week))
        ordinal = weeks * 7 + self._week[nth] + 1
        return date.fromordinal(min(ordinal, date.max.toordinal()))
