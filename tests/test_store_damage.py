"""What the TinyDB store does with damaged files, a full or read-only disk, and a disk that fails."""

from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import (
    NOW,
    TABLE,
    add,
    change,
    checkpoint_at,
    in_child,
    journal,
    names,
    open_at,
    store_path,
)

from huntertui.errors import Damaged, Full, HunterError, NotAllowed, Uncertain
from huntertui.store.journal import folder_of
from huntertui.store.record import seal
from huntertui.store.segment import begin_segment
from huntertui.store.shared import SharedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

path = pytest.fixture(store_path)


def fill(path: Path, count: int) -> bytes:
    """Put so many documents in, and return the journal."""
    with open_at(path) as store:
        for n in range(1, count + 1):
            add(store, {"n": n, "text": "Größe" * n})
    return journal(path).read_bytes()


def numbers(path: Path) -> list[int]:
    with open_at(path, "reader") as store:
        return [doc["n"] for _, doc in store.find(TABLE)]


def test_whatever_is_left_of_the_last_line_is_no_record(path: Path) -> None:
    whole = fill(path, 3)
    start = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(start, len(whole)):
        journal(path).write_bytes(whole[:cut])
        assert numbers(path) == [1, 2]
    for noise in (b"\0" * 5000, b"\xff\n\n\0\n" * 10, whole[start:-3] + b"xx\n"):
        journal(path).write_bytes(whole[:start] + noise)
        with open_at(path, "follower") as follower, open_at(path) as store:
            assert add(store, {"n": 4}) == 3
            assert [(r.seq, r.ops[0].new) for r in follower.changes(2)] == [(3, {"n": 4})]
        assert numbers(path) == [1, 2, 4]
        assert journal(path).read_bytes().count(b"\n") == 4


def test_damage_before_the_last_record_is_told_and_nothing_is_touched(path: Path) -> None:
    whole = fill(path, 3)
    second = whole.index(b'{"s":2')
    for at in range(second, whole.index(b"\n", second)):
        broken = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        journal(path).write_bytes(broken)
        with pytest.raises(Damaged, match=rf"journal-1\.jsonl: broken at byte {second}.*left untouched"):
            open_at(path)
        assert journal(path).read_bytes() == broken
    journal(path).write_bytes(whole.replace(whole[second : whole.index(b"\n", second) + 1], b""))
    with pytest.raises(Damaged, match="record 2 should stand"):
        open_at(path)


def test_damage_while_it_is_open_is_told_and_reading_goes_on(path: Path) -> None:
    whole = fill(path, 3)
    with open_at(path) as store:
        for broken in (whole[:-50], whole + b"x" * 40 + b"\n" + seal({"s": 5})):
            journal(path).write_bytes(broken)
            for look in (
                store.refresh,
                lambda: store.wait(0),
                lambda: store.changes(0),
                lambda: add(store, {}),
            ):
                with pytest.raises(Damaged):
                    look()
            assert [doc["n"] for _, doc in store.find(TABLE)] == [1, 2, 3]
            assert journal(path).read_bytes() == broken
        journal(path).write_bytes(whole)
        assert add(store, {"n": 4}) == 4


def test_a_segment_that_ends_too_early_is_no_torn_tail(path: Path) -> None:
    """Its last record is broken, and a later segment goes on: nobody may write over that."""
    whole = fill(path, 3)
    with SharedStore(path, "ana", lambda: NOW) as store:
        begin_segment(folder_of(path), 4, store.journal.store)  # and no base: its checkpoint died
        add(store, {"n": 4})
    broken = whole[:-20] + b"x" + whole[-19:]
    journal(path).write_bytes(broken)
    with pytest.raises(Damaged, match=r"journal-1\.jsonl: broken at byte .* journal-4\.jsonl"):
        open_at(path)
    journal(path).write_bytes(whole)
    assert numbers(path) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda line: b"",
        lambda line: line[:20],
        lambda line: line.replace(b'"first":1', b'"first":2'),
        lambda line: seal({"h": 2, "store": "another", "first": 1}),
        lambda line: b"\n",
    ],
)
def test_the_journal_of_another_store_is_none(path: Path, break_it: Callable[[bytes], bytes]) -> None:
    head, _, rest = fill(path, 2).partition(b"\n")
    journal(path).write_bytes(break_it(head + b"\n") + rest)
    with pytest.raises(Damaged, match="does not begin as a journal"):
        open_at(path)


@pytest.mark.parametrize("gone", ["base-0.json", "journal-1.jsonl"])
def test_a_part_that_is_missing_is_not_begun_anew(path: Path, gone: str) -> None:
    fill(path, 2)
    (folder_of(path) / gone).unlink()
    before = names(folder_of(path))
    with pytest.raises(Damaged), open_at(path) as store:
        add(store, {})
    assert names(folder_of(path)) - {"lock"} == before - {"lock"}


def test_a_base_cut_short_is_damaged(path: Path) -> None:
    fill(path, 3)
    checkpoint_at(path)
    base = folder_of(path) / "base-3.json"
    whole = base.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        base.write_bytes(whole[:cut])
        with pytest.raises(Damaged, match=r"base-3\.json"):
            open_at(path)
    base.write_bytes(whole.replace(b'"n":2', b'"n":,'))
    with open_at(path) as store:
        assert store.get(TABLE, 1)
        with pytest.raises(Damaged, match=r"base-3\.json: a document cannot be read"):
            store.get(TABLE, 2)
        with pytest.raises(Damaged):
            store.find(TABLE)


