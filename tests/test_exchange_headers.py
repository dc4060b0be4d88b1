"""A file is known by its headers alone: neither by their place, nor by the name of the file."""

from __future__ import annotations

import random

import pytest

from huntertui.exchange.headers import layout_of, recognise
from huntertui.exchange.kinds import KINDS, PLAIN, Kind, Role
from huntertui.exchange.stages import STAGE_NAMES
from huntertui.exchange.tongues import TABLES
from huntertui.exchange.words import key, keys
from huntertui.model.pipeline import CLOSED, STAGES

OPPORTUNITY = (
    "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,NEXTSTEP,ISCLOSED,ISWON,CREATEDDATE,LASTACTIVITYDATE,OWNERID"
)


def meaning(headers: str) -> tuple[str, dict[str, str | None]]:
    layout = recognise(headers.split(","))
    assert layout is not None
    return layout.kind.name, {column.header: column.field for column in layout.columns}


@pytest.mark.parametrize(
    "header", ["CLOSEDATE", "Close Date", " close_date* ", "Close-Date", "close – date", "ＣloseDate"]
)
def test_one_entry_covers_every_way_to_write_it(header: str) -> None:
    assert key(header) == "closedate"


# Each kind, by headers that its program writes, and what some of them carry.
FILES = [
    (
        "Lead ID,Lead name,Status,Stage,Value,Confidence,Primary company,Primary person,Assignee",
        "plain table",
        {"Stage": "stage", "Primary company": "company", "Primary person": "person", "Assignee": "owner"},
    ),
    (
        "Chancennummer,Bezeichnung,Kunde,Verkaufsphase,Umsatz,Verlustgrund",
        "plain table",
        {"Bezeichnung": "title", "Verkaufsphase": "stage", "Umsatz": "value", "Verlustgrund": "lost reason"},
    ),
    (
        f"{OPPORTUNITY},ACCOUNTID,DESCRIPTION,LEADSOURCE,TYPE,ISDELETED",
        "Salesforce opportunities",
        {
            "ID": "id",
            "NAME": "title",
            "STAGENAME": "stage",
            "AMOUNT": "value",
            "CLOSEDATE": "close date",
            "NEXTSTEP": "next step",
            "ISCLOSED": "closed",
            "ISWON": "won",
            "CREATEDDATE": "created",
            "LASTACTIVITYDATE": "last activity",
            "OWNERID": "owner",
            "ACCOUNTID": "company id",
            "DESCRIPTION": "notes",
            "LEADSOURCE": None,
            "TYPE": None,
            "ISDELETED": "deleted",
        },
    ),
    (
        (
            "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Expected Revenue,"
            "Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,Type,Owner Role"
        ),
        "Salesforce opportunities",
        {"Account Name": "company", "Probability (%)": "probability", "Next Step": "next step", "Age": None},
    ),
    (
        "Lead Owner,First Name,Last Name,Title,Company / Account,Lead Source,Rating,Street,Email",
        "Salesforce leads",
        {"Title": "role", "Company / Account": "company", "Lead Owner": "owner"},
    ),
    (
        "ID,FIRSTNAME,LASTNAME,COMPANY,LEADSOURCE,STATUS,OWNERID,ISCONVERTED",
        "Salesforce leads",
        {"STATUS": "status", "COMPANY": "company"},
    ),
    (
        "ID,ACCOUNTID,LASTNAME,FIRSTNAME,MAILINGCITY,PHONE,EMAIL,TITLE",
        "Salesforce contacts",
        {"ACCOUNTID": "company id", "TITLE": "role"},
    ),
    ("ID,NAME,BILLINGCITY,PHONE", "Salesforce accounts", {"NAME": "company", "PHONE": "phone"}),
    (
        "ID,WHOID,WHATID,SUBJECT,ACTIVITYDATE,STATUS,PRIORITY,OWNERID,DESCRIPTION,ISCLOSED,TASKSUBTYPE",
        "Salesforce tasks",
        {"WHOID": "person id", "WHATID": "deal id", "ACTIVITYDATE": "when", "TASKSUBTYPE": "what"},
    ),
    (
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company,"
            "Country/Region,Contact owner,Lifecycle Stage,Last Activity Date,Associated Deal IDs"
        ),
        "HubSpot contacts",
        {"Lead Status": "status", "Contact owner": "owner", "Associated Deal IDs": "deal id"},
    ),
    (
        (
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Pipeline,"
            "Associated Company,Associated Company (IDs),Associated Contact,Associated Contact IDs"
        ),
        "HubSpot deals",
        {
            "Associated Company": "company",
            "Associated Company (IDs)": "company id",
            "Associated Contact": "people",
            "Associated Contact IDs": "person id",
            "Pipeline": None,
        },
    ),
    (
        "Record ID,Company name,Company owner,Company Domain Name,Phone Number,City,Country/Region",
        "HubSpot companies",
        {"Company name": "company", "Company owner": "owner"},
    ),
    (
        "Record ID,Call Title,Activity date,Call outcome,Call duration,Call notes,Associated Contact IDs",
        "HubSpot calls",
        {"Call Title": "subject", "Activity date": "when", "Call notes": "text"},
    ),
    (
        (
            "Deal - ID,Deal - Title,Deal - Organization,Deal - Contact person,Deal - Value,Deal - Currency,"
            "Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Owner,Deal - Deal created,"
            "Deal - Expected close date,Deal - Next activity date,Deal - Won time,Deal - Lost reason"
        ),
        "Pipedrive deals",
        {
            "Deal - ID": "id",
            "Deal - Title": "title",
            "Deal - Organization": "company",
            "Deal - Contact person": "person",
            "Deal - Value": "value",
            "Deal - Currency": "currency",
            "Deal - Stage": "stage",
            "Deal - Status": "status",
            "Deal - Owner": "owner",
            "Deal - Deal created": "created",
            "Deal - Expected close date": "close date",
            "Deal - Next activity date": "next date",
            "Deal - Won time": "closed on",
            "Deal - Lost reason": "lost reason",
        },
    ),
    (
        (
            "Person - Name,Person - Email (Work),Organization - Name,Deal - Title*,Deal - Value,"
            "Deal - Stage,Activity - Subject,Activity - Due date,Note - Content"
        ),
        "Pipedrive deals",
        {
            "Person - Name": "person",
            "Person - Email (Work)": "email",
            "Organization - Name": "company",
            "Deal - Title*": "title",
            "Activity - Subject": "next step",
            "Activity - Due date": "next date",
            "Note - Content": "notes",
        },
    ),
    (
        (
            "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Work,"
            "Person - Owner,Person - Label"
        ),
        "Pipedrive people",
        {
            "Person - ID": "id",
            "Person - Name": "person",
            "Person - Organization": "company",
            "Person - Email - Work": "email",
            "Person - Phone - Work": "phone",
            "Person - Owner": "owner",
            "Person - Label": "tags",
        },
    ),
    (
        "Organization - ID,Organization - Name,Organization - Owner,Organization - Address",
        "Pipedrive organizations",
        {"Organization - ID": "id", "Organization - Name": "company", "Organization - Owner": "owner"},
    ),
    (
        (
            "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,"
            "Activity - Note,Activity - Assigned to user,Activity - Deal,Activity - Contact person,Deal - ID"
        ),
        "Pipedrive activities",
        {
            "Activity - ID": "id",
            "Activity - Type": "what",
            "Activity - Due date": "due",
            "Activity - Done": "done",
            "Activity - Note": "text",
            "Activity - Assigned to user": "owner",
            "Activity - Deal": "deal",
            "Activity - Contact person": "person",
            "Deal - ID": "deal id",
        },
    ),
    (
        "Potential Name,Potential Owner,Closing Date,Stage,Amount,Probability,Lead Source",
        "Zoho deals",
        {"Potential Name": "title", "Potential Owner": "owner", "Closing Date": "close date"},
    ),
    (
        "Record Id,Deal Owner.id,Deal Owner,Deal Name,Closing Date,Account Name.id,Account Name,Stage",
        "Zoho deals",
        {"Account Name.id": "company id", "Deal Owner": "owner", "Deal Owner.id": None},
    ),
    (
        "Record Id,Lead Owner,Company,First Name,Last Name,Email,Phone,Lead Status",
        "Zoho leads",
        {"Company": "company", "Lead Status": "status"},
    ),
    (
        "Record Id,Contact Owner,First Name,Last Name,Account Name.id,Account Name,Email",
        "Zoho contacts",
        {"Account Name.id": "company id", "Account Name": "company"},
    ),
    ("Record Id,Account Owner,Account Name,Phone", "Zoho accounts", {"Account Name": "company"}),
    (
        "id,display_name,status_label,primary_contact_name,primary_contact_primary_email,next_task_date",
        "Close leads",
        {
            "display_name": "company",
            "primary_contact_name": "person",
            "primary_contact_primary_email": "email",
        },
    ),
    (
        "id,lead_id,lead_name,status_label,status_type,value,value_currency,confidence,date_won,contact_name",
        "Close opportunities",
        {"lead_id": "company id", "status_label": "stage", "status_type": "status", "date_won": "closed on"},
    ),
    (
        "company,url,status,contact,title,email,phone,mobile_phone,fax,address,address_1",
        "Close import",
        {"contact": "person", "title": "role", "status": "status"},
    ),
    (
        "Name,Stage,Assigned To,Notes,Date of Last Email,Contacts,Box Key",
        "Streak boxes",
        {"Name": "title", "Date of Last Email": "last activity", "Contacts": "people", "Box Key": "id"},
    ),
    (
        (
            "First Name,Middle Name,Last Name,Phonetic First Name,Organization Title,Labels,"
            "E-mail 1 - Label,E-mail 1 - Value,E-mail 4 - Value,Phone 1 - Value,Address 1 - Country"
        ),
        "Google contacts",
        {
            "Organization Title": "role",
            "E-mail 4 - Value": "email",
            "Labels": "tags",
            "E-mail 1 - Label": None,
        },
    ),
    (
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Notes,Group Membership,Phone 1 - Value",
        "Google contacts",
        {"Name": "person", "Additional Name": "middle name", "Group Membership": "tags"},
    ),
    (
        (
            "First Name,Last Name,Title,E-mail Address,E-mail 2 Address,Business Phone,Company,Job Title,"
            "Web Page,Notes,Categories,Priority,Account"
        ),
        "Outlook contacts",
        {
            "Title": None,
            "Job Title": "role",
            "E-mail 2 Address": "email",
            "Company": "company",
            "Account": None,
        },
    ),
    (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        "LinkedIn connections",
        {"Position": "role", "Connected On": "created"},
    ),
    (
        "first_name,last_name,title,company,email_work,first_seen,last_seen,status,background,sales,company_id",
        "CRM contacts",
        {
            "title": "role",
            "status": None,
            "first_seen": "created",
            "sales": "owner",
            "background": "notes",
            "company_id": "company id",
        },
    ),
    (
        "id,name,sector,size,website,phone_number",
        "CRM companies",
        {"name": "company", "phone_number": "phone"},
    ),
    ("contact_id,sales_id,text,date", "CRM activities", {"contact_id": "person id", "text": "text"}),
    ("First Name,Last Name,Company,Job", "CRM contacts", {"Company": "company"}),
    (
        "Name,Company,E-Mail,Phone,Country,Tags,Notes",
        "plain table",
        {"Name": "person", "E-Mail": "email", "Country": "country", "Notes": "notes"},
    ),
    (
        "name,company,email,phone,stage,value,close date,next step,next date,owner",
        "plain table",
        {"name": "title", "value": "value", "next step": "next step", "next date": "next date"},
    ),
    ("Name,Contact,Phone", "plain table", {"Name": "company", "Contact": "person"}),
    ("Name,Title,Company,Email,Stage", "plain table", {"Name": "person", "Title": "role", "Stage": "stage"}),
    ("Title,Contact,Company,Value", "plain table", {"Title": "title", "Contact": "person"}),
    ("Title,Value", "plain table", {"Title": "title"}),
    ("Name,Industry", "plain table", {"Name": "title", "Industry": None}),
    ("Firma,Ansprechpartner,Telefon,Wert", "plain table", {"Firma": "company", "Wert": "value"}),
    (
        "Prenom,Nom,Société,Téléphone,Montant",
        "CRM contacts",
        {"Prenom": "first name", "Nom": "last name", "Société": "company", "Montant": "value"},
    ),
    # Other programs, by what any table may have
    (
        "Topic,Potential Customer,Contact,Est. close date,Est. revenue,Pipeline Phase,Actual Close Date",
        "plain table",
        {
            "Topic": "title",
            "Potential Customer": "company",
            "Est. close date": "close date",
            "Est. revenue": "value",
            "Pipeline Phase": "stage",
            "Actual Close Date": "closed on",
        },
    ),
    (
        "OpportunityName,OpportunityState,BidCurrency,OpportunityValue,CurrentStage,LinkedOrganization",
        "plain table",
        {"OpportunityState": "status", "CurrentStage": "stage", "LinkedOrganization": "company"},
    ),
    (
        "first_name,last_name,account_name,phone_mobile,assigned_user_name,date_entered,do_not_call",
        "Salesforce contacts",
        {"assigned_user_name": "owner", "date_entered": "created", "do_not_call": "no calls"},
    ),
    (
        "hs_object_id,dealname,dealstage,pipeline,amount,deal_currency_code,hubspot_owner_id,hs_next_step",
        "HubSpot deals",
        {"deal_currency_code": "currency", "hs_next_step": "next step", "hubspot_owner_id": "owner"},
    ),
    ("Activity date,Note body,Associated Contact,Associated Company", "HubSpot notes", {"Note body": "text"}),
]

