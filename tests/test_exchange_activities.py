"""What a row of a file of activities becomes: a touch that was made, a step that is planned, or a remark."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntertui.exchange import read
from huntertui.exchange.activities import ActivityDraft, ActivityDrafter
from huntertui.exchange.markup import plain
from huntertui.exchange.reading import read_sheets
from huntertui.exchange.tables import table_of
from huntertui.model.calendar import Calendar
from huntertui.model.opportunity import Channel, Contact, Kind, NextStep
from huntertui.model.pipeline import Policy
from huntertui.model.touch import Outcome, Touch

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin
POLICY = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))
NINE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # when the team begins to work


def drafts(tmp_path: Path, text: str) -> list[ActivityDraft]:
    path = tmp_path / "activities.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (sheet,) = read_sheets(path)
    table = table_of(sheet)
    drafter = ActivityDrafter(table.layout, POLICY, "ana", NOW, {"Ben Hur": "ben"})
    return [draft for draft in drafter.drafts(list(table.rows())) if isinstance(draft, ActivityDraft)]


def only(tmp_path: Path, text: str) -> ActivityDraft:
    (draft,) = drafts(tmp_path, text)
    return draft


def test_tasks_of_salesforce(tmp_path: Path) -> None:
    call, task, gone, note = drafts(
        tmp_path,
        "ID,WHOID,WHATID,SUBJECT,ACTIVITYDATE,STATUS,OWNERID,DESCRIPTION,TASKSUBTYPE,CALLDISPOSITION,CUSTOM__C\n"
        '00TA,003A,006A,Call,2026-11-20,Completed,Ben Hur,"Likes it.",Call,Left Voicemail,x\n'
        "00TB,,006A,Send quote,2026-11-24,Not Started,005Z,,Task,,\n"
        "00TC,,006A,Demo,2026-11-24,Cancelled,,,Task,,\n"
        "00TD,,001A,Check credit,2026-11-20,Completed,,All fine,Task,,\n",
    )
    assert call == ActivityDraft(
        line=2,
        key=("salesforce", "00TA"),
        links=(("salesforce", "006A"), ("salesforce", "003A")),
        at=NINE,
        touch=Touch(NINE, "ben", Outcome.VOICEMAIL, Channel.CALL, note="Call\nLikes it."),
        extra={"CUSTOM__C": "x", "WHOID": "003A", "WHATID": "006A"},
    )
    assert task.step == NextStep("Send quote", Kind.OWN, None, date(2026, 11, 24), date(2026, 11, 23))
    assert task.at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert (gone.touch, gone.step, gone.note) == (None, None, "cancelled: Demo")
    assert (note.touch, note.step, note.note, note.at) == (None, None, "done: Check credit\nAll fine", NINE)


def test_a_time_of_day_in_a_column_of_its_own(tmp_path: Path) -> None:
    done, planned, odd = drafts(
        tmp_path,
        "Aktivität - Betreff,Aktivität - Typ,Aktivität - Fälligkeitsdatum,Aktivität - Fälligkeitszeit,"
        "Aktivität - Erledigt,Deal - Titel\n"
        "Gespräch,Anruf,2026-11-20,10:30,Erledigt,Gears\n"
        "Vorführung,Besprechung,2026-12-15,12:30,Zu erledigen,Gears\n"
        "Mail,E-Mail,2026-12-15,mittags,Nein,Gears\n",
    )
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert done.touch == Touch(at, "ana", Outcome.TALKED, Channel.CALL, note="Gespräch")
    at = datetime(2026, 12, 15, 11, 30, tzinfo=UTC)
    assert planned.step == NextStep("Vorführung", Kind.AGREED, Channel.MEETING, at)
    assert odd.step is not None
    assert (odd.step.due, odd.extra) == (date(2026, 12, 15), {"Aktivität - Fälligkeitszeit": "mittags"})


def test_activities_of_pipedrive(tmp_path: Path) -> None:
    done, open_, meeting = drafts(
        tmp_path,
        "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,"
        "Activity - Marked as done time,Activity - Deal,Activity - Contact person,Activity - Organization\n"
        "1,Follow up,E-mail,2026-11-19,Done,2026-11-20 09:00:00,Gears,Ann Lee,Acme\n"
        "2,Ring,Call,2026-11-19,To do,,Gears,Ann Lee,Acme\n"
        "3,Lunch,Lunch,2026-12-15 12:30,To do,,Gears,,Acme\n",
    )
    assert (done.deal, done.company, done.contact) == ("Gears", "Acme", Contact("Ann Lee"))
    assert done.touch == Touch(NINE, "ana", Outcome.SENT, Channel.EMAIL, contact="Ann Lee", note="Follow up")
    assert open_.step == NextStep("Ring", Kind.OWN, Channel.CALL, date(2026, 11, 19))  # overdue, and not done
    at = datetime(2026, 12, 15, 11, 30, tzinfo=UTC)
    assert meeting.step == NextStep("Lunch", Kind.AGREED, Channel.MEETING, at)
    assert meeting.at == at


@pytest.mark.parametrize(
    ("headers", "cells", "channel", "outcome", "inbound"),
    [
        ("Call outcome,Call duration", "Connected,60", Channel.CALL, Outcome.TALKED, False),
        ("Call outcome,Call duration", ",00:00:00", Channel.CALL, Outcome.NO_ANSWER, False),
        ("Call outcome,Call duration", "No answer,0", Channel.CALL, Outcome.NO_ANSWER, False),
        ("Call outcome,Call duration", "Something else,", Channel.CALL, Outcome.TALKED, False),
        ("Call outcome,Call direction", "Busy,Outbound", Channel.CALL, Outcome.NO_ANSWER, False),
        ("Call outcome,Call direction", ",Inbound", Channel.CALL, Outcome.TALKED, True),
        ("Call outcome,Call direction", ",Missed", Channel.CALL, Outcome.NO_ANSWER, True),
        ("Meeting outcome,Title", "No show,Demo", Channel.MEETING, Outcome.NO_SHOW, False),
        ("Meeting outcome,Title", "Completed,Demo", Channel.MEETING, Outcome.MET, False),
        ("Email subject,Email direction", "Hi,INCOMING_EMAIL", Channel.EMAIL, Outcome.REPLIED, True),
        ("Email subject,Email direction", "Hi,EMAIL", Channel.EMAIL, Outcome.SENT, False),
    ],
)
def test_touches_of_hubspot(
    tmp_path: Path, headers: str, cells: str, channel: Channel, outcome: Outcome, inbound: bool
) -> None:
    text = f"Record ID,Activity date,Associated Deal IDs,Associated Contact IDs,{headers}\n"
    found = only(tmp_path, text + f"9,2026-11-20 09:00,7;8,5,{cells}\n")
    assert found.touch is not None
    assert (found.touch.channel, found.touch.outcome, found.touch.inbound) == (channel, outcome, inbound)
    assert found.touch.at == NINE
    assert found.links == (("hubspot:deal", "7"), ("hubspot:deal", "8"), ("hubspot:contact", "5"))
    assert found.key[0] in ("hubspot:call", "hubspot:meeting", "hubspot:email")
    if "Something" in cells:
        assert found.extra["Call outcome"] == "Something else"  # a word that nobody knows is kept


def test_notes_are_remarks_and_tasks_are_none(tmp_path: Path) -> None:
    note = only(tmp_path, 'contact_id,sales_id,text,date\n7,1,"One.\n\nTwo.",2026-11-20\n')
    assert (note.links, note.note, note.touch, note.step) == (
        (("crm:contact", "7"),),
        "One.\n\nTwo.",
        None,
        None,
    )
    assert note.at == NINE
    done, late, some_day = drafts(
        tmp_path,
        "contact_id,text,due_date,done_date\n"
        "7,Send kit,2026-11-10,2026-11-20\n"
        "7,Ring him,2026-11-10,\n"
        "7,Think,,\n",
    )
    assert (done.note, done.at) == ("done: Send kit", NINE)
    assert late.step == NextStep("Ring him", due=date(2026, 11, 10))
    assert some_day.step == NextStep("Think")


def test_a_repeated_row_without_an_id_is_told_again(tmp_path: Path) -> None:
    one, two, three = drafts(
        tmp_path, "contact_id,text,date\n7,A,2026-11-20\n7,B,2026-11-20\n7,A,2026-11-20\n"
    )
    assert one.key == three.key != two.key
    assert one.key[0] == "row"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (",Ring,2026-11-20", "nothing says whose it is"),
        ("7,,2026-11-20", "says nothing"),
        ("7,Ring,soon", "'soon' is no date"),
    ],
)
def test_a_row_that_cannot_be_read(tmp_path: Path, cells: str, says: str) -> None:
    assert drafts(tmp_path, f"contact_id,text,date\n{cells}\n") == []
    (found,) = read(tmp_path / "activities.csv", POLICY, "ana", NOW)
    (error,) = found.errors
    assert re.match(f"line 2.*{says}", str(error))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi &amp; hello</p><p>two<br>three</p>", "Hi & hello\n\ntwo\nthree"),
        (
            '<div><a href="https://x.example/a">the offer</a> sent</div>',
            "the offer (https://x.example/a) sent",
        ),
        ('<p><a href="mailto:a@x.example">mailto:a@x.example</a></p>', "mailto:a@x.example"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<p>a < b and <script>c</p>", "a < b and <script>c"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("<ann@x.example> wrote", "<ann@x.example> wrote"),
        ("a < b", "a < b"),
    ],
)
def test_what_a_browsers_editor_wrote_is_plain(html: str, text: str) -> None:
    assert plain(html) == text


@given(st.text() | st.text(st.sampled_from("<>/pa bdiv&;=\"'\n!-")).map(lambda text: f"<p>{text}"))
def test_any_text_is_plain_or_as_it_is(text: str) -> None:
    once = plain(text)
    assert once == text or text.lstrip().startswith("<")
