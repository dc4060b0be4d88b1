"""The published file: a copy of the newest base, put in place by renaming, that anybody may read and edit.

`published`, in the folder, says which files at that place are known: those we published last, before they are
renamed into place, and those edited outside that were taken in.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from huntertui.records import dataclass
from huntertui.store.disk import (
    chunks,
    explained,
    read_all,
    remove,
    replace,
    replacement,
    sync_folder,
    write_all,
)
from huntertui.store.record import seal, unseal

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.store.base import Base

_KEPT = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """One file: nothing that was written since has the same. `seq`: the state that it shows."""

    inode: int
    size: int
    mtime: int  # ns
    seq: int

    def fits(self, info: os.stat_result) -> bool:
        """Whether this is the file."""
        return (self.inode, self.size, self.mtime) == (info.st_ino, info.st_size, info.st_mtime_ns)


def identity(info: os.stat_result, seq: int) -> Identity:
    """The identity of a file that shows the state at `seq`."""
    return Identity(info.st_ino, info.st_size, info.st_mtime_ns, seq)


def known(folder: Path) -> list[Identity]:
    """The files that are known, the newest first; [] when that cannot be told."""
    try:
        parts: dict[str, Any] = unseal(read_all(folder / "published").strip()) or {}
    except FileNotFoundError:
        return []
    return [Identity(**one) for one in parts.get("files", ())]


def make_known(folder: Path, one: Identity) -> None:
    """Add a file to those known, durably."""
    files = [one, *(other for other in known(folder) if other != one)][:_KEPT]
    replace(folder / "published", [seal({"files": [asdict(each) for each in files]})])


def edited(path: Path, folder: Path) -> os.stat_result | None:
    """What the system says of the published file when someone else has written it; None when nobody has."""
    try:
        info = path.lstat()
    except FileNotFoundError:
        return None
    return None if any(one.fits(info) for one in known(folder)) else info


def shown(path: Path, folder: Path) -> int | None:
    """The state that the published file shows; None when it is missing, or somebody else has written it."""
    try:
        info = path.lstat()
    except FileNotFoundError:
        return None
    return next((one.seq for one in known(folder) if one.fits(info)), None)


class Publication:
    """A copy of a base, ready to be put in place."""

    def __init__(self, base: Base, path: Path, folder: Path) -> None:
        """Write the copy, durably; Full, NotAllowed: nothing was written."""
        self._path, self._folder, self._seq = path, folder, base.seq
        self._copy = folder / "publish.tmp"
        with replacement(self._copy) as fd:
            for piece in chunks(base.fd, 0, base.index.size):
                write_all(fd, piece)

    def put(self, *, over: bool = False) -> bool:
        """Let it be the published file, under the lock; not, and False, if that was edited, unless `over`."""
        if over or not edited(self._path, self._folder):
            make_known(self._folder, identity(self._copy.lstat(), self._seq))
            if over or not edited(self._path, self._folder):  # once more, as that took its time
                with explained(self._path):
                    os.replace(self._copy, self._path)  # noqa: PTH105
                    sync_folder(self._path.parent)
                return True
        remove(self._copy)
        return False
