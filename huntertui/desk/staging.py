"""Stages, the expected close, won and lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from huntertui.desk.ledger import Act, Change, Ledger, linked, named
from huntertui.desk.tables import EVENTS, OPPORTUNITIES
from huntertui.errors import Usage
from huntertui.model import acts
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import (
    LOST_REASONS,
    Channel,
    Kind,
    NextStep,
    Opportunity,
)
from huntertui.model.pipeline import CLOSED, LANES, LOST, Stage
from huntertui.model.ranking import row_of
from huntertui.model.text import clean, did_you_mean
from huntertui.store.store import Tx


class Staging(Ledger):
    """Stages, the expected close, won and lost."""

    def forward(self, id: int) -> Change:
        """One stage on."""
        return self._step_stage(
            id, self.policy.pipeline.after(self._stage(id)), "the last stage: x w wins it"
        )

    def back(self, id: int) -> Change:
        """One stage back."""
        return self._step_stage(id, self.policy.pipeline.before(self._stage(id)), "the first stage")

    def move(self, id: int, stage: str) -> Change:
        """To a stage by its name, by how only it begins, or by its number from 1."""
        stage, now = self._named_stage(stage), self.now()
        return self._act(
            id,
            lambda o: acts.move(self._open(o), stage, self.policy, now),
            lambda before, o: f"{named(o)}: {before.stage} -> {o.stage}{self._still_red(o)}",
            guard=("stage",),
        )

    def to_lane(self, id: int, lane: int) -> Change:
        """To the prospects, the follow-ups or the deals."""
        discipline, pipeline = LANES[lane], self.policy.pipeline
        o = self._open(self._shown(id))
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
        was = self._shown(id).expected_close

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
            events=[("close", {"old": was and was.isoformat(), "new": day.isoformat(), "text": when.rest})],
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
            new = linked(o, "nurture", now, name=f"Care: {o.title}")
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
        return self._act(
            id,
            lambda o: acts.set_revisit(o, day),
            lambda _, o: f"{named(o)}{self._back_on(o)}",
            guard=("revisit",),
        )

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
        source, seen = self._open(self._shown(id)), self.sight.expected(id)

        def run(tx: Tx) -> tuple[int, ...]:
            fresh = self._read(tx, id)
            kept = self._apply(tx, other, lambda o: acts.merge(self._open(o), fresh, policy, now))[1]
            reason = f"merged into #{other}"
            act: Act = lambda o: acts.lose(self._open(o), "duplicate", policy, now, reason)  # noqa: E731
            self._apply(tx, id, act, how="closed", guard=("stage",), seen=seen)
            for event, _ in tx.find(EVENTS, [("opportunity", "=", id), ("kind", "in", ["touch", "note"])]):
                tx.update(EVENTS, event, {"opportunity": other})
            tx.label = f"merged {named(source)} into {named(kept)}"
            return (id, other)

        return self._commit(run)

    def best_match(self, id: int) -> int | None:
        """The open item most likely to be the same as this one: of its company, or with its name."""
        row = self.book.row(id) or row_of(self._get(id), self.policy)
        others = self.book.at_company(row)
        same = [other for other in others if other.title.casefold() == row.title.casefold()]
        return next((other.id for other in same or others), None)

    def reopen(self, id: int) -> Change:
        """Back to the stage it was closed in."""
        now = self.now()

        def act(o: Opportunity) -> Opportunity:
            if o.stage not in CLOSED:
                raise Usage(f"{named(o)} is open ({o.stage})")
            return acts.reopen(o, self.policy, now)

        return self._act(id, act, lambda _, o: f"reopened {named(o)}: {o.stage}", guard=("stage",))

    @staticmethod
    def _other(id: int, text: str) -> int:
        """The number of another item."""
        digits = text.strip().removeprefix("#")
        if not digits.isdecimal() or len(digits) > 15 or int(digits) == id:
            raise Usage(f"{text[:40]!r} is no other item: give its number, like #12")
        return int(digits)

    def _named_stage(self, text: str) -> str:
        names = [stage.name for stage in self.policy.pipeline.stages]
        if text in self.policy.pipeline:
            return text
        begun = [name for name in names if text and name.startswith(text.casefold())]
        by_number = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True))
        if len(begun) == 1 or text in by_number:
            return by_number.get(text) or begun[0]
        raise Usage(f"no stage {text!r}: {did_you_mean(text, names, ', '.join(names))}")

    def _stage(self, id: int) -> str:
        return self._open(self._shown(id)).stage

    def _step_stage(self, id: int, stage: Stage | None, end: str) -> Change:
        if stage is None:
            raise Usage(f"{named(self._get(id))} is in {end}")
        return self.move(id, stage.name)

    def _back_on(self, o: Opportunity) -> str:
        return f", back on {self.policy.calendar.describe_day(o.revisit, self.today())}" if o.revisit else ""
