"""What may happen to an opportunity: pure steps from one record to the next.

Every act goes through `settled`, where the debt principle lives: once the owed-by has passed, only a
clearing touch, or closing, parking or pushing with a reason, makes it later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from huntertui.model.opportunity import (
    PRIORITIES,
    Contact,
    Debt,
    Kind,
    LastTouch,
    NextStep,
    Opportunity,
    Park,
    Priority,
    but,
)
from huntertui.model.owed import owed
from huntertui.model.pipeline import CLOSED, LOST, WON, Discipline, Policy
from huntertui.model.text import Unclear
from huntertui.model.touch import EFFECTS, Answer, Outcome, Touch


def red_debt(o: Opportunity, policy: Policy, now: datetime) -> Debt | None:
    """What is owed and has passed, None when nothing has (or the row waits for triage)."""
    due = owed(o, policy)
    if due is None or due.by >= now or o.triage:
        return None
    return Debt(due.by, due.rule)


def settled(
    before: Opportunity, after: Opportunity, policy: Policy, now: datetime, *, pays: bool = False
) -> Opportunity:
    """`after`, with the debt that `before` had on it, unless the act pays it, as closing does."""
    pays = pays or after.stage in CLOSED
    return replace(after, debt=None if pays else red_debt(before, policy, now))


def start(o: Opportunity, policy: Policy) -> Opportunity:
    """A new record: the cadence of its stage begins, without a date where it has no step of its own."""
    return in_cadence(but(o, highest=o.stage, unowned_since=None if o.owner else o.created), policy)


def in_cadence(o: Opportunity, policy: Policy) -> Opportunity:
    """What nobody has touched yet, in the cadence of its stage, where it has that and no step of its own."""
    if o.next is not None or policy.pipeline[o.stage].discipline is not Discipline.PROSPECTING:
        return o
    name = cadence_for(o, o.stage, policy)
    return but(o, cadence=name, next=policy.cadences[name].step_after(0, o.clock, policy.calendar))


# Touches


def log_touch(
    o: Opportunity, touch: Touch, policy: Policy, now: datetime, step: NextStep | None = None
) -> Opportunity:
    """A touch with its outcome; `step` is what was agreed or chosen with it.

    A wrong number is no touch: it strikes the number instead. What has come back on its revisit is taken up
    again; on any other closed item only the touch is kept.
    """
    if touch.outcome is Outcome.WRONG_NUMBER:
        return strike_number(o, policy, now)
    if o.stage == LOST and o.revisit and o.revisit <= policy.calendar.day(now):
        o = reopen(o, policy, now)
    if o.stage in CLOSED:
        return replace(o, last_touch=_last(touch))
    effect = EFFECTS[touch.outcome]
    stage = _raised(o, effect.stage, policy) if effect.stage else o.stage
    after = replace(o, stage=stage, highest=_highest(o.highest, stage, policy), park=None)
    if not touch.inbound:
        after = replace(after, touches=o.touches + 1, answer_owed=None)
    elif touch.answer is Answer.OWED:
        after = replace(after, answer_owed=o.answer_owed or touch.at)
    else:
        after = replace(after, answer_owed=None)
    if touch.clears:
        after = replace(
            after,
            clock=max(o.clock, touch.at),
            last_touch=_last(touch),
            own_dates=0,
            deferrals=0,
            triage=False,
            helper="",
            helper_until=None,
        )
    elif (o.touches or o.park) and red_debt(o, policy, now) is None:
        after = replace(after, clock=max(o.clock, touch.at))  # they answered: the days before were theirs
    after = _advance(after, touch, policy) if effect.attempt else _stop_cadence(after, touch)
    if step is not None:
        after = replace(after, next=step)
    elif o.next is not None and o.next.kind is Kind.AGREED and _still_ahead(o.next, policy, touch.at):
        after = replace(after, next=o.next)
    if touch.outcome is Outcome.NOT_INTERESTED:
        after = _closed(after, LOST, policy, now, "not interested")
    if touch.outcome is Outcome.DO_NOT_CONTACT:
        after = _block(after, touch.contact, policy, now)
    return settled(o, after, policy, now, pays=touch.clears)


def step_done(o: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """The planned step is done and was no touch (an offer written): nothing is planned any more."""
    return settled(o, replace(o, next=None), policy, now)


def strike_number(o: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """The first number is wrong: strike it; without another the next step is to find one."""
    struck = False
    contacts: list[Contact] = []
    for contact in o.contacts:
        if contact.phones and not struck and not contact.blocked:
            wrong = contact.phones[0]
            contact = replace(contact, phones=contact.phones[1:], struck=(*contact.struck, wrong))
            struck = True
        contacts.append(contact)
    after = replace(o, contacts=tuple(contacts))
    if not after.phone and o.stage not in CLOSED:
        today = policy.calendar.day(now)
        step = NextStep("find a number", Kind.OWN, None, policy.calendar.add_days(today, 1))
        after = _with_own_step(o, after, step, policy, now)
    return settled(o, after, policy, now)


def _last(touch: Touch) -> LastTouch:
    return LastTouch(touch.at, touch.by, touch.channel, touch.outcome)


def _raised(o: Opportunity, stage: str, policy: Policy) -> str:
    """`stage` where it is further than where the item stands: an outcome never moves it backwards."""
    rank = policy.pipeline.rank
    return stage if rank(stage) > rank(o.stage) else o.stage


def _highest(a: str, b: str, policy: Policy) -> str:
    return max(a, b, key=policy.pipeline.rank)


def cadence_for(o: Opportunity, stage: str, policy: Policy) -> str:
    """The name of the cadence that belongs to a stage."""
    where = policy.pipeline[stage]
    if where.side:
        return "nurture"
    if where.discipline is Discipline.CLOSING:
        return "closing"
    return "inbound6" if o.inbound and where.discipline is Discipline.PROSPECTING else "hunter6"


def _advance(o: Opportunity, touch: Touch, policy: Policy) -> Opportunity:
    """The cadence goes on by one step; all touches of one day are one, but where its gap is in minutes."""
    name, today = cadence_for(o, o.stage, policy), policy.calendar.day(touch.at)
    cadence = policy.cadences[name]
    done, day = (o.cadence_done, o.cadence_day) if o.cadence == name else (0, None)
    counted = day == today and not (0 < done < len(cadence) and cadence.gap(done)[1])
    done = done if counted else done + 1
    step = cadence.step_after(done, touch.at, policy.calendar)
    after = replace(o, cadence=name, cadence_done=done, cadence_day=today, next=step)
    if step is None and name != "closing":  # the series is over: never silence, but nurture
        after = replace(after, stage="nurture", cadence="nurture", cadence_done=1)
        step = policy.cadences["nurture"].step_after(1, touch.at, policy.calendar)
        after = replace(after, next=step)
    return after


def _stop_cadence(o: Opportunity, touch: Touch) -> Opportunity:
    """An exchange ends the cadence; what it or we had planned is answered by it."""
    kept = touch.inbound and touch.answer is Answer.OWED and o.next and o.next.kind is Kind.AGREED
    return replace(o, cadence="", cadence_done=0, cadence_day=None, next=o.next if kept else None)


def _still_ahead(step: NextStep, policy: Policy, at: datetime) -> bool:
    if step.due is None:
        return False
    return step.due > at if isinstance(step.due, datetime) else step.due > policy.calendar.day(at)


def _block(o: Opportunity, name: str, policy: Policy, now: datetime) -> Opportunity:
    who = next((c for c in o.contacts if not c.blocked and name in ("", c.name)), None)
    contacts = tuple(replace(c, blocked=True) if c is who else c for c in o.contacts)
    after = replace(o, contacts=contacts)
    if all(contact.blocked for contact in contacts):
        return _closed(after, LOST, policy, now, "do not contact")
    return after


# Plans


def set_step(o: Opportunity, step: NextStep, policy: Policy, now: datetime) -> Opportunity:
    """Set the next step. An own date moves the limit only while the row is not red (rule 6)."""
    after = replace(o, triage=False)
    if step.kind is Kind.OWN:
        after = _with_own_step(o, after, step, policy, now)
    else:
        after = replace(after, next=step)
    return settled(o, after, policy, now)


def snooze(o: Opportunity, due: date | datetime, policy: Policy, now: datetime) -> Opportunity:
    """The planned step, later or sooner; a promise stays a promise."""
    step = o.next or NextStep()
    kind = Kind.AGREED if step.kind is Kind.AGREED else Kind.OWN
    return set_step(o, replace(step, kind=kind, due=due, set_on=None), policy, now)


def _with_own_step(
    before: Opportunity, after: Opportunity, step: NextStep, policy: Policy, now: datetime
) -> Opportunity:
    if red_debt(before, policy, now):
        return replace(after, next=replace(step, set_on=None))
    today = policy.calendar.day(now)
    return replace(after, next=replace(step, set_on=today), own_dates=before.own_dates + 1)


def park(o: Opportunity, until: date, why: str, text: str, policy: Policy, now: datetime) -> Opportunity:
    """Leave it alone until the end of a day, for a known reason: at most 60 days, counted.

    Raises Unclear without a reason, or beyond the cap.
    """
    if not why.strip():
        raise Unclear("a park needs a reason")
    latest = policy.calendar.day(now) + timedelta(days=policy.park_days)
    if until > latest:
        raise Unclear(f"a park lasts {policy.park_days} days at most, until {latest:%d %b %Y}")
    pays = o.deferrals < policy.deferrals
    after = replace(o, park=Park(until, why, text), deferrals=o.deferrals + 1, triage=False)
    return settled(o, after, policy, now, pays=pays)


def set_priority(o: Opportunity, priority: Priority, policy: Policy, now: datetime) -> Opportunity:
    """Set the shared priority."""
    return settled(o, replace(o, priority=priority), policy, now)


def raise_priority(o: Opportunity, steps: int, policy: Policy, now: datetime) -> Opportunity:
    """`steps` up (or down, when negative)."""
    return set_priority(o, raised(o.priority, steps), policy, now)


def raised(priority: Priority, steps: int) -> Priority:
    """`steps` up from a priority (or down, when negative), within urgent to low."""
    return PRIORITIES[min(max(priority.rank - steps, 0), len(PRIORITIES) - 1)]


def expect_close(o: Opportunity, day: date, reason: str, policy: Policy, now: datetime) -> Opportunity:
    """A deal's promised date. A later one is a push: counted, the first promise kept; it pays only with
    a reason, and twice between touches."""
    pushed = o.expected_close is not None and day > o.expected_close
    after = replace(o, expected_close=day, original_close=o.original_close or day, triage=False)
    if pushed:
        after = replace(after, push_count=o.push_count + 1, deferrals=o.deferrals + 1)
    pays = pushed and bool(reason.strip()) and o.deferrals < policy.deferrals
    return settled(o, after, policy, now, pays=pays)


# Stages


def move(o: Opportunity, stage: str, policy: Policy, now: datetime) -> Opportunity:
    """Move to a stage of the pipeline. By itself it pays nothing: only a touch does."""
    agreed = o.next if o.next is not None and o.next.kind is Kind.AGREED else None
    after = replace(o, stage=stage, highest=_highest(o.highest, stage, policy))
    if policy.pipeline[stage].side:
        step = agreed or policy.cadences["nurture"].step_after(1, now, policy.calendar)
        after = replace(after, cadence="nurture", cadence_done=1, cadence_day=None, next=step)
    elif o.cadence == "nurture":
        after = replace(after, cadence="", cadence_done=0, next=agreed)
    return settled(o, after, policy, now)


def win(o: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """Won: nothing is owed any more."""
    return settled(o, _closed(o, WON, policy, now), policy, now, pays=True)


def lose(
    o: Opportunity, reason: str, policy: Policy, now: datetime, text: str = "", revisit: date | None = None
) -> Opportunity:
    """Lost for a reason; on `revisit` it comes back as a prospect."""
    after = replace(_closed(o, LOST, policy, now, reason), lost_text=text, revisit=revisit)
    return settled(o, after, policy, now, pays=True)


def set_revisit(o: Opportunity, day: date | None) -> Opportunity:
    """The day on which something lost comes back as a prospect; None: never."""
    return replace(o, revisit=day)


def _closed(o: Opportunity, stage: str, policy: Policy, now: datetime, reason: str = "") -> Opportunity:
    return replace(
        o,
        stage=stage,
        closed_from=o.stage if o.stage not in CLOSED else o.closed_from,
        closed_on=policy.calendar.day(now),
        lost_reason=reason,
        next=None,
        park=None,
        answer_owed=None,
        triage=False,
        cadence="",
        cadence_done=0,
        cadence_day=None,
        helper="",
        helper_until=None,
    )


def reopen(o: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """Back to the stage it was closed in (a revisit: back to the start); its clock starts anew.

    A close that was expected while it was closed is forgotten; the first promise is not.
    """
    stage = policy.pipeline.first(Discipline.PROSPECTING).name if o.revisit else o.closed_from
    stage = stage if stage in policy.pipeline else policy.pipeline.first(Discipline.FOLLOWING_UP).name
    after = replace(o, stage=stage, clock=now, closed_on=None, lost_reason="", lost_text="", revisit=None)
    if o.expected_close is not None and o.expected_close < policy.calendar.day(now):
        after = replace(after, expected_close=None)
    return settled(o, replace(after, own_dates=0, deferrals=0), policy, now)


# Owners


def assign(o: Opportunity, owner: str, policy: Policy, now: datetime) -> Opportunity:
    """Give it an owner, or none (""). A hand-over never moves the clock; the first owner after none
    starts it where no touch has."""
    after = replace(o, owner=owner, helper="", helper_until=None)
    if not owner:
        after = replace(after, unowned_since=o.unowned_since or now, park=None)
    elif not o.owner:
        after = replace(after, unowned_since=None, clock=o.clock if o.last_touch else now)
    return settled(o, after, policy, now)


def help_with(o: Opportunity, helper: str, policy: Policy, now: datetime) -> Opportunity:
    """Help with a colleague's red item for two business days: the owner stays."""
    until = policy.calendar.after_days(now, policy.help_days)
    return settled(o, replace(o, helper=helper, helper_until=until, helped=now), policy, now)


