"""What is added to a touch after it was logged, and what each outcome does and says."""

from __future__ import annotations

from pathlib import Path

import pytest
from day import morning, of, start
from desks import Clock, desk_at, everything, small_world
from test_form import Fingers

from huntertui.desk import Desk
from huntertui.desk.afterwards import Addition, read_addition
from huntertui.errors import Usage
from huntertui.model.opportunity import Channel, Contact, Opportunity
from huntertui.model.touch import Outcome


@pytest.fixture
def hands() -> Fingers:
    """On #1, Acme with Ann Lee and Bob Roe; ten days after the small world came to be."""
    clock = Clock()
    desk = desk_at("memory:", clock)
    small_world(desk)
    doc = desk.document(1)
    doc["contacts"].append({"name": "Bob Roe", "emails": ["bob@b.example"], "phones": ["+44 20 7946 0100"]})
    desk.store.transact(lambda tx: tx.update("opportunities", 1, {"contacts": doc["contacts"]}), "ana")
    desk.follow()
    clock.pass_(days=10)
    return Fingers(desk).type("j")


def record(hands: Fingers, id: int = 1) -> Opportunity:
    o = hands.desk.opportunity(id)
    assert o is not None
    return o


def last(desk: Desk, id: int = 1) -> str:
    return next(event.text for event in desk.history(id) if event.kind in ("touch", "note"))


PEOPLE = (Contact("Ann Lee"), Contact("", emails=("bob@b.example",)))


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("2", Addition("bob@b.example")),
        ("email", Addition(channel=Channel.EMAIL)),
        ("2 e-mail left word", Addition("bob@b.example", Channel.EMAIL, "left word")),
        ("Visit 1  saw   the plant", Addition("Ann Lee", Channel.VISIT, "saw the plant")),
        ("left word, email follows", Addition(note="left word, email follows")),
        ("3 people", Addition(note="3 people")),
        ("1 2 3", Addition("Ann Lee", None, "2 3")),
    ],
)
def test_who_how_and_a_note(text: str, added: Addition) -> None:
    assert read_addition(text, PEOPLE) == added


def test_the_only_person_needs_no_number() -> None:
    assert read_addition("1 more thing", PEOPLE[:1]) == Addition(note="1 more thing")
    with pytest.raises(Usage, match="say who"):
        read_addition(" ", PEOPLE)


def test_it_goes_to_the_touch_just_logged_whatever_the_row(hands: Fingers) -> None:
    hands.type("cn")
    assert hands.id != 1
    owed = record(hands)
    hands.type("c.2 email left word")
    assert hands.steering.prompt is not None
    assert hands.steering.prompt.state(200).text.startswith(
        "Acme · 1 Ann Lee, 2 Bob Roe · how, note: 2 email"
    )
    assert "with Bob Roe · by email · note: left word" in hands.steering.prompt.state(200).text
    hands.type("⏎")
    assert hands.said == "Acme #1: added with Bob Roe · by email · note: left word"
    assert last(hands.desk) == "email with Bob Roe, no answer: left word"
    after = record(hands)
    assert after.last_touch is not None
    assert after.last_touch.channel == "email"
    assert (after.clock, after.debt, after.next, after.touches) == (owed.clock, owed.debt, owed.next, 1)
    hands.type("c.and again⏎")
    assert last(hands.desk) == "email with Bob Roe, no answer: left word; and again"


def test_each_addition_is_one_undo(hands: Fingers) -> None:
    hands.type("cn")
    before = everything(hands.desk.store)
    hands.type("c.2 visit saw them⏎").type("u")
    assert everything(hands.desk.store) == before
    hands.type("U")
    assert last(hands.desk) == "visit with Bob Roe, no answer: saw them"


def test_correcting_takes_the_additions_back_too(hands: Fingers) -> None:
    before = everything(hands.desk.store)
    hands.type("cnc.left word⏎c.email⏎cc")
    assert hands.steering.keys.pending.startswith("log: ")
    assert (hands.id, everything(hands.desk.store)) == (1, before)
    hands.type("v")
    assert last(hands.desk) == "call, voicemail"


def test_repeat_still_repeats_the_touch(hands: Fingers) -> None:
    hands.type("cnc.left word⏎.")
    assert "no answer" in hands.said
    assert sum(record(hands, id).touches for id in (1, 2, 3, 5)) == 2


def test_a_touch_taken_back_takes_nothing_more(hands: Fingers) -> None:
    hands.type("cnuc.")
    assert hands.said == "that touch has been taken back"
    assert hands.steering.prompt is None


