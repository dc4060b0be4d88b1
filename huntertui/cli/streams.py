"""What a script hands in on stdin: text, or the numbers of items."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from huntertui.desk.naming import number_in
from huntertui.errors import Usage

if TYPE_CHECKING:
    from huntertui.cli.session import Session

STREAM = Path("-")
"""What is given for a file where stdin or stdout is meant."""

LONGEST = 1_000_000  # bytes of stdin that are read: a note, a mail, the numbers of a hundred thousand items


def piped() -> BinaryIO:
    """Stdin. Usage where a person sits there instead."""
    if sys.stdin is None or sys.stdin.isatty():
        raise Usage("- reads what is piped in, and nothing is: huntertui find acme --plain | ...")
    return sys.stdin.buffer


@contextmanager
def as_file(session: Session, given: Path, folder: str) -> Iterator[Path]:
    """The path of a file that is given, see `Session.file`; what comes on stdin is one for a while."""
    if given != STREAM:
        yield session.file(given, folder)
        return
    from shutil import copyfileobj  # late, both: only who pipes a file in pays for them
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="huntertui-") as place:
        file = Path(place) / "stdin"
        with file.open("xb") as kept:
            copyfileobj(piped(), kept)
        yield file


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
