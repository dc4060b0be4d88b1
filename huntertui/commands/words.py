"""Commands as words: their own names, and the shorter ones that a command line takes as well."""

from __future__ import annotations

from collections.abc import Mapping

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
    """The one that a word means: its name, also with spaces or underscores, or the last of its keys."""
    known = members(family)
    word = word.casefold().replace(" ", "-").replace("_", "-")
    by_key = {command.keys[0].split()[-1]: command for command in known.values() if command.keys}
    return known.get(word) or by_key.get(word)
