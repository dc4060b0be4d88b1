"""Amounts, as people read them at a glance."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def short_money(minor: int) -> str:
    """An amount (minor units) in at most five characters: "950", "3.4k", "140k", "1.2M"."""
    amount, sign = abs(minor) / 100, "-" if minor < 0 else ""
    for unit in ("", "k", "M", "G"):
        if amount < 999.5 or unit == "G":
            break
        amount /= 1000
    digits = 1 if unit and amount < 9.95 and f"{amount:.1f}"[-1] != "0" else 0
    return f"{sign}{amount:.{digits}f}{unit}"


def amounts(worth: Mapping[str, int]) -> str:
    """Amounts of several currencies (minor units), side by side, as they are never mixed: "€140k + $7k"."""
    return " + ".join(SIGNS.get(key, f"{key} ") + short_money(total) for key, total in sorted(worth.items()))
