"""Logging touches, notes and steps that are done."""

from __future__ import annotations

from dataclasses import replace

from huntertui.desk.history import event_doc
from huntertui.desk.ledger import STEP, Act, Change, linked, named
from huntertui.desk.off_limits import OffLimits
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.errors import Usage
from huntertui.model import acts
from huntertui.model.codec import instant, to_doc
from huntertui.model.explain import planned
from huntertui.model.opportunity import (
    Channel,
    NextStep,
    Opportunity,
)
from huntertui.model.pipeline import CLOSED, LOST
from huntertui.model.text import clean
from huntertui.model.touch import EFFECTS, Answer, Outcome, Touch
from huntertui.store.store import Doc, Tx


class Touching(OffLimits):
    """Logging touches, notes and steps that are done."""

    def log(
        self,
        id: int,
        outcome: Outcome,
        *,
        answer: Answer = Answer.NOTHING,
        channel: Channel | None = None,
        step: NextStep | None = None,
        note: str = "",
        contact: str = "",
        source: str = "",
    ) -> Change:
        """Log a touch; on the fresh record, without expectations, so it never conflicts.

        `source`: what tells the message that it was from all others.
        """
        now, note = self.now(), clean(note, lines=True)
        inbound = outcome is Outcome.REPLIED
        touch = Touch(
            now, self.me, outcome, channel or EFFECTS[outcome].channel, inbound, contact, note, answer
        )
        before = self._get(id)
        if before.stage in CLOSED and inbound:
            return self._follow_up(before, touch, source)
        event = {
            "channel": touch.channel.value,
            "outcome": outcome.value,
            "direction": "in" if inbound else "out",
            "note": note,
            "contact": contact,
            "source": source,
        }

        def says(_: Opportunity, o: Opportunity) -> str:
            if outcome is Outcome.WRONG_NUMBER and o.phone:
                return f"{named(o)}: struck {before.phone}; the next number is {o.phone}"
            return f"{named(o)}: {outcome.words}{self._then(o)}"

        kind = "touch"
        if outcome is Outcome.WRONG_NUMBER:
            kind, event = "note", {"text": f"wrong number {before.phone}".strip()}
        extra = self._keep_off if outcome is Outcome.DO_NOT_CONTACT else None
        return self._act(
            id,
            lambda o: acts.log_touch(o, touch, self.policy, now, step),
            says,
            how="touched",
            events=[(kind, event)],
            also=extra,
        )

    def log_both(self, id: int) -> Change:
        """Put the touch just logged on the company's other open items of mine, as one call often covers."""
        touch = next((e.doc for e in self.history(id) if e.kind == "touch" and e.by == self.me), None)
        row = self.book.row(id)
        others = [other for other in self.book.at_company(row) if other.owner == self.me] if row else []
        if touch is None or row is None:
            raise Usage("no touch of yours to put on other items: log one first with c")
        if not others:
            raise Usage(f"nothing else of yours is open at {row.company or row.title}")
        now, outcome = self.now(), Outcome(touch["outcome"])
        copy = Touch(instant(touch["at"]), self.me, outcome, Channel(touch["channel"]))
        fields: Doc = {key: touch[key] for key in ("channel", "outcome", "direction", "note") if key in touch}

        def run(tx: Tx) -> tuple[int, ...]:
            for other in others:
                act: Act = lambda o: acts.log_touch(o, copy, self.policy, now)  # noqa: E731
                self._apply(tx, other.id, act, how="touched", events=[("touch", fields)])
            tx.label = f"{outcome.words} also on {', '.join(f'#{o.id}' for o in others)} ({row.company})"
            return tuple(other.id for other in others)

        return self._commit(run)

    def step_done(self, id: int) -> Change:
        """The planned step is done and was no touch."""
        what = planned(self._shown(id), self.policy, self.today()) or "the step"
        return self._act(
            id,
            lambda o: acts.step_done(self._open(o), self.policy, self.now()),
            lambda _, o: f"{named(o)}: {what} is done; s sets the next step",
            guard=STEP,
            events=[("note", {"text": f"done: {what}"})],
        )

    def note(self, id: int, text: str) -> Change:
        """Keep a note; it is no touch."""
        if not (text := clean(text, lines=True)):
            raise Usage("a note needs some text")
        return self._act(
            id,
            lambda o: o,
            lambda _, o: f"noted on {named(o)}",
            events=[("note", {"text": text})],
        )

    def _then(self, o: Opportunity) -> str:
        """What happens next, for the message of a touch."""
        if o.stage in CLOSED:
            never = o.stage != LOST or o.lost_reason == Outcome.DO_NOT_CONTACT.words
            back = "" if never else "; x v sets a day to come back"
            return f" · {o.stage} ({o.lost_reason}){back}"
        step = planned(o, self.policy, self.today())
        if o.answer_owed is not None:
            due = self.policy.calendar.after_days(o.answer_owed, self.policy.answer_days)
            by = self.policy.calendar.describe_instant(due, self.today())
            return f" · we owe an answer by {by}" + (f", next {step}" if step else "")
        return f" · next {step}" if step else " · no next step: s sets one"

    def _follow_up(self, o: Opportunity, touch: Touch, source: str) -> Change:
        """They wrote on a closed item: a follow-up opens, with the answer owed."""
        new = linked(o, "contacted", touch.at, name=f"Follow-up: {o.title}")
        if touch.answer is Answer.OWED:
            new = replace(new, answer_owed=touch.at)

        def run(tx: Tx) -> tuple[int, ...]:
            id = tx.insert(OPPORTUNITIES, to_doc(new))
            fields = {"channel": touch.channel.value, "outcome": touch.outcome.value, "direction": "in"}
            fields |= {"note": touch.note, "contact": touch.contact, "source": source}
            tx.insert(EVENTS, event_doc("touch", id, touch.at, self.me, fields))
            tx.label = f"{named(o)} is {o.stage} and they wrote: opened {named(replace(new, id=id))}"
            return (id, o.id)

        return self._commit(run)
