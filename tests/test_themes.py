from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import Theme as TextualTheme

from huntertui.colors import ANSI_COLORS, CSS_COLORS, color, contrast
from huntertui.errors import HunterError
from huntertui.themes import STATES, Look, Theme, ThemeError, available, folders, load

SHIPPED = ("ansi", "ansi-light", "dark", "deuteranopia", "high-contrast", "light", "mono", "tritanopia")
THEMES, _ = available(folders(Path("/nowhere")))
MARKED = [state for state, look in STATES.items() if look.mark.strip()]


def as_textual(theme: Theme) -> TextualTheme:
    return TextualTheme(
        name=theme.name,
        **theme.colors,
        dark=theme.dark,
        luminosity_spread=theme.luminosity_spread,
        text_alpha=theme.text_alpha,
        variables=dict(theme.variables),
        ansi=theme.ansi,
    )


class TestShipped:
    def test_are_all_there_and_right(self) -> None:
        themes, errors = available(folders(Path("/nowhere")))
        assert tuple(themes) == SHIPPED
        assert errors == []

    @pytest.mark.parametrize("name", SHIPPED)
    def test_show_every_state(self, name: str) -> None:
        state = load(name, folders(Path("/nowhere"))).state
        assert state.keys() == STATES.keys()
        assert state["neglected"].mark == state["neglected"].ascii == "!"
        assert "bold" in state["neglected"].style
        assert state["cursor"].bg or "reverse" in state["cursor"].style
        assert state["cursor"] != state["cursor_inactive"]

    @pytest.mark.parametrize("name", SHIPPED)
    def test_states_differ_without_colour(self, name: str) -> None:
        state = THEMES[name].state
        for one, other in combinations(MARKED, 2):
            assert state[one].mark != state[other].mark
            assert state[one].ascii != state[other].ascii
        assert all(look.ascii.isascii() for look in state.values())

    async def test_are_understood_by_textual(self, user: Path) -> None:
        (user / "mixed.toml").write_text(
            'inherits = "dark"\nbackground = "ansi_default"\n[variables]\nborder = "red 50%"\n'
            'scrollbar = "transparent"\nblock-cursor-background = "blue 5%"\nlink-style = "bold dim italic"\n'
            'block-cursor-text-style = "underline reverse strike"\nfooter-background = "ansi_red 50%"\n'
        )
        (user / "bare.toml").write_text('primary = "red"\nforeground = "ansi_white"\nbackground = "#000"')
        themes, _ = available(folders(user))
        app: App[None] = App()
        async with app.run_test() as pilot:
            for name, theme in themes.items():
                app.register_theme(as_textual(theme))
                app.theme = name
                await pilot.pause()
                assert theme.variables.items() <= app.theme_variables.items()
                if not theme.ansi:
                    assert app.screen.styles.background == Color.parse(theme.colors["background"])

    def test_mono_has_no_hue(self) -> None:
        mono = THEMES["mono"]
        looks = {value for look in mono.state.values() for value in (look.fg, look.bg)}
        assert looks == {""}
        generated = as_textual(mono).to_color_system().generate()
        hueless = ("default", "black", "white", "bright_black", "bright_white")
        allowed = {"transparent", *(f"ansi_{name}" for name in hueless)}
        colors = {
            key: value.partition(" ")[0] for key, value in generated.items() if "style" not in key.split("-")
        }
        assert {key: value for key, value in colors.items() if value not in allowed} == {}

    @pytest.mark.parametrize("name", ["ansi", "ansi-light"])
    def test_ansi_leaves_all_colours_to_the_terminal(self, name: str) -> None:
        ansi = THEMES[name]
        assert ansi.ansi
        looks = {value for look in ansi.state.values() for value in (look.fg, look.bg)}
        assert looks | set(ansi.colors.values()) <= ANSI_COLORS | {""}


