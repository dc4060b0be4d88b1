"""What the TinyDB store does with damaged files, planted files, a full disk and death in mid-write."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from store_kinds import CONTEXT, TABLE, Backend, add, change, names, open_at, store_path

from huntertui.errors import Damaged, Full, HunterError, NotAllowed, Upgraded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

path = pytest.fixture(store_path)


def nest(levels: int) -> bytes:
    return b'{"opportunities":{"1":{"a":' + b"[" * levels + b"]" * levels + b"}}}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"null",
        b"[]",
        b'{"opportunities":{"1":{"a":1}}',
        b'{"opportunities":{"1":{"a":1}}}}',
        b'{"opportunities":[]}',
        b'{"opportunities":{"1":[]}}',
        b'{"opportunities":{"x":{}}}',
        b'{"opportunities":{"01":{}}}',
        b'{"opportunities":{"0":{}}}',
        b'{"opportunities":{"1":{"a":NaN}}}',
        b'{"opportunities":{"1":{"a":1e999}}}',
        b'{"opportunities":{"1":{"a":"\\ud800"}}}',
        b'{"opportunities":{"1":{"a":"\xff"}}}',
        b'{"opportunities":{"1":{"a":' + b"9" * 5000 + b"}}}",
        b'{"_meta":{"1":{"schema":"x"}}}',
        b'{"_meta":{"1":{"schema":1,"seq":"x"}}}',
        b'{"_journal":{"1":{}}}',
        nest(100),
        nest(100_000),
        b"\x00" * 5000,
    ],
    ids=lambda content: repr(content)[2:50],
)
def test_a_damaged_file_is_named_and_left_alone(
    path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.store.files._READ_PAUSES", (0, 0))
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(Damaged, match=r"store\.json: .*left untouched"):
        open_at(path)
    assert path.read_bytes() == content

    path.unlink()
    with open_at(path) as store:  # damaged while it is open
        add(store, {"n": 1})
        path.write_bytes(content)
        for look in (store.refresh, lambda: store.wait(0), lambda: store.changes(0), lambda: add(store, {})):
            with pytest.raises(Damaged):
                look()
        assert store.find(TABLE) == [(1, {"n": 1})]
    assert path.read_bytes() == content
    assert names(path.parent) == {"store.json", "store.json.lock"}


@pytest.mark.parametrize("cut", [1, 50, 200, -1])
def test_a_file_cut_short_is_damaged(path: Path, cut: int) -> None:
    with open_at(path) as store:
        add(store, {"n": "x" * 500})
    content = path.read_bytes().rstrip()[:cut]
    path.write_bytes(content)
    with pytest.raises(Damaged):
        open_at(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.mkdir(),
        lambda path: os.mkfifo(path),
        lambda path: path.symlink_to(path.with_name("other.json")),
        lambda path: path.symlink_to("/dev/zero"),
    ],
    ids=["folder", "pipe", "link", "device"],
)
def test_only_a_plain_file_is_a_store(path: Path, make: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    make(path)
    with pytest.raises(Damaged, match="not a plain file"):
        open_at(path)
    assert names(path.parent) == {"store.json"}


@pytest.mark.parametrize("name", ["store.json.lock", "store.json.tmp"])
def test_links_planted_beside_it_lead_nowhere(path: Path, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    path.parent.mkdir()
    (path.parent / name).symlink_to(victim)
    with open_at(path) as store:
        if name.endswith("lock"):
            with pytest.raises(NotAllowed):
                add(store, {})
        else:
            add(store, {})
    assert victim.read_text() == "precious"


def test_a_file_that_vanishes_is_not_begun_anew(path: Path) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        path.rename(path.with_name("elsewhere"))
        with pytest.raises(Damaged, match="gone"):
            add(store, {"n": 2})
        path.with_name("elsewhere").rename(path)
        assert add(store, {"n": 2}) == 2


def test_a_newer_schema_is_not_touched(path: Path) -> None:
    with open_at(path) as store:
        add(store, {})
        newer = path.read_bytes().replace(b'"schema":1', b'"schema":2')
        path.write_bytes(newer)
        with pytest.raises(Upgraded, match="upgrade"):
            add(store, {})
    with pytest.raises(Upgraded):
        open_at(path)
    assert path.read_bytes() == newer


def test_a_script_in_mid_write_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
        whole = path.read_bytes()
        path.write_bytes(whole[:100])
        monkeypatch.setattr("huntertui.store.files.time.sleep", lambda _: path.write_bytes(whole))
        assert store.refresh()
        assert store.find(TABLE) == [(1, {"n": 1})]


STEPS = ["open", "fchmod", "write", "fsync", "replace", "folder"]


def die_at(url: str, step: str) -> None:
    """Worker: be killed at the given step of writing the file."""
    calls = []

    def dying(name: str, real: Any) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            if name == "write" and step == name:
                real(args[0], args[1][: len(args[1]) // 2])
            if name == step or (step == "folder" and calls.count("fsync") == 2):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    with Backend(url).open() as store:

        def arm(tx: Any) -> None:
            tx.insert(TABLE, {"n": 2})
            for name in ("open", "fchmod", "write", "fsync", "replace"):
                setattr(os, name, dying(name, getattr(os, name)))

        store.transact(arm, "ana")


@pytest.mark.parametrize("step", STEPS)
def test_death_at_every_step_of_writing(path: Path, step: str) -> None:
    with open_at(path) as store:
        add(store, {"n": 1})
    worker = CONTEXT.Process(target=die_at, args=(str(path), step))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    with open_at(path) as store:
        assert [doc["n"] for _, doc in store.find(TABLE)] == ([1, 2] if step == "folder" else [1])
        add(store, {"n": 3})
    assert names(path.parent) == {"store.json", "store.json.lock"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=770", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command")
    if done.returncode:
        pytest.skip(f"cannot mount a small disk: {done.stderr.decode()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_changes_nothing(small_disk: Path) -> None:
    path = small_disk / "store.json"
    with open_at(path) as store, open_at(path, "ben") as colleague:
        add(store, {"n": 0})
        filler = small_disk / "filler"
        filler.write_bytes(b"x" * 100_000)

        def fill() -> None:
            for n in range(1, 1000):
                add(store, {"n": n, "padding": "x" * 2000})

        with pytest.raises(Full, match="no space left"):
            fill()
        kept, seq = path.read_bytes(), store.seq
        assert seq > 5
        with pytest.raises(Full):
            change(store, 1, {"padding": "x" * 20_000})
        assert (path.read_bytes(), store.seq, len(store.find(TABLE))) == (kept, seq, seq)
        colleague.refresh()
        assert colleague.find(TABLE) == store.find(TABLE)
        assert names(small_disk) == {"store.json", "store.json.lock", "filler"}
        filler.unlink()
        add(store, {"n": "after"})
        assert len(colleague.changes(seq)) == 1


def test_the_path_may_be_impossible(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HunterError), open_at(tmp_path / "file" / "store.json") as store:
        add(store, {})
    with pytest.raises(HunterError), open_at(tmp_path / ("x" * 300)) as store:
        add(store, {})
