"""Making a damaged store whole again, out of all that can still be read; nothing is ever deleted.

What is damaged is kept beside its place, as <name>.damaged-<time>. A record that is lost leaves an empty one
in its place, which says so: so the others keep their numbers. A later one counts if it finds all that it
changed as it did when it was written; one that does not is lost as well.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

from huntertui.errors import Busy, Damaged, HunterError
from huntertui.records import dataclass
from huntertui.store.base import Base, write_index
from huntertui.store.begin import read_tables
from huntertui.store.care import CheckedBase, bare, bases, check_base, named, part_of, strands
from huntertui.store.compose import compose
from huntertui.store.disk import read_all, replace, sync_folder
from huntertui.store.journal import Journal, folder_of
from huntertui.store.lock import locked, try_lock
from huntertui.store.published import Publication, edited, identity, make_known
from huntertui.store.record import record_of, seal, unseal
from huntertui.store.salvage import fits, keep, salvaged, twin
from huntertui.store.segment import SCHEMA
from huntertui.store.shared import SharedStore
from huntertui.store.snapshot import Snapshot
from huntertui.store.store import Op
from huntertui.store.verify import check_published

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

BY = "repair"
"""Whom the empty record in the place of a lost one names."""

_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done, or would be, and what cannot be brought back; a line each."""

    done: tuple[str, ...]
    lost: tuple[str, ...]


def repair(
    path: Path,
    by: str,
    clock: Callable[[], datetime],
    *,
    dry_run: bool = False,
    progress: Callable[[float], None] = lambda _: None,
) -> Repaired:
    """Make the store at `path` whole; `dry_run`: only say how.

    Busy: someone is at work on it. Damaged: there is nothing to make it of. NotAllowed, Full, Upgraded.
    """
    folder, now = folder_of(path), clock()
    if not bases(folder) and not strands(folder):
        return _begin(path, by, clock, dry_run=dry_run)
    if dry_run:
        plan = _Repair(path, now, progress)
        plan.make()
        return Repaired(tuple(text for text, _ in plan.steps), tuple(plan.lost))
    with locked(folder / "lock", _PATIENCE, lambda: f"{os.getpid()} ({by}), repairing"):
        checkpointing = try_lock(folder / "ckpt.lock")
        if checkpointing is None:
            raise Busy(f"{path}: a checkpoint is at work: try again when it is done")
        try:
            plan = _Repair(path, now, progress)
            plan.make()
            for _, do in plan.steps:
                do()
            Journal(path).snapshot.changed()
        finally:
            os.close(checkpointing)
    return Repaired(tuple(text for text, _ in plan.steps), tuple(plan.lost))


def _begin(path: Path, by: str, clock: Callable[[], datetime], *, dry_run: bool) -> Repaired:
    """There is no more than the published file, if that."""
    if not path.exists():
        return Repaired((), ())
    meta, tables = read_tables(path, read_all(path))
    count = sum(map(len, tables.values()))
    if not dry_run:
        SharedStore(path, by, clock, any_filesystem=True).close()
    lost = (f"what was changed after record {meta['seq']}, if anything was",) if "seq" in meta else ()
    return Repaired((f"the store begins anew from {path.name} with its {count} documents",), lost)


