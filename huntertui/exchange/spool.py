"""Very many records in the room of a few: those that an import is to bring, on disk but for the first."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING
from weakref import finalize

from huntertui.errors import Full
from huntertui.model.codec import from_doc, to_doc

if TYPE_CHECKING:
    from huntertui.model.opportunity import Opportunity
    from huntertui.store.store import Doc

_IN_MEMORY = 32 << 20  # bytes; some 50,000 records
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Spool:
    """A list of records. The file has no name, so nobody else reads it, and it is gone with this process."""

    def __init__(self) -> None:
        """Begin empty."""
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (it lives as long as the spool)
        finalize(self, self._file.close)
        self._places = array("Q")
        self._sizes = array("L")
        self._end = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def append(self, o: Opportunity) -> None:
        """One more. Full: no room in the temporary folder."""
        size = self._put(o)
        self._places.append(self._end - size)
        self._sizes.append(size)

    def __getitem__(self, place: int) -> Opportunity:
        """The record at a place."""
        return from_doc(0, self._doc(place, {}))

    def __setitem__(self, place: int, o: Opportunity) -> None:
        """Another one in its place. Full: as in `append`."""
        size = self._put(o)
        self._places[place], self._sizes[place] = self._end - size, size

    def docs(self) -> Iterator[Doc]:
        """All of them as documents; what they have in common is in memory once."""
        words: dict[str, str] = {}
        return (self._doc(place, words) for place in range(len(self)))

    def _put(self, o: Opportunity) -> int:
        data = _encode(to_doc(o)).encode()
        with _explained():
            self._file.seek(self._end)
            self._file.write(data)
        self._end += len(data)
        return len(data)

    def _doc(self, place: int, words: dict[str, str]) -> Doc:
        with _explained():
            self._file.seek(self._places[place])
            doc: Doc = json.loads(self._file.read(self._sizes[place]))
        return {words.setdefault(field, field): value for field, value in doc.items()}


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Full(f"the folder for temporary files: {error.strerror}; nothing was imported") from error
