"""Very many documents in the room of a few: those that an import is to bring, encoded, on disk."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import accumulate
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from weakref import finalize

from huntertui.errors import Full
from huntertui.store.encoded import Encoded, decoded

if TYPE_CHECKING:
    from huntertui.store.store import Doc


class Spool:
    """A list of documents, as `Texts`. The file has no name: nobody else reads it, and it is gone with this
    process."""

    def __init__(self) -> None:
        """Begin empty."""
        self._file = TemporaryFile()  # noqa: SIM115  (it lives as long as the spool)
        finalize(self, _closed, self._file)
        self._places = array("Q")
        self._sizes = array("L")
        self._end = 0
        self._at_end = True

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
        self._put(text)
        self._places.append(self._end - len(text))
        self._sizes.append(len(text))

    def put(self, place: int, text: Encoded) -> None:
        """Another one in its place. Full: as in `at`."""
        self._put(text)
        self._places[place], self._sizes[place] = self._end - len(text), len(text)

    def _read(self, start: int, size: int) -> bytes:
        try:  # what is in the file's buffer may have to go first
            if self._at_end or self._file.tell() != start:
                self._at_end = False
                self._file.seek(start)
            return self._file.read(size)
        except OSError as error:
            raise _full(error) from error

    def _put(self, text: Encoded) -> None:
        try:
            if not self._at_end:  # a seek empties the file's buffer
                self._file.seek(self._end)
                self._at_end = True
            self._file.write(text)
        except OSError as error:
            raise _full(error) from error
        self._end += len(text)


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


def _closed(file: IO[bytes]) -> None:
    with suppress(OSError):  # what is still in its buffer, for which there was no room
        file.close()


def _full(error: OSError) -> Full:
    return Full(f"the folder for temporary files: {error.strerror}; nothing was imported")
