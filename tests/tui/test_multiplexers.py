"""The workday within GNU screen and tmux, the real ones: as without them, colours included."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from day import morning
from terminal import Terminal
from test_quiet import PLAIN, STOCK, cell_of

SETTINGS = {
    "screen": "startup_message off\nterm screen-256color\n",
    "tmux": "set -g status off\nset -g default-terminal tmux-256color\n",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, as a socket needs it."""
    with tempfile.TemporaryDirectory(prefix="ht-") as folder:
        yield Path(folder)


def command(name: str, folder: Path, *program: str) -> list[str]:
    """The program, run by the multiplexer of that name; "" is none."""
    (folder / "rc").write_text(SETTINGS.get(name, ""))
    if name == "screen":
        return ["screen", "-c", str(folder / "rc"), "-U", *program]
    if name == "tmux":
        return ["tmux", "-S", str(folder / "socket"), "-f", str(folder / "rc"), "new-session", *program]
    return list(program)


def seen(name: str, folder: Path, store: Path, code: str) -> list[list[tuple[object, ...]]]:
    """The cells of the screen after some keys."""
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TZ": "UTC", "SCREENDIR": str(folder),
        "COLORTERM": "truecolor", "SHELL": "/bin/sh",
    }  # fmt: skip
    program = [sys.executable, "-c", code, "--store", str(store), "--no-mouse"]
    with Terminal(command(name, folder, *program), env, 110, 30) as terminal:
        terminal.until("Smithfield").rest(0.2)
        for keys, shows in (("j", "Borealis #2"), ("\t", "Cedar #3"), ("?", "help"), ("\x1b", "Cedar #3")):
            terminal.type(keys).until(shows).rest(0.2)
        cells = [[cell_of(terminal, y, x) for x in range(110)] for y in range(30)]
        assert terminal.color("Dorset") == ("ff5f5f", True)
        terminal.type("q")
        terminal.leave()
    return cells


@pytest.mark.parametrize("name", SETTINGS)
def test_it_looks_as_without(name: str, folder: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name}")
    store = morning(folder / "store" / "store.json")
    bare, quick, stock = (
        seen(by, folder, store, code) for by, code in (("", PLAIN), (name, PLAIN), (name, STOCK))
    )
    assert quick == stock
    assert [[cell[0] for cell in line] for line in quick] == [[cell[0] for cell in line] for line in bare]
