"""Who one is, and what only the administrator decides: attacks on the settings, the options, the paths."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commandline import ME, cli, inside, small_store, ways
from desks import Clock

from huntertui.cli.background import start_checkpoint
from huntertui.cli.session import World, open_session
from huntertui.cli.verbs import VERBS
from huntertui.config import Config
from huntertui.desk import Desk
from huntertui.errors import NotAllowed
from huntertui.site import read_site
from huntertui.themes import Theme

LEADS = "Company,Last Name,Email\nAcme,Lee,ann@acme.example\n"


class Machine:
    """A machine of which the tester is the administrator, with the small world as the team's store."""

    def __init__(self, folder: Path) -> None:
        self.store = small_store(folder)
        self.file = folder / "etc" / "config.toml"
        self.file.parent.mkdir(mode=0o755)

    def says(self, text: str, *, store: bool = True) -> Path:
        self.file.write_text(text + (f'\nstore = "{self.store}"\n' if store else "\n"))
        self.file.chmod(0o644)
        return self.file


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def opened(*args: str, settings: Path, env: dict[str, str] | None = None) -> tuple[str, Config]:
    """Who opens the workday, and with which settings."""
    seen: list[tuple[str, Config]] = []

    def screen(desk: Desk, config: Config, theme: Theme, demo: bool) -> int:
        seen.append((desk.me, config))
        return 0

    assert inside(*args, settings=settings, env=env, screen=screen) == 0
    return seen[0]


def refused(
    capsys: pytest.CaptureFixture[str], *args: str | Path, settings: Path, env: dict[str, str] | None = None
) -> str:
    """Why it was not permitted."""
    assert inside(*args, settings=settings, env=env) == 7
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


# Who one is


def test_without_a_decision_the_account_says_who_one_is(machine: Machine) -> None:
    forged = os.environ | {"USER": "bob", "LOGNAME": "bob", "SUDO_USER": "bob", "SUDO_UID": "1"}
    forged["SSH_ORIGINAL_COMMAND"] = "--as bob"
    assert opened("--store", str(machine.store), settings=machine.file, env=forged)[0] == ME


