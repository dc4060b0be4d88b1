"""The card of the item in hand while a queue is worked through, and what became of the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from huntertui.desk import Desk
from huntertui.desk.history import Event
from huntertui.desk.working import Queue
from huntertui.model.explain import planned
from huntertui.model.money import written
from huntertui.model.opportunity import Kind, Opportunity
from huntertui.tui.copying import Ways, ways
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.links import links_of

TOUCHES = 3  # of a record, told on its card
NOTES = 2  # lines of it
OFTEN = 3  # skips that are worth saying


def card(desk: Desk, queue: Queue, events: Sequence[Event]) -> OverlayState:
    """The item in hand: who, why, how to reach him, what to do, what was said."""
    at, total = queue.place(desk.dropped)
    title = f"Work through {queue.name} · {at} of {total}"
    o = desk.opportunity(queue.id) if queue.id is not None else None
    lines = tuple(_card(desk, queue, o, events)) if o is not None else (DetailLine("it is gone", "dim"),)
    return OverlayState(title, lines, 0, whole=True)


def _card(desk: Desk, queue: Queue, o: Opportunity, events: Sequence[Event]) -> Iterator[DetailLine]:
    today, row = desk.today(), desk.book.row(o.id)
    first = o.contacts[0] if o.contacts else None
    who = ", ".join(filter(None, (first.name, first.role))) if first else ""
    names = dict.fromkeys(filter(None, (who, o.company, o.country)))
    yield DetailLine(" · ".join(names) or o.title, "heading")
    facts = [o.name if o.name != o.company else "", f"#{o.id} {o.stage}", f"priority {o.priority.value}"]
    if o.value is not None:
        facts.append(written(o.value, o.currency))
    facts.append("" if o.owner == desk.me else f"owner {o.owner or 'nobody'}")
    yield DetailLine(" · ".join(filter(None, facts)), "dim")
    if what := queue.done.get(o.id):
        yield DetailLine(f"done: {what}", "won")
    if (times := queue.skips.get(o.id, 0)) >= OFTEN:
        yield DetailLine(f"skipped {times} times today", "amber")
    yield DetailLine("")
    late = row is not None and row.late(desk.now().timestamp())
    yield DetailLine(desk.explained(o)[0], "neglected" if late else "")
    step = planned(o, desk.policy, today)
    promised = bool(step and o.next is not None and o.next.kind is Kind.AGREED and not o.park)
    yield DetailLine(f"{'Promised' if promised else 'Next'}: {step or 'nothing is planned'}", "heading")
    yield DetailLine("")
    yield from _reach(o)
    helps = [desk.also_at(o.id), *islice(filter(None, map(str.strip, o.notes.split("\n"))), NOTES)]
    noted = next((event.text for event in events if event.kind == "note"), "")
    helps = [*filter(None, helps), *([f"noted: {noted}"] if noted else [])]
    if helps:
        yield DetailLine("")
        yield from map(DetailLine, helps)
    touches = [event for event in events if event.kind == "touch"][:TOUCHES]
    if touches:
        yield DetailLine("")
    for event in touches:
        when = desk.policy.calendar.describe_instant(event.at, today)
        yield DetailLine(f"{when}  {event.who}: {event.text}", "dim")


def numbers_of(o: Opportunity) -> Ways:
    """The numbers to dial, in the order of their digits."""
    return ways(o, lambda contact: contact.phones)


def _reach(o: Opportunity) -> Iterator[DetailLine]:
    """The numbers, each with its digit, and the addresses."""
    several, links = len(o.contacts) > 1, links_of(o.contacts)
    there = False
    for at, (phone, name) in enumerate(numbers_of(o), 1):
        there = True
        yield DetailLine(f"{at}  {phone}" + (f"  {name}" if several and name else ""), "", links)
    for contact in o.contacts:
        for email in () if contact.blocked else contact.emails:
            there = True
            whose = f"  {contact.name}" if several and contact.name else ""
            yield DetailLine(f"   {email}{whose}", "", links)
    if not there:
        yield DetailLine("no number and no address", "no_next")


def summary(queue: Queue, desk: Desk, key: str) -> Iterator[str]:
    """What became of a queue: done by kind, skipped, left; `key` goes on with it."""
    kinds = Counter(queue.done.values())
    told = " · ".join(f"{what} {times}" for what, times in kinds.most_common())
    _, total = queue.place(desk.dropped)
    yield f"done     {len(queue.done)} of {total}" + (f": {told}" if told else "")
    left = queue.left(desk.dropped)
    skipped = [id for id in left if queue.skips.get(id)]
    yield f"skipped  {len(skipped)}"
    for id in skipped:
        row, times = desk.book.row(id), queue.skips[id]
        if row is not None and times >= OFTEN:
            yield f"         {row.title} #{id}: {times} times"
    yield f"left     {len(left)}" + (f"; {key} goes on with them" if left else "")
