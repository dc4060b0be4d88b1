"""Colours: which there are, what becomes of them where there are fewer, and which is readable on which."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from typing import TYPE_CHECKING

from huntertui.tomlfile import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_EIGHT = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_COLORS = frozenset(
    {"ansi_default"} | {f"ansi_{name}" for name in _EIGHT} | {f"ansi_bright_{name}" for name in _EIGHT}
)
"""The terminal's own colours, by Textual's names for them."""

# CSS Color Module Level 4, section 6.1: those that people know.
CSS_COLORS = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "magenta": "#ff00ff",
    "green": "#008000", "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00", "orange": "#ffa500",
    "navy": "#000080", "blue": "#0000ff", "teal": "#008080", "aqua": "#00ffff", "cyan": "#00ffff",
}  # fmt: skip

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def color(value: object) -> str:
    """Return a colour in its plain form, "#rrggbb" or "ansi_NAME"; ValueError says what would be one."""
    if not isinstance(value, str):
        raise ValueError(f"must be a colour in quotes, as '#ff5f5f', not {shown(value)}")
    if _HEX.fullmatch(value):
        digits = value[1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if value in ANSI_COLORS:
        return value
    if value in CSS_COLORS:
        return CSS_COLORS[value]
    near = nearest(value[:32], ANSI_COLORS | CSS_COLORS.keys())
    hint = f"did you mean {near!r}?" if near else "write '#rrggbb', or a name as 'red' or 'ansi_red'"
    raise ValueError(f"{shown(value)} is no colour: {hint}")


def contrast(fg: str, bg: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "relative luminance").

    ValueError for what is no colour, and for ansi_ names: how those look is the terminal's own affair.
    """
    darker, lighter = sorted((_luminance(fg), _luminance(bg)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(name: str) -> float:
    linear = (linear_light(channel) for channel in _channels(name))
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def linear_light(channel: int) -> float:
    """Return the light, 0 to 1, of a channel of sRGB, 0 to 255 (IEC 61966-2-1)."""
    c = channel / 255
    return float(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)


def _channels(name: str) -> tuple[int, int, int]:
    value = color(name)
    if value.startswith("ansi_"):
        raise ValueError(f"{name} has no fixed colour")
    red, green, blue = (int(value[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


ALL, MANY, FEW, NONE = 1 << 24, 256, 16, 0
"""How many colours a terminal has."""

_NAMED = {"kitty": MANY, "256color": MANY}  # by the end of TERM


def depth(env: Mapping[str, str]) -> int:
    """Return how many colours are sent to the terminal: ALL, MANY or FEW; NONE when the person wants none.

    COLORTERM, else TERM, read as Rich reads them (`Console._detect_color_system`); GNU screen passes 256 on,
    whatever they say. What is not known has FEW. NO_COLOR: see no-color.org, an empty one says nothing.
    """
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
        return NONE
    if in_screen(env):
        return MANY
    if env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ALL
    return _NAMED.get(env.get("TERM", "").strip().lower().rpartition("-")[2], FEW)


def in_screen(env: Mapping[str, str]) -> bool:
    """Whether the terminal is GNU screen, here or at the other end of an SSH, which names the TERM alone.

    It loses all 24-bit colours, whatever COLORTERM says, and erases in no colour. Old tmux has its TERM too.
    """
    return bool(env.get("STY")) or (env.get("TERM", "").startswith("screen") and not env.get("TMUX"))


def in_light(env: Mapping[str, str]) -> bool:
    """Whether the terminal says that its background is light, in COLORFGBG, as rxvt and Konsole do."""
    return env.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


def as_256(name: str) -> str:
    """Return what a terminal of 256 colours is given for a colour, by Rich's rule (`Color.downgrade`)."""
    red, green, blue = _channels(name)
    _, light, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
    if saturation < 0.15:
        gray = round(light * 25)
        level = {0: 0, 25: 255}.get(gray, 8 + 10 * (gray - 1))
        return f"#{level:02x}{level:02x}{level:02x}"
    steps = (round(c / 95 if c < 95 else 1 + (c - 95) / 40) for c in (red, green, blue))
    return "#" + "".join(f"{40 * step + 55 if step else 0:02x}" for step in steps)


def on_palette(name: str, palette: str, default: str) -> str:
    """Return the colour of a name with one of PALETTES; `default`: the name that ansi_default stands for."""
    return PALETTES[palette].get(default if name == "ansi_default" else name, name)


def _palette(*colors: str) -> Mapping[str, str]:
    names = [f"ansi_{bright}{name}" for bright in ("", "bright_") for name in _EIGHT]
    return dict(zip(names, colors, strict=True))


PALETTES: Mapping[str, Mapping[str, str]] = {
    "xterm": _palette(
        "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
        "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
    ),
    "VGA": _palette(
        "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
        "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
    ),
}  # fmt: skip
"""What the sixteen names are where nobody has changed them: XTerm-col.ad, and the text mode of a PC."""
