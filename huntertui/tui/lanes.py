"""What the three lanes show and where the cursor stands in each: by record, never by line.

Rows come, go and move under the cursor as colleagues write; the cursor stays on its record, and its record on
its line of the screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from huntertui.book import LaneCount, Listing
from huntertui.desk import Desk
from huntertui.finding import NONE, Hits
from huntertui.model.pipeline import LANES
from huntertui.model.ranking import Found, Mark, Row
from huntertui.records import dataclass
from huntertui.tui.lines import Page
from huntertui.tui.selection import Selection

Matches = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a lane's cursor stands: on record `id`, at `index`, `top` being the first row on the screen."""

    id: int | None = None
    index: int = 0
    top: int = 0


class Lanes:
    """The rows of the three lanes, read from the book, and a cursor in each. `page`: rows on the screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._only: Matches | None = None
        self._exactly: tuple[int, ...] = ()
        self.focused = 0
        self.page = 1
        self.version = 0  # counts the readings
        self.now = 0.0  # POSIX seconds, the moment for which rows and counts hold
        self.text = ""  # what is searched for
        self.searched = ""  # what was searched for last
        self.hits = Hits()  # what was found
        self.only = ""  # the name of the filter in force
        self.rows: list[Listing] = [Found() for _ in LANES]
        self.counts: list[LaneCount] = [LaneCount(0, 0, 0, {}) for _ in LANES]
        self.cursors = [Cursor() for _ in LANES]
        self.selection = Selection()
        self._pages = [(0, Page(0, 0, ())) for _ in LANES]  # with the version that they are of

    # Reading

    def read(self, *, hold: bool = True) -> None:
        """Read the lanes anew; with `hold` the record under a cursor stays on its line of the screen."""
        self._list(hold=hold)

    def _list(self, *, hold: bool = True) -> None:
        book = self._desk.book
        self.version += 1
        self.now = self._desk.now().timestamp()
        if self._exactly:
            self.hits = Hits()
            self.rows = list(map(Found, self._desk.rows_of(self._exactly)))
        elif self.text:
            self.hits = self._desk.find(self.text, self.now)
            self.rows = list(self.hits.lanes)
        else:
            self.hits = Hits()
            self.rows = [book.lane(lane, self.now) for lane in range(len(LANES))]
        if self._only is not None:
            self.rows = [Found(filter(self._only, rows)) for rows in self.rows]
        if self.filtered:
            self.counts = [count(rows, self.now) for rows in self.rows]
        else:
            self.counts = [book.count(lane, self.now) for lane in range(len(LANES))]
        for lane in range(len(LANES)):
            self._settle(lane, hold=hold)
        self.selection.keep_shown(self.rows)

    def _settle(self, lane: int, *, hold: bool) -> None:
        rows, cursor = self.rows[lane], self.cursors[lane]
        at = rows.index_of(cursor.id) if cursor.id is not None else None
        top = cursor.top
        if at is None:
            at = cursor.index
        elif hold:
            top += at - cursor.index
        self._place(lane, at, top)

    def _place(self, lane: int, at: int, top: int) -> None:
        """Put a lane's cursor on a row, and the row on the screen."""
        rows = self.rows[lane]
        at = max(0, min(at, len(rows) - 1))
        top = max(at - self.page + 1, min(top, at))
        top = max(0, min(top, len(rows) - self.page))
        self.cursors[lane] = Cursor(rows[at].id if rows else None, at, top)

    def visible(self, lane: int) -> Page:
        """A lane's rows on the screen, and as many below, as they stand now."""
        rows, top = self.rows[lane], self.cursors[lane].top
        end = min(top + 2 * self.page, len(rows))
        version, page = self._pages[lane]
        if version != self.version or (page.top, page.top + len(page.rows)) != (top, end):
            page = Page(len(rows), top, tuple(rows[at] for at in range(top, end)))
            self._pages[lane] = self.version, page
        return page

    # Filters

    @property
    def filtered(self) -> bool:
        """Whether less is shown than there is."""
        return bool(self.text or self._exactly) or self._only is not None

    def search(self, text: str, home: int | None = None) -> None:
        """Show what matches a text, "" for everything. Unclear when it makes no sense.

        `home`: the lane to be in, unless another has better matches; else the one that has the focus.
        """
        if text == self.text:
            return
        self._exactly = ()
        if text:
            words = self._desk.query(text).words
            self.searched = text
        self.text = text
        self._list_filtered()
        if text and words:
            self.to_best(home)

    def to_best(self, home: int | None = None) -> None:
        """Go to the first row of each lane, and to the lane that has the best match."""
        for lane in range(len(LANES)):
            self._place(lane, 0, 0)
        best = [rank if rows else NONE for rank, rows in zip(self.hits.best, self.rows, strict=True)]
        home = self.focused if home is None else home
        self.focus(home if best[home] == min(best) else best.index(min(best)))

    def filter(self, name: str, matches: Matches | None) -> bool:
        """Show only what matches; the same filter again, or None, shows the rest. True when it is on."""
        on = matches is not None and name != self.only
        self._exactly = ()
        self.only, self._only = (name, matches) if on else ("", None)
        self._list_filtered()
        return on

    def show_exactly(self, name: str, ids: Sequence[int]) -> None:
        """Show these items, whosever, open or closed; `name` says what they are."""
        self.text, self.only, self._only, self._exactly = "", name, None, tuple(ids)
        self._list_filtered()

    def _list_filtered(self) -> None:
        """Read; a cursor whose record is hidden goes to the first row, the focus to a lane with rows."""
        before = [cursor.id for cursor in self.cursors]
        self._list()
        for lane, id in enumerate(before):
            if self.cursors[lane].id != id:
                self._place(lane, 0, 0)
        if not self.rows[self.focused]:
            self.focus(next((lane for lane, rows in enumerate(self.rows) if rows), self.focused))

    def clear(self) -> bool:
        """Show everything again. False when nothing was hidden."""
        if not self.filtered:
            return False
        self.text, self.only, self._only, self._exactly = "", "", None, ()
        self._list()
        return True

    # Moving

    @property
    def row(self) -> Row | None:
        """The row under the cursor of the focused lane."""
        rows = self.rows[self.focused]
        return rows[self.cursors[self.focused].index] if rows else None

    def focus(self, lane: int) -> None:
        """Go to a lane."""
        self.focused = max(0, min(lane, len(LANES) - 1))

    def resize(self, page: int) -> None:
        """Take in how many rows the screen shows."""
        if page != self.page:
            self.page = page
            for lane, cursor in enumerate(self.cursors):
                self._place(lane, cursor.index, cursor.top)

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._go(self.focused, self.cursors[self.focused].index + rows)

    def _go(self, lane: int, at: int) -> None:
        was = self.cursors[lane]
        self.focused = lane
        self._place(lane, at, was.top)
        self.selection.moved(lane, self.rows[lane], was.index, self.cursors[lane].index)

    def neighbour(self) -> int | None:
        """The record to go to when the one under the cursor is dealt with: the next, else the one before."""
        rows, at = self.rows[self.focused], self.cursors[self.focused].index
        near = at + 1 if at + 1 < len(rows) else at - 1
        return rows[near].id if 0 <= near < len(rows) else None

    def aim(self, lane: int, id: int | None) -> None:
        """Let a lane's cursor be on a record when the lane is read next."""
        if id is not None:
            self.cursors[lane] = replace(self.cursors[lane], id=id)

    def reveal(self, id: int) -> bool:
        """Go to a record; False when no lane shows it."""
        for lane, rows in enumerate(self.rows):
            at = rows.index_of(id)
            if at is not None:
                self.selection.end()
                self._go(lane, at)
                return True
        return False

    def seek(self, matches: Matches, way: int = 1) -> bool:
        """Go to the next row that matches, or with -1 to the one before, on through all lanes and around."""
        lane, at = self.focused, self.cursors[self.focused].index
        places = len(LANES) + 1  # the lane of departure comes twice: from the cursor on, and up to it
        for _ in range(places):
            rows = self.rows[lane]
            at += way
            while 0 <= at < len(rows):
                if matches(rows[at]):
                    self._go(lane, at)
                    return True
                at += way
            lane = (lane + way) % len(LANES)
            at = -1 if way > 0 else len(self.rows[lane])
        return False


def count(rows: Listing, now: float) -> LaneCount:
    """The counts of rows that are shown by a filter."""
    worth: Counter[str] = Counter()
    for row in rows:
        worth[row.currency] += row.value or 0
    late = sum(row.late(now) for row in rows)
    triage = sum(Mark.TRIAGE in row.marks for row in rows)
    return LaneCount(len(rows), late, triage, {currency: total for currency, total in worth.items() if total})
