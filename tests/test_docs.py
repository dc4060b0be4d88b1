"""What the README and the pages of docs tell people to type is typed, each page on a store of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import no_screen

from huntertui.__main__ import clock
from huntertui.cli import World, run
from huntertui.cli.doing import find_verb
from huntertui.cli.verbs import VERBS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

FILES = {
    "opportunities.csv": "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,CREATEDDATE\n"
    "006A,Acme - 1200 Widgets,Negotiation/Review,140000.0,2099-12-12,2006-06-15T20:47:09.000Z\n",
    "accounts.csv": "ID,NAME,BILLINGCOUNTRY\n001A,Acme,Germany\n",
    "contacts.csv": "ID,ACCOUNTID,FIRSTNAME,LASTNAME,EMAIL\n003A,001A,Ann,Lee,ann@acme.example\n",
    "deals.csv": "ID,ACCOUNTID,NAME,STAGENAME,AMOUNT,CLOSEDATE,CREATEDDATE\n"
    "006B,001A,Acme - 300 Bolts,Prospecting,9000.0,2099-12-12,2026-06-15T20:47:09.000Z\n",
    "activities.csv": "ID,WHOID,WHATID,SUBJECT,ACTIVITYDATE,STATUS\n"
    "00TA,003A,006B,Call,2026-07-01,Completed\n",
    "asiakkaat.csv": "Asiakas,Summa,Pvm\nGlobex,500,3/4/2026\n",
    "dealflow.csv": "Deal Name,Stage,Probability\nGears,Legal check,80\nBolts,Board,90\nNuts,法務,\n",
}
"""What the pages take in."""

IN_A_PROCESS = ("huntertui", "huntertui demo", "huntertui doctor")
"""What looks for a terminal."""

ELSEWHERE = "db.example"
"""The host in what needs a database; tests/test_cli_postgres.py has one."""

ENDS = {
    "huntertui": 2,  # the workday needs a terminal, and so does the demo
    "huntertui demo": 2,
    "huntertui --store postgresql://db.example/team": 5,  # there is no such server
    'huntertui store restore --at "2026-11-20 14:00"': 3,  # before the store came to be
}
"""Commands that end otherwise here, or may: with what code."""


def typed(page: Path) -> list[str]:
    """The lines of a page that call huntertui: those of its shell blocks, and those set apart by spaces."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    fenced = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line.strip() for line in (*fenced, *re.findall(r"^    (huntertui.*)$", text, re.MULTILINE))
            if re.search(r"\bhuntertui\b", line) and ELSEWHERE not in line]  # fmt: skip


@pytest.mark.parametrize("page", [page for page in PAGES if typed(page)], ids=lambda page: page.name)
def test_every_command_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = typed(page)
    taken_in = {word for line in lines if " import " in line for word in shlex.split(line)}
    for name, text in FILES.items():
        if name in {"opportunities.csv", *taken_in}:  # others are given out: nothing may stand there
            (tmp_path / name).write_text(text)
    (tmp_path / "huntertui").write_text(f'#!/bin/sh\nexec {sys.executable} -m huntertui "$@"\n')
    (tmp_path / "huntertui").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    if page.name != "README.md":  # which says how to begin
        assert here("huntertui import opportunities.csv", env) == 0
    for line in lines:
        command = line.partition("#")[0].strip()
        expected = {ENDS.get(command, 0)} | ({10} if command.startswith("huntertui brief") else set())
        plain = command not in IN_A_PROCESS and not re.search(r"[|<>~$]", command)
        code = here(line, env) if plain else apart(line, env)
        assert code in expected, (line, capfd.readouterr())
        assert "Traceback" not in capfd.readouterr().err


def here(line: str, env: dict[str, str]) -> int:
    """Run a command in this process, as a hundred of a fresh one take their time."""
    words = shlex.split(line, comments=True)[1:]
    return run(words, World(env, os.getuid(), clock, no_screen, Path("/nobody's"), os.getuid()))


def apart(line: str, env: dict[str, str]) -> int:
    """Run a command in the shell."""
    return subprocess.run(
        ["sh", "-c", line], env=env, stdin=subprocess.DEVNULL, timeout=60, check=False
    ).returncode


def test_commands_named_in_a_sentence_are_there() -> None:
    for page in PAGES:
        for span in re.findall(r"`huntertui ([a-z][a-z-]*)", page.read_text(encoding="utf-8")):
            assert span in {"help", *VERBS} or find_verb(span), (page.name, span)
