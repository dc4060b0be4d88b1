"""Painted cells: as much of Textual's strips as painting takes, which so needs nothing of Textual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.segment import Segment
from rich.style import Style


class Strip:
    """Segments side by side in one line. `cell_length`: the columns that they take. Never changed."""

    __slots__ = ("_segments", "cell_length")

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        """`cell_length`: where it is known already."""
        self._segments = list(segments)
        self.cell_length = Segment.get_line_length(self._segments) if cell_length is None else cell_length

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Strip) and self._segments == other._segments

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Strip({self.text!r})"

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(segment.text for segment in self._segments)

    @property
    def last(self) -> Segment | None:
        """The segment at its right end; None when it is empty."""
        return self._segments[-1] if self._segments else None

    def adjusted(self, width: int, style: Style | None) -> Strip:
        """The strip in exactly `width` cells: cut, or filled up in a style."""
        return Strip(Segment.adjust_line_length(self._segments, width, style), width)

    def divided(self, *columns: int) -> list[Strip]:
        """The parts that end at these columns, in order; a wide letter on an edge becomes blanks."""
        return [Strip(part) for part in Segment.divide(self._segments, columns)]
