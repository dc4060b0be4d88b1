"""`python -m benchmarks.importing`: what an import costs, beside reading the same file into dicts.

The budget: an import of 14,000 opportunities takes at most three times what `csv.DictReader` takes to read
the file into dicts, plus one checkpoint. All of one run, in seconds of processor time, as other work on the
machine is in the time of a clock.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from huntertui.exchange import plan, read, write
from huntertui.model.pipeline import Policy
from huntertui.store import open_store
from huntertui.store.checkpoint import checkpoint

T = TypeVar("T")

COUNT = 14_000
HEADER = (
    "ID,ISDELETED,ACCOUNTID,NAME,DESCRIPTION,STAGENAME,AMOUNT,PROBABILITY,EXPECTEDREVENUE,CLOSEDATE,TYPE,NEXTSTEP,"
    "LEADSOURCE,ISCLOSED,ISWON,FORECASTCATEGORY,OWNERID,CREATEDDATE,LASTMODIFIEDDATE,LASTACTIVITYDATE"
)
STAGES = (
    "Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review",
    "Closed Won", "Closed Lost",
)  # fmt: skip
NOW = datetime.now(UTC)


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
            created = f"2026-{n % 10 + 1:02}-15T20:47:07.000Z"
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


def main(count: int = COUNT) -> None:
    """One table."""
    with tempfile.TemporaryDirectory() as folder:
        file, place = Path(folder) / "deals.csv", Path(folder) / "team" / "store.json"
        fill(file, count)
        floor, _ = taken(lambda: len(dicts(file)))
        with open_store(place, "ana", clock=clock) as store:
            looked, readings = taken(lambda: read(file, Policy(), "ana", NOW))
            planned, made = taken(lambda: plan(store, readings, "ana", NOW))
            before = memory()
            written, done = taken(lambda: write(store, made, readings, "ana", NOW))
            after = memory()
        assert done.added == count
        published, _ = taken(lambda: checkpoint(place, "ana", clock))
    whole, budget = looked + planned + written, 3 * floor + published
    print(
        "| rows | into dicts | look through | plan | write | whole | checkpoint | budget | of it | memory |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {count:,} | {floor:.2f} s | {looked:.2f} s | {planned:.2f} s | {written:.2f} s | {whole:.2f} s "
        f"| {published:.2f} s | {budget:.2f} s | {whole / budget:.1f} x "
        f"| {before} MB planned, {after} MB written |"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
