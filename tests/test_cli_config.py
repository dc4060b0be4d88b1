"""config: what holds and where it comes from, and a settings file that is changed with care."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from commandline import inside


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The person's settings, with comments of his own."""
    path = tmp_path / "config" / "huntertui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('# mine\ntheme = "mono"  # quiet\n\n[keys]\n"claim" = "O"\n')
    path.chmod(0o640)
    return path


def settings(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, tuple[object, str]]:
    assert inside(*args, "config", "--json") == 0
    return {
        one["key"]: (one["value"], one["from"]) for one in json.loads(capsys.readouterr().out)["settings"]
    }


def test_show_says_what_holds_and_where_it_comes_from(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = settings(capsys, "--store", "/tmp/x.json", "--no-mouse")
    assert found["theme"] == ("mono", f"{file}:2")
    assert found["keys.claim"] == (["O"], f"{file}:5")
    assert found["store"] == ("/tmp/x.json", "--store")
    assert found["mouse"] == (False, "--no-mouse")
    assert found["currency"] == ("EUR", "default")
    assert inside("config") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f'theme = "mono"  # {file}:2' in lines
    assert 'currency = "EUR"' in lines


def test_set_and_unset_leave_all_else_as_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for args in (
        ["mouse", "false"],
        ["theme", "light"],
        ["targets.closing", "4"],
        ["keys.raise", '["+", "%"]'],
    ):
        assert inside("config", "set", *args) == 0
    assert file.read_text() == (
        '# mine\ntheme = "light"  # quiet\nmouse = false\n\n[keys]\n"claim" = "O"\nraise = ["+", "%"]\n\n'
        "[targets]\nclosing = 4\n"
    )
    assert file.stat().st_mode & 0o777 == 0o640
    capsys.readouterr()
    assert inside("config", "get", "keys.raise") == 0
    assert capsys.readouterr().out == '["+", "%"]\n'
    for key in ("mouse", "targets.closing", "keys.raise"):
        assert inside("config", "unset", key) == 0
    assert 'theme = "light"  # quiet' in file.read_text()
    capsys.readouterr()
    assert settings(capsys)["mouse"] == (True, "default")


def test_set_makes_the_file_of_a_link_and_follows_it(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.toml"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert inside("config", "set", "ascii", "true") == 0
    assert file.is_symlink()
    assert "ascii = true" in elsewhere.read_text()
    file.unlink()
    assert inside("config", "set", "ascii", "true") == 0
    assert file.read_text() == "ascii = true\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(file.parent) == ["config.toml"]  # noqa: PTH208 # names are what is meant


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["set", "theem", "light"], 2, "there is no setting 'theem': did you mean theme?"),
        (["set", "theme", "lihgt"], 2, "theme: "),
        (["set", "mouse", "maybe"], 2, "must be true or false, not 'maybe'; nothing was changed"),
        (["set", "zone", "Europe/Berln"], 2, "did you mean 'Europe/Berlin'?"),
        (["set", "currency", "euro"], 2, "three capital letters"),
        (["set", "keys.claim", "s"], 2, "clashes with"),
        (["set", "keys.cliam", "s"], 2, "did you mean 'claim'?"),
        (["set", "targets.closing", "many"], 2, "must be a number of touches"),
        (["set", "theme"], 2, "config set theme what?"),
        (["set"], 2, "which setting?"),
        (["get", "keys.raise"], 3, "keys.raise is not set"),
        (["unset", "mouse"], 3, "mouse is not in"),
        (["sett", "mouse"], 2, "invalid choice"),
    ],
)
def test_what_is_wrong_changes_nothing(
    file: Path, args: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.read_text(), file.stat().st_ino
    assert inside("config", *args) == code
    assert said in capsys.readouterr().err
    assert (file.read_text(), file.stat().st_ino) == before


def test_a_file_that_is_no_toml_is_not_touched(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("theme = \n")
    assert inside("config", "set", "theme", "light") == 2
    assert "mend it first" in capsys.readouterr().err
    assert file.read_text() == "theme = \n"


def test_what_the_administrator_has_fixed_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    admin = tmp_path / "admin.toml"
    admin.write_text('zone = "Europe/Paris"\n')
    admin.chmod(0o600)
    assert inside("config", "set", "zone", "UTC", settings=admin) == 7
    assert "the administrator has decided zone" in capsys.readouterr().err
