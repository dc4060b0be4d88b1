"""What can still be made out of files that are damaged: documents of a base, records behind a gap."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from huntertui.errors import HunterError
from huntertui.store.base import Base, read_index
from huntertui.store.care import CheckedBase, check_base, documents
from huntertui.store.disk import chunks, open_plain, replace
from huntertui.store.snapshot import Snapshot
from huntertui.store.store import Op
from huntertui.store.values import same

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.store.base import Index
    from huntertui.store.store import Record

_ABSENT = object()


def salvaged(checked: CheckedBase, before: Snapshot | None) -> tuple[Snapshot, list[str]]:
    """The state that a damaged base still shows, and what of it is lost, in a line each.

    A document that cannot be read is as it was in `before`, an older state, if it was there.
    """
    state, lost = Snapshot(Base(None)), list[str]()
    state.seq = checked.seq
    fd = open_plain(checked.path, os.O_RDONLY)
    try:
        index = stored_index(checked.path)
        places = {
            start: (name, id)
            for name, table in (index.tables if index else {}).items()
            for id, start in zip(table.ids, table.starts, strict=True)
        }
        wanted = set(places.values())
        for line in documents(fd, checked.path):
            table, id = places.get(line.at, (line.table, line.id))
            if line.doc is not None and table and id == line.id:
                state.take(Op("i", table, id, line.doc, {}))
                wanted.discard((table, id))
            elif table and id:
                wanted.add((table, id))
            elif not places:
                lost.append(f"{checked.path.name}, line {line.number}: {line.why}")
    finally:
        os.close(fd)
    for table, id in sorted(wanted):
        old = before.get(table, id) if before else None
        if old is None or before is None:
            lost.append(f"{table} #{id} cannot be read any more")
        else:
            state.take(Op("i", table, id, old, {}))
            lost.append(
                f"{table} #{id} cannot be read any more: it is again as it was at record {before.seq}"
            )
    if not lost:
        lost.append(f"{checked.path.name}: some values are not what was written, nobody can tell which")
    for known in (checked.meta.get("next", {}), before.next_ids if before else {}):
        for table, id in known.items():
            state.next_ids[table] = max(state.next_ids.get(table, 1), id)
    return state, lost


def twin(base: CheckedBase, other: Path, store: str) -> Base | None:
    """The file at `other`, opened, if it is what `base` was before it was damaged."""
    try:
        found = check_base(other, base.seq)
    except (FileNotFoundError, HunterError):
        return None
    if found.faults or found.index is None or found.meta.get("store") != store:
        return None
    stored = stored_index(base.path)
    if stored and stored.crc != found.index.crc:
        return None
    return Base.open(other)


def stored_index(path: Path) -> Index | None:
    """The index beside a base as that was once, None when it cannot be read."""
    try:
        return read_index(path.with_suffix(".idx"), None)
    except (ValueError, KeyError, TypeError):
        return None


def fits(state: Snapshot, record: Record) -> bool:
    """Whether a record finds everything as it did when it was written."""
    return all(_fits(state, op) for op in record.ops)


def _fits(state: Snapshot, op: Op) -> bool:
    doc = state.get(op.table, op.id)
    if doc is None or op.kind == "i":
        return doc is None and op.kind == "i"
    if op.kind == "d":
        return same(doc, op.old)
    return all(same(doc.get(name, _ABSENT), op.old.get(name, _ABSENT)) for name in op.old | op.new)


def keep(path: Path, aside: Path) -> None:
    """Copy a file, if it is there. A copy, not a second name: whoever has it open sees that it is gone."""
    try:
        fd = open_plain(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        replace(aside, chunks(fd, 0, os.fstat(fd).st_size))
    finally:
        os.close(fd)
