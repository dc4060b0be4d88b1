"""The store in a database: that of tiny.py on another log, which runs again what came to nothing."""

from __future__ import annotations

import random
import select
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from huntertui.errors import Busy
from huntertui.store.postgres.link import Again, Link, Lost
from huntertui.store.postgres.log import PostgresLog
from huntertui.store.tiny import TinyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from huntertui.store.store import Committed, Record, Tx

T = TypeVar("T")

_BACK_OFF = 0.01, 0.5  # seconds before a transaction is run again: at first, and at most


class PostgresStore(TinyStore):
    """A `Store` in a database."""

    def __init__(self, url: str, by: str, clock: Callable[[], datetime], patience: float = 10.0) -> None:
        """Connect; see `open_store`. Lost: it cannot be reached."""
        self._link = Link(url)
        try:
            self._link.open()
            self.log = PostgresLog(self._link)
        except BaseException:
            self._link.close()
            raise
        super().__init__(self.log, by, clock, patience)

    @property
    def login(self) -> str:
        """See `Store.login`."""
        return self.log.login

    @property
    def read_only(self) -> str:
        """See `Store.read_only`; also as long as there is no connection."""
        return super().read_only or self._link.away

    def transact(self, fn: Callable[[Tx], T], by: str) -> Committed[T]:
        """See `Store.transact`. Others of this process wait: there is one connection."""
        until = time.monotonic() + self._patience
        if not self._looking.acquire(timeout=self._patience):
            raise Busy("another change of this same program is still under way: try again")
        try:
            for attempt in count():
                try:
                    return super().transact(fn, by)
                except (Again, Lost) as error:
                    pause = random.uniform(0.5, 1) * min(_BACK_OFF[0] * 2**attempt, _BACK_OFF[1])
                    if time.monotonic() + pause > until or not self._ready(error, pause, until):
                        raise Busy(f"{error}: nothing was written, try again") from None
        finally:
            self._looking.release()
        raise AssertionError

    def made_by(self, member: str, since: datetime) -> Iterator[Record]:
        """See `Store.made_by`; one query for each page."""
        upto = self.seq
        while upto:
            with self._looking:
                page = self.log.made_by(member, since, upto)
            yield from page
            upto = page[-1].seq - 1 if page else 0

    def _ready(self, error: Busy, pause: float, until: float) -> bool:
        """Wait until it makes sense to try again."""
        if isinstance(error, Lost) or not self._link.up:
            return self._link.regain(until)
        time.sleep(pause)
        return True

    def _pause(self, seconds: float) -> None:
        """Wait for others to write: no longer than till the server wakes us, if it does."""
        with self._looking:
            fd = self._link.fileno() if self._link.wakes else None
        if fd is None:
            self._closed.wait(seconds)
        else:
            with suppress(OSError, ValueError):  # closed meanwhile
                select.select([fd], [], [], seconds)

    def _writer(self, table: str, id: int, field: str) -> tuple[str, datetime | None]:
        return self.log.writer(table, id, field)
