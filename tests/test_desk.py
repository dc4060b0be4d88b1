"""What a rep can do: the message of each use case, what it leaves behind, and why one cannot be done now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desks import NOW, Clock, desk_at, desk_over, everything, small_world
from use_cases import EACH, Case, Deed

from huntertui.desk import Desk
from huntertui.errors import NotAllowed, NotFound, Usage
from huntertui.model.touch import Outcome
from huntertui.model.when import WhenError


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    made = desk_at("memory:", clock)
    small_world(made)
    with made.store:
        yield made


@EACH
def test_use_case(desk: Desk, case: Case) -> None:
    if case.first:
        case.first(desk)
    change = case.do(desk)
    assert change.message == case.message
    o = desk.opportunity(case.id)
    assert o
    assert case.holds(o), o


@EACH
def test_the_book_follows_each_use_case(desk: Desk, clock: Clock, case: Case) -> None:
    for do in filter(None, (case.first, case.do)):
        do(desk)
    fresh = desk_over(desk.store, clock)
    now = NOW.timestamp()
    for lane in range(3):
        assert list(desk.book.lane(lane, now)) == list(fresh.book.lane(lane, now))
        assert desk.book.count(lane, now) == fresh.book.count(lane, now)


@pytest.mark.parametrize(
    ("do", "error", "words"),
    [
        (lambda d: d.note(99, "x"), NotFound, "there is no #99"),
        (lambda d: d.note(1, " \n"), Usage, "needs some text"),
        (lambda d: d.edit(1, "fone", "1"), Usage, "did you mean phone?"),
        (lambda d: d.edit(1, "email", "x"), ValueError, "'x' is no e-mail address"),
        (lambda d: d.edit(1, "value", "much"), ValueError, "'much' is no amount"),
        (lambda d: d.add("  "), ValueError, "name a person or a @company"),
        (lambda d: d.snooze(1, "someday"), WhenError, "'someday' is no date"),
        (lambda d: d.park(1, "15dec"), Usage, "a park needs a reason: h on holiday"),
        (lambda d: d.park(1, "15mar h"), ValueError, "60 days at most"),
        (lambda d: d.move(1, "propsal"), Usage, "did you mean proposal?"),
        (lambda d: d.back(1), Usage, "Acme #1 is in the first stage"),
        (lambda d: d.to_lane(1, 0), Usage, "is there already"),
        (lambda d: d.forward(6), Usage, "Hooli #6 is lost: reopen it first"),
        (lambda d: d.win(6), Usage, "reopen it first"),
        (lambda d: d.lose(6, "p"), Usage, "reopen it first"),
        (lambda d: d.claim(6), Usage, "reopen it first"),
        (lambda d: d.lose(1, " "), Usage, "lost needs a reason: price"),
        (lambda d: d.reopen(1), Usage, "Acme #1 is open"),
        (lambda d: d.to_top(6), Usage, "only open items are planned"),
        (lambda d: d.merge_into(1, "#1"), Usage, "no other item"),
        (lambda d: d.merge_into(1, "Acme"), Usage, "give its number"),
        (lambda d: d.merge_into(1, "99"), NotFound, "there is no #99"),
        (lambda d: d.claim(1), Usage, "is yours already"),
        (lambda d: d.claim(3), NotAllowed, "ben has Globex #3, and it is not open to others"),
        (lambda d: d.log_both(1), Usage, "no touch of yours"),
        (lambda d: d.redo(), Usage, "nothing to redo"),
    ],
)
def test_what_cannot_be_done_says_why(desk: Desk, do: Deed, error: type[Exception], words: str) -> None:
    before = everything(desk.store)
    with pytest.raises(error, match=words.replace("?", r"\?")):
        do(desk)
    assert everything(desk.store) == before


def test_nothing_else_is_open_there(desk: Desk) -> None:
    desk.log(4, Outcome.TALKED)
    with pytest.raises(Usage, match="nothing else of yours is open at Initech"):
        desk.log_both(4)


def test_history_is_told_newest_first(desk: Desk, clock: Clock) -> None:
    desk.log(1, Outcome.NO_ANSWER, note="rang twice")
    clock.pass_(hours=1)
    desk.note(1, "try the mobile")
    told = [(event.kind, event.by, event.text) for event in desk.history(1)]
    assert told[0] == ("note", "ana", "try the mobile")
    assert ("touch", "ana", "call, no answer: rang twice") in told


def test_a_snooze_of_a_red_row_leaves_it_red(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=10)
    assert desk.snooze(1, "+3").message == (
        "Acme #1: call, Tue 8 Dec · stays red, owed since the end of Tue 24 Nov"
    )
    assert desk.explain(1)[0].startswith("Red since the end of Tue 24 Nov")
    assert desk.log(1, Outcome.NO_ANSWER).message.startswith("Acme #1: no answer · next email 2/6")
    assert desk.explain(1)[0].startswith("Owed by")
    assert "clear" in [event.kind for event in desk.history(1)]


def test_a_blocked_person_is_blocked_wherever_he_is(desk: Desk) -> None:
    """Ann is the contact of Ben's Globex too; Bob of Acme is somebody else."""
    desk.log(1, Outcome.DO_NOT_CONTACT)
    stages = {id: o.stage for id in (1, 2, 3) if (o := desk.opportunity(id))}
    assert stages == {1: "lost", 2: "new", 3: "lost"}
    listed = {doc["value"] for _, doc in desk.store.find("do_not_contact")}
    assert listed == {"ann@acme.example", "+442079460958"}