# What programs write in other languages, and what it carries.
TONGUES = [
    (
        "Datensatz-ID,Vorname,Nachname,E-Mail-Adresse,Mobiltelefonnummer,Kontakt-Inhaber,Erstellungsdatum",
        "HubSpot contacts",
        ["id", "first name", "last name", "email", "phone", "owner", "created"],
    ),
    (
        "Record ID,Nom de la transaction,Phase de la transaction,Montant,Date de fermeture",
        "HubSpot deals",
        ["id", "title", "stage", "value", "close date"],
    ),
    (
        "ID do registro,Nome do negócio,Etapa do negócio,Valor,Proprietário do negócio,Empresa associada",
        "HubSpot deals",
        ["id", "title", "stage", "value", "owner", "company"],
    ),
    (
        "Deal - Titel,Deal - Organisation,Deal - Wert,Deal - Deal erstellt,Person - E-Mail - Büro",
        "Pipedrive deals",
        ["title", "company", "value", "created", "email"],
    ),
    (
        "Affaire - Titre,Affaire - Personne à contacter,Affaire - Étape,Affaire - Heure de l'échec",
        "Pipedrive deals",
        ["title", "person", "stage", "closed on"],
    ),
    (
        "Trato - Título,Trato - Moneda,Trato - Estado,Trato - Fecha de cierre prevista",
        "Pipedrive deals",
        ["title", "currency", "status", "close date"],
    ),
    (
        "Pessoa - Nome,Pessoa - Telefone - Celular,Pessoa - Cargo,Pessoa - Proprietário",
        "Pipedrive people",
        ["person", "phone", "role", "owner"],
    ),
    (
        "Organisation - ID,Organisation - Nom,Organisation - Propriétaire",
        "Pipedrive organizations",
        ["id", "company", "owner"],
    ),
    (
        "Aktivität - Betreff,Aktivität - Typ,Aktivität - Fälligkeitsdatum,Aktivität - Fälligkeitszeit",
        "Pipedrive activities",
        ["subject", "what", "due", "due time"],
    ),
    (
        "Opportunity-Inhaber,Accountname,Opportunity-Name,Betrag,Wahrscheinlichkeit (%),Schlusstermin",
        "Salesforce opportunities",
        ["owner", "company", "title", "value", "probability", "close date"],
    ),
    (
        "Lead-Inhaber,Vorname,Nachname,Titel,Firma/Account,Lead-Status",
        "Salesforce leads",
        ["owner", "first name", "last name", "role", "company", "status"],
    ),
    (
        "Datensatz-ID,Abschlussinhaber,Betrag,Abschlussname,Abschlussdatum,Kontoname",
        "Zoho deals",
        ["id", "owner", "value", "title", "close date", "company"],
    ),
    (
        "Prénom,Deuxième prénom,Nom,Société,Téléphone (bureau),Tél. mobile,Adresse de messagerie",
        "Outlook contacts",
        ["first name", "middle name", "last name", "company", "phone", "phone", "email"],
    ),
    (
        "Nombre,Apellidos,URL,Dirección de correo electrónico,Empresa,Cargo,Conectado el",
        "LinkedIn connections",
        ["first name", "last name", None, "email", "company", "role", "created"],
    ),
    (
        "Titel,Klant,Contactpersoon,Fase,Bedrag,Geschatte sluitingsdatum",
        "plain table",
        ["title", "company", "person", "stage", "value", "close date"],
    ),
    ("Название сделки,Стадия сделки,Сумма,Компания", "plain table", ["title", "stage", "value", "company"]),
    ("Vorname,Name,Firma", "CRM contacts", ["first name", "last name", "company"]),
    ("Name,Surname,Company", "CRM contacts", ["first name", "last name", "company"]),
]


