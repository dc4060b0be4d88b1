"""Stages of a file that become the team's: by options, at a terminal, and where one may not."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from commandline import inside
from desks import Clock, desk_at
from terminal import Terminal

from huntertui.model.pipeline import Discipline, Policy, Stage
from huntertui.teamreader import read_team

DEALS = """\
Deal Name,Stage,Probability
Gears,Legal check,80
Bolts,Legal check,80
Springs,Closed Won,100
Belts,Board,
Wheels,Negotiation,75
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deals.csv"
    path.write_text(DEALS)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "team" / "store.json"


def stages(store: Path) -> list[str]:
    """The stages of the items, in their order."""
    if not store.exists():
        return []
    with desk_at(store, Clock()).store as kept:
        return [doc["stage"] for _, doc in kept.find("opportunities")]


def pipeline(store: Path) -> list[str]:
    policy, problems = read_team(store.with_name("team.toml"), Policy())
    assert problems == []
    return [stage.name for stage in policy.pipeline.stages]


def test_a_stage_of_theirs_becomes_one_of_the_teams(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["--new-stage", "Legal check", "--new-stage", "Board=after legal-check"]
    assert inside("--store", store, "import", file, *wanted) == 0
    said = capsys.readouterr()
    team = store.with_name("team.toml")
    assert f"new in the team's pipeline, in {team}: legal-check, board; an undo does not take" in said.err
    assert "is not known here" not in said.err
    assert stages(store) == ["legal-check", "legal-check", "won", "board", "negotiation"]
    assert pipeline(store)[-4:] == ["negotiation", "legal-check", "board", "verbal"]
    text = team.read_text()
    for again in (wanted, ["--keep-stages"], []):  # whose stage it is by now, however it is said
        assert inside("--store", store, "import", file, *again) == 0
        assert "0 added" in capsys.readouterr().out
    assert inside("--store", store, "undo") == 0
    assert (stages(store), team.read_text()) == ([], text)
    assert inside("--store", store, "import", file) == 0
    assert stages(store)[:4] == ["legal-check", "legal-check", "won", "board"]


def test_a_dry_run_says_which_stage_would_be_where(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ("--store", store, "import", file, "--dry-run", "--new-stage", "Legal check")
    assert inside(*args) == 0
    out = capsys.readouterr().out
    assert "  stages: Closed Won is won\n  stages, guessed: Board is new (1 row)\n" in out
    where = "after negotiation: closing, 4 business days, 80 %"
    assert f"  new stage of the team: legal-check (Legal check), {where}\n" in out
    assert "  new: Gears · legal-check · yours\n" in out
    assert inside(*args, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["new_stages"] == [
        {
            "name": "legal-check",
            "theirs": ["Legal check"],
            "after": "negotiation",
            "discipline": "closing",
            "limit": 4,
            "probability": 80,
        }
    ]
    assert data["guessed"] == [{"file": "deals.csv", "theirs": "Board", "ours": "new", "rows": 1}]
    assert not store.with_name("team.toml").exists()


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (["--keep-stages"], 2, "'Board': the file does not tell its place: say it, as 'after proposal'"),
        (["--new-stage", "Board"], 2, "'Board': the file does not tell its place"),
        (["--new-stage", "Legl check"], 2, "'Legl check': no file has that stage: did you mean Legal check"),
        (["--new-stage", "Board=after negotiaton"], 2, "did you mean negotiation"),
        (["--stage", "Board=bord"], 2, "no stage 'bord': "),
        (["--stage", "Board=legal", "--new-stage", "Legal check"], 2, "no stage 'legal': "),
    ],
)
def test_what_makes_no_sense_writes_nothing(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: int, why: str
) -> None:
    assert inside("--store", store, "import", file, *args) == code
    assert why in capsys.readouterr().err
    assert stages(store) == []
    assert not store.with_name("team.toml").exists()


def test_a_stage_may_be_one_that_is_just_coming(store: Path, file: Path) -> None:
    args = ["--new-stage", "Legal check=law", "--stage", "Board=law"]
    assert inside("--store", store, "import", file, *args) == 0
    assert stages(store) == ["law", "law", "won", "law", "negotiation"]


def test_nothing_to_write_makes_no_stage(store: Path, file: Path) -> None:
    assert inside("--store", store, "import", file) == 0
    assert inside("--store", store, "import", file, "--new-stage", "Legal check") == 0
    assert not store.with_name("team.toml").exists()


# Who may


def test_who_may_not_write_the_policy_is_told_what_to_have_put_in(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = store.parent / "etc" / "config.toml"
    settings.parent.mkdir(parents=True, mode=0o755)
    settings.write_text(f'identity = "forced"\nstore = "{store}"\n')
    settings.chmod(0o644)
    assert inside("--as", "ana", "list", settings=settings) == 0
    imports = store.parent / "members" / "ana" / "imports"
    (imports / "deals.csv").write_text(DEALS)
    args = ("--as", "ana", "import", "deals.csv", "--new-stage", "Legal check")
    capsys.readouterr()
    assert inside(*args, settings=settings) == 7
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == (
        "huntertui: the team's policy is the administrator's here: whoever keeps "
        f"{store.with_name('team.toml')} has to put this into it:"
    )
    assert 'negotiation", "legal-check", "verbal"]' in said.err
    assert "[stages.legal-check]" in said.err
    assert said.err.splitlines()[-1] == "huntertui: nothing was imported: the team has no such stage yet"
    assert stages(store) == []
    assert inside(*args, "--dry-run", settings=settings) == 0
    assert inside(*args[:4], settings=settings) == 0


def test_a_store_in_memory_has_no_file_for_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("--store", "memory:", "import", file, "--new-stage", "Legal check") == 7
    assert "a store in a database has no file of the team beside it" in capsys.readouterr().err


def test_a_file_that_cannot_take_it_stops_the_import(
    store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team = store.with_name("team.toml")
    team.parent.mkdir()
    team.write_text("stages = { verbal = { limit = 3 } }\n")
    assert inside("--store", store, "import", file, "--new-stage", "Legal check") == 7
    assert "only a person can add to" in capsys.readouterr().err
    assert (stages(store), team.read_text()) == ([], "stages = { verbal = { limit = 3 } }\n")


# An export of our own


def test_an_own_export_brings_its_stages_along(
    tmp_path: Path, store: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, other = tmp_path / "all.json", tmp_path / "other" / "store.json"
    assert inside("--store", store, "import", file, "--new-stage", "Legal check") == 0
    assert inside("--store", store, "export", "-o", export) == 0
    assert inside("--store", other, "import", export) == 0
    kept = "stage 'legal-check' is not known here: 2 rows kept in it, or where --stage 'legal-check=...' says"
    assert kept in capsys.readouterr().err
    assert stages(other) == stages(store)
    assert inside("--store", other, "undo") == 0
    assert inside("--store", other, "import", export, "--stage", "legal-check=verbal") == 0
    assert stages(other) == ["verbal", "verbal", "won", "new", "negotiation"]
    assert inside("--store", other, "undo") == 0
    assert inside("--store", other, "import", export, "--new-stage", "legal-check=after proposal") == 0
    assert stages(other) == stages(store)
    assert pipeline(other)[-4:] == ["proposal", "legal-check", "negotiation", "verbal"]
    assert inside("--store", other, "import", export, "--new-stage", "legal-check") == 0
    assert "0 added" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["json", "ndjson"])
def test_an_own_export_tells_what_its_stages_are(
    tmp_path: Path, store: Path, file: Path, ending: str
) -> None:
    export, other = tmp_path / f"all.{ending}", tmp_path / "other" / "store.json"
    team = store.with_name("team.toml")
    assert inside("--store", store, "import", file, "--new-stage", "Board=after qualified") == 0
    team.write_text(team.read_text().replace("limit = 7", "side = true\nlimit = 9"))
    assert inside("--store", store, "export", "-o", export) == 0
    assert inside("--store", other, "import", export, "--keep-stages") == 0
    assert stages(other) == stages(store)
    here, there = (read_team(path.with_name("team.toml"), Policy())[0] for path in (other, store))
    assert here.pipeline == there.pipeline
    assert here.pipeline["board"] == Stage("board", Discipline.FOLLOWING_UP, 9, 30, side=True)


# At a terminal


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["\r"], ["negotiation", "negotiation", "won", "new", "negotiation"]),
        (["a\r", "+after legal-check\r"], ["legal-check", "legal-check", "won", "board", "negotiation"]),
        (["e\r", "+\r", "verbal\r"], ["legal-check", "legal-check", "won", "verbal", "negotiation"]),
        (["e\r", "+law\r", "\r"], ["law", "law", "won", "new", "negotiation"]),
    ],
)
def test_at_a_terminal_it_asks_what_becomes_of_them(
    store: Path, file: Path, keys: list[str], found: list[str]
) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file)]
    each = ["Legal check, 2 rows, guessed by its probability: negotiation:"] if keys[0] == "e\r" else []
    questions = ["Keep them as stages of the team's?", *each, "anybody was in touch:"]
    with Terminal(command, os.environ) as terminal:
        for question, answer in zip(questions, keys, strict=False):
            terminal.until(question).type(answer)
        terminal.until("Import this?")
        assert not store.with_name("team.toml").exists()
        terminal.type("y\r")
        assert terminal.leave() == 0
    assert stages(store) == found


