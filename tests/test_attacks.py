"""Attacks on the command line and what it reads, by their numbers: 3 (in a terminal), 13, 14, 16, 17, 18.

tests/tui/test_attacks_screen.py has those on the workday, tests/test_attacks_files.py those by data,
tests/test_attacks_export.py those on what is given out, tests/tui/test_ssh.py those by SSH (14 and 15).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from acting import Hands, world
from commandline import cli, small_store
from day import ME, morning, of, start
from desks import NOW, Clock, desk_at, everything, small_world
from hostile import ALL, plant, steers
from terminal import Terminal

from huntertui.config import load as load_config
from huntertui.errors import Conflict, HunterError
from huntertui.store import Tx
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
    verbs += [["show", str(id)] for id in ids[1::8]]
    verbs += [
        ["find", "is:neglected"],
        ["note", str(ids[0]), "a\x1b]2;PWNED\x07b"],
        ["log", "--inbound", "\x1b[2J <x\x9b2J@y.example>", "\x1b]0;x\x07"],
        ["history", str(ids[0])],
        ["history"],
    ]
    verbs += [
        ["explain", "A\x1b]2;PWNED\x1b\\"],
        ["\x1b[2J"],
        ["list", "--owner", "\x9b2J"],
        ["import", "\x1b[2J"],
    ]
    for verb in verbs:
        written = shown(store, *verb)
        assert steers(written) == [], (verb, written[:3000])


# 13


MONDAY = NOW.date()
DATES = {
    "9" * 20: None,
    "930": None,  # the year, or half past nine, which is over
    "12": MONDAY + timedelta(days=16),  # business days, never the 12th, which is over
    "32": date(2027, 1, 6),
    "May": None,
    "1/12": None,
    "next tue": date(2026, 12, 1),
    "x" * 100_000: None,
    "1 jan 1989": None,
    "0001-01-01": None,
    "2100-12-31": date(2100, 12, 31),
    "2101-01-01": None,
}


@pytest.mark.parametrize("text", DATES, ids=lambda text: text[:12])
def test_attack_13_a_date_is_shown_before_it_is_taken_or_refused(text: str) -> None:
    desk = desk_at("memory:", Clock(NOW + timedelta(hours=1)))
    small_world(desk)
    hands = Hands(desk)
    hands.type("#1⏎s").steering.paste(text)
    prompt, before = hands.steering.prompt, hands.desk.opportunity(1)
    assert prompt is not None
    begun = time.process_time()
    preview = prompt.state(200).text
    hands.type("⏎")
    assert time.process_time() - begun < 1
    now = hands.desk.opportunity(1)
    assert now is not None
    if DATES[text] is None:
        assert hands.steering.prompt is not None
        assert now == before
    else:
        assert now.next is not None
        assert now.next.due == DATES[text]
        assert f"{DATES[text]:%-d %b}" in preview


# 14


CLAIMS = {
    "SUDO_USER": "root", "SUDO_UID": "0", "USER": "bob", "LOGNAME": "bob", "LNAME": "bob", "USERNAME": "bob",
    "SSH_ORIGINAL_COMMAND": "--as bob", "LC_ALL": "x", "TERM": "../../e;$(x)", "LANG": "$(id)",
    "TEXTUAL_DRIVER": "os:system", "TEXTUAL_PRESS": "x,w", "TEXTUAL_SCREENSHOT": "1", "COLUMNS": "5000",
    "TEXTUAL_SCREENSHOT_LOCATION": "x", "TEXTUAL_COLOR_SYSTEM": "bogus", "UNICODE_VERSION": "bogus",
    "FORCE_COLOR": "bogus", "BROWSER": "sh", "EDITOR": "sh", "PAGER": "sh", "TEXTUAL_LOG": "x",
}  # fmt: skip


def test_attack_14_who_one_is_nobody_else_says(store: Path, tmp_path: Path) -> None:
    morning(store)
    before = set(tmp_path.rglob("*"))
    with start(store, 120, 30, **CLAIMS) as one, start(store, 120, 30, **CLAIMS | {"USER": "eve"}) as other:
        for terminal in (one, other):
            terminal.until(f"- {ME} -").rest()
        one.type("aAnn Lee @Claimed\r").until("Claimed #")
        other.until("Claimed").type("q")
        one.type("q")
        assert (one.leave(), other.leave()) == (0, 0)
    assert of(store, "Claimed").owner == ME
    assert not {path for path in set(tmp_path.rglob("*")) - before if path.name in ("e", "id", "x")}
    done = cli("--store", store, "--as", "bob", "list", **CLAIMS)
    assert (done.returncode, done.stdout) == (7, "")
    assert "--as 'bob': who you are is your account" in done.stderr


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


# 18


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Hands, Hands]]:
    """Ana and ben, each with a screen of their own on one store; ben's has not seen yet what ana does."""
    path, clock = small_store(tmp_path), Clock()
    ana, ben = desk_at(path, clock), desk_at(path, clock, "ben")
    with ana.store, ben.store:
        yield Hands(ana), Hands(ben)


def test_attack_18_of_two_who_take_one_lead_one_has_it(two: tuple[Hands, Hands]) -> None:
    ana, ben = two
    for hands in two:
        hands.type("#5⏎")
    ana.type("i")
    ben.type("i")
    assert ana.steering.said == "Umbrella #5 is ana's"
    assert ben.steering.said == "Umbrella #5: ana set the owner to ana just now; ana has Umbrella #5 now"
    assert ben.steering.panel is None  # there is nothing to overwrite
    winner = ben.desk.opportunity(5)
    assert winner is not None
    assert winner.owner == "ana"

    def take(tx: Tx) -> None:
        tx.update("opportunities", 5, {"owner": "ben"}, expect={"owner": ""})

    with pytest.raises(Conflict) as caught:
        ben.desk.store.transact(take, "ben")
    assert (caught.value.by, caught.value.at, caught.value.exit_code) == ("ana", NOW, 4)


def delete(tx: Tx) -> None:
    tx.label = "deleted Acme #1"
    tx.delete("opportunities", 1)


@pytest.mark.parametrize("keys", ["wdec15", "stue", ",tue call", "cosays hello", "v,tue call", "e"])
def test_attack_18_who_edits_what_is_deleted_is_told(keys: str, two: tuple[Hands, Hands]) -> None:
    ana, ben = two
    ana.type(f"#1⏎{keys}")
    ben.desk.store.transact(delete, "ben")
    if keys == "e":
        ana.type("zz").press("ctrl+s")
    else:
        ana.type("⏎")
    ana.desk.follow()
    assert ana.desk.opportunity(1) is None
    panel, prompt = ana.steering.panel, ana.steering.prompt
    told = [ana.steering.said, prompt.state(200).text if prompt else ""]
    told += [line.text for line in panel.state().lines] if panel else []
    assert any("no #1 any more" in text and "ben" in text for text in told), told


def test_attack_18_what_another_did_since_is_not_undone(two: tuple[Hands, Hands]) -> None:
    ana, ben = two
    ana.type("#1⏎+")
    ben.desk.follow()
    ben.type("ga#1⏎-")
    before = everything(ben.desk.store)
    ana.type("u")
    assert ana.steering.said.startswith("not undone: Acme #1: priority high; ben has changed it since")
    assert everything(ana.desk.store) == before
