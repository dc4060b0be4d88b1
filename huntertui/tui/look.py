"""Looks: what a theme says of a state, as the style that a segment carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.color import Color
from rich.style import Style

from huntertui.themes import Look, Theme

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme


class Frame(NamedTuple):
    """The characters that draw a frame, and the one that ends what is cut."""

    edge: str
    side: str
    top_left: str
    top_right: str
    low_left: str
    low_right: str
    ellipsis: str


_LINES = Frame(*"─│┌┐└┘…")
_ASCII = Frame(*"-|++++.")


class Looks:
    """A theme's states as Rich styles, each complete: over the theme's own foreground and background.

    `ascii`: marks and frames are drawn in ASCII. `links`: the terminal takes links.
    """

    def __init__(
        self,
        theme: Theme,
        ascii: bool = False,  # noqa: A002 (the word of the setting)
        links: bool = False,
    ) -> None:
        self.theme = theme
        self.links = links
        self.ascii = ascii
        self.strong = Style(bold=True)
        self.frame = _ASCII if ascii else _LINES
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


def textual_theme(theme: Theme) -> TextualTheme:
    """The theme as Textual takes it."""
    from textual.theme import Theme as TextualTheme  # late: what paints is used before Textual is loaded

    return TextualTheme(
        name=theme.name,
        **theme.colors,
        dark=theme.dark,
        luminosity_spread=theme.luminosity_spread,
        text_alpha=theme.text_alpha,
        variables=dict(theme.variables),
        ansi=theme.ansi,
    )


def _name(color: str) -> str:
    """A theme's colour, "#rrggbb" or "ansi_NAME", by Rich's name for it."""
    return color.removeprefix("ansi_")


def _color(color: str) -> Color:
    return Color.parse(_name(color))


def _style(look: Look) -> Style:
    words = [word for word in (*sorted(look.style), look.fg and _name(look.fg)) if word]
    return Style.parse(" ".join(words) + (f" on {_name(look.bg)}" if look.bg else ""))
