"""Two members at one store: what each sees of the other, and who wins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import NOW, Clock, desk_at, small_world
from use_cases import Deed

from huntertui.desk import Desk
from huntertui.desk.shelf import Followed
from huntertui.errors import Conflict
from huntertui.model.opportunity import Priority
from huntertui.model.touch import Outcome
from huntertui.store.checkpoint import checkpoint


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
    said, by = ("ana: Globex #3: priority urgent",), {3: ("ana", NOW)}
    assert ben.follow() == Followed(frozenset({3}), said, by)
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
    assert sorted(outcomes) == sorted([f"Umbrella #5 is {winner.owner}'s", *[winner.owner] * 3])
    for desk in desks:
        desk.store.close()


def test_a_change_from_outside_is_taken_in(file: Path, clock: Clock, pair: tuple[Desk, Desk]) -> None:
    ana, _ = pair
    checkpoint(file, "ana", clock)
    file.write_text(file.read_text().replace("Initech", "Intertec"))
    desk_at(file, clock, "carla").store.close()  # whoever opens the store takes it in
    followed = ana.follow()
    assert followed.ids == {4}
    assert followed.messages[0].startswith("external edit: ")
    row = ana.book.row(4)
    assert row
    assert row.company == "Intertec"
