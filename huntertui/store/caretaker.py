"""Whether a store wants a checkpoint, and who is at work on it.

Everybody at work holds a shared lock on `users`; whoever leaves and gets it for himself alone was the last.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from huntertui.store.lock import free, try_lock
from huntertui.store.published import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huntertui.store.shared import SharedStore

EVERY = 600.0
"""Seconds between two publications while people work; rare, as a script may be editing what is replaced."""


class Caretaker:
    """Looks after a shared store for the one who has it open."""

    def __init__(self, store: SharedStore, clock: Callable[[], datetime]) -> None:
        """Nobody is at work yet."""
        self._store = store
        self._folder = store.journal.folder
        self._clock = clock
        self._users: int | None = None

    def attend(self) -> None:
        """Be at work."""
        if self._users is None and self._store.journal.begun:
            self._users = try_lock(self._folder / "users", shared=True)

    def due(self) -> bool:
        """Whether it is time to publish what has changed."""
        self.attend()
        if not self._stale():
            return False
        try:
            published = (self._folder / "published").stat().st_mtime
        except FileNotFoundError:
            return True
        return self._clock().timestamp() - published >= EVERY

    def leave(self) -> bool:
        """Go home; whether nobody else is at work and there is something to publish."""
        if self._users is None:
            return False
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(self._users)
            self._users = None
        return self._stale()

    def _stale(self) -> bool:
        """Whether the published file does not show the present state, and nobody is about to change that."""
        if not self._store.journal.begun:
            return False
        if shown(self._store.journal.path, self._folder) == self._store.seq:
            return False
        return free(self._folder / "ckpt.lock")
