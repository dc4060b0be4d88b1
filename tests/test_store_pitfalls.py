"""The ways in which stores of many processes fail, each by its name.

6, all about the lock: test_store_lock. 7 and 8, disks that are full or fail: test_store_damage. 9, files
edited outside: test_store_outside. 13, two users: test_store_files. 16, chance and seeds: test_store_torture.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    CONTEXT,
    NOW,
    TABLE,
    add,
    change,
    checkpoint_at,
    die,
    in_child,
    journal,
    open_at,
    remove,
    store_path,
)
from tinydb import TinyDB

from huntertui.errors import BadValue, Upgraded
from huntertui.store.journal import Journal, folder_of
from huntertui.store.record import seal, unseal
from huntertui.store.segment import Segment
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntertui.store import Tx

path = pytest.fixture(store_path)


def numbers(path: Path) -> list[Any]:
    with open_at(path, "reader") as store:
        return [doc["n"] for _, doc in store.find(TABLE)]


def test_pitfall_01_ids_come_only_once(path: Path) -> None:
    with open_at(path) as stale, open_at(path, "ben") as store:
        assert (add(stale, {}), add(store, {}), add(stale, {}), add(store, {})) == (1, 2, 3, 4)
        remove(stale, 4)
        assert add(store, {}) == 5
        remove(store, 5)
        checkpoint_at(path)
        assert add(stale, {}) == 6
        for id in (1, 2, 3, 6):
            remove(store, id)
        checkpoint_at(path)
    with open_at(path) as store:
        assert (store.find(TABLE), add(store, {})) == ([], 7)
    with closing(TinyDB(path, access_mode="r")) as db:
        assert db.table("_meta").get(doc_id=1)["next"] == {TABLE: 7}  # type: ignore[index]


def test_pitfall_02_a_query_is_never_stale(path: Path) -> None:
    with open_at(path) as store, open_at(path, "ben") as colleague:
        add(store, {"stage": "new"})
        colleague.refresh()
        won = [("stage", "=", "won")]
        for _ in range(2):
            assert colleague.find(TABLE, won) == []
        change(store, 1, {"stage": "won"})
        colleague.refresh()
        assert colleague.find(TABLE, won) == [(1, {"stage": "won"})]


@pytest.mark.parametrize("published", [False, True])
def test_pitfall_03_what_is_handed_out_is_a_copy(path: Path, published: bool) -> None:
    with open_at(path) as store:
        add(store, {"tags": [{"a": []}]})
        add(store, {"tags": []})
        change(store, 2, {"tags": [{"a": []}]})
        if published:
            checkpoint_at(path)
    with open_at(path) as store:
        store.get(TABLE, 1)["tags"][0]["a"].append(1)  # type: ignore[index]
        store.find(TABLE)[1][1]["tags"].clear()
        store.changes(store.seq - 1)[0].ops[0].new["tags"] = 5

        def spoil(tx: Tx) -> None:
            (tx.get(TABLE, 1) or {})["tags"].clear()
            for _, doc in tx.find(TABLE):
                doc["tags"].append(2)

        assert store.transact(spoil, "ana").record is None
        assert store.find(TABLE) == [(1, {"tags": [{"a": []}]}), (2, {"tags": [{"a": []}]})]


def test_pitfall_04_half_a_line_of_a_slow_writer(path: Path) -> None:
    """A reader sees what is whole, at every byte; a torn tail and a damaged middle: test_store_damage."""
    with open_at(path) as store:
        for n in range(4):
            add(store, {"n": n, "text": "☃" * 20})
        whole = journal(path).read_bytes()
    second = whole.index(b'{"s":2')
    with journal(path).open("r+b", buffering=0) as file, open_at(path) as first:
        assert first.seq == 4
        file.truncate(second)
        with open_at(path) as reader:
            for at in range(second, len(whole)):
                file.seek(0, os.SEEK_END)
                file.write(whole[at : at + 1])
                if reader.refresh():
                    assert whole[at : at + 1] == b"\n"
                assert reader.seq == 1 + whole[second : at + 1].count(b"\n")


def die_on(url: str, call: str, nth: int, name: str) -> None:
    """Worker: publish, and be killed before the nth call on a file whose name has that in it."""
    calls, real = iter(range(1000)), getattr(os, call)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        place = os.readlink(f"/proc/self/fd/{args[0]}") if isinstance(args[0], int) else str(args[-1])  # noqa: PTH115
        if name in place and next(calls) == nth:
            die()
        return real(*args, **kwargs)

    setattr(os, call, deadly)
    checkpoint_at(Path(url))


@pytest.mark.parametrize(
    ("call", "nth", "name"),
    [
        ("replace", 0, "journal-3.jsonl"),  # during the rotation
        ("fsync", 0, "store.json.d"),
        ("replace", 0, "base-2.idx"),
        ("replace", 0, "base-2.json"),  # between index and base
        ("write", 0, "publish.tmp"),
        ("replace", 0, "publish.tmp"),
        ("replace", 0, "/published"),
        ("replace", 0, "/store.json"),  # between saying so and doing so
    ],
)
def test_pitfall_05_death_in_a_checkpoint(path: Path, call: str, nth: int, name: str) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        add(store, {"n": 2})
        in_child(die_on, str(path), call, nth, name, code=-signal.SIGKILL)
        assert numbers(path) == [1, 2]
        add(store, {"n": 3})
        assert numbers(path) == [1, 2, 3]
        remove(store, 3)
        with open_at(path, "ben") as colleague:
            assert checkpoint_at(path).fresh
            assert (colleague.wait(0), numbers(path)) == (False, [1, 2])
    with closing(TinyDB(path, access_mode="r")) as db:
        assert [doc["n"] for doc in db.table(TABLE)] == [1, 2]
    assert not [file for file in folder_of(path).iterdir() if file.suffix == ".tmp"]


def test_pitfall_05_a_death_before_the_rename_is_published_by_the_next(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
    in_child(die_on, str(path), "replace", 0, "/store.json", code=-signal.SIGKILL)
    assert checkpoint_at(path).fresh
    assert not checkpoint_at(path).fresh
    with closing(TinyDB(path, access_mode="r")) as db:
        assert len(db.table(TABLE)) == 1


def publish_often(url: str, times: int) -> None:
    """Worker: one of two checkpointers."""
    from huntertui.store.checkpoint import checkpoint

    for _ in range(times):
        checkpoint(Path(url), "cleo", lambda: NOW)


def test_pitfall_05_two_checkpointers_and_a_reader_that_opens(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 0})
        workers = [CONTEXT.Process(target=publish_often, args=(str(path), 60)) for _ in range(2)]
        for worker in workers:
            worker.start()
        n = 0
        while any(worker.is_alive() for worker in workers):
            n += 1
            change(store, 1, {"n": n})
            assert numbers(path) == [n]
        assert [worker.exitcode for worker in workers] == [0, 0]
        checkpoint_at(path)
    with closing(TinyDB(path, access_mode="r")) as db:
        assert db.table(TABLE).all() == [{"n": n}]


def test_pitfall_05_another_thread_goes_over_to_a_newer_base(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it reads, the writer must not see a journal half read: he would take the rest for a torn tail."""
    with SharedStore(path, "ana", lambda: NOW) as store:
        add(store, {"n": 0})
        checkpoint_at(path)
        for n in (1, 2, 3):
            add(store, {"n": n})
        arrived, go = threading.Event(), threading.Event()
        real = Segment.read

        def read(self: Segment) -> Any:
            if threading.current_thread() is other and self.seq < self.first:
                arrived.set()
                go.wait(60)
            return real(self)

        monkeypatch.setattr(Segment, "read", read)
        other = threading.Thread(target=store.journal.lighten)

        def work(tx: Tx) -> int:
            other.start()
            assert arrived.wait(60)
            return tx.insert(TABLE, {"n": 4})

        assert store.transact(work, "ana").result == 5
        go.set()
        other.join()
        assert store.journal.snapshot.base.seq == 1
    assert numbers(path) == [0, 1, 2, 3, 4]


