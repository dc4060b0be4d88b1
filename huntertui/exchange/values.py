"""What stands in a cell: amounts, yes and no. The ValueError of each says what to write instead."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

NOTHING = frozenset({"-", "–", "n/a", "null", "none"})
"""What programs write for an empty date, amount or flag."""

_YES = frozenset({"true", "yes", "y", "1", "wahr", "ja", "x"})
_NO = frozenset({"false", "no", "n", "0", "falsch", "nein"})


def truth(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError("is neither yes nor no: write true or false")


def percent(text: str) -> float:
    """A share of a hundred: `60.0` or `60 %`."""
    number = text.removesuffix("%").strip().replace(",", ".")
    if re.fullmatch(r"\d{1,3}(\.\d+)?", number, re.ASCII) and (share := float(number)) <= 100:
        return share
    raise ValueError("is no probability: write 0 to 100")


def currency(text: str) -> str:
    """An ISO currency from its code or its sign."""
    code = _SIGNS.get(text, text.upper())
    if re.fullmatch(r"[A-Z]{3}", code):
        return code
    raise ValueError("is no currency: write its three letters, such as EUR")


_SIGNS = {"€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
_UNIT = r"[A-Za-z]{3}|(?:US)?\$|[€£¥₹]"
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_AMOUNT = re.compile(
    rf"(?P<before>{_UNIT})? ?(?P<number>\d[\d.,' ]*|[.,]\d+)(?P<power>[eE]\+?\d{{1,2}})?"
    rf" ?(?P<scale>[kKmM](?![a-zA-Z]))? ?(?P<after>{_UNIT})?"
)
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)  # what most programs write, which nobody can misread
_WHOLE = re.compile(r"\d*|\d{1,3}(?:([., '])\d{2,3})(?:\1\d{2,3})*(?<=\d{3})")
_TOO_MUCH = Decimal(10) ** 13


def amount(text: str, mark: str = "") -> tuple[Decimal, str]:
    """(amount, currency or "") of `500000.0`, `$22,700.00`, `1.234,50 €`, `12k`.

    `mark` is the decimal mark of the column, as far as its cells tell (see `mark_of`). `1.234` without
    one is refused, as it may be a thousand times more; so much care `1,234` does not need.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text), ""
    found = _AMOUNT.fullmatch(_plain(text))
    if not found:
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
        Decimal(f"{digits}.{fraction or 0}{found['power'] or ''}") * _SCALES[(found["scale"] or "").lower()]
    )
    if exact >= _TOO_MUCH:
        raise ValueError("is too much for one deal: check its points and commas")
    unit = found["before"] or found["after"] or ""
    return exact, currency(unit) if unit else ""


def mark_of(text: str) -> str:
    """The decimal mark that an amount shows, "" when it does not."""
    found = _AMOUNT.fullmatch(_plain(text))
    return (_mark(found["number"].strip(" '")) or "") if found else ""


def _plain(text: str) -> str:
    """With plain digits, spaces and apostrophes for the many kinds of them."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").strip()


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
