"""A start from kept rows: the same desk as one that reads every record, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desks import Clock, desk_at, desk_over, small_world
from hypothesis import given, settings
from hypothesis import strategies as st

from huntertui.book import ALL, Book
from huntertui.desk import Desk
from huntertui.desk.shelf import MANY
from huntertui.errors import HunterError
from huntertui.model.codec import from_doc
from huntertui.model.opportunity import Priority
from huntertui.model.owed import owed
from huntertui.model.pipeline import CLOSED, Policy
from huntertui.model.ranking import row_of
from huntertui.model.touch import Outcome
from huntertui.rows import kept_name
from huntertui.store import Doc, Store, open_store

Deed = Callable[[Desk, int], Any]


def write(doc: Doc, unset: tuple[str, ...] = ()) -> Deed:
    return lambda d, id: d.store.transact(lambda tx: tx.update("opportunities", id, doc, unset=unset), "eve")


def many(d: Desk, _: int) -> None:
    """More than is kept record by record, where the limit is lowered."""
    d.store.transact(lambda tx: [tx.insert("opportunities", {"company": f"Co {n}"}) for n in range(5)], "eve")


DEEDS: list[Deed] = [
    lambda d, _: d.add("Gus Hay @Acme tue 12k"),
    lambda d, id: d.log(id, Outcome.NO_ANSWER),
    lambda d, id: d.log(id, Outcome.TALKED),
    lambda d, id: d.snooze(id, "fri"),
    lambda d, id: d.set_priority(id, Priority.HIGH),
    lambda d, id: d.to_top(id),
    lambda d, id: d.note(id, "warm"),
    lambda d, id: d.forward(id),
    lambda d, id: d.assign(id, "ben"),
    lambda d, id: d.lose(id, "p"),
    lambda d, id: d.lose_for_now(id, "15dec"),
    lambda d, id: d.reopen(id),
    lambda d, id: d.store.transact(lambda tx: tx.delete("opportunities", id), "eve"),
    lambda d, _: d.undo(),
    lambda d, _: d.redo(),
    write({"stage": 5}),
    write({"stage": ["won"]}),
    write({"stage": "new"}),
    write({"clock": "soon"}),
    write({}, ("clock",)),
    many,
    lambda d, _: d.keep_rows(),
    lambda d, _: d.keep_rows(),
    lambda d, _: d.follow(),
]


def seen(desk: Desk) -> list[object]:
    """All that a loaded desk shows."""
    now, book = desk.now().timestamp(), desk.book
    found: list[object] = [desk.problems, book.plan, book.next_promise(now), len(book)]
    for scope in ("ana", "ben", ALL):
        book.show(scope, now)
        found += [(list(book.lane(lane, now)), book.count(lane, now)) for lane in range(3)]
        found += [book.later(now), book.open_to_me(now), book.neglected(scope, now)]
    book.show(desk.me, now)
    return found


def read_in_full(store: Store, clock: Clock) -> Desk:
    """A desk whose book was made by hand of every record."""
    desk, rows, problems = desk_over(store, clock), [], []
    for id, doc in store.find("opportunities"):
        try:
            o = from_doc(id, doc)
        except ValueError as error:
            if doc.get("stage") not in list(CLOSED) or (doc["stage"] == "lost" and doc.get("revisit")):
                problems.append(str(error))
            continue
        if owed(o, desk.policy):
            rows.append(row_of(o, desk.policy))
    plan, desk.book = desk.book.plan, Book(desk.policy, desk.me)
    desk.book.load(rows, clock().timestamp())
    desk.book.plan = plan
    assert desk.problems == problems
    return desk


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 9), st.integers(0, 200)), max_size=25))
def test_a_start_from_kept_rows_is_a_start_from_the_records(deeds: list[tuple[Deed, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("huntertui.store.tiny.BULK", 4)
        clock = Clock()
        desk = desk_at("memory:", clock)
        small_world(desk)
        for deed, id, minutes in deeds:
            clock.pass_(minutes=minutes)
            try:
                deed(desk, id)
            except (HunterError, ValueError):
                continue
        desk.follow()
        wanted = seen(read_in_full(desk.store, clock))
        assert seen(desk) == wanted
        assert seen(desk_over(desk.store, clock)) == wanted
        desk.keep_rows()
        desk.load()
        assert seen(desk) == wanted


WHOLE = ["members", "opportunities", "opportunities", "plans"]
"""What is read where no rows are kept: of the items what is open, and what is lost and comes back."""


class Watched:
    """A store that notes which tables are read whole, and what is kept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.scans: list[str] = []
        self.keeps: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def find(self, table: str, *rest: Any, **more: Any) -> Any:
        self.scans.append(table)
        return self.store.find(table, *rest, **more)

    def keep(self, name: str, seq: int, data: bytes) -> None:
        self.keeps.append(seq)
        self.store.keep(name, seq, data)


