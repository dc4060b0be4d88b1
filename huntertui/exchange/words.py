"""The words of headers: what a column carries, by the many names that programs and people give it in English;
`tongues` has those of other languages.

Sources: field names of Salesforce's API and reports, of Atomic CRM, and the exports of HubSpot, Pipedrive,
Zoho, Close, Streak, Google, Outlook and LinkedIn, as public programs that read those list them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

Words = dict[str, str]
"""Field -> the headers that carry it, parted by commas, the best first."""

NAMING = frozenset({"title", "company", "person", "people", "first name", "last name", "document"})
BETWEEN = " ::: "
"""Between several values of one cell, as Google has it: no part of any number, address or tag."""
MANY = frozenset({"email", "phone", "tags"})
"""Fields of which every column counts."""
DATES = frozenset(
    {"created", "last activity", "close date", "closed on", "next date", "meeting", "when", "due", "done on"}
    | {"first close", "parked until", "revisit"}
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
        "company, company name, company / account, org name, org id name, account name, organization, "
        "organisation, organisation / person, organization name, organisation name, organization "
        "1 name, account, associated "
        "company, customer, customer name, client, employer, accounts, account / company, party, potential "
        "customer, linked organization, primary associated company, business name, primary company"
    ),
    "person": (
        "contact, contact name, contact person, person, person id name, full name, primary contact, primary "
        "contact name, linked contact, contact full name, primary person, main contact"
    ),
    "people": (
        "associated contact, associated contacts, associated people, contacts, related contacts, "
        "contacts names"
    ),
    "first name": "first name, given name, primary contact first name",
    "middle name": "middle name, additional name",
    "last name": "last name, family name, surname, primary contact last name",
    "role": ("job title, role, position, organization title, organization 1 title, primary contact title"),
    "email": (
        "email, person id email, email work, work email, email address, primary email, primary contact "
        "primary email, mail, email home, home email, email 2, email 2 address, email 3, email 3 address, "
        "email other, other email, other emails, secondary email, additional email, additional email "
        "addresses, primary contact other emails, emails, personal email, email address 2, email address "
        "3, tertiary email, email 1, contact email, email addresses, additional emails"
        + _numbered(", email {} value")
    ),
    "phone": (
        "phone, person id phone, phone number, phone work, work phone, business phone, primary phone, "
        "primary contact primary phone, telephone, tel, mobile, mobile phone, phone mobile, mobile phone "
        "number, cell, cell phone, business phone 2, phone 2, company main phone, phone home, home phone, "
        "home phone 2, phone other, other phone, other phones, primary contact other phones, phones, work, "
        "office phone, phone office, direct phone, work direct phone, first phone, corporate phone, "
        "company phone, mobile number, contact number, phone 1, phone 3, contact phone, whatsapp, phone "
        "numbers, additional phones, direct phone number, company hq phone" + _numbered(", phone {} value")
    ),
    "country": (
        "country, country / region, country code, billing country, billing state/province "
        "country, mailing country, business country, business country / region, address 1 "
        "country, home country, home country / region, address country, mail country, primary "
        "address country, country of address, company country"
    ),
    "owner": (
        "owner, owner name, opportunity owner, deal owner, account owner, contact owner, lead "
        "owner, company owner, lead owner name, potential owner, assigned to, salesperson, sales "
        "rep, sales, rep, user name, hubspot owner, owner id, hubspot owner id, sales id, sales "
        "owner, user responsible, responsible, responsible user, assigned user name, assigned "
        "user, account manager, deal manager, manager id, assignee, assigned, owned by"
    ),
    "tags": "tags, tag, labels, label, categories, group membership",
    "notes": (
        "notes, note, note content, description, background, background info, comments, comment, details"
    ),
    "created": (
        "created, created date, created at, created on, create date, created time, date created, "
        "creation date, add time, date added, first seen, connected on, date, date entered, "
        "creation time, date of creation, added on"
    ),
    "last activity": (
        "last activity, last activity date, last activity time, last contacted, last contact, "
        "last touch, last seen, date of last email, last email date, last communication date, "
        "last contacted time, date of last activity, last interaction, last contact date, notes "
        "last contacted, last communication, last activity at"
    ),
    "deleted": "is deleted, deleted",
    "no email": (
        "unsubscribed from all email, email opt out, has opted out of email, email opted out, opted out of "
        "email, do not email, unsubscribed, unsub time"
    ),
    "no calls": "do not call, phone opt out, do not disturb",
    "subscription": "subscription status, marketing status, email subscription status",
    "opted out": "do not contact, opt out, opted out",
}
DEALS: Words = {
    "title": (
        "opportunity name, deal name, deal title, potential name, opportunity, deal, project, "
        "topic, opportunity title"
    ),
    "stage": (
        "stage, stage name, deal stage, opportunity stage, sales stage, pipeline stage, phase, "
        "deal phase, milestone, current stage, pipeline phase, pipeline current stage, stage id"
    ),
    "closed": "is closed, hs is closed",
    "won": "is won, is closed won, hs is closed won",
    "probability": "probability, win probability, confidence, close probability, deal probability, chance",
    "value": (
        "value, amount, deal value, deal amount, opportunity value, opportunity amount, estimated "
        "value, est revenue, est value, deal size, bid amount, expected amount, contract value, "
        "total value, lead "
        "value"
    ),
    "expected value": "expected revenue",
    "currency": (
        "currency, currency iso code, amount currency, currency of value, value currency, deal "
        "currency, deal currency code, bid currency"
    ),
    "close date": (
        "close date, closing date, expected close, expected close date, expected closing, "
        "expected closing date, expected date, est close date, estimated close date, forecast "
        "close date, projected close date, target close date, estimated closing date"
    ),
    "closed on": (
        "closed on, closed date, date closed, actual close date, won time, lost time, date won, "
        "date lost, closed at, closed time, closed on date"
    ),
    "lost reason": (
        "lost reason, closed lost reason, loss reason, reason for loss, lost reasons, reason lost, "
        "lost reason name"
    ),
    "next step": (
        "next step, next steps, opportunity next steps, next action, next activity, next task "
        "text, to do, hs next step, next activity summary, next activity subject"
    ),
    "next date": (
        "next date, next step date, next due, next action date, next activity date, next contact, "
        "next task date, follow up, follow up date, due, due date, reminder, next activity "
        "deadline, next follow up, next follow up date, next contact date, reminder date, "
        "callback date"
    ),
    "next type": "next type, next step type, next activity type",
    "meeting": "meeting, meeting date, next meeting, next meeting date, appointment, appointment date",
    "priority": "priority, prio",
}
ACTIVITIES: Words = {
    "deleted": "is deleted, deleted",
    "id": "id, record id, activity id",
    "subject": (
        "subject, title, call title, task title, task name, task subject, meeting name, meeting "
        "title, email subject, topic"
    ),
    "what": "type, activity type, task type, task subtype, engagement type, activity, channel",
    "when": (
        "date, activity date, activity at, activity date time, start date time, start time, start "
        "date, meeting start time, call start time, timestamp, from, date created, create date, "
        "created date, created, created at, add time, created time"
    ),
    "due": "due date, date due, due, due on",
    "due time": "due time, time, activity time, call time, meeting time",
    "done on": (
        "completed, completed date, completed on, completed at, completed time, date completed, "
        "done date, done time, done on, marked as done time, closed time"
    ),
    "done": "done, is closed, is done, is completed, is complete",
    "status": "status, task status, call status, state",
    "outcome": ("outcome, call outcome, meeting outcome, result, call result, disposition, call disposition"),
    "direction": "direction, call direction, email direction, call type, email send status direction",
    "duration": (
        "duration, call duration, call duration in seconds, call duration seconds, duration "
        "seconds, call duration hhmmss"
    ),
    "text": (
        "note, notes, text, description, body, comments, full comments, call notes, call "
        "description, meeting description, internal meeting notes, note body, body preview, email "
        "body, task notes, content, details, public description"
    ),
    "owner": (
        "assigned to, assigned to user, assigned, owner, activity assigned to, activity owner, "
        "task owner, call owner, event owner, host, user, user name, created by, owner id, user "
        "id, sales id"
    ),
    "deal": (
        "deal, deal title, deal name, opportunity, opportunity name, potential name, associated "
        "deal, related to"
    ),
    "company": (
        "organization, organisation, company, company / account, company name, account, account "
        "name, associated company, organization name, customer name, lead name"
    ),
    "person": "contact, contact person, contact name, person, person name, associated contact, lead",
    "email": "email, email address, contact email, person email",
    "phone": "phone, phone number, contact phone, person phone, to number",
}
