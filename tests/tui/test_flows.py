"""What hands do all day, typed through a real terminal and counted: the goals, a morning, bursts, leaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from acting import Hands, documents, given, world
from day import ME, Past, desk, morning, records, sequence, start
from desks import Clock
from terminal import Terminal

from huntertui.commands import COMMANDS, Command, keys_of
from huntertui.model.codec import to_doc
from huntertui.model.opportunity import Contact, Opportunity, Priority
from huntertui.store import open_store

BYTES = {"enter": "\r", "space": " ", "escape": "\x1b", "tab": "\t", "f1": "\x1bOP"}
ESC = "\x1b"
TYPED, READ = "Zqx Smyth\x7f\x7f\x7fith  9[;", "Zqx Smith  9[;"


def typed(keys: str) -> str:
    """The bytes of a sequence as the table writes it."""
    named = {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"} | BYTES
    return "".join(named.get(key, key) for key in keys.split())


def opening(command: Command) -> str:
    """What a person types to open the command."""
    keys = keys_of(command.name)
    return typed(keys[0]) if keys else f":{command.name}\r"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The morning's six items, and #7, which is nobody's."""
    path = morning(tmp_path_factory.mktemp("flows") / "store.json")
    mine = desk(path)
    mine.add("Gil Ray @Granite")
    mine.assign(7, "-")
    mine.store.close()
    return path


@pytest.fixture(scope="module")
def terminal(store: Path) -> Iterator[Terminal]:
    """One workday for all flows: each is taken back when it is done."""
    with start(store, ESCDELAY="40") as opened:
        yield opened.until("Smithfield")


# The goals


class Flow(NamedTuple):
    """What is typed on the record `id`, in at most `goal` keystrokes; what is said, and what holds then."""

    id: int
    keys: str
    goal: int
    said: str
    holds: Callable[[Any], object]
    first: str = ""


FLOWS = {
    "log no answer, and the next touch": Flow(
        1, "cn", 2, "no answer · next email 2/6", lambda o: o.touches == 1 and o.next
    ),
    "the same on the next row": Flow(2, ".", 1, "Borealis #2: no answer", lambda o: o.touches == 1, "cn"),
    "snooze to Tuesday": Flow(6, "stu\r", 4, "Tue ", lambda o: o.next.due.weekday() == 1),
    "raise priority": Flow(1, "+", 1, "priority high", lambda o: o.priority is Priority.HIGH),
    "move to the top": Flow(2, "T", 1, "on top of today's plan", lambda o: True),
    "prospect to follow-up": Flow(1, "f", 1, "new -> contacted", lambda o: o.stage == "contacted"),
    "stage and close date": Flow(
        5,
        ">wdec15\r",
        8,
        "Elmwood #5: closes",
        lambda o: (o.stage, o.expected_close.month) == ("proposal", 12),
    ),
    "won": Flow(5, "xw", 2, "won Elmwood #5", lambda o: o.stage == "won"),
    "lost, reason price": Flow(
        5, "xlp", 3, "(price)", lambda o: (o.stage, o.lost_reason) == ("lost", "price")
    ),
    "claim": Flow(7, "i", 1, "#7 is ", lambda o: o.owner == ME),
}


def said(text: str) -> Callable[[Terminal], bool]:
    """Whether the status line, or the line below it, says so."""
    return lambda terminal: any(text in row for row in terminal.rows[-2:])


def everything(path: Path) -> object:
    """All documents of the store."""
    with open_store(path, "reader", clock=lambda: datetime.now(UTC)) as opened:
        return documents(opened)


def further(store: Path, than: int, _: Terminal) -> bool:
    """Whether the store has seen more transactions."""
    return than < sequence(store)


def taken_back(terminal: Terminal, store: Path, before: object, most: int = 3) -> None:
    """Undo until the documents are those from before."""
    for _ in range(most):
        if everything(store) == before:
            return
        turned = partial(further, store, sequence(store))
        terminal.type("u").until(turned)
    assert everything(store) == before


@pytest.mark.parametrize("name", FLOWS)
def test_a_goal_is_met(terminal: Terminal, store: Path, name: str) -> None:
    flow = FLOWS[name]
    assert len(flow.keys) <= flow.goal
    before = everything(store)
    at = flow.id - 1 if flow.first else flow.id
    terminal.type(ESC).rest(0.1).type(f"#{at}\r{flow.first}{flow.keys}")
    terminal.until(said(flow.said))
    assert everything(store) != before
    assert flow.holds(records(store)[flow.id])
    taken_back(terminal, store, before)


def test_adding_with_company_and_date(terminal: Terminal, store: Path) -> None:
    before, keys = everything(store), "aAnn Lee @acme tu\r"
    assert len(keys) <= 19
    terminal.type(keys).until(said("added acme"))
    added = max(records(store).values(), key=lambda o: o.id)
    assert added.next is not None
    assert added.next.due is not None
    assert (added.company, added.contacts[0].name, added.next.due.weekday()) == ("acme", "Ann Lee", 1)
    taken_back(terminal, store, before)


