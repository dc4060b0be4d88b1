"""Closing the day: at most ten of what is left, one key each, and one for all the rest. Never in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import field

from huntertui.actions import ACTIONS, Then
from huntertui.commands import Command
from huntertui.commands.keymap import Keys
from huntertui.commands.words import spelled_out
from huntertui.desk import Desk
from huntertui.desk.ledger import NAMED, Change
from huntertui.errors import Usage
from huntertui.model.ranking import Row
from huntertui.records import dataclass
from huntertui.tui.daying import moment_of, row_look, row_words
from huntertui.tui.doing import command_named
from huntertui.tui.lines import DetailLine, OverlayState
from huntertui.tui.looking import Looking
from huntertui.tui.working import WORKS_TOO

AT_MOST = 10
TITLE = "Review · Space leave · * rest · c log · s redate · o give · b park · x close"
WIDE = 80  # columns from which a row tells its stage and value
SAID_OF_IT = 5  # lines that the item in hand may take, with why it is owed
MOVES = {"j": 1, "down": 1, "k": -1, "up": -1}
DECIDE = frozenset({"assign", "claim", "next-step", "expect-close"})
"""What decides on an item though the cursor would stay on it in the list."""


@dataclass(slots=True)
class Review:
    """The items under review as they stood when it began, `at` the one in hand.

    `decided`: id -> what was done, with these or any other; `left`: ids that are left as they are.
    """

    rows: tuple[Row, ...]
    at: int = 0
    decided: dict[int, str] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)

    @property
    def id(self) -> int | None:
        """The item in hand, None behind the last."""
        return self.rows[self.at].id if self.at < len(self.rows) else None

    def move(self, by: int) -> None:
        """To another item."""
        self.at = max(0, min(self.at + by, len(self.rows) - 1))

    def go_on(self) -> None:
        """To the next that waits for a decision, around the end; behind the last when none does."""
        order = [*range(self.at + 1, len(self.rows)), *range(self.at)]
        open_ = (at for at in order if self.rows[at].id not in self.decided.keys() | self.left)
        self.at = next(open_, len(self.rows))

    def take_back(self, ids: Collection[int]) -> None:
        """What was done with these is undone: the first of them is in hand again."""
        undone = {id for id in ids if self.decided.pop(id, None)}
        self.at = next((at for at, row in enumerate(self.rows) if row.id in undone), self.at)


class Reviewing(Looking):
    """The part of the workday that closes it. `review`: it is on; the keys act on the item in hand."""

    def __init__(self, desk: Desk, keys: Keys, copy: Callable[[str], None]) -> None:
        super().__init__(desk, keys, copy)
        self.review: Review | None = None

    @property
    def row(self) -> Row | None:
        """The record that keys act on: the one in hand, else the one under the cursor."""
        if self.review is None:
            return super().row
        return self.desk.book.row(self.review.id) if self.review.id is not None else None

    def begin_review(self) -> None:
        """What of mine was owed by the end of today."""
        rows = self.desk.to_review()
        if not rows:
            raise Usage("nothing of yours is left of today")
        self.lanes.selection.clear()
        self.review = Review(tuple(rows[:AT_MOST]))

    def review_key(self, key: str) -> bool:
        """Take a key of the review; False when it acts as it does in the list."""
        review = self.review
        if review is None or self.keys.pending:
            return False
        if key in ("escape", "q", "ctrl+c"):
            self._end_review(review)
        elif key in MOVES:
            review.move(MOVES[key])
        elif key in ("space", "n"):
            self._leave_it(review)
        elif key == "*":
            self.guarded(lambda: self._redate_rest(review))
        else:
            return False
        return True

    def check_reviewed(self, command: Command) -> None:
        """Usage for a command that does nothing to the item in hand."""
        if self.review is not None and not (command.name in ACTIONS or command.name in WORKS_TOO):
            raise Usage(f"{command.name} has to wait: Esc ends the review")

    def command(self, text: str, id: int | None = None, seen: int | None = None) -> None:
        """Run what stands on the command line."""
        if self.review is not None and text:
            self.check_reviewed(command_named(spelled_out(text).partition(" ")[0]))
        super().command(text, id, seen)

    def _leave_it(self, review: Review) -> None:
        if review.id is None:
            self._end_review(review)
            return
        review.left.add(review.id)
        self.say("")
        review.go_on()

    def _end_review(self, review: Review) -> None:
        self.review = None
        ids = {row.id for row in self.desk.to_review()} - review.decided.keys()
        self.say(f"{len(review.decided)} decided, {len(ids)} left as they are", "dim")

    def _redate_rest(self, review: Review) -> None:
        ids = [row.id for row in self.desk.to_review() if row.id not in review.decided]
        if not ids:
            raise Usage("there is nothing left to redate")
        change, left = self.desk.redate(ids)
        self._done(change)
        if left:
            told = ", ".join(str(one.error) for one in left[:NAMED])
            more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
            self.say(f"{self.said}; {len(left)} left as they are: {told}{more}")
        day = self.desk.policy.calendar.describe_day(self.desk.next_day(), self.desk.today())
        review.decided |= dict.fromkeys(change.ids, f"to {day}")
        review.at = -1
        review.go_on()

    def _perform(self, command: Command, text: str | None, id: int) -> None:
        super()._perform(command, text, id)
        review = self.review
        if review is None or not decides(command) or id not in {row.id for row in review.rows}:
            return
        review.decided[id] = command.label
        review.left.discard(id)
        if review.id == id:
            review.go_on()

    def _turn_back(self, change: Change) -> None:
        super()._turn_back(change)
        if self.review is not None:
            self.review.take_back(change.ids)

    def reviewed(self, width: int, page: int) -> OverlayState | None:
        """What is shown of the review on a screen of so many columns, with so many lines for it."""
        if self.review is None:
            return None
        lines = tuple(_lines(self.desk, self.review, wide=width >= WIDE))
        end = min(self.review.at + SAID_OF_IT, len(lines)) if self.review.at else 0
        return OverlayState(TITLE, lines, max(0, end - page))


def decides(command: Command) -> bool:
    """Whether it is a decision on an item of the review."""
    moved = command.name.startswith("to-")
    return command.name in DECIDE or (ACTIONS[command.name].then is Then.NEXT and not moved)


def _lines(desk: Desk, review: Review, *, wide: bool) -> Iterator[DetailLine]:
    moment = moment_of(desk)
    for at, row in enumerate(review.rows):
        done = review.decided.get(row.id)
        now = desk.book.row(row.id) or row
        if done:
            words, look = f"  done: {row.title} #{row.id}, {done}", "dim"
        else:
            words, look = row_words(now, moment, wide=wide), row_look(now, moment)
            if row.id in review.left:
                words, look = f"-{words[1:]}", "dim"
        yield DetailLine(words, "cursor" if at == review.at else look)
        if at == review.at:
            why = desk.explain(row.id)[0] if desk.book.row(row.id) else "it is closed by now, or gone"
            yield DetailLine(f"    {why}", "dim")
    yield DetailLine("")
    day = desk.policy.calendar.describe_day(desk.next_day(), desk.today())
    known = {row.id for row in review.rows} | review.decided.keys()
    count = sum(row.id not in known for row in desk.to_review())
    more = f"{count:,} more: " if count else ""
    yield DetailLine(f"{more}* plans all that is not decided for {day}, but promises; red stays red", "dim")
