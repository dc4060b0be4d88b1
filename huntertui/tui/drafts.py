"""What is being typed, kept in a file of the person's own until it is saved or given up.

So neither a lost connection nor a killed process loses it: it is offered at the next start.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from huntertui.errors import HunterError

Draft = dict[str, Any]

EVERY = 1.0  # seconds at least between two writings of what grows
MOST = 20  # drafts; the oldest go first
LONGEST = 2_000_000  # bytes of the file


def file_of(state: Path, member: str, store: str) -> Path:
    """Where a member's drafts at a store are."""
    name = "".join(char if char.isalnum() else "_" for char in member)
    return state / "drafts" / f"{name}-{sha256(store.encode('utf-8', 'replace')).hexdigest()[:12]}.json"


class Drafts:
    """The drafts by their keys: a command's name, and the record's number if it is about one: "edit 12".

    Without a file nothing is kept.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._kept = self._read()
        self._open: Mapping[str, Draft] = {}
        self._written: Mapping[str, Draft] = {}
        self._next = 0.0

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._kept))

    def get(self, key: str) -> Draft:
        """A draft from before, empty without one."""
        return self._kept.get(key, {})

    def text(self, key: str) -> str:
        """The text of a prompt's draft from before, "" without one."""
        return str(self._kept.get(key, {}).get("text", ""))

    def take(self, key: str) -> Draft | None:
        """A draft from before that is gone on with, so that it ends with what comes of it."""
        draft = self._kept.pop(key, None)
        if draft is not None:
            self._open = {**self._open, key: draft}
        return draft

    def hold(self, typed: Mapping[str, Draft], *, now: bool = False) -> None:
        """Keep what is being typed, at most each second unless it is to be `now`.

        What was being typed before, and is not any more, is done with. HunterError when it cannot be kept.
        """
        ended = self._open.keys() - typed.keys()
        self._open = typed
        changed = ended or typed != self._written
        if not changed or not (now or ended or time.monotonic() >= self._next):
            return
        self._written, self._next = typed, time.monotonic() + EVERY  # a failure is not told again each time
        try:
            self._write(typed, ended)
        except OSError as error:
            raise HunterError(f"what is typed cannot be kept: {self._file}: {error.strerror}") from error

    def _write(self, typed: Mapping[str, Draft], ended: set[str]) -> None:
        """Put them beside those of my other screens."""
        if self._file is None:
            return
        there = {key: draft for key, draft in self._read().items() if key not in ended and key not in typed}
        there |= {key: self._kept[key] for key in ended if key in self._kept}  # what was not gone on with
        drafts = dict([*there.items(), *typed.items()][-MOST:])
        if not drafts:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        with suppress(FileNotFoundError):
            new.unlink()
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            json.dump(drafts, file)  # in ASCII, so that lone surrogates are no matter
        new.replace(self._file)

    def _read(self) -> dict[str, Draft]:
        """What stands in the file; nothing if it cannot be read."""
        if self._file is None:
            return {}
        try:
            with self._file.open("rb") as file:
                read = json.loads(file.read(LONGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(read, dict):
            return {}
        return {key: draft for key, draft in read.items() if isinstance(draft, dict)}
