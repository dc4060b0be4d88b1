"""Commands as words: their own names, and the shorter ones that a command line takes as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from huntertui.commands import BY_NAME, Command

FAMILIES: Mapping[str, str] = {"log": "log-", "lost": "lose-", "priority": "priority-", "move": "to-"}
"""A word that takes another -> how the names of its commands begin: `log talked` is log-talked."""

SHORT: Mapping[str, str] = {
    "won": "close-won",
    "step": "next-step",
    "push": "expect-close",
    "take": "claim",
}
"""Other names of commands."""

_OTHERS = frozenset({"log-both", "to-top", "lose-for-now"})
"""What is called as if it were of a family."""


def members(family: str) -> Mapping[str, Command]:
    """The commands of a family, by the word that follows it."""
    begin = FAMILIES[family]
    found = {name: name.removeprefix(begin) for name in BY_NAME if name.startswith(begin)}
    return {word: BY_NAME[name] for name, word in found.items() if name not in _OTHERS}


def member(family: str, word: str) -> Command | None:
    """The one that a word means: its name, also with spaces or underscores, or the last of its keys.

    Of two such keys it is the one with fewer before it: `n` of "c n", not of "c r n".
    """
    known = members(family)
    word = word.casefold().replace(" ", "-").replace("_", "-")
    if word in known:
        return known[word]
    keyed = [(command.keys[0].split(), command) for command in known.values() if command.keys]
    found = [(len(keys), command) for keys, command in keyed if keys[-1] == word]
    return min(found, key=itemgetter(0))[1] if found else None


def first_of(family: str, words: Sequence[str]) -> tuple[Command | None, list[str]]:
    """The member that the first two words mean, or the first alone, and the words behind it."""
    for count in (2, 1):
        if found := member(family, " ".join(words[:count])):
            return found, list(words[count:])
    return None, list(words)


def spelled_out(line: str) -> str:
    """A line of a command and its answer, with the command's own name: `log talked tue` is `log-talked tue`.

    A line that begins otherwise, or is not typed to its end yet, stays as it is.
    """
    name, space, rest = line.partition(" ")
    if name in SHORT:
        return f"{SHORT[name]}{space}{rest}"
    found, more = first_of(name, rest.split(" ")) if name in FAMILIES else (None, [])
    return " ".join((found.name, *more)) if found else line
