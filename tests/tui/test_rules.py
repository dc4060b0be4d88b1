"""The rules of the keys over the whole table: leaks, names, clashes, and that no key is silent."""

from __future__ import annotations

from collections.abc import Iterator

import acting
import pytest
from acting import CHANGING, Hands, documents, world
from desks import Clock, desk_at

from huntertui.actions import ACTIONS
from huntertui.commands import BY_NAME, COMMANDS, MENUS, Command, Trie, by_sequence, check, keys_of, menu
from huntertui.model.pipeline import Policy
from huntertui.tui.doing import command_named
from huntertui.tui.reasons import why_not

LEAKING = "ABCDFHIMOPQRSZ0123456789[]?;$~"
"""What may be left over, key by key, of what a terminal answers by itself."""

SPLIT = (
    *("[A", "[B", "[C", "[D", "OP", "[1;5D", "[?62;4c", "[?2026;2$y", "]11;rgb:0000/0000/0000", "[M \xa00"),
    *("[0n", "[24;80R", "[8;24;80t"),
)
"""The rest of a terminal's message whose Esc came long before it."""

ENDING = ("leave", "quit")
EACH = pytest.mark.parametrize("command", COMMANDS, ids=[command.name for command in COMMANDS])
STAGES = [stage.name for stage in Policy().pipeline.stages]


@pytest.fixture
def hands() -> Hands:
    made = Hands(world("memory:", Clock()))
    acting.an_old_import(made.desk)
    made.desk.set_value(1, "1k")  # there is something to undo
    return made


def contexts(hands: Hands) -> Iterator[str]:
    """Bring up, one after the other, all that keys may go to: the list, every prompt, panel and queue.

    What Esc carries out (a touch without a next step) is not among them.
    """
    for command in (None, *COMMANDS):
        asks = command and command.ask
        if command and (command.name in ENDING or (command.changes and (not asks or asks.optional))):
            continue
        hands.type("␛␛␛␛").to(1)
        if command is None or hands.opens(command):
            yield command.name if command else "the list"


# (a) and (e): what a terminal may leak


def test_everything_that_takes_keys_is_brought_up(hands: Hands) -> None:
    found = set(contexts(hands))
    asking = {one.name for one in COMMANDS if one.ask and one.keys and not one.ask.optional}
    asking -= {name for name, it in acting.GIVEN.items() if it.first}  # there is nothing yet to ask for
    assert found >= asking | {"the list", "help", "palette", "edit", "explain", "work-through", "triage"}


@pytest.mark.parametrize("key", LEAKING)
def test_no_lone_key_that_a_terminal_may_leak_changes_a_record(hands: Hands, key: str) -> None:
    before = documents(hands.desk.store)
    for context in contexts(hands):
        if context == "stage":
            continue  # t has begun it: a digit picks a stage
        hands.type(key)
        assert documents(hands.desk.store) == before, context
    assert "leave" not in hands.told  # nor does one end the program


@pytest.mark.parametrize("rest", SPLIT)
def test_no_message_in_pieces_changes_a_record(hands: Hands, rest: str) -> None:
    before = documents(hands.desk.store)
    for context in contexts(hands):
        hands.type("␛" + rest)
        assert documents(hands.desk.store) == before, context
    assert "leave" not in hands.told


@pytest.mark.parametrize("rest", SPLIT)
def test_no_message_in_pieces_answers_for_a_form(hands: Hands, rest: str) -> None:
    before = documents(hands.desk.store)
    hands.to(1).open(BY_NAME["edit"]).type("x␛")
    asks = hands.steering.panel
    assert asks is not None
    assert "Save it?" in asks.state().title
    hands.type(rest)
    assert documents(hands.desk.store) == before
    assert hands.steering.panel is asks  # nor is what was typed lost


OPTIONAL = [command for command in COMMANDS if command.ask and command.ask.optional]


@pytest.mark.parametrize("rest", ["", *SPLIT])
@pytest.mark.parametrize("command", OPTIONAL, ids=[command.name for command in OPTIONAL])
def test_esc_where_it_carries_out_does_that_alone(hands: Hands, command: Command, rest: str) -> None:
    before, seq = documents(hands.desk.store), hands.desk.seq
    hands.to(1).open(command).type("␛" + rest)
    assert hands.desk.seq == seq + 1
    hands.type("␛␛u")
    assert documents(hands.desk.store) == before


# (b) what shows changes nothing; test_undo_table.py has the rest


@EACH
def test_only_what_is_said_to_change_records_does(hands: Hands, command: Command) -> None:
    if command.changes or command.name in ENDING:
        return
    before = documents(hands.desk.store)
    hands.to(1).by_key(command).type("␛␛␛")
    after = documents(hands.desk.store)
    before.pop("views", None), after.pop("views", None)  # a focus, a view: kept, and undone like all else
    assert after == before


