"""A store for the terminal tests, made by the desk's own acts at earlier times, and ways to look into it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from terminal import Terminal

from huntertui.config import whoami
from huntertui.desk import Desk
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.touch import Outcome
from huntertui.store import Doc, open_store

ME = whoami(os.getuid())
Place = TypeVar("Place", Path, str)


class Past:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.at

    def days_ago(self, days: int) -> None:
        """Put it to that many days before now."""
        self.at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


def desk(path: Path | str, by: str = ME, clock: Past | None = None) -> Desk:
    """A desk of somebody's on a store."""
    now = clock or (lambda: datetime.now(UTC))
    made = Desk(open_store(path, by, clock=now), Policy(), by, now)
    made.load()
    return made


def morning(path: Place) -> Place:
    """Six items of mine: two prospects, two follow-ups and a deal that are red; one prospect that is not."""
    past = Past()
    past.days_ago(30)
    mine = desk(path, clock=past)
    mine.add("Ann Lee @Smithfield")
    mine.add("Bob Roe @Borealis")
    for line, lane in (("Cem Ak @Cedar", 1), ("Dan Fox @Dorset", 1), ("Eve Oh @Elmwood 12k", 2)):
        id = mine.add(line).ids[0]
        mine.log(id, Outcome.TALKED)
        mine.to_lane(id, lane) if lane == 2 else None
    past.days_ago(0)
    mine.add("Fay Roy @Fernhill")
    mine.store.close()
    return path


def start(path: Path | str, columns: int = 120, lines: int = 40, **env: str) -> Terminal:
    """The workday in a terminal, as `huntertui` starts it; beside a store in a file is its home."""
    place = str(path.parent) if isinstance(path, Path) else os.environ["HOME"]
    home = {"PATH": os.environ["PATH"], "HOME": place, "TZ": "UTC", "COLORTERM": "truecolor"}
    argv = [sys.executable, "-m", "huntertui", "--store", str(path)]
    return Terminal(argv, home | env, columns, lines).until("1 Prospects").up()


def records(path: Path | str) -> dict[int, Opportunity]:
    """All records of the store, read anew."""
    with open_store(path, "reader", clock=lambda: datetime.now(UTC)) as store:
        return {id: from_doc(id, doc) for id, doc in store.find("opportunities")}


def dump(path: Path) -> list[tuple[int, Doc]]:
    """The documents of the store, to be compared."""
    with open_store(path, "reader", clock=lambda: datetime.now(UTC)) as store:
        return store.find("opportunities")


def sequence(path: Path) -> int:
    """How many transactions the store has seen."""
    with open_store(path, "reader", clock=lambda: datetime.now(UTC)) as store:
        return store.seq


def of(path: Path | str, company: str) -> Opportunity:
    """The record of a company."""
    return next(o for o in records(path).values() if o.company == company)
