"""The desk for scripts: the same settings, store, policy and account as the program on the command line.

docs/api.md tells of it; what stands there is what stays.
"""

from __future__ import annotations

import os
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from huntertui.cli.session import World, open_session
from huntertui.desk import Desk

if TYPE_CHECKING:
    from huntertui.exchange import Imported, Order
    from huntertui.store.store import Record


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_desk(
    store: str | Path | None = None,
    *,
    config: str | Path | None = None,
    clock: Callable[[], datetime] = _now,
) -> Iterator[Desk]:
    """My desk, loaded; closed at the end of the `with`, with what was changed published when that is due.

    `store`: the path or URL of another one than the settings say; `config`: another file of settings; `clock`
    gives the present as an aware datetime. What is wrong with the settings is warned of, and the default
    stands in its place. HunterError: the store cannot be opened, or the administrator does not let one.
    """
    args = Namespace(
        store=None if store is None else str(store), config=None if config is None else str(config)
    )
    session, problems = open_session(args, World(os.environ, os.getuid(), clock, _no_screen))
    for problem in problems:
        warnings.warn(str(problem), stacklevel=3)
    with session.store() as opened:
        yield session.known_to(opened).desk_on(opened)


def import_files(
    desk: Desk,
    *files: str | Path,
    owners: Mapping[str, str] | None = None,
    dates: Order | None = None,
    dry_run: bool = False,
) -> Imported:
    """Take in files that belong together, all of it in one change; with `dry_run` only count.

    `owners`: the name of an owner in the files -> ours; `dates`: which number is the day, where a file leaves
    it open. ImportFault: a file cannot be imported; OpenDates: it takes `dates` to read it.
    """
    from huntertui.exchange import import_into, read

    now = desk.now()
    readings = [
        reading
        for file in files
        for reading in read(Path(file), desk.policy, desk.me, now, owners or {}, dates)
    ]
    done = import_into(desk.store, readings, desk.me, now, dry_run)
    desk.follow()
    return done


def watch(desk: Desk, since: int | None = None, patience: float | None = None) -> Iterator[Record]:
    """The changes as they happen, one's own too, oldest first: those after `since`, else those from now on.

    Ends when none has come for `patience` seconds; without that it never does. The desk is kept up with them.
    Resync: what was after `since` cannot be told any more; read anew and go on from `desk.store.seq`.
    """
    seq = desk.store.seq if since is None else since
    while True:
        records: Iterable[Record] = desk.store.changes(seq)
        desk.follow()
        for record in records:
            seq = record.seq
            yield record
        if (
            not records
            and not desk.store.wait(3600.0 if patience is None else patience)
            and patience is not None
        ):
            return


def _no_screen(*_: object) -> NoReturn:
    raise AssertionError("a script opens no screen")
