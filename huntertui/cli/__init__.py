"""The command line: arguments to a verb, and what comes of it to an exit code.

Exit codes: 0 done, 1 failed, 2 usage or no terminal, 3 no such record, 4 conflict, 5 store busy, 6 store
damaged or newer than this program, 7 not permitted, 130 interrupted, 141 nobody reads the output any more.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from argparse import REMAINDER, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from huntertui import __version__
from huntertui.cli.crash import heeding_threads, record_crash
from huntertui.cli.options import add_common
from huntertui.cli.output import say
from huntertui.cli.parsing import PROGRAM, Parser
from huntertui.cli.session import Session, World, open_session
from huntertui.cli.verbs import VERBS, Verb
from huntertui.config import find_paths
from huntertui.errors import HunterError

__all__ = ["World", "run"]


def run(argv: Sequence[str], world: World) -> int:
    """Do what the arguments ask for and return the exit code. What went wrong is said on stderr."""
    sys.stdout = sys.stdout or _nowhere()  # None when it was closed by who started us
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters is no reason to stop
    opened: list[Session] = []
    try:
        with heeding_threads():
            code = _dispatch(argv, world, opened)
        sys.stdout.flush()
        return code
    except HunterError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITABLE:
            return _output_lost(error)
        paths = opened[0].paths if opened else find_paths(world.env)
        say(record_crash(error, paths.state, world.clock()))
        return 1


_UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO)


def _output_lost(error: OSError) -> int:
    """Nobody reads the output any more, which is no fault, or there is no room for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at the end
    if error.errno == errno.EPIPE:
        return 141
    say(f"the output cannot be written: {error.strerror}")
    return 1


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _dispatch(argv: Sequence[str], world: World, opened: list[Session]) -> int:
    """Do it; the session is added to `opened` before that."""
    verb_first = bool(argv) and not argv[0].startswith("-")
    args = _verb_first(argv) if verb_first else _top().parse_args(argv)
    while args.verb == "help":  # as people type it who know git
        args = _top().parse_args(["-h", *args.rest], args)
    if args.version:
        print(f"huntertui {__version__}")
        return 0
    if args.verb is None:
        if args.help:
            from huntertui.cli.help import summary  # late: it knows all verbs

            print(summary())
            return 0
        from huntertui.cli.opening import workday  # late: no verb pays for it

        return workday(_session(args, world, opened))
    verb = VERBS.get(args.verb) or _command(args.verb)
    parser = Parser(f"huntertui {verb.name}", description=verb.help, allow_abbrev=False)
    verb.arguments(parser)
    add_common(parser)
    rest = args.rest
    if args.help:  # behind the part of a verb, as of store, but before what may be a word
        at = int(bool(rest) and not rest[0].startswith("-"))
        rest = [*rest[:at], "-h", *rest[at:]]
    read = parser.parse_mixed if verb.mixed else parser.parse_args
    return verb.run(_session(read(rest, args), world, opened))


def _command(name: str) -> Verb:
    from huntertui.cli.doing import find_verb  # late: what only reads pays nothing for it

    return find_verb(name)


def _session(args: Namespace, world: World, opened: list[Session]) -> Session:
    session, problems = open_session(args, world)
    opened.append(session)
    for problem in problems:
        say(str(problem))
    if getattr(args, "verbose", False):
        say(f"as {session.me}; {', '.join(f'{name} {place}' for name, place in session.places().items())}")
    return session


def _verb_first(argv: Sequence[str]) -> Namespace:
    """What `_top` makes of arguments that begin with the verb, as most do, without its cost."""
    return Namespace(help=False, version=False, verb=argv[0], rest=list(argv[1:]))


def _top() -> Parser:
    parser = Parser(PROGRAM, add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    add_common(parser)
    parser.add_argument("verb", nargs="?")
    parser.add_argument("rest", nargs=REMAINDER)
    return parser