class _Repair:
    """A plan: `steps` in their order, each with what it says; `lost`."""

    def __init__(self, path: Path, now: datetime, progress: Callable[[float], None]) -> None:
        self.steps: list[tuple[str, Callable[[], None]]] = []
        self.lost: list[str] = []
        self._path, self._folder = path, folder_of(path)
        self._mark = f"damaged-{now:%Y%m%dT%H%M%S}"
        files = bases(self._folder)
        found = [
            check_base(file, seq, part_of(progress, n / len(files), 1 / len(files)))
            for n, (seq, file) in enumerate(files)
        ]
        self._bases = [base for base in found if base.path.name.startswith("base-")]
        self._rebases = {base.seq: base for base in found if base.path.name.startswith("rebase-")}
        self._strands = strands(self._folder)
        self._lines = {seq: line for strand in self._strands for seq, line in strand.lines.items()}
        names = [base.meta["store"] for base in reversed(found) if base.meta.get("store")]
        names += [strand.store for strand in reversed(self._strands) if strand.store]
        self._store: str = max(names, key=names.count, default="")
        self._empty: dict[int, bytes] = {}  # what stands in the place of lost records
        self._seen = found
        self._made: set[Path] = set()
        self._twin = False  # whether the published file is what the newest base was

    def make(self) -> None:
        """Work it all out; Damaged when that cannot be."""
        state, exact = self._start()
        start = state.seq
        self._mourn_history(start)
        self._go_on(state, exact=exact)
        self._write_segments(start)
        for base in self._rebases.values():
            beyond = base.seq > max([start, *self._lines, *self._empty]) + 1
            if beyond:
                self.lost.append(f"whatever was changed before {base.path.name} was made, and by that")
            if beyond or (self._bad(base) and base.path not in self._made):
                self._put_aside(base)
        for base in self._seen:
            if base.index_faults and not base.faults and base.index:
                self._step(f"{base.path.stem}.idx: made anew", partial(_write_index, base))
        self._publish()

    # The state to start from

    def _start(self) -> tuple[Snapshot, bool]:
        """The newest base, made anew if it is damaged, and whether it is exactly what it was."""
        if not self._bases:
            return self._without_base()
        newest = self._bases[-1]
        for base in self._bases[:-1]:
            if self._bad(base):
                self._put_aside(base)
        if not self._bad(newest):
            return Snapshot(Base.open(newest.path)), True
        if found := twin(newest, self._path, self._store):
            self._twin = True
            self._write_base(newest.path, Snapshot(found), f"written anew, as {self._path.name} is the same")
            return Snapshot(found), True
        before = self._before(newest.seq)
        if before and before.seq == newest.seq:
            self._write_base(newest.path, before, "made anew of an older one and the journal")
            return before, True
        state, lost = salvaged(newest, before)
        self.lost += lost
        self._write_base(newest.path, state, "made anew of what can be read of it")
        return state, not lost

    def _bad(self, base: CheckedBase) -> bool:
        return bool(base.faults) or base.meta.get("store") != self._store

    def _before(self, seq: int) -> Snapshot | None:
        """The state at `seq` out of an older base, or as near to it as the records lead."""
        good = [base for base in self._bases if base.seq < seq and not self._bad(base)]
        if not good:
            return None
        state = Snapshot(Base.open(good[-1].path))
        while state.seq < seq and (line := self._lines.get(state.seq + 1)):
            parts = unseal(line) or {}
            if "bulk" not in parts:
                state.apply(record_of(parts))
            elif (rebase := self._rebases.get(parts["s"])) and not rebase.faults:
                state = Snapshot(Base.open(rebase.path))
            else:
                break
        return state

    def _without_base(self) -> tuple[Snapshot, bool]:
        state = Snapshot(Base(None))
        try:
            meta, tables = read_tables(self._path, read_all(self._path))
            if meta.get("store", self._store) != self._store or type(meta.get("seq")) is not int:
                raise Damaged(f"{self._path}: it is of another store, or of none")
        except (FileNotFoundError, HunterError) as error:
            if self._strands[0].first != 1:
                raise Damaged(
                    f"{self._folder}: it has no base, and {bare(error, self._path)}: put a copy in its place"
                ) from error
            meta, tables = {"seq": 0}, {}
        for table, docs in tables.items():
            for id, doc in docs.items():
                state.take(Op("i", table, id, doc, {}))
        state.seq = meta["seq"]
        for table, id in meta.get("next", {}).items():
            state.next_ids[table] = max(state.next_ids.get(table, 1), id)
        self._write_base(self._folder / f"base-{state.seq}.json", state, f"made of {self._path.name}")
        return state, False

    # The records after it

    def _mourn_history(self, start: int) -> None:
        """Older records that are gone leave the state as it is."""
        if self._strands:
            gone = [seq for seq in range(self._strands[0].first, start + 1) if seq not in self._lines]
            self._mourn(gone, "cannot be read: it is missing in the history, the data are whole")

    def _go_on(self, state: Snapshot, *, exact: bool) -> None:
        """Take the records after the base in, as far as they are there and fit."""
        last = max([state.seq, *(strand.last + strand.tail for strand in self._strands[-1:])])
        unreadable = []
        for seq in range(state.seq + 1, last + 1):
            parts = unseal(self._lines.get(seq, b""))
            if parts is None:
                unreadable.append(seq)
                exact = False
            elif "bulk" in parts:
                state, exact = self._rebased(state, seq, parts)
            elif exact or fits(state, record_of(parts)):
                state.apply(record_of(parts))
            else:
                self._mourn([seq], f"{_told(parts)} builds on what is lost")
            state.seq = seq
        self._mourn(unreadable, "cannot be read")

    def _rebased(self, state: Snapshot, seq: int, parts: dict[str, Any]) -> tuple[Snapshot, bool]:
        rebase = self._rebases.get(seq)
        if rebase is None:
            self._mourn([seq], f"{_told(parts)} left a state, rebase-{seq}.json, that is missing")
            return state, False
        if not self._bad(rebase):
            return Snapshot(Base.open(rebase.path)), True
        after, lost = salvaged(rebase, state)
        self.lost += lost
        self._write_base(rebase.path, after, "made anew of what can be read of it")
        return after, not lost

    def _mourn(self, seqs: Sequence[int], why: str) -> None:
        """Put empty records in the place of lost ones."""
        for seq in seqs:
            at = next((parts["t"] for n in (seq - 1, seq, seq + 1) if (parts := self._parts(n))), 0.0)
            label = f"record {seq} is lost: the store was damaged"
            empty: dict[str, Any] = {"s": seq, "t": at, "u": BY, "l": label, "o": [], "lost": True}
            self._empty[seq] = seal(empty)[:-1]
        runs: list[list[int]] = []
        for seq in seqs:
            if runs and runs[-1][1] == seq - 1:
                runs[-1][1] = seq
            else:
                runs.append([seq, seq])
        self.lost += [f"{named(first, last)} {why}" for first, last in runs]

    def _parts(self, seq: int) -> dict[str, Any] | None:
        return unseal(self._empty.get(seq) or self._lines.get(seq, b""))

    def _write_segments(self, start: int) -> None:
        there = {strand.first: strand for strand in self._strands}
        last = max([start, *self._lines, *self._empty])
        firsts = sorted(there)
        if start + 1 not in firsts:
            firsts = sorted([*firsts, start + 1])
            if last <= start:
                self.lost.append(f"whatever was in journal-{start + 1}.jsonl")
        for first, following in pairwise([*firsts, last + 1]):
            wanted = range(first, following)
            strand = there.get(first)
            whole = strand and strand.store == self._store and not strand.faults
            if whole and not any(seq in self._empty for seq in wanted):
                continue
            if strand and strand.faults and not strand.lines:
                self.lost.append(f"whatever was in {strand.path.name}")
            lines = [self._empty.get(seq) or self._lines[seq] for seq in wanted]
            path = self._folder / f"journal-{first}.jsonl"
            head = seal({"h": SCHEMA, "store": self._store, "first": first})
            pieces = [head, *(line + b"\n" for line in lines)]
            self._replace(path, f"written anew with {len(lines)} records", partial(replace, path, pieces))

    # What is derived

    def _publish(self) -> None:
        faults, _ = check_published(self._path, self._seen, self._strands)
        files = {fault.file for fault in faults}
        spoiled = self._bases and self._bases[-1].path in self._made and not self._twin
        if self._path in files or (spoiled and not edited(self._path, self._folder)):
            aside = self._aside(self._path)
            kept = f"; as it was: {aside.name}" if os.path.lexists(self._path) else ""
            self._step(f"{self._path.name}: published anew{kept}", partial(self._put_published, aside))
        elif files:
            self._step("published: made anew", self._know_published)

    def _put_published(self, aside: Path) -> None:
        with suppress(FileNotFoundError):
            os.replace(self._path, aside)  # noqa: PTH105
        newest = [path for _, path in bases(self._folder) if path.name.startswith("base-")][-1]
        Publication(Base.open(newest), self._path, self._folder).put(over=True)

    def _know_published(self) -> None:
        replace(self._folder / "published", [seal({"files": []})])
        for base in self._seen:
            if base.path.name.startswith("base-") and twin(base, self._path, self._store):
                make_known(self._folder, identity(self._path.lstat(), base.seq))

    # Steps

    def _step(self, text: str, do: Callable[[], None]) -> None:
        self.steps.append((text, do))

    def _replace(self, path: Path, what: str, do: Callable[[], object]) -> None:
        """Do what replaces a file, after it was copied."""
        aside = self._aside(path)
        kept = f"; as it was: {aside.name}" if os.path.lexists(path) else ""

        def both() -> None:
            keep(path, aside)
            do()

        self._step(f"{path.name}: {what}{kept}", both)

    def _write_base(self, path: Path, state: Snapshot, what: str) -> None:
        meta = {"schema": SCHEMA, "store": self._store, "seq": state.seq, "next": dict(state.next_ids)}
        changed = state.changed()
        base = state.base
        self._made.add(path)
        self._replace(path, what, lambda: compose(path, base, changed, meta))

    def _put_aside(self, base: CheckedBase) -> None:
        asides = [(path, self._aside(path)) for path in (base.path, base.path.with_suffix(".idx"))]

        def put() -> None:
            for path, aside in asides:
                with suppress(FileNotFoundError):
                    os.replace(path, aside)  # noqa: PTH105
            sync_folder(self._folder)

        self._step(f"{base.path.name}: put aside, {asides[0][1].name}", put)

    def _aside(self, path: Path) -> Path:
        name = f"{path.name}.{self._mark}"
        free = (aside for n in count(1) if not os.path.lexists(aside := path.with_name(f"{name}-{n}")))
        return next(free) if os.path.lexists(path.with_name(name)) else path.with_name(name)


def _write_index(base: CheckedBase) -> None:
    assert base.index
    replace(base.path.with_suffix(".idx"), write_index(base.index))


def _told(parts: dict[str, Any]) -> str:
    """Who did what in a record."""
    return f"({parts['u']}: {parts['l']})"
