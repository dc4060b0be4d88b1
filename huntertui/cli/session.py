"""What a verb works with: the settings, the places, and the desk on the store."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from huntertui.cli.background import checkpoint_if_due
from huntertui.cli.output import say
from huntertui.config import Config, Paths, find_paths, load, whoami
from huntertui.desk import Desk
from huntertui.model.calendar import Calendar
from huntertui.model.capacity import Targets
from huntertui.model.pipeline import Policy
from huntertui.store import Store, open_store

if TYPE_CHECKING:
    from huntertui.themes import Theme
    from huntertui.tomlfile import Problem


@dataclass(frozen=True, slots=True)
class World:
    """What the program is given of the machine. `screen` opens the full-screen workday (the last argument:
    as a demo) and returns its exit code."""

    env: Mapping[str, str]
    uid: int
    clock: Callable[[], datetime]
    screen: Callable[[Desk, Config, Theme, bool], int]


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program: its arguments and what they, the environment and the files amount to."""

    args: Namespace
    world: World
    paths: Paths
    config: Config

    @property
    def me(self) -> str:
        """The member who runs it."""
        return whoami(self.world.uid)

    @property
    def policy(self) -> Policy:
        """The team's rules."""
        return Policy(calendar=Calendar(ZoneInfo(self.config.zone)), currency=self.config.currency)

    @property
    def targets(self) -> Targets:
        """What I mean to do a day."""
        return Targets(**self.config.targets)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The team's store."""
        anywhere = self.config.any_filesystem
        with open_store(self.config.store, self.me, clock=self.world.clock, any_filesystem=anywhere) as store:
            before = store.seq
            yield store
            if store.seq != before:
                checkpoint_if_due(self, store)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """My desk on the store, loaded; records that cannot be read are named on stderr."""
        with self.store() as store:
            desk = self.desk_on(store)
            for problem in desk.problems:
                say(problem)
            yield desk

    def desk_on(self, store: Store) -> Desk:
        """My desk on a store that is open already, loaded."""
        desk = Desk(store, self.policy, self.me, self.world.clock, targets=self.targets)
        desk.load()
        return desk


def open_session(args: Namespace, world: World) -> tuple[Session, list[Problem]]:
    """The session, and what is wrong with the settings; Usage when a flag is."""
    flags = {name: getattr(args, name, None) for name in ("config", "theme", "store")}
    config, problems = load(world.env, flags)
    if getattr(args, "no_mouse", False):
        config = replace(config, mouse=False)
    if getattr(args, "any_filesystem", False):
        config = replace(config, any_filesystem=True)
    return Session(args, world, find_paths(world.env, flags), config), problems
