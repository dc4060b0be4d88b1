"""Leading: who may decide on what, and what a lead puts before everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from desks import NOW, Clock, everything, small_world
from teams import POLICY, TEAM, at, shown

from huntertui.desk import Desk
from huntertui.errors import HunterError, NotAllowed, Usage
from huntertui.exchange import import_into, read
from huntertui.model.opportunity import Priority
from huntertui.model.pipeline import Policy
from huntertui.model.team import Team
from huntertui.model.touch import Outcome
from huntertui.store import Store, open_store

LEADS: tuple[Callable[[Desk, int], object], ...] = (
    lambda d, id: d.set_priority(id, Priority.HIGH),
    lambda d, id: d.raise_priority(id, 1),
    lambda d, id: d.raise_priority(id, -1),
    lambda d, id: d.assign(id, "cat she knows them"),
    lambda d, id: d.assign(id, "-"),
)


@pytest.fixture
def store(clock: Clock) -> Store:
    """The small world: #3 is ben's, #5 nobody's, the rest ana's."""
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    return store


# Roles


@pytest.mark.parametrize("act", LEADS)
def test_a_colleagues_item_is_for_him_and_the_leads_to_decide_on(
    store: Store, clock: Clock, act: Callable[[Desk, int], object]
) -> None:
    ana, seq = at(store, "ana", clock), store.seq
    with pytest.raises(NotAllowed, match="ben has Globex #3: ben or a lead") as refused:
        act(ana, 3)
    assert refused.value.exit_code == 7
    assert store.seq == seq
    for who, id in (("ana", 1), ("ana", 5), ("ben", 3), ("lea", 3)):  # mine, nobody's, his own, a lead
        desk = at(store, who, clock)
        act(desk, id)
        desk.undo()


def test_without_a_team_file_everybody_decides(store: Store, clock: Clock) -> None:
    for act in LEADS:
        act(at(store, "ana", clock, Policy()), 3)


def test_by_a_file_of_roots_that_cannot_be_read_nobody_decides_for_others(store: Store, clock: Clock) -> None:
    ben = at(store, "ben", clock, replace(Policy(), team=Team(enforced=True)))
    ben.set_priority(3, Priority.LOW)
    with pytest.raises(NotAllowed, match="ana has Initech #4"):
        ben.set_priority(4, Priority.LOW)
    with pytest.raises(NotAllowed, match="it is not open to others"):
        ben.claim(4)


def test_many_at_once_leave_the_colleagues_as_they_are(store: Store, clock: Clock) -> None:
    ana = at(store, "ana", clock)
    change, left = ana.on_many([1, 3], lambda id: ana.raise_priority(id, 1), "raised {}".format)
    assert (change.ids, [one.id for one in left]) == ((1,), [3])


# A focus for all


def first(desk: Desk) -> str:
    desk.follow()
    focus = desk.focus()
    return desk.focus_words(focus) if focus else ""


def test_a_leads_focus_is_for_all_and_each_may_drop_it(store: Store, clock: Clock) -> None:
    ana, ben, lea = (at(store, who, clock) for who in ("ana", "ben", "lea"))
    assert lea.preview_focus("country:de until fri for all") == "→ 0 first until Fri 27 Nov, for everybody"
    done = lea.set_focus("umbrella until fri for all")
    assert done.message == "umbrella until Fri 27 Nov first for everybody; :focus ends it"
    assert ana.follow().messages == (f"lea: {done.message}",)
    assert first(ana) == first(ben) == "umbrella until Fri 27 Nov (lea)"
    assert ana.set_focus("").message == "lea's focus has ended for you"
    assert (first(ana), first(ben)) == ("", "umbrella until Fri 27 Nov (lea)")
    assert first(at(store, "ana", clock)) == ""  # after a restart
    ana.undo()
    assert first(ana) == "umbrella until Fri 27 Nov (lea)"
    ana.redo()
    lea.set_focus("acme for all")  # another one is new to all
    assert first(ana) == first(ben) == "acme (lea)"
    lea.set_focus("")
    assert first(ana) == first(ben) == first(lea) == ""


