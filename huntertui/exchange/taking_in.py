"""One import on its way, for whoever asks a person about it: the shell, and the screen of the workday.

Nothing here asks or tells anybody. What only a person can know is raised, and goes on when it is said.
"""

from __future__ import annotations

from dataclasses import field
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import HunterError, NotAllowed
from huntertui.exchange.foreign import Staging, foreign_stages, staged
from huntertui.exchange.importing import plan, write
from huntertui.exchange.readings import read
from huntertui.exchange.rejecting import check_place, place_of, write_rejects
from huntertui.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from huntertui.exchange.dates import Order
    from huntertui.exchange.importing import Imported, Plan
    from huntertui.exchange.mapping import Mappings
    from huntertui.exchange.reading import Heed
    from huntertui.exchange.readings import Reading
    from huntertui.exchange.rows import RowError
    from huntertui.model.pipeline import NewStage, Policy
    from huntertui.store.store import Store


def _free(place: Path, taken: Sequence[Path]) -> Path:
    """The place, or where the rejects of another file go there, one beside it."""
    others = (place.with_stem(f"{place.stem}-{n}") for n in count(2))
    return next(one for one in chain([place], others) if one not in taken)


def _nowhere(_: Sequence[NewStage]) -> None:
    raise NotAllowed("there is no file of the team here that could take a stage")


@dataclass(slots=True)
class TakingIn:
    """Files that come in together: `read` each, `plan`, look at the plan, `write`.

    `by`: who imports, at `now`. `owners`: theirs -> ours. `orders`: of the dates of a file, where they are
    open. `rejects`: where the rejected rows go, None for beside their file, or for `folder`, where some file
    is in no place to stay. `columns`: the file in which what is said of columns is
    kept for the same headers, None where nothing is to be kept. `add_stages` puts stages into the team's
    file. `staging`: what is said of the files' stages, see `look_at_stages`.
    """

    store: Store
    policy: Policy
    by: str
    now: datetime
    mappings: Mappings
    owners: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    orders: dict[Path, Order] = field(default_factory=dict)
    rejects: Path | None = None
    folder: Path | None = None
    columns: Path | None = None
    add_stages: Callable[[Sequence[NewStage]], None] = _nowhere
    staging: Staging = field(init=False)
    _read: dict[Path, tuple[Reading, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is said of stages yet."""
        self.staging = Staging((), self.policy.pipeline)

    @property
    def readings(self) -> list[Reading]:
        """The tables of all files that were read, in the order of these, as it is said of their stages."""
        found = [reading for readings in self._read.values() for reading in readings]
        return staged(found, self.staging) if self.staging.given else found

    def read(self, path: Path, heed: Heed | None = None) -> None:
        """Look through a file. ImportFault; OpenDates, UnknownHeader: it takes `orders`, or `mappings`."""
        order = self.orders.get(path)
        given = self.policy, self.by, self.now, self.owners, order, self.mappings, self.encoding
        self._read[path] = read(path, *given, heed)

    def look_at_stages(self) -> None:
        """Look which stages the files that were read have; nothing is said of them then."""
        self.staging = Staging((), self.policy.pipeline)
        self.staging = Staging(foreign_stages(self.readings), self.policy.pipeline)

    def plan(self, progress: Callable[[float], None]) -> Plan:
        """What would come of it. ImportFault."""
        return plan(self.store, self.readings, self.by, self.now, progress)

    def check_places(self, planned: Plan) -> None:
        """NotAllowed, ExportFault: where rejected rows would go there is something else. To be asked before
        anything is written."""
        for place, _, _ in self._rejected(planned.done):
            check_place(place)

    def write(self, planned: Plan, progress: Callable[[float], None]) -> Imported:
        """Write what was planned. Raises what `Store.transact` raises, and NotAllowed or Busy where the
        team's file does not take a new stage. That comes first: a stage that nothing is in harms nobody, an
        item in a stage that nobody knows does."""
        if self.staging.new and not planned.empty:
            self.add_stages(self.staging.new)
        return write(self.store, planned, self.readings, self.by, self.now, progress)

    def keep_columns(self) -> str:
        """Keep what was said of columns for files with the same headers; what went wrong, in words."""
        if self.columns is None or not self.mappings.given:
            return ""
        for reading in self.readings:
            self.mappings.keep(reading.table.header)
        try:
            self.mappings.save(self.columns)
        except OSError as error:
            return f"what was said of columns is not kept: {(error.strerror or 'error').lower()}"
        return ""

    def put_aside(self, done: Imported) -> Iterator[str]:
        """Write the rejected rows; yields what is to be said of it."""
        for place, reading, errors in self._rejected(done):
            try:
                write_rejects(place, reading.table, errors)
            except HunterError as fault:  # the import is done: this must not look as if it were not
                yield str(fault)
            else:
                yield f"the rejected rows, with the reasons, are in {place}: put them right and import that"

    def _rejected(self, done: Imported) -> Iterator[tuple[Path, Reading, Sequence[RowError]]]:
        """Each table of which rows are rejected, and where these go."""
        taken: list[Path] = []
        for reading, (_, errors) in zip(self.readings, done.errors, strict=True):
            if errors:
                path = reading.path if self.folder is None else self.folder / reading.path.name
                taken.append(_free(self.rejects or place_of(path, reading.table.sheet.table), taken))
                yield taken[-1], reading, errors
