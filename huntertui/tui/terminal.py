"""What keeps the program well-behaved on a bad line: signals, a terminal that is gone, bad bytes, letters."""

from __future__ import annotations

import codecs
import io
import os
import re
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

from rich.cells import cell_len

ENDINGS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
"""The signals that end the program, and its exit codes then: 128 and the number of the signal."""

Settings = list[Any]
"""What `termios` has of a terminal: what it does with what is typed, and so on."""

HUNG_UP = ENDINGS[signal.SIGHUP]

WATCH = 1.0  # seconds between looks at whether the terminal is still there, should the system not tell
GRACE = 1.2  # seconds that the screen has to end by itself

_LEFT = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""What Textual says to a terminal when it leaves: no mouse, no pastes in brackets, the first screen."""


def charset(env: Mapping[str, str]) -> str:
    """The codec of the terminal as the locale names it: "utf-8", also where nothing is said; or e.g. "ascii".

    It is not looked up in the system, so that a locale that is not installed, or makes no sense, is no
    matter.
    """
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "C.UTF-8"
    name = locale.partition("@")[0].rpartition(".")[2]
    if _CHARSET.fullmatch(name) is None:
        return "ascii"
    try:
        as_ascii = "\x1b[~".encode(name) == b"\x1b[~"
    except (LookupError, UnicodeError):
        return "ascii"
    return codecs.lookup(name).name if as_ascii else "ascii"


def speak(encoding: str) -> None:
    """Write to the terminal in its codec.

    What it has no letter for is written as something as wide, so that the columns stay.
    """
    codecs.register_error(TWIN, _twins)
    for stream in (sys.__stderr__, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=TWIN)


_CHARSET = re.compile(r"[A-Za-z0-9_-]{1,20}")
TWIN = "huntertui-twin"
"""The name of the way in which a letter that the codec has not is written, for `str.encode`."""

_TWINS = dict(zip("·•…→←↑↓⏎↵–—─│┌┐└┘├┤’‘“”€", "-*.><^v<<---|++++++''\"\"E", strict=True))


def _twins(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_TWINS.get(char, "?" * cell_len(char)) for char in lost), error.end


def size_to_assume() -> tuple[int, int] | None:
    """The size to take where the terminal tells none; None where it does.

    Textual asks in two places and falls back to two sizes, between which it would lay out anew for ever.
    """
    try:
        known = all(os.get_terminal_size(1))
    except OSError:
        known = False
    return None if known else (80, 24)


class Line:
    """The line to the terminal, watched while the screen is open: whatever ends it ends the program.

    `end` is called in the screen's own loop with the exit code. Should the screen be stuck, as it is when it
    writes to a terminal that takes nothing any more, the program ends without it: after `GRACE`, or when
    `finish`, which waits for a change under way, comes back, whichever is later.
    """

    def __init__(
        self, end: Callable[[int], None], finish: Callable[[], object], cooked: Settings | None
    ) -> None:
        """`cooked`: the terminal's settings as they are to be left."""
        from asyncio import get_running_loop  # late: the first rows stand before it is needed

        self._end = end
        self._finish = finish
        self._loop = get_running_loop()
        self._cooked = cooked
        self._ending: threading.Thread | None = None

    def watch(self) -> None:
        """Heed signals from now on, and a terminal that hangs up.

        A request to stop is refused: a change that it would stop in the middle keeps all colleagues waiting.
        """
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        for number in ENDINGS:
            signal.signal(number, self._on_signal)
        threading.Thread(target=self._look, name="line", daemon=True).start()

    def _on_signal(self, number: int, _frame: object) -> None:
        self._ask(ENDINGS[signal.Signals(number)])

    def _look(self) -> None:
        """Nobody is told of a hang-up where SIGHUP is ignored, as under nohup."""
        while not gone(timeout=WATCH):
            pass
        self._ask(HUNG_UP)

    def _ask(self, code: int) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile, as it should
            self._loop.call_soon_threadsafe(self._end, code)
        if self._ending is None:
            self._ending = threading.Thread(target=self._insist, args=(code,), name="end", daemon=True)
            self._ending.start()

    def _insist(self, code: int) -> None:
        time.sleep(GRACE)
        try:
            self._finish()
            time.sleep(GRACE / 3)
        finally:
            restore(self._cooked)
            abandon(code)


def gone(fd: int = 0, timeout: float = 0.0) -> bool:
    """Whether the terminal has hung up, or does so within `timeout` seconds."""
    poll = select.poll()
    poll.register(fd, 0)  # POLLHUP and POLLERR are told unasked
    return bool(poll.poll(timeout * 1000))


def restore(cooked: Settings | None) -> None:
    """Give the terminal back as it was, as far as it takes anything: nothing here waits for it."""
    if cooked is None or gone():
        return
    with suppress(OSError, termios.error):
        termios.tcsetattr(0, termios.TCSANOW, cooked)
        termios.tcflush(2, termios.TCOFLUSH)
        if select.select([], [2], [], 0)[1]:
            os.write(2, _LEFT)


def settings() -> Settings | None:
    """The terminal's settings; None where there is no terminal."""
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


def abandon(code: int) -> NoReturn:
    """End at once: Textual would wait for ever to write to a terminal that is gone.

    Nothing is lost by it, as every change is on disk when it is acknowledged, and locks end with the process.
    """
    os._exit(code)
