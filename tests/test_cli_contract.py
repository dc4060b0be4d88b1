"""What scripts may rely on, whatever the verb: help, colours, forms, streams, exit codes, and near misses."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from commandline import ME, in_terminal, inside, small_store
from desks import NOW, Clock, desk_at
from terminal import Terminal

from huntertui.cli.doing import ELSEWHERE, find_verb
from huntertui.cli.examples import EXAMPLES, example
from huntertui.cli.people import coloured
from huntertui.cli.verbs import VERBS
from huntertui.model.touch import Outcome

ESC = "\x1b["


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the small world; ana and ben are in it, whoever runs the tests is not."""
    return small_store(tmp_path)


# Help


ENDS = {
    "store restore": "what is kept goes back to",
    "move": "is there already",
    "reopen": "is open",
    "claim": "is yours already",
    "hand-over": "ben has nothing open",
    "message": "there is no one to tell",
    "coach": "whom to coach?",
    "answer": "nobody has told you anything",
    "redo": "nothing to redo",
}
"""Examples for which nothing stands ready in the store of this test."""

ELSEWHERE_RUN = {"demo", "store copy", "watch"}
"""What opens the screen, what needs a database, and what does not end."""


@pytest.fixture(scope="module")
def fourteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which #12 is a deal of mine with a touch, planned for today like #14 of the same company."""
    path = tmp_path_factory.mktemp("fourteen") / "team" / "store.json"
    desk = desk_at(path, Clock(), ME)
    desk.add_all([f"Ann {letter} @Acme 20k" for letter in "ABCDEFGHIJKLMN"])
    desk.move(12, "meeting")
    desk.to_top(12)
    desk.to_top(14)
    desk.log(12, Outcome.TALKED)
    desk.store.close()
    return path


