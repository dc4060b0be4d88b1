"""Painted cells in ASCII, for terminals and fonts that have no other signs."""

from __future__ import annotations

import re

from rich.segment import Segment

from huntertui.model.text import in_ascii
from huntertui.tui.strip import Strip

_FILLING = re.compile(r" {2,}|-{2,}")


def plain(cell: Strip) -> Strip:
    """The cell in ASCII and as wide as before: a sign that takes more room takes it from what only fills."""
    if cell.text.isascii():
        return cell
    segments = [Segment(in_ascii(text), style, control) for text, style, control in cell]
    excess = Strip(segments).cell_length - cell.cell_length
    for at in reversed(range(len(segments))):
        if excess <= 0:
            break
        text, style, control = segments[at]
        for filling in reversed(list(_FILLING.finditer(text))):
            less = min(excess, len(filling[0]) - 1)
            text = text[: filling.end() - less] + text[filling.end() :]
            excess -= less
        segments[at] = Segment(text, style, control)
    return Strip(segments).adjusted(cell.cell_length, segments[-1].style)
