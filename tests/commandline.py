"""The command line for tests: in a process of its own, in this one at a fixed time, and in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from argparse import SUPPRESS, Action, ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from desks import NOW, Clock, desk_at, small_world

from huntertui.cli import World, run
from huntertui.cli.verbs import VERBS
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
    """What the program prints where there is a terminal, without colours unless they are asked for."""
    main, side = pty.openpty()
    command = [sys.executable, "-m", "huntertui", *args]
    env = os.environ | {"COLUMNS": str(columns), "LC_ALL": "C.UTF-8", "CLICOLOR": "0"} | given
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


FORMS = {"--json", "--plain", "--csv", "--all", "--dry-run"}
"""What a verb may be told beside its arguments, one at a time."""


def ways(verb: str, id: str, file: str, texts: Sequence[str], *, paths_only: bool = False) -> list[list[str]]:
    """The ways to call a verb, whatever it takes: with each of its choices, an item's number, a file and the
    texts, and in each form; without what is understood everywhere. `paths_only`: those that give the file."""
    parser = ArgumentParser()
    VERBS[verb].arguments(parser)
    found = {tuple(way) for way in _ways(parser, id, file, texts)}
    return sorted([verb, *way] for way in found if not paths_only or any(file in word for word in way))


def _ways(parser: ArgumentParser, id: str, file: str, texts: Sequence[str]) -> Iterator[list[str]]:
    words: list[list[str]] = [[]]
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for name, below in action.choices.items():
                yield from ([name, *rest] for rest in _ways(below, id, file, texts))
            return
        if not action.option_strings:
            values = [*map(str, action.choices)] if action.choices else [_value(action, id, file, texts[0])]
            words = [[*way, value] for way in words for value in values]
            yield from words if action.nargs == "?" else ()
    yield from words
    for action in parser._actions:
        name = action.option_strings[-1] if action.option_strings and action.default != SUPPRESS else ""
        if FORMS & {*action.option_strings}:
            yield from ([*way, name] for way in words)
        elif name and action.nargs is None and not action.choices:
            given = [file] if action.type is Path else texts
            yield from ([*words[0], f"{name}={text}"] for text in given)


def _value(action: Action, id: str, file: str, text: str) -> str:
    return file if action.type is Path else id if action.metavar in ("ID", "WHO") else text
