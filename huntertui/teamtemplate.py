"""The team's policy as a file to begin with: every number that holds, with what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from huntertui.model.cadence import Cadence, CadenceStep
from huntertui.model.calendar import DAY_NAMES
from huntertui.model.pipeline import Policy, Stage


def template(policy: Policy, lead: str, others: Iterable[str]) -> str:
    """Return the text of a file that says what `policy` says, with `lead` and `others` for members."""
    calendar = policy.calendar
    days = ", ".join(f'"{DAY_NAMES[day].casefold()}"' for day in sorted(calendar.workdays))
    return f"""\
# What the team has agreed on. huntertui reads it again whenever it is saved; "huntertui team check" says what
# is wrong in it. What is left out, and what is wrong, has the value that stands here. Days are business days
# unless said.

currency = "{policy.currency}"  # of the team: other currencies are compared with it, never added to it

# The stages in their order. One of your own needs a table like those below; new, attempting, contacted,
# nurture and meeting have to stay, as outcomes lead to them.
pipeline = [{", ".join(f'"{stage.name}"' for stage in policy.pipeline.stages)}]

[rates]  # what one unit of another currency is worth in the team's, for the order of the lanes only
# USD = 0.92

[calendar]
zone = "{calendar.zone.key}"
days = [{days}]
opens = "{calendar.opens:%H:%M}"
closes = "{calendar.closes:%H:%M}"
holidays = []  # as 2026-12-25, without quotes

[members.{_key(lead)}]
role = "lead"  # reassigns, coaches, sees a rep's day and acts for him; everybody else is a "rep"
# abilities = ["de", "en", "medical"]  # which items he can help with: their tags and countries
# days = ["mon", "tue", "wed"]  # his working days, where they are not the team's
# targets = {{ prospecting = 10, following = "due", closing = 2 }}  # touches a day; "due" for all, 0 for none
# cover = "ben"  # who takes what falls due while he is away; without one, anybody able
# left = 2026-11-25  # from that day on he is no member, and what is his is open to all
{"".join(f"{chr(10)}[members.{_key(name)}]{chr(10)}" for name in others)}
[rules]
answer_days = {policy.answer_days}  # a customer who wrote is answered within
unowned_days = {policy.unowned_days}  # an item may be nobody's so long
inbound_minutes = {policy.inbound_minutes}  # working minutes to the first touch of what came in by itself
callback_minutes = {policy.callback_minutes}  # how much later than agreed a call may be
meeting_minutes = {policy.meeting_minutes}  # how long a meeting lasts
own_days = {policy.own_days}  # an own date may lie so far ahead even where the stage's limit is shorter
own_dates = {policy.own_dates}  # own dates between two touches that move the limit
deferrals = {policy.deferrals}  # parks and pushes between two touches that clear a red
park_days = {policy.park_days}  # calendar days that a park may last
care_days = {policy.care_days}  # calendar days from won to the care follow-up; 0: none
aged_days = {policy.aged_days}  # calendar days after which an item is aged
triage_days = {policy.triage_days}  # what is left to triage of an import after these is a line for the leads
amber = {round(policy.amber * 100)}  # percent of a limit after which a row is amber

[claim]
grace_days = {policy.grace_days}  # an idle red, or one of the cadence, is its owner's alone so long
help_days = {policy.help_days}  # who helps is the helper so long; with no touch by then, no more
again_days = {policy.again_days}  # calendar days in which a second neglect lets a colleague take it over
inherited_days = {policy.inherited_days}  # a red that was taken over counts as its taker's after these

[cadences]  # day and channel of each touch, counted from the first; hunter6 and inbound6 end in nurture
{_cadences(policy)}
{"".join(map(stage_table, policy.pipeline.stages))}"""


def stage_table(stage: Stage) -> str:
    """What such a file says of a stage, below a blank line."""
    beside = "side = true  # beside the ladder: left by the first real exchange\n"
    side = beside if stage.side and stage.name != "nurture" else ""
    return f"""
[stages.{stage.name}]
discipline = "{stage.discipline.value}"
limit = {stage.limit}  # business days that it may lie idle
probability = {stage.probability}  # percent
{side}"""


def _cadences(policy: Policy) -> str:
    width = max(map(len, policy.cadences))
    return "\n".join(
        f"{name:<{width}} = [{_steps(one)}]{_unit(one)}" for name, one in policy.cadences.items()
    )


def _steps(cadence: Cadence) -> str:
    return ", ".join(f'"{_step(step, cadence.repeats)}"' for step in cadence.steps)


def _step(step: CadenceStep, repeats: int) -> str:
    at = f"{step.minutes}m" if step.minutes else str(repeats or step.offset)
    return " ".join(filter(None, (at, step.channel.value, step.what)))


def _unit(cadence: Cadence) -> str:
    if cadence.repeats:
        return "  # again and again"
    return "  # business days" if cadence.business else ""


def _key(name: str) -> str:
    """A key of TOML: quoted where it has to be."""
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else json.dumps(name)
