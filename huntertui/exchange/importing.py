"""From files to the store: read, then plan, which both change nothing, then write, all in one transaction.

A file is read anew by each pass over it, so that nothing has to hold its rows. The plan is made outside of
any transaction, as colleagues write meanwhile; where they have written since, the transaction makes it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.desk.tables import OPPORTUNITIES
from huntertui.errors import Resync
from huntertui.exchange.activities import ActivityDraft
from huntertui.exchange.drafting import drafter_of
from huntertui.exchange.drafts import Draft
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.intake import Duplicate, Fate, Intake
from huntertui.exchange.kinds import Role
from huntertui.exchange.rejecting import REJECT_HEADERS
from huntertui.exchange.rows import BadRow, RowError
from huntertui.exchange.tables import tables_of
from huntertui.garbage import uncollected
from huntertui.model.codec import instant_text
from huntertui.model.pipeline import LOST, WON
from huntertui.model.text import clean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from huntertui.exchange.dates import Order
    from huntertui.exchange.drafting import AnyDrafter
    from huntertui.exchange.mapping import Mappings
    from huntertui.exchange.tables import Table
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import Policy
    from huntertui.store.store import Doc, Reader, Store, Tx

_NONE: Mapping[str, str] = MappingProxyType({})
MAX_REJECTS = 100_000
"""Rows that cannot be read before the whole file is refused: it is then no file of this kind."""
SAMPLES = 3  # new records that are shown of a plan
_STEP = 256  # rows between two words on how far it is
_PAGE = 5_000  # records of the store that are looked at at once


def _silent(_: float) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Reading:
    """What one table of a file says. `mapping`: (header, what it is read as, None: kept as it is); `file`:
    its name without the folder; `rows`: how many there are. Its drafts are made anew by each `Pass`."""

    kind: str
    role: Role
    mapping: tuple[tuple[str, str | None], ...]
    file: str
    path: Path
    rows: int
    policy: Policy
    table: Table = field(repr=False)
    drafter: Callable[[], AnyDrafter] = field(repr=False)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All drafts of records at once, for small files."""
        return tuple(draft for draft in self._whole[0] if isinstance(draft, Draft))

    @property
    def activities(self) -> tuple[ActivityDraft, ...]:
        """All drafts of activities at once, for small files."""
        return tuple(draft for draft in self._whole[0] if isinstance(draft, ActivityDraft))

    @property
    def errors(self) -> tuple[RowError, ...]:
        """The rows that cannot be read."""
        return tuple(self._whole[1].errors)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed."""
        return self._whole[1].notices

    @cached_property
    def _whole(self) -> tuple[tuple[Draft | ActivityDraft, ...], Pass]:
        over = Pass(self)
        with uncollected():
            return tuple(over), over


class Pass:
    """One pass over the rows of a file: its drafts as they come. `errors`: the rows that could not be read so
    far; `deleted`: how many said that they are deleted."""

    def __init__(self, reading: Reading) -> None:
        """Begin anew."""
        self.errors: list[RowError] = []
        self.deleted = 0
        self._reading = reading
        self._drafter = reading.drafter()

    def __iter__(self) -> Iterator[Draft | ActivityDraft]:
        """The drafts. ImportFault: the file cannot be read on, or hardly any of it."""
        table, width = self._reading.table, len(self._reading.table.header)
        for line, cells in table.rows():
            try:
                draft = _draft(self._drafter, line, cells, width)
            except BadRow as bad:
                self.errors.append(bad.error)
                if len(self.errors) > MAX_REJECTS:
                    raise ImportFault(
                        f"{table.sheet.where}, line {line}: more than {MAX_REJECTS:,} rows cannot be read, "
                        f"this one as it {bad.error.message}: is it what its header says?"
                    ) from None
                continue
            if draft is None:
                self.deleted += 1
            else:
                yield draft

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed; whole when the pass is over."""
        said = list(self._reading.table.notices)
        if self.deleted:
            said.append(f"rows marked as deleted, left out: {self.deleted}")
        said.extend(
            f"stage {word!r} is not known here: {count} {'row' if count == 1 else 'rows'} to {stage}"
            for (word, stage), count in sorted(self._drafter.guessed.items())
        )
        return tuple(said)


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
    are a record that is here or comes along, by how that is known; `duplicates`: those not known by an id."""

    done: Imported
    notices: tuple[tuple[str, str], ...]
    duplicates: tuple[Duplicate, ...]
    by_how: dict[str, int]
    samples: tuple[Opportunity, ...]
    seq: int
    intake: Intake


def read(
    path: Path,
    policy: Policy,
    by: str,
    now: datetime,
    owner_map: Mapping[str, str] = _NONE,
    dates: Order | None = None,
    mappings: Mappings | None = None,
) -> tuple[Reading, ...]:
    """Look through the tables of a file; rows become drafts of `by`, or of whom `owner_map` says: theirs ->
    ours.

    ImportFault when the file as a whole cannot be imported, OpenDates when it takes `dates` to read it.
    """
    tables = tables_of(path, dates, mappings)
    return tuple(_reading(table, path, policy, by, now, owner_map) for table in tables)


def _reading(
    table: Table, path: Path, policy: Policy, by: str, now: datetime, owner_map: Mapping[str, str]
) -> Reading:
    columns = tuple(column for column in table.layout.columns if column.header not in REJECT_HEADERS)
    layout = replace(table.layout, columns=columns)
    return Reading(
        layout.kind.name,
        layout.kind.role,
        tuple((column.header, column.field) for column in layout.columns),
        table.sheet.name,
        path,
        table.count,
        policy,
        table,
        lambda: drafter_of(layout, policy, by, now, owner_map),
    )


def _draft(drafter: AnyDrafter, line: int, cells: list[str], width: int) -> Draft | ActivityDraft | None:
    over = next((cell for cell in cells[width:] if cell.strip()), "")
    if over:
        message = f"is beyond the header's {width} columns: is a delimiter not in quotes?"
        raise BadRow(RowError(line, "", clean(over), message))
    return drafter.draft(line, cells)


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
    intake.end()
    rejected = tuple((reading.file, tuple(errors[at])) for at, reading in enumerate(readings))
    return Plan(
        _counted(intake, total, rejected, deleted),
        tuple(notices),
        tuple(intake.duplicates),
        dict(intake.by_how),
        intake.records.samples(SAMPLES),
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

    def run(tx: Tx) -> Imported:
        fresh = planned
        if not _stands(tx, planned.seq):
            fresh = _planned(tx, tx.find(OPPORTUNITIES), planned.seq, readings, by, now)
        done, records = fresh.done, fresh.intake.records
        if records.empty:
            return done
        id = records.write(tx, _import_doc(readings, done, by, now), now, by, progress)
        tx.label = _label(done, ", ".join(reading.file for reading in readings))
        return replace(done, import_id=id)

    with uncollected():
        return store.transact(run, by).result


def _stands(tx: Tx, seq: int) -> bool:
    """Whether nobody has written anything since the plan was made."""
    try:
        return not tx.written_since(seq)
    except Resync:
        return False


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
    counts = (
        "rows", "added", "merged", "rejected", "left_out", "updated", "skipped", "attached", "blocked",
        "triage", "open", "won", "lost",
    )  # fmt: skip
    return {
        "file": ", ".join(reading.file for reading in readings),
        "kind": ", ".join(dict.fromkeys(reading.kind for reading in readings)),
        "at": instant_text(now),
        "by": by,
        "headers": [header for reading in readings for header, _ in reading.mapping],
    } | {name: getattr(done, name) for name in counts}
