"""What a column may carry that nobody knows: a suggestion to whom it is asked, and never more than that."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from huntertui.exchange.alike import company_key
from huntertui.exchange.values import Marks, amount
from huntertui.exchange.words import DEALS, PEOPLE, key, keys
from huntertui.model.text import normalise_email, normalise_phone

_ALIKE = 84
"""Of 100: how near a header must be to one that is known."""
_NUMBER = re.compile(r"(?!\d{1,2}([./-])\d{1,2}\1)[+(0][\d\s()/.\-]{6,}")  # and no date
_SIGN = re.compile(r"[€$£¥₹]|\b[A-Z]{3}\b")


@lru_cache(maxsize=4096)  # it is asked for again with every key on the screen that shows it
def guessed(header: str, samples: tuple[str, ...]) -> str:
    """The field, by what most of the cells are, else by the known header that is nearest; "" by neither."""
    by_cells = {"email": normalise_email, "phone": _is_number, "value": _is_money}
    for field, fits in by_cells.items():
        if samples and 3 * sum(map(bool, map(fits, samples))) >= 2 * len(samples):
            return field
    return _near(header) or ("company" if any(map(_is_firm, samples)) else "")


def _near(header: str) -> str:
    from rapidfuzz import fuzz, process  # late: only headers that nobody knows pay for it

    known = _known()
    found = process.extractOne(key(header), known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return known[found[0]] if found else ""


@cache
def _known() -> dict[str, str]:
    """Header -> field."""
    return {word: field for field, words in (*DEALS.items(), *PEOPLE.items()) for word in keys(words)}


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) and normalise_phone(text))


def _is_money(text: str) -> bool:
    """Whether it is an amount that says so: by a currency, or by cents."""
    try:
        amount(text)
    except ValueError:
        return False
    marks = Marks()
    marks.see([text])
    return bool(_SIGN.search(text) or marks.mark)


def _is_firm(text: str) -> bool:
    """Whether a name ends as companies' do: GmbH, Inc."""
    return company_key(f"{text} x") != f"{company_key(text)} x"
