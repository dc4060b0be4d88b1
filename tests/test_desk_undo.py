"""Undo covers everything: each use case is taken back and done again, document by document."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Clock, desk_at, desk_over, everything, small_world
from use_cases import CASES, EACH, Case

from huntertui.desk import Desk
from huntertui.errors import NotAllowed, Usage
from huntertui.model.opportunity import Priority
from huntertui.model.touch import Outcome
from huntertui.store import Tx

NOTHING = "nothing to do"


@EACH
def test_undo_and_redo_restore_every_document(case: Case) -> None:
    clock = Clock()
    desk = desk_at("memory:", clock)
    small_world(desk)
    if case.first:
        case.first(desk)
    before = everything(desk.store)
    change = case.do(desk)
    after = everything(desk.store)
    if case.name == NOTHING:
        assert after == before
        assert change.seq is None
        return
    assert after != before
    for _ in range(2):
        undone = desk.undo()
        assert everything(desk.store) == before
        assert undone.message.startswith("undone: ")
        redone = desk.redo()
        assert everything(desk.store) == after
        assert redone.message == undone.message.replace("undone: ", "redone: ")
    fresh = desk_over(desk.store, clock)
    now = clock().timestamp()
    assert [list(desk.book.lane(n, now)) for n in range(3)] == [
        list(fresh.book.lane(n, now)) for n in range(3)
    ]


def test_a_whole_day_is_undone_after_coming_back(tmp_path: Path) -> None:
    """All use cases that fit together, each undone by a desk that was opened for it, then redone likewise."""
    path, clock = tmp_path / "team" / "store.json", Clock()

    def opened() -> Desk:
        return desk_at(path, clock)

    desk = opened()
    small_world(desk)
    apart = (NOTHING, "merge", "not interested")  # nothing, and what closes #1 before the day has begun
    deeds = [case for case in CASES if case.id in (1, 5) and case.name not in apart]
    states = [everything(desk.store)]
    for case in deeds:
        clock.pass_(minutes=1)
        try:
            for do in filter(None, (case.first, case.do)):
                do(desk)
                if (now := everything(desk.store)) != states[-1]:
                    states.append(now)
        except Usage:
            continue  # the day has gone another way
    desk.store.close()
    assert len(states) > 20
    for state in reversed(states[:-1]):
        desk = opened()
        desk.undo()
        assert everything(desk.store) == state
        desk.store.close()
    for state in states[1:]:
        desk = opened()
        desk.redo()
        assert everything(desk.store) == state
        desk.store.close()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Desk, Desk]:
    path, clock = tmp_path / "team" / "store.json", Clock()
    ana = desk_at(path, clock)
    small_world(ana)
    return ana, desk_at(path, clock, "ben")


def test_undo_is_refused_when_a_colleague_changed_it_since(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.set_priority(1, Priority.HIGH)
    ben.follow()
    ben.set_priority(1, Priority.LOW)
    before = everything(ben.store)
    with pytest.raises(NotAllowed) as caught:
        ana.undo()
    why = "ben has changed it since (Mon 23 Nov 09:00: Acme #1: priority low)"
    assert str(caught.value) == f"not undone: Acme #1: priority high; {why}"
    assert everything(ana.store) == before


def test_undo_is_refused_when_a_colleague_deleted_it_since(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair

    def delete(tx: Tx) -> None:
        tx.label = "deleted Acme #1"
        tx.delete("opportunities", 1)

    ana.set_priority(1, Priority.HIGH)
    ben.store.transact(delete, "ben")
    with pytest.raises(NotAllowed, match=r"ben has changed it since \(Mon 23 Nov 09:00: deleted Acme #1\)"):
        ana.undo()


def test_undo_leaves_a_colleagues_other_fields_alone(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.set_priority(1, Priority.HIGH)
    ben.set_value(1, "77k")
    ana.undo()
    o = ana.opportunity(1)
    assert o
    assert (o.priority, o.value) == (Priority.NORMAL, 7_700_000)


def test_undo_is_mine_alone(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.note(1, "mine")
    ben.note(1, "his")
    assert ana.undo().message == "undone: noted on Acme #1"
    assert [event.text for event in ana.history(1) if event.kind == "note"] == ["his"]


def test_a_new_change_ends_redo(pair: tuple[Desk, Desk]) -> None:
    ana, _ = pair
    ana.note(1, "one")
    ana.undo()
    ana.note(1, "two")
    with pytest.raises(Usage, match="nothing to redo"):
        ana.redo()
    assert ana.undo().ids == (1,)


def test_undo_ends_with_what_is_mine_and_fresh() -> None:
    clock = Clock()
    ana = desk_at("memory:", clock)
    small_world(ana)
    clock.pass_(days=15)
    with pytest.raises(Usage, match="nothing of yours to undo"):
        ana.undo()
    ana.log(1, Outcome.NO_ANSWER)
    assert ana.undo().message.startswith("undone: Acme #1: no answer")


def test_undo_brings_the_plan_back() -> None:
    ana = desk_at("memory:", Clock())
    small_world(ana)
    ana.to_top(2)
    ana.to_top(1)
    assert ana.book.planned(0) == [1, 2]
    ana.undo()
    assert ana.book.planned(0) == [2]
    ana.redo()
    assert ana.book.planned(0) == [1, 2]
