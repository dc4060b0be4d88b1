"""The verbs that look into records: show, history, find."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from typing import Any

from huntertui.cli.choosing import who_argument, who_of
from huntertui.cli.options import add_forms
from huntertui.cli.output import put_json, put_plain
from huntertui.cli.people import HEAD, LATE, seen, tell
from huntertui.cli.session import Session, understood
from huntertui.cli.telling import row_of_id
from huntertui.cli.wording import Wording, put_rows
from huntertui.desk import Desk
from huntertui.desk.history import Event
from huntertui.errors import Usage
from huntertui.facts import contact_line, facts, name_line
from huntertui.model.codec import instant_text, to_doc
from huntertui.model.explain import planned
from huntertui.model.opportunity import Opportunity
from huntertui.model.owed import neglected
from huntertui.store import Record

_EVENTS = 50
"""Events or changes that are told, where nobody asks for another number."""


def show_arguments(parser: ArgumentParser) -> None:
    """The arguments of show."""
    who_argument(parser)
    _add_limit(parser)
    add_forms(parser)


def history_arguments(parser: ArgumentParser) -> None:
    """The arguments of history."""
    who_argument(parser, "*")
    _add_limit(parser)
    add_forms(parser)


def find_arguments(parser: ArgumentParser) -> None:
    """The arguments of find."""
    parser.add_argument("words", metavar="QUERY", nargs="*", help="words and terms: owner:me late>3d acme")
    parser.add_argument("--view", metavar="NAME", help="what a saved view finds")
    add_forms(parser)


def _add_limit(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="N",
        type=_count,
        default=_EVENTS,
        help=f"at most so many events; {_EVENTS} by default",
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is no number of events")
    return int(text)


def show(session: Session) -> int:
    """All that is known of one item."""
    args = session.args
    with session.desk() as desk, understood():
        o = _record(desk, who_of(args))
        events = desk.history(o.id)[: args.limit]
        if args.json:
            row = row_of_id(desk, o.id)
            put_json(
                {"item": Wording(desk.policy.calendar, desk.now()).json(row) if row else None}
                | {"record": to_doc(o), "explain": desk.explain(o.id)}
                | {"history": [_event(event) for event in events]}
            )
        elif args.plain:
            put_plain([[key, text] for key, text in _told(desk, o, events)])
        else:
            styles = {"name": HEAD} | ({"why": LATE} if neglected(o, desk.policy, desk.now()) else {})
            for key, text in _told(desk, o, events):
                tell(session, text, styles.pop(key, ""))  # of several lines the first
    return 0


def history(session: Session) -> int:
    """What happened to one item, or what was changed last, the newest first."""
    args = session.args
    with session.desk() as desk, understood():
        if not args.who:
            return _changes(session, desk, args.limit)
        o = _record(desk, who_of(args))
        events = desk.history(o.id)[: args.limit]
        if args.json:
            put_json({"id": o.id, "name": o.title, "events": [_event(event) for event in events]})
        elif args.plain:
            put_plain(
                [
                    [instant_text(event.at), event.by, event.kind, " ".join(event.text.split())]
                    for event in events
                ]
            )
        else:
            tell(session, f"{o.title} #{o.id}", HEAD)
            for line in _lines(desk, events):
                tell(session, f"  {line}")
    return 0


def find(session: Session) -> int:
    """What matches of all that is open, else of what is closed; the best first."""
    args = session.args
    with session.desk() as desk, understood():
        query = " ".join(args.words) if args.view is None else desk.view(args.view).query
        if not desk.query(query) or (args.words and args.view is not None):
            raise Usage("find what? words and terms like owner:me acme, or --view NAME")
        rows, near = desk.search(query)
        at = desk.now()
        wording = Wording(desk.policy.calendar, at)
        if args.json:
            found = [wording.json(row) | {"near": row.id in near} for row in rows]
            put_json({"at": instant_text(at), "query": query, "rows": found})
        elif args.plain or not seen(session):
            put_plain(list(map(wording.plain, rows)))
        else:
            nearly = f", {len(near)} nearly" if near else ""
            put_rows(f"{len(rows) - len(near)} found{nearly}", rows, session, wording)
    return 0


def _changes(session: Session, desk: Desk, limit: int) -> int:
    records = desk.past(limit)
    if session.args.json:
        put_json({"changes": list(map(_change, records))})
    elif session.args.plain:
        put_plain([[str(r.seq), instant_text(r.at), r.by, r.label] for r in records])
    else:
        for record in records:
            when = desk.policy.calendar.describe_instant(record.at, desk.today())
            line = f"{when}  {record.by}: {record.label}"
            tell(session, line)
    return 0


def _record(desk: Desk, who: str) -> Opportunity:
    o = desk.opportunity(desk.meant(who))
    assert o is not None, "it was just there"
    return o


def _told(desk: Desk, o: Opportunity, events: list[Event]) -> Iterator[tuple[str, str]]:
    """(kind, line): what to do first, why, then what is known."""
    step = planned(o, desk.policy, desk.today())
    yield "name", name_line(o)
    yield (
        "next",
        " · ".join(filter(None, (o.phone or "no number", step or "no next step", desk.also_at(o.id)))),
    )
    for line in desk.explain(o.id):
        yield "why", line
    for contact in o.contacts:
        yield "contact", contact_line(contact)
    yield "facts", " · ".join(facts(desk, o))
    for line in filter(None, o.notes.split("\n")):
        yield "note", line
    for line in _lines(desk, events):
        yield "history", line
    ids = {source: ", ".join(found) for source, found in o.external_ids.items()}
    for key, text in (ids | o.extra).items():
        yield "more", f"{key}: {text}"


def _lines(desk: Desk, events: list[Event]) -> Iterator[str]:
    for event in events:
        when = desk.policy.calendar.describe_instant(event.at, desk.today())
        yield f"{when}  {event.who}: {' '.join(event.text.split())}"


def _event(event: Event) -> dict[str, Any]:
    told = {"at": instant_text(event.at), "by": event.by, "kind": event.kind, "text": event.text}
    return {name: value for name, value in event.doc.items() if name != "opportunity"} | told


def _change(record: Record) -> dict[str, Any]:
    told = {"change": record.seq, "at": instant_text(record.at), "by": record.by, "what": record.label}
    return told | {"undoes": record.undoes}
