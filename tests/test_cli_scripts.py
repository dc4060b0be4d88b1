"""What scripts may rely on, whatever the verb: streams, silence, exit codes, and words that mean nobody."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from commandline import ME, inside, small_store
from desks import NOW, Clock, desk_at
from terminal import Terminal


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the small world; ana and ben are in it, whoever runs the tests is not."""
    return small_store(tmp_path)


# Streams


def piped(*args: str | Path, given: bytes = b"") -> tuple[int, bytes, str]:
    """The code, what came out, and what was said, of a verb that something is piped into."""
    command = [sys.executable, "-m", "huntertui", *args]
    done = subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_a_backup_goes_through_a_pipe_and_back(store: Path, tmp_path: Path) -> None:
    code, backup, said = piped("--store", store, "store", "backup", "-")
    assert (code, said) == (0, "")
    assert set(json.loads(backup)) >= {"opportunities", "events"}
    assert not (tmp_path / "-").exists()
    other = tmp_path / "other" / "store.json"
    code, _, said = piped("--store", other, "store", "restore", "-", given=backup)
    assert (code, "nobody is there to be asked" in said) == (2, True)
    code, told, _ = piped("--store", other, "store", "restore", "-", "--yes", given=backup)
    assert (code, b"opportunities: 6 come back" in told) == (0, True)
    assert piped("--store", store, "store", "backup", "-", "--json")[0] == 2
    code, _, said = piped("--store", tmp_path / "none.json", "store", "backup", "-")
    assert (code, "there is no store yet" in said) == (3, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_came_through_a_pipe_does_not_stay(store: Path, tmp_path: Path, number: int) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", "-"]
    env = os.environ | {"TMPDIR": str(place)}
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        process.stdin.write(b"Company\nAcme\n")
        while not list(place.rglob("stdin")):
            assert process.poll() is None
        process.send_signal(number)
        process.stdin.close()  # where it had just not begun to read, it would wait for more
        assert process.wait(20) == 128 + number
    assert list(place.iterdir()) == []


def test_the_teams_file_goes_through_a_pipe(store: Path, tmp_path: Path) -> None:
    code, rules, _ = piped("--store", store, "team", "init", "-")
    assert code == 0
    assert b"[members." in rules
    assert not (store.parent / "team.toml").exists()
    code, told, _ = piped("team", "check", "-", given=rules)
    assert (code, b"all right" in told) == (0, True)
    code, told, _ = piped("team", "check", "-", given=b"zome = 5\n")
    assert (code, told.startswith(b"-:1: zome")) == (1, True)


# Quiet, verbose, and asking


@pytest.mark.parametrize(
    "args",
    [
        ["import", "leads.csv"],
        ["store", "verify"],
        ["store", "checkpoint"],
        ["store", "backup", "new.json"],
        ["store", "restore", "old.json", "--yes"],
        ["store", "repair"],
        ["store", "copy", "store.json", "copy.json"],
        ["team", "init", "rules.toml"],
        ["team", "check", "good.toml"],
        ["themes", "check", "dark"],
        ["config", "set", "theme", "light"],
        ["add", "Ann Lee @Acme"],
        ["raise", "1"],
        ["brief"],
    ],
    ids=" ".join,
)
def test_quiet_says_nothing_when_all_is_well(
    args: list[str], store: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(store.parent)
    Path("leads.csv").write_text("Company,Close Date,Stage\nUmbra,13/4/2027,New\n")
    Path("good.toml").write_text("")
    shutil.copy("store.json", "old.json")
    assert inside("--store", "store.json", *args, "--quiet") in (0, 10)
    assert capfd.readouterr() == ("", "")


def test_quiet_says_what_goes_wrong(store: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "doctor", "--quiet") == 0
    assert not re.search(r"^ok ", capfd.readouterr().out, re.MULTILINE)
    assert inside("--store", store, "raise", "99", "--quiet") == 3
    assert "#99" in capfd.readouterr().err


def test_verbose_says_as_whom_and_on_what(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "list", "-v", "--json") == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"huntertui: as {ME}; store {store}, team ")
    assert json.loads(said.out)["schema"] == 1


def test_with_no_input_nothing_is_asked_for(store: Path, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Asiakas,Summa\nGlobex,500\n")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "--no-input"]
    for args in (
        [],
        ["demo"],
        ["add"],
        ["snooze", "4"],
        ["import", str(tmp_path / "deals.csv")],
        ["store", "restore", str(store)],
        ["note", "4", "-"],
        ["doctor", "--keys"],
    ):
        with Terminal([*command, *args], os.environ) as terminal:
            assert terminal.leave() in (0, 1, 2), args


# Exit codes


def changed_by_ben(store: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    assert inside("--store", store, "priority", "5", "high", "-q") == 0
    desk = desk_at(store, Clock(), "ben")
    desk.raise_priority(5, 1)
    desk.store.close()
    return ["undo"]


def locked(store: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def busy(*_: object) -> NoReturn:
        raise BlockingIOError

    monkeypatch.setattr("huntertui.store.lock.fcntl.flock", busy)
    monkeypatch.setattr("huntertui.store.lock._Waiting.until", lambda *_: False)
    return ["raise", "5"]


def damaged(store: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shutil.rmtree(f"{store}.d")
    store.write_text("{")
    return ["list"]


def of_a_lead(store: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    store.with_name("team.toml").write_text(f"[members.{ME}]\n[members.ana]\n[members.ben]\n")
    return ["raise", "3"]


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (0, ["list", "--where", "company:nobody"]),
        (1, ["import", "/nowhere.csv"]),
        (2, ["frobnicate"]),
        (3, ["show", "99"]),
        (3, ["show", "acme"]),
        (4, changed_by_ben),
        (5, locked),
        (6, damaged),
        (7, of_a_lead),
        (10, ["brief", "--all"]),
    ],
)
def test_exit_codes(
    code: int, args: list[str] | Callable[..., list[str]], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = args if isinstance(args, list) else args(store, monkeypatch)
    assert inside("--store", store, *given, at=NOW + timedelta(days=9)) == code


# Words that scripts get wrong, and what they must never mean


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["raise", "--each", ""], 2, "--each of what?"),
        (["raise", "--each", " "], 2, "--each of what?"),
        (["lost", "", "price"], 3, "nothing is called ''"),
        (["lost", "-acme", "price"], 3, "nothing is called '-acme'"),
        (["lost", "--", "-acme", "price"], 3, "nothing is called '-acme'"),
        (["--json", "list"], 2, "--json stands behind the verb"),
        (["raise", "1,x"], 3, "nothing is called '1,x'"),
    ],
)
def test_what_is_empty_or_only_leaves_out_means_nobody(
    store: Path, args: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_at(store, Clock())
    for id in (2, 3, 4, 5):
        desk.lose(id, "p")  # what is left might be taken for the one that is meant
    desk.store.close()
    assert inside("--store", store, *args) == code
    said = capsys.readouterr().err
    assert words in said
    assert "did you mean Acme" not in said
    with desk_at(store, Clock()).store as kept:
        assert kept.get("opportunities", 1) == {**(kept.get("opportunities", 1) or {}), "stage": "new"}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["add", "-n", "--", "--weird Ann", "@Zeta"], "would be: added Zeta #7"),
        (["note", "1", "-n", "--", "--json", "-n"], "would be: noted on Acme #1"),
        (["tag", "1", "hot", "-cold", "-n"], "would be: Acme #1: tags hot"),
        (["tag", "-n", "1", "--", "-cold"], "would be: Acme #1: no tags"),
        (["raise", "1,4,", "-n"], "would be: raised 2"),
        (["raise", "#1, #4", "-n"], "would be: raised 2"),
        (["raise", "--each", "-n", "--", "-company:acme"], "would be: raised 3"),
        (["note", "4", "-n", "漢字 and \x1b]0;x\x07 " + "x" * 100_000], "would be: noted on Initech #4"),
    ],
)
def test_words_and_options_are_told_apart(
    store: Path, args: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inside("--store", store, *args) == 0
    assert capsys.readouterr().out.startswith(told)


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (b"1\n4\n\n1\n", 0, "raised 2"),
        (b"#1\tAcme\r\n4 Initech\r\n", 0, "raised 2"),
        (b"\xef\xbb\xbf1\n", 0, "Acme #1: priority"),
        (b"", 0, "no item is meant"),
        (b"".join(b"%d\t%s\n" % (1 + n % 2 * 3, b"x" * 90) for n in range(20_000)), 0, "raised 2"),
        (b"1\nx\n", 2, ""),
        (b"1\n99\n", 3, "raised 1"),
    ],
)
def test_numbers_from_a_pipe(store: Path, given: bytes, code: int, told: str) -> None:
    ended, out, _ = piped("--store", store, "raise", "-", "-n", given=given)
    assert (ended, out.decode().removeprefix("would be: ").startswith(told)) == (code, True)


