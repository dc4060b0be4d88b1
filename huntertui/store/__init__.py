"""Where everything is kept. The rest of the program knows what stands here: `open_store` and the seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.store.store import Committed, Doc, Op, Reader, Record, Store, Tx, Where, apply_inverse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

__all__ = [
    "Committed",
    "Doc",
    "Op",
    "Reader",
    "Record",
    "Store",
    "Tx",
    "Where",
    "apply_inverse",
    "open_store",
]


def open_store(url: str | Path, by: str, *, clock: Callable[[], datetime]) -> Store:
    """Open the store at `url` for the member `by`: the path of a TinyDB JSON file, or `memory:`, never saved.

    `clock` gives the present as an aware datetime. A missing file is an empty store; nothing is written
    before the first transaction. Usage: no such kind of store. Damaged, Upgraded, NotAllowed: it cannot be
    opened.
    """
    if not (text := str(url)) or "\0" in text or "://" in text:
        raise Usage(f"{text!r} is no store: give the path of a file, or memory:")
    from huntertui.store.tiny import open_file, open_memory  # late: not every store needs TinyDB

    return open_memory(by, clock) if text == "memory:" else open_file(text, by, clock)
