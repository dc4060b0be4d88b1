"""Which items a verb is about: the same options wherever items are listed or given out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.model.query import Query

if TYPE_CHECKING:
    from huntertui.desk import Desk


def who_argument(parser: ArgumentParser, nargs: str = "+") -> None:
    """The one item that a verb tells of: a name need not be quoted, as nothing else follows."""
    says = "its number, a name, an e-mail, a phone" + ("; else all" if nargs == "*" else "")
    parser.add_argument("who", metavar="WHO", nargs=nargs, help=says)


def who_of(args: Namespace) -> str:
    """What it is called. Usage where several are given."""
    from huntertui.desk.naming import number_in  # late: list pays nothing for it

    if len(args.who) > 1 and all(number_in(word) is not None for word in args.who):
        raise Usage(f"one item at a time, as xargs -n 1 gives them, not {' '.join(args.who)[:40]}")
    return " ".join(args.who)


def choice_arguments(parser: ArgumentParser) -> None:
    """The options; all that are given must hold."""
    parser.add_argument(
        "--where", metavar="QUERY", default="", help="what matches, as / finds it: 'stage:proposal value>10k'"
    )
    parser.add_argument("--view", metavar="NAME", help="what a saved view shows")
    parser.add_argument("--mine", action="store_true", help="only what is mine")


def chosen(args: Namespace, desk: Desk) -> list[Query]:
    """What the options ask for. Usage where one makes no sense."""
    queries = []
    try:
        if args.where:
            queries.append(desk.query(args.where))
    except ValueError as error:
        raise Usage(f"--where: {error}") from None
    if args.view is not None:
        view = desk.view(args.view)
        try:
            queries.append(desk.query(view.query))
        except ValueError as error:  # saved when there still was such a stage
            raise Usage(f"--view {view.name}: {error}") from None
    if args.mine:
        queries.append(desk.query("owner:me"))
    return queries