# (c) one name everywhere


@EACH
def test_a_command_has_one_name_everywhere(hands: Hands, command: Command) -> None:
    assert command_named(command.name) is command
    assert check({command.name: command.keys}) == []
    hands.type(f":{command.name}")
    assert hands.steering.prompt is not None
    said = hands.steering.prompt.state(200).text
    assert command.help[:40] in said, said
    hands.type("␛").press(keys_of("palette")[0]).type(f">{command.name}")
    assert hands.steering.panel is not None
    shown = [line.text.split(" ")[0] for line in hands.steering.panel.state().lines]
    assert shown[0] == command.name, shown
    hands.type("␛").press("f1").type(command.name.removeprefix("q"))  # q would close it
    assert f"({command.name})" in "".join(line.text for line in hands.steering.panel.state().lines)


def test_a_record_is_changed_only_by_a_command() -> None:
    assert set(ACTIONS) <= set(BY_NAME)


# (d) no two keys clash


def nodes(trie: Trie, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Trie]]:
    yield prefix, trie
    for key, then in trie.items():
        if isinstance(then, dict):
            yield from nodes(then, (*prefix, key))


def test_no_sequence_is_or_begins_another() -> None:
    bound = sorted((tuple(keys.split()), command.name) for command in COMMANDS for keys in command.keys)
    clashes = [
        (one, other)
        for at, one in enumerate(bound)
        for other in bound[at + 1 :]
        if other[0][: len(one[0])] == one[0]
    ]
    assert clashes == []


def test_a_menu_shows_every_choice_once() -> None:
    for prefix, trie in nodes(by_sequence(stages=STAGES)):
        if not prefix:
            continue
        assert prefix in MENUS, f"what {' '.join(prefix)} is for"
        shown = menu(prefix, trie).partition(": ")[2].split(" · ")
        keys = {one.partition(" ")[0] for one in shown}
        digits = {key for key in trie if key.isdecimal()}  # a row of them is shown by its first
        again = {key for key, then in trie.items() if any(then is trie[other] for other in keys - {key})}
        assert keys | digits | again == set(trie), prefix


# Never silent, never a crash


PLACES = ("empty store", "empty lane", "closed record", "read-only store", "plain row", "queue", "review")


@pytest.fixture(params=PLACES)
def somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """A place where many a command cannot act."""
    if request.param == "empty store":
        return Hands(desk_at("memory:", Clock()))
    made = Hands(world("memory:", Clock()))
    if request.param == "empty lane":
        made.type("2")
        assert made.steering.row is None
    elif request.param == "closed record":
        made.to(acting.LOST)
    elif request.param == "read-only store":
        made.to(1)
        monkeypatch.setattr(type(made.desk.store), "read_only", property(lambda _: "a sync failed"))
    else:
        made.to(1).type({"queue": "W", "review": "ge"}.get(request.param, ""))
        assert (made.steering.working, bool(made.steering.review)) == (
            request.param == "queue",
            request.param == "review",
        )
    return made


QUIET = {"back", "leave"} | {
    command.name
    for command in COMMANDS
    if command.group == "Move" and command.name not in ("open", "history")
}
"""What may have nothing to do and say nothing: a move at the end of the rows."""


@EACH
def test_a_key_is_never_silent(somewhere: Hands, command: Command) -> None:
    before, docs = somewhere.state(), documents(somewhere.desk.store)
    why = why_not(somewhere.steering, command)
    somewhere.open(command)
    assert somewhere.state() != before or command.name in QUIET
    prompt = somewhere.steering.prompt
    if prompt is not None and command.ask is not None:
        somewhere.type(f"{acting.given(command).answer}⏎")
        assert somewhere.steering.said or somewhere.steering.prompt or not command.changes
    elif somewhere.steering.keys.pending and command.ask is not None:
        somewhere.type("4")
        assert somewhere.steering.said
    if why and command.changes:
        assert documents(somewhere.desk.store) == docs, why  # what the palette says holds
    if somewhere.desk.read_only:
        assert documents(somewhere.desk.store) == docs
    if command.changes and documents(somewhere.desk.store) == docs:
        assert somewhere.steering.said or somewhere.steering.prompt


ASKING = [command for command in CHANGING if command.ask and not command.ask.stages]


@pytest.mark.parametrize("answer", ["", "?", "fri", "x" * 3000])
@pytest.mark.parametrize("command", ASKING, ids=[command.name for command in ASKING])
def test_no_answer_is_met_with_silence(hands: Hands, command: Command, answer: str) -> None:
    hands.ready(command).open(command)
    hands.steering.paste(answer)
    hands.type("⏎")
    prompt = hands.steering.prompt
    refused = prompt is not None and prompt.state(9999).look == "neglected"
    assert hands.steering.said or refused
