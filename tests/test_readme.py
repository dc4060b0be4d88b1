"""The README is true: its keys are those of the table, its commands run, its picture is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huntertui import commands
from huntertui.cli.verbs import VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_keys_table_is_the_command_table() -> None:
    between = README.split("<!-- keys -->")[1].split("<!-- /keys -->")[0]
    assert between.strip() == commands.markdown_table().strip()


def test_links_and_pictures_are_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def shell_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = [line.split()[1] for line in shell_lines() if line.startswith("make ")]
    assert {"run", "test"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


HUNTERTUI = [line for line in shell_lines() if line.startswith("huntertui ")]


@pytest.mark.parametrize("line", HUNTERTUI)
def test_every_command_runs(line: str, tmp_path: Path) -> None:
    """Each `huntertui ...` line of the README, on a small export; the full screen is run by the pty tests."""
    (tmp_path / "opportunities.csv").write_text(
        "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,CREATEDDATE\n"
        "006A,Acme - 1200 Widgets,Negotiation/Review,140000.0,2099-12-12,2006-06-15T20:47:09.000Z\n"
    )
    words = line.split("#")[0].split()[1:]
    verb = next((word for word in words if not word.startswith("-")), "")
    assert not verb or verb in VERBS, line
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    command = [sys.executable, "-m", "huntertui"]
    if verb in ("explain", "store"):
        setup = [*command, "import", "opportunities.csv"]
        subprocess.run(setup, cwd=tmp_path, env=env, check=True, capture_output=True)
    done = subprocess.run(
        [*command, *words],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    expected = 2 if verb in ("", "demo") and "--version" not in words else 0  # the screen needs a terminal
    assert done.returncode == expected, (line, done.stdout, done.stderr)
