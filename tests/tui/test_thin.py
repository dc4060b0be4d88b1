"""Output as the difference to what stands on the terminal: the same screen, with fewer bytes."""

from __future__ import annotations

from random import Random

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from huntertui.tui.screenful import Screenful, erases
from huntertui.tui.thin import fits

WIDTH, HEIGHT = 30, 6
STYLES = [
    Style.parse(words)
    for words in (
        "white on black",
        "red on black",
        "bold red on black",
        "bold dim red on black",
        "dim white on blue",
        "reverse green on black",
        "underline white on black",
        "#d70000 on #101010",
        "none",
    )
]
TEXTS = ["Acme", "a b  c", " " * 12, "漢字", "é…·", "│──┐", "e\u0301x", "🚀!", "  x" + " " * 9]


def scene(random: Random) -> list[Strip]:
    """A screen of random pieces."""
    strips = []
    for _ in range(HEIGHT):
        pieces = [Segment(random.choice(TEXTS), random.choice(STYLES)) for _ in range(6)]
        strips.append(Strip(pieces).adjust_cell_length(WIDTH, STYLES[0]))
    return strips


def screenful(*, erasing: bool = True) -> Screenful:
    return Screenful((WIDTH, HEIGHT), ColorSystem.TRUECOLOR, erases=erasing)


def seen(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """What a person sees: of a blank only its ground, unless it is underlined or the like."""
    lines: list[list[tuple[object, ...]]] = []
    for y in range(HEIGHT):
        cells = [screen.buffer[y][x] for x in range(WIDTH)]
        lines.append(
            [
                (" ", cell.bg)
                if cell.data == " " and not (cell.reverse or cell.underscore)
                else (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.reverse)
                for cell in cells
            ]
        )
    return lines


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")  # as Textual sets it: no line is wrapped
    return screen, stream


@pytest.mark.parametrize("erasing", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_after_any_change_the_screen_is_as_if_painted_whole(seed: int, erasing: bool) -> None:
    random, thin = Random(seed), screenful(erasing=erasing)
    screen, stream = terminal()
    for _ in range(8):
        strips = scene(random)
        for y in random.sample(range(HEIGHT), 4):
            thin.draw(y, 0, [strips[y]])
        for y in random.sample(range(HEIGHT), 2):
            part = Strip([Segment("Zoë  4d late", STYLES[2])])
            if not any(cell is None or not cell[0] for cell in thin._wanted[y]):
                thin.draw(y, random.randrange(18), [part])
        stream.feed(thin.write())
        whole, painter = terminal()
        fresh = screenful(erasing=False)
        fresh._wanted, fresh._touched = thin._wanted, set(range(HEIGHT))
        painter.feed(fresh.write())
        assert seen(screen) == seen(whole)


def test_what_stands_is_not_written_again() -> None:
    thin = screenful()
    line = Strip([Segment("Acme GmbH   4d late", STYLES[1])])
    thin.draw(0, 0, [line])
    assert thin.write()
    thin.draw(0, 0, [line])
    assert thin.write() == ""
    thin.draw(0, 0, [Strip([Segment("Acme GmbH   5d late", STYLES[1])])])
    assert len(thin.write()) < 30
    thin.forget()
    assert "Acme GmbH" in thin.write()


def test_blanks_are_erased_only_where_that_takes_the_colour_of_the_ground() -> None:
    line = [Strip([Segment(" " * WIDTH, STYLES[4])])]
    thin, plain = screenful(), screenful(erasing=False)
    thin.draw(0, 0, line)
    plain.draw(0, 0, line)
    assert "\x1b[K" in thin.write()
    assert " " * WIDTH in plain.write()


@pytest.mark.parametrize(
    ("env", "yes"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color", "TMUX": "x"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "xterm", "STY": "1.pts"}, False),
        ({}, False),
    ],
)
def test_terminals_that_erase(env: dict[str, str], yes: bool) -> None:
    assert erases(env) is yes


@pytest.mark.parametrize(
    ("version", "yes"),
    [
        ("8.2.7", False),
        ("8.2.8", True),
        ("textual-8.2.8.dist-info", True),
        ("8.10.0", True),
        ("9.0.0", False),
        ("?", False),
    ],
)
def test_versions_of_textual(version: str, yes: bool) -> None:
    assert fits(version) is yes
