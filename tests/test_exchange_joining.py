"""Files that belong together, in one run: companies, people, deals and activities find each other."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from desks import Clock, desk_at, everything
from test_exchange_merging import records, take_in

from huntertui.desk import Desk
from huntertui.exchange import Mappings, TakingIn, plan, read, write
from huntertui.model.opportunity import Kind
from huntertui.model.touch import Outcome

COMPANIES = """Id,Name,BillingCity,BillingCountry,Phone
001A,Acme GmbH,Berlin,Germany,+49 30 123456
001B,Globex,Ulm,Germany,
001C,Initech,Paris,France,
"""
PEOPLE = """Id,FirstName,LastName,AccountId,Email,Description
003A,Ann,Lee,001A,ann@acme.example,likes tea
003B,Bob,Ray,001A,bob@acme.example,
003C,Cat,Fox,001B,cat@globex.example,
003D,Dee,Doe,,dee@alone.example,
"""
DEALS = """Id,Name,AccountId,StageName,CloseDate,Amount,CreatedDate
006A,Fleet,001A,Proposal,2026-12-18,500,2026-11-20
006B,Parts,001A,Closed Lost,2026-01-10,70,2025-11-20
"""
ACTIVITIES = """Id,WhoId,WhatId,AccountId,Subject,TaskSubtype,ActivityDate,Status,Description
00TA,003A,006A,001A,Called about the fleet,Call,2026-11-21,Completed,wants two
00TB,003C,,001B,Ring again,Call,2026-12-05,Not Started,
00TC,003C,,001B,Send the offer,Email,2026-11-30,Not Started,
00TF,003C,,001B,Ring a third time,Call,2026-12-09,Not Started,
00TD,,,001C,Intro,Call,2026-11-22,Completed,
00TE,003X,,,Lost call,Call,2026-11-22,Completed,
"""
ALL = {"companies": COMPANIES, "people": PEOPLE, "deals": DEALS, "activities": ACTIVITIES}


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return desk_at("memory:", clock)


def test_each_row_finds_where_it_belongs(desk: Desk, tmp_path: Path) -> None:
    done = take_in(desk, tmp_path, *ALL.values())
    assert (done.rows, done.added, done.merged, done.rejected) == (15, 5, 9, 1)
    found = {o.title: o for o in records(desk)}
    assert set(found) == {"Fleet", "Parts", "Globex", "Initech", "Dee Doe"}
    fleet = found["Fleet"]
    assert (fleet.company, fleet.country, fleet.extra["BillingCity"]) == ("Acme GmbH", "Germany", "Berlin")
    assert [contact.name for contact in fleet.contacts] == ["", "Ann Lee", "Bob Ray"]
    assert fleet.contacts[0].phones == ("+49 30 123456",)
    assert "Ann Lee: likes tea" in fleet.notes
    assert found["Globex"].contacts[0].name == "Cat Fox"
    # the lost deal takes nobody while an open one is there
    assert [contact.name for contact in found["Parts"].contacts] == [""]
    (_, (error,)) = next(pair for pair in done.errors if pair[1])
    assert (error.line, error.message) == (7, "belongs to nothing here: import that first, or along")


def test_activities_become_touches_steps_and_notes(desk: Desk, tmp_path: Path) -> None:
    assert take_in(desk, tmp_path, *ALL.values()).attached == 5
    found = {o.title: o for o in records(desk)}
    fleet, globex, initech = found["Fleet"], found["Globex"], found["Initech"]
    touch = desk.history(fleet.id)[0]
    assert (touch.kind, touch.doc["outcome"], touch.doc["contact"]) == ("touch", "talked", "Ann Lee")
    assert touch.doc["note"] == "Called about the fleet\nwants two"
    assert fleet.last_touch is not None
    assert (fleet.touches, fleet.last_touch.at, fleet.clock) == (1, fleet.clock, fleet.last_touch.at)
    assert (initech.touches, initech.triage) == (1, False)
    assert globex.next is not None
    assert (globex.next.what, globex.next.kind) == ("Send the offer", Kind.OWN)
    notes = {event.text for event in desk.history(globex.id)}
    assert {"to do by 2026-12-05: Ring again", "to do by 2026-12-09: Ring a third time"} < notes


def test_the_order_of_the_files_says_nothing(tmp_path: Path) -> None:
    outcomes = []
    for order in list(permutations(ALL.values()))[::4]:
        desk = desk_at("memory:", Clock())
        take_in(desk, tmp_path, *order)
        outcomes.append([doc for table in ("opportunities", "events") for _, doc in desk.store.find(table)])
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_a_second_run_of_all_or_any_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, *ALL.values())
    before = everything(desk.store)
    for texts in ([*ALL.values()], *([text] for text in ALL.values())):
        again = take_in(desk, tmp_path, *texts)
        assert (again.added, again.updated, again.attached, again.import_id) == (0, 0, 0, None)
    assert everything(desk.store) == before
    desk.undo()
    assert all(not found for found in everything(desk.store).values())


def test_what_came_before_is_found_by_what_comes_later(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, COMPANIES)
    assert take_in(desk, tmp_path, PEOPLE).added == 1
    assert take_in(desk, tmp_path, ACTIVITIES).attached == 5
    found = {o.title: o for o in records(desk)}
    acme = found["Acme GmbH"]
    assert [contact.name for contact in acme.contacts] == ["", "Ann Lee", "Bob Ray"]
    assert "call, talked: Called about the fleet\nwants two" in [
        event.text for event in desk.history(acme.id)
    ]


def test_people_whom_a_deal_names_come_to_it_alone(desk: Desk, tmp_path: Path) -> None:
    deals = (
        "Record ID,Deal Name,Deal Stage,Associated Company IDs,Associated Contact IDs\n"
        "1,Fleet,Proposal,7,11;12\n2,Parts,Proposal,7,\n"
    )
    people = (
        "Record ID,First Name,Last Name,Email,Associated Company IDs\n"
        "11,Ann,Lee,ann@acme.example,7\n12,Bob,Ray,,7\n13,Cat,Fox,,7\n"
    )
    done = take_in(desk, tmp_path, people, deals)
    assert (done.added, done.merged) == (2, 3)
    fleet, parts = records(desk)
    assert [contact.name for contact in fleet.contacts] == ["Ann Lee", "Bob Ray", "Cat Fox"]
    assert [contact.name for contact in parts.contacts] == ["Cat Fox"]


def test_people_of_a_company_without_a_row_are_records_of_their_own(desk: Desk, tmp_path: Path) -> None:
    assert take_in(desk, tmp_path, PEOPLE).added == 4


def test_a_task_never_takes_the_place_of_what_people_planned(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, COMPANIES, PEOPLE)
    cat = next(o for o in records(desk) if o.company == "Globex")
    desk.snooze(cat.id, "2dec")
    planned = desk.opportunity(cat.id)
    assert planned is not None
    take_in(desk, tmp_path, ACTIVITIES)
    after = desk.opportunity(cat.id)
    assert after is not None
    assert after.next == planned.next
    assert len(desk.history(cat.id)) >= 2


def test_who_wants_no_contact_gets_none_by_any_file(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, DEALS, PEOPLE)
    desk.add("Bob Ray @Acme bob@acme.example")
    bob = max(o.id for o in records(desk))
    desk.log(bob, Outcome.DO_NOT_CONTACT)
    desk.undo()
    desk.redo()
    other = desk_at("memory:", Clock())
    other.add("Bob Ray @Acme bob@acme.example")
    other.log(1, Outcome.DO_NOT_CONTACT)
    done = take_in(other, tmp_path, *ALL.values())
    assert done.blocked == 1
    assert [c.name for o in records(other)[1:] for c in o.contacts if "Bob" in c.name] == []


@pytest.mark.parametrize("more", [(), (COMPANIES,)], ids=["people alone", "with companies"])
def test_colleagues_are_each_somebody_to_call(desk: Desk, tmp_path: Path, more: tuple[str, ...]) -> None:
    """That they work for the same company, or belong to a deal in no file, makes no one of them."""
    people = PEOPLE.replace("003C,Cat,Fox,001B", "003C,Cat,Fox,001A")
    done = take_in(desk, tmp_path, people, *more)
    names = {tuple(contact.name for contact in o.contacts if contact.name) for o in records(desk)}
    assert names >= {("Ann Lee",), ("Bob Ray",), ("Cat Fox",), ("Dee Doe",)}
    assert done.added == 4 + (2 if more else 0)  # Globex and Initech, of whom nobody comes along


# Files that mean no good


def test_a_company_of_very_many_people_stays_within_bounds(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.exchange.intake.MOST_PEOPLE", 3)
    people = "Id,FirstName,LastName,AccountId\n" + "".join(f"003{n},Ann,Lee{n},001A\n" for n in range(6))
    done = take_in(desk, tmp_path, people, DEALS)
    assert (done.added, done.merged) == (5, 3)
    assert max(len(o.contacts) for o in records(desk)) == 3
    assert take_in(desk, tmp_path, people, DEALS).added == 0


def test_very_many_rows_that_are_the_same_person_are_no_likeness(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.exchange.intake._MOST", 3)
    text = "Contact,Email\n" + "".join(f"Ann {n},ann@acme.example\n" for n in range(5))
    done = take_in(desk, tmp_path, text)
    assert (done.added, done.merged, done.rejected) == (1, 2, 2)
    assert "has the same e-mail as 3 other rows" in done.errors[0][1][0].message


def test_a_colleague_who_takes_in_the_same_notes_meanwhile_doubles_none(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, DEALS)
    file = tmp_path / "notes.csv"
    file.write_text("Id,WhatId,Subject,TaskSubtype,Status\n00TZ,006A,Check credit,Task,Cancelled\n")
    readings = read(file, desk.policy, desk.me, desk.now())
    planned = plan(desk.store, readings, desk.me, desk.now())
    assert write(desk.store, planned, readings, "ben", desk.now()).attached == 1
    done = write(desk.store, planned, readings, desk.me, desk.now())
    assert (done.attached, done.skipped, done.import_id) == (0, 1, None)


def test_a_row_that_is_rejected_only_when_it_is_written_is_put_aside_too(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, DEALS)
    file = tmp_path / "calls.csv"
    file.write_text("Id,WhatId,Subject,TaskSubtype,Status\n00TZ,006A,Called,Call,Completed\n")
    run = TakingIn(desk.store, desk.policy, desk.me, desk.now(), Mappings({}, {}))
    run.read(file)
    planned = run.plan(lambda _: None)
    run.check_places(planned)
    desk.store.transact(lambda tx: tx.delete("opportunities", 1), "ben")
    done = run.write(planned, lambda _: None)
    assert done.rejected == 1
    assert ["calls.csv.rejects.csv" in said for said in run.put_aside(done)] == [True]
    assert "00TZ" in (tmp_path / "calls.csv.rejects.csv").read_text()


def test_a_record_that_others_have_spoilt_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, tmp_path, PEOPLE)
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"expected_close": "2026-02-30"}), "ben")
    done = take_in(desk, tmp_path, PEOPLE)
    assert (done.skipped, done.rejected) == (3, 1)
    assert "belongs to a record that cannot be read: opportunity #1" in done.errors[0][1][0].message


def test_how_far_it_is_is_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("Contact,Company\n" + "".join(f"Ann,Company {n}\n" for n in range(1_000)))
    readings = read(file, desk.policy, "ana", desk.now())
    parts: list[float] = []
    planned = plan(desk.store, readings, "ana", desk.now(), parts.append)
    middle = len(parts)
    write(desk.store, planned, readings, "ana", desk.now(), parts.append)
    assert middle > 2
    assert len(parts) > middle + 1
    assert all(part <= 1 for part in parts)
    assert parts[:middle] == sorted(parts[:middle])
    assert parts[middle:] == sorted(parts[middle:])


def test_an_activity_takes_the_place_of_a_date_without_a_word(desk: Desk, tmp_path: Path) -> None:
    deals = (
        "Deal - ID,Deal - Title,Deal - Status,Deal - Next activity date\n"
        "1,Gears,Open,2026-12-01\n2,Bolts,Open,2026-12-01\n"
    )
    activities = (
        "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,"
        "Activity - Done,Deal - ID\n"
        "1,Demo,Meeting,2026-12-18,14:00,To do,1\n2,Send the quote,Task,2026-12-01,,To do,1\n"
    )
    take_in(desk, tmp_path, deals, activities)
    gears, bolts = (next(o for o in records(desk) if o.name == name) for name in ("Gears", "Bolts"))
    assert gears.next is not None
    assert bolts.next is not None
    assert (gears.next.what, gears.next.due) == ("Send the quote", date(2026, 12, 1))
    assert (bolts.next.what, bolts.next.due) == ("", date(2026, 12, 1))
    # What gives way is told in the team's time.
    assert "to do by 2026-12-18 14:00: Demo" in {event.text for event in desk.history(gears.id)}


def test_a_person_goes_to_the_open_deals_of_a_company_of_that_name(desk: Desk, tmp_path: Path) -> None:
    deals = (
        "Deal Name,Company,Stage\nGears,Acme GmbH,Proposal\nBolts,Acme,Closed Won\nNuts,Globex,Closed Won\n"
    )
    people = "First Name,Last Name,Company,Shoe\nAnn,Lee,ACME Gmbh,38\nBob,Ray,Initech,\n"
    assert take_in(desk, tmp_path, people, deals).added == 4
    found = {o.title: [contact.name for contact in o.contacts] for o in records(desk)}
    assert found == {"Gears": ["Ann Lee"], "Bolts": [], "Nuts": [], "Initech": ["Bob Ray"]}
    assert take_in(desk, tmp_path, people, deals).import_id is None


def test_a_lead_of_close_goes_into_its_opportunities(desk: Desk, tmp_path: Path) -> None:
    leads = (
        "id,display_name,status_label,contacts,next_task_text,next_task_date\n"
        'lead_1,Acme,Qualified,"[{""name"": ""Ann Lee""}, {""name"": ""Bob Ray""}]",Call again,2026-12-01\n'
        'lead_2,Acme,Qualified,"[{""name"": ""Cat Fox""}]",,\n'
    )
    opportunities = (
        "id,lead_id,lead_name,status_label,status_type,value,contact_name\n"
        "oppo_1,lead_1,Acme,Proposal,active,500,Ann Lee\n"
    )
    assert take_in(desk, tmp_path, leads, opportunities).added == 2
    deal, lead = records(desk)
    assert [contact.name for contact in deal.contacts] == ["Ann Lee", "Bob Ray"]
    assert deal.next is not None
    assert (deal.stage, deal.next.what, deal.next.due) == ("proposal", "Call again", date(2026, 12, 1))
    assert (lead.stage, [contact.name for contact in lead.contacts]) == ("qualified", ["Cat Fox"])
    assert take_in(desk, tmp_path, leads, opportunities).import_id is None


def test_a_company_that_comes_along_leaves_people_on_all_its_deals(desk: Desk, tmp_path: Path) -> None:
    deals = "Record ID,Deal Name,Deal Stage,Associated Company IDs\n1,One,Proposal,90\n2,Two,Proposal,90\n"
    people = "Record ID,First Name,Email,Primary Associated Company ID\n5,Mia,mia@hub.example,90\n"
    take_in(desk, tmp_path, deals, people, "Record ID,Company name\n90,HubCo\n")
    assert [[contact.name for contact in o.contacts] for o in records(desk)] == [["Mia"], ["Mia"]]


def test_a_deleted_activity_is_left_out(desk: Desk, tmp_path: Path) -> None:
    tasks = ACTIVITIES.replace("Description\n", "Description,IsDeleted\n").replace(
        "wants two", "wants two,true"
    )
    done = take_in(desk, tmp_path, COMPANIES, PEOPLE, DEALS, tasks)
    assert (done.left_out, done.attached) == (1, 4)
