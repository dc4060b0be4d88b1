"""Every theme of the program can be read, in any number of colours and by any eyes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from colour_vision import DEUTERANOPIA, NORMAL, TRITANOPIA, Matrix, delta_e
from commandline import inside
from rich.color import Color as TerminalColor
from rich.color import ColorSystem

from huntertui.colors import ALL, FEW, MANY, NONE, PALETTES, as_256, color, contrast, depth, in_light
from huntertui.legible import measures, stand_in
from huntertui.themes import Theme, available, folders, load

THEMES, _ = available(folders(Path("/nowhere")))
IN_HEX = [theme for theme in THEMES.values() if not theme.ansi]


def by_rich_in_256(value: str) -> str:
    """What Rich sends to a terminal of 256 colours, which is how Textual's output gets there."""
    return TerminalColor.parse(value).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_theme_can_be_read(theme: Theme) -> None:
    found = list(measures(theme))
    assert [str(one) for one in found if not one.enough] == []
    terminals = {one.terminal for one in found}
    assert terminals == (
        {"16 colours of xterm", "16 colours of VGA"} if theme.ansi else {"truecolor", "256 colours"}
    )
    assert {"neglected", "cursor", "border", "neglected in the status"} <= {one.what for one in found}


def test_high_contrast_is_higher() -> None:
    """WCAG 2.2, success criterion 1.4.6 (AAA)."""
    assert all(one.ratio >= 7 for one in measures(THEMES["high-contrast"]) if one.what != "border")


@pytest.mark.parametrize("theme", IN_HEX, ids=lambda theme: theme.name)
@pytest.mark.parametrize("seen", [color, by_rich_in_256], ids=["truecolor", "256"])
class TestInHex:
    def test_textuals_own_colours(self, theme: Theme, seen: Callable[[str], str]) -> None:
        for name in ("primary", "secondary", "accent", "warning", "error", "success"):
            assert contrast(seen(theme.colors[name]), seen(theme.colors["background"])) >= 4.5, name
        for cursor in ("block-cursor", "block-cursor-blurred"):
            fg, bg = (theme.variables[f"{cursor}-{part}"] for part in ("foreground", "background"))
            assert contrast(seen(fg), seen(bg)) >= 4.5

    def test_the_cursor_stands_out(self, theme: Theme, seen: Callable[[str], str]) -> None:
        assert contrast(seen(theme.state["cursor"].bg), seen(theme.colors["background"])) >= 2
        assert seen(theme.state["cursor"].bg) != seen(theme.state["cursor_inactive"].bg)
        assert seen(theme.state["cursor_inactive"].bg) != seen(theme.colors["background"])

    def test_neglected_is_red(self, theme: Theme, seen: Callable[[str], str]) -> None:
        red, green, blue = TerminalColor.parse(seen(theme.state["neglected"].fg)).get_truecolor()
        assert red > 1.5 * max(green, blue)


@pytest.mark.parametrize(
    "seen", [NORMAL, DEUTERANOPIA, TRITANOPIA], ids=["all", "deuteranopia", "tritanopia"]
)
@pytest.mark.parametrize("depth", [color, as_256], ids=["truecolor", "256"])
class TestColourBlind:
    """20 is seen at a glance, see `delta_e`; in the default theme red is 2 from amber for a deuteranope."""

    @staticmethod
    def theme(seen: Matrix) -> Theme:
        return THEMES["tritanopia" if seen is TRITANOPIA else "deuteranopia"]

    def test_red_is_told_from_all_others(self, seen: Matrix, depth: Callable[[str], str]) -> None:
        theme = self.theme(seen)
        red = depth(theme.state["neglected"].fg)
        others = {
            state: look.fg for state, look in theme.state.items() if state not in ("neglected", "cursor")
        }
        others["plain"] = theme.colors["foreground"]
        near = {state: delta_e(red, depth(fg), seen) for state, fg in others.items() if fg}
        assert {state: far for state, far in near.items() if far < 30} == {}

    def test_the_states_are_told_apart(self, seen: Matrix, depth: Callable[[str], str]) -> None:
        theme = self.theme(seen)
        colors = [theme.state[name].fg for name in ("neglected", "due_today", "no_next", "triage")]
        for one, other in combinations([*colors, theme.colors["foreground"]], 2):
            assert delta_e(depth(one), depth(other), seen) >= 20, (one, other)


