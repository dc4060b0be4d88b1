"""Cut the power at every moment of a store's life, and see what the disk may then hold.

    python tests/powerloss.py [--states N] [--seed N] [--only NUMBER]

A child lives the life of `store_script`; each call that changes the disk is recorded, with its data. From the
record, disks are rebuilt as a power cut may leave them. What was synced is there. Of each file, what was not
is there, missing, cut off, zeros, or some sectors of it; of the changes to names that were not synced with
their folder, none, the first few or any. A rename happens or does not. Then a store on that disk must hold
everything acknowledged and nothing torn, and life goes on.

A new name counts as safe once the folder that it stands in was synced, not by a sync of the file.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import pickle
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from store_script import STEPS, Heard, Life, check, small_bulk, states
from tapped import SYNCS, WRITES, Call, tap

SECTOR = 512

Change = tuple[int, bytes | None]
"""(offset, bytes written there), or (size, None) for a file cut to that size."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `kind`: write, size, sync (of a file), names (were changed), folder (was synced), told.

    `names`: path -> node, None for gone; a change of names is safe when the folder `where` was synced.
    """

    kind: str
    node: int = 0
    change: Change = (0, b"")
    names: dict[str, int | None] = field(default_factory=dict)
    where: str = ""
    line: str = ""


class Recorder:
    """The hand at the tap that lets everything happen and writes it down. Node 0 is any folder."""

    def __init__(self, root: Path) -> None:
        self.before_each: Callable[[], None] = lambda: None
        self.events: list[Event] = []
        self._root = root
        self._nodes: dict[int, int] = {}  # inode number -> node

    def tell(self, line: str) -> None:
        self.events.append(Event("told", line=line))

    def __call__(self, call: Call) -> Any:
        self.before_each()
        there = self._root / call.path
        before = os.lstat(there) if os.path.lexists(there) else None
        result = call.make()
        if call.name in WRITES:
            self._written(call, result)
        elif call.name in SYNCS:
            if there.is_dir():
                self.events.append(Event("folder", where=call.path))
            else:
                self.events.append(Event("sync", self._node(os.fstat(call.args[0]))))
        elif call.name == "ftruncate":
            self._add("size", os.fstat(call.args[0]), (call.args[1], None))
        elif call.name == "open":
            if before is None:
                self._nodes[os.fstat(result).st_ino] = len(self._nodes) + len(self.events) + 1
                self._names({call.path: self._node(os.fstat(result))}, call.path)
            elif call.args[1] & os.O_TRUNC:
                self._add("size", os.fstat(result), (0, None))
        elif call.name == "mkdir":
            self._names({call.path: 0}, call.path)
        elif call.name in ("unlink", "remove", "rmdir"):
            self._names({call.path: None}, call.path)
        elif call.name in ("rename", "replace", "link"):
            assert before
            target = os.path.relpath(os.path.realpath(call.other), os.path.realpath(self._root))
            gone = {} if call.name == "link" else {call.path: None}
            self._names({**gone, target: self._node(before)}, target)
        else:
            assert call.name in ("chmod", "fchmod", "utime"), call.name
        return result

    def _written(self, call: Call, count: int) -> None:
        fd = call.args[0]
        data = b"".join(call.args[1]) if call.name == "writev" else bytes(call.args[1])
        info = os.fstat(fd)
        if call.name == "pwrite":
            assert not fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND
            at = call.args[2]
        else:
            at = os.lseek(fd, 0, os.SEEK_CUR) - count
        self._add("write", info, (at, data[:count]))

    def _add(self, kind: str, info: os.stat_result, change: Change) -> None:
        self.events.append(Event(kind, self._node(info), change))

    def _names(self, names: dict[str, int | None], path: str) -> None:
        self.events.append(Event("names", names=names, where=str(PurePath(path).parent)))

    def _node(self, info: os.stat_result) -> int:
        return self._nodes[info.st_ino]


class File:
    """A file's safe content, and the changes since."""

    def __init__(self) -> None:
        self.safe = b""
        self.since: list[Change] = []

    def sync(self) -> None:
        self.safe, self.since = apply(self.safe, self.since), []

    def after_cut(self, chance: random.Random, how: str) -> bytes:
        """What may be left of it."""
        if how == "all" or not self.since:
            return apply(self.safe, self.since)
        if how == "none":
            return self.safe
        count = chance.randrange(len(self.since) + 1)
        if how == "cut":
            offset, data = self.since[min(count, len(self.since) - 1)]
            part = [] if data is None else [(offset, data[: chance.randrange(len(data) + 1)])]
            return apply(self.safe, [*self.since[:count], *part])
        whole = bytearray(apply(self.safe, self.since))
        old = self.safe.ljust(len(whole), b"\0")
        if how == "zeros":  # the new size, but from some byte on not the data
            start = min(len(self.safe), len(whole))
            keep = start + chance.randrange(len(whole) - start + 1)
            whole[keep:] = old[keep : len(whole)]
            return bytes(whole)
        likely = chance.choice([0.1, 0.5, 0.9])
        for at in range(0, len(whole), SECTOR):
            if chance.random() < likely:
                whole[at : at + SECTOR] = old[at : min(at + SECTOR, len(whole))]
        if chance.random() < 0.3:  # and the size is that of a moment between
            del whole[max(len(self.safe), chance.randrange(len(whole) + 1)) :]
        return bytes(whole)


