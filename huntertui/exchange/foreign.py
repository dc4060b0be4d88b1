"""What the stages of files can become: one of ours, or a new one of the team's. For whoever asks people.

`foreign_stages` tells which there are, a `Staging` takes what is said of them, `staged` reads the files so.
What is new has to be in the team's file before anything is written (`NewStage`, huntertui/teamstages.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.exchange import values
from huntertui.exchange.kinds import DOCUMENTS
from huntertui.exchange.readings import Pass, Reading
from huntertui.exchange.rows import BadRow
from huntertui.exchange.stages import Hint, Stages, name_of, number_of
from huntertui.exchange.words import key
from huntertui.model.pipeline import CLOSED, NewStage, Pipeline, Stage, is_stage_name
from huntertui.model.text import did_you_mean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST = 30
"""Stages that may come to be at once: more are no stages, but another column."""

_SHOWN = 40  # characters of a stage of theirs where several are named
_SIDES = ("after", "before")


@dataclass(frozen=True, slots=True)
class ForeignStage:
    """A stage of files, as they write it, and how many `rows` are in it.

    `ours`: the stage of ours that it is, by `hint`; by any other hint than NAME that is a guess, and where
    its rows go. "" where nothing tells: each row then goes by whether anybody was ever in touch. `name`: what
    it would be called as one of the team's, "" where its letters make no name; `probability`: percent, that
    of most of its rows.

    `kept`: it is of an export of our own, whose rows stay in it whoever knows it; `there`: what it is where
    they come from, None where the file does not tell.
    """

    theirs: str
    rows: int
    ours: str
    hint: Hint
    name: str
    probability: int | None
    kept: bool = False
    there: Stage | None = None

    @property
    def known(self) -> bool:
        """Whether it is one of ours, by its name or by what people said."""
        return self.hint is Hint.NAME


def foreign_stages(readings: Iterable[Reading]) -> tuple[ForeignStage, ...]:
    """The stages of files, in their order as far as it shows: by number, probability, first place. Only what
    the reading found is looked at, but for exports of our own, whose items are read."""
    words: dict[str, str] = {}
    hints: defaultdict[str, Counter[tuple[Hint, str]]] = defaultdict(Counter)
    shares: defaultdict[str, Counter[int]] = defaultdict(Counter)
    there: dict[str, Stage] = {}
    kept: set[str] = set()
    for reading in readings:
        there |= {key(stage.name): stage for stage in reading.table.sheet.stages}
        for word, count, ours, hint, share in _told(reading):
            name = key(word)
            words.setdefault(name, word)
            hints[name][hint, ours] += count
            kept |= {name} if reading.kind == DOCUMENTS.name else set()
            if share is not None:
                shares[name][share] += count
    found = []
    for name, word in words.items():
        best = min((hint for hint, _ in hints[name]), key=_HINTS.index)
        ours = max((count, ours) for (hint, ours), count in hints[name].items() if hint is best)[1]
        share = shares[name].most_common(1)[0][0] if shares[name] else None
        known = name in kept, there.get(name)
        found.append(ForeignStage(word, hints[name].total(), ours, best, name_of(word), share, *known))
    return tuple(sorted(found, key=_order))


_HINTS = tuple(Hint)


def _order(stage: ForeignStage) -> tuple[bool, int, bool, int]:
    if stage.there is not None:
        return False, -1, False, 0  # these come in the order of their own pipeline
    number, share = number_of(stage.theirs), stage.probability
    return number is None, number or 0, share is None, share or 0


def _told(reading: Reading) -> Iterator[tuple[str, int, str, Hint, int | None]]:
    """(word, rows, stage of ours, how that is known, probability) of what a file says, in its order."""
    if reading.kind == DOCUMENTS.name:
        yield from _of_documents(reading)
        return
    standings = reading.table.layout.standings
    stages = Stages(standings, reading.policy.pipeline, reading.stages)
    for row, count in standings:
        try:
            ours, hint = stages.told(row)
            share = row.read("probability", values.percent)
        except BadRow:  # which will be rejected
            continue
        if word := row.text("stage") or row.text("status"):
            yield word, count, ours, hint, None if share is None else round(share)


def _of_documents(reading: Reading) -> Iterator[tuple[str, int, str, Hint, int | None]]:
    """The same of an export of our own, whose stages stand behind those of its pipeline that are ours too."""
    over = Pass(reading)
    for _ in over:
        pass
    rows, behind = {met.theirs: met.rows for met in over.met}, ""
    for stage in reading.table.sheet.stages:
        if stage.name in rows:
            hint = Hint.ORDER if behind else Hint.NONE
            yield stage.name, rows.pop(stage.name), behind, hint, stage.probability
        elif stage.name in reading.policy.pipeline:
            behind = stage.name
    yield from ((word, count, "", Hint.NONE, None) for word, count in rows.items())


class Staging:
    """What is said of the stages that were `found`. `given`: theirs -> ours, of those of which something was
    said; `new`: what the team has to get for it, in the order in which to add it; `pipeline`: with that."""

    def __init__(self, found: Sequence[ForeignStage], pipeline: Pipeline) -> None:
        """Nothing is said yet."""
        self.found = tuple(found)
        self._ours = pipeline
        self._say({}, {})

    @property
    def open(self) -> tuple[ForeignStage, ...]:
        """Those that nobody knows, and of which nothing was said."""
        return tuple(stage for stage in self.found if not stage.known and stage.theirs not in self.given)

    def theirs(self, new: NewStage) -> tuple[str, ...]:
        """What the files call a new stage."""
        return tuple(theirs for theirs, ours in self.given.items() if ours == new.stage.name)

    def choices(self, stage: ForeignStage) -> tuple[str, ...]:
        """What `say` takes for one: the name that it would have as a new one first (after +), then those of
        the pipeline, won and lost."""
        new = (f"+{stage.name}",) if stage.name and not _own(stage.name, self.pipeline) else ()
        return (*new, *(one.name for one in self.pipeline.stages), *sorted(CLOSED))

    def say(self, theirs: str, text: str) -> None:
        """Say what one is: a stage of ours, won or lost; or "+" for a new one of the team's, and behind that
        what `keep` takes. Usage."""
        if text.startswith("+"):
            self.keep(theirs, text[1:])
            return
        ours = (*(stage.name for stage in self.pipeline.stages), *sorted(CLOSED))
        if text not in ours:
            raise Usage(f"{theirs!r}: no stage {text!r}: {did_you_mean(text, ours, ', '.join(ours))}")
        word = self._word(theirs)
        kept = {other: said for other, said in self._kept.items() if other != word}
        self._say({**self._said, word: text}, kept)

    def keep(self, theirs: str, said: str = "") -> None:
        """Make one a stage of the team's. `said`: its name, its place, or both, as "legal after proposal";
        what is left out is told by the file. Usage: there is no such stage, or something is left out that
        the file does not tell."""
        self._say(self._said, {**self._kept, self._word(theirs): said})

    def keep_all(self) -> None:
        """Make all that are open stages of the team's. Usage: of the first one of which something is to be
        said before; the others are kept then."""
        faults = []
        for stage in self.open:
            try:
                self.keep(stage.theirs)
            except Usage as fault:
                faults.append(fault)
        if faults:
            raise faults[0]

    def _word(self, theirs: str) -> str:
        """The stage as the files write it; one that they lack may still be one that the team has by now."""
        for stage in self.found:
            if key(stage.theirs) == key(theirs):
                return stage.theirs
        if _own(name_of(theirs), self._ours):
            return theirs
        words = [stage.theirs for stage in self.found]
        some = ", ".join(word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…" for word in words[:MOST])
        meant = did_you_mean(theirs, words, f"there are {some}" if some else "they have none")
        raise Usage(f"{theirs!r}: no file has that stage: {meant}")

    def _say(self, said: Mapping[str, str], kept: Mapping[str, str]) -> None:
        """Add what is `kept` one after the other, in their order; nothing changes when that is a Usage."""
        pipeline, new = self._ours, list[NewStage]()
        given, behind = dict(said), defaultdict[str, list[str]](list)
        found = {stage.theirs: stage for stage in self.found}
        for word in sorted(kept, key=[*found, *kept].index):
            stage = found.get(word) or _unseen(word)
            name, side, beside = _read(stage, kept[word])
            if not (there := _own(name, pipeline)):
                like = None if beside else stage.there
                made = _new(stage, name, side, beside or stage.ours, pipeline, behind, like)
                pipeline, there = pipeline.plus(made), name
                new.append(made)
            given[word] = there
        if len(new) > MOST:
            raise Usage(f"more than {MOST} stages would be new: name those that are meant")
        self._said, self._kept = said, kept
        self.given, self.new, self.pipeline = MappingProxyType(given), tuple(new), pipeline


def staged(readings: Iterable[Reading], staging: Staging) -> list[Reading]:
    """The same files, read as it is said."""
    return [
        replace(
            reading,
            policy=replace(reading.policy, pipeline=staging.pipeline),
            stages={**reading.stages, **staging.given},
        )
        for reading in readings
    ]


def new_name(theirs: str, said: str) -> str:
    """What a stage would be called as one of the team's, with `said` as `Staging.keep` takes it. Usage."""
    return _read(_unseen(theirs), said)[0]


