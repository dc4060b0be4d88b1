"""What keeps the program well-behaved on a bad line: signals, a terminal that is gone, bad bytes."""

from __future__ import annotations

import asyncio
import codecs
import os
import select
import signal
from collections.abc import Callable
from typing import NoReturn

from textual.drivers import linux_driver

ENDINGS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
"""The signals that end the program, and its exit codes then: 128 and the number of the signal."""

HUNG_UP = ENDINGS[signal.SIGHUP]


def take_bad_bytes() -> None:
    """Read bytes that are no UTF-8 as U+FFFD: Textual decodes strictly, and one of them would end it."""

    def tolerant(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        return lambda: codecs.getincrementaldecoder(encoding)("replace")

    linux_driver.getincrementaldecoder = tolerant  # type: ignore[attr-defined, assignment]


def size_to_assume() -> tuple[int, int] | None:
    """The size to take where the terminal tells none; None where it does.

    Textual asks in two places and falls back to two sizes, between which it would lay out anew for ever.
    """
    try:
        known = all(os.get_terminal_size(1))
    except OSError:
        known = False
    return None if known else (80, 24)


def heed_signals(end: Callable[[int], None]) -> None:
    """Call `end` with the exit code when a signal asks the program to end, so that it restores the screen.

    A request to stop is refused: a change that it would stop in the middle keeps all colleagues waiting.
    """
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    loop = asyncio.get_running_loop()
    for number, code in ENDINGS.items():
        loop.add_signal_handler(number, end, code)


def gone(fd: int = 0) -> bool:
    """Whether the terminal has hung up; nobody is told of it where SIGHUP is ignored, as under nohup."""
    poll = select.poll()
    poll.register(fd, select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def abandon(code: int) -> NoReturn:
    """End at once: Textual would wait for ever to write to a terminal that is gone.

    Nothing is lost by it, as every change is on disk when it is acknowledged, and locks end with the process.
    """
    os._exit(code)