def test_finding(terminal: Terminal, store: Path) -> None:
    at, keys = sequence(store), "/smi\r"
    assert len(keys) <= 5
    terminal.type("3").rest(0.1).type(keys)
    terminal.until(lambda t: "find smi" in t.text and "Borealis" not in t.text)
    terminal.type("+").until("Smithfield #1: priority high").type("u" + ESC).until("undone")
    assert sequence(store) == at + 2


# A morning


def owed_rows(path: Path) -> Path:
    """60 red rows of mine: 34 prospects, 16 follow-ups and 10 deals."""
    past = Past()
    past.days_ago(30)
    mine = desk(path, clock=past)
    docs = []
    for number in range(60):
        stage = "new" if number < 34 else "contacted" if number < 50 else "proposal"
        person = Contact(name=f"Person {number}", phones=(f"+49 30 {number:06}",))
        docs.append(
            to_doc(
                Opportunity(
                    company=f"Firm {number}", contacts=(person,), owner=ME, stage=stage, highest=stage,
                    created=past(), clock=past(),
                )
            )
        )  # fmt: skip
    mine.store.transact(lambda tx: [tx.insert("opportunities", doc) for doc in docs], ME)
    mine.store.close()
    return path


MORNING = (
    # prospects: most do not answer; one slip is taken back
    *(
        "cn",
        ".",
        ".",
        "cv",
        ".",
        "cn",
        ".",
        ".",
        "ce",
        ".",
        "cttu\r",
        "cv",
        "u",
        "cn",
        ".",
        ".",
        ".",
        "stu\r",
    ),
    *("cv", ".", ".", "xlp", "cn", ".", ".", ".", ".", "aAnn Lee @acme tu\r"),
    # follow-ups
    *("2", "cn", ".", ".", "ctfr\r", "cv", ".", "stu\r", "ce", ".", ".", "cttu\r"),
    # deals
    *("3", "cn", ".", "xw", "ctfr\r", "xlp", "cn", ".", "cv", "."),
)
LOGS = {"cn": "no_answer", "cv": "voicemail", "ce": "sent", "cttu\r": "talked", "ctfr\r": "talked"}


def meant() -> Counter[str]:
    """The touches of the morning, by outcome."""
    logged: list[str] = []
    for keys in MORNING:
        if keys == ".":
            logged.append(logged[-1])
        elif keys == "u":
            logged.pop()
        elif keys in LOGS:
            logged.append(LOGS[keys])
    return Counter(logged)


def test_forty_touches_of_a_morning(tmp_path: Path) -> None:
    keys = "".join(MORNING)
    assert len(keys) <= 120
    assert meant().total() == 40
    store = owed_rows(tmp_path / "team" / "store.json")
    before = sequence(store)
    with start(store) as terminal:
        terminal.until("34 late").type(keys)  # all in one write: nobody types faster
        terminal.until(lambda _: sequence(store) >= before + sum(keys not in "23" for keys in MORNING))
        terminal.type("q")
        assert terminal.leave() == 0
    with open_store(store, "reader", clock=lambda: datetime.now(UTC)) as opened:
        touches = [doc for _, doc in opened.find("events", [("kind", "=", "touch")])]
    assert Counter(str(touch["outcome"]) for touch in touches) == meant()
    found = records(store)
    touched = Counter(int(touch["opportunity"]) for touch in touches)
    assert set(touched.values()) == {1}  # nobody was called twice, and nobody's touch went to another
    assert all(found[id].touches == 1 and found[id].next is not None for id in touched)
    assert sum(o.stage == "lost" and o.lost_reason == "price" for o in found.values()) == 2
    assert sum(o.stage == "won" for o in found.values()) == 1
    assert {o.company for o in found.values() if o.id > 60} == {"acme", won(found).company}  # and its care
    snoozed = [o for id, o in found.items() if id <= 60 and id not in touched and o.next is not None]
    assert len(snoozed) == 2
    assert sum(o.stage in ("new", "contacted", "proposal") and o.next is None for o in found.values()) == 15


def won(found: dict[int, Opportunity]) -> Opportunity:
    """The one that was won."""
    return next(o for o in found.values() if o.stage == "won")


def test_a_thousand_keys_in_one_write_end_on_the_right_row(tmp_path: Path) -> None:
    past = Past()
    past.days_ago(30)
    store = tmp_path / "team" / "store.json"
    mine = desk(store, clock=past)
    with mine.store as opened:
        new = Opportunity(owner=ME, stage="new", highest="new", created=past(), clock=past())
        docs = [to_doc(replace(new, company=f"Firm {number:04}")) for number in range(1, 1201)]
        opened.transact(lambda tx: [tx.insert("opportunities", doc) for doc in docs], ME)
    mine = desk(store)
    with mine.store:
        row = mine.book.lane(0, mine.now().timestamp())[1000]
    with start(store) as terminal:
        terminal.until("1200 late").type("j" * 1000).until(f"{row.title} #{row.id}")
        terminal.type("+").until(f"{row.title} #{row.id}: priority high")
    assert records(store)[row.id].priority is Priority.HIGH


