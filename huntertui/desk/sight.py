"""What a person had seen of a record when he acted: it guards the act against a colleague's change since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from huntertui.store.store import Doc, Op, Record, Store

LAST = 200  # changes


class Sight:
    """Documents of one table as they were shown. Without `at` that is as they stand in the store by now."""

    def __init__(self, store: Store, table: str) -> None:
        self._store = store
        self._table = table
        self._mine: set[int] = set()  # what was done here is known here, shown or not
        self._shown: int | None = None
        self._accepted: int | None = None
        self._updates: dict[int, dict[int, Op] | None] = {}  # seq -> id -> op; see _updated

    @contextmanager
    def at(self, shown: int, accepted: int | None = None) -> Iterator[None]:
        """Within, only what stood at the change numbered `shown` counts as seen.

        `accepted`: a later one, up to which others' changes may be overwritten: they were told, and the
        person insists on what he wanted.
        """
        before = self._shown, self._accepted
        self._shown, self._accepted = shown, accepted
        try:
            yield
        finally:
            self._shown, self._accepted = before
            self._updates.clear()

    def made(self, seq: int) -> None:
        """Remember that a change was made here."""
        self._mine.add(seq)

    def seen(self, id: int) -> Doc | None:
        """The document as it was shown; None when it is gone."""
        return self._back_to(self._shown, id)

    def expected(self, id: int) -> Doc | None:
        """The document that a change may overwrite."""
        return self._back_to(self._shown if self._accepted is None else self._accepted, id)

    def removal(self, id: int) -> Record | None:
        """Which change took a document away, as long as it is one of the last."""
        for seq in range(self._store.seq, max(self._store.seq - LAST, 0), -1):
            record = self._store.record(seq)
            if record and any((op.kind, op.table, op.id) == ("d", self._table, id) for op in record.ops):
                return record
        return None

    def _back_to(self, shown: int | None, id: int) -> Doc | None:
        """The present document without what others wrote after `shown`, as far as the records tell."""
        doc = self._store.get(self._table, id)
        if doc is None or shown is None:
            return doc
        known: set[str] = set()
        for seq in range(self._store.seq, shown, -1):
            updates = self._updated(seq)
            if updates is None:
                break
            op = updates.get(id)
            if op is None:
                continue
            fields = op.new.keys() | op.old.keys()
            if seq in self._mine:
                known |= fields
            else:
                doc = {key: value for key, value in doc.items() if key not in fields - known}
                doc |= {key: value for key, value in op.old.items() if key not in known}
        return doc

    def _updated(self, seq: int) -> dict[int, Op] | None:
        """What a change updated, by document; None when that cannot be told.

        Kept as long as one act lasts, which may be about as many documents as the change is.
        """
        if seq not in self._updates:
            record = self._store.record(seq)
            told = record is not None and not record.bulk
            ops = record.ops if record is not None else ()
            found = {op.id: op for op in ops if (op.kind, op.table) == ("u", self._table)}
            self._updates[seq] = found if told else None
        return self._updates[seq]
