"""What should stand on the terminal, what does, and the fewest bytes between the two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from huntertui.colors import in_screen

NEAR = 4  # cells that are written again rather than stepped over
ERASED = 6  # blanks from which on it is shorter to erase them than to write them

_ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")  # by the bits of Rich's styles
_OFF = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55")
_SEEN_ON_BLANKS = 0b1111101001000  # underlined, reverse, struck through, framed and the like
_NARROW = re.compile("[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u2570]*").fullmatch


class Ink(NamedTuple):
    """How a cell looks: the bits of its attributes, the codes of its colours, its link."""

    bits: int
    color: str
    ground: str
    link: str = ""


Cell = tuple[str, Ink]
"""A letter and its ink; the right half of a wide one has no letter."""


class Screenful:
    """What should stand on the terminal, what does, and the bytes between the two."""

    def __init__(self, size: tuple[int, int], colors: ColorSystem, *, erases: bool) -> None:
        width, height = self.size = size
        self.colors = colors
        self._erases = erases
        self._wanted: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        self._stands: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        self._touched: set[int] = set()

    def draw(self, y: int, x: int, strips: Iterable[Iterable[Segment]]) -> None:
        """Take in what should stand in a line from a column on."""
        cells: list[Cell] = []
        for strip in strips:
            for text, style, control in strip:
                if not control:
                    cells += _written(text, _ink(style, self.colors))
        if 0 <= y < len(self._wanted) and cells:
            line = self._wanted[y]
            line[x : x + len(cells)] = cells[: len(line) - x]
            self._touched.add(y)

    def forget(self) -> None:
        """Know no longer what stands there."""
        width, height = self.size
        self._stands = [[None] * width for _ in range(height)]
        self._touched.update(range(height))

    def write(self) -> str:
        """What makes the terminal show what it should; afterwards it stands."""
        pen = _Pen(self.size[0], erases=self._erases)
        for y in sorted(self._touched):
            wanted = self._wanted[y]
            for start, end in _spans(self._stands[y], wanted):
                pen.put(y, start, [cell for cell in wanted[start:end] if cell])
            self._stands[y] = wanted.copy()
        self._touched.clear()
        return pen.end()


class _Pen:
    """Writes cells with as few bytes as it may, from what it knows of the terminal's cursor and colours."""

    def __init__(self, width: int, *, erases: bool) -> None:
        self._width = width
        self._erases = erases
        self._out: list[str] = []
        self._at = (-1, -1)  # line and column of the cursor
        self._ink: Ink | None = None

    def put(self, y: int, x: int, cells: list[Cell]) -> None:
        """Write cells into a line from a column on."""
        for blank, group in groupby(cells, _is_blank):
            run = list(group)
            if blank and self._erase(y, x, run):
                pass
            else:
                self._go(y, x)
                for ink, same in groupby(run, _ink_of):
                    self._dip(ink, blank=blank)
                    self._out.append("".join(letter for letter, _ in same))
                self._at = (y, x + len(run))
            x += len(run)

    def end(self) -> str:
        """All that was written, the colours left as they were found."""
        if self._ink is not None:
            self._out.append(_change(self._ink, None))
        return "".join(self._out)

    def _erase(self, y: int, x: int, run: list[Cell]) -> bool:
        ink = run[0][1]
        if not self._erases or len(run) < ERASED or any(cell[1] != ink for cell in run):
            return False
        self._go(y, x)
        self._dip(ink, blank=True)
        self._out.append("\x1b[K" if x + len(run) == self._width else f"\x1b[{len(run)}X")
        return True

    def _go(self, y: int, x: int) -> None:
        line, column = self._at
        if (y, x) == self._at:
            return
        if y == line and x > column:
            self._out.append(f"\x1b[{x - column}C")
        elif x == 0 and y == line + 1 > 0:
            self._out.append("\r\n")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (y, x)

    def _dip(self, ink: Ink, *, blank: bool) -> None:
        """Take an ink; of one for blanks only the ground is seen."""
        have = self._ink
        if blank and have and not have.bits & _SEEN_ON_BLANKS and not have.link:
            ink = have._replace(ground=ink.ground)
        if ink != have:
            self._out.append(_change(have, ink))
            self._ink = ink