def test_colour_blindness_is_simulated() -> None:
    assert delta_e("#ff0000", "#00ff00") == pytest.approx(170.6, abs=0.5)
    assert delta_e("#af0000", "#5f5f00", DEUTERANOPIA) < 10 < delta_e("#af0000", "#5f5f00")
    assert delta_e("#0087af", "#00875f", TRITANOPIA) < 20 < delta_e("#0087af", "#00875f")
    for seen in (NORMAL, DEUTERANOPIA, TRITANOPIA):
        assert delta_e("#000000", "#ffffff", seen) == pytest.approx(100, abs=0.5)


def test_256_colours_are_those_of_rich() -> None:
    chosen = random.Random(7)
    for value in ("#000000", "#ffffff", "#fafafa", *(f"#{chosen.randrange(ALL):06x}" for _ in range(2000))):
        assert as_256(value) == by_rich_in_256(value)


def test_16_colours_have_names() -> None:
    for palette in PALETTES.values():
        assert len(palette) == 16
        assert all(color(value) == value for value in palette.values())


@pytest.mark.parametrize(
    ("env", "colors"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ALL),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, ALL),
        ({"TERM": "xterm-256color"}, MANY),
        ({"TERM": "tmux-256color"}, MANY),
        ({"TERM": "xterm-kitty"}, MANY),
        ({"TERM": "screen", "STY": "1.pts"}, MANY),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts", "COLORTERM": "truecolor"}, MANY),
        ({"TERM": "screen.xterm-256color", "COLORTERM": "truecolor"}, MANY),  # its other end is in screen
        ({"TERM": "screen-256color", "COLORTERM": "truecolor", "TMUX": "/x,1,0"}, ALL),
        ({"TERM": "xterm"}, FEW),
        ({"TERM": "linux"}, FEW),
        ({"TERM": "xterm-16color"}, FEW),
        ({"TERM": "quux"}, FEW),
        ({"TERM": ""}, FEW),
        ({}, FEW),
        ({"TERM": "dumb"}, NONE),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, MANY),
    ],
)
def test_how_many_colours_there_are(env: dict[str, str], colors: int) -> None:
    assert depth(env) == colors
    shown = {name: stand_in(theme, env) for name, theme in THEMES.items()}
    if colors > FEW:
        assert shown == {name: name for name in THEMES}
    elif colors == NONE:
        assert set(shown.values()) == {"mono"}
    else:
        in_their_place = {"light": "ansi-light", "ansi-light": "ansi-light", "mono": "mono"}
        assert shown == {name: in_their_place.get(name, "ansi") for name in THEMES}


@pytest.mark.parametrize(
    ("said", "light"), [("0;15", True), ("0;default;7", True), ("15;0", False), ("", False), ("15", True)]
)
def test_a_light_background_is_believed(said: str, light: bool) -> None:
    assert in_light({"COLORFGBG": said}) == light
    assert not in_light({})


class TestCheck:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        folder = tmp_path / "config" / "huntertui" / "themes"
        folder.mkdir(parents=True)
        return folder

    def test_all_of_the_programs_are_enough(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert inside("themes", "check") == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == len(THEMES)
        assert all(
            re.search(r"all \d+ contrasts are enough, the least of text is \d+\.\d", line) for line in lines
        )

    def test_one_is_told_at_length(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert inside("themes", "check", "mono") == 0
        assert "  neglected, 16 colours of VGA: 9.0\n" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("neglected = { fg = '#5f0000' }", "neglected, truecolor: 1.3, too little: 4.5 is the least"),
            ("border = { fg = '#303030' }", "border, 256 colours: 1.4, too little: 3 is the least"),
            ("cursor = { fg = '#005f87', bg = 'black' }", "cursor, truecolor: 3.0, too little"),
            (
                "status = { fg = '#dadada', bg = '#ff5f5f' }",
                "neglected in the status, truecolor: 1.0, too little",
            ),
        ],
    )
    def test_what_is_too_little_is_named(
        self, own: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
    ) -> None:
        (own / "mine.toml").write_text(f"inherits = 'dark'\n[state]\n{content}\n")
        for args in ([], ["mine"]):
            assert inside("themes", "check", *args) == 1
            assert words in capsys.readouterr().out

    def test_a_broken_one_is_a_fault(self, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (own / "mine.toml").write_text("primray = 1")
        for args in ([], ["mine"], ["none"]):
            assert inside("themes", "check", *args) == 1
        assert "mine.toml:1: primray: is unknown" in capsys.readouterr().err

    def test_a_theme_half_of_the_terminals_own_colours(self, own: Path) -> None:
        (own / "half.toml").write_text("inherits = 'dark'\n[state]\nneglected = { fg = 'ansi_red' }\n")
        found = {str(one) for one in measures(load("half", folders(own))) if not one.enough}
        assert "neglected, truecolor: 3.2, too little: 4.5 is the least" in found
