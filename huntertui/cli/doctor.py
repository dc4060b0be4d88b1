"""The verb that examines the installation: one page for a report, without anything of a customer's."""

from __future__ import annotations

import os
import platform
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from huntertui import __version__, commands
from huntertui.cli import probing
from huntertui.cli.examining import FAULT, OK, WARN, Finding, store_findings
from huntertui.cli.options import add_forms
from huntertui.cli.output import put_json, put_plain
from huntertui.cli.people import HEED, LATE, inform, tell
from huntertui.cli.session import Session, open_session
from huntertui.colors import ALL, FEW, MANY, NONE, depth
from huntertui.errors import HunterError
from huntertui.legible import measures, stand_in
from huntertui.model.calendar import DAY_NAMES
from huntertui.themes import folders, load

_KNOWN = {"textual": ((8, 2, 8), (9,)), "tinydb": ((4, 9), (5,))}
"""The versions that the program is made for: from one on, below another, as in pyproject.toml."""

_STYLES = {OK: "", WARN: HEED, FAULT: LATE}


def arguments(parser: ArgumentParser) -> None:
    """The arguments of doctor."""
    parser.add_argument("--keys", action="store_true", help="have keys pressed, and say what arrives")
    add_forms(parser)


def doctor(session: Session) -> int:
    """Say how all is that the program stands on; 1 when something of it is at fault."""
    found = list(_examine(session))
    faults, warnings = (sum(one.state == state for one in found) for state in (FAULT, WARN))
    if session.args.json:
        put_json({"faults": faults, "warnings": warnings, "checks": [one._asdict() for one in found]})
    elif session.args.plain:
        put_plain([[one.state, one.name, one.text] for one in found])
    else:
        for one in found:
            told = inform if one.state == OK else tell
            told(session, f"{one.state:<5}  {one.name:<9}  {one.text}", _STYLES[one.state])
        inform(session, f"{faults} {'fault' if faults == 1 else 'faults'}, {warnings} to look at")
    return 1 if faults else 0


def _examine(session: Session) -> Iterator[Finding]:
    for name, check in _CHECKS.items():
        try:
            yield from check(session)
        except (HunterError, OSError) as error:
            yield Finding(name, FAULT, str(error))


def _versions(_: Session) -> Iterator[Finding]:
    yield Finding("versions", OK, f"huntertui {__version__}, Python {platform.python_version()}")
    for name, (least, below) in _KNOWN.items():
        try:
            given = version(name)
        except PackageNotFoundError:
            yield Finding("versions", FAULT, f"{name} is not installed")
            continue
        numbers = tuple(map(int, re.findall(r"\d+", given)[:3]))
        fits = least <= numbers < below
        asked = f"made for {'.'.join(map(str, least))} to below {below[0]}"
        yield Finding("versions", OK if fits else WARN, f"{name} {given}" + ("" if fits else f", {asked}"))
    yield Finding("versions", OK, f"{platform.system()} {platform.release()}")


def _identity(session: Session) -> Iterator[Finding]:
    how = {
        "unix": "by the account that runs the program",
        "sudo": "by the account that called sudo",
        "forced": "by --as, which the administrator's file lets say it",
    }[session.site.identity]
    yield Finding("identity", OK, f"{session.me}, {how} (uid {session.world.uid})")
    claims = {session.world.env.get(name) for name in ("USER", "LOGNAME")} - {None, "", session.me}
    if claims and session.site.identity == "unix":
        yield Finding(
            "identity", OK, f"USER or LOGNAME say {', '.join(sorted(map(str, claims)))}: not heeded"
        )


def _settings(session: Session) -> Iterator[Finding]:
    for whose, path in (("yours", session.paths.config), ("the administrator's", session.world.settings)):
        there = "" if path.exists() else ", not there: the defaults hold"
        yield Finding("settings", OK, f"{path} ({whose}){there}")
    _, problems = open_session(session.args, session.world)
    for problem in problems:
        if problem.file == str(session.team.path):
            continue  # told of the team
        yield Finding("settings", FAULT, str(problem))


def _keys(session: Session) -> Iterator[Finding]:
    """That each command can be reached, by keys that no other one has; with --keys, that they arrive."""
    own = session.config.keys
    wrong = commands.check(own)
    for message in wrong:
        yield Finding("keys", FAULT, f"[keys] {message}")
    if not wrong:
        yours = f", {len(own)} of them by keys of yours" if own else ""
        yield Finding("keys", OK, f"{len(commands.COMMANDS)} commands, no two on one key{yours}")
    if not session.args.keys:
        return
    if session.no_input or not probing.there():
        yield Finding("keys", FAULT, "--keys asks for keys to be pressed, and that takes a terminal")
        return
    delay = session.world.env.get("ESCDELAY") or ("250" if session.world.env.get("SSH_CONNECTION") else "100")
    yield from probing.keys(int(delay) if delay.isdecimal() else 100)


