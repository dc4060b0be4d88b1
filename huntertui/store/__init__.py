"""Where everything is kept. The rest of the program knows what stands here: `open_store` and the seam."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from huntertui.errors import Usage
from huntertui.store.caretaker import Caretaker
from huntertui.store.memory import Memory
from huntertui.store.shared import SharedStore
from huntertui.store.store import Committed, Doc, Op, Reader, Record, Store, Tx, Where, apply_inverse
from huntertui.store.tiny import TinyStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

POSTGRES = ("postgresql://", "postgres://")

__all__ = [
    "Caretaker",
    "Committed",
    "Doc",
    "Op",
    "Reader",
    "Record",
    "Store",
    "Tx",
    "Where",
    "apply_inverse",
    "caretaker",
    "described",
    "open_store",
]


def open_store(
    url: str | Path, by: str, *, clock: Callable[[], datetime], any_filesystem: bool = False
) -> Store:
    """Open the store at `url` for the member `by`: the path of a TinyDB JSON file, a `postgresql://` URL, or
    `memory:`, never saved.

    `clock` gives the present as an aware datetime. A missing file is an empty store; nothing is written
    before the first transaction. A plain TinyDB file becomes a store. `any_filesystem`: see `check_place`.
    Usage: no such kind of store. Damaged, Upgraded, NotAllowed: it cannot be opened.
    """
    if (text := str(url)).startswith(POSTGRES):
        return _open_postgres(text, by, clock)
    if not text or "\0" in text or "://" in text:
        raise Usage(f"{described(text)!r} is no store: give the path of a file, postgresql://..., or memory:")
    if text == "memory:":
        return TinyStore(Memory(), by, clock)
    return SharedStore(Path(text), by, clock, any_filesystem=any_filesystem)


def described(url: str | Path) -> str:
    """The URL or path as it may be shown: without a password."""
    before, found, after = str(url).partition("://")
    if not found:
        return str(url)
    who, _, place = after.rpartition("@")
    place = re.sub(r"(?i)((?:ssl)?password=)[^&]*", r"\1...", place)
    return f"{before}://{who.partition(':')[0]}@{place}" if who else f"{before}://{place}"


def _open_postgres(url: str, by: str, clock: Callable[[], datetime]) -> Store:
    try:
        from huntertui.store.postgres.store import (
            PostgresStore,
        )  # late: only who has such a store needs psycopg
    except ImportError as error:
        if not (error.name or "").startswith("psycopg"):
            raise
        raise Usage("a store in a database needs psycopg: pip install 'huntertui[postgresql]'") from None
    return PostgresStore(url, by, clock)


def caretaker(store: Store, clock: Callable[[], datetime]) -> Caretaker | None:
    """Who looks after a store that is published; None for one that is not."""
    return Caretaker(store, clock) if isinstance(store, SharedStore) else None