def test_my_own_focus_comes_before_a_leads(store: Store, clock: Clock) -> None:
    ana, lea = at(store, "ana", clock), at(store, "lea", clock)
    ana.set_focus("globex until +2")
    lea.set_focus("umbrella for all until fri")
    assert first(ana) == "globex until Wed 25 Nov"
    clock.pass_(days=3)
    assert first(ana) == "umbrella until Fri 27 Nov (lea)"
    clock.pass_(days=1)
    assert first(ana) == "umbrella until Fri 27 Nov (lea)"
    clock.pass_(days=1)
    assert first(ana) == first(lea) == ""


def test_only_a_leads_focus_is_for_all(store: Store, clock: Clock) -> None:
    ana, lea = at(store, "ana", clock), at(store, "lea", clock)
    with pytest.raises(NotAllowed, match="for a lead to set"):
        ana.set_focus("umbrella for all")
    lea.set_focus("umbrella for all")
    demoted = replace(POLICY, team=Team(POLICY.team.members[:3]))
    assert first(at(store, "ana", clock, demoted)) == ""
    assert shown(ana)


# Coaching


def told(desk: Desk, id: int) -> list[str]:
    return [f"{event.by}: {event.text}" for event in desk.history(id) if event.kind != "touch"]


def test_a_leads_note_meets_the_rep_and_is_answered_with_one_word(store: Store, clock: Clock) -> None:
    ben, lea = at(store, "ben", clock), at(store, "lea", clock)
    before = told(lea, 3)
    assert lea.coach(3, "ask him for the decision").message == (
        "coached ben on Globex #3: ask him for the decision"
    )
    ben.follow()
    (message,) = ben.inbox.about(3)
    assert (message.words, message.notice) == ("lea (coaching): ask him for the decision", "lea coaches (#3)")
    ben.answer(3)
    assert ben.inbox.all() == []
    assert told(lea, 3) == [
        "ben: understood: lea (coaching): ask him for the decision",
        "lea: coaches ben: ask him for the decision",
        *before,
    ]
    with pytest.raises(Usage, match="nobody has told you anything"):
        ben.answer(3)
    ben.undo()
    assert [one.id for one in ben.inbox.about(3)] == [message.id]
    lea.undo()
    ben.follow()
    assert (ben.inbox.all(), told(lea, 3)) == ([], before)


def test_a_leads_note_for_a_person(store: Store, clock: Clock) -> None:
    ben, lea = at(store, "ben", clock), at(store, "lea", clock)
    assert lea.preview("coach-rep", None, "be ask earlier") == "→ to ben: ask earlier"
    assert lea.coach_rep("ben ask earlier").message == "coached ben: ask earlier"
    lea.coach(3, "now")
    ben.follow()
    assert [message.notice for message in ben.inbox.all()] == ["lea coaches", "lea coaches (#3)"]
    ben.answer(4)  # there is none about it, so the one to himself
    assert [message.about for message in ben.inbox.all()] == [3]
    assert [(one.text, one.answered) for one in lea.coaching_of("ben")] == [("ask earlier", "understood")]


REFUSED: tuple[tuple[str, Callable[[Desk], object], str], ...] = (
    ("ana", lambda d: d.coach(3, "hm"), "coaching is a lead's: L tells ben"),
    ("ana", lambda d: d.coach_rep("ben hm"), "coaching is a lead's"),
    ("lea", lambda d: d.coach(5, "hm"), "is nobody's: whom"),
    ("lea", lambda d: (d.assign(1, "lea"), d.coach(1, "hm")), "is yours: whom"),
    ("lea", lambda d: d.coach(3, " "), "say something"),
    ("lea", lambda d: d.coach(3, "x" * 501), "say something"),
    ("lea", lambda d: d.coach_rep("lea hm"), "that is you"),
    ("lea", lambda d: d.coach_rep("ben"), "say something"),
    ("lea", lambda d: d.coach_rep("zoe hm"), "nobody is called 'zoe'"),
    ("lea", lambda d: d.coach_rep(""), "whom, and what"),
)


@pytest.mark.parametrize(("who", "act", "why"), REFUSED)
def test_coaching_is_a_leads_and_of_somebody(
    store: Store, clock: Clock, who: str, act: Callable[[Desk], object], why: str
) -> None:
    with pytest.raises(HunterError, match=why):
        act(at(store, who, clock))


