"""The pool, absence, hand-over and messages: who sees what, and that nothing is out of sight."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from desks import NOW, Clock, small_world
from hypothesis import given, settings
from hypothesis import strategies as st
from teams import POLICY, TEAM, at, shown

from huntertui.desk import Desk
from huntertui.errors import Conflict, HunterError, NotAllowed, Usage
from huntertui.model.opportunity import Opportunity
from huntertui.model.pipeline import Policy
from huntertui.model.team import Team
from huntertui.model.touch import Outcome
from huntertui.store import Store, open_store


@pytest.fixture
def store(clock: Clock) -> Store:
    """The small world: #3 is ben's, #5 nobody's, the rest ana's."""
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    return store


def test_what_is_nobodys_is_for_those_who_are_able(store: Store, clock: Clock) -> None:
    ana = at(store, "ana", clock)
    assert all(5 in shown(at(store, who, clock)) for who in ("ana", "ben", "cat", "lea"))
    ana.tag(5, "DE")
    assert [who for who in ("ana", "ben", "cat", "lea") if 5 in shown(at(store, who, clock))] == [
        "cat",
        "lea",
    ]
    assert ana.why_open(5) == "nobody's since Mon 23 Nov 09:00"


def test_a_broken_promise_is_open_at_once_an_idle_red_after_three_days(store: Store, clock: Clock) -> None:
    ana, ben = at(store, "ana", clock), at(store, "ben", clock)
    ben.log(3, Outcome.TALKED)
    clock.pass_(days=7, hours=16)  # red since the end of Monday
    assert 3 not in shown(ana)
    clock.pass_(days=3)
    assert 3 in shown(ana)
    assert "ben has left it red" in ana.why_open(3)


def test_a_helper_without_a_touch_is_none_any_more(store: Store, clock: Clock) -> None:
    clock.pass_(days=10)
    ana, cat = at(store, "ana", clock), at(store, "cat", clock)
    assert ana.claim(3).message.startswith("Globex #3: ana helps ben until")
    with pytest.raises(NotAllowed, match="ana is helping with Globex #3 already"):
        cat.claim(3)
    clock.pass_(days=5)
    assert cat.claim(3).message.startswith("Globex #3: cat helps ben until")


def test_the_second_neglect_passes_the_owner(store: Store, clock: Clock) -> None:
    clock.pass_(days=10)
    ana = at(store, "ana", clock)
    ana.claim(3)
    ana.log(3, Outcome.TALKED)
    o = ana.opportunity(3)
    assert o is not None
    assert o.owner == "ben"
    clock.pass_(days=14)
    assert ana.claim(3).message.startswith("Globex #3 is ana's, it was ben's")


def test_who_is_away_is_covered_and_it_is_undone(store: Store, clock: Clock) -> None:
    ana, cat = at(store, "ana", clock), at(store, "cat", clock)
    clock.pass_(days=1)  # what falls due today
    assert 3 not in shown(cat)
    assert ana.preview("away", None, "ben until mon ill") == "→ ben is away until Mon 30 Nov; cat covers"
    done = ana.away("ben until mon ill")
    assert done.message == "ben is away until Mon 30 Nov; what falls due is open to cat"
    assert (3 in shown(cat), 3 in shown(ana)) == (True, False)
    assert cat.why_open(3) == "ben is away until Mon 30 Nov, cat covers"
    assert ana.undo().message.startswith("undone: ben is away")
    assert 3 not in shown(cat)
    ana.redo()
    assert 3 in shown(cat)
    assert ana.away("ben back").message == "ben is back"
    assert 3 not in shown(cat)
    for text in ("", "zoe until mon", "ben until yesterday", "ben"):
        with pytest.raises((HunterError, ValueError)):
            ana.away(text)


def test_what_is_still_to_triage_waits_for_who_is_away(store: Store, clock: Clock) -> None:
    """A day off of his is no reason to flood the others with an old import of his."""
    ana, cat = at(store, "ana", clock), at(store, "cat", clock)
    old = NOW - timedelta(days=400)
    draft = Opportunity(company="Old", owner="ben", stage="new", created=old, clock=old, triage=True)
    id = ana.add_opportunity(draft).ids[0]
    clock.pass_(days=1)
    ana.away("ben until +5")
    assert (3 in shown(cat), id in shown(cat), ana.why_open(id)) == (True, False, "")
    with pytest.raises(NotAllowed, match="it is not open to others"):
        cat.claim(id)


def test_all_of_somebodys_goes_to_another_with_a_note(store: Store, clock: Clock) -> None:
    ana, ben, lea = (at(store, who, clock) for who in ("ana", "ben", "lea"))
    with pytest.raises(NotAllowed, match="ben or a lead hands it over"):
        ana.hand_over("ben cat")
    assert lea.preview("hand-over", None, "ana ben he knows them") == "→ 3 of ana's to ben: he knows them"
    assert lea.hand_over("ana ben he knows them").message == "3 of ana's -> ben, he knows them"
    ben.follow()
    assert [message.words for message in ben.inbox.all()] == ["lea (handed over): he knows them"]
    assert ana.book.owners() - {"ben"} == {"ana"}  # not yet taken in
    lea.undo()
    ben.follow()
    assert ben.inbox.all() == []


