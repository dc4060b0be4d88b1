from __future__ import annotations

import os
import pwd
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.config import Config, find_paths, load, local_zone, whoami
from huntertui.errors import Usage
from huntertui.tomlfile import LIMIT, Unreadable, line_of, nearest, read, suggest


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the path of the user's file, whose folder is there."""
    path = tmp_path / "config" / "huntertui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "TZ": "UTC"}


class TestPaths:
    def test_follow_xdg(self) -> None:
        env = {
            "HOME": "/home/ana",
            "XDG_CONFIG_HOME": "/c",
            "XDG_DATA_HOME": "/d",
            "XDG_STATE_HOME": "/s",
        }
        paths = find_paths(env)
        assert paths.config == Path("/c/huntertui/config.toml")
        assert paths.themes == Path("/c/huntertui/themes")
        assert paths.store == Path("/d/huntertui/store.json")
        assert paths.state == Path("/s/huntertui")

    @pytest.mark.parametrize("given", ["", "relative/path"])
    def test_fall_back_to_the_home(self, given: str) -> None:
        env = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), given)
        paths = find_paths(env | {"HOME": "/home/ana"})
        assert paths.config == Path("/home/ana/.config/huntertui/config.toml")
        assert paths.store == Path("/home/ana/.local/share/huntertui/store.json")
        assert paths.state == Path("/home/ana/.local/state/huntertui")

    def test_without_a_home_the_account_has_one(self) -> None:
        home = pwd.getpwuid(os.getuid()).pw_dir
        assert find_paths({}).config == Path(home, ".config/huntertui/config.toml")

    def test_another_file_brings_its_themes(self) -> None:
        env = {"HOME": "/home/ana", "HUNTERTUI_CONFIG": "/env/my.toml"}
        assert find_paths(env).themes == Path("/env/themes")
        assert find_paths(env, {"config": "/flag/my.toml"}).config == Path("/flag/my.toml")


