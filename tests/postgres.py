"""A PostgreSQL server for the tests alone: its own folder, its own socket, no port; gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONFIG = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = {sync}
max_connections = 60
shared_buffers = 64MB
logging_collector = off
log_destination = stderr
"""
GUARD = """
cat
main=$(head -n 1 "$1/data/postmaster.pid")
kill -CONT $main $(cat /proc/$main/task/$main/children)
"$0" stop -m immediate -D "$1/data"
rm -rf "$1"
"""
DROP = "DROP SCHEMA IF EXISTS huntertui CASCADE"
EMPTY = """
DELETE FROM huntertui.change; DELETE FROM huntertui.doc; UPDATE huntertui.store SET seq = 0, by_login = false
"""  # not TRUNCATE, which leaves files behind
ACCESS = "local all admin trust\nlocal all all scram-sha-256\n"


class Server:
    """One cluster, run by an account that is not root's, as PostgreSQL demands.

    `log`: what it says; `shared`: the database that `emptied` empties.
    """

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self._programs = programs
        self._databases = count(1)
        self.shared = ""
        self.folder = Path(tempfile.mkdtemp(prefix="hunter-pg-"))
        self.log = self.folder / "log"
        self._account = None if os.getuid() else pwd.getpwnam("nobody")
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self.folder.chmod(0o711)
        data = self.folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "admin", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust"
        )
        (data / "postgresql.auto.conf").write_text(
            CONFIG.format(folder=self.folder, sync="on" if durable else "off")
        )
        (data / "pg_hba.conf").write_text(ACCESS)
        self._guard = self._guarded()
        self.start()

    def start(self) -> None:
        self._run(
            "pg_ctl", "start", "-w", "-s", "-t", "60", "-D", self.folder / "data", "-l", self.folder / "log"
        )

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-D", self.folder / "data", "-m", how)

    def restart(self, how: str = "fast") -> None:
        self.stop(how)
        self.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """All its processes are stopped for a while: it takes connections, and answers none."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        found = [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())]
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                os.kill(pid, signal.SIGCONT)

    def database(self) -> str:
        """A new empty database: its name."""
        name = f"team{next(self._databases)}"
        self.ask(f"CREATE DATABASE {name}", "postgres")
        return name

    def emptied(self, *, begun: bool = False) -> str:
        """A database without a store, or with one that has `begun` and is empty: its name. It is always the
        same, as making one takes half a second."""
        if not self.shared:
            self.shared = self.database()
        self.ask(EMPTY if begun and self._begun() else DROP, self.shared)
        return self.shared

    def _begun(self) -> bool:
        return bool(self.ask("SELECT 1 FROM pg_namespace WHERE nspname = 'huntertui'", self.shared))

    def url(self, database: str, user: str = "admin", options: str = "") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}{options}"

    def ask(self, query: str, database: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """As the administrator."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def remove(self) -> None:
        self._guard.communicate()

    def _guarded(self) -> subprocess.Popen[bytes]:
        """What ends the server when the tests end, however they do."""
        return subprocess.Popen(
            ["sh", "-c", GUARD, self._programs / "pg_ctl", self.folder],
            user=self._account.pw_uid if self._account else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def _run(self, program: str, *options: str | Path) -> None:
        account = self._account
        done = subprocess.run(
            [self._programs / program, *options],
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server inherits them
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
        )
        assert done.returncode == 0, f"{program} failed"


def programs() -> Path | None:
    """Where PostgreSQL's programs are, None when it is not installed."""
    places = [Path(found).resolve().parent for found in [shutil.which("pg_ctl")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (place for place in places if (place / "initdb").exists() and (place / "psql").exists()), None
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this process of the tests."""
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Server(place)
    try:
        yield server
    finally:
        server.remove()


def until(holds: object, seconds: float = 30) -> None:
    """Wait for something to hold."""
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.01)
