"""The one thread that works at the desk, so that the screen never waits for the store."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

Job = Callable[[], None]


class Worker:
    """Does jobs one after the other, in the order given; `idle` is called about every `every` seconds
    between them. Neither may raise.

    The thread dies with the process, should a job never end.
    """

    def __init__(self, idle: Job, every: float) -> None:
        self._idle = idle
        self._every = every
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def do(self, job: Job) -> None:
        """Do a job after those given before. Called from any thread."""
        self._jobs.put(job)

    @property
    def asked(self) -> bool:
        """Whether a job waits to be done."""
        return not self._jobs.empty()

    def end(self, patience: float = 0.0) -> bool:
        """Work no more after the jobs given so far; wait so many seconds for that. False: not ended yet."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        look = time.monotonic() + self._every
        while True:
            try:
                job = self._jobs.get(timeout=max(look - time.monotonic(), 0.0))
            except Empty:
                self._idle()
                look = time.monotonic() + self._every
                continue
            if job is None:
                return
            job()
