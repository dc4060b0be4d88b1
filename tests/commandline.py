"""The command line for tests: in a process of its own, in this one at a fixed time, and in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from desks import NOW, Clock, desk_at, small_world

from huntertui.cli import World, run
from huntertui.config import Config, whoami
from huntertui.desk import Desk
from huntertui.themes import Theme

ME = whoami(os.getuid())


def small_store(folder: Path) -> Path:
    """The path of a store with the small world."""
    path = folder / "team" / "store.json"
    desk = desk_at(path, Clock())
    small_world(desk)
    desk.store.close()
    return path


def cli(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huntertui", *args],
        env=os.environ | env,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def no_screen(desk: Desk, config: Config, theme: Theme, demo: bool) -> int:
    raise AssertionError("no verb under test opens the screen")


def inside(
    *args: str | Path,
    at: datetime = NOW,
    env: Mapping[str, str] | None = None,
    screen: Callable[[Desk, Config, Theme, bool], int] = no_screen,
    settings: Path = Path("/nobody's"),
) -> int:
    """Run in this process, at a fixed time. `settings`: the administrator's file, here the tester's own."""
    me = os.getuid()
    world = World(dict(os.environ) if env is None else env, me, lambda: at, screen, settings, me)
    return run([str(arg) for arg in args], world)


def in_terminal(*args: str | Path, columns: int = 80, **given: str) -> list[str]:
    """What the program prints where there is a terminal."""
    main, side = pty.openpty()
    command = [sys.executable, "-m", "huntertui", *args]
    env = os.environ | {"COLUMNS": str(columns), "LC_ALL": "C.UTF-8"} | given
    with subprocess.Popen(command, stdin=side, stdout=side, stderr=side, env=env) as process:
        os.close(side)
        data = b""
        try:
            while chunk := os.read(main, 65536):
                data += chunk
        except OSError:  # Linux: the last one on the other side has left
            pass
    os.close(main)
    assert process.returncode == 0, data
    return data.decode().replace("\r\n", "\n").splitlines()