HOW = ("none", "all", "cut", "zeros", "sectors")


def apply(content: bytes, changes: list[Change]) -> bytes:
    """The content after all changes."""
    new = bytearray(content)
    for at, data in changes:
        if data is None:
            new[at:] = bytes(max(0, at - len(new)))
        else:
            if len(new) < at:
                new.extend(bytes(at - len(new)))
            new[at : at + len(data)] = data
    return bytes(new)


class Disk:
    """The disk as it becomes, event by event."""

    def __init__(self) -> None:
        self.files: dict[int, File] = {}
        self._safe: dict[str, int | None] = {}  # names, after the changes that are safe and all before them
        self._since: list[tuple[Event, bool]] = []  # changes of names, and whether they are safe

    def happen(self, event: Event) -> None:
        if event.kind in ("write", "size"):
            self.files.setdefault(event.node, File()).since.append(event.change)
        elif event.kind == "sync":
            self.files.setdefault(event.node, File()).sync()
        elif event.kind == "names":
            self._since.append((event, False))
        elif event.kind == "folder":
            self._since = [(one, safe or one.where == event.where) for one, safe in self._since]
            while self._since and self._since[0][1]:
                self._safe.update(self._since.pop(0)[0].names)

    def unsafe(self) -> bool:
        """Whether a cut now could leave more than one disk."""
        return any(not safe for _, safe in self._since) or any(file.since for file in self.files.values())

    def after_cut(self, chance: random.Random) -> dict[str, bytes | None]:
        """Path -> content (None: a folder) of what may be left."""
        how = chance.choice(["none", "all", "first", "any", "any"])
        first = chance.randrange(len(self._since) + 1)
        names = dict(self._safe)
        for n, (event, safe) in enumerate(self._since):
            if (
                safe
                or how == "all"
                or (how == "first" and n < first)
                or (how == "any" and chance.random() < 0.5)
            ):
                names.update(event.names)
        one_way = chance.choice([*HOW, ""])
        left: dict[str, bytes | None] = {}
        for path in sorted(names):  # a folder comes before what is in it
            node = names[path]
            parent = str(PurePath(path).parent)
            if node is not None and (parent == "." or (parent in left and left[parent] is None)):
                file = self.files.get(node) or File()
                left[path] = None if node == 0 else file.after_cut(chance, one_way or chance.choice(HOW))
        return left

    def now(self) -> dict[str, bytes | None]:
        """What everybody sees while the power is on."""
        names = dict(self._safe)
        for event, _ in self._since:
            names.update(event.names)
        return {
            path: None
            if node == 0
            else apply((self.files.get(node) or File()).safe, self.files[node].since)
            if node in self.files
            else b""
            for path, node in names.items()
            if node is not None
        }


