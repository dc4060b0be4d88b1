"""The folder beside the published file. State = newest base + all records of the journal after it.

Readers take no lock: they open the newest base and follow the journal. A writer holds the lock while he
follows to the end, writes one line and syncs it.
"""

from __future__ import annotations

import os
import zlib
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huntertui.errors import Busy, Damaged, HunterError, StoreError, Uncertain, Upgraded
from huntertui.store.base import Base
from huntertui.store.begin import begin
from huntertui.store.compose import compose
from huntertui.store.disk import make_folder, read_all, replace
from huntertui.store.lock import Hold, held, locked
from huntertui.store.record import parts_of, record_of, seal, unseal
from huntertui.store.segment import NEWER, SCHEMA, Segment, begin_segment, numbers
from huntertui.store.snapshot import Snapshot, own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from huntertui.store.draft import Draft
    from huntertui.store.store import Doc, Record

_TRIES = 20  # a checkpoint may remove what we were about to open
_OLDER = 4  # segments of the past that are kept open


class Journal:
    """One process's view of the folder. `snapshot`: the state taken in; `path`: the published file."""

    def __init__(self, path: Path) -> None:
        """Read what is there; Damaged, Upgraded, NotAllowed."""
        self.path = path
        self.folder = folder_of(path)
        self.snapshot = Snapshot(Base(None))
        self.failed: StoreError | None = None
        self.edit = ""  # the checksum of the edited file that is being taken in
        self._segment: Segment | None = None
        self._older: dict[int, Segment] = {}
        self._lock_path, self._lock = self.folder / "lock", Hold(-1, inherited=False)
        self._prefix = f"{self.folder}/journal-"
        self.load()

    @property
    def begun(self) -> bool:
        """Whether there is a store already."""
        return self._segment is not None

    @property
    def store(self) -> str:
        """The store's own name, by which its files know each other."""
        name: str = self.snapshot.base.meta.get("store", "")
        return name

    def load(self) -> None:
        """Read the newest base and all records after it."""
        for _ in range(_TRIES):
            with self._noting(), suppress(FileNotFoundError):
                return self._load()
        raise Damaged(f"{self.folder}: a part of it is missing: run huntertui store verify")

    def follow(self) -> bool:
        """Take in what has been written since; whether there was anything. Cheap when not."""
        if isinstance(self.failed, Upgraded):
            raise self.failed
        if self._segment is None:
            self.load()
            return self._segment is not None
        before = self.snapshot.seq
        try:
            with self._noting():
                self._follow()
        except FileNotFoundError:
            self.load()
        return self.snapshot.seq != before

    def lighten(self) -> None:
        """Go over to the base that a checkpoint has made meanwhile, so that what is in memory stays small."""
        if self._segment is None or self._segment.first <= self.snapshot.base.seq + 1:
            return
        if (self.folder / f"base-{self._segment.first - 1}.json").exists():
            self.load()

    @contextmanager
    def locked(self, patience: float, line: Callable[[], str]) -> Iterator[None]:
        """Be the only writer; what others wrote is still to be followed. Busy after `patience` seconds."""
        if not self.begun:
            make_folder(self.path.parent)
            make_folder(self.folder)
        with locked(self._lock_path, patience, line) as self._lock:
            if not self.begun and not self.follow() and self.path.exists():
                begin(self)
            yield

    def append(self, record: Record, draft: Draft) -> None:
        """Write a record, durably, under the lock, and take it in. `draft`: what a bulk one does.

        Full, NotAllowed: nothing changed. Uncertain: and this process must not write any more.
        """
        begin(self)
        assert self._segment is not None
        if record.seq != self.snapshot.seq + 1:
            raise Busy(f"{self.path}: appeared meanwhile, nothing was written: try again")
        if record.bulk:
            self._write_bulk(record.seq, draft)
        if self._lock.inherited:  # what the dead one wrote may not be synced: nothing may follow on that
            self._segment.sync()
        if not held(self._lock.fd, self._lock_path):
            raise Busy(f"{self._lock_path}: was replaced while we held it, nothing was written: try again")
        try:
            self._segment.append(seal(parts_of(record, self.edit)))
        except Uncertain as error:
            self.failed = Uncertain(f"this program takes no more changes until it is started anew: {error}")
            raise
        if record.bulk:
            self._rebase(record.seq)
        else:
            self.snapshot.apply(own(record))

    def record(self, seq: int) -> Record | None:
        """A record, or None if it is not kept (any more)."""
        parts = self._parts(seq)
        return record_of(parts) if parts else None

    def took_in(self, edit: str) -> bool:
        """Whether the last edited file that was taken in since the base had that checksum."""
        since = reversed(range(self.snapshot.base.seq + 1, self.snapshot.seq + 1))
        edits = (parts["x"] for seq in since if (parts := self._parts(seq)) and "x" in parts)
        return next(edits, None) == edit

    def kept(self, name: str) -> tuple[int, bytes] | None:
        """See `Store.kept`."""
        try:
            line, _, data = read_all(self._kept_path(name)).partition(b"\n")
        except (OSError, HunterError):
            return None
        head = unseal(line)
        if not head or head.get("store") != self.store or head.get("data") != zlib.crc32(data):
            return None
        return head["seq"], data

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """See `Store.keep`."""
        head = seal({"store": self.store, "seq": seq, "data": zlib.crc32(data)})
        with suppress(OSError, HunterError):
            replace(self._kept_path(name), [head, data])

    def close(self) -> None:
        """Let go of the files."""
        self._segment, self.snapshot = None, Snapshot(Base(None))
        self._older.clear()

    def _kept_path(self, name: str) -> Path:
        return self.folder / f"kept-{name}"

    def rotate(self) -> None:
        """Let the next record begin a new segment; under the lock."""
        assert self._segment is not None
        if self._segment.seq >= self._segment.first:
            self._segment.sync()
            path = begin_segment(self.folder, self._segment.seq + 1, self.store)
            self._segment = Segment(path, self.store)

    def meta(self, seq: int, next_ids: dict[str, int]) -> Doc:
        """What the first line of a base says."""
        return {"schema": SCHEMA, "store": self.store, "seq": seq, "next": next_ids}

    def _load(self) -> None:
        bases = numbers(self.folder, "base-", ".json")
        if not bases:
            if any(map(self._holds_records, numbers(self.folder, "journal-", ".jsonl"))):
                raise FileNotFoundError
            return
        base = self._open(f"base-{bases[-1]}.json")
        firsts = numbers(self.folder, "journal-", ".jsonl")
        first = max((first for first in firsts if first <= base.seq + 1), default=None)
        if first is None:
            raise FileNotFoundError
        fresh = copy(self)  # apart, as another thread may be writing: it must never see a journal half read
        fresh.snapshot = Snapshot(base)
        fresh._segment = Segment(Path(f"{self._prefix}{first}.jsonl"), base.meta["store"])
        fresh._follow()
        if fresh._segment.first < firsts[-1]:
            raise Damaged(
                f"{self._prefix}{fresh._segment.first}.jsonl: broken at byte {fresh._segment.end}, as there"
                f" is more in journal-{firsts[-1]}.jsonl. It was left untouched: run huntertui store repair"
            )
        self.snapshot, self._segment = fresh.snapshot, fresh._segment
        self._older.clear()

    def _holds_records(self, first: int) -> bool:
        """Whether there is more than the head, which may stand there before the first base does."""
        return b"\n" in read_all(Path(f"{self._prefix}{first}.jsonl")).partition(b"\n")[2]

    def _open(self, name: str) -> Base:
        base = Base.open(self.folder / name)
        if base.meta.get("schema", 0) > SCHEMA:
            raise Upgraded(NEWER)
        return base

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember that a newer version was met: nothing behind that is for us."""
        try:
            yield
        except Upgraded as error:
            self.failed = error
            raise

    def _follow(self) -> None:
        segment = self._segment
        assert segment is not None
        while True:
            while found := segment.read():  # until it says that nothing is broken behind the last one
                for parts in found:
                    if parts["s"] > self.snapshot.seq:
                        self._take(parts)
            if segment.seq < segment.first:
                return
            following = f"{self._prefix}{segment.seq + 1}.jsonl"
            if not os.path.exists(following):  # noqa: PTH110  (asked ten times a second)
                return
            self._segment = segment = Segment(Path(following), self.store)

    def _take(self, parts: dict[str, Any]) -> None:
        if parts.get("v", SCHEMA) > SCHEMA:
            raise Upgraded(NEWER)
        if "bulk" in parts:
            self._rebase(parts["s"])
        else:
            self.snapshot.apply(record_of(parts))

    def _rebase(self, seq: int) -> None:
        self.snapshot = Snapshot(self._open(f"rebase-{seq}.json"))

    def _write_bulk(self, seq: int, draft: Draft) -> None:
        """Write the state after a bulk record; it counts for nothing before that stands in the journal."""
        after = self.snapshot.fork()
        for table, id, doc in draft.written():
            after.put(table, id, doc)
        runs = list(draft.runs())
        for table, run in runs:
            after.next_ids[table] = max(after.next_id(table), run.ids.stop)
        meta = self.meta(seq, after.next_ids)
        compose(self.folder / f"rebase-{seq}.json", after.base, after.changed(), meta, runs=runs)

    def _parts(self, seq: int) -> dict[str, Any] | None:
        segment = self._segment
        if segment is None or not 0 < seq <= self.snapshot.seq:
            return None
        if seq < segment.first:
            segment = self._older_segment(seq)
        return segment.parts(seq) if segment else None

    def _older_segment(self, seq: int) -> Segment | None:
        for segment in self._older.values():
            if segment.first <= seq <= segment.seq:
                return segment
        firsts = [first for first in numbers(self.folder, "journal-", ".jsonl") if first <= seq]
        if not firsts:
            return None
        try:
            segment = Segment(self.folder / f"journal-{firsts[-1]}.jsonl", self.store)
            segment.read()
        except FileNotFoundError:
            return None
        if len(self._older) == _OLDER:
            del self._older[next(iter(self._older))]
        self._older[segment.first] = segment
        return segment


def folder_of(path: Path) -> Path:
    """The folder of the store whose published file is at `path`."""
    return path.with_name(path.name + ".d")
