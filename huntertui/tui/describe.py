"""What the screen says, in words: the header, the lanes' titles, the detail, the footer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.cells import cell_len

from huntertui.book import ALL, LaneCount
from huntertui.commands import MENUS, Command, Trie, keys_of
from huntertui.commands.keymap import Keys
from huntertui.desk import Desk
from huntertui.desk.history import Event
from huntertui.facts import contact_line, facts, name_line
from huntertui.model.explain import planned
from huntertui.model.money import amounts
from huntertui.model.opportunity import Kind, Opportunity
from huntertui.model.pipeline import LANES
from huntertui.tui.fresh import Fresh
from huntertui.tui.lanes import Lanes
from huntertui.tui.lines import BoardState, DetailLine, HeaderState, LaneState
from huntertui.tui.links import links_of

TITLES = ("1 Prospects", "2 Follow-ups", "3 Closing")
HISTORY = 50
"""Events of a record that the detail tells; more are a matter for `huntertui history`."""

MORE = " · ? all"
"""The end of a menu that has no room; "?" then shows all of it."""

NONE_YET = ("No prospects yet.", "", "{add} add one", ":import FILE.csv", "huntertui demo")
NOTHING = (
    ("Nothing to prospect.", "", "{add} add one"),
    ("Nothing to follow up.", "", "{to-follow-ups} moves a prospect here"),
    ("Nothing to close.", "", "{forward} moves an item a stage on"),
)
"""What an empty lane says; a command in braces stands for its key."""


def header(desk: Desk, lanes: Lanes, focus: str, *, demo: bool) -> HeaderState:
    """The first line: who, when, what is neglected of the rows shown, what comes next."""
    now = desk.now()
    calendar, today = desk.policy.calendar, desk.today()
    late = sum(count.late for count in lanes.counts)
    alert = f"{late} neglected"
    parts = [f"{calendar.describe_day(today, today)}", desk.me, *(["DEMO, not saved"] if demo else ()), alert]
    if told := desk.inbox.all():
        parts.append(told[0].notice + (f" and {len(told) - 1} more" if len(told) > 1 else ""))
    if targets := " ".join(f"{day.done}/{day.target}" for day in desk.progress() if day.target is not None):
        parts.append(targets)  # before what may be long: they fit into 80 columns
    parts += [concern.short for concern in desk.concerns()]
    if desk.book.scope == ALL:
        parts.append("everybody's")
    if focus:
        parts.append(f"focus {focus}")
    if lanes.text:
        parts.append(f"find {lanes.text}")
    if lanes.only:
        parts.append(f"only {lanes.only}")
    if promise := desk.book.next_promise(now.timestamp()):
        due = datetime.fromtimestamp(promise.due, UTC)
        local = calendar.local(due)
        at = f"{local:%H:%M}" if local.date() == today else calendar.describe_instant(due, today)
        parts.append(f"next {at} {promise.title}")
    if free := desk.book.open_to_me(now.timestamp()):
        parts.append(f"{free} open to me")
    if desk.read_only:
        stopped = f"read-only: {desk.read_only}"
        return HeaderState("huntertui  " + " · ".join((stopped, *parts)), stopped)
    return HeaderState("huntertui  " + " · ".join(parts), alert if late else "")


def board(desk: Desk, lanes: Lanes, keys: Keys, fresh: Fresh, *, narrow: bool) -> BoardState:
    """The three lanes; `fresh`: what colleagues have just changed."""
    first, second, third = (_lane(desk, lanes, lane, keys) for lane in range(len(LANES)))
    shown = [{row.id for row in lane.rows.rows} for lane in (first, second, third)]
    plan = {id: since for lane, ids in enumerate(shown) for id, since in _planned(desk, lane, ids)}
    return BoardState(
        lanes=(first, second, third),
        focused=lanes.focused,
        narrow=narrow,
        selected=frozenset().union(*map(lanes.selection.among, shown)),
        now=lanes.now,
        calendar=desk.policy.calendar,
        me=desk.me,
        today_plan=plan,
        fresh=fresh.of(id for ids in shown for id in ids),
    )


def _lane(desk: Desk, lanes: Lanes, lane: int, keys: Keys) -> LaneState:
    cursor = lanes.cursors[lane]
    counts = _counts(lanes.counts[lane], worth=lane == len(LANES) - 1)
    empty = () if lanes.rows[lane] else tuple(_keyed(line, keys) for line in _empty(desk, lanes, lane))
    return LaneState(TITLES[lane], counts, lanes.visible(lane), cursor.index, cursor.top, empty)


def _counts(count: LaneCount, *, worth: bool) -> str:
    parts = [str(count.total)]
    if worth and count.worth:
        parts.append(amounts(count.worth))
    if count.late:
        parts.append(f"{count.late} late")
    if count.triage:
        parts.append(f"{count.triage} to triage")
    return " · ".join(parts)


def _empty(desk: Desk, lanes: Lanes, lane: int) -> tuple[str, ...]:
    if lanes.filtered:
        return ("Nothing matches; Esc shows all.",)
    if not len(desk.book):
        return NONE_YET
    if desk.book.scope != ALL:
        return (*NOTHING[lane], "{show-all} shows everybody's")
    return NOTHING[lane]


def _keyed(line: str, keys: Keys) -> str:
    """A line with the key of the command that it begins with."""
    name, brace, rest = line.removeprefix("{").partition("}")
    if not brace:
        return line
    bound = keys_of(name, keys)
    return (bound[0] if bound else f":{name}") + rest


def _planned(desk: Desk, lane: int, ids: set[int]) -> Iterator[tuple[int, str]]:
    """Which of the rows are on the plan, and since when: "" for today."""
    here = ids.intersection(desk.book.planned(lane))
    for id, at in desk.book.plan.get(lane, ()):
        if id in here:
            day = desk.policy.calendar.day(datetime.fromtimestamp(at, UTC))
            yield id, "" if day == desk.today() else f"from {day:%a}"


def footer(keys: Keys, width: int) -> str:
    """The keys worth a line, as they are bound: as many as fit, the help always among them."""
    told = (
        ("log-no-answer", "log"),
        ("snooze", "snooze"),
        ("undo", "undo"),
        ("find", "find"),
        ("close-won", "close"),
        ("to-follow-ups", "follow-up"),
        ("claim", "claim"),
        ("raise", "priority"),
        ("to-top", "top"),
        ("add", "add"),
        ("help", "help"),
    )
    shown = []
    for name, label in told:
        bound = keys_of(name, keys)
        if bound:
            first = bound[0].split()
            shown.append(f"{first[0]} {label}" + ("…" if tuple(first[:-1]) in MENUS else ""))
    while len(shown) > 1 and len("  ".join(shown)) > width:
        del shown[-2]
    return "  ".join(shown)


def broken(menu: str, width: int, lines: int) -> tuple[str, str]:
    """A menu in one line or two, broken between its choices; what has no room is left to "?"."""
    head, rest = _break(menu, width if lines > 1 else width - len(MORE))
    if not rest:
        return head, ""
    if lines < 2:
        return (menu, "") if len(menu) <= width else (head + MORE, "")
    under, rest = _break(rest, width - len(MORE))
    return head, under + (MORE if rest else "")


def _break(menu: str, width: int) -> tuple[str, str]:
    choices = menu.split(" · ")
    fits = len(choices)
    while fits > 1 and cell_len(" · ".join(choices[:fits])) > width:
        fits -= 1
    return " · ".join(choices[:fits]), " · ".join(choices[fits:])


def menu_of(trie: Trie, name: str, before: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """The keys that lead to the menu in which a command stands; None when it is in none."""
    for key, node in trie.items():
        if isinstance(node, Command):
            if node.name == name and before:
                return before
        elif (found := menu_of(node, name, (*before, key))) is not None:
            return found
    return None


# The detail


def detail(desk: Desk, id: int, events: Sequence[Event]) -> tuple[DetailLine, ...]:
    """All that is said of a record: what to do first, why, then what is known; `events` are its history."""
    o = desk.opportunity(id)
    if o is None:
        return (DetailLine(f"#{id} is gone", "dim"),)
    return tuple(_detail(desk, o, events))


def _detail(desk: Desk, o: Opportunity, events: Sequence[Event]) -> Iterator[DetailLine]:
    row = desk.book.row(o.id)
    step = planned(o, desk.policy, desk.today())
    if step and o.next is not None and o.next.kind is Kind.AGREED and not o.park:
        step = f"promised: {step}"
    first = [o.phone or "no number", step or "no next step", desk.also_at(o.id)]
    links = links_of(o.contacts)
    yield DetailLine(" · ".join(filter(None, first)), "heading", links)
    for message in desk.inbox.about(o.id):
        yield DetailLine(f"{message.words} · Y: understood", "due_today")
    late = row is not None and row.late(desk.now().timestamp())
    for index, line in enumerate(desk.explained(o)):
        yield DetailLine(line, ("neglected" if late else "") if index == 0 else "dim")
    if o.owner != desk.me and (why := desk.why_open_of(o)):
        yield DetailLine(f"open to you: {why}", "dim")
    yield DetailLine("")
    yield DetailLine(name_line(o), "heading")
    for contact in o.contacts:
        yield DetailLine(contact_line(contact), "dim" if contact.blocked else "", links_of([contact]))
    yield DetailLine(" · ".join(facts(desk, o)))
    if o.notes:
        yield DetailLine("")
        yield from (DetailLine(line) for line in o.notes.split("\n"))
    yield from _history(desk, events)
    rest = {source: ", ".join(ids) for source, ids in o.external_ids.items()} | o.extra
    if rest:
        yield DetailLine("")
        yield from (DetailLine(f"{key}: {value}", "dim") for key, value in rest.items())


def _history(desk: Desk, events: Sequence[Event]) -> Iterator[DetailLine]:
    if not events:
        return
    yield DetailLine("")
    yield DetailLine("History", "heading")
    for event in events[:HISTORY]:
        when = desk.policy.calendar.describe_instant(event.at, desk.today())
        yield DetailLine(f"{when}  {event.who}: {event.text}")
    if len(events) > HISTORY:
        yield DetailLine(f"and {len(events) - HISTORY} earlier", "dim")
