"""The verb that gives items out: export, to a file or to standard output."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.cli.choosing import choice_arguments, chosen
from huntertui.cli.output import put as put_line
from huntertui.cli.output import say
from huntertui.cli.session import Session
from huntertui.cli.streams import STREAM, tidied
from huntertui.cli.wording import Wording
from huntertui.desk.listed import OFF_LIMITS
from huntertui.errors import Usage
from huntertui.model.ranking import row_of
from huntertui.model.text import shown

if TYPE_CHECKING:
    from huntertui.cli.progress import Progress
    from huntertui.desk import Desk
    from huntertui.exchange.exporting import Form, Put
    from huntertui.exchange.items import About, Item


PLAIN = "plain"
"""A form that only scripts ask for."""


def arguments(parser: ArgumentParser) -> None:
    """The arguments of export."""
    choice_arguments(parser)
    parser.add_argument(
        "-o", "--out", metavar="FILE", type=Path, default=STREAM, help="a new file; -: stdout"
    )
    parser.add_argument("--force", action="store_true", help="replace a file of yours that is there already")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        metavar="FORM",
        help="csv (the default), json, ndjson, vcard or ical; else by FILE's ending",
    )
    form.add_argument("--json", action="store_const", const="json", dest="format", help="as --format json")
    form.add_argument(
        "--plain",
        action="store_const",
        const=PLAIN,
        dest="format",
        help="a line for each, as of list --plain",
    )
    parser.add_argument("--raw", action="store_true", help="CSV cells as they are, even if they are formulas")


def export(session: Session) -> int:
    """Give out what is chosen, open and closed; without a choice all that there is."""
    from huntertui.exchange.exporting import items_of
    from huntertui.exchange.items import About

    args = session.args
    form = _form(args.format, args.out)
    with session.desk() as desk:
        queries, known = chosen(args, desk), set(desk.problems)
        off_limits = () if queries else tuple(doc for _, doc in desk.store.find(OFF_LIMITS))
        about = About(desk.now(), desk.me, desk.policy, desk.store.seq, args.raw, off_limits)
        with _opened(session, form) as put, session.progress("export") as progress:
            counted = _Counted(items_of(desk.store, desk.choose(*queries), form), desk, progress)
            form.write(counted, about, put)
        left = desk.problems
        for problem in left:
            if problem not in known:
                say(problem)
    if args.out != STREAM and not session.quiet:
        say(f"{counted.count:,} {'item' if counted.count == 1 else 'items'} in {args.out}")
    if left:
        say(f"left out, as they cannot be read: {len(left)}")
    return 1 if left else 0


class _Counted:
    """Items that are counted as they go by."""

    def __init__(self, items: Iterable[Item], desk: Desk, progress: Progress) -> None:
        self.count = 0
        self._items, self._progress = items, progress
        newest = desk.store.latest("opportunities", 1)
        self._of = newest[0][0] if newest else 1

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.count += 1
            self._progress(item.opportunity.id / self._of)
            yield item


def _form(name: str | None, out: Path) -> Form:
    """The form asked for: by its name, else by the file's."""
    from huntertui.exchange.exporting import FORMS, Form, form_of
    from huntertui.model.text import did_you_mean

    if name == PLAIN:
        return Form(name, "lines for scripts", _write_plain, ())

    if name is not None:
        if name not in FORMS:
            raise Usage(f"--format {name!r}: {did_you_mean(name, FORMS, f'there are {_listed(FORMS)}')}")
        return FORMS[name]
    form = FORMS["csv"] if out == STREAM else form_of(out)
    if form is None:
        raise Usage(f"{shown(str(out))}: which form? --format with one of {_listed(FORMS)}")
    return form


def _write_plain(items: Iterable[Item], about: About, put: Put) -> None:
    """The columns of list --plain."""
    wording = Wording(about.policy.calendar, about.at)
    for item in items:
        cells = wording.plain(row_of(item.opportunity, about.policy))
        put("\t".join(map(shown, cells)) + "\n")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


@contextmanager
def _opened(session: Session, form: Form) -> Iterator[Put]:
    """Where the text goes: a terminal is given nothing that steers it, all else the text as it is."""
    from huntertui.exchange.outfile import new_file

    args = session.args
    if args.out != STREAM:
        path = session.file(args.out, "exports")
        with tidied(), new_file(path, force=args.force) as file:
            file.write(form.mark)
            yield file.write
    elif sys.stdout.isatty():
        yield _put_shown
    else:
        sys.stdout.flush()
        binary = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="")
        try:
            yield binary.write
            binary.flush()
        finally:
            binary.detach()


def _put_shown(text: str) -> None:
    for line in text.splitlines():
        put_line(line)
