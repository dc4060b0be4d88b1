"""What other programs call a priority, and why a deal was lost, in our words.

Sources: the picklists that Salesforce, HubSpot and Zoho come with, and the same words in other languages.
"""

from __future__ import annotations

from huntertui.exchange.words import key, keys
from huntertui.model.opportunity import LOST_REASONS, Priority

_PRIORITIES = {
    Priority.URGENT: (
        "urgent, critical, highest, very high, dringend, sehr hoch, kritisch, critique, très haute, "
        "urgente, crítica, crítico, muy alta, muito alta, molto alta, zeer hoog"
    ),
    Priority.HIGH: "high, hot, hoch, haute, élevée, élevé, alta, alto, hoog",
    Priority.NORMAL: (
        "normal, medium, moderate, warm, mittel, moyenne, moyen, normale, media, medio, média, médio, "
        "gemiddeld"
    ),
    Priority.LOW: (
        "low, lowest, very low, cold, niedrig, gering, basse, faible, baja, bajo, baixa, baixo, bassa, laag"
    ),
}
_REASONS = {
    "p": (
        "price, pricing, cost, too expensive, preis, zu teuer, prix, trop cher, precio, preço, prezzo, "
        "prijs, te duur"
    ),
    "t": "timing, bad timing, wrong time, not now, zeitpunkt, falscher zeitpunkt",
    "c": (
        "competitor, competition, lost to competitor, chose competitor, went with competitor, wettbewerb, "
        "wettbewerber, konkurrenz, mitbewerber, concurrent, concurrence, competencia, competidor, "
        "concorrente, concorrência, concorrenza, concurrentie"
    ),
    "n": (
        "no budget, budget, no budget / lost funding, lack of budget, kein budget, pas de budget, "
        "sin presupuesto, sem orçamento, nessun budget, geen budget"
    ),
    "g": (
        "ghosted, no response, no decision / non-responsive, unresponsive, non-responsive, no answer, "
        "went dark, keine antwort, keine rückmeldung, pas de réponse, sin respuesta, sem resposta, "
        "geen reactie"
    ),
    "i": (
        "not interested, no interest, kein interesse, pas intéressé, pas d'intérêt, sin interés, "
        "sem interesse, non interessato, geen interesse"
    ),
    "o": "other, sonstiges, andere, anderes, autre, otro, outro, altro, anders, overig",
}
_PRIORITY_OF = {word: priority for priority, words in _PRIORITIES.items() for word in keys(words)}
_REASON_OF = {word: LOST_REASONS[letter] for letter, words in _REASONS.items() for word in keys(words)}


def priority_of(text: str) -> Priority | None:
    """The priority of that name, which a number may stand before, "1 - High"; None for any other."""
    return _PRIORITY_OF.get(key(text).lstrip("0123456789"))


def reason_of(text: str) -> str:
    """Why it was lost, one of `LOST_REASONS`; "" for what is none of them."""
    return _REASON_OF.get(key(text), "")
