"""Documents as the bytes in which a store keeps them: encoded once, and written as they are.

An import brings a million of them. It encodes each before the transaction, keeps it on disk, and hands it
over without anybody reading it again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NewType, Protocol

from huntertui.records import dataclass
from huntertui.store.record import dumps
from huntertui.store.values import DEEPEST, plain_doc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huntertui.store.store import Doc

Encoded = NewType("Encoded", bytes)
"""A document as JSON: what `encoded` has returned, or the same bytes kept and read again.

Nobody checks it any more: whoever calls other bytes so writes them into the store as they are.
"""

_TEXTS = frozenset({str})
_LEAVES = frozenset({str, float, bool, type(None)})
_SAFE = 2**63
_SOME = 1000  # documents that are read at once


def encoded(doc: object, where: str) -> Encoded:
    """Encode a document; BadValue at `where` if it is none: see `values.plain`."""
    if type(doc) is dict and _is_plain(doc, DEEPEST):
        with suppress(ValueError):  # NaN, infinity: said below
            text = dumps(doc)
            if not _is_broken(text):
                return Encoded(text.encode())
    return Encoded(dumps(plain_doc(doc, where)).encode())


def encoded_record(doc: Doc, where: str) -> Encoded:
    """The same of one that `model.codec` has made, or `plain_doc`: only its texts are looked at."""
    return encoded_json(dumps(doc), where)


def encoded_json(text: str, where: str) -> Encoded:
    """The same of one that is JSON already, as `record.dumps` writes it."""
    if _is_broken(text):
        return Encoded(dumps(plain_doc(json.loads(text), where)).encode())
    return Encoded(text.encode())


def _is_broken(text: str) -> bool:
    """Whether a text in it may be no text: NUL, or half a character, if it stands alone."""
    return "\\" in text and ("\\u0000" in text or "\\ud" in text)


def decoded(text: Encoded) -> Doc:
    """The document."""
    doc: Doc = json.loads(text)
    return doc


class Texts(Protocol):
    """Encoded documents in an order, wherever they are kept: a list is one."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __getitem__(self, places: slice, /) -> Sequence[Encoded]:
        """Those at some places that follow each other."""
        ...


class Numbered:
    """`Texts` with a field set to a whole number each: an id that was not known when they were encoded."""

    def __init__(self, texts: Texts, field: str, numbers: Sequence[int]) -> None:
        """`numbers`: one for each document, from 0 to what 63 bits hold. `field`: a word in ASCII."""
        self._texts, self._field, self._numbers = texts, field, numbers
        self._key = b'"%b":' % field.encode()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._texts)

    def __getitem__(self, places: slice, /) -> list[Encoded]:
        """Those at some places."""
        return list(map(self._with, self._texts[places], self._numbers[places]))

    def _with(self, text: Encoded, number: int) -> Encoded:
        if self._key in bytes(text) or text == b"{}":  # it has one, or something in it
            return encoded(decoded(text) | {self._field: number}, self._field)
        return Encoded(b"%b,%b%d}" % (text[:-1], self._key, number))


@dataclass(frozen=True, slots=True)
class Run:
    """Documents in a table whose `ids` follow each other. `texts`: from that with the id `first` on."""

    ids: range
    texts: Texts
    first: int

    def items(self) -> Iterator[tuple[int, Encoded]]:
        """(id, document) of all, some read at a time, as they are asked for."""
        for start in range(self.ids.start, self.ids.stop, _SOME):
            ids = range(start, min(start + _SOME, self.ids.stop))
            yield from zip(ids, self._read(ids), strict=True)

    def get(self, id: int) -> Doc:
        """The document of an id."""
        return decoded(self._read(range(id, id + 1))[0])

    def without(self, ids: Sequence[int]) -> Iterator[Run]:
        """What is left without some ids, which ascend: runs between them."""
        start = self.ids.start
        for id in (*(id for id in ids if id in self.ids), self.ids.stop):
            if start < id:
                yield Run(range(start, id), self.texts, self.first)
            start = id + 1

    def _read(self, ids: range) -> Sequence[Encoded]:
        return self.texts[ids.start - self.first : ids.stop - self.first]


def _is_plain(value: Any, depth: int) -> bool:
    """Whether JSON takes nothing in it for something else, for which a glance is enough; texts aside."""
    kind = type(value)
    if kind is int:
        return bool(-_SAFE <= value < _SAFE)
    if kind is dict:
        if not _TEXTS.issuperset(map(type, value)):
            return False
        value = value.values()
    elif kind is not list:
        return kind in _LEAVES
    if depth == 0 or _LEAVES.issuperset(map(type, value)):
        return depth > 0
    others = [one for one in value if type(one) not in _LEAVES]
    return all(_is_plain(one, depth - 1) for one in others)
