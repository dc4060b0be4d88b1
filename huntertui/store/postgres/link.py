"""The connection to the database: what goes wrong there in our words, and how it is mended.

One connection for each process. Whoever uses it holds the store's lock. When it is lost, a thread of its own
seeks another, so that nobody waits for a server that does not answer.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from huntertui.errors import Busy, Full, HunterError, NotAllowed, StoreError, Usage

if TYPE_CHECKING:
    from psycopg.abc import PQGen

RV = TypeVar("RV")

Query = str | sql.Composed
Rows = list[tuple[Any, ...]]
Step = tuple[Query, Sequence[Any]]

NOTIFY = True  # whether to be woken by the server, where it is able to
CHANNEL = "huntertui"
ANSWER = 5.0  # seconds in which the server answers, else it counts as gone: as long a key may have to wait
GRACE = 3.0  # seconds after a loss in which who only reads waits for another connection; later he is told
PAUSE = (0.1, 0.5)  # seconds between two attempts to connect
BLINK = 1.0  # seconds that a connection may be gone before anybody is told
LONGEST = 5.0  # the same, when it has been in vain for long
_LOOK = 0.02

AWAY = "no connection to the database, seeking one"

AGAIN = {"40001", "40P01", "25P02"}
"""Serialization failure, deadlock; and what follows either in the same transaction."""

GONE = {"57P01", "57P02", "57P03", "57P05", "25P03", "25006", "53300", "40003"}
"""Shut down, crashed, starting up; idle for too long, alone or in a transaction; a standby that takes no
changes; no connection left; and an answer that a cluster could not give."""

UNKNOWN = ("authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry")
"""What a server says in English to whom it does not let in; there is no code for that while one connects. One
that speaks another language just cannot be reached."""

logging.getLogger("psycopg").propagate = False  # nobody reads it: it would be printed over the screen
logging.getLogger("psycopg").addHandler(logging.NullHandler())


class Lost(Busy):
    """There is no connection to the database (any more)."""


class Again(Busy):
    """The transaction came to nothing because of another one; it is to be run anew."""


class Patient(psycopg.Connection[tuple[Any, ...]]):
    """A connection that waits for an answer no longer than `patience` seconds.

    Without that, a server that is stopped or a line that is cut would be waited for as long as the kernel
    waits.
    """

    patience = ANSWER

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """See psycopg; then the connection is of no use any more."""
        return super().wait(gen, interval, self.patience if timeout is None else timeout)


class Link:
    """The connection, if there is one. `answer`: seconds in which the server answers."""

    answer = ANSWER

    def __init__(self, url: str) -> None:
        """Nothing is connected yet. Usage: the URL is none."""
        try:
            given = conninfo_to_dict(url)
        except psycopg.Error:  # its message may quote a password
            raise Usage("that is no URL of a database: postgresql://USER@HOST/DATABASE") from None
        given.setdefault("connect_timeout", "5")
        given.setdefault("application_name", "huntertui")
        self._conninfo = make_conninfo("", **given)
        self._connection: Patient | None = None
        self._found: Patient | None = None  # by the thread that seeks
        self._seeking: threading.Thread | None = None
        self._due = self._pause = 0.0
        self._lost = -GRACE  # when (monotonic)
        self._closed = False
        self.bound = False  # a transaction is under way, which no other connection could go on with
        self.wakes = False
        self.times = 0  # connected

    def open(self) -> None:
        """Connect; a server that does not take us may do so in a moment. Lost, NotAllowed."""
        until = time.monotonic() + GRACE
        while True:
            try:
                self._adopt(self._connect())
            except Lost:
                if time.monotonic() > until:
                    raise
                time.sleep(random.uniform(*PAUSE))
            else:
                return

    @property
    def up(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._connection is not None

    @property
    def away(self) -> str:
        """What to say of a connection that is gone; "" if there is one, or was a moment ago."""
        gone = self._connection is None and time.monotonic() - self._lost > BLINK
        return AWAY if gone else ""

    def mend(self) -> bool:
        """Whether there is a connection; if not, have one sought, now and then."""
        if self._connection is not None:
            return True
        if self._seeking is None:
            if time.monotonic() >= self._due and not self._closed:
                self._seeking = threading.Thread(target=self._seek, name="database", daemon=True)
                self._seeking.start()
        elif not self._seeking.is_alive():
            self._seeking = None
            found, self._found = self._found, None
            if found is not None:
                with suppress(HunterError):  # as short-lived as that: sought anew
                    self._adopt(found)
            self._due = time.monotonic() + random.uniform(self._pause / 2, self._pause)
        return self._connection is not None

    def regain(self, until: float) -> bool:
        """Wait for a connection until that moment (monotonic)."""
        while not self.mend():
            if time.monotonic() > until or self._closed:
                return False
            time.sleep(_LOOK)
        return True

    def read(self, query: Query, values: Sequence[Any] = (), patience: float = 0) -> Rows:
        """The rows of one statement that only reads: over another connection, if this one is lost."""
        while True:
            try:
                return self.all(query, values, patience)
            except Again:
                if self.bound:
                    raise
            except Lost:
                if self.bound or not self.regain(self._lost + GRACE):
                    raise

    def all(self, query: Query, values: Sequence[Any] = (), patience: float = 0) -> Rows:
        """The rows of one statement. Lost, Again, and what else `explained` makes."""
        return self.batch([(query, values)], patience)[-1]

    def batch(self, steps: Sequence[Step], patience: float = 0) -> list[Rows]:
        """The rows of several statements that are sent at once; a statement with a list of lists of values
        is done for each of these, and returns none. `patience`: seconds for an answer, 0: `answer`."""
        connection = self._connection
        if connection is None:
            raise Lost(AWAY)
        connection.patience = patience or self.answer
        several = connection.pipeline() if len(steps) > 1 else nullcontext()
        try:
            with several:
                cursors = []
                for query, values in steps:
                    cursor = connection.cursor()
                    if isinstance(values, list):
                        cursor.executemany(query, values)
                    else:
                        cursor.execute(query, values)
                    cursors.append(cursor)
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
        except psycopg.Error as error:
            made = explained(error)
            if isinstance(made, Lost):
                self.drop()
            raise made from None
        finally:
            connection.patience = self.answer

    def script(self, text: str) -> None:
        """Run several statements without values, as one transaction. Again: somebody does the same."""
        connection = self._connection
        if connection is None:
            raise Lost(AWAY)
        try:
            connection.execute(text)
        except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject) as error:
            raise Again("somebody else makes the same tables") from error
        except psycopg.Error as error:
            raise explained(error) from None

    @property
    def in_transaction(self) -> bool:
        """Whether there is an open one."""
        connection = self._connection
        idle = psycopg.pq.TransactionStatus.IDLE
        return connection is not None and connection.info.transaction_status != idle

    def fileno(self) -> int | None:
        """What becomes readable when the server has something to say."""
        with suppress(psycopg.Error):
            return self._connection.fileno() if self._connection is not None else None
        return None

    def drop(self) -> None:
        """Let go of the connection, which is of no use any more, and seek another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            self._due, self._pause, self._lost = 0.0, PAUSE[0], time.monotonic()

    def close(self) -> None:
        """Let go of everything."""
        self._closed = True
        for connection in (self._connection, self._found):
            if connection is not None:
                connection.close()
        self._connection = self._found = None

    def _connect(self) -> Patient:
        try:
            return Patient.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise explained(error) from None

    def _adopt(self, connection: Patient) -> None:
        self._connection = connection
        connection.add_notify_handler(lambda _: None)  # else they are kept for somebody to read them
        try:
            self.all(f"LISTEN {CHANNEL}") if NOTIFY else None
            self.wakes = NOTIFY
        except Lost:
            raise
        except StoreError:
            self.wakes = False  # an engine without it
        self._pause = 0.0
        self.times += 1

    def _seek(self) -> None:
        try:
            found = self._connect()
        except HunterError:
            self._pause = min(max(self._pause, PAUSE[0]) * 2, LONGEST)
            return
        if self._closed:
            found.close()
        else:
            self._found = found


def explained(error: psycopg.Error) -> HunterError:
    """What the server or the line said, in our words, without any value of the user's."""
    state, said = error.sqlstate, _said(error)
    if isinstance(error, psycopg.errors._WaitTimeout):
        return Lost("the database does not answer")
    if state in AGAIN:
        return Again("others keep changing the same")
    if state == "42501":
        return NotAllowed(f"the database does not permit it: {said}")
    if state in ("55P03", "57014"):
        return Busy("somebody else's change is under way for too long: nothing was written, try again")
    if state == "53100":
        return Full("the database's disk is full: nothing was written")
    if (state or "")[:2] == "28" or (state is None and any(word in said for word in UNKNOWN)):
        return NotAllowed(f"the database does not let you in: {said}")
    if (
        (state is None and isinstance(error, psycopg.OperationalError))
        or state in GONE
        or (state or "")[:2] == "08"
    ):
        return Lost(f"the database cannot be reached: {said}")
    return StoreError(f"the database refused: {said} ({state})")


def _said(error: psycopg.Error) -> str:
    """What was said, in a line: of the server's words only the first, as the others may quote values."""
    text = error.diag.message_primary or str(error)
    return " ".join(text.split())[:300]
