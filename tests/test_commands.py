"""The table of commands: keys that never clash, never come from the terminal, and say what they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huntertui.commands import (
    BY_NAME,
    COMMANDS,
    GROUPS,
    Command,
    Trie,
    by_sequence,
    check,
    keys_of,
    markdown_table,
    menu,
    text_table,
)
from huntertui.commands.words import FAMILIES, SHORT, member, members, spelled_out

GOALS = {
    "c n": "log-no-answer",
    ".": "repeat",
    "s": "snooze",
    "+": "raise",
    "T": "to-top",
    "f": "to-follow-ups",
    "w": "expect-close",
    "x w": "close-won",
    "x l p": "lose-price",
    "a": "add",
    "i": "claim",
    "/": "find",
    "u": "undo",
    "q": "leave",
    "ctrl+q": "quit",
    "ctrl+c ctrl+c": "quit",
}


def follow(trie: Trie, keys: str) -> Command | None:
    node: Command | Trie | None = trie
    for key in keys.split():
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, Command) else None


def leaves(trie: Trie) -> Iterator[Command]:
    for node in trie.values():
        if isinstance(node, Command):
            yield node
        else:
            yield from leaves(node)


@pytest.mark.parametrize(("keys", "name"), GOALS.items())
def test_the_keys_that_hands_learn_stand(keys: str, name: str) -> None:
    found = follow(by_sequence(), keys)
    assert found is not None
    assert found.name == name


def test_every_command_is_named_grouped_and_reachable() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert {command.group for command in COMMANDS} == set(GROUPS)
    bound = {command.name for command in leaves(by_sequence())}
    assert bound == {command.name for command in COMMANDS if command.keys}
    for command in COMMANDS:
        assert command.name == command.name.lower()
        assert command.help
        assert command.label


def test_the_defaults_are_right_by_their_own_check() -> None:
    assert check({command.name: command.keys for command in COMMANDS}) == []


@pytest.mark.parametrize("key", sorted("ABCDFHIMOPQRSZ[]?;$~0123456789"))
def test_what_a_terminal_may_leak_changes_nothing(key: str) -> None:
    found = follow(by_sequence(), key)
    assert found is None or not found.changes
    assert any("terminal" in problem for problem in check({"close-won": (key,)}))


def test_a_setting_moves_a_command() -> None:
    trie = by_sequence({"close-won": ("%", "x w"), "claim": ()})
    assert follow(trie, "%") is BY_NAME["close-won"]
    assert follow(trie, "x w") is BY_NAME["close-won"]
    assert follow(trie, "d w") is None
    assert follow(trie, "i") is None
    assert keys_of("close-won", {"close-won": ("%",)}) == ["%"]


def test_two_commands_may_swap_their_keys() -> None:
    keys = {"claim": ("o",), "assign": ("i",)}
    assert check(keys) == []
    assert follow(by_sequence(keys), "o") is BY_NAME["claim"]


def test_quit_keeps_its_way_out() -> None:
    assert follow(by_sequence({"quit": ("%",)}), "ctrl+q") is BY_NAME["quit"]
    assert check({"raise": ("ctrl+q",)}) == ["raise: 'ctrl+q' clashes with 'ctrl+q' of quit"]
    assert check({"quit": ("%",), "raise": ("ctrl+q",)}) != []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"cliam": ("i",)}, "cliam: no command of that name; did you mean 'claim'?"),
        ({"zzzz": ("i",)}, "zzzz: no command of that name; `huntertui keys` lists them"),
        ({"claim": ("s",)}, "claim: 's' clashes with 's' of snooze"),
        ({"claim": ("c",)}, "claim: 'c' clashes with 'c +' of log-both"),
        ({"claim": ("s s",)}, "claim: 's s' clashes with 's' of snooze"),
        ({"claim": ("foo",)}, "claim: 'foo' is no key"),
        ({"claim": ("",)}, "claim: an empty key"),
    ],
)
def test_a_wrong_setting_is_named_and_left_at_its_default(
    keys: dict[str, tuple[str, ...]], said: str
) -> None:
    assert check(keys) == [said]
    assert by_sequence(keys) == by_sequence()


def test_a_pending_key_shows_its_choices() -> None:
    log = by_sequence()["c"]
    assert isinstance(log, dict)
    shown = menu(("c",), log)
    assert shown.startswith("log: n no answer · v voicemail · t talked · ")
    assert "r replied…" in shown
    replied = log["r"]
    assert isinstance(replied, dict)
    assert menu(("c", "r"), replied) == "replied: o we owe an answer · n nothing needed · d date agreed"


def test_the_tables_list_every_command() -> None:
    text, markdown = text_table(), markdown_table()
    for command in COMMANDS:
        assert f" {command.name} " in text
        assert f"| `{command.name}` |" in markdown
    assert "%" in text_table({"claim": ("%",)})
    cells = {line.replace("\\|", "").count("|") for line in markdown.splitlines() if line}
    assert cells == {4}


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("won", "close-won"),
        ("log talked tue call", "log-talked tue call"),
        ("log no answer", "log-no-answer"),
        ("log not interested", "log-not-interested"),
        ("log n", "log-no-answer"),
        ("lost price", "lose-price"),
        ("priority high", "priority-high"),
        ("move closing", "to-closing"),
        ("push 15jan budget slipped", "expect-close 15jan budget slipped"),
        ("take", "claim"),
        ("log", "log"),
        ("log tal", "log tal"),
        ("log-talked tue", "log-talked tue"),
        ("snooze tue", "snooze tue"),
        ("", ""),
    ],
)
def test_a_line_may_use_the_shorter_names(line: str, same: str) -> None:
    assert spelled_out(line) == same


def test_shorter_names_hide_no_command() -> None:
    assert not {*FAMILIES, *SHORT} & BY_NAME.keys()
    assert {*SHORT.values()} <= BY_NAME.keys()
    for family in FAMILIES:
        words = members(family)
        assert len(words) > 2
        assert {member(family, word) for word in words} == set(words.values())
