"""What a row becomes: the record that a salesperson finds after the import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.exchange import ImportFault, Mappings, Reading, read
from huntertui.exchange.kinds import Role
from huntertui.model.calendar import Calendar
from huntertui.model.codec import from_doc, to_doc
from huntertui.model.opportunity import Channel, Contact, Kind, LastTouch, NextStep, Opportunity, Priority
from huntertui.model.pipeline import STAGES, Discipline, Pipeline, Policy, Stage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin
POLICY = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def reading(
    path: Path, text: str, policy: Policy = POLICY, owners: Mapping[str, str] | None = None
) -> Reading:
    path.write_text(text, encoding="utf-8", newline="")
    (found,) = read(path, policy, "ana", NOW, owners or {})
    return found


def only(path: Path, text: str, policy: Policy = POLICY) -> Opportunity:
    found = reading(path, text, policy)
    assert found.errors == ()
    (draft,) = found.drafts
    return draft.opportunity


def row(path: Path, **cells: str) -> Opportunity:
    """The record of one row of a plain file; underscores in headers stand for spaces."""
    headers = ",".join(name.replace("_", " ") for name in cells)
    values = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells.values())
    return only(path, f"{headers}\n{values}\n")


SALESFORCE = (
    '"ID","ISDELETED","ACCOUNTID","NAME","DESCRIPTION","STAGENAME","AMOUNT","PROBABILITY","CLOSEDATE",'
    '"NEXTSTEP","ISCLOSED","ISWON","OWNERID","CREATEDDATE","LASTACTIVITYDATE"\n'
    '"006A","false","001A","Globex - 50 Gears","First order.","Needs Analysis","7000.0","20.0","2006-02-24",'
    '"Need estimate","false","false","005A","2006-06-15T20:47:07.000Z",""\n'
    '"006B","false","001A","Globex - 50 Gears","","Closed Won","500.5","100.0","2005-11-09",'
    '"Closed!","true","true","005A","2006-06-15T20:47:07.000Z",""\n'
    '"006C","false","001A","Globex - 50 Gears","","Closed Lost","","0.0","2006-01-10",'
    '"","true","false","005A","2006-06-15T20:47:07.000Z","2006-06-20"\n'
    '"006D","true","001A","Globex - gone","","Prospecting","","10.0","2006-01-10",'
    '"","false","false","005A","2006-06-15T20:47:07.000Z",""\n'
)


def test_salesforce_opportunities(path: Path) -> None:
    found = reading(path, SALESFORCE)
    assert (found.kind, found.errors) == ("Salesforce opportunities", ())
    assert found.notices == ("rows marked as deleted, left out: 1",)
    assert [draft.key for draft in found.drafts] == [("salesforce", f"006{c}") for c in "ABC"]
    assert [draft.line for draft in found.drafts] == [2, 3, 4]
    first, won, lost = (draft.opportunity for draft in found.drafts)
    created = datetime(2006, 6, 15, 20, 47, 7, tzinfo=UTC)
    assert first == Opportunity(
        name="Globex - 50 Gears",
        owner="ana",
        source_owner="005A",
        stage="qualified",
        highest="qualified",
        value=7000_00,
        currency="EUR",
        next=NextStep("Need estimate", Kind.OWN),
        expected_close=date(2006, 2, 24),
        original_close=date(2006, 2, 24),
        created=created,
        clock=created,
        triage=True,
        notes="First order.",
        external_ids={"salesforce": ("006A",)},
        extra={"ACCOUNTID": "001A", "STAGENAME": "Needs Analysis", "PROBABILITY": "20.0"},
    )
    assert (won.stage, won.closed_on, won.closed_from) == ("won", date(2005, 11, 9), "verbal")
    assert (won.highest, won.value, won.next, won.triage, won.expected_close) == (
        "verbal",
        500_50,
        None,
        False,
        None,
    )
    assert won.extra["NEXTSTEP"] == "Closed!"
    assert (lost.stage, lost.closed_on, lost.closed_from) == ("lost", date(2006, 1, 10), "qualified")
    assert lost.clock == datetime(2006, 6, 20, 7, 0, tzinfo=UTC)


def test_a_contact_is_one_new_opportunity_of_its_company(path: Path) -> None:
    found = reading(
        path,
        "id,first_name,last_name,title,background,first_seen,last_seen,status,tags,company_name,company,sales,"
        "email_work,email_home,phone_work,phone_other\n"
        '7,Ann,Smith,CTO,"Met in Oslo.\nLikes tea.",2026-11-01T18:04:34.666+00:00,'
        '2026-11-20T11:39:02.318+00:00,warm,"vip, holiday-card",'
        "Acme,Acme,Jane Doe,Ann@acme.example,ann@home.example,1-555-0847 x371,\n"
        "8,Bob,Smith,,,,,,,Acme,Acme Ltd,,ann@acme.example,,,(415) 293-3313\n",
    )
    assert (found.kind, found.errors) == ("CRM contacts", ())
    ann, bob = (draft.opportunity for draft in found.drafts)
    assert (ann.name, ann.company, ann.title, ann.stage, ann.notes) == (
        "",
        "Acme",
        "Acme",
        "new",
        "Met in Oslo.\nLikes tea.",
    )
    assert ann.contacts == (
        Contact("Ann Smith", "CTO", ("Ann@acme.example", "ann@home.example"), ("1-555-0847 x371",)),
    )
    assert ann.created == datetime(2026, 11, 1, 18, 4, 34, 666000, tzinfo=UTC)
    assert ann.clock == datetime(2026, 11, 20, 11, 39, 2, 318000, tzinfo=UTC)
    assert ann.last_touch == LastTouch(ann.clock, "Jane Doe", "activity", "imported")
    assert (ann.owner, ann.source_owner, ann.tags) == ("ana", "Jane Doe", ("vip", "holiday-card"))
    assert (ann.cadence, ann.triage) == ("hunter6", False)
    assert ann.external_ids["crm:contact"] == ("7",)
    assert ann.extra == {"status": "warm"}
    assert (bob.company, bob.extra) == ("Acme Ltd", {"company_name": "Acme"})  # the lesser column
    assert bob.contacts == (Contact("Bob Smith", "", ("ann@acme.example",), ("(415) 293-3313",)),)
    assert (bob.created, bob.clock, bob.last_touch) == (NOW, NOW, None)


def test_several_people_in_one_cell(path: Path) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Associated Contact,Associated Contact IDs\n"
        "1,Gears,Proposal,Ann Lee (ann@acme.example);Bob Ray;cid@acme.example,11;12;13\n"
    )
    (draft,) = reading(path, text).drafts
    assert draft.opportunity.contacts == (
        Contact("Ann Lee", "", ("ann@acme.example",)),
        Contact("Bob Ray"),
        Contact("", "", ("cid@acme.example",)),
    )
    assert draft.links == (("hubspot:contact", "11"), ("hubspot:contact", "12"), ("hubspot:contact", "13"))
    assert (draft.role, draft.key) == (Role.DEAL, ("hubspot:deal", "1"))


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        (
            "Ann Lee <ann@x.example>, Bob <bob@x.example>",
            [("Ann Lee", "ann@x.example"), ("Bob", "bob@x.example")],
        ),
        ("ann@x.example, bob@x.example", [("", "ann@x.example"), ("", "bob@x.example")]),
        ("Lee, Ann; Ray, Bob", [("Lee, Ann", ""), ("Ray, Bob", "")]),
        ("Ann Lee, Bob Ray", [("Ann Lee", ""), ("Bob Ray", "")]),
        ("Ann Lee, PhD", [("Ann Lee, PhD", "")]),
        ("Ann Lee (CTO)", [("Ann Lee (CTO)", "")]),
    ],
)
def test_people_of_a_box(path: Path, cell: str, people: list[tuple[str, str]]) -> None:
    o = only(path, f'Name,Stage,Box Key,Contacts\nGears,New,k1,"{cell}"\n')
    assert [(contact.name, "".join(contact.emails)) for contact in o.contacts] == people


def test_a_table_of_our_own_export(path: Path) -> None:
    o = only(
        path,
        "Huntertui ID,Opportunity Name,Company,Contact,Other Contacts,Stage,Lost Reason,"
        "Lost Remark,Other Columns\n"
        'abc,Gears,Acme,Ann Lee,"Bob Ray, CTO, bob@acme.example, +44 20 7946 0958\ncid@acme.example",lost,'
        'price,"too dear","Source: fair\nSize: 50"\n',
    )
    assert o.contacts == (
        Contact("Ann Lee"),
        Contact("Bob Ray", "CTO", ("bob@acme.example",), ("+44 20 7946 0958",)),
        Contact("", "", ("cid@acme.example",)),
    )
    assert (o.lost_reason, o.lost_text) == ("price", "too dear")
    assert o.extra == {"Source": "fair", "Size": "50"}
    assert o.external_ids == {"huntertui": ("abc",)}


def test_a_report_of_salesforce_cuts_its_ids_short(path: Path) -> None:
    header = "ID,ACCOUNTID,NAME,STAGENAME,CLOSEDATE\n"
    (short,) = reading(path, f"{header}006x0000001YtCr,001x0000002xLD0,Gears,Prospecting,\n").drafts
    (whole,) = reading(path, f"{header}006x0000001YtCrAAK,001x0000002xLD0AAM,Gears,Prospecting,\n").drafts
    assert short.key == whole.key == ("salesforce", "006x0000001YtCrAAK")
    assert short.links == whole.links == (("salesforce", "001x0000002xLD0AAM"),)


def test_a_name_in_parts(path: Path) -> None:
    o = only(path, "Given Name,Additional Name,Family Name,Name,Group Membership\nAnn,B.,Lee,,* myContacts\n")
    assert (o.contacts, o.tags, o.extra) == ((Contact("Ann B. Lee"),), ("myContacts",), {})
    o = only(path, "Given Name,Family Name,Name,Group Membership\nAnn,Lee,Dr. Ann Lee,\n")
    assert (o.contacts, o.extra) == ((Contact("Dr. Ann Lee"),), {})


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Prospecting", "new"),
        ("Qualification", "qualified"),
        ("Needs Analysis", "qualified"),
        ("Value Proposition", "meeting"),
        ("Id. Decision Makers", "meeting"),
        ("Perception Analysis", "meeting"),
        ("Proposal/Price Quote", "proposal"),
        ("Negotiation/Review", "negotiation"),
        ("Closed Won", "won"),
        ("closed lost", "lost"),
        ("Contact Made", "contacted"),
        ("nurture", "nurture"),
        ("Appointment Scheduled (Sales Pipeline)", "meeting"),
        ("3. Negotiation (old)", "negotiation"),
        ("Bad Fit", "lost"),
        *((stage.name.upper(), stage.name) for stage in STAGES),
    ],
)
def test_known_stages(path: Path, theirs: str, ours: str) -> None:
    found = reading(path, f"Deal Name,Stage\nX,{theirs}\n")
    o = found.drafts[0].opportunity
    assert (o.stage, found.notices) == (ours, ())
    assert o.extra == ({} if theirs.lower() == ours else {"Stage": theirs})


@pytest.mark.parametrize(
    ("headers", "cells", "stage", "guessed"),
    [
        ("Stage,Is Closed,Is Won", "Signed off,true,true", "won", False),
        ("Stage,Is Closed,Is Won", "Gone,true,false", "lost", False),
        ("Stage,Is Closed", "Closed Won,true", "won", False),
        ("Stage,Is Closed", "Gone,yes", "lost", False),
        ("Stage,Is Closed,Is Won", "Legal,false,false", "new", True),
        ("Stage,Probability", "Legal,70.0", "proposal", True),
        ("Stage,Probability", "Legal,1", "new", True),
        ("Stage,Probability", "Legal,100 %", "verbal", True),
        ("Stage,Last Activity", "Legal,2026-11-20", "contacted", True),
        ("Stage,Status", "Legal,Open", "new", True),
        ("Stage,Status", "Proposal,Open", "proposal", False),
        ("Stage,Status", "Proposal,Won", "won", False),
        ("Status,Value", "Qualified,5", "qualified", False),
        ("Status", "Close Lost –> Price", "lost", False),
        ("Status", "Won: order signed", "won", False),
        ("Status", "Lost contact", "new", True),
        ("Stage,Probability,Lost Reason", "Proposal,0.0,Too dear", "lost", False),
        ("Stage,Probability,Lost Reason", "Proposal,60,Too dear", "proposal", False),
        ("Stage,Probability", "Legal,0.7", "proposal", True),
        ("Stage", "50%", "meeting", True),
        ("Stage", "90 % - Verbal", "verbal", False),
        ("Stage", "0% - Lost", "lost", False),
        ("Value", "5", "new", False),
        ("Value,Last Activity", "5,2026-11-20", "new", False),
    ],
)
def test_other_stages(path: Path, headers: str, cells: str, stage: str, guessed: bool) -> None:
    found = reading(path, f"Deal Name,{headers}\nX,{cells}\n")
    o = found.drafts[0].opportunity
    assert o.stage == stage
    word = cells.split(",")[0]
    said = f"stage {word!r} is not known here: 1 row to {stage}, or where --stage '{word}=...' says"
    said += f"; --new-stage {word!r} keeps it"
    assert found.notices == ((said,) if guessed else ())
    if guessed:
        assert o.extra[headers.split(",")[0]] == word


def test_stages_stand_where_their_numbers_say(path: Path) -> None:
    words = ["1. Intro", "2 - Needs Analysis", "Step 3: Legal", "4) Board", "5. Closed Won"]
    text = "Deal Name,Stage\n" + "".join(f"{word},{word}\n" for word in words)
    found = [draft.opportunity.stage for draft in reading(path, text).drafts]
    assert found == ["new", "qualified", "proposal", "verbal", "won"]


def test_what_people_say_of_a_stage_decides(path: Path) -> None:
    path.write_text("Deal Name,Stage\na,Legal check\nb,Proposal\nc,Over\n")
    said = Mappings({}, {}, {"legal CHECK": "negotiation", "Proposal": "meeting", "Over": "lost"})
    (found,) = read(path, POLICY, "ana", NOW, mappings=said)
    assert [draft.opportunity.stage for draft in found.drafts] == ["negotiation", "meeting", "lost"]
    assert found.notices == ()


def test_a_team_with_other_stages(path: Path) -> None:
    stages = (
        Stage("fresh", Discipline.PROSPECTING, 1, 2),
        Stage("in talks", Discipline.FOLLOWING_UP, 5, 10),
        Stage("offer", Discipline.CLOSING, 5, 60),
    )
    policy = replace(POLICY, pipeline=Pipeline(stages))
    text = "Deal Name,Stage\na,In Talks\nb,Prospecting\nc,Negotiation\nd,Closed Won\ne,Closed Lost\nf,Foo\n"
    found = [draft.opportunity for draft in reading(path, text, policy).drafts]
    assert [o.stage for o in found] == ["in talks", "fresh", "offer", "won", "lost", "fresh"]
    assert [o.closed_from for o in found[3:5]] == ["offer", "in talks"]


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        ({}, None),
        ({"next_step": "Send offer"}, NextStep("Send offer")),
        (
            {"next_step": "Send offer", "next_date": "2026-11-24"},
            NextStep("Send offer", Kind.OWN, None, date(2026, 11, 24), date(2026, 11, 23)),
        ),
        (
            {"next_step": "Ring", "next_date": "2026-11-24 15:30", "next_type": "Call"},
            NextStep(
                "Ring", Kind.OWN, Channel.CALL, datetime(2026, 11, 24, 14, 30, tzinfo=UTC), date(2026, 11, 23)
            ),
        ),
        ({"next_date": "2026-11-20"}, NextStep("", Kind.OWN, None, date(2026, 11, 20))),
        (
            {"next_step": "Demo", "next_date": "2026-12-15 10:00", "next_type": "Appointment"},
            NextStep("Demo", Kind.AGREED, Channel.MEETING, datetime(2026, 12, 15, 9, tzinfo=UTC)),
        ),
        ({"next_meeting": "2026-12-15"}, NextStep("", Kind.AGREED, Channel.MEETING, date(2026, 12, 15))),
        ({"next_meeting": "2026-11-16"}, NextStep("", Kind.OWN, None, date(2026, 11, 16))),
    ],
)
def test_next_steps(path: Path, cells: dict[str, str], step: NextStep | None) -> None:
    o = row(path, deal_name="X", stage="Proposal", **cells)
    assert o.next == step
    assert o.own_dates == (1 if step and step.set_on else 0)


@pytest.mark.parametrize(
    ("cells", "triage"),
    [
        ({"created": "2006-06-15"}, True),
        ({"created": "2006-06-15", "last_activity": "2026-11-20"}, False),
        (
            {"created": "2006-06-15", "next_date": "2026-11-25"},
            True,
        ),  # an own date moves no limit that is past
        ({"created": "2006-06-15", "next_meeting": "2026-12-15"}, False),  # a promise works at once
        ({"close_date": "2026-11-20"}, True),
        ({"close_date": "2026-12-20"}, False),
        ({"next_date": "2026-11-20"}, True),
        ({}, False),
    ],
)
def test_what_is_past_a_limit_is_to_triage(path: Path, cells: dict[str, str], triage: bool) -> None:
    assert row(path, deal_name="X", stage="Proposal", **cells).triage is triage


def test_the_clock_starts_with_the_last_activity_or_the_creation(path: Path) -> None:
    o = row(path, deal_name="X", created="2026-11-02T08:00:00Z")
    assert o.created == o.clock == datetime(2026, 11, 2, 8, tzinfo=UTC)
    o = row(path, deal_name="X", last_activity="2026-11-02T08:00:00Z")
    assert o.created == o.clock == datetime(2026, 11, 2, 8, tzinfo=UTC)
    o = row(path, deal_name="X", last_activity="2026-12-02", created="2027-01-01")
    assert (o.created, o.clock, o.last_touch) == (NOW, NOW, None)
    assert o.extra == {"last activity": "2026-12-02"}  # planned, not done
    o = row(path, deal_name="X", last_activity="2026-11-23")
    assert o.clock == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_owners(path: Path) -> None:
    text = "Deal Name,Owner,Last Activity\na,Ben Hur,2026-11-20\nb,005X,\nc,,2026-11-20\nd,gone,\n"
    found = reading(path, text, owners={"BEN HUR": "ben", "gone": ""})
    owners = [(d.opportunity.owner, d.opportunity.source_owner) for d in found.drafts]
    assert owners == [("ben", "Ben Hur"), ("ana", "005X"), ("ana", ""), ("", "gone")]
    touched = [d.opportunity.last_touch.by for d in found.drafts if d.opportunity.last_touch]
    assert touched == ["Ben Hur", "ana"]
    assert found.drafts[3].opportunity.unowned_since == NOW


def test_amounts_take_the_column_the_sign_or_the_team(path: Path) -> None:
    text = "Deal Name;Value;Currency\na;1.234;USD\nb;99,50;\nc;$5;\nd;€5;chf\ne;-;USD\n"
    found = [draft.opportunity for draft in reading(path, text).drafts]
    assert [(o.value, o.currency) for o in found] == [
        (1234_00, "USD"),
        (99_50, "EUR"),
        (5_00, "USD"),
        (5_00, "CHF"),
        (None, ""),
    ]


def test_thousands_are_not_taken_for_granted_where_a_currency_has_three_digits(path: Path) -> None:
    found = reading(path, "Deal Name,Value,Currency\nB,15.500,KWD\nC,15.5,KWD\n")
    assert [draft.opportunity.value for draft in found.drafts] == [15_500, 15_500]
    found = reading(path, "Deal Name,Value,Currency\nA,1.200,EUR\nB,15.500,KWD\n")
    assert [draft.opportunity.value for draft in found.drafts] == [120_000]
    assert [str(error) for error in found.errors] == [
        "line 3, Value: '15.500' may be 15500 or a fraction: write 15500.00 or 15.5000"
    ]


@pytest.mark.parametrize(
    ("why", "reason", "text"),
    [
        ("Price", "price", ""),
        ("No budget!", "no budget", ""),
        ("Bob said no", "other", "Bob said no"),
        ("Zu teuer", "price", "Zu teuer"),
        ("Lost to Competitor", "competitor", "Lost to Competitor"),
        ("No Budget / Lost Funding", "no budget", "No Budget / Lost Funding"),
        ("Autre", "other", "Autre"),
        ("", "", ""),
    ],
)
def test_lost_reasons(path: Path, why: str, reason: str, text: str) -> None:
    o = row(
        path, deal_name="X", stage="Lost", lost_reason=why, closed_on="2026-01-02", close_date="2026-03-04"
    )
    assert (o.lost_reason, o.lost_text, o.closed_on) == (reason, text, date(2026, 1, 2))
    assert o.extra["close date"] == "2026-03-04"


CLOSE = (
    '[{""name"": ""Ann Lee"", ""title"": ""CTO"", ""emails"": [{""email"": ""al@home.example""}]},'
    ' {""name"": ""Bob Ray"", ""phones"": [{""phone"": ""+44 20 1""}]}, 5]'
)


@pytest.mark.parametrize(
    ("headers", "cells", "contacts"),
    [
        # Of one whom two columns name all counts.
        (
            "Contact,Email,Contacts",
            f'Ann Lee,ann@a.example,"{CLOSE}"',
            (
                Contact("Ann Lee", "CTO", ("ann@a.example", "al@home.example")),
                Contact("Bob Ray", phones=("+44 20 1",)),
            ),
        ),
        ("Company,Contacts", "Acme,[]", ()),
        ("Company,Contacts", "Acme,[broken", (Contact("[broken"),)),
        ("Contact,Title", "Ann Lee,Mrs.", (Contact("Ann Lee"),)),
        ("Contact,Email", "Ann,mailto:ann@a.example?subject=x", (Contact("Ann", "", ("ann@a.example",)),)),
        ("Contact,Phone", "Ann,tel:+44 7", (Contact("Ann", phones=("+44 7",)),)),
        ("Contact,Phone", "Ann,5.5551E+9", (Contact("Ann"),)),  # a spreadsheet has spoilt it
        (
            "Contact,Phone",
            'Ann Lee,"+33 6 11 22 33 44, +33 6 99 88 77 66"',
            (Contact("Ann Lee", phones=("+33 6 11 22 33 44", "+33 6 99 88 77 66")),),
        ),
        (
            "Contact,Phone",
            'Ann Lee,"0711 / 1234567, ext. 5"',
            (Contact("Ann Lee", phones=("0711 / 1234567, ext. 5",)),),
        ),
        # What is called the last name may be the whole.
        ("First Name,Last Name", "Ann,Ann Lee", (Contact("Ann Lee"),)),
    ],
)
def test_people_of_other_programs(
    path: Path, headers: str, cells: str, contacts: tuple[Contact, ...]
) -> None:
    assert only(path, f"{headers}\n{cells}\n").contacts == contacts


@pytest.mark.parametrize(
    ("header", "cell", "name"),
    [
        ("Company", "Acme GmbH (https://www.notion.so/Acme-0a1b?pvs=21)", "Acme GmbH"),
        ("Company", "Acme (Acme%200a1b2c.md)", "Acme"),
        ("Company", "Accounts::::Acme", "Acme"),
        ("Company", '"""Beta, Inc."""', "Beta, Inc."),
        ("Company", "Hotel (1905)", "Hotel (1905)"),
        ("Associated Company", "Acme GmbH (5501)", "Acme GmbH"),
    ],
)
def test_a_name_is_freed_of_what_its_program_puts_around_it(
    path: Path, header: str, cell: str, name: str
) -> None:
    assert only(path, f"{header},Notes\n{cell},x\n").company == name


def test_a_company_among_people_says_so(path: Path) -> None:
    text = "Type,First Name,Last Name,Name,Organisation,Phone\nOrganisation,,,Acme GmbH,,+44 20 1\n"
    o = only(path, text)
    assert (o.company, o.contacts) == ("Acme GmbH", (Contact("", phones=("+44 20 1",)),))


@pytest.mark.parametrize(
    ("header", "cell", "tags"),
    [
        ("Unsubscribed from all email", "true", ("no-email",)),
        ("Email Opt Out", "false", ()),
        ("UNSUB_TIME", "2026-10-01 10:11:12", ("no-email",)),
        ("DONOTCALL", "1", ("do-not-call",)),
        ("Do Not Contact", "asked us to stop", ("do-not-contact",)),
        ("Tags", '"""vip"",""web"""', ("vip", "web")),
    ],
)
def test_what_somebody_wishes_not_to_get_is_a_tag(
    path: Path, header: str, cell: str, tags: tuple[str, ...]
) -> None:
    assert only(path, f"Contact,{header}\nAnn Lee,{cell}\n").tags == tags


def test_what_names_nobody_has_tags_too(path: Path) -> None:
    o = only(path, "Deal Name,Tags,Do Not Contact\nX,a;b,true\n")
    assert (o.contacts, o.tags, o.extra) == ((), ("a", "b", "do-not-contact"), {})


def test_a_day_of_nothing_is_none(path: Path) -> None:
    for nothing in ("0000-00-00 00:00:00", "0/0/00", "00.00.0000", "--", "(No value)"):
        assert only(path, f"Deal Name,Close Date\nX,{nothing}\n").expected_close is None


def test_people_and_what_reaches_them(path: Path) -> None:
    o = row(
        path,
        company="Acme",
        contact="Ann Smith",
        email="Ann <ann@a.example>; ANN@a.example, ann@b.example",
        phone="'+44 20 7946 0958 ::: 030/123; ask Bob",
        tags="a, b;a ::: * c",
        priority="High",
    )
    emails, phones = ("ann@a.example", "ann@b.example"), ("+44 20 7946 0958", "030/123")
    assert o.contacts == (Contact("Ann Smith", "", emails, phones),)
    assert (o.tags, o.priority) == (("a", "b", "c"), Priority.HIGH)
    o = row(path, name="", email="ann@a.example", phone="")
    assert (o.title, o.contacts[0].emails) == ("ann@a.example", ("ann@a.example",))
    o = row(path, company="Acme", email="ask Bob", phone="none", priority="7")
    assert (o.contacts, o.extra) == ((), {"email": "ask Bob", "phone": "none", "priority": "7"})


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        ("URGENT", Priority.URGENT),
        ("Hoch", Priority.HIGH),
        ("1 - High", Priority.HIGH),
        ("Élevée", Priority.HIGH),
        ("Mittel", Priority.NORMAL),
        ("baja", Priority.LOW),
    ],
)
def test_priorities(path: Path, said: str, priority: Priority) -> None:
    o = row(path, deal_name="X", priority=said)
    assert (o.priority, o.extra) == (priority, {})


@pytest.mark.parametrize(
    ("said", "channel"),
    [("call", Channel.CALL), ("Anruf", Channel.CALL), ("Réunion", Channel.MEETING), ("task", None)],
)
def test_types_of_next_steps(path: Path, said: str, channel: Channel | None) -> None:
    o = row(path, deal_name="X", next_step="Ask", next_step_type=said)
    assert o.next
    assert (o.next.channel, o.extra) == (channel, {} if channel else {"next step type": said})


def test_text_is_kept_letter_for_letter_and_steers_nothing(path: Path) -> None:
    o = row(
        path,
        company=" Acme [/red]\nLtd\x1b[2J\u202e ",
        notes="one\r\ntwo\x07",
        **{"X\x1by": "'=cmd|' /C calc'!A0", "Z": "a\nb"},
    )
    assert o.company == "Acme [/red] Ltd�[2J"
    assert o.notes == "one\ntwo�"
    assert o.extra == {"X�y": "=cmd|' /C calc'!A0", "Z": "a\nb"}
    assert row(path, company="'Acme'").company == "'Acme'"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A,soon,,,", "line 3, Close Date: 'soon' is no date: write 2026-11-23"),
        ("A,,1.2.3,,", "line 3, Amount: '1.2.3' is no amount: check"),
        ("A,,5,GOLD,", "line 3, Currency: 'GOLD' is no currency"),
        ("A,,,,maybe", "line 3, Is Closed: 'maybe' is neither yes nor no"),
        (",,5,,", "line 3: nothing names it"),
        ('A,"so "x" y",,,', 'line 3: \'A,"so "x" y",,,\' cannot be read, as a quote inside'),
        ("A,,,,,more", "line 3: 'more' is beyond the header's 5 columns"),
        ("x" * 1001 + ",,,,", "line 3, Deal Name: '" + "x" * 59 + "…' is longer than 1,000"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(path: Path, line: str, says: str) -> None:
    found = reading(path, f"Deal Name,Close Date,Amount,Currency,Is Closed\nfirst,,,,\n{line}\nlast,,,,,,\n")
    assert [str(error)[: len(says)] for error in found.errors] == [says]
    assert [draft.opportunity.name for draft in found.drafts] == ["first", "last"]


def test_line_numbers_count_lines_and_not_rows(path: Path) -> None:
    found = reading(path, 'Company,Created,Notes\n\n"Acme\nLtd",2026-01-01,"a\nb"\nB,ever,\n')
    assert [draft.line for draft in found.drafts] == [3]
    assert [(error.line, error.column, error.value) for error in found.errors] == [(6, "Created", "ever")]


def test_rows_without_an_id_are_told_again_by_what_they_say(path: Path) -> None:
    keys = [d.key for d in reading(path, "Company,City\nAcme,Bonn\nAcme,Ulm\nAcme,Bonn\n").drafts]
    assert keys[0] == keys[2] != keys[1]
    assert [d.key for d in reading(path, "City;Company\nUlm;Acme\n").drafts] == [keys[1]]
    # An id in a file of no known kind may be anybody's: it counts together with the names.
    one, two = (
        reading(path, f"Id,Company,City\n{row}\n").drafts[0] for row in ("1,Acme,Bonn", "1,Globex,Bonn")
    )
    same = reading(path, "Id,Company,City\n1,Acme,Ulm\n").drafts[0]
    assert one.key == same.key != two.key
    assert one.opportunity.extra == {"Id": "1", "City": "Bonn"}


def test_remarks_before_the_header_and_a_header_that_comes_again(path: Path) -> None:
    text = (
        'Notes:\n"Some e-mails, you may notice, are missing."\n\nFirst Name,Last Name,Company\nAda,Ex,Acme\n'
    )
    found = reading(path, text + "First Name,Last Name,Company\nBob,Ex,Acme\n")
    assert [d.opportunity.contacts[0].name for d in found.drafts] == ["Ada Ex", "Bob Ex"]
    assert found.notices == (
        "the header stands in line 4: what is above it is left out",
        "the header again, left out: line 6",
    )


def test_a_file_of_something_else(path: Path) -> None:
    with pytest.raises(ImportFault) as caught:
        reading(path, "Foo,B\x1bar\n1,2\n")
    assert str(caught.value) == (
        f"{path}, line 1: no header that names a record, only 'Foo', 'B�ar': "
        "it takes one such as Name, Company, Contact or Deal Name, or --map 'Their Column=company'"
    )
    assert reading(path, "Company\n").drafts == ()
    for empty in ("", "\ufeff", "\n\n , \n"):
        with pytest.raises(ImportFault, match=r"list\.csv is empty"):
            reading(path, empty)


def test_the_mapping_tells_every_column(path: Path) -> None:
    found = reading(path, "\ufeffCompany*,Foo,E-Mail,\nAcme,1,a@b.example,2\n")
    assert found.mapping == (("Company*", "company"), ("Foo", None), ("E-Mail", "email"), ("column 4", None))
    assert found.drafts[0].opportunity.extra == {"Foo": "1", "column 4": "2"}
    assert (found.kind, found.file) == ("plain table", "list.csv")


CELLS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30)


@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=3))
def test_any_cells_give_records_that_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in rows]
    text = (
        "Company,Email,Phone,Stage,Value,Close Date,Tags,Notes,Foo\n" + "\n".join(quoted) + "\nlast,,,,,,,,\n"
    )
    path = tmp_path_factory.mktemp("any") / "any.csv"
    found = reading(path, text)
    for draft in found.drafts:
        o = draft.opportunity
        assert from_doc(0, to_doc(o)) == o
        assert o.title != "(no name)"


def test_the_currency_of_a_header_counts_where_nothing_else_says_one(path: Path) -> None:
    text = "company,amount (CHF),currency\nAcme,100,\nGlobex,100,USD\nInitech,€ 100,\n"
    found = [draft.opportunity for draft in reading(path, text).drafts]
    assert [o.currency for o in found] == ["CHF", "USD", "EUR"]


def test_a_currency_that_is_a_number_of_its_program_is_kept(path: Path) -> None:
    o = row(path, Deal_Name="Gears", Amount="100", Currency="-99")
    assert (o.value, o.currency, o.extra) == (10000, "EUR", {"Currency": "-99"})


def test_a_cell_that_keeps_its_zeros_by_a_formula(path: Path) -> None:
    o = row(path, Company="Acme", Phone='="+49 171 1234567"', Customer_No='="00123"')
    assert (o.contacts[0].phones, o.extra) == (("+49 171 1234567",), {"Customer No": "00123"})


@pytest.mark.parametrize(
    ("contact", "email", "people"),
    [
        (
            "Don Block;Amy Two",
            "d@b.example;a@b.example",
            [("Don Block", "d@b.example"), ("Amy Two", "a@b.example")],
        ),
        ("Don Block; Amy Two", "d@b.example", [("Don Block", "d@b.example"), ("Amy Two", "")]),
        ("Don Block;", "d@b.example", [("Don Block", "d@b.example")]),
        ("Don Block (d@b.example)", "", [("Don Block", "d@b.example")]),
        ("Don Block <d@b.example>", "d@b.example", [("Don Block", "d@b.example")]),
        ("Don Block (sales)", "d@b.example", [("Don Block (sales)", "d@b.example")]),
    ],
)
def test_several_names_in_the_cell_of_one(
    path: Path, contact: str, email: str, people: list[tuple[str, str]]
) -> None:
    o = row(path, Company="Acme", Contact=contact, Email=email)
    assert [(c.name, "".join(c.emails)) for c in o.contacts] == people


def test_who_has_unsubscribed_gets_a_tag(path: Path) -> None:
    text = "name,email,subscription status\nAnn,a@acme.example,Unsubscribed\nBob,b@acme.example,Subscribed\n"
    assert [draft.opportunity.tags for draft in reading(path, text).drafts] == [("no-email",), ()]


def test_a_deal_whose_status_says_that_it_is_deleted_is_left_out(path: Path) -> None:
    found = reading(path, "Deal - Title,Deal - Status\nA,Deleted\nB,Gelöscht\nC,Open\n")
    assert [draft.name for draft in found.drafts] == ["C"]
    assert found.notices == ("rows marked as deleted, left out: 2",)
