"""What the processes do that `torture.py` kills, and what they share."""

from __future__ import annotations

import json
import mmap
import os
import random
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from store_script import BULK

from huntertui.errors import Conflict, NotFound, Resync
from huntertui.store import Doc, Op, Store, Tx, open_store
from huntertui.store.checkpoint import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable


class Place(NamedTuple):
    """Where the tortured store is: its URL, or path; `folder` is for what the processes note."""

    url: str
    folder: Path

    @property
    def published(self) -> bool:
        """Whether it is a file that stock TinyDB opens, which checkpoints write."""
        return "://" not in self.url


Tables = dict[str, dict[int, Doc]]
Work = tuple[str, dict[str, Any]]  # what to do, and with what

RECORDS, COUNTERS, ACCOUNTS, TOPICS = "opportunities", 8, 10, 5
SMALL = ("slots", "counters", "accounts", "topics", "things")
SUM = ACCOUNTS * 1000
ROLES = ("writer", "follower", "writer", "checkpointer", "writer", "newcomer", "writer", "checkpointer")


def now() -> datetime:
    """The clock of all."""
    return datetime.now(UTC)


class Board:
    """Numbers that the processes share and that outlive them, one per slot.

    `number`: the last that was given to a transaction; `open`: that whose outcome is not noted yet (0: none);
    `seen`: the newest `seq`; `told`: how many records the feed has told.
    """

    def __init__(self, slots: int) -> None:
        cells = memoryview(mmap.mmap(-1, 8 * 4 * slots)).cast("Q")
        self.number, self.open, self.seen, self.told = (cells[n * slots : (n + 1) * slots] for n in range(4))

    def newest(self) -> int:
        return max(self.seen)


