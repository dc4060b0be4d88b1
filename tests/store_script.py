"""The life of a store that is played again and again while it is killed: see `store_check`.

Black box: knows the seam, `checkpoint`, the published file and where the lock is.

The transactions are numbered and each is fixed by its number, so what they leave behind is known beforehand.
Each also writes its number into the store. Beside them people edit the published file, where no transaction
writes, so what they did can be told apart.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain, count, cycle, repeat
from typing import TYPE_CHECKING

from tinydb import TinyDB

from huntertui.store import Doc, Store, Tx, open_store, tiny
from huntertui.store.checkpoint import checkpoint
from huntertui.store.encoded import Numbered, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Tables = dict[str, dict[int, Doc]]

TABLE = "opportunities"
STEPS = "www c w k wC wb w C Fc w d Cw r fc b C d w c iwc wEc kwr d hd C wC EdC"
"""What the letters mean stands in `_STEPS`."""
LIFE_AFTER = "wCcwr"
BULK = 30  # ops, instead of 10,000
_WRITES = 220  # more than the steps make, colleagues included
_LARGE = range(9, _WRITES, 13)  # the numbers of the transactions that write more than BULK ops


class Clock:
    """Goes on by a second each time somebody looks, and by days when told; it begins now, as files do."""

    def __init__(self) -> None:
        self.days = 0
        self._began = datetime.now(UTC)
        self._seconds = count()

    def __call__(self) -> datetime:
        return self._began + timedelta(days=self.days, seconds=next(self._seconds))


def transaction(number: int) -> Callable[[Tx], None]:
    """What the transaction of that number does: the same on every store that has those before it."""

    def write(tx: Tx) -> None:
        tx.label = f"transaction {number}"
        if number == 1:
            tx.insert("script", {"done": 0})
            for n in range(12):
                tx.insert(TABLE, {"company": f"Größe {n} ☃", "amount": 100, "note": "x" * n * 90})
        tx.update("script", 1, {"done": number})
        ids = [id for id, _ in tx.find(TABLE)]
        if number in _LARGE:
            for id in ids:
                tx.update(TABLE, id, {"round": number})
            about = [ids[n % len(ids)] for n in range(BULK)]
            events = [{"at": f"{number}-{n}", "text": "y" * n} for n in range(BULK)]
            if number % 2:
                texts = [encoded(event, "events") for event in events]
                tx.insert_encoded("events", Numbered(texts, "opportunity", about))
            else:
                for event, id in zip(events, about, strict=True):
                    tx.insert("events", event | {"opportunity": id})
            tx.delete(TABLE, ids[-1])
            tx.insert(TABLE, {"company": "Nova", "amount": 0, "note": "ø" * number})
            return
        here, there = ids[number * 7 % len(ids)], ids[number * 5 % len(ids) - 1]
        tx.update(TABLE, here, {"amount": (tx.get(TABLE, here) or {})["amount"] - 1})
        tx.update(TABLE, there, {"amount": (tx.get(TABLE, there) or {})["amount"] + 1})
        if number % 4 == 0:
            tx.insert(TABLE, {"company": "Añadida", "amount": 0, "note": '\n\t"\\' * (number * 40)})
        if number % 4 == 1:
            tx.insert("events", {"opportunity": here, "at": str(number), "text": "z" * (number % 3 * 3000)})
        if number % 4 == 2:
            tx.update(TABLE, there, {"stage": f"stage {number}"}, unset=["note"])
        if number % 4 == 3:
            tx.delete(TABLE, ids[-1])

    return write


def outside(number: int, tables: Tables) -> Tables:
    """The tables with what people have done to them in so many edits of the published file."""
    edited = {name: dict(docs) for name, docs in tables.items()}
    for n in range(1, number + 1):
        edited[TABLE][1] = edited[TABLE][1] | {"outside": f"edited {n}"}
        edited.setdefault("notes", {})[n] = {"text": f"Nota número {n}"}
    return edited


@cache
def states() -> tuple[list[Tables], list[int]]:
    """What the store holds after each number of transactions, and its next free id in TABLE."""
    after: list[Tables] = [{}]
    free = [1]
    with open_store("memory:", "ana", clock=Clock()) as store:
        for number in range(1, _WRITES):
            before = free[-1]
            store.transact(transaction(number), "ana")
            after.append(shown(store))
            free.append(max(before, max(after[-1][TABLE]) + 1))
    return after, free


def shown(store: Store) -> Tables:
    """All documents; tables without any are left out."""
    tables = {name: dict(store.find(name)) for name in ("script", TABLE, "events", "notes")}
    return {name: docs for name, docs in tables.items() if docs}


def published(path: Path) -> Tables:
    """All documents as stock TinyDB finds them in the published file."""
    with TinyDB(path, access_mode="r") as db:
        tables = {
            name: {doc.doc_id: dict(doc) for doc in db.table(name)} for name in db.tables() if name[0] != "_"
        }
    return {name: docs for name, docs in tables.items() if docs}


class Life:
    """The life of a store; `tell` hears of every acknowledged step.

    Call `meanwhile` before each call that changes the disk: a colleague may come by.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path = path
        self._tell = tell
        self._clock = Clock()
        self._done = self._edits = 0
        self._visits: Iterator[Callable[[], None]] | None = None  # what the colleague does each time

    def live(self, steps: str) -> None:
        """Go on from wherever the store is."""
        with ExitStack() as stores:
            self._stores = stores
            self._store, self._other = self._open("ana"), self._open("ben")
            self._done = (self._store.get("script", 1) or {"done": 0})["done"]
            self._edits = len(self._store.find("notes"))
            self._tell(f"found {self._done}")
            for step in steps.replace(" ", ""):
                _STEPS[step](self)

    def meanwhile(self) -> None:
        """Let the colleague write, now and then, unless he would have to wait for the lock."""
        if (visits := self._visits) and _free(self._path.parent / f"{self._path.name}.d" / "lock"):
            self._visits = None  # he is not disturbed himself
            next(visits)()
            self._visits = visits

    def _open(self, by: str) -> Store:
        return self._stores.enter_context(open_store(self._path, by, clock=self._clock))

    def _write(self, store: Store, by: str) -> None:
        assert store.transact(transaction(self._done + 1), by).record
        self._done += 1
        self._tell(f"wrote {self._done}")

    def write(self) -> None:
        self._write(self._store, "ana")

    def write_much(self) -> None:
        while self._done + 1 not in _LARGE:
            self.write()
        self.write()

    def checkpoint(self) -> None:
        before = self._edits
        assert checkpoint(self._path, "ana", self._clock)
        self._tell(f"took {before}")

    def checkpoint_while_one_writes(self) -> None:
        calls: list[Callable[[], None]] = [lambda: self._write(self._other, "ben"), _nothing, _nothing]
        self._visits = cycle(calls)
        self.checkpoint()
        self._visits = None

    def checkpoint_while_one_edits(self) -> None:
        calls = [_nothing] * (self._done % 6 + 1)
        self._visits = chain(calls, [lambda: self.edit("replaced")], repeat(_nothing))
        self.checkpoint()
        self._visits = None

    def edit(self, how: str) -> None:
        self._edits += 1
        self._tell(f"edit {self._edits}")
        _edit(self._path, self._edits, how)
        self._tell(f"edited {self._edits}")

    def break_off(self) -> None:
        """Somebody saves the published file, but only half of it: nobody can read that."""
        os.truncate(self._path, self._path.stat().st_size // 2)

    def keep(self) -> None:
        self._store.keep("rows", self._store.seq, b"%d" % self._done * 500)

    def wait_days(self) -> None:
        self._clock.days += 9

    def open_again(self) -> None:
        self._store.close()
        self._store = self._open("ana")


_STEPS: dict[str, Callable[[Life], None]] = {
    "w": Life.write,
    "b": Life.write_much,
    "c": Life.checkpoint,
    "C": Life.checkpoint_while_one_writes,
    "E": Life.checkpoint_while_one_edits,
    "d": Life.wait_days,
    "k": Life.keep,
    "r": Life.open_again,
    "F": lambda life: life.edit("replaced, synced"),
    "f": lambda life: life.edit("replaced"),
    "i": lambda life: life.edit("in place"),
    "h": Life.break_off,
}


def _nothing() -> None:
    pass


def _edit(path: Path, number: int, how: str) -> None:
    """Edit the published file as people do."""
    data = json.loads(path.read_bytes())
    data[TABLE]["1"]["outside"] = f"edited {number}"
    data.setdefault("notes", {})[str(number)] = {"text": f"Nota número {number}"}
    raw = json.dumps(data, ensure_ascii=number % 2 == 0).encode()
    if how == "in place":
        path.write_bytes(raw)  # not through the tap: of half of it nobody could tell what it was to be
        return
    new = path.with_name("edited.json")
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o660)
    os.write(fd, raw)
    if how == "replaced, synced":
        os.fsync(fd)
    os.close(fd)
    os.chmod(new, 0o660)  # noqa: PTH101  (through the tap)
    os.replace(new, path)  # noqa: PTH105


def _free(lock: Path) -> bool:
    try:
        fd = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True


@contextmanager
def small_bulk() -> Iterator[None]:
    """Let a transaction count as bulk from BULK ops on, in this process."""
    before, tiny.BULK = tiny.BULK, BULK
    try:
        yield
    finally:
        tiny.BULK = before
