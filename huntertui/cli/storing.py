"""The verb that cares for the store: store status, verify, checkpoint, backup, restore, repair."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.options import add_common
from huntertui.cli.output import put, put_json
from huntertui.cli.progress import Progress
from huntertui.cli.session import Session
from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.store.checkpoint import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

_NICE = 19


def arguments(parser: ArgumentParser) -> None:
    """What can be done, each with arguments of its own."""
    parts = parser.add_subparsers(metavar="WHAT", required=True)

    def part(name: str, help: str, run: Callable[[Session], int]) -> ArgumentParser:
        one = parts.add_parser(name, help=help, description=help, allow_abbrev=False)
        one.set_defaults(run=run)
        one.add_argument("--json", action="store_true", help="one JSON object")
        add_common(one)
        return one

    one = part("checkpoint", "publish the present state, and drop what is not needed any more", _checkpoint)
    one.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")
    one.add_argument("-q", "--quiet", action="store_true", help="say nothing but what goes wrong")


def care(session: Session) -> int:
    """Do it."""
    code: int = session.args.run(session)
    return code


def _checkpoint(session: Session) -> int:
    args, path = session.args, _path(session)
    clock = session.world.clock
    if not _in_foreground():
        os.nice(_NICE)
    with Progress("checkpoint") as progress:
        done = checkpoint(
            path, session.me, clock, any_filesystem=session.config.any_filesystem, progress=progress
        )
    if done and done.fresh:
        with session.store() as store:
            desk = Desk(store, session.policy, session.me, clock)
            desk.load()
            desk.keep_rows()
    if args.json:
        put_json({"seq": done.seq if done else None, "published": bool(done and done.fresh)})
    elif not args.quiet:
        put(f"{done}")
    return 0


def _path(session: Session) -> Path:
    store = session.config.store
    if not store or "\0" in store or "://" in store or store == "memory:":
        raise Usage(f"{store!r} is no store in a file: give its path with --store")
    return Path(store)


def _in_foreground() -> bool:
    """Whether somebody sits before it and waits."""
    try:
        return sys.stderr.isatty() and os.tcgetpgrp(sys.stderr.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
