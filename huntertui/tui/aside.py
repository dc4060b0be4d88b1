"""A long thing beside the desk, in a thread of its own: keys are heeded meanwhile, and it can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """It was stopped before it was done, and nothing has come of it."""


class Aside(Generic[T]):
    """The work, begun at once. It is to tell now and then how far it is, as it can be stopped only there.

    `part`: what part of it is done, 0 to 1; None while that is not known; `rows`: how many are passed.
    The thread dies with the process.
    """

    def __init__(self, work: Callable[[Aside[T]], T]) -> None:
        self.part: float | None = None
        self.rows = 0
        self._work = work
        self._stopped = self._settled = False
        self._fault: BaseException | None = None
        self._found: list[T] = []
        self._thread = Thread(target=self._run, name="aside", daemon=True)
        self._thread.start()

    def tell_rows(self, rows: int) -> None:
        """Say how many rows are passed. Stopped."""
        self._heed()
        self.rows = rows

    def tell_part(self, part: float) -> None:
        """Say what part is done. Stopped."""
        self._heed()
        self.part = part

    def settle(self) -> None:
        """From here on it is not stopped any more: what was to be decided is."""
        self._settled = True

    def stop(self) -> None:
        """Have it end as soon as it tells how far it is."""
        self._stopped = True

    def done(self, patience: float = 0.0) -> bool:
        """Whether it has ended; waits so many seconds for that."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def result(self) -> T:
        """What has come of it, when it is done. Raises what it has raised."""
        if self._fault is not None:
            raise self._fault
        return self._found[0]

    def _heed(self) -> None:
        if self._stopped and not self._settled:
            raise Stopped

    def _run(self) -> None:
        try:
            self._found.append(self._work(self))
        except BaseException as fault:
            self._fault = fault
