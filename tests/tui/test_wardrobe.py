"""A theme that is saved is shown at once, one that is broken is named, and nobody looks more than needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from day import morning, start
from terminal import Terminal

from huntertui.themes import Theme, ThemeError, folders, load
from huntertui.tui.wardrobe import Wardrobe


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of the person's own themes."""
    folder = tmp_path / "store" / ".config" / "huntertui" / "themes"
    folder.mkdir(parents=True)
    return folder


def save(file: Path, fg: str, base: str = "dark") -> None:
    """Save as editors do: a new file in the place of the old one."""
    new = file.with_suffix(".new")
    new.write_text(f"inherits = '{base}'\n[state]\nneglected = {{ fg = '{fg}' }}\n")
    new.replace(file)


class TestLooks:
    def test_a_saved_file_is_seen_once(self, own: Path) -> None:
        save(own / "mine.toml", "#ff8700")
        wardrobe = Wardrobe("mine", own, load("mine", folders(own)))
        assert wardrobe.look() is None
        save(own / "mine.toml", "#ff5fff")
        found = wardrobe.look()
        assert isinstance(found, Theme)
        assert found.state["neglected"].fg == "#ff5fff"
        assert wardrobe.look() is None

    def test_so_is_one_that_it_inherits_from(self, own: Path) -> None:
        save(own / "base.toml", "#ff8700")
        (own / "mine.toml").write_text("inherits = 'base'")
        wardrobe = Wardrobe("mine", own, load("mine", folders(own)))
        save(own / "base.toml", "#ff5fff")
        found = wardrobe.look()
        assert isinstance(found, Theme)
        assert found.state["neglected"].fg == "#ff5fff"

    def test_others_and_a_mere_touch_are_no_news(self, own: Path) -> None:
        save(own / "mine.toml", "#ff8700")
        wardrobe = Wardrobe("mine", own, load("mine", folders(own)))
        save(own / "other.toml", "#ff5fff")
        assert wardrobe.look() is None
        os.utime(own / "mine.toml", (1, 1))
        assert wardrobe.look() is None

    def test_a_broken_file_is_named_once_and_a_mended_one_shown(self, own: Path) -> None:
        wardrobe = Wardrobe("dark", own, load("dark", folders(own)))
        (own / "dark.toml").write_text("primray = 1")
        found = wardrobe.look()
        assert isinstance(found, ThemeError)
        assert "dark.toml:1: primray" in str(found)
        assert wardrobe.look() is None
        save(own / "dark.toml", "#ff5fff")
        assert isinstance(wardrobe.look(), Theme)
        (own / "dark.toml").unlink()
        assert wardrobe.look() == load("dark", folders(own))

    def test_no_folder_is_nothing_new(self, tmp_path: Path) -> None:
        wardrobe = Wardrobe("dark", tmp_path / "none", load("dark", folders(tmp_path)))
        assert wardrobe.look() is None


def seen(terminal: Terminal) -> str:
    return terminal.color("Dorset")[0]


def test_the_screen_follows_the_file(tmp_path: Path, own: Path) -> None:
    save(own / "dark.toml", "#ff8700")
    with start(morning(tmp_path / "store" / "store.json")) as terminal:
        terminal.until("Dorset").until(lambda it: seen(it) == "ff8700")
        save(own / "dark.toml", "#00ff00")
        terminal.until(lambda it: seen(it) == "00ff00")
        (own / "dark.toml").write_text("primray = 1")
        terminal.until("primray")
        assert seen(terminal) == "00ff00"
        save(own / "dark.toml", "#af0000", base="light")
        terminal.until(lambda it: seen(it) == "af0000")
        number = terminal.row("Dorset")
        assert {cell.bg for cell in terminal.screen.buffer[number].values()} <= {"fafafa", "005faf", "d0d0d0"}
        terminal.rest(1.5)
        length = len(terminal.written)
        terminal.rest(2.5)
        assert len(terminal.written) == length  # at rest nothing is sent


def test_one_that_stands_in_is_left_alone(tmp_path: Path, own: Path) -> None:
    with start(morning(tmp_path / "store" / "store.json"), NO_COLOR="1") as terminal:
        terminal.until("Dorset").rest()
        save(own / "dark.toml", "#00ff00")
        terminal.rest(2.5)
        assert seen(terminal) == "default"
