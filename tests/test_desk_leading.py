"""Leading: who may decide on what, and what a lead puts before everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from desks import Clock, small_world
from teams import POLICY, at, shown

from huntertui.desk import Desk
from huntertui.errors import NotAllowed
from huntertui.model.opportunity import Priority
from huntertui.model.pipeline import Policy
from huntertui.model.team import Team
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