# Duplicates


def merge(kept: Opportunity, other: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """`kept` with all that `other` has besides: contacts, ids, tags, notes, and the earliest promise."""
    contacts = list(kept.contacts)
    for contact in other.contacts:
        same = next((i for i, c in enumerate(contacts) if _same_person(c, contact)), None)
        if same is None:
            contacts.append(contact)
        else:
            contacts[same] = _merged_contact(contacts[same], contact)
    steps = [o.next for o in (kept, other) if o.next is not None and o.next.kind is Kind.AGREED]
    step = min(steps, key=lambda s: _as_day(s, policy), default=kept.next)
    closes = [day for day in (kept.expected_close, other.expected_close) if day]
    latest = max((o.last_touch for o in (kept, other) if o.last_touch), key=lambda t: t.at, default=None)
    after = replace(
        kept,
        contacts=tuple(contacts),
        company=kept.company or other.company,
        country=kept.country or other.country,
        value=kept.value if kept.value is not None else other.value,
        currency=kept.currency if kept.value is not None else other.currency,
        next=step,
        expected_close=min(closes, default=None),
        original_close=kept.original_close or other.original_close,
        answer_owed=min((t for t in (kept.answer_owed, other.answer_owed) if t), default=None),
        last_touch=latest,
        clock=max(kept.clock, other.clock) if latest else kept.clock,
        touches=kept.touches + other.touches,
        tags=tuple(dict.fromkeys((*kept.tags, *other.tags))),
        notes="\n".join(part for part in (kept.notes, other.notes) if part),
        external_ids={
            source: tuple(
                dict.fromkeys((*kept.external_ids.get(source, ()), *other.external_ids.get(source, ())))
            )
            for source in {**kept.external_ids, **other.external_ids}
        },
        extra={**other.extra, **kept.extra},
    )
    debts = [debt for debt in (red_debt(kept, policy, now), red_debt(other, policy, now)) if debt]
    debt = min(debts, key=lambda debt: debt.by, default=None)
    return replace(after, debt=debt, triage=kept.triage and debt is None)


def _as_day(step: NextStep, policy: Policy) -> date:
    if step.due is None:
        return date.max
    return policy.calendar.day(step.due) if isinstance(step.due, datetime) else step.due


def _same_person(a: Contact, b: Contact) -> bool:
    shared = {e.casefold() for e in a.emails} & {e.casefold() for e in b.emails}
    return bool(shared) or bool(a.name and a.name.casefold() == b.name.casefold())


def _merged_contact(a: Contact, b: Contact) -> Contact:
    return replace(
        a,
        role=a.role or b.role,
        emails=tuple(dict.fromkeys((*a.emails, *b.emails))),
        phones=tuple(dict.fromkeys((*a.phones, *b.phones))),
        struck=tuple(dict.fromkeys((*a.struck, *b.struck))),
        blocked=a.blocked or b.blocked,
    )
