"""Looks: what a theme says of a state, as the style that a segment carries."""

from __future__ import annotations

from rich.color import Color
from rich.style import Style
from textual.theme import Theme as TextualTheme

from huntertui.themes import Look, Theme


class Looks:
    """A theme's states as Rich styles, each complete: over the theme's own foreground and background.

    `ascii`: marks and frames are drawn in ASCII.
    """

    def __init__(self, theme: Theme, ascii: bool = False) -> None:
        self.theme = theme
        self.ascii = ascii
        self.base = Style(
            color=_color(theme.colors["foreground"]), bgcolor=_color(theme.colors["background"])
        )
        self._styles = {state: self.base + _style(look) for state, look in theme.state.items()}

    def __getitem__(self, state: str) -> Style:
        """The style of a state; of any other name the plain one."""
        return self._styles.get(state, self.base)

    def mark(self, state: str) -> str:
        """The mark of a state, one column."""
        look = self.theme.state[state]
        return (look.ascii if self.ascii else look.mark) or " "

    @property
    def frame(self) -> str:
        """The characters of a frame: its sides and corners, clockwise from the top left, and the ellipsis."""
        return "-|++++." if self.ascii else "─│┌┐┘└…"


def textual_theme(theme: Theme) -> TextualTheme:
    """The theme as Textual takes it."""
    return TextualTheme(
        name=theme.name,
        **theme.colors,
        dark=theme.dark,
        luminosity_spread=theme.luminosity_spread,
        text_alpha=theme.text_alpha,
        variables=dict(theme.variables),
        ansi=theme.ansi,
    )


def _color(name: str) -> Color:
    """A theme's colour: "#rrggbb", or "ansi_NAME" as the terminal has it."""
    return Color.parse(name.removeprefix("ansi_"))


def _style(look: Look) -> Style:
    words = {word: True for word in look.style}
    return Style(
        color=_color(look.fg) if look.fg else None,
        bgcolor=_color(look.bg) if look.bg else None,
        **words,  # type: ignore[arg-type]
    )