class TestLoad:
    def test_nothing_given(self, env: dict[str, str], tmp_path: Path) -> None:
        config, problems = load(env)
        store = str(tmp_path / ".local/share/huntertui/store.json")
        assert (config, problems) == (Config(store=store), [])
        assert not (tmp_path / "config").exists()

    def test_everything_given(self, env: dict[str, str], settings: Path) -> None:
        content = dedent("""\
            theme = "light"
            mouse = false
            ascii = true
            store = "/srv/sales/store.json"
            zone = "Europe/Berlin"
            currency = "CHF"
            any_filesystem = true

            [keys]
            call = "C"
            next = ["n", "ctrl+n"]
            quit = []
            """)
        settings.write_text(content)
        config, problems = load(env)
        assert problems == []
        assert config == Config(
            theme="light",
            mouse=False,
            ascii=True,
            store="/srv/sales/store.json",
            zone="Europe/Berlin",
            currency="CHF",
            any_filesystem=True,
            keys={"call": ("C",), "next": ("n", "ctrl+n"), "quit": ()},
        )
        assert settings.read_text() == content

    @pytest.mark.parametrize(
        ("flag", "variable", "in_file", "expected"),
        [
            ("mono", "light", "ansi", "mono"),
            (None, "light", "ansi", "light"),
            (None, "", "ansi", "ansi"),
            (None, None, None, "dark"),
        ],
    )
    def test_order(
        self,
        env: dict[str, str],
        settings: Path,
        flag: str | None,
        variable: str | None,
        in_file: str | None,
        expected: str,
    ) -> None:
        if variable is not None:
            env["HUNTERTUI_THEME"] = variable
        if in_file is not None:
            settings.write_text(f"theme = {in_file!r}")
        assert load(env, {"theme": flag})[0].theme == expected

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("/srv/s.json", "/srv/s.json"),
            ("~/s.json", "{home}/s.json"),
            ("team/s.json", "{home}/config/huntertui/team/s.json"),
            ("memory:", "memory:"),
            ("postgresql://db/sales", "postgresql://db/sales"),
        ],
    )
    def test_store_of_a_file(
        self, env: dict[str, str], settings: Path, tmp_path: Path, written: str, expected: str
    ) -> None:
        settings.write_text(f"store = {written!r}")
        assert load(env)[0].store == expected.format(home=tmp_path)

    def test_store_of_the_environment_and_the_flag_is_taken_as_it_is(self, env: dict[str, str]) -> None:
        env["HUNTERTUI_STORE"] = "here.json"
        assert load(env)[0].store == "here.json"
        assert load(env, {"store": "there.json"})[0].store == "there.json"

    @pytest.mark.parametrize(
        ("said", "name"), [("15;0", "night"), ("0;15", "day"), ("0;default;7", "day"), ("", "night")]
    )
    def test_a_theme_for_each_background(
        self, env: dict[str, str], settings: Path, said: str, name: str
    ) -> None:
        settings.write_text('theme = { dark = "night", light = "day" }')
        env["COLORFGBG"] = said
        config, problems = load(env)
        assert (config.theme, problems) == (name, [])

    @pytest.mark.parametrize(
        ("content", "line", "key", "words"),
        [
            ('theme = "dark"\n\nmuose = true', 3, "muose", "did you mean 'mouse'?"),
            ("mouse = 1", 1, "mouse", "must be true or false, not 1"),
            ("# ascii\nascii = 'yes'", 2, "ascii", "must be true or false, not 'yes'"),
            ("theme = { dark = 'a' }", 1, "theme", "dark = 'one', light = 'other'"),
            ("theme = { dark = 'a', light = 3 }", 1, "theme", "the name of a theme"),
            ("theme = ['dark']", 1, "theme", "the name of a theme"),
            ("store = ''", 1, "store", "the path of a store"),
            ('store = "a\\u001bb"', 1, "store", r"'a\x1bb'"),
            ("zone = 'Europe/Berln'", 1, "zone", "did you mean 'Europe/Berlin'?"),
            ("zone = '../../etc/passwd'", 1, "zone", "no time zone"),
            ("zone = 'America'", 1, "zone", "no time zone"),
            ("zone = 1", 1, "zone", "must be a time zone in quotes"),
            ("currency = 'euro'", 1, "currency", "three capital letters"),
            ("any_filesystem = 'nfs'", 1, "any_filesystem", "must be true or false, not 'nfs'"),
            ("keys = 'j'", 1, "keys", "must be a table"),
            ("[keys]\ncall = 'c'\nlog = 7", 3, "keys.log", "not 7"),
            ("[keys]\nlog = ['l', '']", 2, "keys.log", "must be a key in quotes or a list of them"),
            ("[keys.call]\nkey = 'c'", 1, "keys.call", "must be a key in quotes"),
            ("mouse = true\nmouse = false", 2, "", "Cannot overwrite a value"),
            ("theme =", 1, "", "Invalid value"),
            ("theme = 'dark'\ntheme_x = '''abc", 2, "", "Expected"),
        ],
    )
    def test_what_is_wrong_is_named_and_the_default_stands(
        self, env: dict[str, str], settings: Path, content: str, line: int, key: str, words: str
    ) -> None:
        settings.write_text(content)
        config, problems = load(env)
        default, _ = load(env | {"XDG_CONFIG_HOME": "/nowhere"})
        assert config == default or config.keys == {"call": ("c",)}
        [problem] = problems
        assert (problem.file, problem.line, problem.key) == (str(settings), line, key)
        assert words in problem.message
        assert str(problem).startswith(f"{settings}:{line}: ")

    def test_one_wrong_entry_costs_only_itself(self, env: dict[str, str], settings: Path) -> None:
        settings.write_text("theme = 'light'\nmouse = 'no'\nascii = 3\ncurrency = 'USD'\n")
        config, problems = load(env)
        assert (config.theme, config.mouse, config.ascii, config.currency) == ("light", True, False, "USD")
        assert [problem.line for problem in problems] == [2, 3]

    @pytest.mark.parametrize("variable", ["HUNTERTUI_ZONE", "HUNTERTUI_STORE"])
    def test_a_wrong_variable_is_named_and_the_file_stands(
        self, env: dict[str, str], settings: Path, variable: str
    ) -> None:
        settings.write_text("zone = 'Asia/Tokyo'\nstore = '/s.json'")
        config, problems = load(env | {variable: "\x1b[2J"})
        assert (config.zone, config.store) == ("Asia/Tokyo", "/s.json")
        assert [problem.key for problem in problems] == [variable]
        assert "\x1b" not in str(problems[0])

    @pytest.mark.parametrize(
        "flags", [{"zone": "Mars/Base"}, {"theme": ""}, {"store": ""}, {"config": "/nowhere/x.toml"}]
    )
    def test_a_wrong_flag_is_an_error(self, env: dict[str, str], flags: dict[str, str]) -> None:
        with pytest.raises(Usage, match=f"--{next(iter(flags))}: "):
            load(env, flags)

    def test_a_missing_file_that_the_environment_names(self, env: dict[str, str]) -> None:
        _, problems = load(env | {"HUNTERTUI_CONFIG": "/nowhere/x.toml"})
        assert [str(problem) for problem in problems] == ["/nowhere/x.toml: there is no such file"]

    @given(content=st.text() | st.from_regex(r"([a-z]+ ?= ?('[a-z]*'|[0-9]+|\[[0-9]?\])\n)+", fullmatch=True))
    def test_no_content_whatever_stops_the_day(
        self, tmp_path_factory: pytest.TempPathFactory, content: str
    ) -> None:
        path = tmp_path_factory.mktemp("any") / "config.toml"
        path.write_text(content, encoding="utf-8", errors="surrogatepass", newline="")
        config, _ = load({"HOME": "/h", "HUNTERTUI_CONFIG": str(path), "TZ": "UTC"})
        assert config.zone


