"""Actions on several records at once: one change, told by how many they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from huntertui.actions import ACTIONS, Run
from huntertui.commands import Command
from huntertui.desk import Desk
from huntertui.desk.bulk import Left
from huntertui.desk.ledger import Change
from huntertui.model.entry import read_when
from huntertui.model.opportunity import PARK_REASONS
from huntertui.model.text import Unclear, shown

ONE_BY_ONE = {
    "merge": "a merge is of two records",
    "log-both": "it is of one company",
    "log-do-not-contact": "it is one person's word",
}
"""What acts on one row only, and why."""

SAID = {
    "step-done": "did the step of {n}",
    "note": "noted on {n}",
    "snooze": "snoozed {n} to {when}",
    "next-step": "set the next step of {n}: {when}",
    "park": "parked {n} until {when}",
    "raise": "raised {n}",
    "lower": "lowered {n}",
    "tag": "tagged {n}: {text}",
    "unplan": "took {n} off today's plan",
    "forward": "moved {n} a stage on",
    "backward": "moved {n} a stage back",
    "stage": "moved {n} to {text}",
    "expect-close": "{n} close {when}",
    "value": "set the value of {n} to {text}",
    "close-won": "won {n}",
    "disqualify": "disqualified {n}",
    "duplicate": "closed {n} as duplicates",
    "lose-for-now": "lost {n}, back {when}",
    "reopen": "reopened {n}",
    "claim": "took {n}",
    "message": "told the owners of {n}: {text}",
    "coach": "coached the owners of {n}: {text}",
    "answer": "answered on {n}",
    "assign": "gave {n} to {text}",
}
"""What is said when a command was run on `n` rows, by its name."""

SAID_OF = {
    "log-": "logged {label} on {n}",
    "priority-": "set the priority of {n} to {label}",
    "to-": "moved {n} to {label}",
    "lose-": "lost {n} ({label})",
}
"""The same, by how its name begins."""


def run_many(
    desk: Desk, command: Command, text: str | None, ids: list[int], run: Run | None = None
) -> tuple[Change, list[Left]]:
    """Run a command on each record with the same answer: what was done, and what was left as it is.

    `run`: its action, where more is known than the answer.
    """
    if command.name in ("to-top", "plan-down", "plan-up"):  # the plan is one list, and changed as one
        return desk.plan_many(ids, top=command.name == "to-top"), []
    if command.name == "unplan":
        return desk.unplan_many(ids), []
    act = run or ACTIONS[command.name].run
    return desk.on_many(ids, lambda id: act(desk, id, text), words_of(command, text, desk))


def words_of(command: Command, text: str | None, desk: Desk) -> Callable[[int], str]:
    """What is said of so many rows."""
    by_name = SAID.get(command.name)
    form = by_name or next((form for begin, form in SAID_OF.items() if command.name.startswith(begin)), "")
    when, answer = "its own day", shown(" ".join((text or "").split()))[:60]
    with suppress(Unclear):
        read, _ = read_when(text or "", desk.now(), desk.policy.calendar)
        when = _day_words(read.due, desk)
        when += f" ({PARK_REASONS.get(read.rest, read.rest)})" if read.rest else ""
    known = {"label": command.label, "when": when, "text": answer or "-"}
    return lambda count: (form or "{label}: {n}").format(n=f"{count:,}", **known)


def _day_words(due: date | datetime, desk: Desk) -> str:
    calendar, today = desk.policy.calendar, desk.today()
    if isinstance(due, datetime):
        return calendar.describe_instant(due, today)
    return calendar.describe_day(due, today)