def test_lines_of_a_text_from_a_pipe_stay_lines(store: Path) -> None:
    assert piped("--store", store, "edit", "4", "notes", "-", given=b"a plant\nin Lyon\n")[0] == 0
    assert piped("--store", store, "note", "4", "-", given=b"likes\ntea\n")[0] == 0
    code, told, _ = piped("--store", store, "show", "4", "--json")
    assert (code, json.loads(told)["record"]["notes"]) == (0, "a plant\nin Lyon")
    code, told, _ = piped("--store", store, "history", "4", "--plain", "--limit", "1")
    assert (code, told.decode().split("\t")[3]) == (0, "likes tea\n")


def test_what_is_read_from_a_pipe_is_called_so(store: Path, tmp_path: Path) -> None:
    for args in (["import", "-"], ["store", "restore", "-", "-n"]):
        code, _, said = piped("--store", store, *args)
        assert code
        assert said.startswith("huntertui: stdin"), said
    code, _, said = piped("--store", store, "import", "-", "--rejects", "-", given=b"Company\nAcme\n")
    assert (code, "--rejects takes the name of a file" in said) == (2, True)


@pytest.mark.parametrize("verb", ["show", "explain", "history"])
def test_a_name_need_not_be_quoted_where_nothing_follows(
    verb: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inside("--store", store, verb, "ann", "lee", "--plain", "--", "@acme") == 3
    assert inside("--store", store, verb, "dora", "--json", "diaz") == 0
    said = json.loads(capsys.readouterr().out)
    assert said.get("item", said)["id"] == 4
    assert inside("--store", store, verb, "1", "4") == 2
    assert "one item at a time" in capsys.readouterr().err


def test_a_text_that_is_too_long_is_not_cut_in_silence(store: Path) -> None:
    code, _, said = piped("--store", store, "note", "1", "-", given=b"x" * 1_000_001)
    assert (code, "more than 1,000,000 bytes" in said) == (2, True)


@pytest.mark.parametrize(
    ("place", "code"), [("/", 2), (".", 2), ("", 2), ("/proc/x/store.json", 7), ("/dev/null", 6), ("/tmp", 6)]
)
def test_where_no_store_can_be(place: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", place, "add", "Ann @Acme") == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a fault of its own" not in said


def test_from_cron(store: Path) -> None:
    """No home, no locale, no terminal, nothing on stdin."""
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "list", "--owner", "all"]
    for env in ({}, {"LC_ALL": "C"}, {"LANG": "xx_YY.bogus"}, {"HOME": "/nonexistent", "PATH": "/bin"}):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), env
        assert "€".encode() not in done.stdout
        assert done.stdout.count(b"\n") == 5
