"""What every test stands on: nobody's own settings, files or terminal shine through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from desks import Clock, desk_at, small_world
from hypothesis import settings
from postgres import postgres

if TYPE_CHECKING:
    from pathlib import Path

    from hands import Hands

__all__ = ["postgres"]

# A busy machine is no failure. All else is left to the profile in force, which on CI is a fixed seed.
settings.register_profile("huntertui", settings.default, deadline=None)
settings.load_profile("huntertui")

_COLORS = ("NO_COLOR", "COLORTERM", "COLORFGBG", "STY")


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test, and each process it starts, an empty home and no switches of the terminal's."""
    for name in os.environ:
        if name.startswith(("TEXTUAL_", "HUNTERTUI_")) or name in _COLORS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def clock() -> Clock:
    """A Monday morning that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def hands(clock: Clock) -> Hands:
    """Ten days after the small world came to be: #3 #1 #2 #5 in Prospects, #4 in Closing, all red."""
    from hands import Hands

    desk = desk_at("memory:", clock)
    small_world(desk)
    clock.pass_(days=10)
    made = Hands(desk)
    assert made.shown(0) == [3, 1, 2, 5]
    assert made.shown(2) == [4]
    return made