def write_on(place: Place, slot: int, board: Board, chance: random.Random, records: int) -> None:
    """A writer, until it is killed."""
    log = os.open(place.folder / f"log-{slot}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(log, b"\n")  # a predecessor may have been killed within a long line

    def note(word: str, number: int, *more: Any) -> None:
        os.write(log, json.dumps([word, number, *more]).encode() + b"\n")

    with open_store(place.url, f"writer {slot}", clock=now) as store:
        board.seen[slot] = store.seq
        if number := board.open[slot]:  # a predecessor was killed over it
            done = store.transact(lambda tx: tx.get("slots", slot + 1), "").result  # nobody writes meanwhile
            if (done or {})["done"] == number:
                note("found", number, next((id for id, _ in things(store, slot, number)), None))
            else:
                note("missed", number)
            board.open[slot] = 0
        for number in count(board.number[slot] + 1):
            what, how = choose(store, slot, chance, records)
            board.number[slot] = number
            note("try", number, what, how)
            board.open[slot] = number
            work = partial(perform, slot=slot, number=number, what=what, how=how)
            try:
                note("done", number, store.transact(work, f"writer {slot}").result)
            except (Conflict, NotFound):
                note("refused", number)
            board.open[slot] = 0
            board.seen[slot] = store.seq


def things(store: Store, slot: int, number: int) -> list[tuple[int, Doc]]:
    """What that transaction has inserted."""
    return store.find("things", [("slot", "=", slot), ("number", "=", number)])


def choose(store: Store, slot: int, chance: random.Random, records: int) -> Work:
    """Something to do next, from the state that this process last took in, which may be old."""
    mine = [id for id, _ in store.find("things", [("slot", "=", slot)])]
    dice = chance.random()
    if len(mine) > 90:
        return "clear", {"ids": mine}
    if dice < 0.005:
        return "many", {"count": BULK + 5}
    if dice < 0.12 and mine:
        return "delete", {"id": chance.choice(mine)}
    if dice < 0.3:
        return "insert", {"padding": "ž" * chance.choice([0, 10, 300, 6000])}
    if dice < 0.5:
        here, there = chance.sample(range(1, ACCOUNTS + 1), 2)
        return "move", {"here": here, "there": there, "amount": chance.randrange(1, 50)}
    if dice < 0.65:
        id = chance.randrange(1, TOPICS + 1)
        return "edit", {"id": id, "seen": (store.get("topics", id) or {})["text"]}
    if dice < 0.8:
        return "touch", {"id": chance.randrange(1, records + 1)}
    if dice < 0.81:
        return "retire", {"id": chance.randrange(1, records + 1)}
    return "count", {"id": chance.randrange(1, COUNTERS + 1)}


def thing(slot: int, number: int, how: dict[str, Any]) -> Doc:
    """What is inserted."""
    return {"slot": slot, "number": number, "padding": how.get("padding", "")}


def perform(tx: Tx, slot: int, number: int, what: str, how: dict[str, Any]) -> int | None:
    """Do it, in a transaction; return the id of what was inserted first."""
    tx.label = f"{slot}-{number}"
    tx.update("slots", slot + 1, {"done": number})
    if what in ("insert", "many"):
        ids = [tx.insert("things", thing(slot, number, how)) for _ in range(how.get("count", 1))]
        return ids[0]
    if what == "move":
        for id, amount in ((how["here"], -how["amount"]), (how["there"], how["amount"])):
            tx.update("accounts", id, {"amount": (tx.get("accounts", id) or {})["amount"] + amount})
    elif what == "edit":
        tx.update("topics", how["id"], {"text": tx.label}, expect={"text": how["seen"]})
    elif what == "delete":
        tx.delete("things", how["id"])
    elif what == "clear":
        for id in how["ids"]:
            tx.delete("things", id)
    elif what == "retire":
        tx.delete(RECORDS, how["id"])
    else:
        table = RECORDS if what == "touch" else "counters"
        doc = tx.get(table, how["id"])
        if doc is None:
            raise NotFound("retired")
        tx.update(table, how["id"], {"n": doc.get("n", 0) + 1})
    return None


def come_new(place: Place, slot: int, board: Board, chance: random.Random, records: int) -> None:
    """A reader who opens the store again and again."""
    while True:
        at_least = board.newest()
        with open_store(place.url, "newcomer", clock=now) as store:
            assert store.seq >= at_least, f"opened at {store.seq}, though {at_least} had been seen"
            board.seen[slot] = store.seq
            look(store)
            id = chance.randrange(1, records + 1)
            doc = store.get(RECORDS, id)
            assert doc is None or doc["name"] == f"record {id}"
            if chance.random() < 0.1:
                assert store.find(RECORDS, [("name", "=", f"record {id}")]) == ([(id, doc)] if doc else [])


def follow(place: Place, slot: int, board: Board, chance: random.Random, records: int) -> None:
    """A reader who keeps up by the feed alone, and must have what the store has."""
    with open_store(place.url, "follower", clock=now) as store:
        seq, mine = store.seq, small(store)
        while True:
            at_least = board.newest()
            try:
                records_since = store.changes(seq)
                assert [r.seq for r in records_since] == list(range(seq + 1, store.seq + 1)), (
                    "a gap in the feed"
                )
                board.told[slot] += len(records_since)
                for record in records_since:
                    for op in record.ops:
                        apply(mine, op)
            except Resync:
                mine = small(store)
            assert store.seq >= max(seq, at_least), f"at {store.seq}, though {at_least} had been seen"
            board.seen[slot] = seq = store.seq
            look(store)
            assert small(store) == mine, "the feed tells something else than the store holds"
            if chance.random() < 0.5:
                store.wait(chance.random() / 50)


def keep_checkpointing(place: Place, slot: int, board: Board, chance: random.Random, records: int) -> None:
    """One of those who write new bases; where there are none, one who ends others' connections."""
    while True:
        if place.published:
            checkpoint(Path(place.url), f"checkpointer {slot}", now)
        else:
            end_connection(place.url)
        time.sleep(chance.random() / (10 if place.published else 1))


def end_connection(url: str) -> None:
    """Let the database end anybody's connection."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'huntertui' ORDER BY random() LIMIT 1"
        )


def look(store: Store) -> None:
    """What must hold at any moment."""
    amounts = [doc["amount"] for _, doc in store.find("accounts")]
    assert (len(amounts), sum(amounts)) == (ACCOUNTS, SUM), f"accounts: {amounts}"


def small(store: Store) -> Tables:
    """The tables that are small."""
    return {table: dict(store.find(table)) for table in SMALL}


def apply(tables: Tables, op: Op) -> None:
    """Let an op of the feed happen to one's own copy."""
    if op.table not in tables:
        return
    docs = tables[op.table]
    if op.kind == "i":
        assert op.id not in docs
        docs[op.id] = op.new
    elif op.kind == "d":
        assert docs.pop(op.id) == op.old
    else:
        before = docs[op.id]
        assert {f: before[f] for f in op.old} == op.old
        docs[op.id] = {f: v for f, v in before.items() if f not in op.old} | op.new


DUTIES: dict[str, Callable[[Place, int, Board, random.Random, int], None]] = {
    "writer": write_on,
    "newcomer": come_new,
    "follower": follow,
    "checkpointer": keep_checkpointing,
}
