"""What the README and the pages of docs tell people to type is typed, each page on a store of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huntertui.cli.doing import find_verb
from huntertui.cli.verbs import VERBS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

EXPORT = (
    "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,CREATEDDATE\n"
    "006A,Acme - 1200 Widgets,Negotiation/Review,140000.0,2099-12-12,2006-06-15T20:47:09.000Z\n"
)
ENDS = {
    "huntertui": 2,  # the workday needs a terminal, and so does the demo
    "huntertui demo": 2,
    'huntertui store restore --at "2026-11-20 14:00"': 3,  # before the store came to be
}
"""Commands that end otherwise here, or may: with what code."""


def typed(page: Path) -> list[str]:
    """The lines of a page that call huntertui: those of its shell blocks, and those set apart by spaces."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    fenced = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line.strip() for line in (*fenced, *re.findall(r"^    (huntertui.*)$", text, re.MULTILINE))
            if re.search(r"\bhuntertui\b", line)]  # fmt: skip


@pytest.mark.parametrize("page", [page for page in PAGES if typed(page)], ids=lambda page: page.name)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    (tmp_path / "opportunities.csv").write_text(EXPORT)
    (tmp_path / "huntertui").write_text(f'#!/bin/sh\nexec {sys.executable} -m huntertui "$@"\n')
    (tmp_path / "huntertui").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip

    if page.name != "README.md":  # which says how to begin
        assert run("huntertui import opportunities.csv").returncode == 0
    for line in typed(page):
        done, command = run(line), line.partition("#")[0].strip()
        expected = {ENDS.get(command, 0)} | ({10} if command.startswith("huntertui brief") else set())
        assert done.returncode in expected, (line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr


def test_commands_named_in_a_sentence_are_there() -> None:
    for page in PAGES:
        for span in re.findall(r"`huntertui ([a-z][a-z-]*)", page.read_text(encoding="utf-8")):
            assert span in VERBS or find_verb(span), (page.name, span)
