"""What stands in a cell: amounts, yes and no. The ValueError of each says what to write instead."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTHING = frozenset(
    {"-", "--", "–", "—", "n/a", "n.a.", "#n/a", "null", "none", "nan", "nat", "undefined", "never"}
    | {"no value", "(no value)", "(blank)", "tbd"}
)
_ZERO = re.compile(
    r"0{1,4}([-./])0{1,2}\1(?:0{4}|0{1,2})(?:[ T]0[0:.]*)?"
)  # a day of databases and of Outlook

_YES = frozenset(
    {"true", "yes", "y", "1", "on", "x", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "sì", "si"}
    | {"verdadeiro", "sim", "vero", "waar", "да"}
)
_NO = frozenset(
    {
        "false",
        "no",
        "n",
        "0",
        "off",
        "falsch",
        "nein",
        "faux",
        "non",
        "falso",
        "não",
        "nao",
        "onwaar",
        "nee",
        "нет",
    }
)


def is_nothing(text: str) -> bool:
    """Whether that is what programs write for an empty date, amount or flag."""
    return text in _NOTHING or text.casefold() in _NOTHING or (text[0] == "0" and bool(_ZERO.fullmatch(text)))


def truth(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError("is neither yes nor no: write true or false")


def says_so(text: str) -> bool:
    """Whether a flag is set; a day or a reason in its place says so too."""
    return bool(text) and text.casefold() not in _NO and not is_nothing(text)


def percent(text: str) -> float:
    """A share of a hundred: `60.0`, `60 %` or, as HubSpot has it, `0.6`."""
    number = text.removesuffix("%").strip().replace(",", ".")
    if re.fullmatch(r"\d{1,3}(\.\d+)?", number, re.ASCII) and (share := float(number)) <= 100:
        return share * 100 if 0 < share < 1 and "%" not in text else share
    raise ValueError("is no probability: write 0 to 100")


def currency(text: str) -> str:
    """An ISO currency from its code, its sign or its name."""
    code = _SIGNS.get(text) or _NAMES.get(text.casefold().removesuffix("s")) or text.upper()
    if re.fullmatch(r"[A-Z]{3}", code):
        return code
    raise ValueError("is no currency: write its three letters, such as EUR")


_SIGNS = {
    "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL", "A$": "AUD",
    "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "zł": "PLN", "Kč": "CZK",
    "Ft": "HUF", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "₱": "PHP",
    "Rs": "INR", "Rs.": "INR", "Fr.": "CHF", "SFr.": "CHF",
}  # fmt: skip
_NAMES = {
    "euro": "EUR", "us dollar": "USD", "u.s. dollar": "USD", "dollar": "USD", "pound": "GBP",
    "british pound": "GBP", "pounds sterling": "GBP", "pound sterling": "GBP", "swiss franc": "CHF",
    "schweizer franken": "CHF", "yen": "JPY", "japanese yen": "JPY", "canadian dollar": "CAD",
    "australian dollar": "AUD", "indian rupee": "INR", "brazilian real": "BRL", "real": "BRL",
    "swedish krona": "SEK", "norwegian krone": "NOK", "danish krone": "DKK", "polish złoty": "PLN",
}  # fmt: skip
CURRENCIES = frozenset({*_SIGNS.values(), *_NAMES.values(), "CNY", "RON", "THB", "ZAR", "MXN", "AED", "SAR"})
"""Those that are told from any other word of three letters."""
_COMMON = frozenset({"kr", "kr."})  # of several currencies, so it says none
_UNIT = "|".join(map(re.escape, sorted({*_SIGNS, *_COMMON}, key=len, reverse=True))) + "|[A-Za-z]{3}"
_SCALES = {"": 1, "k": 1_000, "tsd": 1_000, "m": 1_000_000, "mio": 1_000_000, "mln": 1_000_000}
_AMOUNT = re.compile(
    rf"(?P<before>{_UNIT})? ?(?P<number>\d[\d.,' ]*|[.,]\d+)(?P<power>[eE]\+?\d{{1,2}})?"
    rf" ?(?P<scale>(?i:k|m|tsd|mio|mln)(?![a-zA-Z])\.?)? ?(?P<after>{_UNIT})?"
)
_NEGATIVE = re.compile(r"\(.*\d.*\)|[^\d(]*-.*\d.*")
# What a value of Close and others is for; it stays the value of the deal.
_EVERY = re.compile(
    r"(?: |/)(?:one-time|monthly|annual(?:ly)?|(?:per |a )?(?:month|year)|mo|yr)$", re.IGNORECASE
)
_DASH = re.compile(r"(?<=\d)[.,] ?-{1,2}(?!\d)")  # "12.500,-" is a whole number
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)  # what most programs write, which nobody can misread
_WHOLE = re.compile(r"\d*|\d{1,3}(?:([., '])\d{2,3})(?:\1\d{2,3})*(?<=\d{3})")
_TOO_MUCH = Decimal(10) ** 13


def amount(text: str, mark: str = "") -> tuple[Decimal, str]:
    """(amount, currency or "") of `500000.0`, `$22,700.00`, `1.234,50 €`, `12k`.

    `mark` is the decimal mark of the column, as far as its cells tell (see `Marks`). `1.234` without
    one is refused, as it may be a thousand times more; so much care `1,234` does not need.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text), ""
    found = _AMOUNT.fullmatch(plain := _plain(text))
    if not found:
        if _NEGATIVE.fullmatch(plain):
            raise ValueError("is below zero, which no deal is worth: write what it is, or 0")
        raise ValueError("is no amount: write 22700.00")
    number = found["number"].strip(" '")
    here = _mark(number)
    if here is None:
        here = "." if found["scale"] and "." in number else mark or ("." if "," in number else "")
        if not here:
            whole = number.replace(".", "")
            raise ValueError(f"may be {whole} or a fraction: write {whole}.00 or {number}0")
    whole, _, fraction = number.partition(here) if here else (number, "", "")
    if not _WHOLE.fullmatch(whole) or not (fraction.isdecimal() or not fraction):
        raise ValueError("is no amount: check its points and commas")
    digits = "".join(filter(str.isdecimal, whole)) or "0"
    exact = (
        Decimal(f"{digits}.{fraction or 0}{found['power'] or ''}")
        * _SCALES[(found["scale"] or "").lower().rstrip(".")]
    )
    if exact >= _TOO_MUCH:
        raise ValueError("is too much for one deal: check its points and commas")
    unit = found["before"] or found["after"] or ""
    return exact, currency(unit) if unit and unit not in _COMMON else ""


