"""The words of headers in German, French, Spanish, Portuguese, Italian and Dutch, and the main ones of more
languages. Each stands for an English one of `words` and `kinds`.

Sources: the exports of HubSpot, Pipedrive, Salesforce, Zoho, Outlook and LinkedIn in these languages, as
public programs that read those list them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huntertui.exchange.words import key, keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntertui.exchange.words import Words

# Of what program's export the words are matters little; what part of "Deal - Titel" they stand in does not.
_THINGS: Words = {
    "deal": "affaire, transaction, negócio, trato, affare, trattativa, abschluss, сделка",
    "opportunity": "verkaufschance, opportunité, oportunidad, oportunidade, opportunità, verkoopkans",
    "person": "personne, persona, pessoa, persoon",
    "organization": "organisation, organización, organização, organizzazione, organisatie",
    "activity": "aktivität, activité, actividad, atividade, attività, activiteit",
    "contact": "kontakt, contacto, contato, contatto, contactpersoon, контакт",
    "account": "konto, compte, cuenta, conta",
    "company": (
        "firma, unternehmen, kunde, entreprise, société, client, empresa, cliente, azienda, società, "
        "bedrijf, bedrijfsnaam, klant, företag, kund, firmanavn, virksomhed, bedrift, компания, клиент, "
        "会社, 公司, 회사"
    ),
    "company name": (
        "unternehmensname, name des unternehmens, firmenname, nom de l'entreprise, nom de la société, "
        "nombre de la empresa, nome da empresa, nome azienda, ragione sociale, razón social, nazwa firmy, "
        "会社名, 公司名称, 회사명"
    ),
    "associated company": (
        "zugehöriges unternehmen, zugeordnetes unternehmen, entreprise associée, empresa asociada, "
        "empresa associada, azienda associata"
    ),
    "associated contact": (
        "zugehöriger kontakt, zugeordneter kontakt, contact associé, contacto asociado, contato associado, "
        "contatto associato"
    ),
    "company account": "firma account, société compte, compañía cuenta, empresa conta",
    "account name": "accountname, kontoname, nom du compte, nombre de la cuenta, nome da conta, nome account",
    "contact name": "kontaktname, nom du contact, nombre del contacto, nome do contato",
    "primary contact": "основной контакт",
    "work email": "рабочий email",
    "contact person": (
        "kontaktperson, ansprechpartner, personne à contacter, interlocuteur, persona de contacto, pessoa "
        "de contato, pessoa de contacto, persona di contatto, referente, "
        "kontaktpersonen, 担当者, 联系人, 담당자"
    ),
}
_PEOPLE: Words = {
    "name": "nom, nombre, nome, naam, namn, navn, nazwa, 氏名, 名前, お名前, 姓名, 이름",
    "full name": (
        "vollständiger name, nom complet, nombre completo, nome completo, volledige naam, имя и фамилия"
    ),
    "first name": "vorname, prénom, primeiro nome, voornaam, förnamn, fornavn, imię, jméno, имя, 名",
    "middle name": (
        "weitere vornamen, zweiter vorname, deuxième prénom, segundo nombre, segundo nome, отчество"
    ),
    "last name": (
        "nachname, familienname, nom de famille, apellidos, apellido, cognome, sobrenome, apelido, "
        "achternaam, familienaam, efternamn, etternavn, efternavn, nazwisko, příjmení, фамилия, 姓"
    ),
    "job title": (
        "役職, 职位, 職稱, 직책, "
        "position, funktion, jobbezeichnung, berufsbezeichnung, poste, fonction, intitulé du poste, cargo, "
        "puesto, puesto de trabajo, posizione, qualifica, functie, stilling, должность"
    ),
    "email": (
        "mailadresse, adresse email, courriel, correo, correo electrónico, emailadres, e-postadress, "
        "e-postadresse, почта, メール, 邮箱, 电子邮件, 이메일"
    ),
    "email address": (
        "email adresse, メールアドレス, adresse de messagerie, "
        "dirección de correo electrónico, endereço de email, "
        "indirizzo email, indirizzo di posta elettronica"
    ),
    "email 2 address": (
        "email 2 adresse, adresse de messagerie 2, dirección del correo electrónico 2, e-mailadres 2"
    ),
    "email 3 address": (
        "email 3 adresse, adresse de messagerie 3, dirección del correo electrónico 3, e-mailadres 3"
    ),
    "mobile": (
        "mobil, handy, mobiltelefon, portable, tél mobile, celular, telemóvel, móvil, cellulare, gsm, "
        "мобильный"
    ),
    "phone": (
        "telefon, festnetz, durchwahl, рабочий телефон, téléphone, teléfono, telefone, telefoon, "
        "телефон, 電話, 电话, 手机, 전화"
    ),
    "phone number": (
        "telefonnummer, numéro de téléphone, número de teléfono, número de telefone, numero di telefono, "
        "telefoonnummer, 電話番号, 전화번호"
    ),
    "mobile phone": "téléphone mobile, teléfono móvil, telefone celular, telefono cellulare",
    "mobile phone number": "mobiltelefonnummer, numéro de portable, numéro de téléphone mobile",
    "business phone": (
        "telefon geschäftlich, téléphone bureau, teléfono del trabajo, telefone comercial, telefono ufficio"
    ),
    "business phone 2": "telefon geschäftlich 2, téléphone 2 bureau, teléfono del trabajo 2",
    "home phone": "telefon privat, téléphone domicile, teléfono particular",
    "home phone 2": "telefon privat 2, téléphone 2 domicile",
    "company main phone": "telefon firma, haupttelefon, téléphone société",
    "country": "land, pays, país, paese, страна, kraj",
    "country / region": "land / region, pays / région, país / región, país / região",
    "business country / region": (
        "land / region geschäftlich, pays / région bureau, país o región del trabajo"
    ),
    "owner": (
        "besitzer, inhaber, zuständig, verantwortlich, verantwortlicher, betreuer, propriétaire, "
        "responsable, commercial, propietario, proprietário, responsável, vendedor, responsabile, "
        "eigenaar, verantwoordelijke, ägare, ansvarig, ответственный, vertriebsmitarbeiter, "
        "vertriebsbeauftragter, vertriebler"
    ),
    "deal owner": (
        "deal inhaber, für deal zuständiger mitarbeiter, zuständiger mitarbeiter für deal, "
        "propriétaire de la transaction, "
        "propietario del negocio, proprietário do negócio"
    ),
    "contact owner": (
        "kontaktinhaber, für kontakt zuständiger mitarbeiter, zuständiger mitarbeiter für kontakt, "
        "propriétaire du contact, "
        "propietario del contacto, proprietário do contato"
    ),
    "company owner": (
        "unternehmensinhaber, für unternehmen zuständiger mitarbeiter, zuständiger mitarbeiter für "
        "unternehmen, propriétaire de l'entreprise, "
        "propietario de la empresa, proprietário da empresa"
    ),
    "opportunity owner": (
        "opportunity inhaber, inhaber der opportunity, propriétaire de l'opportunité, propietario"
        " de la oportunidad, "
        "proprietário da oportunidade, titolare opportunità"
    ),
    "account owner": "accountinhaber, kontoinhaber, propriétaire du compte, propietario de la cuenta",
    "lead owner": "lead inhaber, propriétaire de la piste, propietario del candidato, proprietário do lead",
    "tags": "теги, теги сделки, schlagworte, kategorien, catégories, categorías, etiquetas, étiquettes",
    "label": "étiquette, etiqueta, etichetta",
    "notes": (
        "notizen, 備考, メモ, 备注, 비고, notities, notas, opmerkingen, osservazioni, "
        "observaciones, observações"
    ),
    "note": (
        "notiz, nota, notitie, bemerkung, bemerkungen, remarque, remarques, kommentar, commentaire, "
        "комментарий"
    ),
    "description": "beschreibung, descripción, descrição, descrizione, omschrijving, описание",
    "created": "erstellt, créé, creado, criado, aangemaakt, skapad",
    "created on": "erstellt am, créé le, aangemaakt op, toegevoegd op",
    "create date": (
        "erstelldatum, erstellungsdatum, erstellungszeitpunkt, angelegt am, date de création, "
        "fecha de creación, data de criação, data di creazione, datum van aanmaak, дата создания"
    ),
    "date": "datum, fecha, дата",
    "connected on": "verbunden am, connexion le, conectado el, conectado em, conectou em, verbonden op",
    "last activity date": (
        "letzte aktivität, datum der letzten aktivität, date de la dernière activité, "
        "fecha de última actividad, fecha de la última actividad, data da última atividade, "
        "datum laatste activiteit"
    ),
    "last contacted": (
        "letzter kontakt, letzter kontakt am, zuletzt kontaktiert, dernier contact, último "
        "contacto, último contato, laatste contact"
    ),
    "record id": (
        "datensatz id, id de registro, id do registro, id de l'enregistrement, "
        "identifiant de l'enregistrement, id del record, id de fiche d'informations"
    ),
    "lead id": "lead identifikation",
    "lead status": "leadstatus, statut du lead, estado del lead, status do lead, stato del lead",
    "lead source": "lead quelle, origine du prospect, origen del candidato",
    "lifecycle stage": "lifecycle phase, phase du cycle de vie, etapa del ciclo de vida",
    "type": "typ, tipo, art",
}
_DEALS: Words = {
    "title": "titel, titre, título, titolo, bezeichnung, название",
    "deal name": (
        "name des deals, nom de la transaction, nom de l'affaire, nombre del negocio, "
        "nombre del trato, nome do negócio, nome trattativa, название сделки"
    ),
    "potential name": "abschlussname",
    "potential owner": "abschlussinhaber",
    "opportunity name": (
        "name der opportunity, nom de l'opportunité, nombre de la oportunidad, nome da oportunidade, nome "
        "opportunità"
    ),
    "stage": "phase, verkaufsphase, vertriebsphase, étape, etapa, fase, стадия, этап, этап сделки",
    "deal stage": (
        "deal phase, phase de la transaction, étape de la transaction, etapa del negocio, etapa do negócio, "
        "стадия сделки"
    ),
    "status": "statut, estado, situação, stato, статус",
    "probability": (
        "wahrscheinlichkeit, probabilité, probabilidad, probabilidade, probabilità, kans, вероятность"
    ),
    "value": "wert, valeur, valor, valore, waarde",
    "amount": (
        "betrag, umsatz, angebotswert, angebotssumme, auftragswert, auftragsvolumen, volumen, "
        "бюджет, montant, importe, cantidad, importo, bedrag, belopp, beløb, сумма, kwota, 金額, "
        "金额, 금액"
    ),
    "currency": "währung, devise, monnaie, moneda, moeda, valuta, munt, валюта",
    "currency of value": (
        "währung des werts, währung von wert, devise de la valeur, moneda del valor, moeda do valor"
    ),
    "amount currency": (
        "betrag währung, währung betrag, montant devise, devise du montant, importe divisa, divisa del "
        "importe, importo valuta, valor moeda"
    ),
    "close date": (
        "дата завершения, дата закрытия, abschlussdatum, schlusstermin, abschlusstermin, date de "
        "clôture, date de fermeture, fecha de "
        "cierre, data de fechamento, data di chiusura, sluitingsdatum"
    ),
    "expected close date": (
        "erwartetes abschlussdatum, voraussichtliches abschlussdatum, date de clôture prévue, "
        "date de clôture attendue, fecha de cierre prevista, fecha de cierre esperada, "
        "data de fechamento esperada, data prevista de fechamento, data di chiusura prevista, "
        "geschatte sluitingsdatum, verwachte sluitingsdatum, предполагаемая дата закрытия"
    ),
    "won time": (
        "datum des gewonnenen deals, gewonnen am, date de gain, ganho em, data de ganho, fecha de ganado"
    ),
    "lost time": (
        "datum des verlorenen deals, verloren am, heure de l'échec, date de perte, data de perda, "
        "fecha de pérdida"
    ),
    "closed on": (
        "abgeschlossen am, geschlossen am, deal abgeschlossen am, affaire clôturée le, negócio fechado em, "
        "trato cerrado el"
    ),
    "deal created": "deal erstellt, deal erstellt am, affaire créée, trato creado, negócio criado em",
    "person created": "person erstellt, person erstellt am, personne créée, persona creada, pessoa criada em",
    "lost reason": (
        "verlustgrund, grund für verlust, grund für verlorenen deal, raison de perte, raison de "
        "la perte, motif de perte, "
        "motivo de pérdida, motivo de la pérdida, motivo da perda, motivo della perdita, "
        "reden van verlies, reden verlies"
    ),
    "next step": (
        "nächster schritt, étape suivante, prochaine étape, próximo paso, próxima etapa, passo successivo, "
        "volgende stap"
    ),
    "next activity": "nächste aktivität, prochaine activité, próxima actividad, próxima atividade",
    "next activity date": (
        "datum nächste aktivität, datum der nächsten aktivität, date de la prochaine activité, "
        "fecha de la próxima actividad, data da próxima atividade"
    ),
    "next contact": "nächster kontakt, nächster kontakt am",
    "next meeting": "nächster termin",
    "follow up": "wiedervorlage, wiedervorlage am, relance, seguimiento, opvolging",
    "appointment": "termin, rendez-vous, cita, afspraak",
    "priority": "priorität, priorité, prioridad, prioridade, priorità, prioriteit",
    "email opt out": "keine werbung, werbesperre, keine e-mails",
    "do not call": "nicht anrufen, anrufsperre, ne pas appeler, no llamar, não ligar, non chiamare",
    "do not contact": "kein kontakt, nicht kontaktieren, ne pas contacter, no contactar, não contatar",
    "closed": "geschlossen",
    "won": "gewonnen",
}
_ACTIVITIES: Words = {
    "subject": "betreff, thema, objet, sujet, asunto, assunto, oggetto, onderwerp, тема",
    "due date": (
        "fälligkeitsdatum, fällig am, date d'échéance, échéance, fecha de vencimiento, data de vencimento, "
        "scadenza, vervaldatum"
    ),
    "due time": "fälligkeitszeit, heure d'échéance, hora de vencimiento, hora de vencimento, vervaltijd",
    "done": "erledigt, terminé, effectué, completado, concluído, concluída, fatto, voltooid",
    "duration": "dauer, durée, duración, duração, durata, duur",
    "assigned to user": (
        "zugewiesen an, zugewiesen an benutzer, assigné à, assignée à l'utilisateur, asignado a, "
        "atribuído a, atribuída ao usuário, toegewezen aan"
    ),
    "assigned to": "zugewiesen",
}
# What stands behind another word, as in "Telefon - Büro", and means something else alone.
_WAYS: Words = {
    "work": "büro, geschäftlich, travail, bureau, trabajo, trabalho, lavoro, werk",
    "home": "privat, domicile, casa, residencial, thuis",
    "other": "sonstige, andere, autre, otro, outro, altro",
}
TABLES = (_THINGS, _PEOPLE, _DEALS, _ACTIVITIES, _WAYS)
_ENGLISH = {
    word: key(english) for words in TABLES[:-1] for english, others in words.items() for word in keys(others)
}
_OF_PART = _ENGLISH | {word: key(way) for way, others in _WAYS.items() for word in keys(others)}
_PARTS = re.compile(r"\s+[-–—]\s+|:\s+")  # of "Deal - Titel", "E-Mail 2: Adresse"
_FIRST, _LAST = {"firstname", "givenname"}, {"lastname", "familyname", "surname"}


def english(header: Sequence[str]) -> list[str]:
    """The keys of headers as if they were English. `Name` beside a first name alone is the last one, and
    beside a last name alone the first one: that is so in most languages."""
    found = [
        _ENGLISH.get(key(text)) or "".join(_of_part(part) for part in _PARTS.split(text)) for text in header
    ]
    first, last = not _FIRST.isdisjoint(found), not _LAST.isdisjoint(found)
    if first != last and found.count("name") == 1:
        found[found.index("name")] = "lastname" if first else "firstname"
    return found


def is_foreign(header: Sequence[str]) -> bool:
    """Whether they are of one of these languages: in none of them the month stands before the day."""
    parts = {key(part) for text in header for part in (text, *_PARTS.split(text))}
    return len(parts & _OF_PART.keys()) > 1


def _of_part(text: str) -> str:
    word = key(text)
    return _OF_PART.get(word, word)
