"""The theme that the screen is shown in, and the verb that lists and measures themes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from huntertui.cli.options import add_forms
from huntertui.cli.output import put_json, put_plain, say
from huntertui.cli.people import LATE, inform, tell
from huntertui.cli.session import Session
from huntertui.errors import Usage
from huntertui.themes import DEFAULT, Theme, ThemeError, available, folders, load

if TYPE_CHECKING:
    from huntertui.legible import Measure


def theme_of(session: Session) -> Theme:
    """The theme asked for, or the one that the terminal can show in its place.

    A wrong one in a file is said and the default taken; a wrong flag is Usage.
    """
    from huntertui.legible import stand_in  # late, here and below: what only lists pays nothing for it

    places = folders(session.paths.themes)
    try:
        theme = load(session.config.theme, places)
    except ThemeError as error:
        if getattr(session.args, "theme", None) is not None:
            raise Usage(f"--theme: {error}") from None
        say(f"{error}; going on with {DEFAULT}")
        theme = load(DEFAULT, places[1:])
    other = stand_in(theme, session.world.env)
    return theme if other == theme.name else load(other, places[1:])


def arguments(parser: ArgumentParser) -> None:
    """The arguments of themes."""
    parser.add_argument("what", metavar="check", nargs="?", choices=("check",), help="measure the contrast")
    parser.add_argument("name", metavar="NAME", nargs="?", help="of one theme alone, each text and line")
    add_forms(parser)


def themes(session: Session) -> int:
    """The themes there are, the one in use marked, and what is wrong with others."""
    if session.args.what == "check":
        return _check(session, session.args.name)
    found, errors = available(folders(session.paths.themes))
    used = session.config.theme
    if session.args.json:
        listed = [
            {"name": name, "from": str(theme.source), "used": name == used} for name, theme in found.items()
        ]
        put_json({"themes": listed, "faults": [str(error) for error in errors]})
    elif session.args.plain:
        put_plain([[name, str(theme.source), "used" * (name == used)] for name, theme in found.items()])
    else:
        longest = max(map(len, found), default=0)
        for name, theme in found.items():
            tell(session, f"{'*' if name == used else ' '} {name:<{longest}}  {theme.source}")
    for error in errors:
        say(str(error))
    return 0


def _check(session: Session, name: str | None) -> int:
    """How well each can be read, 1 when one cannot; of one theme all measures, else what is too little."""
    from huntertui.legible import measures

    places = folders(session.paths.themes)
    errors: list[ThemeError] = []
    if name is None:
        found, errors = available(places)
    else:
        try:
            found = {name: load(name, places)}
        except ThemeError as error:
            found, errors = {}, [error]
    taken = {theme.name: list(measures(theme)) for theme in found.values()}
    if session.args.json:
        put_json(
            {
                "themes": [
                    {"name": title, "contrasts": [_measure(one) for one in measured]}
                    for title, measured in taken.items()
                ],
                "faults": [str(error) for error in errors],
            }
        )
    elif session.args.plain:
        put_plain(
            [
                [title, str(one), "enough" if one.enough else "too little"]
                for title, measured in taken.items()
                for one in measured
            ]
        )
    else:
        for title, measured in taken.items():
            faults = [one for one in measured if not one.enough]
            (tell if faults else inform)(session, f"{title}: {_summary(measured, faults)}")
            for one in measured if name else faults:
                (inform if one.enough else tell)(session, f"  {one}", "" if one.enough else LATE)
    for problem in errors:
        say(str(problem))
    return 1 if errors or any(not one.enough for measured in taken.values() for one in measured) else 0


def _measure(one: Measure) -> dict[str, object]:
    return {"what": str(one), "ratio": round(one.ratio, 2), "least": one.least, "enough": one.enough}


def _summary(measured: list[Measure], faults: list[Measure]) -> str:
    from huntertui.legible import TEXT

    if faults:
        return f"{len(faults)} of {len(measured)} contrasts are too little"
    least = min(one.ratio for one in measured if one.least == TEXT)
    return f"all {len(measured)} contrasts are enough, the least of text is {least:.1f}"
