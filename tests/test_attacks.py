"""Attacks on the command line and the files it reads, by their numbers: 3 (in a terminal), 16, 17.

tests/tui/test_attacks_screen.py has those on the workday.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from acting import Hands, world
from commandline import cli
from day import morning, start
from desks import Clock
from hostile import ALL, plant, steers
from terminal import Terminal

from huntertui.config import load as load_config
from huntertui.errors import HunterError
from huntertui.themes import available, folders, load
from huntertui.tomlfile import LIMIT


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store" / "store.json"


def shown(store: Path, *words: str) -> bytes:
    """The bytes that a terminal is given by a verb."""
    argv = [sys.executable, "-m", "huntertui", "--store", str(store), *words]
    home = {"PATH": os.environ["PATH"], "HOME": str(store.parent.parent), "TZ": "UTC"}
    with Terminal(argv, home, 150, 50) as terminal:
        terminal.leave()
        return bytes(terminal.written)


def test_attack_03_no_verb_passes_a_control_on_to_a_terminal(store: Path) -> None:
    ids = plant(store, list(ALL))
    verbs = [
        ["list"],
        ["list", "--plain"],
        ["list", "--json"],
        ["list", "--owner", "all"],
        ["store", "status"],
    ]
    verbs += [["explain", str(id)] for id in ids[::4]]
    verbs += [
        ["explain", "A\x1b]2;PWNED\x1b\\"],
        ["\x1b[2J"],
        ["list", "--owner", "\x9b2J"],
        ["import", "\x1b[2J"],
    ]
    for verb in verbs:
        written = shown(store, *verb)
        assert steers(written) == [], (verb, written[:3000])


# 16


FILES = {
    "include": 'include = "/etc/passwd"\n',
    "colour": 'foreground = "$(x)"\n',
    "name": 'inherits = "../../x"\n',
    "markup": 'inherits = "[/]"\n',
    "tag": "primary: !!python/object/apply:os.system ['id']\n",
    "control": 'primary = "\\u001b]2;PWNED\\u0007"\n',
    "too long": "#" * 10_000_000,
    "deep": "a = " + "[" * 100_000 + "\n",
    "binary": "\x00\x01\x02",
}


@pytest.mark.parametrize("name", FILES)
def test_attack_16_a_theme_is_data_and_a_bad_one_is_named(name: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FILES[name])
    begun = time.process_time()
    with pytest.raises(HunterError) as caught:
        load("mine", folders(tmp_path))
    assert time.process_time() - begun < 5
    assert str(file) in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000
    themes, errors = available(folders(tmp_path))
    assert "dark" in themes
    assert len(errors) == 1


@pytest.mark.parametrize("name", FILES)
def test_attack_16_so_is_a_config_and_the_day_goes_on(name: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(FILES[name].replace("inherits", "theme").replace("foreground", "theme"))
    config, problems = load_config({"HOME": str(tmp_path)}, {"config": str(file)})
    if config.theme != "dark":  # a name, and a bad one, as who loads it finds
        with pytest.raises(HunterError):
            load(config.theme, folders(tmp_path))
        return
    assert problems
    assert all(str(problem).isprintable() and len(str(problem)) < 1000 for problem in problems)
    assert str(file) in str(problems[0])


def test_attack_16_no_name_leads_out_of_the_folder(store: Path) -> None:
    for name in ("../../x", "[/]", "$(x)", "a" * 33, "/etc/passwd"):
        done = cli("--store", store, "--theme", name, "list")
        assert done.returncode in (0, 2), done
        assert "root:" not in done.stdout + done.stderr


def test_attack_16_a_file_of_ten_megabytes_is_not_read() -> None:
    assert LIMIT < 1_000_000


# 17


WORDS = (
    "[",
    ".*",
    "\\",
    "(" * 10_000,
    "a" * 10_000,
    "(a+)+$",
    "^",
    "%s",
    '"' * 999,
    "-" * 999,
    "((((:" * 200,
)


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
def test_attack_17_what_is_sought_is_letters(words: str) -> None:
    hands = Hands(world("memory:", Clock()))
    begun = time.process_time()
    hands.type("/").steering.paste(words)
    hands.type("⏎")
    assert time.process_time() - begun < 2
    hands.type("␛␛/acme⏎")
    assert hands.steering.lanes.row is not None


def test_attack_17_letters_of_an_expression_are_found(store: Path) -> None:
    morning(store)
    plant(store, ["Acme (a+)+$ [x] .* \\"])
    with start(store) as terminal:
        for part in ("(a+)+$", "[x]", ".*", "\\"):
            terminal.type(f"/{part}\r").until(f"find {part}").until("Acme").type("\x1b").rest(0.2)
