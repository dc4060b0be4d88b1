"""The team's policy: what the file says, what is wrong in it, and that a change of it is picked up."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from commandline import ME, inside, small_store
from desks import NOW, Clock, small_world

from huntertui.desk import Desk
from huntertui.errors import Usage
from huntertui.model.pipeline import STAGES, Policy
from huntertui.model.team import Member, Role, Targets, Team
from huntertui.rows import kept_name
from huntertui.site import distrusted, read_site
from huntertui.store import open_store
from huntertui.teamfile import EVERY, TeamFile
from huntertui.teamreader import read_team
from huntertui.teamtemplate import template

TEAM = """\
currency = "USD"
rates = { EUR = 1.1 }
[calendar]
zone = "Europe/Berlin"
days = ["mon", "tue", "wed", "thu"]
opens = "08:30"
closes = 17:00:00
holidays = [2026-12-25]
[stages.proposal]
limit = 7
[stages.negotiation]
probability = 80
[cadences]
hunter6 = ["0 call", "3 letter say who we are", "9 call"]
inbound6 = ["0 call", "20m call", "1 email"]
nurture = ["30 email"]
[rules]
answer_days = 2
amber = 50
[claim]
grace_days = 2
[members.ana]
role = "lead"
[members.ben]
abilities = ["DE", "medical"]
days = ["mon", "tue"]
targets = { prospecting = 5, following = "due", closing = 0 }
cover = "ana"
left = 2026-12-01
"""


def said(path: Path, text: str) -> tuple[Policy, list[str]]:
    path.write_text(text, encoding="utf-8")
    policy, problems = read_team(path, Policy())
    return policy, [str(problem).removeprefix(f"{path}:") for problem in problems]


def test_the_file_is_read(tmp_path: Path) -> None:
    policy, problems = said(tmp_path / "team.toml", TEAM)
    assert problems == []
    calendar, pipeline = policy.calendar, policy.pipeline
    assert (calendar.zone.key, calendar.workdays) == ("Europe/Berlin", frozenset(range(4)))
    assert (calendar.opens, calendar.closes) == (time(8, 30), time(17))
    assert calendar.holidays == {date(2026, 12, 25)}
    assert (policy.currency, policy.rates) == ("USD", {"EUR": 1.1})
    assert [stage.name for stage in pipeline.stages] == [stage.name for stage in Policy().pipeline.stages]
    assert (pipeline["proposal"].limit, pipeline["proposal"].probability) == (7, 60)
    assert (pipeline["negotiation"].limit, pipeline["negotiation"].probability) == (4, 80)
    assert [(s.channel, s.offset, s.what) for s in policy.cadences["hunter6"].steps] == [
        ("call", 0, ""), ("letter", 3, "say who we are"), ("call", 9, ""),
    ]  # fmt: skip
    assert policy.cadences["inbound6"].gap(1) == (0, 20)
    assert policy.cadences["nurture"].gap(5) == (30, 0)
    assert (policy.answer_days, policy.amber, policy.grace_days, policy.help_days) == (2, 0.5, 2, 2)
    ben = Member(
        "ben", Role.REP, frozenset({"de", "medical"}), frozenset({0, 1}), Targets(5, None, 0), "ana",
        date(2026, 12, 1),
    )  # fmt: skip
    assert policy.team == Team((Member("ana", Role.LEAD), ben))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("curency = 'EUR'", "1: curency: is unknown: did you mean 'currency'?"),
        (
            "currency = 'Euro'",
            "1: currency: must be a currency of three capital letters",
        ),
        (
            "[calendar]\nzone = 'Europe/Berln'",
            "2: calendar.zone: 'Europe/Berln' is no time zone: did",
        ),
        ("[calendar]\ndays = ['mo']", "2: calendar.days: 'mo' is unknown: did you mean 'mon'?"),
        ("[calendar]\nopens = '19:00'", "2: calendar.opens: must come before 18:00, when work ends"),
        ("[calendar]\nholidays = ['2026-12-25']", "2: calendar.holidays: must be a date without quotes"),
        (
            "[stages.propsal]\nlimit = 3",
            "1: stages.propsal: is no stage of the pipeline: did",
        ),
        (
            "[stages.proposal]\nlimit = 0",
            "2: stages.proposal.limit: must be a whole number from 1 to 365",
        ),
        ("pipeline = ['new']", "1: pipeline: lacks 'attempting': outcomes lead to it"),
        ("[cadences]\nhunter6 = ['1 call']", "2: cadences.hunter6: must begin with day 0"),
        ("[cadences]\nhunter6 = ['0 cal']", "2: cadences.hunter6: 'cal' is unknown: did you mean 'call'?"),
        ("[cadences]\nhunter7 = ['0 call']", "2: cadences.hunter7: is unknown: did you mean 'hunter6'?"),
        ("[rules]\nanswer = 2", "2: rules.answer: is unknown: did you mean 'answer_days'?"),
        ("[claim]\ngrace_days = true", "2: claim.grace_days: must be a whole number from 0 to 365, not True"),
        ("[members.ana]\nrole = 'leed'", "2: members.ana.role: 'leed' is unknown: did you mean 'lead'?"),
        ("[members.ana]\n[members.ben]\ncover = 'anna'", "3: members.ben.cover: 'anna' is no other member"),
        (
            "[members.ana]\ntargets = { closng = 1 }",
            "2: members.ana.targets.closng: is unknown: did",
        ),
        ("[rates]\nUSD = '1'", "2: rates.USD: must be what one unit is worth in the team's currency"),
        ("rules = 3", "1: rules: must be a table: [rules]"),
    ],
)
def test_a_wrong_entry_is_named_and_the_default_stands(tmp_path: Path, text: str, problem: str) -> None:
    policy, problems = said(tmp_path / "team.toml", text)
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert replace(policy, team=Team()) == Policy()


def test_a_stage_of_ones_own(tmp_path: Path) -> None:
    names = "'new', 'attempting', 'contacted', 'nurture', 'meeting', 'pilot'"
    text = f"pipeline = [{names}]\n[stages.pilot]\ndiscipline = 'closing'\nlimit = 9\nprobability = 70\n"
    policy, problems = said(tmp_path / "team.toml", text)
    assert problems == []
    assert policy.pipeline.after("meeting") == policy.pipeline["pilot"]
    assert "proposal" not in policy.pipeline


def test_the_file_to_begin_with_says_what_holds(tmp_path: Path) -> None:
    policy, problems = said(tmp_path / "team.toml", template(Policy(), "o'hara", ["ben"]))
    assert problems == []
    assert policy == replace(Policy(), team=Team((Member("o'hara", Role.LEAD), Member("ben"))))


def test_the_verb_begins_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = small_store(tmp_path)
    file = store.parent / "team.toml"
    assert inside("team", "check", "--store", store) == 3
    assert inside("team", "init", "--store", store) == 0
    assert inside("team", "check", "--store", store) == 0
    assert "3 members, 9 stages, all right" in capsys.readouterr().out
    assert inside("team", "init", "--store", store) == 7
    assert inside("team", "--store", store) == 0
    assert f"{ME:<12} lead" in capsys.readouterr().out
    file.write_text(file.read_text().replace("grace_days", "grace_dais"))
    assert inside("team", "check", "--store", store) == 1
    assert "claim.grace_dais: is unknown: did you mean 'grace_days'?" in capsys.readouterr().out
    assert inside("list", "--store", store) == 0  # it stops nothing
    assert "did you mean 'grace_days'" in capsys.readouterr().err


def test_a_file_of_roots_own_is_enforced_and_another_is_not(tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text("[members.ana]\nrole = 'lead'\n")
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    assert distrusted(file, os.getuid()) == ""
    file.chmod(0o664)
    assert "nobody else may write it" in distrusted(file, os.getuid())
    file.write_text("[members.ana\n")
    broken = TeamFile(file, Policy())
    assert broken.policy.team.enforced
    assert not broken.policy.team.leads("ana")  # nobody gets a role, or loses a colleague, by a broken file


def test_the_administrator_says_where_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    settings = tmp_path / "config.toml"
    settings.write_text('team = "/srv/team.toml"\n')
    settings.chmod(0o644)
    site, problems = read_site({}, settings, os.getuid())
    assert (site.team_file("/x/store.json"), problems) == (Path("/srv/team.toml"), [])
    settings.write_text("")
    site, _ = read_site({}, settings, os.getuid())
    assert site.team_file("/x/store.json") == Path("/x/team.toml")
    assert site.team_file("memory:") is None
    (tmp_path / "team.toml").touch()
    assert site.team_file("/x/store.json") == tmp_path / "team.toml"


def test_a_change_is_picked_up_while_people_work(tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text("[members.ana]\n[members.ben]\ntargets = { prospecting = 3 }\n")
    seconds = [0.0]
    team = TeamFile(file, Policy(), clock=lambda: seconds[0])
    clock = Clock()
    store = open_store("memory:", "ana", clock=clock)
    desk = Desk(store, team.policy, "ben", clock, renewed=team.renewed)
    desk.load()
    small_world(desk)
    assert desk.targets.prospecting == 3
    assert desk.follow().messages == ()
    before, kept = desk.explain(2)[0], kept_name(desk.policy)
    assert "the limit for new is 1" in before
    file.write_text("[members.ana]\n[members.ben]\n[stages.new]\nlimit = 2\n")
    assert desk.follow().messages == ()  # it is not looked at all the time
    seconds[0] += EVERY
    assert desk.follow().messages == ("the team's policy has changed",)
    assert "the limit for new is 2" in desk.explain(2)[0]
    row = desk.book.row(2)
    assert row is not None
    assert row.by == desk.policy.calendar.after_days(NOW, 2).timestamp()
    assert kept_name(desk.policy) != kept
    assert desk.targets == Targets()
    with_a_stage = [*(stage.name for stage in STAGES[:-1]), "legal", STAGES[-1].name]
    table = '[stages.legal]\ndiscipline = "closing"\n'
    file.write_text(f"pipeline = {with_a_stage}\n{table}[stages.new]\nlimit = 2\n[members.ben]\n")
    other = Desk(store, replace(Policy(), pipeline=desk.policy.pipeline), "ana", clock)
    other.load()
    other.note(2, "in a stage that has just come")
    assert desk.follow().messages[0] == "the team's policy has changed"  # at once, as something came in
    assert "legal" in desk.policy.pipeline
    file.write_text("[members.ana\n")
    seconds[0] += EVERY
    assert [f"{file}:1" in message for message in desk.follow().messages] == [True]
    assert "the limit for new is 2" in desk.explain(2)[0]
    seconds[0] += EVERY
    assert desk.follow().messages == ()


def test_only_members_own_things() -> None:
    clock = Clock()
    team = Team((Member("ana"), Member("ben"), Member("zoe", left=date(2026, 11, 23))))
    desk = Desk(open_store("memory:", "ana", clock=clock), replace(Policy(), team=team), "ana", clock)
    desk.load()
    desk.add("Ann Lee @Acme")
    assert desk.assign(1, "ben").message == "Acme #1: ana -> ben"
    for name in ("bem", "zoe"):
        with pytest.raises(Usage, match=f"nobody is called '{name}'"):
            desk.assign(1, name)
