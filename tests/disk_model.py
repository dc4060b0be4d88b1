"""A disk that is recorded call by call, and what a power cut may leave of it."""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from tapped import SYNCS, WRITES, Call

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

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


def nothing() -> None:
    """Do nothing."""


class Recorder:
    """The hand at the tap that lets everything happen and writes it down. Node 0 is any folder."""

    def __init__(self, root: Path) -> None:
        self.before_each: Callable[[], None] = nothing
        self.before_sync: Callable[[], None] = nothing
        self.events: list[Event] = []
        self.root = root
        self._nodes: dict[int, int] = {}  # inode number -> node

    def tell(self, line: str) -> None:
        self.events.append(Event("told", line=line))

    def __call__(self, call: Call) -> Any:
        self.before_each()
        if call.name in SYNCS:
            self.before_sync()
        there = self.root / call.path
        before = os.lstat(there) if os.path.lexists(there) else None
        result = call.make()
        if call.name in WRITES:
            self._written(call, result)
        elif call.name in SYNCS:
            if there.is_dir():
                self.events.append(Event("folder", where=call.path))
            else:
                self.events.append(Event("sync", self._node(os.fstat(call.args[0]))))
        elif call.name in ("ftruncate", "truncate"):
            self._add("size", there.stat(), (call.args[1], None))
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
            target = os.path.relpath(os.path.realpath(call.other), os.path.realpath(self.root))
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
        return 0 if stat.S_ISDIR(info.st_mode) else self._nodes[info.st_ino]


class File:
    """A file's safe content, and the changes since. `fill`: what may be found where nothing was written."""

    def __init__(self) -> None:
        self.fill = b"\0"
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
        old = self.safe.ljust(len(whole), chance.choice([b"\0", self.fill]))
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
            for path, node in event.names.items():
                if node and node not in self.files:
                    self.files[node] = File()
                    if not path.endswith("edited.json"):  # of what others write no checksum tells
                        self.files[node].fill = b"#"
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
        files = {node: apply(file.safe, file.since) for node, file in self.files.items()}
        there = {path: node for path, node in names.items() if node is not None}
        return {path: files.get(node, b"") if node else None for path, node in there.items()}