@pytest.mark.parametrize(("headers", "kind", "some"), FILES)
def test_kinds(headers: str, kind: str, some: dict[str, str | None]) -> None:
    found, fields = meaning(headers)
    assert found == kind
    assert {header: fields[header] for header in some} == some


@pytest.mark.parametrize(("headers", "kind", "fields"), TONGUES)
def test_headers_in_other_languages(headers: str, kind: str, fields: list[str | None]) -> None:
    found, meant = meaning(headers)
    assert (found, [*meant.values()]) == (kind, fields)


def test_no_word_of_another_language_means_two_things() -> None:
    words = [word for table in TABLES for others in table.values() for word in keys(others)]
    assert len(words) == len(set(words)), [word for word in words if words.count(word) > 1]


@pytest.mark.parametrize("headers", [headers for headers, _, _ in FILES])
def test_the_place_of_a_column_says_nothing(headers: str) -> None:
    columns = headers.split(",")
    expected = meaning(headers)
    random.Random(1).shuffle(columns)
    assert meaning(",".join(columns)) == expected


@pytest.mark.parametrize("headers", ["COLUMN1", "ID", "Phone,Email", "", "Amount,Stage"])
def test_without_a_name_it_is_no_list_of_ours(headers: str) -> None:
    assert recognise(headers.split(",")) is None