def watched(path: Path, clock: Clock, me: str = "ana") -> tuple[Desk, Watched]:
    store = Watched(open_store(path, me, clock=clock))
    return desk_over(store, clock, me), store


def fill(path: Path, clock: Clock, number: int) -> None:
    def insert(tx: Any) -> None:
        for n in range(number):
            tx.insert("opportunities", {"company": f"Co {n}", "owner": "ana"})
        tx.insert("opportunities", {"stage": 5})

    with open_store(path, "eve", clock=clock) as store:
        store.transact(insert, "eve")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "team" / "store.json"


def test_the_second_start_reads_what_changed_only(path: Path) -> None:
    clock = Clock()
    fill(path, clock, MANY)
    first, store = watched(path, clock)
    assert (store.scans, store.keeps) == (WHOLE, [1])
    first.set_priority(7, Priority.URGENT)
    second, store = watched(path, clock, "ben")
    assert (store.scans, store.keeps) == (["members", "plans"], [])
    assert second.problems == first.problems
    assert len(second.problems) == 1
    row = second.book.row(7)
    assert row
    assert row.priority == 0
    assert len(second.book) == MANY
    first.store.close()
    second.store.close()


def test_what_is_wrong_with_a_record_is_told_until_it_is_mended(path: Path) -> None:
    clock = Clock()
    fill(path, clock, 3)
    desk, _ = watched(path, clock)
    (problem,) = desk.problems
    assert problem == "opportunity #4: stage cannot be read: 5"
    write({"clock": "soon"})(desk, 1)
    desk.follow()
    assert desk.problems == ["opportunity #1: clock cannot be read: 'soon'", problem]
    desk.keep_rows()
    write({"stage": "new"})(desk, 4)
    write({}, ("clock",))(desk, 1)
    again, _ = watched(path, clock, "ben")
    assert again.problems == []
    desk.follow()
    assert desk.problems == []
    assert len(desk.book) == len(again.book) == 4
    desk.store.close()
    again.store.close()


def test_few_records_are_read_and_not_kept(path: Path) -> None:
    clock = Clock()
    fill(path, clock, 10)
    desk, store = watched(path, clock)
    assert store.keeps == []
    desk.store.close()


def test_after_many_changes_the_rows_are_kept_anew(path: Path) -> None:
    clock = Clock()
    fill(path, clock, MANY + 5)
    first, _ = watched(path, clock)

    def touch_all(tx: Any) -> None:
        for id in range(1, MANY + 2):
            tx.update("opportunities", id, {"owner": "ben"})

    first.store.transact(touch_all, "eve")
    second, store = watched(path, clock)
    assert (store.scans, store.keeps) == (["members", "plans"], [2])
    assert second.book.owners() == {"ana", "ben"}
    first.store.close()
    second.store.close()


@pytest.mark.parametrize("data", [b"", b"[]\n", b"no rows at all", b"\xff" * 1000])
def test_rows_that_lie_are_not_believed(path: Path, data: bytes) -> None:
    clock = Clock()
    fill(path, clock, 10)
    with open_store(path, "ana", clock=clock) as store:
        store.keep(kept_name(Policy()), store.seq, data)
    desk, store_seen = watched(path, clock)
    assert store_seen.scans == WHOLE
    assert len(desk.book) == 10
    desk.store.close()


def test_rows_from_the_future_are_not_believed(path: Path) -> None:
    clock = Clock()
    fill(path, clock, 10)
    first, store = watched(path, clock)
    first.keep_rows()
    name = kept_name(Policy())
    kept = store.kept(name)
    assert kept
    store.keep(name, 99, kept[1])
    second, store = watched(path, clock)
    assert store.scans == WHOLE
    first.store.close()
    second.store.close()


def test_a_bulk_change_of_a_colleague_is_taken_in_and_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.store.tiny.BULK", 20)
    clock = Clock()
    fill(path, clock, 10)
    desk, _ = watched(path, clock)
    desk.keep_rows()

    def add(tx: Any) -> None:
        tx.label = "imported 30 from leads.csv"
        for n in range(30):
            tx.insert("opportunities", {"company": f"Lead {n}", "owner": "ben"})

    with open_store(path, "ben", clock=clock) as store:
        store.transact(add, "ben")
    assert desk.follow().messages == ("ben: imported 30 from leads.csv",)
    assert len(desk.book) == 40
    assert desk.follow().messages == ()
    desk.store.close()
