"""The palette, the ranked help, the footers, and why a command cannot act now."""

from __future__ import annotations

import pytest
from desks import Clock, desk_at, desk_over, small_world
from hands import Hands, touches
from rich.cells import cell_len

from huntertui.commands import BY_NAME, COMMANDS, Command, keys_of
from huntertui.tui.footers import PLACES, footer
from huntertui.tui.palette import Palette
from huntertui.tui.panels import Help
from huntertui.tui.picture import Pictures, Room
from huntertui.tui.ranked import ranked_commands
from huntertui.tui.reasons import why_not


def lines(hands: Hands) -> list[str]:
    panel = hands.steering.panel
    assert isinstance(panel, Palette | Help)
    return [line.text.rstrip() for line in panel.state().lines if line.text.strip()]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("won", "close-won"),
        ("add", "add"),
        ("log no answer", "log-no-answer"),
        ("no answer", "log-no-answer"),
        ("snooze", "snooze"),
        ("vce", "log-voicemail"),
        ("talked", "log-talked"),
        ("palette", "palette"),
        ("NÖTE", "note"),
    ],
)
def test_commands_are_ranked(typed: str, first: str) -> None:
    assert ranked_commands(typed)[0][1].name == first


def test_without_words_all_are_there() -> None:
    assert [command for _, command in ranked_commands("")] == list(COMMANDS)
    assert ranked_commands("xyzzy") == []


def test_enter_runs_a_command_on_the_row(hands: Hands) -> None:
    hands.type("j^pno answer")
    assert lines(hands)[0].split()[:5] == ["log-no-answer", "c", "n", "nobody", "answered;"]
    hands.type("⏎")
    assert hands.said.startswith("Acme #1: no answer")
    assert hands.steering.panel is None
    hands.type("j^psnooze⏎tu⏎")
    assert "Tue 8 Dec" in hands.said


def test_enter_goes_to_a_record(hands: Hands) -> None:
    hands.type("^pinitech")
    assert "Initech · Dora Diaz · proposal · ana #4" in lines(hands)
    while "Initech" not in lines(hands)[hands.steering.panel._at]:  # type: ignore[union-attr]
        hands.steering.take("down")
    hands.type("⏎")
    assert (hands.id, hands.steering.lanes.focused, hands.steering.panel) == (4, 2, None)


def test_a_record_that_is_hidden_is_gone_to(hands: Hands, clock: Clock) -> None:
    ben = desk_over(hands.desk.store, clock, "ben")
    ben.add("Hal Orr @Quux")
    hands.steering.follow()
    hands.type("/acme⏎^pquux⏎")
    assert hands.id == 7
    assert "everybody's" in hands.said


def test_only_commands_after_the_sign(hands: Hands) -> None:
    hands.type("^p>acme")
    assert not any("Acme" in line for line in lines(hands))
    hands.type("^uacme")
    assert any("Acme" in line for line in lines(hands))


def test_what_cannot_act_is_dim_and_says_why(hands: Hands) -> None:
    hands.type("^pfind-next")
    panel = hands.steering.panel
    assert isinstance(panel, Palette)
    assert "not now: nothing searched for yet" in lines(hands)[0]
    hands.type("⏎")
    assert "nothing searched for yet" in hands.said


def test_a_burst_arrives_whole_and_help_opens_from_it(hands: Hands) -> None:
    hands.type("^phelpx⌫⏎voicemail")
    assert isinstance(hands.steering.panel, Help)
    assert lines(hands) == ["  c v                  left a voicemail  (log-voicemail)"]


@pytest.mark.parametrize("keys", ["^p^p", "^pzzzz⏎", "^p" + "x" * 500])
def test_odd_keys_change_nothing(hands: Hands, keys: str) -> None:
    before = hands.desk.seq
    hands.type(keys)
    assert isinstance(hands.steering.panel, Palette)
    assert hands.type("␛").steering.panel is None
    assert hands.desk.seq == before


