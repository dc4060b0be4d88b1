"""How verbs put things: messages, tables for people, lines and JSON for scripts.

All that a verb prints comes through here, so nothing that could steer the terminal gets past.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from huntertui.model.text import shown

SCHEMA = 1  # of what --json prints; a field may be added, none changes its meaning


def say(message: str) -> None:
    """A message to the person, on stderr."""
    print(f"huntertui: {shown(message)}", file=sys.stderr)


def put(text: str, style: str = "") -> None:
    """A line of output in which nothing can steer the terminal but our own `style` (ECMA-48, SGR)."""
    print(f"\x1b[{style}m{shown(text)}\x1b[0m" if style else shown(text))


def put_json(data: Mapping[str, Any]) -> None:
    """One object; all that is not plain ASCII is escaped, so it reads the same in every locale."""
    print(json.dumps({"schema": SCHEMA} | dict(data), allow_nan=False, indent=1))


def put_plain(rows: Sequence[Sequence[str]]) -> None:
    """A line for each row, its cells parted by tabs."""
    sys.stdout.writelines("\t".join(map(shown, row)) + "\n" for row in rows)


def put_data(args: Namespace, data: Mapping[str, Any]) -> bool:
    """One thing for scripts, as --json or --plain ask for it; whether either was asked for."""
    if args.json:
        put_json(data)
    elif args.plain:
        put_plain(list(_flat(data)))
    return bool(args.json or args.plain)


def _flat(data: Mapping[str, Any], within: str = "") -> Iterator[list[str]]:
    """A line for each value: its name (those within another one behind a point), and the value. Of several a
    line each, of objects with a cell for each of their values."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
            continue
        for one in value if isinstance(value, list) else [value]:
            cells = one.values() if isinstance(one, dict) else [one]
            yield [f"{within}{name}", *map(_cell, cells)]


def _cell(value: object) -> str:
    """A value as JSON writes it, but for texts, which are bare, and what is unknown, which is empty."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def put_csv(rows: Iterable[Sequence[object]]) -> None:
    """A line for each row, its cells parted by commas and quoted where they have to be; no text in it is
    computed by a spreadsheet."""
    import csv  # late: the other forms pay nothing for it

    from huntertui.spreadsheet import defused

    csv.writer(sys.stdout).writerows(
        [defused(shown(cell)) if isinstance(cell, str) else str(cell) for cell in row] for row in rows
    )


def aligned(rows: Sequence[Sequence[str]], room: int, stretch: int, right: frozenset[int]) -> list[str]:
    """The rows as lines of columns. Column `stretch` is cut where the rest leaves it less than it needs of
    `room` cells; those in `right` are aligned to the right."""
    cells = [[shown(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    spare = room - sum(widths) - len(widths) + 1
    if spare < 0:
        widths[stretch] = max(widths[stretch] + spare, min(widths[stretch], 10))
    return [
        " ".join(
            fit(cell, cells_wide, to_right=at in right)
            for at, (cell, cells_wide) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def fit(text: str, cells: int, *, to_right: bool = False) -> str:
    """The text in exactly so many cells of the terminal, cut with an ellipsis where it is longer."""
    if width(text) > cells:
        kept, used = "", 0
        for char in text:
            used += width(char)
            if used > cells - 1:
                break
            kept += char
        text = kept + "…"
    pad = " " * (cells - width(text))
    return pad + text if to_right else text + pad


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
