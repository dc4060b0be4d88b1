"""Desks for tests: a clock that stands still until it is moved, a small world, and all that a store holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huntertui.desk import Desk
from huntertui.model.pipeline import Policy
from huntertui.store import Doc, Store, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
TABLES = ("opportunities", "events", "plans", "do_not_contact")


@dataclass
class Clock:
    """The present; `pass_` moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: int) -> None:
        self.now += timedelta(**time)


def desk_at(url: str | Path, clock: Clock, me: str = "ana") -> Desk:
    """A loaded desk over a store of its own."""
    return desk_over(open_store(url, me, clock=clock), clock, me)


def desk_over(store: Store, clock: Clock, me: str = "ana") -> Desk:
    """A loaded desk over a store that is open already."""
    desk = Desk(store, Policy(), me, clock)
    desk.load()
    return desk


def small_world(desk: Desk) -> None:
    """Fill an empty store: #1 and #2 ana's at Acme, #3 ben's, #4 ana's deal, #5 nobody's, #6 ana's, lost."""
    ben = desk_over(desk.store, desk._clock, "ben")  # type: ignore[arg-type]
    desk.add("Ann Lee @Acme tue 12k ann@acme.example +44 20 7946 0958")
    desk.add("Bob Ray @Acme bob@acme.example")
    ben.add("Cat Fox @Globex €340k ann@acme.example")
    desk.add("Dora Diaz @Initech fri 50k")
    desk.move(4, "proposal")
    desk.expect_close(4, "11dec")
    desk.add("Eve Ode @Umbrella")
    desk.assign(5, "-")
    desk.add("Fay Poe @Hooli")
    desk.lose(6, "p")
    desk.follow()


def everything(store: Store) -> dict[str, list[tuple[int, Doc]]]:
    """All documents, byte for byte."""
    return {table: store.find(table) for table in TABLES}
