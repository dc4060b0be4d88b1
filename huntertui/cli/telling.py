"""How a change is told: a line for people, the items for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from huntertui.cli.output import put_json, put_plain, say
from huntertui.cli.people import inform
from huntertui.cli.session import Session
from huntertui.cli.wording import Wording
from huntertui.desk import Change, Desk
from huntertui.desk.bulk import Left
from huntertui.errors import HunterError, Usage
from huntertui.model.ranking import Row, row_of


def tell_change(session: Session, desk: Desk, verb: str, change: Change, left: Sequence[Left] = ()) -> int:
    """Tell it; the exit code is that of what the first item was left for, 0 when none was."""
    args, wording = session.args, Wording(desk.policy.calendar, desk.now())
    rows = [row for id in dict.fromkeys(change.ids) if (row := row_of_id(desk, id)) is not None]
    if args.json:
        put_json(
            {
                "verb": verb,
                "dry_run": args.dry_run,
                "message": change.message,
                "change": change.seq,
                "items": list(map(wording.json, rows)),
                "left": [{"id": one.id, "name": one.name, "reason": str(one.error)} for one in left],
            }
        )
    elif args.plain:
        put_plain(list(map(wording.plain, rows)))
    else:
        inform(session, ("would be: " if args.dry_run else "") + change.message)
    for one in left:
        reason = str(one.error)
        say(f"left as it is: {reason if one.name in reason else f'{one.name}: {reason}'}")
    if not left:
        return 0
    first = left[0].error
    return first.exit_code if isinstance(first, HunterError) else Usage.exit_code


def row_of_id(desk: Desk, id: int) -> Row | None:
    """The row of an item, open or closed; None when it is gone or cannot be read."""
    if (row := desk.book.row(id)) is not None:
        return row
    with suppress(ValueError):
        o = desk.opportunity(id)
        return None if o is None else row_of(o, desk.policy)
    return None
