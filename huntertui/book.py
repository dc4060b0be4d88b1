"""The live view of the open items: three sorted lanes, their counts, the plan, a focus, a search.

A book is fed single changes and never rebuilt by them. Time only moves what waits for a moment (a revisit,
a colleague's red that becomes open to all), each once. It reads no store and has no clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

from huntertui.finding import Finder, Hits
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import LANES, Policy
from huntertui.model.pool import Absence, Pool
from huntertui.model.query import Asking, Query, parse
from huntertui.model.ranking import NEVER, Found, Lane, Mark, Row, View, row_of
from huntertui.records import dataclass

Listing = View | Found
Focus = Callable[[Row], bool]
ALL = "*"  # the scope of everybody's items


@dataclass(frozen=True, slots=True)
class LaneCount:
    """What a lane's title says; `total` and `late` count exactly the rows that the lane shows."""

    total: int
    late: int
    triage: int
    worth: Mapping[str, int]  # currency -> minor units


class Book:
    """The open items as `me` sees them. `now` is POSIX seconds throughout.

    `scope`: a member's name shows what is his, what is nobody's and what of his colleagues' is open to
    him; ALL shows everything.
    """

    def __init__(self, policy: Policy, me: str) -> None:
        self.policy = policy
        self.me = me
        self.scope = me
        self.plan: dict[int, list[tuple[int, float]]] = {}  # lane -> (id, planned at)
        self.finder = Finder()
        self._focus: Focus | None = None
        self._rows: dict[int, Row] = {}
        self._owed: defaultdict[tuple[str, int], list[float]] = defaultdict(list)  # sorted owed-bys
        self._companies: dict[str, set[int]] | None = None  # casefolded company -> ids; see _at
        self._batches: Counter[int] | None = None  # import -> items to triage; see to_triage_by_import
        self._agreed: list[tuple[float, int]] = []  # (agreed time, id), sorted
        self._lanes = [Lane() for _ in LANES]
        self._worth: list[Counter[str]] = [Counter() for _ in LANES]
        self._waiting: list[tuple[float, int]] = []  # (moment, id) of what is shown from then on
        self._moments: dict[int, float] = {}  # the same, by id
        self._leases: list[tuple[float, int]] = []  # (end, id) of what is shown as long as I help with it
        self._time = -NEVER
        self._absences: dict[str, Absence] = {}
        self._pool = Pool(policy, {}, date(1970, 1, 1))
        self._pool_ends = -NEVER

    # Feeding

    def load(self, rows: Iterable[Row], now: float) -> None:
        """Begin anew with these rows of open items."""
        self._rows = {row.id: row for row in rows}
        self.finder.clear()
        self._owed.clear()
        self._companies = self._batches = None
        for (owner, _, lane, _), rows in self._alike().items():
            self._owed[owner, lane] += [NEVER if Mark.TRIAGE in row.marks else row.by for row in rows]
        for moments in self._owed.values():
            moments.sort()
        self._agreed = sorted([(row.due, row.id) for row in self._rows.values() if row.due < NEVER])
        self._arrange(now)

    def put(self, opportunity: Opportunity) -> Row:
        """Take in a new or changed opportunity and return its row."""
        self.drop(opportunity.id)
        row = row_of(opportunity, self.policy)
        self.finder.put(opportunity)
        if self._open(row):
            self._rows[row.id] = row
            if self._companies is not None:
                self._companies.setdefault(row.company.casefold(), set()).add(row.id)
            self._count_batch(row, 1)
            insort(self._owed[row.owner, row.lane], self._counted(row))
            if row.due < NEVER:
                insort(self._agreed, (row.due, row.id))
            self._place(row)
        return row

    def drop(self, id: int) -> None:
        """Forget an item that is gone or closed."""
        self.finder.drop(id)
        row = self._rows.pop(id, None)
        if row is None:
            return
        if self._companies is not None:
            self._companies[row.company.casefold()].discard(id)
        self._count_batch(row, -1)
        if row.due < NEVER:
            del self._agreed[bisect_left(self._agreed, (row.due, id))]
        moments = self._owed[row.owner, row.lane]
        del moments[bisect_left(moments, self._counted(row))]
        self._lift(row)

    def show(self, scope: str, now: float) -> None:
        """Show another scope: a member's name, or ALL."""
        self.scope = scope
        self._arrange(now)

    def focus(self, matches: Focus | None, now: float) -> None:
        """Put what matches first inside each block; None ends the focus."""
        self._focus = matches
        self._arrange(now)

    @staticmethod
    def _open(row: Row) -> bool:
        return Mark.CLOSED not in row.marks

    @staticmethod
    def _counted(row: Row) -> float:
        """The moment from which a row counts as neglected; never while it waits for triage."""
        return NEVER if Mark.TRIAGE in row.marks else row.by

    def _moment(self, row: Row) -> float:
        """From when the scope shows a row."""
        if self._mine(row.owner) or self._by_lease(row):
            return row.shown
        return self._pool.opens(row, self.scope)

    def _by_lease(self, row: Row) -> bool:
        """Whether the scope shows an item because it helps with it, which ends."""
        return not self._mine(row.owner) and row.helper_at(self._time) == self.scope

    def _mine(self, owner: str) -> bool:
        """Whether the scope shows an item however well it is kept."""
        return self.scope in (ALL, owner)

    def _alike(self) -> dict[tuple[str, str, int, str], list[Row]]:
        """All rows by owner, helper, lane and currency: what is asked of each group is not asked of each row,
        of which there may be 100,000."""
        found: defaultdict[tuple[str, str, int, str], list[Row]] = defaultdict(list)
        for row in self._rows.values():
            found[row.owner, row.helper, row.lane, row.currency].append(row)
        return found

    def pool(self, now: float) -> Pool:
        """What is open to whom today."""
        self._pass(now)
        return self._pool

    def _pool_of(self, now: float) -> Pool:
        day = self.policy.calendar.day(datetime.fromtimestamp(now, UTC))
        self._pool_ends = self.policy.calendar.end_of(day).timestamp()
        return Pool(self.policy, self._absences, day)

    def absent(self, name: str, day: date) -> bool:
        """Whether somebody is away that day, as far as it is known by now."""
        return name in self._absences and self._absences[name].on(day)

    def set_absences(self, absences: Mapping[str, Absence], now: float) -> None:
        """Take in who is away."""
        if absences != self._absences:
            self._absences = dict(absences)
            self._arrange(now)

    def _arrange(self, now: float) -> None:
        self.finder.forget_hits()
        self._time = now
        self._pool = self._pool_of(now)
        shown: list[list[Row]] = [[] for _ in LANES]
        self._waiting, self._leases = [], []
        self._worth = [Counter() for _ in LANES]
        for (owner, helper, at, currency), alike in self._alike().items():
            mine = self._mine(owner)
            moments = [row.shown if mine else self._moment(row) for row in alike]
            if helper == self.scope:
                self._leases += [(row.lease, row.id) for row in alike if self._by_lease(row)]
            here = [row for row, moment in zip(alike, moments, strict=True) if moment <= now]
            ahead = zip(moments, alike, strict=True)
            self._waiting += [(moment, row.id) for moment, row in ahead if now < moment < NEVER]
            self._worth[at][currency] += sum([row.value or 0 for row in here])
            shown[at] += here
        self._waiting.sort()
        self._moments = {id: moment for moment, id in self._waiting}
        self._leases.sort()
        self._lanes = [Lane(self._focus) for _ in LANES]
        for lane, rows in zip(self._lanes, shown, strict=True):
            lane.fill(rows)

    def _lift(self, row: Row) -> None:
        """Take a row out of where it stands or waits."""
        if row.id in self._lanes[row.lane]:
            self._lanes[row.lane].drop(row.id)
            self._worth[row.lane][row.currency] -= row.value or 0
        if (moment := self._moments.pop(row.id, None)) is not None:
            del self._waiting[bisect_left(self._waiting, (moment, row.id))]
        at = bisect_left(self._leases, (row.lease, row.id))
        if self._leases[at : at + 1] == [(row.lease, row.id)]:
            del self._leases[at]

    def _place(self, row: Row) -> None:
        moment = self._moment(row)
        if self._by_lease(row):
            insort(self._leases, (row.lease, row.id))
        if moment <= self._time:
            self._lanes[row.lane].put(row)
            self._worth[row.lane][row.currency] += row.value or 0
        elif moment < NEVER:
            insort(self._waiting, (moment, row.id))
            self._moments[row.id] = moment

    def _pass(self, now: float) -> None:
        """Let time pass: what was waiting for its moment comes into its lane, what I helped with may go."""
        self._time = max(self._time, now)
        over = [id for _, id in self._leases[: bisect_right(self._leases, (now, NEVER))]]
        for row in map(self._rows.__getitem__, over):
            self._lift(row)
            self._place(row)
            self.finder.forget_hits()
        if now >= self._pool_ends:
            before, self._pool = self._pool, self._pool_of(now)
            if self._pool.key != before.key:  # another day, on which others are here
                self._arrange(now)
        due = bisect_right(self._waiting, (now, NEVER))
        arrived, self._waiting = self._waiting[:due], self._waiting[due:] if due else self._waiting
        for _, id in arrived:
            del self._moments[id]
            self._place(self._rows[id])
            self.finder.forget_hits()

    # Reading

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Iterable[Row]:
        """The rows of all open items, whatever the scope, in no order."""
        return self._rows.values()

    def row(self, id: int) -> Row | None:
        """The row of an open item."""
        return self._rows.get(id)

    def lane(self, lane: int, now: float) -> View:
        """A lane as it stands now."""
        self._pass(now)
        return self._lanes[lane].view(now, self._end_of_today(now), self.planned(lane))

    def at_company(self, row: Row) -> list[Row]:
        """The other open items of a row's company."""
        if not row.company:
            return []
        ids = self._at().get(row.company.casefold(), set()) - {row.id}
        return [self._rows[id] for id in sorted(ids)]

    def owners(self) -> set[str]:
        """Everybody who owns something open."""
        return {owner for (owner, _), moments in self._owed.items() if owner and moments}

    def counts_by_owner(self) -> dict[str, int]:
        """How many open items each has, "" for nobody."""
        counts: Counter[str] = Counter()
        for (owner, _), moments in self._owed.items():
            counts[owner] += len(moments)
        return counts

    def to_triage_by_import(self) -> dict[int, int]:
        """How many items of each import are still to triage; 0 is no import."""
        if self._batches is None:
            self._batches = Counter(row.batch for row in self._rows.values() if Mark.TRIAGE in row.marks)
        return {batch: count for batch, count in self._batches.items() if count}

    def _count_batch(self, row: Row, by: int) -> None:
        if self._batches is not None and Mark.TRIAGE in row.marks:
            self._batches[row.batch] += by

    def lane_of(self, id: int) -> int | None:
        """The lane that shows an item; None when none does."""
        row = self._rows.get(id)
        return row.lane if row and id in self._lanes[row.lane] else None

    def planned(self, lane: int) -> list[int]:
        """The ids planned by hand and not touched since."""
        entries = self.plan.get(lane, ())
        return [id for id, at in entries if (row := self._rows.get(id)) and row.touched < at]

    def count(self, lane: int, now: float) -> LaneCount:
        """The counts of a lane, equal to its rows."""
        self._pass(now)
        rows = self._lanes[lane]
        worth = {currency: total for currency, total in self._worth[lane].items() if total}
        return LaneCount(len(rows), rows.late(now), rows.triage(), worth)

    def neglected(self, owner: str, now: float, lane: int | None = None) -> int:
        """How many of an owner's items are neglected: a binary search for each lane."""
        lanes = range(len(LANES)) if lane is None else (lane,)
        return sum(bisect_left(self._owed.get((owner, index), ()), now) for index in lanes)

    def open_to_me(self, now: float) -> int:
        """How many items of the scope I could take: nobody's, and colleagues' broken ones."""
        self._pass(now)
        mine = sum(len(moments) for (owner, _), moments in self._owed.items() if owner == self.me)
        waiting = sum(self._rows[id].owner == self.me for _, id in self._waiting)
        return 0 if self.scope != self.me else sum(map(len, self._lanes)) - mine + waiting

    def later(self, now: float) -> int:
        """How many lost items of the scope wait for the day on which they come back."""
        self._pass(now)
        return sum(1 for moment, id in self._waiting if now < moment == self._rows[id].shown)

    def next_promise(self, now: float) -> Row | None:
        """My next agreed time, from now on."""
        ahead = islice(self._agreed, bisect_left(self._agreed, (now,)), None)
        return next((row for _, id in ahead if (row := self._rows[id]).owner == self.me), None)

    def asking(self, now: float) -> Asking:
        """What a query is read with."""
        planned = [id for lane in self.plan for id in self.planned(lane)]
        return Asking(self.me, now, self.policy, planned, self._names)

    def _names(self, field: str) -> set[str]:
        """What there is of a field, for a query to name."""
        if field == "owner":
            return self.owners()
        if field == "tag":
            return {tag for tags in {row.tags for row in self._rows.values()} for tag in tags.split(", ")}
        if field in ("country", "company"):
            return {getattr(row, field) for row in self._rows.values()}
        return {row.next.partition(" ")[0] for row in self._rows.values()} if field == "next" else set()

    def find(self, query: Query, now: float, closed: Sequence[Row] | None = None) -> Hits:
        """What matches of what the lanes show; where nothing does, of all that is open, and what is closed.

        `closed`: None as long as it is not read.
        """
        if query.words or query.without:
            self.finder.begin(self._rows)
        if query.closed:
            rows = [[row for row in closed or () if row.lane == at] for at in range(len(LANES))]
            return replace(self.finder.find_in(query, rows), lacking=closed is None)
        hits = self.finder.find(query, [self.lane(at, now) for at in range(len(LANES))], now)
        if any(hits.lanes) or not query:
            return hits
        rest: list[list[Row]] = [[] for _ in LANES]
        for row in (*self._rows.values(), *(closed or ())):
            if row.id not in self._lanes[row.lane]:
                rest[row.lane].append(row)
        hits = self.finder.find_in(query, rest)
        return replace(hits, elsewhere=any(hits.lanes), lacking=closed is None)

    def holds(self, text: str, now: float) -> Focus:
        """Whether a row matches a text, by what is known at `now`. Unclear when it makes no sense."""
        query = parse(text, self.asking(now))
        if query.words or query.without:
            self.finder.begin(self._rows)
        return self.finder.holds(query)

    def _at(self) -> dict[str, set[int]]:
        """The ids of each company, gathered when somebody first looks: no list and no lane needs them."""
        if self._companies is None:
            self._companies = {}
            for row in self._rows.values():
                self._companies.setdefault(row.company.casefold(), set()).add(row.id)
        return self._companies

    def _end_of_today(self, now: float) -> float:
        calendar = self.policy.calendar
        today = calendar.day(datetime.fromtimestamp(now, calendar.zone))
        return calendar.end_of(today).timestamp()
