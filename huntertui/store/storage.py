"""A storage for TinyDB: everything is read, changed by TinyDB and handed back.

What differs then is written in one transaction, if nobody has changed the same meanwhile.
"""

from __future__ import annotations

import io
import os
import pwd
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tinydb.storages import Storage

from huntertui.errors import BadValue, Conflict, HunterError
from huntertui.store.caretaker import Caretaker
from huntertui.store.checkpoint import checkpoint
from huntertui.store.mappings import Given, GivenTables, by_id, delete_seen, update_seen
from huntertui.store.shared import SharedStore
from huntertui.store.store import Doc, Tx
from huntertui.store.values import plain_doc, same

T = TypeVar("T")

LABEL = "changed by a TinyDB script"
_LAYOUT = frozenset(["encoding", "ensure_ascii", "indent", "separators", "sort_keys"])


class NotJson(BadValue, TypeError):
    """`BadValue` as scripts for TinyDB expect it."""


class HunterStorage(Storage):
    """A storage for TinyDB. `store`: what it stands on; `by`: whom the records of its changes name.

    `empty`: tables without documents, which no store keeps, are remembered as long as this is open.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        by: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        any_filesystem: bool = False,
        create_dirs: bool = False,
        access_mode: str = "r+",
        **layout: object,
    ) -> None:
        """Open the store at `path`; see `open_store` for the errors, and FileNotFoundError as in JSONStorage.

        `by` is the account's login name, unless given. What JSONStorage takes for the layout of its file is
        taken, and means nothing here.
        """
        if (unknown := layout.keys() - _LAYOUT) or access_mode not in ("r", "r+"):
            raise TypeError(f"no such option: {', '.join(sorted(unknown)) or f'access_mode {access_mode}'}")
        self._path, self._clock, self._writes = Path(path), clock, access_mode == "r+"
        needed = self._path.parent if self._writes else self._path
        if not (create_dirs and self._writes) and not needed.exists():
            raise FileNotFoundError(f"{needed} is not there")
        self.by = by or _login()
        self.store = SharedStore(self._path, self.by, clock, any_filesystem=any_filesystem)
        self.empty: set[str] = set()
        self._known: dict[str, dict[int, Doc]] | None = None  # as TinyDB has them: read, or written
        self._arrived: set[tuple[str, int]] = set()  # what others inserted before its eyes

    def tables(self) -> set[str]:
        """The names of the tables, as last taken in."""
        snapshot = self.store.journal.snapshot
        return {name for name in snapshot.tables() if any(True for _ in snapshot.items(name))} | self.empty

    def next_ids(self) -> Mapping[str, int]:
        """The first id of each table that was never given, as last taken in."""
        return self.store.journal.snapshot.next_ids

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the present state."""
        self.store.refresh()
        before, now = self._known, {name: dict(self.store.find(name)) for name in sorted(self.tables())}
        for name, docs in now.items() if before is not None else ():
            self._arrived |= {(name, id) for id in docs.keys() - (before or {}).get(name, {}).keys()}
        self._known = now
        return GivenTables(now, self.next_ids())  # type: ignore[return-value]

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Write what differs from what was read (or written) last, in one transaction.

        Conflict when someone changed the same since, or took an id; BadValue for what the store cannot hold.
        Then nothing is written.
        """
        if self._known is None:
            self.read()
        was = self._known or {}

        def change(tx: Tx) -> dict[str, dict[int, Doc]]:
            now = {name: by_id(name, docs) for name, docs in data.items()}
            return {name: self._change(tx, name, was.get(name, {}), now.get(name, {})) for name in was | now}

        self._known = self.transact(change)
        self.empty = {name for name, docs in data.items() if not docs}

    def transact(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on the fresh state and write what it did; see `Store.transact`."""
        if not self._writes:
            raise io.UnsupportedOperation(f"{self._path}: opened for nothing but reading")

        def labelled(tx: Tx) -> T:
            tx.label = LABEL
            return fn(tx)

        try:
            return self.store.transact(labelled, self.by).result
        except BadValue as error:
            raise NotJson(str(error)) from error

    def close(self) -> None:
        """Let go of it; if nobody else is at work, the published file is brought up to date."""
        care = Caretaker(self.store, self._clock)
        if self._writes:
            care.attend()
        last = care.leave()
        self.store.close()
        if last:
            with suppress(HunterError):  # all stands in the journal: the next one can do it
                checkpoint(self._path, self.by, self._clock, any_filesystem=True)

    def _change(self, tx: Tx, table: str, was: dict[int, Doc], now: dict[int, Any]) -> dict[int, Doc]:
        """Write what differs in a table, and return what is in it then."""
        after = {}
        for id, doc in now.items():
            old = was.get(id)
            if old is not None and same(old, doc):
                after[id] = old
                continue
            after[id] = new = plain_doc(doc, f"{table} #{id}")
            if old is None:
                tx.insert(table, new, id)
            elif (table, id) in self._arrived and not isinstance(doc, Given):
                raise Conflict(table, id, "", new, old)  # TinyDB took the id for free
            else:
                update_seen(tx, table, id, old, new)
        for id in was.keys() - now.keys():
            delete_seen(tx, table, id, was[id])
        return after


def _login() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"
