"""The line editor and the prompt: what is typed, what is shown of it, what becomes of it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from huntertui.errors import Usage
from huntertui.model.text import Unclear
from huntertui.tui.lines import DetailLine
from huntertui.tui.prompts import LONGEST, LineEditor, Prompt


def typed(text: str, *keys: str) -> LineEditor:
    editor = LineEditor(text)
    for key in keys:
        if not editor.key(key):
            editor.insert(key)
    return editor


@pytest.mark.parametrize(
    ("text", "keys", "after", "at"),
    [
        ("", ("a", "b"), "ab", 2),
        ("smyth", ("backspace", "backspace", "i", "t", "h"), "smyith", 6),
        ("abc", ("left", "X"), "abXc", 3),
        ("abc", ("home", "delete"), "bc", 0),
        ("abc", ("ctrl+a", "right", "backspace"), "bc", 0),
        ("abc", ("ctrl+a", "backspace"), "abc", 0),
        ("abc", ("delete",), "abc", 3),
        ("tue", ("ctrl+u", "w", "e", "d"), "wed", 3),
        ("one two  ", ("ctrl+w",), "one ", 4),
        ("one two", ("ctrl+w", "ctrl+w", "ctrl+w"), "", 0),
        ("one two", ("left", "left", "left", "ctrl+k"), "one ", 4),
        ("one", ("home", "end", "s"), "ones", 4),
        ("漢字", ("left", "x"), "漢x字", 2),
        ("e\u0301a", ("left", "backspace"), "a", 0),  # an accent goes with its letter
        ("ab", ("f5",), "abf5", 4),  # not one of the editor's: the test types it
    ],
)
def test_editing(text: str, keys: tuple[str, ...], after: str, at: int) -> None:
    editor = typed(text, *keys)
    assert (editor.text, editor.at) == (after, at)


def test_pasted_lines_become_one() -> None:
    editor = LineEditor("a")
    assert editor.insert("b\nc\r\nd") == ""
    assert editor.text == "ab c d"


def test_a_long_paste_is_cut_and_said() -> None:
    editor = LineEditor("a")
    assert "2,000" in editor.insert("x" * 1_000_000)
    assert len(editor.text) == LONGEST
    assert editor.insert("y") != ""
    assert len(editor.text) == LONGEST


@pytest.mark.parametrize(
    "text", ["", "abc", "x" * 300, "漢字" * 100, "a漢" * 50, "e\u0301" * 100, "a\x1b]2;b\x07"]
)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 10, 11, 80])
def test_the_cursor_is_always_in_view(text: str, width: int) -> None:
    editor = LineEditor(text)
    for key in ["end", *["left"] * 40, "home", *["right"] * 40, "end", "backspace"]:
        editor.key(key)
        part, cursor = editor.view(width)
        assert cell_len(part) <= width
        assert 0 <= cursor <= max(width - 1, 0)
        assert "\x1b" not in part


def test_a_long_text_scrolls() -> None:
    editor = LineEditor("0123456789")
    assert editor.view(5) == ("6789", 4)
    editor.key("home")
    assert editor.view(5) == ("01234", 0)


def number(text: str) -> int:
    if not text.isdecimal():
        raise Unclear(f"{text} is no number")
    return int(text)


def read_number(text: str) -> str:
    return f"→ {number(text)}"


def test_the_preview_follows_each_key_and_an_error_keeps_the_prompt() -> None:
    taken: list[int] = []
    prompt = Prompt("number", lambda text: taken.append(number(text)), preview=read_number)
    for key in "12":
        prompt.key(key)
    assert prompt.state(80).text == "number: 12   → 12"
    prompt.key("x")
    assert "12x is no number" in prompt.state(80).text
    assert prompt.state(80).look == ""  # still being typed: no alarm
    prompt.key("enter")
    assert taken == []
    assert prompt.state(80).look == "neglected"
    prompt.key("backspace")
    assert prompt.state(80).text == "number: 12   → 12"
    prompt.key("enter")
    assert prompt.done
    assert taken == [12]


def test_an_empty_enter_takes_the_suggestion_and_shows_it_before() -> None:
    taken: list[str] = []
    prompt = Prompt("number", taken.append, preview=read_number, suggestion="7")
    assert prompt.state(80).text == "number:    ⏎ 7 → 7"
    prompt.key("enter")
    assert taken == [""]  # whoever takes it knows what suggests itself for its record


def test_why_it_was_refused_is_said() -> None:
    def refuse(text: str) -> None:
        raise Usage("not now")

    prompt = Prompt("number", refuse)
    prompt.key("enter")
    assert not prompt.done
    assert "not now" in prompt.state(80).text


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
def test_leaving_tells_who_asked(key: str) -> None:
    left: list[bool] = []
    prompt = Prompt("number", lambda text: None, leave=lambda: left.append(True))
    prompt.key("1")
    prompt.key(key)
    assert prompt.done
    assert left == [True]


def test_what_is_accepted_is_clean() -> None:
    taken: list[str] = []
    prompt = Prompt("name", taken.append)
    prompt.paste("  A\x1b]2;PWNED\x07\tB ")
    prompt.key("space")
    prompt.key("enter")
    assert taken == ["A\ufffd]2;PWNED\ufffd B"]


def test_tab_completes() -> None:
    prompt = Prompt("", lambda text: None, complete=lambda text: text + "oze ")
    prompt.key("sn"[0])
    prompt.key("n")
    prompt.key("tab")
    assert prompt.text == "snoze "


def test_the_cursor_is_told_in_columns() -> None:
    prompt = Prompt("name", lambda text: None, text="漢字")
    assert prompt.state(80).cursor == len("name: ") + 4
    prompt.key("left")
    assert prompt.state(80).cursor == len("name: ") + 2


def test_a_preview_of_many_parts_stands_in_lines_of_its_own() -> None:
    def preview(text: str) -> str:
        if text == "x":
            raise Unclear("that · is nobody")
        return "! Acme #1 is ben's · name Ann · ? Sun is taken for a name"

    prompt = Prompt("add", lambda _: None, preview=preview, card=True)
    assert prompt.card() == ()
    prompt.key("x")
    assert prompt.card() == (DetailLine("that · is nobody", "amber"),)
    prompt.key("y")
    assert [(line.text, line.look) for line in prompt.card()] == [
        ("! Acme #1 is ben's", "amber"),
        ("name Ann", ""),
        ("? Sun is taken for a name", "amber"),
    ]
    assert prompt.state(80).text == "add: xy"
