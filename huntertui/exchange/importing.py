"""From files to the store: read, then plan, which both change nothing, then write, all in one transaction.

A file is read anew by each pass over it, so that nothing has to hold its rows. The plan is made outside of
any transaction, as colleagues write meanwhile; where what they wrote changes it, it is made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import Busy
from huntertui.exchange.intake import Duplicate, Fate, Intake
from huntertui.exchange.kinds import Role
from huntertui.exchange.readings import Met, Pass, Reading
from huntertui.exchange.rows import RowError
from huntertui.garbage import uncollected
from huntertui.model.codec import instant_text
from huntertui.model.pipeline import LOST, WON
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from huntertui.model.opportunity import Opportunity
    from huntertui.store.store import Doc, Reader, Store, Tx

_TRIES = 5  # plans that are made before one gives up
SAMPLES = 3  # new records that are shown of a plan
_STEP = 256  # rows between two words on how far it is
_PAGE = 5_000  # records of the store that are looked at at once


COUNTS = (
    "rows", "added", "merged", "rejected", "left_out", "updated", "skipped", "attached", "blocked", "triage",
    "open", "won", "lost",
)  # fmt: skip
"""The numbers of `Imported`, as the store keeps them and --json gives them."""


class _Stale(Exception):
    """Others have written what the plan did not know of; nothing is written."""


def _silent(_: float) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: `added` + `merged` + `rejected` + `left_out` = `rows`.

    `added`: new records, `open` + `won` + `lost`; `triage` of the open ones are past a limit already.
    `merged`: rows that go into a record: `skipped` of them were here before, `attached` are activities that
    were not. `updated`: records of the store in which something was filled in. `left_out`: `blocked`, as they
    are on the list of those not to contact, and those marked as deleted. `errors`: the rejected rows, by
    file. `import_id`: None when nothing was written.
    """

    rows: int
    added: int
    merged: int
    rejected: int
    left_out: int
    updated: int
    skipped: int
    attached: int
    blocked: int
    triage: int
    open: int
    won: int
    lost: int
    import_id: int | None
    errors: tuple[tuple[str, tuple[RowError, ...]], ...]
    owners: frozenset[str] = frozenset()


@dataclass(slots=True)
class Plan:
    """What would be written to a store at `seq`. `samples`: the first new records; `by_how`: how many rows
    are a record that is here or comes along, by how that is known; `duplicates`: those not known by an id;
    `met`: the stages that go by other names, or are guessed; `notices`: (file, what was assumed of it)."""

    done: Imported
    notices: tuple[tuple[str, str], ...]
    duplicates: tuple[Duplicate, ...]
    by_how: dict[str, int]
    samples: tuple[Opportunity, ...]
    met: tuple[Met, ...]
    seq: int
    intake: Intake

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return self.intake.records.empty


def plan(
    store: Store,
    readings: Sequence[Reading],
    by: str,
    now: datetime,
    progress: Callable[[float], None] = _silent,
) -> Plan:
    """What would come of files that belong together. `progress` gets what part is done. ImportFault."""
    store.refresh()
    with uncollected():
        return _planned(store, _pages(store), store.seq, readings, by, now, progress)


def _pages(store: Store) -> Iterator[tuple[int, Doc]]:
    """All records, without holding more than a page of them."""
    before = None
    while found := store.latest(OPPORTUNITIES, _PAGE, before):
        yield from found
        before = found[-1][0]


