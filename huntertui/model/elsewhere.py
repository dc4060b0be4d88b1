"""What was done in another program before it came here: touches made and steps planned there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from huntertui.model.acts import red_debt, settled
from huntertui.model.opportunity import Kind, LastTouch, NextStep, Opportunity, but
from huntertui.model.owed import has_passed
from huntertui.model.pipeline import CLOSED, Policy
from huntertui.model.touch import Touch


def touched(o: Opportunity, touch: Touch, policy: Policy, now: datetime) -> Opportunity:
    """With a touch that was made elsewhere. It counts as any touch does, but the stage stands as it is: its
    file, or whoever has worked on it here since, knows better. An older one than the last moves no clock."""
    after = replace(o, touches=o.touches + (not touch.inbound))
    if not touch.clears or (o.last_touch is not None and touch.at <= o.last_touch.at):
        return after
    last = LastTouch(touch.at, touch.by, touch.channel, touch.outcome)
    later = touch.at > o.clock
    after = replace(after, last_touch=last, clock=max(o.clock, touch.at))
    return settled(o, after, policy, now, pays=later)


def planned(o: Opportunity, step: NextStep, policy: Policy, now: datetime) -> Opportunity | None:
    """With a step that was planned elsewhere; None where something is planned already or nothing can be."""
    if o.stage in CLOSED or (o.next is not None and o.next.kind is not Kind.CADENCE):
        return None
    if red_debt(o, policy, now):
        step = replace(step, set_on=None)  # it is kept as the plan for when, and pays nothing
    return settled(o, replace(o, next=step, own_dates=o.own_dates + (step.set_on is not None)), policy, now)


def triaged(o: Opportunity, policy: Policy, now: datetime) -> Opportunity:
    """A record that is new here: what is past a limit already is to triage."""
    return but(o, triage=has_passed(o, policy, now))
