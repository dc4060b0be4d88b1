"""A person's own settings: taste and places, from flags, the environment and one TOML file, only ever read.

A setting is that of the first of these that has it: what the administrator has fixed (see `site`), flag,
HUNTERTUI_* variable, user's file, the administrator's default, ours. What is wrong in the environment or the
file is a Problem, and the next in line stands; a wrong flag is an error.
"""

from __future__ import annotations

import os
import pwd
import re
from dataclasses import field
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from huntertui.colors import in_light
from huntertui.errors import NotAllowed, Usage
from huntertui.records import dataclass
from huntertui.tomlfile import Problem, Unreadable, nearest, read, shown, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from huntertui.tomlfile import Document

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are: the settings' file, the store by default, the folders of state and themes.

    `own`: the folder of who may reach no other files, see `within`; None: whatever his account may read.
    """

    config: Path
    store: Path
    state: Path
    themes: Path
    own: Path | None = None

    @property
    def columns(self) -> Path:
        """The file that keeps what the columns of other programs' files carry."""
        return self.config.parent / "columns.json"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force. `store`: a path or URL; `zone`: an IANA name that exists; `currency`: ISO 4217.

    `links`: numbers and addresses are links of the terminal, by default where it is known to take them.
    `kitty`: keys are asked for by the kitty protocol, where the terminal has it.
    `any_filesystem`: the store may also be on a network file system, at the person's own risk.
    `targets`: touches a day, by discipline; None: all that is due.
    `state`: the folder for what is remembered of the person; None: nothing is.
    `themes`: the folder of the person's own themes; None: there are none.
    `own`, `columns`: see `Paths`; None: what the columns of files carry is not kept.
    `keys`: a command's name -> its keys as written, none to unbind it; nobody has checked them yet.
    """

    store: str
    zone: str = "UTC"
    theme: str = "dark"
    mouse: bool = True
    ascii: bool = False
    links: bool = True
    kitty: bool = True
    currency: str = "EUR"
    any_filesystem: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: Mapping[str, int | None] = field(default_factory=dict)
    state: Path | None = field(default=None, compare=False)
    themes: Path | None = field(default=None, compare=False)
    own: Path | None = field(default=None, compare=False)
    columns: Path | None = field(default=None, compare=False)


def find_paths(env: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Paths:
    """Return the places by the XDG Base Directory Specification, of which relative paths are no part.

    The flag `config`, or HUNTERTUI_CONFIG, names another settings' file; the user's themes are beside it.
    """
    home = _home(env)

    def base(variable: str, default: str) -> Path:
        path = Path(env.get(variable, ""))
        return (path if path.is_absolute() else home / default) / "huntertui"

    given = (flags or {}).get("config") or env.get("HUNTERTUI_CONFIG")
    config = Path(given) if given else base("XDG_CONFIG_HOME", ".config") / "config.toml"
    return Paths(
        config=config,
        store=base("XDG_DATA_HOME", ".local/share") / "store.json",
        state=base("XDG_STATE_HOME", ".local/state"),
        themes=config.parent / "themes",
    )


def load(
    env: Mapping[str, str],
    flags: Mapping[str, str | None] | None = None,
    root: Path = Path("/"),
    *,
    paths: Paths | None = None,
    fixed: Mapping[str, Any] = _NONE,
    defaults: Mapping[str, Any] = _NONE,
) -> tuple[Config, list[Problem]]:
    """Return the settings in force and what is wrong with those that are given; Usage if a flag is wrong.

    `flags`: config, theme, store, zone, each with None for not given. `root` is where /etc is looked for.
    `paths`: other places than those of `find_paths`. `fixed` and `defaults` are the administrator's.
    """
    flags = flags or {}
    paths = paths or find_paths(env, flags)
    problems: list[Problem] = []
    values: dict[str, Any] = {"store": str(paths.store), "state": paths.state, "themes": paths.themes}
    values |= {"own": paths.own, "columns": paths.columns}
    values |= dict(defaults) | _from_file(paths, env, flags, problems, fixed)
    for name in ("theme", "store", "zone"):
        if name in fixed:
            continue
        variable = f"HUNTERTUI_{name.upper()}"
        if given := env.get(variable):
            try:
                values[name] = _CHECKS[name](given)
            except ValueError as error:
                problems.append(Problem("environment", 0, variable, str(error)))
        flag = flags.get(name)
        if flag is not None:
            try:
                values[name] = _CHECKS[name](flag)
            except ValueError as error:
                raise Usage(f"--{name}: {error}") from None
    values |= fixed
    values.setdefault("zone", local_zone(env, root))
    values.setdefault("links", not _LINKLESS.match(env.get("TERM", "")))
    return Config(**values), problems


def within(own: Path | None, folder: str, given: Path) -> Path:
    """A file that a person names; where he is confined to files of his `own`, NotAllowed for any that is not
    in that `folder` there."""
    if own is None:
        return given
    file = own / folder / given.name
    if str(given) != given.name or given.name in ("", "..") or file.is_symlink():
        where = own / folder
        raise NotAllowed(f"{given}: only the name of a file in {where} can be given here")
    return file


def local_zone(env: Mapping[str, str], root: Path = Path("/")) -> str:
    """Return the IANA name of this machine's or session's time zone.

    TZ, else where /etc/localtime leads to, else what /etc/timezone says (Debian), else UTC.
    """
    for source in (env.get("TZ", "").removeprefix(":"), _linked_zone(root), _written_zone(root)):
        name = source.rpartition("zoneinfo/")[2].removeprefix("posix/").removeprefix("right/")
        if name and _exists(name):
            return name
    return "UTC"


def whoami(uid: int) -> str:
    """Return the login name of a uid: the one source of identity, for $USER and its like are only claims."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


