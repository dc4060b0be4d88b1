"""The one line that adds a prospect: `FIRST LAST @company tue 12k jane@acme.example +44 20 7946 0958`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from huntertui.model.calendar import Calendar
from huntertui.model.when import When, WhenError, parse

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = r"\d{4}-\d\d?-\d\d?(?![\d-])|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)(?![\d./-])"
_PHONE = re.compile(  # a date is none, and ends one
    rf"(?<![\w€$£.,/-])(?!{_DATE})\+?\(?\d(?:(?!\s(?:{_DATE}))[\d\s().\-/]){{5,}}\d(?![\w€$£:])"
)
_MONEY = re.compile(r"([€$£])?(\d[\d.,]*)([kKmM]?)([€$£]|[A-Z]{3})?")
_AMOUNT = re.compile(rf"[€$£]{_MONEY.pattern}|{_MONEY.pattern}(?<=[kKmM€$£])")  # as a word of the line
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was understood; `value` in minor units, `currency` "" when the line names none."""

    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    value: int | None = None
    currency: str = ""
    when: When | None = None

    @property
    def due(self) -> date | datetime | None:
        """The day of the next touch."""
        return self.when.due if self.when else None


def read_entry(text: str, now: datetime, calendar: Calendar) -> Entry:
    """Read the line. ValueError when it names neither a person nor a company, or the date is not one."""
    email, text = _take(_EMAIL, text)
    phone, text = _take(_PHONE, text)
    words = text.split()
    company, name, rest = _company(words)
    value, currency = None, ""
    for word in (*rest, *name):
        if _AMOUNT.fullmatch(word):
            value, currency = read_money(word)
            rest, name = ([w for w in words if w != word] for words in (rest, name))
    when = parse(" ".join(rest), now, calendar) if rest else None
    if when is None:
        name, when = _trailing_date(name, now, calendar, bool(company))
    if not name and not company:
        raise ValueError("name a person or a @company: Ann Lee @acme tue")
    return Entry(" ".join(name), company, email, phone, value, currency, when)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    if not found:
        return "", text
    return found.group().strip(), f"{text[: found.start()]} {text[found.end() :]}"


def _company(words: list[str]) -> tuple[str, list[str], list[str]]:
    """(company, words before it, words after it). "@acme" is one word, "@Acme_Ltd" is Acme Ltd."""
    for at, word in enumerate(words):
        if word.startswith("@") and len(word) > 1:
            return word[1:].replace("_", " "), words[:at], words[at + 1 :]
    return "", words, []


def _trailing_date(
    name: list[str], now: datetime, calendar: Calendar, has_company: bool
) -> tuple[list[str], When | None]:
    """A date at the end of the words, longest first; a name is at least one word long."""
    for start in range(0 if has_company else 1, len(name)):
        try:
            return name[:start], parse(" ".join(name[start:]), now, calendar)
        except WhenError:
            continue
    return name, None


def read_money(text: str) -> tuple[int, str]:
    """(minor units, currency or "") of `12k`, `€3,400.50`, `1.5m USD`. ValueError when it is none."""
    found = _MONEY.fullmatch(text.replace(" ", "").strip())
    if not found:
        raise ValueError(f"{text!r} is no amount: write 12k, 3400 or €340k")
    sign, digits, scale, after = found.groups()
    unit = after or sign or ""
    try:
        amount = Decimal(_plain(digits, scaled=bool(scale))) * _SCALE[scale.lower()]
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount: write 12k, 3400 or €340k") from None
    if amount >= 10**13:
        raise ValueError(f"{text!r} is too much for one deal")
    return int((amount * 100).to_integral_value()), _SIGNS.get(unit, unit)


def _plain(digits: str, *, scaled: bool) -> str:
    """One decimal point and no group marks: a last mark with one or two digits behind it is the decimal."""
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark == -1:
        return digits
    tail = digits[mark + 1 :]
    decimal = len(tail) in (1, 2) or (
        scaled and len(digits) - len(tail) <= 4 and digits.count(digits[mark]) == 1
    )
    whole = re.sub(r"[.,]", "", digits[:mark])
    return f"{whole}.{tail}" if decimal else whole + tail


def read_when(text: str, now: datetime, calendar: Calendar) -> tuple[When, bool]:
    """(what was understood, whether it is agreed with the customer, said by a leading "=").

    WhenError otherwise.
    """
    agreed = text.lstrip().startswith("=")
    return parse(text.strip().removeprefix("=").strip(), now, calendar, words=True), agreed
