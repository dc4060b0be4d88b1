"""A file of our own JSON, read item by item: one object or a line each (see `documents`). An object that
others have laid out anew is read as a whole, as far as it is small."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from huntertui.exchange.blob import open_blob
from huntertui.exchange.documents import SCHEMA
from huntertui.exchange.faults import ImportFault
from huntertui.exchange.items import ORIGIN
from huntertui.model.text import clean

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.exchange.blob import Blob

MAX_ITEM = 16 * 1024**2
"""Bytes of one item."""
MAX_WHOLE = 64 * 1024**2
"""Bytes of an object that is not laid out as ours."""
_BEGINS, _END = b'"items": [\n', b"]}\n"
_MARK = b"\xef\xbb\xbf"
_LOOK = 1 << 16
_OWN = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*"export":\s*"huntertui"', re.DOTALL)
_STEP = 256  # items between two words on how far it is


def _silent(_: float) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """`file`: its name; `head`: what is said of the whole. `framed`: the items stand in an object, in a line
    each. `listed`: all of them, where they had to be read at once."""

    file: str
    head: dict[str, Any]
    framed: bool
    listed: list[Any] | None = field(repr=False)
    blob: Blob = field(repr=False)

    def items(self, progress: Callable[[float], None] = _silent) -> Iterator[tuple[int, Any]]:
        """(line, item) of all; what is no JSON is None. `progress` gets what part is done.

        ImportFault: an item is too large, or the end is missing.
        """
        if self.listed is not None:
            yield from enumerate(self.listed, 1)
            return
        where, line = self.blob.where, 1
        with self.blob.open() as file:
            file.readline(MAX_ITEM)
            while raw := file.readline(MAX_ITEM):
                line += 1
                if raw == _END and self.framed:
                    return
                if len(raw) == MAX_ITEM:
                    raise ImportFault(f"{where}, line {line}: more than {MAX_ITEM // 1024**2} MB in one item")
                if raw.strip():
                    yield line, _parsed(raw.rstrip(b",\r\n "))
                if line % _STEP == 0 and not self.blob.packed:
                    progress(file.tell() / self.blob.size)
        if self.framed:
            raise ImportFault(f"{where}, line {line}: the end is missing: export it again")


def is_own(path: Path) -> bool:
    """Whether a file begins as our JSON does. ImportFault when it cannot be read."""
    return _OWN.match(open_blob(path).head(_LOOK)) is not None


def open_own(path: Path) -> OwnFile:
    """Look at how a file begins. ImportFault when it is no export of ours, or one of a newer program."""
    blob = open_blob(path)
    with blob.open() as file:
        first = file.readline(MAX_ITEM).removeprefix(_MARK)
    framed, listed = first.endswith(_BEGINS), None
    head = _parsed(first + _END if framed else first)
    if head is None or "items" in head:
        head, listed = (head, None) if framed else _whole(blob)
    if not isinstance(head, dict) or head.get("export") != ORIGIN:
        raise ImportFault(f"{blob.where} is JSON, but not from huntertui export: give that, or a table")
    if head.get("schema") != SCHEMA:
        raise ImportFault(f"{blob.where} is of a newer huntertui: upgrade this one, or export CSV there")
    return OwnFile(clean(path.name), head, framed, listed, blob)


def _whole(blob: Blob) -> tuple[Any, list[Any] | None]:
    """(the object, its items)."""
    with blob.open() as file:
        data = file.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        raise ImportFault(f"{blob.where} is too large to be read at once: export it again, as NDJSON")
    head = _parsed(data.removeprefix(_MARK))
    listed = head.get("items") if isinstance(head, dict) else None
    return head, listed if isinstance(listed, list) else []


def _parsed(data: bytes) -> Any:
    """What stands in JSON; None when it is none, or more than anybody writes."""
    try:
        return json.loads(data, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