def _home(env: Mapping[str, str]) -> Path:
    try:
        return Path(env.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:  # a uid without an entry, as in some containers
        return Path("/")


def _from_file(
    paths: Paths,
    env: Mapping[str, str],
    flags: Mapping[str, str | None],
    problems: list[Problem],
    fixed: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what is right in the user's file; what is not becomes problems."""
    try:
        document = read(paths.config)
    except FileNotFoundError:
        if flags.get("config"):
            raise Usage(f"--config: there is no file {shown(str(paths.config))}") from None
        if env.get("HUNTERTUI_CONFIG"):
            problems.append(Problem(str(paths.config), 0, "", "there is no such file"))
        return {}
    except Unreadable as error:
        problems.append(error.problem)
        return {}
    values = settings_in(document, env, problems)
    for key in fixed:
        if key in values and values.pop(key) != fixed[key]:
            problems.append(document.problem("the administrator has decided that for everybody", key))
    if "store" in values:
        values["store"] = _placed(values["store"], paths.config.parent, env)
    return values


def settings_in(
    document: Document, env: Mapping[str, str], problems: list[Problem], others: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what is right in a file of settings; what is not becomes problems. `others`: keys left out."""
    values: dict[str, Any] = {}
    for key, value in document.data.items():
        if key in others:
            continue
        if key == "keys":
            values[key] = _keys(document, value, problems)
        elif key == "targets":
            values[key] = targets_in(document, value, problems, "targets")
        elif key not in _CHECKS:
            known = [*_CHECKS, "keys", "targets", *others]
            problems.append(document.problem(f"is unknown: {suggest(key, known)}", key))
        else:
            try:
                values[key] = _CHECKS[key](_suited(value, env) if key == "theme" else value)
            except ValueError as error:
                problems.append(document.problem(str(error), key))
    return values


def _suited(value: object, env: Mapping[str, str]) -> object:
    """Return that of a theme for dark backgrounds and one for light ones which suits the terminal."""
    if not isinstance(value, dict):
        return value
    if value.keys() != {"dark", "light"}:
        raise ValueError("must be a name, or { dark = 'one', light = 'other' }")
    by_background = {name: _theme(given) for name, given in value.items()}
    return by_background["light" if in_light(env) else "dark"]


def _placed(store: str, folder: Path, env: Mapping[str, str]) -> str:
    """Return a store as a file names it: no shell has seen its ~, and it is relative to that file."""
    if store.startswith("~/"):
        return str(_home(env) / store[2:])
    return store if _URL.match(store) else str(folder / store)


def _keys(document: Document, value: object, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        problems.append(document.problem(f"must be a table, not {shown(value)}", "keys"))
        return {}
    keys: dict[str, tuple[str, ...]] = {}
    for command, given in value.items():
        several = given if isinstance(given, list) else [given]
        if all(isinstance(key, str) and key for key in several):
            keys[command] = tuple(several)
        else:
            message = f"must be a key in quotes or a list of them, not {shown(given)}"
            problems.append(document.problem(message, "keys", command))
    return keys


def targets_in(document: Document, value: object, problems: list[Problem], *at: str) -> dict[str, int | None]:
    """Return what is right of the targets that stand `at` some keys; what is not becomes problems."""
    if not isinstance(value, dict):
        problems.append(document.problem(f"must be a table, not {shown(value)}", *at))
        return {}
    targets: dict[str, int | None] = {}
    for name, given in value.items():
        if name not in TARGETS:
            problems.append(document.problem(f"is unknown: {suggest(name, TARGETS)}", *at, name))
        elif given == "due":
            targets[name] = None
        elif isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST:
            targets[name] = given
        else:
            message = f'must be a number of touches up to {MOST}, or "due" for all, not {shown(given)}'
            problems.append(document.problem(message, *at, name))
    return targets


def _linked_zone(root: Path) -> str:
    try:
        return str((root / "etc/localtime").readlink())
    except OSError:
        return ""


def _written_zone(root: Path) -> str:
    try:
        return (root / "etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # unknown; no relative name; a folder, or too long
        return False
    return True


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _theme(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be the name of a theme, as 'dark', not {shown(value)}")
    return value


def _store(value: object) -> str:
    named = isinstance(value, str) and value.strip() and value.isprintable()
    if not isinstance(value, str) or not named or not ("://" in value or PurePath(value).name):  # as / and .
        what = "a URL" if "://" in str(value) else shown(value)  # which may have a password in it
        raise ValueError(f"must be the path of a store in quotes, not {what}")
    return value


def check_zone(value: object) -> str:
    """Return the IANA name of a zone that exists; ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"must be a time zone in quotes, as 'Europe/Berlin', not {shown(value)}")
    if not _exists(value):
        near = nearest(value[:64], available_timezones())
        hint = f"did you mean {near!r}?" if near else "write it as 'Europe/Berlin'"
        raise ValueError(f"{shown(value)} is no time zone: {hint}")
    return value


def check_currency(value: object) -> str:
    """Return an ISO 4217 code; ValueError for anything else."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(f"must be a currency of three capital letters, as 'EUR', not {shown(value)}")
    return value


TARGETS = ("prospecting", "following", "closing")
MOST = 500  # touches a day that anybody may mean to do

_LINKLESS = re.compile(r"dumb|linux|screen")  # terminals that drop links, or print them
_URL = re.compile(r"[a-z]+:")  # memory:, postgresql://...
_CHECKS: Mapping[str, Callable[[object], Any]] = {
    "theme": _theme,
    "mouse": _flag,
    "ascii": _flag,
    "links": _flag,
    "kitty": _flag,
    "store": _store,
    "zone": check_zone,
    "currency": check_currency,
    "any_filesystem": _flag,
}

SETTINGS = tuple(_CHECKS)
"""The names of the settings that stand alone; `keys` and `targets` are tables."""
