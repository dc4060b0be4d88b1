"""Over a real SSH: two at once, a line that is cut, and what who has a key is kept from."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from day import of, records
from server import PATIENCE, Server, Sshd, lacks
from terminal import Terminal

from huntertui.model.opportunity import Opportunity

NEEDED = ("ssh", "ssh-keygen", "ssh-agent", "scp", "sftp", "sshd")
pytestmark = pytest.mark.skipif(bool(lacks(*NEEDED)), reason=lacks(*NEEDED))


class Team:
    """The third set-up of docs/server, with a key for ana and one for ben."""

    def __init__(self, server: Server, sshd: Sshd, account: str) -> None:
        self.server, self.sshd, self.account = server, sshd, account
        self.folder = server.root / "srv/huntertui"
        self.store = self.folder / "store.json"

    def ssh(self, who: str, *options: str, words: tuple[str, ...] = ()) -> list[str]:
        return self.sshd.command(who, self.account, *options, words=words)

    def terminal(self, who: str, *options: str, words: tuple[str, ...] = ()) -> Terminal:
        return Terminal(self.ssh(who, *options, words=words), os.environ)

    def run(self, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)

    def record(self, company: str) -> Opportunity:
        return of(self.store, company)

    def is_left(self) -> bool:
        """Whether no process of theirs stays."""
        return self.server.ended(self.account)


@pytest.fixture(scope="module")
def running() -> Iterator[Team]:
    with Server() as server:
        account = server.account("ssh")
        server.script("one-account.sh", "--account", account)
        with Sshd(server) as sshd:
            for who in ("ana", "ben"):
                public = sshd.key(who).with_suffix(".pub")
                server.script("one-account.sh", "--account", account, "--key", who, public)
            yield Team(server, sshd, account)


@pytest.fixture
def team(running: Team) -> Iterator[Team]:
    """The set-up with nobody at work on it."""
    yield running
    running.server.end(running.account)


def come_in(terminal: Terminal, who: str, dot: str = "·") -> None:
    terminal.until(f"{dot} {who} {dot}").rest()


def add(terminal: Terminal, company: str) -> None:
    terminal.type(f"aAnn Lee @{company}\r").until(f"{company} #").rest()


def leave(terminal: Terminal) -> None:
    terminal.type("q")
    assert terminal.leave() == 0


# Work


def test_two_at_once(team: Team) -> None:
    with team.terminal("ana") as ana, team.terminal("ben") as ben:
        come_in(ana, "ana")
        come_in(ben, "ben")
        add(ana, "Ananas")
        add(ben, "Bendix")
        for terminal in (ana, ben):
            terminal.type("ga").until("Ananas").until("Bendix")
        leave(ana)
        leave(ben)
    assert team.is_left()
    assert team.store.stat().st_uid == team.folder.stat().st_uid  # who left last has published it
    assert (team.record("Ananas").owner, team.record("Bendix").owner) == ("ana", "ben")


def cut(terminal: Terminal) -> None:
    """End the client as a line that breaks: it has no time to say so."""
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.leave()


def test_a_line_cut_in_the_middle_of_typing(team: Team) -> None:
    """In a form, and in a prompt."""
    with team.terminal("ana") as terminal:
        come_in(terminal, "ana")
        add(terminal, "Typewell")
        terminal.type("e\x1b[Z\x1b[Zhalf a note").until("half a note")
        cut(terminal)
    assert team.is_left()
    with team.terminal("ben") as ben:  # no lock is left
        come_in(ben, "ben")
        add(ben, "Unlocked")
        assert "half a note" not in ben.text
        leave(ben)
    with team.terminal("ana") as terminal:
        terminal.until("e continues").type("e").until("half a note")
        terminal.type("\x13").until("notes is now").rest()
        terminal.type("cohalf a w").until("half a w").rest()
        cut(terminal)
    assert team.is_left()
    with team.terminal("ana") as terminal:
        terminal.until("c o, then ↑ continues").type("co").until("your draft: half a w")
        terminal.type("\x1b[A").until("note: half a w").type("ord\r").until("noted on Typewell").type("q")
        assert terminal.leave() == 0
    assert team.record("Typewell").notes == "half a note"


def test_a_line_cut_in_the_middle_of_an_action(team: Team) -> None:
    with team.terminal("ana") as terminal:
        come_in(terminal, "ana")
        add(terminal, "Actwell")
        terminal.type("cn").until(lambda t: "attempting" in t.text or "no answer" in t.text.lower())
        cut(terminal)
    assert team.is_left()
    assert team.record("Actwell").stage == "attempting"  # what was acknowledged
    for keys in (
        "c",
        "cn",
        "aHalf @",
        "+",
    ):  # and whatever is under way is done or not, and nothing in between
        with team.terminal("ana") as terminal:
            come_in(terminal, "ana")
            terminal.type(keys)
            cut(terminal)
        assert team.is_left()
    assert team.record("Actwell").stage == "attempting"
    assert not any(o.company == "" for o in records(team.store).values())


# Ways around


@pytest.mark.parametrize(
    "words",
    [
        ("sh",),
        ("sh", "-c", "'cat /etc/passwd; id'"),
        ("--as bob",),
        ("--", "--store", "/etc/passwd"),
        ("; id",),
        ("$(id)",),
        ("import", "/etc/passwd"),
        ("scp", "-f", "/etc/passwd"),
        ("x" * 100_000,),
    ],
    ids=lambda words: " ".join(words)[:20],
)
def test_attack_15_what_is_asked_for_is_not_heard(team: Team, words: tuple[str, ...]) -> None:
    done = team.run(*team.ssh("ana", words=words), given="id\ncat /etc/passwd\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("huntertui: the workday needs a terminal")


@pytest.mark.parametrize("words", ["--as bob", "sh", "-- --store /etc/passwd", "$(id)"])
def test_attack_15_with_a_terminal_it_is_the_workday_whatever_is_asked_for(team: Team, words: str) -> None:
    with team.terminal("ana", "-tt", words=(words,)) as terminal:
        come_in(terminal, "ana")
        leave(terminal)


def test_attack_15_a_terminal_that_is_none(team: Team) -> None:
    """-tt without one on this side: a workday without keys, which ends with the line."""
    command = team.ssh("ana", "-tt", words=("sh",))
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as client:
        assert client.stdout
        seen = b""
        while b"huntertui" not in seen and (part := os.read(client.stdout.fileno(), 65536)):
            seen += part
        client.kill()
    assert b"huntertui" in seen
    assert team.is_left()


def test_attack_15_no_files_come_or_go(team: Team, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    there = f"{team.account}@127.0.0.1"
    common = [*team.sshd.options("ana"), "-P", str(team.sshd.port)]
    for options in ([], ["-O"]):
        for pair in (
            (f"{there}:/etc/passwd", str(tmp_path / "got")),
            (str(mine), f"{there}:/tmp/huntertui-mine"),
        ):
            assert team.run("scp", *options, *common, *pair).returncode != 0
    assert team.run("sftp", *common, f"{there}:/etc/passwd", str(tmp_path / "got")).returncode != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
    assert not Path("/tmp/huntertui-mine").exists()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_attack_15_nothing_is_forwarded_to_the_inside(team: Team) -> None:
    """-L and -D open here, but nothing comes through; -W is the same without a port."""
    done = team.run(*team.ssh("ana", "-W", f"127.0.0.1:{team.sshd.port}"))
    assert done.returncode != 0
    assert "SSH-2.0" not in done.stdout
    assert "forwarding failed" in done.stderr
    local, socks = free_port(), free_port()
    ways = ("-N", "-L", f"{local}:127.0.0.1:{team.sshd.port}", "-D", f"127.0.0.1:{socks}")
    with subprocess.Popen(team.ssh("ana", *ways), stderr=subprocess.DEVNULL) as client:
        try:
            assert received(local, b"") == b""
            hello = b"\x05\x01\x00", b"\x05\x01\x00\x01\x7f\x00\x00\x01" + team.sshd.port.to_bytes(2, "big")
            assert b"SSH-2.0" not in received(socks, b"".join(hello))
        finally:
            client.kill()


def received(port: int, sent: bytes) -> bytes:
    """What comes of a connection to a port of this machine until it ends."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
                line.sendall(sent)
                data = b""
                while part := line.recv(1000):
                    data += part
                return data
        except ConnectionResetError:
            return b""
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_attack_15_nothing_is_forwarded_to_the_outside(team: Team) -> None:
    way = f"{free_port()}:127.0.0.1:{team.sshd.port}"
    done = team.run(*team.ssh("ana", "-N", "-o", "ExitOnForwardFailure=yes", "-R", way))
    assert done.returncode == 255
    assert "remote port forwarding failed" in done.stderr


