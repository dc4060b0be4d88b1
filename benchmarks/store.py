"""`python -m benchmarks.store`: what the shared store costs, beside its floor from the same run."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tinydb import TinyDB

from huntertui.store import Store, Tx, open_store
from huntertui.store.checkpoint import checkpoint

TABLE = "opportunities"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PEOPLE, SECONDS, PACE = 30, 60.0, 0.1  # changes a second of each
CONTEXT = multiprocessing.get_context("forkserver")


def clock() -> datetime:
    """The present."""
    return datetime.now(UTC)


def fill(path: Path, count: int) -> None:
    """A plain TinyDB file of documents of about 450 bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o770)
    with path.open("w") as file:
        file.write('{"opportunities":{')
        for n in range(1, count + 1):
            doc = {
                "company": f"Company {n:07}",
                "stage": "proposal",
                "owner": "ana",
                "notes": "x" * 380,
                "n": 0,
            }
            file.write(f'{"," if n > 1 else ""}"{n}":{json.dumps(doc)}')
        file.write("}}")


def change(store: Store, id: int) -> Callable[[], object]:
    """A change of one field."""

    def write(tx: Tx) -> None:
        tx.label = "Company: proposal to negotiation"
        tx.update(TABLE, id, {"stage": f"stage {time.time_ns()}", "at": time.time()})

    return lambda: store.transact(write, "ana")