def _unseen(theirs: str) -> ForeignStage:
    return ForeignStage(theirs, 0, "", Hint.NONE, name_of(theirs), None)


def _own(name: str, pipeline: Pipeline) -> str:
    """The stage of ours of that name, however it is written; "" where there is none."""
    return next((stage.name for stage in pipeline.stages if key(stage.name) == key(name)), "")


def _read(stage: ForeignStage, said: str) -> tuple[str, str, str]:
    """(name, side, stage beside it) of a new stage, as "legal after proposal" says it. Usage."""
    words = said.split()
    name = words.pop(0) if words and words[0] not in _SIDES else stage.name
    if not name:
        raise Usage(f"{stage.theirs!r}: its letters make no name: say one, as 'legal after proposal'")
    if not is_stage_name(name):
        raise Usage(f"{stage.theirs!r}: {name!r} is no name for a stage: small letters, digits, - and _")
    if words and (len(words) != 2 or words[0] not in _SIDES):
        raise Usage(f"{stage.theirs!r}: where is {' '.join(words)!r}? say 'after STAGE' or 'before STAGE'")
    side, beside = words or (_SIDES[0], "")
    return name, side, beside


def _new(
    stage: ForeignStage,
    name: str,
    side: str,
    beside: str,
    pipeline: Pipeline,
    behind: defaultdict[str, list[str]],
    like: Stage | None,
) -> NewStage:
    """The stage as one of the team's, beside one that has the discipline and the limit for it, where none is
    given that it is `like`. Several behind the same come in their own order. Usage: it is not known where, or
    there is no such stage."""
    names = [one.name for one in pipeline.stages]
    if not beside or beside in CLOSED:
        raise Usage(f"{stage.theirs!r}: the file does not tell its place: say it, as 'after proposal'")
    if beside not in names:
        raise Usage(f"{stage.theirs!r}: no stage {beside!r}: {did_you_mean(beside, names, ', '.join(names))}")
    place = names.index(beside)
    if side == _SIDES[0]:
        place += 1
        while place < len(names) and names[place] in behind[beside]:
            place += 1
        behind[beside].append(name)
    lower = [one for one in pipeline.stages[:place] if not one.side]
    upper = [one for one in pipeline.stages[place:] if not one.side]
    if like is None and (like := pipeline[beside]).side:
        discipline = like.discipline
        same = [one for one in lower if one.discipline is discipline]
        like = [pipeline.first(discipline), *same][-1]
    share = stage.probability
    if share is None:
        share = ((lower[-1].probability if lower else 0) + (upper[0].probability if upper else 100)) // 2
    return NewStage(
        Stage(name, like.discipline, like.limit, share, like.side), names[place - 1] if place else ""
    )
