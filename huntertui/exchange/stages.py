"""Which of our stages a row stands in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from huntertui.exchange import values
from huntertui.exchange.words import Words, key, keys
from huntertui.model.pipeline import CLOSED, LOST, STAGES, WON, Discipline, Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huntertui.exchange.rows import Row
    from huntertui.exchange.standings import Standings

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
        "qualified, qualify, develop, qualification, qualifying, qualified to buy, needs "
        "analysis, needs assessment, needs "
        "defined, discovery, sales qualified lead, marketing qualified lead, pre qualified, open deal, "
        "closed - converted, discovery call, qualifiziert, bedarfsanalyse, qualifié, calificado, "
        "qualificado, qualificato, gekwalificeerd, qualifiziert zum kauf, qualifié pour l'achat, calificado "
        "para comprar, qualificado para comprar"
    ),
    "nurture": "nurture, nurturing, on hold, bad timing",
    "meeting": (
        "meeting, meeting scheduled, appointment scheduled, demo, demo scheduled, presentation, presentation "
        "scheduled, value proposition, id. decision makers, perception analysis, decision maker bought-in, "
        "termin, termin vereinbart, termin geplant, präsentation geplant, rendez-vous, rendez-vous planifié, "
        "présentation planifiée, rdv, réunion, reunión, cita programada, presentación programada, reunião, "
        "reunião agendada, apresentação agendada, afspraak"
    ),
    "proposal": (
        "proposal, propose, proposal made, proposal sent, proposal/price quote, proposition, "
        "quote, quote sent, "
        "offer, angebot, angebot erstellt, angebot gesendet, angebot verschickt, proposition/devis, "
        "proposition faite, proposition envoyée, devis, devis envoyé, offre, propuesta, propuesta hecha, "
        "propuesta enviada, proposta, proposta enviada, proposta inviata, offerta, offerte, offerte "
        "verstuurd"
    ),
    "negotiation": (
        "negotiation, negotiation/review, negotiations started, negotiating, verhandlung, verhandlungen, "
        "verhandlung/prüfung, verhandlung/überprüfung, négociation, négociation/révision, "
        "negociación, negociaciones iniciadas, "
        "negociação, trattativa, negoziazione, onderhandeling"
    ),
    "verbal": (
        "verbal, verbal agreement, commit, contract, contract sent, vertrag gesendet, vertrag verschickt, "
        "contrat envoyé, contrato enviado"
    ),
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
# And in other languages, wherever it stands: "Abgeschlossen und gewonnen", "Fermé - perdu".
_ENDED_ABROAD = {
    WON: re.compile(r"\b(?:gewonnen|gagnée?s?|ganad[oa]s?|ganh[oa]s?|vint[oa]|успешн\w*)\b"),
    LOST: re.compile(r"\b(?:verloren|perdue?s?|perdid[oa]s?|pers[oa]|провал\w*|не реализован\w*)\b"),
}
_NOT = re.compile(r"\b(?:not?|nicht|noch|non|pas|não|niet)\b")
_OPEN = frozenset(
    keys("open, active, offen, aktiv, ouvert, ouverte, abierto, abierta, aberto, aberta, aperto")
)
_DISCIPLINES = {stage.name: stage.discipline for stage in STAGES}
_IN_ORDER = 3  # stages that a file must have in our order before its order counts: two are so by chance
_LONGEST = 31  # letters of a stage's name, as the team's file takes it
_LATIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


class Hint(StrEnum):
    """By what it is known which stage of ours one of theirs is, or stands behind."""

    NAME = "its name"
    NUMBER = "its number"
    PROBABILITY = "its probability"
    ORDER = "the order of the file"
    NONE = ""


class Standing(NamedTuple):
    """The stage of a row, the word that it has for it, "" for none, and whether nobody knows that."""

    stage: str
    word: str
    guessed: bool


class Stages:
    """Which stage a row of a file stands in. `met` counts (its word, our stage); `guessed` the same where
    nobody knows it."""

    def __init__(self, standings: Standings, pipeline: Pipeline, given: Mapping[str, str]) -> None:
        """`standings`: what all rows say; `given`: what people say, their word -> our stage."""
        self.met: Counter[tuple[str, str]] = Counter()
        self.guessed: Counter[tuple[str, str]] = Counter()
        self._pipeline = pipeline
        self._given = {key(word): stage for word, stage in given.items()}
        self._names: dict[str, str] = {"": ""}
        words = (row.text("stage") or row.text("status") for row, _ in standings)
        named = {word: self._named(word) for word in words}
        ladder = [stage.name for stage in pipeline.stages if not stage.side]
        self._by_number = _by_number(named, ladder)
        self._by_order = _by_order(named, ladder)

    def of(self, row: Row, touched: bool) -> Standing:
        """The stage, as `told` has it, else by whether it was ever touched. The word is kept in `extra`
        unless it is ours."""
        word, status = row.text("stage"), row.text("status")
        stage, hint = self.told(row)
        row.spare("stage", "status", "probability")
        guessed = hint is not Hint.NAME and bool(word or status)
        stage = stage or fitting("contacted" if guessed and touched else "new", self._pipeline)
        for field, text in (("stage", word), ("status", status)):
            if key(text) == key(stage):
                row.text(field)
        return Standing(stage, word or status, guessed)

    def count(self, standing: Standing, rows: int) -> None:
        """So many more rows stand there."""
        if standing.word:
            self.met[standing.word, standing.stage] += rows
            if standing.guessed:
                self.guessed[standing.word, standing.stage] += rows

    def told(self, row: Row) -> tuple[str, Hint]:
        """The stage that a row says, "" for none, and by what. The flags closed and won decide, then what
        people say and the stage's name, its number among the others, its probability, its place in a file
        that has them in order."""
        word, status = row.text("stage"), row.text("status")
        stage, guessed = self._known(row, word, status), key(word or status)
        if stage and not (guessed in _OPEN and stage not in CLOSED and "probability" in row):
            return stage, Hint.NAME  # that it is open says little where something else says how likely it is
        if not guessed:
            return "", Hint.NONE
        if found := self._by_number.get(guessed, ""):
            return found, Hint.NUMBER
        if found := _likely(row, word or status, self._pipeline):
            return found, Hint.PROBABILITY
        if stage:
            return stage, Hint.NAME
        stage = self._by_order.get(guessed, "")
        return stage, Hint.ORDER if stage else Hint.NONE

    def _known(self, row: Row, word: str, status: str) -> str:
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


def number_of(word: str) -> int | None:
    """The number in front of a stage's name, which is no share of a hundred."""
    found = None if _PERCENT.fullmatch(word) else _NUMBERED.match(word)
    return int(found[1]) if found else None


