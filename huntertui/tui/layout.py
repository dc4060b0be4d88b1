"""Where the parts of the screen stand, as huntertui.tcss has it: for who paints before Textual lays out."""

from __future__ import annotations

from typing import NamedTuple

from huntertui.tui.lines import Box, Size

WIDE = 100
"""Columns from which three lanes stand side by side, over the detail."""

DETAIL = 32
"""Per cent of the lines that the detail has then."""


class Layout(NamedTuple):
    """The parts below the header, which is the first line. `detail`: None where it is hidden."""

    board: Box
    detail: Box | None
    status: Box


def lay_out(screen: Size) -> Layout:
    """The parts on a screen of that size, as they are when nobody reads the detail alone."""
    width, height = screen
    if width < WIDE:
        board = max(height - 2, 0)
        return Layout(Box(width, board, 0, 1), None, Box(width, 1, 0, 1 + board))
    detail = height * DETAIL // 100
    board = max(height - 3 - detail, 0)
    return Layout(
        Box(width, board, 0, 1), Box(width, detail, 0, 1 + board), Box(width, 2, 0, 1 + board + detail)
    )