def test_a_message_is_kept_with_its_item_until_it_is_answered(store: Store, clock: Clock) -> None:
    ana, ben = at(store, "ana", clock), at(store, "ben", clock)
    assert ana.message(3, "call him before noon").message == "to ben about Globex #3: call him before noon"
    ben.follow()
    assert [message.words for message in ben.inbox.about(3)] == ["ana: call him before noon"]
    assert ben.answer(3).message == "understood: #3: ana: call him before noon"
    assert ben.inbox.all() == []
    ben.undo()
    assert len(ben.inbox.all()) == 1
    with pytest.raises(Usage, match="there is no one to tell"):
        ana.message(5, "whose?")
    with pytest.raises(Usage, match="nobody has told you anything"):
        ana.answer(1)


def test_who_leaves_on_wednesday_leaves_nothing_out_of_sight(store: Store, clock: Clock) -> None:
    clock.pass_(days=2)
    left = replace(TEAM.members[0], left=NOW.date().replace(day=25))
    policy = replace(POLICY, team=Team((left, *TEAM.members[1:])))
    clock.pass_(days=1)
    for who in ("ben", "cat", "lea"):
        desk = at(store, who, clock, policy)
        assert {1, 2, 4} <= shown(desk)
        assert desk.why_open(1) == "ana is no member any more"
    ben = at(store, "ben", clock, policy)
    assert ben.claim(1).message.startswith("Acme #1 is ben's, it was ana's")


ACTS: tuple[Callable[[Desk, int], object], ...] = (
    lambda d, id: d.claim(id),
    lambda d, id: d.log(id, Outcome.NO_ANSWER),
    lambda d, id: d.assign(id, "-"),
    lambda d, id: d.assign(id, "cat"),
    lambda d, id: d.park(id, "+5d h"),
    lambda d, id: d.tag(id, "de"),
    lambda d, _: d.away("ben until +4"),
    lambda d, _: d.away("cat until +2"),
    lambda d, _: d.hand_over("me cat"),
    lambda d, _: d.undo(),
)


@given(st.lists(st.tuples(st.sampled_from(["ana", "ben", "cat", "lea"]), st.integers(0, 9), st.integers(1, 6),
                          st.sampled_from([0, 0, 9, 40])), max_size=25))  # fmt: skip
@settings(max_examples=40)
def test_no_open_item_is_ever_out_of_everyones_sight(history: list[tuple[str, int, int, int]]) -> None:
    """Whatever is done: what is red and whose owner is not there, somebody who is there sees."""
    clock = Clock()
    store = open_store("memory:", "ana", clock=clock)
    small_world(at(store, "ana", clock))
    desks = {who: at(store, who, clock) for who in TEAM.names()}
    for who, act, id, hours in history:
        clock.pass_(hours=hours)
        desks[who].follow()
        with suppress(HunterError):
            ACTS[act](desks[who], id)
    seen = {who: shown(desk) for who, desk in desks.items()}
    away = desks["ana"].book.pool(clock().timestamp()).away
    for row in desks["ana"].book.rows():
        present = {who for who in TEAM.names() if who not in away}
        owned = row.owner in present
        red = row.late(clock().timestamp())
        assert owned or not red or any(row.id in seen[who] for who in present)


def take(path: Path, who: str) -> str:
    """Press i on #5 from a process of its own."""
    clock = Clock()
    with open_store(path, who, clock=clock) as store:
        try:
            desk = Desk(store, Policy(), who, clock)
            desk.load()
            return desk.claim(5).message
        except (Conflict, HunterError) as error:
            return f"{type(error).__name__}: {error} {getattr(error, 'by', '')}"


def test_thirty_processes_at_one_item(tmp_path: Path) -> None:
    """One owner, all others told who, and once in the history."""
    path, clock = tmp_path / "team" / "store.json", Clock()
    with open_store(path, "ana", clock=clock) as store:
        small_world(at(store, "ana", clock, Policy()))
    people = [f"rep{n}" for n in range(30)]
    with get_context("spawn").Pool(10) as pool:
        said = pool.starmap(take, [(path, who) for who in people], chunksize=1)
    won = [text for text in said if text.startswith("Umbrella #5 is")]
    assert len(won) == 1
    with open_store(path, "ana", clock=clock) as store:
        owner = store.get("opportunities", 5)["owner"]  # type: ignore[index]
        assert won == [f"Umbrella #5 is {owner}'s"]
        assert all(owner in text for text in said)
        events = store.find("events", [("opportunity", "=", 5), ("kind", "=", "owner"), ("new", "=", owner)])
        assert len(events) == 1
