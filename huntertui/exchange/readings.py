"""A table of a file as drafts: how it is read, and each pass over its rows."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from huntertui.exchange.activities import ActivityDraft
from huntertui.exchange.delimited import Broken
from huntertui.exchange.drafting import drafter_of
from huntertui.exchange.drafts import Draft
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.rejecting import REJECT_HEADERS
from huntertui.exchange.rows import RowError
from huntertui.exchange.tables import tables_of
from huntertui.exchange.words import key
from huntertui.garbage import uncollected
from huntertui.model.text import clean
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from huntertui.exchange.dates import Order
    from huntertui.exchange.drafting import AnyDrafter
    from huntertui.exchange.headers import Layout
    from huntertui.exchange.kinds import Role
    from huntertui.exchange.mapping import Mappings
    from huntertui.exchange.reading import Heed
    from huntertui.exchange.tables import Table
    from huntertui.model.pipeline import Policy

_NONE: Mapping[str, str] = MappingProxyType({})
MAX_REJECTS = 100_000
"""Rows that cannot be read before the whole file is refused: it is then no file of this kind."""


@dataclass(frozen=True)
class Reading:
    """What one table of a file says. `mapping`: (header, what it is read as, None: kept as it is); `file`:
    its name without the folder; `rows`: how many there are; `stages`: which of ours theirs are, as people
    said. Its drafts are made anew by each `Pass`."""

    kind: str
    role: Role
    mapping: tuple[tuple[str, str | None], ...]
    file: str
    path: Path
    rows: int
    policy: Policy
    stages: Mapping[str, str]
    table: Table = field(repr=False)
    drafter: Callable[[Policy, Mapping[str, str]], AnyDrafter] = field(repr=False)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All drafts of records at once, for small files."""
        return tuple(draft for draft in self._whole[0] if isinstance(draft, Draft))

    @property
    def activities(self) -> tuple[ActivityDraft, ...]:
        """All drafts of activities at once, for small files."""
        return tuple(draft for draft in self._whole[0] if isinstance(draft, ActivityDraft))

    @property
    def errors(self) -> tuple[RowError, ...]:
        """The rows that cannot be read."""
        return tuple(sorted(self._whole[1].errors, key=lambda error: error.line))

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed, and what is advised."""
        over = self._whole[1]
        return (*over.notices, *(advice(met) for met in over.met if met.guessed))

    @cached_property
    def _whole(self) -> tuple[tuple[Draft | ActivityDraft, ...], Pass]:
        over = Pass(self)
        with uncollected():
            return tuple(over), over


@dataclass(frozen=True, slots=True)
class Met:
    """A stage of a file, ours for it, and how many rows stand in it. `guessed`: nobody knows its name."""

    file: str
    theirs: str
    ours: str
    rows: int
    guessed: bool


class Pass:
    """One pass over the rows of a file: its drafts as they come. `errors`: the rows that could not be read so
    far; `deleted`: how many said that they are deleted."""

    def __init__(self, reading: Reading) -> None:
        """Begin anew."""
        self.errors: list[RowError] = []
        self.deleted = 0
        self._reading = reading
        self._drafter = reading.drafter(reading.policy, reading.stages)

    def __iter__(self) -> Iterator[Draft | ActivityDraft]:
        """The drafts. ImportFault: the file cannot be read on, or hardly any of it."""
        width = len(self._reading.table.header)
        for block in self._reading.table.blocks():
            whole = [row for row in block if not self._is_torn(*row, width)]
            for found in self._drafter.drafts(whole) if whole else ():
                if found is None:
                    self.deleted += 1
                elif isinstance(found, RowError):
                    self._reject(found)
                else:
                    yield found

    def _is_torn(self, line: int, cells: list[str], width: int) -> bool:
        """Whether a row is none of this table, and so rejected."""
        if isinstance(cells, Broken):
            self._reject(RowError(line, "", clean(cells[0]), f"cannot be read, as {cells.why}"))
            return True
        if len(cells) <= width:
            return False
        if over := next((cell for cell in cells[width:] if cell.strip()), ""):
            message = f"is beyond the header's {width} columns: is a delimiter not in quotes?"
            self._reject(RowError(line, "", clean(over), message))
        return bool(over)

    def _reject(self, error: RowError) -> None:
        self.errors.append(error)
        if len(self.errors) > MAX_REJECTS:
            raise ImportFault(
                f"{self._reading.table.sheet.where}, line {error.line}: more than {MAX_REJECTS:,} rows "
                f"cannot be read, this one as it {error.message}: is it what its header says?"
            )

    @property
    def met(self) -> list[Met]:
        """The stages that go by other names here, with their rows; whole when the pass is over."""
        guessed = self._drafter.guessed
        return [
            Met(self._reading.file, *pair, rows, pair in guessed)
            for pair, rows in sorted(self._drafter.met.items())
            if pair in guessed or key(pair[0]) != key(pair[1])
        ]

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed, and what is left out; whole when the pass is over."""
        left = (f"rows marked as deleted, left out: {self.deleted}",) if self.deleted else ()
        return (*self._reading.table.notices, *left)


def advice(met: Met) -> str:
    """That a stage was guessed, with how to say another in the shell."""
    word, rows = met.theirs, f"{met.rows} {'row' if met.rows == 1 else 'rows'}"
    return (
        f"stage {word!r} is not known here: {rows} {'kept in it' if met.ours == word else f'to {met.ours}'}, "
        f"or where --stage {f'{word}=...'!r} says; --new-stage {word!r} keeps it"
    )


def read(
    path: Path,
    policy: Policy,
    by: str,
    now: datetime,
    owner_map: Mapping[str, str] = _NONE,
    dates: Order | None = None,
    mappings: Mappings | None = None,
    encoding: str = "",
    heed: Heed | None = None,
) -> tuple[Reading, ...]:
    """Look through the tables of a file; rows become drafts of `by`, or of whom `owner_map` says: theirs ->
    ours. `heed` is told how many rows are read, by each pass.

    ImportFault when the file as a whole cannot be imported, OpenDates when it takes `dates` to read it.
    """
    with uncollected():
        tables = tables_of(path, dates, mappings, encoding, heed)
    stages = mappings.stages if mappings else _NONE

    def drafter(layout: Layout) -> Callable[[Policy, Mapping[str, str]], AnyDrafter]:
        return lambda policy, stages: drafter_of(layout, policy, by, now, owner_map, stages)

    return tuple(_reading(table, path, policy, stages, drafter) for table in tables)


def _reading(
    table: Table,
    path: Path,
    policy: Policy,
    stages: Mapping[str, str],
    drafter: Callable[[Layout], Callable[[Policy, Mapping[str, str]], AnyDrafter]],
) -> Reading:
    columns = tuple(column for column in table.layout.columns if column.header not in REJECT_HEADERS)
    layout = replace(table.layout, columns=columns)
    return Reading(
        layout.kind.name,
        layout.kind.role,
        tuple((column.header, column.field) for column in layout.columns),
        table.sheet.name,
        path,
        table.count,
        policy,
        stages,
        table,
        drafter(layout),
    )
