"""The one line that adds a prospect, its parts in any order:

`Jane Doe @company +44 20 7946 0958 jane@acme.example tue 12k #tag country:de "note"`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from huntertui.model.calendar import Calendar
from huntertui.model.money import minor
from huntertui.model.text import Unclear
from huntertui.model.when import When, WhenError, parse
from huntertui.records import dataclass

_COMPANY = re.compile(r"(?<!\S)@\s?\"([^\"]*)\"")
_NOTE = re.compile(r'(?<!\S)"([^"]*)"(?!\S)')
_COUNTRY = re.compile(r"(?<!\S)country:(\S*)", re.IGNORECASE)
_TAG = re.compile(r"(?<!\S)#([^\s#,;]+)[,;]?(?!\S)")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_DATE = r"\d{4}-\d\d?-\d\d?(?![\d-])|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)(?![\d./-])"
_EXTENSION = r"(?:\s?(?:x|ext\.?)\s?\d{1,5}(?!\w))?"
_PHONE = re.compile(  # a date is none, and ends one
    rf"(?<![\w€$£.,/-])(?!{_DATE})(?:\+|\(\+)?\(?\d(?:(?!\s(?:{_DATE}))[\d\s().\-/]){{5,}}\d(?![\w€$£:]){_EXTENSION}"
)
LONGEST = 2000
"""Characters of a line, and of any field but the notes."""

_LONGEST_PHONE = 15  # digits, by ITU-T E.164
_MONEY = re.compile(r"([€$£])?(\d[\d.,]*)([kKmM]?)([€$£]|[A-Z]{3})?")
_AMOUNT = re.compile(rf"[€$£]{_MONEY.pattern}|{_MONEY.pattern}(?<=[kKmM€$£])")  # as a word of the line
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was understood; `value` in minor units, `currency` "" when the line names none (then the team's).

    `doubts`: what could have been meant otherwise, each in words that say how to write that.
    """

    name: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    value: int | None = None
    currency: str = ""
    when: When | None = None
    tags: tuple[str, ...] = ()
    country: str = ""
    note: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def due(self) -> date | datetime | None:
        """The day of the next touch."""
        return self.when.due if self.when else None


def read_entry(text: str, now: datetime, calendar: Calendar, currency: str = "") -> Entry:
    """Read the line. Unclear when it names nobody, says a thing twice or too much, or a date is none."""
    if len(text) > LONGEST:
        raise Unclear(f"more than {LONGEST:,} characters are no line: keep the rest as a note")
    quoted, text = _take(_COMPANY, text)
    notes, text = _take(_NOTE, text)
    if '"' in text:
        raise Unclear('a quote is not closed: write "a note", or @"Acme GmbH"')
    countries, text = _take(_COUNTRY, text)
    tags, text = _take(_TAG, text)
    emails, text = _take(_EMAIL, text)
    phones, text = _take(_PHONE, text)
    words = [word for word in text.split() if word.strip(",;")]
    amounts = [word for word in words if _AMOUNT.fullmatch(word)]
    words = [word for word in words if word not in amounts]
    bare = [word for word in words if word.startswith("@") and len(word) > 1]
    company = _one([*quoted, *(word[1:].rstrip(",;").replace("_", " ") for word in bare)], "companies")
    # What stands on either side of the company; one that was quoted is gone, and leaves a mark.
    side = words.index(bare[0] if bare else _MARK) if bare or quoted else len(words)
    before, after = words[:side], words[side + 1 :]
    name, when, doubts = _Words(now, calendar, company).read(before, after)
    if not name and not company:
        raise Unclear("name a person or a @company: Ann Lee @acme tue")
    money = _one(amounts, "amounts")
    value, named = read_money(money, currency) if money else (None, "")
    for phone in phones:
        if sum(map(str.isdecimal, phone)) > _LONGEST_PHONE:
            doubts.append(f"{phone} is long for one number: part two by a comma")
    country = _one(countries, "countries")
    return Entry(
        name=name,
        company=company,
        emails=tuple(dict.fromkeys(emails)),
        phones=tuple(dict.fromkeys(phones)),
        value=value,
        currency=named,
        when=when,
        tags=tuple(dict.fromkeys(tags)),
        country=country.upper() if len(country) == 2 else country.replace("_", " "),
        note="\n".join(notes),
        doubts=tuple(doubts),
    )