class Marks:
    """What the cells of one column tell together of its decimal mark.

    `1.200` alone may be a fraction. Where several have exactly three digits behind a point, and none shows
    another mark, they are thousands; `taken`: the first of those, None where nothing had to be taken so.
    """

    def __init__(self) -> None:
        """Begin with no cell."""
        self._shown: set[str] = set()
        self._open: set[str] = set()
        self._first: str | None = None

    def see(self, texts: Iterable[str]) -> None:
        """Take in some cells."""
        for text in texts:
            if _PLAIN.fullmatch(text):
                if "." in text:
                    self._shown.add(".")
            elif text and (found := _AMOUNT.fullmatch(_plain(text))):
                number = found["number"].strip(" '")
                if mark := _mark(number):
                    self._shown.add(mark)
                elif mark is None and "." in number:
                    self._open.add(number)
                    self._first = self._first or text

    @property
    def mark(self) -> str:
        """The mark, "" when they tell none, or both."""
        if not self._shown:
            return "," if len(self._open) > 1 else ""
        return next(iter(self._shown)) if len(self._shown) == 1 else ""

    @property
    def taken(self) -> str | None:
        """See the class."""
        return None if self._shown or len(self._open) < 2 else self._first


_SAME = str.maketrans("’–—−", "'---")


def _plain(text: str) -> str:
    """With plain digits, spaces, apostrophes and dashes for the many kinds of them."""
    if not text.isascii():  # nearly every amount is, and a million of them are many
        text = unicodedata.normalize("NFKC", text).translate(_SAME)
    if (text := text.strip())[-1:].isalpha():
        text = _EVERY.sub("", text)
    return _DASH.sub(lambda dash: dash[0][0] + "00", text) if "-" in text else text


def _mark(number: str) -> str | None:
    """The decimal mark of a number, "" when it has none, None when one cannot know.

    With both marks the last one is the decimal's, and one that comes more than once is not.
    """
    point, comma = number.rfind("."), number.rfind(",")
    if point == comma:
        return ""
    last, other = (".", ",") if point > comma else (",", ".")
    if other in number:
        return last
    if number.count(last) > 1:
        return other
    head, _, tail = number.partition(last)
    return None if len(tail) == 3 and 1 <= len(head) <= 3 and head != "0" else last