def test_what_was_said_stays_in_the_history(store: Store, clock: Clock) -> None:
    ana, ben = at(store, "ana", clock), at(store, "ben", clock)
    ana.message(3, "call him before noon")
    ana.assign(1, "ben he knows them")
    ben.follow()
    ben.answer(3)
    assert told(ana, 3)[:2] == [
        "ben: understood: ana: call him before noon",
        "ana: to ben: call him before noon",
    ]
    assert told(ana, 1)[:2] == ["ana: handed over to ben: he knows them", "ana: owner ana -> ben"]


# The first lines of who leads


def lines(desk: Desk) -> list[tuple[str, str, tuple[int, ...]]]:
    desk.follow()
    return [(one.short, one.long, desk.ids_of(one)) for one in desk.concerns()]


def test_what_nobody_has_comes_first_and_only_for_leads(store: Store, clock: Clock) -> None:
    lea = at(store, "lea", clock)
    assert lines(lea) == [("1 nobody's", "1 has no owner", (5,))]
    assert lines(at(store, "ana", clock)) == lines(at(store, "ana", clock, Policy())) == []
    left = replace(TEAM.members[0], left=NOW.date())  # what is a former member's is nobody's too
    policy = replace(POLICY, team=Team((left, *TEAM.members[1:])))
    assert lines(at(store, "lea", clock, policy)) == [("4 nobody's", "4 have no owner", (1, 2, 4, 5))]
    lea.hand_over("ana cat")
    lea.claim(5)
    assert lines(lea) == lines(at(store, "lea", clock, policy)) == []


def test_what_is_left_of_an_import_is_a_line_after_its_time(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    old = tmp_path / "old leads.csv"
    rows = "".join(f"Jo,Doe{at},Company{at},2025-01-02\n" for at in range(3))
    old.write_text(f"First Name,Last Name,Company,Created Date\n{rows}")
    assert import_into(store, read(old, POLICY, "ana", NOW), "ana", NOW).added == 3
    ana, lea = at(store, "ana", clock), at(store, "lea", clock)
    clock.pass_(days=14)  # ten business days
    assert [short for short, _, _ in lines(lea)] == ["1 nobody's"]
    clock.pass_(days=1)
    nobody, left = lines(lea)
    assert left == (
        "3 of old leads.csv to triage",
        "3 of old leads.csv (Mon 23 Nov, ana) still to triage",
        (7, 8, 9),
    )
    ana.log(7, Outcome.NO_ANSWER)
    assert lines(lea)[1][2] == (8, 9)
    ana.undo()
    assert lines(lea) == [nobody, left]
    for id in (7, 8, 9):
        ana.lose(id, "o")
    assert lines(lea) == [nobody]


# Handing over


def test_a_hand_over_of_more_than_one_change_holds_is_one_undo(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.desk.bulk.FULL", 10)
    ana, cat, lea = (at(store, who, clock) for who in ("ana", "cat", "lea"))
    for number in range(20):
        ana.add(f"Jo{number} @Many{number}")
    lea.follow()
    before = everything(store)
    assert lea.preview("hand-over", None, "ana cat until may") == "→ 23 of ana's to cat: until may"
    seq, done = store.seq, lea.hand_over("ana cat until may")
    assert done.message == "23 of ana's -> cat, until may"
    assert store.seq - seq > 2
    assert {row.owner for row in lea.book.rows()} == {"ben", "cat", ""}
    cat.follow()
    assert [message.text for message in cat.inbox.all()] == ["until may"]  # once
    lea.undo()
    assert (everything(store), store.find("messages")) == (before, [])
    lea.redo()
    assert {row.owner for row in lea.book.rows()} == {"ben", "cat", ""}


def test_what_has_gone_elsewhere_is_left_and_told(store: Store, clock: Clock) -> None:
    ana, lea = at(store, "ana", clock), at(store, "lea", clock)
    with lea.sight.at(store.seq):
        ana.assign(1, "ben")
        done = lea.hand_over("ana cat")
    assert done.message.startswith("2 of ana's -> cat; 1 left as they are, the first as ")
    assert {1} == {row.id for row in lea.book.rows() if row.owner == "ben"} - {3}


def test_parts_are_one_undo_also_where_some_were_left(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.desk.bulk.FULL", 2)
    lea = at(store, "lea", clock)
    before = everything(store)
    change, left = lea.on_many([1, 2, 6, 3, 4], lambda id: lea.snooze(id, "fri"), "snoozed {}".format)
    assert (change.ids, [one.id for one in left]) == ((1, 2, 3, 4), [6])  # which is closed
    lea.undo()
    assert everything(store) == before
