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
        "contacted, untouched, potential, cold, first touch, neu, offen, offen - nicht kontaktiert, "
        "nouveau, ouvert, nuevo, abierto, novo, aberto, nuovo, aperto, nieuw, новая"
    ),
    "attempting": (
        "attempting, attempted, attempted to contact, attempting to contact, attempt to contact, working, in "
        "progress, contact in future, in bearbeitung, en cours, en curso, em andamento, in behandeling"
    ),
    "contacted": (
        "contacted, contact made, connected, engaged, interested, in contact, working - contacted, "
        "kontaktiert, contacté, contactado, contattato, gecontacteerd"
    ),
    "qualified": (
        "qualified, qualification, qualifying, qualified to buy, needs analysis, needs assessment, needs "
        "defined, discovery, sales qualified lead, marketing qualified lead, pre qualified, open deal, "
        "closed - converted, discovery call, qualifiziert, bedarfsanalyse, qualifié, calificado, "
        "qualificado, qualificato, gekwalificeerd"
    ),
    "nurture": "nurture, nurturing, on hold, bad timing",
    "meeting": (
        "meeting, meeting scheduled, appointment scheduled, demo, demo scheduled, presentation, presentation "
        "scheduled, value proposition, id. decision makers, perception analysis, decision maker bought-in, "
        "termin, termin vereinbart, rendez-vous, rdv, réunion, reunión, reunião, afspraak"
    ),
    "proposal": (
        "proposal, proposal made, proposal sent, proposal/price quote, proposition, quote, quote sent, "
        "offer, angebot, angebot erstellt, angebot gesendet, angebot verschickt, proposition/devis, "
        "proposition faite, proposition envoyée, devis, devis envoyé, offre, propuesta, propuesta hecha, "
        "propuesta enviada, proposta, proposta enviada, proposta inviata, offerta, offerte, offerte "
        "verstuurd"
    ),
    "negotiation": (
        "negotiation, negotiation/review, negotiations started, negotiating, verhandlung, verhandlungen, "
        "verhandlung/prüfung, négociation, négociation/révision, negociación, negociaciones iniciadas, "
        "negociação, trattativa, negoziazione, onderhandeling"
    ),
    "verbal": "verbal, verbal agreement, commit, contract, contract sent",
    "won": (
        "won, closed won, customer, closed - won, signed, gewonnen, geschlossen gewonnen, gagné, gagnée, "
        "fermé gagné, fermée gagnée, ganado, ganada, cierre ganado, cerrada ganada, ganho, fechado ganho, "
        "vinto, chiuso vinto"
    ),
    "lost": (
        "lost, closed lost, closed - lost, disqualified, unqualified, bad fit, not qualified, not "
        "interested, junk lead, lost lead, closed - not converted, closed lost to competition, canceled, "
        "abandoned, dead, verloren, geschlossen verloren, perdu, perdue, fermé perdu, fermée perdue, "
        "perdido, perdida, cierre perdido, cerrada perdida, fechado perdido, perso, chiuso perso"
    ),
}
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {word: stage for stage, words in _STAGES.items() for word in keys(words)}
)
"""How others call a stage (as `key` gives it) -> our stage."""

_PERCENT = re.compile(r"(\d{1,3}) ?%(?:\s*[-–.:)/ ]?\s*(.+))?")  # "90 % - verbal"
_NUMBERED = re.compile(r"(?:stage|phase|step)?\s*(\d{1,2})\s*[-–.:)/ ]\s*(.+)", re.IGNORECASE)
_PIPELINE = re.compile(r"\s*\([^()]*\)$")  # behind the stage in exports of HubSpot
# "Lost - too dear", "Close Lost –> Price": that it has ended is said, and behind it why.
_ENDED = re.compile(r"(?:[^\W\d_]+ ){0,2}(?P<end>won|lost)\b\s*(?:[-–—→>:(,/].*)?", re.IGNORECASE)
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
            stage = self._by_number.get(key(guessed)) or _likely(row, guessed, self._pipeline)
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
        return ended or (LOST if _is_given_up(row) else stage)

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
    found = _PERCENT.fullmatch(word) or _NUMBERED.match(word)
    bare = (found[2] or "") if found else word
    for name in filter(None, map(key, (word, bare, _PIPELINE.sub("", bare)))):
        own = next((stage.name for stage in pipeline.stages if key(stage.name) == name), "")
        ours = STAGE_NAMES.get(name, "")
        if own or ours:
            return own or (ours if ours in CLOSED else fitting(ours, pipeline))
    return found["end"].lower() if (found := _ENDED.fullmatch(bare)) else ""


def _is_given_up(row: Row) -> bool:
    """Whether the row says why it was lost, and that nothing is to come of it."""
    if "lost reason" not in row or "probability" not in row:
        return False
    percent = row.read("probability", values.percent)
    row.spare("probability")
    return percent == 0


def _likely(row: Row, word: str, pipeline: Pipeline) -> str:
    """The farthest stage that is no more likely to be won than the row, or the word for its stage, says; ""
    when neither does."""
    percent = row.read("probability", values.percent)
    row.spare("probability")
    if percent is None and (found := _PERCENT.fullmatch(word)):
        percent = float(found[1])
    if percent is None:
        return ""
    ladder = [stage for stage in pipeline.stages if not stage.side]
    return next((stage.name for stage in reversed(ladder) if stage.probability <= percent), ladder[0].name)
