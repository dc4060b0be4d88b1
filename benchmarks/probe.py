"""What a program costs, seen from outside: bytes and frames on its terminal, processor time, memory."""

from __future__ import annotations

import os
import select
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from terminal import Terminal

FRAME = b"\x1b[?2026h"  # Textual opens every frame with it, where the terminal says that it knows it
ASKED = b"\x1b[?2026$p"


class Probe(Terminal):
    """A terminal that only counts: no emulator stands between the program and the clock."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], columns: int, lines: int) -> None:
        self.started = time.perf_counter()
        super().__init__(argv, env, columns, lines)

    def read(self, timeout: float) -> bool:
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        # Answer each question, as a terminal that knows synchronised output does: two may come at once, one
        # in two pieces, and a program that is owed an answer writes nothing for seconds.
        asked = self._asked_since(len(self.written), data)
        self.written += data
        os.write(self.fd, b"\x1b[?2026;2$y" * asked)
        return bool(data)

    def _asked_since(self, end: int, data: bytes) -> int:
        """How many questions end in new data, `end` bytes being written before."""
        return (bytes(self.written[max(end - len(ASKED) + 1, 0) :]) + data).count(ASKED)

    def seen(self, text: bytes, patience: float = 60.0) -> float:
        """Seconds since the start until the program wrote a text."""
        end = time.perf_counter() + patience
        while text not in self.written:
            if time.perf_counter() > end:
                raise TimeoutError(f"{text!r} was never written")
            self.read(0.05)
        return time.perf_counter() - self.started

    def begun(self, patience: float = 60.0) -> float:
        """Seconds since the start until Textual has the terminal: it asks for synchronised output then."""
        return self.seen(ASKED, patience)

    def settle(self, quiet: float = 0.4) -> float:
        """Read until it is quiet; seconds from the start to the last byte."""
        last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last - self.started

    def cpu(self) -> float:
        """Processor time of all its threads so far, in ms."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def memory(self) -> float:
        """Resident memory in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("no VmRSS")

    def wakeups(self) -> int:
        """Voluntary context switches so far."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt"):
                    total += int(line.split()[1])
        return total

    def key(self, keys: bytes) -> tuple[float, float, int, int]:
        """Type a key: (ms to the last byte of its frames, ms of processor time, bytes, frames)."""
        before, cpu = len(self.written), self.cpu()
        start = last = time.perf_counter()
        os.write(self.fd, keys)
        patience = 1.0
        while self.read(patience):
            last, patience = time.perf_counter(), 0.08
        new = bytes(self.written[before:])
        return (last - start) * 1000, self.cpu() - cpu, len(new), new.count(FRAME)


class ThinProbe(Probe):
    """The same behind a thin link: `rate` bytes a second, answers after `delay` seconds."""

    rate, delay = 8000.0, 0.2

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], columns: int, lines: int) -> None:
        self._free = time.perf_counter()  # when the link has carried what was read
        self._answers: list[float] = []  # when they arrive
        super().__init__(argv, env, columns, lines)

    def read(self, timeout: float) -> bool:
        end = time.perf_counter() + timeout
        while (now := time.perf_counter()) < end:
            while self._answers and self._answers[0] <= now:
                os.write(self.fd, b"\x1b[?2026;2$y")
                del self._answers[0]
            if now >= self._free and select.select([self.fd], [], [], 0)[0]:
                try:
                    data = os.read(self.fd, 256)
                except OSError:
                    return False
                asked = self._asked_since(len(self.written), data)
                self.written += data
                self._free = max(self._free, now) + len(data) / self.rate
                self._answers += [self._free + self.delay] * asked
                return bool(data)
            time.sleep(0.002)
        return False

    def held(self, key: bytes, seconds: float, every: float) -> tuple[float, int]:
        """A key held down: (seconds of frames that still come after it was let go, frames in all)."""
        before, began, typed = len(self.written), time.perf_counter(), 0
        while (now := time.perf_counter()) < began + seconds:
            while typed * every <= now - began:
                os.write(self.fd, key)
                typed += 1
            self.read(every / 4)
        let_go = last = time.perf_counter()
        while self.read(1.0):
            last = max(time.perf_counter(), self._free)
        return last - let_go, bytes(self.written[before:]).count(FRAME)


def median(measure: Callable[[], float], times: int) -> float:
    """The median of several runs."""
    return statistics.median(measure() for _ in range(times))


def medians(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The median of each column."""
    return tuple(statistics.median(column) for column in zip(*rows, strict=True))
