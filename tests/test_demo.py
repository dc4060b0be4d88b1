"""The demo: a believable day whenever it is opened, the same each time, and nothing kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from desks import NOW, everything

from huntertui import demo
from huntertui.book import ALL
from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.model.calendar import Calendar
from huntertui.model.opportunity import Opportunity
from huntertui.model.owed import Rule
from huntertui.model.pipeline import Policy
from huntertui.model.ranking import NEVER, Mark, Row
from huntertui.model.touch import Outcome

BERLIN = Policy(calendar=Calendar(ZoneInfo("Europe/Berlin")))
AUCKLAND = Policy(
    calendar=Calendar(ZoneInfo("Pacific/Auckland"), frozenset({0, 1, 2, 3}), frozenset({date(2026, 11, 19)}))
)


def opened(at: datetime = NOW, policy: Policy = BERLIN) -> Desk:
    return demo.desk(lambda: at, policy)


def rows(desk: Desk) -> list[Row]:
    return list(chain.from_iterable(desk.book.lane(lane, desk.now().timestamp()) for lane in range(3)))


def records(desk: Desk) -> list[Opportunity]:
    found = [desk.opportunity(id) for id, _ in desk.store.find("opportunities")]
    return [o for o in found if o]


WHENS = [NOW + timedelta(days=day, hours=hour) for day in range(0, 60, 12) for hour in (-9, 14)]
WHENS += [NOW + timedelta(days=day, minutes=37 * day) for day in range(8)]
WHENS += [datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize("policy", [BERLIN, AUCKLAND], ids=["berlin", "auckland"])
@pytest.mark.parametrize("at", WHENS, ids=str)
def test_every_day_has_what_there_is_to_see(at: datetime, policy: Policy) -> None:
    desk = opened(at, policy)
    now = at.timestamp()
    assert desk.problems == []
    for lane in range(3):
        late = [row for row in desk.book.lane(lane, now) if row.late(now)]
        assert len(late) >= 2
        assert any(row.owner == "ana" for row in late)
        assert any(row.owner in ("ben", "carla") for row in late), "a colleague's red that ana may help with"
        assert any(not row.late(now) for row in desk.book.lane(lane, now))
    shown = rows(desk)
    red = {row.rule for row in shown if row.late(now)}
    assert {Rule.AGREED, Rule.ANSWER, Rule.CADENCE, Rule.IDLE, Rule.CLOSE, Rule.UNOWNED} <= red
    marks = set("".join(row.marks for row in shown))
    assert {Mark.TRIAGE, Mark.PARKED, Mark.NO_NEXT, Mark.INCOMPLETE} <= marks
    assert any(now < row.due < NEVER for row in shown), "a time agreed, still ahead"
    assert {row.owner for row in shown} == {"ana", "ben", "carla", ""}
    assert desk.book.planned(0)
    assert desk.book.planned(1)
    assert desk.book.later(now) == 1
    assert desk.book.open_to_me(now) >= 3
    desk.book.show(ALL, now)
    assert 40 <= len(rows(desk)) <= 50


def test_it_is_the_same_each_time() -> None:
    assert everything(opened().store) == everything(opened().store)


def test_a_day_later_it_tells_the_same_of_that_day() -> None:
    """Monday and Tuesday: the same people, the same reds, each seen from its day."""
    today, tomorrow = opened(), opened(NOW + timedelta(days=1))
    assert [o.title for o in records(today)] == [o.title for o in records(tomorrow)]
    late = [
        {row.title for row in rows(desk) if row.late(desk.now().timestamp())} for desk in (today, tomorrow)
    ]
    assert len(late[0] ^ late[1]) <= 3


def test_nothing_happened_in_the_future_and_history_adds_up() -> None:
    desk = opened()
    for o in records(desk):
        history = desk.history(o.id)
        assert all(o.created <= event.at <= NOW for event in history), o.title
        ours = [e for e in history if e.kind == "touch" and e.doc["direction"] == "out"]
        assert len(ours) == o.touches
        assert desk.explain(o.id)
    assert {o.stage for o in records(desk)} >= {"won", "lost", "nurture", "new", "proposal"}
    assert any(NOW - o.created > timedelta(days=BERLIN.aged_days) for o in records(desk) if not o.triage)


def test_people_and_numbers_are_made_up() -> None:
    """Addresses end on .example, as RFC 2606 keeps it free; companies are of several countries."""
    contacts = [contact for o in records(opened()) for contact in o.contacts]
    emails = [email for contact in contacts for email in contact.emails]
    assert all(email.isascii() and email.endswith(".example") for email in emails)
    assert all(contact.name and contact.phones + contact.struck for contact in contacts)
    assert len({o.country for o in records(opened())}) >= 6


def test_there_is_nothing_to_undo_but_what_one_does() -> None:
    desk = opened()
    before = everything(desk.store)
    assert desk.follow().messages == ()
    with pytest.raises(Usage, match="nothing of yours to undo"):
        desk.undo()
    desk.log(1, Outcome.NO_ANSWER)
    desk.undo()
    assert everything(desk.store) == before
