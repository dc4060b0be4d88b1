"""The TinyDB store: what the seam promises, over a log of records and the snapshot that they amount to."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from huntertui.errors import Busy, Resync
from huntertui.store.draft import Draft, State
from huntertui.store.store import Committed, Doc, Record, Tx, Where
from huntertui.store.values import plain, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from huntertui.errors import StoreError

T = TypeVar("T")

BULK = 10_000
"""Ops above which a transaction is kept as a whole new state: a line of the journal stays small."""

POLL = 0.1  # seconds between two looks at what others wrote
_BACK = 2000  # records in which the writer of a value is looked for


class Log(Protocol):
    """Where records are kept: in the journal of a folder, or in memory."""

    failed: StoreError | None

    @property
    def snapshot(self) -> State: ...
    def follow(self) -> bool: ...
    def locked(self, patience: float, line: Callable[[], str]) -> AbstractContextManager[None]: ...
    def append(self, record: Record, draft: Draft) -> None: ...
    def record(self, seq: int) -> Record | None: ...
    def kept(self, name: str) -> tuple[int, bytes] | None: ...
    def keep(self, name: str, seq: int, data: bytes) -> None: ...
    def close(self) -> None: ...


class TinyStore:
    """A `Store` on a log; see there for every method."""

    def __init__(self, log: Log, by: str, clock: Callable[[], datetime], patience: float = 10.0) -> None:
        """`by` is named to those who wait for us; `patience` is in seconds."""
        self._log = log
        self._by = plain(by, "the name of a member")
        self._clock = clock
        self._patience = patience
        self._writing = threading.Lock()
        self._looking = threading.RLock()
        self._closed = threading.Event()
        self._news = False

    @property
    def seq(self) -> int:
        """See `Store.seq`."""
        return self._log.snapshot.seq

    @property
    def login(self) -> str:
        """See `Store.login`: whoever may write the file may write anything into it."""
        return ""

    @property
    def read_only(self) -> str:
        """See `Store.read_only`."""
        return str(self._log.failed or "")

    def get(self, table: str, id: int) -> Doc | None:
        """See `Reader.get`."""
        with self._looking:
            return self._log.snapshot.get(table, id)

    def find(
        self, table: str, where: Where = (), order: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[int, Doc]]:
        """See `Reader.find`."""
        with self._looking:
            return select(self._log.snapshot.items(table, where), where, order, limit)

    def latest(self, table: str, limit: int, before: int | None = None) -> list[tuple[int, Doc]]:
        """See `Store.latest`."""
        with self._looking:
            return self._log.snapshot.latest(table, limit, before)

    def transact(self, fn: Callable[[Tx], T], by: str) -> Committed[T]:
        """See `Store.transact`."""
        by = plain(by, "the name of a member")
        if not self._writing.acquire(timeout=self._patience):
            raise Busy("another change of this same program is still under way: try again")
        try:
            if failed := self._log.failed:
                raise type(failed)(str(failed))
            with self._log.locked(self._patience, self.line):
                self._follow()
                draft = Draft(self._log.snapshot, self._writer, self._written_since)
                result = fn(draft)
                return Committed(result, self._commit(draft, by))
        finally:
            self._writing.release()

    def changes(self, since: int) -> list[Record]:
        """See `Store.changes`."""
        self.refresh()
        with self._looking:
            self._news = False
            return self._records(since)

    def record(self, seq: int) -> Record | None:
        """See `Store.record`."""
        with self._looking:
            return self._log.record(seq)

    def made_by(self, member: str, since: datetime) -> Iterator[Record]:
        """See `Store.made_by`."""
        seq = self.seq
        while (record := self.record(seq)) and record.at >= since:
            if record.by == member:
                yield record
            seq -= 1

    def refresh(self) -> bool:
        """See `Store.refresh`."""
        return self._follow()

    def _follow(self) -> bool:
        with self._looking:
            if self._closed.is_set() or not self._log.follow():
                return False
            self._news = True
            return True

    def wait(self, timeout: float) -> bool:
        """See `Store.wait`; looks ten times a second."""
        deadline = time.monotonic() + timeout
        while not self._closed.is_set():
            self.refresh()
            with self._looking:
                news, self._news = self._news, False
            if news:
                return True
            if (left := deadline - time.monotonic()) <= 0:
                return False
            self._pause(min(left, POLL))
        return False

    def kept(self, name: str) -> tuple[int, bytes] | None:
        """See `Store.kept`."""
        return self._log.kept(name)

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """See `Store.keep`."""
        self._log.keep(name, seq, data)

    def close(self) -> None:
        """See `Store.close`."""
        self._closed.set()
        with self._looking:
            self._log.close()

    def __enter__(self) -> Self:
        """Nothing to do: it is open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def line(self) -> str:
        """Who this is, for those who wait for it."""
        return f"{os.getpid()} ({self._by}) since {self._clock().astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

    def _pause(self, seconds: float) -> None:
        """Wait for others to write, or for the end."""
        self._closed.wait(seconds)

    def _commit(self, draft: Draft, by: str) -> Record | None:
        ops = draft.ops(BULK)
        bulk = ops is None
        if not ops and not bulk and not draft.telling:
            return None
        record = Record(
            seq=self.seq + 1,
            at=self._clock().astimezone(UTC),
            by=by,
            label=plain(draft.label, "the label"),
            undoes=draft.undoes,
            ops=ops or (),
            bulk=bulk,
            added=tuple(_joined(sorted(_joined(draft.added())))) if bulk else (),
        )
        with self._looking:
            self._log.append(record, draft)
        return record

    def _records(self, since: int) -> list[Record]:
        records = [self._log.record(seq) for seq in range(since + 1, self.seq + 1)]
        if not 0 <= since <= self.seq or any(record is None or record.bulk for record in records):
            raise Resync(f"the changes since {since} cannot be told any more: read everything anew")
        return [record for record in records if record]

    def _written_since(self, seq: int) -> set[tuple[str, int]]:
        with self._looking:
            return {(op.table, op.id) for record in self._records(seq) for op in record.ops}

    def _writer(self, table: str, id: int, field: str) -> tuple[str, datetime | None]:
        for seq in range(self.seq, max(0, self.seq - _BACK), -1):
            record = self.record(seq)
            if record is None:
                break
            for op in record.ops:
                if (op.table, op.id) == (table, id) and (not field or field in op.new or field in op.old):
                    return record.by, record.at
        return "", None


def _joined(spans: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """The spans of ids, those that follow each other as one."""
    name, first, last = "", 0, 0
    for table, start, end in spans:
        if (table, start) == (name, last + 1):
            last = end
            continue
        if last:
            yield name, first, last
        name, first, last = table, start, end
    if last:
        yield name, first, last
