"""Faults that nobody foresaw, wherever they are, in a real process.

The screen is given back, one line says where the details are, and neither it nor their file, for the person's
own eyes, holds anything of a customer's.
"""

from __future__ import annotations

import os
import re
import sys
import termios
import tty
from pathlib import Path

import pytest
from day import morning, start
from terminal import Terminal

SECRET = "Smithfield pays 12k"
"""What a fault's message and its variables hold: nothing of it may be seen or kept."""

PROGRAM = f"""
import sys
from huntertui.__main__ import main
from huntertui.desk import Desk
from huntertui.tui import terminal, thin, workday
from huntertui.tui.app import HunterApp
from huntertui.tui.board import BoardPainter
from huntertui.tui.keyboard import Keyboard
from huntertui.tui.lanes import Lanes
from huntertui.tui.picture import Pictures
from huntertui.tui.status import StatusPainter
from huntertui.tui.steering import Steering
from huntertui.tui.workday import Workday

pressed = []
kinds = [LookupError]

def broken(*_, **__):
    customer = {SECRET.split()!r}
    raise kinds[0](" ".join(customer))

def breaks(owner, name, when=lambda *_: pressed):
    "Have a function break as soon as `when` holds for its arguments: else when a key was pressed."
    sound = getattr(owner, name)
    setattr(owner, name, lambda *args, **more: broken() if when(*args) else sound(*args, **more))

stock_key = Workday.on_key
Workday.on_key = lambda self, event: pressed.append(event.key) or stock_key(self, event)
%s
sys.exit(main())
"""

ON_SCREEN = {
    "render": "breaks(BoardPainter, 'paint')",
    "render of the status": "breaks(StatusPainter, 'paint')",
    "showing": "breaks(Workday, '_show')",
    "message": "breaks(Workday, 'on_worked')",
    "key": "breaks(Steering, 'take')",
    "action": "breaks(Lanes, 'move')",
    "picture": "breaks(Pictures, 'make')",
    "action, as a bad answer breaks": "kinds[0] = ValueError; breaks(Lanes, 'move')",
    "action, as the system breaks": "kinds[0] = OSError; breaks(Lanes, 'move')",
    "history": "kinds[0] = ValueError; breaks(Desk, 'history')",
    "preview": "kinds[0] = ValueError; breaks(Desk, 'completed')",
    "worker": "breaks(Workday, '_work')",
    "worker at rest": "breaks(Steering, 'follow')",
    "timer": "breaks(HunterApp, '_watch')",
    "call of the loop": "import time; workday.WAITING = 0.2; breaks(Workday, '_say_waiting'); "
    "Steering.take = lambda *_: time.sleep(1)",
    "writing": "breaks(thin.ThinApp, '_send')",
    "keyboard": "breaks(Keyboard, 'feed', lambda _, data: 'j' in data)",
    "watch of the line": "terminal.WATCH = 0.1; breaks(terminal, 'gone')",
}
"""What breaks when a key was pressed, and how."""

AT_START = {
    "settings": "import huntertui.cli.session as session; session.load = broken",
    "store": "import huntertui.cli.session as session; session.open_store = broken",
    "desk": "Desk.load = broken",
    "screen": "HunterApp.__init__ = broken",
    "widgets": "Workday.compose = broken",
    "first rows": "BoardPainter.paint = broken",
    "first picture": "Pictures.make = broken",
}

IN_VERBS = {
    "list": "from huntertui.desk.shelf import Shelf; Shelf.load = broken",
    "explain 1": "import huntertui.cli.items as items; items.tell = broken",
    "store status": "import huntertui.store.status as status; status.status = broken",
    "doctor": "import huntertui.cli.doctor as doctor; doctor.measures = broken",
    "keys": "import huntertui.cli.places as places; places.tell = broken",
    "stats": "import threading, huntertui.cli.reporting as of; thread = threading.Thread(target=broken); "
    "of.tell = lambda *_: thread.ident or (thread.start(), thread.join())",
    "no such verb": "import huntertui.cli.doing as doing; doing.did_you_mean = broken",
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return morning(tmp_path / "store" / "store.json")


def program(fault: str, store: Path, *words: str) -> Terminal:
    """The program with a fault in it."""
    home = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC", "COLORTERM": "truecolor"}
    argv = [sys.executable, "-c", PROGRAM % fault, "--store", str(store), *words]
    return Terminal(argv, home, 150, 30)


def check(terminal: Terminal, store: Path, fault: str = "") -> None:
    """It ends as it should after the fault."""
    assert terminal.leave() == 1
    assert termios.tcgetattr(terminal.fd)[tty.LFLAG] & termios.ECHO
    written = bytes(terminal.written)
    assert written.count(b"\x1b[?1049h") == written.count(b"\x1b[?1049l")
    assert written.rfind(b"\x1b[?25h") >= written.rfind(b"\x1b[?25l")
    last = re.sub(rb"\x1b\[[^a-zA-Z]*[a-zA-Z]", b"", written.rpartition(b"\x1b[?1049l")[2])
    said = " ".join(last.decode().split())
    [log] = (store.parent / ".local/state/huntertui").glob("crash-*")
    kind = next((name for name in ("ValueError", "OSError") if name in fault), "LookupError")
    assert said == f"huntertui: stopped by a fault of its own ({kind}); details in {log}"
    assert log.stat().st_mode & 0o777 == 0o600
    kept = log.read_text()
    assert "in broken" in kept
    assert SECRET not in kept
    assert SECRET.encode() not in written


@pytest.mark.parametrize("name", ON_SCREEN)
def test_a_fault_of_the_screen(name: str, store: Path) -> None:
    with program(ON_SCREEN[name], store) as terminal:
        terminal.until("Smithfield").rest(0.1).type("/j\t" if name == "preview" else "j")
        check(terminal, store, ON_SCREEN[name])


@pytest.mark.parametrize("name", AT_START)
def test_a_fault_at_the_start(name: str, store: Path) -> None:
    with program(AT_START[name], store) as terminal:
        check(terminal, store)


@pytest.mark.parametrize("name", ["render", "picture"])
def test_with_a_textual_that_is_not_known(name: str, store: Path) -> None:
    with program(f"thin.version = lambda: '8.1.0'; {ON_SCREEN[name]}", store) as terminal:
        terminal.until("Smithfield").rest(0.1).type("j")
        check(terminal, store)


@pytest.mark.parametrize("name", ["render", "picture"])
def test_what_was_being_typed_is_kept(name: str, store: Path) -> None:
    with program(ON_SCREEN[name].replace(")", ", lambda *_: 'f5' in pressed)"), store) as terminal:
        terminal.until("Smithfield").type("coshe asked for a leaflet").until("leaflet").rest(0.1)
        terminal.type("\x1b[15~")
        check(terminal, store)
    with start(store) as terminal:
        terminal.until("a draft").type("co").until("your draft: she asked for a leaflet")


@pytest.mark.parametrize("verb", IN_VERBS)
def test_a_fault_of_a_verb(verb: str, store: Path) -> None:
    with program(IN_VERBS[verb], store, *verb.split()) as terminal:
        check(terminal, store)
