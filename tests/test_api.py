"""What scripts are promised: docs/api.md runs as it stands, and all that is named can be had, late."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import huntertui

PAGE = Path(__file__).parent.parent / "docs" / "api.md"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings, and a folder of one's own to stand in."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HUNTERTUI_STORE", "HUNTERTUI_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_run_as_they_stand(home: Path) -> None:
    failed, tried = doctest.testfile(
        str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert tried > 10
    assert failed == 0


def test_all_that_is_named_is_there() -> None:
    for name in huntertui.__all__:
        assert getattr(huntertui, name) is not None, name
    with pytest.raises(AttributeError):
        huntertui.nothing  # noqa: B018


def test_it_is_loaded_when_it_is_asked_for() -> None:
    code = "import sys, huntertui; print(sum(name.startswith('huntertui.') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


def test_wrong_settings_are_warned_of(home: Path) -> None:
    path = home / "config.toml"
    path.write_text('theme = 7\nstore = "team/store.json"\n')
    with pytest.warns(UserWarning, match="theme"), huntertui.open_desk(config=path) as desk:
        assert desk.seq == 0
