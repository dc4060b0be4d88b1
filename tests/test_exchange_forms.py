"""What is given out is read by parsers of other makers as it was meant, whatever stands in a record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from deals import deal
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import RECORDS

from huntertui.exchange.exporting import FORMS
from huntertui.exchange.items import About, Item, uid_of
from huntertui.exchange.others import in_lines, of_lines
from huntertui.model.calendar import Calendar
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep, Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.text import clean
from huntertui.spreadsheet import undefused

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BERLIN = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))
ABOUT = About(NOW, "ana", BERLIN, 17)
ANN = Contact("Ann Lee", "CTO; founder", ("ann@acme.example", "al@home.example"), ("+44 20 7946 0958",))
NASTY = 'a\\nb; c, "d"\nsecond: line\\'
ITEM = deal(
    id=12, name=NASTY, company="Acme; Söhne, GmbH", contacts=(ANN,), notes="é" * 200, tags=("a,b", "c")
)


def written(form: str, items: Iterable[Opportunity], about: About = ABOUT) -> str:
    """What a form makes of some opportunities without a history."""
    parts: list[str] = []
    FORMS[form].write([Item(o, to_doc(o)) for o in items], about, parts.append)
    return "".join(parts)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# CSV


def test_csv_says_what_a_spreadsheet_can_show() -> None:
    step = NextStep("demo", Kind.AGREED, Channel.MEETING, datetime(2026, 12, 1, 13, tzinfo=UTC))
    o = replace(
        ITEM, value=1_234_005, currency="EUR", next=step, expected_close=date(2026, 12, 24),
        contacts=(ANN, Contact("Bob Ray", phones=("1",))), extra={"Fax": "none"},
    )  # fmt: skip
    [row] = rows(written("csv", [o]))
    assert {
        key: row[key] for key in ("Opportunity Name", "Company", "Contact", "Email", "Phone", "Value")
    } == {
        "Opportunity Name": NASTY,
        "Company": "Acme; Söhne, GmbH",
        "Contact": "Ann Lee",
        "Email": "ann@acme.example ::: al@home.example",
        "Phone": "'+44 20 7946 0958",
        "Value": "12340.05",
    }
    assert (row["Meeting"], row["Next Date"], row["Close Date"]) == ("2026-12-01 14:00:00", "", "2026-12-24")
    assert (row["Other Contacts"], row["Other Columns"]) == ("Bob Ray, 1", "Fax: none")
    assert row["Huntertui ID"] == uid_of(o)


TEXTS = st.text(st.sampled_from("ab:\\ \n"), max_size=8).map(lambda text: clean(text, lines=True))


@given(st.dictionaries(TEXTS.map(clean).filter(bool), TEXTS.filter(bool), max_size=3))
def test_columns_in_one_cell_come_back_as_they_were(extra: dict[str, str]) -> None:
    assert of_lines(clean(in_lines(extra), lines=True)) == extra


def test_csv_is_raw_where_that_is_asked_for() -> None:
    [row] = rows(written("csv", [replace(ITEM, name="=1")], replace(ABOUT, raw=True)))
    assert (row["Opportunity Name"], row["Phone"]) == ("=1", "+44 20 7946 0958")


@given(st.lists(RECORDS, max_size=3))
@settings(max_examples=12)
def test_any_record_is_a_row_with_all_its_cells(records: list[Opportunity]) -> None:
    found = rows(written("csv", records))
    assert [undefused(row["Notes"]) for row in found] == [clean(o.notes, lines=True) for o in records]
    assert all(None not in [*row, *row.values()] for row in found)


# JSON


@given(st.lists(RECORDS, max_size=3))
@settings(max_examples=12)
def test_both_kinds_of_json_carry_the_documents(records: list[Opportunity]) -> None:
    docs = [json.loads(json.dumps(to_doc(o))) for o in records]
    one = json.loads(written("json", records))
    head, *lines = map(json.loads, written("ndjson", records).splitlines())
    assert [item["opportunity"] for item in one["items"]] == docs
    assert lines == one.pop("items")
    assert head == one
    assert (head["schema"], head["export"], head["seq"]) == (1, "huntertui", 17)


def test_an_item_keeps_its_uid_wherever_it_is_taken() -> None:
    uid = uid_of(ITEM)
    there = replace(ITEM, id=99, external_ids={"huntertui": (uid, "x")})
    assert uid == uid_of(there) != uid_of(replace(ITEM, id=13))


# Calendars


def events(text: str) -> list[Any]:
    found = icalendar.Calendar.from_ical(text)
    assert (found["VERSION"], found["PRODID"]) == ("2.0", "-//huntertui//huntertui//EN")
    return list(found.walk("VEVENT"))


def planned(due: date | datetime, kind: Kind = Kind.AGREED, channel: Channel = Channel.CALL) -> Opportunity:
    return replace(ITEM, name="", next=NextStep("", kind, channel, due))


@pytest.mark.parametrize(
    ("channel", "minutes"), [(Channel.CALL, 15), (Channel.MEETING, 60), (Channel.VISIT, 60)]
)
def test_an_agreed_time_is_that_instant_in_every_zone(channel: Channel, minutes: int) -> None:
    due = datetime(2026, 3, 29, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # the clock went forward that night
    [event] = events(written("ical", [planned(due.astimezone(UTC), channel=channel)]))
    assert event["DTSTART"].dt == due
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=minutes)
    assert event["TRANSP"] == "OPAQUE"
    assert str(event["SUMMARY"]) == f"{channel.value}: Ann Lee (Acme; Söhne, GmbH)"
    assert "CTO; founder, +44 20 7946 0958" in str(event["DESCRIPTION"])


def test_a_day_without_a_time_is_a_whole_day_that_keeps_nobody_busy() -> None:
    [event] = events(written("ical", [planned(date(2026, 12, 31), Kind.OWN)]))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert event["TRANSP"] == "TRANSPARENT"


def test_an_event_is_the_same_wherever_its_step_has_moved() -> None:
    [before] = events(written("ical", [planned(date(2026, 12, 1))]))
    [after] = events(
        written("ical", [planned(date(2026, 12, 2), channel=Channel.MEETING)], replace(ABOUT, seq=18))
    )
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (17, 18)


def test_what_has_no_date_or_is_closed_is_no_event() -> None:
    closed = replace(planned(date(2026, 12, 1)), stage="won")
    assert events(written("ical", [replace(ITEM, next=NextStep("offer")), ITEM, closed])) == []


@given(st.lists(RECORDS, max_size=3))
@settings(max_examples=12)
def test_any_record_is_an_event_that_another_parser_reads(records: list[Opportunity]) -> None:
    text = written("ical", records)
    dated = [o for o in records if o.next and o.next.due is not None and o.stage not in ("won", "lost")]
    found = events(text)
    assert [event["DTSTART"].dt for event in found] == [
        due.replace(microsecond=0) if isinstance(due, datetime) else due
        for o in dated
        if o.next and (due := o.next.due)
    ]
    for event, o in zip(found, dated, strict=True):
        tags = [clean(tag, lines=True) for tag in o.tags]
        assert [str(tag) for tag in event["CATEGORIES"].cats] == tags if tags else "CATEGORIES" not in event
        assert event["UID"] == f"{uid_of(o)}-next@huntertui"
    assert_lines(text)


def assert_lines(text: str) -> None:
    """Lines of at most 75 octets that end in CR and LF, and no other control."""
    *lines, rest = text.split("\r\n")
    assert rest == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all(char.isprintable() or ord(char) > 0x9F for line in lines for char in line)


# Address books


def cards(text: str) -> list[Any]:
    return list(vobject.readComponents(text))


def test_a_card_says_who_it_is_and_how_to_reach_him() -> None:
    text = written("vcard", [ITEM])
    assert_lines(text)
    [card] = cards(text)
    assert (card.fn.value, card.n.value.family, card.n.value.given) == ("Ann Lee", "Lee", "Ann")
    assert card.org.value == ["Acme; Söhne, GmbH"]
    assert card.title.value == "CTO; founder"
    assert [email.value for email in card.email_list] == ["ann@acme.example", "al@home.example"]
    assert card.tel.value == "+44 20 7946 0958"
    assert card.categories.value == ["a,b", "c"]
    assert card.note.value == "é" * 200


def test_a_person_has_one_card_however_many_deals_he_is_in() -> None:
    other = replace(
        ITEM, id=13, contacts=(replace(ANN, name="A. Lee"), Contact("Bob Ray"), Contact("Bob Ray"))
    )
    found = cards(written("vcard", [ITEM, other]))
    assert [card.fn.value for card in found] == ["Ann Lee", "Bob Ray"]
    assert found[0].uid.value == cards(written("vcard", [other]))[0].uid.value


def test_who_wants_no_contact_is_in_no_address_book() -> None:
    blocked = replace(ANN, blocked=True)
    assert written("vcard", [replace(ITEM, contacts=(blocked,))]) == ""
    [event] = events(written("ical", [replace(planned(date(2026, 12, 1)), contacts=(blocked,))]))
    assert "7946" not in str(event["DESCRIPTION"])
    assert "Ann" not in str(event["SUMMARY"])


@given(st.lists(RECORDS, max_size=3))
@settings(max_examples=12)
def test_any_contact_is_a_card_that_another_parser_reads(records: list[Opportunity]) -> None:
    text = written("vcard", records)
    assert_lines(text or "\r\n")
    notes = {clean(o.notes, lines=True) for o in records}
    for card in cards(text):
        assert (card.note.value if "note" in card.contents else "") in notes
