"""What stock TinyDB scripts or editors write into the published file while we work is found and brought in.

It is merged against what the edit started from: the base that was published, or the edit before it, since
scripts write many times before we publish again. What cannot be read, or started from a state that is not
kept, is put aside under a telling name, never overwritten; what was overruled is kept as a copy.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING

from huntertui.records import dataclass
from huntertui.store.base import Base
from huntertui.store.disk import explained, read_all, replace, sync_folder
from huntertui.store.draft import Draft
from huntertui.store.edits import BY, merge, read_edited
from huntertui.store.published import Identity, edited, identity, known, make_known
from huntertui.store.record import dumps
from huntertui.store.values import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from huntertui.store.journal import Journal
    from huntertui.store.shared import SharedStore
    from huntertui.store.store import Doc, Tx

    Tables = Mapping[str, Mapping[int, Doc]]

_KEPT = "edit"  # the last edit that was taken in
_SETTLED = 2.0  # seconds without a write after which a file is no longer taken for half written


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that was taken in. `tables`: what the next edit of it starts from; None: the base."""

    file: Identity
    tables: Tables | None


def take_in(store: SharedStore, journal: Journal, clock: Callable[[], datetime]) -> None:
    """Bring in what was written outside, as a record of its own, if there is anything.

    Raises what `Store.transact` raises; then it is tried again another time.
    """
    if not journal.begun or edited(journal.path, journal.folder) is None:
        return
    try:
        taken = store.transact(lambda tx: _take_in(tx, journal, clock()), BY).result
        if taken:
            with store.holding():
                make_known(journal.folder, taken.file)
            if taken.tables is not None:
                kept = {"file": asdict(taken.file), "tables": taken.tables}
                journal.keep(_KEPT, taken.file.seq, dumps(kept).encode())
    finally:
        journal.edit = ""


def _take_in(tx: Tx, journal: Journal, now: datetime) -> _Taken | None:
    """Merge the edited file, and return what it is known by from now on; None when it is there no more."""
    assert isinstance(tx, Draft)
    info = edited(journal.path, journal.folder)
    if info is None:
        return None
    raw = read_all(journal.path)
    crc = f"{zlib.crc32(raw):08x}"
    try:
        meta, tables = read_edited(raw)
    except ValueError as error:
        if now.timestamp() - info.st_mtime > _SETTLED:
            aside = _put_aside(journal, "unreadable", now)
            tx.tell(f"{journal.path.name} could not be read, {error}: it was put aside as {aside}")
        return None
    base = _base_of(journal, meta)
    if base is None:
        aside = _put_aside(journal, "conflict", now)
        tx.tell(f"{journal.path.name} is from a state that is not kept any more: it was put aside as {aside}")
        return None
    after = None
    if not journal.took_in(crc):  # else whoever did died before he could say that the file is known
        journal.edit = crc
        before = _edit_before(journal, base.seq)

        def started(table: str) -> Iterable[tuple[int, Doc]]:
            return base.items(table) if before is None else before.get(table, {}).items()

        there = base.index.tables if before is None else before
        merged = merge(tx, started, tables, there, journal.snapshot.next_ids | tx.next_ids)
        if not merged.refused:
            after = {name: _ours(tx, name, docs, started(name)) for name, docs in tables.items()}
        if merged.lost or merged.refused:
            copy = journal.path.with_name(_name(journal, "conflict", now))
            replace(copy, [raw])
            tx.tell(f"{merged.label}, all of theirs is in {copy.name}")
    return _Taken(identity(info, base.seq), after)


def _ours(tx: Tx, table: str, docs: Mapping[str, Doc], started: Iterable[tuple[int, Doc]]) -> dict[int, Doc]:
    """The documents of an edited table that have the same id here: one that got another is none of them."""
    there = {id for id, _ in started}
    rows = ((int(id), doc) for id, doc in docs.items())
    return {id: doc for id, doc in rows if id in there or same(tx.get(table, id), doc)}


def _edit_before(journal: Journal, seq: int) -> Tables | None:
    """What the last edit of the file published at `seq` left, if that is what was known last."""
    kept, files = journal.kept(_KEPT), known(journal.folder)
    parts = json.loads(kept[1]) if kept else {}
    if not files or files[0].seq != seq or parts.get("file") != asdict(files[0]):
        return None
    return {table: {int(id): doc for id, doc in docs.items()} for table, docs in parts["tables"].items()}


def _base_of(journal: Journal, meta: Doc | None) -> Base | None:
    """The state from which an edit started; None when that is not kept."""
    seq = meta.get("seq") if meta else next((one.seq for one in known(journal.folder)), None)
    if type(seq) is not int or (meta and meta.get("store", journal.store) != journal.store):
        return None
    try:
        return Base.open(journal.folder / f"base-{seq}.json")
    except FileNotFoundError:
        return None


def _name(journal: Journal, word: str, now: datetime) -> str:
    return f"{journal.path.name}.{word}-{now:%Y%m%dT%H%M%S}"


def _put_aside(journal: Journal, word: str, now: datetime) -> str:
    """Rename the published file away, and return its new name."""
    name = _name(journal, word, now)
    with explained(journal.path):
        os.replace(journal.path, journal.path.with_name(name))  # noqa: PTH105
        sync_folder(journal.path.parent)
    return name
