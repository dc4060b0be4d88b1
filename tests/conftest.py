"""What every test stands on: nobody's own settings, files or terminal shine through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

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
