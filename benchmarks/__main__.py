"""`make bench`: what the program costs, each figure beside its floor from the same run."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.probe import Probe, ThinProbe, medians
from huntertui.desk import Desk
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.store import open_store

NOW = datetime.now(UTC)
STAGES = ("attempting", "contacted", "proposal", "new", "qualified", "negotiation")
WIDE, SMALL = (200, 50), (80, 24)
HUNTERTUI = [sys.executable, "-I", "-m", "huntertui"]


def clock() -> datetime:
    """The present."""
    return datetime.now(UTC)


def me() -> str:
    """Whose items they are: the account that runs this."""
    from huntertui.config import whoami

    return whoami(os.getuid())


def fill(path: Path, count: int) -> None:
    """A store of `count` open items, written as a plain TinyDB file."""
    owner = me()
    docs = {}
    for n in range(1, count + 1):
        created = NOW - timedelta(days=n % 60, minutes=n % 1440)
        step = NextStep("", Kind.CADENCE, Channel.CALL, (NOW + timedelta(days=n % 20 - 6)).date())
        o = Opportunity(
            company=f"Company {n:06}",
            contacts=(Contact(f"Person {n}", phones=(f"+44 20 7946 {n % 10000:04}",)),),
            owner=owner,
            stage=STAGES[n % len(STAGES)],
            value=n * 100,
            currency="EUR",
            created=created,
            clock=created,
            next=step,
            cadence="hunter6",
            cadence_done=n % 5 + 1,
        )
        docs[str(n)] = to_doc(o)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o770)
    path.write_text(json.dumps({"opportunities": docs}))


class Bench:
    """One run: a folder, and the figures as they come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}

    def say(self, what: str, value: str, floor: str = "", budget: str = "") -> None:
        """One line of the table."""
        print(f"| {what} | {value} | {floor} | {budget} |", flush=True)

    def workday(self, store: Path, size: tuple[int, int]) -> Probe:
        """The program on a store."""
        return Probe([*HUNTERTUI, "--store", str(store), "--no-mouse"], self.env, *size)

    def minimal(self, size: tuple[int, int]) -> Probe:
        """The least Textual program."""
        return Probe([sys.executable, "-I", str(Path(__file__).with_name("minimal.py"))], self.env, *size)

    def start(self, count: int, times: int) -> None:
        """Start-up: to the first rows, to rest; bytes; memory; after the first one, which adopts the file."""
        store = self.folder / str(count) / "store.json"
        fill(store, count)
        with self.workday(store, WIDE) as probe:
            probe.begun(600.0)
            probe.settle()
        mine: list[tuple[float, ...]] = []
        floor: list[tuple[float, ...]] = []
        for _ in range(times):
            with self.minimal(WIDE) as probe:
                first = probe.seen(b"first row")
                floor.append((first, probe.settle(), len(probe.written), probe.memory()))
            with self.workday(store, WIDE) as probe:
                first = probe.seen(b"Company")
                probe.begun()
                mine.append((first, probe.settle(), len(probe.written), probe.memory()))
        (rows, rest, size, memory), (f_rows, f_rest, f_size, f_memory) = medians(mine), medians(floor)
        budget = "60 ms" if count <= 5000 else "150 ms"
        self.say(
            f"start to first rows, {count:,} open", f"{rows * 1000:.0f} ms", f"{f_rows * 1000:.0f} ms", budget
        )
        ratio = "1.45 x" if count <= 5000 else "2.2 x"
        value = f"{rest * 1000:.0f} ms = {rest / f_rest:.2f} x"
        self.say(f"start to rest, {count:,} open", value, f"{f_rest * 1000:.0f} ms", ratio)
        self.say(
            f"bytes until rest, {count:,} open", f"{size / 1000:.1f} KB", f"{f_size / 1000:.1f} KB", "32 KB"
        )
        memory_budget = "140 MB" if count > 5000 else "45 MB"
        self.say(f"memory, {count:,} open", f"{memory:.0f} MB", f"{f_memory:.0f} MB", memory_budget)

    def keys(self, count: int) -> None:
        """What keys cost, on a store that `start` or `fill` made."""
        store = self.folder / str(count) / "store.json"
        if not store.exists():
            fill(store, count)
        with self.minimal(WIDE) as probe:
            probe.seen(b"first row")
            probe.settle()
            floor = medians([probe.key(b"j") for _ in range(9)])
        for size, budgets in ((WIDE, ("1.5 KB", "2 KB")), (SMALL, ("0.9 KB", "2 KB"))):
            with self.workday(store, size) as probe:
                probe.begun()
                probe.settle()
                shape = f"{count:,} rows, {size[0]}x{size[1]}"
                for name, key, budget in (
                    ("cursor key", b"j", budgets[0]),
                    ("pane switch", b"\t", budgets[1]),
                ):
                    probe.key(key)
                    ms, cpu, sent, frames = medians([probe.key(key) for _ in range(15)])
                    value = f"{ms:.1f} ms, {cpu:.1f} ms processor, {sent:.0f} B, {frames:.0f} frame"
                    self.say(
                        f"{name}, {shape}", value, f"{floor[0]:.1f} ms, {floor[1]:.1f} ms", f"5 ms, {budget}"
                    )
                if count <= 5000:
                    ms, cpu, sent, frames = medians([probe.key(key) for key in (b"+", b"-") * 3])
                    value = f"{ms:.1f} ms, {cpu:.1f} ms processor, {sent:.0f} B, {frames:.0f} frame"
                    self.say(f"action on a row, {shape}", value, "", "2 KB")

    def colleague(self) -> None:
        """What another's change of a row in view costs: from its acknowledgement to the last byte, bytes."""
        store = self.folder / "1000" / "store.json"
        desk = Desk(open_store(store, me(), clock=clock), Policy(), me(), clock)
        desk.load()
        row = desk.book.lane(0, desk.now().timestamp())[3]
        with self.workday(store, WIDE) as probe:
            probe.begun()
            probe.settle(1.0)
            costs = []
            for turn in range(9):
                desk.edit(row.id, "name", f"Renamed {turn}")
                before, start = len(probe.written), time.perf_counter()
                patience, last = 1.0, start
                while probe.read(patience):
                    last, patience = time.perf_counter(), 0.15
                costs.append(((last - start) * 1000, len(probe.written) - before))
        took, sent = medians(costs)
        self.say("another's change of a row in view", f"{took:.0f} ms, {sent:.0f} B", "", "150 ms, 400 B")

    def idle(self) -> None:
        """Bytes and wake-ups of a workday at rest."""
        store = self.folder / "1000" / "store.json"
        with self.workday(store, WIDE) as probe:
            probe.begun()
            probe.settle(1.0)
            sent, wakeups, cpu = len(probe.written), probe.wakeups(), probe.cpu()
            end = time.monotonic() + 5
            while time.monotonic() < end:
                probe.read(0.5)
            value = (
                f"{(len(probe.written) - sent) / 5:.0f} B/s, {(probe.wakeups() - wakeups) / 5:.0f} wakes/s, "
                f"{(probe.cpu() - cpu) / 50:.2f} % of a core"
            )
            self.say("idle", value, "", "0 B/s, 11 wakes/s")

    def thin(self) -> None:
        """A thin link: 64 kbit/s, 200 ms there and back."""
        store = self.folder / "1000" / "store.json"
        for size, budget in ((WIDE, "1 s"), (SMALL, "1 s")):
            command = [*HUNTERTUI, "--store", str(store), "--no-mouse"]
            with ThinProbe(command, self.env, *size) as probe:
                rest = probe.begun() and probe.settle(1.5)
                stale, frames = probe.held(b"j", 2.0, 1 / 30)
            shape = f"{size[0]}x{size[1]}, 64 kbit/s, 200 ms"
            self.say(f"start to rest, {shape}", f"{rest:.1f} s")
            self.say(f"key held 2 s, {shape}", f"{stale:.2f} s of stale frames, {frames} frames", "", budget)

    def durable(self, count: int) -> None:
        """One change by the desk, until it is on disk and until the book has it, beside an fdatasync."""
        store = self.folder / str(count) / "store.json"
        if not store.exists():
            fill(store, count)
        desk = Desk(open_store(store, me(), clock=clock), Policy(), me(), clock)
        desk.load()
        acknowledged: list[float] = []
        transact = desk.store.transact

        def noted(*given: Any) -> Any:
            done = transact(*given)
            acknowledged.append((time.perf_counter() - begun) * 1000)
            return done

        desk.store.transact = noted  # type: ignore[method-assign]
        whole, synced = [], []
        with (self.folder / "floor").open("ab", buffering=0) as file:
            for turn in range(41):
                begun = time.perf_counter()
                desk.raise_priority(7, 1 if turn % 2 else -1)
                whole.append((time.perf_counter() - begun) * 1000)
                begun = time.perf_counter()
                file.write(b"x" * 600)
                os.fdatasync(file.fileno())
                synced.append((time.perf_counter() - begun) * 1000)
        mine, floor = statistics.median(acknowledged), statistics.median(synced)
        self.say(
            f"durable change, {count:,} items",
            f"{mine:.2f} ms = {mine / floor:.1f} x; {statistics.median(whole):.2f} ms with the book",
            f"{floor:.2f} ms",
            "2 x",
        )

    def cli(self) -> None:
        """The verbs that read, beside an empty Python, in turns: wall clock, and the processor's time."""
        store = str(self.folder / "1000" / "store.json")
        verbs = {verb: [*HUNTERTUI, verb, "--store", store] for verb in ("list", "brief")}
        commands = {"pass": [sys.executable, "-c", "pass"], **verbs}
        taken = {name: list[tuple[float, float]]() for name in commands}
        for name, command in [*commands.items()] * 11:
            taken[name].append(_process_ms(command))
        (floor, floor_cpu), *figures = (
            tuple(map(statistics.median, zip(*taken[name], strict=True))) for name in commands
        )
        for verb, (wall, cpu) in zip(verbs, figures, strict=True):
            self.say(
                f"huntertui {verb}, 1,000 items",
                f"{wall:.0f} ms = {wall / floor:.1f} x, {cpu:.0f} ms processor = {cpu / floor_cpu:.1f} x",
                f"{floor:.0f} ms, {floor_cpu:.0f} ms",
                "8 x",
            )


def _process_ms(command: list[str]) -> tuple[float, float]:
    """(wall clock, processor) of a process of its own; `brief` ends with 10 where something is neglected."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 10), command
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, used * 1000


def _median_ms(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    """All figures, as a Markdown table."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {NOW:%d %b %Y}\n"
    )
    print("| what | figure | floor of the same run | budget |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.start(1_000, 5)
        bench.start(5_000, 5)
        bench.start(100_000, 3)
        bench.keys(1_000)
        bench.keys(100_000)
        bench.colleague()
        bench.idle()
        bench.thin()
        for count in (1_000, 10_000, 100_000):
            bench.durable(count)
        bench.cli()


if __name__ == "__main__":
    main()
