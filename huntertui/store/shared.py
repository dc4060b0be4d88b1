"""The store of a team: on the journal of a folder, with an eye on what others write outside."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from huntertui.errors import HunterError
from huntertui.store.journal import Journal, folder_of
from huntertui.store.lock import free
from huntertui.store.outside import take_in
from huntertui.store.place import check_place
from huntertui.store.published import edited
from huntertui.store.tiny import TinyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

_LOOK = 2.0  # seconds between two looks at the published file
_HEAVY = 32 << 20  # bytes of an edited file above which taking it in is left to a checkpoint


class SharedStore(TinyStore):
    """A `Store` in a folder."""

    def __init__(
        self, path: Path, by: str, clock: Callable[[], datetime], *, any_filesystem: bool = False
    ) -> None:
        """Open the store whose published file is at `path`; see `open_store`."""
        check_place(path.parent, anywhere=any_filesystem)
        check_place(folder_of(path), anywhere=True)
        self.journal = Journal(path)
        super().__init__(self.journal, by, clock)
        if not self.journal.begun and path.exists():
            with self.holding():
                pass  # a plain TinyDB file becomes a store
        self._look_at = 0.0
        self._look()

    def refresh(self) -> bool:
        """See `Store.refresh`."""
        before = self.seq
        self._look()
        return super().refresh() or self.seq != before

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Be the only writer for a while, on the state as it is."""
        with self.journal.locked(self._patience, self.line):
            super().refresh()
            yield

    def take_in_edits(self) -> None:
        """Bring in what was written into the published file outside, however large it is."""
        take_in(self, self.journal, self._clock)

    def _look(self) -> None:
        """Now and then: what was written outside, and a newer base to go over to."""
        if time.monotonic() < self._look_at or self._closed.is_set() or not self.journal.begun:
            return
        self._look_at = time.monotonic() + _LOOK
        before = self.seq
        info = edited(self.journal.path, self.journal.folder)
        if info and info.st_size <= _HEAVY:
            with suppress(HunterError):  # whoever changes something is told
                if free(self.journal.folder / "lock"):  # who reads waits for nobody
                    self.take_in_edits()
        with self._looking:
            self.journal.lighten()
            self._news |= self.seq != before  # a newer base brings what has come since
