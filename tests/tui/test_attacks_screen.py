"""Attacks on the workday, by their numbers, through a real terminal: 1 to 8. tests/test_attacks.py has more.

1 markup in names, 2 actions in names, 3 controls, 4 letters that deceive, 5 text that is none, 6 what a
terminal sends by itself, 7 pastes, 8 bursts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Literal

import acting
import pytest
from acting import Hands, world
from day import dump, morning, of, sequence, start
from desks import Clock
from hostile import ACTIONS, ALL, CONTROLS, LETTERS, MARKUP, plant, steers
from terminal import Terminal
from test_terminal import processor_time

from huntertui.commands import COMMANDS, keys_of
from huntertui.tui.app import HunterApp

LEFT = ("leave", "quit", "undo", "redo")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store" / "store.json"


def clicked(terminal: Terminal) -> None:
    """Press and release the mouse on every line, left, in the middle and right."""
    for line in range(1, len(terminal.rows) + 1):
        for column in (4, 40, 75, 120):
            terminal.type(f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m")
    terminal.rest()


def test_attacks_01_to_04_names_are_letters_wherever_they_are_shown(store: Path) -> None:
    ids = plant(store, list(ALL))
    before = set(store.parent.rglob("*"))
    with start(store, 200, 60) as terminal:
        terminal.until("漢").rest()
        board = terminal.text
        for keys in ("E", "\x1be", "\x1b\x10Acme", "\x1b/Acme\r", "\x1bcoAcme", "\x1b:view\r", "\x1bl"):
            terminal.type(f"\x1b\x1b#{ids[0]}\r").rest(0.02).type(keys).rest(0.05)
        terminal.type("\x1b\x1b").rest(0.2).type(f"#{ids[0]}\r").rest()
        clicked(terminal)
        terminal.type("\x1b").rest(0.2)
        terminal.type(":note alive\r").until("alive")
        terminal.type("\x11")
        assert terminal.leave() == 0
    assert steers(bytes(terminal.written)) == []
    for name, shown in (MARKUP | ACTIONS | CONTROLS | LETTERS).items():
        assert shown.split("漢")[0][:16] in board, name
    assert not [path for path in store.parent.rglob("*.svg") if path not in before]
    assert not [*Path.cwd().glob("*.svg")]


def test_attack_02_nothing_of_textuals_is_left_to_run() -> None:
    refused = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, check=False, timeout=60
    )
    assert refused.stdout == "refused\n", refused.stderr
    for name in ("open_url", "suspend", "save_screenshot", "deliver_text", "deliver_binary", "run_action"):
        assert name in vars(HunterApp), name


REFUSED = """
import asyncio
from huntertui.tui.app import HunterApp

class Bare(HunterApp):
    def __init__(self): self.ran = False
    def action_screenshot(self): self.ran = True

app = Bare.__new__(Bare)
app.__init__()
for action in ("app.screenshot", "screenshot('x.svg', '/var/tmp')", "app.suspend_process", "app.quit"):
    assert not asyncio.run(app.run_action(action))
