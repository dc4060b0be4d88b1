"""What a checkpoint publishes, what it keeps and what it removes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from store_kinds import NOW, TABLE, add, change, checkpoint_at, everything, names, open_at, remove, store_path
from test_store_base import as_tinydb, told

from huntertui.errors import Busy, Resync
from huntertui.store import Doc, Tx, open_store
from huntertui.store.base import Base, build_index
from huntertui.store.checkpoint import DAYS, checkpoint
from huntertui.store.journal import folder_of
from huntertui.store.lock import try_lock
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from pathlib import Path

path = pytest.fixture(store_path)

DAY = timedelta(days=1)


def numbered(path: Path, before: str, after: str) -> list[int]:
    """The numbers of the files of a kind."""
    found = [name for name in names(folder_of(path)) if name.startswith(before) and name.endswith(after)]
    return sorted(int(name.removeprefix(before).removesuffix(after)) for name in found)


def test_nothing_to_publish(path: Path) -> None:
    assert checkpoint(path, "ana", lambda: NOW) is None
    with open_at(path) as store:
        add(store, {"n": 1})
    assert (checkpoint_at(path).seq, checkpoint_at(path).fresh) == (1, False)
    before = path.stat()
    checkpoint_at(path)
    assert path.stat() == before


def test_only_one_is_at_work(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
    lock = try_lock(folder_of(path) / "ckpt.lock")
    assert lock is not None
    assert checkpoint(path, "ana", lambda: NOW) is None
    os.close(lock)
    assert checkpoint_at(path).fresh


def test_it_tells_how_far_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntertui.store.compose._BUFFER", 100)
    monkeypatch.setattr("huntertui.store.compose._SYNC", 200)
    with open_at(path) as store:
        for _ in range(9):
            add(store, {"text": "x" * 100})
            checkpoint_at(path)
        change(store, 1, {"n": 1})
    parts: list[float] = []
    assert checkpoint(path, "ana", lambda: NOW, progress=parts.append)
    assert (parts[0], parts[-1], parts == sorted(parts), len(parts) > 2) == (0.0, 1.0, True, True)


texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=3)
docs = st.dictionaries(st.sampled_from(["a", "b", "opportunity"]), st.integers(-2, 5) | texts)
steps = st.lists(
    st.tuples(st.sampled_from([TABLE, "events", "plans"]), st.integers(1, 6), st.none() | docs) | st.none(),
    max_size=25,
)


@given(steps=steps)
@example(steps=[("events", 1, None), ("events", 2, {"opportunity": 0}), None, ("events", 2, None)])
@settings(max_examples=40)  # each of many files
def test_what_is_published_is_the_base_and_the_state(
    steps: list[tuple[str, int, Doc | None] | None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is written between checkpoints (None); a document that is there is updated."""
    path = store_path(tmp_path_factory.mktemp("any"))
    with open_at(path) as store, SharedStore(path, "ben", lambda: NOW) as colleague:
        add(store, {"first": 1})
        for step in [*steps, None]:
            if step is None:
                seq = checkpoint_at(path).seq
                base = folder_of(path) / f"base-{seq}.json"
                assert path.read_bytes() == base.read_bytes()
                found = Base.open(base)
                assert told(found.index) == told(build_index(found.fd, base.stat().st_size, base))
                state = {name: dict(store.find(name)) for name in (TABLE, "events", "plans")}
                assert as_tinydb(path) == {name: docs for name, docs in state.items() if docs}
                continue
            store.transact(lambda tx, step=step: write(tx, *step), "ana")  # type: ignore[misc]
        colleague.refresh()
        assert everything(colleague) == everything(store)
        for value in range(-2, 6):
            where = [("opportunity", "=", value)]
            slow = [(id, doc) for id, doc in store.find("events") if doc.get("opportunity") == value]
            with open_at(path) as fresh:
                assert fresh.find("events", where) == store.find("events", where) == slow


def write(tx: Tx, table: str, id: int, doc: Doc | None) -> None:
    there = tx.get(table, id)
    if there is None:
        tx.insert(table, doc or {}, id)
    elif doc is None:
        tx.delete(table, id)
    else:
        tx.update(table, id, doc, unset=[field for field in there if field not in doc])


