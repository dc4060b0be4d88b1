"""Words found in what is known of an item: case, accents and spelling do not matter, a phone's digits do.

What is searched is a hay, folded once; what is typed is folded alike. Fuzzy matches look at names only: a
note holds nearly every short word, if its letters may stand apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from huntertui.model.text import normalise_phone
from huntertui.records import dataclass

if TYPE_CHECKING:
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.ranking import Row

START, ELSEWHERE, INSIDE, NEAR = range(4)
"""How a word matches: begins a word of a name; begins another word, or is in a number; inside; nearly."""

LONGEST = 20_000  # characters of the notes that are searched
LEAST_LETTERS, LEAST_TYPO, LEAST_DIGITS, TAIL = 3, 5, 3, 7

# Letters that do not come apart into a letter and its accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "’": "'"}
)
# What combines with the letter before it: accents, the points of Hebrew and Arabic, marks for symbols.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_PART = re.compile(r"\w+")
_NO = "\0"  # stands in no name
_NUMBER = re.compile(r"[+(]*\d[\d().\-/]*")


class Hay(NamedTuple):
    """What is searched of one item: each word after a space, fields two spaces apart; digits of phones."""

    names: str
    rest: str = ""
    phones: str = ""


def fold(text: str) -> str:
    """The text in small letters without accents: "Müller" and "MULLER" are muller, "Straße" is strasse."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _ACCENTS.sub("", apart).translate(_LETTERS)


def _spread(texts: Iterable[str]) -> str:
    """The texts folded, then the parts of words with marks in them: "o'dea" is found by "dea" and "odea"."""
    folded = fold("  ".join(filter(None, texts))).replace("\n", "  ")
    if not folded:
        return ""
    if folded.replace(" ", "").isalnum():
        return f" {folded}"
    marked = (_PART.findall(word) for word in folded.split() if not word.isalnum())
    parts = [part for found in marked if found for part in (*found, "".join(found))]
    return f" {folded}  {'  '.join(parts)}" if parts else f" {folded}"


def hay_of_row(row: Row) -> Hay:
    """What a row tells of its item: the names of the item, its company and the first contact."""
    return Hay(_spread(dict.fromkeys((row.title, row.company, row.who))))


def hay_of(o: Opportunity) -> Hay:
    """All that an item is found by: names; roles, e-mails, tags, notes; phones."""
    contacts = o.contacts
    phones = (phone for contact in contacts for phone in (*contact.phones, *contact.struck))
    return Hay(
        _spread(dict.fromkeys((o.title, o.company, *(contact.name for contact in contacts)))),
        _spread(
            (
                *(text for contact in contacts for text in (contact.role, *contact.emails)),
                *o.tags,
                *(id for ids in o.external_ids.values() for id in ids),
                o.notes[:LONGEST],
            )
        ),
        " ".join(_digits(phone) for phone in phones),
    )


def _digits(phone: str) -> str:
    """The digits that a number is known by whoever writes it: without +, 00 or a leading 0."""
    digits = normalise_phone(phone).partition("x")[0] or "".join(filter(str.isdecimal, phone))
    return digits.lstrip("+0")


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word or phrase to be found; `digits`: it may be (a part of) a number, typed in `parts`."""

    text: str
    digits: str = ""
    parts: tuple[str, ...] = ()

    def rank(self, hay: Hay) -> int | None:
        """How well it matches, None when it does not; fuzzy matches are left to `near`."""
        names, rest, phones = hay
        start = " " + self.text
        if start in names:
            return START
        if start in rest:
            return ELSEWHERE
        if self.digits and (self.digits in phones or (len(self.digits) > TAIL and self._tail in phones)):
            return ELSEWHERE
        if self.text in names or self.text in rest:
            return INSIDE
        if len(self.parts) > 1 and all(part in names or part in rest for part in self.parts):
            return INSIDE
        return None

    @property
    def _tail(self) -> str:
        """The end of a number, the same with a country code and without."""
        return self.digits[-TAIL:]


class Near:
    """Whether a word nearly stands in names: one slip away from how a word begins, or with letters left out.

    No pattern here takes more steps than a row's names have letters, for each of its words.
    """

    def __init__(self, word: Word) -> None:
        self._text = text = "" if word.parts or " " in word.text else word.text
        half = (len(text) + 1) // 2
        self._left, self._right = (text[: half - 1], text[half:]) if len(text) >= LEAST_TYPO else (_NO, _NO)
        apart = " " + re.escape(text[:1]) + "".join(f"[^{re.escape(c)}]*{re.escape(c)}" for c in text[1:])
        self._apart = re.compile(apart).search if len(text) >= LEAST_LETTERS else None

    def __call__(self, names: str) -> bool:
        """Whether it does."""
        if self._apart is not None:
            found = self._apart(names)
            while found is not None:
                if found.end() - found.start() <= 2 * len(self._text):
                    return True
                found = self._apart(names, found.start() + 1)
        if self._left not in names and self._right not in names:
            return False  # one slip leaves the one or the other as it is
        return any(_one_slip(self._text, word) for word in names.split())


def _one_slip(text: str, word: str) -> bool:
    """Whether a word begins as `text` but for one letter wrong, missing, too many, or two swapped."""
    if word[:1] not in text[:2]:
        return False
    at = next((at for at, (a, b) in enumerate(zip(text, word, strict=False)) if a != b), None)
    if at is None:
        return len(word) >= len(text) - 1
    mine, theirs = text[at:], word[at:]
    return (
        theirs[1:].startswith(mine[1:])
        or theirs[1:].startswith(mine)
        or theirs.startswith(mine[1:])
        or (theirs[:2] == mine[1::-1] and theirs[2:].startswith(mine[2:]))
    )


def words_of(texts: Iterable[str]) -> Iterator[Word]:
    """The words that were typed; numbers beside each other are one, as a phone is written in groups."""
    numbers: list[str] = []
    for text in map(fold, texts):
        if _NUMBER.fullmatch(text):
            numbers.append(text)
            continue
        if numbers:
            yield _number(numbers)
            numbers = []
        yield Word(text)
    if numbers:
        yield _number(numbers)


def _number(parts: list[str]) -> Word:
    text = " ".join(parts)
    digits = _digits(text)
    return Word(text, digits if len(digits) >= LEAST_DIGITS else "", tuple(parts))
