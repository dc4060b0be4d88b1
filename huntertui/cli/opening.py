"""The full screen: the workday on the team's store, or a demo on a made-up one."""

from __future__ import annotations

from argparse import ArgumentParser

from huntertui.cli.background import tended
from huntertui.cli.output import say
from huntertui.cli.session import Session
from huntertui.cli.theming import theme_of
from huntertui.errors import Usage


def workday(session: Session) -> int:
    """The full screen on the team's store."""
    _check_input(session)
    theme = theme_of(session)
    with session.desk() as desk, tended(session, desk.store):
        code = session.world.screen(desk, session.config, theme, False)
        left = sum(row.promise for row in desk.to_review()) if code == 0 else 0
        if left:
            say(f"promised for today and left: {left}; huntertui, then g e goes through them")
        return code


def demo(session: Session) -> int:
    """The full screen on a made-up day."""
    _check_input(session)
    from huntertui.demo import desk as demo_desk

    desk = demo_desk(session.world.clock, session.policy)
    return session.world.screen(desk, session.config, theme_of(session), True)


def _check_input(session: Session) -> None:
    """Usage where keys are not to be asked for: at a job's terminal nobody would press any, for ever."""
    if session.no_input:
        raise Usage("the workday is all input, and --no-input allows none; huntertui list needs none")


def arguments(_: ArgumentParser) -> None:
    """None of its own."""
