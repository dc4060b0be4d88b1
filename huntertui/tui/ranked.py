"""Which commands a text may mean, the best first: the palette and the help ask for it."""

from __future__ import annotations

from huntertui.commands import COMMANDS, Command
from huntertui.model.search import fold

NEARLY = 3
"""The rank from which on only the letters are there, in their order."""


def ranked_commands(text: str) -> list[tuple[int, Command]]:
    """The commands that a text may mean, each with its rank, the best first, before them the one
    of that very name; all of them without a text."""
    words = fold(text).split()
    found = []
    for place, command in enumerate(COMMANDS):
        ranks = [_rank(word, command) for word in words]
        known = [rank for rank in ranks if rank is not None]
        if len(known) == len(ranks):
            other = command.name != "-".join(words)
            found.append((max(known, default=0), other, place, command))
    return [(best, command) for best, _, _, command in sorted(found, key=lambda one: one[:3])]


def _rank(word: str, command: Command) -> int | None:
    """0: a word of its name begins so; 1: it stands in the name or begins another word; 2: it is anywhere in
    what is said of it; NEARLY; None: it does not match."""
    name, said = command.name, fold(f" {command.name} {command.label} {command.help} {command.group}")
    if f"-{word}" in f"-{name}":
        return 0
    if word in name or f" {word}" in said:
        return 1
    if word in said:
        return 2
    letters = iter(name)
    return NEARLY if len(word) > 1 and all(letter in letters for letter in word) else None
