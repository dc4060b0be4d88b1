"""Very many documents in the room of a few: those that an import is to bring, on disk."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

from huntertui.errors import Full

if TYPE_CHECKING:
    from huntertui.store.store import Doc

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Spool:
    """A list of documents. The file has no name: nobody else reads it, and it is gone with this process."""

    def __init__(self) -> None:
        """Begin empty."""
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
        """One more. Full: no room in the temporary folder."""
        size = self._put(doc)
        self._places.append(self._end - size)
        self._sizes.append(size)

    def __getitem__(self, place: int) -> Doc:
        """The document at a place."""
        self._at_end = False
        try:
            self._file.seek(self._places[place])
            doc: Doc = json.loads(self._file.read(self._sizes[place]))
        except OSError as error:  # what is in the file's buffer may have to go first
            raise _full(error) from error
        return doc

    def __setitem__(self, place: int, doc: Doc) -> None:
        """Another one in its place. Full: as in `append`."""
        size = self._put(doc)
        self._places[place], self._sizes[place] = self._end - size, size

    def within(self, places: Iterable[int]) -> Iterator[Doc]:
        """Those at some places; the names of their fields are in memory once, however many are kept."""
        names: dict[str, str] = {}
        for place in places:
            yield {names.setdefault(field, field): value for field, value in self[place].items()}

    def _put(self, doc: Doc) -> int:
        data = _encode(doc).encode()
        try:
            if not self._at_end:  # a seek empties the file's buffer
                self._file.seek(self._end)
                self._at_end = True
            self._file.write(data)
        except OSError as error:
            raise _full(error) from error
        self._end += len(data)
        return len(data)


def _full(error: OSError) -> Full:
    return Full(f"the folder for temporary files: {error.strerror}; nothing was imported")