def test_attacks_14_and_15_neither_agent_nor_display_nor_environment_come_along(
    team: Team, tmp_path: Path
) -> None:
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL)
    hostile = {
        "SSH_AUTH_SOCK": str(tmp_path / "agent"), "DISPLAY": "127.0.0.1:0", "TERM": "../../e;$(x)",
        "LC_ALL": "x", "LANG": "$(id)", "USER": "bob", "LOGNAME": "bob", "SUDO_USER": "bob", "SUDO_UID": "0",
        "TEXTUAL_LOG": "/tmp/huntertui-log", "TEXTUAL_DRIVER": "os:system", "HUNTERTUI_STORE": "/etc/passwd",
        "COLUMNS": "5000", "BROWSER": "sh", "EDITOR": "sh", "PYTHONPATH": "/tmp", "PYTHONINSPECT": "1",
    }  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not (tmp_path / "agent").exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        sent = [part for name in hostile if name != "TERM" for part in ("-o", f"SendEnv={name}")]
        with Terminal(team.ssh("ana", "-A", "-X", *sent), os.environ | hostile) as terminal:
            come_in(terminal, "ana", dot="-")  # no locale is called x: that is ASCII
            environments = [
                Path(f"/proc/{pid}/environ").read_text()
                for pid in team.server.processes(team.account)
                if "entry" in Path(f"/proc/{pid}/cmdline").read_text()
            ]
            assert environments
            assert not [text for text in environments if "SSH_AUTH_SOCK" in text or "DISPLAY" in text]
            leave(terminal)
    finally:
        agent.terminate()
        agent.wait()
    assert not Path("/tmp/huntertui-log").exists()


def test_attack_15_no_key_stops_it_or_leads_to_a_shell(team: Team) -> None:
    """ctrl+z, ctrl+\\, ctrl+c, a shell's escapes of pagers and editors: the workday stays, and goes on."""
    with team.terminal("ana") as terminal:
        come_in(terminal, "ana")
        for keys in ("\x1a", "\x1c", "\x03", "!sh\r", ":!sh\r", ":shell\r", "\x1b"):
            terminal.type(keys).rest(0.2)
        assert "uid=" not in terminal.type("id\r").rest(0.2).text
        terminal.type("\x1b").rest(0.2)
        come_in(terminal, "ana")
        states = [Path(f"/proc/{pid}/stat").read_text() for pid in team.server.processes(team.account)]
        assert not any(" T " in state for state in states)
        cut(terminal)
    assert team.is_left()


def test_what_a_member_has_is_closed_to_the_rest(team: Team) -> None:
    with team.terminal("ana") as terminal:
        come_in(terminal, "ana")
        leave(terminal)
    uid = team.folder.stat().st_uid
    for folder in (team.folder, team.folder / "members", team.folder / "members/ana"):
        assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, uid)
    assert uid != 0
