"""How a store is, said without a lock and without a change; of a damaged one as much as can be said."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import HunterError
from huntertui.records import dataclass
from huntertui.store.care import bases
from huntertui.store.journal import Journal, folder_of
from huntertui.store.lock import holder
from huntertui.store.published import known
from huntertui.store.segment import SCHEMA, numbers

if TYPE_CHECKING:
    from huntertui.store.store import Record

LOCKS = Path("/proc/locks")


@dataclass(frozen=True, slots=True)
class Status:
    """A store. `problem`: why it cannot be opened, "" when it can; then what needs that is None.

    `base`: the record up to which the newest base goes; `last`: the newest record, `oldest` the first that is
    kept. `published`: when (UTC) the file was written, None: it is missing; `shows`: the record that it
    shows, None: edited outside. `aside`: names of files put aside. `sizes` in bytes. `writing` and
    `checkpointing`: who is, "" nobody; `at_work`: processes. These three None: the system does not tell.
    """

    path: Path
    begun: bool
    problem: str
    schema: int
    seq: int | None
    base: int | None
    last: Record | None
    oldest: Record | None
    published: datetime | None
    shows: int | None
    aside: tuple[str, ...]
    sizes: dict[str, int]
    writing: str | None
    checkpointing: str | None
    at_work: int | None


def status(path: Path) -> Status:
    """How the store at `path` is."""
    folder, problem, seq = folder_of(path), "", None
    last = oldest = None
    newest = [at for at, file in bases(folder) if file.name.startswith("base-")]
    try:
        journal = Journal(path)
        if journal.begun:
            seq = journal.snapshot.seq
            last, oldest = journal.record(seq), _oldest(journal)
    except (HunterError, OSError) as error:
        problem = str(error)
    published, shows = _published(path, folder)
    locks = _locks()
    return Status(
        path=path,
        begun=bool(newest) or bool(problem),
        problem=problem,
        schema=SCHEMA,
        seq=seq,
        base=newest[-1] if newest else None,
        last=last,
        oldest=oldest,
        published=published,
        shows=shows,
        aside=tuple(sorted({*_aside(path.parent, path.name), *_aside(folder, "")})),
        sizes=_sizes(path, folder),
        writing=_who(folder / "lock", locks),
        checkpointing=_who(folder / "ckpt.lock", locks),
        at_work=_count(folder / "users", locks),
    )


def _oldest(journal: Journal) -> Record | None:
    """The first record that is kept."""
    for first in numbers(journal.folder, "journal-", ".jsonl"):
        if record := journal.record(first):
            return record
    return None


def _published(path: Path, folder: Path) -> tuple[datetime | None, int | None]:
    try:
        info = path.lstat()
    except OSError:
        return None, None
    files = []
    with suppress(HunterError, OSError, TypeError):
        files = known(folder)
    seq = next((one.seq for one in files if one.fits(info)), None)
    return datetime.fromtimestamp(info.st_mtime, UTC), seq


def _aside(folder: Path, name: str) -> list[str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
    words = re.compile(rf"{re.escape(name)}.*\.(unreadable|conflict|damaged)-[0-9T]+(-[0-9]+)?")
    return [one for one in names if words.fullmatch(one)]


def _sizes(path: Path, folder: Path) -> dict[str, int]:
    """Bytes of the published file, of what stands in its folder, and of all."""
    sizes = {"published": 0, "bases": 0, "journal": 0, "others": 0}
    files = [path]
    with suppress(OSError):
        files += folder.iterdir()
    for file in files:
        name = file.name
        kind = "published" if file == path else "others"
        if file.parent == folder:
            kind = "journal" if re.fullmatch(r"journal-\d+\.jsonl", name) else kind
            kind = "bases" if re.fullmatch(r"(re)?base-\d+\.(json|idx)", name) else kind
        with suppress(OSError):
            sizes[kind] += file.lstat().st_size
    return sizes


def _locks() -> list[int] | None:
    """The inode of each flock that is held on this machine, see proc(5); None when that cannot be read.

    Looking there takes none of them, not even for a moment.
    """
    try:
        lines = LOCKS.read_text().splitlines()
    except OSError:
        return None
    found = []
    for line in lines:
        match line.split():
            case [_, "FLOCK", _, _, _, place, *_]:
                found.append(int(place.rpartition(":")[2]))
    return found


def _count(file: Path, locks: list[int] | None) -> int | None:
    if locks is None:
        return None
    try:
        inode = file.lstat().st_ino
    except OSError:
        return 0
    return locks.count(inode)


def _who(file: Path, locks: list[int] | None) -> str | None:
    count = _count(file, locks)
    if not count:
        return "" if count == 0 else None
    with suppress(HunterError, OSError):
        return holder(file)
    return "(unknown)"
