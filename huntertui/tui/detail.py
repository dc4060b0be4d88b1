"""The detail: all that is said of the opportunity under the cursor."""

from __future__ import annotations

from rich.cells import cell_len

from huntertui.tui.fit import cut, fold, strip
from huntertui.tui.lines import DetailLine, DetailState, Line, Painter
from huntertui.tui.links import linked
from huntertui.tui.look import Looks
from huntertui.tui.strip import Strip

MARGIN = 1  # columns left and right


class Folded:
    """Lines folded to a width, painted when they are looked at."""

    def __init__(self, looks: Looks, lines: tuple[DetailLine, ...], width: int) -> None:
        self.lines, self.width, self.looks = lines, width, looks
        self._parts = [
            DetailLine(part, line.look, line.links)
            for line in lines
            for part in fold(line.text, max(width - 2 * MARGIN, 1))
        ]

    def __len__(self) -> int:
        return len(self._parts)

    @staticmethod
    def count(lines: tuple[DetailLine, ...], width: int) -> int:
        """How many there would be."""
        return sum(1 for line in lines for _ in fold(line.text, max(width - 2 * MARGIN, 1)))

    def page(self, top: int, height: int) -> list[Strip]:
        """The lines from `top`, held within the text, `height` of them."""
        top = max(0, min(top, len(self._parts) - height))
        painted = [self._paint(part) for part in self._parts[top : top + height]]
        return painted + [self._paint(DetailLine(""))] * (height - len(painted))

    def _paint(self, part: DetailLine) -> Strip:
        margin = " " * min(MARGIN, self.width // 2)
        text = margin + cut(part.text, self.width - 2 * len(margin), self.looks.frame.ellipsis)
        rest = " " * (self.width - cell_len(text))  # plain, so that it need not be sent for another look
        links = part.links if self.looks.links else ()
        return strip([*linked(text, self.looks[part.look], links), (rest, self.looks.base)], self.width)


class DetailPainter(Painter[DetailState]):
    """The lines under the board, or on a narrow screen in its place."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks, DetailState((), 0))
        self._folded = Folded(looks, (), 0)

    def last_top(self, width: int, height: int) -> int:
        """The greatest `top` at which the lines still fill so many."""
        return max(0, len(self._folded_to(width)) - height)

    def forget(self) -> None:
        """Drop what was folded; called when the looks change."""
        self._folded = Folded(self.looks, (), 0)

    def _folded_to(self, width: int) -> Folded:
        if self._folded.lines is not self.state.lines or self._folded.width != width:
            self._folded = Folded(self.looks, self.state.lines, width)
        return self._folded

    def paint(self, width: int, height: int) -> list[Line]:
        """The visible lines."""
        return [(line,) for line in self._folded_to(width).page(self.state.top, height)]
