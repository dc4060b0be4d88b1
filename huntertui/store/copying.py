"""Copying a store to an empty place, whatever kind the two are.

First the oldest state from which every change up to now is known, then these changes, one by one. So numbers,
authors, times and undo go along with the documents.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from huntertui.errors import Usage
from huntertui.records import dataclass
from huntertui.store import POSTGRES
from huntertui.store.record import dumps
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from huntertui.store.store import Doc, Record, Store

_PAGE = 2000  # documents that are read at once


class Contents(Protocol):
    """All that a store knows: the state after change `since` (0: before the first), and the changes after it.

    `next_ids`: of each table the first id that no document has or had in that state; `count`: of the changes.
    """

    @property
    def since(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def next_ids(self) -> Mapping[str, int]: ...
    def tables(self) -> Sequence[str]: ...
    def items(self, table: str) -> Iterator[tuple[int, Doc]]: ...
    def records(self) -> Iterator[Record]: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """What a table holds: so many documents, and a checksum over them and their ids."""

    count: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is to be. `by`: who copies it there."""

    url: str
    by: str
    clock: Callable[[], datetime]
    any_filesystem: bool = False


def contents_of(store: Store) -> Contents:
    """What there is to copy, in the state last taken in.

    Usage: it is a store that nothing is kept of. NotFound: there is none yet. Damaged.
    """
    if isinstance(store, SharedStore):
        from huntertui.store.folder import FolderContents

        return FolderContents(store.journal)
    try:
        from huntertui.store.postgres.contents import DatabaseContents
        from huntertui.store.postgres.store import PostgresStore
    except ImportError:
        pass
    else:
        if isinstance(store, PostgresStore):
            return DatabaseContents(store.log)
    raise Usage("memory: is no store to copy, as nothing of it is kept")


def check_empty(place: Place) -> None:
    """Usage when there is anything where a store is to be copied to; NotAllowed when none may be there."""
    if place.url.startswith(POSTGRES):
        from huntertui.store.postgres.contents import check_empty
    else:
        from huntertui.store.folder import check_empty
    check_empty(place)


def fill(place: Place, contents: Contents, progress: Callable[[float], None] = lambda _: None) -> None:
    """Make a store with these contents in an empty place (see `check_empty`): all of it or nothing.

    Full, NotAllowed, and what reading the contents raises.
    """
    if place.url.startswith(POSTGRES):
        from huntertui.store.postgres.contents import fill
    else:
        from huntertui.store.folder import fill
    fill(place, contents, progress)


def tally(store: Store, table: str) -> Tally:
    """Count the documents of a table, in the state last taken in."""
    checksum, count, before = blake2b(digest_size=16), 0, None
    while found := store.latest(table, _PAGE, before):
        for id, doc in found:
            checksum.update(f"{id}:{dumps(_ordered(doc))}\n".encode())
        count, before = count + len(found), found[-1][0]
    return Tally(count, checksum.hexdigest())


def _ordered(value: object) -> object:
    """The same with the fields in an order that does not depend on who wrote them."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(one) for one in value] if isinstance(value, list) else value
