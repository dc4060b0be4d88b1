"""A file is known by its headers alone: neither by their place, nor by the name of the file."""

from __future__ import annotations

import random

import pytest

from huntertui.exchange.headers import recognise
from huntertui.exchange.kinds import KINDS, PLAIN, Kind
from huntertui.exchange.stages import STAGE_NAMES
from huntertui.exchange.words import key
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


def test_salesforce_opportunities() -> None:
    kind, fields = meaning(f"{OPPORTUNITY},ACCOUNTID,DESCRIPTION,LEADSOURCE,TYPE,ISDELETED")
    assert kind == "Salesforce opportunities"
    assert fields == {
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
        "ACCOUNTID": None,
        "DESCRIPTION": "notes",
        "LEADSOURCE": None,
        "TYPE": None,
        "ISDELETED": "deleted",
    }


def test_the_place_of_a_column_says_nothing() -> None:
    columns = OPPORTUNITY.split(",")
    expected = meaning(OPPORTUNITY)
    random.Random(1).shuffle(columns)
    assert meaning(",".join(columns)) == expected


@pytest.mark.parametrize(
    ("headers", "kind", "some"),
    [
        (
            "first_name,last_name,title,company,email_work,first_seen,last_seen,status,background,sales",
            "CRM contacts",
            {
                "title": "role",
                "status": None,
                "first_seen": "created",
                "sales": "owner",
                "background": "notes",
            },
        ),
        ("First Name,Last Name,URL,Email Address,Company,Position", "CRM contacts", {"Position": "role"}),
        ("ID,NAME,BILLINGCITY,PHONE", "Salesforce accounts", {"NAME": "company", "PHONE": "phone"}),
        (
            "Opportunity Owner,Opportunity Name,Account Name",
            "Salesforce opportunities",
            {"Account Name": "company"},
        ),
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
        (
            "Name,Title,Company,Email,Stage",
            "plain table",
            {"Name": "person", "Title": "role", "Stage": "stage"},
        ),
        ("Title,Contact,Company,Value", "plain table", {"Title": "title", "Contact": "person"}),
        ("company,url,status,contact,title,email", "plain table", {"title": "role", "status": "status"}),
        ("Title,Value", "plain table", {"Title": "title"}),
        ("Name,Industry", "plain table", {"Name": "title", "Industry": None}),
        ("Firma,Ansprechpartner,Telefon,Wert", "plain table", {"Firma": "company", "Wert": "value"}),
        (
            "Deal Name,Deal Stage,Deal owner,Amount",
            "plain table",
            {"Deal Name": "title", "Deal owner": "owner"},
        ),
    ],
)
def test_kinds(headers: str, kind: str, some: dict[str, str | None]) -> None:
    found, fields = meaning(headers)
    assert found == kind
    assert {header: fields[header] for header in some} == some


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


def test_every_stage_of_theirs_is_one_of_ours() -> None:
    assert set(STAGE_NAMES.values()) == {stage.name for stage in STAGES} | CLOSED
    assert all(STAGE_NAMES[stage.name] == stage.name for stage in STAGES)
