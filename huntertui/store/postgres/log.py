"""The changes in the database: read one after the other, and written by whoever holds the store's row."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager, suppress
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huntertui.errors import Damaged, HunterError, StoreError, Uncertain, Upgraded
from huntertui.store.draft import difference
from huntertui.store.postgres import statements
from huntertui.store.postgres.link import CHANNEL, Again, Lost
from huntertui.store.postgres.state import FULL, State
from huntertui.store.record import dumps
from huntertui.store.snapshot import own
from huntertui.store.store import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from huntertui.store.draft import Draft
    from huntertui.store.postgres.link import Link, Rows, Step
    from huntertui.store.postgres.state import Written
    from huntertui.store.store import Op

SCHEMA = 1
SET_BACK = "the database was set back, or another one put in its place: leave, and start again"
NEWER = "a newer huntertui has changed the database: leave, and start the newer one"
IDLE = 120  # seconds that a transaction may rest before the server ends it: its program has died, or its line

_PAGE = 200  # changes that are read at once
MANY = 2000  # documents that are written at once
_KNOWN = 4000  # changes that stay at hand


class PostgresLog:
    """A `Log` (see tiny.py) in a database. Whoever uses it holds the store's lock."""

    def __init__(self, link: Link) -> None:
        """Go to the newest state. Upgraded, and what else the link raises."""
        self.link = link
        self.snapshot = State(link)
        self.failed: StoreError | None = None
        self.login = ""
        self._id = ""  # of the store; "": there is none yet
        self._records: dict[int, Record] = {}
        self._locked: int | None = None  # the change at which we hold the store's row
        self._times = link.times
        self._greet()

    # Reading

    def follow(self) -> bool:
        """Take in what others have written; whether there was anything.

        When nobody answers there is nothing; but Lost, if we hold the store's row.
        """
        if self._locked is not None:
            return self._locked != self.snapshot.seq and self._catch_up()
        if self.failed or not self.link.mend():
            return False
        with suppress(Lost, Again):
            return self._catch_up()
        return False

    def record(self, seq: int) -> Record | None:
        """A copy of a record, or None."""
        if not 0 < seq <= self.snapshot.seq:
            return None
        if seq not in self._records:
            self._read(seq - _PAGE, seq)
        record = self._records.get(seq)
        return own(record) if record else None

    def made_by(self, member: str, since: datetime, upto: int) -> list[Record]:
        """A page of the records of a member, the newest first."""
        heads = self.link.read(statements.OF_MEMBER, (member, upto, since, _PAGE))
        return [record for record, _ in self._told(heads)]

    def writer(self, table: str, id: int, field: str) -> tuple[str, datetime | None]:
        """Who wrote a document's field last, and when; "" for the field: the document."""
        rows = self.link.read(statements.VERSIONS, (table, id, self.snapshot.seq, _PAGE))
        earlier = [*rows[1:], (None, "", None)]
        for now, before in zip(rows, earlier, strict=False):  # none, if the transaction itself has made it
            here, there = (json.loads(row[0]) if row[0] else {} for row in (now, before))
            if not field or here.get(field) != there.get(field) or (field in here) != (field in there):
                return now[1] or "", now[2].astimezone(UTC) if now[2] else None
        return "", None

    def kept(self, name: str) -> tuple[int, bytes] | None:  # noqa: ARG002
        """Nothing is: the open items come in one query, and no member could trust what another keeps."""
        return None

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """See `kept`."""

    def close(self) -> None:
        """Let go of the connection."""
        self.link.close()

    # Writing

    @contextmanager
    def locked(self, patience: float, line: Callable[[], str]) -> Iterator[None]:  # noqa: ARG002
        """Hold the store's row, on which all who write wait for each other. Lost, Again, Busy, Upgraded."""
        if not self._id:
            self._begin()
        steps: list[Step] = [
            ("BEGIN", ()),
            (f"SET LOCAL lock_timeout = '{patience:.0f}s'", ()),
            (f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE}s'", ()),
            (f"{statements.STORE} FOR UPDATE", ()),
        ]
        try:
            self.link.bound = True
            self._locked = self._check(self.link.batch(steps, patience + 1)[-1])
            self.snapshot.hold()
            yield
        finally:
            self._locked, self.link.bound = None, False
            self.snapshot.let_go()
            if self.link.in_transaction:
                with suppress(HunterError):
                    self.link.all("ROLLBACK")

    def append(self, record: Record, draft: Draft) -> None:
        """Write a record, and take it in. Again, Full, NotAllowed: nothing was written. Uncertain."""
        state, token = self.snapshot, os.urandom(16).hex()
        written = [(op.table, op.id, _after(state, op)) for op in record.ops]
        added = dumps([list(span) for span in record.added]) if record.bulk else None
        head = (record.seq, record.at, record.by, record.label, record.undoes, added, token)
        texts = enumerate(_all(draft) if record.bulk else written)
        rows = ((table, id, record.seq, n, text) for n, (table, id, text) in texts)
        steps: list[Step] = [(statements.WRITE_SEQ, (record.seq,)), (statements.WRITE_CHANGE, head)]
        if self.link.wakes:
            steps.append((f"SELECT pg_notify('{CHANNEL}', '')", ()))
        try:
            while len(some := list(islice(rows, MANY))) == MANY:
                self.link.batch([(statements.WRITE_DOC, some)], FULL)
            self.link.batch([*steps, (statements.WRITE_DOC, some), ("COMMIT", ())], FULL)
        except Lost:
            if not self._took_place(token):
                raise Again("the connection to the database was lost") from None
        self._take(record, written)

    # Within

    def _greet(self) -> None:
        """See what store it is: at the start, and after each time the connection was lost."""
        self._times = self.link.times
        begun = bool(self._id)
        seq = self._newest()
        if not begun:
            self.snapshot.jump(seq)

    def _newest(self) -> int:
        """The number of the last change; 0 as long as there is no store yet. Errors as in `_check`."""
        if self._id or self.link.read(statements.HERE)[0][0]:
            return self._check(self.link.read(statements.STORE))
        return 0

    def _check(self, rows: Rows) -> int:
        """The number of the last change, by the store's row. Damaged, Upgraded."""
        if not rows:
            raise Damaged("the database has tables of a store, but no store in them: run schema.sql again")
        id, schema, seq, by_login, login = rows[0]
        if schema > SCHEMA:
            raise Upgraded(NEWER)
        if self._id and (id != self._id or seq < self.snapshot.seq):
            self.failed = Damaged(SET_BACK)
            raise Damaged(SET_BACK)
        self._id, self.login = id, login if by_login else ""
        last: int = seq
        return last

    def _begin(self) -> None:
        """Make the tables, unless they are there. NotAllowed."""
        if not self.link.read(statements.HERE)[0][0]:
            self.link.script(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))

    def _catch_up(self) -> bool:
        if self._times != self.link.times:
            self._greet()
        if not self._id and not self._newest():
            return False
        before = self.snapshot.seq
        while heads := self.link.read(statements.HEADS, (self.snapshot.seq, 2**62, _PAGE)):
            if heads[0][0] != self.snapshot.seq + 1:  # what is between is not kept any more
                self.snapshot.jump(self._newest())
                continue
            for record, written in self._told(heads):
                self._take(record, written)
            if len(heads) < _PAGE:
                break
        return self.snapshot.seq != before

    def _read(self, after: int, upto: int) -> None:
        """Have the records between at hand."""
        heads = self.link.read(statements.HEADS, (after, upto, _PAGE))
        for record, _ in self._told(heads):
            self._remember(record)

    def _told(self, heads: Rows) -> list[tuple[Record, list[Written]]]:
        """The records of which the heads are given, and what each wrote; nothing of that for bulk ones."""
        told: dict[int, tuple[list[Op], list[Written]]] = {head[0]: ([], []) for head in heads}
        numbers = [head[0] for head in heads if head[5] is None]
        rows = self.link.read(statements.WRITTEN, (numbers,), FULL) if numbers else []
        for seq, table, id, now, before in rows:
            ops, written = told[seq]
            old, new = (json.loads(text) if text is not None else None for text in (before, now))
            if op := difference(table, id, old, new):
                ops.append(op)
            written.append((table, id, now))
        return [(_record(head, told[head[0]][0]), told[head[0]][1]) for head in heads]

    def _take(self, record: Record, written: Sequence[Written]) -> None:
        if record.bulk:
            self.snapshot.jump(record.seq)
        else:
            self.snapshot.take(record.seq, written)
        self._remember(own(record))

    def _remember(self, record: Record) -> None:
        self._records[record.seq] = record
        while len(self._records) > _KNOWN:
            del self._records[next(iter(self._records))]

    def _took_place(self, token: str) -> bool:
        """Whether a transaction whose answer was lost was committed. Uncertain.

        Asked while we hold the store's row: before we get it, the old transaction has come to its end.
        """
        self.link.bound = False
        until = time.monotonic() + 2 * self.link.answer
        steps: list[Step] = [
            ("BEGIN", ()),
            (f"{statements.STORE} FOR UPDATE", ()),
            (statements.TOKEN, (token,)),
            ("ROLLBACK", ()),
        ]
        while self.link.regain(until):
            with suppress(Lost, Again):
                return bool(self.link.batch(steps)[2][0][0])
        raise Uncertain(
            "the connection was lost while the change was written: look whether it is there"
        ) from None


def _after(state: State, op: Op) -> str | None:
    if op.kind == "d":
        return None
    return dumps(op.new if op.kind == "i" else state.whole(op.table, op.id, op.new, op.old))


def _all(draft: Draft) -> Iterator[Written]:
    """All that a transaction wrote."""
    for table, id, doc in draft.written():
        yield table, id, None if doc is None else dumps(doc)
    for table, run in draft.runs():
        yield from ((table, id, text.decode()) for id, text in run.items())


def _record(head: tuple[Any, ...], ops: Sequence[Op]) -> Record:
    seq, at, who, label, undoes, added = head
    spans = tuple((table, first, last) for table, first, last in json.loads(added or "[]"))
    return Record(seq, at.astimezone(UTC), who, label, undoes, tuple(ops), added is not None, spans)
