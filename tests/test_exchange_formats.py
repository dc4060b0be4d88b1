"""Files that are no CSV: workbooks, vCards, JSON, and what only looks like a table."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from huntertui.exchange import blob, jsontables, pages, read, workbooks
from huntertui.exchange.decoding import decode
from huntertui.exchange.drafting import drafter_of
from huntertui.exchange.drafts import Draft
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.pipelines import stages_in
from huntertui.exchange.reading import read_sheets
from huntertui.exchange.tables import tables_of
from huntertui.model.calendar import Calendar
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Contact, Opportunity
from huntertui.model.pipeline import Discipline, Policy, Stage
from huntertui.model.team import Member, Team

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))
Table = list[tuple[int, list[str]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


def tables(path: Path) -> dict[str, Table]:
    """Name -> rows of all tables of a file."""
    return {sheet.name: list(sheet.rows()) for sheet in read_sheets(path)}


def drafts(path: Path, policy: Policy = POLICY) -> list[Draft]:
    found: list[object] = []
    for table in tables_of(path):
        drafter = drafter_of(table.layout, policy, "ana", NOW, {}, {})
        found += drafter.drafts(list(table.rows()))
    return [draft for draft in found if isinstance(draft, Draft)]


# Workbooks


def workbook(path: Path, **sheets: list[list[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def test_a_workbook_shows_its_cells_as_text(path: Path) -> None:
    at = datetime(2026, 11, 23, 14, 30)  # noqa: DTZ001 - as a workbook has it
    row = [7001.0, 1.234, 0.1, True, date(2026, 11, 23), at, time(9, 5), 4.42e11]
    workbook(path, Deals=[["a\nb", None, "=1+1", "#N/A"], [], row, [None, "  "]])
    rows = tables(path)["list"]
    assert [line for line, _ in rows] == [1, 2, 3, 4]
    assert rows[0][1][:2] == ["a\nb", ""]
    assert rows[0][1][3:4] == [""]
    shown = ["7001", "1.2340", "0.1", "true", "2026-11-23", "2026-11-23 14:30:00", "09:05:00", "442000000000"]
    assert rows[2] == (3, shown)


def test_each_sheet_that_can_be_seen_is_a_table(path: Path) -> None:
    deals: list[list[object]] = [["Record ID", "Deal Name", "Deal Stage"], [7, "Gears", "Proposal"]]
    people: list[list[object]] = [["Record ID", "First Name", "Last Name"], [8, "Ann", "Lee"]]
    book = workbook(path, Deals=deals, Empty=[], People=people, Sums=[["x", 1]], Old=[["secret"]])
    book["Old"].sheet_state = "hidden"
    book.save(path)
    assert list(tables(path)) == ["list, Deals", "list, People", "list, Sums"]
    found = tables_of(path)
    assert [table.layout.kind.name for table in found] == ["HubSpot deals", "HubSpot contacts"]
    assert found[0].notices[0] == "the hidden sheet Old is left out"
    assert "left out: " in found[0].notices[1]
    assert "Sums, line 1: no header that names a record" in found[0].notices[1]
    assert [draft.key for draft in drafts(path)] == [("hubspot:deal", "7"), ("hubspot:contact", "8")]


def test_a_bomb_and_what_is_no_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", "")
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    with pytest.raises(ImportFault, match="unpacks to more than"):
        read_sheets(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("Connections.csv", "a,b\n")
    with pytest.raises(ImportFault, match="is packed, and no Excel workbook"):
        read_sheets(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", "<a")
    with pytest.raises(ImportFault, match="is a broken workbook"):
        read_sheets(path)
    workbook(path, One=[["a", "b"]])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ImportFault, match="is a broken workbook"):
        read_sheets(path)
    path.write_bytes(path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x02\x4e\x4e\x4e\x4e", 1))
    with pytest.raises(ImportFault, match="is a broken workbook"):
        read_sheets(path)
    workbook(path, One=[["x"] * 5])
    monkeypatch.setattr(workbooks, "_MAX_COLUMNS", 4)
    with pytest.raises(ImportFault, match="more than 4 columns"):
        read_sheets(path)


@pytest.mark.parametrize(
    ("begin", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a protected or an old Excel file"),
        (b"%PDF-1.7", "is a PDF"),
    ],
)
def test_what_people_take_for_a_table(path: Path, begin: bytes, says: str) -> None:
    path.write_bytes(begin + b"\0" * 100)
    with pytest.raises(ImportFault, match=says):
        read_sheets(path)


@pytest.mark.parametrize("text", ["\ufeff\n<html><table>", "<!DOCTYPE html>", "<?xml version='1.0'?><a/>"])
def test_a_page_without_a_table(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(ImportFault, match="is a web page, or XML, without a table"):
        read_sheets(path)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # Salesforce's report for Excel, with what browsers mend: cells that nobody ends, tags over lines.
        (
            (
                '<html><head><meta http-equiv="Content-Type"></head><body><table border=1><tr><th>Name\n'
                "</th><th>Deal&nbsp;Value</th></tr>\n<tr><td\n class=x>A &amp; B<td>5<br>6</tr>\n"
                "<tr><td colspan=2>Total</td><td>5</td></tr></table></body></html>"
            ),
            [(1, ["Name", "Deal Value"]), (2, ["A & B", "5\n6"]), (3, ["Total", "", "5"])],
        ),
        # Excel's XML of 2003: empty cells are left out, the next one has its number.
        (
            (
                '<?xml version="1.0"?>\n<Workbook xmlns:ss="x"><ss:Worksheet><Table><Row ss:Index="1">\n'
                '<Cell><Data ss:Type="String">Name</Data></Cell><Cell/><ss:Cell>x</ss:Cell></Row>\n'
                '<Row><Cell ss:Index="3"><Data>&lt;b&gt;</Data></Cell></Row></Table></ss:Worksheet>'
            ),
            [(1, ["Name", "", "x"]), (2, ["", "", "<b>"])],
        ),
        ("<table><tr><td colspan=9999>a<td colspan=9999>b", [(1, ["a"] + [""] * 1_000)]),
    ],
)
def test_pages_with_a_table(path: Path, text: str, rows: list[tuple[int, list[str]]]) -> None:
    path.write_text(text)
    assert [*pages.Page(decode(blob.open_blob(path))).rows()] == rows


@given(
    st.lists(st.sampled_from(["<tr>", "<td", " colspan=7", ">", "</td>", "x", "<", "&lt;", "<br/>", "\n"]))
)
def test_any_tags_are_rows_or_none(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xls"
    path.write_text("<table>" + "".join(parts))
    rows = [*pages.Page(decode(blob.open_blob(path))).rows()]
    assert [number for number, _ in rows] == [*range(1, len(rows) + 1)]
    assert all(cells for _, cells in rows)


def test_what_is_packed_by_gzip_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(gzip.compress(b"Name,City\nAcme,Bonn\n"))
    assert tables(path)["list"] == [(1, ["Name", "City"]), (2, ["Acme", "Bonn"])]
    monkeypatch.setattr(blob, "MAX_BYTES", 1_000)
    path.write_bytes(gzip.compress(b"0" * 100_000))
    with pytest.raises(ImportFault, match="is larger than"):
        read_sheets(path)
    path.write_bytes(gzip.compress(b"Name\nAcme\n")[:-10])
    with pytest.raises(ImportFault, match="a broken gzip file"):
        read_sheets(path)


# vCards

CARDS = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n"
    "TEL;CELL:+49 170 1234567\r\nTEL;WORK;PREF:+49 30 1234\r\nTEL;WORK;FAX:+49 30 99\r\n"
    "EMAIL;INTERNET:joerg@acme.example\r\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:line one=0D=0A=\r\nline two\r\n"
    "this is no line of a card\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:\r\n AAAA\r\n BBBB\r\n\r\n"
    "END:VCARD\r\n"
    "\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:x\r\nUID:abc-1\r\n"
    "N:Lee;Ann;B.;Dr.;\r\nFN:Dr. Ann\r\n  Lee\r\nORG:Acme\\, Inc.;Sales\r\nTITLE:CTO\r\n"
    "item1.EMAIL;type=INTERNET;type=pref:ann@acme.example\r\nitem1.X-ABLabel:_$!<Work>!$_\r\n"
    "item2.ADR;type=WORK:;;1 Road;London;;N1;United Kingdom\r\nLABEL;WORK:1 Road\\nLondon\r\n"
    "CATEGORIES:vip,part\\,ner\r\nNOTE:a\\nb\\; c\r\nBDAY:1980-01-01\r\nEND:VCARD\r\n"
    "begin:vcard\r\nVERSION:4.0\r\nFN:Bob Ray\r\n"
    'TEL;VALUE=uri;TYPE="voice,home:x":tel:+1-555-555-5555\r\nEND:VCARD\r\n'
    "BEGIN:VCARD\r\nFN:Never ended\r\n"
    "BEGIN:VCARD\r\nFN:A B\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Inner\r\nEND:VCARD\r\nORG:A B\r\nEND:VCARD\r\n"
)


def test_vcards_of_all_versions(path: Path) -> None:
    path.write_text(CARDS, encoding="utf-8", newline="")
    (table,) = tables_of(path)
    assert (table.layout.kind.name, table.count) == ("vCard", 5)
    joerg, ann, bob, open_, both = (draft.opportunity for draft in drafts(path))
    assert joerg.contacts == (
        Contact("Jörg Müller", "", ("joerg@acme.example",), ("+49 30 1234", "+49 170 1234567")),
    )
    assert joerg.notes == "line one\nline two"
    assert joerg.extra == {"Fax": "+49 30 99", "Other Lines": "this is no line of a card"}
    assert ann.contacts == (Contact("Dr. Ann Lee", "CTO", ("ann@acme.example",)),)
    assert (ann.company, ann.country, ann.notes) == ("Acme, Inc.", "United Kingdom", "a\nb; c")
    assert ann.tags == ("vip", "part", "ner")
    assert ann.external_ids == {"vcard": ("abc-1",)}
    assert ann.extra == {
        "Department": "Sales",
        "Address": "1 Road, London, N1, United Kingdom",
        "Address Label": "1 Road\nLondon",
        "Bday": "1980-01-01",
    }
    assert bob.contacts == (Contact("Bob Ray", phones=("+1-555-555-5555",)),)
    assert open_.contacts == (Contact("Never ended"),)
    assert (both.company, both.contacts) == ("A B", ())  # a card of the company itself
    assert [line for line, _ in table.rows()] == [1, 17, 34, 39, 41]


def test_cards_of_telephones(path: Path) -> None:
    path.write_text(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Lee\r\n"
        "EMAIL;PREF=100:al@home.example\r\nEMAIL;PREF=1:ann@acme.example\r\n"
        "TEL;VALUE=uri:tel:+44-20-7946-0958;ext=102\r\nTEL;TYPE=cell,pref:+44 7\r\n"
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJ\r\nRgABAQAAAQ==\r\n\r\nitem1.TITLE:CTO\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:The Team\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nX-ADDRESSBOOKSERVER-KIND:group\r\nFN:Others\r\nEND:VCARD\r\n"
    )
    (table,) = tables_of(path)
    assert table.notices == ("cards of groups, left out: 2, the first in line 13",)
    (ann,) = (draft.opportunity for draft in drafts(path))
    assert ann.contacts == (
        Contact(
            "Ann Lee",
            "CTO",
            ("ann@acme.example", "al@home.example"),
            ("+44 7", "+44-20-7946-0958 ext. 102"),
        ),
    )
    assert ann.extra == {}


@given(st.lists(st.sampled_from([*CARDS.split("\r\n"), "", "=", " x", "A;B;C;D;E", "X" + ";a" * 99])))
def test_any_lines_are_cards_or_none(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.vcf"
    path.write_text("BEGIN:VCARD\n" + "\n".join(lines))
    rows = tables(path)["any.vcf"]
    assert all(len(cells) == len(rows[0][1]) for _, cells in rows)


# JSON


def test_lists_of_objects_are_tables(path: Path) -> None:
    data = {
        "sales": [{"id": 1, "first_name": "Sam", "last_name": "Seller"}],
        "companies": [{"id": 5, "name": "Acme", "sector": "it", "phone_number": None}],
        "contacts": [
            {
                "id": 7,
                "first_name": "Ann",
                "last_name": "Lee",
                "company_id": 5,
                "emails": [{"email": "ann@acme.example", "type": "Work"}, {"email": "ann@home.example"}],
                "tags": ["VIP", "x"],
                "has_newsletter": False,
            }
        ],
        "notes": [{"contact_id": 7, "text": "Hm", "date": "2026-11-20"}],
    }
    path.write_text(json.dumps(data, indent=1))
    assert tables(path) == {
        "list, companies": [(0, ["id", "name", "sector", "phone_number"]), (1, ["5", "Acme", "it", ""])],
        "list, contacts": [
            (0, ["id", "first_name", "last_name", "company_id", "emails", "tags", "has_newsletter"]),
            (1, ["7", "Ann", "Lee", "5", "ann@acme.example ::: ann@home.example", "VIP ::: x", "false"]),
        ],
        "list, notes": [(0, ["contact_id", "text", "date"]), (1, ["7", "Hm", "2026-11-20"])],
    }
    found = tables_of(path)
    assert [table.layout.kind.name for table in found] == ["CRM companies", "CRM contacts", "CRM activities"]
    assert found[0].notices == ("sales: people of the program it comes from, left out",)
    _, ann = drafts(path)
    assert ann.opportunity.contacts == (Contact("Ann Lee", "", ("ann@acme.example", "ann@home.example")),)
    assert ann.opportunity.tags == ("VIP", "x")
    assert ann.links == (("crm:company", "5"),)


def test_what_leads_hold_is_a_table_and_people_stay_whole(path: Path) -> None:
    lead = {
        "id": "lead_1",
        "display_name": "Acme",
        "status_label": "Qualified",
        "contacts": [
            {
                "lead_id": "lead_1",
                "name": "Ann Lee",
                "title": "CTO",
                "emails": [{"email": "ann@acme.example"}],
            },
            {"lead_id": "lead_1", "name": "Bob Ray", "emails": [], "phones": [{"phone": "+44 20 1"}]},
        ],
        "opportunities": [
            {
                "id": "oppo_1",
                "lead_id": "lead_1",
                "lead_name": "Acme",
                "status_type": "active",
                "value": 1_250_000,
                "value_formatted": "$12,500 monthly",
            }
        ],
    }
    path.write_text(json.dumps([lead, {"id": "lead_2", "display_name": "Beta", "contacts": []}], indent=1))
    kinds = [table.layout.kind.name for table in tables_of(path)]
    assert kinds == ["Close leads", "Close opportunities"]
    acme, beta, deal = (draft.opportunity for draft in drafts(path))
    assert acme.contacts == (
        Contact("Ann Lee", "CTO", ("ann@acme.example",)),
        Contact("Bob Ray", phones=("+44 20 1",)),
    )
    assert "opportunities" not in acme.extra
    assert (beta.company, beta.contacts) == ("Beta", ())
    assert (deal.company, deal.value, deal.currency) == ("Acme", 1_250_000, "USD")  # in cents


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            '[{"a": 1, "b": {"c": 1.234}}, {"d": null}]',
            [["a", "b.c", "d"], ["1", "1.2340", ""], ["", "", ""]],
        ),
        ('{"ok": true, "data": {"items": [{"a": 1}]}}', [["a"], ["1"]]),
        ('{"results": [{"id": "9", "properties": {"name": "x"}}]}', [["id", "name"], ["9", "x"]]),
        ('{"a": 1}\n\n{"a": 5.0, "b": [1, 2]}\n', [["a", "b"], ["1", ""], ["5.0", "1 ::: 2"]]),
        ('[{"a": ' + "9" * 5_000 + '}, {"a": NaN}]', [["a"], ["9" * 5_000], [""]]),
        ('[{"a": {"x": {"y": 1}}, "b": [{"z": 1}]}]', [["a.x.y", "b"], ["1", '{"z": "1"}']]),
    ],
)
def test_objects_are_rows(path: Path, text: str, rows: list[list[str]]) -> None:
    path.write_text(text)
    assert [cells for _, cells in tables(path)["list"]] == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1}', "has no list of objects"),
        ("[]", "has no list of objects"),
        ('[\n{"a": 1},\n{"a" 2}]', "line 3: no JSON: expecting ':'"),
        ('{"a": 1}\n{"a": }\n', "line 2: no JSON"),
        ("[" * 100_000, "too deep|no JSON"),
        ('{"a":' * 100_000, "too deep|no JSON"),
        ("[1" + "0" * 200 + "]", "larger than|JSON of more than"),
    ],
)
def test_what_is_no_table_in_json(path: Path, text: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontables, "MAX_WHOLE", 200 if text.startswith("[1") else 10_000_000)
    path.write_text(text)
    with pytest.raises(ImportFault, match=says):
        tables(path)


# Our own


ITEM = Opportunity(
    name="Gears",
    company="Acme",
    contacts=(Contact("Ann Lee", struck=("1",), blocked=True),),
    owner="ben",
    stage="proposal",
    highest="proposal",
    value=5_00,
    currency="EUR",
    created=NOW,
    clock=NOW,
    external_ids={"salesforce": ("006A", "006B")},
)
EVENTS = [{"kind": "note", "at": "2026-11-20T09:00:00Z", "by": "ben", "text": "Hm"}]
HEAD: dict[str, Any] = {
    "schema": 1,
    "export": "huntertui",
    "at": "2026-11-23T09:00:00Z",
    "by": "ben",
    "seq": 7,
    "do_not_contact": [{"kind": "email", "value": "cid@acme.example"}],
    "stages": [
        {"name": "new", "discipline": "prospecting", "limit": 2, "probability": 1},
        {"name": "rest", "discipline": "following up", "limit": 30, "probability": 5, "side": True},
    ],
}
OWN = {
    "id": 3,
    "uid": "abc",
    "opportunity": to_doc(ITEM) | {"import_id": 4, "care_of": 2, "theirs": {"x": [1]}},
    "events": EVENTS,
    "care_of": "def",
}


def written(form: str) -> str:
    if form == "lines":
        return f"{json.dumps(HEAD)}\n{json.dumps(OWN)}\n"
    if form == "json":
        return f'{json.dumps(HEAD)[:-1]}, "items": [\n{json.dumps(OWN)}\n]}}\n'
    return json.dumps(HEAD | {"items": [OWN]}, indent=2)


STAGE = {"name": "a", "discipline": "closing", "limit": 5, "probability": 5}


@pytest.mark.parametrize(
    "listed",
    [
        *(None, {}, "new", [5, None, []], [{"name": "new"}]),
        *([STAGE | {"name": name}] for name in ("won", "A\x1b", "")),
        *([STAGE | {"discipline": said}] for said in ("nothing", "")),
        *([STAGE | {"limit": said}] for said in (0, 366, float("inf"))),
        *([STAGE | {"limit": said}] for said in ("", "9" * 5000)),
        *([STAGE | {"probability": said}] for said in (-1, 101)),
        [STAGE | {"discipline": [], "limit": {}}],
    ],
)
def test_a_pipeline_that_is_none_is_passed(listed: object) -> None:
    assert stages_in(listed) == ()
    assert len(stages_in([listed, STAGE, STAGE])) == 1


@pytest.mark.parametrize("form", ["lines", "json", "edited"])
def test_an_item_of_ours_comes_back_with_all_that_it_was(path: Path, form: str) -> None:
    path.write_text(written(form))
    (sheet,) = read_sheets(path)
    assert sheet.off_limits == tuple(HEAD["do_not_contact"])
    assert sheet.stages == (
        Stage("new", Discipline.PROSPECTING, 2, 1),
        Stage("rest", Discipline.FOLLOWING_UP, 30, 5, side=True),
    )
    (table,) = tables_of(path)
    assert (table.layout.kind.name, table.count) == ("huntertui export", 1)
    (draft,) = drafts(path)
    assert draft.opportunity == replace(ITEM, external_ids={"huntertui": ("abc",), **ITEM.external_ids})
    assert draft.key == ("huntertui", "abc")
    assert draft.brought is not None
    assert draft.brought.events == tuple(EVENTS)
    assert (draft.brought.fields, draft.brought.care_of) == ({"theirs": {"x": [1]}}, "def")


def test_an_item_of_a_stranger_is_nobodys_where_the_team_is_known(path: Path) -> None:
    path.write_text(written("lines"))
    (draft,) = drafts(path, replace(POLICY, team=Team((Member("ana"),))))
    assert (draft.opportunity.owner, draft.opportunity.source_owner) == ("", "ben")


@pytest.mark.parametrize("item", ['{"uid": "a"}', '{"uid": "a", "opportunity": {"value": "much"}}', "{"])
def test_a_broken_item_is_named(path: Path, item: str) -> None:
    path.write_text(f"{json.dumps(HEAD)}\n{item}\n")
    (found,) = read(path, POLICY, "ana", NOW)
    (error,) = found.errors
    assert re.match(r"line 2.* is no item of an export", str(error))
