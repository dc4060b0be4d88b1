"""Completion in real shells, and the manual page as man shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from commandline import ME, inside, small_store
from desks import Clock, desk_at
from terminal import Terminal

from huntertui.cli.doing import names
from huntertui.cli.help import EXIT_CODES
from huntertui.cli.manual import page
from huntertui.cli.shells import SHELLS, script
from huntertui.cli.verbs import VERBS
from huntertui.commands.words import FAMILIES
from huntertui.model.pipeline import Policy
from huntertui.model.team import Member, Team


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"there is no {program} here")


VALUES = {
    "theme": ("dark", "deuteranopia", "light"), "owner": ("me", "all", "ana", "ben"), "view": ("hot", "mine"),
    "who": ("ana", "ben"),
}  # fmt: skip


@cache
def made(shell: str) -> str:
    return script(shell, Policy(), VALUES)


ASKED = {
    "sno": {"snooze"},
    "log 12 t": {"talked"},
    "log 12 talked --channel m": {"message", "meeting"},
    "lost 12 n": {"no-budget", "not-interested"},
    "priority acme u": {"urgent"},
    "stage 12 p": {"proposal"},
    "list --lane c": {"closing"},
    "list --negl": {"--neglected"},
    "store ver": {"verify"},
    "edit 12 ph": {"phone"},
    "config set them": {"theme"},
    "completion z": {"zsh"},
    "list --owner b": {"ben"},
    "export --view h": {"hot"},
    "views share h": {"hot"},
    "export --format nd": {"ndjson"},
    "assign 12 b": {"ben"},
    "--color al": {"always"},
    "--theme d": {"dark", "deuteranopia"},
}
"""What is typed after the program's name -> what is offered for its last word."""


def in_bash(line: str, folder: Path) -> set[str]:
    (folder / "completion").write_text(made("bash"))
    ask = (
        'source completion; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _shtab_huntertui;'
        ' printf "%s\n" "${COMPREPLY[@]}"'
    )
    return printed(["bash", "--norc", "-c", ask, "bash", "huntertui", *line.split(" ")], folder)


def in_fish(line: str, folder: Path) -> set[str]:
    (folder / "completion").write_text(made("fish"))
    ask = f"source completion; complete -C 'huntertui {line}'"
    return {offer.split("\t")[0] for offer in printed(["fish", "--no-config", "-c", ask], folder)}


def printed(command: list[str], folder: Path) -> set[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr
    return set(done.stdout.split("\n")) - {""}


@needs("bash")
@pytest.mark.parametrize("line", ASKED)
def test_bash_offers(line: str, tmp_path: Path) -> None:
    assert in_bash(line, tmp_path) == ASKED[line]


@needs("fish")
def test_fish_offers(tmp_path: Path) -> None:
    for line, offered in ASKED.items():
        assert in_fish(line, tmp_path) >= offered, line


@pytest.mark.parametrize(
    ("shell", "start"),
    [
        pytest.param("bash", "bash --norc --noprofile -i", marks=needs("bash")),
        pytest.param("zsh", "zsh -f -i", marks=needs("zsh")),
        pytest.param("fish", "fish --no-config -i", marks=needs("fish")),
    ],
)
def test_the_tab_key_completes(shell: str, start: str, tmp_path: Path) -> None:
    (tmp_path / "huntertui").write_text('#!/bin/sh\necho "ran: $*"\n')
    (tmp_path / "huntertui").chmod(0o755)
    (tmp_path / "completion").write_text(made(shell))
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "PS1": "$ "}
    load = 'eval "$(cat completion)"'
    if shell == "zsh":
        load = f"autoload -U compinit; compinit -u; {load}"
    elif shell == "fish":
        load = "source completion"
    with Terminal(["sh", "-c", f"cd {tmp_path} && exec {start}"], env) as terminal:
        terminal.type(f"{load}; echo re''ady\n").until("\nready")
        terminal.type("huntertui sno\t").until("snooze")
        terminal.type("12 tue\n").until(lambda t: re.search(r"ran: snooze +12 tue", t.text) is not None)
        terminal.type("exit\n")
        terminal.leave()


def test_files_are_offered_where_a_file_is_meant(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").touch()
    assert in_bash("import lea", tmp_path) == {"leads.csv"}
    assert in_bash("--config lea", tmp_path) == {"leads.csv"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_is_never_offered_what_it_would_run(shell: str) -> None:
    names = ("ana", "$(touch pwned)", "`id`", "a b;c")
    text = script(shell, Policy(team=Team(tuple(map(Member, names)))), {"who": names, "view": names})
    assert "ana" in text
    assert not re.search(r"pwned|`id`|b;c", text)


def test_every_verb_is_completed_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    manual = "\n".join(page())
    for name in (*VERBS, *FAMILIES, *names()):
        assert f" {name} " in made("bash").replace("(", " ").replace(")", " ")
        assert f".B {name}".replace("-", r"\-") in manual
    for code, _ in EXIT_CODES:
        assert f".B {code}\n" in manual
    assert inside("completion", "zsh") == 0
    assert capsys.readouterr().out.startswith("#compdef huntertui")
    assert inside("completion", env={"SHELL": "/usr/bin/fish", "HOME": "/"}) == 0
    assert "complete -c huntertui" in capsys.readouterr().out
    assert inside("completion", env={"HOME": "/"}) == 2
    assert "for which shell? huntertui completion bash|zsh|fish" in capsys.readouterr().err


def test_what_there_is_now_is_offered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small_store(tmp_path)
    desk = desk_at(path, Clock(), ME)
    desk.save_view("zebra", "value>10k")
    desk.assign(5, "carlotta")
    desk.store.close()
    for store, there in (
        (path, True),
        (tmp_path / "none.json", False),
        ("postgresql://127.0.0.1:1/x", False),
    ):
        assert inside("--store", store, "completion", "fish") == 0
        text = capsys.readouterr().out
        assert ("carlotta" in text, "zebra" in text) == (there, there), store
        assert "deuteranopia" in text
    assert not (tmp_path / "none.json").exists()


@needs("groff")
def test_the_manual_page_is_clean_roff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inside("man") == 0
    (tmp_path / "huntertui.1").write_text(capsys.readouterr().out)
    command = ["groff", "-ww", "-man", "-Tutf8", "huntertui.1"]
    assert not subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stderr


@needs("man")
def test_man_shows_it(tmp_path: Path) -> None:
    (tmp_path / "huntertui.1").write_text("\n".join(page()) + "\n")
    command = ["man", "-l", "-P", "cat", "huntertui.1"]
    env = {"PATH": "/usr/bin:/bin", "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=True
    )
    lines = [re.sub(r".\x08|\x1b\[\d*m", "", line).rstrip() for line in done.stdout.splitlines()]
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings[1:9] == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "VERBS", "VERBS THAT CHANGE RECORDS", "WHO IS MEANT", "OPTIONS",
        "EXIT STATUS",
    ]  # fmt: skip
    assert "       huntertui find owner:me late>3d --plain | huntertui raise -" in "\n".join(lines)
