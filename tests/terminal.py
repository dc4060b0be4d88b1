"""A real terminal for the tests: a program behind a pty, real key bytes, and the screen as people see it."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

PATIENCE = 20.0  # seconds; a bound for a busy machine, never a time that is waited out


class Terminal:
    """A program in a terminal of `columns` x `lines`. Bytes that it wrote are kept in `written`.

    `fd`: the other end of the pty.
    """

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], columns: int = 120, lines: int = 40
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self.code: int | None = None
        size = struct.pack("HHHH", lines, columns, 0, 0)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execvpe(argv[0], list(argv), {"TERM": "xterm-256color", "LANG": "C.UTF-8", **env})
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.leave()
        os.close(self.fd)

    def type(self, keys: str | bytes) -> Self:
        """Type: one write of all bytes, as a fast typist over a slow line arrives."""
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)
        return self

    def resize(self, columns: int, lines: int) -> Self:
        """Give the terminal another size, as dragging its corner does."""
        self.screen.resize(lines, columns)
        self.screen.reset()  # what stood there is the program's to paint anew
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        return self

    def read(self, timeout: float) -> bool:
        """Take in what the program wrote within `timeout` seconds; False when nothing came."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # the program has left
                raise
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)

    def until(self, holds: str | Callable[[Terminal], bool], patience: float = PATIENCE) -> Self:
        """Read until a text stands on the screen, or a condition holds; AssertionError with the screen."""
        end = time.monotonic() + patience
        while not (holds in self.text if isinstance(holds, str) else holds(self)):
            if time.monotonic() > end:
                raise AssertionError(f"{holds!r} never came to hold on:\n{self.text}")
            self.read(0.05)
        return self

    def up(self) -> Self:
        """Read until the workday takes keys, as its rows stand before: Textual asks something then."""
        return self.until(lambda _: b"\x1b[?2026$p" in self.written)

    def rest(self, quiet: float = 0.3) -> Self:
        """Read until the program has written nothing for a while."""
        while self.read(quiet):
            pass
        return self

    def _read_torn(self, timeout: float) -> bool:
        """As `read`, of a program that ends. When it is killed it may leave half of a sequence, which pyte
        cannot read together with what others write behind it."""
        try:
            return self.read(timeout)
        except TypeError:
            self._stream = pyte.ByteStream(self.screen)
            return True

    def leave(self, patience: float = PATIENCE) -> int:
        """Wait for the program's end and return its exit code, 128 + n when a signal killed it."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read_torn(0):
                    pass
                code = os.waitstatus_to_exitcode(status)
                self.code = code if code >= 0 else 128 - code
                return self.code
            self._read_torn(0.05)
        raise AssertionError(f"the program did not end:\n{self.text}")

    @property
    def rows(self) -> list[str]:
        """The lines of the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.rows)

    def row(self, text: str) -> int:
        """The number of the first line that holds a text. AssertionError when none does."""
        for number, line in enumerate(self.rows):
            if text in line:
                return number
        raise AssertionError(f"{text!r} is not on:\n{self.text}")

    def color(self, text: str) -> tuple[str, bool]:
        """(foreground, bold) of the first cell of a text on the screen."""
        number = self.row(text)
        cell = self.screen.buffer[number][self.screen.display[number].index(text)]
        return cell.fg, cell.bold
