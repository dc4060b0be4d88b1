"""What comes on stdin: text or the numbers of items from a script, and what a person answers."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from huntertui.desk.naming import number_in
from huntertui.errors import HunterError, Usage
from huntertui.model.text import shown

if TYPE_CHECKING:
    from huntertui.cli.session import Session

STREAM = Path("-")
"""What is given for a file where stdin or stdout is meant."""

LONGEST = 1_000_000  # bytes of a text or a line on stdin


def ask(question: str) -> str:
    """What somebody at the terminal answers in a line, "" for Enter alone. Usage: none came."""
    print(shown(question), end="", file=sys.stderr, flush=True)
    if not (line := sys.stdin.readline()):
        raise Usage("no answer came: nothing was changed")
    return line.strip()


def piped() -> BinaryIO:
    """Stdin. Usage where a person sits there instead."""
    if sys.stdin is None or sys.stdin.isatty():
        raise Usage("- reads what is piped in, and nothing is: huntertui find acme --plain | ...")
    return sys.stdin.buffer


@contextmanager
def tidied() -> Iterator[None]:
    """Within, a lost line or a termination ends the program as an error would: nothing half made stays."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    heeded = [n for n in (signal.SIGHUP, signal.SIGTERM) if signal.getsignal(n) is signal.SIG_DFL]  # nohup
    try:
        for number in heeded:
            signal.signal(number, end)
        yield
    finally:
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def as_file(session: Session, given: Path, folder: str) -> Iterator[Path]:
    """The path of a file that is given, see `Session.file`; what comes on stdin is one for a while."""
    if given != STREAM:
        yield session.file(given, folder)
        return
    from shutil import copyfileobj  # late, both: only who pipes a file in pays for them
    from tempfile import TemporaryDirectory

    with tidied(), TemporaryDirectory(prefix="huntertui-") as place:
        file = Path(place) / "stdin"
        with file.open("xb") as kept:
            copyfileobj(piped(), kept)
        try:
            yield file
        except HunterError as error:
            error.args = (str(error).replace(str(file), file.name),)
            raise


def read_beginning() -> bytes:
    """The beginning of a mail that stands on stdin: nothing attached is wanted. Usage as `piped`."""
    return piped().read(LONGEST)


def read_text() -> str:
    """The text that stands on stdin; what is no UTF-8 is U+FFFD. Usage as `piped`, or if it is too long."""
    data = piped().read(LONGEST + 1)
    if len(data) > LONGEST:
        raise Usage(f"more than {LONGEST:,} bytes stand on stdin; huntertui import takes files of any size")
    return data.decode("utf-8", "replace")


def read_numbers() -> list[int]:
    """The numbers of items: the first word of each line, as `list --plain` and `find --plain` print them."""
    ids: dict[int, None] = {}
    source, at = piped(), 0
    while line := source.readline(LONGEST):
        at += 1
        word = line[:100].decode("utf-8", "replace").split("\t")[0].split(" ")[0].strip(" \r\n\ufeff")
        if not line.strip():
            continue
        number = number_in(word)
        if number is None:
            raise Usage(f"line {at} of stdin begins with {word[:40]!r}, which is no number of an item")
        ids[number] = None
    return list(ids)