# Bursts: each prompt and form gets what was typed, letter for letter

ASKING = [one for one in COMMANDS if one.ask and not one.ask.stages and not given(one).first]


@pytest.mark.parametrize("command", ASKING, ids=[command.name for command in ASKING])
def test_a_burst_fills_a_prompt_letter_for_letter(terminal: Terminal, store: Path, command: Command) -> None:
    before = everything(store)
    terminal.type(ESC).rest(0.1)
    keys = f"#1\r{opening(command) if command.keys else f':{command.name} '}"
    terminal.type(keys + TYPED).until(said(READ))
    terminal.type(ESC).until(lambda t: not said(READ)(t))
    taken_back(terminal, store, before, 1)


def test_a_burst_fills_the_form_letter_for_letter(terminal: Terminal, store: Path) -> None:
    before = everything(store)
    at = sequence(store)
    terminal.type(ESC).rest(0.1).type("#1\re\x15Zqx Smyth\x7f\x7f\x7fith\t\x15Zoë & Söhne\x13")
    terminal.until(lambda _: sequence(store) > at)
    changed = records(store)[1]
    assert (changed.company, changed.name) == ("Zqx Smith", "Zoë & Söhne")
    taken_back(terminal, store, before, 1)


@pytest.mark.parametrize("keys", ["\x10snooqx\x7f\x7fze", "?snooqx\x7f\x7fze"])
def test_a_burst_filters_letter_for_letter(terminal: Terminal, keys: str) -> None:
    terminal.type(ESC).rest(0.1).type(keys)
    terminal.until(lambda t: any("snooze ──" in row and "┌" in row for row in t.rows))
    terminal.type(ESC).until(lambda t: "snooze ──" not in t.text)


def test_a_burst_runs_through_prompts_in_a_row(terminal: Terminal, store: Path) -> None:
    before = everything(store)
    terminal.type(ESC).rest(0.1)
    terminal.type("#1\rstu\r#2\rcolikes tea\r:park 30d h\r#5\r\x10>won\r").until(said("won Elmwood #5"))
    found = records(store)
    assert found[1].next is not None
    assert found[2].park is not None
    assert found[5].stage == "won"
    taken_back(terminal, store, before, 4)


# What a terminal leaks

WHOLE = (
    b"\x1b[?62;4c",
    b"\x1b[?2026;2$y",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\xff\xfe",
    b"\xe9",
    b"\x1b[M \xa00",
    b"\x1b[A",
    b"\x1b[1;5D",
)
SPLIT = ("[A", "OP", "[1;5D", "[?62;4c", "[?2026;2$y", "[M \xa00", "]11;rgb:0000/0000/0000")


def takers() -> list[Command]:
    """The commands that open what takes keys; but those whose Esc carries something out."""
    hands = Hands(world("memory:", Clock()))
    found = []
    for command in COMMANDS:
        ask = command.ask
        if command.name in ("leave", "quit") or (command.changes and (ask is None or ask.optional)):
            continue
        if hands.type("␛␛␛␛").to(1).opens(command) and not (ask and ask.stages):
            found.append(command)
    return found


def differs(before: str, terminal: Terminal) -> bool:
    """Whether the screen has changed."""
    return terminal.text != before


def closed(terminal: Terminal) -> Terminal:
    """Close all that stands open, dropping what was typed into it."""
    for _ in range(10):
        before = terminal.text
        terminal.type("d" if "Save it?" in before else ESC)
        with suppress(AssertionError):
            terminal.until(partial(differs, before), 0.4)
        box = any("┌" in row for row in terminal.rest(0.03).rows[2:])
        if not box and terminal.rows[-1].strip().startswith("c log"):
            return terminal
    raise AssertionError(f"it does not close:\n{terminal.text}")


@pytest.mark.parametrize("part", range(2))
def test_a_leak_changes_no_record_wherever_it_arrives(terminal: Terminal, store: Path, part: int) -> None:
    before = everything(store)
    found = takers()
    assert len(found) > 20
    for at, command in enumerate([None, *found]):
        if at % 2 != part:
            continue
        closed(terminal).type("#1\r" + (opening(command) if command else ""))
        for leak in WHOLE:
            terminal.type(leak)
        terminal.rest(0.06).type(ESC).rest(0.06).type(SPLIT[at % len(SPLIT)]).rest(0.06)
        assert everything(store) == before, f"{command} on:\n{terminal.text}"
    closed(terminal).type("#2\r+").until("Borealis #2: priority high")
    taken_back(terminal, store, before, 1)