def _team(session: Session) -> Iterator[Finding]:
    file, found = session.team, session.policy.team
    if not file.there:
        yield Finding("team", OK, "no file of the team's rules: all are members, and decide like leads")
        return
    leads = sum(map(found.leads, found.names()))
    who = f"{len(found.members)} members, {leads} of them lead" if found else "all are members, and lead"
    yield Finding("team", OK, f"{file.path}, {who}")
    if file.trouble:
        yield Finding("team", WARN, f"roles are advisory: {file.trouble}")
    for problem in file.problems:
        yield Finding("team", FAULT, str(problem))


def _terminal(session: Session) -> Iterator[Finding]:
    env = session.world.env
    said = ", ".join(f"{name} {env.get(name) or '(not set)'}" for name in ("TERM", "COLORTERM", "ESCDELAY"))
    colors = {ALL: "16,777,216 colours", MANY: "256 colours", FEW: "16 colours", NONE: "no colours"}
    yield Finding("terminal", OK, f"{said}, {colors[depth(env)]}")
    inside = [what for name, what in _INSIDE.items() if env.get(name)]
    yield Finding("terminal", OK, f"in {' in '.join(inside)}" if inside else "not in tmux, screen or SSH")
    if probing.there():
        yield from probing.answers()
    elif not (os.isatty(0) and os.isatty(1)):
        yield Finding("terminal", OK, "this page does not come from one: the workday needs it")
    if not session.config.kitty:
        yield Finding("terminal", OK, "kitty's keyboard protocol is not asked for, as your settings say")
    if env.get("TERM", "dumb") == "dumb":
        yield Finding("terminal", WARN, "TERM is dumb or not set: the workday will not open here")
    drawn = "in ASCII, as your settings say" if session.config.ascii else "drawn with all signs"
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    letters = next((f"{name}={env[name]}" for name in names if env.get(name)), "no locale is set")
    if re.search(r"\.(?!utf-?8)", letters, re.IGNORECASE):
        yield Finding(
            "letters", WARN, f"{letters} is not UTF-8, so names are not shown in full: LANG=C.UTF-8"
        )
    else:
        yield Finding("letters", OK, f"{letters}, {drawn}")


_INSIDE = {"TMUX": "tmux", "STY": "GNU screen", "SSH_CONNECTION": "SSH"}


def _theme(session: Session) -> Iterator[Finding]:
    places = folders(session.paths.themes)
    theme = load(session.config.theme, places)
    other = stand_in(theme, session.world.env)
    instead = "" if other == theme.name else f"; {other} in its place, as this terminal has too few colours"
    yield Finding("theme", OK, f"{theme.name}, {theme.source}{instead}")
    shown = theme if other == theme.name else load(other, places[1:])
    faults = [one for one in measures(shown) if not one.enough]
    if not faults:
        yield Finding("theme", OK, "all of it can be read: text 4.5 to 1, lines 3 to 1")
    for one in faults:
        yield Finding("theme", FAULT, str(one))


def _clock(session: Session) -> Iterator[Finding]:
    calendar = session.policy.calendar
    now = calendar.local(session.world.clock())
    days = " ".join(DAY_NAMES[day] for day in sorted(calendar.workdays))
    yield Finding("clock", OK, f"{calendar.zone.key}, {DAY_NAMES[now.weekday()]} {now:%Y-%m-%d %H:%M}")
    works = "a working day" if calendar.is_working(now.date()) else "a day off"
    yield Finding(
        "clock", OK, f"today is {works}; hours {calendar.opens:%H:%M} to {calendar.closes:%H:%M}, {days}"
    )


def _state(session: Session) -> Iterator[Finding]:
    folder = session.paths.state
    try:
        crashes = sorted(name for name in os.listdir(folder) if name.startswith("crash-"))  # noqa: PTH208
    except FileNotFoundError:
        yield Finding("state", OK, f"{folder}, for what is kept of a crash; not there yet")
        return
    yield Finding("state", OK, f"{folder}, for what is kept of a crash")
    if crashes:
        yield Finding("state", WARN, f"{len(crashes)} crashed, last {folder / crashes[-1]}")


_CHECKS: dict[str, Callable[[Session], Iterator[Finding]]] = {
    "versions": _versions,
    "identity": _identity,
    "settings": _settings,
    "team": _team,
    "store": store_findings,
    "terminal": _terminal,
    "keys": _keys,
    "theme": _theme,
    "clock": _clock,
    "state": _state,
}
