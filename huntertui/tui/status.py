"""The first line of the screen, and its last: header, status and prompt."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells
from rich.style import Style

from huntertui.model.text import shown
from huntertui.tui.fit import Piece, cut, fit, strip
from huntertui.tui.lines import LEAST, HeaderState, Line, Painter, StatusState
from huntertui.tui.look import Looks

GAP = 3  # columns between the status and a hint beside it


class HeaderPainter(Painter[HeaderState]):
    """Who, when, and how much is neglected. On a screen that is too small it says so."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks, HeaderState("", ""))

    def paint_cramped(self, width: int) -> list[Line]:
        """Say what it takes."""
        words = f"Too small: make it {LEAST.width} x {LEAST.height} or more"
        return [(strip([(fit(words, width), self.looks.base)], width),)]

    def paint(self, width: int, height: int) -> list[Line]:  # noqa: ARG002 (it is one line high)
        """The line."""
        text, alert = self.state.text, self.state.alert
        if alert and alert not in text:
            text = f"{text} · {alert}" if text else alert
        text = cut(text, width, self.looks.frame.ellipsis)
        before, found, after = text.partition(alert) if alert else (text, "", "")
        style = self.looks["status"]
        red = style + _colours_of(self.looks["neglected"], self.looks.base)
        pieces = [(before, style), (found, red), (after, style), (" " * width, style)]
        return [(strip(pieces, width),)]


class StatusPainter(Painter[StatusState]):
    """The status or prompt, and under it, or beside it, a hint."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks, StatusState(""))

    def paint(self, width: int, height: int) -> list[Line]:
        """The line, and the hint below it where there is a second line."""
        state, style = self.state, self.looks["status"]
        if state.look:
            style += _colours_of(self.looks[state.look], self.looks.base)
        if state.cursor is None:
            pieces: list[Piece] = [(cut(state.text, width, self.looks.frame.ellipsis), style)]
        else:
            pieces = _with_cursor(state.text, state.cursor, width, style)
        room = width - sum(cell_len(text) for text, _ in pieces)
        beside = cut(state.hint, room - GAP, self.looks.frame.ellipsis) if height < 2 else ""
        if state.cursor is None and beside != state.hint:
            beside = ""  # half of the keys help nobody; half of a preview does
        pieces += [(" " * (room - cell_len(beside)) + beside, self.looks["status"])]
        lines: list[Line] = [(strip(pieces, width),)]
        if height > 1:
            hint = fit(state.hint, width, self.looks.frame.ellipsis)
            look = "dim" if state.cursor is None or not state.look else state.look
            lines.append((strip([(hint, self.looks[look])], width),))
        return lines


def _with_cursor(text: str, column: int, width: int, style: Style) -> list[Piece]:
    """The part of a prompt that has the cursor in it, its cell in reverse."""
    text = shown(text)
    text += " " * (column + 1 - cell_len(text))
    head, rest = _split(text, column)
    under, after = _split(rest, max(1, cell_len(rest[:1])))
    while head and cell_len(head) + cell_len(under) > width:
        head = head[1:]
    after = cut(after, width - cell_len(head) - cell_len(under))
    return [(head, style), (under, style + Style(reverse=not style.reverse)), (after, style)]


def _split(text: str, column: int) -> tuple[str, str]:
    """The text before and from a column."""
    head = chop_cells(text, column)[0] if text and column > 0 else ""
    return head, text[len(head) :]


def _colours_of(style: Style, base: Style) -> Style:
    """A look without the plain colours, to lay over a line that has its own."""
    return Style(
        color=style.color if style.color != base.color else None,
        bgcolor=style.bgcolor if style.bgcolor != base.bgcolor else None,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
    )
