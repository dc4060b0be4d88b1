"""The command line as people and scripts use it: streams, exit codes, and nothing that steers a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import ME, cli, inside, small_store
from desks import NOW, Clock, desk_at
from terminal import Terminal

from huntertui import __main__ as root
from huntertui.cli.crash import record_crash
from huntertui.cli.verbs import VERBS
from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.errors import Conflict, Usage
from huntertui.store import place
from huntertui.themes import Theme


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the small world; ana and ben are in it, whoever runs the tests is not."""
    return small_store(tmp_path)


# Exit codes and messages


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["lits"], 2, "there is no 'lits': did you mean list?"),
        (["frobnicate"], 2, "huntertui -h lists them"),
        (["list", "--lan", "closing"], 2, "unrecognized arguments: --lan"),
        (["--stor", "x", "list"], 2, "--stor"),
        (["list", "--lane", "closed"], 2, "invalid choice: 'closed'"),
        (["list", "--json", "--plain"], 2, "not allowed with"),
        (["explain"], 2, "required: WHO;"),
        (["log"], 2, "required: WHO;"),
        (["edit", "1"], 2, "required: FIELD;"),
        (["demo", "--json"], 2, "unrecognized arguments: --json;"),
        (["explain", "Acme"], 3, "'Acme' may be Acme #1 (ana, new), Acme #2 (ana, new): give the number"),
        (["explain", "9" * 5000], 3, "nothing is called '999"),
        (["show", "zzz"], 3, "nothing is called 'zzz'"),
        (["history", "is:x"], 2, "is:"),
        (["find"], 2, "find what?"),
        (["find", '""'], 2, "find what?"),
        (["history", "--limit", "-1"], 2, "'-1' is no number of events"),
        (["add", "x" * 2001], 2, "more than 2,000 characters"),
        (["edit", "4", "name", "x" * 2001], 2, "more than 2,000 characters"),
        (["find", "late>x"], 2, "late"),
        (["find", "--view", "mine"], 2, "no view 'mine'"),
        (["explain", "99"], 3, "there is no #99"),
        (["import", "nowhere.csv"], 1, "nowhere.csv"),
        (["import", "x.csv", "--owner", "Zoe"], 2, "write it as THEIRS=ours"),
        (["--store", "http://x", "list"], 2, "is no store"),
        (["--config", "/nowhere/x.toml", "list"], 2, "--config: there is no file"),
        (["--theme", "drak"], 2, "--theme: "),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(
    store: Path, args: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = args if "--store" in args else ["--store", str(store), *args]
    assert inside(*given) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("huntertui: ")
    assert said.err.count("\n") == 1
    assert words in said.err


def test_help_begins_with_examples() -> None:
    for done in (cli("-h"), cli("--help", "-h")):
        assert done.returncode == 0
        assert done.stdout.startswith("  huntertui  ")
        assert all(f"\n  {verb} " in done.stdout for verb in VERBS)
    assert "usage: huntertui list" in cli("list", "-h").stdout
    assert "usage: huntertui list" in cli("-h", "list").stdout


def test_version() -> None:
    assert re.fullmatch(r"huntertui \d+\.\d+\.\d+\n", cli("--version").stdout)


def test_without_a_terminal_the_workday_says_so(store: Path) -> None:
    for args in ([], ["demo"]):
        done = cli("--store", store, *args)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("huntertui: the workday needs a terminal")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"opportunities": 5}', "\0" * 50])
@pytest.mark.parametrize("args", [["list"], ["explain", "1"], []])
def test_a_damaged_store_is_named_and_left_alone(tmp_path: Path, content: str, args: list[str]) -> None:
    path = tmp_path / "team" / "store.json"
    path.parent.mkdir()
    path.write_text(content)
    before = path.stat().st_ino, path.stat().st_mtime_ns
    done = cli("--store", path, *args)
    assert done.returncode == 6
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_text() == content
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


def test_a_record_that_cannot_be_read_stops_nobody(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_at(store, Clock())
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"created": "once"}), "ana")
    desk.store.close()
    assert inside("--store", store, "list", "--owner", "all") == 0
    said = capsys.readouterr()
    assert "opportunity #1: created cannot be read: 'once'" in said.err
    assert "Globex" in said.out


