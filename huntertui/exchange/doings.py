"""What other programs call the ways and the results of an activity, in our words.

Sources: the picklists that Salesforce, HubSpot, Pipedrive, Zoho and Close come with.
"""

from __future__ import annotations

import re

from huntertui.exchange.words import key, keys
from huntertui.model.opportunity import Channel
from huntertui.model.touch import Outcome

_CHANNELS = {
    Channel.CALL: (
        "call, calls, phone, telephone, dial, anruf, telefonat, telefon, appel, llamada, ligação, "
        "chiamata, telefoontje"
    ),
    Channel.EMAIL: "email, emails, mail, mails, sequence, courriel, correo",
    Channel.MESSAGE: "message, sms, text, whatsapp, linkedin, chat, nachricht, mensaje, mensagem",
    Channel.MEETING: (
        "meeting, meetings, event, demo, appointment, lunch, video, termin, besprechung, réunion, "
        "rendez-vous, rdv, reunión, reunião, riunione, vergadering, afspraak"
    ),
    Channel.VISIT: "visit, onsite, besuch, visite, visita, bezoek",
    Channel.LETTER: "letter, postcard, brief",
}
_OUTCOMES = {
    Outcome.NO_ANSWER: (
        "no answer, busy, not reached, no response, unanswered, not available, unavailable, missed, "
        "missed call, no reply, unresponsive, attempted, nicht erreicht"
    ),
    Outcome.VOICEMAIL: "left voicemail, left live message, voicemail, left message, left vm, vm, mailbox",
    Outcome.TALKED: "connected, answered, reached, talked, interested, spoke, conversation, erreicht",
    Outcome.MEETING_BOOKED: "meeting booked, meeting scheduled, demo booked, appointment set, booked",
    Outcome.MET: "met",
    Outcome.NO_SHOW: "no show, did not attend, not attended",
    Outcome.CALLBACK: "call back, callback, call back later, call later, requested callback",
    Outcome.NOT_INTERESTED: "not interested, kein interesse",
    Outcome.REPLIED: "replied, reply, response received",
    Outcome.WRONG_NUMBER: "wrong number, bad number, invalid number, number not in service",
}
_DONE = keys(
    "completed, complete, done, closed, held, sent, finished, received, logged, connected, erledigt, "
    "abgeschlossen, terminé, terminée, fait, effectué, completado, completada, hecho, concluído, concluída, "
    "completato, voltooid, gedaan"
)
_OPEN = keys(
    "open, not started, in progress, waiting, waiting on someone else, deferred, scheduled, planned, "
    "overdue, pending, to do, not completed, upcoming, rescheduled, offen, zu erledigen, nicht erledigt, à "
    "faire, en cours, por hacer, pendiente, a fazer, pendente, da fare, te doen"
)
_CANCELLED = keys("cancelled, canceled, failed, abgesagt")
_INBOUND = re.compile("inbound|incoming|received|missed|eingehend", re.IGNORECASE)
_NOTE = frozenset(keys("note, notes, comment, notiz, remarque, nota, notitie"))

_CHANNEL_OF = {word: channel for channel, words in _CHANNELS.items() for word in keys(words)}
_OUTCOME_OF = {word: outcome for outcome, words in _OUTCOMES.items() for word in keys(words)}


def channel_of(text: str) -> Channel | None:
    """The way that a type names, whole or by one of its words, "Follow-up call"; None without any."""
    if (whole := key(text)) in _CHANNEL_OF:
        return _CHANNEL_OF[whole]
    words = re.findall(r"[^\W_]+", text.replace("-mail", "mail"))
    return next((_CHANNEL_OF[key(word)] for word in words if key(word) in _CHANNEL_OF), None)


def outcome_of(text: str) -> Outcome | None:
    """What a result means; None for a word that tells nothing."""
    return _OUTCOME_OF.get(key(text))


def is_note(text: str) -> bool:
    """Whether a type is that of a remark, which nobody did or has to do."""
    return key(text) in _NOTE


def is_inbound(text: str) -> bool:
    """Whether the customer began it."""
    return bool(_INBOUND.search(text))


def is_done(status: str) -> bool | None:
    """Whether a status says that it is over, None when it does not say."""
    word = key(status)
    return True if word in _DONE else False if word in _OPEN else None


def is_cancelled(status: str) -> bool:
    """Whether it will never be done."""
    return key(status) in _CANCELLED
