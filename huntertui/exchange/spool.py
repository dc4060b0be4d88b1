"""Very many documents in the room of a few: those that an import is to bring, encoded, on disk."""

from __future__ import annotations

from array import array
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

from huntertui.errors import Full
from huntertui.store.encoded import Encoded, decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huntertui.store.store import Doc


class Spool:
    """A list of documents. The file has no name: nobody else reads it, and it is gone with this process."""

    def __init__(self, table: str) -> None:
        """Begin empty. `table`: where they are to be, for messages."""
        self._table = table
        self._file = TemporaryFile()  # noqa: SIM115  (it lives as long as the spool)
        finalize(self, self._file.close)
        self._places = array("Q")
        self._sizes = array("L")
        self._end = 0
        self._at_end = True

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def append(self, doc: Doc) -> None:
        """One more. BadValue: no store takes it. Full: no room in the temporary folder."""
        size = self._put(doc)
        self._places.append(self._end - size)
        self._sizes.append(size)

    def __getitem__(self, place: int) -> Doc:
        """The document at a place."""
        return decoded(self.text(place))

    def __setitem__(self, place: int, doc: Doc) -> None:
        """Another one in its place. Errors as in `append`."""
        size = self._put(doc)
        self._places[place], self._sizes[place] = self._end - size, size

    def text(self, place: int) -> Encoded:
        """The document at a place, as it is encoded."""
        self._at_end = False
        try:
            self._file.seek(self._places[place])
            return Encoded(self._file.read(self._sizes[place]))
        except OSError as error:  # what is in the file's buffer may have to go first
            raise _full(error) from error

    def _put(self, doc: Doc) -> int:
        data = encoded(doc, self._table)
        try:
            if not self._at_end:  # a seek empties the file's buffer
                self._file.seek(self._end)
                self._at_end = True
            self._file.write(data)
        except OSError as error:
            raise _full(error) from error
        self._end += len(data)
        return len(data)


class Ordered:
    """The documents of a spool in an order, as a store takes them. `progress` gets what part is read."""

    def __init__(
        self, spool: Spool, places: Sequence[int], progress: Callable[[float], None] = lambda _: None
    ) -> None:
        """Nothing is read yet."""
        self._spool, self._places, self._progress = spool, places, progress

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def __getitem__(self, places: slice, /) -> list[Encoded]:
        """Some of them."""
        self._progress(places.stop / len(self))
        return [self._spool.text(place) for place in self._places[places]]


def _full(error: OSError) -> Full:
    return Full(f"the folder for temporary files: {error.strerror}; nothing was imported")