def test_headers_that_come_twice_or_are_empty_get_names() -> None:
    layout = recognise(["Company", "Phone", "Phone", "", "Foo", "Foo", "x" * 500])
    assert layout is not None
    headers = [column.header for column in layout.columns]
    assert headers == ["Company", "Phone", "Phone (2)", "column 4", "Foo", "Foo (2)", "x" * 200]
    assert [column.field for column in layout.columns][:3] == ["company", "phone", "phone"]


@pytest.mark.parametrize("kind", [*KINDS, PLAIN], ids=lambda kind: kind.name)
def test_no_header_means_two_things(kind: Kind) -> None:
    words = [key(word) for headers in kind.fields.values() for word in headers.split(",")]
    assert all(words)
    assert len(words) == len(set(words)), [word for word in words if words.count(word) > 1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_sign_tells_its_own_kind(kind: Kind) -> None:
    """No kind stands in the way of another that comes after it."""
    for sign in kind.signs:
        assert next(other for other in KINDS if other.fits(frozenset(keys(sign)))) is kind, sign
    assert (kind.role is Role.ACTIVITY) == ("text" in kind.fields)


def test_every_stage_of_theirs_is_one_of_ours() -> None:
    assert set(STAGE_NAMES.values()) == {stage.name for stage in STAGES} | CLOSED
    assert all(STAGE_NAMES[stage.name] == stage.name for stage in STAGES)


@pytest.mark.parametrize("more", [["X", "X", "X (2)"], ["X (2)", "X", "X"], ["X", "X (2)", "X"], ["X"] * 3])
def test_columns_of_one_name_are_told_apart_by_a_number_that_no_other_has(more: list[str]) -> None:
    layout = recognise(["Company", *more])
    assert layout is not None
    labels = [column.header for column in layout.columns]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Amount (CHF)", "CHF"),
        ("Betrag in CHF", "CHF"),
        ("Value USD", "USD"),
        ("Wert (€)", "EUR"),
        ("Amount [in GBP]", "GBP"),
        ("Amount", ""),
        ("Value (net)", None),
        ("Value ABC", None),
        ("Sales (EUR)", None),
    ],
)
def test_the_header_of_an_amount_may_say_its_currency(header: str, unit: str | None) -> None:
    (_, column) = layout_of(["Company", header]).columns
    assert (column.field, column.unit) == (("value", unit) if unit is not None else (None, ""))


@pytest.mark.parametrize(("more", "field"), [("Amount", None), ("Stage", "value")])
def test_what_is_expected_is_the_value_where_nothing_else_is(more: str, field: str | None) -> None:
    assert layout_of(["Deal Name", "Expected Revenue", more]).columns[1].field == field


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ("name,company,email,phone,amount", "person"),
        ("name,phone,value", "person"),
        ("name,company,amount", "title"),
        ("name,email,amount,stage", "title"),
        ("name,company", "person"),
    ],
)
def test_who_can_be_reached_is_a_person(headers: str, field: str) -> None:
    assert layout_of(headers.split(",")).columns[0].field == field
