"""How far a long thing is: a bar on stderr, only on a terminal, and for what takes longer than a moment."""

from __future__ import annotations

import sys
import time
from typing import Self

_MOMENT = 0.5  # seconds that nobody needs to be told anything
_AGAIN = 0.1  # seconds between two drawings
_CELLS = 24


class Progress:
    """Called with the part that is done, 0 to 1; the bar is gone when the `with` ends."""

    def __init__(self, what: str, *, shown: bool = True) -> None:
        """`what` is under way. `shown`: the bar may be drawn, where there is a terminal."""
        self._what = what
        self._wanted = shown
        self._shown = False
        self._next = time.monotonic() + _MOMENT

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __call__(self, part: float) -> None:
        """Draw, unless that was just done."""
        if not self._wanted or (now := time.monotonic()) < self._next or not sys.stderr.isatty():
            return
        self._next, self._shown = now + _AGAIN, True
        done = round(min(1.0, max(0.0, part)) * _CELLS)
        bar = "#" * done + "-" * (_CELLS - done)
        print(f"\r{self._what} [{bar}] {part:4.0%}", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
