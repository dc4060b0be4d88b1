"""`python -m benchmarks.engines`: the store in a folder beside that in a PostgreSQL of its own, in one run.

The server is one of the tests', but for its syncs, which are on.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.store import Team, at_work, change, clock, fill, p99, times
from huntertui.store import open_store
from huntertui.store.copying import Place, contents_of, tally
from huntertui.store.copying import fill as copy_to

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from postgres import Server, programs

COUNT = 100_000
SECONDS, PACE = 15.0, 0.5  # changes a second of each


def copied(source: str, target: str) -> float:
    """Copy a store, and see that it is equal: seconds for the copying alone."""
    with open_store(source, "root", clock=clock) as store:
        start = time.perf_counter()
        copy_to(Place(target, "root", clock), contents_of(store))
        taken = time.perf_counter() - start
        with open_store(target, "root", clock=clock) as other:
            for table in ("opportunities", "events"):
                assert tally(store, table) == tally(other, table), table
    return taken


def alone(url: str) -> str:
    """One process that does nothing but change: the time of each, and to open the store before."""
    start = time.perf_counter()
    with open_store(url, "ana", clock=clock) as store:
        opened = (time.perf_counter() - start) * 1000
        taken = [ms for id in range(1, 401) for ms in times(change(store, id * 7), 1)]
    return f"{statistics.median(taken):.2f} / {p99(taken):.2f} ms | {opened:.0f} ms"


def said(found: Team) -> str:
    """The figures of people at work."""
    mine = f"{statistics.median(found.changes):.1f} / {p99(found.changes):.1f} ms"
    seen = f"{statistics.median(found.seen):.0f} / {p99(found.seen):.0f} ms" if found.seen else "-"
    return f"{mine} | {seen} | {found.cpu:.1%} | {found.memory:.0f} MB"


def main() -> None:
    """All figures."""
    place = programs()
    if place is None:
        sys.exit("PostgreSQL is not installed: apt-get install postgresql")
    server = Server(place, durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "team" / "store.json"
            fill(path, COUNT)
            stores = {"folder": str(path), "PostgreSQL": server.url(server.database())}
            there = copied(stores["folder"], stores["PostgreSQL"])
            back = copied(stores["PostgreSQL"], str(Path(folder) / "back" / "store.json"))
            print(f"{COUNT:,} documents copied to PostgreSQL in {there:.1f} s, and back in {back:.1f} s")
            print("\n| store | change alone p50 / p99 | open |\n|---|---|---|")
            for name, url in stores.items():
                print(f"| {name} | {alone(url)} |", flush=True)
            print(
                "\n| store | people | change p50 / p99 | seen by the others p50 / p99 | cores | memory |"
                "\n|---|---|---|---|---|---|"
            )
            for people in (1, 8, 30):
                for name, url in stores.items():
                    print(f"| {name} | {people} | {said(at_work(url, people, SECONDS, PACE))} |", flush=True)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
