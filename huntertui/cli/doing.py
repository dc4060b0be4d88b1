"""The verbs that change records: every such command of the workday's table, by its name.

They do what its key does: the same action, the same answer, the same one undo.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from huntertui.actions import ACTIONS, Log
from huntertui.actions.many import ONE_BY_ONE, run_many
from huntertui.cli import logging, streams
from huntertui.cli.options import add_forms
from huntertui.cli.session import Session, understood
from huntertui.cli.streams import read_numbers, read_text
from huntertui.cli.telling import tell_change
from huntertui.cli.verbs import VERBS, Verb
from huntertui.commands import BY_NAME, COMMANDS, Command
from huntertui.commands.words import FAMILIES, SHORT, first_of, members
from huntertui.desk import Change, Desk
from huntertui.errors import Usage
from huntertui.model.opportunity import Channel
from huntertui.model.text import clean, did_you_mean, shown

WHO = "12, #12, 12,14, a name, an e-mail, a phone; - for numbers on stdin"
FREE = ("note", "message", "coach")
"""Commands whose words may come from stdin, as -."""

Typed = Callable[[Desk, str], Change]
TYPED: dict[str, Typed] = {
    "add": Desk.add,
    "hand-over": Desk.hand_over,
    "away": Desk.away,
    "coach-rep": Desk.coach_rep,
}
"""Commands that are about no record yet, or about those of somebody: what they are given is words alone."""

TURNING: dict[str, Callable[[Desk], Change]] = {"undo": Desk.undo, "redo": Desk.redo}

VERB_NAMES = frozenset({*ACTIONS, *TYPED, *TURNING, "edit"})
"""The commands that are verbs."""

NOTHING = Change((), "no item is meant", None)

KEYS_ONLY = "is a key of the workday, and no verb"

ELSEWHERE = {
    "ls": "list", "search": "find", "grep": "find", "get": "show", "info": "show", "cat": "show",
    "new": "add", "create": "add", "set": "edit", "update": "edit", "modify": "edit",
    "rm": "lost", "delete": "lost", "remove": "lost", "archive": "lost", "done": "step-done",
    "call": "log", "touch": "log", "own": "claim", "owner": "assign", "give": "assign",
    "settings": "config", "version": "--version", "status": "brief", "report": "stats",
    "backup": "store backup", "restore": "store restore", "verify": "store verify", "repair": "store repair",
}  # fmt: skip
"""What other programs call it."""


_verb = partial(Verb, mixed=True)


def find_verb(name: str) -> Verb:
    """The verb of a command, by its own name or a shorter one. Usage when there is none, with the nearest."""
    if name in FAMILIES:
        return _verb(name, _family_help(name), partial(_family_arguments, name), partial(_family, name))
    command = BY_NAME.get(SHORT.get(name, name))
    if command is None:
        raise Usage(f"there is no {name!r}: {_meant(name)}")
    if command.name in ACTIONS:
        return _verb(name, command.help, partial(_arguments, command), partial(_act, command))
    if command.name == "edit":
        return _verb(name, "set a field: WHO FIELD VALUE", _edit_arguments, _edit)
    if command.name in TYPED:
        return _verb(name, command.help, partial(_typed_arguments, command), partial(_typed, command))
    if command.name in TURNING:
        return _verb(name, command.help, add_changing, partial(_turn, command))
    raise Usage(f"{name} {KEYS_ONLY}: huntertui, then {' or '.join(command.keys[:2]) or ':' + name}")


def _meant(name: str) -> str:
    if known := ELSEWHERE.get(name):
        return f"did you mean {known}?"
    return did_you_mean(name, ["help", *VERBS, *FAMILIES, *SHORT, *VERB_NAMES], "huntertui -h lists them")


def names() -> list[str]:
    """The verbs by their own names, of families only the word: in the order of the table."""
    of_families = {command.name for family in FAMILIES for command in members(family).values()}
    return [command.name for command in COMMANDS if command.name in VERB_NAMES - of_families]


def listed() -> Iterator[tuple[str, str]]:
    """Names and help for the list of verbs, the families first, shorter names behind the own."""
    for family in FAMILIES:
        yield family, _family_help(family)
    short = {name: word for word, name in SHORT.items()}
    for name in names():
        yield ", ".join(filter(None, (name, short.get(name)))), find_verb(name).help


def _family_help(family: str) -> str:
    return {
        "log": "log a touch: WHO talked tue call about the offer; --inbound logs what they sent",
        "lost": "close as lost: WHO price, or any other reason",
        "priority": "set the priority: WHO high",
        "move": "move to a lane: WHO closing",
    }[family]


# Arguments


def add_changing(parser: ArgumentParser) -> None:
    """The options of all that changes records."""
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="say what it would do, and write nothing"
    )
    add_forms(parser)


def _add_who(parser: ArgumentParser) -> None:
    parser.add_argument("who", metavar="WHO", help=WHO)
    parser.add_argument(
        "--each", action="store_true", help="WHO is a query, as of /, and all that match are meant"
    )
    add_changing(parser)


def _arguments(command: Command, parser: ArgumentParser) -> None:
    _add_who(parser)
    logs = isinstance(ACTIONS[command.name].run, Log)
    if command.ask is not None or logs:
        parser.add_argument("words", metavar="WORDS", nargs="*", help=_asks(command))
    if logs:
        _add_log(parser)


def _asks(command: Command) -> str:
    asked = command.ask.label if command.ask else "a note"
    return f"{asked}; - reads stdin" if command.name in FREE else asked


def _add_log(parser: ArgumentParser) -> None:
    parser.add_argument("--note", default="", help="kept with the touch; - reads stdin")
    parser.add_argument("--channel", choices=tuple(Channel), help="how it was made")


def _family_arguments(family: str, parser: ArgumentParser) -> None:
    _add_who(parser)
    parser.add_argument("kind", metavar="WHAT", nargs="?", help=", ".join(members(family)))
    parser.add_argument("words", metavar="WORDS", nargs="*", help="what it asks for: a day, a reason, a note")
    if family == "log":
        _add_log(parser)
        logging.add_inbound(parser)


def _typed_arguments(command: Command, parser: ArgumentParser) -> None:
    asked = command.ask.label if command.ask else ""
    more = "; - reads lines from stdin" if command.name == "add" else ""
    parser.add_argument("words", metavar="WORDS", nargs="*", help=asked + more)
    add_changing(parser)


def _edit_arguments(parser: ArgumentParser) -> None:
    from huntertui.desk.edits import FIELDS

    _add_who(parser)
    parser.add_argument("field", metavar="FIELD", help=", ".join(FIELDS))
    parser.add_argument(
        "words",
        metavar="VALUE",
        nargs="*",
        help="empties the field when it is left out; notes: - reads stdin",
    )


# Running


@contextmanager
def _desk(session: Session) -> Iterator[Desk]:
    """My desk; what it does not understand is Usage."""
    with session.desk() as desk, understood():
        desk.rehearsing = session.args.dry_run
        yield desk


def _family(family: str, session: Session) -> int:
    args = session.args
    if getattr(args, "inbound", False):
        with _desk(session) as desk:
            return logging.log_inbound(session, desk)
    if args.kind is None:
        raise Usage(f"{family} what? {', '.join(members(family))}")
    given = [args.kind, *args.words]
    command, args.words = first_of(family, given)
    if command is None and family == "lost":  # any text is a reason
        command, args.words = BY_NAME["lose-other"], given
    if command is None:
        known = members(family)
        raise Usage(f"{family} {args.kind!r}? {did_you_mean(args.kind, known, ', '.join(known))}")
    return _act(command, session)


def _act(command: Command, session: Session) -> int:
    args = session.args
    with _desk(session) as desk:
        ids = _who(desk, args.who, each=args.each)
        if not ids:
            return tell_change(session, desk, command.name, NOTHING)
        run, words = ACTIONS[command.name].run, _said(command, getattr(args, "words", []))
        if isinstance(run, Log):
            note = read_text() if args.note == "-" else args.note
            note, words = (note, words) if run.step else (" ".join(filter(None, (words, note))), "")
            run = partial(run, note=note, channel=args.channel and Channel(args.channel))
        elif words and command.ask is None:
            raise Usage(f"{command.name} takes no words after WHO")
        text = words or _missing(session, command, desk, ids)
        if len(ids) == 1:
            return tell_change(session, desk, command.name, run(desk, ids[0], text))
        if why := ONE_BY_ONE.get(command.name):
            raise Usage(f"{command.name} takes one item, as {why}")
        done, left = run_many(desk, command, text, ids, run)
        return tell_change(session, desk, command.name, done, left)


def _who(desk: Desk, who: str, *, each: bool) -> list[int]:
    """The items that are meant; by a query or by a pipe that may be none."""
    if each:
        if not desk.query(who):
            raise Usage("--each of what? words and terms, as find takes them: owner:me late>3d acme")
        return [row.id for row in desk.matching(who)]
    if who == "-":
        return read_numbers()
    return desk.numbers(who) if "," in who and not any(map(str.isalpha, who)) else [desk.meant(who)]


def _said(command: Command, words: list[str]) -> str:
    text = " ".join(words)
    return read_text() if text == "-" and command.name in FREE else text


def _missing(session: Session, command: Command, desk: Desk, ids: list[int]) -> str | None:
    """The answer where none was given: none is needed, what suggests itself, or what the person types.

    "" and None as an action takes them.
    """
    ask = command.ask
    if ask is None or ask.optional:
        return None
    suggested = desk.suggest(ask.suggest, ids[0]) if ask.suggest and len(ids) == 1 else ""
    if session.yes and ask.suggest:
        return ""
    if session.interactive:
        o = desk.opportunity(ids[0]) if len(ids) == 1 else None
        name = f"{o.title} #{o.id}" if o else f"{len(ids)} items"
        if typed := _typed_in(f"{name} · {ask.label}" + (f" [{suggested}]" if suggested else "")):
            return typed
        if ask.suggest:
            return ""
    take = f"; --yes takes {suggested}" if suggested else ""
    raise Usage(f"{command.name} needs words after WHO: {command.help}{take}")


def _typed_in(question: str) -> str:
    """What the person types, "" for Enter alone. Usage as `streams.ask`."""
    return clean(streams.ask(f"{question}: "))


def _typed(command: Command, session: Session) -> int:
    words, run = session.args.words, TYPED[command.name]
    if command.name == "add" and words == ["-"]:
        lines = [line for line in read_text().splitlines() if line.strip()]
        if not lines:
            raise Usage("no line stands on stdin: each adds one, like Ann Lee @acme tue")
        with _desk(session) as desk:
            return tell_change(session, desk, command.name, desk.add_all(lines))
    text = " ".join(words)
    if not text and session.interactive and command.ask is not None:
        text = _typed_in(command.ask.label)
    if not text:
        raise Usage(f"{command.name} what? {command.help}")
    with _desk(session) as desk:
        return tell_change(session, desk, command.name, run(desk, text))


def _turn(command: Command, session: Session) -> int:
    with _desk(session) as desk:
        return tell_change(session, desk, command.name, TURNING[command.name](desk))


def _edit(session: Session) -> int:
    args = session.args
    with _desk(session) as desk:
        ids = _who(desk, args.who, each=args.each)
        if not ids:
            return tell_change(session, desk, "edit", NOTHING)
        text = read_text() if args.words == ["-"] and args.field == "notes" else " ".join(args.words)
        if len(ids) == 1:
            return tell_change(session, desk, "edit", desk.edit(ids[0], args.field, text))
        words = f"set {args.field} of {{:,}} to {shown(text)[:60] or 'nothing'}"
        done, left = desk.on_many(ids, lambda id: desk.edit(id, args.field, text), words.format)
        return tell_change(session, desk, "edit", done, left)
