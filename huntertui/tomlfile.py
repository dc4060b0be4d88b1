"""Settings that people write: read with care, and what is wrong told with file, line and the nearest name."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LIMIT = 64 * 1024
"""Bytes a file may have; a hundred times what one needs, and still read in a moment."""

_HEADER = re.compile(r"\s*\[\[?(?P<keys>[^\[\]]+)\]\]?\s*(#.*)?")
_ENTRY = re.compile(r"\s*(?P<keys>[^=#\[\]{}]+?)\s*=")
_KEY = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where.

    `file` is a path, or a word for another source. `line` 0: the whole of it. `key`: dotted, "" for none.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        """Return "file:line: key: message", as compilers do, with no character that a terminal obeys."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = ": ".join(part for part in (place, self.key, self.message) if part)
        return "".join(c if c.isprintable() else "\ufffd" for c in text)


class Unreadable(Exception):
    """The file as a whole says nothing; `problem` tells why. Callers make their own error or report of it."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem as the message too."""
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file that was read: its path, its text, what it says. `mark`: the byte order mark before it."""

    path: Path
    text: str
    data: dict[str, Any]
    mark: str = ""

    def problem(self, message: str, *keys: str) -> Problem:
        """Return the problem with the value at `keys`, from the outermost table inwards."""
        return Problem(str(self.path), line_of(self.text, keys), ".".join(keys), message)


def read(path: Path) -> Document:
    """Read a TOML file of at most LIMIT bytes; Unreadable if it is none, FileNotFoundError if there is none.

    A link is followed, as people link their settings from elsewhere, but only to a plain file.
    """
    try:
        raw = _content(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(Problem(str(path), 0, "", f"cannot be read: {error.strerror}")) from None
    import tomllib  # late: where there is no file nobody pays for it

    text = ""
    try:
        text = raw.decode("utf-8-sig")
        mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
        return Document(path, text, tomllib.loads(text), mark)
    except UnicodeDecodeError as error:
        line, message = raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 text"
    except RecursionError:
        line, message = 0, "is nested too deeply"
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        message = _AT_LINE.sub("", str(error)).removesuffix(" (at end of document)")
    except ValueError:  # Python refuses to read an integer of thousands of digits
        line, message = 0, "has a number of too many digits"
    raise Unreadable(Problem(str(path), line, "", message))


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Put the text in the place of a file, whole or not at all; OSError. A link is followed, and a file that
    is there keeps its mode and, as far as one may give them, its group and owner; `mode`: of a new one."""
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        there = os.stat(path) if path.exists() else None  # noqa: PTH116
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if there is not None:
                with suppress(PermissionError):
                    os.fchown(descriptor, -1, there.st_gid)
                    os.fchown(descriptor, there.st_uid, -1)
                os.fchmod(descriptor, stat.S_IMODE(there.st_mode) & 0o777)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _content(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not make it wait
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable(Problem(str(path), 0, "", "is not a plain file"))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > LIMIT:
        raise Unreadable(Problem(str(path), 0, "", f"is larger than {LIMIT // 1024} kB"))
    return content


def line_of(text: str, keys: Iterable[str]) -> int:
    """Return the line, from 1, where `keys` is set; that of the nearest table around it; else 0.

    The standard library's parser tells no positions. This reads headers and the beginnings of entries, enough
    for what people write; a text over several lines that looks like an entry may mislead it.
    """
    wanted = tuple(keys)
    table: tuple[str, ...] = ()
    best, depth = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.fullmatch(line):
            path = table = _split(header["keys"])
        elif entry := _ENTRY.match(line):
            path = table + _split(entry["keys"])
        else:
            continue
        if path[: len(wanted)] == wanted:
            return number
        if len(path) > depth and wanted[: len(path)] == path:
            best, depth = number, len(path)
    return best


def _split(keys: str) -> tuple[str, ...]:
    return tuple("".join(match) for match in _KEY.findall(keys))


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the one of `names` that `word` was probably meant to be, "" if none is near."""
    from difflib import get_close_matches  # late: only mistakes pay for it

    return next(iter(get_close_matches(word, sorted(names), n=1)), "")


def suggest(word: str, names: Iterable[str]) -> str:
    """Return what to say after an unknown `word`: the nearest of `names`, or all of them if none is near."""
    known = sorted(names)
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"


def shown(value: object) -> str:
    """Return a value as an error may quote it: short, and with no character that a terminal obeys."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