class TestZone:
    @pytest.mark.parametrize(
        ("tz", "link", "text", "expected"),
        [
            (None, None, None, "UTC"),
            ("Europe/Paris", "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Seoul", "Europe/Paris"),
            (":Europe/Paris", None, None, "Europe/Paris"),
            (":/usr/share/zoneinfo/Europe/Paris", None, None, "Europe/Paris"),
            ("CET-1CEST", "/usr/share/zoneinfo/Asia/Tokyo", None, "Asia/Tokyo"),
            ("../x", "../usr/share/zoneinfo/Asia/Tokyo", None, "Asia/Tokyo"),
            ("", "/var/db/timezone/zoneinfo/America/New_York", None, "America/New_York"),
            (None, "/usr/share/zoneinfo/posix/Asia/Tokyo", None, "Asia/Tokyo"),
            (None, "/somewhere/else", "Asia/Seoul\n", "Asia/Seoul"),
            (None, None, "Etc/UTC\n", "Etc/UTC"),
            (None, None, "Nowhere/Land\n", "UTC"),
            (None, None, "\n", "UTC"),
            (None, None, "\u00fc", "UTC"),
        ],
    )
    def test_sources_in_order(
        self, tmp_path: Path, tz: str | None, link: str | None, text: str | None, expected: str
    ) -> None:
        (tmp_path / "etc").mkdir()
        if link is not None:
            (tmp_path / "etc/localtime").symlink_to(link)
        if text is not None:
            (tmp_path / "etc/timezone").write_text(text, encoding="utf-8")
        assert local_zone({} if tz is None else {"TZ": tz}, tmp_path) == expected

    def test_a_localtime_that_is_no_link_says_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc/localtime").write_bytes(b"TZif2")
        (tmp_path / "etc/timezone").write_text("Europe/Rome")
        assert local_zone({}, tmp_path) == "Europe/Rome"

    def test_the_setting_wins(self, env: dict[str, str], settings: Path, tmp_path: Path) -> None:
        settings.write_text("zone = 'Asia/Tokyo'")
        assert load(env | {"TZ": "Europe/Paris"}, root=tmp_path)[0].zone == "Asia/Tokyo"