def lock_and_replace(path: Path, id: int) -> None:
    """The simple way: read all, change, write all beside it, rename."""
    with (path.parent / "simple.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        data = json.loads(path.read_bytes())
        data[TABLE][str(id)]["stage"] = str(time.time_ns())
        temporary = path.with_suffix(".tmp")
        with temporary.open("w") as file:
            json.dump(data, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def times(act: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def p99(values: list[float]) -> float:
    """The 99th of a hundred."""
    return sorted(values)[int(len(values) * 0.99)]


def memory(act: str, path: Path) -> tuple[float, float]:
    """(ms, MB at its most) of what a fresh process does with the store at `path`."""
    code = (
        "import sys, time\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from huntertui.store import open_store\nfrom huntertui.store.checkpoint import checkpoint\n"
        "path, clock = Path(sys.argv[1]), lambda: datetime.now(UTC)\nstart = time.perf_counter()\n"
        f"{act}\nms = (time.perf_counter() - start) * 1000\n"
        "print(ms, Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    out = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    ms, kilobytes = out.stdout.split()
    return float(ms), int(kilobytes) / 1024


def sizes(folder: Path) -> Iterator[tuple[int, Path]]:
    """Each size with its store."""
    for count in SIZES:
        path = folder / str(count) / "store.json"
        fill(path, count)
        yield count, path


def durable(folder: Path) -> None:
    """A change, alone, at each size; to open; to publish."""
    print("| documents | change p50 / p99 | fdatasync p50 | x | open | memory | checkpoint | its memory "
          "| stock TinyDB | lock and replace |\n|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for count, path in sizes(folder):
        rivals = "".join(
            f" {statistics.median(ms):.0f} ms |" for ms in _rivals(path, 1 if count > 100_000 else 3)
        )
        mine, floor = _changes(path, count, folder / "floor")
        opening, at_rest = memory("store = open_store(path, 'ana', clock=clock)", path)
        publishing, at_work = memory("checkpoint(path, 'ana', clock)", path)
        middle, sync = statistics.median(mine), statistics.median(floor)
        print(
            f"| {count:,} | {middle:.2f} / {p99(mine):.2f} ms | {sync:.2f} ms | {middle / sync:.1f} "
            f"| {opening:.1f} ms | {at_rest:.0f} MB | {publishing:.0f} ms | {at_work:.0f} MB |{rivals}",
            flush=True,
        )


def _rivals(path: Path, count: int) -> tuple[list[float], list[float]]:
    """The same by stock TinyDB, and by lock and replace."""
    with TinyDB(path) as stock:
        table = stock.table(TABLE)
        by_stock = times(lambda: table.update({"n": 1}, doc_ids=[7]), count)
    return by_stock, times(lambda: lock_and_replace(path, 7), count)


def _changes(path: Path, count: int, floor: Path) -> tuple[list[float], list[float]]:
    """Changes, and the syncs of as many bytes between them."""
    mine, syncs = list[float](), list[float]()
    chance = random.Random(count)
    with open_store(path, "ana", clock=clock) as store, floor.open("ab", buffering=0) as file:
        journal = max(path.with_name("store.json.d").glob("journal-*"))
        for _ in range(400):
            before = journal.stat().st_size
            mine += times(change(store, chance.randint(1, count)), 1)
            line = b"x" * (journal.stat().st_size - before)
            syncs += times(partial(_sync, file.fileno(), line), 1)
    return mine, syncs


def _sync(fd: int, line: bytes) -> None:
    os.write(fd, line)
    os.fdatasync(fd)


def person(url: str, number: int, until: float, pace: float, results: Any) -> None:
    """Make so many changes a second, at random moments, and follow the others ten times a second."""
    chance = random.Random(number)
    acknowledged, seen = [], []
    with open_store(url, f"p{number}", clock=clock) as store:
        since = store.seq
        start, used = time.monotonic(), _cpu()
        soon = start + chance.expovariate(pace)
        while (now := time.monotonic()) < until:
            if store.wait(max(0.0, min(until, soon) - now)):
                for record in store.changes(since):
                    since = record.seq
                    at = record.ops[0].new.get("at") if record.ops else None
                    if at and record.by != f"p{number}":
                        seen.append((time.time() - at) * 1000)
            if time.monotonic() >= soon:
                id = chance.randint(1, 100_000)

                def write(tx: Tx, id: int = id) -> None:
                    tx.update(TABLE, id, {"stage": str(time.time_ns()), "at": time.time()})

                acknowledged += times(lambda: store.transact(write, f"p{number}"), 1)
                soon += chance.expovariate(pace)
        results.put((acknowledged, seen, _cpu() - used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Team(NamedTuple):
    """What some people met. `changes`: ms until each was acknowledged, `seen`: until each other had read it;
    `cpu`: cores busy with all of them; `memory`: MB of the one who took most."""

    changes: list[float]
    seen: list[float]
    cpu: float
    memory: float


def at_work(url: str, people: int, seconds: float, pace: float = PACE) -> Team:
    """Let so many people work for so long, each with so many changes a second."""
    results = CONTEXT.Queue()
    until = time.monotonic() + 5 + seconds  # the same clock in all processes
    processes = [CONTEXT.Process(target=person, args=(url, n, until, pace, results)) for n in range(people)]
    for one in processes:
        one.start()
    got = [results.get() for _ in processes]
    for one in processes:
        one.join()
    changes, seen = ([ms for one in got for ms in one[which]] for which in (0, 1))
    return Team(changes, seen, sum(one[2] for one in got) / seconds, max(one[3] for one in got) / 1024)


def team(folder: Path) -> None:
    """Thirty people on 100,000 documents."""
    path = folder / "100000" / "store.json"
    checkpoint(path, "ana", clock)
    found = at_work(str(path), PEOPLE, SECONDS)
    print(f"\n{PEOPLE} people, {PACE} changes a second each, 100,000 documents, {SECONDS:.0f} s")
    middle, worst = statistics.median(found.changes), p99(found.changes)
    print(f"- {len(found.changes)} changes, acknowledged: p50 {middle:.2f} ms, p99 {worst:.2f} ms")
    middle, worst = statistics.median(found.seen), p99(found.seen)
    print(f"- seen by each other: p50 {middle:.0f} ms, p99 {worst:.0f} ms, all {max(found.seen):.0f} ms")
    print(f"- processor time of all together: {found.cpu:.1%} of a core")
    print(f"- memory of each: {found.memory:.0f} MB")


def main() -> None:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        durable(Path(folder))
        team(Path(folder))


if __name__ == "__main__":
    main()
