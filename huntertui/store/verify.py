"""Whether all that a store's files hold can be read and agrees: each fault with its file and place."""

from __future__ import annotations

import os
import shlex
import stat
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import Damaged, HunterError
from huntertui.records import dataclass
from huntertui.store.base import Base
from huntertui.store.care import (
    REPAIR,
    CheckedBase,
    Fault,
    Strand,
    bare,
    bases,
    bulk_records,
    check_base,
    part_of,
    strands,
)
from huntertui.store.disk import FILE_MODE, FOLDER_MODE, read_all
from huntertui.store.edits import read_edited
from huntertui.store.journal import Journal, folder_of
from huntertui.store.published import known
from huntertui.store.record import unseal
from huntertui.store.values import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from huntertui.store.store import Doc

CHECKPOINT = "run huntertui store checkpoint"
_JOURNAL_PART = 0.2  # of the whole work


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at everything has found. `notes`: what is unusual, but no fault."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def verify(path: Path, progress: Callable[[float], None] = lambda _: None) -> Verified:
    """Look at all files of the store at `path`, without a lock; changes nothing. NotAllowed, Upgraded.

    Also beside people at work: what a checkpoint removes meanwhile is left out.
    """
    folder = folder_of(path)
    faults, notes = list(check_modes(path)), list[str]()
    files = bases(folder)
    found: list[CheckedBase] = []
    for n, (seq, file) in enumerate(files):
        try:
            part = part_of(progress, (1 - _JOURNAL_PART) * n / len(files), (1 - _JOURNAL_PART) / len(files))
            found.append(check_base(file, seq, part))
        except FileNotFoundError:
            continue
    chain = strands(folder, part_of(progress, 1 - _JOURNAL_PART, _JOURNAL_PART))
    for base in found:
        faults += [*base.faults, *base.index_faults]
    for strand in chain:
        faults += strand.faults
    if chain and chain[-1].torn:
        notes.append(f"{chain[-1].path}: a line at its end was begun and not finished; nobody relies on it")
    faults += _chain(folder, found, chain)
    seen, more = check_published(path, found, chain)
    faults += seen
    notes += more
    if not faults:
        faults += _replayed(path)
    return Verified(tuple(faults), tuple(notes))


def stock_faults(path: Path) -> Iterator[Fault]:
    """What stock TinyDB says of the published file, if there is one."""
    from tinydb import TinyDB  # late: nobody else needs it

    if not path.exists():
        return
    try:
        with TinyDB(path, access_mode="r", encoding="utf-8") as db:
            for name in db.tables():
                for doc in db.table(name):
                    dict(doc)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        yield Fault(path, "", f"TinyDB cannot open it ({type(error).__name__})")


def check_modes(path: Path) -> Iterator[Fault]:
    """Whether the group, and nobody else, can work with every file."""
    folder = folder_of(path)
    try:
        group = folder.lstat().st_gid
    except FileNotFoundError:
        return
    yield from _check_mode(folder, FOLDER_MODE, group)
    for file in [path, *sorted(folder.iterdir())]:
        if not file.name.endswith(".tmp"):
            yield from _check_mode(file, FILE_MODE, group)


def _check_mode(file: Path, wanted: int, group: int) -> Iterator[Fault]:
    try:
        info = file.lstat()
    except FileNotFoundError:
        return
    kind = stat.S_ISDIR if wanted == FOLDER_MODE else stat.S_ISREG
    if not kind(info.st_mode):
        yield Fault(file, "", "neither a plain file nor the store's folder", "put it away")
        return
    mode, name = stat.S_IMODE(info.st_mode), shlex.quote(str(file))
    if mode & 0o7 or mode & wanted != wanted:
        yield Fault(file, "", f"its mode is {mode:04o}, not {wanted:04o}", f"chmod {wanted:o} {name}")
    if info.st_gid != group:
        what = f"it belongs to the group {info.st_gid}, its folder to {group}"
        yield Fault(file, "", what, f"chgrp {group} {name}")


