"""Colours: which there are, their one plain form, and whether one can be read on another."""

from __future__ import annotations

import re

from huntertui.tomlfile import nearest, shown

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
    value = color(name)
    if value.startswith("ansi_"):
        raise ValueError(f"{name} has no fixed colour")
    channels = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
