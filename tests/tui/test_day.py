"""A seller's day, typed into a real terminal: real bytes in, the screen read as a person reads it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from day import ME, desk, morning, of, records, sequence, start
from terminal import Terminal

from huntertui.model.opportunity import Priority

HEADER = "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,NEXTSTEP,ISCLOSED,ISWON,CREATEDDATE\n"
ROWS = [
    '006A,"Smith - 5,000 Widgets",Prospecting,20000.0,2006-04-12,Need estimate,false,false,{old}',
    "006B,Borealis - 100 Widgets,Needs Analysis,70000.0,2006-02-07,,false,false,{old}",
    "006C,Cedar - 300 Widgets,Proposal/Price Quote,500000.0,2006-02-24,,false,false,{old}",
    "006D,Dorset - 400 Widgets,Closed Won,1000.0,2006-02-24,,true,true,{old}",
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store" / "store.json"


def huntertui(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "TZ": "UTC"}
    argv = [sys.executable, "-m", "huntertui", *words]
    return subprocess.run(
        argv, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_an_imported_pipeline_is_worked(store: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(HEADER + "\n".join(row.format(old="2006-06-15T20:47:09.000Z") for row in ROWS) + "\n")
    done = huntertui("--store", str(store), "import", str(export), home=tmp_path)
    assert done.returncode == 0, done.stderr
    with start(store) as terminal:
        terminal.until("Cedar - 300")
        assert terminal.rows[1].count("1 to triage") == 3
        assert "late" not in " ".join(terminal.rows[:3])
        terminal.type("3cn").until("no answer")  # one touch, and it follows the rule from then on
        terminal.type("/dorset\r").until("won")
        terminal.type("\x1bq")
        assert terminal.leave() == 0
    touched = next(o for o in records(store).values() if o.name.startswith("Cedar"))
    assert not touched.triage
    assert touched.touches == 1


def test_red_rows_carry_four_signals(store: Path) -> None:
    with start(morning(store)) as terminal:
        terminal.until("Borealis").rest()
        row = terminal.rows[terminal.row("Borealis")]
        before = row[: row.index("Borealis")]
        assert "!" in before
        assert "late" in row
        color, bold = terminal.color("Borealis")
        assert bold
        red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
        assert red > max(150, green + 50, blue + 50), color
        assert "Red since" in terminal.text


def test_a_morning(store: Path) -> None:
    morning(store)
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("cn").until("no answer · next email 2/6")
        assert of(store, "Smithfield").touches == 1
        terminal.type(".").until("Borealis #2: no answer")
        terminal.type("2").rest()
        terminal.type("stu\r").until("stays red")
        terminal.type("+").until("priority high")
        terminal.type("3xw").until("won Elmwood #5")
        terminal.type("u").until("undone: won Elmwood #5")
        terminal.type("\x12").until("redone: won Elmwood #5")
        terminal.type("q")
        assert terminal.leave() == 0
    assert of(store, "Elmwood").stage == "won"
    assert sorted(o.priority for o in records(store).values()).count(Priority.HIGH) == 1
    with start(store) as terminal:
        terminal.until("Cedar").rest()
        terminal.type("u").until("undone: won Elmwood #5").type("q")
        assert terminal.leave() == 0
    assert of(store, "Elmwood").stage == "meeting"


GOALS = {  # keystrokes, from the row selected
    "log no answer": ("cn", 2, "no answer · next"),
    "the same on the next row": (".", 1, "no answer · next"),
    "snooze to Tuesday": ("stu\r", 4, "Tue "),
    "priority": ("+", 1, "priority high"),
    "to the top": ("T", 1, "on top of today's plan"),
    "to follow-ups": ("f", 1, "new -> contacted"),
    "stage and close date": (">wdec15\r", 8, "closes "),
    "won": ("xw", 2, "won "),
    "lost with its reason": ("xlp", 3, "(price)"),
    "add with company and date": ("aAnn Lee @acme tu\r", 19, "added acme"),
    "find": ("/smi\r", 5, "Smithfield"),
    "undo": ("u", 1, "undone"),
}


@pytest.mark.parametrize("goal", GOALS)
def test_keystroke_goals(goal: str, store: Path) -> None:
    keys, most, shown = GOALS[goal]
    assert len(keys) <= most
    morning(store)
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        if goal == "the same on the next row":
            terminal.type("cn").until("Smithfield #1: no answer").type(keys).until("Borealis #2: no answer")
            return
        if goal == "undo":
            terminal.type("+").until("priority high")
        before = sequence(store)
        terminal.type(keys).until(shown).rest()
        assert (sequence(store) > before) is (goal != "find")


def test_claim_is_one_key(store: Path) -> None:
    mine = desk(morning(store))
    mine.assign(1, "-")
    mine.store.close()
    with start(store) as terminal:
        terminal.until("@—").rest()
        terminal.type("#1\r").rest()
        terminal.type("i").until("Smithfield #1 is")
    assert of(store, "Smithfield").owner == ME


def test_two_terminals_see_each_other(store: Path) -> None:
    morning(store)
    with start(store) as one, start(store) as two:
        one.until("Smithfield").rest()
        two.until("Smithfield").rest()
        two.type("j").rest()  # the second row is selected: Borealis
        one.type("T").until("on top")
        one.type("#2\r+").until("Borealis #2: priority high")
        two.until("^").rest()
        two.type("f").until("Borealis #2: new -> contacted")  # still on the same record
    borealis = of(store, "Borealis")
    assert (borealis.priority, borealis.stage) == (Priority.HIGH, "contacted")  # both survive


def test_kill_at_any_moment_loses_nothing_acknowledged(store: Path) -> None:
    morning(store)
    for turn in range(5):
        with start(store) as terminal:
            terminal.until("Fernhill").rest(0.1)
            terminal.type(f"#6\r,tu round {turn}\r").until(f"#6: round {turn}, ")
            terminal.type("+-+-+-+-"[: turn + 2])
            os.kill(terminal.pid, signal.SIGKILL)
        step = of(store, "Fernhill").next
        assert step is not None
        assert step.what == f"round {turn}"


@pytest.mark.parametrize(
    ("columns", "lines"), [(200, 50), (120, 40), (80, 24), (60, 15), (39, 9), (10, 3), (1, 1)]
)
def test_every_size_works(columns: int, lines: int, store: Path) -> None:
    morning(store)
    env = {"PATH": os.environ["PATH"], "HOME": str(store.parent), "TZ": "UTC"}
    argv = [sys.executable, "-m", "huntertui", "--store", str(store)]
    with Terminal(argv, env, columns, lines) as terminal:
        terminal.until(lambda t: bool(t.text.strip())).rest()
        terminal.type("jk2\r").rest()
        terminal.type("\x1b\x11")
        assert terminal.leave() == 0


def test_an_empty_store_greets_with_three_ways_on(store: Path) -> None:
    with start(store) as terminal:
        for way in ("a add one", ":import FILE.csv", "huntertui demo"):
            terminal.until(way)
        terminal.type("q")
        assert terminal.leave() == 0
    assert not store.exists()  # nothing is written before the first change


def test_a_damaged_store_is_named_and_left_alone(store: Path, tmp_path: Path) -> None:
    store.parent.mkdir(mode=0o770)
    store.write_text('{"opportunities": {"1"')
    done = huntertui("--store", str(store), "list", home=tmp_path)
    assert done.returncode == 6
    assert str(store) in done.stderr
    assert store.read_text() == '{"opportunities": {"1"'


def test_no_terminal_no_screen(store: Path, tmp_path: Path) -> None:
    done = huntertui("--store", str(store), home=tmp_path)
    assert done.returncode == 2
    assert "terminal" in done.stderr
