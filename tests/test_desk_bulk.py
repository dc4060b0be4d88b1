"""One use case on many items: one transaction, one undo, and what cannot take it is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desks import NOW, Clock, desk_at, desk_over, everything, small_world

from huntertui.desk import Desk
from huntertui.desk.bulk import Trial, part_of, part_words
from huntertui.desk.ledger import Change
from huntertui.errors import Conflict, NotAllowed, Usage
from huntertui.model.opportunity import Opportunity, Priority
from huntertui.model.touch import Outcome
from huntertui.store.store import Record, Tx


@pytest.fixture
def desk(clock: Clock) -> Desk:
    made = desk_at("memory:", clock)
    small_world(made)
    clock.pass_(days=10)
    return made


def many(desk: Desk, count: int) -> list[int]:
    """Put so many items of mine into the store."""
    ids = [desk.add_opportunity(a_draft(f"Company {at}")).ids[0] for at in range(count)]
    desk.follow()
    return ids


def a_draft(company: str) -> Opportunity:
    return Opportunity(company=company, owner="ana", created=NOW, clock=NOW)


def words(count: int) -> str:
    return f"did {count}"


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, id: desk.log(id, Outcome.NO_ANSWER),
        lambda desk, id: desk.snooze(id, "tue"),
        lambda desk, id: desk.park(id, "15dec h"),
        lambda desk, id: desk.set_priority(id, Priority.HIGH),
        lambda desk, id: desk.raise_priority(id, 1),
        lambda desk, id: desk.forward(id),
        lambda desk, id: desk.win(id),
        lambda desk, id: desk.lose(id, "p"),
        lambda desk, id: desk.assign(id, "cat"),
        lambda desk, id: desk.note(id, "hello"),
        lambda desk, id: desk.edit(id, "tags", "hot"),
    ],
)
def test_what_many_do_at_once_is_what_each_does(clock: Clock, act: Callable[[Desk, int], Change]) -> None:
    def world() -> Desk:
        made = desk_at("memory:", clock)
        small_world(made)
        return made

    clock_at = clock.now
    together, apart = world(), world()
    clock.now = clock_at
    change, left = together.on_many([1, 2, 4], lambda id: act(together, id), words)
    for id in (1, 2, 4):
        act(apart, id)
    assert (change.ids, change.message, left) == ((1, 2, 4), "did 3", [])
    ours, theirs = everything(together.store), everything(apart.store)
    assert ours["opportunities"] == theirs["opportunities"]
    assert [doc for _, doc in ours["events"]] == [doc for _, doc in theirs["events"]]


def test_one_record_one_undo_one_redo(desk: Desk) -> None:
    before, seq = everything(desk.store), desk.seq
    desk.on_many([1, 2, 4], lambda id: desk.snooze(id, "tue"), words)
    after = everything(desk.store)
    assert desk.seq == seq + 1
    assert desk.undo().message == "undone: did 3"
    assert everything(desk.store) == before
    assert desk.redo().message == "redone: did 3"
    assert everything(desk.store) == after


def test_what_cannot_take_it_is_left(desk: Desk) -> None:
    change, left = desk.on_many([1, 6, 2, 99], desk.win, words)
    assert change.ids == (1, 2)
    assert [(one.id, one.name) for one in left] == [(6, "Hooli #6"), (99, "#99")]
    assert "Hooli #6 is lost" in str(left[0].error)
    assert desk.store.record(desk.seq).label == "did 2"  # type: ignore[union-attr]


def test_what_fails_after_it_has_written_leaves_nothing(desk: Desk) -> None:
    desk.log(3, Outcome.DO_NOT_CONTACT)  # ann@acme.example is on the list now
    before = desk.store.get("opportunities", 2)
    emails = {2: "ann@acme.example", 4: "dora@initech.example"}
    change, left = desk.on_many([2, 4], lambda id: desk.edit(id, "email", emails[id]), words)
    assert change.ids == (4,)
    assert isinstance(left[0].error, NotAllowed)
    assert desk.store.get("opportunities", 2) == before


def test_a_colleague_was_quicker_with_one(desk: Desk, clock: Clock) -> None:
    ben = desk_over(desk.store, clock, "ben")
    seen = desk.seq
    ben.snooze(1, "fri")
    with desk.sight.at(seen):
        change, left = desk.on_many([1, 2], lambda id: desk.snooze(id, "tue"), words)
    assert change.ids == (2,)
    assert isinstance(left[0].error, Conflict)
    assert left[0].error.by == "ben"


def test_a_reason_against_the_answer_is_raised(desk: Desk) -> None:
    seq = desk.seq
    with pytest.raises(ValueError, match="99x"):
        desk.on_many([1, 2], lambda id: desk.snooze(id, "99x"), words)
    with pytest.raises(Usage, match="needs a reason"):
        desk.on_many([1, 2], lambda id: desk.park(id, "tue"), words)
    assert desk.seq == seq


def test_nothing_is_gathered_any_more_after_an_unforeseen_error(desk: Desk) -> None:
    def broken(id: int) -> Change:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.on_many([1], broken, words)
    assert desk.win(1).seq == desk.seq


def test_more_than_a_transaction_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("huntertui.desk.bulk.FULL", 10)
    monkeypatch.setattr("huntertui.store.tiny.BULK", 10)
    ids = many(desk, 12)
    before, seq = everything(desk.store), desk.seq
    change, left = desk.on_many(ids, desk.win, words)  # the item, two events, and the care call: four each
    assert (change.ids, change.message, left) == (tuple(ids), "did 12", [])
    after = everything(desk.store)
    assert desk.seq == seq + 6
    records = [desk.store.record(at) for at in range(seq + 1, desk.seq + 1)]
    assert not any(record.bulk for record in records if record)
    undone = desk.undo()
    assert undone.message == "undone: did 12"
    assert set(ids) <= set(undone.ids)
    assert everything(desk.store) == before
    assert desk.redo().message == "redone: did 12"
    assert everything(desk.store) == after
    assert {row.id for row in desk.book.rows()} == {
        row.id for row in desk_over(desk.store, clock).book.rows()
    }


@pytest.mark.parametrize(
    ("label", "part"),
    [
        (part_words("won 12", 3), ("won 12", 3)),
        ("won 12", ("won 12", 0)),
        ("noted on Acme (part of) #7", ("noted on Acme (part of) #7", 0)),
        ("x (part 2", ("x (part 2", 0)),
        ("x (part ²)", ("x (part ²)", 0)),
    ],
)
def test_the_parts_of_a_change(label: str, part: tuple[str, int]) -> None:
    assert part_of(label) == part


def test_a_trial_takes_back_all_it_did(desk: Desk) -> None:
    before = everything(desk.store)

    def run(tx: Tx) -> None:
        trial = Trial(tx)
        made = trial.insert("events", {"kind": "note"})
        trial.update("events", made, {"kind": "touch"})
        trial.update("opportunities", 1, {"company": "x", "new": 1}, unset=["created"])
        trial.delete("opportunities", 2)
        trial.delete("events", made)
        assert trial.written == 3
        assert trial.get("opportunities", 2) is None
        trial.take_back()
        assert trial.written == 0

    desk.store.transact(run, "ana")
    assert everything(desk.store) == before


def test_the_plan_of_two_lanes_at_once(desk: Desk) -> None:
    desk.plan_many([2, 4, 1], top=True)
    assert (desk.book.planned(0), desk.book.planned(2)) == ([2, 1], [4])
    desk.plan_many([5, 2], top=False)
    assert desk.book.planned(0) == [2, 1, 5]
    desk.unplan_many([1, 4])
    assert (desk.book.planned(0), desk.book.planned(2)) == ([2, 5], [])
    with pytest.raises(Usage, match="only open items"):
        desk.plan_many([6], top=True)


def test_what_was_touched_and_is_planned_again_is_planned(desk: Desk, clock: Clock) -> None:
    desk.to_top(1)
    clock.pass_(minutes=1)
    desk.log(1, Outcome.NO_ANSWER)
    assert desk.book.planned(0) == []
    clock.pass_(minutes=1)
    desk.to_top(1)
    assert desk.book.planned(0) == [1]


def test_another_process_sees_it_as_one(tmp_path: Path, clock: Clock) -> None:
    mine = desk_at(tmp_path / "store.json", clock)
    small_world(mine)
    ben = desk_at(tmp_path / "store.json", clock, "ben")
    mine.on_many([1, 2, 4], lambda id: mine.lose(id, "p"), words)
    followed = ben.follow()
    assert followed.ids == {1, 2, 4}
    assert followed.messages == ("ana: did 3",)
    mine.store.close()
    ben.store.close()


def test_what_a_colleague_did_to_as_many_is_read_once(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = many(desk, 20)
    ben = desk_over(desk.store, clock, "ben")
    seen = desk.seq
    ben.on_many(ids, lambda id: ben.snooze(id, "fri"), words)
    desk.follow()
    read: list[int] = []
    record = desk.store.record

    def noted(seq: int) -> Record | None:
        read.append(seq)
        return record(seq)

    monkeypatch.setattr(desk.store, "record", noted)
    with desk.sight.at(seen):
        change, left = desk.on_many(ids, lambda id: desk.snooze(id, "tue"), words)
    assert (change.ids, len(left)) == ((), 20)
    assert [isinstance(one.error, Conflict) for one in left] == [True] * 10 + [False] * 10
    assert "a colleague has changed it since" in str(left[-1].error)
    assert len(read) < 15
