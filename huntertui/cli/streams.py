"""What comes on stdin: text or the numbers of items from a script, and what a person answers."""

from __future__ import annotations

import sys
from typing import BinaryIO

from huntertui.desk.naming import number_in
from huntertui.errors import Usage

LONGEST = 1_000_000  # bytes of stdin that are read: a note, a mail, the numbers of a hundred thousand items


def ask(question: str) -> str:
    """What somebody at the terminal answers in a line, "" for Enter alone."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def piped() -> BinaryIO:
    """Stdin. Usage where a person sits there instead."""
    if sys.stdin is None or sys.stdin.isatty():
        raise Usage("- reads what is piped in, and nothing is: huntertui find acme --plain | ...")
    return sys.stdin.buffer


def read_bytes() -> bytes:
    """What stands on stdin, at most LONGEST of it. Usage where a person sits there instead."""
    return piped().read(LONGEST)


def read_text() -> str:
    """The same as text; what is no UTF-8 is U+FFFD."""
    return read_bytes().decode("utf-8", "replace")


def read_numbers() -> list[int]:
    """The numbers of items: the first word of each line, as `list --plain` and `find --plain` print them."""
    ids = []
    for at, line in enumerate(read_text().splitlines(), 1):
        word = line.split("\t")[0].split(" ")[0]
        if not line.strip():
            continue
        number = number_in(word)
        if number is None:
            raise Usage(f"line {at} of stdin begins with {word[:40]!r}, which is no number of an item")
        ids.append(number)
    return list(dict.fromkeys(ids))
