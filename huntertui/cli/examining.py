"""What the doctor finds about the store: where it is, who may write it, whether locks hold, how it fares."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from huntertui.cli.session import Session
from huntertui.config import whoami
from huntertui.errors import HunterError
from huntertui.store import described
from huntertui.store.journal import folder_of
from huntertui.store.lock import locks_hold
from huntertui.store.place import check_place, kind_of
from huntertui.store.status import Status, status

OK, WARN, FAULT = "ok", "warn", "fault"

OLD = timedelta(days=3)  # since when nothing is published, though there is news: a weekend is none


class Finding(NamedTuple):
    """One line of the doctor's: what was looked at, OK, WARN or FAULT, and in words what was found."""

    name: str
    state: str
    text: str


def store_findings(session: Session) -> Iterator[Finding]:
    """Look at the store without changing it and without its lock."""
    store = session.config.store
    if "://" in store or store == "memory:":
        yield Finding("store", OK, f"{described(store)}: in no file")
        with session.store() as opened:
            yield Finding("store", OK, f"record {opened.seq}")
            who = f"as {opened.login} alone, its login" if opened.login else f"as {session.me}, on its word"
            yield Finding("store", OK, f"takes your changes {who}")
        return
    path = Path(store).absolute()
    folder = path.parent
    yield from _place(path, folder, anywhere=session.config.any_filesystem)
    if not folder.is_dir():
        yield Finding("store", OK, "not there yet: the first change makes it")
        return
    for one in (folder, path, folder_of(path)):
        with suppress(FileNotFoundError):
            yield _owned(one)
    found = status(path)
    if found.problem:
        yield Finding("store", FAULT, found.problem)
    elif found.begun:
        yield from _locks(folder_of(path) if folder_of(path).is_dir() else folder)
    yield from _state(found, session)


def _place(path: Path, folder: Path, *, anywhere: bool) -> Iterator[Finding]:
    yield Finding("store", OK, f"{path}, file system {kind_of(folder) or '(the system does not tell)'}")
    try:
        check_place(folder, anywhere=anywhere)
    except HunterError as error:
        yield Finding("store", FAULT, str(error))


def _owned(path: Path) -> Finding:
    info = path.stat()
    try:
        group = grp.getgrgid(info.st_gid).gr_name
    except KeyError:
        group = f"gid{info.st_gid}"
    text = f"{path}: {whoami(info.st_uid)}:{group} {stat.S_IMODE(info.st_mode):04o}"
    wanted = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    if not os.access(path, wanted):
        return Finding("store", FAULT, f"{text}: you may not read and write it")
    if path.is_dir() and info.st_mode & stat.S_IWGRP and not info.st_mode & stat.S_ISGID:
        return Finding("store", WARN, f"{text}: new files take another group than {group}: chmod g+s")
    return Finding("store", OK, text)


def _locks(folder: Path) -> Iterator[Finding]:
    holds = locks_hold(folder)
    yield Finding(
        "lock", OK if holds else FAULT, "flock holds" if holds else f"{folder}: flock does not hold"
    )


def _state(found: Status, session: Session) -> Iterator[Finding]:
    """Of the last change only who and when: what it says names a customer."""
    calendar, now = session.policy.calendar, session.world.clock()

    def when(at: datetime) -> str:
        return calendar.describe_instant(at, calendar.day(now))

    yield Finding("store", OK, f"schema {found.schema}, record {found.seq or 0}")
    if found.last:
        yield Finding("store", OK, f"last written by {found.last.by}, {when(found.last.at)}")
    for what, who in (("writing", found.writing), ("checkpoint", found.checkpointing)):
        if who:
            yield Finding("lock", OK, f"{what}: process {who}")
    behind = (found.seq or 0) - (found.shows or 0)
    if found.published is None:
        if found.seq:
            yield Finding("backup", WARN, f"{found.path} is not published yet: huntertui store checkpoint")
    elif behind > 0 and now - found.published > OLD:
        yield Finding("backup", WARN, f"published {when(found.published)}, {behind} records behind")
    else:
        yield Finding("backup", OK, f"published {when(found.published)}, {max(behind, 0)} records behind")
    for name in found.aside:
        yield Finding("store", WARN, f"put aside: {name}")
