"""The beginning of a store: out of nothing, of a plain TinyDB file, of the file of an older schema."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from huntertui.errors import BadValue, Damaged, Upgraded
from huntertui.store.base import Base
from huntertui.store.compose import compose
from huntertui.store.disk import open_plain, read_all, replace
from huntertui.store.edits import read_edited
from huntertui.store.published import Publication, identity, make_known
from huntertui.store.segment import NEWER, SCHEMA, begin_segment
from huntertui.store.store import Doc
from huntertui.store.values import plain_doc

if TYPE_CHECKING:
    from pathlib import Path

    from huntertui.store.journal import Journal

_JOURNAL = "_journal"  # a table of schema 1


def begin(journal: Journal) -> None:
    """Make the first base and publish it, under the lock; does nothing when the store has begun already.

    A plain TinyDB file at the place becomes its contents; that of an older schema is kept as it was, as
    pre-migration-v<schema>-<seq>.json. Damaged, with the file left untouched, when it cannot be read whole.
    """
    if journal.begun:
        return
    path, folder = journal.path, journal.folder
    try:
        fd = open_plain(path, os.O_RDONLY)
    except FileNotFoundError:
        meta, tables = Doc(), dict[str, dict[int, Doc]]()
    else:
        info = os.fstat(fd)
        os.close(fd)
        raw = read_all(path) or b"{}"  # an empty file is what stock TinyDB makes before it writes
        meta, tables = read_tables(path, raw)
        make_known(folder, identity(info, _seq(meta)))
        schema = meta.get("schema")
        if type(schema) is int and schema < SCHEMA:
            replace(folder / f"pre-migration-v{schema}-{_seq(meta)}.json", [raw])
    seq = _seq(meta)
    store = str(meta.get("store") or os.urandom(16).hex())
    next_ids = {name: max(docs, default=0) + 1 for name, docs in tables.items()}
    known = meta.get("next")
    for name, id in known.items() if isinstance(known, dict) else ():
        if type(id) is int:
            next_ids[name] = max(next_ids.get(name, 1), id)
    begin_segment(folder, seq + 1, store)
    base = folder / f"base-{seq}.json"
    compose(base, Base(None), tables, {"schema": SCHEMA, "store": store, "seq": seq, "next": next_ids})
    Publication(Base.open(base), path, folder).put()  # or a script has just written: that is merged as ever
    journal.load()


def read_tables(path: Path, raw: bytes) -> tuple[Doc, dict[str, dict[int, Doc]]]:
    """The head of a TinyDB file ({}: it has none) and its documents; Damaged, Upgraded."""
    try:
        meta, tables = read_edited(raw)
    except ValueError as error:
        raise Damaged(
            f"{path}: {error}. It was left untouched: mend it, or put a copy in its place"
        ) from error
    meta = meta or {}
    schema = meta.get("schema", SCHEMA)
    if type(schema) is int and schema > SCHEMA:
        raise Upgraded(NEWER)
    try:
        return meta, {
            name: _plain(name, docs) for name, docs in tables.items() if name != _JOURNAL or schema != 1
        }
    except BadValue as error:
        raise Damaged(
            f"{path}: {error}. It was left untouched: mend it, or put a copy in its place"
        ) from error


def _plain(table: str, docs: object) -> dict[int, Doc]:
    if not isinstance(docs, dict):
        raise BadValue(f"{table}: a table is an object, not a {type(docs).__name__}")
    for id in docs:
        if not re.fullmatch("[1-9][0-9]{0,14}", id):
            raise BadValue(f"{table}: {id!r} is no id")
    return {int(id): plain_doc(doc, f"{table} #{id}") for id, doc in docs.items()}


def _seq(meta: Doc) -> int:
    seq = meta.get("seq", 0)
    return seq if type(seq) is int and seq >= 0 else 0