@pytest.mark.parametrize("text", [None, 'theme = "light"', 'identity = "unix"'])
def test_nobody_says_who_he_is_where_that_is_not_forced(
    machine: Machine, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        machine.says(text)
    for args in (["--as", "bob", "list"], ["list", "--as", "bob"], ["--as", "bob"]):
        assert "who you are is your account" in refused(capsys, *args, settings=machine.file)


def test_a_process_of_its_own_heeds_root_alone(machine: Machine) -> None:
    """A settings' file of one's own, named in the environment, forces nothing."""
    mine = machine.says('identity = "forced"')
    done = cli("--as", "bob", "list", HUNTERTUI_CONFIG=str(mine))
    assert (done.returncode, done.stdout) == (7, "")


def test_forced(machine: Machine) -> None:
    settings = machine.says('identity = "forced"')
    assert opened("--as", "bob", settings=settings)[0] == "bob"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../ben", "a/b", "-x", ".ssh", "a b", "a\nb", "a\0b", "[/]", "\x1b]2;x\x07", "x" * 65],
)
def test_a_name_leads_nowhere(machine: Machine, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = machine.says('identity = "forced"')
    said = refused(capsys, f"--as={name}", "list", settings=settings)
    assert "is no name" in said
    assert "\x1b" not in said
    assert not (machine.store.parent / "members").exists()


def test_forced_without_a_name(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    settings = machine.says('identity = "forced"')
    assert "who is it?" in refused(capsys, "list", settings=settings)


@pytest.mark.parametrize("identity", ["forced", "sudo"])
def test_the_programs_account_is_the_only_one(
    machine: Machine, identity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "nobody" if ME != "nobody" else "root"
    settings = machine.says(f'identity = "{identity}"\naccount = "{other}"')
    args = ["--as", "bob"] if identity == "forced" else []
    said = refused(capsys, *args, "list", settings=settings, env={"SUDO_UID": "0"})
    assert f"only the account {other}" in said


def test_sudo_tells_who_called(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    settings = machine.says(f'identity = "sudo"\naccount = "{ME}"')
    env = {"SUDO_UID": str(os.getuid()), "SUDO_USER": "bob", "USER": "bob"}
    assert opened(settings=settings, env=env)[0] == ME
    assert opened(settings=settings, env=env | {"SUDO_UID": "54321"})[0] == "uid54321"
    for wrong in ("", "bob", "-1", "0x0", "0 ", "1" * 30, "٣"):
        assert "who is it?" in refused(capsys, "list", settings=settings, env=env | {"SUDO_UID": wrong})
    assert "--as" in refused(capsys, "--as", "bob", "list", settings=settings, env=env)


# What makes the settings the administrator's


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_what_others_may_write_is_nobodys_word(
    machine: Machine, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.says('identity = "forced"').chmod(mode)
    assert "has to belong to root" in refused(capsys, "--as", "bob", "list", settings=machine.file)
    machine.file.chmod(0o644)
    machine.file.parent.chmod(0o777)
    assert "has to belong to root" in refused(capsys, "--as", "bob", "list", settings=machine.file)


def test_what_belongs_to_another_is_nobodys_word(machine: Machine) -> None:
    machine.says('identity = "forced"')
    with pytest.raises(NotAllowed, match="has to belong to root"):
        read_site({}, machine.file, root=os.getuid() + 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("identity = forced", "config.toml:1: "),
        ('identity = "force"', "config.toml:1: identity: must be one of unix, sudo, forced, not 'force'"),
        ("identity = true", "must be one of"),
        ('identity = "sudo"', "identity: needs account ="),
        ('account = "nobody"', "account: has no meaning"),
        ('identity = "forced"\naccount = "no such"', "config.toml:2: account: there is no account"),
        ('identity = "forced"\naccount = 5', "config.toml:2: account: there is no account"),
        ('zone = "Europe/Berlni"', "did you mean 'Europe/Berlin'?"),
        ('any_filesystem = "no"', "any_filesystem: must be true or false"),
    ],
)
def test_a_wrong_decision_stops_everybody(
    machine: Machine, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """To go on without it would be to let people be anybody."""
    settings = machine.says(text)
    assert words in refused(capsys, "list", settings=settings)


@pytest.mark.parametrize("store", ["store.json", "~/store.json", "memory:"])
def test_a_confined_store_has_a_whole_path(
    machine: Machine, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = machine.says(f'identity = "forced"\nstore = "{store}"', store=False)
    assert "store: must be a path from / on" in refused(capsys, "--as", "bob", "list", settings=settings)
    machine.says('identity = "forced"', store=False)
    assert "needs store" in refused(capsys, "--as", "bob", "list", settings=settings)


def test_wrong_taste_stops_nobody(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    settings = machine.says('colour = "red"\ntheme = 5\nmouse = false')
    assert not opened(settings=settings)[1].mouse
    said = capsys.readouterr().err
    assert "config.toml:1: colour: is unknown" in said
    assert "config.toml:2: theme: must be" in said


# What is fixed


def test_what_is_fixed_wins_and_the_rest_is_a_default(
    machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = machine.says('zone = "Europe/Berlin"\ncurrency = "CHF"\ntheme = "light"\nascii = true')
    mine = tmp_path / "config" / "huntertui" / "config.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('zone = "UTC"\ncurrency = "USD"\nstore = "/elsewhere.json"\ntheme = "mono"\n')
    env = os.environ | {"HUNTERTUI_STORE": "/elsewhere.json", "HUNTERTUI_ZONE": "UTC", "TZ": "UTC"}
    config = opened(settings=settings, env=env)[1]
    assert (config.store, config.zone, config.currency) == (str(machine.store), "Europe/Berlin", "CHF")
    assert (config.theme, config.ascii) == ("mono", True)
    said = capsys.readouterr().err
    assert [
        f"{mine}:{line}: {key}: the administrator" in said for line, key in enumerate(("zone", "currency"), 1)
    ]
    assert "fixed by" in refused(capsys, "--store", "/elsewhere.json", "list", settings=settings)
    assert inside("--store", machine.store, "list", settings=settings) == 0


def test_the_file_system_can_be_fixed(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    settings = machine.says("any_filesystem = false")
    assert "--any-filesystem" in refused(capsys, "--any-filesystem", "list", settings=settings)


# Confined


@pytest.mark.parametrize(
    "args",
    [
        ("--store", "/etc/passwd", "list"),
        ("list", "--store", "/etc/passwd"),
        ("--config", "/etc/passwd", "list"),
        ("--any-filesystem", "list"),
        ("store", "checkpoint", "--store", "/etc/passwd"),
        ("import", "/etc/passwd"),
        ("import", "../ben/imports/leads.csv"),
        ("import", "imports/leads.csv"),
        ("import", ".."),
        ("import", "."),
        ("import", ""),
        ("import", "planted.csv"),
        ("store", "backup", "/tmp/x.json"),
        ("store", "backup", "../x.json"),
        ("store", "restore", "/etc/passwd", "--yes"),
        ("config", "set", "store", "/etc/passwd"),
    ],
)
def test_no_path_of_ones_own_choosing(
    machine: Machine, args: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = machine.says('identity = "forced"')
    assert inside("--as", "ana", "list", settings=settings) == 0
    home = machine.store.parent / "members" / "ana"
    (home / "imports" / "planted.csv").symlink_to("/etc/passwd")
    capsys.readouterr()
    said = refused(capsys, "--as", "ana", *args, settings=settings)
    assert "root:" not in said


OUTSIDE = ("/etc/passwd", "../x.csv", "a/b.csv", "~/.bashrc", "/dev/stdin", "planted.csv")
"""Files that nobody who is confined may name; the last one is a link of his own to one of them."""


@pytest.mark.parametrize("verb", [verb for verb in VERBS if ways(verb, "1", "x.csv", ["x"], paths_only=True)])
def test_no_verb_takes_a_path_of_ones_own_choosing(
    verb: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever verbs there are, and whatever of them is a path."""
    settings = machine.says('identity = "forced"')
    assert inside("--as", "ana", "list", settings=settings) == 0
    home = machine.store.parent / "members" / "ana"
    for folder in ("imports", "exports"):
        (home / folder / "planted.csv").symlink_to("/etc/passwd")
    capsys.readouterr()
    before = sorted(machine.store.parent.rglob("*"))
    with opening() as opened_files:
        for file in OUTSIDE:
            for way in ways(verb, "1", file, ["x"], paths_only=True):
                opened_files.clear()
                code = inside("--as", "ana", *way, settings=settings)
                said = capsys.readouterr()
                assert code == 7 or not {Path(file).name, "passwd"} & {
                    Path(path).name for path in opened_files
                }
                assert "root:" not in said.out + said.err
    assert sorted(machine.store.parent.rglob("*")) == before


@contextmanager
def opening() -> Iterator[list[str]]:
    """The files that this process opens within, by whatever way."""
    opened: list[str] = []
    listening = True

    def hear(event: str, args: tuple[object, ...]) -> None:
        if listening and event == "open":
            opened.append(str(args[0]))

    sys.addaudithook(hear)  # it cannot be taken away again
    yield opened
    listening = False


def test_ones_own_folder(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings, drafts, imports and exports are each member's own, and closed to the rest."""
    settings = machine.says('identity = "forced"')
    hostile = {
        "TERM": "xterm", "HOME": "/root", "XDG_CONFIG_HOME": "/root", "XDG_STATE_HOME": "/root",
        "HUNTERTUI_CONFIG": "/etc/passwd", "HUNTERTUI_STORE": "/etc/passwd", "HUNTERTUI_THEME": "x",
    }  # fmt: skip
    assert inside("--as", "ana", "list", settings=settings) == 0
    home = machine.store.parent / "members" / "ana"
    for folder in (home.parent, home, home / "imports", home / "exports"):
        assert folder.stat().st_mode & 0o777 == 0o700
    (home / "config.toml").write_text('theme = "mono"\nstore = "/etc/passwd"\n')
    me, config = opened("--as", "ana", settings=settings, env=hostile)
    assert (me, config.theme, config.store) == ("ana", "mono", str(machine.store))
    assert (config.state, config.own, config.columns) == (home / "state", home, home / "columns.json")
    assert opened("--as", "ben", settings=settings, env=hostile)[1].theme == "dark"
    (home / "imports" / "leads.csv").write_text(LEADS)
    capsys.readouterr()
    assert inside("--as", "ana", "import", "leads.csv", settings=settings, env=hostile) == 0
    assert "added from leads.csv" in capsys.readouterr().out
    assert inside("--as", "ana", "store", "backup", "all.json", settings=settings, env=hostile) == 0
    assert (home / "exports" / "all.json").is_file()


def test_a_crash_is_kept_in_ones_own_folder(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError

    settings = machine.says('identity = "forced"')
    assert inside("--as", "ana", settings=settings, screen=broken) == 1
    assert f"details in {machine.store.parent}/members/ana/state/crash-" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", 'identity = "forced"', "any_filesystem = true"])
def test_the_program_starts_itself_again_with_what_it_may(
    machine: Machine, text: str, tmp_path: Path
) -> None:
    """The checkpoint beside the work is under the same rules as who started it."""
    settings = machine.says(text)
    started = tmp_path / "started"
    again = tmp_path / "again"
    again.write_text(
        f'#!/bin/sh\nfor word; do echo "$word"; done > {started}.new; mv {started}.new {started}\n'
    )
    again.chmod(0o755)
    claimed = {"member": "ana"} if "forced" in text else {}

    def nothing(*_: object) -> int:
        return 0

    world = World(dict(os.environ), os.getuid(), Clock(), nothing, settings, os.getuid(), (str(again),))
    pid = start_checkpoint(open_session(Namespace(**claimed), world)[0])
    assert pid is not None
    assert os.waitpid(pid, 0)[1] == 0
    words = started.read_text().splitlines()
    assert inside(*[word for word in words if word != "--quiet"], settings=settings) == 0
