"""Documents as the bytes in which a store keeps them: encoded once, and written as they are.

An import brings a million of them. It encodes each before the transaction, keeps it on disk, and hands it
over without anybody reading it again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NewType

from huntertui.records import dataclass
from huntertui.store.record import dumps
from huntertui.store.values import DEEPEST, plain_doc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huntertui.store.store import Doc

Encoded = NewType("Encoded", bytes)
"""A document as JSON: what `encoded` or `with_number` returned, or the same bytes kept and read again.

Nobody checks it any more: whoever calls other bytes so writes them into the store as they are.
"""

_LEAVES = {str, float, bool, type(None)}
_SUSPECT = ("\\u0000", "\\ud")  # NUL; half a character, if it stands alone
_SAFE = 2**63


def encoded(doc: object, where: str) -> Encoded:
    """Encode a document; BadValue at `where` if it is none: see `values.plain`."""
    if type(doc) is dict and _is_plain(doc, DEEPEST):
        try:
            text = dumps(doc)
        except ValueError:  # NaN, infinity: said below
            pass
        else:
            if not any(suspect in text for suspect in _SUSPECT):
                return Encoded(text.encode())
    return Encoded(dumps(plain_doc(doc, where)).encode())


def decoded(text: Encoded) -> Doc:
    """The document."""
    doc: Doc = json.loads(text)
    return doc


def with_number(text: Encoded, field: str, number: int) -> Encoded:
    """The document with a field set to a whole number: an id that was not known when it was encoded."""
    key = b'"%b":' % field.encode()
    if key in bytes(text) or not field.isidentifier() or not field.isascii() or not 0 <= number < _SAFE:
        return encoded(decoded(text) | {field: number}, field)
    return Encoded(b"%b%b%b%d}" % (text[:-1], b"," if len(text) > len(b"{}") else b"", key, number))


@dataclass(frozen=True, slots=True)
class Run:
    """Documents in a table whose `ids` follow each other. `docs`: from that with the id `first` on."""

    ids: range
    docs: Sequence[Encoded]
    first: int

    def items(self) -> Iterator[tuple[int, Encoded]]:
        """(id, document) of all, each read when it is asked for."""
        places = range(self.ids.start - self.first, self.ids.stop - self.first)
        return zip(self.ids, map(self.docs.__getitem__, places), strict=True)

    def without(self, ids: Sequence[int]) -> Iterator[Run]:
        """What is left without some ids, which ascend: runs between them."""
        start = self.ids.start
        for id in (*(id for id in ids if id in self.ids), self.ids.stop):
            if start < id:
                yield Run(range(start, id), self.docs, self.first)
            start = id + 1


def _is_plain(value: Any, depth: int) -> bool:
    """Whether JSON takes nothing in it for something else, for which a glance is enough; texts aside."""
    kind = type(value)
    if kind is int:
        return bool(-_SAFE <= value < _SAFE)
    if kind is dict:
        if not {str}.issuperset(map(type, value)):
            return False
        value = value.values()
    elif kind is not list:
        return kind in _LEAVES
    if depth == 0:
        return False
    return _LEAVES.issuperset(map(type, value)) or all(_is_plain(one, depth - 1) for one in value)
