"""Text in cells of the terminal: made safe, cut, padded and folded, a wide character never split.

All text that reaches the screen comes through here, so nothing that could steer the terminal gets past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style

from huntertui.model.text import shown
from huntertui.tui.strip import Strip

Piece = tuple[str, Style]


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """The text as shown, in at most `width` cells; what is cut ends in the ellipsis."""
    text = shown(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ellipsis if width > 0 else ""


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells."""
    text = cut(text, width, ellipsis)
    return text + " " * (width - cell_len(text))


def fold(text: str, width: int) -> Iterator[str]:
    """The text as shown, broken at spaces into lines of at most `width` cells; follow-up lines hang in."""
    for line in text.split("\n") if text else [""]:
        rest, hang = shown(line.rstrip(" ")), ""
        while cell_len(rest) > width:
            head = chop_cells(rest, max(width, 1))[0]
            space = head.rfind(" ") if rest[len(head)] != " " else len(head)
            if space > len(head) - len(head.lstrip()) and space * 2 > len(head):
                head = rest[:space]
            yield head
            hang = hang or (" " * (len(line) - len(line.lstrip(" ")) + 2) if width > 20 else "")
            left = rest[len(head) :].lstrip(" ")
            rest = hang + left if left else ""
        if rest or not hang:
            yield rest


def strip(pieces: Iterable[Piece], width: int) -> Strip:
    """A strip of exactly `width` cells; neighbours of one style become one segment, to save bytes."""
    segments: list[Segment] = []
    for text, style in pieces:
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + text, style)
        elif text:
            segments.append(Segment(text, style))
    made = Strip(segments)
    if made.cell_length == width:
        return made
    return made.adjusted(width, segments[-1].style if segments else None)
