"""What is won or lost: read when somebody first asks for it, and kept up from then on."""

from __future__ import annotations

from huntertui.desk.tables import OPPORTUNITIES
from huntertui.finding import Finder
from huntertui.model.codec import Spoilt, from_doc
from huntertui.model.pipeline import CLOSED, Policy
from huntertui.model.ranking import Mark, Row, row_of
from huntertui.store.store import Doc, Store


class Closed:
    """The rows of closed items, the newest first; what they are found by goes to the finder."""

    def __init__(self, store: Store, policy: Policy, finder: Finder) -> None:
        self._store = store
        self._policy = policy
        self._finder = finder
        self._rows: dict[int, Row] | None = None
        self._seq = 0

    @property
    def read(self) -> bool:
        """Whether asking for them costs nothing any more."""
        return self._rows is not None

    def forget(self) -> None:
        """Read anew when they are asked for next."""
        self._rows = None

    def rows(self) -> list[Row]:
        """The closed items, as far as they can be read."""
        since = range(self._seq + 1, self._store.seq + 1) if self._rows is not None else ()
        records = [self._store.record(seq) for seq in since]
        if self._rows is None or any(record is None or record.bulk for record in records):
            self._rows = {}
            for id, doc in self._store.find(OPPORTUNITIES, [("stage", "in", sorted(CLOSED))], ["-closed_on"]):
                self._take(id, doc)
        else:
            ops = (op for record in records if record for op in record.ops)
            changed = {op.id for op in ops if op.table == OPPORTUNITIES}
            before, self._rows = self._rows, {}
            for id in sorted(changed, reverse=True):
                self._take(id, self._store.get(OPPORTUNITIES, id))
            self._rows |= {id: row for id, row in before.items() if id not in changed}
        self._seq = self._store.seq
        return list(self._rows.values())

    def _take(self, id: int, doc: Doc | None) -> None:
        if doc is None or self._rows is None:
            return
        try:
            o = from_doc(id, doc)
        except Spoilt:
            return  # the desk names it among its problems when it is looked at
        row = row_of(o, self._policy)
        if Mark.CLOSED in row.marks:
            self._rows[id] = row
            self._finder.put(o)