def test_hostile_names_are_text(hands: Hands) -> None:
    hands.desk.edit(4, "company", "[/red][@click=app.quit]Ini")
    hands.type("^pini")
    assert any("[/red][@click=app.quit]Ini" in line for line in lines(hands))


def test_lines_keep_the_width_of_the_screen(hands: Hands) -> None:
    hands.type("^p")
    for columns in (60, 80, 200):
        overlay = Pictures(hands.steering, {}, demo=False).make(Room(status=(columns, 1))).overlay
        assert overlay is not None
        widths = {cell_len(line.text) for line in overlay.lines}
        assert len(widths) == 1
        assert widths.pop() <= columns - 4


# The help


def test_a_key_finds_its_command(hands: Hands) -> None:
    hands.type("?x w")
    assert lines(hands)[0].endswith("(close-won)")


def test_the_help_says_what_cannot_act(hands: Hands) -> None:
    hands.type("?")
    panel = hands.steering.panel
    assert isinstance(panel, Help)
    dim = {line.text.rpartition("(")[2][:-1] for line in panel.state().lines if line.look == "dim"}
    assert {"redo", "repeat", "find-next", "reopen", "tutorial"} <= dim
    assert not dim & {"log-no-answer", "undo", "find", "work-through"}


# Why not


def run(hands: Hands, command: Command) -> str:
    """What is said, or opened, when a command is run."""
    steering = hands.steering
    steering.say("")
    steering.prompt = steering.panel = None
    steering.guarded(lambda: steering.run(command))
    return steering.said or type(steering.prompt or steering.panel).__name__.removeprefix("NoneType")


SILENT = {
    *(command.name for command in COMMANDS if command.group == "Move"),
    "show-mine", "show-unowned", "show-all", "neglected-only", "show-today", "redraw", "leave", "quit",
    "select", "select-all",
}  # fmt: skip
"""What shows at a glance what it does, or that there is nowhere to go."""


@pytest.mark.parametrize("name", [command.name for command in COMMANDS if command.name not in SILENT])
@pytest.mark.parametrize("state", ["empty", "closed", "working"])
def test_what_cannot_act_says_so(clock: Clock, name: str, state: str) -> None:
    hands = Hands(desk_at("memory:", clock))
    if state != "empty":
        small_world(hands.desk)
        hands.type("r" + ("/hooli⏎" if state == "closed" else "W"))
    command, before = BY_NAME[name], hands.desk.seq
    why = why_not(hands.steering, command)
    said = run(hands, command)
    assert said or hands.desk.seq > before or hands.steering.working, (name, why)
    if why and command.changes:
        assert hands.desk.seq == before or hands.said.startswith("no change"), (why, said)


def test_a_reason_is_never_given_for_what_works(hands: Hands) -> None:
    """On an open row of mine, with something to undo, each command that changes it does or asks."""
    for command in COMMANDS:
        if command.changes and not why_not(hands.steering, command):
            assert run(hands, command), command.name
            hands.steering.prompt = hands.steering.panel = None


# The footers


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_a_footer_names_at_most_seven_keys(place: str, width: int) -> None:
    line = footer({}, place, width)
    assert line.endswith("? help")
    assert len(line.split("  ")) <= 7
    assert len(line) <= width
    assert {name for name, _ in PLACES[place]} <= set(BY_NAME)


def test_a_footer_follows_the_place_and_the_settings(hands: Hands) -> None:
    pictures = Pictures(hands.steering, {"snooze": ("%",)}, demo=False)

    def shown(keys: str) -> str:
        hands.type(keys)
        return pictures.make(Room(status=(200, 2))).status.hint

    assert "% snooze" in shown("")
    assert "> next stage" in shown("3")
    assert "Esc back" in shown("⏎")
    assert "n skip" in shown("␛1W")
    assert "Esc drop" in shown("␛␛ ")
    assert touches(hands.desk, 1) == 0
    assert keys_of("palette") == ["ctrl+p"]