# a disk that is full, read-only, or fails


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount(folder, "-t", "tmpfs", "-o", "size=512k,mode=770", "tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(folder: Path, *options: str) -> None:
    try:
        done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command")
    if done.returncode:
        pytest.skip(f"cannot mount a small disk: {done.stderr.decode()}")


def test_a_full_disk_changes_nothing(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntertui.store.tiny.BULK", 50)
    path = small_disk / "store.json"
    with open_at(path) as store, open_at(path, "ben") as colleague:
        add(store, {"n": 0})
        filler = small_disk / "filler"
        filler.write_bytes(b"x" * 400_000)

        def fill() -> None:
            for n in range(1, 1000):
                add(store, {"n": n, "padding": "x" * 2000})

        with pytest.raises(Full, match="no space left"):
            fill()
        kept, seq = journal(path).read_bytes(), store.seq
        assert seq > 5
        published = path.read_bytes()
        many: list[Callable[[], object]] = [
            lambda: change(store, 1, {"padding": "x" * 20_000}),
            lambda: checkpoint_at(path),
            lambda: store.transact(lambda tx: [tx.insert(TABLE, {"x": "x" * 900}) for _ in range(60)], "ana"),
        ]
        for one in many:
            with pytest.raises(Full):
                one()
        store.keep("rows", seq, b"x" * 50_000)  # never raises
        assert store.kept("rows") is None
        assert (journal(path).read_bytes(), path.read_bytes()) == (kept, published)
        assert (store.seq, len(store.find(TABLE)), store.read_only) == (seq, seq, "")
        colleague.refresh()
        assert colleague.find(TABLE) == store.find(TABLE)
        assert not [name for name in names(folder_of(path)) if name.endswith(".tmp")]
        filler.unlink()
        add(store, {"n": "after"})
        assert len(colleague.changes(seq)) == 1
        assert checkpoint_at(path).seq == seq + 1


def test_a_disk_remounted_read_only_refuses_and_can_be_read(small_disk: Path) -> None:
    path = small_disk / "store.json"
    with open_at(path) as store:
        add(store, {"n": 1})
    with open_at(path) as store:  # nothing is open for writing, or it could not be remounted
        mount(small_disk, "-o", "remount,ro")
        with pytest.raises(NotAllowed, match="Read-only file system"):
            add(store, {"n": 2})
        with pytest.raises(NotAllowed):
            checkpoint_at(path)
        store.keep("rows", 1, b"")
        assert numbers(path) == [1]
        mount(small_disk, "-o", "remount,rw")
        assert (store.seq, add(store, {"n": 2}), store.read_only) == (1, 2, "")


def fail(monkeypatch: pytest.MonkeyPatch, name: str, number: int = errno.EIO) -> list[None]:
    """Let a call fail, once for each item that is taken out of the list."""
    times, real = [None], getattr(os, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        if times:
            times.pop()
            raise OSError(number, os.strerror(number))
        return real(*args, **kwargs)

    monkeypatch.setattr(os, name, call)
    return times


def add_one(url: str) -> None:
    """Worker: a colleague on the same files."""
    with open_at(url) as store:  # type: ignore[arg-type]
        add(store, {"n": "colleague"})


def test_a_failed_sync_ends_writing_for_this_process_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        fail(monkeypatch, "fdatasync")
        with pytest.raises(Uncertain, match=r"journal-1\.jsonl: written, but perhaps not durably"):
            add(store, {"n": 2})
        assert "started anew" in store.read_only
        before = journal(path).read_bytes()
        for _ in range(2):
            with pytest.raises(Uncertain, match="started anew"):
                add(store, {"n": 3})
        assert journal(path).read_bytes() == before
        in_child(add_one, str(path))
        assert store.wait(0)
        assert [doc["n"] for _, doc in store.find(TABLE)] == [1, 2, "colleague"]
    with open_at(path) as store:
        assert (add(store, {"n": 3}), store.read_only) == (4, "")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_write_cut_short_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    with open_at(path) as store, open_at(path, "ben") as follower:
        add(store, {"n": 1})
        before, real = journal(path).read_bytes(), os.write

        def write(fd: int, data: bytes) -> int:
            if len(data) > 40:
                return real(fd, bytes(data[:40]))
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(HunterError, match="nothing was changed") as caught:
            add(store, {"n": 2, "text": "x" * 10})
        assert isinstance(caught.value, Full) == (number != errno.EIO)
        assert journal(path).read_bytes() == before
        monkeypatch.undo()
        assert (add(store, {"n": 3}), store.read_only, len(follower.changes(1))) == (2, "", 1)


@pytest.mark.parametrize("call", ["fsync", "fdatasync", "replace", "open", "write"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_a_checkpoint_that_fails_anywhere_harms_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    monkeypatch.setattr("huntertui.store.compose._SYNC", 1)
    fill(path, 3)
    published = path.read_bytes()
    for nth in range(40):
        with monkeypatch.context() as patched:
            calls, real = iter(range(1000)), getattr(os, call)

            def failing(
                *args: Any, real: Any = real, calls: Any = calls, nth: int = nth, **kwargs: Any
            ) -> Any:
                if next(calls) == nth:
                    raise OSError(number, os.strerror(number))
                return real(*args, **kwargs)

            patched.setattr(os, call, failing)
            try:
                checkpoint_at(path)
                break
            except HunterError:
                pass
        assert numbers(path) == [1, 2, 3]
        base = folder_of(path) / "base-3.json"
        assert path.read_bytes() in (published, base.read_bytes() if base.exists() else b"")
    else:
        pytest.fail("never came to an end")
    assert checkpoint_at(path).seq == 3
    assert path.read_bytes() == (folder_of(path) / "base-3.json").read_bytes()
