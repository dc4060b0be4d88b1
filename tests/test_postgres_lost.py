"""A store in a database whose server, or the line to it, is gone: nothing is lost, nothing happens twice."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from postgres import Server, until
from store_kinds import TABLE, Backend, add, change
from wire import Wire

from huntertui.errors import Busy, Damaged, HunterError, Uncertain
from huntertui.store.postgres import link
from huntertui.store.postgres.link import Link

if TYPE_CHECKING:
    from huntertui.store import Doc, Store, Tx

OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'huntertui' AND datname = current_database()"
)


@pytest.fixture
def backend(postgres: Server) -> Backend:
    return Backend(postgres.url(postgres.emptied()))


@pytest.fixture
def database(postgres: Server, backend: Backend) -> str:
    """Its name."""
    return postgres.emptied(begun=True)


@pytest.fixture
def wire(postgres: Server) -> Iterator[tuple[Wire, Backend]]:
    folder = Path(tempfile.mkdtemp(prefix="wire-"))
    wire = Wire(folder, postgres.folder)
    yield wire, Backend(f"postgresql://admin@/{postgres.emptied()}?host={folder}")
    wire.close()
    shutil.rmtree(folder)


def test_an_ended_connection_is_not_noticed(postgres: Server, backend: Backend, database: str) -> None:
    with backend.open() as store:
        id = add(store, {"n": 1})
        for n in range(2, 5):
            postgres.ask(OTHERS, database)
            assert store.find(TABLE) == [(id, {"n": n - 1})]
            postgres.ask(OTHERS, database)
            assert store.latest(TABLE, 1) == [(id, {"n": n - 1})]
            postgres.ask(OTHERS, database)
            change(store, id, {"n": n})
            assert store.read_only == ""
        assert [record.seq for record in store.changes(0)] == [1, 2, 3, 4]


def test_a_transaction_whose_connection_is_ended_is_run_again(
    postgres: Server, backend: Backend, database: str
) -> None:
    runs = []

    def work(tx: Tx) -> int:
        runs.append(len(tx.find(TABLE)))
        if len(runs) < 3:
            postgres.ask(OTHERS, database)
        return tx.insert(TABLE, {"n": 1})

    with backend.open() as store:
        add(store, {"n": 0})
        assert store.transact(work, "ana").result == 2
        assert runs == [1, 1, 1]
        assert (len(store.find(TABLE)), store.seq) == (2, 2)


@pytest.mark.parametrize(
    ("word", "lose", "runs"),
    [
        (b"UPDATE huntertui.store", True, 2),  # what was written never reached the server
        (b"COMMIT", False, 1),  # it did, but the line was cut before the answer
        (b"INSERT 0 1", True, 1),  # the answer was lost
    ],
)
def test_a_lost_answer_is_looked_up(wire: tuple[Wire, Backend], word: bytes, lose: bool, runs: int) -> None:
    line, backend = wire
    ran = []

    def work(tx: Tx) -> None:
        ran.append(1)
        tx.update(TABLE, 1, {"n": (tx.get(TABLE, 1) or {})["n"] + 1})

    with backend.open() as store, backend.open("ben") as ben:
        add(store, {"n": 0})
        line.cut_at, line.lose = word, lose
        record = store.transact(work, "ana").record
        assert line.cuts == 1
        assert (len(ran), record and record.seq) == (runs, 2)
        assert ben.refresh()
        for one in (store, ben):
            assert (one.get(TABLE, 1), one.seq) == ({"n": 1}, 2)
            assert one.changes(1) == [record]


def test_an_answer_that_nobody_can_give_is_uncertain(
    wire: tuple[Wire, Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Link, "answer", 0.5)
    line, backend = wire
    with backend.open() as store:
        add(store, {"n": 0})
        line.cut_at = b"UPDATE huntertui.store"
        line.close()
        with pytest.raises(Uncertain):
            change(store, 1, {"n": 1})


def test_a_restart_in_the_middle_of_work(postgres: Server, backend: Backend) -> None:
    with backend.open("ana") as ana, backend.open("ben") as ben:
        id = add(ana, {"n": 0})
        assert ben.refresh()
        postgres.stop("fast")
        try:
            assert not ben.refresh()
            until(lambda: not ben.refresh() and ben.read_only)
            assert "no connection to the database" in ben.read_only
            assert ben.get(TABLE, id) == {"n": 0}  # what is at hand can be looked at
            with pytest.raises(Busy):
                ben.find("events")
            waiting = threading.Thread(target=change, args=(ana, id, {"n": 1}))
            waiting.start()
        finally:
            postgres.start()
        waiting.join(30)
        until(lambda: ben.refresh() or not ben.read_only)
        until(lambda: ben.refresh() or ben.seq == 2)
        assert (ben.read_only, ben.get(TABLE, id), ana.seq) == ("", {"n": 1}, 2)


def test_a_database_that_was_set_back_is_left_alone(postgres: Server, backend: Backend) -> None:
    with backend.open() as store:
        for n in range(3):
            add(store, {"n": n})
        postgres.ask("UPDATE huntertui.store SET seq = 1", postgres.shared)
        with pytest.raises(Damaged, match="set back"):
            add(store, {})
        assert "set back" in store.read_only
        with pytest.raises(Damaged):
            add(store, {})
        assert (store.find(TABLE)[-1], store.refresh()) == ((3, {"n": 2}), False)


def test_a_paused_server_is_given_up(
    postgres: Server, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Link, "answer", 0.3)
    with backend.open() as store:
        store._patience = 1.0  # type: ignore[attr-defined]
        id = add(store, {"n": 0})
        with postgres.paused():
            began = time.monotonic()
            with pytest.raises(Busy, match="nothing was written"):
                change(store, id, {"n": 1})
            assert not store.refresh()
            assert time.monotonic() - began < 10
            until(lambda: store.read_only)
            assert store.get(TABLE, id) == {"n": 0}
        until(lambda: store.refresh() or not store.read_only)
        change(store, id, {"n": 2})
        assert [record.ops[0].new for record in store.changes(0)] == [{"n": 0}, {"n": 2}]


def test_without_a_free_connection(
    postgres: Server, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "GRACE", 0.2)
    database = postgres.database()
    postgres.ask(f"CREATE ROLE few LOGIN PASSWORD 'few'; ALTER DATABASE {database} OWNER TO few", "postgres")
    postgres.ask("ALTER ROLE few CONNECTION LIMIT 1", "postgres")
    backend = Backend(postgres.url(database, "few", "&password=few"))
    with backend.open("ana") as ana:
        add(ana, {})
        with pytest.raises(Busy, match="too many connections") as refused:
            backend.open("ben")
        assert refused.value.exit_code == 5
        postgres.ask("ALTER ROLE few CONNECTION LIMIT 0", "postgres")
        postgres.ask(OTHERS, database)
        until(lambda: not ana.refresh() and ana.read_only)
        with pytest.raises(Busy):
            ana.find("events")
        postgres.ask("ALTER ROLE few CONNECTION LIMIT 1", "postgres")
        until(lambda: not ana.refresh() and not ana.read_only)
        assert add(ana, {}) == 2


def test_thirty_at_work_while_the_server_restarts_twice(postgres: Server) -> None:
    backend = Backend(postgres.url(postgres.emptied()))
    acknowledged: list[list[int]] = [[] for _ in range(30)]
    faults: list[HunterError] = []
    over = threading.Event()

    def work(who: int, store: Store) -> None:
        for n in count():
            try:
                store.transact(partial(insert, {"who": who, "n": n}), "ana")
                acknowledged[who].append(n)
            except Busy:  # nothing was written
                store.refresh()
            except HunterError as error:
                faults.append(error)
                return
            if over.wait(0.02):
                return

    def insert(doc: Doc, tx: Tx) -> int:
        return tx.insert(TABLE, doc)

    def all_go_on() -> None:
        so_far = [len(mine) for mine in acknowledged]
        until(lambda: all(len(mine) > before for mine, before in zip(acknowledged, so_far, strict=True)))

    stores = [backend.open(f"member{who}") for who in range(30)]
    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(stores)]
    for thread in threads:
        thread.start()
    for how in ("fast", "immediate"):
        all_go_on()
        postgres.restart(how)
    all_go_on()
    over.set()
    for thread in threads:
        thread.join(60)
    assert not faults
    for store in stores:
        store.close()
    with backend.open() as store:
        found = [(doc["who"], doc["n"]) for _, doc in store.find(TABLE)]
        assert sorted(found) == [(who, n) for who, mine in enumerate(acknowledged) for n in mine]
        assert [record.seq for record in store.changes(0)] == list(range(1, len(found) + 1))
