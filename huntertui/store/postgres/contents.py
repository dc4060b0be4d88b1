"""A store in a database, taken out of it as a whole and put there as a whole (see ../copying.py)."""

from __future__ import annotations

import json
import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

from huntertui.errors import Damaged, NotFound, Usage
from huntertui.store.care import part_of
from huntertui.store.postgres import statements
from huntertui.store.postgres.log import MANY
from huntertui.store.postgres.state import FULL
from huntertui.store.postgres.store import PostgresStore
from huntertui.store.record import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from huntertui.store.copying import Contents, Place
    from huntertui.store.postgres.log import PostgresLog
    from huntertui.store.store import Doc, Op, Record

CHANGES = 10_000
"""The last ones that are told one by one: as far back goes undo, and it is not read at each start."""

Row = tuple[str, int, int, int, str | None]
"""Of huntertui.doc: see schema.sql."""


class DatabaseContents:
    """The contents of a store in a database."""

    def __init__(self, log: PostgresLog) -> None:
        """Look how far back they go. NotFound: there is no store. What reading raises."""
        self._log, self._link = log, log.link
        seq = log.snapshot.seq
        if not seq:
            raise NotFound("the database has no store with anything in it yet")
        ((first, bulk),) = self._link.read(statements.TOLD, (seq, seq))
        self.since: int = max(seq - CHANGES, (first or seq + 1) - 1, bulk or 0)
        self.count = seq - self.since
        tables = self._link.read(statements.TABLES, (self.since,), FULL)
        self.next_ids: dict[str, int] = {table: highest + 1 for table, highest in tables}

    def tables(self) -> Sequence[str]:
        """See `Contents`."""
        return list(self.next_ids)

    def items(self, table: str) -> Iterator[tuple[int, Doc]]:
        """See `Contents`."""
        query, values = statements.find(table, (), self.since)
        return ((id, json.loads(text)) for id, text in self._link.read(query, values, FULL))

    def records(self) -> Iterator[Record]:
        """See `Contents`."""
        for seq in range(self.since + 1, self.since + self.count + 1):
            if (record := self._log.record(seq)) is None:
                raise Damaged(f"change {seq} is missing in the database")
            yield record


def check_empty(place: Place) -> None:
    """See `copying.check_empty`."""
    with closing(PostgresStore(place.url, place.by, place.clock)) as store:
        _check_empty(store.log)


def _check_empty(log: PostgresLog) -> None:
    if log.snapshot.seq:
        raise Usage("there is a store in that database already: one is copied only to where none is")


def fill(place: Place, contents: Contents, progress: Callable[[float], None]) -> None:
    """See `copying.fill`."""
    with closing(PostgresStore(place.url, place.by, place.clock)) as store:
        log = store.log
        with log.locked(FULL, store.line):
            log.follow()
            _check_empty(log)
            _write(place, contents, log, progress)


def _write(place: Place, contents: Contents, log: PostgresLog, progress: Callable[[float], None]) -> None:
    """Write all of it in the transaction that holds the store's row, and end that."""
    last = contents.since + contents.count or 1  # a store at 0 is one that nobody has written to
    begun = contents.since if contents.count else last
    texts: dict[tuple[str, int], str | None] = {}
    rows: list[Row] = []

    def put(table: str, id: int, seq: int, n: int, text: str | None) -> None:
        texts[table, id] = text
        rows.append((table, id, seq, n, text))
        if len(rows) == MANY:
            log.link.batch([(statements.WRITE_DOC, rows)], FULL)
            rows.clear()

    for table in contents.tables():
        for id, doc in contents.items(table):
            put(table, id, begun, 0, dumps(doc))
    for table, free in contents.next_ids.items():
        if free > 1 and (table, free - 1) not in texts:
            put(table, free - 1, begun, 0, None)  # so that it is never given again
    heads: list[tuple[Any, ...]] = []
    if begun:  # as a bulk change: whoever is connected already reads all anew
        heads.append((begun, place.clock(), place.by, "copied here", None, "[]", _token()))
    follow = part_of(progress, 0.5, 0.5)
    for done, record in enumerate(contents.records(), 1):
        heads.append((record.seq, record.at, record.by, record.label, record.undoes, None, _token()))
        for n, op in enumerate(record.ops):
            put(op.table, op.id, record.seq, n, _after(op, texts))
        follow(done / contents.count)
    steps: list[Any] = [(statements.WRITE_DOC, rows), (statements.WRITE_CHANGE, heads)]
    end = [(statements.WRITE_SEQ, (last,)), ("COMMIT", ())]
    log.link.batch([step for step in steps if step[1]] + end, FULL)


def _after(op: Op, texts: Mapping[tuple[str, int], str | None]) -> str | None:
    """The document after it."""
    if op.kind == "d":
        return None
    if op.kind == "i":
        return dumps(op.new)
    now: Doc = json.loads(texts[op.table, op.id] or "{}") | op.new
    return dumps({field: value for field, value in now.items() if field in op.new or field not in op.old})


def _token() -> str:
    return os.urandom(16).hex()
