"""The composition root: the clock, the terminal, and which screen the command line may open."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.garbage import uncollected

if TYPE_CHECKING:
    from huntertui.config import Config
    from huntertui.desk import Desk
    from huntertui.themes import Theme


UNHEEDED = frozenset({"COLUMNS", "LINES", "BROWSER", "PAGER", "MANPAGER", "EDITOR", "VISUAL", "SHELL"})
"""Variables that the screen leaves no trace of."""


def main(
    settings: Path | None = None, again: Sequence[str] = (sys.executable, "-P", "-m", "huntertui")
) -> int:
    """Run the program on this process's arguments and return its exit code.

    `settings`: the administrator's file, where it is not in its place; `again`: the beginning of a command
    that starts this program anew.
    """
    try:
        with uncollected():  # a tenth of the time that it takes to load it all
            from huntertui.cli import World, run
            from huntertui.site import SETTINGS
    except KeyboardInterrupt:  # a fifth of a second on a busy machine: people are as quick
        return 130
    world = World(os.environ, os.getuid(), clock, workday, settings or SETTINGS, again=again)
    return run(sys.argv[1:], world)


def clock() -> datetime:
    """The present."""
    return datetime.now(UTC)


def workday(desk: Desk, config: Config, theme: Theme, demo: bool) -> int:
    """Open the screen; Usage where there is no terminal for it."""
    check_terminal()
    prepare(os.environ, kitty=config.kitty)
    with uncollected():
        from huntertui.tui.opening import run as run_screen  # late: no verb pays for it
    return run_screen(desk, config, theme, demo=demo)


def check_terminal() -> None:
    """Refuse, with another way on, where keys cannot be read or the screen cannot be drawn (on stderr)."""
    if not (os.isatty(0) and os.isatty(2)) or os.environ.get("TERM") == "dumb":
        raise Usage("the workday needs a terminal; huntertui list works without one, huntertui -h has more")


def prepare(env: MutableMapping[str, str], *, kitty: bool = True) -> None:
    """Set what Textual reads from the environment when it is imported, and let nothing else of it through:
    neither its own variables, which load modules, write files and press keys, nor those that name programs
    or sizes of a screen that is none. `kitty`: it may ask for keys by that protocol."""
    for name in [name for name in env if name.startswith(("TEXTUAL_", "LESS")) or name in UNHEEDED]:
        del env[name]
    env["TEXTUAL_ANIMATIONS"] = "none"
    if not kitty:
        env["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    env.pop("NO_COLOR", None)  # the theme has no colours then; Textual would paint its black on black
    if env.get("SSH_CONNECTION"):
        env.setdefault("ESCDELAY", "250")  # ms: a slow line may part an arrow key's escape from the rest
    from huntertui.colors import in_screen  # late: no verb pays for it

    if in_screen(env):
        env["TEXTUAL_COLOR_SYSTEM"] = "256"


if __name__ == "__main__":
    sys.exit(main())
