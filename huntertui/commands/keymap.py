"""Key sequences: the defaults with a user's own laid over them, and what is wrong with those."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

Sequence = tuple[str, ...]
"""Keys typed one after the other."""

Keys = Mapping[str, tuple[str, ...]]
"""A command's name -> its keys as the user writes them ("c n"), none to unbind it."""

Bound = Mapping[str, tuple[Sequence, ...]]
"""A command's name -> its sequences."""

_LEAKING = frozenset("ABCDFHIMOPQRSZ[]?;$~0123456789")
"""What is left over of a terminal's own messages that arrive in pieces; alone it must change nothing.

A lone ESC followed by the rest of an arrow key, of a mode report or of a mouse report.
"""

_NAMED = re.compile(
    r"(ctrl\+|shift\+|alt\+)*([a-z0-9]|enter|escape|tab|space|backspace|delete|insert|home|end|pageup|pagedown"
    r"|up|down|left|right|f[0-9]{1,2}|[a-z]+(_[a-z]+)+)"
)
"""A key that types no character of its own."""


def split(written: str) -> Sequence:
    """The keys of a sequence as it is written."""
    return tuple(written.split())


def resolve(
    defaults: Bound, keys: Keys, changing: Collection[str], quits: str, always: str
) -> tuple[dict[str, tuple[Sequence, ...]], list[str]]:
    """Return the sequences in force and what is wrong with the user's: such an entry stays at its default.

    `changing`: the commands that change records; `quits` is the command that keeps the key `always`.
    """
    problems: list[str] = []
    wanted: dict[str, tuple[Sequence, ...]] = {}
    for name, written in keys.items():
        found = list(_wrong(name, written, defaults, changing))
        problems += found
        if not found:
            wanted[name] = tuple(map(split, written))
    while True:
        bound = {**defaults, **wanted}
        if (always,) not in bound[quits]:
            bound[quits] = ((always,), *bound[quits])
        clash = next(_clashes(bound), None)
        if clash is None:
            return bound, problems
        # The defaults do not clash, so one of the two is the user's: each round takes one such entry away.
        (name, sequence), (other, longer) = clash
        if name not in wanted:
            (name, sequence), (other, longer) = (other, longer), (name, sequence)
        del wanted[name]
        problems.append(f"{name}: {' '.join(sequence)!r} clashes with {' '.join(longer)!r} of {other}")


def _wrong(name: str, written: Iterable[str], known: Bound, changing: Collection[str]) -> Iterator[str]:
    """What is wrong with one entry by itself."""
    if name not in known:
        from difflib import get_close_matches  # late: only mistakes pay for it

        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "`huntertui keys` lists them"
        yield f"{name}: no command of that name; {hint}"
        return
    for one in written:
        parts = split(one)
        if not parts:
            yield f"{name}: an empty key"
        for part in parts:
            if len(part) > 1 and not _NAMED.fullmatch(part):
                yield f"{name}: {part!r} is no key"
        if name in changing and parts and all(part in _LEAKING for part in parts):
            yield f"{name}: {one!r} may come from the terminal itself, so it may not change records"


def _clashes(bound: Bound) -> Iterator[tuple[tuple[str, Sequence], tuple[str, Sequence]]]:
    """The pairs of which one is, or begins, the other: neighbours once they are sorted."""
    ordered = sorted((one, name) for name, sequences in bound.items() for one in sequences)
    for (one, name), (other, owner) in pairwise(ordered):
        if other[: len(one)] == one:
            yield (name, one), (owner, other)