def test_at_a_terminal_a_wrong_answer_is_asked_again(store: Path, file: Path) -> None:
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file)]
    with Terminal(command, os.environ) as terminal:
        terminal.until("Enter: none").type("e\r")
        terminal.until("probability: negotiation:").type("verbl\r").until("did you mean verbal")
        terminal.type("?\r").until("+legal-check, new, attempting").type("\r")
        terminal.until("in touch:").type("+\r").until("the file does not tell its place")
        terminal.type("+before verbal\r").until("board after negotiation: closing, 3 business days, 82 %")
        terminal.until("new stage of the team: board (Board), after negotiation")
        terminal.until("Import this?").type("n\r")
        assert terminal.leave() == 2
    assert stages(store) == []
    assert not store.with_name("team.toml").exists()


def test_at_a_terminal_hundreds_of_words_are_not_asked_for(store: Path, file: Path) -> None:
    words = "".join(f"deal {n},{chr(97 + n // 26)}{chr(97 + n % 26)}x\n" for n in range(40))
    file.write_text(f"Deal Name,Stage\n{words}")
    command = [sys.executable, "-m", "huntertui", "--store", str(store), "import", str(file)]
    with Terminal(command, os.environ, lines=200) as terminal:
        terminal.until("40 stages that nobody knows here, which are rather another column's words")
        terminal.until("Import this?").type("n\r")
        assert terminal.leave() == 2


def test_a_running_workday_has_the_stage_at_once(store: Path, file: Path) -> None:
    first = file.with_name("first.csv")
    first.write_text("Deal Name,Stage\nWheels,Negotiation\n")
    assert inside("--store", store, "import", first) == 0
    command = [sys.executable, "-m", "huntertui", "--store", str(store)]
    with Terminal(command, os.environ, columns=140) as terminal:
        terminal.until("Wheels").up()
        assert inside("--store", store, "import", file, "--new-stage", "Legal check") == 0
        terminal.until("Gears")
        terminal.type("/Gears\r").until("legal-check · no value")
        terminal.type(">").until("verbal · no value")  # the next stage of the ladder that it is one of
        terminal.type("q")
        assert terminal.leave() == 0