def test_pitfall_10_text_of_all_kinds(path: Path) -> None:
    text = "Größe \u2028\u2029\x85 🦊 \x00".replace("\x00", "\x01") + '"\\\n\r\t\x7f'
    with open_at(path) as store:
        add(store, {text: [text]})
        for bad in (float("nan"), float("inf"), 2**63, "\ud800", "a\0b"):
            with pytest.raises(BadValue):
                add(store, {"a": bad})
        checkpoint_at(path)
        assert journal(path).read_bytes().count(b"\n") == 2
    code = (
        "import sys, locale; from tinydb import TinyDB\n"
        "with TinyDB(sys.argv[1]) as db: db.table('opportunities').insert({'n': 'Gr\\xf6\\xdfe'})"
    )
    for locale in ("C", "de_DE.ISO-8859-1", "POSIX"):
        env = os.environ | {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        subprocess.run([sys.executable, "-c", code, path], check=True, env=env, timeout=60)
    with open_at(path) as store:
        assert [doc for _, doc in store.find(TABLE)] == [{text: [text]}, *[{"n": "Größe"}] * 3]
        assert path.read_bytes().isascii()
    for encoding, mark in (("utf-8", ""), ("utf-8-sig", "")):
        data = json.loads(path.read_text("utf-8-sig"))
        data[TABLE]["1"][text] = encoding
        path.write_text(mark + json.dumps(data, ensure_ascii=False), encoding=encoding)
        with open_at(path) as store:
            checkpoint_at(path)
            store.refresh()
            assert store.get(TABLE, 1) == {text: encoding}


def test_pitfall_11_the_clock_jumps_back(path: Path) -> None:
    days = count()

    def clock() -> datetime:
        return NOW - timedelta(days=next(days))

    with SharedStore(path, "ana", clock) as store, SharedStore(path, "ben", clock) as follower:
        for n in range(4):
            add(store, {"n": n})
            if n % 2:
                checkpoint_at(path, clock)
        records = follower.changes(0)
        assert [record.seq for record in records] == [1, 2, 3, 4]
        assert [record.at for record in records] == sorted([r.at for r in records], reverse=True)
    assert numbers(path) == [0, 1, 2, 3]


NEWER: dict[str, Callable[[Path], object]] = {
    "record": lambda path: journal(path).write_bytes(
        journal(path).read_bytes() + seal({"s": 2, "v": 3, "o": "who knows"})
    ),
    "segment": lambda path: journal(path, 2).write_bytes(seal({"h": 3, "what": "else"})),
    "base": lambda path: migrate_base(path),
}


def migrate_base(path: Path) -> None:
    checkpoint_at(path)
    folder = folder_of(path)
    base = folder / "base-1.json"
    base.write_bytes(base.read_bytes().replace(b'"schema":2', b'"schema":3'))
    journal(path).unlink()


@pytest.mark.parametrize("where", NEWER)
def test_pitfall_12_an_old_program_after_a_migration(path: Path, where: str) -> None:
    with SharedStore(path, "ana", lambda: NOW) as store:
        add(store, {"n": 1})
        NEWER[where](path)
        if where == "base":
            store._look_at = 0.0
        before = {file: file.read_bytes() for file in folder_of(path).iterdir() if file.suffix != ""}
        for look in (store.refresh, lambda: store.changes(0), lambda: add(store, {"n": 2})) * 2:
            with pytest.raises(Upgraded, match="restart huntertui, or upgrade it"):
                look()
        assert "a newer version of huntertui" in store.read_only
        assert store.find(TABLE) == [(1, {"n": 1})]
        assert {file: file.read_bytes() for file in before} == before
    with pytest.raises(Upgraded):
        open_at(path)
    with pytest.raises(Upgraded):
        checkpoint_at(path)


def test_pitfall_14_a_journal_of_60000_records(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 0})
    head, line = journal(path).read_bytes().splitlines()
    parts = unseal(line)
    assert parts
    parts["o"] = [["u", TABLE, 1, {"n": 1}, {"n": 0}]]
    with journal(path).open("wb") as file:
        file.writelines([head + b"\n", line + b"\n"])
        for seq in range(2, 60_001):
            file.write(seal(parts | {"s": seq, "o": [["u", TABLE, 1, {"n": seq}, {"n": seq - 1}]]}))
    with open_at(path) as store:
        assert (store.seq, store.get(TABLE, 1)) == (60_000, {"n": 60_000})
        record = store.record(30_000)
        assert record
        assert record.ops[0].new == {"n": 30_000}
        assert [record.seq for record in store.changes(59_990)] == list(range(59_991, 60_001))
        assert add(store, {}) == 2
        assert checkpoint_at(path).seq == 60_001
    assert Journal(path).snapshot.base.seq == 60_001
