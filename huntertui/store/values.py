"""Documents as values: what may be stored, how they are copied, compared, filtered and sorted.

Narrower than JSON where stores differ, so that any document can move from one to another.
"""

from __future__ import annotations

import json
import math
import operator
from typing import TYPE_CHECKING, Any

from huntertui.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from huntertui.store.store import Doc, Where

DEEPEST = 64
"""Levels of nesting that a document may have; far below what a JSON reader's stack bears."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_REST = 3  # rank of null, lists and dicts: sorted by their JSON text, but never smaller or greater


def plain(value: Any, where: Any, depth: int = DEEPEST) -> Any:
    """Return a copy made of nothing but dict, list, str, int, float, bool and None; else BadValue at `where`.

    Tuples become lists, text and number subclasses (enums) their plain values. Refused are what JSON has not
    (NaN, infinity, dates, keys that are no text), what PostgreSQL has not (NUL in text), what UTF-8 has not
    (lone surrogates), integers beyond 64 bits, and nesting beyond 64 levels.

    `where` is a name, or a pair: the `where` of what the value stands in, and the key or place there.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise BadValue(f"{_named(where)}: an integer beyond 64 bits cannot be stored")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadValue(f"{_named(where)}: {value} cannot be stored, as JSON has no such number")
        return float(value)
    if depth == 0:
        raise BadValue(f"{_named(where)}: nested too deeply to be stored ({DEEPEST} levels at most)")
    if isinstance(value, dict):
        return {
            # most values are texts in ASCII, and an import brings a hundred thousand documents of them
            _key(k, where): v
            if type(v) is str and v.isascii() and "\0" not in v
            else plain(v, (where, k), depth - 1)
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [plain(v, (where, i), depth - 1) for i, v in enumerate(value)]
    raise BadValue(f"{_named(where)}: a {type(value).__name__} cannot be stored, only plain JSON values can")


def _named(where: Any) -> str:
    if isinstance(where, str):
        return where
    before, key = where
    return f"{_named(before)}[{key}]" if isinstance(key, int) else f"{_named(before)}.{key}"


def _key(key: object, where: Any) -> str:
    if type(key) is str and key.isascii() and key.isprintable():
        return key
    if not isinstance(key, str):
        raise BadValue(f"{_named(where)}: the key {key!r} is no text")
    if key.isascii() and "\0" not in key:
        return str.__str__(key)
    return _text(key, f"a key of {_named(where)}")


def _text(text: str, where: Any) -> str:
    try:
        whole = "\0" not in text and (text.isascii() or bool(text.encode()))
    except UnicodeEncodeError:
        whole = False
    if not whole:
        raise BadValue(f"{_named(where)}: text with NUL characters or broken Unicode cannot be stored")
    return str.__str__(text)


def plain_doc(doc: object, where: str, depth: int = DEEPEST) -> Doc:
    """Return a plain copy of a document; BadValue if it is none."""
    if not isinstance(doc, dict):
        raise BadValue(f"{where}: a document is a dict, not a {type(doc).__name__}")
    copy: Doc = plain(doc, where, depth)
    return copy


def clone(value: Any) -> Any:
    """Return a copy of a value that is known to be plain."""
    if type(value) is dict:
        return {k: clone(v) for k, v in value.items()}
    if type(value) is list:
        return [clone(v) for v in value]
    return value


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are equal; unlike Python's ==, true is not 1 (but 1 is 1.0)."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def select(
    rows: Iterable[tuple[int, Doc]], where: Where, order: Sequence[str], limit: int | None
) -> list[tuple[int, Doc]]:
    """Return the rows that match, in order: what `Reader.find` means."""
    tests = [(field, _test(op, value)) for field, op, value in where]
    found = [row for row in rows if all(test(row[1], field) for field, test in tests)]
    found.sort(key=operator.itemgetter(0))
    for name in reversed(order):
        found = _sorted(found, name.removeprefix("-"), descending=name.startswith("-"))
    return found[:limit]


def _sorted(rows: list[tuple[int, Doc]], field: str, *, descending: bool) -> list[tuple[int, Doc]]:
    there = [row for row in rows if row[1].get(field) is not None]
    there.sort(key=lambda row: _rank(row[1][field]), reverse=descending)
    return there + [row for row in rows if row[1].get(field) is None]


def _test(op: str, value: Any) -> Callable[[Doc, str], bool]:
    value = plain(value, "a value to find")
    if op == "=":
        return lambda doc, field: field in doc and same(doc[field], value)
    if op == "!=":
        return lambda doc, field: field not in doc or not same(doc[field], value)
    if op == "in" and isinstance(value, list):
        return lambda doc, field: field in doc and any(same(doc[field], one) for one in value)
    if op in _COMPARE:
        compare, (kind, wanted) = _COMPARE[op], _rank(value)

        def test(doc: Doc, field: str) -> bool:
            here, got = _rank(doc.get(field))
            return here == kind < _REST and compare(got, wanted)

        return test
    raise BadValue(f"cannot find by {op!r} and a {type(value).__name__}")


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, (int, float)):
        return 1, value
    if isinstance(value, str):
        return 2, value
    return _REST, json.dumps(value, sort_keys=True)
