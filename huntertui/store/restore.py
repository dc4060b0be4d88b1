"""Backups of the present state, and the way back to one: a change like any other, that can be undone."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from huntertui.errors import NotFound, Usage
from huntertui.records import dataclass
from huntertui.store.begin import read_tables
from huntertui.store.compose import write_base
from huntertui.store.disk import explained, open_plain, read_all, sync_folder
from huntertui.store.values import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from huntertui.store.shared import SharedStore
    from huntertui.store.snapshot import Snapshot
    from huntertui.store.store import Doc, Reader, Tx


@dataclass(slots=True)
class Count:
    """What a restore does to a table: so many documents."""

    inserted: int = 0
    changed: int = 0
    deleted: int = 0


class Target(NamedTuple):
    """A state to go back to. `name`: of the file or the moment; `tables` without empty ones."""

    name: str
    tables: Mapping[str, Mapping[int, Doc]]


def backup(
    store: SharedStore,
    file: Path,
    *,
    private: bool = True,
    progress: Callable[[float], None] = lambda _: None,
) -> int:
    """Write the present state to `file` as one TinyDB JSON file, durably, and return its sequence number.

    It appears whole or not at all, readable for its owner alone or, unless `private`, for the group. Usage:
    there is such a file already. NotFound: there is no store. Full, NotAllowed.
    """
    journal = store.journal
    if not journal.begun:
        raise NotFound(f"{journal.path}: there is no store yet")
    if os.path.lexists(file):
        raise _there(file)
    store.refresh()
    state = journal.snapshot.fork()
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        with explained(file):
            fd = open_plain(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            try:
                if private:
                    os.fchmod(fd, 0o600)
                meta = journal.meta(state.seq, state.next_ids)
                write_base(fd, state.base, state.changed(), meta, progress)
                os.fsync(fd)
                _name(temporary, file)
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108
                raise
            finally:
                os.close(fd)
            sync_folder(file.parent)
    except FileNotFoundError as error:
        raise NotFound(f"{file.parent}: there is no such folder") from error
    return state.seq


def _name(temporary: Path, file: Path) -> None:
    """Give the file its name unless that is taken."""
    try:
        os.link(temporary, file)
    except FileExistsError as error:
        raise _there(file) from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        if os.path.lexists(file):  # a file system without second names
            raise _there(file) from error
        os.rename(temporary, file)  # noqa: PTH104
        return
    os.unlink(temporary)  # noqa: PTH108


def _there(file: Path) -> Usage:
    return Usage(f"{file}: is there already, and is not overwritten: give another name")


def read_backup(file: Path) -> Target:
    """The state that a backup holds: any TinyDB JSON file. NotFound, Damaged, Upgraded, NotAllowed."""
    try:
        _, tables = read_tables(file, read_all(file))
    except FileNotFoundError as error:
        raise NotFound(f"{file}: there is no such file") from error
    return Target(file.name, {name: docs for name, docs in tables.items() if docs})


def as_target(name: str, state: Snapshot) -> Target:
    """A snapshot as a state to go back to; Damaged."""
    tables = {table: dict(state.items(table)) for table in state.tables()}
    return Target(name, {table: docs for table, docs in tables.items() if docs})


def differences(
    reader: Reader, names: Sequence[str], target: Target, progress: Callable[[float], None] = lambda _: None
) -> dict[str, Count]:
    """What `restore` would do to each table; `names`: the tables that there are."""
    return _counted(_steps(reader, names, target, progress))


def restore(
    tx: Tx, names: Sequence[str], target: Target, progress: Callable[[float], None] = lambda _: None
) -> dict[str, Count]:
    """Write into `tx` what leads to `target`: what differs is set, what is missing comes back with its id,
    what is not in it is deleted."""
    steps = list(_steps(tx, names, target, progress))
    for kind, table, id, now, then in steps:
        if kind == "i":
            tx.insert(table, then, id)
        elif kind == "d":
            tx.delete(table, id)
        else:
            changes = {
                name: value for name, value in then.items() if name not in now or not same(now[name], value)
            }
            tx.update(table, id, changes, unset=[name for name in now if name not in then])
    tx.label = f"restored: {target.name}"
    return _counted(steps)


Step: TypeAlias = "tuple[Literal['i', 'u', 'd'], str, int, Doc, Doc]"
"""Kind, table, id, the document now, the document then."""

_COUNTED = {"i": "inserted", "u": "changed", "d": "deleted"}


def _counted(steps: Iterable[Step]) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for kind, table, *_ in steps:
        count = counts.setdefault(table, Count())
        setattr(count, _COUNTED[kind], getattr(count, _COUNTED[kind]) + 1)
    return counts


def _steps(
    reader: Reader, names: Sequence[str], target: Target, progress: Callable[[float], None]
) -> Iterator[Step]:
    tables = sorted({*names, *target.tables})
    for at, table in enumerate(tables):
        then = target.tables.get(table, {})
        here = set()
        for id, doc in reader.find(table):
            here.add(id)
            progress((at + len(here) / max(len(here), len(then))) / len(tables))
            if id not in then:
                yield "d", table, id, doc, {}
            elif not same(doc, then[id]):
                yield "u", table, id, doc, then[id]
        for id in sorted(then.keys() - here):
            yield "i", table, id, {}, then[id]
