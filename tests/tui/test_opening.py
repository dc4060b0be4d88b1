"""Before Textual is loaded: the rows stand, what is typed acts, and the screen is given back at any end."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
import tty
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import pytest
from day import morning, of, start
from terminal import Terminal

LOADS = b"<loads Textual>"
PROGRAM = f"""
import os, sys

class Gate:
    "Stops the program where it is about to load Textual, until it is let on."
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            sys.meta_path.remove(self)
            os.write(2, {LOADS!r})
            os.read(int(os.environ["GATE"]), 1)

sys.meta_path.insert(0, Gate())
from huntertui.__main__ import main
sys.exit(main())
"""
NONE: Mapping[str, str] = MappingProxyType({})
MODES = re.compile(rb"\x1b\[[?>][0-9;]*\$?[a-z]|\x1b\]22;[a-z]*\x07")
"""What Textual's driver says to a terminal before anything is drawn."""


class Gap(Terminal):
    """The workday, stopped where Textual is to be loaded."""

    def __init__(self, store: Path, size: tuple[int, int] = (120, 40), env: Mapping[str, str] = NONE) -> None:
        self._gate, self._latch = os.pipe()
        os.set_inheritable(self._gate, True)
        home = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC", "COLORTERM": "truecolor"}
        argv = [sys.executable, "-c", PROGRAM, "--store", str(store)]
        super().__init__(argv, {**home, "GATE": str(self._gate), **env}, *size)
        self.until(lambda _: LOADS in self.written)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        os.close(self._gate)
        os.close(self._latch)

    def go_on(self) -> Self:
        """Let Textual be loaded."""
        os.write(self._latch, b"!")
        return self

    @property
    def before(self) -> bytes:
        """What was written before Textual was to be loaded."""
        return bytes(self.written).partition(LOADS)[0]

    @property
    def after(self) -> bytes:
        """What was written from then on."""
        return bytes(self.written).partition(LOADS)[2]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return morning(tmp_path / "store" / "store.json")


@pytest.mark.parametrize(
    ("size", "env"),
    [
        ((200, 50), {}),
        ((100, 25), {"COLORTERM": ""}),
        ((120, 41), {"TERM": "xterm", "COLORTERM": ""}),
        ((80, 24), {"LC_ALL": "POSIX"}),
        ((99, 17), {"NO_COLOR": "1"}),
        ((39, 9), {}),
    ],
    ids=lambda given: "x".join(map(str, given)) if isinstance(given, tuple) else " ".join(given),
)
def test_all_of_it_stands_before_textual_is_loaded(
    size: tuple[int, int], env: dict[str, str], store: Path
) -> None:
    with Gap(store, size, env) as gap:
        said = b"Smithfield" if size[0] > 40 else b"Too small"
        assert said in gap.before
        gap.go_on().up().rest(0.4)
        assert MODES.sub(b"", gap.after) == b"", "nothing differs from what stands"


def test_what_is_typed_meanwhile_is_not_echoed_and_acts(store: Path) -> None:
    with Gap(store) as gap:
        gap.until("Smithfield").type("/bore\rcn").rest(0.2)
        assert gap.after == b""
        gap.go_on().until("Borealis #2: no answer")
    assert of(store, "Borealis").touches == 1
    assert of(store, "Smithfield").touches == 0


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_meanwhile_gives_the_screen_back(number: signal.Signals, code: int, store: Path) -> None:
    with Gap(store) as gap:
        os.kill(gap.pid, number)
        check_left(gap, code)


def test_ctrl_c_meanwhile_ends_it_and_ctrl_z_does_not_stop_it(store: Path) -> None:
    with Gap(store) as gap:
        gap.type(b"\x1a\x1c").rest(0.1)
        gap.type(b"\x03")
        check_left(gap, 130)


def check_left(gap: Gap, code: int) -> None:
    """It has ended, and left the terminal as it was."""
    assert gap.leave() == code
    assert termios.tcgetattr(gap.fd)[tty.LFLAG] & termios.ECHO
    written = bytes(gap.written)
    assert written.count(b"\x1b[?1049h") == written.count(b"\x1b[?1049l") == 1
    assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")


def test_the_settings_of_the_terminal_are_those_of_before(store: Path) -> None:
    with Gap(store) as gap:
        taken = termios.tcgetattr(gap.fd)[tty.LFLAG]
        assert not taken & (termios.ECHO | termios.ICANON)
        gap.go_on().up().type("q")
        check_left(gap, 0)
        assert termios.tcgetattr(gap.fd)[tty.LFLAG] & termios.ICANON


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["another", "there and back"])
def test_when_the_size_changes_meanwhile_all_is_painted_anew(size: tuple[int, int], store: Path) -> None:
    with Gap(store) as gap:
        gap.resize(80, 24).resize(*size).go_on().until("Smithfield").rest()
        shown = gap.rows
    with start(store, *size) as terminal:
        terminal.until("Smithfield").rest()
        assert shown == terminal.rows
