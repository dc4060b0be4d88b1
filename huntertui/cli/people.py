"""What is for people's eyes: in colour where they want it, in ASCII where their terminal has no more."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from huntertui.cli.output import put
from huntertui.model.text import in_ascii

if TYPE_CHECKING:
    from huntertui.cli.session import Session

HEAD, LATE, HEED = "1", "1;31", "33"
"""Styles (ECMA-48, SGR): a heading, what is red in the workday too, and what is to be looked at."""

WHEN = ("auto", "always", "never")
"""When there are colours."""


def coloured(when: str, env: Mapping[str, str], terminal: bool) -> bool:
    """Whether there are colours. `when`: what --color says; `terminal`: whether the output goes to one.

    Of the environment the first counts that says something: NO_COLOR (no-color.org), FORCE_COLOR and
    CLICOLOR_FORCE, CLICOLOR=0 (bixense.com/clicolors), TERM=dumb.
    """
    if when != "auto":
        return when == "always"
    if env.get("NO_COLOR"):
        return False
    if any(env.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return terminal and env.get("CLICOLOR") != "0" and env.get("TERM", "dumb") != "dumb"


def seen(session: Session) -> bool:
    """Whether somebody looks at the output, so that a table is in place: at a terminal, or with
    --color always, as in `list --color always | less -R`. The environment changes nothing for scripts."""
    return sys.stdout.isatty() or getattr(session.args, "color", "auto") == "always"


def tell(session: Session, line: str, style: str = "") -> None:
    """A line for people. Nothing in it can steer the terminal."""
    when, env = getattr(session.args, "color", "auto"), session.world.env
    styled = style if coloured(when, env, sys.stdout.isatty()) else ""
    put(in_ascii(line) if needs_ascii(session) else line, styled)


def inform(session: Session, line: str, style: str = "") -> None:
    """Tell what was done or that all is well, unless --quiet."""
    if not session.quiet:
        tell(session, line, style)


def needs_ascii(session: Session) -> bool:
    """Whether the signs of our own are to be ASCII: by the settings, or as the terminal has no others."""
    return session.config.ascii or (sys.stdout.encoding or "").casefold() not in ("utf-8", "utf8")
