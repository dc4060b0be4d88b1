"""Triage of a first import: its age, its value, and one key for each decision on many."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from huntertui.desk import Desk
from huntertui.desk.bulk import Left
from huntertui.desk.ledger import NAMED, Change
from huntertui.errors import HunterError, Usage
from huntertui.model.money import amounts
from huntertui.model.opportunity import LOST_REASONS, PARK_REASONS
from huntertui.model.triage import Bucket
from huntertui.tui.fit import fit
from huntertui.tui.lines import DetailLine
from huntertui.tui.looking import Looking
from huntertui.tui.panels import Panel
from huntertui.tui.prompts import Prompt

SAMPLE = 8  # rows of a bucket that are told
KEYS = "w work · b park · x lose · o give · u undo"
MOVES = {"j": 1, "down": 1, "k": -1, "up": -1}


class Triage(Panel):
    """The buckets, and a sample of the one under the cursor. `decide` is told the key and the bucket."""

    def __init__(self, desk: Desk, decide: Callable[[str, Bucket], None], undo: Callable[[], None]) -> None:
        super().__init__("", ())
        self._desk = desk
        self._decide = decide
        self._undo = undo
        self._at = next((at for at, bucket in enumerate(desk.to_triage()) if bucket.rows), 0)
        self.refresh()

    def refresh(self) -> None:
        """Read what is left."""
        self.buckets = self._desk.to_triage()
        left = sum(len(bucket.rows) for bucket in self.buckets)
        self.title = f"To triage {left:,} · {KEYS}"
        self._lines = tuple(_lines(self._desk, self.buckets, self._at))

    def key(self, key: str) -> None:
        """Move, decide on the bucket under the cursor, take back, or leave."""
        if key in ("escape", "q", "ctrl+c"):
            self.done = True
        elif key in MOVES:
            self._move(self._at + MOVES[key])
        elif key in ("1", "2", "3", "4"):
            self._move(int(key) - 1)
        elif key in ("w", "b", "x", "o"):
            self._decide(key, self.buckets[self._at])
            self.refresh()
        elif key in ("u", "z"):
            self._undo()
            self.refresh()
        else:
            self._scroll(key)

    def _move(self, to: int) -> None:
        self._at, self.top = max(0, min(to, len(self.buckets) - 1)), 0
        self.refresh()


class Triaging(Looking):
    """The part of the workday that decides on an old import."""

    def triage(self) -> None:
        """Open the panel."""
        if not any(bucket.rows for bucket in self.desk.to_triage()):
            raise Usage("nothing of yours is to triage")
        self.panel = Triage(self.desk, self._decide_on, self.undo)

    def _decide_on(self, key: str, bucket: Bucket) -> None:
        desk, rows = self.desk, bucket.rows
        if not rows:
            raise Usage(f"there is nothing {bucket.name}")
        if key == "w":
            self._decided(*desk.work_triage(rows))
            return
        label, act, hint = {
            "b": ("park until, and why", desk.park_triage, _letters(PARK_REASONS)),
            "x": ("lost because", desk.lose_triage, _letters(LOST_REASONS)),
            "o": ("hand over to", desk.hand_over_triage, ""),
        }[key]

        def preview(text: str) -> str:
            if key != "b":
                return LOST_REASONS.get(text.strip(), text.strip()) if key == "x" else text.strip()
            return desk.preview("park", rows[0].id, text)

        self.prompt = Prompt(
            f"{len(rows):,} {bucket.name} · {label}{f' ({hint})' if hint else ''}",
            lambda text: self._decided(*act(rows, text)),
            preview=preview,
        )

    def _decided(self, change: Change, left: list[Left]) -> None:
        self._done(change)
        if left:
            told = ", ".join(f"{one.name} {_reason(one.error)}" for one in left[:NAMED])
            self.say(f"{self.said}; {len(left):,} left as they are: {told}")


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, HunterError) else "cannot take it"


def _letters(words: dict[str, str]) -> str:
    return " ".join(f"{letter} {word}" for letter, word in words.items())


def _lines(desk: Desk, buckets: tuple[Bucket, ...], at: int) -> Iterator[DetailLine]:
    """The buckets, what lies in the one under the cursor by value, and what working on it would mean."""
    for index, bucket in enumerate(buckets):
        words = f"{index + 1}  {fit(bucket.name, 16)} {len(bucket.rows):>7,}  {amounts(bucket.worth)}"
        yield DetailLine(words, "cursor" if index == at else "" if bucket.rows else "dim")
    bucket = buckets[at]
    yield DetailLine("")
    if not bucket.rows:
        yield DetailLine(f"nothing {bucket.name}", "dim")
        return
    yield DetailLine(f"{bucket.name} past its limit, by value", "heading")
    calendar, today = desk.policy.calendar, desk.today()
    for row in bucket.rows[:SAMPLE]:
        worth = amounts({row.currency: row.value}) if row.value else ""
        owner = "" if row.owner == desk.me else " · nobody's"
        yield DetailLine(f"  {fit(row.title, 24)} {fit(f'#{row.id}', 6)} {fit(row.stage, 11)} {worth}{owner}")
    if len(bucket.rows) > SAMPLE:
        yield DetailLine(f"  and {len(bucket.rows) - SAMPLE:,} more", "dim")
    last = max(desk.plan_triage(bucket.rows).values())
    yield DetailLine("")
    planned = f"the last first touch on {calendar.describe_day(last, today)}"
    yield DetailLine(f"w puts {len(bucket.rows):,} into the lanes, {planned}", "dim")