_MARK = "@"
"""What is left in the line of a company that was quoted."""


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """(what was found, the text without it)."""
    found = [(match[1] if pattern.groups else match[0]).strip() for match in pattern.finditer(text)]
    left = f" {_MARK} " if pattern is _COMPANY else " "
    return [each for each in found if each], pattern.sub(left, text) if found else text


def _one(found: Sequence[str], what: str) -> str:
    """The only one; Unclear when two differ."""
    different = list(dict.fromkeys(found))
    if len(different) > 1:
        raise Unclear(f"two {what}: {different[0]} and {different[1]}")
    return different[0] if different else ""


@dataclass(frozen=True, slots=True)
class _Words:
    """Parts the words that are left into a name and a date."""

    now: datetime
    calendar: Calendar
    company: str

    def read(self, before: list[str], after: list[str]) -> tuple[str, When | None, list[str]]:
        """(name, date, doubts) of the words before and after the company."""
        when = self._date(after) if after else None
        doubts: list[str] = []
        if when is None and after and before:
            early = self._dated(before, [])
            if early is None or early[0]:  # a name stands before the company, so these are to be a date
                try:
                    parse(" ".join(after), self.now, self.calendar)
                except WhenError as error:
                    quoted = f'@"{self.company} {" ".join(after)}"'
                    raise WhenError(f"{error}; a company of more words is quoted: {quoted}") from None
        name, late = before, None
        if found := self._dated(before, doubts):
            name, late = found
        if when is None and after:
            found = self._dated(after, doubts)
            rest, when = found if found else (after, None)
            name = [*name, *rest]
        if when is not None and late is not None:
            raise Unclear(f"two dates: {late.text} and {when.text}")
        doubts += [
            f"{word} is taken for a part of the name: an amount is {word}k or €{word}"
            for word in name
            if word.isdecimal()
        ]
        return " ".join(name).rstrip(",;"), when or late, doubts

    def _dated(self, words: list[str], doubts: list[str]) -> tuple[list[str], When] | None:
        """A date at the end or at the beginning of the words, the longest first, and the words without it.

        Without a company a name is at least one word long. One word with a capital letter is a name: "Sun".
        """
        least = 0 if self.company else 1
        for start in range(least, len(words)):
            if when := self._date(words[start:]):
                if not _like_name(words[start:]):
                    return words[:start], when
                doubts.append(f"{words[start]} is taken for a name: the day is {words[start].lower()}")
        for end in range(len(words) - 1, 0, -1):
            if when := self._date(words[:end]):
                if not _like_name(words[:end]):
                    if end == 1 and words[0].isalpha() and len(words[0]) < 3:
                        doubts.append(f"{words[0]} is taken for a day: the name is {words[0].title()}")
                    return words[end:], when
                doubts.append(f"{words[0]} is taken for a name: the day is {words[0].lower()}")
        return None

    def _date(self, words: list[str]) -> When | None:
        try:
            return parse(" ".join(words), self.now, self.calendar)
        except WhenError:
            return None


def _like_name(words: list[str]) -> bool:
    return len(words) == 1 and words[0][:1].isupper() and words[0].isalpha()


def read_money(text: str, otherwise: str = "") -> tuple[int, str]:
    """(minor units, currency or "") of `12k`, `€3,400.50`, `1.5m USD`; `otherwise`: the currency of those
    that name none. Unclear when it is no amount."""
    found = _MONEY.fullmatch(text.replace(" ", "").strip())
    if not found:
        raise Unclear(f"{text!r} is no amount: write 12k, 3400 or €340k")
    from decimal import Decimal, InvalidOperation  # late: only an amount pays for it

    sign, digits, scale, after = found.groups()
    unit = after or sign or ""
    try:
        amount = Decimal(_plain(digits, scaled=bool(scale))) * _SCALE[scale.lower()]
    except InvalidOperation:
        raise Unclear(f"{text!r} is no amount: write 12k, 3400 or €340k") from None
    if amount >= 10**13:
        raise Unclear(f"{text!r} is too much for one deal")
    currency = _SIGNS.get(unit, unit)
    return minor(amount, currency or otherwise), currency


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
