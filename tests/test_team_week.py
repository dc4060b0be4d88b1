"""A week of five people, from the first import to the Friday review, counted from what was done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from desks import NOW, Clock

from huntertui.desk import Desk
from huntertui.exchange import import_into, read
from huntertui.model.figures import STEMS
from huntertui.model.pipeline import Policy
from huntertui.model.scorecard import TEAM
from huntertui.model.team import Member, Role, Team
from huntertui.model.touch import Outcome
from huntertui.store import open_store

REPS = ("ana", "ben", "cat", "dan", "lea")
ROLES = {"lea": Role.LEAD}
POLICY = replace(Policy(), team=Team(tuple(Member(one, ROLES.get(one, Role.REP)) for one in REPS)))
COUNTED = ("first_touches", "asks", "decisions", "pushes", "persistence")
SAID = (Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.TALKED, Outcome.SENT)


@dataclass
class Diary:
    """What somebody did, kept beside the program."""

    first: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)
    given_up: dict[int, int] = field(default_factory=dict)  # id -> days on which its cadence was worked
    pushed: set[int] = field(default_factory=set)


@dataclass
class Week:
    """What has become of the items: the days of touches until somebody talked, and which are closed."""

    random: Random
    touched: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    closed: set[int] = field(default_factory=set)
    put_off: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))  # since the last touch
    talked: set[int] = field(default_factory=set)

    def turn(self, desk: Desk, book: Diary, id: int, day: int) -> None:
        """What somebody does about one item: gives up, asks, or tries again."""
        turn = self.random.random()
        if turn < 0.12 and self.touched[id] and id not in self.talked:  # no answer, and no patience
            desk.lose(id, "g")
            self.closed.add(id)
            book.given_up[id] = len(set(self.touched[id]))
        elif turn < 0.3 and id in self.talked:
            self._ask(desk, book, id, turn)
        elif turn > 0.9:
            desk.park(id, "+3d h")
            self.put_off[id] += 1
        else:
            self.put_off[id] = 0
            if not self.touched[id]:
                book.first.add(id)
            self.touched[id].append(day)
            outcome = self.random.choice(SAID)
            desk.log(id, outcome)
            if outcome is Outcome.TALKED:
                self.talked.add(id)

    def _ask(self, desk: Desk, book: Diary, id: int, turn: float) -> None:
        desk.move(id, "proposal")
        desk.expect_close(id, "+10")
        desk.log(id, Outcome.ASKED)
        book.asked.add(id)
        self.put_off[id] = 0
        if turn < 0.2:
            desk.win(id) if turn < 0.15 else desk.lose(id, "p")
            self.closed.add(id)
            book.decided.add(id)
        elif turn < 0.25:
            desk.expect_close(id, "+20 their budget slipped")
            book.pushed.add(id)
            self.put_off[id] += 1


def test_a_week(tmp_path: Path) -> None:
    week, clock = Week(Random(20261125)), Clock()
    store = open_store("memory:", "lea", clock=clock)
    leads = tmp_path / "leads.csv"
    rows = "".join(f"Person,No{at},Company{at},2026-11-23\n" for at in range(60))
    leads.write_text(f"First Name,Last Name,Company,Created Date\n{rows}")
    assert import_into(store, read(leads, POLICY, "lea", NOW), "lea", NOW).added == 60
    desks = {who: Desk(store, POLICY, who, clock) for who in REPS}
    for desk in desks.values():
        desk.load()
    mine = {who: list(range(1 + at * 12, 13 + at * 12)) for at, who in enumerate(REPS)}
    for who in REPS[:-1]:
        for id in mine[who]:
            desks["lea"].assign(id, who)
    diary: defaultdict[str, Diary] = defaultdict(Diary)
    for day in range(5):
        for who, desk in desks.items():
            desk.follow()
            for id in set(week.random.sample(mine[who], 5)) - week.closed:
                week.turn(desk, diary[who], id, day)
        clock.pass_(days=1)
    clock.pass_(hours=-16)  # Friday evening
    desks["lea"].follow()
    cards = {card.who: card.figures for card in desks["lea"].scorecard().cards}
    for who, book in diary.items():
        found = {name: cards[who][name].ids for name in COUNTED}
        lists = (book.first, book.asked, book.decided, book.pushed, book.given_up)
        assert found == {name: tuple(sorted(ids)) for name, ids in zip(COUNTED, lists, strict=True)}
        assert cards[who]["first_touches"].of == 50
        again = {id for id in mine[who] if week.put_off[id] > 1} - week.closed
        assert {id for stem in STEMS for id in cards[who][f"{stem}_put_off"].ids} == again
        persistence = cards[who]["persistence"]
        assert persistence.value == sum(book.given_up.values())
        assert persistence.of == 6 * len(book.given_up)
    for name in COUNTED:
        assert cards[TEAM][name].value == sum(cards[who][name].value for who in REPS)
        assert cards[TEAM][name].value  # it was a week
    assert any(cards[TEAM][f"{stem}_put_off"].value for stem in STEMS)
    review(desks["ana"])


def review(desk: Desk) -> None:
    """What is left goes to Monday; what is red stays red, and stays on the card."""
    desk.follow()
    names = [f"{lane}_neglected" for lane in ("new", "following", "deals")]
    before = [desk.scorecard().cards[1].figures[name] for name in names]
    assert any(figure.value for figure in before)
    desk.redate([row.id for row in desk.to_review()])
    assert [desk.scorecard().cards[1].figures[name] for name in names] == before