def test_nobody_reading_is_no_fault(store: Path) -> None:
    code = f"{sys.executable} -m huntertui --store {store} list --owner all; echo $? >&2"
    done = subprocess.run(
        ["bash", "-c", f"({code}) | true"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr in ("0\n", "141\n")


@pytest.mark.parametrize(
    ("where", "code", "said"),
    [
        ("1>&-", 0, ""),
        ("2>&-", 0, ""),
        ("1>/dev/full", 1, "huntertui: the output cannot be written: No space left on device\n"),
    ],
)
def test_output_without_a_place(store: Path, where: str, code: int, said: str) -> None:
    command = f"{sys.executable} -m huntertui --store {store} list --owner all {where}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (code, said)


def test_interrupted(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    assert inside("--store", store, screen=interrupt) == 130


def test_interrupted_before_it_has_begun() -> None:
    code = """
import sys
from huntertui.__main__ import main

class Impatient:
    def find_spec(self, name, *_):
        if name == "huntertui.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Impatient())
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_errors_bring_their_exit_code(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def conflict(*_: object) -> int:
        raise Conflict("opportunities", 3, "owner", by="ben")

    assert inside("--store", store, screen=conflict) == 4
    assert "by ben" in capsys.readouterr().err


# Crashes


def test_a_crash_leaves_its_place_but_nobodys_data(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(desk: Desk, *_: object) -> int:
        customer = desk.opportunity(1)
        try:
            raise KeyError(f"no such thing: {customer}")
        except KeyError as error:
            raise RuntimeError(f"Ann Lee of Acme, {customer}") from error

    assert inside("--store", store, screen=broken) == 1
    said = capsys.readouterr().err
    [log] = (tmp_path / "state" / "huntertui").iterdir()
    assert said == f"huntertui: stopped by a fault of its own (RuntimeError); details in {log}\n"
    assert log.stat().st_mode & 0o777 == 0o600
    text = log.read_text()
    assert "builtins.RuntimeError" in text
    assert "builtins.KeyError" in text
    assert "in broken" in text
    assert not re.search("acme.example|7946", text)


def test_a_crash_that_cannot_be_kept_is_still_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    assert record_crash(ValueError("x"), tmp_path / "state", NOW).startswith(
        "stopped by a fault of its own (ValueError)"
    )


# keys, themes, paths


def test_keys_lists_the_table() -> None:
    done = cli("keys")
    assert done.returncode == 0
    assert "log-no-answer" in done.stdout


def test_keys_lists_my_own_and_names_what_is_wrong_with_them(tmp_path: Path) -> None:
    config = tmp_path / "config" / "huntertui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        "[keys]\n"
        'cliam = "i"\n'
        'claim = "s"\n'
        'raise = "O"\n'
        'close-won = ["%", "x w"]\n'
        'snooze = "foo"\n'
        "lower = 7\n"
        "help = []\n"
    )
    done = cli("keys")
    assert done.returncode == 0
    wrong = [line.removeprefix("huntertui: ").removeprefix(f"{config}:") for line in done.stderr.splitlines()]
    assert sorted(wrong) == [
        "2: keys.cliam: no command of that name; did you mean 'claim'?",
        "3: keys.claim: 's' clashes with 's' of snooze",
        "4: keys.raise: 'O' may come from the terminal itself, so it may not change records",
        "6: keys.snooze: 'foo' is no key",
        "7: keys.lower: must be a key in quotes or a list of them, not 7",
    ]
    for keys, name in (
        ("i", "claim"),
        ("+, =", "raise"),
        ("%, x w", "close-won"),
        ("s", "snooze"),
        ("", "help"),
    ):
        assert re.search(rf"^  {re.escape(keys)} +{name} ", done.stdout, re.MULTILINE), (
            name
        )  # as it is in force


def test_themes_marks_the_one_in_use_and_names_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "huntertui" / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('inherits = "dark"\nprimray = "#123456"\n')
    done = cli("themes", "--theme", "mono")
    assert done.returncode == 0
    assert re.search(r"^\* mono +/.*mono\.toml$", done.stdout, re.MULTILINE)
    assert re.search(r"^  dark ", done.stdout, re.MULTILINE)
    assert "mine.toml:2: primray: is unknown" in done.stderr


def test_paths_says_where_things_are(tmp_path: Path) -> None:
    lines = dict(line.split(None, 1) for line in cli("paths", "--store", "x.json").stdout.splitlines())
    assert lines["store"] == "x.json"
    assert lines["state"] == str(tmp_path / "state" / "huntertui")


def test_a_fault_in_the_settings_stops_nobody(tmp_path: Path) -> None:
    config = tmp_path / "config" / "huntertui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('colour = "red"\n')
    done = cli("list")
    assert done.returncode == 0
    assert f"{config}:1: colour: is unknown" in done.stderr


# import


def test_import_then_list(tmp_path: Path) -> None:
    file, path = tmp_path / "leads.csv", tmp_path / "team" / "store.json"
    file.write_text(
        "Company,First Name,Last Name,Email,Amount\nAcme [/red],Ann,Lee,a@x.example,5\nB,Bo,Ray,,much\n"
    )
    dry = cli("--store", path, "import", file, "--dry-run")
    assert (dry.returncode, path.exists()) == (0, False)
    assert "1 would be added from leads.csv" in dry.stdout
    done = cli("--store", path, "import", file)
    assert done.returncode == 0
    assert "1 added from leads.csv, 0 merged, 1 rejected, 0 left out: 2 rows (1 open)" in done.stdout
    assert "leads.csv, line 3, Amount: 'much' is no amount" in done.stderr
    again = json.loads(cli("--store", path, "import", file, "--json").stdout)
    assert (again["schema"], again["added"], again["skipped"]) == (1, 0, 1)
    assert "Acme [/red]" in cli("--store", path, "list").stdout


def test_the_order_of_dates_is_asked_for_or_given(tmp_path: Path) -> None:
    file, path = tmp_path / "deals.csv", tmp_path / "team" / "store.json"
    file.write_text("Deal Name,Stage,Close Date\nGears,Proposal,3/4/2027\n")
    silent = cli("--store", path, "import", file)
    assert (silent.returncode, path.exists()) == (1, False)
    assert "line 2, Close Date: '3/4/2027' may be day-first or month-first" in silent.stderr
    command = [sys.executable, "-m", "huntertui", "--store", str(path), "import", str(file)]
    with Terminal(command, os.environ) as terminal:
        terminal.until("Day first or month first?").type("m\r")
        terminal.until("Import this?").type("\r")
        assert terminal.leave() == 0
    with desk_at(path, Clock()).store as kept:
        assert [doc["expected_close"] for _, doc in kept.find("opportunities")] == ["2027-03-04"]
    given = cli("--store", path, "import", file, "--dates", "month-first")
    assert "1 here already" in given.stdout
    assert "Close Date: dates read month-first" in given.stderr


# The composition root


def test_the_workday_opens_on_my_desk(store: Path) -> None:
    opened: list[tuple[str, int, str, bool, bool]] = []

    def screen(desk: Desk, config: Config, theme: Theme, demo: bool) -> int:
        opened.append((desk.me, len(desk.book), theme.name, config.mouse, demo))
        return 129

    assert inside("--store", store, "--theme", "mono", "--no-mouse", screen=screen) == 129
    assert inside("demo", screen=screen) == 129
    assert opened[0] == (ME, 5, "mono", False, False)
    assert (opened[1][0], opened[1][4]) == ("ana", True)


def test_a_network_file_system_is_taken_only_when_asked_for(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(place, "_mounts", lambda: f"2 1 0:2 / {store.parent} rw - nfs4 host:/team rw\n")
    assert inside("--store", store, "list") == 7
    assert f"{store.parent} is a file system of type nfs4" in capsys.readouterr().err
    assert inside("--store", store, "--any-filesystem", "list") == 0
    assert inside("list", "--store", store, "--any-filesystem") == 0
    settings = tmp_path / "my.toml"
    settings.write_text("any_filesystem = true")
    assert inside("--store", store, "--config", settings, "list") == 0


def test_a_theme_that_is_wrong_in_a_file_is_told_and_dark_taken(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def screen(desk: Desk, config: Config, theme: Theme, demo: bool) -> int:
        opened.append(theme.name)
        return 0

    assert inside("--store", store, env=dict(os.environ) | {"HUNTERTUI_THEME": "drak"}, screen=screen) == 0
    assert opened == ["dark"]
    assert "going on with dark" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, {"TEXTUAL_ANIMATIONS": "none"}),
        ({"TEXTUAL_LOG": "/x", "TEXTUAL_ANIMATIONS": "full"}, {"TEXTUAL_ANIMATIONS": "none"}),
        ({"SSH_CONNECTION": "a 1 b 2"}, {"TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "250"}),
        ({"SSH_CONNECTION": "a 1 b 2", "ESCDELAY": "90"}, {"TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "90"}),
        ({"NO_COLOR": "1"}, {"TEXTUAL_ANIMATIONS": "none"}),
        (dict.fromkeys(root.UNHEEDED, "x") | {"LESSOPEN": "|x"}, {"TEXTUAL_ANIMATIONS": "none"}),
        ({"STY": "1.pts"}, {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_COLOR_SYSTEM": "256"}),
        ({"TERM": "screen-256color"}, {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_COLOR_SYSTEM": "256"}),
        ({"TERM": "screen-256color", "TMUX": "/x"}, {"TEXTUAL_ANIMATIONS": "none"}),
    ],
)
def test_what_textual_is_told(given: dict[str, str], wanted: dict[str, str]) -> None:
    env = dict(given)
    root.prepare(env)
    kept = {
        name: value
        for name, value in given.items()
        if name in ("SSH_CONNECTION", "ESCDELAY", "STY", "TERM", "TMUX")
    }
    assert env == kept | wanted


def test_kitty_is_not_asked_for_where_the_settings_say_so() -> None:
    env = {"TEXTUAL_DISABLE_KITTY_KEY": "0"}
    root.prepare(env, kitty=False)
    assert env["TEXTUAL_DISABLE_KITTY_KEY"] == "1"
    root.prepare(env)
    assert "TEXTUAL_DISABLE_KITTY_KEY" not in env


def test_a_dumb_terminal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(Usage):
        root.check_terminal()
    monkeypatch.setenv("TERM", "xterm")
    root.check_terminal()


def test_identity_is_not_taken_from_the_environment(store: Path) -> None:
    done = cli("--store", store, "list", "--owner", "me", USER="ana", LOGNAME="ana", SUDO_USER="ana")
    assert done.stdout == ""
