"""What each act does to a record, beside what is owed by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from deals import (
    POLICY,
    Step,
    after,
    agreed,
    assigned,
    at,
    deal,
    logged,
    lost,
    moved,
    parked,
    pushed,
    reopened,
    step,
    stepped,
    touch,
    wrote,
)

from huntertui.model import acts
from huntertui.model.opportunity import Channel, Contact, Debt, Kind, Opportunity, Park, Priority
from huntertui.model.pipeline import LOST
from huntertui.model.touch import EFFECTS, Answer, Outcome

NOW = at("11-23 10:00")
JANE = Contact("Jane", emails=("jane@acme.example",), phones=("+49 30 1", "+49 30 2"))
JOE = Contact("Joe", phones=("+49 30 3",))


@pytest.mark.parametrize(
    ("stage", "outcome", "reached"),
    [
        ("new", Outcome.NO_ANSWER, "attempting"),
        ("new", Outcome.VOICEMAIL, "attempting"),
        ("new", Outcome.SENT, "attempting"),
        ("new", Outcome.TALKED, "contacted"),
        ("attempting", Outcome.REPLIED, "contacted"),
        ("attempting", Outcome.CALLBACK, "contacted"),
        ("new", Outcome.MET, "contacted"),
        ("contacted", Outcome.MEETING_BOOKED, "meeting"),
        ("nurture", Outcome.TALKED, "contacted"),
        ("nurture", Outcome.NO_ANSWER, "nurture"),
        ("new", Outcome.WRONG_NUMBER, "new"),
        ("contacted", Outcome.NO_ANSWER, "contacted"),
        ("qualified", Outcome.TALKED, "qualified"),
        ("proposal", Outcome.MEETING_BOOKED, "proposal"),
        ("proposal", Outcome.NO_SHOW, "proposal"),
        ("proposal", Outcome.ASKED, "proposal"),
        ("proposal", Outcome.NOT_INTERESTED, LOST),
    ],
)
def test_an_outcome_moves_forward_never_back(stage: str, outcome: Outcome, reached: str) -> None:
    assert after(deal(stage), logged("11-23 10:00", outcome)).stage == reached


def test_every_outcome_has_an_effect() -> None:
    assert set(EFFECTS) == set(Outcome)


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.WRONG_NUMBER])
def test_a_touch_is_counted_and_starts_the_clock(outcome: Outcome) -> None:
    o = replace(
        deal(), own_dates=2, deferrals=2, helper="ben", helper_until=NOW, park=Park(date(2026, 12, 1), "b")
    )
    done = after(o, logged("11-23 10:00", outcome))
    assert (done.clock, done.own_dates, done.deferrals, done.park) == (NOW, 0, 0, None)
    assert (done.helper, done.helper_until) == ("", None)
    assert done.last_touch is not None
    assert (done.last_touch.at, done.last_touch.outcome) == (NOW, outcome)
    assert done.touches == (outcome is not Outcome.REPLIED)


def test_a_touch_logged_late_does_not_put_the_clock_back() -> None:
    o = after(deal(), logged("11-20 10:00", Outcome.TALKED), logged("11-19 10:00", Outcome.TALKED))
    assert o.clock == at("11-20 10:00")


def test_a_message_that_waits_for_an_answer_is_no_work() -> None:
    o = after(deal(own_dates=1, deferrals=1, touches=1), wrote("11-12 10:00"))
    assert (o.own_dates, o.deferrals, o.touches, o.last_touch) == (1, 1, 1, None)
    assert o.answer_owed == at("11-12 10:00")


@pytest.mark.parametrize(
    "answered", [logged("11-12 11:00", Outcome.SENT), logged("11-12 11:00", Outcome.REPLIED)]
)
def test_an_answer_is_owed_until_it_is_given_or_not_needed(answered: Step) -> None:
    assert after(deal(), wrote("11-12 10:00"), answered).answer_owed is None


def test_a_message_keeps_what_was_agreed_and_ends_what_we_had_planned() -> None:
    meeting = agreed("12-01 10:00", Channel.MEETING)
    assert after(deal(next=meeting), wrote("11-12 10:00")).next == meeting
    assert after(deal(next=step("12-01")), wrote("11-12 10:00")).next is None


# Numbers, and who wants no contact


def test_a_wrong_number_is_struck_and_the_next_one_offered() -> None:
    o = after(deal(contacts=(JANE, JOE)), logged("11-12 10:00", Outcome.WRONG_NUMBER))
    assert (o.contacts[0].struck, o.contacts[0].phones, o.phone) == (("+49 30 1",), ("+49 30 2",), "+49 30 2")
    assert (o.next, o.last_touch, o.touches) == (None, None, 0)


def test_without_another_number_the_next_step_is_to_find_one() -> None:
    o = after(deal(contacts=(JOE,)), logged("11-13 10:00", Outcome.WRONG_NUMBER))
    assert o.phone == ""
    assert o.next is not None
    assert (o.next.what, o.next.due) == ("find a number", date(2026, 11, 16))


def test_on_a_closed_item_only_the_number_is_struck() -> None:
    o = after(deal("won", contacts=(JOE,)), logged("11-13 10:00", Outcome.WRONG_NUMBER))
    assert (o.contacts[0].phones, o.next) == ((), None)


def test_who_wants_no_contact_is_blocked_and_the_last_one_closes() -> None:
    asked = logged("11-12 10:00", Outcome.DO_NOT_CONTACT)
    one = after(deal(contacts=(JANE, JOE)), asked)
    assert ([c.blocked for c in one.contacts], one.stage, one.phone) == (
        [True, False],
        "proposal",
        "+49 30 3",
    )
    both = after(one, asked)
    assert ([c.blocked for c in both.contacts], both.stage, both.lost_reason) == (
        [True, True],
        LOST,
        "do not contact",
    )


def test_the_one_who_said_so_is_blocked_by_name() -> None:
    said = replace(touch("11-12 10:00", Outcome.DO_NOT_CONTACT), contact="Joe")
    o = acts.log_touch(deal(contacts=(JANE, JOE)), said, POLICY, at("11-12 10:00"))
    assert [c.blocked for c in o.contacts] == [False, True]


# Plans


def test_a_park_needs_a_reason_and_lasts_sixty_days() -> None:
    with pytest.raises(ValueError, match="a park needs a reason"):
        acts.park(deal(), date(2026, 12, 1), " ", "", POLICY, NOW)
    with pytest.raises(ValueError, match="60 days at most, until 22 Jan 2027"):
        acts.park(deal(), date(2027, 1, 23), "b", "", POLICY, NOW)
    parked_for_long = acts.park(deal(), date(2027, 1, 22), "b", "", POLICY, NOW)
    assert (parked_for_long.park, parked_for_long.deferrals) == (Park(date(2027, 1, 22), "b"), 1)


def test_pushes_are_counted_and_the_first_promise_kept() -> None:
    o = after(deal(), pushed("11-12 10:00", "11-20"))
    assert (o.push_count, o.deferrals, o.original_close) == (0, 0, date(2026, 11, 20))
    o = after(o, pushed("11-12 11:00", "11-18"))  # sooner is no push
    assert (o.push_count, o.original_close) == (0, date(2026, 11, 20))
    o = after(o, pushed("11-12 12:00", "11-30"), pushed("11-12 13:00", "12-10", ""))
    assert (o.push_count, o.deferrals, o.original_close) == (2, 2, date(2026, 11, 20))
    assert o.expected_close == date(2026, 12, 10)


def test_own_dates_are_counted_where_they_count() -> None:
    assert after(deal(), stepped("11-12 10:00", step("11-20"))).own_dates == 1
    assert after(deal(), stepped("11-12 10:00", agreed("11-20"))).own_dates == 0
    assert after(deal(), stepped("11-23 10:00", step("11-27"))).own_dates == 0  # red: it pays nothing anyway


@pytest.mark.parametrize(("start", "steps", "end"), [(2, 1, 1), (2, -1, 3), (0, 1, 0), (3, -5, 3), (2, 9, 0)])
def test_a_priority_goes_up_and_down_within_its_bounds(start: int, steps: int, end: int) -> None:
    ranks = list(Priority)
    raised = acts.raise_priority(deal(priority=ranks[start]), steps, POLICY, NOW)
    assert raised.priority is ranks[end]


# Stages, closing, opening


def test_moving_keeps_the_highest_stage_and_enters_and_leaves_nurture() -> None:
    o = after(deal("contacted", cadence="hunter6", cadence_done=2), moved("11-12 10:00", "nurture"))
    assert (o.cadence, o.next and o.next.kind, o.highest) == ("nurture", Kind.CADENCE, "contacted")
    o = after(o, moved("11-12 11:00", "meeting"), moved("11-12 12:00", "contacted"))
    assert (o.cadence, o.next, o.highest) == ("", None, "meeting")


def test_closing_leaves_nothing_planned_and_nothing_owed() -> None:
    busy = deal(
        next=agreed("11-27"),
        park=Park(date(2026, 12, 1), "b"),
        answer_owed=NOW,
        helper="ben",
        debt=Debt(at("11-18 00:00"), "idle"),
        cadence="closing",
        triage=True,
    )
    for closed in (acts.win(busy, POLICY, NOW), acts.lose(busy, "price", POLICY, NOW)):
        assert (closed.next, closed.park, closed.answer_owed, closed.debt) == (None, None, None, None)
        assert (closed.cadence, closed.helper, closed.triage) == ("", "", False)
        assert (closed.closed_from, closed.closed_on) == ("proposal", date(2026, 11, 23))


def test_a_touch_on_a_closed_item_is_only_kept() -> None:
    won = acts.win(deal(), POLICY, NOW)
    o = after(won, logged("11-24 10:00", Outcome.TALKED))
    assert o.last_touch is not None
    assert replace(o, last_touch=None) == won


@pytest.mark.parametrize(
    ("closed", "stage"),
    [
        (after(deal("negotiation"), lost("11-16 10:00")), "negotiation"),
        (acts.win(deal("verbal"), POLICY, NOW), "verbal"),
        (after(deal("negotiation"), lost("11-16 10:00", "12-01")), "new"),
        (replace(after(deal("demo"), lost("11-16 10:00"))), "contacted"),
    ],
)
def test_it_is_reopened_where_it_was_closed_and_a_revisit_at_the_start(
    closed: Opportunity, stage: str
) -> None:
    o = after(closed, reopened("11-23 10:00"))
    assert (o.stage, o.clock, o.closed_on, o.lost_reason, o.revisit) == (stage, NOW, None, "", None)


def test_a_revisit_that_is_called_is_a_prospect_again() -> None:
    o = after(deal(), lost("11-16 10:00", "11-23"), logged("11-23 10:00", Outcome.NO_ANSWER))
    assert (o.stage, o.revisit, o.cadence, o.cadence_done, o.closed_on) == (
        "attempting",
        None,
        "hunter6",
        1,
        None,
    )


def test_a_revisit_opened_after_its_day_still_owes() -> None:
    o = after(deal(), lost("11-16 10:00", "11-18"), reopened("11-23 10:00"))
    assert o.debt == Debt(at("11-19 00:00"), "revisit")
    assert after(o, logged("11-23 11:00", Outcome.TALKED)).debt is None


def test_a_reopened_deal_asks_for_a_new_close_and_keeps_its_first_promise() -> None:
    o = after(deal(), pushed("11-12 10:00", "11-20"), lost("11-16 10:00"), reopened("11-23 10:00"))
    assert (o.expected_close, o.original_close) == (None, date(2026, 11, 20))


# Owners


def test_handing_over_leaves_the_clock_and_the_park() -> None:
    o = after(deal(), parked("11-12 10:00", "11-20"))
    handed = after(o, assigned("11-13 10:00", "ben"))
    assert handed == replace(o, owner="ben")


def test_who_has_no_owner_any_more_is_not_parked_any_more() -> None:
    o = after(deal(), parked("11-12 10:00", "11-20"), assigned("11-13 10:00", ""))
    assert (o.park, o.unowned_since) == (None, at("11-13 10:00"))
    again = after(o, assigned("11-14 10:00", ""))
    assert again.unowned_since == at("11-13 10:00")
    assert after(again, assigned("11-16 10:00", "ben")).unowned_since is None


def test_help_lasts_two_business_days_and_leaves_the_owner() -> None:
    o = acts.help_with(deal(), "ben", POLICY, at("11-20 10:00"))
    assert (o.owner, o.helper, o.helper_until) == ("ana", "ben", at("11-25 00:00"))


# Duplicates


def test_what_is_merged_keeps_everything_and_the_earliest_promise() -> None:
    kept = deal(
        contacts=(JANE,),
        notes="a",
        tags=("x",),
        external_ids={"hub": ("1",)},
        next=agreed("12-01"),
        expected_close=date(2026, 12, 20),
        touches=2,
    )
    other = deal(
        contacts=(replace(JANE, name="JANE", role="CTO", emails=(), phones=("+49 30 9",)), JOE),
        notes="b",
        tags=("x", "y"),
        external_ids={"hub": ("2",), "zoho": ("3",)},
        value=500,
        currency="USD",
        touches=3,
        next=agreed("11-27 10:00"),
        expected_close=date(2026, 12, 10),
        original_close=date(2026, 12, 10),
        answer_owed=at("11-12 10:00"),
    )
    o = acts.merge(kept, other, POLICY, at("11-12 11:00"))
    jane = replace(JANE, role="CTO", phones=("+49 30 1", "+49 30 2", "+49 30 9"))
    assert o.contacts == (jane, JOE)
    assert (o.notes, o.tags, o.external_ids) == ("a\nb", ("x", "y"), {"hub": ("1", "2"), "zoho": ("3",)})
    assert (o.value, o.currency, o.touches) == (500, "USD", 5)
    assert o.next == other.next
    assert (o.expected_close, o.original_close) == (date(2026, 12, 10), date(2026, 12, 10))
    assert o.answer_owed == at("11-12 10:00")


@pytest.mark.parametrize("first", [True, False])
def test_a_merge_pays_no_debt(first: bool) -> None:
    red, fine = deal(), deal(came="11-20 10:00")
    o = acts.merge(*((red, fine) if first else (fine, red)), POLICY, NOW)
    assert o.debt == Debt(at("11-18 00:00"), "idle")


def test_a_red_duplicate_is_not_hidden_in_what_waits_for_triage() -> None:
    o = acts.merge(deal("contacted", "2006-03-01 09:00", triage=True), deal(), POLICY, NOW)
    assert (o.triage, o.debt) == (False, Debt(at("11-18 00:00"), "idle"))


def test_a_new_record_begins_the_cadence_of_its_stage() -> None:
    prospect = acts.start(deal("new", highest="new"), POLICY)
    assert (prospect.cadence, prospect.next and prospect.next.channel) == ("hunter6", Channel.CALL)
    assert acts.start(deal("new", inbound=True), POLICY).cadence == "inbound6"
    planned = acts.start(deal("new", next=step("11-12")), POLICY)
    assert (planned.cadence, planned.next) == ("", step("11-12"))
    assert acts.start(deal(), POLICY).next is None
    assert acts.start(deal(owner=""), POLICY).unowned_since == at("11-10 10:00")


def test_a_touch_clears_unless_it_is_none_or_asks_for_an_answer() -> None:
    assert touch("11-12 10:00", Outcome.NO_ANSWER).clears
    assert touch("11-12 10:00", Outcome.REPLIED).clears
    assert not touch("11-12 10:00", Outcome.REPLIED, Answer.OWED).clears
    assert not touch("11-12 10:00", Outcome.WRONG_NUMBER).clears
