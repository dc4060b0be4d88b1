"""What is being typed is lost by nothing: a lost line, a killed process, a quick way out."""

from __future__ import annotations

import json
import os
import signal
import stat
from pathlib import Path

import pytest
from day import desk as desk_of
from day import morning, of, start
from desks import Clock, desk_at, small_world
from terminal import Terminal
from test_form import Fingers

from huntertui.desk import Desk
from huntertui.tui.drafts import Drafts, file_of
from huntertui.tui.form import Form
from huntertui.tui.steering import Steering


class Screen(Fingers):
    """Hands on a workday that keeps drafts in a file."""

    def __init__(self, desk: Desk, file: Path) -> None:
        super().__init__(desk)
        self.steering = Steering(desk, {}, self._leave, self.copied.append, lambda: None, drafts=Drafts(file))
        self.steering.lanes.resize(10)

    def dies(self) -> None:
        """As a process does some time after the last key."""
        self.steering.keep_drafts(now=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path / "state", "ana", "memory:")


@pytest.fixture
def desk() -> Desk:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    return desk


def test_a_form_goes_on_where_it_was_left(desk: Desk, file: Path) -> None:
    Screen(desk, file).type("#1⏎e^uAcme AG⇤⇤one⏎two").dies()
    again = Screen(desk, file)
    assert "a draft for Acme #1: e continues" in again.said
    assert again.id == 1
    again.type("e")
    assert again.said.startswith("your draft goes on")
    assert (again.form.sheet.company, again.form.sheet.notes) == ("Acme AG", "one\ntwo")
    again.type("^s")
    assert again.record.company == "Acme AG"
    again.steering.follow()
    assert not file.exists()
    assert "draft" not in Screen(desk, file).said


def test_a_draft_meets_what_others_did_meanwhile(desk: Desk, file: Path) -> None:
    Screen(desk, file).type("#1⏎e^uAcme AG⇥⇥DE").dies()
    desk.edit(1, "company", "Acme Inc")
    desk.edit(1, "tags", "expo")
    again = Screen(desk, file).type("e")
    assert any("by now: Acme Inc" in line for line in again.lines)
    again.type("^so")
    assert (again.record.company, again.record.country, again.record.tags) == ("Acme AG", "DE", ("expo",))


@pytest.mark.parametrize("end", ["d", "⏎"])
def test_a_draft_is_gone_when_it_is_saved_or_dropped(desk: Desk, file: Path, end: str) -> None:
    screen = Screen(desk, file).type("#1⏎ex")
    screen.steering.follow()
    assert file.exists()
    screen.type("␛" + end)
    screen.steering.follow()
    assert not file.exists()


@pytest.mark.parametrize(
    ("keys", "offer", "again", "said"),
    [
        ("aJo Li @zeta", "a draft to add: a, then ↑", "a", "added zeta #7"),
        ("#1⏎comet at the fair", "a draft for Acme #1: c o, then ↑ continues", "co", "noted on Acme #1"),
        ("#1⏎cttue demo", "a draft for Acme #1: ,, then ↑ continues", ",", "Acme #1: demo, Tue 24 Nov"),
        ("#1⏎cttue demo", "a draft for Acme #1: ,, then ↑ continues", "ct", "Acme #1: talked · next demo"),
    ],
)
def test_a_prompt_brings_its_text_back(
    desk: Desk, file: Path, keys: str, offer: str, again: str, said: str
) -> None:
    Screen(desk, file).type(keys).dies()
    screen = Screen(desk, file)
    assert offer in screen.said
    screen.type(again)
    assert screen.steering.prompt is not None
    assert "↑ your draft: " in screen.steering.prompt.state(200).text
    screen.type("↑⏎")
    assert said in screen.said
    screen.steering.follow()
    assert not file.exists()


def test_what_is_typed_at_once_is_never_mixed_with_a_draft(desk: Desk, file: Path) -> None:
    Screen(desk, file).type("aJo Li @zeta").dies()
    screen = Screen(desk, file).type("aK")
    screen.steering.keep_drafts(now=True)
    screen.type("im Ott @yota⏎")
    assert screen.said.startswith("added yota #7")
    screen.steering.follow()
    assert "a draft to add" in Screen(desk, file).said


def test_hanging_up_and_quitting_keep_what_was_typed(desk: Desk, file: Path) -> None:
    screen = Screen(desk, file).type("#1⏎e^uAcme AG")
    screen.steering.hang_up()
    assert json.loads(file.read_text())["edit 1"]["sheet"]["company"] == "Acme AG"
    screen = Screen(desk, file).type("e^uAcme Ltd^q")
    assert screen.left == 1
    assert json.loads(file.read_text())["edit 1"]["sheet"]["company"] == "Acme Ltd"


def test_the_file_is_for_the_person_alone(desk: Desk, file: Path) -> None:
    old = os.umask(0)
    try:
        Screen(desk, file).type("#1⏎ex").dies()
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_two_screens_keep_their_drafts_beside_each_other(desk: Desk, file: Path) -> None:
    one, two = Screen(desk, file), Screen(desk, file)
    one.type("#1⏎ex").dies()
    two.type("#2⏎ey").dies()
    assert json.loads(file.read_text()).keys() == {"edit 1", "edit 2"}
    two.type("^s")
    two.steering.follow()
    assert json.loads(file.read_text()).keys() == {"edit 1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"edit 1": 3, "edit x": {}, "x": {}, "edit 99": {"title": "x"}}',
        '{"edit 1": {"doc": 3, "sheet": []}}',
        '{"edit 1": {"doc": {}, "sheet": {"people": [{"name": 3}]}}}',
        '{"edit 1": {"doc": {}, "sheet": {"people": [{"was": 7}], "company": "x"}}}',
        '{"edit 1": {"doc": {}, "sheet": {"people": [], "nonsense": "x"}}}',
        "[" * 100_000,
        "\x00\xff",
    ],
)
def test_a_file_that_makes_no_sense_stops_nothing(desk: Desk, file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)
    screen = Screen(desk, file).type("#1⏎e")
    assert isinstance(screen.form, Form)
    screen.type("^uAcme AG^s")
    assert screen.record.company == "Acme AG"


def test_a_folder_that_cannot_be_written_is_said_and_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    screen = Screen(desk, tmp_path / "drafts" / "x.json").type("#1⏎e^uAcme AG")
    screen.steering.follow()
    assert "in the way" not in screen.said
    assert "drafts" in screen.said
    screen.type("^s")
    assert screen.record.company == "Acme AG"


# In real terminals


def drafts_in(home: Path) -> str:
    return "".join(path.read_text() for path in home.glob(".local/state/huntertui/drafts/*.json"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_killed_screen_loses_nothing(tmp_path: Path, how: signal.Signals) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("e\x15Smith & Co\x1b[Z\x1b[Zfirst\rsecond").until("second")
        if how is signal.SIGKILL:
            terminal.until(lambda _: "second" in drafts_in(store.parent))
        os.kill(terminal.pid, how)
        terminal.leave()
    assert of(store, "Smithfield").notes == ""
    with start(store) as terminal:
        continued(terminal)
    o = of(store, "Smith & Co")
    assert o.notes == "first\nsecond"
    assert drafts_in(store.parent) == ""
    mine = desk_of(store)
    mine.undo()
    mine.store.close()
    assert of(store, "Smithfield").notes == ""


def continued(terminal: Terminal) -> None:
    terminal.until("e continues").type("e").until("second")
    terminal.type("\x13").until("changed company, notes").type("q")
    assert terminal.leave() == 0
