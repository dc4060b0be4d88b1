"""What a rep can do. Each use case writes one transaction and returns what changed, in one line.

The rules are in `model`; here they meet the store, the clock and the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches

from huntertui.edits import edited
from huntertui.errors import NotAllowed, Usage
from huntertui.history import event_doc
from huntertui.ledger import EVENTS, OPPORTUNITIES, PLANS, Act, Change, Ledger, named
from huntertui.model import acts
from huntertui.model.codec import instant, instant_text, to_doc
from huntertui.model.entry import read_entry, read_when
from huntertui.model.explain import planned, still_red
from huntertui.model.opportunity import (
    LOST_REASONS,
    PARK_REASONS,
    Channel,
    Contact,
    Kind,
    NextStep,
    Opportunity,
    Priority,
)
from huntertui.model.owed import open_from, owed
from huntertui.model.pipeline import CLOSED, LANES, LOST, WON, Discipline, Stage
from huntertui.model.ranking import row_of
from huntertui.model.text import clean, normalise_email, normalise_phone
from huntertui.model.touch import EFFECTS, Answer, Outcome, Touch
from huntertui.model.when import When
from huntertui.previews import preview, suggest
from huntertui.store.store import Doc, Tx

OFF_LIMITS = "do_not_contact"


class Desk(Ledger):
    """One member's desk: what a rep can do."""

    # Reading

    def also_at(self, id: int) -> str:
        """What else is open at the company: "also at Acme: 1 deal, ben"; "" when nothing is."""
        row = self.book.row(id)
        others = self.book.at_company(row) if row else []
        if row is None or not others:
            return ""
        deals = sum(LANES[other.lane] is Discipline.CLOSING for other in others)
        parts = [
            f"{n} {word}{'s' * (n > 1)}" for n, word in ((deals, "deal"), (len(others) - deals, "item")) if n
        ]
        owners = ", ".join(sorted({other.owner or "nobody" for other in others}))
        return f"also at {row.company}: {', '.join(parts)}, {owners}"

    def best_match(self, id: int) -> int | None:
        """The open item most likely to be the same as this one: of its company, or with its name."""
        row = self.book.row(id) or row_of(self._get(id), self.policy)
        others = self.book.at_company(row)
        same = [other for other in others if other.title.casefold() == row.title.casefold()]
        return next((other.id for other in same or others), None)

    def preview(self, what: str, id: int | None, text: str) -> str:
        """What was understood of an answer, before it is given. ValueError when it is not understood."""
        o = self._get(id) if id is not None else None
        if what == "merge" and o is not None:
            other = self._get(self._other(o.id, text))
            return f"→ {named(other)}, {other.owner or 'nobody'}"
        return preview(what, o, text, self.policy, self.now())

    def suggest(self, what: str, id: int) -> str:
        """The answer that an empty Enter takes; "" when there is none."""
        if what == "merge":
            match = self.best_match(id)
            return f"#{match}" if match else ""
        return suggest(what, self._get(id), self.policy, self.now())

    # Adding and editing

    def add(self, line: str) -> Change:
        """Add a prospect of mine from one line. ValueError when it cannot be read."""
        now = self.now()
        entry = read_entry(clean(line), now, self.policy.calendar)
        phones = (entry.phone,) if entry.phone else ()
        emails = (entry.email,) if entry.email else ()
        contact = Contact(entry.name, emails=emails, phones=phones)
        step = None
        if entry.due is not None:
            step = NextStep(kind=Kind.OWN, channel=Channel.CALL, due=entry.due, set_on=self.today())
        currency = entry.currency or (self.policy.currency if entry.value is not None else "")
        return self.add_opportunity(
            Opportunity(
                company=entry.company,
                contacts=(contact,) if entry.name or phones or emails else (),
                owner=self.me,
                value=entry.value,
                currency=currency,
                created=now,
                clock=now,
                next=step,
            )
        )

    def add_opportunity(self, draft: Opportunity) -> Change:
        """Add a record made elsewhere."""
        o = acts.start(draft, self.policy)

        def run(tx: Tx) -> tuple[int, ...]:
            self._allowed(tx, o)
            id = tx.insert(OPPORTUNITIES, to_doc(o))
            tx.label = f"added {named(replace(o, id=id))}"
            return (id,)

        return self._commit(run)

    def edit(self, id: int, field: str, text: str) -> Change:
        """Set one field from its text. Usage for an unknown field, ValueError for a value it cannot take."""
        now, policy = self.now(), self.policy
        shown = " ".join(text.split())[:60]
        return self._act(
            id,
            lambda o: edited(o, field, text, policy, now),
            lambda _, o: f"{named(o)}: {field} is now {shown or 'empty'}",
            guard=(field, "contacts"),
            also=self._allowed if field in ("email", "phone") else None,
        )

    def set_value(self, id: int, text: str) -> Change:
        """What the deal is worth."""
        return self.edit(id, "value", text)

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

    # Touches

    def log(
        self,
        id: int,
        outcome: Outcome,
        *,
        answer: Answer = Answer.NOTHING,
        channel: Channel | None = None,
        step: NextStep | None = None,
        note: str = "",
    ) -> Change:
        """Log a touch; on the fresh record, without expectations, so it never conflicts."""
        now, note = self.now(), clean(note, lines=True)
        inbound = outcome is Outcome.REPLIED
        touch = Touch(
            now, self.me, outcome, channel or EFFECTS[outcome].channel, inbound, note=note, answer=answer
        )
        before = self._get(id)
        if before.stage in CLOSED and inbound:
            return self._follow_up(before, touch)
        event = {
            "channel": touch.channel.value,
            "outcome": outcome.value,
            "direction": "in" if inbound else "out",
            "note": note,
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
        what = planned(self._get(id), self.policy, self.today()) or "the step"
        return self._act(
            id,
            lambda o: acts.step_done(o, self.policy, self.now()),
            lambda _, o: f"{named(o)}: {what} is done; s sets the next step",
            events=[("note", {"text": f"done: {what}"})],
        )

    # Plans

    def snooze(self, id: int, text: str) -> Change:
        """ "tue" plans it for then, "=fri 10:00" is agreed with the customer, "15dec on holiday" parks it."""
        when, agreed = self._when(text)
        if when.rest and not agreed:
            return self._park(id, when, when.rest)
        if agreed:
            return self._set_step(id, when, Kind.AGREED)
        now = self.now()
        return self._act(
            id,
            lambda o: acts.snooze(o, when.due, self.policy, now),
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())}{self._still_red(o)}",
            guard=("next_due",),
        )

    def set_step(self, id: int, text: str) -> Change:
        """The next step with its day: "tue call about the offer"."""
        when, agreed = self._when(text)
        return self._set_step(id, when, Kind.AGREED if agreed else Kind.OWN)

    def _set_step(self, id: int, when: When, kind: Kind) -> Change:
        now = self.now()

        def act(o: Opportunity) -> Opportunity:
            step = o.next or NextStep()
            first = when.rest.split(" ")[0].casefold()
            channel = Channel(first) if first in list(Channel) else step.channel
            step = NextStep(when.rest or step.what, kind, channel, when.due)
            return acts.set_step(o, step, self.policy, now)

        return self._act(
            id,
            act,
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())}{self._still_red(o)}",
            guard=("next_step", "next_due", "next_kind"),
        )

    def park(self, id: int, text: str) -> Change:
        """Leave it alone until a day, for a reason: "15dec h" or "15dec waits for their board"."""
        when, _ = self._when(text)
        if not when.rest:
            raise Usage("a park needs a reason: " + ", ".join(f"{k} {v}" for k, v in PARK_REASONS.items()))
        return self._park(id, when, when.rest)

    def _park(self, id: int, when: When, reason: str) -> Change:
        now, until = self.now(), self._as_day(when.due)
        letter, _, text = reason.partition(" ")
        why, text = (PARK_REASONS[letter], text) if letter in PARK_REASONS else (reason, "")
        return self._act(
            id,
            lambda o: acts.park(o, until, why, text, self.policy, now),
            lambda _, o: f"{named(o)}: {planned(o, self.policy, self.today())} ({why}){self._still_red(o)}",
            how="parked",
            guard=("park",),
            events=[("park", {"until": until.isoformat(), "text": reason})],
        )

    def raise_priority(self, id: int, steps: int) -> Change:
        """Up, or down when negative, by steps."""
        act: Act = lambda o: acts.raise_priority(o, steps, self.policy, self.now())  # noqa: E731
        return self._act(id, act, lambda _, o: f"{named(o)}: priority {o.priority.value}")

    def set_priority(self, id: int, priority: Priority) -> Change:
        """Set the priority."""
        act: Act = lambda o: acts.set_priority(o, priority, self.policy, self.now())  # noqa: E731
        return self._act(id, act, lambda _, o: f"{named(o)}: priority {o.priority.value}")

    def to_top(self, id: int) -> Change:
        """To the top of my plan for today."""
        return self._plan(id, lambda ids: [id, *(i for i in ids if i != id)], "on top of today's plan")

    def unplan(self, id: int) -> Change:
        """Off my plan."""
        return self._plan(id, lambda ids: [i for i in ids if i != id], "off today's plan")

    def plan_move(self, id: int, rows: int) -> Change:
        """Down (+1) or up (-1) in my plan; a row outside joins its end."""

        def moved(ids: list[int]) -> list[int]:
            if id not in ids:
                return [*ids, id]
            at = ids.index(id)
            to = min(max(at + rows, 0), len(ids) - 1)
            ids.insert(to, ids.pop(at))
            return ids

        return self._plan(id, moved, "moved in today's plan")

    # Stages

    def forward(self, id: int) -> Change:
        """One stage on."""
        return self._step_stage(
            id, self.policy.pipeline.after(self._stage(id)), "the last stage: x w wins it"
        )

    def back(self, id: int) -> Change:
        """One stage back."""
        return self._step_stage(id, self.policy.pipeline.before(self._stage(id)), "the first stage")

    def move(self, id: int, stage: str) -> Change:
        """To a stage by name."""
        if stage not in self.policy.pipeline:
            names = [s.name for s in self.policy.pipeline.stages]
            near = get_close_matches(stage, names, 1)
            raise Usage(
                f"no stage {stage!r}" + (f": did you mean {near[0]}?" if near else f": {', '.join(names)}")
            )
        now = self.now()
        return self._act(
            id,
            lambda o: acts.move(self._open(o), stage, self.policy, now),
            lambda before, o: f"{named(o)}: {before.stage} -> {o.stage}{self._still_red(o)}",
            guard=("stage",),
        )

    def to_lane(self, id: int, lane: int) -> Change:
        """To the prospects, the follow-ups or the deals."""
        discipline, pipeline = LANES[lane], self.policy.pipeline
        o = self._open(self._get(id))
        here = pipeline[o.stage].discipline
        if here is discipline:
            raise Usage(f"{named(o)} is there already ({o.stage})")
        back = LANES.index(here) > lane
        stage = pipeline.last(discipline) if back else pipeline.first(discipline)
        return self.move(id, stage.name)

    def expect_close(self, id: int, text: str) -> Change:
        """The expected close, with the reason when it is pushed out: "15jan their budget slipped"."""
        when, _ = self._when(text)
        day, now = self._as_day(when.due), self.now()

        def says(before: Opportunity, o: Opportunity) -> str:
            shown = self.policy.calendar.describe_day(day, self.today())
            pushed = f", pushed {o.push_count}x" if o.push_count > before.push_count else ""
            return f"{named(o)}: closes {shown}{pushed}{self._still_red(o)}"

        return self._act(
            id,
            lambda o: acts.expect_close(self._open(o), day, when.rest, self.policy, now),
            says,
            how="pushed",
            guard=("expected_close",),
            events=[("close", {"new": day.isoformat(), "text": when.rest})],
        )

    def win(self, id: int) -> Change:
        """Won, with a care follow-up linked to it where the policy wants one."""
        now, policy = self.now(), self.policy
        care = policy.care_days

        def follow(tx: Tx, o: Opportunity) -> None:
            if not care:
                return
            day = policy.calendar.roll(self.today() + timedelta(days=care))
            step = NextStep("care call", Kind.CADENCE, Channel.CALL, day)
            new = self._linked(o, "nurture", now, name=f"Care: {o.title}")
            new = replace(new, next=step, cadence="nurture", cadence_done=1)
            cared = tx.insert(OPPORTUNITIES, to_doc(new))
            shown = policy.calendar.describe_day(day, self.today())
            tx.label += f"; care call {shown} as #{cared}"

        return self._act(
            id,
            lambda o: acts.win(self._open(o), policy, now),
            lambda _, o: f"won {named(o)}",
            how="closed",
            guard=("stage",),
            also=follow,
        )

    def lose(self, id: int, reason: str, text: str = "") -> Change:
        """Lost for a reason: one of LOST_REASONS by letter or word, or any other text."""
        return self._lose(id, LOST_REASONS.get(reason, clean(reason)), clean(text), None)

    def lose_for_now(self, id: int, text: str) -> Change:
        """Lost for now: it comes back as a prospect on a day; on what is lost already only the day is set."""
        when, _ = self._when(text)
        day = self._as_day(when.due)
        o = self._get(id)
        if o.stage != LOST:
            return self._lose(id, LOST_REASONS["t"], when.rest, day)
        return self._act(id, lambda o: acts.set_revisit(o, day), lambda _, o: f"{named(o)}{self._back_on(o)}")

    def _lose(self, id: int, reason: str, text: str, revisit: date | None) -> Change:
        if not reason.strip():
            raise Usage("lost needs a reason: " + ", ".join(LOST_REASONS.values()))
        now = self.now()
        return self._act(
            id,
            lambda o: acts.lose(self._open(o), reason, self.policy, now, text, revisit),
            lambda _, o: f"lost {named(o)} ({o.lost_reason}){self._back_on(o)}",
            how="closed",
            guard=("stage",),
        )

    def duplicate(self, id: int) -> Change:
        """Lost as a duplicate, naming the best match to merge into."""
        other = self.best_match(id)
        change = self._lose(id, "duplicate", "", None)
        hint = f"; the best match is #{other}: u, then x m merges" if other else ""
        return replace(change, message=change.message + hint)

    def merge_into(self, id: int, text: str) -> Change:
        """Close it as a duplicate and give all it has to another: contacts, ids, history, the earliest
        promise."""
        other, now, policy = self._other(id, text), self.now(), self.policy
        source = self._open(self._get(id))

        def run(tx: Tx) -> tuple[int, ...]:
            fresh = self._read(tx, id)
            kept = self._apply(tx, other, lambda o: acts.merge(self._open(o), fresh, policy, now))[1]
            reason = f"merged into #{other}"
            self._apply(tx, id, lambda o: acts.lose(o, "duplicate", policy, now, reason), how="closed")
            for event, _ in tx.find(EVENTS, [("opportunity", "=", id), ("kind", "in", ["touch", "note"])]):
                tx.update(EVENTS, event, {"opportunity": other})
            tx.label = f"merged {named(source)} into {named(kept)}"
            return (id, other)

        return self._commit(run)

    def reopen(self, id: int) -> Change:
        """Back to the stage it was closed in."""
        now = self.now()

        def act(o: Opportunity) -> Opportunity:
            if o.stage not in CLOSED:
                raise Usage(f"{named(o)} is open ({o.stage})")
            return acts.reopen(o, self.policy, now)

        return self._act(id, act, lambda _, o: f"reopened {named(o)}: {o.stage}", guard=("stage",))

    # Owners

    def claim(self, id: int) -> Change:
        """Take what is nobody's, or help with a colleague's broken promise or long red."""
        now, policy = self.now(), self.policy

        def take(o: Opportunity) -> Opportunity:
            return acts.assign(self._open(o), self.me, policy, now)

        def lend_a_hand(o: Opportunity) -> Opportunity:
            self._open(o)
            if o.owner == self.me:
                raise Usage(f"{named(o)} is yours already")
            if o.helper and o.helper_until and o.helper_until > now and o.helper != self.me:
                raise NotAllowed(f"{o.helper} is helping with {named(o)} already")
            opens = open_from(o, owed(o, policy), policy)
            if opens is None or opens > now:
                raise NotAllowed(f"{o.owner} has {named(o)}, and it is not open to others")
            return acts.help_with(o, self.me, policy, now)

        def yours(_: Opportunity, o: Opportunity) -> str:
            return f"{named(o)} is yours{self._still_red(o)}"

        def helped(_: Opportunity, o: Opportunity) -> str:
            return f"{named(o)}: you help {o.owner} for {policy.help_days} business days"

        if not self._get(id).owner:  # what a colleague was quicker to take is a conflict, and says who it was
            return self._act(id, take, yours, guard=("owner",))
        return self._act(id, lend_a_hand, helped, guard=("owner", "helper"))

    def assign(self, id: int, owner: str) -> Change:
        """Hand it over to a member; "-" or nobody makes it nobody's, said and seen."""
        name = owner.strip()
        name = "" if name in ("-", "nobody") else self._member(name)
        now = self.now()
        return self._act(
            id,
            lambda o: acts.assign(o, name, self.policy, now),
            lambda before, o: f"{named(o)}: {before.owner or 'nobody'} -> {o.owner or 'nobody'}",
            guard=("owner",),
        )

    @staticmethod
    def _other(id: int, text: str) -> int:
        """The number of another item."""
        digits = text.strip().removeprefix("#")
        if not digits.isdecimal() or len(digits) > 15 or int(digits) == id:
            raise Usage(f"{text[:40]!r} is no other item: give its number, like #12")
        return int(digits)

    @staticmethod
    def _open(o: Opportunity) -> Opportunity:
        if o.stage in CLOSED:
            raise Usage(f"{named(o)} is {o.stage}: reopen it first")
        return o

    def _stage(self, id: int) -> str:
        return self._open(self._get(id)).stage

    def _step_stage(self, id: int, stage: Stage | None, end: str) -> Change:
        if stage is None:
            raise Usage(f"{named(self._get(id))} is in {end}")
        return self.move(id, stage.name)

    def _when(self, text: str) -> tuple[When, bool]:
        return read_when(clean(text), self.now(), self.policy.calendar)

    def _as_day(self, due: date | datetime) -> date:
        return self.policy.calendar.day(due) if isinstance(due, datetime) else due

    def _then(self, o: Opportunity) -> str:
        """What happens next, for the message of a touch."""
        if o.stage in CLOSED:
            never = o.stage != LOST or o.lost_reason == Outcome.DO_NOT_CONTACT.words
            back = "" if never else "; x v sets a day to come back"
            return f" · {o.stage} ({o.lost_reason}){back}"
        step = planned(o, self.policy, self.today())
        return f" · next {step}" if step else " · no next step: s sets one"

    def _still_red(self, o: Opportunity) -> str:
        return still_red(o, self.policy, self.now())

    def _back_on(self, o: Opportunity) -> str:
        return f", back on {self.policy.calendar.describe_day(o.revisit, self.today())}" if o.revisit else ""

    def _member(self, name: str) -> str:
        known = {*self.members, *self.book.owners(), self.me} if self.members else {name}
        if name not in known or not name:
            near = get_close_matches(name, sorted(known), 1)
            raise Usage(f"nobody is called {name!r}" + (f": did you mean {near[0]}?" if near else ""))
        return name

    def _linked(self, o: Opportunity, stage: str, now: datetime, name: str) -> Opportunity:
        return Opportunity(
            name=name,
            company=o.company,
            country=o.country,
            contacts=o.contacts,
            owner=o.owner,
            stage=stage,
            highest="new",
            created=now,
            clock=now,
            care_of=o.id,
            unowned_since=None if o.owner else now,
        )

    def _follow_up(self, o: Opportunity, touch: Touch) -> Change:
        """They wrote on a closed item: a follow-up opens, with the answer owed."""
        new = self._linked(o, "contacted", touch.at, name=f"Follow-up: {o.title}")
        if touch.answer is Answer.OWED:
            new = replace(new, answer_owed=touch.at)

        def run(tx: Tx) -> tuple[int, ...]:
            id = tx.insert(OPPORTUNITIES, to_doc(new))
            fields = {"channel": touch.channel.value, "outcome": touch.outcome.value, "direction": "in"}
            tx.insert(EVENTS, event_doc("touch", id, touch.at, self.me, fields))
            tx.label = f"{named(o)} is {o.stage} and they wrote: opened {named(replace(new, id=id))}"
            return (id, o.id)

        return self._commit(run)

    def _keep_off(self, tx: Tx, o: Opportunity) -> None:
        """Put the contacts just blocked on the team's list, and block them in every other open item."""
        blocked = [contact for contact in o.contacts if contact.blocked]
        values = {way for contact in blocked for way in _ways(contact)}
        for kind, value in sorted(values):
            if not tx.find(OFF_LIMITS, [("kind", "=", kind), ("value", "=", value)]):
                entry = {"kind": kind, "value": value, "at": instant_text(self.now()), "by": self.me}
                tx.insert(OFF_LIMITS, entry)
        for id, doc in tx.find(OPPORTUNITIES, [("stage", "!=", WON), ("stage", "!=", LOST)]):
            if id != o.id and doc.get("contacts"):
                self._block_in(tx, id, values)

    def _allowed(self, tx: Tx, o: Opportunity) -> None:
        """Refuse a person who is on the team's list."""
        ways = {way for contact in o.contacts if not contact.blocked for way in _ways(contact)}
        for kind, value in sorted(ways):
            for _, listed in tx.find(OFF_LIMITS, [("kind", "=", kind), ("value", "=", value)], limit=1):
                day = self.policy.calendar.day(instant(listed["at"]))
                shown = self.policy.calendar.describe_day(day, self.today())
                raise NotAllowed(f"{value} wants no contact: noted by {listed['by']} on {shown}")

    def _block_in(self, tx: Tx, id: int, values: set[tuple[str, str]]) -> None:
        before = self._read(tx, id)
        contacts = tuple(replace(c, blocked=True) if _ways(c) & values else c for c in before.contacts)
        if contacts == before.contacts:
            return

        def act(o: Opportunity) -> Opportunity:
            after = replace(o, contacts=contacts)
            if all(contact.blocked for contact in contacts):
                return acts.lose(after, "do not contact", self.policy, self.now())
            return after

        self._apply(tx, id, act, how="closed")

    def _plan(self, id: int, arrange: Callable[[list[int]], list[int]], words: str) -> Change:
        row = self.book.row(id)
        if row is None:
            raise Usage(f"{named(self._get(id))} is closed: only open items are planned")
        ids = arrange(self.book.planned(row.lane))
        at = instant_text(self.now())
        stamps = {planned: self.book.planned_at(row.lane, planned) for planned in ids}
        entries = [
            [planned, instant_text(datetime.fromtimestamp(stamp, UTC)) if stamp is not None else at]
            for planned, stamp in stamps.items()
        ]
        lane = LANES[row.lane].value

        def run(tx: Tx) -> tuple[int, ...]:
            found = tx.find(PLANS, [("member", "=", self.me)], limit=1)
            if found:
                tx.update(PLANS, found[0][0], {lane: entries})
            elif entries:
                tx.insert(PLANS, {"member": self.me, lane: entries})
            tx.label = f"{row.title} #{id}: {words}"
            return (id,)

        return self._commit(run)


def _ways(contact: Contact) -> set[tuple[str, str]]:
    """How one can reach a person, as the list of those not to contact has it; struck numbers too."""
    ways = {("email", normalise_email(email)) for email in contact.emails}
    ways |= {("phone", normalise_phone(phone)) for phone in (*contact.phones, *contact.struck)}
    return {(kind, value) for kind, value in ways if value}
