"""The set-ups of docs/server as an administrator runs them: a root of their own, throw-away accounts."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from day import records
from server import SCRIPTS, Server, lacks
from terminal import Terminal

pytestmark = pytest.mark.skipif(bool(lacks("ssh-keygen", "visudo")), reason=lacks("ssh-keygen", "visudo"))

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlpr0Xk0fCu0oYqcyZnBc2cJ0sMCCJ3a2JjN0p1cTlV"


@pytest.fixture(scope="module")
def installed() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(installed: Server) -> Iterator[Server]:
    """A root without a set-up."""
    yield installed
    for name in ("etc", "srv", "usr"):
        shutil.rmtree(installed.root / name, ignore_errors=True)


def arguments(server: Server, name: str) -> list[str]:
    if name == "group-folder.sh":
        return ["--group", server.group]
    account = server.account("svc")
    return ["--account", account] + (["--group", server.group] if name == "sudo.sh" else [])


def known() -> list[str]:
    """What the system knows of the accounts and groups of this test alone."""
    lines = Path("/etc/passwd").read_text() + Path("/etc/group").read_text()
    return [line for line in lines.splitlines() if str(os.getpid()) in line]


@pytest.mark.parametrize("name", ["group-folder.sh", "sudo.sh", "one-account.sh"])
def test_a_dry_run_changes_nothing_and_a_second_run_neither(server: Server, name: str) -> None:
    args = arguments(server, name)
    accounts = known()
    said = server.script(name, "--dry-run", *args)
    assert f"would write {server.root}/etc/huntertui/config.toml (644)" in said
    assert server.tree() == {}
    assert accounts == known()
    server.script(name, *args)
    done, accounts = server.tree(), known()
    assert done["etc/huntertui/config.toml"][1:3] == (0o644, 0)
    again = server.script(name, *args)
    assert "wrote" not in again
    assert server.tree() == done
    assert accounts == known()


@pytest.mark.parametrize("name", ["group-folder.sh", "sudo.sh", "one-account.sh"])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--folder", "srv"], "has to begin with /"),
        (["--folder", "/srv/$(id)"], "letters, digits and . _ / - only"),
        (["--root", "/x y"], "letters, digits and . _ / - only"),
        (["--no-such"], "there is no --no-such"),
    ],
)
def test_what_makes_no_sense_is_refused(server: Server, name: str, args: list[str], words: str) -> None:
    assert words in server.script(name, *args, code=2)
    assert server.tree() == {}


def test_another_set_up_is_not_written_over(server: Server) -> None:
    server.script("group-folder.sh", "--group", server.group)
    before = (server.root / "etc/huntertui/config.toml").read_text()
    assert "another set-up" in server.script("one-account.sh", "--account", server.account("svc"), code=2)
    assert (server.root / "etc/huntertui/config.toml").read_text() == before


# A: a folder of a common group


def test_a_common_folder(server: Server) -> None:
    ana, ben, eve = (server.user(name) for name in ("ana", "ben", "eve"))
    server.script("group-folder.sh", "--group", server.group, ana, ben)
    folder = server.root / "srv/huntertui"
    assert folder.stat().st_mode & 0o7777 == 0o2770
    for who in (ana, ben):
        done = as_user(
            server, who, "import", "-", given=f"Company,Last Name,Email\n{who},Lee,{who}@x.example\n"
        )
        assert done.returncode == 0, done
    assert {o.owner for o in records(folder / "store.json").values()} == {ana, ben}
    plain = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in plain} == {0o660}
    assert as_user(server, eve, "list").returncode != 0
    assert as_user(server, ana, "--as", ben, "list").returncode == 7
    assert as_user(server, ana, "--store", "/tmp/other.json", "list").returncode == 7


def as_user(server: Server, who: str, *args: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run huntertui as somebody with a shell; `given`: the file that is imported."""
    home = Path(pwd.getpwnam(who).pw_dir)
    leads = home / "leads.csv"
    leads.write_text(given)
    settings = server.root / "etc/huntertui/config.toml"
    code = "import sys, pathlib\nfrom huntertui.__main__ import main\n"
    code += "sys.exit(main(pathlib.Path(sys.argv.pop(1))))"
    words = [str(leads) if word == "-" else word for word in args]
    return subprocess.run(
        [server.python, "-I", "-c", code, settings, *words], user=who, group=pwd.getpwnam(who).pw_gid,
        extra_groups=os.getgrouplist(who, pwd.getpwnam(who).pw_gid), cwd=home, env={"HOME": str(home)},
        capture_output=True, text=True, timeout=60, umask=0o077, stdin=subprocess.DEVNULL,
    )  # fmt: skip


# B: sudo