def _bare(word: str) -> str:
    """A stage's name without the number, or the share of a hundred, in front of it."""
    found = _PERCENT.fullmatch(word) or _NUMBERED.match(word)
    return found[2] or "" if found else word


def name_of(word: str) -> str:
    """What a stage of theirs is called as one of the team's: "legal-check" of "3 - Legal check". "" where
    its letters make no name."""
    plain = unicodedata.normalize("NFKD", _PIPELINE.sub("", _bare(word)).casefold().translate(_LATIN))
    if any(char.isalnum() and not char.isascii() for char in plain):
        return ""
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    name = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")[:_LONGEST].strip("-")
    return name if name not in CLOSED else ""


def _by_number(known: Mapping[str, str], ladder: Sequence[str]) -> dict[str, str]:
    """Where words such as "2 - Legal check" stand on our ladder by their numbers: between those that are
    `known` (word -> our stage, "" for none), as far as these come in our order, else all along it."""
    numbers = {word: n for word in known if known[word] not in CLOSED and (n := number_of(word)) is not None}
    first, last = min(numbers.values(), default=0), max(numbers.values(), default=0)
    if first == last:
        return {}
    ends = {first: 0, last: len(ladder) - 1}
    there = {n: ladder.index(known[word]) for word, n in numbers.items() if known[word] in ladder}
    points = sorted((ends | there).items())
    if any(a > b for (_, a), (_, b) in pairwise(points)):
        points, there = sorted(ends.items()), {}
    found = {}
    for word, n in numbers.items():
        low, below = max(point for point in points if point[0] <= n)
        high, above = min(point for point in points if point[0] >= n)
        place = below if low == high else round(below + (n - low) * (above - below) / (high - low))
        if high in there and n < high:
            place = max(below, min(place, above - 1))
        found[key(word)] = ladder[place]
    return found


def _by_order(known: Mapping[str, str], ladder: Sequence[str]) -> dict[str, str]:
    """Where words stand by the order in which they first come: behind the one before, in a file whose known
    stages come in our order, or in that order backwards."""
    for words in (list(known), list(known)[::-1]):
        places = [ladder.index(known[word]) for word in words if known[word] in ladder]
        if len(set(places)) < _IN_ORDER or places != sorted(places):
            continue
        found, last = {}, ladder[0]
        for word in words:
            last = known[word] if known[word] in ladder else last
            found[key(word)] = last
        return found
    return {}


def left_from(stage: str, pipeline: Pipeline) -> str:
    """The stage that something closed most likely was closed in: its file does not tell."""
    return pipeline.last(Discipline.CLOSING if stage == WON else Discipline.FOLLOWING_UP).name


def fitting(stage: str, pipeline: Pipeline) -> str:
    """A stage of ours, or where the team has none of that name the first of its discipline."""
    return stage if stage in pipeline else pipeline.first(_DISCIPLINES[stage]).name


def _named(word: str, pipeline: Pipeline) -> str:
    """The stage of that name, the team's own names first; "" when nobody knows it."""
    bare = _bare(word)
    for name in filter(None, map(key, (word, bare, _PIPELINE.sub("", bare), name_of(word)))):
        own = next((stage.name for stage in pipeline.stages if key(stage.name) == name), "")
        ours = STAGE_NAMES.get(name, "")
        if own or ours:
            return own or (ours if ours in CLOSED else fitting(ours, pipeline))
    if found := _ENDED.fullmatch(bare):
        return found["end"].lower()
    said = bare.casefold()
    ends = [] if _NOT.search(said) else [end for end, word in _ENDED_ABROAD.items() if word.search(said)]
    return ends[0] if len(ends) == 1 else ""


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
