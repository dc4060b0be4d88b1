"""The tutorial: five steps that go on when they are done, once for each person."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Clock, desk_at, small_world
from hands import Hands

from huntertui.tui.picture import Pictures, Room
from huntertui.tui.tutorial import Coach, first_time


@pytest.fixture
def hands() -> Hands:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    made = Hands(desk)
    made.steering.demo = True
    made.steering.teach()
    return made


def line(hands: Hands) -> str:
    return Pictures(hands.steering, {}, demo=True).make(Room(status=(80, 1))).header.text


def test_each_step_goes_on_when_it_is_done(hands: Hands) -> None:
    steps = {"j": "1/5 press c n", "cn": "2/5 press .", ".": "3/5 press u", "u": "4/5 press /"}
    for keys, press in steps.items():
        hands.type(keys)
        assert line(hands).startswith(press)
    hands.type("/acme⏎")
    assert line(hands).startswith("5/5 press W: ")
    hands.type("W")
    assert hands.steering.working
    assert line(hands).startswith("huntertui ")


def test_what_fails_is_not_done(hands: Hands) -> None:
    hands.steering.coach.did("log-no-answer")
    hands.type(".")
    assert "nothing to repeat" in hands.said
    assert line(hands).startswith("2/5")


def test_escape_skips_it_and_a_command_brings_it_back(hands: Hands) -> None:
    hands.type("c␛")  # cancels what was begun, no more
    assert line(hands).startswith("1/5")
    hands.type("␛")
    assert line(hands).startswith("huntertui ")
    hands.type(":tutorial⏎")
    assert line(hands).startswith("1/5")


def test_it_names_the_persons_own_keys() -> None:
    assert Coach({"log-no-answer": ("%",)}).line.startswith("1/5 press %: ")
    assert Coach({"log-no-answer": ()}).line.startswith("1/5 type :log-no-answer and Enter: ")


def test_at_work_it_is_refused(hands: Hands) -> None:
    hands.steering.coach.skip()
    hands.steering.demo = False
    hands.type(":tutorial⏎")
    assert hands.steering.prompt is not None
    assert hands.steering.coach.line == ""


def test_the_first_time_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "huntertui"
    assert first_time(folder)
    assert not first_time(folder)
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert first_time(None)
    (tmp_path / "file").touch()
    assert first_time(tmp_path / "file" / "below")