@pytest.mark.skipif(bool(lacks("sudo")), reason=lacks("sudo"))
def test_sudo_says_who_one_is(server: Server) -> None:
    account, dee, eve = server.account("svc"), server.user("dee"), server.user("fay")
    server.script("sudo.sh", "--group", server.group, "--account", account)
    subprocess.run(["usermod", "-aG", server.group, dee], check=True)
    rule = Path(f"/etc/sudoers.d/{server.group}")
    shutil.copy(server.root / "etc/sudoers.d/huntertui", rule)
    rule.chmod(0o440)
    forged = {
        "SUDO_UID": "0",
        "SUDO_USER": "bob",
        "USER": "bob",
        "TEXTUAL_LOG": f"{server.root}/home/{dee}/log",
    }
    entry = str(server.root / "usr/local/lib/huntertui/entry")
    try:
        team = [str(server.root / "usr/local/bin/huntertui-team")]
        with Terminal(runs_as(dee, *team, "--as", "bob"), forged) as terminal:
            terminal.until(f"{dee} ·").rest().type("q")
            assert terminal.leave() == 0
        assert not list((server.root / "home" / dee).iterdir())
        refused: list[tuple[str, ...]] = [
            (entry, "--as", "bob"), (entry, "--store", "/etc/passwd"), ("SUDO_UID=0", entry), ("/bin/sh",),
        ]  # fmt: skip
        for words in refused:
            done = subprocess.run(
                runs_as(dee, "sudo", "-n", "-u", account, *words), capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 1, done
            assert "sudo: " in done.stderr
        assert subprocess.run(runs_as(eve, *team), capture_output=True, timeout=60).returncode == 1
        for path in (server.root / "srv/huntertui", server.root / "srv/huntertui/members" / dee):
            assert path.stat().st_mode & 0o777 == 0o700
        assert (server.root / "srv/huntertui/members" / dee).stat().st_uid == pwd.getpwnam(account).pw_uid
    finally:
        rule.unlink()


def runs_as(who: str, *command: str) -> list[str]:
    return ["setpriv", f"--reuid={who}", f"--regid={who}", "--init-groups", "--", *command]


# C: one account, whose keys say who one is


def test_the_administrator_takes_in_and_backs_up(server: Server) -> None:
    account = server.account("svc")
    server.script("one-account.sh", "--account", account)
    entry = str(server.root / "usr/local/lib/huntertui/entry")
    members = server.root / "srv/huntertui/members"

    def does(*args: str, code: int = 0) -> None:
        done = subprocess.run(runs_as(account, entry, *args), capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done

    does("--as", "ana", "list")
    (members / "ana/imports/leads.csv").write_text("Company,Last Name,Email\nAcme,Lee,ann@x.example\n")
    (members / "ana/imports/leads.csv").chmod(0o644)
    does("--as", "ana", "import", "leads.csv")
    does("--as", "admin", "store", "backup", "monday.json")
    assert "Acme" in (members / "admin/exports/monday.json").read_text()
    does("list", code=7)
    done = subprocess.run([entry, "--as", "ana", "list"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (7, "")  # root is not the program's account


def test_the_workday_takes_in_what_was_put_there_and_nothing_else(server: Server) -> None:
    account = server.account("svc")
    server.script("one-account.sh", "--account", account)
    entry = str(server.root / "usr/local/lib/huntertui/entry")
    ana = runs_as(account, entry, "--as", "ana")
    subprocess.run([*ana, "list"], capture_output=True, timeout=60, check=True)
    home = server.root / "srv/huntertui/members/ana"
    (home / "imports/leads.csv").write_text("Klient,Last Name\nAcme,Lee\n")
    (home / "imports/leads.csv").chmod(0o644)
    with Terminal(ana, {}) as terminal:
        terminal.until("1 Prospects").up()
        for path in ("/etc/passwd", "~/.bashrc", "../config.toml"):
            terminal.type(f":import {path}\r").until("only the name of a file in").type("\x15\x1b")
            terminal.until(lambda t: "only the name" not in t.text)
        terminal.type(":import \t").until("→ leads.csv").type("\r").until("Klient").type("kkkcompany\r")
        terminal.until("yours").type("\x13").until("1 would be added").type("\r").until("1 added")
        terminal.type("\x1b").until(lambda t: "Imported" not in t.text).type("q")
        assert terminal.leave() == 0
    assert (home / "columns.json").stat().st_mode & 0o777 == 0o600


def test_keys_come_and_go(server: Server, tmp_path: Path) -> None:
    account = server.account("svc")
    server.script("one-account.sh", "--account", account)
    keys = server.root / "etc/ssh/huntertui_keys"
    public = tmp_path / "ana.pub"
    public.write_text(f'command="/bin/sh" {KEY} ana"; no-pty\n')
    assert "no public key" in server.script("one-account.sh", "--key", "ana", public, code=2)
    public.write_text(f"{KEY} $(id) ana's\n")
    for who in ("ana", "ana.b", "ana"):
        server.script("one-account.sh", "--key", who, public)
    entry = server.root / "usr/local/lib/huntertui/entry"

    def line(who: str) -> str:
        return f'restrict,pty,command="{entry} --as {who}" {KEY} {who}'

    assert keys.read_text().splitlines()[1:] == [line("ana.b"), line("ana")]
    assert (keys.stat().st_uid, keys.stat().st_mode & 0o777) == (0, 0o644)
    server.script("one-account.sh", "--no-key", "ana")
    assert keys.read_text().splitlines()[1:] == [line("ana.b")]
    for wrong in ("", 'x" y', "../x", "-x", "a b", "$(id)"):
        server.script("one-account.sh", "--key", wrong, public, code=2)
    public.write_text(f"{KEY}\n{KEY}\n")
    assert "more than one" in server.script("one-account.sh", "--key", "ana", public, code=2)


def test_the_scripts_are_plain_shell() -> None:
    for path in SCRIPTS.glob("*.sh"):
        subprocess.run(["sh", "-n", path], check=True)
        assert path.name == "common.sh" or os.access(path, os.X_OK)
