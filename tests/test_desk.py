"""What a rep can do: the message of each use case, what it leaves behind, and why one cannot be done now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from desks import NOW, Clock, desk_at, desk_over, everything, small_world
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.desk import Desk
from huntertui.edits import FIELDS
from huntertui.errors import Conflict, HunterError, NotAllowed, NotFound, Usage
from huntertui.ledger import Change, Followed
from huntertui.model.opportunity import Channel, Kind, NextStep, Priority
from huntertui.model.touch import Answer, Outcome
from huntertui.model.when import WhenError

Deed = Callable[[Desk], Change]


class Case(NamedTuple):
    """A use case on the small world: what is done, its whole message, and what then holds for item `id`."""

    name: str
    do: Deed
    message: str
    id: int
    holds: Callable[[Any], object]
    first: Deed | None = None


def _offer() -> NextStep:
    return NextStep("send the offer", Kind.AGREED, Channel.EMAIL, datetime(2026, 11, 27, 10, tzinfo=UTC))


CASES = [
    Case(
        "add",
        lambda d: d.add("Gus Hay @Acme_Ltd tue 12k gus@acme.example"),
        "added Acme Ltd #7",
        7,
        lambda o: o.owner == "ana" and o.value == 1_200_000 and o.next.due == date(2026, 11, 24),
    ),
    Case(
        "edit",
        lambda d: d.edit(1, "role", "CTO"),
        "Acme #1: role is now CTO",
        1,
        lambda o: o.contacts[0].role == "CTO",
    ),
    Case(
        "edit to nothing",
        lambda d: d.edit(1, "value", ""),
        "Acme #1: value is now empty",
        1,
        lambda o: o.value is None,
    ),
    Case(
        "value",
        lambda d: d.set_value(4, "€500k"),
        "Initech #4: value is now €500k",
        4,
        lambda o: o.value == 50_000_000,
    ),
    Case("note", lambda d: d.note(1, " likes tea "), "noted on Acme #1", 1, lambda o: o.touches == 0),
    Case(
        "no answer",
        lambda d: d.log(1, Outcome.NO_ANSWER),
        "Acme #1: no answer · next email 2/6, Wed 25 Nov",
        1,
        lambda o: o.stage == "attempting" and o.touches == 1,
    ),
    Case(
        "talked with a step agreed",
        lambda d: d.log(1, Outcome.TALKED, step=_offer(), note="warm"),
        "Acme #1: talked · next send the offer, Fri 27 Nov 10:00",
        1,
        lambda o: o.stage == "contacted" and o.cadence == "",
    ),
    Case(
        "they wrote",
        lambda d: d.log(1, Outcome.REPLIED, answer=Answer.OWED),
        "Acme #1: replied · no next step: s sets one",
        1,
        lambda o: o.answer_owed == NOW,
    ),
    Case(
        "wrong number",
        lambda d: d.log(1, Outcome.WRONG_NUMBER),
        "Acme #1: wrong number · next find a number, Tue 24 Nov",
        1,
        lambda o: o.contacts[0].struck == ("+44 20 7946 0958",) and o.touches == 0,
    ),
    Case(
        "not interested",
        lambda d: d.log(1, Outcome.NOT_INTERESTED),
        "Acme #1: not interested · lost (not interested); x v sets a day to come back",
        1,
        lambda o: o.stage == "lost",
    ),
    Case(
        "do not contact",
        lambda d: d.log(1, Outcome.DO_NOT_CONTACT),
        "Acme #1: do not contact · lost (do not contact)",
        3,
        lambda o: o.stage == "lost" and o.contacts[0].blocked,
    ),
    Case(
        "they wrote on a closed one",
        lambda d: d.log(6, Outcome.REPLIED, answer=Answer.OWED),
        "Hooli #6 is lost and they wrote: opened Follow-up: Hooli #7",
        7,
        lambda o: o.care_of == 6 and o.answer_owed == NOW and o.owner == "ana",
    ),
    Case(
        "log on both",
        lambda d: d.log_both(1),
        "talked also on #2 (Acme)",
        2,
        lambda o: o.last_touch.outcome == "talked" and o.stage == "contacted",
        first=lambda d: d.log(1, Outcome.TALKED),
    ),
    Case(
        "step done",
        lambda d: d.step_done(1),
        "Acme #1: call, Tue 24 Nov is done; s sets the next step",
        1,
        lambda o: o.next is None,
    ),
    Case(
        "snooze",
        lambda d: d.snooze(1, "+3"),
        "Acme #1: call, Thu 26 Nov",
        1,
        lambda o: o.next.due == date(2026, 11, 26),
    ),
    Case(
        "snooze agreed",
        lambda d: d.snooze(1, "=fri 10:00"),
        "Acme #1: call, Fri 27 Nov 10:00",
        1,
        lambda o: o.next.kind is Kind.AGREED,
    ),
    Case(
        "snooze with a reason",
        lambda d: d.snooze(1, "15dec on holiday"),
        "Acme #1: parked until Tue 15 Dec (on holiday)",
        1,
        lambda o: o.park.until == date(2026, 12, 15),
    ),
    Case(
        "step",
        lambda d: d.set_step(1, "tue email the offer"),
        "Acme #1: email the offer, Tue 24 Nov",
        1,
        lambda o: o.next.channel is Channel.EMAIL,
    ),
    Case(
        "park",
        lambda d: d.park(1, "15dec h"),
        "Acme #1: parked until Tue 15 Dec (on holiday)",
        1,
        lambda o: o.deferrals == 1,
    ),
    Case(
        "raise",
        lambda d: d.raise_priority(1, 1),
        "Acme #1: priority high",
        1,
        lambda o: o.priority is Priority.HIGH,
    ),
    Case(
        "lower",
        lambda d: d.raise_priority(1, -1),
        "Acme #1: priority low",
        1,
        lambda o: o.priority is Priority.LOW,
    ),
    Case(
        "priority",
        lambda d: d.set_priority(1, Priority.URGENT),
        "Acme #1: priority urgent",
        1,
        lambda o: o.priority is Priority.URGENT,
    ),
    Case("top", lambda d: d.to_top(2), "Acme #2: on top of today's plan", 2, lambda o: True),
    Case(
        "plan",
        lambda d: d.plan_move(2, -1),
        "Acme #2: moved in today's plan",
        2,
        lambda o: True,
        first=lambda d: d.to_top(1),
    ),
    Case(
        "unplan",
        lambda d: d.unplan(1),
        "Acme #1: off today's plan",
        1,
        lambda o: True,
        first=lambda d: d.to_top(1),
    ),
    Case(
        "forward",
        lambda d: d.forward(1),
        "Acme #1: new -> attempting",
        1,
        lambda o: o.stage == o.highest == "attempting",
    ),
    Case(
        "back", lambda d: d.back(4), "Initech #4: proposal -> meeting", 4, lambda o: o.highest == "proposal"
    ),
    Case(
        "move", lambda d: d.move(1, "nurture"), "Acme #1: new -> nurture", 1, lambda o: o.cadence == "nurture"
    ),
    Case(
        "to lane", lambda d: d.to_lane(1, 1), "Acme #1: new -> contacted", 1, lambda o: o.stage == "contacted"
    ),
    Case(
        "back to lane",
        lambda d: d.to_lane(4, 1),
        "Initech #4: proposal -> qualified",
        4,
        lambda o: o.stage == "qualified",
    ),
    Case(
        "push the close",
        lambda d: d.expect_close(4, "15jan budget slipped"),
        "Initech #4: closes Fri 15 Jan 2027, pushed 1x",
        4,
        lambda o: o.original_close == date(2026, 12, 11) and o.push_count == 1,
    ),
    Case(
        "win",
        lambda d: d.win(4),
        "won Initech #4; care call Wed 23 Dec as #7",
        7,
        lambda o: o.care_of == 4 and o.stage == "nurture" and o.next.due == date(2026, 12, 23),
    ),
    Case(
        "lose",
        lambda d: d.lose(4, "c", "Globex was first"),
        "lost Initech #4 (competitor)",
        4,
        lambda o: o.lost_text == "Globex was first",
    ),
    Case(
        "lose in words",
        lambda d: d.lose(4, "moved away"),
        "lost Initech #4 (moved away)",
        4,
        lambda o: o.closed_from == "proposal",
    ),
    Case(
        "lose for now",
        lambda d: d.lose_for_now(4, "1mar next budget"),
        "lost Initech #4 (timing), back on Mon 1 Mar 2027",
        4,
        lambda o: o.revisit == date(2027, 3, 1) and o.lost_text == "next budget",
    ),
    Case(
        "a day for what is lost",
        lambda d: d.lose_for_now(6, "1mar"),
        "Hooli #6, back on Mon 1 Mar 2027",
        6,
        lambda o: o.revisit is not None,
    ),
    Case(
        "duplicate",
        lambda d: d.duplicate(2),
        "lost Acme #2 (duplicate); the best match is #1: u, then x m merges",
        2,
        lambda o: o.lost_reason == "duplicate",
    ),
    Case(
        "merge",
        lambda d: d.merge_into(2, "#1"),
        "merged Acme #2 into Acme #1",
        1,
        lambda o: [c.name for c in o.contacts] == ["Ann Lee", "Bob Ray"],
    ),
    Case("claim", lambda d: d.claim(5), "Umbrella #5 is yours", 5, lambda o: o.owner == "ana"),
    Case(
        "assign",
        lambda d: d.assign(1, "ben"),
        "Acme #1: ana -> ben",
        1,
        lambda o: o.owner == "ben" and o.clock == NOW,
    ),
    Case(
        "give up", lambda d: d.assign(1, "-"), "Acme #1: ana -> nobody", 1, lambda o: o.unowned_since == NOW
    ),
    Case("reopen", lambda d: d.reopen(6), "reopened Hooli #6: new", 6, lambda o: o.lost_reason == ""),
    Case(
        "nothing to do",
        lambda d: d.set_priority(1, Priority.NORMAL),
        "no change, Acme #1: priority normal",
        1,
        lambda o: o.priority is Priority.NORMAL,
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


def test_a_merge_takes_the_history_along(desk: Desk) -> None:
    desk.note(2, "met at the fair")
    desk.merge_into(2, "1")
    assert "met at the fair" in [event.text for event in desk.history(1)]
    source = desk.opportunity(2)
    assert source
    assert (source.stage, source.lost_text) == ("lost", "merged into #1")


def test_helping_with_a_colleagues_red(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=14)
    assert desk.claim(3).message == "Globex #3: you help ben for 2 business days"
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


# Two members on one store


@pytest.fixture
def file(tmp_path: Path, clock: Clock) -> Path:
    path = tmp_path / "team" / "store.json"
    made = desk_at(path, clock)
    small_world(made)
    made.store.close()
    return path


@pytest.fixture
def pair(file: Path, clock: Clock) -> Iterator[tuple[Desk, Desk]]:
    ana, ben = desk_at(file, clock), desk_at(file, clock, "ben")
    yield ana, ben
    ana.store.close()
    ben.store.close()


def test_a_change_reaches_the_colleague(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.set_priority(3, Priority.URGENT)
    assert ben.follow() == Followed(frozenset({3}), ("ana: Globex #3: priority urgent",))
    row = ben.book.row(3)
    assert row
    assert row.priority == 0
    assert ben.follow().messages == ()


def test_different_fields_both_survive(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.edit(1, "company", "Acme Group")
    ben.set_value(1, "99k")
    o = ben.opportunity(1)
    assert o
    assert (o.company, o.value) == ("Acme Group", 9_900_000)


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (lambda d: d.edit(1, "company", "Acme AG"), lambda d: d.edit(1, "company", "Acme Ltd")),
        (lambda d: d.move(1, "proposal"), lambda d: d.forward(1)),
        (lambda d: d.snooze(1, "fri"), lambda d: d.snooze(1, "thu")),
        (lambda d: d.assign(1, "carla"), lambda d: d.assign(1, "dan")),
        (lambda d: d.expect_close(4, "20dec"), lambda d: d.expect_close(4, "18dec")),
    ],
)
def test_the_same_field_is_a_conflict(pair: tuple[Desk, Desk], theirs: Deed, mine: Deed) -> None:
    ana, ben = pair
    theirs(ben)
    with pytest.raises(Conflict) as caught:
        mine(ana)
    assert (caught.value.by, caught.value.at) == ("ben", NOW)
    ana.follow()
    mine(ana)


def test_touches_never_conflict(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.log(1, Outcome.NO_ANSWER)
    ben.log(1, Outcome.TALKED)
    o = ben.opportunity(1)
    assert o
    assert (o.touches, o.stage) == (2, "contacted")


def test_a_claim_has_one_winner(file: Path, clock: Clock) -> None:
    desks = [desk_at(file, clock, name) for name in ("ana", "ben", "carla", "dan")]
    gate, outcomes = threading.Barrier(len(desks)), list[str]()

    def claim(desk: Desk) -> None:
        gate.wait()
        try:
            outcomes.append(desk.claim(5).message)
        except Conflict as conflict:
            outcomes.append(conflict.by)

    threads = [threading.Thread(target=claim, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = desks[0].follow() and desks[0].opportunity(5)
    assert winner
    assert sorted(outcomes) == sorted(["Umbrella #5 is yours", *[winner.owner] * 3])
    for desk in desks:
        desk.store.close()


def test_a_change_from_outside_is_taken_in(file: Path, pair: tuple[Desk, Desk]) -> None:
    ana, _ = pair
    text = file.read_text()
    file.write_text(text.replace("Initech", "Intertec"))
    ana.follow()
    row = ana.book.row(4)
    assert row
    assert row.company == "Intertec"


# Before Enter

WHATS = [
    "snooze",
    "park",
    "step",
    "close",
    "add",
    "callback",
    "meeting",
    "revisit",
    "value",
    "owner",
    "merge",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789 +-=./:@€k,aeiouthrsdfmonp"), max_size=25),
    st.sampled_from(["tue", "+3", "15dec h", "=fri 10:00", "1530", "€12k", "2100-12-31", "9" * 400]),
)


@given(st.sampled_from(WHATS + [f"edit:{field}" for field in (*FIELDS, "x")]), st.integers(1, 6), TEXTS)
@example("close", 4, "2100-12-31 x")
@example("value", 1, "9" * 30)
def test_a_preview_is_text_or_says_what_is_wrong(what: str, id: int, text: str) -> None:
    desk = desk_at("memory:", Clock())
    small_world(desk)
    before = everything(desk.store)
    with suppress(ValueError, HunterError):
        assert isinstance(desk.preview(what, None if what == "add" else id, text), str)
    assert everything(desk.store) == before


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("id", range(1, 7))
def test_a_suggestion_can_be_taken(desk: Desk, what: str, id: int) -> None:
    if text := desk.suggest(what, id):
        assert desk.preview(what, id, text)


@pytest.mark.parametrize(
    ("what", "id", "text", "shown"),
    [
        ("snooze", 1, "tue", "→ Tue 24 Nov, tomorrow"),
        ("snooze", 1, "=fri 10:00", "→ Fri 27 Nov 10:00, in 4 days agreed with them"),
        ("park", 1, "15dec h", "→ Tue 15 Dec, in 22 days · parked: on holiday"),
        ("step", 1, "tue call about the offer", "→ Tue 24 Nov, tomorrow call about the offer"),
        ("close", 4, "15jan slipped", "→ Fri 15 Jan 2027, in 53 days (slipped)"),
        ("add", None, "Ann Lee @acme tue 12k", "Ann Lee at acme · 12,000.00 EUR · → Tue 24 Nov, tomorrow"),
        ("value", 4, "€500k", "value: €500k"),
        ("owner", 4, "ben", "ben"),
        ("merge", 2, "#1", "→ Acme #1, ana"),
        ("edit:role", 1, "CTO", "role: CTO"),
    ],
)
def test_a_preview_says_what_was_understood(
    desk: Desk, what: str, id: int | None, text: str, shown: str
) -> None:
    assert desk.preview(what, id, text) == shown


def test_a_preview_of_a_red_row_says_that_it_stays_red(desk: Desk, clock: Clock) -> None:
    clock.pass_(days=10)
    assert desk.preview("snooze", 1, "tue").endswith("· stays red, owed since the end of Tue 24 Nov")
    assert "stays red" not in desk.preview("park", 1, "tue h")
