"""The journal's lines: one transaction each, as JSON in ASCII, with a checksum over all before it.

    {"s":2,"t":1795457445.909,"u":"ana","l":"label","z":1,
     "o":[["u","opportunities",1,{new},{old}]],"crc":"882f140e"}

`s` the sequence number, `t` POSIX seconds, `u` who, `l` what was done, `z` the record that it undoes (absent:
none), `o` the ops as in `Op`. A bulk record has `"bulk":[[table, first id, last id],...]` and no ops: the
state after it stands in rebase-<s>.json. `v`, if any, is the schema from there on; `x` the checksum of the
file edited outside that the transaction took in.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from huntertui.store.store import Op, Record

_TAIL = len(',"crc":"00000000"}')
dumps = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def seal(parts: dict[str, Any]) -> bytes:
    """A line that says for itself whether it is whole."""
    body = dumps(parts)[:-1].encode()
    return body + b',"crc":"%08x"}\n' % zlib.crc32(body)


def unseal(line: bytes) -> dict[str, Any] | None:
    """What a line holds, without its newline; None when it is not whole."""
    body, tail = line[:-_TAIL], line[-_TAIL:]
    if tail != b',"crc":"%08x"}' % zlib.crc32(body):
        return None
    try:
        parts = json.loads(line)
    except ValueError:
        return None
    return parts if isinstance(parts, dict) else None


def parts_of(record: Record, edit: str = "") -> dict[str, Any]:
    """A record as what a line holds; `edit`: see `x`."""
    parts: dict[str, Any] = {
        "s": record.seq,
        "t": record.at.timestamp(),
        "u": record.by,
        "l": record.label,
        "o": [[op.kind, op.table, op.id, op.new, op.old] for op in record.ops],
    }
    if record.undoes is not None:
        parts["z"] = record.undoes
    if record.bulk:
        parts["bulk"] = [list(added) for added in record.added]
    if edit:
        parts["x"] = edit
    return parts


def record_of(parts: dict[str, Any]) -> Record:
    """The record that a line holds."""
    return Record(
        parts["s"],
        datetime.fromtimestamp(parts["t"], UTC),
        parts["u"],
        parts["l"],
        parts.get("z"),
        tuple(Op(*op) for op in parts["o"]),
        "bulk" in parts,
        tuple((table, first, last) for table, first, last in parts.get("bulk", ())),
    )
