"""A pipeline as an export of our own carries it, for a team that has another."""

from __future__ import annotations

from typing import Any

from huntertui.model.pipeline import Discipline, Pipeline, Stage, is_stage_name

_LONGEST = 365  # business days of a limit


def stage_docs(pipeline: Pipeline) -> list[dict[str, Any]]:
    """The stages in their order."""
    return [
        {"name": stage.name, "discipline": stage.discipline.value, "limit": stage.limit}
        | {"probability": stage.probability}
        | ({"side": True} if stage.side else {})
        for stage in pipeline.stages
    ]


def stages_in(listed: object) -> tuple[Stage, ...]:
    """The stages that such a list tells of; what in it is none, as others may have written it, is passed."""
    found: dict[str, Stage] = {}
    for said in listed if isinstance(listed, list) else ():
        try:
            name, discipline = str(said["name"]), Discipline(said["discipline"])
            limit, probability = int(said["limit"]), int(said["probability"])
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        if is_stage_name(name) and 1 <= limit <= _LONGEST and 0 <= probability <= 100:
            found.setdefault(name, Stage(name, discipline, limit, probability, said.get("side") is True))
    return tuple(found.values())
