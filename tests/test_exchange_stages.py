"""What the stages of files can become: what is told of each, what is said of them, and what comes of that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huntertui.errors import Usage
from huntertui.exchange import ForeignStage, Mappings, Reading, Staging, foreign_stages, read, staged
from huntertui.exchange.foreign import MOST
from huntertui.exchange.stages import Hint, name_of
from huntertui.model.pipeline import STAGES, Discipline, NewStage, Pipeline, Policy, Stage

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LADDER = Pipeline()


def reading(path: Path, text: str, policy: Policy | None = None, **said: str) -> tuple[Reading, ...]:
    path.write_text(text)
    return read(path, policy or Policy(), "ana", NOW, mappings=Mappings({}, {}, said))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deals.csv"


def deals(*stages: str, header: str = "Deal Name,Stage") -> str:
    return f"{header}\n" + "".join(f"deal {n},{stage}\n" for n, stage in enumerate(stages))


@pytest.mark.parametrize(
    ("theirs", "name"),
    [
        ("Legal check", "legal-check"),
        ("3 - Legal check", "legal-check"),
        ("Stage 2: Légal  Check!", "legal-check"),
        ("Legal (Sales Pipeline)", "legal"),
        ("Prüfung Größe", "prufung-grosse"),
        ("Ødegård", "odegard"),
        ("2nd call", "nd-call"),
        ("A stage with a name of far more than thirty", "a-stage-with-a-name-of-far-more"),
        ("法務確認", ""),
        ("Проверка", ""),
        ("法務 check", ""),
        ("!!!", ""),
        ("Won", ""),
    ],
)
def test_what_a_stage_of_theirs_is_called_here(theirs: str, name: str) -> None:
    assert name_of(theirs) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (deals("Demo", "Legal", "Legal"), [("Demo", 1, "meeting", Hint.NAME), ("Legal", 2, "", Hint.NONE)]),
        (deals("LEGAL", "legal"), [("LEGAL", 2, "", Hint.NONE)]),
        (
            deals("1 - Qualified", "2 - Legal", "3 - Negotiation"),
            [
                ("1 - Qualified", 1, "qualified", Hint.NAME),
                ("2 - Legal", 1, "meeting", Hint.NUMBER),
                ("3 - Negotiation", 1, "negotiation", Hint.NAME),
            ],
        ),
        (
            deals("Legal,10", "Legal,70", "Legal,70", header="Deal Name,Stage,Probability"),
            [("Legal", 3, "proposal", Hint.PROBABILITY)],
        ),
        (
            deals("Lead,", "Meeting,", "Legal,", "Proposal,", header="Deal Name,Stage,Status"),
            [
                ("Lead", 1, "new", Hint.NAME),
                ("Meeting", 1, "meeting", Hint.NAME),
                ("Legal", 1, "meeting", Hint.ORDER),
                ("Proposal", 1, "proposal", Hint.NAME),
            ],
        ),
        (deals("Proposal", "Legal", "Meeting", "Lead"), [
            ("Proposal", 1, "proposal", Hint.NAME),
            ("Legal", 1, "meeting", Hint.ORDER),
            ("Meeting", 1, "meeting", Hint.NAME),
            ("Lead", 1, "new", Hint.NAME),
        ]),
        (
            deals("Abgeschlossen und gewonnen", "Fermé - perdu", "Noch nicht verloren"),
            [
                ("Abgeschlossen und gewonnen", 1, "won", Hint.NAME),
                ("Fermé - perdu", 1, "lost", Hint.NAME),
                ("Noch nicht verloren", 1, "", Hint.NONE),
            ],
        ),
        (
            deals("Open,80", "Won,80", header="Deal Name,Status,Probability"),
            [("Open", 1, "negotiation", Hint.PROBABILITY), ("Won", 1, "won", Hint.NAME)],
        ),
        (deals("Legal,true", header="Deal Name,Stage,Is Closed"), [("Legal", 1, "lost", Hint.NAME)]),
        (deals("Legal", header="Deal Name,Status"), [("Legal", 1, "", Hint.NONE)]),
        ("Deal Name,Value\na,5\n", []),
    ],
)  # fmt: skip
def test_the_stages_of_a_file(path: Path, text: str, found: list[tuple[str, int, str, Hint]]) -> None:
    told = [(one.theirs, one.rows, one.ours, one.hint) for one in foreign_stages(reading(path, text))]
    assert sorted(told) == sorted(found)


def test_they_come_in_their_own_order(path: Path) -> None:
    header = "Deal Name,Stage,Probability"
    text = deals("Z,", "B,80", "A,20", "2 - Y,", "1 - X,90", header=header)
    found = foreign_stages(reading(path, text))
    assert [one.theirs for one in found] == ["1 - X", "2 - Y", "A", "B", "Z"]
    assert [one.probability for one in found] == [90, None, 20, 80, None]


def test_what_people_said_is_known(path: Path) -> None:
    (found,) = foreign_stages(reading(path, deals("Legal"), Legal="negotiation"))
    assert (found.ours, found.known) == ("negotiation", True)


def test_several_files_are_looked_at_together(tmp_path: Path) -> None:
    one = reading(tmp_path / "a.csv", deals("Legal", "Over"))
    two = reading(tmp_path / "b.csv", deals("legal,70", header="Deal Name,Stage,Probability"))
    found = {stage.theirs: (stage.rows, stage.ours) for stage in foreign_stages((*one, *two))}
    assert found == {"Legal": (2, "proposal"), "Over": (1, "")}


def test_activities_stand_in_no_stage(path: Path) -> None:
    assert foreign_stages(reading(path, "Subject,Due Date,Status\nCall,2026-12-01,Odd\n")) == ()


# What is said


def foreign(theirs: str = "Legal", ours: str = "negotiation", probability: int | None = None) -> ForeignStage:
    hint = Hint.NUMBER if ours else Hint.NONE
    return ForeignStage(theirs, 1, ours, hint, name_of(theirs), probability)


CLOSING, FOLLOWING = Discipline.CLOSING, Discipline.FOLLOWING_UP


@pytest.mark.parametrize(
    ("said", "found", "new"),
    [
        ("", foreign(), NewStage(Stage("legal", CLOSING, 4, 82), "negotiation")),
        ("", foreign(probability=70), NewStage(Stage("legal", CLOSING, 4, 70), "negotiation")),
        ("", foreign(ours="verbal"), NewStage(Stage("legal", CLOSING, 3, 95), "verbal")),
        ("", foreign(ours="qualified"), NewStage(Stage("legal", FOLLOWING, 7, 30), "qualified")),
        ("after new", foreign(), NewStage(Stage("legal", Discipline.PROSPECTING, 1, 3), "new")),
        ("before meeting", foreign(), NewStage(Stage("legal", CLOSING, 5, 30), "nurture")),
        ("after nurture", foreign(), NewStage(Stage("legal", FOLLOWING, 7, 30), "nurture")),
        ("before new", foreign(), NewStage(Stage("legal", Discipline.PROSPECTING, 1, 1), "")),
        ("law", foreign(), NewStage(Stage("law", CLOSING, 4, 82), "negotiation")),
        ("law after meeting", foreign(), NewStage(Stage("law", CLOSING, 5, 50), "meeting")),
        ("law after meeting", foreign("法務", ""), NewStage(Stage("law", CLOSING, 5, 50), "meeting")),
    ],
)
def test_a_new_stage_stands_where_it_is_said_or_told(said: str, found: ForeignStage, new: NewStage) -> None:
    staging = Staging([found], LADDER)
    staging.say(found.theirs, f"+{said}")
    assert (staging.new, staging.pipeline) == ((new,), LADDER.plus(new))
    assert staging.given == {found.theirs: new.stage.name}
    assert staging.theirs(new) == (found.theirs,)
    assert staging.open == ()


@pytest.mark.parametrize(
    ("found", "said", "why"),
    [
        (foreign(ours=""), "+", "'Legal': the file does not tell its place: say it, as 'after proposal'"),
        (foreign(ours="won"), "+", "the file does not tell its place"),
        (foreign("法務"), "+after proposal", "its letters make no name: say one, as 'legal after proposal'"),
        (foreign(), "+Legal", "'Legal' is no name for a stage"),
        (foreign(), "+won", "'won' is no name for a stage"),
        (foreign(), "+after propsal", "no stage 'propsal': did you mean proposal"),
        (foreign(), "+legal behind proposal", "where is 'behind proposal'"),
        (foreign(), "+legal after", "where is 'after'"),
        (foreign(), "propsal", "'Legal': no stage 'propsal': did you mean proposal"),
    ],
)
def test_what_makes_no_sense_changes_nothing(found: ForeignStage, said: str, why: str) -> None:
    staging = Staging([found, foreign("Board")], LADDER)
    staging.keep("board")
    before = staging.given, staging.new, staging.pipeline
    with pytest.raises(Usage, match=why):
        staging.say(found.theirs, said)
    assert (staging.given, staging.new, staging.pipeline) == before


def test_a_stage_that_no_file_has() -> None:
    staging = Staging([foreign()], LADDER)
    with pytest.raises(Usage, match="'Legl': no file has that stage: did you mean Legal"):
        staging.keep("Legl")
    long = Staging([foreign("x" * 900)], LADDER)
    with pytest.raises(Usage, match=f"there are {'x' * 40}…$"):
        long.keep("Odd")
    staging.keep("Proposal")  # which the team has, by an earlier import perhaps
    assert (staging.new, dict(staging.given)) == ((), {"Proposal": "proposal"})


def test_several_come_in_their_own_order() -> None:
    found = [foreign("1 - Legal"), foreign("2 - Board"), foreign("3 - Ink"), foreign("4 - Odd", "")]
    staging = Staging(found, LADDER)
    staging.keep("3 - Ink")
    staging.keep("1 - Legal")
    staging.keep("2 - Board")
    staging.keep("4 - Odd", "before legal")
    names = [stage.name for stage in staging.pipeline.stages]
    assert names[-6:] == ["negotiation", "odd", "legal", "board", "ink", "verbal"]
    assert [one.stage.probability for one in staging.new] == [82, 86, 88, 78]
    rebuilt = LADDER
    for one in staging.new:
        rebuilt = rebuilt.plus(one)
    assert rebuilt == staging.pipeline


def test_behind_a_side_stage_it_has_the_limit_of_the_ladder() -> None:
    side = replace(STAGES[4], discipline=CLOSING)
    staging = Staging([foreign()], Pipeline((*(stage for stage in STAGES if not stage.side), side)))
    staging.keep("Legal", "after nurture")
    assert staging.new == (NewStage(Stage("legal", CLOSING, 3, 95), "nurture"),)


def test_words_of_one_name_are_one_stage() -> None:
    staging = Staging([foreign("Legal check"), foreign("2 - Legal-Check")], LADDER)
    staging.keep_all()
    assert [one.stage.name for one in staging.new] == ["legal-check"]
    assert set(staging.given.values()) == {"legal-check"}


def test_all_that_can_be_kept_are() -> None:
    staging = Staging([foreign(), foreign("Odd", ""), foreign("Board")], LADDER)
    with pytest.raises(Usage, match="'Odd': the file does not tell its place"):
        staging.keep_all()
    assert [stage.theirs for stage in staging.open] == ["Odd"]
    assert [one.stage.name for one in staging.new] == ["legal", "board"]


def test_another_answer_takes_the_first_ones_place() -> None:
    staging = Staging([foreign()], LADDER)
    staging.say("Legal", "+")
    staging.say("legal", "won")
    assert (staging.new, dict(staging.given)) == ((), {"Legal": "won"})
    staging.say("LEGAL", "+law")
    assert dict(staging.given) == {"Legal": "law"}


def test_hundreds_of_new_stages_are_another_column() -> None:
    words = (f"Person {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(MOST + 1))
    staging = Staging([foreign(word) for word in words], LADDER)
    with pytest.raises(Usage, match=f"more than {MOST} stages would be new"):
        staging.keep_all()
    assert len(staging.new) == MOST


def test_the_choices_are_what_can_be_said() -> None:
    staging = Staging([foreign()], LADDER)
    (one,) = staging.found
    choices = staging.choices(one)
    assert choices == ("+legal", *(stage.name for stage in STAGES), "lost", "won")
    for choice in choices:
        staging.say(one.theirs, choice)
        assert staging.given[one.theirs] == choice.removeprefix("+")


def test_the_files_are_read_as_it_was_said(path: Path) -> None:
    readings = reading(path, deals("Legal,70", "Proposal,60", "Odd,", header="Deal Name,Stage,Probability"))
    staging = Staging(foreign_stages(readings), LADDER)
    staging.keep("Legal")
    staging.say("Odd", "meeting")
    (found,) = staged(readings, staging)
    assert [draft.opportunity.stage for draft in found.drafts] == ["legal", "proposal", "meeting"]
    assert found.notices == ()
    assert foreign_stages([found])[1].known
    (again,) = reading(path, deals("Legal", "3. LEGAL"), found.policy)  # by its name, from then on
    assert {draft.opportunity.stage for draft in again.drafts} == {"legal"}


def test_a_long_name_is_known_again(path: Path) -> None:
    word = "A stage with a name of far more than thirty letters"
    readings = reading(path, deals(word, "Proposal"))
    staging = Staging(foreign_stages(readings), LADDER)
    staging.keep(word, "after proposal")
    (again,) = reading(path, deals(word), Policy(pipeline=staging.pipeline))
    assert again.notices == ()


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        (["1 - Qualified", "2 - Legal", "3 - Verbal"], ["qualified", "proposal", "verbal"]),
        (["1 - Meeting", "2 - Legal", "3 - Proposal"], ["meeting", "meeting", "proposal"]),
        (["1 - Odd", "2 - Meeting"], ["new", "meeting"]),
        (["1 - Meeting", "2 - Legal", "3 - Board"], ["meeting", "negotiation", "verbal"]),
        (["1 - Proposal", "2 - Legal", "3 - Lead"], ["proposal", "meeting", "new"]),  # they run back
    ],
)
def test_numbers_stand_between_those_that_are_known(path: Path, words: list[str], stages: list[str]) -> None:
    (found,) = reading(path, deals(*words))
    assert [draft.opportunity.stage for draft in found.drafts] == stages
