"""The verb for saved views: what is saved, and saving, sharing and deleting one."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping

from huntertui.cli.options import add_forms
from huntertui.cli.output import put_data, put_json, put_plain
from huntertui.cli.people import inform, tell
from huntertui.cli.session import Session, understood
from huntertui.desk import Change, Desk
from huntertui.errors import Usage


def arguments(parser: ArgumentParser) -> None:
    """The arguments of views."""
    parser.add_argument("what", choices=("show", *_DO), nargs="?", default="show", help="show by default")
    parser.add_argument("name", metavar="NAME", nargs="?", help="of the view")
    parser.add_argument("words", metavar="QUERY", nargs="*", help="what save keeps: owner:me late>3d acme")
    add_forms(parser)


def views(session: Session) -> int:
    """Do what is asked for."""
    args = session.args
    if args.what != "show" and args.name is None:
        raise Usage(f"{args.what} which view? huntertui views {args.what} NAME")
    if args.words and args.what != "save":
        raise Usage(f"views {args.what} takes no words after NAME")
    with session.desk() as desk, understood():
        if args.what == "show":
            return _show(session, desk)
        done = _DO[args.what](desk, args.name, " ".join(args.words))
    if not put_data(args, {"message": done.message, "change": done.seq}):
        inform(session, done.message)
    return 0


def _show(session: Session, desk: Desk) -> int:
    found = desk.views() if session.args.name is None else [desk.view(session.args.name)]
    if session.args.json:
        told = [{"name": v.name, "query": v.query, "member": v.member, "shared": v.shared} for v in found]
        put_json({"views": told})
    elif session.args.plain:
        put_plain([[v.name, v.query, v.member, "shared" * v.shared] for v in found])
    else:
        for view in found:
            whose = "" if view.member == desk.me else f" · {view.member}'s"
            tell(session, f"{view.name}: {view.query}{whose}{' · shared' * view.shared}")
    return 0


def _save(desk: Desk, name: str, query: str) -> Change:
    if not query:
        raise Usage(f"views save {name} what? words and terms, as find takes them: owner:me late>3d acme")
    return desk.save_view(name, query)


_DO: Mapping[str, Callable[[Desk, str, str], Change]] = {
    "save": _save,
    "share": lambda desk, name, _: desk.share_view(desk.view(name).id),
    "delete": lambda desk, name, _: desk.delete_view(desk.view(name).id),
}
