"""What stock TinyDB scripts or editors write into the published file while we work is found and brought in.

It is merged against the base from which the edit started. What cannot be read, or started from a state that
is not kept, is put aside under a telling name, never overwritten; what was overruled is kept as a copy.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from huntertui.store.base import Base
from huntertui.store.disk import explained, read_all, replace, sync_folder
from huntertui.store.draft import Draft
from huntertui.store.edits import BY, merge, read_edited
from huntertui.store.published import Identity, edited, identity, known, make_known

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huntertui.store.journal import Journal
    from huntertui.store.shared import SharedStore
    from huntertui.store.store import Doc, Tx

_SETTLED = 2.0  # seconds without a write after which a file is no longer taken for half written


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
                make_known(journal.folder, taken)
    finally:
        journal.edit = ""


def _take_in(tx: Tx, journal: Journal, now: datetime) -> Identity | None:
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
    if not journal.took_in(crc):  # else whoever did died before he could say that the file is known
        journal.edit = crc
        merged = merge(tx, base.items, tables, base.index.tables, dict(tx.next_ids))
        if merged.lost or merged.refused:
            copy = journal.path.with_name(_name(journal, "conflict", now))
            replace(copy, [raw])
            tx.tell(f"{merged.label}, all of theirs is in {copy.name}")
    return identity(info, base.seq)


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
