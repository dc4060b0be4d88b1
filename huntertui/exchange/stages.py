"""Which of our stages a row stands in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.exchange import values
from huntertui.exchange.words import Words, key, keys
from huntertui.model.pipeline import CLOSED, LOST, STAGES, WON, Discipline, Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    "won": "won, closed won, closed - won, signed, gewonnen",
    "lost": (
        "lost, closed lost, closed - lost, disqualified, unqualified, not qualified, not interested, junk "
        "lead, lost lead, closed - not converted, closed lost to competition, canceled, verloren"
    ),
}
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {word: stage for stage, words in _STAGES.items() for word in keys(words)}
)
"""How others call a stage (as `key` gives it) -> our stage."""

_DISCIPLINES = {stage.name: stage.discipline for stage in STAGES}


def stage_of(row: Row, pipeline: Pipeline, *, touched: bool) -> tuple[str, str]:
    """(stage, the file's word where it had to be guessed, else "").

    The flags closed and won decide, then the stage's name, then its probability, else whether it was ever
    touched. The word is kept in `extra` unless it is ours.
    """
    word, status = row.text("stage"), row.text("status")
    row.spare("stage", "status", "probability")
    stage, guessed = _told(row, pipeline, word, status), ""
    if not stage and (guessed := word or status):
        stage = _likely(row, pipeline) or fitting("contacted" if touched else "new", pipeline)
    stage = stage or fitting("new", pipeline)
    for field, text in (("stage", word), ("status", status)):
        if key(text) == key(stage):
            row.text(field)
    return stage, guessed


def _told(row: Row, pipeline: Pipeline, word: str, status: str) -> str:
    """The stage that the flags or the words say, "" when they say none."""
    closed, won = row.read("closed", values.truth), row.read("won", values.truth)
    by_status = _named(status, pipeline)
    stage = _named(word, pipeline) if word else by_status
    ended = next((end for end in (by_status, stage) if end in CLOSED), "")
    if won:
        return WON
    if closed:
        return ended if ended and won is None else LOST
    return ended or stage


def left_from(stage: str, pipeline: Pipeline) -> str:
    """The stage that something closed most likely was closed in: its file does not tell."""
    return pipeline.last(Discipline.CLOSING if stage == WON else Discipline.FOLLOWING_UP).name


def fitting(stage: str, pipeline: Pipeline) -> str:
    """A stage of ours, or where the team has none of that name the first of its discipline."""
    return stage if stage in pipeline else pipeline.first(_DISCIPLINES[stage]).name


def _named(word: str, pipeline: Pipeline) -> str:
    """The stage of that name, the team's own names first; "" when nobody knows it."""
    name = key(word)
    own = next((stage.name for stage in pipeline.stages if key(stage.name) == name), "")
    ours = STAGE_NAMES.get(name, "")
    return own or (ours if not ours or ours in CLOSED else fitting(ours, pipeline))


def _likely(row: Row, pipeline: Pipeline) -> str:
    """The farthest stage that is no more likely to be won than the row; "" when the row does not tell."""
    percent = row.read("probability", values.percent)
    row.spare("probability")
    if percent is None:
        return ""
    ladder = [stage for stage in pipeline.stages if not stage.side]
    return next((stage.name for stage in reversed(ladder) if stage.probability <= percent), ladder[0].name)