class TestColours:
    @pytest.mark.parametrize(
        ("given", "plain"),
        [
            ("#F50", "#ff5500"),
            ("#Ff5F5f", "#ff5f5f"),
            ("red", "#ff0000"),
            ("ansi_bright_red", "ansi_bright_red"),
        ],
    )
    def test_have_one_plain_form(self, given: str, plain: str) -> None:
        assert color(given) == plain

    @pytest.mark.parametrize(
        "given", ["", "#12", "#12345", "#ggg", "rgb(1,2,3)", "$(x)", "#fff ", "ansi_mauve", 7]
    )
    def test_are_nothing_else(self, given: object) -> None:
        with pytest.raises(ValueError, match="colour"):
            color(given)

    def test_are_those_of_textual(self) -> None:
        for name, value in CSS_COLORS.items():
            assert Color.parse(name).rgb == Color.parse(value).rgb
        for name in ANSI_COLORS:
            assert Color.parse(name).ansi is not None

    @pytest.mark.parametrize(
        ("fg", "bg", "ratio"),
        [("#000", "#fff", 21), ("#777", "#fff", 4.48), ("white", "white", 1), ("#767676", "#fff", 4.54)],
    )
    def test_contrast(self, fg: str, bg: str, ratio: float) -> None:
        assert contrast(fg, bg) == pytest.approx(ratio, abs=0.005)
        assert contrast(fg, bg) == contrast(bg, fg)

    def test_contrast_with_the_terminals_own_is_unknown(self) -> None:
        with pytest.raises(ValueError, match="no fixed colour"):
            contrast("ansi_red", "#000000")


@pytest.fixture
def user(tmp_path: Path) -> Path:
    folder = tmp_path / "themes"
    folder.mkdir()
    return folder