def _spans(stands: list[Cell | None], wanted: list[Cell | None]) -> Iterator[tuple[int, int]]:
    """The parts of a line that must be written: (first column, column after the last)."""
    if stands == wanted:
        return
    pairs = zip(stands, wanted, strict=True)
    differ = [x for x, (old, new) in enumerate(pairs) if new is not None and old != new]
    start = end = -1
    for x in differ:
        if x > end + NEAR or start < 0:
            if start >= 0:
                yield _whole(stands, wanted, start, end)
            start = x
        end = x + 1
    if start >= 0:
        yield _whole(stands, wanted, start, end)


def _whole(stands: list[Cell | None], wanted: list[Cell | None], start: int, end: int) -> tuple[int, int]:
    """A part with all of the wide letters at its edges: half of one would take the other half with it."""

    def halved(x: int) -> bool:
        return any(cell is not None and not cell[0] for cell in (stands[x], wanted[x]))

    while start > 0 and halved(start):
        start -= 1
    while end < len(wanted) and halved(end):
        end += 1
    return start, end


@lru_cache(1024)  # most of what is drawn at a key was drawn before
def _written(text: str, ink: Ink) -> tuple[Cell, ...]:
    """The cells of a text. Blanks are all alike but for their ground, as far as one sees."""
    blank = (" ", ink)
    if not ink.bits & _SEEN_ON_BLANKS and not ink.link:
        blank = (" ", _blank(ink.ground))
    if _NARROW(text):
        return tuple([blank if letter == " " else (letter, ink) for letter in text])
    cells: list[Cell] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells.append(blank if text[start:end] == " " else (text[start:end], ink))
            cells += [("", ink)] * (width - 1)
    return tuple(cells)


def _is_blank(cell: Cell) -> bool:
    letter, ink = cell
    return letter == " " and not ink.bits & _SEEN_ON_BLANKS and not ink.link


def _ink_of(cell: Cell) -> Ink:
    return cell[1]


@lru_cache(256)
def _blank(ground: str) -> Ink:
    return Ink(0, "39", ground)


@lru_cache(1024)
def _ink(style: Style | None, colors: ColorSystem) -> Ink:
    if style is None:
        return Ink(0, "39", "49")
    fore, back = style.color, style.bgcolor
    return Ink(
        style._attributes & style._set_attributes,
        ";".join(fore.downgrade(colors).get_ansi_codes()) if fore else "39",
        ";".join(back.downgrade(colors).get_ansi_codes(foreground=False)) if back else "49",
        f"id={style._link_id};{style.link}" if style.link else "",
    )


@lru_cache(1024)
def _change(old: Ink | None, new: Ink | None) -> str:
    """What turns one ink into another; None: the terminal's own."""
    plain = Ink(0, "39", "49")
    link = "" if (old or plain).link == (new or plain).link else f"\x1b]8;{(new or plain).link or ';'}\x1b\\"
    if new is None:
        return link + "\x1b[m"
    was = old or plain
    off = {_OFF[bit] for bit in range(len(_OFF)) if was.bits & ~new.bits & 1 << bit}
    codes = [code for code in dict.fromkeys(_OFF) if code in off]
    codes += [
        _ON[bit]
        for bit in range(len(_ON))
        if new.bits & 1 << bit and (not was.bits & 1 << bit or _OFF[bit] in off)
    ]
    codes += [code for code, before in zip(new[1:3], was[1:3], strict=True) if code != before]
    if not codes:
        return link
    reset = f"{';'.join(['0', *codes])}" if old is None else ";".join(codes)
    return f"{link}\x1b[{reset}m"


def erases(env: Mapping[str, str]) -> bool:
    """Whether the terminal erases in the colour of the ground: all do, but for GNU screen and the unknown."""
    return not in_screen(env) and env.get("TERM", "").startswith(
        ("xterm", "tmux", "linux", "rxvt", "alacritty", "foot", "konsole", "vte", "wezterm")
    )
