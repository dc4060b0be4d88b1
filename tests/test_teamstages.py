"""New stages in the team's file: what it says then, and that nothing else in it has moved."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huntertui.errors import Busy, NotAllowed
from huntertui.model.pipeline import Discipline, NewStage, Pipeline, Policy, Stage
from huntertui.teamfile import TeamFile
from huntertui.teamreader import read_team
from huntertui.teamstages import Unfit, lines_of, with_stages
from huntertui.teamtemplate import stage_table, template

LEGAL = NewStage(Stage("legal", Discipline.CLOSING, 4, 82), "negotiation")
BOARD = NewStage(Stage("board", Discipline.CLOSING, 4, 85), "legal")
INTRO = NewStage(Stage("intro", Discipline.PROSPECTING, 1, 1), "")
NAMES = [stage.name for stage in Pipeline().stages]
SHORT = Pipeline(tuple(stage for stage in Pipeline().stages if stage.name != "qualified"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["new", "negotiation", "verbal"]\n', '["new", "negotiation", "legal", "verbal"]\n'),
        ("['negotiation']", "['negotiation', \"legal\"]\n"),
        ('[ "negotiation" , "verbal" ]\n', '[ "negotiation", "legal" , "verbal" ]\n'),
        (
            '[\n  "negotiation",  # a\n  "verbal",\n]\n',
            '[\n  "negotiation",  # a\n  "legal",\n  "verbal",\n]\n',
        ),
        ('[\n\t"negotiation" # a\n]\n', '[\n\t"negotiation", # a\n\t"legal"\n]\n'),
        ('[\r\n "negotiation",\r\n]\r\n', '[\r\n "negotiation",\r\n "legal",\r\n]\r\n'),
        ('[\n "new", "negotiation",\n "verbal"]\n', '[\n "new", "negotiation", "legal",\n "verbal"]\n'),
        ('[\n "negotiation"\n , "verbal"]\n', '[\n "negotiation", "legal"\n , "verbal"]\n'),
        ('[\n "negotiation"]\n', '[\n "negotiation", "legal"]\n'),
        ('["negotiation", """verbal"""] # ]\n', '["negotiation", "legal", """verbal"""] # ]\n'),
    ],
)
@pytest.mark.parametrize(
    "head", ["pipeline = ", '"pipeline"=', 'a = """\npipeline = ["negotiation"]"""\npipeline =']
)
def test_a_stage_comes_into_the_list_as_it_is_written(head: str, before: str, after: str) -> None:
    table = stage_table(LEGAL.stage)
    if "\r" in before:
        head, table = (text.replace("\n", "\r\n") for text in (head, table))
    assert with_stages(head + before, [LEGAL], Pipeline()) == head + after + table


@pytest.mark.parametrize(
    ("before", "head", "tail"),
    [
        ("", None, ""),
        ("currency = 'EUR'\n", "", "currency = 'EUR'\n"),
        ("[rules]\namber = 50", "", "[rules]\namber = 50\n"),
        ("# ours\n\n# money\ncurrency = 'EUR'\n", "# ours\n\n", "# money\ncurrency = 'EUR'\n"),
        ("# money\ncurrency = 'EUR'\n", "", "# money\ncurrency = 'EUR'\n"),
        ("[stages.verbal]\npipeline = []\n", "", "[stages.verbal]\npipeline = []\n"),
        ("rules.pipeline = 1\n", "", "rules.pipeline = 1\n"),
    ],
)
def test_a_file_without_the_list_gets_it(before: str, head: str | None, tail: str) -> None:
    after = with_stages(before, [LEGAL, BOARD], Pipeline())
    listed = [*NAMES[:-1], "legal", "board", NAMES[-1]]
    assert tomllib.loads(after)["pipeline"] == listed
    tables = stage_table(LEGAL.stage) + stage_table(BOARD.stage)
    assert after.endswith(tail + tables)
    if head is not None:
        assert after.startswith(f"{head}pipeline = [")


def test_a_stage_before_all_others() -> None:
    assert with_stages('pipeline = [\n "new"]\n', [INTRO], Pipeline()).startswith(
        'pipeline = [\n "intro", "new"]\n'
    )


@pytest.mark.parametrize(
    "before",
    [
        "stages = { verbal = { limit = 3 } }\n",
        'pipeline = ["new", "verbal"]\n',
        "pipeline = []\n",
        "pipeline = 5\n",
        'pipeline = ["legal", "negotiation"]\n[stages.legal]\nlimit = 3\n',
        "[stages.legal]\nlimit = 3\n",
    ],
)
def test_what_only_a_person_can_add_to_is_refused(before: str) -> None:
    with pytest.raises(Unfit):
        with_stages(before, [LEGAL], Pipeline())


# Whatever the file looks like

BLANKS = some.sampled_from(["", " ", "  ", "\t"])
REMARKS = some.sampled_from(["", "# a remark", '# pipeline = ["new"]', "# ] \" ' }"])
OTHERS = some.sampled_from(
    [
        'currency = "EUR"',
        'note = "pipeline = [\\"new\\"]"',
        "note2 = 'pipeline = ['",
        'long = """\npipeline = ["negotiation"]\n"""',
        "raw = '''\npipeline = [\n'''",
        "dates = [2026-12-25, 2026-12-26]",
        'inside = { pipeline = ["negotiation"], a = { b = 1 } }',
        "nested = [[1, 2], [3], [{ x = [] }]]",
        "a.pipeline = 3",
        '"quoted key" = 07:30:00',
    ]
)
TABLES = some.sampled_from(
    [
        "[rules]\namber = 50",
        "[stages.verbal]\nlimit = 3  # soon",
        ["[members.ana]\nrole = 'lead'", "[members.'o''x'.y]"][0],
        '[other]\npipeline = ["negotiation"]',
        "[[many]]\npipeline = 1\n[[many]]",
        '[ "spaced" . out ]\nx = 1',
    ]
)


@some.composite
def lists(draw: some.DrawFn) -> str:
    """The list of the stages in the ways that people write one."""
    text = f"pipeline{draw(BLANKS)}={draw(BLANKS)}["
    for name in draw(some.sampled_from([NAMES, NAMES[::-1], ["negotiation"], ["negotiation", "new"]])):
        quote = draw(some.sampled_from("\"'"))
        text += draw(some.sampled_from(["", " ", "\n", "\n    ", " # a [ remark\n  ", "\n\n# one\n  "]))
        text += f"{quote}{name}{quote}{draw(some.sampled_from(['', ' ', f'  # of {name}{chr(10)} ']))},"
    text = text[: -1 if draw(some.booleans()) else None]
    return (
        f"{text}{draw(some.sampled_from(['', ' ', chr(10), f' # end{chr(10)}']))}] {draw(REMARKS)}".rstrip()
    )


@some.composite
def files(draw: some.DrawFn) -> str:
    """Files of a team, as far as TOML lets them be."""
    lines = draw(some.lists(some.one_of(REMARKS, OTHERS), max_size=5, unique=True))
    if draw(some.booleans()):
        lines.insert(draw(some.integers(0, len(lines))), draw(lists()))
    lines += draw(some.lists(TABLES, max_size=3, unique=True))
    text = "\n".join(lines) + draw(some.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", "\r\n") if draw(some.booleans()) and "'''" not in text else text


def undone(text: str, one: NewStage) -> Iterator[str]:
    """The text in each of the ways to take a stage out of it again."""
    text = text.replace("\r\n", "\n")
    name = re.escape(f'"{one.stage.name}"')
    text = text.removesuffix(stage_table(one.stage))
    for pattern in (rf"\n[ \t]*{name},", rf", {name}", rf"{name}, "):
        for found in re.finditer(pattern, text):
            yield text[: found.start()] + text[found.end() :]
    for found in re.finditer(rf",(?=[^\n]*\n[ \t]*{name})", text):
        yield re.sub(rf"\n[ \t]*{name}", "", text[: found.start()] + text[found.end() :])
    for found in re.finditer(rf"pipeline = \[[^\n]*{name}[^\n]*\]\n\n?", text):
        yield text[: found.start()] + text[found.end() :]


@given(files(), some.sampled_from([LEGAL, INTRO]))
def test_nothing_else_is_changed_or_moved(before: str, one: NewStage) -> None:
    said = tomllib.loads(before)
    after = with_stages(before, [one], Pipeline())
    order = said.get("pipeline", NAMES)
    place = order.index(one.after) + 1 if one.after else 0
    stages = said.get("stages", {}) | tomllib.loads(stage_table(one.stage))["stages"]
    pipeline = [*order[:place], one.stage.name, *order[place:]]
    assert tomllib.loads(after) == said | {"pipeline": pipeline, "stages": stages}
    if before:
        plain = before.replace("\r\n", "\n")
        assert {plain, plain.removesuffix("\n"), f"{plain}\n"} & {*undone(after, one)}


# The file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "team.toml"


def test_what_is_begun_decides_nothing_else(file: Path) -> None:
    team = TeamFile(file, Policy())
    team.add([LEGAL])
    policy, problems = read_team(file, Policy())
    assert (policy.pipeline, problems) == (Policy().pipeline.plus(LEGAL), [])
    assert policy == Policy(pipeline=policy.pipeline)
    assert team.renewed(True) == (policy, "the team's policy has changed")
    assert team.renewed(True) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_mode_mark_and_link_stay(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "policy.toml"
    real.parent.mkdir()
    text = template(Policy(), "lea", ["ana"])
    real.write_bytes(b"\xef\xbb\xbf" + text.encode())
    real.chmod(0o640)
    file.symlink_to(real)
    TeamFile(file, Policy()).add([LEGAL])
    assert file.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_text(encoding="utf-8") == "\ufeff" + with_stages(text, [LEGAL], Pipeline())
    assert [entry.name for entry in real.parent.iterdir()] == ["policy.toml"]


def test_no_stage_comes_twice(file: Path) -> None:
    team = TeamFile(file, Policy())
    team.add([LEGAL])
    another = TeamFile(file, Policy())
    another.add([LEGAL, BOARD])  # which a colleague has put in since, and one more
    text = file.read_text()
    another.add([LEGAL, BOARD])
    assert file.read_text() == text
    policy, _ = read_team(file, Policy())
    assert [stage.name for stage in policy.pipeline.stages][-3:] == ["legal", "board", "verbal"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("pipeline = [", "mend it first"),
        ('pipeline = ["new"]\n', "cannot take a stage as it is"),
        ('pipeline = ["new", "nurture"]\n', "cannot take a stage"),
        ("stages = { verbal = { limit = 3 } }\n", "only a person can add to"),
        ("#" * (64 * 1024 - 10) + "\n", "cannot take a stage"),
    ],
)
def test_a_file_that_cannot_take_it_stays_as_it_was(file: Path, text: str, why: str) -> None:
    file.write_text(text)
    with pytest.raises(NotAllowed, match=why):
        TeamFile(file, Policy()).add([NewStage(LEGAL.stage, "new")])
    assert file.read_text() == text
    assert [entry.name for entry in file.parent.iterdir()] == ["team.toml"]


def test_two_at_once_do_not_lose_a_stage(file: Path) -> None:
    import fcntl

    held = os.open(file.parent, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(Busy, match="another huntertui is changing"):
        TeamFile(file, Policy()).add([LEGAL])
    os.close(held)
    TeamFile(file, Policy()).add([LEGAL])


@pytest.mark.parametrize("mine", ["", "folder"])
def test_who_may_not_write_it_is_told(file: Path, monkeypatch: pytest.MonkeyPatch, mine: str) -> None:
    file.write_text("")
    shut = file if mine else file.parent  # whoever may replace a file may still not write it
    monkeypatch.setattr(os, "access", lambda place, _: place != shut)
    assert TeamFile(file, Policy()).shut == f"{shut} is not yours to write"
    with pytest.raises(NotAllowed, match="is not yours to write"):
        TeamFile(file, Policy()).add([LEGAL])
    assert file.read_text() == ""


def test_where_nobody_can_it_is_said(file: Path) -> None:
    assert TeamFile(None, Policy()).shut == "a store in a database has no file of the team beside it"
    assert TeamFile(file, Policy(), shut="not here").shut == "not here"
    with pytest.raises(NotAllowed, match="not here"):
        TeamFile(file, Policy(), shut="not here").add([LEGAL])
    assert not file.exists()


def test_the_lines_to_put_in_are_what_would_be() -> None:
    said = tomllib.loads(lines_of([LEGAL, BOARD], SHORT))
    assert said == tomllib.loads(with_stages("", [LEGAL, BOARD], SHORT))
