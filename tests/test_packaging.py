"""What a person gets: the wheel that is built, the checkout as it is, and the make targets that set it up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

import huntertui

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(path.stem for path in (ROOT / "themes").glob("*.toml"))
SHOW = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from huntertui import themes
found, errors = themes.available(themes.folders(Path("none")))
print(themes.__file__, *errors, *found)
"""


def run(*command: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def themes_of(folder: Path, cwd: Path) -> list[str]:
    """Return the themes that the program in a folder finds, having checked that it is that program."""
    file, *themes = run(sys.executable, "-I", "-c", SHOW, folder, cwd=cwd).stdout.split()
    assert Path(file) == folder / "huntertui" / "themes.py"
    return themes


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does: from the source distribution."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    [path] = out.glob("*.whl")
    return path


def test_wheel_brings_its_themes(wheel: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run(*pip, "--no-deps", "--no-index", "--target", tmp_path / "site", wheel, cwd=tmp_path)
    assert themes_of(tmp_path / "site", tmp_path) == SHIPPED


def test_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
        scripts = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"huntertui"}
    assert not [name for name in names if name.endswith(".pyc")]
    assert "huntertui/store/postgres/schema.sql" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert f"\nVersion: {huntertui.__version__}\n" in metadata
    assert "huntertui = huntertui.__main__:main" in scripts


def test_checkout_finds_its_themes(tmp_path: Path) -> None:
    for name in ("huntertui", "themes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    assert themes_of(tmp_path, tmp_path) == SHIPPED


def test_editable_install_finds_its_themes(tmp_path: Path) -> None:
    code = "from huntertui.themes import *; print(*available(folders(Path('none')))[0])"
    assert run(sys.executable, "-I", "-c", code, cwd=tmp_path).stdout.split() == SHIPPED


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == huntertui.__version__


def test_ci_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
class TestMake:
    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        for name in ("Makefile", "pyproject.toml"):
            shutil.copy(ROOT / name, tmp_path)
        (tmp_path / "huntertui").mkdir()
        return tmp_path

    @staticmethod
    def python(folder: Path, script: str) -> str:
        """Make a stand-in for Python that writes what it is asked for into the file `asked`."""
        path = folder / "python"
        path.write_text(f'#!/bin/sh\necho "$@" >>{folder}/asked\n{script}\n')
        path.chmod(0o755)
        return f"PYTHON={path}"

    @staticmethod
    def make(checkout: Path, *args: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        command = ["make", "-C", str(checkout), *args]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    @pytest.mark.parametrize(
        ("script", "words"),
        [
            (
                'case "$*" in --version) echo Python 3.9.2;; *version_info*) exit 1;; esac',
                "this is Python 3.9.2",
            ),
            ('case "$*" in *ensurepip*) exit 1;; esac', "apt install python3-venv"),
        ],
    )
    def test_names_what_is_missing(self, checkout: Path, script: str, words: str) -> None:
        done = self.make(checkout, self.python(checkout, script), "run")
        assert done.returncode != 0
        assert words in done.stderr
        assert not (checkout / ".venv").exists()

    def test_names_a_python_that_is_not_there(self, checkout: Path) -> None:
        done = self.make(checkout, "PYTHON=python3.99", "run")
        assert "there is no python3.99" in done.stderr

    def test_installs_once_and_again_when_the_project_changes(self, checkout: Path) -> None:
        venv = 'case "$*" in *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python;; esac'
        python, asked = self.python(checkout, venv), checkout / "asked"

        def installs(*targets: str) -> list[str]:
            asked.unlink(missing_ok=True)
            done = self.make(checkout, python, *targets)
            assert (done.returncode, done.stderr) == (0, "")
            return [line for line in asked.read_text().splitlines() if " install " in line]

        assert [line.split()[-1] for line in installs("run")] == ["."]
        assert installs("run") == []
        assert [line.split()[-1] for line in installs("check", "test")] == [".[dev]"]
        assert installs("run", "demo", "check", "test") == []
        for stamp in (".installed", ".installed-dev"):
            os.utime(checkout / ".venv" / stamp, (0, 0))
        assert [line.split()[-1] for line in installs("check", "run")] == [".[dev]"]
