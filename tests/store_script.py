"""The life of a store that is played again and again while it is killed, and what must hold afterwards.

Black box: knows the seam, `checkpoint`, the published file and where the lock is.

The transactions are numbered and each is fixed by its number, so what they leave behind is known beforehand.
Each also writes its number into the store. Beside them people edit the published file, where no transaction
writes, so what they did can be told apart.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from tinydb import TinyDB

from huntertui.errors import Resync
from huntertui.store import Doc, Store, Tx, open_store, tiny
from huntertui.store.checkpoint import checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Tables = dict[str, dict[int, Doc]]

TABLE = "opportunities"
STEPS = "www c w k wC wb w C Fc w d Cw r fc b C d w c iw Fc kwr d C wC"
"""What the letters mean stands in `_STEPS`."""
LIFE_AFTER = "wCcwr"
BULK = 30  # ops, instead of 10,000
_WRITES = 150  # more than the steps make, colleagues included
_LARGE = range(9, _WRITES, 13)  # the numbers of the transactions that write more than BULK ops
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """Goes on by a second each time somebody looks, and by days when told."""

    def __init__(self) -> None:
        self.days = 0
        self._seconds = count()

    def __call__(self) -> datetime:
        return _NOW + timedelta(days=self.days, seconds=next(self._seconds))


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
            for n in range(BULK):
                tx.insert(
                    "events", {"opportunity": ids[n % len(ids)], "at": f"{number}-{n}", "text": "y" * n}
                )
            tx.delete(TABLE, ids[-1])
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
        self._visits: Iterator[int] | None = None  # of the colleague, while there are any

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
        if visits := self._visits:
            self._visits = None  # he is not disturbed himself
            if next(visits) % 3 == 0 and _free(self._path.parent / f"{self._path.name}.d" / "lock"):
                self._write(self._other, "ben")
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
        assert checkpoint(self._path, "ana", self._clock)
        self._tell(f"took {self._edits}")

    def checkpoint_in_company(self) -> None:
        self._visits = count()
        self.checkpoint()
        self._visits = None

    def edit(self, how: str) -> None:
        self._edits += 1
        self._tell(f"edit {self._edits}")
        _edit(self._path, self._edits, how)
        self._tell(f"edited {self._edits}")

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
    "C": Life.checkpoint_in_company,
    "d": Life.wait_days,
    "k": Life.keep,
    "r": Life.open_again,
    "F": lambda life: life.edit("replaced, synced"),
    "f": lambda life: life.edit("replaced"),
    "i": lambda life: life.edit("in place"),
}


def _edit(path: Path, number: int, how: str) -> None:
    """Edit the published file as people do."""
    data = json.loads(path.read_bytes())
    data[TABLE]["1"]["outside"] = f"edited {number}"
    data.setdefault("notes", {})[str(number)] = {"text": f"Nota número {number}"}
    raw = json.dumps(data, ensure_ascii=number % 2 == 0).encode()
    place = path if how == "in place" else path.with_name("edited.json")
    fd = os.open(place, os.O_WRONLY | os.O_CREAT, 0o660)
    os.write(fd, raw)
    os.ftruncate(fd, len(raw))
    if how != "replaced":
        os.fsync(fd)
    os.close(fd)
    if how != "in place":
        os.chmod(place, 0o660)  # noqa: PTH101  (through the tap)
        os.replace(place, path)  # noqa: PTH105


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


@dataclass
class Heard:
    """What was told before the end came.

    `done`: the last transaction that was acknowledged; `edit`: the last edit begun, `edited`: complete,
    `took`: taken in by a checkpoint that returned.
    """

    done: int = 0
    edit: int = 0
    edited: int = 0
    took: int = 0
    lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        self.lines.append(line)
        word, number = line.split()
        name = "done" if word in ("found", "wrote") else word
        if name == "wrote":
            assert int(number) > self.done
        setattr(self, "took" if word == "took" else name, int(number))

    def allowed(self) -> Iterator[tuple[int, int, Tables]]:
        """(transactions, edits, what the store holds) that may be: what was under way is in or is not."""
        for done in (self.done, self.done + 1):
            for edits in range(self.took, self.edit + 1):
                tables = states()[0][done]
                if tables or not edits:
                    yield done, edits, outside(edits, tables) if tables else {}


def check(path: Path, heard: Heard, *, edits_last: bool) -> None:
    """Assert all that must hold of a store whose process died, and that life goes on.

    `edits_last`: an edit that was complete must arrive (it need not after a power cut: nobody synced it).
    """
    clock = Clock()
    clock.days = 60
    with open_store(path, "cyd", clock=clock) as store:
        found = shown(store)
        match = [(done, edits) for done, edits, tables in heard.allowed() if tables == found]
        assert match, f"not a state that may be: {_difference(found, heard)}"
        assert not store.read_only
        done, edits = match[0]
        if done:
            _feed_has_no_gaps(store)
        id = store.transact(lambda tx: tx.insert(TABLE, {"company": "After"}), "cyd").result
        assert id >= states()[1][done], f"id {id} was given away before"
        _may_have(shown(store), done, edits, heard, id)
    assert checkpoint(path, "cyd", clock)
    with open_store(path, "dan", clock=clock) as store:
        found = shown(store)
        edits = _may_have(found, done, edits, heard, id)
        assert not edits_last or edits >= heard.edited, f"{heard.edited} edits outside, only {edits} arrived"
    assert published(path) == found, "stock TinyDB finds something else"
    _tidy(path)


def _may_have(found: Tables, done: int, edits: int, heard: Heard, id: int) -> int:
    """The number of edits that are in, all else being as it must be."""
    for more in range(edits, heard.edit + 1):
        tables = outside(more, states()[0][done]) if done else {}
        tables = {**tables, TABLE: tables.get(TABLE, {}) | {id: {"company": "After"}}}
        if tables == found:
            return more
    raise AssertionError(f"after one more change: {_difference(found, heard)}")


def _feed_has_no_gaps(store: Store) -> None:
    since = store.seq
    with suppress(Resync):
        while since > 0 and (records := store.changes(since - 1)):
            assert [record.seq for record in records] == list(range(since, store.seq + 1))
            since -= 1


def _tidy(path: Path) -> None:
    """Whatever the umask, colleagues can go on; and nothing is left lying about."""
    folder = path.with_name(f"{path.name}.d")
    for place in [path.parent, path, folder, *folder.iterdir()]:
        mode = stat.S_IMODE(place.stat().st_mode)
        assert mode == (0o2770 if place.is_dir() else 0o660), f"{place.name} has mode {mode:o}"
        assert not place.name.endswith(".tmp"), f"{place.name} is left over"
    assert not [place.name for place in path.parent.iterdir() if place.name.endswith(".tmp")]


def _difference(found: Tables, heard: Heard) -> str:
    """In a line, what is there and should not be, for the state that must be the nearest."""

    def unlike(tables: Tables) -> list[tuple[str, int, Any, Any]]:
        keys = {(name, id) for t in (found, tables) for name, docs in t.items() for id in docs}
        pairs = ((n, i, found.get(n, {}).get(i), tables.get(n, {}).get(i)) for n, i in sorted(keys))
        return [pair for pair in pairs if pair[2] != pair[3]]

    done, edits, tables = min(heard.allowed(), key=lambda one: len(unlike(one[2])))
    some = "; ".join(f"{n} #{i} is {str(a)[:90]}, not {str(b)[:90]}" for n, i, a, b in unlike(tables)[:3])
    return f"{heard.lines[-3:]}, nearest to {done} transactions with {edits} edits: {some}"


@contextmanager
def small_bulk() -> Iterator[None]:
    """Let a transaction count as bulk from BULK ops on, in this process."""
    before, tiny.BULK = tiny.BULK, BULK
    try:
        yield
    finally:
        tiny.BULK = before
