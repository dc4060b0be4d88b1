"""What is asked of the database and told it, and how the conditions of a `find` are put to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntertui.store.postgres.link import Step
    from huntertui.store.store import Where

_WORD = re.compile(r"[a-z_]{1,60}")
_PLAIN = re.compile(r"(?!(true|false|null)\Z)[A-Za-z_]+")  # a text that no other value looks like in JSON
_EXACT = 10**15  # below it an integer looks the same as a decimal number, but for the ".0"
_MANY = 100  # values that `in` puts to the database

HERE = (
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'huntertui' AND table_name = 'store'"
)
STORE = "SELECT id, schema, seq, by_login, session_user FROM huntertui.store WHERE one = 1"
HEADS = (
    "SELECT seq, at, who, label, undoes, CAST(added AS text) FROM huntertui.change"
    " WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT %s"
)
OF_MEMBER = (
    "SELECT seq, at, who, label, undoes, CAST(added AS text) FROM huntertui.change"
    " WHERE who = %s AND seq <= %s AND at >= %s ORDER BY seq DESC LIMIT %s"
)
WRITTEN = """
    SELECT d.seq, d.tbl, d.id, CAST(d.data AS text),
        (SELECT CAST(b.data AS text) FROM huntertui.doc b
            WHERE b.tbl = d.tbl AND b.id = d.id AND b.seq < d.seq ORDER BY b.seq DESC LIMIT 1)
    FROM huntertui.doc d WHERE d.seq = ANY(%s) ORDER BY d.seq, d.n
"""
GET = (
    "SELECT CAST(data AS text) FROM huntertui.doc WHERE tbl = %s AND id = %s AND seq <= %s"
    " ORDER BY seq DESC LIMIT 1"
)
VERSIONS = (
    "SELECT CAST(d.data AS text), c.who, c.at"
    " FROM huntertui.doc d LEFT JOIN huntertui.change c ON c.seq = d.seq"
    " WHERE d.tbl = %s AND d.id = %s AND d.seq <= %s ORDER BY d.seq DESC LIMIT %s"
)
HIGHEST = "SELECT id FROM huntertui.doc WHERE tbl = %s ORDER BY id DESC LIMIT 1"
LATEST = """
    SELECT id, CAST(data AS text) FROM (
        SELECT DISTINCT ON (id) id, data FROM huntertui.doc
        WHERE tbl = %s AND seq <= %s AND id < %s ORDER BY id DESC, seq DESC) AS newest
    WHERE data IS NOT NULL LIMIT %s
"""
_FIND = """
    SELECT d.id, CAST(d.data AS text) FROM huntertui.doc d
    WHERE d.tbl = {table} AND d.seq <= {seq} AND d.data IS NOT NULL {conditions} AND NOT EXISTS (
        SELECT 1 FROM huntertui.doc later
        WHERE later.tbl = d.tbl AND later.id = d.id AND later.seq > d.seq AND later.seq <= {seq})
"""

TABLES = "SELECT tbl, max(id) FROM huntertui.doc WHERE seq <= %s GROUP BY tbl ORDER BY min(seq), tbl"
TOLD = (
    "SELECT min(seq), (SELECT max(seq) FROM huntertui.change WHERE added IS NOT NULL AND seq <= %s)"
    " FROM huntertui.change WHERE seq <= %s"
)
WRITE_SEQ = "UPDATE huntertui.store SET seq = %s WHERE one = 1"
WRITE_CHANGE = """
    INSERT INTO huntertui.change (seq, at, who, label, undoes, added, token)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
WRITE_DOC = "INSERT INTO huntertui.doc (tbl, id, seq, n, data) VALUES (%s, %s, %s, %s, %s)"
TOKEN = "SELECT count(*) FROM huntertui.change WHERE token = %s"


def find(table: str, where: Where, seq: int) -> Step:
    """The statement for the documents of a table after change `seq`: all that match, perhaps also others."""
    found = [_condition(*one) for one in where]
    conditions = sql.Composed([sql.SQL(" AND ") + one for one in found if one is not None])
    query = sql.SQL(_FIND).format(table=_text(table), seq=sql.Literal(seq), conditions=conditions)
    return query, ()


def _condition(field: str, op: str, value: Any) -> sql.Composable | None:
    """What a condition means at least, said so that an index fits; None: only the program can tell.

    By the texts of the values alone: that needs no collation, and no more of JSON than all engines have.
    """
    here = sql.SQL("d.data->>{}").format(_text(field))
    if op in ("=", "in"):
        values = value if op == "in" else [value]
        looks = [text for one in values for text in _looks(one)] if isinstance(values, list) else []
        if not looks or len(looks) > _MANY or not all(any(_looks(one)) for one in values):
            return None
        return sql.SQL("{} IN ({})").format(here, sql.SQL(", ").join(map(_text, looks)))
    if op == "!=" and isinstance(value, str) and _PLAIN.fullmatch(value):
        return sql.SQL("coalesce({}, '') <> {}").format(here, _text(value))
    if op in ("<", "<=", ">", ">="):
        return sql.SQL("{} IS NOT NULL").format(here)  # the order is the program's own
    return None


def _looks(value: Any) -> Iterator[str]:
    """The texts that a value may have as JSON in the database; none where that cannot be said."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int) and abs(value) < _EXACT:
        yield from (f"{value:d}", f"{value:d}.0")
    elif isinstance(value, str):
        yield str(value)


def _text(text: str) -> sql.Composable:
    """A text within a statement. Sent as it is, not as a parameter: that is what a partial index fits."""
    return sql.Literal(str(text))
