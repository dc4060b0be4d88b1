"""Many processes on one store that are killed, stopped and started again all the time, and an exact account.

    python tests/torture.py --seconds 3600 [--seed N] [--kills 10000] [--store URL]

Writers count up, move amounts, insert, delete, edit; readers open and follow; checkpointers compete (in the
empty database of `--store`, connections are ended in their place). Each
writer notes in a file of its own what it is about to do, and what became of it. As every transaction also
writes its number into its writer's document, it is known of each, even of those whose writer was killed,
whether it took place; so every few seconds, when all are dead, the account must give exactly what the store
holds, and what stock TinyDB finds in the published file.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store_script import published, small_bulk
from victims import (
    ACCOUNTS,
    COUNTERS,
    DUTIES,
    RECORDS,
    ROLES,
    SUM,
    TOPICS,
    Board,
    Place,
    Tables,
    Work,
    now,
    small,
    thing,
    things,
)

from huntertui.store import Doc, Store, Tx, open_store
from huntertui.store.checkpoint import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROUND = 8.0  # seconds between two accounts


class Account:
    """What the store must hold, by all that was noted. AssertionError says what is wrong."""

    def __init__(self, place: Place, board: Board) -> None:
        self.tally: Counter[str] = Counter()
        self._place = place
        self._board = board
        self._given: set[int] = set()  # ids of things
        with open_store(place.url, "account", clock=now) as store:
            self._tables = small(store) | {RECORDS: dict(store.find(RECORDS))}

    def settle(self) -> None:
        """Read what was noted since the last time, and compare. Nobody may be at work."""
        place, board = self._place, self._board
        with open_store(place.url, "account", clock=now) as store:
            store.transact(lambda tx: None, "account")  # what the dead had sent may have to be waited for
            found = small(store) | {RECORDS: dict(store.find(RECORDS))}
            assert store.seq >= board.newest(), (
                f"the store is at {store.seq}, though {board.newest()} had been seen"
            )
            later: list[Callable[[], None]] = []
            self._edits: dict[int, dict[str, str]] = {id: {} for id in self._tables["topics"]}
            for slot in range(len(board.number)):
                for number, what, how, first in self._took_place(store, slot):
                    self._tables["slots"][slot + 1]["done"] = number
                    if what in ("insert", "many"):
                        self._inserted(slot, number, how, first)
                    else:
                        later.append(partial(self._happened, f"{slot}-{number}", what, how))
        for happen in later:
            happen()
        for id, chain in self._edits.items():
            text = self._tables["topics"][id]["text"]
            while text in chain:
                text = chain.pop(text)
            assert not chain, f"topic #{id}: edits that follow on nothing: {chain}"
            self._tables["topics"][id]["text"] = text
        compare("the store", found, self._tables)
        if place.published:
            checkpoint(Path(place.url), "account", now)
            compare("the published file", published(Path(place.url)), self._tables)

    def _took_place(self, store: Store, slot: int) -> Iterator[tuple[int, str, dict[str, Any], int | None]]:
        """(number, what, how, first id) of what a writer did, or was killed over after it had happened."""
        log = self._place.folder / f"log-{slot}"
        tried: dict[int, Work] = {}
        for line in filter(None, log.read_bytes().split(b"\n")) if log.exists() else ():
            try:
                word, number, *more = json.loads(line)
            except ValueError:
                assert line.startswith(b'["try"'), "only what was tried is so long that a kill can cut it"
                continue
            if word == "try":
                tried[number] = (more[0], more[1])
            elif work := tried.pop(
                number, None
            ):  # else noted already, by a predecessor who died before he said so
                self.tally[word] += 1
                if word in ("done", "found"):
                    yield number, *work, more[0]
        last = (store.get("slots", slot + 1) or {})["done"]
        if last in tried and self._board.open[slot] == last:
            self.tally["found"] += 1
            yield last, *tried[last], next((id for id, _ in things(store, slot, last)), None)
        self._board.open[slot] = 0
        log.unlink(missing_ok=True)

    def _inserted(self, slot: int, number: int, how: dict[str, Any], first: int | None) -> None:
        assert first, f"transaction {slot}-{number} happened, but inserted nothing"
        for id in range(first, first + how.get("count", 1)):
            assert id not in self._given, f"id {id} of things was given away twice"
            self._given.add(id)
            self._tables["things"][id] = thing(slot, number, how)

    def _happened(self, token: str, what: str, how: dict[str, Any]) -> None:
        tables = self._tables
        if what == "move":
            tables["accounts"][how["here"]]["amount"] -= how["amount"]
            tables["accounts"][how["there"]]["amount"] += how["amount"]
        elif what == "edit":
            assert how["seen"] not in self._edits[how["id"]], f"two edits of one text: {how}"
            self._edits[how["id"]][how["seen"]] = token
        elif what in ("delete", "clear"):
            for id in [how["id"]] if what == "delete" else how["ids"]:
                assert tables["things"].pop(id, None), f"thing #{id} was deleted but never there"
        elif what == "retire":
            del tables[RECORDS][how["id"]]
        elif doc := tables[RECORDS if what == "touch" else "counters"].get(how["id"]):  # else retired since
            doc["n"] = doc.get("n", 0) + 1


def compare(whose: str, found: Tables, tables: Tables) -> None:
    """Assert that they are the same."""
    for table, docs in tables.items():
        assert found.get(table, {}) == docs, (
            f"{whose} has other {table}: {unlike(found.get(table, {}), docs)}"
        )


def unlike(found: dict[int, Doc], docs: dict[int, Doc]) -> str:
    """The first few differences."""
    ids = [id for id in sorted(found.keys() | docs.keys()) if found.get(id) != docs.get(id)]
    some = "; ".join(f"#{id} is {str(found.get(id))[:120]}, not {str(docs.get(id))[:120]}" for id in ids[:4])
    return f"{len(ids)} differ: {some}"


class Torturer:
    """Starts the processes, kills them, starts them again."""

    def __init__(self, place: Place, slots: int, records: int, rate: float, seed: int) -> None:
        self.kills = self.stops = self.starts = 0
        self.failures: list[str] = []
        self.board = Board(slots)
        self._place, self._records, self._rate, self._seed = place, records, rate, seed
        self._chance = random.Random(seed)
        self._errors = place.folder / "errors"
        self._slots: dict[int, int] = {}  # process id -> slot
        self._killed: set[int] = set()
        self._stopped: list[tuple[float, int]] = []  # (until, process id)

    def go_on(self, seconds: float, kills: int) -> None:
        """Torture for so long, or until there were so many kills, or something failed."""
        end = time.monotonic() + seconds
        for slot in range(len(self.board.number)):
            self._start(slot)
        strike = time.monotonic()
        while (present := time.monotonic()) < end and self.kills < kills and not self.failures:
            if present >= strike:
                strike += self._chance.expovariate(self._rate)
                self._strike(present)
            for until, pid in self._stopped:
                if until <= present and pid in self._slots:
                    os.kill(pid, signal.SIGCONT)
            self._stopped = [one for one in self._stopped if one[0] > present]
            self._reap(os.WNOHANG, again=True)
            time.sleep(0.001)
        for pid in self._slots.keys() - self._killed:
            os.kill(pid, signal.SIGKILL)
            self._killed.add(pid)
            self.kills += 1
        while self._slots:
            self._reap(0, again=False)

    def _strike(self, present: float) -> None:
        alive = sorted(self._slots.keys() - self._killed)
        if not alive:
            return
        pid = self._chance.choice(alive)
        if self._chance.random() < 0.15:
            os.kill(pid, signal.SIGSTOP)
            self._stopped.append((present + self._chance.random() * 0.06, pid))
            self.stops += 1
        else:
            os.kill(pid, signal.SIGKILL)
            self._killed.add(pid)
            self.kills += 1

    def _reap(self, options: int, *, again: bool) -> None:
        while self._slots:
            pid, status = os.waitpid(-1, options)
            if not pid:
                return
            slot = self._slots.pop(pid)
            if pid not in self._killed or os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                said = self._errors.read_text() if self._errors.exists() else "nothing"
                self.failures.append(f"{ROLES[slot % len(ROLES)]} {slot} ended by itself: {said}")
            self._killed.discard(pid)
            if again:
                self._start(slot)

    def _start(self, slot: int) -> None:
        self.starts += 1
        pid = os.fork()
        if pid:
            self._slots[pid] = slot
            return
        try:
            os.nice(5)
            duty = DUTIES[ROLES[slot % len(ROLES)]]
            duty(self._place, slot, self.board, random.Random(f"{self._seed} {self.starts}"), self._records)
        except BaseException:
            with self._errors.open("a") as errors:
                traceback.print_exc(file=errors)
        finally:
            os._exit(1)


def prepare(place: Place, slots: int, records: int) -> None:
    """Fill an empty store."""

    def fill(tx: Tx) -> None:
        for _ in range(slots):
            tx.insert("slots", {"done": 0})
        for _ in range(COUNTERS):
            tx.insert("counters", {"n": 0})
        for _ in range(ACCOUNTS):
            tx.insert("accounts", {"amount": SUM // ACCOUNTS})
        for n in range(TOPICS):
            tx.insert("topics", {"text": f"topic {n}"})
        for n in range(1, records + 1):
            tx.insert(RECORDS, {"name": f"record {n}", "padding": "x" * 300})

    with open_store(place.url, "account", clock=now) as store:
        store.transact(fill, "account")


def run(
    place: Place, seconds: float, kills: int, slots: int, records: int, rate: float, seed: int
) -> list[str]:
    """Torture a new store; return what failed."""
    began = time.monotonic()
    prepare(place, slots, records)
    torturer = Torturer(place, slots, records, rate, seed)
    account = Account(place, torturer.board)
    gc.freeze()  # the children share what stands here
    rounds, failures = 0, torturer.failures
    while not failures and torturer.kills < kills and (left := began + seconds - time.monotonic()) > 0:
        torturer.go_on(min(left, _ROUND), kills)
        try:
            account.settle()
            rounds += 1
        except Exception as error:
            failures.append(
                f"the account: {error}" if isinstance(error, AssertionError) else traceback.format_exc()
            )
    told, took = sum(torturer.board.told), time.monotonic() - began
    killed_over = account.tally["found"] + account.tally["missed"]
    if not (told and account.tally["done"] and killed_over):
        failures.append("nobody did anything that could have failed")
    print(
        f"torture: {torturer.kills} kills ({torturer.kills / took:.0f}/s), {torturer.stops} stops, "
        f"{account.tally['done']} acknowledged, {account.tally['found']} found done and "
        f"{account.tally['missed']} not done after a kill, {account.tally['refused']} conflicts, "
        f"{told} records followed, {rounds} accounts, {len(failures)} failures, seed {seed}, {took:.0f} s"
    )
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description="Torture a store with many processes that are killed.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=10**9, help="stop after so many")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=60, help="kills and stops a second")
    parser.add_argument("--folder", type=Path, help="where (default: the system's for what is temporary)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--store", help="an empty database's URL (default: a file)")
    parser.add_argument("--keep", action="store_true", help="keep the store, also when nothing failed")
    o = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=o.folder))
    place = Place(o.store or str(folder / "store.json"), folder)
    with small_bulk():
        failures = run(place, o.seconds, o.kills, o.processes, o.records, o.rate, o.seed)
    for failure in failures:
        print(f"FAILED: {failure}")
    if failures or o.keep:
        print(f"left in {folder}")
    else:
        shutil.rmtree(folder)
    return min(len(failures), 1)


if __name__ == "__main__":
    sys.exit(main())
