"""The words of headers: what a column carries, by the many names that programs and people give it.

Sources: field names of Salesforce's API and reports, of Atomic CRM, and the exports of HubSpot, Pipedrive,
Zoho, Close, Streak, Google, Outlook and LinkedIn, as public programs that read those list them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

Words = dict[str, str]
"""Field -> the headers that carry it, parted by commas, the best first."""

NAMING = frozenset({"title", "company", "person", "people", "first name", "last name", "document"})
MANY = frozenset({"email", "phone", "tags"})
"""Fields of which every column counts."""
DATES = frozenset(
    {"created", "last activity", "close date", "closed on", "next date", "meeting", "when", "due", "done on"}
)


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """A header, or a stage's name, for comparing: letters and digits alone, small and without accents."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", header).casefold()))


def keys(words: str) -> tuple[str, ...]:
    """The keys of words that commas part."""
    return tuple(key(word) for word in words.split(","))


def _numbered(word: str) -> str:
    return "".join(word.format(n) for n in range(1, 10))


PEOPLE: Words = {
    "company": (
        "company, company name, company / account, account name, organization, organisation, organization "
        "name, organisation name, organization 1 name, account, associated company, customer, customer name, "
        "client, employer, firma, kunde, unternehmen, unternehmensname, entreprise, société, empresa, "
        "azienda"
    ),
    "person": (
        "contact, contact name, contact person, person, full name, primary contact, primary contact name, "
        "ansprechpartner, kontakt, kontaktperson"
    ),
    "people": "associated contact, associated contacts, contacts",
    "first name": "first name, given name, primary contact first name, vorname, prénom, nombre, nome",
    "middle name": "middle name, additional name",
    "last name": (
        "last name, family name, surname, primary contact last name, nachname, nom, apellidos, apellido, "
        "cognome"
    ),
    "role": (
        "job title, role, position, organization title, organization 1 title, primary contact title, funktion"
    ),
    "email": (
        "email, email work, work email, email address, primary email, primary contact primary email, mail, "
        "email home, home email, email 2, email 2 address, email 3, email 3 address, email other, other "
        "email, other emails, secondary email, additional email, additional email addresses, primary contact "
        "other emails, emails, email adresse, email 2 adresse, email 3 adresse, courriel, adresse email, "
        "correo electrónico" + _numbered(", email {} value")
    ),
    "phone": (
        "phone, phone number, phone work, work phone, business phone, primary phone, primary contact primary "
        "phone, telephone, tel, telefon, mobile, mobile phone, phone mobile, mobile phone number, cell, cell "
        "phone, handy, mobiltelefon, telefon geschäftlich, business phone 2, phone 2, company main phone, "
        "phone home, home phone, home phone 2, telefon privat, phone other, other phone, other phones, "
        "primary contact other phones, phones, telefonnummer, teléfono, portable, "
        "móvil, cellulare" + _numbered(", phone {} value")
    ),
    "country": (
        "country, country / region, country code, billing country, billing state/province country, mailing "
        "country, business country, business country / region, address 1 country, home country, home country "
        "/ region, address country, land, land / region geschäftlich, pays, país, paese"
    ),
    "owner": (
        "owner, owner name, opportunity owner, deal owner, account owner, contact owner, lead owner, company "
        "owner, lead owner name, potential owner, assigned to, salesperson, sales rep, sales, rep, user "
        "name, hubspot owner, owner id, hubspot owner id, sales id, besitzer, inhaber, zuständig, deal "
        "inhaber, kontaktinhaber, propriétaire, propietario"
    ),
    "tags": "tags, tag, labels, label, categories, group membership, schlagworte, kategorien",
    "notes": "notes, note, note content, description, background, comments, comment, notizen, bemerkung",
    "created": (
        "created, created date, created at, created on, create date, created time, date created, creation "
        "date, add time, date added, first seen, connected on, erstellt, erstellt am, date, erstelldatum, "
        "date de création, fecha de creación"
    ),
    "last activity": (
        "last activity, last activity date, last activity time, last contacted, last contact, last touch, "
        "last seen, date of last email, last email date, last communication date, letzte aktivität, datum "
        "der letzten aktivität"
    ),
    "deleted": "is deleted, deleted",
}
DEALS: Words = {
    "title": (
        "opportunity name, deal name, deal title, potential name, opportunity, deal, project, titel, name "
        "des deals, nom de la transaction"
    ),
    "stage": (
        "stage, stage name, deal stage, opportunity stage, sales stage, pipeline stage, phase, deal phase, "
        "étape, etapa, fase"
    ),
    "closed": "is closed",
    "won": "is won, is closed won",
    "probability": "probability, win probability, confidence",
    "value": (
        "value, amount, deal value, deal amount, opportunity value, wert, betrag, umsatz, montant, importe, "
        "importo"
    ),
    "currency": "currency, currency iso code, amount currency, currency of value, value currency, währung",
    "close date": (
        "close date, closing date, expected close, expected close date, expected closing, expected closing "
        "date, expected date, abschlussdatum, date de clôture, fecha de cierre"
    ),
    "closed on": (
        "closed on, closed date, date closed, actual close date, won time, lost time, date won, date lost"
    ),
    "lost reason": "lost reason, closed lost reason, loss reason, reason for loss",
    "next step": (
        "next step, next steps, opportunity next steps, next action, next activity, next task text, to do, "
        "nächster schritt"
    ),
    "next date": (
        "next date, next step date, next due, next action date, next activity date, next contact, next task "
        "date, follow up, follow up date, due, due date, reminder, wiedervorlage"
    ),
    "next type": "next type, next step type, next activity type",
    "meeting": (
        "meeting, meeting date, next meeting, next meeting date, appointment, appointment date, termin"
    ),
    "priority": "priority, prio",
}
ACTIVITIES: Words = {
    "id": "id, record id, activity id",
    "subject": (
        "subject, title, call title, task title, task name, task subject, meeting name, meeting title, email "
        "subject, topic, betreff"
    ),
    "what": "type, activity type, task type, task subtype, engagement type, activity, channel, art",
    "when": (
        "date, activity date, activity at, activity date time, start date time, start time, start date, "
        "meeting start time, call start time, timestamp, from, date created, create date, created date, "
        "created, created at, add time, created time"
    ),
    "due": "due date, date due, due, due on",
    "done on": (
        "completed, completed date, completed on, completed at, completed time, date completed, done date, "
        "done time, done on, marked as done time, closed time"
    ),
    "done": "done, is closed, is done, is completed, is complete",
    "status": "status, task status, call status, state",
    "outcome": "outcome, call outcome, meeting outcome, result, call result, disposition, call disposition",
    "direction": "direction, call direction, email direction, call type, email send status direction",
    "duration": (
        "duration, call duration, call duration in seconds, call duration seconds, duration seconds, call "
        "duration hhmmss"
    ),
    "text": (
        "note, notes, text, description, body, comments, full comments, call notes, call description, "
        "meeting description, internal meeting notes, note body, body preview, email body, task notes, "
        "content, details, public description"
    ),
    "owner": (
        "assigned to, assigned to user, assigned, owner, activity assigned to, activity owner, task owner, "
        "call owner, event owner, host, user, user name, created by, owner id, user id, sales id"
    ),
    "deal": (
        "deal, deal title, deal name, opportunity, opportunity name, potential name, associated deal, "
        "related to"
    ),
    "company": (
        "organization, organisation, company, company / account, company name, account, account name, "
        "associated company, organization name, customer name, lead name"
    ),
    "person": "contact, contact person, contact name, person, person name, associated contact, lead",
    "email": "email, email address, contact email, person email",
    "phone": "phone, phone number, contact phone, person phone, to number",
}
