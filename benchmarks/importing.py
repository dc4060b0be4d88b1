"""`python -m benchmarks.importing`: what an import costs, beside reading the same file into dicts.

The budget: an import of 14,000 opportunities takes at most three times what `csv.DictReader` takes to read
the file into dicts, plus one checkpoint: of a store to which the same documents came by ordinary changes, as
after an import nothing is left to publish but a copy. All of one run, in seconds of processor time, as other
work on the machine is in the time of a clock: the dicts at the best of three times, the import at its first.
Only for how long the others wait the clock is what counts.
"""

from __future__ import annotations

import argparse
import csv
import gc
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from huntertui.desk.tables import OPPORTUNITIES
from huntertui.exchange import plan, read, write
from huntertui.model.pipeline import Policy
from huntertui.store import Doc, Store, Tx, open_store
from huntertui.store.checkpoint import checkpoint

T = TypeVar("T")

COUNT = 14_000
MOST = 100_000  # rows of which a checkpoint is taken: its journal is in memory
PAGE = 1000  # documents of an ordinary change
HEADER = (
    "ID,ISDELETED,ACCOUNTID,NAME,DESCRIPTION,STAGENAME,AMOUNT,PROBABILITY,EXPECTEDREVENUE,CLOSEDATE,TYPE,NEXTSTEP,"
    "LEADSOURCE,ISCLOSED,ISWON,FORECASTCATEGORY,OWNERID,CREATEDDATE,LASTMODIFIEDDATE,LASTACTIVITYDATE"
)
STAGES = (
    "Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review",
    "Closed Won", "Closed Lost",
)  # fmt: skip
NOW = datetime.now(UTC)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # each row is of a second of its own


def clock() -> datetime:
    """The present."""
    return NOW


def fill(path: Path, count: int) -> None:
    """A file of opportunities as Salesforce's Data Loader writes it."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for n in range(count):
            stage = STAGES[n % len(STAGES)]
            closed, won = str(stage.startswith("Closed")).lower(), str(stage == "Closed Won").lower()
            created = f"{FIRST + timedelta(seconds=17 * n):%Y-%m-%dT%H:%M:%S}.000Z"
            done = f"2026-10-{n % 28 + 1:02}" if n % 2 else ""
            writer.writerow([
                f"006{n:015}", "false", f"001{n // 3:015}", f"Company {n} - {n % 90} Gears", "Initial deal.",
                stage, f"{n * 13 % 90000}.0", "20.0", "1400.0", f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
                "New", "Call them", "Web", closed, won, "Pipeline", f"005{n % 20}", created, created, done,
            ])  # fmt: skip


def taken(act: Callable[[], T]) -> tuple[float, T]:
    """(seconds of processor time, what it returned)."""
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def dicts(path: Path) -> list[dict[str, str]]:
    """The file as dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def memory() -> int:
    """The most that this process has taken so far, in megabytes."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024


def ordinary(store: Store, place: Path) -> float:
    """What the checkpoint of a store takes that has the same items, by ordinary changes."""
    with open_store(place, "ana", clock=clock) as other:
        before = None
        while found := store.latest(OPPORTUNITIES, PAGE, before):

            def insert(tx: Tx, rows: list[tuple[int, Doc]] = found) -> None:
                for id, doc in reversed(rows):
                    tx.insert(OPPORTUNITIES, doc, id)

            other.transact(insert, "ana")
            before = found[-1][0]
    return taken(lambda: checkpoint(place, "ana", clock))[0]


def main(count: int) -> None:
    """One table."""
    with tempfile.TemporaryDirectory() as folder:
        file, place = Path(folder) / "deals.csv", Path(folder) / "team" / "store.json"
        fill(file, count)
        with open_store(place, "ana", clock=clock) as store:
            looked, readings = taken(lambda: read(file, Policy(), "ana", NOW))
            planned, made = taken(lambda: plan(store, readings, "ana", NOW))
            before, start = memory(), time.monotonic()
            written, done = taken(lambda: write(store, made, readings, "ana", NOW))
            waited, after = time.monotonic() - start, memory()
            assert done.added == count
            if count <= MOST:  # after the import, as both hold all of it
                gc.freeze()  # as in a fresh process, where nothing else is looked through
                floor = min(taken(lambda: len(dicts(file)))[0] for _ in range(3))
                published = ordinary(store, Path(folder) / "other" / "store.json")
    whole = looked + planned + written
    print("| rows | look through | plan | write | whole | others wait | memory |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {count:,} | {looked:.2f} s | {planned:.2f} s | {written:.2f} s | {whole:.2f} s | {waited:.1f} s "
        f"| {before} MB planned, {after} MB written |"
    )
    if count <= MOST:
        budget = 3 * floor + published
        print(
            f"\ninto dicts {floor:.3f} s, checkpoint {published:.3f} s: three times the one and the other is"
        )
        print(f"a budget of {budget:.2f} s; the whole is {whole / budget:.2f} of it")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=COUNT)
    main(arguments.parse_args().rows)