def test_without_a_touch_it_says_how_to_log_one(hands: Fingers) -> None:
    hands.type("c.")
    assert hands.said == "no touch logged yet that something could be added to: c logs one"


def test_a_wrong_number_takes_a_note_only(hands: Fingers) -> None:
    hands.type("cwc.2⏎")
    assert hands.steering.prompt is not None
    assert "only a note can be added" in hands.steering.prompt.state(200).text
    hands.type("^ushe left in May⏎")
    assert last(hands.desk) == "wrong number +44 20 7946 0958; she left in May"


def test_many_touches_of_one_change_take_it_together(hands: Fingers) -> None:
    hands.type("1gg  cnc.fair⏎")
    assert hands.said == "2 touches: added note: fair"
    assert {last(hands.desk, id) for id in (3, 1)} == {"call, no answer: fair"}


def test_from_the_command_line(hands: Fingers) -> None:
    hands.type("cn:add-to-touch 2 left word⏎")
    assert last(hands.desk) == "call with Bob Roe, no answer: left word"


def test_the_companys_others_get_the_touch_just_logged_whatever_the_row(hands: Fingers) -> None:
    hands.type("/acme⏎␛#1⏎cn")
    hands.type("3c+")
    assert hands.said.startswith("no answer also on #2")


# What each outcome does and says


@pytest.mark.parametrize(
    ("keys", "says", "stage", "next_"),
    [
        ("cn", "Acme #1: no answer · next email 2/6, Mon 7 Dec", "attempting", "email"),
        ("cv", "Acme #1: voicemail · next email 2/6, Mon 7 Dec", "attempting", "email"),
        ("ce", "Acme #1: sent · next email 2/6, Mon 7 Dec", "attempting", "email"),
        ("cs", "Acme #1: sent · next email 2/6, Mon 7 Dec", "attempting", "email"),
        ("ct⏎", "Acme #1: talked · next call, Fri 4 Dec", "contacted", "call"),
        ("cb⏎", "Acme #1: callback · next call, Thu 3 Dec 11:00", "contacted", "call"),
        ("cm⏎", "Acme #1: meeting booked · next meeting, Mon 7 Dec 10:00", "meeting", "meeting"),
        ("ca⏎", "Acme #1: asked · next call, Fri 4 Dec", "contacted", "call"),
        ("ck⏎", "Acme #1: met · next call, Fri 4 Dec", "contacted", "call"),
        ("ct␛", "Acme #1: talked · no next step: s sets one", "contacted", None),
        ("cr⏎", "Acme #1: replied · we owe an answer by the end of Fri 4 Dec", "contacted", None),
        ("crn", "Acme #1: replied · no next step: s sets one", "contacted", None),
        ("crdtue⏎", "Acme #1: replied · next call, Tue 8 Dec", "contacted", "call"),
        ("ci", "Acme #1: not interested · lost (not interested); x v sets a day to come back", "lost", None),
        ("cw", "Acme #1: struck +44 20 7946 0958; the next number is +44 20 7946 0100", "new", "call"),
    ],
)
def test_outcomes_say_the_next_touch_they_set(
    hands: Fingers, keys: str, says: str, stage: str, next_: str | None
) -> None:
    hands.type(keys)
    o = record(hands)
    assert hands.said == says
    assert o.stage == stage
    assert (str(o.next.channel) if o.next and o.next.channel else None) == next_


def test_a_second_wrong_number_means_finding_one(hands: Fingers) -> None:
    hands.type("cwcw")
    assert hands.said == "Acme #1: wrong number · next find a number, Fri 4 Dec"
    assert [contact.struck for contact in record(hands).contacts] == [
        ("+44 20 7946 0958",),
        ("+44 20 7946 0100",),
    ]
    assert record(hands).touches == 0


def test_do_not_contact_blocks_one_and_closes_with_the_last(hands: Fingers) -> None:
    hands.type("cx")
    assert [contact.blocked for contact in record(hands).contacts] == [True, False]
    assert record(hands).stage == "new"
    hands.type("#1⏎cx")
    assert record(hands).stage == "lost"
    assert hands.said == "Acme #1: do not contact · lost (do not contact)"


def test_in_a_real_terminal(tmp_path: Path) -> None:
    store = morning(tmp_path / "store" / "store.json")
    with start(store) as terminal:
        terminal.until("Smithfield").rest()
        terminal.type("cnc.email left word\r").until("added by email · note: left word").type("q")
        assert terminal.leave() == 0
    touched = of(store, "Smithfield").last_touch
    assert touched is not None
    assert (touched.channel, touched.outcome) == ("email", Outcome.NO_ANSWER)
