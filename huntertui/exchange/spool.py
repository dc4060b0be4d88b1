"""Very many documents in the room of a few: those that an import is to bring, encoded, on disk."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

from huntertui.errors import Full
from huntertui.store.encoded import Encoded, decoded

if TYPE_CHECKING:
    from huntertui.store.store import Doc

_MOST = 256 << 10  # bytes that wait to be written


class Spool:
    """A list of documents, as `Texts`. The file has no name: nobody else reads it, and it is gone with this
    process."""

    def __init__(self) -> None:
        """Begin empty."""
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115  (it lives as long as the spool)
        finalize(self, self._file.close)
        self._places = array("Q")
        self._sizes = array("L")
        self._waiting: list[bytes] = []  # to be written, for which a thousand calls would take their time
        self._written = self._end = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def __getitem__(self, places: slice) -> list[Encoded]:
        """Those at some places, read at once where they lie one behind the other."""
        starts, sizes = self._places[places], self._sizes[places]
        if not starts:
            return []
        first = starts[0]
        *following, end = accumulate(sizes, initial=first)
        if starts.tolist() != following:  # some were put there later
            return self.at(range(*places.indices(len(self))))
        data = self._read(first, end - first)
        return [Encoded(data[at - first : at - first + size]) for at, size in zip(starts, sizes, strict=True)]

    def at(self, places: Iterable[int]) -> list[Encoded]:
        """Those at some places, in that order. Full: no room in the temporary folder."""
        return [Encoded(self._read(self._places[place], self._sizes[place])) for place in places]

    def doc(self, place: int) -> Doc:
        """The document at a place. Full: as in `at`."""
        return decoded(self.at([place])[0])

    def append(self, text: Encoded) -> None:
        """One more. Full: as in `at`."""
        self._places.append(self._end)
        self._sizes.append(len(text))
        self._put(text)

    def put(self, place: int, text: Encoded) -> None:
        """Another one in its place. Full: as in `at`."""
        self._places[place], self._sizes[place] = self._end, len(text)
        self._put(text)

    def _put(self, text: Encoded) -> None:
        self._waiting.append(text)
        self._end += len(text)
        if self._end - self._written > _MOST:
            self._flush()

    def _flush(self) -> None:
        data = memoryview(b"".join(self._waiting))
        self._waiting.clear()
        try:
            while data:
                written = os.pwrite(self._file.fileno(), data, self._written)
                self._written += written
                data = data[written:]
        except OSError as error:
            raise _full(error) from error

    def _read(self, start: int, size: int) -> bytes:
        if start + size > self._written:
            self._flush()
        try:
            return os.pread(self._file.fileno(), size, start)
        except OSError as error:
            raise _full(error) from error


class Ordered:
    """`Texts` of a spool in another order."""

    def __init__(self, spool: Spool, places: Sequence[int]) -> None:
        """`places`: of each the place in the spool."""
        self._spool, self._places = spool, places

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def __getitem__(self, places: slice) -> list[Encoded]:
        """Those at some places of the order."""
        return self._spool.at(self._places[places])


def _full(error: OSError) -> Full:
    return Full(f"the folder for temporary files: {error.strerror}; nothing was imported")