def test_what_is_kept(path: Path) -> None:
    """Two bases for readers, the last one of each day for 14 days, the journal of 14 days."""
    hours = 20 * 24
    last_of_day = {}
    with open_at(path) as store:
        for hour in range(0, hours, 4):
            now = NOW + timedelta(hours=hour)
            seq = add(store, {"hour": hour})
            checkpoint_at(path, lambda now=now: now)  # type: ignore[misc]
            last_of_day[now.date()] = seq, now
            for name in (f"base-{seq}.json", f"journal-{seq + 1}.jsonl", f"journal-{seq}.jsonl"):
                os.utime(folder_of(path) / name, (now.timestamp(), now.timestamp()))
        store.refresh()
        newest = store.seq
        kept = {seq for seq, then in last_of_day.values() if now - then <= DAYS * DAY}
        bases = set(numbered(path, "base-", ".json"))
        assert bases == kept | {newest - 1, newest}
        assert len(kept) in (DAYS, DAYS + 1)
        assert numbered(path, "base-", ".idx") == sorted(bases)
        segments = numbered(path, "journal-", ".jsonl")
        assert segments == list(range(segments[0], newest + 2))
        assert newest - segments[0] == pytest.approx(DAYS * 6, abs=2)
        records = store.changes(segments[0] - 1)
        assert records[0].seq == segments[0]
        assert store.record(segments[0] - 1) is None
        with pytest.raises(Resync):
            store.changes(segments[0] - 2)
    with open_at(path) as store:
        assert len(store.find(TABLE)) == newest


def test_what_a_killed_one_left_is_swept(path: Path) -> None:
    with open_at(path) as store:
        add(store, {})
        litter = folder_of(path) / "base-9.json.4711.tmp"
        litter.touch()
        aside = path.with_name("store.json.4711.tmp")  # not ours
        aside.touch()
        checkpoint_at(path)
        assert (litter.exists(), aside.exists()) == (False, True)


def test_a_process_that_runs_for_long_goes_over_to_the_new_base(path: Path) -> None:
    with SharedStore(path, "ana", lambda: NOW) as store:
        for n in range(20):
            add(store, {"n": n})
        remove(store, 5)
        change(store, 6, {"n": "changed"})
        checkpoint_at(path)
        change(store, 7, {"n": "later"})
        snapshot, before = store.journal.snapshot, store.find(TABLE)
        assert (snapshot.base.seq, len(snapshot.changed()[TABLE])) == (0, 20)
        store._look_at = 0.0  # it looks no more than every two seconds
        assert not store.refresh()
        snapshot = store.journal.snapshot
        assert (snapshot.base.seq, list(snapshot.changed()[TABLE])) == (22, [7])
        assert (store.seq, store.find(TABLE), len(store.changes(0))) == (23, before, 23)
        assert (store.read_only, add(store, {})) == ("", 21)


def test_what_came_with_a_newer_base_is_news(path: Path) -> None:
    with open_at(path) as store, SharedStore(path, "ben", lambda: NOW) as reader:
        add(store, {"n": 0})
        assert reader.wait(0)
        checkpoint_at(path)
        reader.refresh()
        add(store, {"n": 1})
        checkpoint_at(path)
        add(store, {"n": 2})
        reader._look_at = 0.0  # it looks no more than every two seconds
        assert reader.wait(0)
        assert reader.seq == store.seq
        assert not reader.wait(0)


def test_readers_go_on_with_a_base_that_is_removed(path: Path) -> None:
    with open_at(path) as store, open_at(path, "ben") as reader:
        add(store, {"n": 0})
        reader.refresh()
        for n in range(1, 6):
            add(store, {"n": n})
            checkpoint_at(path)
        for file in folder_of(path).glob("base-[0-3].*"):
            file.unlink()
        assert reader.get(TABLE, 1) == {"n": 0}
        reader.refresh()
        assert reader.find(TABLE) == store.find(TABLE)


def test_it_gives_up_when_the_file_is_edited_all_the_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_at(path) as store:
        add(store, {})
        add(store, {})
        real = os.fsync

        def fsync(fd: int) -> None:
            path.write_bytes(b"{" + b" " * (path.stat().st_size % 99))
            real(fd)

        monkeypatch.setattr(os, "fsync", fsync)
        before = datetime.now(UTC)
        with pytest.raises(Busy, match="something keeps writing into it"):
            checkpoint(path, "cleo", lambda: before)
        monkeypatch.undo()
        assert len(store.find(TABLE)) == 2
        os.utime(path, (0, 0))
        assert checkpoint_at(path).fresh
    with open_store(path, "ben", clock=lambda: NOW) as store:
        assert len(store.find(TABLE)) == 2