class TestWhoami:
    def test_is_the_account_whatever_the_environment_claims(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("USER", "LOGNAME", "SUDO_USER", "USERNAME"):
            monkeypatch.setenv(name, "mallory")
        assert whoami(0) == "root"
        assert whoami(os.getuid()) == pwd.getpwuid(os.getuid()).pw_name

    def test_a_uid_without_an_account(self) -> None:
        assert whoami(2_000_000_011) == "uid2000000011"


class TestFile:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"a = 1\nb = '\xe9'\n", "{path}:2: is not UTF-8 text"),
            (b"#" * (LIMIT + 1), "{path}: is larger than 64 kB"),
            (b"a = " + b"[" * 20_000, "{path}: is nested too deeply"),
            (b"a = " + b"9" * 5_000, "{path}: has a number of too many digits"),
            (b"a = 1\n\nb == 2\n", "{path}:3: Invalid value"),
        ],
    )
    def test_unreadable_content(self, tmp_path: Path, content: bytes, message: str) -> None:
        path = tmp_path / "x.toml"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as caught:
            read(path)
        assert str(caught.value) == message.format(path=path)

    def test_only_a_plain_file_is_read(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.toml"
        os.mkfifo(pipe)
        device = tmp_path / "device.toml"
        device.symlink_to("/dev/zero")
        for path in (pipe, device, tmp_path):
            with pytest.raises(Unreadable, match="is not a plain file"):
                read(path)
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "none.toml")

    def test_a_link_and_a_byte_order_mark_are_fine(self, tmp_path: Path) -> None:
        real = tmp_path / "real"
        real.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
        link = tmp_path / "link.toml"
        link.symlink_to(real)
        document = read(link)
        assert document.data == {"a": 1, "b": 2}
        assert document.problem("odd", "b").line == 2

    def test_a_problem_holds_nothing_a_terminal_obeys(self, tmp_path: Path) -> None:
        path = tmp_path / "x\x1b[2J.toml"
        path.write_text('"\\u001b]0;x\\u0007" = 1')
        text = str(read(path).problem("odd", *read(path).data))
        assert text.isprintable()

    @pytest.mark.parametrize(
        ("keys", "line"),
        [
            (("top",), 2),
            (("a",), 4),
            (("a", "x"), 5),
            (("a", "y"), 6),
            (("a", "y", "z"), 6),
            (("a", "b"), 8),
            (("a", "b", "x"), 9),
            (("a", "b", "missing"), 8),
            (("q r", "s"), 12),
            (("d", "e", "f"), 14),
            (("list", "n"), 16),
            (("nowhere",), 0),
        ],
    )
    def test_lines(self, keys: tuple[str, ...], line: int) -> None:
        text = dedent("""\
            # top = 0
            top = "a = 1"

            [a]
            x = [1, 2]
            y = { z = 1 }

            [ a . b ]  # inner
            x = 2

            ["q r"]
            's' = 3
            [d]
            e.f = 4
            [[list]]
            n = 1
            """)
        assert line_of(text, keys) == line

    def test_suggestions(self) -> None:
        assert nearest("lihgt", ["light", "dark"]) == "light"
        assert nearest("q", ["light", "dark"]) == ""
        assert suggest("lihgt", ["light", "dark"]) == "did you mean 'light'?"
        assert suggest("q", ["light", "dark"]) == "there are dark, light"


class TestTargets:
    def test_are_touches_a_day(self, settings: Path, env: dict[str, str]) -> None:
        settings.write_text('[targets]\nprospecting = 25\nfollowing = "due"\nclosing = 0\n')
        config, problems = load(env)
        assert not problems
        assert config.targets == {"prospecting": 25, "following": None, "closing": 0}

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("prospecting = -1", 'must be a number of touches up to 500, or "due" for all, not -1'),
            ("closing = true", 'must be a number of touches up to 500, or "due" for all, not True'),
            ("following = 501", 'must be a number of touches up to 500, or "due" for all, not 501'),
            ("prospectng = 5", "is unknown: did you mean 'prospecting'?"),
        ],
    )
    def test_a_wrong_one_is_named_and_left_at_its_default(
        self, settings: Path, env: dict[str, str], line: str, said: str
    ) -> None:
        settings.write_text(f"[targets]\n{line}\n")
        config, [problem] = load(env)
        assert config.targets == {}
        assert problem.line == 2
        assert said in str(problem)

    def test_are_a_table(self, settings: Path, env: dict[str, str]) -> None:
        settings.write_text("targets = 5\n")
        config, [problem] = load(env)
        assert config.targets == {}
        assert "must be a table, not 5" in str(problem)
