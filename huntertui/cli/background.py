"""Checkpoints beside the work: a process of its own, so that nobody waits for them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import huntertui
from huntertui.errors import HunterError
from huntertui.store import Caretaker, Store, caretaker

if TYPE_CHECKING:
    from huntertui.cli.session import Session

_LOOK = 30.0  # seconds between two looks at whether a checkpoint is due


@contextmanager
def tended(session: Session, store: Store) -> Iterator[None]:
    """While much may change, publish it now and then; and at the end, if nobody else is at work."""
    care = caretaker(store, session.world.clock)
    if care is None:
        yield
        return
    care.attend()
    closing = threading.Event()
    watch = threading.Thread(target=_watch, args=(session, care, closing), daemon=True, name="caretaker")
    watch.start()
    try:
        yield
    finally:
        closing.set()
        watch.join()
        if care.leave():
            start_checkpoint(session)


def checkpoint_if_due(session: Session, store: Store) -> None:
    """After a verb that wrote: publish, if that has not been done for long."""
    care = caretaker(store, session.world.clock)
    if care and care.due():
        start_checkpoint(session)


def start_checkpoint(session: Session) -> int | None:
    """Start the process and go on; its number, None when it could not be started."""
    config, site, command = session.config, session.site, [*session.world.again]
    if site.identity == "forced":
        command += ["--as", session.me]
    if not site.confined:
        command += ["--config", str(session.paths.config)] * session.paths.config.exists()
        if "store" not in site.fixed:
            command += ["--store", str(Path(config.store).absolute())]
        command += ["--any-filesystem"] * (config.any_filesystem and "any_filesystem" not in site.fixed)
    env = dict(os.environ) | {"PYTHONPATH": str(Path(huntertui.__file__).parent.parent)}
    nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in range(3)]
    with suppress(OSError):  # the next one who looks tries again
        command += ["store", "checkpoint", "--quiet"]
        return os.posix_spawn(command[0], command, env, file_actions=nowhere, setsid=True)
    return None


def _watch(session: Session, care: Caretaker, closing: threading.Event) -> None:
    running: int | None = None
    while not closing.wait(_LOOK):
        if running and os.waitpid(running, os.WNOHANG)[0]:
            running = None
        with suppress(HunterError, OSError):
            if running is None and care.due():
                running = start_checkpoint(session)
