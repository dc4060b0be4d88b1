"""An import is taken back but for what somebody has worked on since, large or small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desks import Clock, desk_at, everything, small_world

from huntertui.desk import Desk
from huntertui.errors import NotAllowed, Usage
from huntertui.exchange import import_into, read
from huntertui.model.opportunity import Priority
from huntertui.model.touch import Outcome

SMALL, BULK = 10_000, 3  # ops from which on a record is bulk
FIRST = 7  # the first id after the small world
COMPANIES = ["Alba", "Brio", "Ceres", "Duna", "Elba", "Fano"]
IDS = range(FIRST, FIRST + len(COMPANIES))


@pytest.fixture(params=[SMALL, BULK], ids=["small", "bulk"])
def limit(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def pair(
    tmp_path: Path, clock: Clock, limit: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Desk, Desk]]:
    """Ana, who has just imported, and ben."""
    path = tmp_path / "team" / "store.json"
    ana = desk_at(path, clock)
    small_world(ana)
    monkeypatch.setattr("huntertui.store.tiny.BULK", limit)
    take_in(ana, tmp_path, COMPANIES)
    ben = desk_at(path, clock, "ben")
    clock.pass_(hours=1)
    yield ana, ben
    ana.store.close()
    ben.store.close()


def take_in(desk: Desk, folder: Path, companies: list[str], name: str = "leads.csv") -> None:
    file = folder / name
    file.write_text("company\n" + "".join(f"{company}\n" for company in companies))
    import_into(desk.store, read(file, desk.policy, desk.me, desk.now()), desk.me, desk.now())
    desk.follow()


def left(desk: Desk) -> list[int]:
    """Which of the imported are still there, in the store and in the book."""
    there = [id for id in IDS if desk.store.get("opportunities", id)]
    assert there == [id for id in IDS if desk.book.row(id)]
    return there


def test_all_of_it_goes_when_nobody_worked_on_it(pair: tuple[Desk, Desk], limit: int) -> None:
    ana, ben = pair
    before = everything(ana.store)
    assert left(ana) == list(IDS)
    assert ana.undo().message == "undone: imported 6 from leads.csv"
    assert left(ana) == []
    assert ana.store.find("imports") == []
    assert ben.follow().messages == ("ana: undone: imported 6 from leads.csv",)
    assert left(ben) == []
    if limit == BULK:
        with pytest.raises(Usage, match=r"not redone: imported 6 from leads\.csv; import the file again"):
            ana.redo()
        return
    assert ana.redo().message == "redone: imported 6 from leads.csv"
    assert everything(ana.store) == before
    assert ana.undo().message == "undone: imported 6 from leads.csv"
    assert left(ana) == []


def test_what_somebody_worked_on_is_kept_and_named(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ben.log(8, Outcome.TALKED)
    ben.note(10, "knows them")
    ana.follow()
    change = ana.undo()
    said = "undone: imported 6 from leads.csv; changed since, so kept: Brio #8, Duna #10"
    assert (change.message, change.ids) == (said, (8, 10))
    assert left(ana) == [8, 10]
    assert [event.text for event in ana.history(10)] == ["knows them"]
    assert len(ana.store.find("imports")) == 1


def test_only_the_first_few_are_named(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    for id in list(IDS)[:-1]:
        ben.set_priority(id, Priority.HIGH)
    assert ana.undo().message.endswith("so kept: Alba #7, Brio #8, Ceres #9 and 2 more")
    assert left(ana) == [7, 8, 9, 10, 11]


def test_a_change_that_comes_at_the_last_moment_counts_too(
    pair: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = pair
    run = ana.store.transact

    def late(*args: Any) -> Any:
        ben.set_priority(9, Priority.HIGH)
        ben.note(11, "knows them")
        return run(*args)

    monkeypatch.setattr(ana.store, "transact", late)
    assert ana.undo().ids == (9, 11)
    assert left(ana) == [9, 11]


def test_what_was_undone_since_is_no_work(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ana.log(8, Outcome.TALKED)
    ana.undo()
    ben.log(9, Outcome.TALKED)
    ben.undo()
    ben.log(10, Outcome.TALKED)
    ben.undo()
    ben.redo()
    assert ana.undo().ids == (10,)
    assert left(ana) == [10]


def test_what_was_deleted_since_is_gone(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    ben.store.transact(lambda tx: tx.delete("opportunities", 9), "ben")
    assert ana.undo().message == "undone: imported 6 from leads.csv"
    assert left(ana) == []


def test_nothing_is_done_when_all_was_worked_on(pair: tuple[Desk, Desk]) -> None:
    ana, ben = pair
    for id in IDS:
        ben.set_priority(id, Priority.HIGH)
    before = everything(ben.store)
    with pytest.raises(NotAllowed, match=r"not undone: imported 6 .*; all of it has been changed since"):
        ana.undo()
    assert everything(ana.store) == before


def test_two_imports_are_taken_back_one_by_one_after_coming_back(
    pair: tuple[Desk, Desk], tmp_path: Path, clock: Clock
) -> None:
    ana, _ = pair
    take_in(ana, tmp_path, [f"Next {n}" for n in range(6)], "next.csv")
    for name in ("next", "leads"):
        again = desk_at(tmp_path / "team" / "store.json", clock)
        assert again.undo().message == f"undone: imported 6 from {name}.csv"
        again.store.close()
    ana.follow()
    assert left(ana) == []
    assert len(ana.book) == 5


def test_a_redone_rest_is_taken_back_but_for_what_was_worked_on(pair: tuple[Desk, Desk], limit: int) -> None:
    ana, ben = pair
    for id in (7, 8, 9):
        ben.set_priority(id, Priority.HIGH)
    ana.undo()
    assert left(ana) == [7, 8, 9]
    ana.redo()
    assert left(ana) == list(IDS)
    ben.set_priority(12, Priority.HIGH)
    assert ana.undo().ids == (12,)
    assert left(ana) == [7, 8, 9, 12]


def test_history_that_came_with_it_goes_with_its_items(clock: Clock) -> None:
    ana = desk_at("memory:", clock)

    def work(tx: Any) -> None:
        tx.label = "imported 2 from old.csv"
        batch = tx.insert("imports", {"file": "old.csv"})
        for name in ("Alba", "Brio"):
            id = tx.insert("opportunities", {"company": name, "import_id": batch})
            tx.insert("events", {"kind": "note", "opportunity": id, "text": name})

    ana.store.transact(work, "ana")
    ana.follow()
    ana.set_priority(1, Priority.HIGH)
    ana.store.transact(lambda tx: tx.update("opportunities", 1, {"owner": "ben"}), "ben")
    ana.store.transact(lambda tx: tx.insert("events", {"opportunity": ["odd"]}), "ben")
    ana.undo()  # the priority
    assert ana.undo().ids == (1,)
    assert [event.text for event in ana.history(1)] == ["Alba"]
    assert ana.history(2) == []


def test_another_bulk_change_is_not_taken_back(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntertui.store.tiny.BULK", BULK)
    ana = desk_at("memory:", clock)

    def work(tx: Any) -> None:
        tx.label = "everything is new"
        for n in range(6):
            tx.insert("opportunities", {"company": f"Co {n}"})

    ana.store.transact(work, "ana")
    ana.follow()
    with pytest.raises(Usage, match="not undone: everything is new; it changed too much at once"):
        ana.undo()
    assert len(ana.book) == 6


def test_an_import_before_another_bulk_change_stays(pair: tuple[Desk, Desk], limit: int) -> None:
    ana, ben = pair

    def move(tx: Any) -> None:
        for id in IDS:
            tx.update("opportunities", id, {"country": "de"})

    ben.store.transact(move, "ben")
    before = everything(ben.store)
    why = "cannot be told" if limit == BULK else "all of it has been changed since"
    with pytest.raises(NotAllowed, match=why):
        ana.undo()
    assert everything(ana.store) == before
