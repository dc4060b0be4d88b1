"""What an import would do, in words: each file and how it is read, who is here already, what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from huntertui.exchange.importing import COUNTS
from huntertui.exchange.readings import advice
from huntertui.model.pipeline import CLOSED

if TYPE_CHECKING:
    from huntertui.exchange import Duplicate, Imported, Plan, Reading, Staging
    from huntertui.model.opportunity import Opportunity
    from huntertui.model.pipeline import NewStage

TOLD = 20
"""Duplicates, and faulty rows, that are named one by one where nobody can scroll."""


def foretold(
    readings: Sequence[Reading], planned: Plan, staging: Staging, me: str, most: int = TOLD
) -> Iterator[str]:
    """The preview, line by line; at most so many duplicates one by one. `staging`: what is said of stages."""
    for reading in readings:
        yield f"{reading.file}: {reading.kind}, {_rows(reading.rows)}"
        read = [f"{header} is {field}" for header, field in reading.mapping if field]
        yield f"  read: {', '.join(read)}"
        if kept := [header for header, field in reading.mapping if not field]:
            yield f"  kept as they are: {', '.join(kept)}"
        met = [one for one in planned.met if one.file == reading.file]
        if stages := [f"{one.theirs} is {one.ours}" for one in met if not one.guessed]:
            yield f"  stages: {', '.join(stages)}"
        if guessed := [f"{one.theirs} is {one.ours} ({_rows(one.rows)})" for one in met if one.guessed]:
            yield f"  stages, guessed: {', '.join(guessed)}"
    for one in staging.new:
        yield f"  new stage of the team: {one.stage.name} ({', '.join(staging.theirs(one))}), {placed(one)}"
    for o in planned.samples:
        yield f"  new: {sample(o, me)}"
    if (more := planned.done.added - len(planned.samples)) > 0:
        yield f"  and {more:,} more"
    yield from told(planned, me, most)


def told(planned: Plan, me: str, most: int = TOLD) -> Iterator[str]:
    """Who is here already, with the owner, but for those that are told by their ids."""
    here = [duplicate for duplicate in planned.duplicates if duplicate.id is not None]
    for duplicate in here[:most]:
        yield f"  {duplicate.file}, line {duplicate.line}, {duplicate.title}: {twin(duplicate, me)}"
    more = sum(planned.by_how.values()) - planned.done.skipped - min(len(here), most)
    if more > 0:
        yield f"  {more:,} {'more ' if here else ''}that are here, or come more than once"


def noticed(planned: Plan) -> Iterator[tuple[str, str]]:
    """(file, what is to be said of it in the shell): what was assumed, then which stages were guessed."""
    yield from planned.notices
    yield from ((met.file, advice(met)) for met in planned.met if met.guessed)


def faults(planned: Plan, most: int = TOLD) -> Iterator[str]:
    """What is wrong, row by row, as far as there are no more than so many of them."""
    errors = ((file, error) for file, of_it in planned.done.errors for error in of_it)
    for file, error in islice(errors, most):
        yield f"{file}, {error}"
    if planned.done.rejected > most:
        yield f"and {planned.done.rejected - most:,} more rows like these"


def twin(duplicate: Duplicate, me: str) -> str:
    """ "Acme GmbH #12 is ben's (same e-mail)"."""
    owner = duplicate.owner
    whose = "yours" if owner == me else f"{owner}'s" if owner else "nobody's"
    closed = f", {duplicate.stage}" if duplicate.stage in CLOSED else ""
    return f"{duplicate.twin} #{duplicate.id} is {whose}{closed} (same {duplicate.how})"


def sample(o: Opportunity, me: str) -> str:
    """ "Acme fleet, Acme GmbH, Ann Lee · proposal · yours · to triage"."""
    names = dict.fromkeys(filter(None, (o.name, o.company, *(contact.name for contact in o.contacts))))
    whose = "yours" if o.owner == me else o.owner or "nobody's"
    return " · ".join((", ".join(names) or o.title, o.stage, whose, *(["to triage"] if o.triage else [])))


def summed_up(done: Imported, readings: Sequence[Reading], *, dry: bool) -> str:
    """ "3 added from deals.csv, 2 merged, 1 rejected, 0 left out: 6 rows (3 open)"."""
    would = "would be " if dry else ""
    files = ", ".join(reading.file for reading in readings)
    sums = f"{done.merged} merged, {done.rejected} rejected, {done.left_out} left out: {_rows(done.rows)}"
    kinds = (
        (done.open, "open"),
        (done.won, "won"),
        (done.lost, "lost"),
        (done.triage, "to triage"),
        (done.skipped, "here already"),
        (done.updated, "filled in"),
        (done.attached, "touches, steps and notes"),
        (done.blocked, "not to be contacted"),
    )
    kept = ", ".join(f"{n} {word}" for n, word in kinds if n)
    return f"{done.added} {would}added from {files}, {sums}" + (f" ({kept})" if kept else "")


def grown(planned: Plan, staging: Staging, where: str = "") -> str:
    """What to say of new stages of the team's, "" where none has come to be. `where`: ", in FILE"."""
    names = ", ".join(one.stage.name for one in staging.new)
    if planned.empty or not names:
        return ""
    return f"new in the team's pipeline{where}: {names}; an undo does not take that back"


def placed(one: NewStage) -> str:
    """ "after negotiation: closing, 4 business days, 82 %"."""
    stage, place = one.stage, f"after {one.after}" if one.after else "before all others"
    days = f"{stage.limit} business {'day' if stage.limit == 1 else 'days'}"
    return f"{place}: {stage.discipline.value}, {days}, {stage.probability} %"


def as_data(readings: Sequence[Reading], planned: Plan, staging: Staging, done: Imported) -> dict[str, Any]:
    """The same for --json."""
    errors = [
        {
            "file": file,
            "line": error.line,
            "column": error.column,
            "value": error.value,
            "message": error.message,
        }
        for file, of_it in done.errors
        for error in of_it
    ]
    files = [
        {
            "file": reading.file,
            "kind": reading.kind,
            "rows": reading.rows,
            "mapping": [{"header": header, "field": field} for header, field in reading.mapping],
        }
        for reading in readings
    ]
    duplicates = [
        {
            "file": twin.file,
            "line": twin.line,
            "title": twin.title,
            "id": twin.id,
            "of": twin.twin,
            "owner": twin.owner,
            "stage": twin.stage,
            "how": twin.how,
        }
        for twin in planned.duplicates
    ]
    new = [
        {
            "name": one.stage.name,
            "theirs": list(staging.theirs(one)),
            "after": one.after,
            "discipline": one.stage.discipline.value,
            "limit": one.stage.limit,
            "probability": one.stage.probability,
        }
        for one in staging.new
    ]
    return {
        "file": ", ".join(reading.file for reading in readings),
        "kind": ", ".join(dict.fromkeys(reading.kind for reading in readings)),
        "files": files,
        "errors": errors,
        "duplicates": duplicates,
        "stages": [
            {"file": met.file, "theirs": met.theirs, "ours": met.ours}
            for met in planned.met
            if not met.guessed
        ],
        "guessed": [
            {"file": met.file, "theirs": met.theirs, "ours": met.ours, "rows": met.rows}
            for met in planned.met
            if met.guessed
        ],
        "new_stages": new,
        "notices": [{"file": file, "message": message} for file, message in noticed(planned)],
    } | {name: getattr(done, name) for name in (*COUNTS, "import_id")}


def _rows(count: int) -> str:
    return f"{count} {'row' if count == 1 else 'rows'}"
