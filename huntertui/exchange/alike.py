"""When two names mean the same company, or the same person: what counts of a name, how far two may differ.

A person's name has to be the same but for case, accents, marks and the order of its words: Daniel and Daniela
differ by as little as a slip of the keyboard does. A company's may be written a little differently.
"""

from __future__ import annotations

import re
from functools import lru_cache

from huntertui.model.search import fold

THRESHOLD = 95
"""Of 100: how alike two companies' names must be, as a whole. Deutsche Bank and Deutsche Bahn are 92."""
WORD_THRESHOLD = 80
"""How alike each word must be, so that a long name does not hide a word that is another one."""

# What companies are by law, at the end of a name: written or left out as it comes.
_FORMS = frozenset(
    {
        "ab", "ag", "aps", "as", "bv", "co", "company", "corp", "corporation", "eg", "ek", "ev", "gbr",
        "gmbh", "inc", "incorporated", "kg", "kgaa", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "ohg",
        "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "ug",
    }
)  # fmt: skip
_WORD = re.compile(r"\w+")
_SHORT = re.compile(r"(?<![\w.])(?:\w\.){2,}")  # S.A., e.K., G.m.b.H.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@lru_cache(maxsize=8192)
def company_key(name: str) -> str:
    """What counts of a company's name: its words in small letters, without its form by law; "" for none.

    `ACME Industries, S.A.` and `Acme Industries` are `acme industries`.
    """
    text = _plain(name).replace("&", " and ")
    words = _words(_SHORT.sub(lambda found: found[0].replace(".", ""), text) if "." in text else text)
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    while len(words) > 1 and (words[-1] in _FORMS or words[-1] == "and"):
        del words[-1]
    return " ".join(words)


@lru_cache(maxsize=8192)
def person_key(name: str) -> str:
    """What counts of a person's name: its words in order of the alphabet, as `Lee, Ann` is `Ann Lee`."""
    return " ".join(sorted(_words(_plain(name).replace("-", " "))))


def _words(text: str) -> list[str]:
    return text.split() if text.replace(" ", "").isalnum() else _WORD.findall(text)  # in half of the time


def _plain(name: str) -> str:
    return fold(name if name.isascii() else name.translate(_UMLAUTS))


def same_company(a: str, b: str) -> bool:
    """Whether two keys of companies mean the same one. Numbers in them must be the same ones."""
    if a == b:
        return True
    first, second = a.split(), b.split()
    if "".join(first) == "".join(second):
        return True
    numbers = [[word for word in words if not word.isalpha()] for words in (first, second)]
    if len(first) != len(second) or numbers[0] != numbers[1]:
        return False
    from rapidfuzz import fuzz  # late: most imports meet nothing that is only alike

    if fuzz.ratio(a, b) < THRESHOLD:
        return False
    return all(fuzz.ratio(one, other) >= WORD_THRESHOLD for one, other in zip(first, second, strict=True))
