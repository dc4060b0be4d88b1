"""A store that saves nothing and that nobody shares: the same records on the same snapshots, in memory."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from huntertui.store.base import Base
from huntertui.store.encoded import decoded
from huntertui.store.snapshot import Snapshot, own
from huntertui.store.values import clone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from huntertui.errors import StoreError
    from huntertui.store.draft import Draft
    from huntertui.store.store import Record


class Memory:
    """A `Log` (see tiny.py) of this process alone."""

    failed: StoreError | None = None

    def __init__(self) -> None:
        """Begin empty."""
        self.snapshot = Snapshot(Base(None))
        self._records: list[Record] = []
        self._kept: dict[str, tuple[int, bytes]] = {}

    def follow(self) -> bool:
        """Nobody else writes."""
        return False

    @contextmanager
    def locked(self, patience: float, line: Callable[[], str]) -> Iterator[None]:  # noqa: ARG002
        """There is nobody to lock out."""
        yield

    def append(self, record: Record, draft: Draft) -> None:
        """Keep a record, and take it in."""
        read = [(table, id, decoded(text)) for table, run in draft.runs() for id, text in run.items()]
        self._records.append(own(record))
        for table, id, doc in chain(draft.written(), read):
            self.snapshot.put(table, id, clone(doc))
        self.snapshot.seq = record.seq

    def record(self, seq: int) -> Record | None:
        """A copy of a record."""
        return own(self._records[seq - 1]) if 0 < seq <= len(self._records) else None

    def kept(self, name: str) -> tuple[int, bytes] | None:
        """See `Store.kept`."""
        return self._kept.get(name)

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """See `Store.keep`."""
        self._kept[name] = seq, data

    def close(self) -> None:
        """Nothing to let go of."""