def _planned(
    reader: Reader,
    here: Iterable[tuple[int, Doc]],
    seq: int,
    readings: Sequence[Reading],
    by: str,
    now: datetime,
    progress: Callable[[float], None] = _silent,
) -> Plan:
    telling = any(reading.role is Role.ACTIVITY for reading in readings)
    intake = Intake(reader, telling, readings[0].policy, by, now)
    intake.look_at(here)
    total = sum(reading.rows for reading in readings)
    errors: dict[int, list[RowError]] = {}
    notices: list[tuple[str, str]] = []
    met: list[Met] = []
    deleted = seen = 0
    ordered = sorted(enumerate(readings), key=lambda pair: Intake.order(pair[1].role))
    for place, (at, reading) in enumerate(ordered):
        over = Pass(reading)
        intake.begin(reading.file, reading.role)
        intake.off_limits(reading.table.sheet.off_limits)
        waiting = any(Intake.order(other.role) > Intake.order(reading.role) for _, other in ordered[place:])
        homeless = []
        for n, draft in enumerate(over):
            if error := intake.take(draft, waiting=waiting):
                homeless.append(error)
            if n % _STEP == 0:
                progress((seen + n) / total)
        seen += reading.rows
        deleted += over.deleted
        errors[at] = sorted([*over.errors, *homeless], key=lambda error: error.line)
        notices += [(reading.file, notice) for notice in over.notices]
        met += over.met
    intake.end()
    rejected = tuple((reading.file, tuple(errors[at])) for at, reading in enumerate(readings))
    return Plan(
        _counted(intake, total, rejected, deleted),
        tuple(notices),
        tuple(intake.duplicates),
        dict(intake.by_how),
        intake.records.samples(SAMPLES),
        tuple(met),
        seq,
        intake,
    )


def _counted(
    intake: Intake,
    rows: int,
    errors: tuple[tuple[str, tuple[RowError, ...]], ...],
    deleted: int,
) -> Imported:
    fates, records = intake.fates, intake.records
    return Imported(
        rows=rows,
        added=fates[Fate.ADDED],
        merged=fates[Fate.HERE] + fates[Fate.MERGED],
        rejected=sum(len(of_file) for _, of_file in errors),
        left_out=fates[Fate.BLOCKED] + deleted,
        updated=records.changed,
        skipped=fates[Fate.HERE],
        attached=intake.attached,
        blocked=fates[Fate.BLOCKED],
        triage=records.triage,
        open=len(records) - records.stages[WON] - records.stages[LOST],
        won=records.stages[WON],
        lost=records.stages[LOST],
        import_id=None,
        errors=errors,
        owners=frozenset(records.owners),
    )


def write(
    store: Store,
    planned: Plan,
    readings: Sequence[Reading],
    by: str,
    now: datetime,
    progress: Callable[[float], None] = _silent,
) -> Imported:
    """Write what was planned as one record that undo takes back. Raises what `Store.transact` raises.

    What is here already stays as people have made it (see `filling`), so a second run adds nothing, and no
    record comes to be when there is nothing to write.
    """

    fresh = planned

    def run(tx: Tx) -> Imported:
        if not fresh.intake.stands(tx, fresh.seq):
            raise _Stale
        done, records = fresh.done, fresh.intake.records
        if records.empty:
            return done
        id = records.write(tx, _import_doc(readings, done, by, now), now, by, progress)
        tx.label = _label(done, ", ".join(reading.file for reading in readings))
        return replace(done, import_id=id)

    with uncollected():
        for _ in range(_TRIES):
            try:
                return store.transact(run, by).result
            except _Stale:  # made again without the lock, as it may take its time
                fresh = plan(store, readings, by, now, progress)
    raise Busy("others are changing the same items all the time: nothing was imported, try again later")


def import_into(
    store: Store, readings: Reading | Sequence[Reading], by: str, now: datetime, dry_run: bool = False
) -> Imported:
    """Plan and write; with `dry_run` only plan."""
    files = [readings] if isinstance(readings, Reading) else readings
    planned = plan(store, files, by, now)
    return planned.done if dry_run else write(store, planned, files, by, now)


def _label(done: Imported, files: str) -> str:
    if done.added or not (done.updated or done.attached):
        return f"imported {done.added} from {files}"
    parts = [(done.updated, "filled in"), (done.attached, "activities")]
    return f"imported {', '.join(f'{n} {what}' for n, what in parts if n)} from {files}"


def _import_doc(readings: Sequence[Reading], done: Imported, by: str, now: datetime) -> Doc:
    return {
        "file": ", ".join(reading.file for reading in readings),
        "kind": ", ".join(dict.fromkeys(reading.kind for reading in readings)),
        "at": instant_text(now),
        "by": by,
        "headers": [header for reading in readings for header, _ in reading.mapping],
    } | {name: getattr(done, name) for name in COUNTS}
