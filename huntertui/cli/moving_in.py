"""The verb import, for a file of another huntertui: its items as they were there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.background import tended
from huntertui.cli.foretelling import COUNTS, errors_of, summed_up
from huntertui.cli.output import put, put_json, say
from huntertui.cli.progress import Progress
from huntertui.cli.session import Session
from huntertui.cli.taking_in import TOLD, asked, pair
from huntertui.errors import Usage
from huntertui.exchange.moving import Mover
from huntertui.exchange.ownfile import open_own
from huntertui.exchange.words import key

if TYPE_CHECKING:
    from huntertui.exchange import Imported


def move_in(session: Session, paths: Sequence[Path]) -> int:
    """Take in one such file; what cannot be read is named and left out."""
    if len(paths) > 1:
        raise Usage("a file of huntertui export is imported by itself")
    args = session.args
    owners = {key(theirs): ours for theirs, ours in map(pair, args.owner)}
    mover = Mover(session.policy, session.me, session.world.clock(), owners)
    given = open_own(paths[0])
    with session.store() as store, tended(session, store):
        asks = session.interactive and not session.yes
        if args.dry_run or asks:
            with Progress("reading") as progress:
                done = mover.foresee(store, given, progress)
        if asks and not args.dry_run:
            put(summed_up(done, [given.file], dry=True))
            if asked("Import this? [Y/n] ") not in ("", "y"):
                raise Usage("nothing was imported")
        if not args.dry_run:
            with Progress("writing") as progress:
                done = mover.move(store, given, progress)
    _report(session, given.file, done)
    return 1 if done.rows and done.rejected == done.rows else 0


def _report(session: Session, file: str, done: Imported) -> None:
    args = session.args
    for _, errors in done.errors:
        for error in errors[:TOLD]:
            say(f"{file}, {error}")
    if done.rejected > TOLD:
        say(f"and {done.rejected - TOLD} more like these")
    if args.json:
        said = {"file": file, "kind": "huntertui", "dry_run": args.dry_run, "errors": errors_of(done)}
        put_json(said | {name: getattr(done, name) for name in COUNTS})
    else:
        put(summed_up(done, [file], dry=args.dry_run))
