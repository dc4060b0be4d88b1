"""Beside what else people keep such lists in: the same number of items, the same terminal, the same run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.__main__ import HUNTERTUI, NOW, WIDE, fill
from benchmarks.probe import Probe, medians

COUNT, TIMES, KEYS = 1_000, 5, 15


class Peer(NamedTuple):
    """A program: what it is called with, in which surroundings, and whether it waits for keys."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    keys: bool = True


def huntertui(folder: Path) -> Peer:
    """Ours."""
    store = folder / "store" / "store.json"
    fill(store, COUNT)
    return Peer("huntertui", [*HUNTERTUI, "--store", str(store), "--no-mouse"], {})


def _tasks(folder: Path) -> dict[str, str]:
    """Taskwarrior's surroundings, with tasks in them."""
    rc = folder / "taskrc"
    rc.write_text(
        f"data.location={folder / 'tasks'}\nconfirmation=off\nverbose=nothing\nnews.version=9.9.9\n"
    )
    (folder / "tasks").mkdir()
    tasks = [
        {"description": f"Company {n:06}", "due": f"{NOW:%Y%m%d}T090000Z", "project": "sales"}
        for n in range(COUNT)
    ]
    env = {"TASKRC": str(rc), "HOME": str(folder)}
    command, given = ["task", "import", "-"], json.dumps(tasks)
    subprocess.run(command, input=given, text=True, env=os.environ | env, capture_output=True, check=True)
    return env


def task(folder: Path) -> Peer:
    """Taskwarrior, which prints and ends."""
    return Peer("task next (prints)", ["task", "next"], _tasks(folder), keys=False)


def vit(folder: Path) -> Peer:
    """The full-screen face of Taskwarrior."""
    env = _tasks(folder)
    (folder / ".vit").mkdir()
    (folder / ".vit" / "config.ini").write_text(f"[taskwarrior]\ntaskrc = {env['TASKRC']}\n")  # else it asks
    return Peer("vit", ["vit"], env)


def calcurse(folder: Path) -> Peer:
    """A calendar with a list of things to do."""
    home = folder / "calcurse"
    home.mkdir()
    (home / "todo").write_text("".join(f"[{n % 9 + 1}] Company {n:06}\n" for n in range(COUNT)))
    return Peer("calcurse", ["calcurse", "-D", str(home), "-q"], {"HOME": str(folder)})


def vd(folder: Path) -> Peer:
    """VisiData, on a table."""
    table = folder / "rows.csv"
    rows = (f"Company {n:06},Person {n},{n * 100},new\n" for n in range(COUNT))
    table.write_text("company,person,value,stage\n" + "".join(rows))
    return Peer("vd", ["vd", "--nothing", str(table)], {"HOME": str(folder)})


PEERS: Mapping[str, Callable[[Path], Peer]] = {
    "task": task, "vit": vit, "calcurse": calcurse, "vd": vd,
}  # fmt: skip
"""By the name of the program, which is looked for in PATH."""


def figures(peer: Peer) -> Iterator[str]:
    """The cells of its line."""
    env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    starts, costs, idle = [], [], 0.0
    for turn in range(TIMES + 1):
        with Probe(peer.command, env | {"HOME": os.environ["HOME"], **peer.env}, *WIDE) as probe:
            first = probe.seen(b"Company 0")
            if peer.name == "huntertui":
                probe.begun()  # the rows stand before it is there
            rest, size = probe.settle(), len(probe.written)
            memory = probe.memory() if peer.keys else 0.0
            if turn:  # the first start makes files
                starts.append((first, rest, size, memory))
            if peer.keys and turn == TIMES:
                costs = [probe.key(b"j") for _ in range(KEYS)]
                probe.settle(1.0)
                before, end = len(probe.written), time.monotonic() + 3
                while time.monotonic() < end:
                    probe.read(0.5)
                idle = (len(probe.written) - before) / 3
    first, rest, size, memory = medians(starts)
    yield from (peer.name, f"{first * 1000:.0f} ms", f"{rest * 1000:.0f} ms", f"{size / 1000:.1f} KB")
    if costs:
        took, cpu, sent, _ = medians(costs)
        yield from (f"{memory:.0f} MB", f"{took:.1f} ms, {cpu:.1f} ms, {sent:.0f} B", f"{idle:.0f} B/s")
    else:
        yield from ("", "", "")


def main() -> None:
    """A Markdown table; a line for what is not installed."""
    print(f"\n{COUNT:,} items, {WIDE[0]}x{WIDE[1]}\n")
    print("| program | first row | rest | bytes | memory | cursor key: ms, processor ms, bytes | at rest |")
    print("|---|---|---|---|---|---|---|")
    for name, made in {"": huntertui, **PEERS}.items():
        if name and not shutil.which(name):
            print(f"| {name} | not installed here | | | | | |")
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                cells = list(figures(made(Path(folder))))
            except (OSError, TimeoutError, subprocess.CalledProcessError) as error:
                cells = [name, f"not measured: {type(error).__name__}", "", "", "", "", ""]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
