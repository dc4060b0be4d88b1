"""The order of a lane: what to work on next.

A lane is: today's plan by hand; promises late or due within the hour; what is owed by the end of today, by
priority, then owed by, then value; what an import left to triage, by value; then the rest likewise. A focus
puts its matches first inside each block.

Which block a row stands in depends on the clock, the order inside a block does not. So a lane keeps sorted
lists that only a change of a record touches, and the blocks are found by binary search when the lane is
read: that midnight passes, or a promise comes near, costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from huntertui.model.opportunity import Kind, Opportunity
from huntertui.model.owed import PROMISES, open_from, owed
from huntertui.model.pipeline import CLOSED, LANES, Discipline, Policy

HOUR, DAY = 3600.0, 86400.0
NEVER = float("inf")


class Row(NamedTuple):
    """What a lane shows and sorts of one opportunity. Moments are POSIX seconds; NEVER: there is none."""

    id: int
    title: str
    company: str
    who: str  # the first contact
    owner: str
    helper: str
    lane: int  # index into LANES
    stage: str
    priority: int  # 0 urgent .. 3 low
    by: float  # owed by
    due: float  # the time agreed for the next step, NEVER when it has none
    amber: float  # amber from
    opens: float  # open to colleagues from, while its owner is there
    shown: float  # in its lane from (a revisit comes back), else -NEVER
    touched: float  # the last clearing touch, else -NEVER
    aged: float  # aged from
    rule: str
    next: str  # "call 3/6"
    worth: float  # the value for ordering
    value: int | None
    currency: str
    marks: str  # letters of Mark
    cadence: str = ""  # the one that runs
    tries: int = 0  # steps of it that are done
    country: str = ""
    tags: str = ""  # "expo, spring"
    lease: float = -NEVER  # the helper helps until then
    put_off: int = 0  # own dates, parks and pushes since the last touch
    batch: int = 0  # the import that brought it, 0 for none
    closes: int = 0  # the ordinal of the day of its expected close, 0 for none
    slipped: int = 0  # calendar days that this is later than first promised

    @property
    def promise(self) -> bool:
        """Owed to the customer at a moment that he knows of."""
        return self.rule in PROMISES

    def helper_at(self, now: float) -> str:
        """Who helps: who has not touched it within his lease is no helper any more."""
        return self.helper if now < self.lease else ""

    def late(self, now: float) -> bool:
        """Neglected."""
        return self.by < now and Mark.TRIAGE not in self.marks


class Mark:
    """Letters that a row carries."""

    TRIAGE = "t"
    PARKED = "z"
    NO_NEXT = "n"
    INCOMPLETE = "i"  # a closing deal without close date or value
    CLOSED = "c"


def next_label(o: Opportunity, policy: Policy) -> str:
    """What comes next and which try it is: "call 3/6"."""
    step = o.next
    if step is None:
        return ""
    what = step.what or (step.channel.value if step.channel else "touch")
    own = step.kind is Kind.AGREED or (step.kind is Kind.OWN and step.what)
    if own or not o.cadence or o.cadence not in policy.cadences:
        return what
    cadence = policy.cadences[o.cadence]
    if cadence.repeats:
        return f"{what} nurture"
    return f"{what} {min(o.cadence_done + 1, len(cadence))}/{len(cadence)}"


def _slipped(o: Opportunity) -> int:
    if not (o.push_count and o.expected_close and o.original_close):
        return 0
    return max((o.expected_close - o.original_close).days, 0)


def row_of(o: Opportunity, policy: Policy) -> Row:
    """The row of an opportunity; O(1), without a clock."""
    due = owed(o, policy)
    amber = due.amber_from(policy) if due else None
    opens = open_from(o, due, policy)
    closed = o.stage in CLOSED
    revisit = closed and due is not None
    discipline = policy.pipeline[o.closed_from if closed else o.stage].discipline
    lane = LANES.index(Discipline.PROSPECTING if revisit else discipline)
    marks = ""
    if o.triage:
        marks += Mark.TRIAGE
    if o.park is not None:
        marks += Mark.PARKED
    if closed and not revisit:
        marks += Mark.CLOSED
    elif o.next is None and o.park is None:
        marks += Mark.NO_NEXT
    if lane == 2 and not closed and (o.value is None or o.expected_close is None):
        marks += Mark.INCOMPLETE
    return Row(
        id=o.id,
        title=o.title,
        company=o.company,
        who=o.contacts[0].name if o.contacts else "",
        owner=o.owner,
        helper=o.helper,
        lane=lane,
        stage=o.stage,
        priority=o.priority.rank,
        by=due.by.timestamp() if due else NEVER,
        due=o.next.due.timestamp() if o.next and isinstance(o.next.due, datetime) else NEVER,
        amber=amber.timestamp() if amber else NEVER,
        opens=opens.timestamp() if opens else NEVER,
        shown=due.since.timestamp() if due and revisit else -NEVER,
        touched=o.last_touch.at.timestamp() if o.last_touch else -NEVER,
        aged=o.created.timestamp() + policy.aged_days * DAY,
        rule=due.rule if due else "",
        next="revisit" if revisit else next_label(o, policy),
        worth=policy.rate(o.value, o.currency or policy.currency),
        value=o.value,
        currency=o.currency or policy.currency,
        marks=marks,
        cadence=o.cadence,
        tries=o.cadence_done,
        country=o.country,
        tags=", ".join(o.tags),
        lease=o.helper_until.timestamp() if o.helper and o.helper_until else -NEVER,
        put_off=o.own_dates + o.deferrals,
        batch=o.import_id or 0,
        closes=o.expected_close.toordinal() if o.expected_close else 0,
        slipped=_slipped(o),
    )


Key = tuple[float, float, int]  # what a list is sorted by, ending in the id


class Lane:
    """The rows of one lane in their order, kept up by single changes.

    `put` and `drop` cost O(log n) comparisons; `view` costs O(plan + promises that are due).
    """

    def __init__(self, focus: Callable[[Row], bool] | None = None) -> None:
        self._focus = focus
        self._away: set[int] = set()  # what was out of focus when it came: that may change meanwhile
        self._rows: dict[int, Row] = {}
        self._lists: dict[tuple[int, int], list[Key]] = {}  # (out of focus, priority) -> by owed-by
        self._promises: dict[int, list[Key]] = {}  # out of focus -> by owed-by
        self._triage: dict[int, list[Key]] = {}  # out of focus -> by value

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, id: int) -> bool:
        return id in self._rows

    def __getitem__(self, id: int) -> Row:
        return self._rows[id]

    def rows(self) -> Iterator[Row]:
        """All rows, in no order."""
        return iter(self._rows.values())

    def fill(self, rows: Iterable[Row]) -> None:
        """Put many rows into an empty lane: one sort for each list."""
        kinds: defaultdict[tuple[int, str, str], list[Row]] = defaultdict(list)
        for row in rows:
            kinds[row.priority, row.marks, row.rule].append(row)
        for alike in kinds.values():  # they stand in the same lists, but for the focus
            self._rows.update({row.id: row for row in alike})
            away = [row for row in alike if self._focus is not None and not self._focus(row)]
            self._away.update(row.id for row in away)
            near = [row for row in alike if row.id not in self._away] if away else alike
            for out, group in enumerate((near, away)):
                if group:
                    made = _keys(group)
                    for keys in self._standing(group[0], out):
                        keys += made
        for keys in (*self._lists.values(), *self._promises.values(), *self._triage.values()):
            keys.sort()

    def put(self, row: Row) -> None:
        """Add a row, or replace the one of its id."""
        self.drop(row.id)
        self._take(row)
        for keys, key in self._places(row):
            insort(keys, key)

    def drop(self, id: int) -> None:
        """Remove a row if it is there."""
        row = self._rows.pop(id, None)
        if row is not None:
            for keys, key in self._places(row):
                del keys[bisect_left(keys, key)]
            self._away.discard(id)

    def _take(self, row: Row) -> None:
        self._rows[row.id] = row
        if self._focus is not None and not self._focus(row):
            self._away.add(row.id)

    def _places(self, row: Row) -> Iterator[tuple[list[Key], Key]]:
        """The lists a row stands in, with its key in each."""
        (key,) = _keys([row])
        for keys in self._standing(row, int(row.id in self._away)):
            yield keys, key

    def _standing(self, row: Row, away: int) -> list[list[Key]]:
        """The lists of its kind; `away`: whether it is out of focus."""
        if Mark.TRIAGE in row.marks:
            return [self._triage.setdefault(away, [])]
        keys = self._lists.setdefault((away, row.priority), [])
        return [keys, self._promises.setdefault(away, [])] if row.promise else [keys]

    def late(self, now: float) -> int:
        """How many are neglected: a binary search in each list."""
        return sum(bisect_left(keys, (now,)) for keys in self._lists.values())

    def triage(self) -> int:
        """How many wait for triage."""
        return sum(map(len, self._triage.values()))

    def view(self, now: float, end_of_today: float, plan: Sequence[int] = ()) -> View:
        """The lane as it stands at `now`."""
        planned = [id for id in plan if id in self._rows]
        view = View(self._rows, planned)
        for away in sorted(self._promises):
            keys = self._promises[away]
            view.lead(key[2] for key in keys[: bisect_right(keys, (now + HOUR, NEVER))])
        blocks = [
            (self._lists[group], bisect_right(self._lists[group], (end_of_today, NEVER)))
            for group in sorted(self._lists)
        ]
        for keys, today in blocks:
            view.add(keys, 0, today)
        for away in sorted(self._triage):
            view.add(self._triage[away], 0, len(self._triage[away]))
        for keys, today in blocks:
            view.add(keys, today, len(keys))
        view.settle([key for id in view.head for _, key in self._places(self._rows[id])])
        return view


def _keys(rows: Sequence[Row]) -> list[Key]:
    """The keys of rows that are all to triage, or none of them."""
    if Mark.TRIAGE in rows[0].marks:
        return [(-row.worth, row.by, row.id) for row in rows]
    return [(row.by, -row.worth, row.id) for row in rows]


class View:
    """A lane at one moment: rows by position, and positions by id, without a copy of the lane.

    `head` is the plan and then the promises; it is followed by slices of the sorted lists, in which the
    rows of the head are skipped. `planned`: how many of the head are planned by hand. A view is good until
    the next change of its lane.
    """

    def __init__(self, rows: dict[int, Row], planned: list[int]) -> None:
        self._rows = rows
        self.head = planned
        self.planned = len(planned)
        self._at = {id: at for at, id in enumerate(planned)}
        self._slices: list[tuple[list[Key], int, int]] = []
        self._skipped: list[list[int]] = []  # per slice: positions in its list that stand in the head
        self._starts: list[int] = []
        self._length = len(planned)

    def lead(self, ids: Iterable[int]) -> None:
        """Add rows to the head."""
        for id in ids:
            if id not in self._at:
                self._at[id] = len(self.head)
                self.head.append(id)

    def add(self, keys: list[Key], start: int, stop: int) -> None:
        """Add a slice of a sorted list."""
        if start < stop:
            self._slices.append((keys, start, stop))

    def settle(self, head_keys: Sequence[Key]) -> None:
        """Leave the rows of the head out of the slices, and fix where each slice starts."""
        self._length = len(self.head)
        for keys, start, stop in self._slices:
            found = (bisect_left(keys, key, start, stop) for key in head_keys)
            wanted = set(head_keys)
            at = sorted({position for position in found if position < stop and keys[position] in wanted})
            self._skipped.append(at)
            self._starts.append(self._length)
            self._length += stop - start - len(at)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Row:
        if index < 0 or index >= self._length:
            raise IndexError(index)
        if index < len(self.head):
            return self._rows[self.head[index]]
        slot = bisect_right(self._starts, index) - 1
        keys, start, _ = self._slices[slot]
        position = start + index - self._starts[slot]
        # The nth skipped position shifts all that follow by one: find how many lie before.
        skipped = self._skipped[slot]
        if skipped:
            position += bisect_right(range(len(skipped)), position, key=lambda n: skipped[n] - n)
        return self._rows[keys[position][2]]

    def __iter__(self) -> Iterator[Row]:
        yield from map(self._rows.__getitem__, self.head)
        for (keys, start, stop), skipped in zip(self._slices, self._skipped, strict=True):
            for position in skipped:
                yield from (self._rows[key[2]] for key in islice(keys, start, position))
                start = position + 1
            yield from (self._rows[key[2]] for key in islice(keys, start, stop))

    def index_of(self, id: int) -> int | None:
        """Where a row stands, None when it is not in the lane."""
        if id in self._at:
            return self._at[id]
        row = self._rows.get(id)
        if row is None:
            return None
        candidates = ((row.by, -row.worth, row.id), (-row.worth, row.by, row.id))
        for slot, (keys, start, stop) in enumerate(self._slices):
            for key in candidates:
                position = bisect_left(keys, key, start, stop)
                if position < stop and keys[position] == key:
                    return self._starts[slot] + position - start - bisect_left(self._skipped[slot], position)
        return None


class Found(list[Row]):
    """The rows that a search found in one lane, in its order; what `View` offers, for a plain list."""

    planned = 0

    def index_of(self, id: int) -> int | None:
        """Where a row stands, None when it was not found."""
        return next((at for at, row in enumerate(self) if row.id == id), None)
