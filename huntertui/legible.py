"""Whether a theme can be read: the contrast of all that is painted with it, as the terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.colors import FEW, MANY, NONE, PALETTES, as_256, color, contrast, depth, on_palette
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from huntertui.themes import Theme

TEXT, LINES = 4.5, 3.0
"""The least contrast of text, and of lines and marks: WCAG 2.2, success criteria 1.4.3 and 1.4.11 (AA)."""

_IN_STATUS = ("neglected", "amber", "dim", "triage")  # what is said in the header and in the status


@dataclass(frozen=True, slots=True)
class Measure:
    """How much `what` stands out on a kind of terminal: a ratio of 1 to 21, and the least it should be."""

    what: str
    terminal: str
    ratio: float
    least: float

    @property
    def enough(self) -> bool:
        """Whether it can be read."""
        return self.ratio >= self.least

    def __str__(self) -> str:
        """Return it as a line of a report."""
        fault = "" if self.enough else f", too little: {self.least:g} is the least"
        return f"{self.what}, {self.terminal}: {self.ratio:.1f}{fault}"


def measures(theme: Theme) -> Iterator[Measure]:
    """Yield the contrast of each text and line, in 16,777,216 and in 256 colours.

    A theme of the terminal's own colours is measured with those of PALETTES. One of others is never shown
    in 16 colours: `stand_in` takes its place.
    """
    ink, paper = ("ansi_white", "ansi_black") if theme.dark else ("ansi_black", "ansi_bright_white")
    for terminal, palette, then in _terminals(theme):
        for what, fg, bg in _pairs(theme):
            front = then(on_palette(fg, palette, ink))
            behind = then(on_palette(bg, palette, paper))
            yield Measure(what, terminal, contrast(front, behind), LINES if what == "border" else TEXT)


def stand_in(theme: Theme, env: Mapping[str, str]) -> str:
    """Return the name of the theme that a terminal can show in the place of one; its own where it can."""
    colors = depth(env)
    if colors == NONE:
        return "mono"
    if colors > FEW or theme.ansi:
        return theme.name
    return "ansi" if theme.dark else "ansi-light"


def _pairs(theme: Theme) -> Iterator[tuple[str, str, str]]:
    """What is painted, in which colour, and on which."""
    plain, ground = theme.colors["foreground"], theme.colors["background"]
    for behind in ("background", "surface", "panel"):
        yield f"text on {behind}", plain, theme.colors.get(behind, ground)
    for state, look in theme.state.items():
        yield state, look.fg or plain, look.bg or ground
    status = theme.state["status"]
    for state in _IN_STATUS:
        yield f"{state} in the status", theme.state[state].fg or plain, status.bg or ground


def _terminals(theme: Theme) -> Iterator[tuple[str, str, Callable[[str], str]]]:
    """The kinds of terminals: what they are called, their palette, and what becomes of a colour there."""
    if theme.ansi:
        for palette in PALETTES:
            yield f"{FEW} colours of {palette}", palette, color
    else:
        yield "truecolor", "xterm", color
        yield f"{MANY} colours", "xterm", as_256
