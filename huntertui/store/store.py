"""The seam: all that the program knows of a store, whichever stands behind it.

A store keeps tables of documents. A document is a dict of plain JSON values with text keys; its id, a
positive integer, stands beside it and is never given to another document. All writing is done by
transactions; each one that writes becomes one `Record` with the next sequence number. Records are the live
feed and the undo.

What is handed out or taken in is a copy: changing it changes nothing. Errors are those of `huntertui.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar

from huntertui.errors import Conflict
from huntertui.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from huntertui.store.encoded import Texts

T = TypeVar("T")

Doc = dict[str, Any]
Where = Sequence[tuple[str, str, Any]]
"""Conditions that must all hold: (field, one of `= != < <= > >= in`, value)."""


@dataclass(frozen=True, slots=True)
class Op:
    """What one transaction did to one document.

    `i` inserted: `new` is the document. `d` deleted: `old` is the document. `u` updated: `new` and `old` hold
    the fields that differ; a field that is absent on one side is absent from that dict.
    """

    kind: Literal["i", "u", "d"]
    table: str
    id: int
    new: Doc
    old: Doc


@dataclass(frozen=True, slots=True)
class Record:
    """One transaction: `ops` holds at most one entry for each document, in the order of their first writing.

    `seq` orders records and has no gaps; `at` (aware, UTC) is for people, as clocks may jump back. `label`
    says in a line what was done. `undoes` is the `seq` of the record of which this one is the inverse.

    A transaction of more than 10,000 ops is `bulk`: it is kept as a whole new state, so `ops` is empty, and
    `added` names what it inserted: (table, first id, last id), both included.
    """

    seq: int
    at: datetime
    by: str
    label: str
    undoes: int | None
    ops: tuple[Op, ...]
    bulk: bool = False
    added: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Committed(Generic[T]):
    """What `fn` returned, and the record of what it wrote (None: it wrote nothing)."""

    result: T
    record: Record | None


class Reader(Protocol):
    """Reading, the same inside a transaction and outside."""

    def get(self, table: str, id: int) -> Doc | None:
        """Return the document, or None."""
        ...

    def find(
        self, table: str, where: Where = (), order: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[int, Doc]]:
        """Return (id, document) of all that match, sorted by the fields of `order`, then by id.

        A missing field matches nothing but `!=`. Only two numbers, two texts (by code point) or two booleans
        can be smaller or greater; other pairs match none of `< <= > >=`. An order puts booleans first, then
        numbers, texts and the rest, reversed for "-field"; null and missing stand last in both.
        """
        ...


class Tx(Reader, Protocol):
    """A transaction on the fresh state; it sees its own writes. `fn` sets `label`, and `undoes` if apt."""

    label: str
    undoes: int | None

    def insert(self, table: str, doc: Doc, id: int | None = None) -> int:
        """Add a document and return its id: a new one, or `id` if that is free, else Conflict."""
        ...

    def insert_encoded(self, table: str, texts: Texts) -> range:
        """Add documents that are encoded already (see encoded.py), and return their ids, which are new.

        They are read when they are written or asked for, not now: `texts` must give the same until `transact`
        returns. A large change has no more than some of them in memory.
        """
        ...

    def update(
        self, table: str, id: int, changes: Doc, expect: Doc | None = None, unset: Sequence[str] = ()
    ) -> None:
        """Set the fields of `changes`, then remove those of `unset`.

        `expect`: field -> the value the user saw (None also stands for a missing field); Conflict if one
        differs. NotFound if the document is gone.
        """
        ...

    def delete(self, table: str, id: int, expect: Doc | None = None) -> None:
        """Remove the document; `expect` and errors as in `update`."""
        ...

    def written_since(self, seq: int) -> set[tuple[str, int]]:
        """Return (table, id) of all that the records after `seq` wrote; not what this transaction does.

        Resync when that cannot be told.
        """
        ...


class Store(Reader, Protocol):
    """A shared store, as one process sees it.

    `seq`, `get` and `find` answer from the state last taken in: at opening, by `refresh`, `wait`, `changes`
    and this store's own `transact`; between these nothing moves. These four raise Damaged, Upgraded or
    NotAllowed when the store has become unreadable; what was last taken in stays. All may be called from any
    thread.
    """

    @property
    def seq(self) -> int:
        """The sequence number of the last record taken in; 0 before the first."""
        ...

    def latest(self, table: str, limit: int, before: int | None = None) -> list[tuple[int, Doc]]:
        """Return the `limit` documents with the highest ids, the highest first; only those below `before`.

        What is read is what is returned, however large the table.
        """
        ...

    def transact(self, fn: Callable[[Tx], T], by: str) -> Committed[T]:
        """Run `fn` on the fresh state and write what it did: all of it, durably, or, if it raises, nothing.

        `fn` may run more than once, so it must do nothing but use its Tx; it must not open another
        transaction. Busy, Full, NotAllowed, Damaged, Upgraded: nothing was written. Uncertain: it may or may
        not last.
        """
        ...

    def changes(self, since: int) -> list[Record]:
        """Refresh and return the records after `since`, one's own included, oldest first.

        Resync when they cannot be told: `since` is older than what is kept or newer than `seq`, or one of
        them is bulk. Then read anew and go on from `seq`.
        """
        ...

    def record(self, seq: int) -> Record | None:
        """Return the record with that number, or None if there is none (any more)."""
        ...

    def made_by(self, member: str, since: datetime) -> Iterator[Record]:
        """Go through the records of a member, the newest first, until one is older than `since`."""
        ...

    def refresh(self) -> bool:
        """Take in what others wrote; return whether there was anything. Cheap when not."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for changes of others and take them in; return whether any came.

        Also True for those that `refresh` or `transact` took in before anybody asked for `changes`.
        Ends early, with False, when the store is closed.
        """
        ...

    @property
    def login(self) -> str:
        """The member as whom alone the store takes my changes; "": it takes my word for who I am."""
        ...

    @property
    def read_only(self) -> str:
        """Why this store takes no changes (no connection now, a failed sync, newer data), else ""."""
        ...

    def kept(self, name: str) -> tuple[int, bytes] | None:
        """Return (seq, data) of what `keep` kept last under that name; None when there is none.

        `seq` may be older or newer than `Store.seq`.
        """
        ...

    def keep(self, name: str, seq: int, data: bytes) -> None:
        """Keep for every process what was derived from the state at `seq`: a cache, may be lost any time.

        `name`: letters, digits and "-". Never raises for want of room or rights.
        """
        ...

    def close(self) -> None:
        """Let go of everything; no other call may follow."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def apply_inverse(tx: Tx, record: Record) -> None:
    """Take back what `record` did, and mark the transaction as its undoing; the one way of undo and of redo.

    Expects everything that the record wrote to stand as it left it: Conflict when someone changed it since.
    """
    for op in reversed(record.ops):
        now = tx.get(op.table, op.id)
        if op.kind == "d":
            tx.insert(op.table, op.old, op.id)
        elif now is None:
            raise Conflict(op.table, op.id, "", mine=op.old or None)
        elif op.kind == "i":
            tx.delete(op.table, op.id, expect=dict.fromkeys(now) | op.new)
        else:
            added = [field for field in op.new if field not in op.old]
            tx.update(op.table, op.id, op.old, expect=dict.fromkeys(op.old) | op.new, unset=added)
    tx.undoes = record.seq