def _chain(folder: Path, found: Sequence[CheckedBase], chain: Sequence[Strand]) -> Iterator[Fault]:
    """Whether the records go on from the newest base, and the stores' names agree."""
    plain = [base for base in found if base.path.name.startswith("base-")]
    if not plain:
        if chain:
            yield Fault(folder, "", "its journal has no base")
        return
    newest = plain[-1]
    name = newest.meta.get("store", "")
    for file, theirs in [
        *((base.path, base.meta.get("store")) for base in found),
        *((strand.path, strand.store) for strand in chain),
    ]:
        if name and theirs and theirs != name:
            yield Fault(file, "line 1, byte 0", "it is of another store")
    if not any(strand.first == newest.seq + 1 for strand in chain):  # begun before the base is
        yield Fault(folder / f"journal-{newest.seq + 1}.jsonl", "", "it is missing")
    for base in found if chain else ():
        if base.seq > chain[-1].last + 1 + chain[-1].tail:
            what = f"the journal ends at record {chain[-1].last}, before {base.path.name} was made"
            yield Fault(chain[-1].path, "", what)
    for seq in (seq for strand in chain for seq in bulk_records(strand) if seq > newest.seq):
        if not os.path.lexists(rebase := folder / f"rebase-{seq}.json"):  # it may be newer than `found`
            yield Fault(rebase, "", f"it is missing: record {seq} needs it")


def check_published(
    path: Path, found: Sequence[CheckedBase], chain: Sequence[Strand]
) -> tuple[list[Fault], list[str]]:
    """Whether the published file is what it was published as; what others wrote into it is no fault."""
    folder = folder_of(path)
    plain = {base.seq: base for base in found if base.path.name.startswith("base-")}
    if not plain:
        return [], []
    faults, notes = list[Fault](), list[str]()
    listing = folder / "published"
    if not listing.exists():
        faults.append(Fault(listing, "", "it is missing"))
    elif unseal(_raw(listing).strip()) is None:
        faults.append(Fault(listing, "", "it cannot be read"))
    try:
        info = path.lstat()
    except FileNotFoundError:
        return [*faults, Fault(path, "", "it is missing", CHECKPOINT)], notes
    if not stat.S_ISREG(info.st_mode):
        return faults, notes
    raw = _raw(path)
    crc = zlib.crc32(raw)
    mine = next((one for one in known(folder) if one.fits(info)), None)
    base = plain.get(mine.seq) if mine else None
    if base and base.index and base.index.crc == crc:
        return faults, notes
    try:
        meta, tables = read_edited(raw)
    except ValueError as error:
        return [*faults, Fault(path, "", str(error))], notes
    if mine is None:
        notes.append(f"{path}: edited outside, and not yet taken in")
    elif base and not base.faults and not (_taken_in(path, crc, chain) or _as_in(base, meta, tables)):
        faults.append(Fault(path, "", f"it is not what was published of record {base.seq}"))
    return faults, notes


def _taken_in(path: Path, crc: int, chain: Sequence[Strand]) -> bool:
    """Whether it is an edit that was merged, or overruled and kept beside it."""
    mark = f'"x":"{crc:08x}"'.encode()
    if any(mark in line for strand in chain for line in strand.lines.values()):
        return True
    return any(zlib.crc32(_raw(file)) == crc for file in path.parent.glob(f"{path.name}.conflict-*"))


def _as_in(checked: CheckedBase, meta: Doc | None, tables: dict[str, dict[str, object]]) -> bool:
    base = Base.open(checked.path)
    if not same(meta, base.meta):
        return False
    ours = {name: {str(id): doc for id, doc in base.items(name)} for name in base.index.tables}
    return same(ours, {name: docs for name, docs in tables.items() if docs})


def _replayed(path: Path) -> Iterator[Fault]:
    """Whether the records fit upon the base."""
    try:
        journal = Journal(path)
        journal.snapshot.changed()
    except Damaged as error:
        yield Fault(folder_of(path), "", bare(error, folder_of(path)), REPAIR)


def _raw(path: Path) -> bytes:
    try:
        return read_all(path)
    except (OSError, HunterError):
        return b""
