"""The terminal, asked by its own questions, and its keys, asked of the person: what the doctor cannot read
from the environment."""

from __future__ import annotations

import os
import re
import select
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from huntertui.cli.examining import FAULT, OK, WARN, Finding
from huntertui.cli.output import say
from huntertui.records import dataclass

PATIENCE = 1.0  # seconds for an answer; a terminal without one of them answers the last question at least
HANDS = 15.0  # seconds in which a person finds a key
QUIET = 0.5  # seconds without a byte after which a key is whole: parts come later only on a hopeless line

_QUESTIONS = b"\x1b[?u\x1b[?2026$p\x1b[c"
"""Which keys of kitty's are on, whether whole frames are taken, and what it is: all know the last one."""

_KITTY, _FRAMES, _LAST = (
    re.compile(rb"\x1b\[\?\d+u"),
    re.compile(rb"\x1b\[\?2026;[1-4]\$y"),
    rb"\x1b\[\?[\d;]*c",
)

_ESC = b"\x1b"

KEYS: dict[str, tuple[bytes, ...]] = {
    "Arrow up": (b"\x1b[A", b"\x1bOA"),
    "Esc": (_ESC,),
    "Shift+Tab": (b"\x1b[Z",),
    "Page down": (b"\x1b[6~",),
    "Backspace": (b"\x7f", b"\x08"),
    "F1": (b"\x1bOP", b"\x1b[11~", b"\x1b[[A"),
    "Ctrl+P": (b"\x10",),
    "?": (b"?",),
}
"""What is asked for, and the bytes that it may come as: xterm's, the console's, rxvt's."""


def there() -> bool:
    """Whether there is a terminal to be asked, and it is ours to read."""
    if not (os.isatty(0) and os.isatty(1)) or os.environ.get("TERM", "dumb") == "dumb":
        return False
    return os.tcgetpgrp(0) == os.getpgrp()


def answers() -> Iterator[Finding]:
    """What the terminal answers."""
    with _unbuffered():
        began = time.monotonic()
        os.write(1, _QUESTIONS)
        said = b""
        while not (last := re.search(_LAST, said)) and (more := _read(began + PATIENCE - time.monotonic())):
            said += more
        took = round((time.monotonic() - began) * 1000)
    if last is None:
        yield Finding("terminal", WARN, f"it answers no question within {PATIENCE:g} s")
        return
    kitty = "has" if _KITTY.search(said) else "has not"
    frames = "takes whole frames" if _FRAMES.search(said) else "is not known to take whole frames"
    yield Finding("terminal", OK, f"it {kitty} kitty's keyboard protocol, {frames}, and answers in {took} ms")


@dataclass(frozen=True, slots=True)
class Press:
    """What came of a key, and the longest time, in ms, between two parts of it."""

    data: bytes
    gap: int


def keys(delay: int) -> Iterator[Finding]:
    """Have a person press the keys, and say what came. `delay`: ms in which an Esc may become more."""
    with _unbuffered():
        for name in KEYS:
            say(f"press {name}")
            press = _press(KEYS[name])
            yield judged(name, press, delay)


def judged(name: str, press: Press, delay: int) -> Finding:
    """What there is to say of one of KEYS."""
    if not press.data:
        return Finding("keys", WARN, f"{name}: nothing came; the terminal or tmux may keep it for itself")
    came = f"{name} came as {_spelt(press.data)}"
    if press.data not in KEYS[name]:
        return Finding("keys", FAULT, f"{came}, and not as {' or '.join(map(_spelt, KEYS[name]))}")
    if press.gap > delay:
        return Finding("keys", WARN, f"{came}, in parts {press.gap} ms apart: ESCDELAY={_enough(press.gap)}")
    return Finding("keys", OK, came)


def _enough(gap: int) -> int:
    return (2 * gap // 100 + 1) * 100


def _press(forms: tuple[bytes, ...]) -> Press:
    """The next key, whole: one of these forms, or what comes until it is quiet."""
    data, gap, before = b"", 0.0, time.monotonic()
    while (data == _ESC or data not in forms) and (more := _read(QUIET if data else HANDS)):
        now = time.monotonic()
        gap, before = max(gap, now - before if data else 0.0), now
        data += more
    return Press(data, round(gap * 1000))


def _read(patience: float) -> bytes:
    """What comes within so many seconds; nothing when the terminal is gone."""
    return os.read(0, 1000) if select.select([0], [], [], max(patience, 0.0))[0] else b""


def _spelt(data: bytes) -> str:
    """Bytes by names that one can read out: "Esc [ A", "^P"."""
    return " ".join(_NAMES.get(byte) or (chr(byte) if 32 < byte < 127 else f"{byte:#04x}") for byte in data)


_NAMES = {27: "Esc", 32: "Space", 127: "^?"} | {byte: f"^{chr(byte + 64)}" for byte in range(27)}


@contextmanager
def _unbuffered() -> Iterator[None]:
    """Within, keys come as they are pressed and unseen; what comes late is dropped."""
    before = termios.tcgetattr(0)
    try:
        tty.setcbreak(0)
        yield
    finally:
        termios.tcsetattr(0, termios.TCSAFLUSH, before)
