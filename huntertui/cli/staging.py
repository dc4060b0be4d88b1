"""What becomes of the stages that nobody knows: as the options say, and at a terminal as one is asked."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from huntertui.cli.options import pair
from huntertui.cli.output import say
from huntertui.cli.streams import ask
from huntertui.errors import NotAllowed, Usage
from huntertui.model.pipeline import CLOSED
from huntertui.model.text import did_you_mean

if TYPE_CHECKING:
    from huntertui.cli.session import Session
    from huntertui.exchange import ForeignStage, Staging, TakingIn


def stage_arguments(parser: ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "--stage",
        metavar="THEIRS=ours",
        action="append",
        default=[],
        help="which of our stages one of theirs is, as in 'Legal check=negotiation'",
    )
    parser.add_argument(
        "--new-stage",
        metavar="THEIRS",
        action="append",
        default=[],
        help="make one of theirs a stage of the team's: 'Legal check', with its place, 'Legal check=after "
        "negotiation', and its name, 'Legal check=legal before verbal', where the file does not tell it",
    )
    parser.add_argument(
        "--keep-stages",
        action="store_true",
        help="make all that nobody knows here stages of the team's",
    )


def said_of_stages(session: Session) -> dict[str, str]:
    """What --stage says, theirs -> ours. Usage where there is no such stage."""
    from huntertui.exchange import new_name

    said = dict(pair(text, "--stage") for text in session.args.stage)
    new = [new_name(theirs, text) for theirs, text in _new(session).items()]
    ours = (*(stage.name for stage in session.policy.pipeline.stages), *sorted(CLOSED))
    for theirs, stage in said.items():
        if stage not in (*ours, *new):
            meant = did_you_mean(stage, ours, ", ".join(ours))
            raise Usage(f"--stage {theirs!r}: no stage {stage!r}: {meant}; --new-stage {theirs!r} makes one")
    return said


def settle(session: Session, run: TakingIn) -> None:
    """Say what becomes of the stages of the files. Usage: something is to be said that is not; NotAllowed:
    there would be a new one, and the team's file is not for this person to change."""
    new, asks = _new(session), session.interactive and not session.yes
    if not (new or session.args.keep_stages or asks):
        return
    run.look_at_stages()
    staging = run.staging
    for theirs, said in new.items():
        staging.keep(theirs, said)
    if session.args.keep_stages:
        try:
            staging.keep_all()
        except Usage:
            if not asks:
                raise
    if asks and staging.open:
        _ask(staging)
    if staging.new and session.team.shut:
        _refuse(session, staging)


def _new(session: Session) -> dict[str, str]:
    """Theirs -> what is said of its name and place."""
    parted = (text.partition("=") for text in session.args.new_stage)
    return {theirs.strip(): said.strip() for theirs, _, said in parted}


def _refuse(session: Session, staging: Staging) -> None:
    """Say what whoever may do it has to put into the team's file; NotAllowed but for a dry run."""
    from huntertui.teamstages import lines_of

    where = session.team.path or 'a file that team = "/path" names'
    say(f"{session.team.shut}: whoever keeps {where} has to put this into it:")
    for line in lines_of(staging.new, session.policy.pipeline).splitlines():
        say(f"  {line}")
    if not session.args.dry_run:
        raise NotAllowed("nothing was imported: the team has no such stage yet")


def _ask(staging: Staging) -> None:
    """Ask for all that nobody knows, or each of them; not where they can hardly be stages."""
    from huntertui.exchange.foreign import MOST

    if len(staging.open) > MOST:
        say(f"{len(staging.open):,} stages that nobody knows here, which are rather another column's words")
        return
    say("stages that nobody knows here:")
    for stage in staging.open:
        say(f"  {_told(stage)}")
    answer = ask("Keep them as stages of the team's? [a]ll, [e]ach, Enter: none ")[:1].lower()
    if answer not in ("a", "e"):
        return
    left = [stage for stage in staging.open if answer == "e" or not _taken(staging, stage, "+")]
    if left:
        say("+ keeps it, + after STAGE keeps it there; or one of ours; Enter: as guessed; ?: what there is")
    for stage in left:
        while text := ask(f"{_told(stage)}: "):
            if text == "?":
                say(", ".join(staging.choices(stage)))
            elif _taken(staging, stage, text):
                break


def _taken(staging: Staging, stage: ForeignStage, text: str) -> bool:
    """Whether an answer makes sense; else it is said why not."""
    try:
        staging.say(stage.theirs, text)
    except Usage as error:
        say(str(error))
        return False
    from huntertui.exchange.foretelling import placed

    for one in staging.new:
        if stage.theirs in staging.theirs(one):
            say(f"  {one.stage.name} {placed(one)}")
    return True


def _told(stage: ForeignStage) -> str:
    """ "Legal check, 3 rows, guessed by its number: negotiation"."""
    rows = f"{stage.rows} {'row' if stage.rows == 1 else 'rows'}"
    guess = f"by {stage.hint}: {stage.ours}" if stage.ours else "by whether anybody was in touch"
    return f"{stage.theirs}, {rows}, {'kept in it as they are' if stage.kept else f'guessed {guess}'}"