def record(folder: Path) -> list[Event]:
    """Let a child live the whole life in `folder`; return what it did to the disk."""
    notes = folder.with_name(folder.name + ".events")
    pid = os.fork()
    if not pid:
        ending = 1
        try:
            os.umask(0o022)
            recorder = Recorder(folder)
            tap(folder, recorder)
            life = Life(folder / "team" / "store.json", recorder.tell)
            recorder.before_each = life.meanwhile
            life.live(
                STEPS.replace("i", "F")
            )  # half of an edit in place may look like another edit: nobody can tell
            with notes.open("wb") as file:
                pickle.dump(recorder.events, file)
            ending = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(ending)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, "the script does not even run undisturbed"
    events: list[Event] = pickle.loads(notes.read_bytes())
    disk = Disk()
    for event in events:
        disk.happen(event)
    real = {
        str(place.relative_to(folder)): None if place.is_dir() else place.read_bytes()
        for place in folder.rglob("*")
    }
    assert disk.now() == real, "the store changes the disk by other calls than those of os"
    return events


def lay_out(folder: Path, left: dict[str, bytes | None]) -> None:
    """Make a real folder of what is left."""
    for path, content in left.items():
        place = folder / path
        if content is None:
            place.mkdir()
            place.chmod(0o2770)
        else:
            place.write_bytes(content)
            place.chmod(0o660)


def told_of(event: Event, paths: dict[int, str]) -> str:
    """In a few words what happened."""
    if event.kind == "names":
        return "names: " + ", ".join(
            f"{path} {'gone' if node is None else 'set'}" for path, node in event.names.items()
        )
    return f"{event.kind} {event.where or paths.get(event.node, '(no name)')}"


def run(wanted: int, seed: int, only: str | None, where: Path | None) -> int:
    """Cut the power so many times, at moments spread over the whole life; return the number of failures."""
    began = time.monotonic()
    states()
    seen: set[bytes] = set()
    failures = 0
    with small_bulk(), tempfile.TemporaryDirectory(dir=where) as place:
        whole = Path(place, "life")
        whole.mkdir()
        events = record(whole)
        # what follows lasts no longer than this process, so syncing would only take time
        os.fsync = os.fdatasync = lambda fd: None
        disk, heard, paths = Disk(), Heard(), dict[int, str]()
        for n, event in enumerate(events):
            if event.kind == "told":
                heard.hear(event.line)
                continue
            disk.happen(event)
            paths.update({node: path for path, node in event.names.items() if node})
            for again in range(_TRIES):
                if len(seen) >= (n + 1) * wanted / len(events) and not only:
                    break
                left = disk.after_cut(random.Random(f"{seed} {n} {again}"))
                mark = hashlib.sha256(pickle.dumps((heard.lines, left))).digest()
                if (only and only != f"{n}.{again}") or mark in seen:
                    continue
                seen.add(mark)
                folder = Path(place, "cut")
                folder.mkdir()
                try:
                    lay_out(folder, left)
                    check(folder / "team" / "store.json", heard, edits_last=False)
                except Exception as error:
                    failures += 1
                    print(f"FAILED when the power goes after event {n} ({told_of(event, paths)}); left:")
                    for path, content in disk.now().items():
                        if left.get(path, b"") != content:
                            state = (
                                "is missing" if path not in left else f"has {_unlike(left[path], content)}"
                            )
                            print(f"        {path} {state}")
                    for path in left.keys() - disk.now().keys():
                        print(f"        {path} is there still")
                    print("   ", traceback.format_exc() if only else f"{type(error).__name__}: {error}")
                    print(
                        f"    again: python tests/powerloss.py --seed {seed} --only {n}.{again}", flush=True
                    )
                shutil.rmtree(folder)
    print(
        f"powerloss: {len(events)} events, {len(seen)} disks, {failures} failures, seed {seed}, "
        f"{time.monotonic() - began:.0f} s"
    )
    return failures


_TRIES = 50  # at most so many cuts at one moment


def _unlike(left: bytes | None, content: bytes | None) -> str:
    if left is None or content is None:
        return "become something else"
    same = next((n for n, (a, b) in enumerate(zip(left, content, strict=False)) if a != b), len(left))
    return f"{len(left)} of {len(content)} bytes, the first {same} as written"


def main() -> int:
    parser = argparse.ArgumentParser(description="Cut the power at every moment of a store's life.")
    parser.add_argument("--states", type=int, default=5000, help="so many disks")
    parser.add_argument("--folder", type=Path, help="where (default: the system's for what is temporary)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", help="one disk, as it was printed")
    options = parser.parse_args()
    return min(run(options.states, options.seed, options.only, options.folder), 1)


if __name__ == "__main__":
    sys.exit(main())
