"""The verb for one's own settings: what holds and where it comes from, and changing the file with care."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from huntertui.cli.options import add_forms
from huntertui.cli.output import put, put_data, put_json, put_plain
from huntertui.cli.people import inform
from huntertui.cli.session import Session
from huntertui.config import SETTINGS, settings_in
from huntertui.errors import HunterError, NotAllowed, NotFound, Usage
from huntertui.model.text import did_you_mean
from huntertui.store import described
from huntertui.tomlfile import Document, Problem, Unreadable, line_of, read, write

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_IN_TABLES = ("keys", "targets")
"""Settings that are tables: one of them is named with a dot, as keys.claim."""


def arguments(parser: ArgumentParser) -> None:
    """The arguments of config."""
    parser.add_argument("what", choices=tuple(_DO), nargs="?", default="show", help="show by default")
    parser.add_argument("key", metavar="KEY", nargs="?", help="a setting: theme, mouse, keys.claim ...")
    parser.add_argument("value", metavar="VALUE", nargs="*", help="as in TOML; a text needs no quotes")
    add_forms(parser)


def config(session: Session) -> int:
    """Do what is asked for."""
    return _DO[session.args.what](session)


def _show(session: Session) -> int:
    values, sources = _in_force(session), _sources(session)
    rows = [(key, value, sources.get(key, "default")) for key, value in values.items()]
    if session.args.json:
        settings = [{"key": key, "value": value, "from": source} for key, value, source in rows]
        put_json({"file": str(session.paths.config), "settings": settings})
    elif session.args.plain:
        put_plain([[key, _toml(value), source] for key, value, source in rows])
    else:
        for key, value, source in rows:
            put(f"{key} = {_toml(value)}" + (f"  # {source}" if source != "default" else ""))
    return 0


def _get(session: Session) -> int:
    key, values = _key(session), _in_force(session)
    if key not in values:
        raise NotFound(f"{key} is not set")
    if not put_data(session.args, {"key": key, "value": values[key]}):
        put(values[key] if isinstance(values[key], str) else _toml(values[key]))
    return 0


def _set(session: Session) -> int:
    key, given = _key(session), " ".join(session.args.value)
    if not given:
        raise Usage(f"config set {key} what? a value as in TOML; a text needs no quotes")
    value = _value(given)

    def change(document: TOMLDocument) -> None:
        table, _, name = key.rpartition(".")
        if table and table not in document:
            document[table] = {}
        place: Any = document[table] if table else document
        place[name] = value

    _edit(session, key, change)
    return _told(session, key, f"{key} = {_toml(described(value) if key == 'store' else value)}")


def _unset(session: Session) -> int:
    key = _key(session)

    def change(document: TOMLDocument) -> None:
        table, _, name = key.rpartition(".")
        place: Any = document.get(table, {}) if table else document
        if name not in place:
            raise NotFound(f"{key} is not in {session.paths.config}")
        del place[name]

    _edit(session, key, change)
    return _told(session, key, f"{key} is what it was by default")


def _told(session: Session, key: str, message: str) -> int:
    if not put_data(session.args, {"key": key, "message": message, "file": str(session.paths.config)}):
        inform(session, message)
    return 0


def _key(session: Session) -> str:
    """The setting that is meant. Usage when there is none of that name."""
    key: str | None = session.args.key
    known = [*SETTINGS, *(f"{table}.NAME" for table in _IN_TABLES)]
    if key is None:
        raise Usage(f"which setting? {', '.join(known)}")
    table, _, name = key.partition(".")
    if key not in SETTINGS and not (table in _IN_TABLES and name):
        raise Usage(f"there is no setting {key!r}: {did_you_mean(key, known, ', '.join(known))}")
    return key


def _edit(session: Session, key: str, change: Callable[[TOMLDocument], None]) -> None:
    """Change the file; refused when what it then says is wrong. Comments and order stay as they are."""
    import tomlkit  # late: no other verb pays for it

    if key.partition(".")[0] in session.site.fixed:
        raise NotAllowed(f"the administrator has decided {key} for everybody")
    path = session.paths.config
    try:
        text = read(path).text
    except FileNotFoundError:
        text = ""
    except Unreadable as error:
        raise Usage(f"{error}: mend it first") from None
    document = tomlkit.parse(text)
    change(document)
    after = tomlkit.dumps(document)
    problems: list[Problem] = []
    settings_in(Document(path, after, tomllib.loads(after)), session.world.env, problems)
    problems += [Problem(str(path), 0, key, words) for words in _wrong(session, key, after)]
    wrong = next((problem for problem in problems if problem.key.startswith(key.partition(".")[0])), None)
    if wrong is not None:
        raise Usage(f"{key}: {wrong.message}; nothing was changed")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(path, after)
    except OSError as error:
        raise HunterError(f"{path}: {error.strerror}") from None


def _wrong(session: Session, key: str, text: str) -> list[str]:
    """What only those who know the commands or the themes can say of a value."""
    table, _, name = key.partition(".")
    if table == "keys":
        from huntertui.commands import check

        given = tomllib.loads(text).get("keys", {}).get(name, [])
        return check({name: tuple(given) if isinstance(given, list) else (str(given),)})
    if table == "theme":
        from huntertui.themes import ThemeError, folders, load

        given = tomllib.loads(text).get("theme", "dark")
        try:
            for one in given.values() if isinstance(given, dict) else (given,):
                load(one, folders(session.paths.themes))
        except ThemeError as error:
            return [str(error)]
    return []


def _in_force(session: Session) -> dict[str, Any]:
    """Every setting with its value; of the tables each one that is set."""
    now = session.config
    plain = {key: getattr(now, key) for key in SETTINGS} | {"store": described(now.store)}
    keys = {f"keys.{name}": list(given) for name, given in now.keys.items()}
    return plain | keys | {f"targets.{n}": "due" if v is None else v for n, v in now.targets.items()}


def _sources(session: Session) -> dict[str, str]:
    """Where each setting comes from that is not a default of ours."""
    env, site, path = session.world.env, session.site, session.paths.config
    found = dict.fromkeys(site.defaults, "the administrator's default")
    with suppress(OSError, Unreadable):
        document = read(path)
        for key, value in document.data.items():
            for name in (f"{key}.{one}" for one in value) if key in _IN_TABLES else (key,):
                found[name] = f"{path}:{line_of(document.text, name.split('.'))}"
    for key in ("theme", "store", "zone"):
        if env.get(variable := f"HUNTERTUI_{key.upper()}") and not site.confined:
            found[key] = variable
    flags = {"theme": "theme", "store": "store", "any_filesystem": "any_filesystem", "mouse": "no_mouse"}
    for key, flag in flags.items():
        if getattr(session.args, flag, None):
            found[key] = f"--{flag.replace('_', '-')}"
    return found | dict.fromkeys(site.fixed, "the administrator has decided it")


def _value(text: str) -> Any:
    """What a value means in TOML; what means nothing is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return text


def _toml(value: Any) -> str:
    """The value as TOML writes it."""
    import tomlkit

    return str(tomlkit.item(value).as_string())


_DO: Mapping[str, Callable[[Session], int]] = {"show": _show, "get": _get, "set": _set, "unset": _unset}
