"""Which of our stages a row stands in."""

from __future__ import annotations

import re
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.exchange import values
from huntertui.exchange.words import Words, key, keys
from huntertui.model.pipeline import CLOSED, LOST, STAGES, WON, Discipline, Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huntertui.exchange.rows import Row

_STAGES: Words = {
    "new": (
        "new, open, lead, lead in, subscriber, prospect, prospecting, target, not contacted, open - not "
        "contacted, untouched, potential, cold, neu"
    ),
    "attempting": (
        "attempting, attempted, attempted to contact, attempting to contact, attempt to contact, working, in "
        "progress, contact in future"
    ),
    "contacted": (
        "contacted, contact made, connected, engaged, interested, in contact, working - contacted, "
        "kontaktiert"
    ),
    "qualified": (
        "qualified, qualification, qualifying, qualified to buy, needs analysis, needs assessment, needs "
        "defined, discovery, sales qualified lead, marketing qualified lead, pre qualified, open deal, "
        "closed - converted, qualifiziert"
    ),
    "nurture": "nurture, nurturing, on hold, bad timing",
    "meeting": (
        "meeting, meeting scheduled, appointment scheduled, demo, demo scheduled, presentation, presentation "
        "scheduled, value proposition, id. decision makers, perception analysis, decision maker bought-in, "
        "termin"
    ),
    "proposal": (
        "proposal, proposal made, proposal sent, proposal/price quote, quote, quote sent, offer, angebot"
    ),
    "negotiation": "negotiation, negotiation/review, negotiations started, negotiating, verhandlung",
    "verbal": "verbal, verbal agreement, commit, contract, contract sent",
    "won": "won, closed won, customer, closed - won, signed, gewonnen",
    "lost": (
        "lost, closed lost, closed - lost, disqualified, unqualified, bad fit, not qualified, not "
        "interested, junk lead, lost lead, closed - not converted, closed lost to competition, canceled, "
        "verloren"
    ),
}
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {word: stage for stage, words in _STAGES.items() for word in keys(words)}
)
"""How others call a stage (as `key` gives it) -> our stage."""

_NUMBERED = re.compile(r"(?:stage|phase|step)?\s*(\d{1,2})\s*[-–.:)/ ]\s*(.+)", re.IGNORECASE)
_PIPELINE = re.compile(r"\s*\([^()]*\)$")  # behind the stage in exports of HubSpot
_DISCIPLINES = {stage.name: stage.discipline for stage in STAGES}


class Stages:
    """Which stage a row of a file stands in. `met` counts (its word, our stage); `guessed` the same where
    nobody knows it."""

    def __init__(self, words: Iterable[str], pipeline: Pipeline, given: Mapping[str, str]) -> None:
        """`words`: all that the file has; `given`: what people say, their word -> our stage."""
        self.met: Counter[tuple[str, str]] = Counter()
        self.guessed: Counter[tuple[str, str]] = Counter()
        self._pipeline = pipeline
        self._given = {key(word): stage for word, stage in given.items()}
        self._by_number = _by_number(words, pipeline)
        self._names: dict[str, str] = {"": ""}

    def of(self, row: Row, *, touched: bool) -> str:
        """The stage. The flags closed and won decide, then what people say, the stage's name, its number
        among the others, its probability, else whether it was ever touched. The word is kept in `extra`
        unless it is ours."""
        word, status = row.text("stage"), row.text("status")
        row.spare("stage", "status", "probability")
        stage = self._told(row, word, status)
        if not stage and (guessed := word or status):
            stage = self._by_number.get(key(guessed)) or _likely(row, self._pipeline)
            stage = stage or fitting("contacted" if touched else "new", self._pipeline)
            self.guessed[guessed, stage] += 1
        stage = stage or fitting("new", self._pipeline)
        if met := word or status:
            self.met[met, stage] += 1
        for field, text in (("stage", word), ("status", status)):
            if key(text) == key(stage):
                row.text(field)
        return stage

    @property
    def known(self) -> list[tuple[str, str]]:
        """(word of the file, our stage) of those that were met and go by another name here."""
        return sorted(
            (word, stage) for word, stage in self._names.items() if stage and key(word) != key(stage)
        )

    def _told(self, row: Row, word: str, status: str) -> str:
        """The stage that the flags or the words say, "" when they say none."""
        closed, won = row.read("closed", values.truth), row.read("won", values.truth)
        by_status = self._named(status)
        stage = self._named(word) if word else by_status
        ended = next((end for end in (by_status, stage) if end in CLOSED), "")
        if won:
            return WON
        if closed:
            return ended if ended and won is None else LOST
        return ended or stage

    def _named(self, word: str) -> str:
        if word not in self._names:
            self._names[word] = self._given.get(key(word)) or _named(word, self._pipeline)
        return self._names[word]


def _by_number(words: Iterable[str], pipeline: Pipeline) -> dict[str, str]:
    """Where words such as "2 - Legal check" stand on our ladder, by their numbers alone."""
    numbers = {word: int(found[1]) for word in words if (found := _NUMBERED.match(word))}
    numbers = {word: n for word, n in numbers.items() if _named(word, pipeline) not in CLOSED}
    first, last = min(numbers.values(), default=0), max(numbers.values(), default=0)
    ladder = [stage.name for stage in pipeline.stages if not stage.side]
    if first == last:
        return {}
    step = (len(ladder) - 1) / (last - first)
    return {key(word): ladder[round((n - first) * step)] for word, n in numbers.items()}


def left_from(stage: str, pipeline: Pipeline) -> str:
    """The stage that something closed most likely was closed in: its file does not tell."""
    return pipeline.last(Discipline.CLOSING if stage == WON else Discipline.FOLLOWING_UP).name


def fitting(stage: str, pipeline: Pipeline) -> str:
    """A stage of ours, or where the team has none of that name the first of its discipline."""
    return stage if stage in pipeline else pipeline.first(_DISCIPLINES[stage]).name


def _named(word: str, pipeline: Pipeline) -> str:
    """The stage of that name, the team's own names first; "" when nobody knows it."""
    bare = found[2] if (found := _NUMBERED.match(word)) else word
    for name in filter(None, map(key, (word, bare, _PIPELINE.sub("", bare)))):
        own = next((stage.name for stage in pipeline.stages if key(stage.name) == name), "")
        ours = STAGE_NAMES.get(name, "")
        if own or ours:
            return own or (ours if ours in CLOSED else fitting(ours, pipeline))
    return ""


def _likely(row: Row, pipeline: Pipeline) -> str:
    """The farthest stage that is no more likely to be won than the row; "" when the row does not tell."""
    percent = row.read("probability", values.percent)
    row.spare("probability")
    if percent is None:
        return ""
    ladder = [stage for stage in pipeline.stages if not stage.side]
    return next((stage.name for stage in reversed(ladder) if stage.probability <= percent), ladder[0].name)