print("ran" if app.ran else "refused")
"""


@pytest.mark.parametrize("name", LETTERS)
def test_attack_04_columns_stay_in_line(name: str, store: Path) -> None:
    plant(store, [name, "plain"])
    with start(store, 200, 30) as terminal:
        terminal.until("plain").rest()
        sides = [line.rstrip()[-1:] for line in terminal.rows[2:8]]
        assert set(sides) == {"│"}, terminal.text
        edges = {
            tuple(at for at, char in enumerate(cells(terminal, row)) if char == "│") for row in range(2, 8)
        }
        assert len(edges) == 1, terminal.text


def cells(terminal: Terminal, row: int) -> list[str]:
    """The characters of a line, one for each column."""
    return [terminal.screen.buffer[row][column].data for column in range(terminal.screen.columns)]


def test_attack_05_a_name_is_found_by_either_form() -> None:
    forms: tuple[tuple[Literal["NFC", "NFD"], Literal["NFC", "NFD"]], ...] = (("NFD", "NFC"), ("NFC", "NFD"))
    for kept, asked in forms:
        hands = Hands(world("memory:", Clock()))
        hands.type("a").steering.paste(unicodedata.normalize(kept, "Zoë Ångström @Ärger tue"))
        hands.type("⏎␛").type("/").steering.paste(unicodedata.normalize(asked, "zoë"))
        hands.type("⏎")
        row = hands.steering.lanes.row
        assert row is not None
        assert row.title == "Ärger"


def test_attack_05_what_is_no_text_is_kept_out(store: Path, tmp_path: Path) -> None:
    morning(store)
    env = os.environ | {"HOME": str(tmp_path)}
    for words in (["list", "--owner", b"\xff"], ["explain", b"\xff"], ["import", b"\xff.csv"], [b"\xff"]):
        argv = [sys.executable, "-m", "huntertui", "--store", str(store), *words]
        done = subprocess.run(argv, env=env, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode in (0, 1, 2, 3), done
        assert b"Traceback" not in done.stderr
        assert b"\xff" not in done.stdout + done.stderr
        done.stderr.decode()


LEAKS = [
    b"\x1b[?62;4c",
    b"\x1b[?2026;2$y",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\xff\xfe",
    b"\xe9",
    b"\x80",
    b"\x1b[M \xa00",
]
LATE = ["[A", "OP", "[1;5D", "[106;1u", "[117;1u", "[60;1u", "[?62;4c"]


def test_attack_06_what_a_terminal_sends_changes_no_record(store: Path) -> None:
    before = dump(morning(store))
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        for leak in LEAKS:
            terminal.type(leak).rest()
        terminal.type("/smi").until("1 found").type("\x1b").rest()
        terminal.type(b"\x1b\x1b").rest().type("\x11")
        assert terminal.leave() == 0
    assert dump(store) == before


def test_attack_06_nor_does_it_in_pieces(store: Path) -> None:
    morning(store)
    with start(store, ESCDELAY="50") as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("+").until("priority high").rest()
        before = dump(store)
        for late in LATE:
            terminal.type("\x1b").rest()  # longer than the delay: the Esc has been acted on
            terminal.type(late).rest()
            for byte in "\x1b" + late:
                terminal.type(byte).rest(0.12)
            terminal.rest(0.6)
        terminal.type(b"\x1b\x1b").rest().type("\x11")
        assert terminal.leave() == 0
    assert dump(store) == before


def test_attack_07_a_megabyte_is_cut_and_said(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Smithfield").type("co").until("note").rest()
        spent = processor_time(terminal.pid)
        pasted = b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~"
        for at in range(0, len(pasted), 4096):
            terminal.type(pasted[at : at + 4096]).read(0)
        terminal.until("characters fit: the rest is left out")
        assert processor_time(terminal.pid) - spent < 1.5
        terminal.type("\x15short\r").until("short").type("\x1b").rest(0.2).type("u").until("undone")


def test_attack_07_lines_become_one_and_nothing_is_lost(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Smithfield").type("co").until("note")
        terminal.type("\x1b[200~one\ntwo\r\nthree\x1b[201~").until("one two three")


def test_attack_07_an_end_within_a_paste_loses_nothing(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Smithfield").type("co").until("note").rest()
        terminal.type("\x1b[200~name\x1b[201~\x11\x1b[201~")
        assert terminal.leave() == 0
    with start(store) as terminal:
        terminal.until("a draft").type("co").until("your draft: name")


def test_attack_07_a_paste_without_end_gives_the_keyboard_back(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Smithfield").type("co").until("note").rest()
        terminal.type("\x1b[200~half of it").rest()
        assert "half" not in terminal.text
        terminal.until("half of it").type(" and more\r").until("half of it and more")


def test_attack_07_what_is_pasted_on_the_list_does_nothing_or_is_undone(store: Path) -> None:
    before = dump(morning(store))
    with start(store) as terminal:
        terminal.until("Smithfield").type("\x1b[200~xxdd\x1b[201~").until("pasted text needs a prompt")
        assert dump(store) == before
        seq = sequence(store)
        terminal.type("xxdd").rest().type("\x1b").rest(0.2)
        for _ in range(sequence(store) - seq):
            terminal.type("u").rest()
        terminal.type("\x11")
        terminal.leave()
    assert dump(store) == before


def test_attack_08_bursts_arrive_whole(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("aZoë Smyth\x7f\x7f\x7fith @acme tu\r").until("added acme")
        terminal.type("/smith\x15cedar\r").until("Cedar")
        terminal.type("\x1b").rest()
        terminal.type("cncn..u").rest()
        terminal.type("xlostx").rest()
    added = of(store, "acme")
    assert added.contacts[0].name == "Zoë Smith"


ASKING = [
    one for one in COMMANDS if one.ask and one.keys and not one.ask.stages and one.name not in ("note",)
]


def test_attack_08_in_every_prompt(store: Path) -> None:
    """Keys in the same read as the key that opens the prompt go to the prompt."""
    with start(morning(store), 200, 50) as terminal:
        terminal.until("Smithfield").rest()
        for command in ASKING:
            keys = keys_of(command.name)[0].replace(" ", "")
            if acting.GIVEN.get(command.name, acting.Given()).first or len(keys) > 3:
                continue
            terminal.type(f"#1\r{keys}smyth\x7f\x7fith")
            terminal.until("smyith").type("\x1b").rest(0.15)
            terminal.type("\x1b").rest(0.15)
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.leave()
