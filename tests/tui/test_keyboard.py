"""Keys, pastes and messages of the terminal, cut up at every place, with a clock that the test moves."""

from __future__ import annotations

import pytest
from textual import events
from textual.message import Message

from huntertui.tui.keyboard import LONGEST_PASTE, Keyboard

REPLIES = (
    "\x1b[?62;4c",
    "\x1b[?2026;2$y",
    "\x1b[?1u",
    "\x1b[>41;354;0c",
    "\x1b[<35;10;5M",
    "\x1b[M !!",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]11;rgb:0000/0000/0000\x07",
    "\x1b]10;rgb:1/2/3\x9c",
    "\x1bP1$r0m\x1b\\",
    "\x1bP>|XTerm(379)\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[I",
    "\x1b[12;40R",
)
"""What a terminal sends by itself."""

KEYS = {
    "\x1b[A": "up",
    "\x1bOP": "f1",
    "\x1b[[A": "f1",
    "\x1b[1;5D": "ctrl+left",
    "\x1b[106;1u": "j",
    "\x1b[117;1u": "u",
    "\x1b[60;1u": "less_than_sign",
    "\x1b[5~": "pageup",
}


class Line:
    """A slow line: what is sent over it, and what the keyboard makes of that."""

    def __init__(self) -> None:
        self.now = 0.0
        self.keyboard = Keyboard(clock=lambda: self.now)
        self.got: list[Message] = []

    def send(self, text: str) -> Line:
        self.got += self.keyboard.feed(text)
        return self

    def wait(self, seconds: float) -> Line:
        """Let the time pass as the driver does: with a look each tenth of a second."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.got += self.keyboard.tick()
        return self

    @property
    def keys(self) -> list[str]:
        return [event.key for event in self.got if isinstance(event, events.Key)]

    @property
    def pastes(self) -> list[str]:
        return [event.text for event in self.got if isinstance(event, events.Paste)]


@pytest.mark.parametrize("pause", [0.0, 0.3])
@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_is_never_a_key_wherever_it_is_cut(reply: str, pause: float) -> None:
    for cut in range(1, len(reply)):
        line = Line().send(reply[:cut]).wait(pause).send(reply[cut:]).wait(3).send("j")
        assert set(line.keys[:-1]) <= {"escape"}, (cut, line.keys)
        assert line.keys[-1] == "j"
        assert cut == 1 or line.keys == ["j"], cut


@pytest.mark.parametrize("reply", [*REPLIES, *KEYS])
def test_a_reply_that_comes_byte_by_byte_is_never_a_key(reply: str) -> None:
    line = Line()
    for char in reply:
        line.send(char).wait(0.4)
    line.wait(3).send("j")
    assert set(line.keys[:-1]) <= {"escape"}
    assert line.keys[-1] == "j"


@pytest.mark.parametrize("reply", [reply for reply in (*REPLIES, *KEYS) if len(reply) > 4])
def test_a_reply_that_was_cut_off_is_no_key(reply: str) -> None:
    for end in range(3, len(reply)):
        assert Line().send(reply[:end]).wait(3).keys == [], end
        assert Line().send(reply[:end]).send("\x1b[A").keys in ([], ["up"]), end


@pytest.mark.parametrize(("sequence", "key"), KEYS.items())
def test_keys_arrive_however_they_are_cut(sequence: str, key: str) -> None:
    assert Line().send(sequence).keys == [key]
    for cut in range(1, len(sequence)):
        assert Line().send(sequence[:cut]).send(sequence[cut:]).keys == [key], cut
    for cut in range(2, len(sequence)):
        assert Line().send(sequence[:cut]).wait(0.4).send(sequence[cut:]).keys == [key], cut


def test_a_busy_process_takes_nothing_apart() -> None:
    line = Line().send("\x1b")
    line.now += 5  # and nobody looked
    assert line.send("[A").keys == ["up"]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b", ["escape"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("\x1bfj", ["escape", "f", "j"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b[", ["escape"]),
        ("\x1bPaul", ["escape", "P", "a", "u", "l"]),
        ("\x1b]x", ["escape", "right_square_bracket", "x"]),
        ("\x1b[\r", ["escape", "left_square_bracket", "enter"]),
        ("a\x1b[Bb", ["a", "down", "b"]),
        ("\x1b[?62\x1b[B", ["down"]),
        ("\x1b]11;rgb\x1b[B", ["down"]),
        ("cn\x1b[?62;4ccn", ["c", "n", "c", "n"]),
    ],
)
def test_what_is_typed_in_one_burst(sent: str, keys: list[str]) -> None:
    assert Line().send(sent).wait(3).keys == keys


def test_esc_alone_is_handed_on_soon_and_what_comes_later_is_typed() -> None:
    assert Line().send("\x1b").wait(0.2).keys == ["escape"]
    line = Line().send("\x1b").wait(0.2).send("Paul").wait(1)
    assert line.keys == ["escape", "P", "a", "u", "l"]
    line = Line().send("\x1b").wait(0.6).send("[A").wait(1)
    assert line.keys == ["escape", "left_square_bracket", "A"]


def test_nothing_is_due_at_rest() -> None:
    def due(line: Line) -> bool:
        return line.keyboard.deadline is not None

    line = Line()
    assert not due(line)
    assert due(line.send("\x1b"))
    assert not due(line.wait(1).send("abc"))


# Pastes


def test_a_paste_is_one_piece_wherever_it_is_cut() -> None:
    sent = "\x1b[200~two\nlines \x1b[A\x00\x1b[201~x"
    for cut in range(2, len(sent)):
        line = Line().send(sent[:cut]).wait(0.3).send(sent[cut:])
        assert (line.pastes, line.keys) == (["two\nlines \x1b[A"], ["x"]), cut


def test_an_empty_paste_is_one_too() -> None:
    assert Line().send("\x1b[200~\x1b[201~").pastes == [""]


def test_a_paste_that_does_not_end_is_given_up_after_two_seconds() -> None:
    line = Line().send("\x1b[200~name").wait(1.5).send(" more")
    assert (line.keys, line.pastes) == ([], [])
    line.wait(2.1).send("j")
    assert (line.keys, line.pastes) == (["j"], ["name more"])
    assert line.send("\x1b[201~k").keys == ["j", "k"]  # the end that comes after all


def test_what_is_too_long_is_cut() -> None:
    line = Line().send("\x1b[200~")
    for _ in range(1000):
        line.send("x" * 1000)
    line.send("\x1b[201~j")
    assert [len(text) for text in line.pastes] == [LONGEST_PASTE]
    assert line.keys == ["j"]


def test_a_message_without_end_is_swallowed_and_forgotten() -> None:
    line = Line()
    line.send("\x1b]52;c;")
    for _ in range(1000):
        line.send("A" * 1000)
    assert line.send("\x07j").keys == ["j"]
