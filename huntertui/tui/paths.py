"""Files as a person types them: several with spaces between them, `~`, and what Tab makes of a beginning."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from huntertui.config import within
from huntertui.errors import Usage
from huntertui.model.text import clean, shown

FOLDER = "imports"
"""The folder, of those of who is confined, of which the files may be taken in."""

MOST = 10_000  # names of a folder that are looked at
TOLD = 5  # names that are told
_UNITS = ("bytes", "kB", "MB", "GB")
_QUOTED = " \\'\""


def named(text: str, own: Path | None) -> list[Path]:
    """The files that a text names. `own`: the folder of who is confined, see `within`. Usage: there is none,
    or it is no file; NotAllowed."""
    files = [_there(within(own, FOLDER, path)) for path in _paths(text, own)]
    if not files:
        raise Usage("which file? ~/leads.csv; Tab completes it")
    for file in files:
        _check(file)
    real = [file.resolve() for file in files]
    if twice := next((files[at] for at, path in enumerate(real) if path in real[:at]), None):
        raise Usage(f"{shown(str(twice))} is named twice")
    return files


def understood(text: str, own: Path | None) -> str:
    """What is meant: "→ leads.csv, 12 kB"; of a beginning, the names that go on so. Usage, NotAllowed."""
    _, begun = _last(text)
    found = [name for name, _ in _begun(begun, own)]
    if found and not (begun and found == [_parts(begun)[1]]):
        more = " …" if len(found) > TOLD else ""
        return f"Tab: {'  '.join(map(shown, found[:TOLD]))}{more}"
    files = named(text, own)
    return "→ " + ", ".join(f"{shown(file.name)}, {_size(file.stat().st_size)}" for file in files)


def completed(text: str, own: Path | None) -> str:
    """The text with its last name completed, as far as there is one way to go on."""
    head, begun = _last(text)
    found = list(_begun(begun, own))
    if not found:
        return text
    folder, _ = _parts(begun)
    first, last = found[0][0], found[-1][0]  # by name, so that what these share all do
    common = next(first[:n] for n in range(len(first), -1, -1) if last.startswith(first[:n]))
    whole = len(found) == 1
    ending = ("/" if found[0][1] else " ") if whole else ""
    return head + _quoted(folder + common) + ending


def _paths(text: str, own: Path | None) -> list[Path]:
    if own is None and text and _exists(whole := _expanded(text)):
        return [whole]  # a name with spaces, as it stands
    try:
        words = shlex.split(text)
    except ValueError:
        raise Usage("a quote is not closed") from None
    return [_expanded(word) if own is None else Path(word) for word in words]


def _expanded(word: str) -> Path:
    try:
        return Path(word).expanduser()
    except RuntimeError:  # of somebody whom this machine does not know
        return Path(word)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _there(path: Path) -> Path:
    """The path, by the name that it has in its folder: what is typed or pasted is in Unicode's form NFC, and
    a name on a disk need not be."""
    if _exists(path):
        return path
    same = (name for name, _ in _listed(path.parent) if clean(name) == clean(path.name))
    return path.with_name(next(same, path.name)) if path.name else path


def _check(path: Path) -> None:
    where = shown(str(path))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise Usage(f"there is no file {where}: Tab completes what there is") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "it is no path").lower()
        raise Usage(f"{where} cannot be read: {why}") from None
    if stat.S_ISDIR(mode):
        raise Usage(f"{where} is a folder: type / and Tab for what is in it")
    if not os.access(path, os.R_OK):
        raise Usage(f"{where} cannot be read: it is not yours to read")


def _last(text: str) -> tuple[str, str]:
    """What stands before the last word, and the word as it is meant; open quotes count as closed."""
    at, quote, escaped = 0, "", False
    for place, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == " ":
            at = place + 1
    try:
        word = "".join(shlex.split(text[at:].removesuffix("\\") + quote))
    except ValueError:
        word = text[at:]
    return text[:at], word


def _parts(word: str) -> tuple[str, str]:
    """The folder, with its last slash, and the beginning of the name in it."""
    folder, slash, begin = word.rpartition("/")
    return folder + slash, begin


def _begun(word: str, own: Path | None) -> Iterator[tuple[str, bool]]:
    """(name, whether it is a folder) of all that go on as a word begins, by name."""
    folder, begin = _parts(word)
    if own is not None and folder:
        return iter(())
    where = own / FOLDER if own is not None else _expanded(folder or ".")
    found = ((name, is_folder) for name, is_folder in _listed(where) if name.startswith(begin))
    seen = [pair for pair in found if begin.startswith(".") or not pair[0].startswith(".")]
    return iter(sorted(pair for pair in seen if own is None or not pair[1]))


def _listed(folder: Path) -> Sequence[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir()) for entry in islice(entries, MOST)]
    except (OSError, ValueError):
        return ()


def _quoted(word: str) -> str:
    return "".join(f"\\{char}" if char in _QUOTED else char for char in word)


def _size(count: float) -> str:
    """ "12 kB"."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}"
