"""What scripts may rely on, whatever the verb: help, near misses, colours and forms."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commandline import ME, in_terminal, inside, small_store
from desks import Clock, desk_at

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
        (["help", "help"], "  huntertui  "),
        (["help", "list"], "  huntertui list"),
        (["--store", "team/store.json", "-q", "help", "list"], "  huntertui list"),
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