@pytest.mark.parametrize("verb", [name for name in EXAMPLES if name not in ELSEWHERE_RUN])
def test_the_example_of_a_verb_runs(
    verb: str,
    fourteen: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(fourteen.parent, tmp_path / "team")
    monkeypatch.chdir(tmp_path)
    Path("leads.csv").write_text("Company,Email\nGlobex,cat@globex.example\n")
    words = shlex.split(example(verb))
    if {"|", ">"} & set(words):
        words = words[: min(words.index(sign) for sign in "|>" if sign in words)]
    code = inside("--store", "team/store.json", *words[1:])
    said = capfd.readouterr().err
    assert ENDS[verb] in said if verb in ENDS else code == 0, said


def test_help_is_a_verb_too(capsys: pytest.CaptureFixture[str]) -> None:
    for args, first in (
        (["help"], "  huntertui  "),
        (["help", "list"], "  huntertui list"),
        (["help", "store", "backup"], "  huntertui store backup"),
        (["-h", "add", "--", "Ann"], "  huntertui add"),
    ):
        with suppress(SystemExit):
            assert inside(*args) == 0
        assert capsys.readouterr().out.startswith(first)


# Near misses


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["lits"], "list"),
        (["hepl"], "help"),
        (["ls"], "list"),
        (["backup"], "store backup"),
        (["list", "--jsno"], "--json"),
        (["list", "--onwer=ben"], "--owner"),
        (["log", "1", "talkd"], "talked"),
        (["log", "1", "talked", "--channel", "cal"], "call"),
        (["list", "--lane", "closng"], "closing"),
        (["--colour", "never", "list"], "--color"),
        (["list", "--color", "alway"], "always"),
        (["store", "statsu"], "status"),
        (["team", "chek"], "check"),
        (["themes", "chck"], "check"),
        (["completion", "zhs"], "zsh"),
        (["stage", "1", "propsal"], "proposal"),
        (["edit", "1", "nmae", "x"], "name"),
        (["config", "set", "thme", "dark"], "theme"),
        (["export", "--format", "cvs"], "csv"),
        (["find", "ownr:me"], "owner:"),
    ],
)
def test_a_near_miss_is_answered_with_what_is_meant(
    store: Path, args: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inside("--store", store, *args) == 2
    said = capsys.readouterr().err
    assert f"did you mean {meant}?" in said
    assert said.count("\n") == 1


def test_what_others_call_it_is_a_verb_here() -> None:
    for known in ELSEWHERE.values():
        verb = known.partition(" ")[0]
        assert verb in VERBS or verb == "--version" or find_verb(verb)
    assert not set(ELSEWHERE) & set(VERBS)


# Colours


@pytest.mark.parametrize(
    ("when", "env", "terminal", "wanted"),
    [
        ("auto", {"TERM": "xterm"}, True, True),
        ("auto", {"TERM": "xterm"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {}, True, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ("auto", {"TERM": "xterm", "CLICOLOR": "0"}, True, False),
        ("auto", {"TERM": "xterm", "CLICOLOR": "1"}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0", "TERM": "xterm"}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, False, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1", "TERM": "xterm"}, True, False),
    ],
)
def test_when_there_are_colours(when: str, env: dict[str, str], terminal: bool, wanted: bool) -> None:
    assert coloured(when, env, terminal) is wanted


def red_store(tmp_path: Path) -> Path:
    """A store in which #1 is red, whatever the day."""
    path = tmp_path / "red" / "store.json"
    desk = desk_at(path, Clock(datetime(2025, 1, 7, 9, 0, tzinfo=UTC)), ME)
    desk.add("Ann Lee @Acme")
    desk.store.close()
    return path


LOOKS = (["list"], ["find", "acme"], ["explain", "1"], ["show", "1"], ["brief"])


def test_red_is_red_in_a_terminal_and_nothing_steers_where_none_is_wanted(tmp_path: Path) -> None:
    store = red_store(tmp_path)
    late = re.compile(rf"{re.escape(ESC)}1;31m.*{re.escape(ESC)}0m")
    lines = in_terminal("--store", store, "list", columns=200, CLICOLOR="1")
    assert lines[0].startswith(f"{ESC}1mProspects 1")
    assert late.fullmatch(lines[1])
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("CLICOLOR", "0")):
        assert ESC not in "".join(
            in_terminal("--store", store, "list", columns=80, **{"CLICOLOR": "1", name: value})
        )


@pytest.mark.parametrize("args", LOOKS)
def test_colours_on_demand(args: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = red_store(tmp_path)
    for extra, env, wanted in (
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always", "--plain"], {}, False),
        (["--color", "always", "--json"], {}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ):
        assert inside("--store", store, *args, *extra, env=os.environ | env) in (0, 10)
        assert (f"{ESC}1;31m" in capsys.readouterr().out) is wanted, extra


def test_the_environment_does_not_change_what_a_script_reads(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for env in ({}, {"FORCE_COLOR": "1"}, {"COLUMNS": "20"}, {"CLICOLOR_FORCE": "1"}):
        assert inside("--store", store, "list", "--owner", "all", env=os.environ | env) == 0
        told.append(capsys.readouterr().out)
    assert len(set(told)) == 1
    assert told[0].count("\t") == 5 * 10


# Forms


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (["store", "status"], ["seq\t10", "problem\t", "last.by\tana"]),
        (["store", "verify"], ["path\tstore.json"]),
        (["store", "checkpoint", "--dry-run"], ["dry_run\ttrue", "published\ttrue"]),
        (["store", "backup", "new.json"], ["file\tnew.json", "seq\t10"]),
        (["store", "restore", "old.json", "--dry-run"], ["from\told.json", "tables.events.deleted\t4"]),
        (["store", "repair", "--dry-run"], ["dry_run\ttrue", "path\tstore.json"]),
        (["store", "copy", "store.json", "copy.json"], ["changes\t10"]),
        (["import", "leads.csv"], ["added\t1", "rejected\t1", "errors\tleads.csv\t3\tAmount\tmuch\tis no "]),
        (["config", "get", "theme"], ["key\ttheme", "value\tdark"]),
        (["config", "set", "theme", "light"], ['message\ttheme = "light"']),
        (["team", "check", "rules.toml"], ["problems\trules.toml\t1\tzome\t"]),
        (["themes", "check", "dark"], ["dark\t"]),
    ],
)
def test_what_is_told_of_no_item_is_a_line_for_each_value(
    args: list[str],
    lines: list[str],
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(store.parent)
    Path("leads.csv").write_text("Company,Amount\nUmbra,5\nVoid,much\n")
    Path("rules.toml").write_text('zome = "Etc/UTC"\n')
    shutil.copy("store.json", "old.json")
    assert inside("--store", "store.json", *args, "--plain") in (0, 1)
    told = capsys.readouterr().out
    for line in lines:
        assert f"\n{line}" in f"\n{told}"
    assert all("\t" in line for line in told.splitlines())


def test_export_gives_lines_of_all_that_is_chosen(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", store, "export", "--plain") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [cells[0] for cells in lines] == ["1", "2", "3", "4", "5", "6"]
    assert {len(cells) for cells in lines} == {11}
    assert lines[5][1] == "closed"
    assert inside("--store", store, "export", "--plain", "--where", "stage:proposal") == 0
    assert capsys.readouterr().out.startswith("4\tclosing\t")


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
