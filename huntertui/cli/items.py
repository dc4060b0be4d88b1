"""The verbs that read items: list and explain."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable

from huntertui.book import ALL
from huntertui.cli.choosing import choice_arguments, chosen, who_argument, who_of
from huntertui.cli.options import add_forms
from huntertui.cli.output import put_json, put_plain, say
from huntertui.cli.people import HEAD, LATE, seen, tell
from huntertui.cli.session import Session, understood
from huntertui.cli.wording import LANE_NAMES, Wording, put_rows
from huntertui.desk.shelf import Shelf
from huntertui.model.codec import instant_text
from huntertui.model.owed import neglected, owed
from huntertui.model.ranking import Row
from huntertui.model.text import did_you_mean


def list_arguments(parser: ArgumentParser) -> None:
    """The arguments of list."""
    parser.add_argument("--lane", choices=LANE_NAMES, help="one lane only")
    parser.add_argument(
        "--owner", metavar="NAME", help="a member's own, me, or all; else what your workday shows"
    )
    parser.add_argument("--neglected", action="store_true", help="only what is red")
    choice_arguments(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument(
        "--plain",
        action="store_true",
        help="words parted by tabs, also into a pipe: id, lane, state, name, company, owner, helper, stage,"
        " priority, next step, when",
    )


def list_items(session: Session) -> int:
    """What is to do, in the order of the lanes."""
    args = session.args
    if not (args.where or args.view is not None or args.mine):
        with session.shelf() as shelf:
            return _list(session, shelf, _lanes(shelf, args.lane, args.owner, None))
    with session.desk() as desk:
        queries = chosen(args, desk)
        closed = desk.closed() if any(query.closed for query in queries) else None
        holds = desk.holds(queries)
        lanes = _lanes(desk, args.lane, args.owner, closed)
        return _list(session, desk, {name: list(filter(holds, rows)) for name, rows in lanes.items()})


def _list(session: Session, shelf: Shelf, lanes: dict[str, list[Row]]) -> int:
    args, at = session.args, shelf.now()
    wording = Wording(shelf.policy.calendar, at)
    if args.neglected:
        lanes = {name: [row for row in rows if row.late(at.timestamp())] for name, rows in lanes.items()}
    if args.json:
        found = [wording.json(row) for rows in lanes.values() for row in rows]
        put_json({"at": instant_text(at), "rows": found})
    elif args.plain or not seen(session):
        put_plain([wording.plain(row) for rows in lanes.values() for row in rows])
    else:
        for name, rows in lanes.items():
            late = sum(row.late(at.timestamp()) for row in rows)
            title = f"{name.title()} {len(rows)}" + (f" · {late} late" if late else "")
            put_rows(title, rows, session, wording)
    if not len(shelf.book):
        say("nothing is open here: huntertui import FILE.csv, or look around in huntertui demo")
    return 0


def explain_arguments(parser: ArgumentParser) -> None:
    """The arguments of explain."""
    who_argument(parser)
    add_forms(parser)


def explain(session: Session) -> int:
    """Every rule that holds for one item, with its arithmetic and its cure."""
    with session.desk() as desk, understood():
        id = desk.meant(who_of(session.args))
        lines = desk.explain(id)
        o = desk.opportunity(id)
        assert o is not None, "it was just explained"
        if session.args.json:
            due = owed(o, desk.policy)
            by = instant_text(due.by) if due else None
            red = neglected(o, desk.policy, desk.now())
            put_json(
                {"id": o.id, "name": o.title, "owed_by": by, "neglected": red, "triage": o.triage}
                | {"rule": str(due.rule) if due else None, "explain": lines}
            )
        elif session.args.plain:
            put_plain([[str(o.id), line] for line in lines])
        else:
            tell(session, f"{o.title} #{o.id}", HEAD)
            red = neglected(o, desk.policy, desk.now())
            for at, line in enumerate(lines):
                tell(session, f"  {line}", LATE if red and at == 0 else "")
    return 0


def _lanes(
    shelf: Shelf, lane: str | None, owner: str | None, closed: list[Row] | None
) -> dict[str, list[Row]]:
    """The rows asked for, by the name of their lane: of what is open, or of what is `closed`, if that is."""
    now, name = shelf.now().timestamp(), shelf.me if owner == "me" else owner
    if name is not None:
        shelf.book.show(ALL, now)
    if name not in (None, "all", shelf.me, *shelf.book.owners()):
        hint = did_you_mean(name or "", shelf.book.owners(), "--owner all shows everybody's")
        say(f"nothing open belongs to {name!r}: {hint}")

    def rows(index: int) -> Iterable[Row]:
        return shelf.book.lane(index, now) if closed is None else (row for row in closed if row.lane == index)

    return {
        title: [row for row in rows(index) if name in (None, "all", row.owner)]
        for index, title in enumerate(LANE_NAMES)
        if lane in (None, title)
    }
