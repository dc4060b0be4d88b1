"""A scratch server for the tests, which is taken away again.

It has throw-away accounts, the scripts of docs/server on a root of their own, and an sshd on the loopback.
"""

from __future__ import annotations

import importlib.metadata
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import huntertui

CHECKOUT = Path(huntertui.__file__).parent.parent
SCRIPTS = CHECKOUT / "docs" / "server"
SSHD = Path("/usr/sbin/sshd")
HOME = Path("/var/lib")  # sshd trusts no keys below a folder that everybody may write to, as /tmp is
PATIENCE = 20.0  # seconds; a bound for a busy machine


def lacks(*programs: str) -> str:
    """Why there can be no scratch server here, "" where there can."""
    if os.getuid():
        return "only root can make accounts"
    for program in ("useradd", *programs):
        if not (shutil.which(program) or Path("/usr/sbin", program).exists()):
            return f"there is no {program}"
    return "" if _python() else "no Python here may be run by another account"


def _python() -> str:
    """A Python that every account may run."""
    check = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    for found in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        with suppress(OSError):
            if not subprocess.run([found, "-I", "-c", check], user=65534, capture_output=True).returncode:
                return found
    return ""


class Server:
    """A root of its own in `root`, with huntertui installed; `python` runs it."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="huntertui-test-", dir=HOME))
        self.root.chmod(0o755)
        self.python = self.root / "venv" / "bin" / "python"
        self.group = f"hg{os.getpid()}"
        self._users: list[str] = []

    def __enter__(self) -> Self:
        venv = str(self.root / "venv")
        subprocess.run([_python(), "-I", "-m", "venv", "--without-pip", venv], check=True)
        lib = next((self.root / "venv" / "lib").glob("python*/site-packages"))
        for dist in _needed("huntertui"):
            for file in dist.files or ():
                if not file.is_absolute() and ".." not in file.parts and file.suffix != ".pth":
                    (lib / file).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(str(dist.locate_file(file)), lib / file)
        for name in ("huntertui", "themes"):
            shutil.copytree(CHECKOUT / name, lib / name, dirs_exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for user in self._users:
            self.end(user)
            subprocess.run(["userdel", user], capture_output=True)
        subprocess.run(["groupdel", self.group], capture_output=True)
        shutil.rmtree(self.root)

    def user(self, name: str) -> str:
        """Make a throw-away account, with a home."""
        account = self.account(name)
        home = self.root / "home" / account
        home.mkdir(parents=True)
        command = ["useradd", "--no-create-home", "--home-dir", str(home), "--shell", "/bin/sh", account]
        subprocess.run(command, check=True)
        os.chown(home, pwd.getpwnam(account).pw_uid, -1)
        return account

    def account(self, name: str) -> str:
        """A name for an account that is taken away at the end, whoever makes it."""
        account = f"h{os.getpid()}{name}"
        self._users.append(account)
        return account

    def script(self, name: str, *args: str | Path, code: int = 0, **env: str) -> str:
        """Run a script of docs/server on the root; what it says."""
        environ = os.environ | {"PROGRAM": str(self.python)} | env
        command = [SCRIPTS / name, "--root", self.root, *args]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ)
        assert done.returncode == code, done
        return done.stdout + done.stderr

    def tree(self) -> dict[str, tuple[str, int, int, int]]:
        """What stands below the root, apart from the program: text, mode, owner, time of the last change."""
        skip = self.root / "venv"
        files = [path for path in self.root.rglob("*") if skip not in (path, *path.parents)]
        return {
            str(path.relative_to(self.root)): (
                path.read_text() if path.is_file() else "",
                path.stat().st_mode & 0o7777,
                path.stat().st_uid,
                path.stat().st_mtime_ns if path.is_file() else 0,
            )
            for path in files
        }

    def processes(self, account: str) -> list[int]:
        """The processes of an account."""
        uid = pwd.getpwnam(account).pw_uid
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if folder.stat().st_uid == uid and state != "Z":
                    found.append(int(folder.name))
        return found

    def ended(self, account: str) -> bool:
        """Whether all processes of an account end within a while."""
        end = time.monotonic() + PATIENCE
        while self.processes(account):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def end(self, account: str) -> None:
        """End what is left of an account's processes."""
        with suppress(KeyError):
            for pid in self.processes(account):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


class Sshd:
    """An sshd on the loopback that permits much, except what a set-up's own block takes back."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.folder = server.root / "sshd"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        config = self.folder / "config"
        config.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.key('host')}\nPidFile none\n"
            "UsePAM no\n"
            "PasswordAuthentication no\nAcceptEnv *\nAllowTcpForwarding yes\nGatewayPorts yes\n"
            "AllowAgentForwarding yes\nX11Forwarding yes\nPermitTunnel yes\nSubsystem sftp internal-sftp\n"
            f"MaxStartups 100\nInclude {self.server.root}/etc/ssh/sshd_config.d/*.conf\n"
        )
        checked = subprocess.run([SSHD, "-t", "-f", config], capture_output=True, text=True)
        assert not checked.returncode, checked.stderr
        self.log = (self.folder / "log").open("w")
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=self.log)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                break
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def key(self, name: str) -> Path:
        """A private key, its public one beside it."""
        path = self.folder / name
        if not path.exists():
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
            subprocess.run(command, check=True)
        return path

    def options(self, who: str) -> list[str]:
        """What every client of OpenSSH needs to come in with somebody's key, the port apart."""
        wanted = {
            "IdentityFile": self.key(who), "IdentitiesOnly": "yes", "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null", "BatchMode": "yes", "LogLevel": "ERROR",
        }  # fmt: skip
        return ["-F", "none", *(part for name, value in wanted.items() for part in ("-o", f"{name}={value}"))]

    def command(self, who: str, account: str, *options: str, words: Sequence[str] = ()) -> list[str]:
        """The command of ssh; `words`: what the client asks to run."""
        return [
            "ssh", *self.options(who), "-p", str(self.port), *options, f"{account}@127.0.0.1", "--", *words
        ]  # fmt: skip


def _needed(name: str) -> Iterator[importlib.metadata.Distribution]:
    """The distributions that one needs to run, itself included."""
    waiting, seen = [name], set[str]()
    while waiting:
        word = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if word in seen:
            continue
        seen.add(word)
        try:
            dist = importlib.metadata.distribution(word)
        except importlib.metadata.PackageNotFoundError:  # one for other systems
            continue
        yield dist
        for requirement in dist.requires or ():
            found = re.match(r"[\w.-]+", requirement)
            if found and "extra ==" not in requirement:
                waiting.append(found[0])
