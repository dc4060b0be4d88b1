"""The README is true: its keys are those of the table, its picture is there."""

from __future__ import annotations

import re
from pathlib import Path

from huntertui import commands

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
