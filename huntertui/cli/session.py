"""What a verb works with: the settings, the places, and the desk on the store."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from huntertui.cli.background import checkpoint_if_due
from huntertui.cli.output import say
from huntertui.cli.progress import Progress
from huntertui.config import Config, Paths, find_paths, load, within
from huntertui.desk.shelf import Shelf
from huntertui.errors import HunterError, Usage
from huntertui.model.calendar import Calendar
from huntertui.model.codec import Spoilt
from huntertui.model.pipeline import Policy
from huntertui.model.team import Targets
from huntertui.model.text import Unclear
from huntertui.records import dataclass
from huntertui.site import SETTINGS, Site, distrusted, read_site
from huntertui.store import Store, described, open_store
from huntertui.teamfile import TeamFile

if TYPE_CHECKING:
    from huntertui.desk import Desk
    from huntertui.themes import Theme
    from huntertui.tomlfile import Problem

S = TypeVar("S", bound=Shelf)


@dataclass(frozen=True, slots=True)
class World:
    """What the program is given of the machine. `screen` opens the full-screen workday (the last argument:
    as a demo) and returns its exit code. `settings`: the file of the administrator, whose uid is `root`.
    `again`: the beginning of a command that starts this program anew."""

    env: Mapping[str, str]
    uid: int
    clock: Callable[[], datetime]
    screen: Callable[[Desk, Config, Theme, bool], int]
    settings: Path = SETTINGS
    root: int = 0
    again: Sequence[str] = (sys.executable, "-P", "-m", "huntertui")


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program: its arguments and what they, the environment and the files amount to.

    `me`: the member who runs it.
    """

    args: Namespace
    world: World
    me: str
    paths: Paths
    config: Config
    site: Site
    team: TeamFile

    @property
    def policy(self) -> Policy:
        """The team's rules."""
        return self.team.policy

    @property
    def quiet(self) -> bool:
        """Whether only what goes wrong is to be said."""
        return getattr(self.args, "quiet", False)

    @property
    def yes(self) -> bool:
        """Whether what would be asked is granted, and what suggests itself taken."""
        return getattr(self.args, "yes", False)

    @property
    def no_input(self) -> bool:
        """Whether nothing is to be asked for, whoever is there."""
        return getattr(self.args, "no_input", False)

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to be asked."""
        asked = not (self.no_input or getattr(self.args, "json", False))
        return asked and sys.stdin is not None and sys.stdin.isatty()

    def progress(self, what: str) -> Progress:
        """How far a long thing is, for who sits there."""
        return Progress(what, shown=not self.quiet and self.world.env.get("TERM", "dumb") != "dumb")

    @property
    def targets(self) -> Targets:
        """What I mean to do a day, where the team's policy does not say it."""
        return Targets(**self.config.targets)

    def places(self) -> dict[str, str]:
        """Where everything is, for people: the store without a password, "none" for no file of the team."""
        places = self.paths
        return {
            "store": described(self.config.store),
            "team": str(self.team.path or "none"),
            "config": str(places.config),
            "themes": str(places.themes),
            "state": str(places.state),
        }

    def file(self, given: Path, folder: str) -> Path:
        """A file that the person names; where he is confined, NotAllowed for any outside his own `folder`."""
        return within(self.paths.own, folder, given)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The team's store."""
        anywhere = self.config.any_filesystem
        with open_store(self.config.store, self.me, clock=self.world.clock, any_filesystem=anywhere) as store:
            before = store.seq
            yield store
            if store.seq != before:
                checkpoint_if_due(self, store)

    def known_to(self, store: Store) -> Session:
        """The session as of whom the store knows me: where that is by the login of a database, it counts."""
        return replace(self, me=store.login) if store.login else self

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """My desk on the store, loaded; records that cannot be read are named on stderr."""
        with self.store() as store:
            desk = self.desk_on(store)
            _say_problems(desk)
            yield desk

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """The same for who only looks: the use cases are not even loaded."""
        with self.store() as store:
            shelf = self._loaded(Shelf, store)
            _say_problems(shelf)
            yield shelf

    def desk_on(self, store: Store) -> Desk:
        """My desk on a store that is open already, loaded."""
        from huntertui.desk import desk  # late: who only looks pays nothing for it

        return self._loaded(desk.Desk, store)

    def _loaded(self, kind: type[S], store: Store) -> S:
        renewed = self.team.renewed
        me = self.known_to(store).me
        made = kind(store, self.policy, me, self.world.clock, targets=self.targets, renewed=renewed)
        made.team_file = self.team
        made.load()
        return made


def _say_problems(shelf: Shelf) -> None:
    for problem in shelf.problems:
        say(problem)


@contextmanager
def understood() -> Iterator[None]:
    """Within, a text that the desk does not understand is a word on the command line that makes no sense,
    and a record that cannot be read is no fault of ours."""
    try:
        yield
    except Unclear as error:
        raise Usage(str(error)) from None
    except Spoilt as error:
        raise HunterError(str(error)) from None


def open_session(args: Namespace, world: World) -> tuple[Session, list[Problem]]:
    """The session, and what is wrong with the settings; Usage when a flag is."""
    flags = {name: getattr(args, name, None) for name in ("config", "theme", "store")}
    site, problems = read_site(world.env, world.settings, world.root)
    me = site.member(world.uid, world.env, getattr(args, "member", None))
    anywhere = getattr(args, "any_filesystem", False)
    site.check({"config": flags["config"], "store": flags["store"], "any_filesystem": anywhere})
    env = world.env
    if site.confined:
        env = {name: value for name, value in env.items() if name in _OF_THE_TERMINAL}
    paths = site.paths(me) if site.confined else find_paths(env, flags)
    config, more = load(env, flags, paths=paths, fixed=site.fixed, defaults=site.defaults)
    if getattr(args, "no_mouse", False):
        config = replace(config, mouse=False)
    if anywhere:
        config = replace(config, any_filesystem=True)
    team = _team(site, config, world)
    return Session(args, world, me, paths, config, site, team), [*problems, *more, *team.problems]


def _team(site: Site, config: Config, world: World) -> TeamFile:
    """The team's policy. What the administrator has fixed stands whatever it says."""
    base = Policy(calendar=Calendar(ZoneInfo(config.zone)), currency=config.currency)
    file = site.team_file(config.store)
    try:
        trouble = distrusted(file, world.root) if file is not None else ""
    except OSError:
        trouble = ""  # there is none: TeamFile sees to it
    shut = "the team's policy is the administrator's here" if site.confined else ""
    return TeamFile(file, base, trouble, site.fixed, shut=shut)


_OF_THE_TERMINAL = ("TERM", "COLORTERM", "COLORFGBG", "NO_COLOR")