@pytest.mark.parametrize(
    "do",
    [
        lambda d: d.add("Ann Lee @Other ANN@acme.example"),
        lambda d: d.add("Someone @Other 0044 20 7946-0958"),
        lambda d: d.add("Someone @Other 020 7946 0958"),
        lambda d: d.edit(2, "email", "ann@acme.example"),
    ],
)
def test_a_blocked_person_is_not_taken_in_again(desk: Desk, do: Deed) -> None:
    desk.log(1, Outcome.DO_NOT_CONTACT)
    with pytest.raises(NotAllowed, match="wants no contact: noted by ana on Mon 23 Nov"):
        do(desk)


def test_who_is_listed_by_another_program_is_not_taken_in_either(desk: Desk) -> None:
    entry = {"kind": "email", "value": "cid@acme.example"}
    desk.store.transact(lambda tx: tx.insert("do_not_contact", entry), "ben")
    with pytest.raises(NotAllowed, match=r"^cid@acme\.example wants no contact$"):
        desk.add("Cid @Acme cid@acme.example")


def test_a_merge_takes_the_history_along(desk: Desk) -> None:
    desk.note(2, "met at the fair")
    desk.merge_into(2, "1")
    assert "met at the fair" in [event.text for event in desk.history(1)]
    source = desk.opportunity(2)
    assert source
    assert (source.stage, source.lost_text) == ("lost", "merged into #1")


def test_helping_with_a_colleagues_red(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=14)
    assert desk.claim(3).message == "Globex #3: ana helps ben until the end of Wed 9 Dec"
    o = desk.opportunity(3)
    assert o
    assert (o.owner, o.helper) == ("ben", "ana")


def test_also_at_names_what_else_is_open(desk: Desk) -> None:
    assert desk.also_at(1) == "also at Acme: 1 item, ana"
    desk.move(2, "proposal")
    desk.assign(2, "ben")
    assert desk.also_at(1) == "also at Acme: 1 deal, ben"
    assert desk.also_at(4) == ""


def test_text_is_taken_in_clean(desk: Desk) -> None:
    desk.note(1, "a\x1b[31m b\u202e\ud800")
    assert desk.history(1)[0].text == "a\ufffd[31m b\ufffd"
    assert desk.add("Ann\x07 Lee @A[/red]").message == "added A[/red] #7"
    o = desk.opportunity(7)
    assert o
    assert o.contacts[0].name == "Ann\ufffd Lee"
