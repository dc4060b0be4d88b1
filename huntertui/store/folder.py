"""A store in a folder, taken out of it as a whole and put there as a whole (see copying.py)."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import Damaged, NotFound, Usage
from huntertui.store.base import Base
from huntertui.store.care import part_of
from huntertui.store.checkpoint import checkpoint
from huntertui.store.compose import compose
from huntertui.store.disk import explained, make_folder, open_plain, sync_folder, write_all
from huntertui.store.journal import folder_of
from huntertui.store.place import check_place
from huntertui.store.published import Publication
from huntertui.store.record import parts_of, seal
from huntertui.store.segment import SCHEMA, begin_segment, numbers
from huntertui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from huntertui.store.copying import Contents, Place
    from huntertui.store.journal import Journal
    from huntertui.store.store import Doc, Record

_PIECE = 1 << 20  # bytes of records that are written at once


class FolderContents:
    """The contents of a store in a folder."""

    def __init__(self, journal: Journal) -> None:
        """Look how far back they go. NotFound: there is no store. Damaged."""
        if not journal.begun:
            raise NotFound(f"{journal.path}: there is no store yet")
        self._journal = journal
        self._state = _oldest(journal)
        self.since, self.next_ids = self._state.seq, self._state.next_ids
        self.count = journal.snapshot.seq - self.since

    def tables(self) -> Sequence[str]:
        """See `Contents`."""
        return self._state.tables()

    def items(self, table: str) -> Iterator[tuple[int, Doc]]:
        """See `Contents`."""
        return self._state.items(table)

    def records(self) -> Iterator[Record]:
        """See `Contents`."""
        for seq in range(self.since + 1, self.since + self.count + 1):
            record = self._journal.record(seq)
            if record is None:
                raise Damaged(f"{self._journal.folder}: record {seq} is missing: run huntertui store verify")
            yield record


def _oldest(journal: Journal) -> Snapshot:
    """The oldest state that is kept whole and is followed by nothing but records that say what they did."""
    first = journal.snapshot.seq + 1
    while (record := journal.record(first - 1)) is not None and not record.bulk:
        first -= 1
    folder = journal.folder
    kept = [(seq, f"base-{seq}.json") for seq in numbers(folder, "base-", ".json")]
    kept += [(seq, f"rebase-{seq}.json") for seq in numbers(folder, "rebase-", ".json")]
    for seq, name in sorted(kept):
        if first - 1 <= seq <= journal.snapshot.seq:
            with suppress(FileNotFoundError):  # a checkpoint has just removed it
                return Snapshot(Base.open(folder / name))
    return journal.snapshot.fork()


def check_empty(place: Place) -> None:
    """See `copying.check_empty`."""
    path = Path(place.url)
    check_place(path.parent, anywhere=place.any_filesystem)
    for there in (path, folder_of(path)):
        if os.path.lexists(there):
            raise Usage(f"{there}: is there already: a store is copied only to where nothing is")


def fill(place: Place, contents: Contents, progress: Callable[[float], None]) -> None:
    """See `copying.fill`."""
    path = Path(place.url)
    folder = folder_of(path)
    make_folder(path.parent)
    making = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    make_folder(making)
    try:
        store = os.urandom(16).hex()
        tables = {table: dict(contents.items(table)) for table in contents.tables()}
        meta = {"schema": SCHEMA, "store": store, "seq": contents.since, "next": dict(contents.next_ids)}
        compose(making / f"base-{contents.since}.json", Base(None), tables, meta)
        _write(begin_segment(making, contents.since + 1, store), contents, part_of(progress, 0.3, 0.7))
        with explained(path):
            os.rename(making, folder)  # noqa: PTH104
            sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    Publication(Base.open(folder / f"base-{contents.since}.json"), path, folder).put()
    checkpoint(path, place.by, place.clock, any_filesystem=place.any_filesystem)


def _write(segment: Path, contents: Contents, progress: Callable[[float], None]) -> None:
    """Write all changes behind the head of a segment, durably."""
    fd = open_plain(segment, os.O_WRONLY | os.O_APPEND)
    try:
        with explained(segment):
            piece = bytearray()
            for done, record in enumerate(contents.records(), 1):
                piece += seal(parts_of(record))
                if len(piece) >= _PIECE:
                    write_all(fd, bytes(piece))
                    piece.clear()
                    progress(done / contents.count)
            write_all(fd, bytes(piece))
            os.fsync(fd)
    finally:
        os.close(fd)
