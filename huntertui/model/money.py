"""Amounts: how many digits a currency has behind the point, and how people read them at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what starts the program does not pay for it
    from decimal import Decimal

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}

# ISO 4217, list one: those that have not two digits behind the point.
_OTHERS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: places for places, codes in _OTHERS.items() for code in codes.split()}


def digits(currency: str) -> int:
    """How many digits an amount has behind the point: 2 for most currencies and unknown ones, 0 for yen."""
    return _DIGITS.get(currency, 2)


def minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units of its currency, rounded as at school: 12.5 are 1250 cents, but 13 yen."""
    return int(amount.scaleb(digits(currency)).to_integral_value("ROUND_HALF_UP"))


def units(minor: int, currency: str) -> float:
    """Minor units as an amount, to compare amounts of several currencies by their numbers."""
    return float(minor / 10 ** digits(currency))


def written(minor: int, currency: str, *, grouped: bool = True) -> str:
    """An amount (minor units) in full: "22,700.00 EUR", "500 JPY"; without `grouped` "22700.00 EUR"."""
    places = digits(currency)
    whole, part = divmod(abs(minor), 10**places)
    fraction = f".{part:0{places}}" if places else ""
    return f"{'-' if minor < 0 else ''}{whole:{',' if grouped else ''}}{fraction} {currency}".rstrip()


def short_money(minor: int, currency: str) -> str:
    """An amount (minor units) in at most five characters: "950", "3.4k", "140k", "1.2M"."""
    amount, sign = units(abs(minor), currency), "-" if minor < 0 else ""
    for unit in ("", "k", "M", "G"):
        if amount < 999.5 or unit == "G":
            break
        amount /= 1000
    places = 1 if unit and amount < 9.95 and f"{amount:.1f}"[-1] != "0" else 0
    return f"{sign}{amount:.{places}f}{unit}"


def amounts(worth: Mapping[str, int]) -> str:
    """Amounts of several currencies (minor units), side by side, as they are never mixed: "€140k + $7k"."""
    return " + ".join(
        SIGNS.get(currency, f"{currency} ") + short_money(total, currency)
        for currency, total in sorted(worth.items())
    )
