"""The checkpoint: a new base out of the old one and the journal, published for everybody to read.

It works beside those who write: the lock is held only to begin a new segment, and to put the published file
in its place. Whatever moment it dies at, the store is whole; the next one begins anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from huntertui.errors import Busy
from huntertui.records import dataclass
from huntertui.store.base import Base
from huntertui.store.compose import compose
from huntertui.store.disk import remove
from huntertui.store.lock import say, try_lock
from huntertui.store.published import Publication, shown
from huntertui.store.segment import numbers
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

DAYS = 14
"""How long the journal, and one base of each day, are kept: for undo, and to go back to a point in time."""

_READERS = 2  # bases that stay in any case: whoever is opening one must find it
_TRIES = 5
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """What a checkpoint did: published the state at `seq`; `fresh`: False when it was published already."""

    seq: int
    fresh: bool


def checkpoint(
    path: Path,
    by: str,
    clock: Callable[[], datetime],
    *,
    any_filesystem: bool = False,
    progress: Callable[[float], None] = lambda _: None,
) -> Checkpointed | None:
    """Publish the present state of the store at `path`, and remove what is not needed any more.

    None when there is nothing to publish or another one is at work. `progress` gets what part is done.
    Full, NotAllowed, Busy, Damaged, Upgraded: the store is as it was.
    """
    with SharedStore(path, by, clock, any_filesystem=any_filesystem) as store:
        journal = store.journal
        if not journal.begun:
            return None
        lock = try_lock(journal.folder / "ckpt.lock")
        if lock is None:
            return None
        try:
            with store.holding():  # or it would sweep away what a bulk change is being written to
                _sweep(journal.folder)

            def told(part: float) -> None:
                say(lock, f"{store.line()}, {part:.0%} done")
                progress(part)

            for _ in range(_TRIES):
                told(0.0)
                store.take_in_edits()
                if done := _publish(store, told):
                    _prune(journal.folder, clock().timestamp())
                    return done
            raise Busy(f"{path}: something keeps writing into it: try again later")
        finally:
            os.close(lock)


def _publish(store: SharedStore, progress: Callable[[float], None]) -> Checkpointed | None:
    """Publish once; None when somebody has edited the published file meanwhile."""
    journal = store.journal
    path, folder = journal.path, journal.folder
    with store.holding():
        state = journal.snapshot.fork()
        if state.seq == state.base.seq == shown(path, folder):
            return Checkpointed(state.seq, fresh=False)
        journal.rotate()
    file = folder / f"base-{state.seq}.json"
    if not file.exists():
        compose(file, state.base, state.changed(), journal.meta(state.seq, state.next_ids), progress)
    publication = Publication(Base.open(file), path, folder)
    with store.holding():
        if not publication.put():
            return None
    progress(1.0)
    return Checkpointed(state.seq, fresh=True)


def _sweep(folder: Path) -> None:
    """Remove what those have left who were killed while they wrote: it has no name yet, or is no base's."""
    for name in os.listdir(folder):  # noqa: PTH208
        file = folder / name
        if name.endswith(".tmp") or (name.endswith(".idx") and not file.with_suffix(".json").exists()):
            remove(file)


def _prune(folder: Path, now: float) -> None:
    """Remove bases and segments that nobody needs: neither readers nor who goes back in time."""
    bases = numbers(folder, "base-", ".json")
    if len(bases) < _READERS:
        return
    needed = bases[-_READERS]
    days: set[int] = set()
    for seq in reversed(bases[:-_READERS]):
        file = folder / f"base-{seq}.json"
        with suppress(FileNotFoundError):
            made = file.stat().st_mtime
            day = int(made / _DAY)  # of the calendar: counted from now, nothing of yesterday would be left
            # the oldest one stays: before a bulk change, nothing else leads to what was
            if now - made > DAYS * _DAY or (day in days and seq != bases[0]):
                _remove_base(file)
            days.add(day)
    for seq in numbers(folder, "rebase-", ".json"):
        if seq <= needed and _old(file := folder / f"rebase-{seq}.json", now):
            _remove_base(file)
    for first, following in pairwise(numbers(folder, "journal-", ".jsonl")):
        file = folder / f"journal-{first}.jsonl"
        if following > needed + 1 or not _old(file, now):
            break  # without a gap, whatever the clock did
        remove(file)


def _old(file: Path, now: float) -> bool:
    try:
        return now - file.stat().st_mtime > DAYS * _DAY
    except FileNotFoundError:
        return False


def _remove_base(file: Path) -> None:
    remove(file)
    remove(file.with_suffix(".idx"))
