"""The find language, its first words: names, and terms like `owner:me next:call`; all must hold."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from huntertui.model.ranking import Row

FIELDS: dict[str, Callable[[Row], str]] = {
    "owner": lambda row: row.owner or "nobody",
    "stage": lambda row: row.stage,
    "next": lambda row: row.next,
    "company": lambda row: row.company,
}


def matcher(text: str, me: str) -> Callable[[Row], bool]:
    """Whether a row matches every word and term of `text`; case does not matter.

    A word stands anywhere in the names; a term's value anywhere in its field (`owner:me` is `me`).
    ValueError for a field that there is not.
    """
    words: list[str] = []
    terms: list[tuple[Callable[[Row], str], str]] = []
    for word in text.casefold().split():
        field, colon, value = word.partition(":")
        if not colon or not field.isalpha():
            words.append(word)
        elif field not in FIELDS:
            near = get_close_matches(field, FIELDS, 1)
            hint = f"did you mean {near[0]}:?" if near else f"there are {', '.join(f'{f}:' for f in FIELDS)}"
            raise ValueError(f"no field {field!r} to find by: {hint}")
        else:
            terms.append((FIELDS[field], me.casefold() if (field, value) == ("owner", "me") else value))

    def matches(row: Row) -> bool:
        names = f"{row.title} {row.company} {row.who}".casefold()
        return all(word in names for word in words) and all(v in read(row).casefold() for read, v in terms)

    return matches
