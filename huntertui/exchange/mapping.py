"""What people say of the columns of a file, kept for the next one that has the same headers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.exchange.words import ACTIVITIES, DEALS, PEOPLE, key
from huntertui.model.text import clean, did_you_mean
from huntertui.tomlfile import write

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = tuple(sorted({*PEOPLE, *DEALS, *ACTIVITIES, "id", "status"}))
"""What a column may be said to carry."""

Said = dict[str, str]
"""The key of a header -> what it carries, "" for nothing that is known."""

_NONE: Mapping[str, str] = MappingProxyType({})
_MOST = 500  # sets of headers that are kept
_LARGEST = 4_000_000  # bytes of the file of them


class Mappings:
    """What is said of columns: `given` for this run, `kept` by earlier ones by the set of headers; and of
    `stages`, theirs -> ours, for this run alone."""

    def __init__(
        self, given: Mapping[str, str], kept: Mapping[str, Said], stages: Mapping[str, str] = _NONE
    ) -> None:
        """`given`: header -> field. Usage: there is no such field."""
        self.stages = dict(stages)
        self._given = {key(header): _field(header, field) for header, field in given.items()}
        self._names = {key(header): header for header in given}
        self._kept = {name: dict(said) for name, said in kept.items()}
        self._met: set[str] = set()
        self._said: dict[str, Said] = {}  # by the set of headers

    @property
    def given(self) -> bool:
        """Whether anything was said of a column in this run."""
        return bool(self._given or self._said)

    def say(self, header: str, field: str) -> None:
        """Say what a column carries. Usage: there is no such field."""
        self._given[key(header)] = _field(header, field)
        self._names[key(header)] = header

    def say_of(self, headers: Sequence[str], header: str, field: str) -> None:
        """The same for files with these headers alone, as they are written."""
        name = _name([key(clean(text)) for text in headers])
        self._said.setdefault(name, {})[key(header)] = _field(header, field)

    def now_of(self, header: Sequence[str]) -> Said:
        """What is said of these headers (their keys) in this run."""
        given = {word: self._given[word] for word in header if word in self._given}
        self._met |= given.keys()
        return self._said.get(_name(header), {}) | given

    def of(self, header: Sequence[str]) -> Said:
        """What is said of these headers (their keys), now or earlier."""
        return self._kept.get(_name(header), {}) | self.now_of(header)

    def keep(self, header: Sequence[str]) -> None:
        """Keep what is said of these headers, as they are written, for the next file that has them."""
        words = [key(clean(text)) for text in header]
        if said := self.of(words):
            self._kept.pop(name := _name(words), None)
            self._kept[name] = said

    def check(self, headers: Iterable[str]) -> None:
        """Usage where something was said of a column that no file has. `headers`: those that there are."""
        for word in self._given.keys() - self._met:
            meant = did_you_mean(self._names[word], headers, "see --dry-run for those that there are")
            raise Usage(f"--map {self._names[word]!r}: no file has that column: {meant}")

    def save(self, path: Path) -> None:
        """Write what is kept, for oneself alone. OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        sets = list(self._kept.items())[-_MOST:]
        write(path, json.dumps({"columns": dict(sets)}, indent=1))


def kept_mappings(path: Path) -> dict[str, Said]:
    """What was kept; what cannot be read, or says what is no field, counts for nothing."""
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        return {
            str(name): {str(word): str(field) for word, field in said.items() if field in ("", *FIELDS)}
            for name, said in json.loads(path.read_text("utf-8"))["columns"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _name(header: Sequence[str]) -> str:
    """A set of headers in one word, whatever their order."""
    return " ".join(sorted(filter(None, header)))


def _field(header: str, said: str) -> str:
    field = clean(said).casefold()
    if field in ("", "-"):
        return ""
    if field not in FIELDS:
        raise Usage(f"{header!r}: no field {field!r}: {did_you_mean(field, FIELDS, ', '.join(FIELDS))}")
    return field