class TestOwn:
    def test_a_small_one_changes_what_it_says(self, user: Path) -> None:
        (user / "mine.toml").write_text(
            'inherits = "light"\nauthor = "ana"\nprimary = "#07F"\ntext_alpha = 1\n'
            '[variables]\nborder = "red 50%"\nlink-style = "underline bold"\n'
            '[state]\nneglected = { fg = "maroon", style = "bold reverse" }\nwon = { mark = "$" }\n'
            'lost = { mark = "×" }\n'
        )
        mine, light = (load(name, folders(user)) for name in ("mine", "light"))
        assert (mine.name, mine.author, mine.source) == ("mine", "ana", user / "mine.toml")
        assert (mine.dark, mine.text_alpha, mine.luminosity_spread) == (False, 1.0, 0.15)
        assert mine.colors == {**light.colors, "primary": "#0077ff"}
        assert mine.variables["border"] == "#ff0000 50%"
        assert mine.variables["link-style"] == "bold underline"
        assert mine.state["neglected"] == Look("#800000", "", frozenset({"bold", "reverse"}), "!", "!")
        assert (mine.state["won"].mark, mine.state["won"].ascii) == ("$", "$")
        assert (mine.state["lost"].mark, mine.state["lost"].ascii) == ("×", "x")
        assert mine.state["parked"] == light.state["parked"]

    def test_wins_over_the_programs(self, user: Path) -> None:
        (user / "dark.toml").write_text('inherits = "dark"\nbackground = "black"')
        dark = load("dark", folders(user))
        assert dark.colors["background"] == "#000000"
        assert dark.colors["primary"] == THEMES["dark"].colors["primary"]

    def test_a_broken_one_hides_no_other(self, user: Path) -> None:
        (user / "dark.toml").write_text("primary = 3")
        (user / "zebra.toml").write_text('inherits = "mono"')
        (user / "notes.txt").write_text("not a theme")
        themes, errors = available(folders(user))
        assert tuple(themes) == (*SHIPPED, "zebra")
        assert themes["dark"] == THEMES["dark"]
        assert [error.problem.file for error in errors] == [str(user / "dark.toml")]

    def test_no_folder_is_no_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for folder in (tmp_path / "none", tmp_path / "file"):
            assert available(folders(folder)) == (THEMES, [])

    def test_a_folder_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        loop = tmp_path / "loop"
        loop.symlink_to(loop)
        themes, [error] = available(folders(loop))
        assert tuple(themes) == SHIPPED
        assert str(error).startswith(f"{loop}: cannot be read")

    @pytest.mark.parametrize(
        ("content", "line", "key", "words"),
        [
            ("inherits = 'drak'", 1, "inherits", "did you mean 'dark'?"),
            ("inherits = '../dark'", 1, "inherits", "is no name"),
            ("inherits = 'mine'", 1, "inherits", "there is no theme 'mine'"),
            ("\nprimray = 'red'", 2, "primray", "did you mean 'primary'?"),
            ("[sate]", 1, "sate", "did you mean 'state'?"),
            ("primary = 'rde'", 1, "primary", "did you mean 'red'?"),
            ("primary = '$(x)'", 1, "primary", "write '#rrggbb'"),
            ("primary = 1", 1, "primary", "must be a colour in quotes"),
            ("dark = 'yes'", 1, "dark", "must be true or false"),
            ("text_alpha = 2", 1, "text_alpha", "from 0 to 1"),
            ("text_alpha = nan", 1, "text_alpha", "from 0 to 1"),
            ("author = 'a\\nb'\nauthor2=1", 2, "author2", "did you mean 'author'?"),
            ('author = "a\\u001b"', 1, "author", "a line of text"),
            ("state = 1", 1, "state", "must be a table"),
            ("[state]\nwon = 'red'", 2, "state.won", "must be a table"),
            ("[state]\n\nneglcted = {}", 3, "state.neglcted", "did you mean 'neglected'?"),
            ("[state.won]\nfgg = 'red'", 2, "state.won.fgg", "did you mean 'fg'?"),
            ("[state]\nwon = { fg = '#ff' }", 2, "state.won.fg", "'#ff' is no colour"),
            ("[state]\nwon.style = 'bolt'", 2, "state.won.style", "did you mean 'bold'?"),
            ("[state]\nwon.style = ['bold']", 2, "state.won.style", "must be words in quotes"),
            ("[state]\nwon.mark = ''", 2, "state.won.mark", "must be one character"),
            ("[state]\nwon.mark = '!!'", 2, "state.won.mark", "must be one character"),
            ('[state]\nwon.mark = "\\u001b"', 2, "state.won.mark", "must be one character"),
            ('[state]\nwon.mark = "\\u202e"', 2, "state.won.mark", "must be one character"),
            ("[state]\nwon.mark = '漢'", 2, "state.won.mark", "one column wide"),
            ("[state]\nwon.mark = '👍'", 2, "state.won.mark", "one column wide"),
            ('[state]\nwon.mark = "\\u0301"', 2, "state.won.mark", "one column wide"),
            ("[state]\nwon.ascii = '✓'", 2, "state.won.ascii", "one ASCII character"),
            ("[variables]\nborder = 'red; } * { color: blue'", 2, "variables.border", "is no colour"),
            ("[variables]\nborder = 'red 500%'", 2, "variables.border", "is no colour"),
            ("[variables]\nlink-style = 'blink'", 2, "variables.link-style", "is no style"),
            ("[variables]\n'a b' = 'red'", 2, "variables.a b", "no name of a CSS variable"),
            ("primary = 'red'", 0, "foreground", "is missing"),
            ("primary = 'red'\nprimary = 'red'", 2, "", "Cannot overwrite"),
        ],
    )
    def test_what_is_wrong_is_named(self, user: Path, content: str, line: int, key: str, words: str) -> None:
        path = user / "mine.toml"
        path.write_text(content)
        with pytest.raises(ThemeError) as caught:
            load("mine", folders(user))
        problem = caught.value.problem
        assert (problem.file, problem.line, problem.key) == (str(path), line, key)
        assert words in problem.message
        assert isinstance(caught.value, HunterError)
        assert str(caught.value).isprintable()

    def test_what_is_wrong_in_an_inherited_one_is_named_there(self, user: Path) -> None:
        (user / "base.toml").write_text("\nprimary = 'rde'")
        (user / "mine.toml").write_text("inherits = 'base'")
        with pytest.raises(ThemeError, match=r"base\.toml:2: primary: "):
            load("mine", folders(user))

    def test_a_circle_is_named(self, user: Path) -> None:
        for name, parent in (("a", "b"), ("b", "c"), ("c", "b")):
            (user / f"{name}.toml").write_text(f"# {name}\ninherits = {parent!r}")
        with pytest.raises(ThemeError, match=r"c\.toml:2: inherits: .*a -> b -> c -> b$"):
            load("a", folders(user))

    @pytest.mark.parametrize(
        "name", ["", "../x", "a/b", "[/]", "Dark", "x" * 33, "a\x00b", "\x1b[2J", "dark\n"]
    )
    def test_names_lead_nowhere_else(self, user: Path, name: str) -> None:
        with pytest.raises(ThemeError, match="is no name"):
            load(name, folders(user))

    def test_an_unknown_name(self, user: Path) -> None:
        with pytest.raises(ThemeError, match="there is no theme 'lihgt': did you mean 'light'"):
            load("lihgt", folders(user))
        with pytest.raises(ThemeError, match=r"there is no theme 'light'$"):
            load("light", [user])
