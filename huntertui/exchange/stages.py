"""Which of our stages a row stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.exchange import values
from huntertui.exchange.headers import STAGE_NAMES, key
from huntertui.model.pipeline import CLOSED, LOST, STAGES, WON, Discipline, Pipeline

if TYPE_CHECKING:
    from huntertui.exchange.rows import Row

_DISCIPLINES = {stage.name: stage.discipline for stage in STAGES}


def stage_of(row: Row, pipeline: Pipeline, *, touched: bool) -> tuple[str, str]:
    """(stage, the file's word where it had to be guessed, else "").

    The flags closed and won decide, then the stage's name, then its probability, else whether it was ever
    touched. The word is kept in `extra` unless it is ours.
    """
    closed, won = row.read("closed", values.truth), row.read("won", values.truth)
    word, status = row.text("stage"), row.text("status")
    row.spare("stage", "status", "probability")
    by_status = _named(status, pipeline)
    stage = _named(word, pipeline) if word else by_status
    ended = next((end for end in (by_status, stage) if end in CLOSED), "")
    if won:
        return WON, ""
    if closed:
        return ended if ended and won is None else LOST, ""
    if ended:
        return ended, ""
    guessed = "" if stage else word or status
    if guessed:
        stage = _likely(row, pipeline) or fitting("contacted" if touched else "new", pipeline)
    stage = stage or fitting("new", pipeline)
    for field, text in (("stage", word), ("status", status)):
        if key(text) == key(stage):
            row.text(field)
    return stage, guessed


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
