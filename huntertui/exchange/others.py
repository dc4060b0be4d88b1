"""Columns that are known by nobody, together in one cell of a spreadsheet: a line for each, "Fax: none".

What has several lines goes on indented. A colon in a header that would end it, and a backslash, have a
backslash before them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDENT = "  "
_ESCAPED = re.compile(r"\\|:(?= |$)")
_PAIR = re.compile(r"((?:[^\\:]|\\.|:(?! ))+): (.*)")


def in_lines(extra: Mapping[str, str]) -> str:
    """Header -> text as one text."""
    pairs = ((_ESCAPED.sub(r"\\\g<0>", header), text) for header, text in extra.items())
    return "\n".join(f"{header}: {text}".replace("\n", f"\n{_INDENT}") for header, text in pairs)


def of_lines(text: str) -> dict[str, str]:
    """The same read again. A line that names no column goes on with the one before."""
    found: dict[str, str] = {}
    header = ""
    for line in text.split("\n"):
        if not line.startswith(_INDENT) and (pair := _PAIR.fullmatch(line)):
            header = re.sub(r"\\(.)", r"\1", pair[1])
            found[header] = pair[2]
        elif header:
            found[header] += f"\n{line.removeprefix(_INDENT)}"
    return found
